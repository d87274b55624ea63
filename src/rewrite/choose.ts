/**
 * Chooses the scratch registers of a site among those that liveness proved free at every instance, in every configuration: the
 * assignment with the cheapest bodies, and of equally cheap ones that with the registers nearest in use.
 */

import type { FreeRegisters } from '../analysis/liveness/scratch.ts';
import { scratchRegisters } from '../machine/purposes.ts';
import type { ConstantAccess } from './constant-access.ts';
import type { Instance, Scratch, Site } from './site.ts';

const SCRATCH_PREDICATES = scratchRegisters('pr').map(({ name }) => name);
/** Preferred, as calls may destroy them by the software conventions. */
const SCRATCH_BRANCHES = scratchRegisters('br').map(({ number }) => number);

/** The cost of one target's body with one assignment; null when the body cannot be expanded with it. */
export interface BodyCost {
  readonly instructions: number;
  readonly stops: number;
}

export interface Need {
  readonly general: number;
  readonly predicates: number;
}

/** A configured target, with what the choice of registers needs to know of it. */
export interface CandidateTarget {
  /** The most scratch registers that its body for this operation takes; null when it has no body. */
  need(site: Site): Need | null;
  cost(site: Site, operands: InstanceOperands, scratch: Scratch): BodyCost | null;
  /** General registers that its body for the site names: one of these as scratch may make the body shorter. */
  named(site: Site): ReadonlySet<string>;
  /** Whether a branch register would be of use at the site with these scratch registers. */
  wantsBranch(site: Site, scratch: Scratch): boolean;
  /** `scratch` with the registers that a call through a table also needs; null when no such call is asked for or possible. */
  forTable(site: Site, scratch: Scratch, spare: SpareRegisters): Scratch | null;
  /** Whether the site could be a call, whether or not one is asked for. */
  couldCall(site: Site, scratch: Scratch): boolean;
  /** Whether the site could be a `br.call`, which destroys ar.pfs. */
  wantsFrame(site: Site, scratch: Scratch): boolean;
  /** Memory that its body accesses at a constant address; null when it is of another form. */
  access(site: Site, scratch: Scratch): ConstantAccess | null;
  /** Whether its body is the native instruction. */
  isNative(site: Site, scratch: Scratch): boolean;
  /** Why one macro call cannot serve all instances of the site; null when it can. */
  obstacle(site: Site, scratch: Scratch): string | null;
}

/** Names of free registers, in the order of preference. */
export interface SpareRegisters {
  readonly branches: readonly string[];
  readonly general: readonly string[];
}

/** The cheapest scratch registers that serve all targets; null when no free registers do. */
export function chooseScratch(
  site: Site,
  free: FreeRegisters,
  candidates: readonly CandidateTarget[],
  distance: (register: number) => number,
): Scratch | null {
  const most = mostNeeded(site, candidates);
  const named = candidates.map((candidate) => candidate.named(site));
  const isNamed = (register: number) => named.some((names) => names.has(`r${register}`));
  const nearestFirst = () => [...free.gr].sort((a, b) => distance(a) - distance(b) || a - b);
  const nearest = most.general === 0 ? [] : nearestFirst();
  const price = pricer(site, candidates);
  let best: { scratch: Scratch; price: number } | null = null;
  for (let predicates = 0; predicates <= Math.min(most.predicates, free.pr.length); predicates++) {
    const predicateNames = free.pr.slice(0, predicates).map((number) => `p${number}`);
    for (let length = 0; length <= Math.min(most.general, nearest.length); length++) {
      const found = cheapestList(length, nearest, isNamed, (general) =>
        price({ branch: null, general, predicates: predicateNames }),
      );
      if (found !== null && (best === null || found.price < best.price))
        best = { scratch: { branch: null, general: found.general, predicates: predicateNames }, price: found.price };
    }
  }
  if (best === null) return null;
  const chosen = best.scratch;
  const spare: SpareRegisters = {
    branches: branchNames(free.br),
    get general() {
      return names(nearestFirst()).filter((name) => !chosen.general.includes(name));
    },
  };
  for (const candidate of candidates) {
    const extended = candidate.forTable(site, chosen, spare);
    if (extended !== null) return withFrame(extended);
  }
  const wanted = candidates.some((candidate) => candidate.wantsBranch(site, chosen));
  return withFrame({ ...chosen, branch: wanted ? branchName(free.br) : null });

  function withFrame(scratch: Scratch): Scratch {
    const pfs = scratch.branch !== null && free.pfs && candidates.some((each) => each.wantsFrame(site, scratch));
    return { ...scratch, pfs };
  }
}

function mostNeeded(site: Site, candidates: readonly CandidateTarget[]): Need {
  const needs = candidates.map((candidate) => candidate.need(site)).filter((need) => need !== null);
  return {
    general: Math.max(0, ...needs.map((need) => need.general)),
    predicates: Math.max(0, ...needs.map((need) => need.predicates)),
  };
}

/**
 * The fewest scratch registers with which the bodies of all targets can be expanded if all of `general` were free; null if none.
 *
 * @param general numbers of general registers
 */
