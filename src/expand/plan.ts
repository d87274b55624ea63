/**
 * Plans one listing set: for one target and alternative, the expansion of every site, with its stops. Requires: sites with
 * their scratch registers chosen.
 */
import { resourceNamed } from '../machine/index.ts';
import type { Scratch, Site } from '../rewrite/site.ts';
import { type Addressing, expandAsBranch, type FreshLabels } from './branching.ts';
import { type Expansion, expandInPlace, expandNative } from './expansion.ts';
import { placeStops, type Stops } from './stops.ts';
import type { Target } from './target.ts';

/** `xen`, `xen:a`, `xen:b`: a target and the alternative that was asked for. */
export interface TargetChoice {
  /** As the user spelled it; names the listing's folder, with `-` for the colon. */
  readonly label: string;
  readonly target: Target;
  /** A where it can be, B everywhere, or null: whichever is shorter. */
  readonly alternative: 'A' | 'B' | null;
}

export interface ChosenSite {
  readonly site: Site;
  readonly scratch: Scratch;
}

export interface PlannedSite extends ChosenSite {
  readonly expansion: Expansion;
  readonly stops: Stops;
}

/** A site that stays native in a listing although its target should do otherwise. */
export interface PlanFailure extends ChosenSite {
  readonly reason: string;
  /** It is sensitive: it would not trap but answer wrongly, so there must be no listing. */
  readonly fatal: boolean;
}

export interface Plan {
  readonly choice: TargetChoice;
  readonly planned: readonly PlannedSite[];
  readonly failures: readonly PlanFailure[];
}

export interface PlanOptions {
  readonly labels: FreshLabels;
  /** How code of a site's file is addressed when it runs. */
  readonly addressing: (site: Site) => Addressing;
  /** Sites that must be calls, because their vector slot is too small for bodies. */
  readonly forceBranch?: ReadonlySet<Site>;
}

export function makePlan(choice: TargetChoice, sites: readonly ChosenSite[], options: PlanOptions): Plan {
  const chosen = new Map<Site, Expansion>();
  const calls = new Map<Site, Expansion>();
  const failures: PlanFailure[] = [];
  for (const { site, scratch } of sites) {
    const { expansion: inPlace, failure } = expandInPlace(site, scratch, choice.target);
    chosen.set(site, inPlace);
    const fatal = inPlace.kind === 'trap' && site.operation.sensitive && site.operation.rewrite === 'yes';
    if (inPlace.kind === 'inPlace' && readsOwnAddress(site)) {
      chosen.set(site, expandNative(site));
      failures.push({
        site,
        scratch,
        reason: 'an instruction of its explicit bundle reads the address of that bundle, which may not be opened',
        fatal: site.operation.sensitive,
      });
    } else if (failure !== null) failures.push({ site, scratch, reason: failure, fatal });
    else if (fatal)
      failures.push({
        site,
        scratch,
        reason: `${choice.target.name} has no body for it, and it would not trap: it would answer wrongly`,
        fatal,
      });
    if (choice.alternative === 'B' || inPlace.kind !== 'inPlace') continue;
    const call = expandAsBranch(site, scratch, choice.target, options.addressing(site), options.labels);
    if (call !== null) calls.set(site, call);
  }
  for (const [site, call] of choice.alternative === 'A' ? calls : shorterCalls(chosen, calls, options.forceBranch))
    chosen.set(site, call);
  const stops = placeStops(chosen);
  const planned = sites.map(({ site, scratch }) => ({
    site,
    scratch,
    expansion: chosen.get(site)!,
    stops: stops.get(site)!,
  }));
  return { choice, planned, failures };
}

const instructionPointer = resourceNamed('ip');

/** Whether another instruction of the site's explicit bundle reads ip: code counts bundles from there. */
function readsOwnAddress(site: Site): boolean {
  return site.instances.some(({ unit, first }) => {
    const { instructions } = unit.analysis;
    const { bundle } = instructions[first]!;
    if (bundle < 0) return false;
    const inBundle = [-2, -1, 1, 2]
      .map((offset) => instructions[first + offset])
      .filter((other) => other?.bundle === bundle);
    return inBundle.some((other) => other!.effects.reads.includes(instructionPointer));
  });
}

/**
 * The calls that make the whole listing shorter: those of a routine that enough sites share. Length is bundle slots, that is
 * bytes; a macro body that is expanded n times counts n times.
 */
function shorterCalls(
  inPlace: ReadonlyMap<Site, Expansion>,
  calls: ReadonlyMap<Site, Expansion>,
  forced: ReadonlySet<Site> = new Set(),
): Map<Site, Expansion> {
  const byRoutine = new Map<string, { sites: Site[]; saved: number }>();
  for (const [site, call] of calls) {
    const routine = call.routine!;
    const entry = byRoutine.get(routine.label) ?? { sites: [], saved: -paddedSlots(routine) };
    entry.sites.push(site);
    entry.saved += timesExpanded(site) * (paddedSlots(inPlace.get(site)!) - paddedSlots(call));
    byRoutine.set(routine.label, entry);
  }
  const shorter = new Map<Site, Expansion>();
  for (const { sites, saved } of byRoutine.values())
    for (const site of sites) if (saved > 0 || forced.has(site)) shorter.set(site, calls.get(site)!);
  return shorter;
}

/** A stop and a label mostly cost a slot as well: the bundle templates have few places for them. */
function paddedSlots({ slots, stops }: Pick<Expansion, 'slots' | 'stops'>): number {
  return slots + stops;
}

/** How often a site stands in the code of one configuration. */
function timesExpanded(site: Site): number {
  const first = site.instances[0]?.unit.configuration;
  return site.instances.filter((instance) => instance.unit.configuration === first).length;
}
