/** Compares that always come out the same, from grammar/equal-operands.tsv: `cmp.eq p6,p0=r0,r0` is how code sets a predicate. */
import table from '../../grammar/equal-operands.tsv';
import type { Instruction } from '../syntax/tree.ts';
import type { Effects } from './effects.ts';
import { ZERO_REGISTER } from './purposes.ts';
import { tableRows } from './tsv.ts';

const relations = new Map(tableRows(table).map(([relation, holds]) => [relation!, holds === 'yes']));

/** The predicates that a compare of r0 with itself sets and clears, by name; null for any other instruction. */
export function decidedCompare(
  { form }: Effects,
  statement: Instruction,
): { readonly set: string | null; readonly cleared: string | null } | null {
  if (form === null || form.complements === null || statement.inputs.length !== 2) return null;
  const holds = relations.get(statement.mnemonic.split('.')[1] ?? '');
  if (holds === undefined || !statement.inputs.every((input) => input.kind === 'name' && input.name === ZERO_REGISTER))
    return null;
  const [first = null, second = null] = statement.outputs.map((output) =>
    output.kind === 'name' ? output.name : null,
  );
  return holds ? { set: first, cleared: second } : { set: second, cleared: first };
}
