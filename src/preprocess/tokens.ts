/** Tokens as the preprocessor works with them: without blanks and comments, and some marked as not to be expanded. */

import { tokensBetween } from '../syntax/file-tokens.ts';
import type { SourceText } from '../syntax/source.ts';
import { type MacroUse, type Token, TokenKind } from '../syntax/token.ts';
import { createToken } from '../syntax/tokenize.ts';

/**
 * Stands between tokens of a macro expansion where a space may be due: as gcc's CPP_PADDING. `source` is the token
 * whose `spaceBefore` decides; null leaves it to the token that follows.
 */
export interface Padding {
  readonly kind: -1;
  readonly source: Token | null;
}

/** What an expansion consists of while it is being made. */
export type Item = Token | Padding;

/** Says that the neighbours were not adjacent as spelled, so that a space may be needed to keep them apart. */
export const AVOID_PASTE: Padding = { kind: -1, source: null };

/** A name that may never be expanded again: it was met inside the expansion of its own macro (C11 6.10.3.4). */
interface PaintedToken extends Token {
  readonly painted: true;
}

export function paint(token: Token): Token {
  const { kind, text, file, start, end, spaceBefore, use } = token;
  const painted: PaintedToken = { kind, text, file, start, end, spaceBefore, use, painted: true };
  return painted;
}

export function isPainted(token: Token): boolean {
  return (token as Partial<PaintedToken>).painted === true;
}

/** The same token with another `spaceBefore`. */
export function withSpace(token: Token, spaceBefore: boolean): Token {
  if (token.spaceBefore === spaceBefore) return token;
  const copy = createToken(token.kind, token.text, token.file, token.start, token.end, spaceBefore, token.use);
  return isPainted(token) ? paint(copy) : copy;
}

/** The same token carried by one more step of macro expansion. */
export function withUse(token: Token, use: MacroUse): Token {
  const copy = createToken(token.kind, token.text, token.file, token.start, token.end, token.spaceBefore, use);
  return isPainted(token) ? paint(copy) : copy;
}

/**
 * The tokens of the whole lines `start` to `end` of a file without blanks, comments and empty lines. A last line
 * without line end gets a Newline of no width when `end` is the end of the file.
 */
export function significantTokens(file: SourceText, start: number, end: number): readonly Token[] {
  const kept: Token[] = [];
  let lineIsEmpty = true;
  let literal = false;
  const tokens = tokensBetween(file, start, end);
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at]!;
    const { kind } = token;
    if (kind === TokenKind.Newline) {
      if (!lineIsEmpty) kept.push(token);
      lineIsEmpty = true;
      literal = false;
      continue;
    }
    lineIsEmpty = false;
    // An apostrophe without a partner makes the rest of its line literal, as in gcc's assembler mode.
    if (literal && kind === TokenKind.Identifier) kept.push(paint(token));
    else kept.push(token);
    if (!literal && isLoneQuote(token)) literal = true;
  }
  if (!lineIsEmpty && end === file.text.length)
    kept.push(createToken(TokenKind.Newline, '', file, end, end, false, null));
  return kept;
}

function isLoneQuote(token: Token): boolean {
  if (token.kind === TokenKind.Other) return token.text === "'";
  return token.kind === TokenKind.Character && (token.text.length === 1 || !token.text.endsWith("'"));
}
