/** Splits the arguments of a macro call, as ranges of tokens. */
import { skipTrivia } from './directives.ts';
import { type Token, TokenKind } from './token.ts';

export interface TokenRange {
  readonly first: number;
  readonly last: number;
}

/**
 * Splits the arguments of a call whose opening parenthesis is `tokens[open]`, as cpp does: at the commas that stand in
 * no inner parenthesis, over line ends. The ranges are without blanks, comments and line ends around them; an empty
 * argument has `last < first`. `()` is one empty argument. Null when the parenthesis is not closed up to `last`.
 */
export function splitArguments(
  tokens: readonly Token[],
  open: number,
  last = tokens.length - 1,
): { readonly args: readonly TokenRange[]; readonly close: number } | null {
  const args: TokenRange[] = [];
  let nesting = 0;
  let start = open + 1;
  for (let at = open + 1; at <= last; at++) {
    const { kind, text } = tokens[at]!;
    if (kind !== TokenKind.Punctuator) continue;
    if (text === '(') nesting++;
    else if (nesting === 0 && (text === ',' || text === ')')) {
      args.push(trimmed(tokens, start, at - 1));
      start = at + 1;
      if (text === ')') return { args, close: at };
    } else if (text === ')') nesting--;
  }
  return null;
}

function trimmed(tokens: readonly Token[], start: number, end: number): TokenRange {
  let first = skipTrivia(tokens, start, end);
  while (first <= end && tokens[first]!.kind === TokenKind.Newline) first = skipTrivia(tokens, first + 1, end);
  let last = end;
  while (last >= first && isBlank(tokens[last]!)) last--;
  return { first, last };
}

function isBlank({ kind }: Token): boolean {
  return kind === TokenKind.Space || kind === TokenKind.Comment || kind === TokenKind.Newline;
}
