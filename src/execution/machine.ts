/**
 * A processor: control flow and the register stack, based on registers (register-file.ts), system state (system-state.ts) and
 * memory (memory-access.ts). The semantics of instructions are in grammar/semantics.tsv.
 *
 * Sources: SDM vol. 2, ch. 6 (the register stack engine).
 */
import { registerFor } from '../machine/purposes.ts';
import { MemoryAccess, type Range } from './memory-access.ts';
import { PSR } from './psr.ts';
import { NAT, RING, RING_SIZE, UNDEFINED_VALUE } from './register-file.ts';
import { type ExecutionExit, Undefined } from './signals.ts';
import { isCollection, registersBetween } from './stack.ts';
import type { Places } from './system-state.ts';
import type { World } from './world.ts';

const MOST_STACKED = 96;
/** f32-f127 and p16-p63. */
const ROTATING_FLOATS = 96;
const ROTATING_PREDICATES = 48;

const AR_RSC = registerFor('rse-configuration').number;
const AR_BSPSTORE = registerFor('backing-store-stores').number;
const AR_RNAT = registerFor('rse-nats').number;
const AR_PFS = registerFor('previous-frame').number;
const AR_EC = registerFor('epilog-count').number;

export class Machine extends MemoryAccess {
  /** Index of the current instruction. */
  at = 0;
  branched = false;
  exit: ExecutionExit | null = null;
  /** Set by a branch: its target address, and its kind. */
  target = 0n;
  how: 'branch' | 'call' | 'rfi' = 'branch';
  /** Address of the current instruction's bundle, and of the next bundle. */
  ip = 0n;
  back = 0n;

  /**
   * @param pinned memory that a hypervisor keeps mapped for its guest
   * @param data the contents of the image's data sections, by address
   * @param from another machine, between two instructions, whose state this one is given; null: all registers are 0
   */
  constructor(
    world: World,
    places: Places,
    pinned: readonly Range[],
    data: ReadonlyMap<bigint, bigint>,
    from: Machine | null = null,
  ) {
    super(world, places, pinned, data, from);
    if (from === null) return;
    this.at = from.at;
    this.#frameChanged = from.#frameChanged;
  }

  // Control

  goTo(address: bigint): void {
    if ((this.marksRead & UNDEFINED_VALUE) !== 0) throw new Undefined('a branch to where nobody knows');
    this.branched = true;
    this.target = address & ~15n;
    this.how = 'branch';
  }

  callTo(address: bigint): void {
    this.goTo(address);
    this.how = 'call';
  }

  returnTo(address: bigint): void {
    this.goTo(address);
    this.how = 'rfi';
  }

  // The register stack

  get cfm(): bigint {
    return (
      BigInt(this.sof) |
      (BigInt(this.sol) << 7n) |
      (BigInt(this.sor / 8) << 14n) |
      (BigInt(this.rrbGr) << 18n) |
      (BigInt(this.rrbFr) << 25n) |
      (BigInt(this.rrbPr) << 32n)
    );
  }

  set cfm(value: bigint) {
    this.sof = Number(value & 127n);
    this.sol = Number((value >> 7n) & 127n);
    this.sor = Number((value >> 14n) & 15n) * 8;
    this.rrbGr = Number((value >> 18n) & 127n);
    this.rrbFr = Number((value >> 25n) & 127n);
    this.rrbPr = Number((value >> 32n) & 63n);
  }

  /** The last instruction group in which the frame was changed. */
  #frameChanged = 0;

  /** alloc, cover and others both read and write the frame marker: a stop must be between two of them (SDM vol. 3, table 5-2). */
  changeFrame(): void {
    if (this.#frameChanged === this.group) throw new Undefined('the frame is changed twice in a group');
    this.#frameChanged = this.group;
  }

  /** Preserves the first registers of the frame on the register stack: the locals at a call, all at cover. */
  hide(registers: number): void {
    this.bottom += registers;
    this.dirty += registers;
    // A frame without locals preserves nothing: a call out of an incomplete frame is allowed then.
    if (registers > 0 && this.dirty + MOST_STACKED > RING_SIZE)
      throw new Undefined('more frames than this machine has registers for');
  }

  /** Makes preserved registers visible again; those that were spilled are loaded from the backing store. */
  reveal(registers: number): void {
    this.bottom -= registers;
    this.dirty -= registers;
    if (this.dirty < 0) this.#fill(-this.dirty);
  }

  #fill(registers: number): void {
    const stored = this.bspstore;
    for (let left = registers - 1; left >= 0; left--) {
      if (isCollection(this.bspstore - 8n)) this.bspstore -= 8n;
      this.bspstore -= 8n;
      const at = RING + ((this.bottom + left) & (RING_SIZE - 1));
      this.gr[at] = this.memory.word(this.stackKey(this.bspstore));
      const collected = this.bspstore | 0x1f8n;
      const nats = collected >= stored ? this.ar[AR_RNAT]! : this.memory.word(this.stackKey(collected));
      this.marks[at] = Number((nats >> ((this.bspstore >> 3n) & 63n)) & 1n);
      this.foreign[at] = 0;
    }
    this.dirty += registers;
  }

