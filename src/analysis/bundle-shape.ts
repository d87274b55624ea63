/** From what an instruction is (its form in grammar/) to what the packer must know of it. */
import type { Effects } from '../machine/effects.ts';
import { type Shape, ShapeFlag } from './bundle-packer.ts';
import { SlotType } from './bundle-template.ts';

const TYPE_OF_UNIT = {
  A: SlotType.A,
  I: SlotType.I,
  M: SlotType.M,
  B: SlotType.B,
  F: SlotType.F,
  X: SlotType.X,
  any: SlotType.Any,
} as const;

/** The shape of an instruction; one that is not in the tables is taken to fit anywhere. */
export function shapeOf(effects: Effects | null): Shape {
  const form = effects?.form ?? null;
  if (form === null) return SlotType.Any;
  let shape: Shape = TYPE_OF_UNIT[form.unit];
  if (form.position === 'first') shape |= ShapeFlag.First;
  if (form.position === 'last') shape |= ShapeFlag.Last;
  // Counted and modulo-scheduled loop branches: SDM vol. 3, "br": slot 2 only.
  if (effects?.branch?.kind === 'loop') shape |= ShapeFlag.Slot2;
  return shape;
}
