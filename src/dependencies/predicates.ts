/** The relations between predicates that an instruction establishes, and those that it invalidates: the rules of gas. */

import { compareType } from '../machine/compare-types.ts';
import type { Effects, Form } from '../machine/effects.ts';
import { FIRST_ROTATING, registerFor } from '../machine/purposes.ts';
import { PR, RESOURCE_COUNT } from '../machine/resources.ts';
import { resolveRegister } from '../machine/scope.ts';
import type { Instruction } from '../syntax/tree.ts';
import { type Marks, renewPredicate } from './marks.ts';
import {
  compare,
  complement,
  forget,
  NO_PREDICATES,
  type PredicateRelations,
  type PredicateSet,
  predicateSet,
} from './relations.ts';

const PREDICATES = 64;
const CFM = registerFor('frame-marker').resource;

/** The number of a resource that is a predicate; -1 for any other resource. */
const numberOf = Int16Array.from({ length: RESOURCE_COUNT }, () => -1);
for (let number = 1; number < PREDICATES; number++) numberOf[PR(number)] = number;

/** The bits of the number 68, see below. */
const MISREAD = [2, 6];

const ROTATING = predicateSet(
  ...Array.from({ length: PREDICATES - FIRST_ROTATING.pr }, (_, index) => FIRST_ROTATING.pr + index),
);

/** Takes note of what an instruction does to predicates. `safe`: those that calls are said to keep. */
export function followPredicates(
  marks: Marks,
  relations: PredicateRelations,
  { mnemonic }: Instruction,
  effects: Effects,
  safe: readonly number[],
): void {
  const { branch, form, writes } = effects;
  if (branch?.kind === 'call') {
    const clobbered = complement(predicateSet(...safe));
    for (let predicate = 1; predicate < PREDICATES; predicate++)
      if (!safe.includes(predicate)) renewPredicate(marks, predicate);
    forget(relations, clobbered);
    return;
  }
  if (relations.asAssembler && form?.operandClass[0]?.startsWith('pr') === true) {
    // It reads the kind of the mask operand, number 68 of its list of kinds, for the mask.
    if (form.operandClass.includes('mask17')) {
      for (const predicate of MISREAD) renewPredicate(marks, predicate);
      forget(relations, predicateSet(...MISREAD));
    }
    return;
  }
  // It takes loop branches to leave p63 as it is.
  if (relations.asAssembler && branch?.kind === 'loop') {
    if (writes.includes(CFM)) forget(relations, ROTATING);
    return;
  }
  const written = writtenPredicates(marks, writes);
  const rotates = writes.includes(CFM);
  if (written === NO_PREDICATES && !rotates) return;
  if (rotates) forget(relations, { low: written.low | ROTATING.low, high: written.high | ROTATING.high });
  else if (form !== null && isCompare(form)) {
    const [first, second] = writes.map((resource) => numberOf[resource]!).filter((number) => number > 0);
    compare(relations, compareType(mnemonic), first ?? 0, second ?? 0, effects.predicate);
  } else forget(relations, written);
}

function writtenPredicates(marks: Marks, writes: readonly number[]): PredicateSet {
  let low = 0;
  let high = 0;
  for (let at = 0; at < writes.length; at++) {
    const predicate = numberOf[writes[at]!]!;
    if (predicate < 0) continue;
    renewPredicate(marks, predicate);
    if (predicate < 32) low |= 1 << predicate;
    else high |= 1 << (predicate - 32);
  }
  return low === 0 && high === 0 ? NO_PREDICATES : { low, high };
}

/** Both what the manual and what the assembler takes for a compare. */
const isCompare = ({ complements, parallel }: Form): boolean => complements != null || (parallel?.length ?? 0) > 0;

/**
 * Two parallel compares may write one predicate in one group when both only set it or both only clear it. Null when one
 * of them is none. gas takes a mixed one (`.or.andcm`) to agree with a mixed one only.
 */
export function parallelWrites(
  first: Instruction,
  firstEffects: Effects,
  second: Instruction,
  resource: number,
): 'agree' | 'differ' | null {
  if (numberOf[resource]! < 0) return null;
  const one = parallelType(first, firstEffects.writes, resource);
  if (one === null) return null;
  const other = parallelType(second, null, resource);
  if (other === null) return null;
  return one === other ? 'agree' : 'differ';
}

/** How a compare writes one of its targets: sets it (or), clears it (and), alone or with the opposite for the other. */
function parallelType(
  { mnemonic, outputs }: Instruction,
  writes: readonly number[] | null,
  resource: number,
): string | null {
  const type = compareType(mnemonic);
  if (type === 'and' || type === 'or') return type;
  if (type !== 'or.andcm' && type !== 'and.orcm') return null;
  const first = outputs[0]?.kind === 'name' ? resolveRegister(outputs[0].name) : undefined;
  const isFirst = first === undefined ? writes?.[0] === resource : first.resource === resource;
  return isFirst === (type === 'or.andcm') ? 'mixed or' : 'mixed and';
}
