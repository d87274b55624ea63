/**
 * Plans listings: for each target and alternative, the expansion of every site, with its stops. Requires: sites with their
 * scratch registers chosen.
 */

import { type NeighbourFinder, neighbourFinder } from '../rewrite/neighbours.ts';
import type { Site } from '../rewrite/site.ts';
import { expandAsBranch, type FreshLabels } from './branching.ts';
import { readsOwnAddress } from './bundles.ts';
import type { Addressing } from './call-templates.ts';
import { type Expansions, NO_CALLS, shorterCalls } from './calls.ts';
import { unmetDemand } from './demanded-state.ts';
import { type Expansion, expandInPlace, expandNative } from './expansion.ts';
import { fittingCalls } from './fitting-calls.ts';
import { type JointCalls, jointCalls } from './joint-calls.ts';
import { makeRoom, type Room } from './out-of-line.ts';
import { type PatchedSites, type Patches, patchedSites } from './patched-sites.ts';
import type { ChosenSite, PlannedSite } from './planned-site.ts';
import type { Groups } from './replacements.ts';
import { type KeptSerializations, keptSerializations, withSerialization } from './serialization.ts';
import { shareAddresses } from './shared-addresses.ts';
import { shareSaves } from './shared-saves.ts';
import { placeStops } from './stops.ts';
import { type TableCalls, type TableOptions, type TableSlot, tableCalls } from './table-calls.ts';
import type { Target } from './target.ts';

/** `xen`, `xen:a`, `native+xen:d`: a target, or joined ones, and the alternative that was asked for. */
export interface TargetChoice {
  /** As spelled by the user; also the name of the listing's folder, with `-` for the colon. */
  readonly label: string;
  readonly target: Target;
  /** A where possible, B everywhere; null: whichever is shorter. For joined targets: D everywhere, or C or E where possible. */
  readonly alternative: Alternative | null;
  /** The alternative of sites that cannot be calls through a table; `trap`: native. Absent: D. */
  readonly fallback?: 'E' | 'trap';
  /** For a joint listing (`native+xen:d`): all its targets, including `target`, whose code is at the sites before patching. */
  readonly joined?: readonly Target[];
}

export type Alternative = 'A' | 'B' | 'C' | 'D' | 'E';

/** The targets of a listing: one, or those that are joined. */
export function targetsOf({ target, joined }: TargetChoice): readonly Target[] {
  return joined ?? [target];
}

/** Whether sites of a joint listing may be of an alternative: as asked for, or as its fallback. */
export function fallsBackTo({ alternative, fallback }: TargetChoice, to: 'D' | 'E'): boolean {
  if (to === 'E') return alternative === 'E' || (alternative === 'C' && fallback === 'E');
  return alternative === 'D' || alternative === 'E' || (alternative === 'C' && fallback !== 'trap');
}

/** A site that stays native in a listing although its target should expand it. */
export interface PlanFailure extends ChosenSite {
  readonly reason: string;
  /** Whether the instruction is sensitive: it would not trap but give a wrong result, so no listing may be written. */
  readonly fatal: boolean;
}

export interface Plan extends Room {
  readonly choice: TargetChoice;
  readonly planned: readonly PlannedSite[];
  readonly failures: readonly PlanFailure[];
  /** By site: why it is left to trap although there is a body: its hypercall could give a wrong result there. */
  readonly trapped: ReadonlyMap<Site, string>;
  /** Sites that were changed to a call, or to a body, so that a vector fits its slot. */
  readonly fitted: readonly Site[];
  /** The patch data of a joint listing. */
  readonly patches?: Patches;
  /** For alternative C, by site: the slot of the table that it loads from. */
  readonly slots?: ReadonlyMap<Site, TableSlot>;
  /** Sites that cannot be calls, as the alternative has it. */
  readonly fallenBack?: ReadonlyMap<Site, FallenBack>;
}

/** A site of a joint listing that is not what its letter asks for. */
export interface FallenBack {
  /** Why it is not, in words. */
  readonly reason: string;
  /** What it is in place of that: a call whose branch is patched, patched in place, or left to trap. */
  readonly instead: 'E' | 'D' | 'trap';
  /** Where E was tried behind C: why it is not that either. */
  readonly next: string | null;
}

export interface PlanOptions extends TableOptions {
  readonly labels: FreshLabels;
  /** How code of a site's file is addressed when it runs. */
  readonly addressing: (site: Site) => Addressing;
}

const NONE_APART: ReadonlySet<Site> = new Set();
const NO_JOINT_CALLS: JointCalls = { made: new Map(), refused: new Map() };
const NO_TABLE_CALLS: TableCalls = { made: new Map(), refused: new Map() };

