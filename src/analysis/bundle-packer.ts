/**
 * Packs a run of instructions into bundles exactly as GNU as 2.40 does, one instruction at a time: a window of at most
 * four waits, and when the fourth arrives a bundle is made of as many of the oldest as fit. What does not fit in a
 * bundle is filled with nops. The window is a ring because gas lets `{`, `.mii` and labels settle on the place the
 * NEXT instruction will take, and `;;` and `}` on the one before it, whatever is there.
 *
 * Costs O(1) an instruction and allocates nothing while it packs.
 */
import { bestTemplate, SlotType, TEMPLATE_NAMES, TEMPLATE_UNITS, Template, Unit } from './bundle-template.ts';

/**
 * What the packer must know of an instruction, in one small integer: a `SlotType` in the low three bits and the flags
 * of `ShapeFlag`. `shapeOf` in bundles.ts computes it from an instruction's effects.
 */
export type Shape = number;

export const ShapeFlag = {
  /** Must be the first of its instruction group: `alloc`, `flushrs`, `loadrs`. */
  First: 8,
  /** Must be the last of its instruction group: `rfi`, `cover`, `itc.d`, `ptc.g` ... */
  Last: 16,
  /** May stand in slot 2 only: `br.cloop`, `br.ctop` ... */
  Slot2: 32,
  /** Type `Any`, but M or I only: `chk.s` of a general register, `mov` to an AR that both units reach. */
  MemoryOrInteger: 64,
  /** Type `Any`, but not in a B slot: gas refuses `hint.b` unless told otherwise. */
  NotBranch: 128,
} as const;

/** What becomes of an instruction at a slot: it stands there, the next slot is tried, or the bundle ends before it. */
const Verdict = { Fits: 0, NextSlot: 1, End: 2 } as const;
type Verdict = (typeof Verdict)[keyof typeof Verdict];

const TYPE_MASK = 7;
const RING = 4;

/** Hears what the packer decides, in order. Numbers are the caller's own, given when the thing was handed in. */
export interface PackerSink {
  /** The instruction stands in this slot (0-2) of the bundle being made. */
  place(instruction: number, slot: number): void;
  /** The label or tag stands in this slot of the bundle being made; labels are always slot 0. */
  mark(label: number, slot: number): void;
  /** The bundle that `place` and `mark` spoke of is complete. */
  bundle(template: number, stopAtEnd: boolean): void;
  /** The instructions waiting are out; this label or tag marks what comes next. */
  markAfter(label: number): void;
  /** The assembler would refuse this instruction here. */
  refuse(instruction: number, why: string): void;
}

export interface Packer {
  instruction(shape: Shape, number: number): void;
  /** `;;` */
  stop(): void;
  label(number: number): void;
  tag(number: number): void;
  /** `.mii`: the next instruction begins a bundle of this template. */
  template(template: number): void;
  /** `{` */
  open(): void;
  /** `}` */
  close(): void;
  /** Makes bundles of all that waits. */
  flush(): void;
}

