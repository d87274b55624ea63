/**
 * Groups of dependency violations that one stop, or one serialization, would repair: each group is one finding, however
 * many instructions it concerns.
 */
import type { Unit } from '../project/units.ts';
import { compareText, type DraftFinding, type Fix, type RelatedPlace, type SourceRange } from './finding.ts';

/** Two instructions that something must stand between. */
export interface ViolationPair {
  readonly unit: Unit;
  readonly message: string;
  /** In words what must stand between them; pairs are only joined where it is the same. */
  readonly cure: string;
  /** False if a stop between them would not help, because one of the two is in the wrong place. */
  readonly parts: boolean;
  readonly earlier: SourceRange;
  readonly later: SourceRange;
  readonly fix: { readonly fix?: Fix };
}

interface GroupedReport {
  readonly report: DraftFinding;
  readonly units: readonly Unit[];
}

/** Pairs by the place that both are spelled at, met in some units. */
interface MetPair extends ViolationPair {
  readonly units: Unit[];
}

export function* reportsByCure(pairs: readonly ViolationPair[]): Iterable<GroupedReport> {
  for (const alike of byKey(distinct(pairs), ({ cure, later, units }) => [cure, later.file.name, idOf(units)].join()))
    for (const group of stabbed(alike)) yield { report: reportOf(group), units: group[0]!.units };
}

function distinct(pairs: readonly ViolationPair[]): readonly MetPair[] {
  const met = new Map<string, MetPair>();
  for (const pair of pairs) {
    const key = `${placeKey(pair.earlier)} ${placeKey(pair.later)} ${pair.cure}`;
    const known = met.get(key);
    if (known === undefined) met.set(key, { ...pair, units: [pair.unit] });
    else if (!known.units.includes(pair.unit)) known.units.push(pair.unit);
  }
  return [...met.values()];
}

/**
 * Pairs of one file that one stop repairs, as of intervals that one point stabs: those whose earlier instruction stands in
 * front of the first later one. A pair that goes backwards, or to another file, joins those of the same earlier
 * instruction.
 */
function stabbed(pairs: readonly MetPair[]): readonly (readonly MetPair[])[] {
  const forward = pairs.filter(isForward).sort((a, b) => a.later.start - b.later.start || order(a, b));
  const groups: MetPair[][] = [];
  for (const pair of forward) {
    const open = groups.at(-1);
    if (open !== undefined && pair.earlier.start < open[0]!.later.start) open.push(pair);
    else groups.push([pair]);
  }
  const others = pairs.filter((pair) => !isForward(pair));
  return [...groups, ...byKey(others, (pair) => placeKey(pair.parts ? pair.earlier : pair.later))];
}

function isForward({ parts, earlier, later }: MetPair): boolean {
  return parts && earlier.file === later.file && earlier.start < later.start;
}

function order(a: MetPair, b: MetPair): number {
  return compareText(placeKey(a.earlier), placeKey(b.earlier));
}

function reportOf(group: readonly MetPair[]): DraftFinding {
  const { message, earlier, later, parts, fix } = group[0]!;
  const related: RelatedPlace[] = [];
  const reported = new Set([placeKey(later)]);
  const relate = (place: SourceRange, words: string): void => {
    if (!reported.has(placeKey(place))) related.push({ ...place, message: words });
    reported.add(placeKey(place));
  };
  relate(earlier, parts ? 'depends on this' : 'in the group of this');
  for (const other of group) {
    relate(other.later, 'and so does this');
    relate(other.earlier, 'and on this');
  }
  return { ...later, message, related, ...fix };
}

function byKey<Item>(items: readonly Item[], keyOf: (item: Item) => string): readonly (readonly Item[])[] {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return [...groups.values()];
}

function idOf(units: readonly Unit[]): string {
  return units.map(({ id }) => id).join();
}

function placeKey({ file, start }: SourceRange): string {
  return `${file.name}:${start}`;
}
