/** What the targets make of the sites that are spelled as pvasm's macros, each worked out once. */

import { expandInPlace, type InPlace } from '../expand/expansion.ts';
import { targetsOf } from '../expand/plan.ts';
import type { Target } from '../expand/target.ts';
import { resolveRegister } from '../machine/scope.ts';
import type { Scratch, Site } from '../rewrite/site.ts';
import type { RuleContext } from './context.ts';
import type { MacroCall } from './macro-call.ts';
import { NOT_NEEDED } from './sites.ts';

export interface SiteExpansion extends InPlace {
  readonly site: Site;
  readonly scratch: Scratch;
  readonly target: Target;
}

const known = new WeakMap<RuleContext, readonly SiteExpansion[]>();

export function siteExpansions(context: RuleContext): readonly SiteExpansion[] {
  let expansions = known.get(context);
  if (expansions === undefined) {
    const calls = new Map(context.calls.map((call) => [`${call.file.name}:${call.start}`, call]));
    expansions = context.sites.flatMap((site) => {
      if (site.spelling !== 'macro' || site.scratch === null) return [];
      const scratch = asFirstMet(site.scratch, calls.get(`${site.file.name}:${site.start}`));
      const targets = new Set(context.targets.flatMap(targetsOf));
      return [...targets].map((target) => ({ site, scratch, target, ...expandInPlace(site, scratch, target) }));
    });
    known.set(context, expansions);
  }
  return expansions;
}

/** Parameters of the macro around the call as the registers that they are in the first place. */
function asFirstMet(scratch: Scratch, call: MacroCall | undefined): Scratch {
  const [met] = call?.instances ?? [];
  if (call === undefined || met === undefined) return scratch;
  const parameters = new Map<string, string>();
  for (const [index, { text, register }] of call.args.entries()) {
    const there = met.args[index]!;
    if (register === null && there.register !== null) parameters.set(text, there.register.name);
    else if (there.text === NOT_NEEDED) parameters.set(text, NOT_NEEDED);
  }
  const named = [...scratch.general, ...scratch.predicates].map((name) => parameters.get(name) ?? name);
  const classOf = (name: string) => resolveRegister(name)?.class;
  const through = scratch.through ?? named.find((name) => classOf(name) === 'br');
  return {
    branch: scratch.branch === null ? null : (parameters.get(scratch.branch) ?? scratch.branch),
    general: named.filter((name) => classOf(name) !== 'pr' && classOf(name) !== 'br'),
    predicates: named.filter((name) => classOf(name) === 'pr'),
    ...(through === undefined ? {} : { through }),
    pfs: scratch.pfs === true,
  };
}
