/** The definitions of gas's macro language: macros, their parameters, symbols. */
import type { Diagnostic, Severity } from '../syntax/diagnostic.ts';
import type { Token } from '../syntax/token.ts';

/** One formal parameter of a `.macro`. */
export interface FormalParameter {
  readonly name: string;
  /** `:req`: an empty argument is an error. `:vararg`: takes the rest of the line. */
  readonly kind: 'optional' | 'required' | 'variadic';
  /** The tokens behind `name=`; empty when there is no default. */
  readonly defaultValue: readonly Token[];
}

export interface AssemblerMacro {
  readonly name: string;
  readonly parameters: readonly FormalParameter[];
  /** The tokens between the header line and `.endm`, with their line ends. */
  readonly body: readonly Token[];
  /** The name in the header: the place of messages. */
  readonly place: Token;
}

/**
 * The value of a symbol as far as it is known before assembly: a 64-bit number, or null when the symbol is defined but its value is
 * unknown (a label, a register name, an expression over addresses).
 */
export type SymbolValue = bigint | null;

export interface MacroState {
  /** By lower-case name: gas does not tell the case of macro names apart. */
  readonly macros: Map<string, AssemblerMacro>;
  readonly symbols: Map<string, SymbolValue>;
  /** Names that `.ifdef` and the like have found undefined: the assembler's command line (`--defsym`) might define them. */
  readonly undefinedNames: Set<string>;
}

export function createMacroState(): MacroState {
  return { macros: new Map(), symbols: new Map(), undefinedNames: new Set() };
}

/** A message about a range of tokens; its place is the whole range if that is in one file, else the first token. */
export function diagnosticAt(severity: Severity, message: string, first: Token, last: Token = first): Diagnostic {
  const end = last.file === first.file && last.end >= first.end ? last.end : first.end;
  return { severity, message, file: first.file, start: first.start, end };
}
