import { type Token, TokenKind } from '../syntax/token.ts';

/** Operators that would swallow a `=` behind them. */
const TAKES_EQUAL = new Set(['=', '!', '>', '<', '+', '-', '*', '/', '%', '&', '|', '^', '>>', '<<']);

/** What the second token may not begin with, by the first. */
const TAKES: Readonly<Record<string, string>> = {
  '>': '>',
  '<': '<%:',
  '+': '+',
  '-': '->',
  '/': '/*',
  '%': ':>',
  '&': '&',
  '|': '|',
  ':': ':>',
  '->': '*',
  '.': '.%',
  '#': '#%',
};

/** Whether a number could be the tail of an identifier: `2`, `1f`, but not `1.5`. */
function isWord(number: string): boolean {
  return /^\w+$/.test(number);
}

/**
 * Whether two tokens that an expansion brought together would read as something else without a space between them.
 * The rule is that of gcc (cpp_avoid_paste), because the assembler must see the same text: `#define N 8` makes `N.s`
 * into `8 .s`, but leaves `ld8.N` at `ld8.8`.
 */
export function needsSpace(first: Token, second: Token): boolean {
  const { kind } = second;
  switch (first.kind) {
    case TokenKind.Identifier:
      if (kind === TokenKind.Number) return isWord(second.text);
      return kind === TokenKind.Identifier || kind === TokenKind.String || kind === TokenKind.Character;
    case TokenKind.Number: {
      if (kind === TokenKind.Number || kind === TokenKind.Identifier || kind === TokenKind.Character) return true;
      if (kind !== TokenKind.Punctuator) return false;
      const next = second.text[0];
      return next === '.' || next === '+' || next === '-';
    }
    case TokenKind.Other:
      return first.text === '\\' && kind === TokenKind.Identifier;
    case TokenKind.Punctuator: {
      if (first.text === '.' && kind === TokenKind.Number) return true;
      if (kind !== TokenKind.Punctuator) return false;
      const next = second.text[0]!;
      if (next === '=' && TAKES_EQUAL.has(first.text)) return true;
      return TAKES[first.text]?.includes(next) ?? false;
    }
    default:
      return false;
  }
}
