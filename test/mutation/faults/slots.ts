/** Handlers that grow. The assembler says how full a slot is and when it overflows. */
import { disassemble } from '../../support/assemble.ts';
import { type Mark, marked } from '../marks.ts';
import type { Mutant } from '../mutant.ts';
import { seeded, shuffled } from '../random.ts';
import { macroised } from '../subject.ts';

const SOURCE = 'ivt.S';
const BUNDLE_BYTES = 16;
const BUNDLE = '{ .mii\n\tnop.m 0\n\tnop.i 0\n\tnop.i 0 ;;\n}\n';

interface Slot extends Mark {
  readonly name: string;
  /** Of the `.org` that opens it. */
  readonly line: number;
  /** In bundles. */
  readonly at: number;
  readonly capacity: number;
}

/** @param sample how many of the table's slots are filled up, each in two ways */
export function grownHandlers(sample: number): readonly Mutant[] {
  const slots = slotsIn(macroised.get(SOURCE)!);
  const judged = marked(slots);
  const grown = (number: number, bundles: number) => judged.judge(SOURCE, new Map([[number, BUNDLE.repeat(bundles)]]));
  const used = usedBundles(judged.judge(SOURCE, new Map()).object!, slots);
  const picked = shuffled([...slots.keys()], seeded('slots')).slice(0, sample);
  return picked.flatMap((number) => {
    const slot = slots[number]!;
    const room = slot.capacity - used[number]!;
    const nearly = Math.ceil(slot.capacity * 0.9) - used[number]!;
    const mutants: Mutant[] = [];
    if (grown(number, room + 1).object === null) mutants.push(mutant(slot, room + 1, 'slot overflow', 'PV011'));
    if (nearly > 0 && grown(number, nearly).object !== null)
      mutants.push(mutant(slot, nearly, 'slot 90 % full', 'PV012'));
    return mutants;
  });
}

function mutant({ name, line, start, end, capacity }: Slot, bundles: number, fault: string, rule: string): Mutant {
  const what = `${bundles} bundles of nop in ${name}, whose slot has ${capacity}`;
  const edits = [{ start, end, text: BUNDLE.repeat(bundles) }];
  // In the Xen listing the slot may overflow while it is nearly full on the bare machine.
  const rules = rule === 'PV012' ? ['PV012', 'PV011'] : [rule];
  return { fault, file: SOURCE, edits, rules, start: line, end: start, register: null, what };
}

/** The slots that begin with `.org` and an ENTRY, and are followed by another `.org`. */
function slotsIn(text: string): readonly Slot[] {
  const origins = [...text.matchAll(/^\t\.org ia64_ivt\+(0x[0-9a-f]+)/gm)];
  return origins.slice(0, -1).flatMap((origin, index) => {
    const next = origins[index + 1]!;
    const entry = /^ENTRY\((\w+)\).*\n/m.exec(text.slice(origin.index, next.index));
    if (entry === null) return [];
    const start = origin.index + entry.index + entry[0].length;
    const at = Number(origin[1]) / BUNDLE_BYTES;
    const capacity = Number(next[1]) / BUNDLE_BYTES - at;
    return [{ file: SOURCE, name: entry[1]!, line: origin.index, start, end: start, at, capacity }];
  });
}

function usedBundles(object: Buffer, slots: readonly Slot[]): readonly number[] {
  const used = slots.map(() => 0);
  for (const { section, offset } of disassemble(object)) {
    if (!section.includes('ivt')) continue;
    const bundle = offset / BUNDLE_BYTES;
    const index = slots.findLastIndex(({ at }) => at <= bundle);
    const slot = slots[index];
    if (slot !== undefined && bundle < slot.at + slot.capacity)
      used[index] = Math.max(used[index]!, bundle - slot.at + 1);
  }
  return used;
}
