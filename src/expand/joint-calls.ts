/**
 * Alternative E, and what C has in common with it: in a joint listing a site is a call, as in alternative A. Each target, the bare
 * machine too, has its own routine.
 */
import { TRUE_PREDICATE } from '../machine/purposes.ts';
import { isGeneralRegister } from '../machine/register-classes.ts';
import { resourceName } from '../machine/resources.ts';
import { distinctInstances, type InstanceOperands } from '../rewrite/choose.ts';
import type { Scratch, Site } from '../rewrite/site.ts';
import type { BodyItem } from './body-item.ts';
import { callObstacle, type FreshLabels, guardItem, lackOfBranch } from './branching.ts';
import { type Addressing, callItems, returnItems } from './call-templates.ts';
import type { Expansions } from './calls.ts';
import { clobberedResources } from './clobbers.ts';
import { canonicalFor, derived, type Expansion, expandInPlace } from './expansion.ts';
import { NO_HYPERCALLS } from './hypercalls.ts';
import { bodyInstruction } from './instructions.ts';
import type { ChosenSite } from './planned-site.ts';
import { assignmentText, type Group, type Groups, groupOf } from './replacements.ts';
import type { Target } from './target.ts';

/** The in-place expansions of one of the joined targets. */
export interface JoinedExpansions {
  readonly target: Target;
  readonly inPlace: Expansions;
}

export interface JointCall {
  readonly expansion: Expansion;
  readonly group: Group;
}

export interface JointCalls {
  readonly made: ReadonlyMap<Site, JointCall>;
  /** Why a site is no call, in words. */
  readonly refused: ReadonlyMap<Site, string>;
}

export interface CallOptions {
  readonly labels: FreshLabels;
  readonly addressing: (site: Site) => Addressing;
  /** The target whose routine a call goes to until it is patched. */
  readonly base: Target;
}

/**
 * The sites that are calls in a joint listing.
 *
 * @param joined in the order of the listing's targets
 * @param groups receives the routines
 */
export function jointCalls(
  joined: readonly JoinedExpansions[],
  sites: readonly ChosenSite[],
  groups: Groups,
  options: CallOptions,
): JointCalls {
  const made = new Map<Site, JointCall>();
  const refused = new Map<Site, string>();
  for (const chosen of sites) {
    const kinds = joined.map(({ inPlace }) => inPlace.get(chosen.site)!.kind);
    if (kinds.every((kind) => kind === 'native' || kind === 'trap')) continue;
    const call = jointCall(joined, chosen, groups, options);
    if (typeof call === 'string') refused.set(chosen.site, call);
    else made.set(chosen.site, call);
  }
  return { made, refused };
}

/** Whether a site could be a call with these scratch registers, if it had the branch registers. */
export function couldBeJointCall(joined: readonly Target[], site: Site, scratch: Scratch): boolean {
  if (callObstacle(site) !== null) return false;
  const bodies = bodiesInRoutines(joined, site, scratch);
  return bodies !== null && temporaryFor(scratch, distinctInstances(site)[0]!.operands, bodies) !== null;
}

/** What the routines of targets would hold: bodies without the predicate that guards the call. Null where no target has one. */
export function bodiesInRoutines(
  joined: readonly Target[],
  site: Site,
  scratch: Scratch,
): readonly (readonly BodyItem[])[] | null {
  const expansions = joined.map((target) => expandInPlace(site, scratch, target).expansion);
  if (expansions.every(({ kind }) => kind === 'native' || kind === 'trap')) return null;
  const inside = insideRoutine(site);
  return joined.map((target, index) => canonicalFor(site, scratch, target, expansions[index]!, inside));
}

/** Operands and predicates as a routine has them: one predicate guards the call. */
export function insideRoutine(site: Site): InstanceOperands {
  const instance = distinctInstances(site)[0]!;
  return site.operation.predicates.length === 1 ? { ...instance, predicates: [TRUE_PREDICATE] } : instance;
}

