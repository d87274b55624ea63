import type { SourceText } from './source.ts';

/**
 * What a token is, at the level of the C preprocessor (C11 6.4): the assembler's own lexemes (`ld8.fill`, `cr.ifa`,
 * `.text`, `@gprel`, `[1:]`) are put together by the parser from adjacent tokens, because cpp may replace each part.
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

/** How macros carried a token to where it is used: one step of expansion, innermost first. */
export interface MacroUse {
  readonly name: string;
  /** Where the macro was invoked: the file and the span from its name to its closing parenthesis. */
  readonly file: SourceText;
  readonly start: number;
  readonly end: number;
  /** True when the token was spelled in an argument of this invocation, not in the macro's body. */
  readonly argument: boolean;
  readonly parent: MacroUse | null;
  /** What was written for its parameters; null: it has none, or nobody kept it. */
  readonly given: GivenArguments | null;
}

/**
 * The arguments of an invocation, the parameters of macros around it filled in: of the C preprocessor's macros by position, of
 * the assembler's by name.
 */
export type GivenArguments = readonly GivenArgument[] | ReadonlyMap<string, readonly Token[]>;

export interface GivenArgument {
  readonly items: readonly GivenItem[];
  /** With the macros in it expanded; null: the body did not need that. */
  readonly expanded: readonly GivenItem[] | null;
}

/** A token; a negative kind is none. */
export interface GivenItem {
  readonly kind: number;
  readonly text?: string;
}

/** A token knows where it was SPELLED (`file`, `start`, `end`) and, after preprocessing, the macros that carried it. */
export interface Token {
  readonly kind: TokenKind;
  /** As the preprocessor reads it: without the splices that may stand between `start` and `end`. Trivia keep theirs. */
  readonly text: string;
  readonly file: SourceText;
  readonly start: number;
  readonly end: number;
  /** Whitespace or a comment stands directly before the token. */
  readonly spaceBefore: boolean;
  readonly use: MacroUse | null;
}