/** One plan for each choice; the alternatives of a target share its expansions. */
export function makePlans(
  choices: readonly TargetChoice[],
  sites: readonly ChosenSite[],
  options: PlanOptions,
): Plan[] {
  const expanders = new Map<Target, Expander>();
  const neighbours = neighbourFinder(sites.map(({ site }) => site));
  const expanderOf = (target: Target): Expander => {
    let expander = expanders.get(target);
    if (expander === undefined) {
      expander = createExpander(target, sites, neighbours, options);
      expanders.set(target, expander);
    }
    return expander;
  };
  return choices.map((choice) => {
    if (choice.joined !== undefined) return jointPlan(choice, sites, expanderOf, options);
    const { inPlace, failures, trapped, calls, planned } = expanderOf(choice.target);
    const { alternative } = choice;
    const wanted =
      alternative === 'B' ? NO_CALLS : alternative === 'A' ? calls() : shorterCalls(inPlace, calls(), planned);
    const made = alternative === null ? fittingCalls(inPlace, calls(), wanted, planned) : wanted;
    const fitted = sites.map(({ site }) => site).filter((site) => made.has(site) !== wanted.has(site));
    const all = planned(made);
    return { choice, planned: all, failures, trapped, fitted, ...makeRoom(all) };
  });
}

/** A plan for alternative C, D or E. A site that one target cannot expand, or that no record can be made for, is a failure. */
function jointPlan(
  choice: TargetChoice,
  sites: readonly ChosenSite[],
  expanderOf: (target: Target) => Expander,
  options: PlanOptions,
): Plan {
  const { labels, addressing } = options;
  const expanders = targetsOf(choice).map((target) => ({ target, ...expanderOf(target) }));
  const failed = new Set(expanders.flatMap(({ failures }) => failures.map(({ site }) => site)));
  const groups: Groups = new Map();
  const open = sites.filter(({ site }) => !failed.has(site));
  const table = choice.alternative === 'C' ? tableCalls(expanders, open, options) : NO_TABLE_CALLS;
  const others = open.filter(({ site }) => !table.made.has(site));
  const { made, refused } = fallsBackTo(choice, 'E')
    ? jointCalls(expanders, others, groups, { labels, addressing, base: choice.target })
    : NO_JOINT_CALLS;
  const calls = new Map([...table.made, ...made].map(([site, { expansion }]) => [site, expansion]));
  const { planned, patches, unpatchable } = patchedApart((apart) => {
    const joined = expanders.map(({ target, planned }) => ({
      target,
      planned: planned(calls.size === 0 ? NO_CALLS : calls, apart),
    }));
    return patchedSites(joined, joined[targetsOf(choice).indexOf(choice.target)]!, {
      ...{ labels, calls: made, groups: new Map(groups), whole: table.made },
      isPatched: fallsBackTo(choice, 'D'),
    });
  });
  const failures = new Map<Site, PlanFailure>();
  const trapped = new Map(expanders.flatMap((expander) => [...expander.trapped]));
  for (const failure of expanders.flatMap((expander) => expander.failures)) failures.set(failure.site, failure);
  for (const { site, reason } of unpatchable) {
    const { scratch } = planned.find((each) => each.site === site)!;
    const why = table.refused.get(site) ?? reason;
    if (choice.fallback === 'trap' && !site.operation.sensitive) trapped.set(site, `${why}: it traps`);
    else failures.set(site, { site, scratch, reason: why, fatal: site.operation.sensitive });
  }
  return {
    ...{ choice, planned, trapped, patches },
    failures: [...failures.values()],
    ...(choice.alternative === 'C' ? { slots: new Map([...table.made].map(([site, { slot }]) => [site, slot])) } : {}),
    fallenBack: fallenBack(choice, table.refused, { made, refused }),
    fitted: [],
    ...makeRoom(planned),
  };
}

/** A site that no record can be made for stays native in all targets' code, so that no neighbour may rely on its body. */
function patchedApart(make: (apart: ReadonlySet<Site>) => PatchedSites): PatchedSites {
  let apart = NONE_APART;
  for (;;) {
    const made = make(apart);
    const more = made.unpatchable.filter(({ site }) => !apart.has(site));
    if (more.length === 0) return made;
    apart = new Set([...apart, ...more.map(({ site }) => site)]);
  }
}

/** @param table why sites are no calls through the table, where they should be; `direct`: those that are, or should be, with E */
function fallenBack(
  choice: TargetChoice,
  table: ReadonlyMap<Site, string>,
  direct: JointCalls,
): ReadonlyMap<Site, FallenBack> {
  const last = fallsBackTo(choice, 'D') ? 'D' : 'trap';
  const notDirect = [...direct.refused].map(([site, reason]) => [site, { reason, instead: last, next: null }] as const);
  const notByTable = [...table].map(
    ([site, reason]) =>
      [site, { reason, instead: direct.made.has(site) ? 'E' : last, next: direct.refused.get(site) ?? null }] as const,
  );
  return new Map<Site, FallenBack>([...notDirect, ...notByTable]);
}

