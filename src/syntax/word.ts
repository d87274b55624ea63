/** Words of the assembler (`ld8.fill`, `.L1`, `r\\n\\()x`), joined from cpp's tokens. */
import { skipTrivia } from './directives.ts';
import { type Token, TokenKind } from './token.ts';

/**
 * The last token of the word that starts at `at`, or `at - 1` when none does. A word is a run of tokens with nothing between them;
 * `##` may stand between its parts.
 */
export function wordEnd(tokens: readonly Token[], at: number, last: number): number {
  let end = startPiece(tokens, at, last);
  if (end < at) return end;
  for (;;) {
    const next = behindSplice(tokens, end + 1, last);
    if (next > last) return end;
    const more = tokens[next]!.spaceBefore ? pasteEnd(tokens, next, last) : continuePiece(tokens, next, last);
    if (more < next) return end;
    end = more;
  }
}

/** `at`, or the next index when the token at `at` is a line splice without blanks, which separates nothing. */
export function behindSplice(tokens: readonly Token[], at: number, last: number): number {
  return at < last && tokens[at]!.kind === TokenKind.Space && !tokens[at + 1]!.spaceBefore ? at + 1 : at;
}

/** The last token of `## piece`, with blanks anywhere in it, or `at - 1`. */
function pasteEnd(tokens: readonly Token[], at: number, last: number): number {
  const paste = skipTrivia(tokens, at, last);
  if (paste > last || tokens[paste]!.text !== '##') return at - 1;
  const next = skipTrivia(tokens, paste + 1, last);
  if (next > last) return at - 1;
  if (tokens[next]!.text === '.') return next;
  const end = startPiece(tokens, next, last);
  return end < next ? at - 1 : end;
}

/** `_&n`: with `.altmacro`, gas puts the argument n into a name so. Only the name at the start of a statement is certain. */
export function ampersandEnd(tokens: readonly Token[], at: number, last: number): number {
  let end = at;
  while (
    end + 2 <= last &&
    tokens[end + 1]!.text === '&' &&
    !tokens[end + 1]!.spaceBefore &&
    !tokens[end + 2]!.spaceBefore
  ) {
    const more = wordEnd(tokens, end + 2, last);
    if (more < end + 2) break;
    end = more;
  }
  return end;
}

/** The last token of a word's first piece, or `at - 1`. */
function startPiece(tokens: readonly Token[], at: number, last: number): number {
  const token = tokens[at]!;
  if (token.kind === TokenKind.Identifier || token.kind === TokenKind.Number) return at;
  switch (token.text) {
    case '.':
    case '@':
    case '?':
    case '$':
    case '...': {
      // A lone `.` is the location counter; with a name or a number directly behind it begins a word.
      const follower = behindSplice(tokens, at + 1, last);
      if (follower > last || tokens[follower]!.spaceBefore) return at - 1;
      const next = tokens[follower]!;
      const joins =
        next.kind === TokenKind.Identifier ||
        next.kind === TokenKind.Number ||
        next.text === '\\' ||
        isJoint(next.text);
      return joins ? at : at - 1;
    }
    case '\\':
      return backslashEnd(tokens, at, last);
    case '##': {
      const next = skipTrivia(tokens, at + 1, last);
      return next <= last && tokens[next]!.kind <= TokenKind.Number ? next : at - 1;
    }
  }
  return at - 1;
}

function isJoint(text: string): boolean {
  return text === '.' || text === '...' || text === '@' || text === '?' || text === '$';
}

/** The last token of a further piece of a word, or `at - 1`. */
function continuePiece(tokens: readonly Token[], at: number, last: number): number {
  const token = tokens[at]!;
  if (token.kind === TokenKind.Identifier || token.kind === TokenKind.Number || isJoint(token.text)) return at;
  if (token.text === '\\') return backslashEnd(tokens, at, last);
  if (token.text === '##' || token.kind === TokenKind.Space || token.kind === TokenKind.Comment)
    return pasteEnd(tokens, at, last);
  // `foo#` is gas's way to say that foo is no register.
  if (token.text === '#') return at;
  return at - 1;
}

/** `\\name`, `\\@`, `\\()` of gas's macros. */
function backslashEnd(tokens: readonly Token[], at: number, last: number): number {
  if (at >= last || tokens[at + 1]!.spaceBefore) return at - 1;
  const next = tokens[at + 1]!;
  if (
    next.kind === TokenKind.Identifier ||
    next.kind === TokenKind.Number ||
    next.text === '@' ||
    next.text === '&' ||
    next.text === '+'
  )
    return at + 1;
  return next.text === '(' && at + 2 <= last && tokens[at + 2]!.text === ')' ? at + 2 : at - 1;
}

/** The texts of the tokens, joined without blanks and comments. */
export function tokensText(tokens: readonly Token[], first: number, last: number): string {
  let text = '';
  for (let at = first; at <= last; at++) {
    const { kind } = tokens[at]!;
    if (kind !== TokenKind.Space && kind !== TokenKind.Comment) text += tokens[at]!.text;
  }
  return text.length > 1 && text.endsWith('#') && text[0] !== '#' ? text.slice(0, -1) : text;
}

/** Whether a name has no lower-case letter. */
export function isUpperCase(name: string): boolean {
  for (let at = 0; at < name.length; at++) {
    const code = name.charCodeAt(at);
    if (code >= 97 && code <= 122) return false;
  }
  return true;
}

/** Whether a string token has its closing quote, which no backslash may precede. `#x` in a macro's body is no string yet, and counts as closed. */
export function isClosed(text: string): boolean {
  if (text.charCodeAt(0) !== 34) return true;
  let at = text.length - 2;
  while (text[at] === '\\') at--;
  return text.length > 1 && text.endsWith('"') && (text.length - at) % 2 === 0;
}
