/**
 * gas's macro language over tokens: macros, repetitions, conditionals, and the symbols that conditionals test. All other statements
 * pass through unchanged. Rules: gas's manual, chapter "Assembler Directives", and its macro.c, cond.c and read.c.
 */
import type { Diagnostic } from '../syntax/diagnostic.ts';
import { type MacroUse, type Token, TokenKind } from '../syntax/token.ts';
import { closeIf, elseBranch, openIf } from './branches.ts';
import { CONDITIONS } from './conditions.ts';
import { type AssemblerMacro, createMacroState, diagnosticAt, type MacroState } from './definition-types.ts';
import { alternateMode, defineMacro, exitMacro, invoke, purgeMacro, unmatchedEnd } from './definitions.ts';
import {
  copyTokens,
  type Directive,
  type InputBuffer,
  isActive,
  type MacroProcessor,
  MOST_EXPANSIONS,
  type StatementRange,
  skipEnd,
} from './machine.ts';
import { repeat, repeatFor } from './repetitions.ts';
import { usesMacroLanguage } from './scan.ts';
import { behindLabels, statementEnd, wordAt } from './statements.ts';
import { substituteParameters, withoutSpace } from './substitute.ts';
import { noteAssignment, userMessage } from './symbols.ts';

export interface MacroOptions {
  /** Macros and symbols known before the first token; it is updated. Default: none are known. */
  readonly state?: MacroState;
  /** Most macros and repetitions that are expanded. Default: `MOST_EXPANSIONS.file`. */
  readonly mostExpansions?: number;
}

export interface MacroResult {
  readonly tokens: readonly Token[];
  readonly diagnostics: readonly Diagnostic[];
  /** The diagnostics that come from `.error` or `.err` in the source. */
  readonly refusals: readonly Diagnostic[];
  readonly state: MacroState;
}

/**
 * Expands the assembler's macros in preprocessed code.
 *
 * @returns the tokens without macro definitions and conditionals. Each keeps the place where it was spelled; its `use` is the
 *   chain of macros that it comes from. The same array when there is nothing to expand. For a condition that only the assembler
 *   can decide, both branches are kept, with a note.
 */
export function expandAssemblerMacros(tokens: readonly Token[], options: MacroOptions = {}): MacroResult {
  const state = options.state ?? createMacroState();
  if (state.macros.size === 0 && !usesMacroLanguage(tokens)) return { tokens, diagnostics: [], refusals: [], state };
  return run(withoutSpace(tokens), state, options.mostExpansions ?? MOST_EXPANSIONS.file);
}

/**
 * Expands one macro with given parameter values, up to its end or to its first `.error`.
 *
 * @param values the tokens of every parameter, by name; a parameter without one is empty
 * @param call the place of messages about the invocation
 */
export function invokeMacro(
  macro: AssemblerMacro,
  values: ReadonlyMap<string, readonly Token[]>,
  call: Token,
  state: MacroState,
): MacroResult {
  const use: MacroUse = {
    name: macro.name,
    file: call.file,
    start: call.start,
    end: call.end,
    argument: false,
    parent: null,
    given: values,
  };
  const body = substituteParameters(macro.body, {
    values,
    count: 0,
    bodyUse: use,
    argumentUse: { ...use, argument: true },
  });
  return run(body, state, MOST_EXPANSIONS.macro, use, true);
}

function run(
  tokens: readonly Token[],
  state: MacroState,
  mostExpansions: number,
  use: MacroUse | null = null,
  untilRefused = false,
): MacroResult {
  const machine: MacroProcessor = {
    state,
    output: [],
    diagnostics: [],
    refusals: [],
    frames: [{ tokens, at: 0, conditionals: 0, use }],
    conditionals: [],
    expansions: 0,
    mostExpansions,
    expanded: 0,
    count: 0,
    locals: 0,
    alternate: false,
    apart: false,
  };
  for (;;) {
    const frame = machine.frames.at(-1);
    if (frame === undefined || (untilRefused && machine.refusals.length > 0)) break;
    if (frame.at >= frame.tokens.length) closeFrame(machine, frame);
    else readStatement(machine, frame);
  }
  return { tokens: machine.output, diagnostics: machine.diagnostics, refusals: machine.refusals, state };
}

