/**
 * Loads and stores: translation of addresses, and faults.
 *
 * Sources: SDM vol. 2, ch. 4 (translation), 4.1.5 (the VHPT walker).
 */
import { registerFor } from '../machine/purposes.ts';
import { COLLECTED_NAMES } from './control-registers.ts';
import { FUNCTIONS } from './functions.ts';
import { hex, reversed } from './memory.ts';
import { COLLECTION_BIT, PSR } from './psr.ts';
import { UNDEFINED_VALUE } from './register-file.ts';
import { Fault, Undefined } from './signals.ts';
import { type Places, SystemState } from './system-state.ts';
import { type TranslationKind, Translations, translatedPage } from './translations.ts';
import type { World } from './world.ts';

const LOW61 = (1n << 61n) - 1n;
const KERNEL = 7n << 61n;
const MASK64 = (1n << 64n) - 1n;

const AR_UNAT = registerFor('spill-nats').number;
const PTA = registerFor('page-table').number;
/** pta.ve and rr.ve; pta.vf; the present bit of a page table entry. */
const ENABLED = 1n;
const LONG_FORMAT = 1n << 8n;
const PRESENT = 1n;
const pageSizeOf = (rr: bigint): bigint => (rr >> 2n) & 63n;

export interface Range {
  readonly first: bigint;
  readonly behind: bigint;
}

export class MemoryAccess extends SystemState {
  readonly translations: Translations;
  loads = 0;
  /** Whether pinned memory may be accessed: also by targets that have such memory but are no hypervisor's guest. */
  mayUsePinned = false;
  /** Read-only data of the image that the kernel has pinned in the TLB. */
  table: Range | null = null;

  constructor(
    world: World,
    places: Places,
    /** Memory that a hypervisor keeps mapped for its guest. The source, which runs on the bare machine, must not touch it. */
    readonly pinned: readonly Range[],
    data: ReadonlyMap<bigint, bigint>,
    from: MemoryAccess | null,
  ) {
    super(world, places, data, from);
    this.translations = new Translations(from?.translations);
    if (from === null) return;
    this.loads = from.loads;
    this.mayUsePinned = from.mayUsePinned;
    this.table = from.table;
  }

  isPinned(address: bigint): boolean {
    for (const { first, behind } of this.pinned) if (address >= first && address < behind) return true;
    return false;
  }

  /** The address in `memory` that an access reaches. @throws Fault when it has no translation, or is not aligned to `size` */
  key(address: bigint, size: number): bigint {
    if ((this.marksRead & UNDEFINED_VALUE) !== 0) throw new Undefined('an address that nobody knows');
    // Pinned memory is reached with either value of psr.dt.
    const pinned = this.isPinned(address);
    if (!pinned && (this.psrPending & PSR.dt) !== 0n)
      throw new Undefined('an access to memory before psr.dt is serialized');
    if ((address & BigInt(size - 1)) !== 0n) throw new Fault('Unaligned Reference', hex(address));
    if (pinned) {
      if (!this.isGuest && !this.mayUsePinned) throw new Undefined('an access to memory that the hypervisor has');
      this.#checkCollected(address);
      return address;
    }
    if ((this.psr & PSR.dt) !== 0n && this.#isInTable(address)) return address;
    if ((this.psr & PSR.dt) !== 0n) this.needTranslation(address);
    const key = this.#key(address);
    if (this.isPinned(key)) throw new Undefined('an access to memory that the hypervisor has');
    return key;
  }

  #isInTable(address: bigint): boolean {
    return this.table !== null && address >= this.table.first && address < this.table.behind;
  }

