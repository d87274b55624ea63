/**
 * Decides where an expansion needs a stop of its own: before it, when its first instructions would depend on what stands
 * before the site in its instruction group, and behind it, when what follows there would depend on its last ones.
 */
import { conflicts, serializesData } from '../dependencies/conflicts.ts';
import type { Effects } from '../machine/effects.ts';
import type { Instance, Site } from '../rewrite/site.ts';
import type { Expansion } from './expansion.ts';

export interface Stops {
  readonly before: boolean;
  readonly behind: boolean;
  /**
   * The expansion reads or writes memory where the native instruction did not, behind a write (of the TLB, of psr) that
   * later accesses must be serialized against. The hypervisor's page is pinned and not subject to it; the assembler is told.
   */
  readonly serialize: boolean;
}

/** Stops for every site of one listing, by site. `expansions` has all sites that share instruction groups. */
export function placeStops(expansions: ReadonlyMap<Site, Expansion>): Map<Site, Stops> {
  const expansionAt = new Map<string, { site: Site; instance: Instance; expansion: Expansion }>();
  const stops = new Map<Site, { before: boolean; behind: boolean; serialize: boolean }>();
  for (const [site, expansion] of expansions) {
    stops.set(site, { before: false, behind: false, serialize: false });
    for (const instance of site.instances)
      for (let at = instance.first; at <= instance.last; at++)
        expansionAt.set(key(instance, at), { site, instance, expansion });
  }
  const at = (instance: Instance, index: number) => expansionAt.get(key(instance, index));
  for (const [site, expansion] of expansions) {
    if (expansion.kind === 'native' || expansion.kind === 'trap') continue;
    const decided = stops.get(site)!;
    const accesses = expansion.groups.flat().filter(({ readsMemory, writesMemory }) => readsMemory || writesMemory);
    for (const instance of site.instances) {
      const { instructions, program } = instance.unit.analysis;
      if (program.groups[instructions[instance.first]!.group]!.length > longestGroup)
        decided.before = decided.behind = true;
      decided.serialize ||= accesses.length > 0 && unserialized(instance, at, accesses);
      if (!decided.before)
        decided.before = conflicts(groupBefore(instance, at, stops), expansion.groups[0]!).length > 0;
      if (!decided.behind)
        decided.behind =
          conflicts(lastGroup(instance, expansion, at, stops, decided.before), groupBehind(instance, at)).length > 0;
    }
  }
  return stops;
}

/**
 * Code without stops, which leaves them to the assembler, is one endless group. Comparing every pair in it would take square
 * time; there each expansion gets stops of its own.
 */
const longestGroup = 64;

type Lookup = (instance: Instance, index: number) => { site: Site; expansion: Expansion } | undefined;

function key(instance: Instance, index: number): string {
  return `${instance.unit.id}:${index}`;
}

/** How many instructions back a write may stand that is not serialized yet. */
const lookBack = 32;

/** Whether memory accesses depend on an earlier write that nothing has serialized. */
function unserialized(instance: Instance, at: Lookup, accesses: readonly Effects[]): boolean {
  const { instructions } = instance.unit.analysis;
  return unserializedBefore(instance).some((index) => {
    const written = at(instance, index)?.expansion.groups.flat() ?? [instructions[index]!.effects];
    return conflicts(written, accesses).some(({ semantics }) => semantics === 'data' || semantics === 'instr');
  });
}

/** System instructions before an instance, nearest first, up to what serializes: only they make writes that need it. */
function unserializedBefore(instance: Instance): readonly number[] {
  let found = systemInstructions.get(instance);
  if (found === undefined) {
    found = findUnserialized(instance);
    systemInstructions.set(instance, found);
  }
  return found;
}

/** Every listing asks. */
const systemInstructions = new WeakMap<Instance, readonly number[]>();

function findUnserialized({ unit, first }: Instance): number[] {
  const { program, instructions } = unit.analysis;
  const found: number[] = [];
  let index = program.previous[first]!;
  for (let left = lookBack; left > 0 && index >= 0; left--, index = program.previous[index]!) {
    const { effects } = instructions[index]!;
    if (serializesData(effects) || neverFallsThrough(effects)) break;
    if (effects.form?.privileged === true) found.push(index);
  }
  return found;
}

function neverFallsThrough({ branch, predicate }: Effects): boolean {
  return predicate === 0 && (branch?.kind === 'jump' || branch?.kind === 'return' || branch?.kind === 'rfi');
}

/** What a site's expansion shares its first group with: back to the last stop, expansions of earlier sites included. */
function groupBefore(instance: Instance, at: Lookup, stops: ReadonlyMap<Site, Stops>): Effects[] {
  const { program, instructions } = instance.unit.analysis;
  const { group } = instructions[instance.first]!;
  const before: Effects[] = [];
  for (
    let index = program.previous[instance.first]!;
    index >= 0 && instructions[index]!.group === group;
    index = program.previous[index]!
  ) {
    const neighbour = at(instance, index);
    if (neighbour === undefined) {
      before.unshift(instructions[index]!.effects);
      continue;
    }
    if (stops.get(neighbour.site)!.behind) break;
    before.unshift(...neighbour.expansion.groups.at(-1)!);
    if (neighbour.expansion.groups.length > 1 || stops.get(neighbour.site)!.before) break;
  }
  return before;
}

/** The expansion's last group; when it is its only one, what stands before the site is in it too. */
function lastGroup(
  instance: Instance,
  expansion: Expansion,
  at: Lookup,
  stops: ReadonlyMap<Site, Stops>,
  stopBefore: boolean,
): Effects[] {
  const last = [...expansion.groups.at(-1)!];
  return expansion.groups.length > 1 || stopBefore ? last : [...groupBefore(instance, at, stops), ...last];
}

/**
 * The group that goes on behind a site. An `rfi` ends its group without a stop, but the body in its place may end in what the
 * assembler does not take for a branch.
 */
function groupInText({ unit, last }: Instance): number {
  const { program, instructions } = unit.analysis;
  const next = program.next[last]!;
  if (next < 0) return instructions[last]!.group;
  for (let at = instructions[last]!.statementIndex; at < instructions[next]!.statementIndex; at++)
    if (program.statements[at]!.kind === 'stop') return instructions[last]!.group;
  return instructions[next]!.group;
}

/** What follows a site up to the next stop: instructions as they are, and the first group of later sites' expansions. */
function groupBehind(instance: Instance, at: Lookup): Effects[] {
  const { program, instructions } = instance.unit.analysis;
  const group = groupInText(instance);
  const behind: Effects[] = [];
  for (
    let index = program.next[instance.last]!;
    index >= 0 && instructions[index]!.group === group;
    index = program.next[index]!
  ) {
    const neighbour = at(instance, index);
    if (neighbour === undefined) {
      behind.push(instructions[index]!.effects);
      continue;
    }
    behind.push(...neighbour.expansion.groups[0]!);
    if (neighbour.expansion.groups.length > 1) break;
  }
  return behind;
}
