/** Whether instructions may share an instruction group: asked by the expander, one site at a time. */
import { goesElsewhere } from '../machine/branches.ts';
import { type DependencyKind, type DependencySemantics, dependency } from '../machine/dependencies.ts';
import type { Effects } from '../machine/effects.ts';
import { PR, resourceName } from '../machine/resources.ts';

/** An instruction of the second list must not stand in the group of one of the first. */
export interface Conflict {
  readonly kind: DependencyKind;
  /** `r8`, `psr.ic`; `*` when one of the two instructions is not in the tables. */
  readonly resource: string;
  readonly semantics: DependencySemantics;
  /** Indices in the two lists. */
  readonly first: number;
  readonly second: number;
}

/** Whether two qualifying predicates (numbers, 0: always) are known never to be true at once. */
export type ExclusionTest = (a: number, b: number) => boolean;

const NEVER: ExclusionTest = () => false;

/**
 * What would be wrong with one instruction group that holds `before` and then `after`: RAW and WAW dependencies of the
 * second list on the first, those that a stop would do for and those that need serialization besides. Dependencies
 * inside one of the lists are not looked at. A branch may use its group's compare; after a taken branch nothing follows.
 */
export function conflicts(
  before: readonly Effects[],
  after: readonly Effects[],
  exclude: ExclusionTest = NEVER,
): Conflict[] {
  const found: Conflict[] = [];
  for (let first = 0; first < before.length; first++) {
    for (let second = 0; second < after.length; second++) {
      if (mayMeet(before, first, after[second]!, exclude))
        compare(before[first]!, after[second]!, first, second, found);
    }
  }
  return found;
}

/** Whether one execution of the group can contain both. */
function mayMeet(before: readonly Effects[], first: number, second: Effects, exclude: ExclusionTest): boolean {
  const { predicate } = before[first]!;
  if (predicate > 0 && second.predicate > 0 && exclude(predicate, second.predicate)) return false;
  for (let between = first; between < before.length; between++) {
    const branch = before[between]!;
    if (goesElsewhere(branch) && (branch.predicate === 0 || (between > first && isSame(before, first, between))))
      return false;
  }
  return true;
}

/** Whether two instructions have one qualifying predicate, not written from the first to the second. */
function isSame(list: readonly Effects[], first: number, second: number): boolean {
  const { predicate } = list[first]!;
  if (predicate < 0 || predicate !== list[second]!.predicate) return false;
  const resource = PR(predicate);
  for (let at = first; at < second; at++) if (list[at]!.writes.includes(resource)) return false;
  return true;
}

function compare(before: Effects, after: Effects, first: number, second: number, found: Conflict[]): void {
  if (before.form === null || after.form === null) {
    found.push({ kind: 'RAW', resource: '*', semantics: 'implied', first, second });
    return;
  }
  // A branch that is not taken has written nothing, and behind one that is taken nothing follows.
  if (goesElsewhere(before)) return;
  for (const resource of before.writes) {
    const note = (kind: DependencyKind) => {
      const { semantics } = dependency(kind, resource, before.form!, after.form!);
      if (semantics !== 'none') found.push({ kind, resource: resourceName(resource), semantics, first, second });
    };
    if (after.reads.includes(resource) || (after.consults?.includes(resource) ?? false)) note('RAW');
    if (after.writes.includes(resource)) note('WAW');
  }
}
