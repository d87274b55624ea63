/**
 * A processor and its memory: registers with NaT bits, register banks and the register stack, predicates, psr, control
 * registers, translations. What single instructions do to it is in grammar/semantics.tsv.
 *
 * A hypervisor's guest is the same machine with some of its state in memory (`places`): whoever asks for `cr.ifa` or
 * `psr.ic` by name gets what the guest would get.
 *
 * Sources: SDM vol. 1, ch. 3 and 4 (registers, instruction groups, NaT); vol. 2, ch. 3 (psr, banks), 4 (translation), 6 (RSE).
 */
import { registerByName, registerByNumber } from '../machine/register-table.ts';
import { Memory, reversed } from './memory.ts';
import type { Place, Places } from './place.ts';
import { type Exit, Fault, Undefined } from './signals.ts';
import { advanced, isCollection, registersBetween } from './stack.ts';
import type { World } from './world.ts';

/** Marks of a register: it holds a NaT; no manual defines what it holds. */
export const NAT = 1;
export const UNKNOWN = 2;

/** Numbers of registers in `gr`: 0-15, r16-r31 of bank 1, of bank 0, and a ring for the stacked ones. */
const BANK0 = 32;
const RING = 64;
const RING_SIZE = 512;
const GENERAL_COUNT = RING + RING_SIZE;
const MOST_STACKED = 96;

export const PSR = {
  be: 1n << 1n,
  ac: 1n << 3n,
  ic: 1n << 13n,
  i: 1n << 14n,
  dt: 1n << 17n,
  cpl: 3n << 32n,
  bn: 1n << 44n,
};
const LOW61 = (1n << 61n) - 1n;
const KERNEL = 7n << 61n;
const MASK64 = (1n << 64n) - 1n;

const numberOf = (name: string): number => registerByName(name)!.number;
const AR_RSC = numberOf('ar.rsc');
const AR_BSP = numberOf('ar.bsp');
const AR_BSPSTORE = numberOf('ar.bspstore');
const AR_RNAT = numberOf('ar.rnat');
const AR_UNAT = numberOf('ar.unat');
const AR_PFS = numberOf('ar.pfs');
const AR_EC = numberOf('ar.ec');
/** The control registers that an interruption writes. */
const COLLECTED_FIRST = numberOf('cr.ipsr');
const COLLECTED_LAST = numberOf('cr.iib1');

export interface Range {
  readonly first: bigint;
  readonly behind: bigint;
}

interface Translation {
  readonly kind: 'data' | 'code';
  readonly first: bigint;
  readonly behind: bigint;
}

export class Machine {
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
  readonly fr: bigint[] = new Array<bigint>(128).fill(0n);
  readonly ar: bigint[] = new Array<bigint>(128).fill(0n);
  readonly arMarks = new Uint8Array(128);
  readonly arWritten = new Int32Array(128);
  readonly cr: bigint[] = new Array<bigint>(128).fill(0n);
  /** 1: written, and no serialization since. */
  readonly crPending = new Uint8Array(128);
  readonly rr: bigint[] = new Array<bigint>(8).fill(0n);
  /** Registers of indirect files, by file and index. */
  readonly files = new Map<string, bigint>();
  /** psr but for what `places` keep. */
  psr = 0n;
  /** Bits of psr that were changed, and no serialization since. */
  psrPending = 0n;
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
  /** An external interrupt waits. */
  pending = false;
  time = { now: 0n, offset: 0n, last: 0n };
  readonly translations: Translation[] = [];
  readonly purged: Translation[] = [];
  /** What the outside sees, in order. */
  readonly events: string[] = [];

  /** The instruction group under way, and what the operands read so far were marked with. */
  group = 1;
  marksRead = 0;
  /** The instruction under way is none of the source's. */
  isForeign = 0;
  /** Index of the instruction. */
  at = 0;
  branched = false;
  exit: Exit | null = null;
  loads = 0;
  /** Of a branch: the address that control goes to, and how. */
  target = 0n;
  how: 'branch' | 'call' | 'rfi' = 'branch';
  /** Address of the bundle of the instruction under way, and of the one behind it. */
  ip = 0n;
  back = 0n;
  readonly memory: Memory;

