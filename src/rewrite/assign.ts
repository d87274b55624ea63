/** Chooses scratch registers for all sites of a project. Requires: sites with their instances. */

import { type FreeRegisters, intersect } from '../analysis/liveness/scratch.ts';
import { GR } from '../machine/resources.ts';
import { branchNames, type CandidateTarget, chooseScratch } from './choose.ts';
import type { Instance, Scratch, Site } from './site.ts';

export interface Assignment {
  readonly chosen: readonly { readonly site: Site; readonly scratch: Scratch }[];
  readonly refused: readonly RefusedSite[];
}

/** A site for which no list of free registers serves all targets. */
export interface RefusedSite {
  readonly site: Site;
  /** What stands in the way; null: there are not enough registers. */
  readonly obstacle: string | null;
}

/**
 * A way to choose for the sites of a project, again and again: what was chosen for a site before is kept.
 *
 * @param anew whether the registers that a macro names do not count
 */
export function chooser(
  candidates: readonly CandidateTarget[],
  anew: (site: Site) => boolean = () => false,
): (sites: readonly Site[]) => Assignment {
  const known = new Map<Site, Choice | RefusedSite>();
  return (sites) => {
    const chosen: Choice[] = [];
    const refused: RefusedSite[] = [];
    for (const site of sites) {
      let choice = known.get(site);
      if (choice === undefined) {
        choice = choose(site.scratch !== null && anew(site) ? { ...site, scratch: null } : site, candidates);
        known.set(site, choice);
      }
      if ('obstacle' in choice) refused.push(choice);
      else chosen.push(choice);
    }
    return { chosen: shareBranchRegisters(chosen), refused };
  };
}

interface Choice {
  readonly site: Site;
  readonly scratch: Scratch;
  readonly free: FreeRegisters;
}

function choose(site: Site, candidates: readonly CandidateTarget[]): Choice | RefusedSite {
  if (site.scratch !== null) return { site, scratch: site.scratch, free: nothingFree };
  const free = freeAt(site);
  const scratch = chooseScratch(site, free, candidates, nearness(site));
  if (scratch === null) return { site, obstacle: null };
  const obstacles = candidates.map((candidate) => candidate.obstacle(site, scratch)).filter((each) => each !== null);
  return obstacles.length > 0 ? { site, obstacle: obstacles[0]! } : { site, scratch, free };
}

const nothingFree: FreeRegisters = { gr: [], br: [], pr: [] };

/**
 * Sites that differ in nothing but the branch register could share a routine: they take one that is free at all of them,
 * where there is one.
 */
function shareBranchRegisters(chosen: readonly Choice[]): { site: Site; scratch: Scratch }[] {
  const alike = new Map<string, FreeRegisters[]>();
  const isFree = ({ site, scratch }: Choice) => site.scratch === null && scratch.branch !== null;
  for (const choice of chosen.filter(isFree)) {
    const key = routineKey(choice);
    const group = alike.get(key);
    if (group === undefined) alike.set(key, [choice.free]);
    else group.push(choice.free);
  }
  const shared = new Map([...alike].map(([key, free]) => [key, branchNames(intersect(free).br)]));
  return chosen.map((choice) => {
    const { site, scratch } = choice;
    const [branch = scratch.branch, through] = (isFree(choice) ? shared.get(routineKey(choice)) : null) ?? [];
    if (scratch.through === undefined) return { site, scratch: { ...scratch, branch } };
    return { site, scratch: through === undefined ? scratch : { ...scratch, branch, through } };
  });
}

function routineKey({ site, scratch }: Choice): string {
  return [
    site.operation.name,
    ...(site.instances[0]?.operands ?? site.operands),
    ...scratch.general,
    ...scratch.predicates,
    scratch.through !== undefined,
  ].join();
}

/** What is free in all places that a site was met in; nothing where it was met nowhere. */
export function freeAt(site: Site): FreeRegisters {
  const everywhere = site.instances.flatMap(({ unit, first, last }) => {
    const at = unit.analysis.freeAt(first);
    return first === last ? [at] : [at, unit.analysis.freeAt(last)];
  });
  return everywhere.length === 0 ? { gr: [], br: [], pr: [] } : intersect(everywhere);
}

/** How far, in instructions of the same section, a register's nearest mention is; far beyond that, all are alike. */
const horizon = 48;

/**
 * How near in use a register is: looked for when first asked. Registers that the site's own group writes before it come last
 * of all: to use one costs a stop.
 */
function nearness(site: Site): (register: number) => number {
  let distances: Map<number, number> | undefined;
  return (register) => {
    distances ??= distancesFrom(site.instances[0]);
    return distances.get(register) ?? horizon;
  };
}

function distancesFrom(instance: Instance | undefined): Map<number, number> {
  const distances = new Map<number, number>();
  if (instance === undefined) return distances;
  const written = new Set<number>();
  walk(instance, 'next', distances, written);
  walk(instance, 'previous', distances, written);
  for (const resource of written) distances.set(resource, 2 * horizon);
  return distances;
}

/** @param written gets what the site's group writes before it */
function walk(
  instance: Instance,
  step: 'next' | 'previous',
  distances: Map<number, number>,
  written: Set<number>,
): void {
  const { program, instructions } = instance.unit.analysis;
  const { group } = instructions[instance.first]!;
  let at = step === 'next' ? instance.last : instance.first;
  for (let distance = 1; distance < horizon; distance++) {
    at = program[step][at]!;
    if (at < 0) return;
    const { effects, group: its } = instructions[at]!;
    note(effects.reads, distance, distances);
    note(effects.writes, distance, distances);
    if (step === 'previous' && its === group) for (const resource of effects.writes) written.add(resource);
  }
}

function note(resources: readonly number[], distance: number, distances: Map<number, number>): void {
  for (let at = 0; at < resources.length; at++) {
    const resource = resources[at]!;
    if (resource <= GR(127) && (distances.get(resource) ?? horizon) > distance) distances.set(resource, distance);
  }
}