  /** Interruption state, also where a hypervisor keeps it in memory, may be accessed only while psr.ic is 0 (SDM vol. 2, 3.3.5). */
  #checkCollected(address: bigint): void {
    const name = this.#collected().get(address & ~7n);
    if (name !== undefined && this.bit(COLLECTION_BIT, PSR.ic))
      throw new Undefined(`${name} is used while psr.ic is 1, where an interruption may overwrite it`);
  }

  #collectedAt: ReadonlyMap<bigint, string> | undefined;

  /** The interruption control registers that are kept in memory, by the address of the word. */
  #collected(): ReadonlyMap<bigint, string> {
    this.#collectedAt ??= new Map(
      COLLECTED_NAMES.flatMap((name): [bigint, string][] => {
        const place = this.places.get(name);
        return place === undefined ? [] : [[place.address(this), name]];
      }),
    );
    return this.#collectedAt;
  }

  #key(address: bigint): bigint {
    if (this.isPinned(address)) return address;
    // Regions 6 and 7 map physical memory, so a physical address is one of region 7.
    return (this.psr & PSR.dt) === 0n || address >> 62n === 3n ? KERNEL | (address & LOW61) : address & MASK64;
  }

  /** The address in `memory` of a word of the backing store, which is assumed to be mapped. */
  stackKey(address: bigint): bigint {
    const key = this.#key(BigInt.asUintN(64, address));
    if (this.isPinned(key)) throw new Undefined('a register stack in memory that the hypervisor has');
    return key;
  }

  isTranslated(address: bigint): boolean {
    return this.#isPresent(address) || this.#walk(address);
  }

  /** Throws the fault of an access to a page that has no translation. */
  needTranslation(address: bigint): void {
    if (this.isTranslated(address)) return;
    if ((this.psrPending & PSR.ic) !== 0n) throw new Undefined('a miss before psr.ic is serialized');
    const nested = !this.bit(COLLECTION_BIT, PSR.ic);
    throw new Fault(nested ? 'Data Nested TLB' : this.#missOf(address), hex(address), address);
  }

  #isPresent(address: bigint): boolean {
    if (address >> 62n === 3n) return true;
    return this.translations.find('data', address) ?? this.world.isMapped(address);
  }

  /** Address of the VHPT entry that the walker reads for an address (short format); null when the walker is off. */
  #entryOf(address: bigint): bigint | null {
    const pta = this.control(PTA);
    const rr = this.region(address);
    if ((pta & ENABLED) === 0n || (rr & ENABLED) === 0n || (pta & LONG_FORMAT) !== 0n) return null;
    return FUNCTIONS.hash_short!(address, pageSizeOf(rr), pta);
  }

  /** The VHPT walker: inserts the translation of the entry. It reads the table through the TLB, without a nested walk. */
  #walk(address: bigint): boolean {
    const entry = this.#entryOf(address);
    if (entry === null || !this.#isPresent(entry)) return false;
    if ((this.memory.word(this.#key(entry)) & PRESENT) === 0n) return false;
    this.translations.insert('data', translatedPage(address, pageSizeOf(this.region(address))), false, true);
    return true;
  }

  /** The interruption vector of a TLB miss (SDM vol. 2, 4.1.6). */
  #missOf(address: bigint): string {
    const entry = this.#entryOf(address);
    if (entry !== null) return this.#isPresent(entry) ? 'Data TLB' : 'VHPT Translation';
    return (this.control(PTA) & this.region(address) & ENABLED) === 0n ? 'Alternate Data TLB' : 'Data TLB';
  }

  override unserialized(): string[] {
    return [...super.unserialized(), ...(this.translations.isSettled ? [] : ['a translation'])];
  }

  override serialize(): void {
    super.serialize();
    this.translations.settle();
  }

  /** Inserts a translation. On a guest the insert is serialized at once, as it is emulated. */
  insert(kind: TranslationKind, address: bigint, pageSize: bigint, ofRegisters: boolean): void {
    this.translations.insert(kind, translatedPage(address, pageSize), ofRegisters, this.isGuest);
  }

  /** @param pageSize null: all pages */
  purge(kind: TranslationKind | null, address: bigint, pageSize: bigint | null, ofRegisters: boolean): void {
    const page = pageSize === null ? null : translatedPage(address, pageSize);
    this.translations.purge(kind, page, ofRegisters, this.isGuest);
  }

  load(address: bigint, size: number): bigint {
    const key = this.key(address, size);
    if (!this.isPinned(key) && !this.#isInTable(key)) this.#interfere(key);
    const value = this.memory.read(key, size);
    if (this.memory.unknown.size > 0 && this.memory.unknown.has(key & ~7n)) this.marksRead |= UNDEFINED_VALUE;
    return (this.psr & PSR.be) === 0n ? value : reversed(value, size);
  }

  /** Lets another processor change a word before it is read, unless this machine has written to it. */
  #interfere(key: bigint): void {
    const load = this.loads++;
    const word = key & ~7n;
    if (this.memory.written.has(word) || !this.world.changes(load)) return;
    this.memory.written.set(word, this.world.value(this.world.hash(load, 0x1d)));
  }

  store(address: bigint, size: number, value: bigint): void {
    const key = this.key(address, size);
    const { unknown } = this.memory;
    if ((this.marksRead & UNDEFINED_VALUE) !== 0) unknown.add(key & ~7n);
    else if (unknown.size > 0 && size === 8) unknown.delete(key);
    this.memory.write(key, size, (this.psr & PSR.be) === 0n ? value : reversed(value, size));
  }

  unatBit(address: bigint): boolean {
    if (this.arMarks[AR_UNAT] !== 0 || this.arWritten[AR_UNAT] === this.group) this.marksRead |= UNDEFINED_VALUE;
    return ((this.ar[AR_UNAT]! >> ((address >> 3n) & 63n)) & 1n) === 1n;
  }

  setUnatBit(address: bigint, nat: boolean): void {
    const bit = 1n << ((address >> 3n) & 63n);
    this.ar[AR_UNAT] = nat ? this.ar[AR_UNAT]! | bit : this.ar[AR_UNAT]! & ~bit;
    this.spilled = this.group;
  }
}
