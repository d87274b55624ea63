/**
 * Tokens of files. A file that needs a tree is also read by the preprocessor, in parts: it is tokenized once, as a whole, and both
 * use these tokens. Other files, mostly kernel headers, are tokenized in the parts that the preprocessor reads.
 */
import { countUpTo } from './search.ts';
import type { SourceText } from './source.ts';
import { type Token, TokenKind } from './token.ts';
import { createToken, tokenize } from './tokenize.ts';

/** Tokens of files that were tokenized as a whole and have no tree yet; the tree takes them out. */
const whole = new WeakMap<SourceText, Token[]>();

/** Tokenizes a file that cpp reads as a whole, because there will be a tree of it. */
export function cutWhole(file: SourceText): void {
  if (!whole.has(file)) whole.set(file, tokenize(file));
}

/** Returns all tokens of a file that cpp reads, which tile it, and forgets them: its tree keeps them from then on. */
export function takeWhole(file: SourceText): Token[] {
  const tokens = whole.get(file) ?? tokenize(file);
  whole.delete(file);
  return tokens;
}

/**
 * The tokens between two offsets, without blanks and comments; both offsets must be at token boundaries. `spaceBefore` of the first
 * token is false unless the space is between the offsets.
 */
export function tokensBetween(file: SourceText, start: number, end: number): Token[] {
  const tokens = whole.get(file);
  if (tokens === undefined) return tokenize(file, { start, end, trivia: false });
  const found: Token[] = [];
  for (
    let at = countUpTo(tokens, start - 1, (token) => token.start);
    at < tokens.length && tokens[at]!.start < end;
    at++
  ) {
    const token = tokens[at]!;
    if (token.kind !== TokenKind.Space && token.kind !== TokenKind.Comment) found.push(token);
  }
  const first = found[0];
  if (first?.start === start && first.spaceBefore)
    found[0] = createToken(first.kind, first.text, file, first.start, first.end, false, null);
  return found;
}