function jointCall(
  joined: readonly JoinedExpansions[],
  { site, scratch }: ChosenSite,
  groups: Groups,
  { labels, addressing, base }: CallOptions,
): JointCall | string {
  const obstacle = callObstacle(site);
  if (obstacle !== null) return obstacle;
  const { branch } = scratch;
  const way = addressing(site);
  const instance = distinctInstances(site)[0]!;
  const guarded = site.operation.predicates.length === 1;
  const inside = insideRoutine(site);
  const bodies = joined.map(({ target, inPlace }) => canonicalFor(site, scratch, target, inPlace.get(site)!, inside));
  const temporary = temporaryFor(scratch, inside.operands, bodies);
  if (temporary === null) return lackOfBranch(site, scratch) ?? NO_TEMPORARY;
  if (branch === null) return lackOfBranch(site, scratch)!;
  const routines = bodies.map((body) => withReturn(body, returnItems(way, branch)));
  const assignment = `${branch}, ${assignmentText(inside, scratch, bodies)}`;
  const group = groupOf(groups, site, assignment, routines, true);
  const routine = `${labels.prefix}_${joined.findIndex(({ target }) => target === base)}_${group.number}`;
  const call = callItems(way, { temporary, branch, routine, here: labels.here, back: labels.back });
  const spelled = call.map((item) => guardItem(item, guarded ? site.predicates[0]! : null));
  const predicate = guarded && instance.predicates[0] !== TRUE_PREDICATE ? instance.predicates[0]! : null;
  const plain = call.map((item) => guardItem(item, predicate));
  const cost = derived(spelled, plain, NO_HYPERCALLS);
  const changed = bodies.flatMap((body, index) => clobberedResources(body, joined[index]!.target.hypercalls));
  const clobbers = [...new Set([...cost.clobbers, ...changed])];
  return { expansion: { kind: 'branch', ...cost, clobbers, routine: null }, group };
}

const NO_TEMPORARY =
  'there is no general register for the address: no operand and no scratch register that all bodies only write';

/** Registers that may hold an address for a moment: results of all routines first, then scratch registers. */
export function temporariesFor(
  { general }: Scratch,
  operands: readonly string[],
  bodies: readonly (readonly BodyItem[])[],
): string[] {
  const uses = bodies.map(usesOf);
  const results = operands.filter((name) => isGeneralRegister(name) && uses.every(({ written }) => written.has(name)));
  const scratch = general.filter((name) => isGeneralRegister(name) && uses.every(({ read }) => !read.has(name)));
  return [...new Set([...results, ...scratch])];
}

function temporaryFor(
  scratch: Scratch,
  operands: readonly string[],
  bodies: readonly (readonly BodyItem[])[],
): string | null {
  return temporariesFor(scratch, operands, bodies)[0] ?? null;
}

interface Uses {
  /** Registers that the body reads before it writes them. */
  readonly read: ReadonlySet<string>;
  /** Registers that it certainly writes before it reads them. */
  readonly written: ReadonlySet<string>;
}

function usesOf(body: readonly BodyItem[]): Uses {
  const read = new Set<string>();
  const written = new Set<string>();
  for (const item of body) {
    if (item.kind !== 'instruction') continue;
    const { reads, writes, mayWrites, predicate } = bodyInstruction(item.text).effects;
    for (const name of reads.map(resourceName)) if (!written.has(name)) read.add(name);
    if (predicate > 0) continue;
    for (const resource of writes) {
      const name = resourceName(resource);
      if (!mayWrites.includes(resource) && !read.has(name)) written.add(name);
    }
  }
  return { read, written };
}

/** A body with the return. After an instruction that must be the last of its group there is a stop before the return. */
export function withReturn(body: readonly BodyItem[], back: readonly BodyItem[]): BodyItem[] {
  const last = body.at(-1)!;
  const isLast = last.kind === 'instruction' && bodyInstruction(last.text).effects.form?.position === 'last';
  return [...body, ...(isLast ? [STOP] : []), ...back];
}

const STOP: BodyItem = { kind: 'stop' };
