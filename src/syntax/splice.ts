/** Lines continued with a backslash, which the C preprocessor puts together before it looks for tokens (C11 5.1.1.2). */

const TAB = 9;
const LINE_FEED = 10;
const RETURN = 13;
const BLANK = 32;
const BACKSLASH = 92;

/** If a backslash at `at` splices lines, the offset behind its line feed; else -1. gcc allows blanks between. */
export function spliceEnd(text: string, at: number): number {
  let next = at + 1;
  let code = text.charCodeAt(next);
  while (code === BLANK || code === TAB || code === RETURN || code === 11 || code === 12)
    code = text.charCodeAt(++next);
  return code === LINE_FEED ? next + 1 : -1;
}

/** Behind the splices at `at`; `at` itself when there is none. */
export function behindSplices(text: string, at: number): number {
  let behind = at;
  while (text.charCodeAt(behind) === BACKSLASH) {
    const end = spliceEnd(text, behind);
    if (end === -1) break;
    behind = end;
  }
  return behind;
}

/** A piece of text as the preprocessor reads it: spliced lines put together. */
export function withoutSplices(text: string): string {
  return text.includes('\n') ? text.replace(/\\[ \t\v\f\r]*\n/g, '') : text;
}
