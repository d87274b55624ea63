/**
 * What is known of predicates while code is read from top to bottom: which exclude each other (at most one of them is true)
 * and which imply each other. Two accesses whose predicates exclude each other never both happen, so they are no dependency
 * violation. The knowledge comes from compares (`cmp p6,p7` makes p6 and p7 exclude each other) and from `.pred.rel`; it is
 * lost when a predicate is written otherwise, at calls and at branches (gas manual, "Dependency violation checking";
 * gas/config/tc-ia64.c is the yardstick).
 *
 * A relation has an age: the number of labels since the last branch that is always taken. Control that enters at a label
 * has only executed what is behind it, so a relation holds for an access only if it was established at or behind the label
 * in front of that.
 */
import type { CompareType } from '../machine/compare-types.ts';

/** A set of the predicates p0-p63: p0-p31 in `low`, p32-p63 in `high`. */
export interface PredicateSet {
  readonly low: number;
  readonly high: number;
}

export const NO_PREDICATES: PredicateSet = { low: 0, high: 0 };
export const FULL_PREDICATE_SET: PredicateSet = { low: -1, high: -1 };

export function predicateSet(...predicates: readonly number[]): PredicateSet {
  let low = 0;
  let high = 0;
  for (const predicate of predicates) {
    if (predicate < 32) low |= 1 << predicate;
    else high |= 1 << (predicate - 32);
  }
  return { low, high };
}

const has = (set: PredicateSet, predicate: number): boolean =>
  ((predicate < 32 ? set.low >> predicate : set.high >> (predicate - 32)) & 1) === 1;
const intersects = (a: PredicateSet, b: PredicateSet): boolean => ((a.low & b.low) | (a.high & b.high)) !== 0;
const holds = (set: PredicateSet, part: PredicateSet): boolean =>
  (set.low & part.low) === part.low && (set.high & part.high) === part.high;
const equal = (a: PredicateSet, b: PredicateSet): boolean => a.low === b.low && a.high === b.high;
const without = (a: PredicateSet, b: PredicateSet): PredicateSet => ({ low: a.low & ~b.low, high: a.high & ~b.high });
const single = ({ low, high }: PredicateSet): boolean =>
  low === 0 ? (high & (high - 1)) === 0 : high === 0 && (low & (low - 1)) === 0;

export function complement({ low, high }: PredicateSet): PredicateSet {
  return { low: ~low, high: ~high };
}

export interface ExclusionRelation {
  readonly members: PredicateSet;
  readonly age: number;
}

interface Implication {
  readonly from: number;
  readonly to: number;
  readonly age: number;
  /** A branch under `to` was not taken: code behind it is not executed where `from` is true. */
  branched: boolean;
}

export interface PredicateRelations {
  /** Keep to what GNU as knows, and to what it takes for known by mistake. */
  readonly asAssembler: boolean;
  /** Labels since the last branch that is always taken. */
  age: number;
  /** Replaced, never changed: a reader may keep it. */
  exclusions: readonly ExclusionRelation[];
  implications: Implication[];
}

export function newRelations(asAssembler: boolean): PredicateRelations {
  return { asAssembler, age: 0, exclusions: [], implications: [] };
}

/** Called at a taken branch or `rfi`. The count of labels restarts; known relations are forgotten, or kept. */
export function beginAfresh(relations: PredicateRelations, remembers: boolean): void {
  relations.age = 0;
  if (!remembers) forgetAll(relations);
}

export function forgetAll(relations: PredicateRelations): void {
  if (relations.exclusions.length > 0) relations.exclusions = [];
  if (relations.implications.length > 0) relations.implications = [];
}

/** Whether the predicates are known, from that age on, never both to be true. */
export function exclude(
  { exclusions }: Pick<PredicateRelations, 'exclusions'>,
  a: number,
  b: number,
  age: number,
): boolean {
  if (a === b) return false;
  for (const { members, age: learnt } of exclusions) {
    if (learnt >= age && has(members, a) && has(members, b)) return true;
  }
  return false;
}

/** Whether code under the predicate cannot be reached here: it implies one under which a branch was passed. */
export function isUnreachable(relations: PredicateRelations, predicate: number, age: number): boolean {
  return relations.implications.some(
    ({ from, branched, age: learnt }) => branched && from === predicate && learnt >= age,
  );
}

/** Passes a branch under the predicate; gives the predicates that imply it, under which nothing comes here any more. */
export function passBranch(relations: PredicateRelations, predicate: number): readonly number[] {
  const implying: number[] = [];
  for (const implication of relations.implications) {
    if (implication.to !== predicate) continue;
    implication.branched = true;
    implying.push(implication.from);
  }
  return implying;
}

/** `.pred.rel.mutex` */
export function learnExclusion(relations: PredicateRelations, members: PredicateSet): void {
  const { age } = relations;
  if (relations.exclusions.some((each) => each.age === age && equal(each.members, members))) return;
  relations.exclusions = [...relations.exclusions, { members, age }];
}