/** A packer with nothing in its window. */
export function createPacker(sink: PackerSink): Packer {
  const shapes = new Int32Array(RING);
  const numbers = new Int32Array(RING);
  const templates = new Int8Array(RING).fill(-1);
  const stops = new Uint8Array(RING);
  const opens = new Uint8Array(RING);
  const closes = new Uint8Array(RING);
  const labels: number[][] = [[], [], [], []];
  const tags: number[][] = [[], [], [], []];
  /** Ring place of the next instruction, and how many wait before it. */
  let next = 0;
  let waiting = 0;
  /** `{` seen, `}` not yet. */
  let inBraces = false;

  function clear(at: number): void {
    stops[at] = opens[at] = closes[at] = 0;
    templates[at] = -1;
    labels[at]!.length = tags[at]!.length = 0;
  }

  /** The template for the window that starts at `first`: chosen by the source, or the best for what may share it. */
  function chooseTemplate(first: number): number {
    if (templates[first]! >= 0) return templates[first]!;
    let run = 0;
    const count = Math.min(waiting, 3);
    for (let i = 0; i < 3; i++) {
      const at = (first + i) & (RING - 1);
      if (i >= count || (i > 0 && labels[at]!.length > 0)) return bestTemplate(run << (3 * (3 - i)));
      run = (run << 3) | (shapes[at]! & TYPE_MASK);
    }
    return bestTemplate(run);
  }

  // The bundle being made.
  let first = 0;
  /** Ring place of the instruction looked at, and the slot tried for it. */
  let at = 0;
  let slot = 0;
  let template = 0;
  let userTemplate = -1;
  /** A stop after the instruction placed last, not yet part of the template. */
  let stopDue = false;
  /** Between `{` and `}`: what does not fit is the programmer's mistake, reported once. */
  let braces = false;
  let bracesReported = false;

  function makeBundle(): void {
    first = at = (next + RING - waiting) & (RING - 1);
    userTemplate = templates[first]!;
    template = chooseTemplate(first);
    stopDue = braces = bracesReported = false;
    let lastSlot = -1;
    for (slot = 0; slot < 3 && waiting > 0; slot++) {
      const verdict = tryPlace();
      if (verdict === Verdict.End) break;
      if (verdict === Verdict.NextSlot) continue;
      const closing = closes[at] === 1;
      take();
      lastSlot = slot;
      if (closing) {
        braces = false;
        break;
      }
    }
    if (waiting > 0 && lastSlot < 0) {
      sink.refuse(numbers[at]!, `does not fit into ${TEMPLATE_NAMES[template]} template`);
      waiting--;
      clear(at);
    } else if (braces && !bracesReported) {
      if (waiting > 0) sink.refuse(numbers[at]!, `does not fit into this ${TEMPLATE_NAMES[template]} bundle`);
      else sink.refuse(-1, "missing '}' at end of file");
    }
    sink.bundle(template, stopDue);
  }

  /** Whether the instruction at `at` may stand in `slot`; moves both `slot` and `template` where that makes it fit. */
  function tryPlace(): Verdict {
    const shape = shapes[at]!;
    if (opens[at] === 1) {
      if (at !== first) return Verdict.End;
      braces = true;
    }
    if (at !== first && templates[at]! >= 0) return Verdict.End;
    if ((shape & ShapeFlag.Slot2) !== 0) {
      if (braces && closes[at] === 0) complain('must be last in bundle', slot < 2);
      slot = 2;
    }
    if ((shape & ShapeFlag.Last) !== 0 && !placeLastOfGroup(shape)) return Verdict.End;
    if (at !== first && labels[at]!.length > 0) {
      if (braces) complain('a label must be first in a bundle', true);
      return Verdict.End;
    }
    if (stopDue) {
      const verdict = placeAfterStop((shape & ShapeFlag.First) !== 0);
      if (verdict !== Verdict.Fits) return verdict;
    }
    const unit = TEMPLATE_UNITS[3 * template + slot]!;
    if (takes(unit, shape)) return Verdict.Fits;
    if ((shape & ShapeFlag.NotBranch) !== 0 && (braces || userTemplate >= 0)) {
      sink.refuse(numbers[at]!, "can't be used in B unit");
      return Verdict.Fits;
    }
    shapes[at] = settled(shape, unit, template);
    return Verdict.NextSlot;
  }

  /** The only bundles with a stop right after an M or a B slot are M;;MI and those that stop at the end. */
  function placeLastOfGroup(shape: Shape): boolean {
    const memory = (shape & TYPE_MASK) === SlotType.M;
    const requiredSlot = memory ? 0 : 2;
    const requiredTemplate = memory ? Template.M_MI : template;
    if (braces) {
      const notClosed = !memory && closes[at] === 0;
      const otherTemplate = userTemplate >= 0 && (template ^ requiredTemplate) > 1;
      if (slot > requiredSlot || notClosed || otherTemplate)
        complain('must be last in instruction group', slot < 2 && notClosed);
    }
    if (slot > requiredSlot) return false;
    slot = requiredSlot;
    if (requiredTemplate !== template) {
      template = requiredTemplate;
      stops[at] = 0;
    }
    return true;
  }

  /** A stop falls inside the bundle: only MI;;I and M;;MI have room for one. */
  function placeAfterStop(mustBeFirst: boolean): Verdict {
    const chosenByUser = userTemplate >= 0;
    if (slot === 1 && (chosenByUser ? userTemplate === Template.MMI : TEMPLATE_UNITS[3 * template] === Unit.M)) {
      template = Template.M_MI;
      stopDue = false;
      return Verdict.Fits;
    }
    // All that must be first in a group are M instructions: after MI;; they could only come after the stop's own group.
    const integerSlot = chosenByUser ? userTemplate === Template.MII : TEMPLATE_UNITS[3 * template + 1] === Unit.I;
    if (slot === 2 && integerSlot && !mustBeFirst) {
      template = Template.MI_I;
      stopDue = false;
      return Verdict.Fits;
    }
    if (slot === 1 && userTemplate === Template.MII && !mustBeFirst) return Verdict.NextSlot;
    return at === first ? Verdict.Fits : Verdict.End;
  }

  function complain(why: string, once: boolean): void {
    sink.refuse(numbers[at]!, why);
    bracesReported ||= once;
  }

  /** The instruction at `at` goes to `slot`. */
  function take(): void {
    for (const label of labels[at]!) sink.mark(label, 0);
    for (const tag of tags[at]!) sink.mark(tag, slot);
    sink.place(numbers[at]!, slot);
    stopDue = stops[at] === 1;
    if (TEMPLATE_UNITS[3 * template + slot] === Unit.L) slot++;
    waiting--;
    clear(at);
    at = (at + 1) & (RING - 1);
  }

  function flush(): void {
    while (waiting > 0) makeBundle();
    for (const label of labels[next]!) sink.markAfter(label);
    for (const tag of tags[next]!) sink.markAfter(tag);
    labels[next]!.length = tags[next]!.length = 0;
  }

  const previous = () => (next + RING - 1) & (RING - 1);

  function stop(): void {
    if (waiting > 0) stops[previous()] = 1;
  }

  return {
    instruction(shape, number) {
      if ((shape & ShapeFlag.First) !== 0) stop();
      shapes[next] = shape;
      numbers[next] = number;
      next = (next + 1) & (RING - 1);
      if (++waiting >= RING) makeBundle();
      if ((shape & ShapeFlag.Last) !== 0) stop();
    },
    stop,
    label(number) {
      labels[next]!.push(number);
    },
    tag(number) {
      tags[next]!.push(number);
    },
    template(template) {
      templates[next] = template;
    },
    open() {
      if (!inBraces) opens[next] = 1;
      inBraces = true;
    },
    close() {
      if (inBraces) closes[previous()] = 1;
      inBraces = false;
    },
    flush,
  };
}

/** Whether a slot of the unit takes an instruction of the shape. */
function takes(unit: Unit, shape: Shape): boolean {
  switch (shape & TYPE_MASK) {
    case SlotType.A:
      return unit === Unit.M || unit === Unit.I;
    case SlotType.I:
      return unit === Unit.I;
    case SlotType.M:
      return unit === Unit.M;
    case SlotType.B:
      return unit === Unit.B;
    case SlotType.F:
      return unit === Unit.F;
    case SlotType.X:
      return unit === Unit.L;
    default:
      if ((shape & ShapeFlag.MemoryOrInteger) !== 0) return unit === Unit.M || unit === Unit.I;
      return (shape & ShapeFlag.NotBranch) === 0 || unit !== Unit.B;
  }
}

/**
 * The shape of an instruction after a slot of the unit did not take it. One that left its unit open has then chosen
 * one for good: gas tries it as the instruction of that unit and does not take the choice back.
 */
function settled(shape: Shape, unit: Unit, template: number): Shape {
  if ((shape & ShapeFlag.NotBranch) !== 0) return SlotType.I;
  if ((shape & ShapeFlag.MemoryOrInteger) === 0) return shape;
  return unit === Unit.F && template === Template.MFI ? SlotType.I : SlotType.M;
}
