/**
 * Alternatives D and E: replacements. Sites of one operation and one register assignment share, for each target, one piece of
 * code in whole bundles, which a patcher copies over the site, or makes the branch of the site go to.
 */
import { nopFor } from '../machine/nops.ts';
import { TRUE_PREDICATE } from '../machine/purposes.ts';
import type { Operation } from '../project/operations.ts';
import type { InstanceOperands } from '../rewrite/choose.ts';
import type { Scratch, Site } from '../rewrite/site.ts';
import type { BodyItem } from './body-item.ts';
import { canonicalFor, itemText } from './expansion.ts';
import { type ExplicitBundles, explicitBundles } from './explicit-bundles.ts';
import { bodyInstruction } from './instructions.ts';
import type { MetAssignment } from './met-assignments.ts';
import type { PlannedSite } from './planned-site.ts';
import type { Target } from './target.ts';

/** What one of the joined targets makes of all sites, in place. */
export interface JoinedTarget {
  readonly target: Target;
  /** In the order of the sites. */
  readonly planned: readonly PlannedSite[];
}

export interface Replacement {
  readonly operation: Operation;
  /** The registers, as a macro-ised source names them: for people who read the listing. */
  readonly assignment: string;
  /** By target, in the order of the joined targets. */
  readonly code: readonly ExplicitBundles[];
  /** Bundles of the longest. */
  readonly room: number;
  /** It ends in a branch back, and is executed where it stands. */
  readonly isRoutine: boolean;
}

/** Sites that share a replacement, while it is not known yet which stops they need. */
export interface Group {
  readonly number: number;
  readonly operation: Operation;
  readonly assignment: string;
  readonly bodies: readonly (readonly BodyItem[])[];
  /** By target: some site needs a stop before or behind the body there. */
  readonly stops: { before: boolean; behind: boolean }[];
  readonly isRoutine: boolean;
}

/** By what is the same for all sites of a group. */
export type Groups = Map<string, Group>;

export interface Replacements {
  /** By number; null where the code cannot be moved to a site. */
  readonly all: readonly (Replacement | null)[];
  /** By site, one for each of its assignments. */
  readonly numbers: ReadonlyMap<Site, readonly number[]>;
}

/**
 * Replacements for sites, by their places in the lists of the targets, with their assignments.
 *
 * @param groups those that there are already: the routines of calls
 */
export function makeReplacements(
  joined: readonly JoinedTarget[],
  sites: ReadonlyMap<number, readonly MetAssignment[]>,
  groups: Groups,
): Replacements {
  const numbers = new Map<Site, readonly number[]>();
  for (const [place, assignments] of sites) {
    const planned = joined.map((each) => each.planned[place]!);
    const own = assignments.map(({ instance }) => {
      const bodies = joined.map(({ target }, index) => {
        const { site, scratch, expansion } = planned[index]!;
        return canonicalFor(site, scratch, target, expansion, instance);
      });
      const { site, scratch } = planned[0]!;
      const group = groupOf(groups, site, assignmentText(instance, scratch), bodies, false);
      planned.forEach(({ stops }, target) => {
        group.stops[target]!.before ||= stops.before;
        group.stops[target]!.behind ||= stops.behind;
      });
      return group.number;
    });
    numbers.set(planned[0]!.site, own);
  }
  return { all: [...groups.values()].map(replacement), numbers };
}

/** @param bodies by target */
export function groupOf(
  groups: Groups,
  { operation }: Site,
  assignment: string,
  bodies: readonly (readonly BodyItem[])[],
  isRoutine: boolean,
): Group {
  // A serialization that some sites keep behind the body makes another body of it.
  const texts = bodies.map((body) => body.map(itemText).join('\n'));
  const key = [operation.name, assignment, isRoutine, ...texts].join('\0');
  const known = groups.get(key);
  if (known !== undefined) return known;
  const stops = bodies.map(() => ({ before: false, behind: false }));
  const group = { number: groups.size, operation, assignment, bodies, stops, isRoutine };
  groups.set(key, group);
  return group;
}

export function assignmentText(instance: InstanceOperands, { general, predicates }: Scratch): string {
  const guards = instance.predicates.filter((name) => name !== TRUE_PREDICATE);
  return [...guards, ...instance.operands, ...general, ...predicates].join(', ');
}

function replacement({ operation, assignment, bodies, stops, isRoutine }: Group): Replacement | null {
  const code = bodies.map((body, target) => {
    const whole = withStops(body, stops[target]!);
    return whole.some(isCheck) ? null : explicitBundles(whole, whole);
  });
  if (code.some((each) => each === null)) return null;
  const made = code as ExplicitBundles[];
  return { operation, assignment, code: made, room: Math.max(...made.map(({ bundles }) => bundles)), isRoutine };
}

/** A stop before the first instruction needs one to stand behind. */
function withStops(body: readonly BodyItem[], { before, behind }: { before: boolean; behind: boolean }): BodyItem[] {
  const stop: BodyItem = { kind: 'stop' };
  const nop: BodyItem = { kind: 'instruction', text: nopFor('m'), comment: '' };
  return [...(before ? [nop, stop] : []), ...body, ...(behind ? [stop] : [])];
}

/** A `chk` has its displacement elsewhere than a branch has; no body needs one, and no patcher moves it. */
function isCheck(item: BodyItem): boolean {
  return item.kind === 'instruction' && bodyInstruction(item.text).effects.branch?.kind === 'check';
}
