/**
 * The replacements of alternatives D and E. Sites of one operation and one register assignment share, for each target, one piece of
 * code in whole bundles, which the patcher copies over the site, or to which it redirects the site's branch.
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

/** The in-place expansions of all sites for one of the joined targets. */
export interface JoinedTarget {
  readonly target: Target;
  /** In the order of the sites. */
  readonly planned: readonly PlannedSite[];
}

export interface Replacement {
  readonly operation: Operation;
  /** The registers as a macro call names them, for readers of the listing. */
  readonly assignment: string;
  /** By target, in the order of the joined targets. */
  readonly code: readonly ExplicitBundles[];
  /** Number of bundles of the longest. */
  readonly room: number;
  /** Whether it ends in a branch back, and is executed in place. */
  readonly isRoutine: boolean;
}

/** Sites that share a replacement, while the stops that they need are collected. */
export interface Group {
  readonly number: number;
  readonly operation: Operation;
  readonly assignment: string;
  readonly bodies: readonly (readonly BodyItem[])[];
  /** By target: whether some site needs a stop before or after the body. */
  readonly stops: { before: boolean; behind: boolean }[];
  readonly isRoutine: boolean;
}

/** Groups by a key of everything that is the same for all their sites. */
export type Groups = Map<string, Group>;

export interface Replacements {
  /** By number; null when the code cannot be copied to a site. */
  readonly all: readonly (Replacement | null)[];
  /** By site: the number of the replacement for each of its assignments. */
  readonly numbers: ReadonlyMap<Site, readonly number[]>;
}

/**
 * Makes the replacements of sites.
 *
 * @param groups the existing groups: the routines of calls
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
      const group = groupOf(groups, site, assignmentText(instance, scratch, bodies), bodies, false);
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
  // The key has the text, as some sites keep a serialization after the body and others do not.
  const texts = bodies.map((body) => body.map(itemText).join('\n'));
  const key = [operation.name, assignment, isRoutine, ...texts].join('\0');
  const known = groups.get(key);
  if (known !== undefined) return known;
  const stops = bodies.map(() => ({ before: false, behind: false }));
  const group = { number: groups.size, operation, assignment, bodies, stops, isRoutine };
  groups.set(key, group);
  return group;
}

/** Guards, operands and scratch registers, but for those that no body names: such sites share code. */
export function assignmentText(
  instance: InstanceOperands,
  { general, predicates }: Scratch,
  bodies: readonly (readonly BodyItem[])[],
): string {
  const guards = instance.predicates.filter((name) => name !== TRUE_PREDICATE);
  const texts = bodies.flat().map(itemText);
  const isNamed = (register: string) => texts.some((text) => new RegExp(`\\b${register}\\b`).test(text));
  return [...guards, ...instance.operands, ...[...general, ...predicates].filter(isNamed)].join(', ');
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

/** A body with stops around it. A stop at the start needs an instruction before it: a nop. */
function withStops(body: readonly BodyItem[], { before, behind }: { before: boolean; behind: boolean }): BodyItem[] {
  const stop: BodyItem = { kind: 'stop' };
  const nop: BodyItem = { kind: 'instruction', text: nopFor('m'), comment: '' };
  return [...(before ? [nop, stop] : []), ...body, ...(behind ? [stop] : [])];
}

/** Whether an item is a `chk`: patchers do not correct its displacement, which is encoded differently from a branch's. */
function isCheck(item: BodyItem): boolean {
  return item.kind === 'instruction' && bodyInstruction(item.text).effects.branch?.kind === 'check';
}
