/** How full the slots of the vector tables are, in the source as it stands and in the listing of each target. */
import { layout } from '../bundles/layout.ts';
import { vectorSlots } from '../bundles/vectors.ts';
import { asItStands, expanded } from '../expand/code.ts';
import type { Plan } from '../expand/plan.ts';
import type { Unit } from '../project/units.ts';
import type { RuleContext } from './context.ts';
import type { Place } from './finding.ts';
import { makePlans } from './listings.ts';

export interface FilledSlot {
  readonly unit: Unit;
  /** The target's label (`xen:a`); null: the source as it stands, on the bare machine. */
  readonly target: string | null;
  /** The directive that opens the slot. */
  readonly place: Place;
  /** The slot's label, or its offset in hexadecimal where it has none. */
  readonly name: string;
  readonly used: number;
  readonly capacity: number;
}

const known = new WeakMap<RuleContext, readonly FilledSlot[]>();

/** All slots of all units, for the source as it stands and for each target that changes it. */
export function filledSlots(context: RuleContext): readonly FilledSlot[] {
  let slots = known.get(context);
  if (slots === undefined) {
    const plans = makePlans(context);
    slots = context.project.units.flatMap((unit) => {
      if (unit.analysis.program.origins.length === 0) return [];
      return [slotsOf(unit, null), ...plans.map((plan) => slotsOf(unit, plan))].flat();
    });
    known.set(context, slots);
  }
  return slots;
}

function slotsOf(unit: Unit, plan: Plan | null): readonly FilledSlot[] {
  const { program } = unit.analysis;
  const { statements, effects, origin } = plan === null ? asItStands(unit) : expanded(unit, plan.planned);
  const laid = layout({ tree: { tokens: program.tokens, statements }, effects: (at) => effects[at]! });
  return vectorSlots(laid, statements).flatMap(({ statement, name, offset, used, capacity }) => {
    if (capacity === null) return [];
    const at = program.statements[origin[statement]!]!;
    const first = program.tokens[at.first]!;
    const last = program.tokens[at.last]!;
    const place = { file: first.file, start: first.start, end: last.file === first.file ? last.end : first.end };
    const target = plan?.choice.label ?? null;
    return [{ unit, target, place, name: name ?? `0x${offset.toString(16)}`, used, capacity }];
  });
}
