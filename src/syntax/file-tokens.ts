/**
 * Tokens of files that are asked for in parts, by the preprocessor, and as a whole, for a tree: such a file is cut once, before
 * anybody asks for a part. Other files, headers of a kernel most of them, are cut where somebody asks, and there alone.
 */
import type { SourceText } from './source.ts';
import { type Token, TokenKind } from './token.ts';
import { createToken, tokenize } from './tokenize.ts';

/** Files that were cut as a whole and have no tree yet, by which their tokens are taken over. */
const whole = new WeakMap<SourceText, Token[]>();

/** Cuts a file of cpp as a whole, as one of which there will be a tree. */
export function cutWhole(file: SourceText): void {
  if (!whole.has(file)) whole.set(file, tokenize(file));
}

/** All tokens of a file of cpp, which tile it, for its tree: nobody is to ask for them again. */
export function takeWhole(file: SourceText): Token[] {
  const tokens = whole.get(file) ?? tokenize(file);
  whole.delete(file);
  return tokens;
}

/**
 * The tokens between two offsets at which tokens begin or end, without blanks and comments. In front of the first one there is no
 * space, whatever stands there, unless it is between the offsets.
 */
export function tokensBetween(file: SourceText, start: number, end: number): Token[] {
  const tokens = whole.get(file);
  if (tokens === undefined) return tokenize(file, { start, end, trivia: false });
  const found: Token[] = [];
  for (let at = firstFrom(tokens, start); at < tokens.length && tokens[at]!.start < end; at++) {
    const token = tokens[at]!;
    if (token.kind !== TokenKind.Space && token.kind !== TokenKind.Comment) found.push(token);
  }
  const first = found[0];
  if (first?.start === start && first.spaceBefore)
    found[0] = createToken(first.kind, first.text, file, first.start, first.end, false, null);
  return found;
}

/** The index of the first token that begins at an offset or behind it. */
function firstFrom(tokens: readonly Token[], offset: number): number {
  let low = 0;
  let high = tokens.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (tokens[middle]!.start < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
