/** Absolute expressions of gas's macro language: `.if`, `.rept`, `name = value`, `%(...)`. */
import { psrBitMask } from '../machine/constants.ts';
import { evaluateNumber } from '../syntax/evaluate.ts';
import { parseExpression } from '../syntax/parse.ts';
import type { Token } from '../syntax/token.ts';
import type { Expression } from '../syntax/tree.ts';
import type { SymbolValue } from './definition-types.ts';

/** A value; null when only the assembler can compute it; undefined when the text is no expression. */
export type ExpressionValue = bigint | null | undefined;

/**
 * Evaluates `tokens[from..end)`, which must be one expression.
 *
 * @param symbols values of the symbols defined so far; any other name is unknown, as it may be defined later
 */
export function evaluateTokens(
  tokens: readonly Token[],
  from: number,
  end: number,
  symbols: ReadonlyMap<string, SymbolValue>,
): ExpressionValue {
  const { expression, errors } = parseExpression(tokens, from, end - 1);
  if (expression === null || errors.length > 0) return undefined;
  let isKnown = true;
  let isAbsolute = true;
  const value = evaluateNumber(expression, (leaf) => {
    const known = leafValue(leaf, symbols);
    if (known === null) isKnown = false;
    else if (known === undefined) isAbsolute = false;
    return known ?? undefined;
  });
  return isAbsolute && !isKnown ? null : value;
}

function leafValue(leaf: Expression, symbols: ReadonlyMap<string, SymbolValue>): ExpressionValue {
  switch (leaf.kind) {
    case 'name':
      return symbols.get(leaf.name) ?? psrBitMask(leaf.name) ?? null;
    case 'here':
    case 'local':
      return null;
    default:
      return undefined;
  }
}
