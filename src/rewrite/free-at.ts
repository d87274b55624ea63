/** What is free at a site, wherever its macro is expanded. */
import { type FreeRegisters, intersect } from '../analysis/liveness/scratch.ts';
import type { Site } from './site.ts';

/** The registers that are free at all instances of a site; none when it has no instance. */
export function freeAt(site: Site): FreeRegisters {
  const everywhere = site.instances.flatMap(({ unit, first, last }) => {
    const at = unit.analysis.freeAt(first);
    return first === last ? [at] : [at, unit.analysis.freeAt(last)];
  });
  return intersect(everywhere);
}
