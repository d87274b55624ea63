/**
 * Targets: a target file (grammar/targets/) has one gas macro for each operation that the target implements. It is read and checked
 * here; template.ts expands its macros.
 */

import { registerByName } from '../machine/register-table.ts';
import { type AssemblerMacro, diagnosticAt, type MacroState } from '../macros/definition-types.ts';
import { expandAssemblerMacros } from '../macros/expand.ts';
import { MOST_EXPANSIONS } from '../macros/machine.ts';
import { statementEnd } from '../macros/statements.ts';
import { withoutSpace } from '../macros/substitute.ts';
import type { Diagnostic } from '../syntax/diagnostic.ts';
import type { SourceText } from '../syntax/source.ts';
import { type Token, TokenKind } from '../syntax/token.ts';
import { tokenize } from '../syntax/tokenize.ts';
import { type Hypercalls, NO_HYPERCALLS } from './hypercalls.ts';
import { type BodyTemplate, definedSymbol, expandTemplate } from './template.ts';

/** The properties of an operation that targets depend on (see grammar/operations.tsv). */
export interface OperationSignature {
  readonly name: string;
  /** The name of its macro, in macro-ised sources and in target files. gas ignores the case of macro names. */
  readonly macro: string;
  readonly slots: readonly { readonly name: string }[];
  /** Parameters for predicates (`pred`, `pred2`); empty when the operation takes none. */
  readonly predicates: readonly string[];
}

export interface ScratchNeeds {
  /** Most general registers, and most predicates, that the body can use. */
  readonly gr: number;
  readonly pr: number;
}

export interface Target {
  readonly name: string;
  /** Macros by operation; the target leaves operations without one native. */
  readonly macros: ReadonlyMap<string, TargetMacro>;
  /** The target file: the place of messages about bodies. */
  readonly file: SourceText;
  /** The table of its hypercalls. */
  readonly hypercalls: Hypercalls;
}

export interface TargetMacro {
  readonly operation: OperationSignature;
  /** The place of its name in the target file. */
  readonly place: Pick<Diagnostic, 'start' | 'end'>;
  readonly needs: ScratchNeeds;
  /**
   * The general registers and predicates that the macro, or a macro that it uses, spells: only for these can its body differ from
   * that for other registers. If a macro composes names (`r\number`), every number in it counts as such a register.
   */
  readonly named: () => ReadonlySet<string>;
  /** Cache of expansions, by `templateKey` of body.ts. */
  readonly templates: Map<string, BodyTemplate>;
  /** Expands the macro with canonical arguments; see `expandTemplate`. */
  readonly expand: (names: readonly string[], texts: readonly string[]) => BodyTemplate;
}

/**
 * Reads a target file.
 *
 * @param source the text of the file; its base name without `.S` is the target's name
 * @returns the target, with errors for everything in the file that cannot be right
 */
export function loadTarget(
  source: SourceText,
  operations: readonly OperationSignature[],
  hypercalls: Hypercalls = NO_HYPERCALLS,
): { target: Target; diagnostics: readonly Diagnostic[] } {
  const name = source.name.replace(/^.*[/\\]/, '').replace(/\.[^.]*$/, '');
  if (source.text.length > LONGEST_TARGET) {
    const target = { name, macros: new Map<string, TargetMacro>(), file: source, hypercalls };
    return { target, diagnostics: [atStart(source, `a target file has at most ${LONGEST_TARGET} characters`)] };
  }
  const result = expandAssemblerMacros(withoutSpace(tokenize(source)), { mostExpansions: MOST_EXPANSIONS.macro });
  const wrong = result.diagnostics.map(asError);
  const diagnostics = wrong.length > 0 ? wrong : codeOutsideMacros(result.tokens);
  const macros = new Map<string, TargetMacro>();
  for (const operation of operations) {
    const macro = result.state.macros.get(operation.macro.toLowerCase());
    if (macro === undefined) continue;
    checkParameters(macro, operation, diagnostics);
    macros.set(operation.name, targetMacro(macro, operation, result.state));
  }
  reportUnused(result.state, new Set(operations.map((each) => each.macro.toLowerCase())), diagnostics);
  if (macros.size === 0 && diagnostics.length === 0)
    diagnostics.push(
      atStart(source, 'a target file has a macro for each operation that it does its own way; this has none'),
    );
  return { target: { name, macros, file: source, hypercalls }, diagnostics };
}

/** Largest target file, in characters. */
const LONGEST_TARGET = 1 << 20;

function atStart(file: SourceText, message: string): Diagnostic {
  return { severity: 'error', message, file, start: 0, end: 0 };
}