  constructor(
    readonly world: World,
    readonly places: Places,
    /** Memory that a hypervisor keeps mapped for the guest: on a processor, what no code may touch. */
    readonly pinned: readonly Range[],
    data: ReadonlyMap<bigint, bigint>,
  ) {
    this.memory = new Memory(world, data);
  }

  get isGuest(): boolean {
    return this.places.size > 0;
  }

  // Control

  goTo(address: bigint): void {
    if ((this.marksRead & UNKNOWN) !== 0) throw new Undefined('a branch to where nobody knows');
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
    this.marksRead |= this.written[at] === this.group ? UNKNOWN : this.marks[at]!;
    return this.gr[at]!;
  }

  isNat(register: number): boolean {
    return register !== 0 && (this.marks[this.physical(register)]! & NAT) !== 0;
  }

  writeGr(register: number, value: bigint): void {
    if (register === 0 || register - 32 >= this.sof)
      throw new Fault('General Exception', `r${register} is written, which is not there`);
    const at = this.physical(register);
    this.marks[at] = this.written[at] === this.group ? UNKNOWN : this.marksRead;
    this.written[at] = this.group;
    this.foreign[at] = this.isForeign;
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
    this.prMarks[at] = again || (this.marksRead & UNKNOWN) !== 0 ? UNKNOWN : 0;
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
      if (this.prMarks[number] !== 0 || this.prWritten[number] === this.group) this.marksRead |= UNKNOWN;
    return (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
  }

  // Branch, application and control registers

  readBr(register: number): bigint {
    this.marksRead |= this.brWritten[register] === this.group ? UNKNOWN : this.brMarks[register]!;
    return this.br[register]!;
  }

  writeBr(register: number, value: bigint): void {
    this.brMarks[register] = this.marksRead & UNKNOWN;
    this.brWritten[register] = this.group;
    this.brForeign[register] = this.isForeign;
    this.br[register] = value;
  }

  readAr(register: number): bigint {
    this.marksRead |= this.arWritten[register] === this.group ? UNKNOWN : this.arMarks[register]!;
    if (register === AR_UNAT && this.spilled === this.group) this.marksRead |= UNKNOWN;
    if (register === AR_BSP) return this.bsp;
    if (register === AR_BSPSTORE) return this.bspstore;
    return this.ar[register]!;
  }

  writeAr(register: number, value: bigint): void {
    this.arMarks[register] = this.marksRead & UNKNOWN;
    this.arWritten[register] = this.group;
    if (register === AR_BSPSTORE) this.bspstore = value & ~7n;
    else this.ar[register] = register === AR_EC ? value & 63n : value;
  }

  /** A control register, as an instruction reads it for which no serialization is needed (rfi, itc). */
  control(register: number): bigint {
    const place = this.places.get(CONTROL_NAMES[register]!);
    return place === undefined ? this.cr[register]! : this.kept(CONTROL_NAMES[register]!, place);
  }

  /** What a hypervisor's place holds. */
  kept(name: string, place: Place): bigint {
    const address = place.address(this);
    if (this.memory.unknown.size > 0 && this.memory.unknown.has(address & ~7n))
      throw new Undefined(`${name} is kept as what nobody knows`);
    return this.memory.read(address, place.size);
  }

  readCr(register: number): bigint {
    this.#checkCollection(register);
    if (this.crPending[register] === 1) this.marksRead |= UNKNOWN;
    return this.control(register);
  }

  writeCr(register: number, value: bigint): void {
    this.#checkCollection(register);
    if ((this.marksRead & UNKNOWN) !== 0) throw new Undefined(`${CONTROL_NAMES[register]} is given what nobody knows`);
    this.setControl(register, value);
    if (!this.isGuest) this.crPending[register] = 1;
  }

  setControl(register: number, value: bigint): void {
    const place = this.places.get(CONTROL_NAMES[register]!);
    if (place === undefined) this.cr[register] = value;
    else this.memory.write(place.address(this), place.size, value);
  }

  /** The registers that an interruption writes can be reached only while psr.ic is 0 (SDM vol. 2, 3.3.5). */
  #checkCollection(register: number): void {
    if (register < COLLECTED_FIRST || register > COLLECTED_LAST) return;
    if ((this.psrPending & PSR.ic) !== 0n) this.marksRead |= UNKNOWN;
    else if (this.bit('psr.ic', PSR.ic))
      throw new Fault('General Exception', `${CONTROL_NAMES[register]} with psr.ic 1`);
  }

