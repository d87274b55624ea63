/** Which instructions copy a register unchanged, from grammar/copies.tsv. */
import table from '../../grammar/copies.tsv';
import type { Effects } from './effects.ts';
import { ALL_REGISTERS, isGeneral, isStacked, REGISTER_COUNT, registerName } from './register-numbers.ts';
import { registerByName } from './register-table.ts';
import { PR, resourceNamed } from './resources.ts';
import { tableRows } from './tsv.ts';

/** A pseudo-register for all predicates as one value, as `mov r=pr` reads them; numbered after the followed registers. */
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
  const qualifying = predicate > 0 ? PR(predicate) : -1;
  const registers = reads.filter(
    (resource) => resource !== qualifying && toRegister[resource]! >= 0 && !FIELDS.has(resource),
  );
  return registers.length === 1 ? toRegister[registers[0]!]! : -1;
}

/**
 * The followed register that the instruction reads only for whoever reads its copy, and the copy: nobody unseen is presumed to
 * want it. Null where there is none, and where the copy is a stacked register: a call hides it, and code out of sight of its name
 * may still find it on the stack.
 */
export function idleCopy(effects: Effects, toRegister: Int16Array): { from: number; to: number } | null {
  if (effects.form === null || effects.results.length > 0 || effects.predicate !== 0) return null;
  const from = copiedRegister(effects, toRegister);
  if (from < 0 || from === PREDICATES_AS_ONE) return null;
  const to = effects.writes.map((resource) => toRegister[resource]!).find(isGeneral);
  return to === undefined || isStacked(to) ? null : { from, to };
}
