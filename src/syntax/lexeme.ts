/**
 * Lexemes: the tokens of the assembler. cpp's tokens are finer (`ld8.fill` is three of them, because cpp may replace each part), so
 * adjacent tokens are joined here, and each cpp directive becomes one lexeme. A lexeme is also the token object for chevrotain.
 */
import { createToken as createTokenType, EOF, type IToken, type TokenType } from 'chevrotain';
import {
  type Conditionals,
  directiveEnd,
  directiveName,
  enterDirective,
  newConditionals,
  regionEnd,
  skipTrivia,
} from './directives.ts';
import { type Token, TokenKind } from './token.ts';
import { ampersandEnd, behindSplice, tokensText, wordEnd } from './word.ts';

function lexemeType(name: string, label: string): TokenType {
  return createTokenType({ name, label });
}

/** The lexeme types, each with its name in error messages. */
export const Lexemes = {
  /** `mov`, `br.call.sptk`, `cr.ifa`, `\reg`, `r\n`, `IA64_KR_##x`. */
  Word: lexemeType('Word', 'a name'),
  /** A word with a dot in front: `.text`, `.L1`, `.mem.offset`. */
  DotWord: lexemeType('DotWord', 'a directive'),
  /** `.mii`: the template of an explicit bundle. */
  Template: lexemeType('Template', 'a bundle template'),
  /** `@gprel`, `@nat`. */
  AtWord: lexemeType('AtWord', 'an `@` name'),
  /** `.` alone: the location counter. */
  Here: lexemeType('Here', '`.`'),
  Number: lexemeType('Number', 'a number'),
  String: lexemeType('String', 'a string'),
  /** Binary operators; `+ - !` are unary too, and `~` only that. */
  Operator: lexemeType('Operator', 'an operator'),
  Equals: lexemeType('Equals', '`=`'),
  Comma: lexemeType('Comma', '`,`'),
  Colon: lexemeType('Colon', '`:`'),
  OpenParen: lexemeType('OpenParen', '`(`'),
  CloseParen: lexemeType('CloseParen', '`)`'),
  OpenBracket: lexemeType('OpenBracket', '`[`'),
  CloseBracket: lexemeType('CloseBracket', '`]`'),
  OpenBrace: lexemeType('OpenBrace', '`{`'),
  CloseBrace: lexemeType('CloseBrace', '`}`'),
  Semicolon: lexemeType('Semicolon', '`;`'),
  /** Two adjacent semicolons. */
  Stop: lexemeType('Stop', '`;;`'),
  Newline: lexemeType('Newline', 'the end of the line'),
  /** A whole directive of the C preprocessor, or a line that gas takes for a comment because it starts with `#`. */
  Cpp: lexemeType('Cpp', 'a preprocessor directive'),
  /** A run of lines that only the C compiler reads (`#ifndef __ASSEMBLY__`). */
  Foreign: lexemeType('Foreign', 'C code'),
  Other: lexemeType('Other', 'a character'),
} as const;

export interface Lexeme extends IToken {
  /** Token range in the list the lexemes were made from. */
  readonly first: number;
  readonly last: number;
  /** Whether it is made of one token. */
  readonly single: boolean;
  readonly spaceBefore: boolean;
  /** Whether a backslash with a line end stands directly before it. */
  readonly spliceBefore: boolean;
  /** For a parenthesis: the index of the matching one in the lexeme list, -1 if there is none. */
  match: number;
}

const PUNCTUATORS = new Map<string, TokenType>([
  ['=', Lexemes.Equals],
  [',', Lexemes.Comma],
  [':', Lexemes.Colon],
  ['(', Lexemes.OpenParen],
  [')', Lexemes.CloseParen],
  ['[', Lexemes.OpenBracket],
  [']', Lexemes.CloseBracket],
  ['{', Lexemes.OpenBrace],
  ['}', Lexemes.CloseBrace],
]);
for (const operator of '== + - ! ~ * / % << >> | ^ & != < > <= >= && ||'.split(' '))
  PUNCTUATORS.set(operator, Lexemes.Operator);

/** A template is three slot letters; which of them exist the parser does not know. */
const TEMPLATE = /^\.[bfilmx]{3}$/i;
/** A preprocessing number that includes a sign which the assembler reads as an operator: `0x1e-1`, `1e+x` (C11 6.4.8). */
const SIGNED_NUMBER = /^(?:0[xX]|[^.]*[^.0-9eE+-])/;

const DOTTED_NUMBER = /^\.[0-9]+(?:[eE][+-]?[0-9]+)?$/;

const HASH = 35;
const DOT = 46;
const AT = 64;

