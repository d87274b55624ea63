/** The fill of a vector table's slots, in the source or in a listing. */
import { layout } from '../bundles/layout.ts';
import { measureSlots } from '../bundles/vectors.ts';
import type { Unit } from '../project/units.ts';
import type { Diagnostic } from '../syntax/diagnostic.ts';
import { asItStands, expanded } from './code.ts';
import type { LaidListing } from './laid-listing.ts';
import type { MovedTail } from './moved-tail.ts';
import type { PlannedSite } from './planned-site.ts';

export interface FilledSlot {
  readonly unit: Unit;
  /** The target's label (`xen:a`); null for the source. */
  readonly target: string | null;
  /** The directive that opens the slot. */
  readonly place: Pick<Diagnostic, 'file' | 'start' | 'end'>;
  /** Index of its statement in the unit. */
  readonly opening: number;
  /** The slot's label, or without one its offset in hexadecimal. */
  readonly name: string;
  readonly used: number;
  readonly capacity: number;
}

/** The parts of a plan that slots depend on. */
interface PlannedListing {
  readonly choice: { readonly label: string };
  readonly planned: readonly PlannedSite[];
  readonly moved: readonly MovedTail[];
}

/** The slots of one unit. @param plan null: those of the source */
export function slotsOf(unit: Unit, plan: PlannedListing | null): readonly FilledSlot[] {
  const { program } = unit.analysis;
  const { statements, effects, origin } = plan === null ? asItStands(unit) : expanded(unit, plan.planned, plan.moved);
  const laid = layout({ tree: { tokens: program.tokens, statements }, effects: (at) => effects[at]! });
  return filledSlots(unit, { laid, statements, origin }, plan?.choice.label ?? null);
}

/** The slots of one unit, from its layout. */
export function filledSlots(
  unit: Unit,
  { laid, statements, origin }: Pick<LaidListing, 'laid' | 'statements' | 'origin'>,
  target: string | null,
): readonly FilledSlot[] {
  const { program } = unit.analysis;
  return measureSlots(laid, statements).flatMap(({ statement, name, offset, used, capacity, code }) => {
    if (capacity === null || !code) return [];
    const opening = origin[statement]!;
    const at = program.statements[opening]!;
    const first = program.tokens[at.first]!;
    const last = program.tokens[at.last]!;
    const place = { file: first.file, start: first.start, end: last.file === first.file ? last.end : first.end };
    return [{ unit, target, place, opening, name: name ?? `0x${offset.toString(16)}`, used, capacity }];
  });
}
