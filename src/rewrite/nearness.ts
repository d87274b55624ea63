/** How near in use registers are: scratch registers are taken from where a reader has them in view. */
import { GR } from '../machine/resources.ts';
import type { Instance, Site } from './site.ts';

/** How far, in instructions of the same section, a register's nearest mention is; far beyond that, all are alike. */
export const horizon = 48;

/**
 * How near in use a register is: looked for when first asked. Registers that the site's own group writes before it come last
 * of all: to use one costs a stop.
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

/** @param written gets what the site's group writes before it */
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