export function leastNeed(site: Site, candidates: readonly CandidateTarget[], general: readonly number[]): Need | null {
  const most = mostNeeded(site, candidates);
  const price = pricer(site, candidates);
  for (let length = 0; length <= most.general; length++) {
    for (let predicates = 0; predicates <= most.predicates; predicates++) {
      const names = SCRATCH_PREDICATES.slice(0, predicates);
      const found = firstList(length, general, (list) => price({ branch: null, general: list, predicates: names }));
      if (found !== null) return { general: length, predicates };
    }
  }
  return null;
}

/** The preferred branch register of those that are free; null when none is. */
export function branchName(free: readonly number[]): string | null {
  return branchNames(free)[0] ?? null;
}

/** The free branch registers by name, in the order of preference. */
export function branchNames(free: readonly number[]): string[] {
  const scratch = SCRATCH_BRANCHES.filter((number) => free.includes(number));
  return [...scratch, ...free.filter((each) => !SCRATCH_BRANCHES.includes(each))].map((number) => `b${number}`);
}

/** The summed cost over all targets and all distinct instances; Infinity when a body cannot be expanded. */
export function pricer(site: Site, candidates: readonly CandidateTarget[]): (scratch: Scratch) => number {
  const instances = distinctInstances(site);
  const sum = (those: readonly CandidateTarget[], scratch: Scratch): number => {
    let total = 0;
    for (const candidate of those) {
      for (const instance of instances) {
        const cost = candidate.cost(site, instance, scratch);
        if (cost === null) return Number.POSITIVE_INFINITY;
        total += cost.instructions + cost.stops;
      }
    }
    return total;
  };
  const fixed: CandidateTarget[] = [];
  const choosy: CandidateTarget[] = [];
  for (const candidate of candidates) {
    const need = candidate.need(site);
    if (need !== null) (need.general + need.predicates === 0 ? fixed : choosy).push(candidate);
  }
  const always = sum(fixed, { branch: null, general: [], predicates: [] });
  return (scratch) => always + sum(choosy, scratch);
}

/** The operands of a site at one instance. */
export type InstanceOperands = Pick<Instance, 'operands' | 'predicates'>;

/**
 * One instance for each combination of operand registers, as bodies may differ between these. Of instances that differ only in an
 * immediate (a mask may depend on the configuration) the first is taken, which is of the configuration that listings are made for.
 * A site without instances (in a macro that is never expanded) is taken as spelled: its parameters count as registers of their own.
 */
export function distinctInstances(site: Site): readonly InstanceOperands[] {
  let instances = distinct.get(site);
  if (instances === undefined) {
    instances = findDistinct(site);
    distinct.set(site, instances);
  }
  return instances;
}

/** Cache of `distinctInstances`, which is called for every target and every price. */
const distinct = new WeakMap<Site, readonly InstanceOperands[]>();

function findDistinct(site: Site): readonly InstanceOperands[] {
  if (site.instances.length === 0) return [site.spelledOperands];
  if (site.instances.length === 1) return site.instances;
  const registers = site.operation.slots.flatMap(({ kind }, index) => (kind === 'immediate' ? [] : [index]));
  const seen = new Map<string, InstanceOperands>();
  for (const instance of site.instances) {
    const key = [...instance.predicates, ...registers.map((index) => instance.operands[index])].join();
    if (!seen.has(key)) seen.set(key, instance);
  }
  return [...seen.values()];
}

interface PricedList {
  readonly general: readonly string[];
  readonly price: number;
}

/** Most assignments that are tried before the search gives up; in practice one of the first few works, or none does. */
const attempts = 500;

/**
 * The cheapest list of `length` registers. All registers that no body names cost the same, so only the nearest of them are tried;
 * then each position is tried with each register that some body names.
 */
function cheapestList(
  length: number,
  nearest: readonly number[],
  isNamed: (register: number) => boolean,
  price: (general: readonly string[]) => number,
): PricedList | null {
  const special = nearest.filter(isNamed);
  const alike = nearest.filter((register) => !isNamed(register)).slice(0, length);
  let best = firstList(length, [...alike, ...special], price);
  if (best === null) return null;
  for (let place = 0; place < length; place++) {
    for (const register of special) {
      if (best.list.includes(register)) continue;
      const list: number[] = best.list.with(place, register);
      const cost = price(names(list));
      if (cost < best.price) best = { list, price: cost };
    }
  }
  return { general: names(best.list), price: best.price };
}

/** The first list of distinct registers with which all bodies can be expanded; positions are filled in the order of `registers`. */
function firstList(
  length: number,
  registers: readonly number[],
  price: (general: readonly string[]) => number,
): { list: number[]; price: number } | null {
  let left = attempts;
  const extend = (list: number[]): { list: number[]; price: number } | null => {
    if (list.length === length) {
      const cost = price(names(list));
      left--;
      return cost < Number.POSITIVE_INFINITY ? { list, price: cost } : null;
    }
    for (const register of registers) {
      if (left <= 0) return null;
      const found = list.includes(register) ? null : extend([...list, register]);
      if (found !== null) return found;
    }
    return null;
  };
  return extend([]);
}

function names(list: readonly number[]): string[] {
  return list.map((register) => `r${register}`);
}
