/**
 * General registers with NaT bits, banks and register stack, predicates, and branch registers. Reads track undefined values: those
 * written earlier in the same instruction group, and those computed from undefined ones.
 *
 * Sources: SDM vol. 1, ch. 3 and 4 (registers, instruction groups, NaT).
 */
import { Fault, Undefined } from './signals.ts';

/** Marks of a value: it is a NaT; it is undefined by the manual. */
export const NAT = 1;
export const UNDEFINED_VALUE = 2;

/** Indices into `gr`: r0-r15, r16-r31 of bank 1, r16-r31 of bank 0, and a ring buffer for the stacked registers. */
const BANK0 = 32;
export const RING = 64;
export const RING_SIZE = 512;
const GENERAL_COUNT = RING + RING_SIZE;

/** Values of registers: a copy of given ones, else zeroes. */
export function valuesOf(count: number, from?: readonly bigint[]): bigint[] {
  return from === undefined ? new Array<bigint>(count).fill(0n) : from.slice();
}

/** A mark of each register. */
export function marksOf(count: number, from?: Uint8Array): Uint8Array {
  return from === undefined ? new Uint8Array(count) : from.slice();
}

/** An instruction group of each register. */
export function groupsOf(count: number, from?: Int32Array): Int32Array {
  return from === undefined ? new Int32Array(count) : from.slice();
}

export class RegisterFile {
  readonly gr: bigint[];
  readonly marks: Uint8Array;
  /** By register: the instruction group in which it was last written. */
  readonly written: Int32Array;
  /** By register: 1 if it was last written by code that is not in the source. */
  readonly foreign: Uint8Array;
  /** By register of bank 0: 1 if it was not written since the last switch to bank 0. */
  readonly stale: Uint8Array;
  /** `foreign` of r16-r31 of the other bank, as saved by a hypervisor. */
  readonly storedForeign: Uint8Array;
  readonly pr: Uint8Array;
  readonly prMarks: Uint8Array;
  readonly prWritten: Int32Array;
  readonly prForeign: Uint8Array;
  /** By predicate: 1 if written in its group by a parallel compare; others of the same type may write it, too. */
  readonly prShared: Uint8Array;
  readonly br: bigint[];
  readonly brMarks: Uint8Array;
  readonly brWritten: Int32Array;
  readonly brForeign: Uint8Array;
  /** By application register: 1 if last written by a call that is not in the source. */
  readonly arForeign: Uint8Array;
  bank: 0 | 1 = 1;
  /** Index of the frame's first register in the ring; number of dirty registers below it; ar.bspstore, where they go. */
  bottom = 0;
  dirty = 0;
  bspstore = 0n;
  /**
   * Loads of the current frame are outstanding, because an interruption came before they were done: nothing but `cover` and `rfi`
   * may have to do with the frame then (SDM vol. 2, 6.8).
   */
  incompleteFrame = false;
  sof = 0;
  sol = 0;
  sor = 0;
  rrbGr = 0;
  rrbFr = 0;
  rrbPr = 0;

  /** Number of the current instruction group, and the union of marks of the operands read so far. */
  group = 1;
  marksRead = 0;
  /** 1 if the current instruction is not in the source. */
  isForeign = 0;
  /** 1 if it has read an application register with `arForeign`: a copy of that is foreign, too. */
  foreignRead = 0;

  /** @param from the registers to begin with; null: all are 0 */
  constructor(from: RegisterFile | null) {
    this.gr = valuesOf(GENERAL_COUNT, from?.gr);
    this.marks = marksOf(GENERAL_COUNT, from?.marks);
    this.written = groupsOf(GENERAL_COUNT, from?.written);
    this.foreign = marksOf(GENERAL_COUNT, from?.foreign);
    this.stale = marksOf(16, from?.stale);
    this.storedForeign = marksOf(16, from?.storedForeign);
    this.pr = marksOf(64, from?.pr);
    this.prMarks = marksOf(64, from?.prMarks);
    this.prWritten = groupsOf(64, from?.prWritten);
    this.prForeign = marksOf(64, from?.prForeign);
    this.prShared = marksOf(64, from?.prShared);
    this.br = valuesOf(8, from?.br);
    this.brMarks = marksOf(8, from?.brMarks);
    this.brWritten = groupsOf(8, from?.brWritten);
    this.brForeign = marksOf(8, from?.brForeign);
    this.arForeign = marksOf(128, from?.arForeign);
    if (from === null) return;
    this.bank = from.bank;
    this.bottom = from.bottom;
    this.dirty = from.dirty;
    this.bspstore = from.bspstore;
    this.incompleteFrame = from.incompleteFrame;
    this.sof = from.sof;
    this.sol = from.sol;
    this.sor = from.sor;
    this.rrbGr = from.rrbGr;
    this.rrbFr = from.rrbFr;
    this.rrbPr = from.rrbPr;
    this.group = from.group;
  }

