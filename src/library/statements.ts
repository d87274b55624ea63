/** Statements of a tree as plain data. */
import type { Tree, Statement as TreeStatement } from '../syntax/tree.ts';
import { placeOf } from './places.ts';
import type { Statement } from './types.ts';

/** In the order of the file; the statements of a `#define` body follow their directive. */
export function statementsOf(tree: Tree): Statement[] {
  const found: Statement[] = [];
  const add = (statements: readonly TreeStatement[]) => {
    for (const statement of statements) {
      found.push(plain(statement, tree));
      if (statement.kind === 'cpp' && statement.define !== null) add(statement.define.body);
    }
  };
  add(tree.statements);
  return found;
}

function plain(statement: TreeStatement, { file, tokens }: Tree): Statement {
  const start = tokens[statement.first]!.start;
  const end = Math.max(start, tokens[statement.last]?.end ?? start);
  return {
    ...placeOf({ file, start, end }),
    kind: statement.kind,
    name: nameOf(statement),
    text: file.text.slice(start, end),
  };
}

function nameOf(statement: TreeStatement): string | null {
  if (statement.kind === 'instruction') return statement.mnemonic;
  return 'name' in statement ? statement.name : null;
}
