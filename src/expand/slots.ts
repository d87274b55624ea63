/** How full the slots of a vector table are, in the source as it stands or in a listing. */
import { layout } from '../bundles/layout.ts';
import { measureSlots } from '../bundles/vectors.ts';
import type { Unit } from '../project/units.ts';
import type { Diagnostic } from '../syntax/diagnostic.ts';
import { asItStands, expanded } from './code.ts';
import type { Plan } from './plan.ts';

export interface FilledSlot {
  readonly unit: Unit;
  /** The target's label (`xen:a`); null: the source as it stands, on the bare machine. */
  readonly target: string | null;
  /** The directive that opens the slot. */
  readonly place: Pick<Diagnostic, 'file' | 'start' | 'end'>;
  /** The slot's label, or its offset in hexadecimal where it has none. */
  readonly name: string;
  readonly used: number;
  readonly capacity: number;
}

/** The slots of one unit. @param plan null: the source as it stands */
export function slotsOf(unit: Unit, plan: Plan | null): readonly FilledSlot[] {
  const { program } = unit.analysis;
  const { statements, effects, origin } = plan === null ? asItStands(unit) : expanded(unit, plan.planned);
  const laid = layout({ tree: { tokens: program.tokens, statements }, effects: (at) => effects[at]! });
  return measureSlots(laid, statements).flatMap(({ statement, name, offset, used, capacity, code }) => {
    if (capacity === null || !code) return [];
    const at = program.statements[origin[statement]!]!;
    const first = program.tokens[at.first]!;
    const last = program.tokens[at.last]!;
    const place = { file: first.file, start: first.start, end: last.file === first.file ? last.end : first.end };
    const target = plan?.choice.label ?? null;
    return [{ unit, target, place, name: name ?? `0x${offset.toString(16)}`, used, capacity }];
  });
}
