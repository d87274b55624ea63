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

export class RegisterFile {
  readonly gr: bigint[] = new Array<bigint>(GENERAL_COUNT).fill(0n);
  readonly marks = new Uint8Array(GENERAL_COUNT);
  /** By register: the instruction group in which it was last written. */
  readonly written = new Int32Array(GENERAL_COUNT);
  /** By register: 1 if it was last written by code that is not in the source. */
  readonly foreign = new Uint8Array(GENERAL_COUNT);
  /** By register of bank 0: 1 if it was not written since the last switch to bank 0. */
  readonly stale = new Uint8Array(16);
  /** `foreign` of r16-r31 of the other bank, as saved by a hypervisor. */
  readonly storedForeign = new Uint8Array(16);
  readonly pr = new Uint8Array(64);
  readonly prMarks = new Uint8Array(64);
  readonly prWritten = new Int32Array(64);
  readonly prForeign = new Uint8Array(64);
  /** By predicate: 1 if written in its group by a parallel compare; others of the same type may write it, too. */
  readonly prShared = new Uint8Array(64);
  readonly br: bigint[] = new Array<bigint>(8).fill(0n);
  readonly brMarks = new Uint8Array(8);
  readonly brWritten = new Int32Array(8);
  readonly brForeign = new Uint8Array(8);
  /** By application register: 1 if last written by a call that is not in the source. */
  readonly arForeign = new Uint8Array(128);
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
