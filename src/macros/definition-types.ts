/** What the macro language knows while it reads a file: macros, symbols, and the places messages point to. */
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
  /** The name in the header: where messages point. */
  readonly place: Token;
}

/**
 * The value of a symbol as far as it is known before the assembler runs: a 64-bit number, or null when the symbol exists
 * but its value is not known here (a label, a register name, something that depends on addresses).
 */
export type SymbolValue = bigint | null;

export interface MacroState {
  /** By lower-case name: gas does not tell the case of macro names apart. */
  readonly macros: Map<string, AssemblerMacro>;
  readonly symbols: Map<string, SymbolValue>;
}

export function createMacroState(): MacroState {
  return { macros: new Map(), symbols: new Map() };
}

/** Where a message about tokens points: from the first to the last if they are of one file, else the first alone. */
export function diagnosticAt(severity: Severity, message: string, first: Token, last: Token = first): Diagnostic {
  const end = last.file === first.file && last.end >= first.end ? last.end : first.end;
  return { severity, message, file: first.file, start: first.start, end };
}
