/**
 * Application and control registers, psr, interrupts, and the current register bank.
 *
 * A hypervisor's guest is the same machine with part of its state in memory (`places`). Accesses by name (`cr.ifa`, `psr.ic`) reach
 * the guest's value in either case.
 *
 * Sources: SDM vol. 2, ch. 3 (psr, banks), ch. 5 (interruptions).
 */
import { registerFor } from '../machine/purposes.ts';
import { registerByNumber } from '../machine/register-table.ts';
import { CONTROL_NAMES, isCollected } from './control-registers.ts';
import { Memory } from './memory.ts';
import { COLLECTION_BIT, INTERRUPT_BIT, PSR } from './psr.ts';
import { groupsOf, marksOf, NAT, RegisterFile, UNDEFINED_VALUE, valuesOf } from './register-file.ts';
import { Fault, Undefined } from './signals.ts';
import { advanced } from './stack.ts';
import type { World } from './world.ts';

/** Where a hypervisor keeps a part of the guest's state, in memory that the guest can access. */
export interface Place {
  address(machine: SystemState): bigint;
  /** Size in bytes. */
  readonly size: number;
  /** Whether 1 in memory means 0 of the bit. */
  readonly inverted: boolean;
}

/** Name of a part of the state (`cr.ifa`, `psr.ic`, `bank`) to its place. */
export type Places = ReadonlyMap<string, Place>;

/** 1.0, which f1 always holds. */
const F1 = (0xffffn << 64n) | (1n << 63n);

const AR_BSP = registerFor('backing-store').number;
const AR_BSPSTORE = registerFor('backing-store-stores').number;
const AR_RNAT = registerFor('rse-nats').number;
const AR_RSC = registerFor('rse-configuration').number;
const AR_UNAT = registerFor('spill-nats').number;
const AR_EC = registerFor('epilog-count').number;

export class SystemState extends RegisterFile {
  /** In the format of `stf.spill`, by physical register: f32-f127 rotate. */
  readonly fr: bigint[];
  readonly ar: bigint[];
  readonly arMarks: Uint8Array;
  readonly arWritten: Int32Array;
  readonly cr: bigint[];
  /** By control register: 1 if it was written and not serialized since. */
  readonly crPending: Uint8Array;
  readonly rr: bigint[];
  readonly rrPending: Uint8Array;
  /** Registers of indirect register files, by file and index. */
  readonly files: Map<string, bigint>;
  /** psr, without the bits that are in `places`. */
  psr = 0n;
  /** Bits of psr that were changed and not serialized since. */
  psrPending = 0n;
  /** Whether an external interrupt is pending. */
  pending = false;
  time = { now: 0n, offset: 0n, last: 0n };
  /** Externally visible events, in order. */
  readonly events: string[];

  /** Instruction group of the last st8.spill: ar.unat may be read only after it. */
  spilled = 0;
  readonly memory: Memory;

  constructor(
    readonly world: World,
    readonly places: Places,
    data: ReadonlyMap<bigint, bigint>,
    from: SystemState | null,
  ) {
    super(from);
    this.memory = new Memory(world, data, from?.memory);
    this.fr = valuesOf(128, from?.fr);
    this.ar = valuesOf(128, from?.ar);
    this.arMarks = marksOf(128, from?.arMarks);
    this.arWritten = groupsOf(128, from?.arWritten);
    this.cr = valuesOf(128, from?.cr);
    this.crPending = marksOf(128, from?.crPending);
    this.rr = valuesOf(8, from?.rr);
    this.rrPending = marksOf(8, from?.rrPending);
    this.files = new Map(from?.files);
    this.events = [...(from?.events ?? [])];
    this.fr[1] = F1;
    if (from === null) return;
    this.psr = from.psr;
    this.psrPending = from.psrPending;
    this.pending = from.pending;
    this.time = { ...from.time };
    this.spilled = from.spilled;
    this.interruptsAlways = from.interruptsAlways;
    this.arrivesIn = from.arrivesIn;
    this.#counts = from.#counts;
  }

  get isGuest(): boolean {
    return this.places.size > 0;
  }

  floatIndex(register: number): number {
    return register < 32 || this.rrbFr === 0 ? register : 32 + ((register - 32 + this.rrbFr) % 96);
  }

  // Application and control registers

