/** How full the slots of the vector tables are, in the source as it stands and in the listing of each target. */
import { type FilledSlot, slotsOf } from '../expand/slots.ts';
import type { RuleContext } from './context.ts';
import { plansFor } from './listings.ts';

export type { FilledSlot } from '../expand/slots.ts';

const known = new WeakMap<RuleContext, readonly FilledSlot[]>();

/** All slots of all units, for the source as it stands and for each target that changes it. */
export function slotUsage(context: RuleContext): readonly FilledSlot[] {
  let slots = known.get(context);
  if (slots === undefined) {
    const plans = plansFor(context);
    slots = context.project.units.flatMap((unit) => {
      if (unit.analysis.program.origins.length === 0) return [];
      return [slotsOf(unit, null), ...plans.map((plan) => slotsOf(unit, plan))].flat();
    });
    known.set(context, slots);
  }
  return slots;
}
