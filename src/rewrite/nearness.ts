/** Distances to the mentions of registers: a scratch register that is also used close by is easier for a reader to follow. */
import { GR } from '../machine/resources.ts';
import type { Instance, Site } from './site.ts';

/** The distance in instructions, within a section, beyond which all registers count as equally far. */
export const horizon = 48;

/**
 * The distance in instructions from a site to the nearest mention of a register; computed on the first call. Registers that the
 * site's own instruction group writes before it count as farthest, because their use costs a stop.
 */
export function nearness(site: Site): (register: number) => number {
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
  measure(instance, 'next', distances, written);
  measure(instance, 'previous', distances, written);
  for (const resource of written) distances.set(resource, 2 * horizon);
  return distances;
}

/** Notes distances in one direction. @param written receives the registers that the site's group writes before it */
function measure(
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