  /** Notes that the register stack engine wrote ar.bspstore and ar.rnat in this group. */
  #changeStore(): void {
    this.arWritten[AR_BSPSTORE] = this.arWritten[AR_RNAT] = this.group;
  }

  flushStack(): void {
    this.needsFrame('flushrs');
    this.#changeStore();
    for (; this.dirty > 0; this.dirty--) {
      if (isCollection(this.bspstore)) {
        this.#store(this.bspstore, this.ar[AR_RNAT]!);
        this.ar[AR_RNAT] = 0n;
        this.bspstore += 8n;
      }
      const at = RING + ((this.bottom - this.dirty) & (RING_SIZE - 1));
      const bit = 1n << ((this.bspstore >> 3n) & 63n);
      this.ar[AR_RNAT] = (this.marks[at]! & NAT) === 0 ? this.ar[AR_RNAT]! & ~bit : this.ar[AR_RNAT]! | bit;
      this.#store(this.bspstore, this.gr[at]!);
      this.bspstore += 8n;
    }
  }

  #store(address: bigint, value: bigint): void {
    this.memory.write(this.stackKey(address), 8, value);
  }

  /** `loadrs`: afterwards exactly the ar.rsc.loadrs bytes below bsp are in registers (SDM vol. 2, 6.5.4). */
  loadStack(): void {
    this.needsFrame('loadrs');
    this.#changeStore();
    const bytes = (this.ar[AR_RSC]! >> 16n) & 0x3fffn;
    const { bsp } = this;
    const tear = bsp - bytes;
    const wanted = registersBetween(tear, bsp);
    if (wanted > this.dirty) {
      const missing = wanted - this.dirty;
      const bottom = this.bottom;
      this.bottom -= this.dirty + missing;
      const had = this.dirty;
      this.dirty = -missing;
      this.#fill(missing);
      this.dirty = had + missing;
      this.bottom = bottom;
    } else this.dirty = wanted;
    this.bspstore = tear;
  }

  /** One stage of a modulo-scheduled loop: the value of rotating register n is in n + 1 afterwards. */
  rotate(): void {
    this.changeFrame();
    const before = (rotation: number, count: number): number =>
      rotation === 0 ? Math.max(0, count - 1) : rotation - 1;
    this.rrbGr = before(this.rrbGr, this.sor);
    this.rrbFr = before(this.rrbFr, ROTATING_FLOATS);
    this.rrbPr = before(this.rrbPr, ROTATING_PREDICATES);
  }

  /** The part of `br.call` that saves cfm in ar.pfs and makes the new frame. */
  enterFrame(): void {
    this.needsFrame('br.call');
    this.changeFrame();
    this.ar[AR_PFS] = this.cfm | (this.ar[AR_EC]! << 52n) | (((this.readPsr() >> 32n) & 3n) << 62n);
    this.arMarks[AR_PFS] = 0;
    this.arWritten[AR_PFS] = this.group;
    this.arForeign[AR_PFS] = this.isForeign;
    this.hide(this.sol);
    this.sof -= this.sol;
    this.sol = this.sor = this.rrbGr = this.rrbFr = this.rrbPr = 0;
  }

  /** The part of `br.ret` that restores the frame from ar.pfs. */
  leaveFrame(): void {
    this.needsFrame('br.ret');
    this.changeFrame();
    // br.ret may be in the same group as the mov that writes ar.pfs (SDM vol. 3, table 5-2).
    const pfs = this.ar[AR_PFS]!;
    if (this.arMarks[AR_PFS] !== 0) throw new Undefined('ar.pfs is used, and nobody knows what it is');
    this.cfm = pfs;
    this.reveal(this.sol);
    this.ar[AR_EC] = (pfs >> 52n) & 63n;
    const level = pfs >> 62n;
    if (level > ((this.psr >> 32n) & 3n)) this.psr = (this.psr & ~PSR.cpl) | (level << 32n);
  }
}
