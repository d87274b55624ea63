/** Braces of explicit bundles: the assembler refuses what has no partner. */
import type { Diagnostic } from '../syntax/diagnostic.ts';
import type { Token } from '../syntax/token.ts';
import type { Statement } from '../syntax/tree.ts';

/** An error for each `{` and `}` of preprocessed code that has no partner. */
export function unbalancedBundles(statements: readonly Statement[], tokens: readonly Token[]): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  const report = (statement: Statement, message: string) => {
    const { file, start, end } = tokens[statement.first]!;
    diagnostics.push({ severity: 'error', message, file, start, end });
  };
  let open: Statement | null = null;
  for (const statement of statements) {
    if (statement.kind === 'bundleOpen') {
      if (open !== null) report(open, "'{' is not closed before the next one");
      open = statement;
    } else if (statement.kind === 'bundleClose') {
      if (open === null) report(statement, "'}' closes no bundle");
      open = null;
    }
  }
  if (open !== null) report(open, "'{' is not closed");
  return diagnostics;
}
