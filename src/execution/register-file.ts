/**
 * General registers with their NaT bits, banks and stack, predicates and branch registers: what a read finds, and what of it no
 * manual defines, because it was written in the same instruction group or computed from what is not defined.
 *
 * Sources: SDM vol. 1, ch. 3 and 4 (registers, instruction groups, NaT).
 */
import { Fault, Undefined } from './signals.ts';

/** Marks of a register: it holds a NaT; no manual defines what it holds. */
export const NAT = 1;
export const UNDEFINED_VALUE = 2;

/** Numbers of registers in `gr`: 0-15, r16-r31 of bank 1, of bank 0, and a ring for the stacked ones. */
const BANK0 = 32;
export const RING = 64;
export const RING_SIZE = 512;
const GENERAL_COUNT = RING + RING_SIZE;

export class RegisterFile {
  readonly gr: bigint[] = new Array<bigint>(GENERAL_COUNT).fill(0n);
  readonly marks = new Uint8Array(GENERAL_COUNT);
  /** Group in which a register was last written. */
  readonly written = new Int32Array(GENERAL_COUNT);
  /** 1: last written by code that the source does not have. */
  readonly foreign = new Uint8Array(GENERAL_COUNT);
  /** 1: a register of bank 0 that nobody has written since bank 0 was switched to. */
  readonly stale = new Uint8Array(16);
  /** `foreign` of r16-r31, of what a hypervisor keeps of the bank that is not current. */
  readonly storedForeign = new Uint8Array(16);
  readonly pr = new Uint8Array(64);
  readonly prMarks = new Uint8Array(64);
  readonly prWritten = new Int32Array(64);
  readonly prForeign = new Uint8Array(64);
  /** 1: written in its group by a compare that may share it with others of its kind. */
  readonly prShared = new Uint8Array(64);
  readonly br: bigint[] = new Array<bigint>(8).fill(0n);
  readonly brMarks = new Uint8Array(8);
  readonly brWritten = new Int32Array(8);
  readonly brForeign = new Uint8Array(8);
  /** 1: last written by a call that the source does not have. */
  readonly arForeign = new Uint8Array(128);
  bank: 0 | 1 = 1;
  /** Bottom of the frame in the ring; registers below it that are not in memory yet; where they go. */
  bottom = 0;
  dirty = 0;
  bspstore = 0n;
  sof = 0;
  sol = 0;
  sor = 0;
  rrbGr = 0;
  rrbFr = 0;
  rrbPr = 0;

  /** The instruction group under way, and what the operands read so far were marked with. */
  group = 1;
  marksRead = 0;
  /** The instruction under way is none of the source's. */
  isForeign = 0;
  /** It has read an application register that such a call has written: what it copies is as foreign. */
  foreignRead = 0;

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
    // Beyond the frame the value is undefined (SDM vol. 1, 4.1.2): code that a callee leaves by a plain branch reads there.
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

  /** @param isBranch a branch may read a predicate in the group that computes it */
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
