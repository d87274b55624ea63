/** Character scanning below the level of tokens: what finding the directives of a file needs, and no more. */
import { behindSplices, spliceEnd } from '../syntax/splice.ts';

const TAB = 9;
const LINE_FEED = 10;
const RETURN = 13;
const BLANK = 32;
const DOUBLE_QUOTE = 34;
const QUOTE = 39;
const STAR = 42;
const SLASH = 47;
const BACKSLASH = 92;

/** Behind blanks, block comments and line splices; stops at `end`, at a line end and at anything else. */
export function skipBlanks(text: string, from: number, end: number): number {
  let at = from;
  while (at < end) {
    const code = text.charCodeAt(at);
    if (code === BLANK || code === TAB || code === RETURN || code === 11 || code === 12) at++;
    else if (code === BACKSLASH) {
      const next = spliceEnd(text, at);
      if (next === -1) return at;
      at = next;
    } else if (code === SLASH && text.charCodeAt(at + 1) === STAR) {
      const close = text.indexOf('*/', at + 2);
      at = close === -1 ? end : close + 2;
    } else return at;
  }
  return Math.min(at, end);
}

/** Offset after the identifier at `from`, with the splices in it; `from` itself when there is none. */
export function identifierEnd(text: string, from: number): number {
  let at = from;
  let code = text.charCodeAt(at);
  if (code >= 48 && code <= 57) return from;
  while (isWordCode(code)) {
    code = text.charCodeAt(++at);
    if (code !== BACKSLASH) continue;
    const next = behindSplices(text, at);
    if (!isWordCode(text.charCodeAt(next))) return at;
    at = next;
    code = text.charCodeAt(at);
  }
  return at;
}

function isWordCode(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95 || (code >= 48 && code <= 57);
}

/**
 * Offset of the line feed (or the end of the text) that ends the logical line of `from`, and the start of a block
 * comment that never closes, or -1. `comment` is the first block comment at or behind `from`, or -1.
 */
export function logicalLineEnd(text: string, from: number, comment: number): { end: number; openComment: number } {
  let at = from;
  for (;;) {
    const feed = text.indexOf('\n', at);
    const end = feed === -1 ? text.length : feed;
    if (comment !== -1 && comment < end) return scanLine(text, from);
    if (feed === -1 || !isSpliced(text, feed, from)) return { end, openComment: -1 };
    at = feed + 1;
  }
}

function isSpliced(text: string, feed: number, from: number): boolean {
  let at = feed - 1;
  let code = text.charCodeAt(at);
  while (at > from && code <= BLANK && code !== LINE_FEED) code = text.charCodeAt(--at);
  return at >= from && code === BACKSLASH;
}

/** The same, character by character, for a line that holds block comments, strings and so on. */
function scanLine(text: string, from: number): { end: number; openComment: number } {
  const { length } = text;
  let at = from;
  while (at < length) {
    const code = text.charCodeAt(at);
    if (code === LINE_FEED) return { end: at, openComment: -1 };
    if (code === SLASH && text.charCodeAt(at + 1) === STAR) {
      const close = text.indexOf('*/', at + 2);
      if (close === -1) return { end: length, openComment: at };
      at = close + 2;
    } else if (code === SLASH && text.charCodeAt(at + 1) === SLASH) return logicalLineEnd(text, at, -1);
    else if (code === DOUBLE_QUOTE || code === QUOTE) at = quotedEnd(text, at, code);
    else if (code === BACKSLASH) {
      const next = spliceEnd(text, at);
      at = next === -1 ? at + 1 : next;
    } else at++;
  }
  return { end: length, openComment: -1 };
}

/** Behind a string or character constant. A quote without a partner takes the rest of its line, as in gcc. */
function quotedEnd(text: string, from: number, quote: number): number {
  let at = from + 1;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === quote) return at + 1;
    if (code === LINE_FEED) return at;
    if (code === BACKSLASH) {
      const next = spliceEnd(text, at);
      at = next === -1 ? at + 2 : next;
    } else at++;
  }
  return text.length;
}
