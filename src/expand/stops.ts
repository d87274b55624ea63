/**
 * Decides where an expansion needs stops: one before it if its first instructions would depend on instructions before the site in the
 * same group, and one after it if the instructions after the site in its group would depend on its last ones.
 */

import { conflicts } from '../dependencies/conflicts.ts';
import { neverFallsThrough } from '../machine/branches.ts';
import type { Effects } from '../machine/effects.ts';
import { awaitedBy, NOTHING, serializedBy } from '../machine/serialization.ts';
import type { Unit } from '../project/units.ts';
import type { Instance, Site } from '../rewrite/site.ts';
import type { Expansion } from './expansion.ts';

export interface Stops {
  readonly before: boolean;
  readonly behind: boolean;
  /**
   * Whether the expansion accesses memory, which the native instruction does not, after a write (of the TLB, of psr) that memory
   * accesses must be serialized against. The hypervisor's page is pinned, so this is safe; a directive tells the assembler so.
   */
  readonly serialize: boolean;
}

/** The stops of every site of one listing. @param expansions all sites that share instruction groups */
export function placeStops(expansions: ReadonlyMap<Site, Expansion>): Map<Site, Stops> {
  const expansionAt = new Map<string, StandIn>();
  const stops = new Map<Site, { before: boolean; behind: boolean; serialize: boolean }>();
  for (const [site, expansion] of expansions) {
    stops.set(site, { before: false, behind: false, serialize: false });
    for (const instance of site.instances)
      for (let at = instance.first; at <= instance.last; at++)
        expansionAt.set(key(instance.unit, at), { site, instance, expansion });
  }
  const at: Lookup = (unit, index) => expansionAt.get(key(unit, index));
  for (const site of unserializedSites(expansions, at)) stops.get(site)!.serialize = true;
  for (const [site, expansion] of expansions) {
    if (!isBody(expansion)) continue;
    const decided = stops.get(site)!;
    for (const instance of site.instances) {
      const { instructions, program } = instance.unit.analysis;
      if (program.groups[instructions[instance.first]!.group]!.length > longestGroup)
        decided.before = decided.behind = true;
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
 * Code under `.auto` has no stops, and is one very long group, in which comparing all pairs would take quadratic time. In a group of
 * more instructions than this each expansion gets stops of its own.
 */
const longestGroup = 64;

/** The replacement of an instruction in a listing. */
interface StandIn {
  readonly site: Site;
  readonly instance: Instance;
  readonly expansion: Expansion;
}

type Lookup = (unit: Unit, index: number) => StandIn | undefined;

function key({ id }: Unit, index: number): string {
  return `${id}:${index}`;
}

/**
 * The unserialized writes at a point of a unit's text, as the assembler reads it. Of instructions with the same form and the same
 * writes one is kept. A serialization does not affect writes of its own group.
 */
interface Unserialized {
  readonly settled: Map<string, Effects>;
  readonly fresh: Map<string, Effects>;
}

/** The sites whose bodies access memory after an unserialized write, at whatever distance before them. */
function unserializedSites(expansions: ReadonlyMap<Site, Expansion>, at: Lookup): ReadonlySet<Site> {
  const found = new Set<Site>();
  for (const unit of new Set([...expansions.keys()].flatMap(({ instances }) => instances.map((each) => each.unit)))) {
    const state: Unserialized = { settled: new Map(), fresh: new Map() };
    let group = -1;
    for (const instruction of unit.analysis.instructions) {
      if (instruction.group !== group) settle(state);
      group = instruction.group;
      const standIn = at(unit, instruction.index);
      if (standIn === undefined || !isBody(standIn.expansion)) follow(state, instruction.effects);
      else if (instruction.index === standIn.instance.first) {
        if (followBody(state, standIn.expansion)) found.add(standIn.site);
      }
    }
  }
  return found;
}

/** Advances the state over a body; true when the body must be preceded by `.serialize.data`. */
function followBody(state: Unserialized, { groups }: Expansion): boolean {
  const depends = dependsOn(state, groups.flat());
  if (depends) {
    state.settled.clear();
    state.fresh.clear();
  }
  groups.forEach((group, index) => {
    if (index > 0) settle(state);
    for (const effects of group) follow(state, effects);
  });
  return depends;
}

function isBody({ kind }: Expansion): boolean {
  return kind !== 'native' && kind !== 'trap';
}

function dependsOn({ settled, fresh }: Unserialized, body: readonly Effects[]): boolean {
  if (settled.size + fresh.size === 0) return false;
  const accesses = body.filter(({ readsMemory, writesMemory }) => readsMemory || writesMemory);
  return conflicts([...settled.values(), ...fresh.values()], accesses).some(
    ({ semantics }) => semantics === 'data' || semantics === 'instr',
  );
}

function follow({ settled, fresh }: Unserialized, effects: Effects): void {
  const { form } = effects;
  if (serializedBy(effects) !== NOTHING) settled.clear();
  else if (form !== null && awaitedBy(effects) !== NOTHING) fresh.set(`${form.id} ${effects.writes.join()}`, effects);
  if (!neverFallsThrough(effects)) return;
  settled.clear();
  fresh.clear();
}

/** Advances the state over the end of an instruction group. */
function settle({ settled, fresh }: Unserialized): void {
  for (const [key, effects] of fresh) settled.set(key, effects);
  fresh.clear();
}

/** The instructions before a site in its group, back to the last stop, including expansions of earlier sites. */
function groupBefore(instance: Instance, at: Lookup, stops: ReadonlyMap<Site, Stops>): Effects[] {
  const { program, instructions } = instance.unit.analysis;
  const { group } = instructions[instance.first]!;
  const before: Effects[] = [];
  for (
    let index = program.previous[instance.first]!;
    index >= 0 && instructions[index]!.group === group;
    index = program.previous[index]!
  ) {
    const neighbour = at(instance.unit, index);
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

/** The expansion's last group; if it is the only one, with the instructions before the site. */
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
 * The group that continues after a site. An `rfi` ends its group without a stop, but a body in its place may end with an instruction
 * that the assembler does not take for a branch.
 */
function groupInText({ unit, last }: Instance): number {
  const { program, instructions } = unit.analysis;
  const next = program.next[last]!;
  if (next < 0) return instructions[last]!.group;
  for (let at = instructions[last]!.statementIndex; at < instructions[next]!.statementIndex; at++)
    if (program.statements[at]!.kind === 'stop') return instructions[last]!.group;
  return instructions[next]!.group;
}

/** The instructions after a site up to the next stop, including the first group of a later site's expansion. */
function groupBehind(instance: Instance, at: Lookup): Effects[] {
  const { program, instructions } = instance.unit.analysis;
  const group = groupInText(instance);
  const behind: Effects[] = [];
  for (
    let index = program.next[instance.last]!;
    index >= 0 && instructions[index]!.group === group;
    index = program.next[index]!
  ) {
    const neighbour = at(instance.unit, index);
    if (neighbour === undefined) {
      behind.push(instructions[index]!.effects);
      continue;
    }
    behind.push(...neighbour.expansion.groups[0]!);
    if (neighbour.expansion.groups.length > 1) break;
  }
  return behind;
}
