import type { SourceText } from './source.ts';
import { behindSplices, spliceEnd, withoutSplices } from './splice.ts';
import { type MacroUse, type Token, TokenKind } from './token.ts';

/**
 * `cpp`: a file that the C preprocessor reads first (`.S`, headers). `gas`: a file that only the assembler reads (`.s`), in which a
 * `#` at the start of a statement begins a comment and a backslash does not join lines.
 */
export type Dialect = 'cpp' | 'gas';

/** Makes every token: V8 is fast on tokens only while all of them have the same hidden class. */
export function createToken(
  kind: TokenKind,
  text: string,
  file: SourceText,
  start: number,
  end: number,
  spaceBefore: boolean,
  use: MacroUse | null,
): Token {
  return { kind, text, file, start, end, spaceBefore, use };
}

const TAB = 9;
const LINE_FEED = 10;
const RETURN = 13;
const BLANK = 32;
const DOUBLE_QUOTE = 34;
const HASH = 35;
const QUOTE = 39;
const STAR = 42;
const DOT = 46;
const SLASH = 47;
const COLON = 58;
const SEMICOLON = 59;
const BACKSLASH = 92;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;

const LETTER = 1;
const DIGIT = 2;
const WHITE = 4;
const PUNCTUATION = 8;

/** By character code (latin-1): its class. */
const CLASS = new Uint8Array(256);
for (const letter of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_') CLASS[letter.charCodeAt(0)] = LETTER;
for (const digit of '0123456789') CLASS[digit.charCodeAt(0)] = DIGIT;
for (const white of ' \t\v\f\r') CLASS[white.charCodeAt(0)] = WHITE;
for (const mark of '!#%&()*+,-./:;<=>?[]^{|}~') CLASS[mark.charCodeAt(0)] = PUNCTUATION;

/** By character code: the one-character string, so that no string is allocated for it. */
const CHARACTER = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code));

const THREE = new Set(['<<=', '>>=', '...']);
const TWO = new Set('-> ++ -- << >> <= >= == != && || *= /= %= += -= &= ^= |= ##'.split(' '));
/** By character code: 1 if it begins a punctuator of more than one character. */
const LONGER = new Uint8Array(256);
for (const mark of [...THREE, ...TWO]) LONGER[mark.charCodeAt(0)] = 1;

/** End of the comment that starts at `at`; an unterminated block comment ends with the text. */
function commentEnd(text: string, at: number, dialect: Dialect): number {
  if (text.charCodeAt(at + 1) === STAR) {
    const close = text.indexOf('*/', at + 2);
    return close === -1 ? text.length : close + 2;
  }
  return lineEnd(text, at, dialect);
}

/** Offset of the line end (`\n` or `\r\n`) that ends the logical line of `at`. */
function lineEnd(text: string, at: number, dialect: Dialect): number {
  let from = at;
  for (;;) {
    const feed = text.indexOf('\n', from);
    if (feed === -1) return text.length;
    if (dialect === 'cpp' && isSpliced(text, feed, at)) {
      from = feed + 1;
      continue;
    }
    return text.charCodeAt(feed - 1) === RETURN && feed > at ? feed - 1 : feed;
  }
}

/** Whether the line feed at `feed` has a backslash (and perhaps blanks) before it, not before `from`. */
function isSpliced(text: string, feed: number, from: number): boolean {
  let at = feed - 1;
  while (at >= from && CLASS[text.charCodeAt(at)] === WHITE) at--;
  return at >= from && text.charCodeAt(at) === BACKSLASH;
}

/** End of the string that starts at `at`: after its closing quote, or at the line end when there is none. */
function stringEnd(text: string, at: number, dialect: Dialect): number {
  const length = text.length;
  let next = at + 1;
  while (next < length) {
    const code = text.charCodeAt(next);
    if (code === DOUBLE_QUOTE) return next + 1;
    if (code === LINE_FEED) return text.charCodeAt(next - 1) === RETURN ? next - 1 : next;
    if (code !== BACKSLASH) next++;
    else {
      const splice = spliceEnd(text, next);
      if (splice === -1) next = (dialect === 'cpp' ? behindSplices(text, next + 1) : next + 1) + 1;
      else if (dialect === 'cpp') next = splice;
      else next++;
    }
  }
  return length;
}

