/** Chooses scratch registers for all sites of a project. Requires: sites with their instances. */

import { NOTHING_FREE } from '../analysis/liveness/scratch.ts';
import { shareAddressRegisters } from './address-registers.ts';
import { type CandidateTarget, chooseScratch } from './choose.ts';
import { freeAt } from './free-at.ts';
import { nearness } from './nearness.ts';
import { type Choice, shareRoutines } from './shared-routines.ts';
import type { Scratch, Site } from './site.ts';

export interface Assignment {
  readonly chosen: readonly { readonly site: Site; readonly scratch: Scratch }[];
  readonly refused: readonly RefusedSite[];
}

/** A site for which no list of free registers serves all targets. */
export interface RefusedSite {
  readonly site: Site;
  /** Why no assignment works, in words; null: too few registers are free. */
  readonly obstacle: string | null;
}

/**
 * A function that chooses scratch registers for sites of a project. It may be called repeatedly: results are cached by site.
 *
 * @param anew whether registers that a macro call of the source names are chosen anew, too
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
    return { chosen: shareAddressRegisters(shareRoutines(chosen, candidates), candidates), refused };
  };
}

function choose(site: Site, candidates: readonly CandidateTarget[]): Choice | RefusedSite {
  if (site.scratch !== null) return { site, scratch: site.scratch, free: NOTHING_FREE };
  const free = freeAt(site);
  const scratch = chooseScratch(site, free, candidates, nearness(site));
  if (scratch === null) return { site, obstacle: null };
  const obstacles = candidates.map((candidate) => candidate.obstacle(site, scratch)).filter((each) => each !== null);
  return obstacles.length > 0 ? { site, obstacle: obstacles[0]! } : { site, scratch, free };
}