export interface LexemeList {
  /** The lexemes, ended by one of chevrotain's type EOF. */
  readonly lexemes: Lexeme[];
  /** Token ranges of `#if 0` branches. They may hold prose, so no error is reported there. */
  readonly quiet: readonly { readonly first: number; readonly last: number }[];
  /** The token behind them: `last + 1`, or where a statement begins behind as many lexemes as were asked for. */
  readonly next: number;
}

export interface LexemeOptions {
  /** Recognize cpp directives, C code between them, and lines that gas takes for comments because they start with `#`. */
  readonly directives: boolean;
  /** The tokens are the body of a `#define`, where `#x` makes a string. */
  readonly inDefine: boolean;
  /** The open conditionals where the tokens begin; default: none. */
  readonly conditionals?: Conditionals;
  /** Whether the first token may begin a line; default: true. */
  readonly lineStart?: boolean;
  /** Behind so many lexemes the list ends with the next statement that ends with its line; default: it goes to the last token. */
  readonly enough?: number;
}

function make(
  image: string,
  type: TokenType,
  first: number,
  last: number,
  spaceBefore: boolean,
  spliceBefore: boolean,
): Lexeme {
  return {
    image,
    startOffset: first,
    tokenType: type,
    tokenTypeIdx: type.tokenTypeIdx!,
    first,
    last,
    single: first === last,
    spaceBefore,
    spliceBefore,
    match: -1,
  };
}

/** The lexemes of `tokens[first..last]`; their indices are into `tokens`. */
export function lexemes(tokens: readonly Token[], first: number, last: number, options: LexemeOptions): LexemeList {
  const list: Lexeme[] = [];
  const quiet: { first: number; last: number }[] = [];
  const open: number[] = [];
  const conditionals = options.conditionals ?? newConditionals();
  const enough = options.enough ?? Number.POSITIVE_INFINITY;
  let lineStart = options.lineStart ?? true;
  let splice = false;
  let at = first;
  while (at <= last) {
    const token = tokens[at]!;
    if (token.kind === TokenKind.Space || token.kind === TokenKind.Comment) {
      if (token.kind === TokenKind.Space && token.text.length > 1 && token.text.includes('\n')) splice = true;
      at++;
      continue;
    }
    if (options.directives && token.text.charCodeAt(0) === HASH && (lineStart || beginsStatement(list))) {
      const end = directiveEnd(tokens, at, last);
      list.push(make('#', Lexemes.Cpp, at, end, token.spaceBefore, false));
      if (lineStart) {
        enterDirective(conditionals, directiveName(tokens, at, end), tokens, at, end);
        const { kind, last: regionLast } = regionEnd(tokens, end + 1, last, conditionals);
        at = end + 1;
        if (kind === 'dead') quiet.push({ first: at, last: regionLast });
        else if (kind === 'foreign') {
          list.push(make('\n', Lexemes.Newline, at, at, false, false));
          list.push(make('', Lexemes.Foreign, at + 1, regionLast - 1, false, false));
          at = regionLast;
        }
      } else at = end + 1;
      continue;
    }
    lineStart = token.kind === TokenKind.Newline;
    const end = pushLexeme(list, tokens, at, last, splice, options.inDefine);
    splice = false;
    matchParenthesis(list, open);
    at = end + 1;
    if (lineStart && list.length >= enough && open.length === 0 && endsStatement(list)) break;
  }
  list.push(make('', EOF, at, at - 1, false, false));
  return { lexemes: list, quiet, next: at };
}

/** Whether the line end at the end of a list ends a statement: behind a brace the bundle's template may still come. */
function endsStatement(list: readonly Lexeme[]): boolean {
  const type = list.at(-2)?.tokenType;
  return type !== Lexemes.Newline && type !== Lexemes.Semicolon && type !== Lexemes.OpenBrace;
}

/** Whether the next lexeme begins a statement. There a `#` begins a comment of gas, and `_&n` is one word. */
function beginsStatement(list: readonly Lexeme[]): boolean {
  if (list.length === 0) return true;
  const type = list[list.length - 1]!.tokenType;
  return (
    type === Lexemes.Newline ||
    type === Lexemes.Semicolon ||
    type === Lexemes.Stop ||
    type === Lexemes.OpenBrace ||
    type === Lexemes.CloseBrace ||
    type === Lexemes.Colon
  );
}

function matchParenthesis(list: Lexeme[], open: number[]): void {
  const lexeme = list.at(-1)!;
  if (lexeme.tokenType === Lexemes.OpenParen) open.push(list.length - 1);
  else if (lexeme.tokenType === Lexemes.CloseParen) {
    const partner = open.pop();
    if (partner === undefined) return;
    list[partner]!.match = list.length - 1;
    lexeme.match = partner;
  }
}

