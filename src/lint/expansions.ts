/** What the targets make of the sites that are spelled as pvasm's macros, each worked out once. */

import { expandInPlace, type InPlace } from '../expand/expansion.ts';
import type { Target } from '../expand/target.ts';
import type { Scratch, Site } from '../rewrite/site.ts';
import type { RuleContext } from './context.ts';

export interface SiteExpansion extends InPlace {
  readonly site: Site;
  readonly scratch: Scratch;
  readonly target: Target;
}

const known = new WeakMap<RuleContext, readonly SiteExpansion[]>();

export function siteExpansions(context: RuleContext): readonly SiteExpansion[] {
  let expansions = known.get(context);
  if (expansions === undefined) {
    expansions = context.sites.flatMap((site) => {
      const { scratch } = site;
      if (site.spelling !== 'macro' || scratch === null) return [];
      const targets = new Set(context.targets.map((choice) => choice.target));
      return [...targets].map((target) => ({ site, scratch, target, ...expandInPlace(site, scratch, target) }));
    });
    known.set(context, expansions);
  }
  return expansions;
}