/** `'a'`, `'\n'`, `'\377'`, `'ab'`, gas's `'a`; -1 for an apostrophe that begins no constant, as in `don't`. */
function characterEnd(text: string, at: number): number {
  let next = at + 1;
  let code = text.charCodeAt(next);
  if (next >= text.length || code === LINE_FEED || code === RETURN) return -1;
  if (code === BACKSLASH) {
    next++;
    code = text.charCodeAt(next);
    if (next >= text.length || code === LINE_FEED || code === RETURN) return -1;
  }
  next++;
  if (text.charCodeAt(next) === QUOTE) return next + 1;
  const one = next;
  while ((CLASS[text.charCodeAt(next)]! & (LETTER | DIGIT)) !== 0) next++;
  if (text.charCodeAt(next) === QUOTE) return next + 1;
  const previous = at > 0 ? CLASS[text.charCodeAt(at - 1)]! : 0;
  return (previous & (LETTER | DIGIT)) !== 0 ? -1 : one;
}

/** End of the identifier that starts at `at`, with the splices in it. */
function identifierEnd(text: string, at: number, dialect: Dialect): number {
  let next = at + 1;
  for (;;) {
    while ((CLASS[text.charCodeAt(next)]! & (LETTER | DIGIT)) !== 0) next++;
    if (dialect === 'gas' || text.charCodeAt(next) !== BACKSLASH) return next;
    const behind = behindSplices(text, next);
    if (behind === next || (CLASS[text.charCodeAt(behind)]! & (LETTER | DIGIT)) === 0) return next;
    next = behind;
  }
}

/**
 * End of a preprocessing number (C11 6.4.8): it includes letters, dots, the sign after an exponent letter, and splices.
 */
function numberEnd(text: string, at: number, dialect: Dialect): number {
  let end = at + 1;
  let exponent = false;
  for (;;) {
    const next = dialect === 'cpp' ? behindSplices(text, end) : end;
    const code = text.charCodeAt(next);
    const isSign = exponent && (code === 43 || code === 45);
    if (!isSign && code !== DOT && (CLASS[code]! & (LETTER | DIGIT)) === 0) return end;
    const lower = code | 32;
    exponent = lower === 101 || lower === 112;
    end = next + 1;
  }
}

/** End of the longest punctuator at `at`, with the splices in it. A semicolon is always alone: `;;` is two tokens. */
function punctuatorEnd(text: string, at: number, code: number, dialect: Dialect): number {
  if (LONGER[code] === 0) return at + 1;
  const second = dialect === 'cpp' ? behindSplices(text, at + 1) : at + 1;
  const third = dialect === 'cpp' ? behindSplices(text, second + 1) : second + 1;
  const two = text.charAt(at) + text.charAt(second);
  if (THREE.has(two + text.charAt(third))) return third + 1;
  return TWO.has(two) ? second + 1 : at + 1;
}

/** The kind of the token at `at`. @param begins whether a statement begins there, so that `#` begins a comment of gas */
function kindAt(text: string, at: number, code: number, dialect: Dialect, begins: boolean): TokenKind {
  const kind = code < 256 ? CLASS[code]! : 0;
  if (kind === LETTER) return TokenKind.Identifier;
  if (code === LINE_FEED || (code === RETURN && text.charCodeAt(at + 1) === LINE_FEED)) return TokenKind.Newline;
  if (kind === WHITE) return TokenKind.Space;
  if (code === BACKSLASH) return dialect === 'cpp' && spliceEnd(text, at) !== -1 ? TokenKind.Space : TokenKind.Other;
  const next = text.charCodeAt(at + 1);
  if (kind === DIGIT || (code === DOT && CLASS[next] === DIGIT)) return TokenKind.Number;
  if (code === SLASH && (next === STAR || next === SLASH)) return TokenKind.Comment;
  if (code === HASH && begins) return TokenKind.Comment;
  if (code === DOUBLE_QUOTE) return TokenKind.String;
  if (code === QUOTE) return characterEnd(text, at) === -1 ? TokenKind.Other : TokenKind.Character;
  return kind === PUNCTUATION ? TokenKind.Punctuator : TokenKind.Other;
}