/** A warning as an error: what the assembler merely warns of is an error in a target file, but not the file's own `.warning`. */
function asError(diagnostic: Diagnostic): Diagnostic {
  const { severity, file, start } = diagnostic;
  const isOwn = /^\.warning\b/i.test(file.text.slice(start, start + 9));
  return severity === 'warning' && !isOwn ? { ...diagnostic, severity: 'error' } : diagnostic;
}

function targetMacro(macro: AssemblerMacro, operation: OperationSignature, state: MacroState): TargetMacro {
  let named: ReadonlySet<string> | undefined;
  return {
    operation,
    place: { start: macro.place.start, end: macro.place.end },
    needs: countScratch(macro),
    named: () => {
      named ??= namedRegisters(macro, state);
      return named;
    },
    templates: new Map(),
    expand: (names, texts) => expandTemplate(macro, names, texts, state),
  };
}

/** Errors for code outside macros; only definitions of symbols are allowed there. */
function codeOutsideMacros(tokens: readonly Token[]): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const end = statementEnd(tokens, at);
    if (end > at && definedSymbol(tokens, at, end) === null) {
      diagnostics.push(
        diagnosticAt('error', 'a target file holds macros and symbols only', tokens[at]!, tokens[end - 1]!),
      );
    }
    at = end;
  }
  return diagnostics;
}

const SCRATCH_NAME = /^([st])([1-9])$/;

function checkParameters(macro: AssemblerMacro, operation: OperationSignature, diagnostics: Diagnostic[]): void {
  const given = new Set(macro.parameters.map((each) => each.name));
  const known = [...operation.predicates, 'breg', ...operation.slots.map((each) => each.name)];
  for (const name of known) {
    if (!given.has(name))
      diagnostics.push(diagnosticAt('error', `macro '${macro.name}' lacks the parameter '${name}'`, macro.place));
  }
  for (const name of given) {
    if (!known.includes(name) && !SCRATCH_NAME.test(name)) {
      const names = [...known, 's1, s2 ...', 't1 ...'].join(', ');
      diagnostics.push(
        diagnosticAt(
          'error',
          `parameter '${name}' of macro '${macro.name}' means nothing; there are ${names}`,
          macro.place,
        ),
      );
    }
  }
}

function countScratch(macro: AssemblerMacro): ScratchNeeds {
  let gr = 0;
  let pr = 0;
  for (const { name } of macro.parameters) {
    const match = SCRATCH_NAME.exec(name);
    if (match?.[1] === 's') gr = Math.max(gr, Number(match[2]));
    else if (match?.[1] === 't') pr = Math.max(pr, Number(match[2]));
  }
  return { gr, pr };
}

/** Reports macros that are no operation and are not used by another macro: these are most likely misspelt operations. */
function reportUnused(state: MacroState, operations: ReadonlySet<string>, diagnostics: Diagnostic[]): void {
  const used = new Set<string>();
  for (const { body } of state.macros.values()) {
    for (const token of body) if (token.kind === TokenKind.Identifier) used.add(token.text.toLowerCase());
  }
  for (const [key, macro] of state.macros) {
    if (!used.has(key) && !operations.has(key)) {
      diagnostics.push(diagnosticAt('error', `'${macro.name}' is no operation, and no macro uses it`, macro.place));
    }
  }
}

/** The most scratch registers that a body of the target can use; none when the target has no body. */
export function scratchNeeds(target: Target, operation: string): ScratchNeeds {
  return target.macros.get(operation)?.needs ?? NO_NEEDS;
}

const NO_NEEDS: ScratchNeeds = { gr: 0, pr: 0 };

function namedRegisters(macro: AssemblerMacro, state: MacroState): ReadonlySet<string> {
  const named = new Set<string>();
  collectNamed(macro, state, named, new Set());
  return named;
}

/** Whether a text is the canonical name of a general or predicate register. */
function isNumbered(text: string): boolean {
  const register = registerByName(text);
  return register?.name === text && (register.class === 'gr' || register.class === 'pr');
}

function collectNamed(macro: AssemblerMacro, state: MacroState, named: Set<string>, seen: Set<AssemblerMacro>): void {
  if (seen.has(macro)) return;
  seen.add(macro);
  const { body } = macro;
  // The assembler's prefixes of register names, which a body may put a number behind: `r\\n`.
  const composed = ['r', 'p'].filter((file) =>
    body.some((token, at) => token.text === file && body[at + 1]?.text === '\\'),
  );
  for (const { kind, text } of body) {
    if (isNumbered(text)) named.add(text);
    else if (kind === TokenKind.Number) for (const file of composed) named.add(`${file}${text}`);
    else if (kind === TokenKind.Identifier) {
      const used = state.macros.get(text.toLowerCase());
      if (used !== undefined) collectNamed(used, state, named, seen);
    }
  }
}
