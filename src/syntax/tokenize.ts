import type { SourceText } from './source.ts';
import { behindSplices, spliceEnd, withoutSplices } from './splice.ts';
import { type MacroUse, type Token, TokenKind } from './token.ts';

/**
 * `cpp`: a file that the C preprocessor reads first (`.S`, headers). `gas`: a file that the assembler reads as it is
 * (`.s`): a `#` at the start of a statement begins a comment there, and a backslash does not join lines.
 */
export type Dialect = 'cpp' | 'gas';

/** The one way to make a token: objects of one shape keep every loop over tokens fast. */
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

/** Character classes of latin-1; any other character is of no class. */
const CLASS = new Uint8Array(256);
for (const letter of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_') CLASS[letter.charCodeAt(0)] = LETTER;
for (const digit of '0123456789') CLASS[digit.charCodeAt(0)] = DIGIT;
for (const white of ' \t\v\f\r') CLASS[white.charCodeAt(0)] = WHITE;
for (const mark of '!#%&()*+,-./:;<=>?[]^{|}~') CLASS[mark.charCodeAt(0)] = PUNCTUATION;

/** Single characters as strings, made once. */
const CHARACTER = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code));

const THREE = new Set(['<<=', '>>=', '...']);
const TWO = new Set('-> ++ -- << >> <= >= == != && || *= /= %= += -= &= ^= |= ##'.split(' '));
/** Characters that begin a punctuator of more than one character. */
const LONGER = new Uint8Array(256);
for (const mark of [...THREE, ...TWO]) LONGER[mark.charCodeAt(0)] = 1;

/** End of the comment that starts at `at`; an unterminated block comment runs to the end of the text. */
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

/** End of a string that starts at `at`: behind its quote, or at the line end when there is none. */
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

/** End of an identifier of which the character at `at` is one; splices within it belong to it. */
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
 * End of a preprocessing number (C11 6.4.8): it swallows letters, dots and the sign behind an exponent letter, and the splices
 * within it.
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

/**
 * Cuts a file into tokens that tile it: where one ends, the next begins. Never fails; a character that
 * begins no token of C is one of kind `Other`. With `start` and `end`, which must stand at ends of logical lines, only
 * that part of the file. `trivia: false` leaves out Space and Comment tokens; then the tokens do not tile.
 */
export function tokenize(
  file: SourceText,
  options?: { readonly dialect?: Dialect; readonly start?: number; readonly end?: number; readonly trivia?: boolean },
): Token[] {
  const dialect = options?.dialect ?? 'cpp';
  const text = file.text;
  const length = options?.end ?? text.length;
  const trivia = options?.trivia ?? true;
  const tokens: Token[] = [];
  let at = options?.start ?? 0;
  let spaceBefore = false;
  // For the comments of gas: nothing but labels stands before this place in its statement, as gas's scrubber tells.
  let statementStart = true;
  let inFirstWord = false;
  while (at < length) {
    const start = at;
    const code = text.charCodeAt(at);
    const kind = code < 256 ? CLASS[code]! : 0;
    let made: TokenKind;
    if (kind === LETTER) {
      at = identifierEnd(text, at, dialect);
      made = TokenKind.Identifier;
    } else if (
      code === BLANK ||
      code === TAB ||
      (kind === WHITE && code !== RETURN) ||
      code === BACKSLASH ||
      code === RETURN
    ) {
      const space = spaceEnd(text, at, dialect);
      if (space.end > at) {
        at = space.end;
        made = TokenKind.Space;
        if (trivia) {
          const spelled = at - start === 1 ? CHARACTER[code]! : text.slice(start, at);
          tokens.push(createToken(made, spelled, file, start, at, spaceBefore, null));
        }
        // A bare splice separates nothing: cpp takes it out before it looks for tokens.
        spaceBefore = spaceBefore || space.blank;
        continue;
      }
      if (code === RETURN) {
        at += 2;
        made = TokenKind.Newline;
      } else {
        at++;
        made = TokenKind.Other;
      }
    } else if (code === LINE_FEED) {
      at++;
      made = TokenKind.Newline;
    } else if (kind === DIGIT || (code === DOT && CLASS[text.charCodeAt(at + 1)] === DIGIT)) {
      at = numberEnd(text, at, dialect);
      made = TokenKind.Number;
    } else if (code === SLASH && (text.charCodeAt(at + 1) === STAR || text.charCodeAt(at + 1) === SLASH)) {
      at = commentEnd(text, at, dialect);
      made = TokenKind.Comment;
    } else if (code === HASH && dialect === 'gas' && statementStart) {
      at = lineEnd(text, at, dialect);
      made = TokenKind.Comment;
    } else if (code === DOUBLE_QUOTE) {
      at = stringEnd(text, at, dialect);
      made = TokenKind.String;
    } else if (code === QUOTE) {
      at = characterEnd(text, at);
      made = at === -1 ? TokenKind.Other : TokenKind.Character;
      if (at === -1) at = start + 1;
    } else if (kind === PUNCTUATION) {
      at = punctuatorEnd(text, at, code, dialect);
      made = TokenKind.Punctuator;
    } else {
      at++;
      made = TokenKind.Other;
    }
    if (made === TokenKind.Comment && !trivia) {
      spaceBefore = true;
      continue;
    }
    const piece = at - start === 1 && code < 256 ? CHARACTER[code]! : text.slice(start, at);
    const spelled = made <= TokenKind.Punctuator && dialect === 'cpp' ? withoutSplices(piece) : piece;
    tokens.push(createToken(made, spelled, file, start, at, spaceBefore, null));
    if (made === TokenKind.Comment) {
      spaceBefore = true;
      continue;
    }
    if (dialect === 'gas') {
      if (made === TokenKind.Newline || code === SEMICOLON || code === OPEN_BRACE || code === CLOSE_BRACE) {
        statementStart = true;
        inFirstWord = false;
      } else if (code === COLON && inFirstWord) {
        statementStart = true;
        inFirstWord = false;
      } else {
        inFirstWord = statementStart || (inFirstWord && !spaceBefore);
        statementStart = false;
      }
    }
    spaceBefore = false;
  }
  return tokens;
}

/** The run of blanks and splices at `at`, and whether there is more in it than bare splices. */
function spaceEnd(text: string, at: number, dialect: Dialect): { end: number; blank: boolean } {
  let end = at;
  let blank = false;
  for (;;) {
    const code = text.charCodeAt(end);
    if (code === BLANK || code === TAB || code === 11 || code === 12) {
      end++;
      blank = true;
    } else if (code === RETURN && text.charCodeAt(end + 1) !== LINE_FEED) {
      end++;
      blank = true;
    } else if (code === BACKSLASH && dialect === 'cpp') {
      const splice = spliceEnd(text, end);
      if (splice === -1) return { end, blank };
      end = splice;
    } else return { end, blank };
  }
}
