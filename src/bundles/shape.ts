/** From what an instruction is (its form in grammar/) to what the packer must know of it. */
import { isOfClass } from '../machine/classes.ts';
import type { Effects, Form } from '../machine/effects.ts';
import { SlotType } from './template.ts';
import { type Shape, ShapeFlag } from './window.ts';

const TYPE_OF_UNIT = {
  A: SlotType.A,
  I: SlotType.I,
  M: SlotType.M,
  B: SlotType.B,
  F: SlotType.F,
  X: SlotType.X,
  any: SlotType.Any,
} as const;

const known = new Map<Form, Shape>();

/** The shape of an instruction; one that is not in the tables is taken to fit anywhere. */
export function packingShape(effects: Effects | null): Shape {
  const form = effects?.form ?? null;
  if (form === null) return SlotType.Any;
  let shape = known.get(form);
  if (shape === undefined) {
    shape = shapeOfForm(form);
    known.set(form, shape);
  }
  return shape;
}

function shapeOfForm(form: Form): Shape {
  let shape: Shape = TYPE_OF_UNIT[form.unit];
  if (isOneOfTwo(form)) shape = SlotType.Any | ShapeFlag.MemoryOrInteger;
  if (isOfClass(form, 'never-in-b-by-itself')) shape |= ShapeFlag.NotBranch;
  if (form.position === 'first') shape |= ShapeFlag.First;
  if (form.position === 'last') shape |= ShapeFlag.Last;
  if (form.lastSlot === true) shape |= ShapeFlag.Slot2;
  return shape;
}

/** Instructions with an M and an I encoding; those of the A unit have one encoding that both units take. */
function isOneOfTwo({ unit, formats }: Form): boolean {
  return unit === 'A' && formats !== undefined && !formats.some((format) => format.startsWith('A'));
}
