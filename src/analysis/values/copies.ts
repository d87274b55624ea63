/** Which instructions copy a register unchanged, from grammar/copies.tsv. */
import table from '../../../grammar/copies.tsv';
import type { Effects } from '../../machine/effects.ts';
import { ALL_REGISTERS, REGISTER_COUNT, registerName } from '../../machine/register-numbers.ts';
import { registerByName } from '../../machine/register-table.ts';
import { resourceNamed } from '../../machine/resources.ts';
import { tableRows } from '../../machine/tsv.ts';

/** Stands for all predicate registers as one value, as `mov r=pr` reads them; behind the followed registers. */
export const PREDICATES_AS_ONE = REGISTER_COUNT;

const sources = new Map(tableRows(table).map(([form, source]) => [form!, source!]));

const STEPPED = 'stepped';

/** Does the instruction put a register's value with a constant added to it into what it writes? */
export function isStep({ form }: Effects): boolean {
  return form !== null && sources.get(form.id) === STEPPED;
}

/** Who reads ar.fpsr reads its fields too: they are no operands of their own. */
const FIELDS: ReadonlySet<number> = new Set(
  ALL_REGISTERS.map(registerName)
    .filter((name) => registerByName(name)?.class === 'field')
    .map(resourceNamed),
);

/**
 * The followed register whose value the instruction puts, unchanged, into what it writes; -1 when it computes.
 *
 * @param toRegister followed registers of resources, on the bank that is current
 */
export function copiedRegister({ form, reads, predicate }: Effects, toRegister: Int16Array): number {
  const source = form === null ? undefined : sources.get(form.id);
  if (source === undefined || source === STEPPED) return -1;
  if (source === 'predicates') return PREDICATES_AS_ONE;
  if (source !== 'operand') return toRegister[resourceNamed(source)]!;
  const qualifying = predicate > 0 ? resourceNamed(`p${predicate}`) : -1;
  const registers = reads.filter(
    (resource) => resource !== qualifying && toRegister[resource]! >= 0 && !FIELDS.has(resource),
  );
  return registers.length === 1 ? toRegister[registers[0]!]! : -1;
}
