/**
 * The macros of a target file as text for gas, for a tree without pvasm: renamed, symbols replaced by numbers, each hypercall in
 * the slot that it demands. Each instruction sets a symbol, so that the absence of a body can be tested.
 */

import { inDemandedSlots } from '../expand/demanded-slots.ts';
import { hypercallOf } from '../expand/hypercalls.ts';
import { bodyInstruction } from '../expand/instructions.ts';
import type { Target } from '../expand/target.ts';
import { definedSymbol } from '../expand/template.ts';
import { STAND_IN } from '../machine/purposes.ts';
import type { AssemblerMacro, FormalParameter, MacroState } from '../macros/definition-types.ts';
import { expandAssemblerMacros } from '../macros/expand.ts';
import { statementEnd, textOf, wordAt } from '../macros/statements.ts';
import { withoutSpace } from '../macros/substitute.ts';
import { type Token, TokenKind } from '../syntax/token.ts';
import { createToken, tokenize } from '../syntax/tokenize.ts';

/** The symbol that every instruction of a body sets. */
export const DONE = '.Lpvasm_done';

export interface TargetMacros {
  /** The definitions of all macros. */
  readonly text: string;
  /** The name in the header of a macro of the target file. */
  readonly nameOf: (macro: string) => string;
  /** The parameters of a macro of the target file, in its order. */
  readonly parametersOf: (macro: string) => readonly string[];
  /** Whether a macro, or one that it calls, has a hypercall that is only defined in some states (of psr). */
  readonly demandsState: (macro: string) => boolean;
}

export function targetMacros(target: Target): TargetMacros {
  const { state } = expandAssemblerMacros(withoutSpace(tokenize(target.file)));
  const writer = new MacroWriter(target, state);
  return {
    text: [...state.macros.values()].map((macro) => writer.definition(macro)).join(''),
    nameOf,
    parametersOf: (macro) => state.macros.get(macro.toLowerCase())!.parameters.map(({ name }) => name),
    demandsState: (macro) => writer.demandsState(state.macros.get(macro.toLowerCase())!, new Set()),
  };
}

function nameOf(macro: string): string {
  return `PVASM_BODY_${macro.toUpperCase()}`;
}

class MacroWriter {
  constructor(
    private readonly target: Target,
    private readonly state: MacroState,
  ) {}

  definition(macro: AssemblerMacro): string {
    const parameters = macro.parameters.map(parameterText).join(', ');
    const lines = this.#statements(macro.body).map((tokens) => (tokens === 'stop' ? ';;' : this.#statement(tokens)));
    return `.macro ${nameOf(macro.name)} ${parameters}\n${lines.map((line) => `\t${line}\n`).join('')}.endm\n`;
  }

  demandsState({ body }: AssemblerMacro, seen: Set<string>): boolean {
    return this.#statements(body).some((tokens) => {
      if (tokens === 'stop') return false;
      const used = this.#calledBy(tokens);
      if (used === null) return this.#hypercallIn(tokens)?.state.size !== 0 && this.#hypercallIn(tokens) !== undefined;
      if (seen.has(used.name)) return false;
      return this.demandsState(used, seen.add(used.name));
    });
  }

  /** The statements of a body: their tokens without separators. */
  #statements(tokens: readonly Token[]): (readonly Token[] | 'stop')[] {
    const statements: (readonly Token[] | 'stop')[] = [];
    for (let at = 0; at < tokens.length; at++) {
      const end = statementEnd(tokens, at);
      if (end > at) statements.push(tokens.slice(at, end));
      at = end;
      if (tokens[at]?.text === ';' && tokens[at + 1]?.text === ';' && !tokens[at + 1]!.spaceBefore) {
        statements.push('stop');
        at++;
      }
    }
    return statements;
  }

  #statement(tokens: readonly Token[]): string {
    const called = this.#calledBy(tokens);
    if (called !== null) {
      const { next } = wordAt(tokens, 0, tokens.length);
      return `${nameOf(called.name)} ${textOf(this.#folded(tokens.slice(next))).trim()}`.trim();
    }
    const text = textOf(this.#folded(tokens));
    if (tokens[0]!.text === '.' || definedSymbol(tokens, 0, tokens.length) !== null) return text;
    return `.set ${DONE}, 1; ${this.#inItsSlot(text)}`;
  }

  /** The macro that a statement calls; null when it calls none. */
  #calledBy(tokens: readonly Token[]): AssemblerMacro | null {
    return this.state.macros.get(wordAt(tokens, 0, tokens.length).text.toLowerCase()) ?? null;
  }

  /** The tokens with the values of the file's symbols in their place. */
  #folded(tokens: readonly Token[]): Token[] {
    return tokens.map((token, at) => {
      const before = tokens[at - 1];
      const isPart = before !== undefined && !token.spaceBefore && (before.text === '\\' || before.text === '.');
      const value = token.kind === TokenKind.Identifier && !isPart ? this.state.symbols.get(token.text) : undefined;
      if (typeof value !== 'bigint') return token;
      const number = `0x${BigInt.asUintN(64, value).toString(16)}`;
      return createToken(TokenKind.Number, number, token.file, token.start, token.end, token.spaceBefore, null);
    });
  }

  #hypercallIn(tokens: readonly Token[]) {
    const text = textOf(this.#folded(tokens));
    if (tokens[0]!.text === '.' || definedSymbol(tokens, 0, tokens.length) !== null) return undefined;
    return hypercallOf(bodyInstruction(withRegisters(text)).instruction, this.target.hypercalls) ?? undefined;
  }

  #inItsSlot(text: string): string {
    const tried = withRegisters(text);
    const items = inDemandedSlots([{ kind: 'instruction', text: tried, comment: '' }], this.target.hypercalls);
    return items
      .map((item) => (item.kind === 'stop' ? ';;' : item.text === tried ? text : item.text))
      .join('; ')
      .replace('; }', ' }');
  }
}

/** An instruction of a macro in which registers stand for parameters, so that it can be decoded. */
function withRegisters(text: string): string {
  return text.replace(/\(\\\w+\)/g, `(${STAND_IN.predicate})`).replace(/\\\w+/g, STAND_IN.stacked);
}

function parameterText({ name, kind, defaultValue }: FormalParameter): string {
  const mark = { optional: '', required: ':req', variadic: ':vararg' }[kind];
  return `${name}${mark}${defaultValue.length === 0 ? '' : `=${textOf(defaultValue)}`}`;
}
