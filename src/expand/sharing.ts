/** What it takes to let the bodies of neighbouring sites share something. */
import type { NeighbourFinder } from '../rewrite/neighbours.ts';
import type { Site } from '../rewrite/site.ts';
import type { Hypercalls } from './hypercalls.ts';
import type { ChosenSite } from './planned-site.ts';

export interface Sharing {
  readonly sites: readonly ChosenSite[];
  readonly find: NeighbourFinder;
  readonly hypercalls: Hypercalls;
  /** Sites that share nothing. */
  readonly apart: ReadonlySet<Site>;
}

/** Whether all instances have the same operands, so that one text is the body of all of them. */
export function hasOneText({ instances: [first, ...others] }: Site): boolean {
  const text = ({ operands, predicates }: { operands: readonly string[]; predicates: readonly string[] }) =>
    [...operands, ...predicates].join();
  return first !== undefined && others.every((other) => text(other) === text(first));
}
