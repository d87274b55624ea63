/**
 * Predicates that a compare wrote together. At most one of the two is true; and exactly one, where no operand was a NaT: a
 * NaT clears both (SDM vol. 1, 4.3.3; vol. 3, cmp). A pair is one byte: the number of the other predicate, and EXACTLY_ONE;
 * 0: nothing is known.
 */
import { isPredicate, predicateNumber } from '../../machine/register-numbers.ts';
import type { ProgramInstruction } from '../program/program.ts';

const PREDICATES = 64;
const EXACTLY_ONE = 0x40;

/** By predicate: the pair it is one of. */
export type Pairs = Uint8Array;

export function noPairs(): Pairs {
  return new Uint8Array(PREDICATES);
}

/** The predicate that is surely false where the one of this pair is true; 0: none. */
export function excludedBy(pair: number): number {
  return pair & ~EXACTLY_ONE;
}

/** The predicate that is surely the opposite of the one of this pair; 0: none. */
export function complementIn(pair: number): number {
  return (pair & EXACTLY_ONE) === 0 ? 0 : pair & ~EXACTLY_ONE;
}

/** The pair with a predicate that is the opposite. */
export function oppositeOf(predicate: number): number {
  return predicate | EXACTLY_ONE;
}

export function forgetPair(pairs: Pairs, predicate: number): void {
  pairs[excludedBy(pairs[predicate]!)] = 0;
  pairs[predicate] = 0;
}

/** Joins `from` into `into`, which keeps what holds in both; true when that changed `into`. */
export function joinPairs(into: Pairs, from: Pairs): boolean {
  let changed = false;
  for (let predicate = 1; predicate < PREDICATES; predicate++) {
    const known = into[predicate]!;
    if (known === 0 || known === from[predicate]) continue;
    const joined = excludedBy(known) === excludedBy(from[predicate]!) ? excludedBy(known) : 0;
    if (joined === known) continue;
    into[predicate] = joined;
    changed = true;
  }
  return changed;
}

/**
 * Takes note of what a compare wrote: behind forgetting what was known of its predicates.
 *
 * @param mayBeNat whether one of its operands may be a NaT
 */
export function pairCompared(
  pairs: Pairs,
  { effects }: ProgramInstruction,
  toRegister: Int16Array,
  mayBeNat: boolean,
): void {
  const complements = effects.form?.complements ?? null;
  if (complements === null) return;
  // Under a predicate only `.unc` writes both in any case; it clears both where the predicate is false.
  if (effects.predicate !== 0 && (effects.unconditionalWrites?.length ?? 0) < 2) return;
  const written = effects.writes.filter((resource) => isPredicate(toRegister[resource]!));
  if (written.length !== 2) return;
  const [first, second] = written.map((resource) => predicateNumber(toRegister[resource]!)) as [number, number];
  const exactly = effects.predicate === 0 && (complements === 'always' || !mayBeNat) ? EXACTLY_ONE : 0;
  pairs[first] = second | exactly;
  pairs[second] = first | exactly;
}
