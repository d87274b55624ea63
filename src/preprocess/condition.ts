/** The conditions of #if and its kin, parsed. Most are `defined(X)` and the like and need no expansion (evaluate.ts). */
import { type Token, TokenKind } from '../syntax/token.ts';

/** A condition parsed once for all runs. */
export interface ParsedCondition {
  /** The names that it tests, whether by `defined` or by value, each once. */
  readonly names: readonly string[];
  /** For a chain of `defined` by && or by ||: its terms. Null when the condition is an expression. */
  readonly terms: readonly DefinedTest[] | null;
  readonly any: boolean;
}

/** `defined(name)`, or its negation. */
export interface DefinedTest {
  readonly name: string;
  readonly negated: boolean;
}

const OPERATORS = new Set(['defined', '__has_include', '__has_include_next', '__has_attribute', '__has_builtin']);

/** @param tokens what follows the directive's keyword */
export function parseCondition(keyword: string, tokens: readonly Token[]): ParsedCondition {
  if (keyword.endsWith('def')) {
    const name = tokens[0];
    if (name?.kind !== TokenKind.Identifier) return { names: [], terms: null, any: false };
    return { names: [name.text], terms: [{ name: name.text, negated: keyword.endsWith('ndef') }], any: true };
  }
  const names = new Set<string>();
  for (const token of tokens)
    if (token.kind === TokenKind.Identifier && !OPERATORS.has(token.text)) names.add(token.text);
  return { names: [...names], ...parseChain(tokens) };
}

/** `defined X && !defined(Y) && ...`, or the same with ||; `terms` is null for anything else. */
function parseChain(tokens: readonly Token[]): { terms: DefinedTest[] | null; any: boolean } {
  const none = { terms: null, any: false };
  const terms: DefinedTest[] = [];
  let joint: string | null = null;
  let at = 0;
  for (;;) {
    let negated = false;
    for (; tokens[at]?.text === '!'; at++) negated = !negated;
    if (tokens[at]?.text !== 'defined') return none;
    const bracket = tokens[at + 1]?.text === '(';
    const name = tokens[at + (bracket ? 2 : 1)];
    if (name?.kind !== TokenKind.Identifier || (bracket && tokens[at + 3]?.text !== ')')) return none;
    terms.push({ name: name.text, negated });
    at += bracket ? 4 : 2;
    const joining = tokens[at++]?.text;
    if (joining === undefined) return { terms, any: joint === '||' };
    if ((joining !== '&&' && joining !== '||') || (joint !== null && joining !== joint)) return none;
    joint = joining;
  }
}