/** `.pred.rel.imply`: with what follows from it and the implications and exclusions known already. */
export function learnImplication(relations: PredicateRelations, from: number, to: number): void {
  const { age } = relations;
  if (from === to) return;
  const known = relations.implications.some(
    (each) => each.from === from && each.to === to && each.age === age && !each.branched,
  );
  if (known) return;
  relations.implications.push({ from, to, age, branched: false });
  for (const each of [...relations.implications]) {
    if (each.from === to) learnImplication(relations, from, each.to);
    if (each.to === from) learnImplication(relations, each.from, to);
  }
  const target = predicateSet(to);
  const source = predicateSet(from);
  for (const { members } of [...relations.exclusions]) {
    if (!holds(members, target)) continue;
    const rest = without(members, target);
    learnExclusion(relations, { low: rest.low | source.low, high: rest.high | source.high });
  }
}

/** The predicates were written with unknown values, or named by `.pred.rel.clear`. */
export function forget(relations: PredicateRelations, written: PredicateSet): void {
  forgetExclusions(relations, written);
  forgetImplications(relations, written, written);
}

function forgetExclusions(relations: PredicateRelations, written: PredicateSet): void {
  if (relations.exclusions.some(({ members }) => intersects(members, written))) {
    relations.exclusions = relations.exclusions.filter(({ members }) => !intersects(members, written));
  }
}

/** Forgets implications from one of `sources` or to one of `targets`. */
export function forgetImplications(relations: PredicateRelations, sources: PredicateSet, targets: PredicateSet): void {
  if (relations.implications.some(({ from, to }) => has(sources, from) || has(targets, to))) {
    relations.implications = relations.implications.filter(({ from, to }) => !has(sources, from) && !has(targets, to));
  }
}

/** A compare of the type wrote p1 and p2 (0: none) under the qualifying predicate (0: always). */
export function compare(
  relations: PredicateRelations,
  type: CompareType,
  p1: number,
  p2: number,
  qualifying: number,
): void {
  const first = p1 === 0 ? NO_PREDICATES : predicateSet(p1);
  const second = p2 === 0 ? NO_PREDICATES : predicateSet(p2);
  const both = { low: first.low | second.low, high: first.high | second.high };
  if (p1 === 0 && p2 === 0) return;
  switch (type) {
    case 'or.andcm':
      // The assembler treats both types alike.
      if (relations.asAssembler) forgetImplications(relations, second, first);
      else forgetMixed(relations, first, second);
      return;
    case 'and.orcm':
      if (relations.asAssembler) forgetImplications(relations, second, first);
      else forgetMixed(relations, second, first);
      return;
    case 'and': // targets only get false
      forgetImplications(relations, NO_PREDICATES, both);
      return;
    case 'or': // targets only get true
      forgetExclusions(relations, both);
      forgetImplications(relations, both, NO_PREDICATES);
      return;
    default:
      compareBoth(relations, type, p1, p2, qualifying, both);
  }
}

/** One target only gets true, the other only false at once: where the two exclude each other, they still do. */
function forgetMixed(relations: PredicateRelations, set: PredicateSet, cleared: PredicateSet): void {
  const pair = { low: set.low | cleared.low, high: set.high | cleared.high };
  if (relations.exclusions.some(({ members }) => intersects(members, set))) {
    relations.exclusions = relations.exclusions.flatMap((each) => {
      if (!intersects(each.members, set)) return [each];
      return holds(each.members, pair) ? [{ members: pair, age: each.age }] : [];
    });
  }
  forgetImplications(relations, set, cleared);
}

function compareBoth(
  relations: PredicateRelations,
  type: CompareType,
  p1: number,
  p2: number,
  qualifying: number,
  both: PredicateSet,
): void {
  forgetImplications(relations, both, both);
  const twoTargets = p1 !== 0 && p2 !== 0;
  const known = twoTargets ? rewriteExclusions(relations, both) : false;
  if (!twoTargets) forgetExclusions(relations, both);
  if (qualifying !== 0 && type !== 'unc') return;
  if (twoTargets && !known) learnExclusion(relations, both);
  if (qualifying === 0) return;
  if (p1 !== 0) learnImplication(relations, p1, qualifying);
  if (p2 !== 0) learnImplication(relations, p2, qualifying);
}

/**
 * Both predicates get complementary values, or stay as they are: that they exclude each other stays true if it was.
 * What else excluded one of them is gone. Gives whether the pair is now known to exclude each other.
 */
function rewriteExclusions(relations: PredicateRelations, pair: PredicateSet): boolean {
  const { age } = relations;
  const kept: ExclusionRelation[] = [];
  let known = false;
  let wasPart = false;
  for (const exclusion of relations.exclusions) {
    const { members } = exclusion;
    if (!intersects(members, pair) || (exclusion.age === age && equal(members, pair))) {
      known ||= intersects(members, pair);
      kept.push(exclusion);
    } else if (exclusion.age === age) {
      wasPart ||= holds(members, pair);
      const rest = without(members, pair);
      if (!single(rest)) kept.push({ members: rest, age });
    }
  }
  relations.exclusions = kept;
  if (wasPart && !known) learnExclusion(relations, pair);
  return known || wasPart;
}