function closeFrame(machine: MacroProcessor, frame: InputBuffer): void {
  machine.frames.pop();
  machine.apart = true;
  const where = frame.use === null ? 'the end of the file' : `the end of '${frame.use.name}'`;
  while (machine.conditionals.length > frame.conditionals) {
    const open = machine.conditionals.pop()!;
    machine.diagnostics.push(diagnosticAt('error', `'.${open.place.text}' has no .endif before ${where}`, open.place));
  }
}

/**
 * A quick test that is true for most statements: whether a statement is certainly an instruction and no macro invocation. It is
 * false for everything with a label, a leading dot, or a `=` after its first word.
 */
function isPlain(tokens: readonly Token[], start: number, end: number, { macros }: MacroState): boolean {
  let at = start;
  if (tokens[at]!.text === '(' && at + 3 < end && tokens[at + 2]!.text === ')') at += 3;
  const first = tokens[at]!;
  if (first.kind !== TokenKind.Identifier) return false;
  const next = at + 1 < end ? tokens[at + 1]! : null;
  if (next?.text === '.' && !next.spaceBefore) {
    const word = wordAt(tokens, at, end);
    return !definesName(tokens[word.next]) && !macros.has(word.text.toLowerCase());
  }
  if (next !== null && definesName(next)) return false;
  return !macros.has(first.text.toLowerCase());
}

/** Whether the token after a word makes the word a label or a symbol. */
function definesName(token: Token | undefined): boolean {
  return (
    token !== undefined &&
    token.kind === TokenKind.Punctuator &&
    (token.text === ':' || token.text === '=' || token.text === '==')
  );
}

function readStatement(machine: MacroProcessor, frame: InputBuffer): void {
  const { tokens, at: start } = frame;
  const end = statementEnd(tokens, start);
  const active = isActive(machine);
  if (start === end || isPlain(tokens, start, end, machine.state)) {
    frame.at = end < tokens.length ? end + 1 : end;
    if (active) copyTokens(machine, tokens, start, frame.at);
    return;
  }
  const head = behindLabels(tokens, start, end, (name) => {
    if (active) machine.state.symbols.set(name, null);
  });
  const word = wordAt(tokens, head, end);
  const statement: StatementRange = { frame, start, head, rest: word.next, end };
  const name = word.text.toLowerCase();
  if (name.charCodeAt(0) === 46) {
    const directive = DIRECTIVES.get(name.slice(1));
    if (directive !== undefined && (active || SEEN_WHEN_INACTIVE.has(name.slice(1)))) {
      if (active && head > start) copyTokens(machine, tokens, start, head);
      frame.at = end;
      directive(machine, statement);
      skipEnd(machine, frame);
      return;
    }
  }
  if (!active) {
    frame.at = end < tokens.length ? end + 1 : end;
    return;
  }
  const macro = name === '' ? undefined : machine.state.macros.get(name);
  if (macro !== undefined) {
    invoke(machine, statement, macro);
    return;
  }
  noteAssignment(machine, statement, name);
  frame.at = end < tokens.length ? end + 1 : end;
  copyTokens(machine, tokens, start, frame.at);
}

/** The directives of the macro language, without their dot. */
const DIRECTIVES = new Map<string, Directive>([
  ['macro', defineMacro],
  ['endm', unmatchedEnd],
  ['mend', unmatchedEnd],
  ['exitm', exitMacro],
  ['mexit', exitMacro],
  ['purgem', purgeMacro],
  ['altmacro', alternateMode(true)],
  ['noaltmacro', alternateMode(false)],
  ['rept', repeat],
  ['rep', repeat],
  ['irp', repeatFor(false)],
  ['irep', repeatFor(false)],
  ['irpc', repeatFor(true)],
  ['irepc', repeatFor(true)],
  ['endr', unmatchedEnd],
  ['else', elseBranch(false)],
  ['elsec', elseBranch(false)],
  ['elseif', elseBranch(true)],
  ['endif', closeIf],
  ['endc', closeIf],
  ['error', userMessage('error')],
  ['err', userMessage('error')],
  ['warning', userMessage('warning')],
]);
for (const name of CONDITIONS.keys()) DIRECTIVES.set(name, openIf);

/** Directives that are also read in a branch that is not assembled. */
const SEEN_WHEN_INACTIVE = new Set(['else', 'elsec', 'elseif', 'endif', 'endc', ...CONDITIONS.keys()]);
