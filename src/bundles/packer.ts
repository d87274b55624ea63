/**
 * Packs a run of instructions into bundles exactly as GNU as 2.40 does, one instruction at a time: a window of at most
 * four waits, and when the fourth arrives a bundle is made of as many of the oldest as fit. What does not fit in a
 * bundle is filled with nops.
 *
 * Costs O(1) an instruction and allocates nothing while it packs.
 */
import { BundleTemplate, bestTemplate, ExecutionUnit, SlotType, TEMPLATE_NAMES, TEMPLATE_UNITS } from './template.ts';
import { BundleWindow, type Shape, ShapeFlag, TYPE_MASK } from './window.ts';

/** The decision about an instruction at a slot: it takes the slot, the next slot is tried, or the bundle ends before it. */
const Verdict = { Fits: 0, NextSlot: 1, End: 2 } as const;
type Verdict = (typeof Verdict)[keyof typeof Verdict];

/** Hears what the packer decides, in order. Numbers are the caller's own, given when the thing was handed in. */
export interface PackerSink {
  /** The instruction takes this slot (0-2) of the current bundle. */
  place(instruction: number, slot: number): void;
  /** The label or tag is at this slot of the current bundle; a label is always at slot 0. */
  mark(label: number, slot: number): void;
  /** The bundle that `place` and `mark` spoke of is complete. */
  bundle(template: number, stopAtEnd: boolean): void;
  /** The instructions waiting are out; this label or tag marks what comes next. */
  markAfter(label: number): void;
  /** The assembler would refuse this instruction here. */
  refuse(instruction: number, why: string): void;
}

/** Starts with nothing that waits. */
export class Packer {
  readonly #window = new BundleWindow();
  readonly #sink: PackerSink;

  // The bundle being made.
  /** The window's place of the instruction that begins it, and of the one looked at; the slot tried for that. */
  #first = 0;
  #at = 0;
  #slot = 0;
  #template = 0;
  /** The source's choice; -1: none. */
  #userTemplate = -1;
  /** A stop after the instruction placed last, not yet part of the template. */
  #stopDue = false;
  /** Between `{` and `}`: what does not fit is the programmer's mistake, reported once. */
  #braces = false;
  #bracesReported = false;

  constructor(sink: PackerSink) {
    this.#sink = sink;
  }

  instruction(shape: Shape, number: number): void {
    const window = this.#window;
    if ((shape & ShapeFlag.First) !== 0) window.stop();
    window.add(shape, number);
    if (window.isFull) this.#makeBundle();
    if ((shape & ShapeFlag.Last) !== 0) window.stop();
  }

  /** `;;` */
  stop(): void {
    this.#window.stop();
  }

  label(number: number): void {
    this.#window.labels[this.#window.next]!.push(number);
  }

  tag(number: number): void {
    this.#window.tags[this.#window.next]!.push(number);
  }

  /** `.mii`: the next instruction begins a bundle of this template. */
  template(template: number): void {
    this.#window.templates[this.#window.next] = template;
  }

  /** `{` */
  open(): void {
    this.#window.open();
  }

  /** `}` */
  close(): void {
    this.#window.close();
  }

  /** Makes bundles of all that waits. */
  flush(): void {
    const window = this.#window;
    while (window.waiting > 0) this.#makeBundle();
    for (const label of window.labels[window.next]!) this.#sink.markAfter(label);
    for (const tag of window.tags[window.next]!) this.#sink.markAfter(tag);
    window.forgetLabels(window.next);
  }

