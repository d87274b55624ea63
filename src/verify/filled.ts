/** A listing of alternative C with the table that it is linked with, filled for a target. Made from the texts as they are written. */
import { TABLE, wordsSymbol } from '../expand/table-files.ts';
import type { Statement } from '../syntax/tree.ts';

/** The statements with the table as `pv_table_fill` leaves it. */
export function filledStatements(statements: readonly Statement[], target: string): readonly Statement[] {
  const [table, words] = [wordsAt(statements, TABLE), wordsAt(statements, wordsSymbol(target))];
  if (table.length !== words.length) return statements;
  const made = [...statements];
  table.forEach((at, word) => {
    const { first, last } = statements[at]!;
    made[at] = { ...statements[words[word]!]!, first, last };
  });
  return made;
}

/** The words behind a label, up to what is neither a word nor a label. */
function wordsAt(statements: readonly Statement[], label: string): number[] {
  const found: number[] = [];
  let at = statements.findIndex((statement) => statement.kind === 'label' && statement.name === label);
  for (at++; at > 0 && at < statements.length; at++) {
    const statement = statements[at]!;
    if (isWord(statement)) found.push(at);
    else if (statement.kind !== 'label' && !isGlobal(statement)) break;
  }
  return found;
}

function isWord(statement: Statement): boolean {
  return statement.kind === 'instruction' ? statement.mnemonic === 'data8' : isDirective(statement, 'data8');
}

function isGlobal(statement: Statement): boolean {
  return isDirective(statement, '.global');
}

function isDirective(statement: Statement, name: string): boolean {
  return statement.kind === 'directive' && statement.name === name;
}