/** Pushes the lexeme (for `--` two) that starts at the significant token `at`; returns its last token. */
function pushLexeme(
  list: Lexeme[],
  tokens: readonly Token[],
  at: number,
  last: number,
  splice: boolean,
  inDefine: boolean,
): number {
  const token = tokens[at]!;
  const text = token.text;
  const space = token.spaceBefore;
  switch (token.kind) {
    case TokenKind.Newline:
      list.push(make(text, Lexemes.Newline, at, at, false, false));
      return at;
    case TokenKind.String:
      list.push(make(text, Lexemes.String, at, at, space, splice));
      return at;
    case TokenKind.Character:
      list.push(make(text, Lexemes.Number, at, at, space, splice));
      return at;
  }
  let end = wordEnd(tokens, at, last);
  if (end < last && end >= at && tokens[end + 1]!.text === '&' && beginsStatement(list))
    end = ampersandEnd(tokens, end, last);
  if (end >= at) {
    const image = end === at ? text : tokensText(tokens, at, end);
    if (token.kind === TokenKind.Number && end === at && !isDotted(text)) pushNumber(list, text, at, space, splice);
    else list.push(make(image, wordType(image), at, end, space, splice));
    return end;
  }
  return pushPunctuator(list, tokens, at, last, splice, inDefine);
}

function pushPunctuator(
  list: Lexeme[],
  tokens: readonly Token[],
  at: number,
  last: number,
  splice: boolean,
  inDefine: boolean,
): number {
  const { text, spaceBefore: space } = tokens[at]!;
  const follower = behindSplice(tokens, at + 1, last);
  const next = follower <= last ? tokens[follower]! : null;
  const adjacent = next !== null && !next.spaceBefore;
  if (text === ';' && adjacent && next.text === ';') {
    list.push(make(';;', Lexemes.Stop, at, follower, space, splice));
    return follower;
  }
  if (text === '<' && adjacent && next.text === '>') {
    list.push(make('<>', Lexemes.Operator, at, follower, space, splice));
    return follower;
  }
  if (text === '--' || text === '++') {
    list.push(
      make(text[0]!, Lexemes.Operator, at, at, space, splice),
      make(text[0]!, Lexemes.Operator, at, at, false, false),
    );
    return at;
  }
  if (text === ';') list.push(make(text, Lexemes.Semicolon, at, at, space, splice));
  else if (text === '.') list.push(make(text, Lexemes.Here, at, at, space, splice));
  else if (text === '#' && inDefine && next !== null) {
    const name = skipTrivia(tokens, at + 1, last);
    if (name <= last && tokens[name]!.kind === TokenKind.Identifier) {
      list.push(make(tokensText(tokens, at, name), Lexemes.String, at, name, space, splice));
      return name;
    }
    list.push(make(text, Lexemes.Other, at, at, space, splice));
  } else list.push(make(text, PUNCTUATORS.get(text) ?? Lexemes.Other, at, at, space, splice));
  return at;
}

/** `.4k_block`: a number for cpp, a name for the assembler, where names may begin with a dot. */
function isDotted(text: string): boolean {
  return text.charCodeAt(0) === DOT && !DOTTED_NUMBER.test(text);
}

/** Pushes a number, split at the signs that the assembler reads as operators. */
function pushNumber(list: Lexeme[], text: string, at: number, space: boolean, splice: boolean): void {
  if ((text.includes('+') || text.includes('-')) && SIGNED_NUMBER.test(text)) {
    for (const part of text.split(/([+-])/)) {
      if (part === '') continue;
      const type =
        part === '+' || part === '-' ? Lexemes.Operator : part.charCodeAt(0) <= 57 ? Lexemes.Number : Lexemes.Word;
      list.push(make(part, type, at, at, space, splice));
    }
  } else list.push(make(text, Lexemes.Number, at, at, space, splice));
}

function wordType(image: string): TokenType {
  const code = image.charCodeAt(0);
  if (code === AT) return Lexemes.AtWord;
  if (code !== DOT) return Lexemes.Word;
  return image.length === 4 && TEMPLATE.test(image) ? Lexemes.Template : Lexemes.DotWord;
}

/** Lexemes `start` to `end` of a list without the line ends around them. */
export function withoutNewlines(list: readonly Lexeme[], start: number, end: number): { from: number; to: number } {
  let from = start;
  let to = end;
  while (from <= to && list[from]!.tokenType === Lexemes.Newline) from++;
  while (to >= from && list[to]!.tokenType === Lexemes.Newline) to--;
  return { from, to };
}
