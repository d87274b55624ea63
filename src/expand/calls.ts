/**
 * Chooses which sites are calls when the user gives no alternative: those that make a file's listing shortest. An estimate proposes
 * a set of calls. The number of bundles is only known after a layout, so three listings are laid out (the proposal, no calls, all
 * calls) and the shortest is taken.
 */
import type { Unit } from '../project/units.ts';
import type { Site } from '../rewrite/site.ts';
import type { SourceText } from '../syntax/source.ts';
import type { Expansion } from './expansion.ts';
import { laidListing } from './laid-listing.ts';
import type { PlannedSite } from './planned-site.ts';

export type Expansions = ReadonlyMap<Site, Expansion>;

export const NO_CALLS: Expansions = new Map();

/**
 * The calls that make the listings shorter, for each file; none when calls do not make it shorter.
 *
 * @param calls the sites that can be calls
 * @param plan all sites with their stops, some of them as calls
 */
export function shorterCalls(
  inPlace: Expansions,
  calls: Expansions,
  plan: (made: Expansions) => readonly PlannedSite[],
): Expansions {
  const groups = groupsOf(calls.keys());
  const estimated = new Map([...groups].flatMap((group) => estimate(group, inPlace, calls)));
  const variants = [NO_CALLS, estimated, calls];
  const chosen = new Map<Site, Expansion>();
  for (const group of groups) {
    const made = shortest(group, variants, plan);
    for (const site of group.sites) {
      const call = made.get(site);
      if (call !== undefined) chosen.set(site, call);
    }
  }
  return variants.find((variant) => isSame(variant, chosen)) ?? chosen;
}

function isSame(a: Expansions, b: Expansions): boolean {
  return a.size === b.size && [...a.keys()].every((site) => b.has(site));
}

/** Files that share a header with such sites, and their sites that can be calls: a header's sites are chosen once for all. */
interface Group {
  /** By file: the first unit that has such a site, which is of the configuration as given. */
  readonly units: Map<SourceText, Unit>;
  readonly sites: Site[];
}

function groupsOf(sites: Iterable<Site>): ReadonlySet<Group> {
  const groupOf = new Map<SourceText, Group>();
  for (const site of sites) {
    const touched = new Set(site.instances.flatMap(({ unit }) => groupOf.get(unit.source) ?? []));
    const group: Group = { units: new Map(), sites: [site] };
    for (const { unit } of site.instances) addUnit(group, unit);
    for (const other of touched) {
      group.sites.push(...other.sites);
      for (const unit of other.units.values()) addUnit(group, unit);
    }
    for (const source of group.units.keys()) groupOf.set(source, group);
  }
  return new Set(groupOf.values());
}

function addUnit({ units }: Group, unit: Unit): void {
  const known = units.get(unit.source);
  if (known === undefined || unit.id < known.id) units.set(unit.source, unit);
}

/** The calls of the variant with the shortest files; of equal ones the first. */
function shortest(
  { units, sites }: Group,
  variants: readonly Expansions[],
  plan: (made: Expansions) => readonly PlannedSite[],
): Expansions {
  let best: { made: Expansions; size: CodeSize } | undefined;
  const tried = new Set<number>();
  for (const made of variants) {
    // Variants are subsets of each other.
    const count = sites.filter((site) => made.has(site)).length;
    if (tried.has(count)) continue;
    tried.add(count);
    const planned = plan(made);
    const size = { refused: 0, bytes: 0 };
    for (const unit of units.values()) addSize(size, codeSize(unit, planned));
    if (best === undefined || isShorter(size, best.size)) best = { made, size };
  }
  return best!.made;
}

interface CodeSize {
  /** Number of vectors that do not fit their slots, which the assembler would refuse. */
  refused: number;
  bytes: number;
}

function addSize(sum: CodeSize, { refused, bytes }: CodeSize): void {
  sum.refused += refused;
  sum.bytes += bytes;
}

function isShorter(a: CodeSize, b: CodeSize): boolean {
  return a.refused !== b.refused ? a.refused < b.refused : a.bytes < b.bytes;
}

/** The size of a unit's listing. */
function codeSize(unit: Unit, planned: readonly PlannedSite[]): CodeSize {
  const { laid } = laidListing(unit, planned);
  const bytes = laid.sections.reduce((sum, section) => sum + (section.code ? section.size : 0), 0);
  return { refused: laid.diagnostics.length, bytes };
}

/**
 * Estimates which calls make the code shorter: those of a routine that enough sites of a file share. Lengths are in bundle slots; a
 * site in a macro counts once for each expansion.
 */
function estimate({ units, sites }: Group, inPlace: Expansions, calls: Expansions): [Site, Expansion][] {
  const byRoutine = new Map<string, { calls: [Site, Expansion][]; saved: number }>();
  for (const site of sites) {
    const call = calls.get(site)!;
    const { label } = call.routine!;
    const entry = byRoutine.get(label) ?? { calls: [], saved: -paddedSlots(call.routine!) * units.size };
    entry.calls.push([site, call]);
    entry.saved += timesExpanded(site) * (paddedSlots(inPlace.get(site)!) - paddedSlots(call));
    byRoutine.set(label, entry);
  }
  return [...byRoutine.values()].flatMap((entry) => (entry.saved > 0 ? entry.calls : []));
}

/** Estimated slots: stops and labels mostly cost one each, as bundle templates allow them in few places. */
export function paddedSlots({ slots, stops }: Pick<Expansion, 'slots' | 'stops'>): number {
  return slots + stops;
}

/** The number of instances of a site in one configuration. */
function timesExpanded(site: Site): number {
  const first = site.instances[0]?.unit.configuration;
  return site.instances.filter((instance) => instance.unit.configuration === first).length;
}
