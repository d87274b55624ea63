import type { SourceText } from './source.ts';

/**
 * The kinds of preprocessing tokens (C11 6.4). The assembler's lexemes (`ld8.fill`, `cr.ifa`, `.text`, `@gprel`, `[1:]`) are joined
 * from adjacent tokens by the parser (lexeme.ts), because cpp may replace each part.
 */
export const TokenKind = {
  /** [A-Za-z_][A-Za-z0-9_]*. A `$` is of kind Other, as for gcc in assembler files; the parser puts it into its word. */
  Identifier: 0,
  /** A preprocessing number: `8`, `0x1f`, `1f`, `1b`, `077`. */
  Number: 1,
  /** "..." with escapes; unterminated ends at the line. */
  String: 2,
  /** 'c' in gas and cpp; gas also allows 'c without the closing quote. */
  Character: 3,
  /** Operators and separators, longest match as cpp does (`<<`, `##`, `==`); `;` is one token each: `;;` is two. */
  Punctuator: 4,
  /** The end of a line that is not spliced by a backslash. A statement ends here. */
  Newline: 5,
  /** Blanks, and a backslash with its line end (a splice). */
  Space: 6,
  /** A block comment, or a line comment up to (not with) its line end. */
  Comment: 7,
  /** Any other character: `@`, a backtick, NUL, a lone quote ... */
  Other: 8,
} as const;
export type TokenKind = (typeof TokenKind)[keyof typeof TokenKind];

/** One step of the macro expansion that a token comes from; the chain of steps starts with the innermost. */
export interface MacroUse {
  readonly name: string;
  /** The place of the invocation: its file, and the range from the macro's name to the closing parenthesis. */
  readonly file: SourceText;
  readonly start: number;
  readonly end: number;
  /** Whether the token was spelled in an argument of this invocation, not in the macro's body. */
  readonly argument: boolean;
  readonly parent: MacroUse | null;
  /** The arguments of the invocation; null when the macro has no parameters, or they were not kept. */
  readonly given: GivenArguments | null;
}

/**
 * The arguments of an invocation, in which parameters of the macros around it are replaced: by position for cpp's macros, by
 * parameter name for gas's.
 */
export type GivenArguments = readonly GivenArgument[] | ReadonlyMap<string, readonly Token[]>;

export function isByName(given: GivenArguments): given is ReadonlyMap<string, readonly Token[]> {
  return given instanceof Map;
}

export interface GivenArgument {
  readonly items: readonly GivenItem[];
  /** The argument after macro expansion; null when the body did not need it (C11 6.10.3.1). */
  readonly expanded: readonly GivenItem[] | null;
}

/** A token, or padding between tokens (`Padding` of the preprocessor) if `kind` is negative. */
export interface GivenItem {
  readonly kind: number;
  readonly text?: string;
}

/** A token, with the place where it was spelled (`file`, `start`, `end`) and, after preprocessing, the macros it comes from. */
export interface Token {
  readonly kind: TokenKind;
  /** The text without line splices (C11 5.1.1.2); blanks and comments keep theirs. */
  readonly text: string;
  readonly file: SourceText;
  readonly start: number;
  readonly end: number;
  /** Whether white space or a comment stands directly before the token. */
  readonly spaceBefore: boolean;
  readonly use: MacroUse | null;
}
