/** Statements as gas's macro language sees them: runs of tokens between line ends, semicolons and braces. */
import { type Token, TokenKind } from '../syntax/token.ts';

/** Whether a token ends a statement (gas's line separators for IA-64 are `;`, `{` and `}`). */
export function endsStatement(token: Token): boolean {
  if (token.kind === TokenKind.Newline) return true;
  if (token.kind !== TokenKind.Punctuator) return false;
  const text = token.text;
  return text === ';' || text === '{' || text === '}';
}

/** Index of the token that ends the statement at `at`, or `tokens.length`. */
export function statementEnd(tokens: readonly Token[], at: number): number {
  let end = at;
  while (end < tokens.length && !endsStatement(tokens[end]!)) end++;
  return end;
}

export interface LeadingWord {
  /** As spelled, with dots; empty when there is no name at this place. */
  readonly text: string;
  /** Index behind the word. */
  readonly next: number;
}

/** Whether `tokens[at]` stands directly behind the token before it. */
export function isAdjacent(tokens: readonly Token[], at: number): boolean {
  return !tokens[at]!.spaceBefore;
}

/** The name at `at`: identifiers, numbers and dots without space between them; `.macro`, `ld8.fill`, `foo`. */
export function wordAt(tokens: readonly Token[], at: number, end: number): LeadingWord {
  let text = '';
  let next = at;
  while (next < end) {
    const token = tokens[next]!;
    if (next > at && token.spaceBefore) break;
    if (token.kind === TokenKind.Identifier || token.text === '.' || (token.kind === TokenKind.Number && text !== ''))
      text += token.text;
    else break;
    next++;
  }
  return { text, next };
}

/** Index after the labels (`name:`, `1:`, `[1:]`) and the qualifying predicate at the start of a statement. */
export function behindLabels(
  tokens: readonly Token[],
  at: number,
  end: number,
  onLabel: (name: string) => void,
): number {
  let next = at;
  for (;;) {
    const first = tokens[next];
    if (first === undefined || next >= end) return next;
    if (first.text === '[') {
      const close = indexOfText(tokens, next, end, ']');
      if (close === -1 || tokens[close - 1]!.text !== ':') return next;
      next = close + 1;
    } else if (first.text === '(') {
      const close = indexOfText(tokens, next, end, ')');
      return close === -1 ? next : close + 1;
    } else {
      const behind = first.kind === TokenKind.Number ? next + 1 : wordAt(tokens, next, end).next;
      if (behind === next || behind >= end || tokens[behind]!.text !== ':') return next;
      if (first.kind !== TokenKind.Number) onLabel(wordAt(tokens, next, end).text);
      next = behind + 1;
      // `name::` is a global label.
      if (next < end && tokens[next]!.text === ':' && isAdjacent(tokens, next)) next++;
    }
  }
}

export function indexOfText(tokens: readonly Token[], from: number, end: number, text: string): number {
  for (let at = from; at < end; at++) if (tokens[at]!.text === text) return at;
  return -1;
}

/** The text of tokens as gas reads it: with one blank where white space was. */
export function textOf(tokens: readonly Token[], from = 0, end = tokens.length): string {
  let text = '';
  for (let at = from; at < end; at++) {
    const token = tokens[at]!;
    text += at > from && token.spaceBefore ? ` ${token.text}` : token.text;
  }
  return text;
}
