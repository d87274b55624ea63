/** The listings that targets would make of the macros of a check. */
import { type Plan, makePlans as planTargets } from '../expand/plan.ts';
import type { RuleContext } from './context.ts';

const known = new WeakMap<RuleContext, readonly Plan[]>();

/** The targets' expansions of the sites that are macros; a target that leaves them all as they are needs no plan. */
export function plansFor(context: RuleContext): readonly Plan[] {
  let plans = known.get(context);
  if (plans === undefined) {
    plans = planMacros(context);
    known.set(context, plans);
  }
  return plans;
}

function planMacros({ sites, targets, addressing, conventions }: RuleContext): readonly Plan[] {
  const chosen = sites.flatMap((site) => (site.scratch === null ? [] : [{ site, scratch: site.scratch }]));
  // Nothing refers to them here; only that they are labels counts.
  const labels = { here: '1', back: '2', prefix: '.Lpvasm' };
  const plans = planTargets(targets, chosen, {
    labels,
    addressing: (site) => addressing(site.file),
    isPinned: conventions.pinnedData,
  });
  return plans.filter(({ planned }) =>
    planned.some(({ expansion }) => expansion.kind !== 'native' && expansion.kind !== 'trap'),
  );
}
