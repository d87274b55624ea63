/**
 * Hypercalls that only work from one slot of a bundle (grammar/targets/xen.tsv, column `demands`). As the assembler chooses slots
 * by itself, such a call gets an explicit bundle with nops in the other slots. An explicit bundle adds no stop, so dependencies do
 * not change.
 */

import { packingShape } from '../bundles/shape.ts';
import type { SlotType } from '../bundles/template.ts';
import { ExecutionUnit, TEMPLATE_NAMES, TEMPLATE_UNITS, templateWith } from '../bundles/template.ts';
import { TYPE_MASK } from '../bundles/window.ts';
import { nopFor } from '../machine/nops.ts';
import type { BodyItem } from './body-item.ts';
import { type Hypercalls, hypercallOf } from './hypercalls.ts';
import { type BodyInstruction, bodyInstruction } from './instructions.ts';

/** The body with an explicit bundle around each instruction that demands its slot; one that fits no template stays as it is. */
export function inDemandedSlots(items: readonly BodyItem[], hypercalls: Hypercalls): readonly BodyItem[] {
  return items.some((item) => slotOfItem(item, hypercalls) !== null)
    ? items.flatMap((item) => bundled(item, hypercalls))
    : items;
}

/** The slot that an instruction demands; null where any will do. */
export function demandedSlot(
  { instruction }: Pick<BodyInstruction, 'instruction'>,
  hypercalls: Hypercalls,
): number | null {
  return hypercallOf(instruction, hypercalls)?.slot ?? null;
}

/** Whether some bundle has the instruction in the slot. */
export function canStandIn({ effects }: Pick<BodyInstruction, 'effects'>, slot: number): boolean {
  return templateFor({ effects }, slot) !== null;
}

function templateFor({ effects }: Pick<BodyInstruction, 'effects'>, slot: number): number | null {
  return templateWith((packingShape(effects) & TYPE_MASK) as SlotType, slot);
}

/** The slot that an item of a body demands; null where any will do. */
export function slotOfItem(item: BodyItem, hypercalls: Hypercalls): number | null {
  return item.kind === 'instruction' ? demandedSlot(bodyInstruction(item.text), hypercalls) : null;
}

function bundled(item: BodyItem, hypercalls: Hypercalls): readonly BodyItem[] {
  const slot = slotOfItem(item, hypercalls);
  const template = item.kind !== 'instruction' || slot === null ? null : templateFor(bodyInstruction(item.text), slot);
  if (template === null) return [item];
  const inside = [0, 1, 2].map((at): BodyItem => (at === slot ? item : nop(TEMPLATE_UNITS[3 * template + at]!)));
  const open: BodyItem = { kind: 'directive', text: `{ .${TEMPLATE_NAMES[template]!.toLowerCase()}` };
  return [open, ...inside, { kind: 'directive', text: '}' }];
}

const UNIT_LETTER = new Map<ExecutionUnit, string>([
  [ExecutionUnit.M, 'm'],
  [ExecutionUnit.I, 'i'],
  [ExecutionUnit.F, 'f'],
  [ExecutionUnit.B, 'b'],
]);

function nop(unit: ExecutionUnit): BodyItem {
  return { kind: 'instruction', text: nopFor(UNIT_LETTER.get(unit)!), comment: '' };
}