  /** Ends the run where the manual leaves undefined what happens in an incomplete frame. */
  needsFrame(what: string): void {
    if (this.incompleteFrame) throw new Undefined(`${what} while the register frame is incomplete, before cover`);
  }

  // General registers

  physical(register: number): number {
    if (register < 16) return register;
    if (register < 32) return this.bank === 1 ? register : register - 16 + BANK0;
    let offset = register - 32;
    if (offset < this.sor) {
      offset += this.rrbGr;
      if (offset >= this.sor) offset -= this.sor;
    }
    return RING + ((this.bottom + offset) & (RING_SIZE - 1));
  }

  readGr(register: number): bigint {
    if (register === 0) return 0n;
    const at = this.physical(register);
    // A register outside the frame has an undefined value (SDM vol. 1, 4.1.2). Code reached by a plain branch out of a callee may
    // read one.
    const isUndefined = this.written[at] === this.group || register - 32 >= this.sof;
    this.marksRead |= isUndefined ? UNDEFINED_VALUE : this.marks[at]!;
    return this.gr[at]!;
  }

  isNat(register: number): boolean {
    return register !== 0 && (this.marks[this.physical(register)]! & NAT) !== 0;
  }

  writeGr(register: number, value: bigint): void {
    if (register === 0 || register - 32 >= this.sof)
      throw new Fault('General Exception', `r${register} is written, which is not there`);
    const at = this.physical(register);
    this.marks[at] = this.written[at] === this.group ? UNDEFINED_VALUE : this.marksRead;
    this.written[at] = this.group;
    this.foreign[at] = this.isForeign | this.foreignRead;
    if (at >= BANK0 && at < BANK0 + 16) this.stale[at - BANK0] = 0;
    this.gr[at] = value;
  }

  // Predicates

  predicateIndex(predicate: number): number {
    return predicate < 16 || this.rrbPr === 0 ? predicate : 16 + ((predicate - 16 + this.rrbPr) % 48);
  }

  /** @param isBranch true for a branch, which may read a predicate written in its own group */
  holds(predicate: number, isBranch: boolean): boolean {
    const at = this.predicateIndex(predicate);
    if (this.prMarks[at] !== 0) throw new Undefined(`p${predicate} decides, and nobody knows what it is`);
    if (!isBranch && this.prWritten[at] === this.group)
      throw new Undefined(`p${predicate} decides in the group that writes it`);
    return this.pr[at] === 1;
  }

  writePr(predicate: number, value: boolean, shared = false): void {
    if (predicate === 0) return;
    const at = this.predicateIndex(predicate);
    const again = this.prWritten[at] === this.group && !(shared && this.prShared[at] === 1);
    this.pr[at] = value ? 1 : 0;
    this.prMarks[at] = again || (this.marksRead & UNDEFINED_VALUE) !== 0 ? UNDEFINED_VALUE : 0;
    this.prWritten[at] = this.group;
    this.prShared[at] = shared ? 1 : 0;
    this.prForeign[at] = this.isForeign;
  }

  allPredicates(): bigint {
    let low = 0;
    let high = 0;
    for (let number = 0; number < 32; number++) {
      if (this.pr[number] === 1) low |= 1 << number;
      if (this.pr[number + 32] === 1) high |= 1 << number;
    }
    for (let number = 1; number < 64; number++)
      if (this.prMarks[number] !== 0 || this.prWritten[number] === this.group) this.marksRead |= UNDEFINED_VALUE;
    return (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
  }

  // Branch registers

  readBr(register: number): bigint {
    this.marksRead |= this.brWritten[register] === this.group ? UNDEFINED_VALUE : this.brMarks[register]!;
    return this.br[register]!;
  }

  writeBr(register: number, value: bigint): void {
    this.brMarks[register] = this.marksRead & UNDEFINED_VALUE;
    this.brWritten[register] = this.group;
    this.brForeign[register] = this.isForeign;
    this.br[register] = value;
  }
}
