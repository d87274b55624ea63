/**
 * Code as explicit bundles: packed as the assembler would pack it, and written with templates and nops. Code that a patcher copies
 * must be whole bundles, and their number must be known when the room for them is made.
 */

import { Packer } from '../bundles/packer.ts';
import { packingShape } from '../bundles/shape.ts';
import { ExecutionUnit, TEMPLATE_BY_DIRECTIVE, TEMPLATE_NAMES, TEMPLATE_UNITS } from '../bundles/template.ts';
import { nopFor } from '../machine/nops.ts';
import type { BodyItem } from './body-item.ts';
import { bodyInstruction } from './instructions.ts';

/** A branch relative to ip. */
export interface RelativeBranch {
  /** Number of its bundle, from the start of the code, and its slot. */
  readonly bundle: number;
  readonly slot: number;
}

export interface ExplicitBundles {
  /** Every bundle with its template, its braces and its nops. */
  readonly items: readonly BodyItem[];
  /** `items` with canonical registers. */
  readonly canonical: readonly BodyItem[];
  readonly bundles: number;
  readonly branches: readonly RelativeBranch[];
}

interface PackedBundle {
  readonly template: number;
  readonly stop: boolean;
  /** By slot: the index of its item; -1 for a nop. */
  readonly slots: readonly number[];
}

const EMPTY = [-1, -1, -1];
const STOP: BodyItem = { kind: 'stop' };

/**
 * Packs a body.
 *
 * @param items as they are to be written
 * @param canonical the same, one by one, with canonical registers: they say what each instruction is
 * @returns null where the assembler would refuse the body
 */
export function explicitBundles(items: readonly BodyItem[], canonical: readonly BodyItem[]): ExplicitBundles | null {
  const packed = pack(canonical);
  if (packed === null) return null;
  const directives = directivesBefore(items);
  return {
    items: packed.flatMap((bundle) => bundleItems(bundle, items, directives)),
    canonical: packed.flatMap((bundle) => bundleItems(bundle, canonical, directives)),
    bundles: packed.length,
    branches: packed.flatMap(({ slots, template }, bundle) =>
      slots.flatMap((item, slot): RelativeBranch[] => {
        if (item < 0 || !isRelative(canonical[item]!)) return [];
        // A long branch stands in the slots 1 and 2; its opcode is in slot 2.
        return [{ bundle, slot: isLong(template, slot) ? slot + 1 : slot }];
      }),
    ),
  };
}

/** Bundles of nops, as many as asked for. The units of this template can issue together with those of any other. */
export function nopBundles(count: number): BodyItem[] {
  const bundle = [open('mfi'), nop('m'), nop('f'), nop('i'), CLOSE];
  return Array.from({ length: count }, () => bundle).flat();
}

/** A branch in a bundle of its own, in slot 2. @param mark what marks the bundle's first instruction */
export function branchBundle(branch: BodyItem, mark: BodyItem): BodyItem[] {
  return [open('mfb'), mark, nop('m'), nop('f'), branch, CLOSE];
}

function nop(unit: string): BodyItem {
  return { kind: 'instruction', text: nopFor(unit), comment: '' };
}

const CLOSE: BodyItem = { kind: 'directive', text: '}' };

function open(template: string): BodyItem {
  return { kind: 'directive', text: `{ .${template}` };
}

function pack(items: readonly BodyItem[]): PackedBundle[] | null {
  const made: PackedBundle[] = [];
  let slots = [...EMPTY];
  let refused = false;
  const packer = new Packer({
    place: (item, slot) => {
      slots[slot] = item;
    },
    mark() {},
    markAfter() {},
    refuse: () => {
      refused = true;
    },
    bundle: (template, stop) => {
      made.push({ template, stop, slots });
      slots = [...EMPTY];
    },
  });
  items.forEach((item, index) => {
    if (item.kind === 'stop') packer.stop();
    else if (item.kind === 'instruction') packer.instruction(packingShape(bodyInstruction(item.text).effects), index);
    else if (item.text.startsWith('{')) {
      packer.open();
      const template = TEMPLATE_BY_DIRECTIVE.get(item.text.replace(/^\{ *\.?/, ''));
      if (template !== undefined) packer.template(template);
    } else if (item.text === '}') packer.close();
  });
  packer.flush();
  return refused ? null : made;
}

/** By item: the directives before an instruction that apply to it, such as `.mem.offset`. */
function directivesBefore(items: readonly BodyItem[]): ReadonlyMap<number, readonly BodyItem[]> {
  const before = new Map<number, BodyItem[]>();
  let waiting: BodyItem[] = [];
  items.forEach((item, index) => {
    if (item.kind === 'directive' && !/^[{}]/.test(item.text)) waiting.push(item);
    if (item.kind !== 'instruction' || waiting.length === 0) return;
    before.set(index, waiting);
    waiting = [];
  });
  return before;
}

function bundleItems(
  { template, stop, slots }: PackedBundle,
  items: readonly BodyItem[],
  directives: ReadonlyMap<number, readonly BodyItem[]>,
): BodyItem[] {
  const name = TEMPLATE_NAMES[template]!;
  const long = slots.some((_, slot) => isLong(template, slot));
  const written = slots.flatMap((item, slot): BodyItem[] => {
    const inner = name[slot + 1] === '_' ? [STOP] : [];
    if (item >= 0) return [...(directives.get(item) ?? []), items[item]!, ...inner];
    // The second half of a long instruction is not written.
    if (long && slot === 2) return [];
    return [nop(unitLetter(template, slot)), ...inner];
  });
  return [open(name.replace('_', '').toLowerCase()), ...written, ...(stop ? [STOP] : []), CLOSE];
}

function isLong(template: number, slot: number): boolean {
  return TEMPLATE_UNITS[3 * template + slot] === ExecutionUnit.L;
}

function unitLetter(template: number, slot: number): string {
  const unit = TEMPLATE_UNITS[3 * template + slot];
  return unit === ExecutionUnit.M ? 'm' : unit === ExecutionUnit.F ? 'f' : unit === ExecutionUnit.B ? 'b' : 'i';
}

/** Whether an instruction's operand is a distance to some address. */
function isRelative(item: BodyItem): boolean {
  if (item.kind !== 'instruction') return false;
  const { branch } = bodyInstruction(item.text).effects;
  return branch !== null && branch.target !== null;
}