  serialize(): void {
    this.crPending.fill(0);
    this.psrPending = 0n;
  }

  // psr

  bit(name: string, mask: bigint): boolean {
    const place = this.places.get(name);
    if (place === undefined) return (this.psr & mask) !== 0n;
    const value = this.kept(name, place);
    if (value > 1n) throw new Undefined(`${name} is kept as ${value}, which is neither 0 nor 1`);
    return (value === 1n) !== place.inverted;
  }

  #setBit(name: string, on: boolean): void {
    const place = this.places.get(name);
    if (place !== undefined) this.memory.write(place.address(this), place.size, on !== place.inverted ? 1n : 0n);
  }

  readPsr(): bigint {
    const hidden = this.psr & ~(PSR.ic | PSR.i | PSR.bn);
    const current = this.virtualBank === 1 ? PSR.bn : 0n;
    return hidden | current | (this.bit('psr.ic', PSR.ic) ? PSR.ic : 0n) | (this.bit('psr.i', PSR.i) ? PSR.i : 0n);
  }

  /** All bits but the bank. */
  writePsr(value: bigint): void {
    const changed = this.readPsr() ^ value;
    this.psr = (value & ~PSR.bn) | (this.psr & PSR.bn);
    if ((changed & PSR.ic) !== 0n) this.#setBit('psr.ic', (value & PSR.ic) !== 0n);
    if ((changed & PSR.i) !== 0n) this.#setBit('psr.i', (value & PSR.i) !== 0n);
  }

  /** `ssm`, `rsm` and the like: in force behind the next serialization, psr.i at once (SDM vol. 2, 3.3.2). */
  maskPsr(value: bigint): void {
    const changed = this.readPsr() ^ value;
    this.writePsr(value);
    if (!this.isGuest) this.psrPending |= changed & (PSR.ic | PSR.dt);
    this.deliver();
  }

  /** A waiting interrupt is taken where psr allows it. */
  deliver(): void {
    if (!this.isPending || !this.bit('psr.i', PSR.i) || !this.bit('psr.ic', PSR.ic)) return;
    this.takeInterrupt();
  }

  get isPending(): boolean {
    return this.places.has('pending') ? this.bit('pending', 0n) : this.pending;
  }

  setPending(waits: boolean): void {
    this.pending = waits;
    this.#setBit('pending', waits);
  }

  takeInterrupt(): void {
    this.events.push('interrupt');
    this.setPending(false);
  }

  setTime(offset: bigint, last: bigint): void {
    this.time.offset = offset;
    this.time.last = last;
    const put = (name: string, value: bigint): void => {
      const place = this.places.get(name);
      if (place !== undefined) this.memory.write(place.address(this), place.size, value);
    };
    put('time.offset', offset);
    put('time.last', last);
  }

  /** The processor's count as the next read finds it: it may be what the last one found. */
  count(): bigint {
    if (this.world.hash(this.#counts++, 0x71) % 2 === 0) this.time.now += 0x100n;
    return this.time.now;
  }

  #counts = 0;

  /** Gives every flag that is kept in memory a value: off. */
  clearFlags(): void {
    for (const name of ['psr.ic', 'psr.i', 'pending', 'bank']) this.#setBit(name, false);
  }

  // Banks

  /** Says which bank is on, and moves nothing. */
  setBankFlag(bank: 0 | 1): void {
    this.#setBit('bank', bank === 1);
  }

  /** The bank that the guest believes to be on. */
  get virtualBank(): 0 | 1 {
    if (!this.places.has('bank')) return this.bank;
    return this.bit('bank', 0n) ? 1 : 0;
  }

  /** `bsw`, and what rfi does: a hypervisor with one real bank keeps the other in memory. */
  switchBank(bank: 0 | 1): void {
    const store = this.places.get('bank1');
    if (store === undefined) {
      if (bank === 0 && this.bank === 1) this.stale.fill(1);
      this.bank = bank;
      return;
    }
    if (this.virtualBank === bank) return;
    this.#setBit('bank', bank === 1);
    const address = store.address(this);
    const nats = this.places.get('bank1.nat')!.address(this);
    let bits = bank === 1 ? this.memory.read(nats, 8) : 0n;
    for (let register = 16; register < 32; register++) {
      const at = address + 8n * BigInt(register - 16);
      const bit = 1n << ((at >> 3n) & 63n);
      if (bank === 1) {
        this.gr[register] = this.memory.read(at, 8);
        this.marks[register] = (bits & bit) !== 0n ? NAT : 0;
        this.foreign[register] = 0;
      } else {
        this.memory.write(at, 8, this.gr[register]!);
        this.storedForeign[register - 16] = this.foreign[register]!;
        if ((this.marks[register]! & NAT) !== 0) bits |= bit;
        this.marks[register] = UNKNOWN;
      }
      this.written[register] = 0;
    }
    if (bank === 0) this.memory.write(nats, 8, bits);
  }

  // The register stack

  get bsp(): bigint {
    return advanced(this.bspstore, this.dirty);
  }

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

  /** The first registers of the frame go out of sight: a call's locals, all of them at cover. */
  hide(registers: number): void {
    this.bottom += registers;
    this.dirty += registers;
    if (this.dirty + MOST_STACKED > RING_SIZE) throw new Undefined('more frames than this machine has registers for');
  }

  /** They come back, from memory if they were stored there. */
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
      this.gr[at] = this.memory.word(this.#stackKey(this.bspstore));
      const collected = this.bspstore | 0x1f8n;
      const nats = collected >= stored ? this.ar[AR_RNAT]! : this.memory.word(this.#stackKey(collected));
      this.marks[at] = Number((nats >> ((this.bspstore >> 3n) & 63n)) & 1n);
      this.foreign[at] = 0;
    }
    this.dirty += registers;
  }

  flushStack(): void {
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
    this.memory.write(this.#stackKey(address), 8, value);
  }

  /** `loadrs`: as many bytes below bsp as ar.rsc says are in registers behind it, and no more (SDM vol. 2, 6.5.4). */
  loadStack(): void {
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

  /** What `br.call` keeps in ar.pfs, and the new frame. */
  enterFrame(): void {
    this.ar[AR_PFS] = this.cfm | (this.ar[AR_EC]! << 52n) | (((this.readPsr() >> 32n) & 3n) << 62n);
    this.arMarks[AR_PFS] = 0;
    this.arWritten[AR_PFS] = this.group;
    this.hide(this.sol);
    this.sof -= this.sol;
    this.sol = this.sor = this.rrbGr = this.rrbFr = this.rrbPr = 0;
  }

  /** What `br.ret` does with ar.pfs. */
  leaveFrame(): void {
    // br.ret may stand in the group of the mov that writes ar.pfs (SDM vol. 3, table 5-2).
    const pfs = this.ar[AR_PFS]!;
    if (this.arMarks[AR_PFS] !== 0) throw new Undefined('ar.pfs is used, and nobody knows what it is');
    this.cfm = pfs;
    this.reveal(this.sol);
    this.ar[AR_EC] = (pfs >> 52n) & 63n;
    const level = pfs >> 62n;
    if (level > ((this.psr >> 32n) & 3n)) this.psr = (this.psr & ~PSR.cpl) | (level << 32n);
  }

  // Memory

  isPinned(address: bigint): boolean {
    for (const { first, behind } of this.pinned) if (address >= first && address < behind) return true;
    return false;
  }

  /** The address by which `memory` knows what an access reaches. Throws a Fault. */
  key(address: bigint, size: number): bigint {
    if ((this.marksRead & UNKNOWN) !== 0) throw new Undefined('an address that nobody knows');
    if ((this.psrPending & PSR.dt) !== 0n) throw new Undefined('an access to memory before psr.dt is serialized');
    if ((address & BigInt(size - 1)) !== 0n) throw new Fault('Unaligned Reference', hex(address));
    if (this.isPinned(address)) {
      if (!this.isGuest) throw new Undefined('an access to memory that the hypervisor has');
      return address;
    }
    if ((this.psr & PSR.dt) !== 0n && !this.isTranslated(address, 'data')) {
      const nested = !this.bit('psr.ic', PSR.ic);
      throw new Fault(nested ? 'Data Nested TLB' : 'Data TLB', hex(address), address);
    }
    const key = this.#key(address);
    if (this.isPinned(key)) throw new Undefined('an access to memory that the hypervisor has');
    return key;
  }

  #key(address: bigint): bigint {
    if (this.isPinned(address)) return address;
    // Physical memory is what regions 6 and 7 show.
    return (this.psr & PSR.dt) === 0n || address >> 62n === 3n ? KERNEL | (address & LOW61) : address & MASK64;
  }

  /** The backing store is memory like any other, and is taken to be mapped. */
  #stackKey(address: bigint): bigint {
    const key = this.#key(BigInt.asUintN(64, address));
    if (this.isPinned(key)) throw new Undefined('a register stack in memory that the hypervisor has');
    return key;
  }

  isTranslated(address: bigint, kind: 'data' | 'code'): boolean {
    if (address >> 62n === 3n) return true;
    const covers = (list: readonly Translation[]) =>
      list.some((each) => each.kind === kind && address >= each.first && address < each.behind);
    if (covers(this.translations)) return true;
    return !covers(this.purged) && this.world.isMapped(address);
  }

  insert(kind: 'data' | 'code', address: bigint, pageSize: bigint): void {
    this.translations.push({ kind, ...pageOf(address, pageSize) });
  }

  purge(address: bigint, pageSize: bigint): void {
    const page = pageOf(address, pageSize);
    for (let at = this.translations.length - 1; at >= 0; at--) {
      const { first, behind } = this.translations[at]!;
      if (first < page.behind && behind > page.first) this.translations.splice(at, 1);
    }
  }

  load(address: bigint, size: number): bigint {
    const key = this.key(address, size);
    if (!this.isPinned(key)) this.#interfere(key);
    const value = this.memory.read(key, size);
    if (this.memory.unknown.size > 0 && this.memory.unknown.has(key & ~7n)) this.marksRead |= UNKNOWN;
    return (this.psr & PSR.be) === 0n ? value : reversed(value, size);
  }

  /** Another processor may have written there meanwhile: not to what this one writes itself. */
  #interfere(key: bigint): void {
    const load = this.loads++;
    const word = key & ~7n;
    if (this.memory.written.has(word) || !this.world.changes(load)) return;
    this.memory.written.set(word, this.world.value(this.world.hash(load, 0x1d)));
  }

  store(address: bigint, size: number, value: bigint): void {
    const key = this.key(address, size);
    const { unknown } = this.memory;
    if ((this.marksRead & UNKNOWN) !== 0) unknown.add(key & ~7n);
    else if (unknown.size > 0 && size === 8) unknown.delete(key);
    this.memory.write(key, size, (this.psr & PSR.be) === 0n ? value : reversed(value, size));
  }

  unatBit(address: bigint): boolean {
    if (this.arMarks[AR_UNAT] !== 0 || this.arWritten[AR_UNAT] === this.group) this.marksRead |= UNKNOWN;
    return ((this.ar[AR_UNAT]! >> ((address >> 3n) & 63n)) & 1n) === 1n;
  }

  setUnatBit(address: bigint, nat: boolean): void {
    const bit = 1n << ((address >> 3n) & 63n);
    this.ar[AR_UNAT] = nat ? this.ar[AR_UNAT]! | bit : this.ar[AR_UNAT]! & ~bit;
    this.spilled = this.group;
  }

  /** Group of the last spill: ar.unat as a whole can be read behind it only. */
  spilled = 0;
}

function pageOf(address: bigint, pageSize: bigint): { first: bigint; behind: bigint } {
  const bits = pageSize < 12n ? 12n : pageSize > 61n ? 61n : pageSize;
  const first = (address >> bits) << bits;
  return { first, behind: first + (1n << bits) };
}

export const hex = (value: bigint): string => `0x${value.toString(16)}`;

const CONTROL_NAMES: readonly string[] = Array.from(
  { length: 128 },
  (_, number) => registerByNumber('cr', number)?.name ?? '',
);