/** The expansions of all sites for a target, computed on demand. */
interface Expander {
  readonly inPlace: Expansions;
  readonly failures: readonly PlanFailure[];
  readonly trapped: ReadonlyMap<Site, string>;
  /** The sites that can be calls. */
  readonly calls: () => Expansions;
  /** All sites with their stops, some of them as calls; those of `apart` share nothing with their neighbours. */
  readonly planned: (calls: Expansions, apart?: ReadonlySet<Site>) => readonly PlannedSite[];
}

function createExpander(
  target: Target,
  sites: readonly ChosenSite[],
  neighbours: NeighbourFinder,
  options: PlanOptions,
): Expander {
  const inPlace = new Map<Site, Expansion>();
  const failures: PlanFailure[] = [];
  const trapped = new Map<Site, string>();
  for (const chosen of sites) {
    const { expansion, failure, trap } = expandOrLeave(chosen, target);
    if (trap !== null) trapped.set(chosen.site, trap);
    inPlace.set(chosen.site, expansion);
    if (failure !== null) failures.push({ ...chosen, ...failure });
  }
  const kept = keptSerializations(inPlace);
  for (const [site, instruction] of kept) inPlace.set(site, withSerialization(inPlace.get(site)!, instruction));
  let calls: Map<Site, Expansion> | undefined;
  const planned = new Map<Expansions, readonly PlannedSite[]>();
  const plan = (made: Expansions, apart: ReadonlySet<Site>) => {
    const all = new Map([...inPlace, ...made]);
    const sharing = { sites, find: neighbours, hypercalls: target.hypercalls, apart };
    return withStops(sites, shareSaves(shareAddresses(all, sharing), sharing));
  };
  return {
    inPlace,
    failures,
    trapped,
    calls: () => {
      calls ??= expandCalls(target, sites, inPlace, kept, options);
      return calls;
    },
    planned: (made, apart = NONE_APART) => {
      if (apart.size > 0) return plan(made, apart);
      const known = planned.get(made) ?? plan(made, apart);
      planned.set(made, known);
      return known;
    },
  };
}

/** A site expanded in place; or left native, with the failure. */
function expandOrLeave(
  { site, scratch }: ChosenSite,
  target: Target,
): { expansion: Expansion; failure: Pick<PlanFailure, 'reason' | 'fatal'> | null; trap: string | null } {
  const { expansion, failure } = expandInPlace(site, scratch, target);
  const { sensitive, rewrite } = site.operation;
  if (expansion.kind === 'inPlace' && readsOwnAddress(site)) {
    const reason =
      'an instruction of its explicit bundle reads the address of that bundle, which may not be opened; the site can stand outside of it';
    return { expansion: expandNative(site), failure: { reason, fatal: sensitive }, trap: null };
  }
  const unmet = expansion.kind === 'inPlace' ? unmetDemand(site, expansion, target.hypercalls) : null;
  if (unmet !== null) {
    const left = expandNative(site);
    if (sensitive) return { expansion: left, failure: { reason: unmet, fatal: true }, trap: null };
    return { expansion: left, failure: null, trap: `${unmet}: it traps, and the hypervisor emulates it` };
  }
  const fatal = expansion.kind === 'trap' && sensitive && rewrite === 'yes';
  if (failure !== null) return { expansion, failure: { reason: failure, fatal }, trap: null };
  const reason = `${target.name} has no body for it, and it would not trap: it would answer wrongly; a macro ${site.operation.macro} in its target file can answer`;
  return { expansion, failure: fatal ? { reason, fatal } : null, trap: null };
}

function expandCalls(
  target: Target,
  sites: readonly ChosenSite[],
  inPlace: Expansions,
  kept: KeptSerializations,
  { addressing, labels }: PlanOptions,
): Map<Site, Expansion> {
  const calls = new Map<Site, Expansion>();
  for (const { site, scratch } of sites) {
    if (inPlace.get(site)!.kind !== 'inPlace') continue;
    const call = expandAsBranch(site, scratch, target, addressing(site), labels);
    const serialization = kept.get(site);
    if (call !== null) calls.set(site, serialization === undefined ? call : withSerialization(call, serialization));
  }
  return calls;
}

function withStops(sites: readonly ChosenSite[], expansions: Expansions): PlannedSite[] {
  const stops = placeStops(expansions);
  return sites.map(({ site, scratch }) => ({
    site,
    scratch,
    expansion: expansions.get(site)!,
    stops: stops.get(site)!,
  }));
}