function endOf(kind: TokenKind, text: string, at: number, code: number, dialect: Dialect): number {
  switch (kind) {
    case TokenKind.Identifier:
      return identifierEnd(text, at, dialect);
    case TokenKind.Space:
      return spaceEnd(text, at, dialect);
    case TokenKind.Newline:
      return code === RETURN ? at + 2 : at + 1;
    case TokenKind.Number:
      return numberEnd(text, at, dialect);
    case TokenKind.Comment:
      return code === HASH ? lineEnd(text, at, dialect) : commentEnd(text, at, dialect);
    case TokenKind.String:
      return stringEnd(text, at, dialect);
    case TokenKind.Character:
      return characterEnd(text, at);
    case TokenKind.Punctuator:
      return punctuatorEnd(text, at, code, dialect);
    default:
      return at + 1;
  }
}

/** Tracks, for gas's comments, whether only labels have been read of the current statement (gas's app.c, do_scrub_chars). */
class StatementStart {
  begins = true;
  #inFirstWord = false;

  /** To be called after each token that is neither blank nor comment. */
  pass(kind: TokenKind, code: number, spaceBefore: boolean): void {
    const ends = kind === TokenKind.Newline || code === SEMICOLON || code === OPEN_BRACE || code === CLOSE_BRACE;
    if (ends || (code === COLON && this.#inFirstWord)) {
      this.begins = true;
      this.#inFirstWord = false;
    } else {
      this.#inFirstWord = this.begins || (this.#inFirstWord && !spaceBefore);
      this.begins = false;
    }
  }
}

/**
 * Splits a file into tokens that tile it: where one ends, the next begins. It never fails; a character that begins no token of C is
 * a token of kind `Other`. With `start` and `end`, which must be at ends of logical lines, only that part of the file is read.
 * `trivia: false` leaves out Space and Comment tokens; then the tokens do not tile.
 */
export function tokenize(
  file: SourceText,
  options?: { readonly dialect?: Dialect; readonly start?: number; readonly end?: number; readonly trivia?: boolean },
): Token[] {
  const dialect = options?.dialect ?? 'cpp';
  const text = file.text;
  const length = options?.end ?? text.length;
  const trivia = options?.trivia ?? true;
  const gas = dialect === 'gas' ? new StatementStart() : null;
  const tokens: Token[] = [];
  let at = options?.start ?? 0;
  let spaceBefore = false;
  while (at < length) {
    const start = at;
    const code = text.charCodeAt(at);
    const kind = kindAt(text, at, code, dialect, gas?.begins === true);
    at = endOf(kind, text, at, code, dialect);
    const isTrivia = kind === TokenKind.Space || kind === TokenKind.Comment;
    if (trivia || !isTrivia) {
      const piece = at - start === 1 && code < 256 ? CHARACTER[code]! : text.slice(start, at);
      const spelled = kind <= TokenKind.Punctuator && dialect === 'cpp' ? withoutSplices(piece) : piece;
      tokens.push(createToken(kind, spelled, file, start, at, spaceBefore, null));
    }
    if (isTrivia) spaceBefore ||= code !== BACKSLASH || !isBareSplice(text, start, at);
    else {
      gas?.pass(kind, code, spaceBefore);
      spaceBefore = false;
    }
  }
  return tokens;
}

/** End of the run of blanks and splices at `at`. */
function spaceEnd(text: string, at: number, dialect: Dialect): number {
  let end = at;
  for (;;) {
    const code = text.charCodeAt(end);
    if (code === BLANK || code === TAB || code === 11 || code === 12) end++;
    else if (code === RETURN && text.charCodeAt(end + 1) !== LINE_FEED) end++;
    else if (code === BACKSLASH && dialect === 'cpp') {
      const splice = spliceEnd(text, end);
      if (splice === -1) return end;
      end = splice;
    } else return end;
  }
}

/** Whether a run of blanks and splices has no blank of its own: cpp takes splices out before it looks for tokens. */
function isBareSplice(text: string, start: number, end: number): boolean {
  return behindSplices(text, start) >= end;
}
