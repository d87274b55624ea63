/** A site with its registers and its expansion for a target. */
import type { Scratch, Site } from '../rewrite/site.ts';
import type { Expansion } from './expansion.ts';
import type { Stops } from './stops.ts';

export interface ChosenSite {
  readonly site: Site;
  readonly scratch: Scratch;
}

export interface PlannedSite extends ChosenSite {
  readonly expansion: Expansion;
  readonly stops: Stops;
}