  /** ar.bspstore and ar.rnat may be accessed only while the RSE is in enforced lazy mode (SDM vol. 3, mov ar). */
  #checkEngine(register: number): void {
    if (register !== AR_BSPSTORE && register !== AR_RNAT) return;
    if (this.arWritten[AR_RSC] === this.group || this.arMarks[AR_RSC] !== 0)
      throw new Undefined('ar.rsc decides what may be done, and nobody knows what it is');
    if ((this.ar[AR_RSC]! & 3n) !== 0n)
      throw new Fault('General Exception', `${registerByNumber('ar', register)!.name} with ar.rsc.mode not 0`);
  }

  readAr(register: number): bigint {
    this.#checkEngine(register);
    this.marksRead |= this.arWritten[register] === this.group ? UNDEFINED_VALUE : this.arMarks[register]!;
    if (register === AR_UNAT && this.spilled === this.group) this.marksRead |= UNDEFINED_VALUE;
    this.foreignRead |= this.arForeign[register]!;
    if (register === AR_BSP) return this.bsp;
    if (register === AR_BSPSTORE) return this.bspstore;
    return this.ar[register]!;
  }

  writeAr(register: number, value: bigint): void {
    this.#checkEngine(register);
    if (register === AR_BSPSTORE) this.needsFrame('ar.bspstore is written');
    this.arMarks[register] =
      this.arWritten[register] === this.group ? UNDEFINED_VALUE : this.marksRead & UNDEFINED_VALUE;
    this.arWritten[register] = this.group;
    this.arForeign[register] = 0;
    // A write of ar.bspstore makes ar.rnat undefined (SDM vol. 2, 6.5.3).
    if (register === AR_BSPSTORE) this.arWritten[AR_RNAT] = this.group;
    if (register === AR_BSPSTORE) this.bspstore = value & ~7n;
    else this.ar[register] = register === AR_EC ? value & 63n : value;
  }

  /** The value of a control register for an instruction that needs no serialization before it (rfi, itc). */
  control(register: number): bigint {
    const place = this.places.get(CONTROL_NAMES[register]!);
    return place === undefined ? this.cr[register]! : this.kept(CONTROL_NAMES[register]!, place);
  }

  /** The value at a hypervisor's place. */
  kept(name: string, place: Place): bigint {
    const address = place.address(this);
    if (this.memory.unknown.size > 0 && this.memory.unknown.has(address & ~7n))
      throw new Undefined(`${name} is kept as what nobody knows`);
    return this.memory.read(address, place.size);
  }

  readCr(register: number): bigint {
    this.#checkCollection(register);
    if (this.crPending[register] === 1) this.marksRead |= UNDEFINED_VALUE;
    return this.control(register);
  }

  writeCr(register: number, value: bigint): void {
    this.#checkCollection(register);
    if ((this.marksRead & UNDEFINED_VALUE) !== 0)
      throw new Undefined(`${CONTROL_NAMES[register]} is given what nobody knows`);
    this.setControl(register, value);
    if (!this.isGuest) this.crPending[register] = 1;
  }

  setControl(register: number, value: bigint): void {
    const place = this.places.get(CONTROL_NAMES[register]!);
    if (place === undefined) this.cr[register] = value;
    else this.memory.write(place.address(this), place.size, value);
  }

  /** Interruption control registers may be accessed only while psr.ic is 0 (SDM vol. 2, 3.3.5). */
  #checkCollection(register: number): void {
    if (!isCollected(register)) return;
    if ((this.psrPending & PSR.ic) !== 0n) this.marksRead |= UNDEFINED_VALUE;
    else if (this.bit(COLLECTION_BIT, PSR.ic))
      throw new Fault('General Exception', `${CONTROL_NAMES[register]} with psr.ic 1`);
  }

  /** The region register of an address. */
  region(address: bigint): bigint {
    const number = Number(address >> 61n);
    if (this.rrPending[number] === 1) throw new Undefined(`rr${number} is used before it is serialized`);
    return this.rr[number]!;
  }

  setRegion(address: bigint, value: bigint): void {
    const number = Number(address >> 61n);
    this.rr[number] = value;
    if (!this.isGuest) this.rrPending[number] = 1;
  }

  /** The changes that await serialization, in words. */
  unserialized(): string[] {
    const registers = CONTROL_NAMES.filter((_, number) => this.crPending[number] === 1);
    return [
      ...registers,
      ...(this.psrPending === 0n ? [] : ['psr']),
      ...[...this.rrPending.keys()].filter((number) => this.rrPending[number] === 1).map((number) => `rr${number}`),
    ];
  }

  serialize(): void {
    this.rrPending.fill(0);
    this.crPending.fill(0);
    this.psrPending = 0n;
  }

  get bsp(): bigint {
    return advanced(this.bspstore, this.dirty);
  }

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
    let value = this.psr & ~(PSR.ic | PSR.i | PSR.bn);
    if (this.virtualBank === 1) value |= PSR.bn;
    if (this.bit(COLLECTION_BIT, PSR.ic)) value |= PSR.ic;
    if (this.bit(INTERRUPT_BIT, PSR.i)) value |= PSR.i;
    return value;
  }

  /** Writes all bits but psr.bn. */
  writePsr(value: bigint): void {
    const changed = this.readPsr() ^ value;
    this.psr = (value & ~PSR.bn) | (this.psr & PSR.bn);
    if ((changed & PSR.ic) !== 0n) this.#setBit(COLLECTION_BIT, (value & PSR.ic) !== 0n);
    if ((changed & PSR.i) !== 0n) this.#setBit(INTERRUPT_BIT, (value & PSR.i) !== 0n);
  }

  /** Writes psr as ssm, rsm, sum and rum do: psr.i takes effect at once, all else at the next serialization (SDM vol. 2, 3.3.2). */
  maskPsr(value: bigint): void {
    const changed = this.readPsr() ^ value;
    this.writePsr(value);
    if (!this.isGuest) this.psrPending |= changed & (PSR.ic | PSR.dt);
    this.deliver();
  }

  /** Delivers a pending interrupt if psr allows it. */
  deliver(): void {
    if (!this.isPending || !this.bit(INTERRUPT_BIT, PSR.i)) return;
    if (this.bit(COLLECTION_BIT, PSR.ic)) this.takeInterrupt();
    else if (this.interruptsAlways)
      throw new Undefined('an event comes while psr.ic is 0, over what is in cr.iip and its like');
  }

  /** Whether interrupts are delivered with psr.ic 0, too: a hypervisor may test psr.i alone. */
  interruptsAlways = false;

  get isPending(): boolean {
    return this.places.has('pending') ? this.bit('pending', 0n) : this.pending;
  }

  setPending(waits: boolean): void {
    this.pending = waits;
    this.#setBit('pending', waits);
  }

  /** The number of labels that control passes until an interrupt arrives; 0: none arrives. */
  arrivesIn = 0;

  arrive(): void {
    this.setPending(true);
    this.deliver();
  }

  takeInterrupt(): void {
    this.events.push('interrupt');
    this.setPending(false);
  }

  setTime(offset: bigint, last: bigint): void {
    this.time.offset = offset;
    this.time.last = last;
    for (const [name, value] of Object.entries({ 'time.offset': offset, 'time.last': last })) {
      const place = this.places.get(name);
      if (place !== undefined) this.memory.write(place.address(this), place.size, value);
    }
  }

  /** The next reading of the interval time counter; it may equal the last one. */
  count(): bigint {
    if (this.world.hash(this.#counts++, 0x71) % 2 === 0) this.time.now += 0x100n;
    return this.time.now;
  }

  #counts = 0;

  /** Sets all flags that are kept in memory to off. */
  clearFlags(): void {
    for (const name of [COLLECTION_BIT, INTERRUPT_BIT, 'pending', 'bank']) this.#setBit(name, false);
  }

  // Banks

  /** Sets the current bank without moving registers. */
  setBankFlag(bank: 0 | 1): void {
    this.#setBit('bank', bank === 1);
  }

  /** The current bank from the guest's view. */
  get virtualBank(): 0 | 1 {
    if (!this.places.has('bank')) return this.bank;
    return this.bit('bank', 0n) ? 1 : 0;
  }

  /** Switches banks, as bsw and rfi do. A guest with only one real bank has the registers of the other in memory. */
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
        this.marks[register] = UNDEFINED_VALUE;
      }
      this.written[register] = 0;
    }
    if (bank === 0) this.memory.write(nats, 8, bits);
  }
}
