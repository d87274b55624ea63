/**
 * Stands in dist/plain.cjs for src/macros/expression.ts: plain.ts gives a source up that needs it.
 *
 * @returns {never}
 */
export function evaluateTokens() {
  throw new Error('expressions are for the whole tool');
}
