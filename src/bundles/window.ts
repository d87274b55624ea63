/**
 * The instructions that wait for their bundle, oldest first, with all that the source puts between them: stops, braces,
 * templates, labels. A ring of four places, because gas lets `{`, `.mii` and labels settle on the place that the NEXT
 * instruction will take, and `;;` and `}` on the one before it, whatever is there.
 */

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
  /** Whether it may only be in slot 2: `br.cloop`, `br.ctop` ... */
  Slot2: 32,
  /** Type `Any`, but M or I only: `chk.s` of a general register, `mov` to an AR that both units reach. */
  MemoryOrInteger: 64,
  /** Type `Any`, but not in a B slot: gas refuses `hint.b` unless told otherwise. */
  NotBranch: 128,
} as const;

export const TYPE_MASK = 7;

const RING = 4;

export class BundleWindow {
  /** By place in the ring. A template of -1: the source chooses none. */
  readonly shapes = new Int32Array(RING);
  readonly numbers = new Int32Array(RING);
  readonly templates = new Int8Array(RING).fill(-1);
  readonly stops = new Uint8Array(RING);
  readonly opens = new Uint8Array(RING);
  readonly closes = new Uint8Array(RING);
  readonly labels: readonly number[][] = Array.from({ length: RING }, () => []);
  readonly tags: readonly number[][] = Array.from({ length: RING }, () => []);
  /** The place of the next instruction, and how many wait before it. */
  next = 0;
  waiting = 0;
  /** `{` seen, `}` not yet. */
  #inBraces = false;

  get isFull(): boolean {
    return this.waiting >= RING;
  }

  /** The place of the oldest that waits. */
  get first(): number {
    return (this.next + RING - this.waiting) & (RING - 1);
  }

  behind(place: number, count = 1): number {
    return (place + count) & (RING - 1);
  }

  add(shape: Shape, number: number): void {
    this.shapes[this.next] = shape;
    this.numbers[this.next] = number;
    this.next = this.behind(this.next);
    this.waiting++;
  }

  stop(): void {
    if (this.waiting > 0) this.stops[this.#previous] = 1;
  }

  open(): void {
    if (!this.#inBraces) this.opens[this.next] = 1;
    this.#inBraces = true;
  }

  close(): void {
    if (this.#inBraces) this.closes[this.#previous] = 1;
    this.#inBraces = false;
  }

  /** The oldest leaves its place. */
  drop(place: number): void {
    this.waiting--;
    this.stops[place] = this.opens[place] = this.closes[place] = 0;
    this.templates[place] = -1;
    this.forgetLabels(place);
  }

  forgetLabels(place: number): void {
    this.labels[place]!.length = this.tags[place]!.length = 0;
  }

  get #previous(): number {
    return this.behind(this.next, RING - 1);
  }
}