  #makeBundle(): void {
    this.#startBundle();
    const placed = this.#fillBundle();
    this.#complainOfRest(placed);
    this.#sink.bundle(this.#template, this.#stopDue);
  }

  #startBundle(): void {
    const { first, templates } = this.#window;
    this.#first = this.#at = first;
    this.#userTemplate = templates[first]!;
    this.#template = this.#chooseTemplate(first);
    this.#stopDue = this.#braces = this.#bracesReported = false;
  }

  /** The template for the window that starts at `first`: chosen by the source, or the best for what may share it. */
  #chooseTemplate(first: number): number {
    const window = this.#window;
    if (this.#userTemplate >= 0) return this.#userTemplate;
    let run = 0;
    const count = Math.min(window.waiting, 3);
    for (let i = 0; i < 3; i++) {
      const at = window.behind(first, i);
      if (i >= count || (i > 0 && window.labels[at]!.length > 0)) return bestTemplate(run << (3 * (3 - i)));
      run = (run << 3) | (window.shapes[at]! & TYPE_MASK);
    }
    return bestTemplate(run);
  }

  /** Places as many as fit, up to a closing brace; false when not even the first does. */
  #fillBundle(): boolean {
    const window = this.#window;
    let placed = false;
    for (this.#slot = 0; this.#slot < 3 && window.waiting > 0; this.#slot++) {
      const verdict = this.#tryPlace();
      if (verdict === Verdict.End) break;
      if (verdict === Verdict.NextSlot) continue;
      const closing = window.closes[this.#at] === 1;
      this.#take();
      placed = true;
      if (closing) {
        this.#braces = false;
        break;
      }
    }
    return placed;
  }

  #complainOfRest(placed: boolean): void {
    const window = this.#window;
    const name = TEMPLATE_NAMES[this.#template];
    if (window.waiting > 0 && !placed) {
      this.#sink.refuse(window.numbers[this.#at]!, `does not fit into ${name} template`);
      window.drop(this.#at);
    } else if (this.#braces && !this.#bracesReported) {
      if (window.waiting > 0) this.#sink.refuse(window.numbers[this.#at]!, `does not fit into this ${name} bundle`);
      else this.#sink.refuse(-1, "missing '}' at end of file");
    }
  }

  /** Whether the current instruction fits the slot; advances slot and template if that makes it fit. */
  #tryPlace(): Verdict {
    const window = this.#window;
    const at = this.#at;
    const isFirst = at === this.#first;
    const shape = window.shapes[at]!;
    if (window.opens[at] === 1) {
      if (!isFirst) return Verdict.End;
      this.#braces = true;
    }
    if (!isFirst && window.templates[at]! >= 0) return Verdict.End;
    if ((shape & ShapeFlag.Slot2) !== 0) {
      if (this.#braces && window.closes[at] === 0) this.#complain('must be last in bundle', this.#slot < 2);
      this.#slot = 2;
    }
    if ((shape & ShapeFlag.Last) !== 0 && !this.#placeLastOfGroup(shape)) return Verdict.End;
    if (!isFirst && window.labels[at]!.length > 0) {
      if (this.#braces) this.#complain('a label must be first in a bundle', true);
      return Verdict.End;
    }
    if (this.#stopDue) {
      const verdict = this.#placeAfterStop((shape & ShapeFlag.First) !== 0);
      if (verdict !== Verdict.Fits) return verdict;
    }
    return this.#tryUnit(shape);
  }

  /** Whether the slot's unit takes the instruction. */
  #tryUnit(shape: Shape): Verdict {
    const unit = TEMPLATE_UNITS[3 * this.#template + this.#slot]!;
    if (takes(unit, shape)) return Verdict.Fits;
    if ((shape & ShapeFlag.NotBranch) !== 0 && (this.#braces || this.#userTemplate >= 0)) {
      this.#complain("can't be used in B unit", false);
      return Verdict.Fits;
    }
    this.#window.shapes[this.#at] = settled(shape, unit, this.#template);
    return Verdict.NextSlot;
  }

  /** The only bundles with a stop right after an M or a B slot are M;;MI and those that stop at the end. */
  #placeLastOfGroup(shape: Shape): boolean {
    const memory = (shape & TYPE_MASK) === SlotType.M;
    const requiredSlot = memory ? 0 : 2;
    const requiredTemplate = memory ? BundleTemplate.M_MI : this.#template;
    if (this.#braces) {
      const notClosed = !memory && this.#window.closes[this.#at] === 0;
      const otherTemplate = this.#userTemplate >= 0 && (this.#template ^ requiredTemplate) > 1;
      if (this.#slot > requiredSlot || notClosed || otherTemplate)
        this.#complain('must be last in instruction group', this.#slot < 2 && notClosed);
    }
    if (this.#slot > requiredSlot) return false;
    this.#slot = requiredSlot;
    if (requiredTemplate !== this.#template) {
      this.#template = requiredTemplate;
      this.#window.stops[this.#at] = 0;
    }
    return true;
  }

  /** A stop falls inside the bundle: only MI;;I and M;;MI have room for one. */
  #placeAfterStop(mustBeFirst: boolean): Verdict {
    const template = this.#template;
    const user = this.#userTemplate;
    const slot = this.#slot;
    if (slot === 1 && (user >= 0 ? user === BundleTemplate.MMI : TEMPLATE_UNITS[3 * template] === ExecutionUnit.M))
      return this.#stopInside(BundleTemplate.M_MI);
    // All that must be first in a group are M instructions: after MI;; they could only come after the stop's own group.
    const integerSlot = user >= 0 ? user === BundleTemplate.MII : TEMPLATE_UNITS[3 * template + 1] === ExecutionUnit.I;
    if (slot === 2 && integerSlot && !mustBeFirst) return this.#stopInside(BundleTemplate.MI_I);
    if (slot === 1 && user === BundleTemplate.MII && !mustBeFirst) return Verdict.NextSlot;
    return this.#at === this.#first ? Verdict.Fits : Verdict.End;
  }

  #stopInside(template: number): Verdict {
    this.#template = template;
    this.#stopDue = false;
    return Verdict.Fits;
  }

  #complain(why: string, once: boolean): void {
    this.#sink.refuse(this.#window.numbers[this.#at]!, why);
    this.#bracesReported ||= once;
  }

  /** The instruction looked at goes to the slot. */
  #take(): void {
    const window = this.#window;
    const at = this.#at;
    const labels = window.labels[at]!;
    const tags = window.tags[at]!;
    for (let each = 0; each < labels.length; each++) this.#sink.mark(labels[each]!, 0);
    for (let each = 0; each < tags.length; each++) this.#sink.mark(tags[each]!, this.#slot);
    this.#sink.place(window.numbers[at]!, this.#slot);
    this.#stopDue = window.stops[at] === 1;
    if (TEMPLATE_UNITS[3 * this.#template + this.#slot] === ExecutionUnit.L) this.#slot++;
    window.drop(at);
    this.#at = window.behind(at);
  }
}

/** Whether a slot of the unit takes an instruction of the shape. */
function takes(unit: ExecutionUnit, shape: Shape): boolean {
  switch (shape & TYPE_MASK) {
    case SlotType.A:
      return unit === ExecutionUnit.M || unit === ExecutionUnit.I;
    case SlotType.I:
      return unit === ExecutionUnit.I;
    case SlotType.M:
      return unit === ExecutionUnit.M;
    case SlotType.B:
      return unit === ExecutionUnit.B;
    case SlotType.F:
      return unit === ExecutionUnit.F;
    case SlotType.X:
      return unit === ExecutionUnit.L;
    default:
      if ((shape & ShapeFlag.MemoryOrInteger) !== 0) return unit === ExecutionUnit.M || unit === ExecutionUnit.I;
      return (shape & ShapeFlag.NotBranch) === 0 || unit !== ExecutionUnit.B;
  }
}

/**
 * The shape of an instruction after a slot of the unit did not take it. One that left its unit open has then chosen
 * one for good: gas tries it as the instruction of that unit and does not take the choice back.
 */
function settled(shape: Shape, unit: ExecutionUnit, template: number): Shape {
  if ((shape & ShapeFlag.NotBranch) !== 0) return SlotType.I;
  if ((shape & ShapeFlag.MemoryOrInteger) === 0) return shape;
  return unit === ExecutionUnit.F && template === BundleTemplate.MFI ? SlotType.I : SlotType.M;
}
