/**
 * Loads and stores: what an address reaches under the translations that there are, and what faults.
 *
 * Sources: SDM vol. 2, ch. 4 (translation).
 */
import { registerByName } from '../machine/register-table.ts';
import { hex, reversed } from './memory.ts';
import { UNDEFINED_VALUE } from './register-file.ts';
import { Fault, Undefined } from './signals.ts';
import { type Places, PSR, SystemState } from './system-state.ts';
import type { World } from './world.ts';

const LOW61 = (1n << 61n) - 1n;
const KERNEL = 7n << 61n;
const MASK64 = (1n << 64n) - 1n;

const AR_UNAT = registerByName('ar.unat')!.number;

export interface Range {
  readonly first: bigint;
  readonly behind: bigint;
}

interface Translation {
  readonly kind: 'data' | 'code';
  readonly first: bigint;
  readonly behind: bigint;
}

export class MemoryAccess extends SystemState {
  readonly translations: Translation[] = [];
  readonly purged: Translation[] = [];
  loads = 0;
  /** A target may have memory of its own, and nothing else that is otherwise than on a processor. */
  mayUsePinned = false;
  /** Words of the image that the kernel has pinned in the TLB, and nobody writes. */
  table: Range | null = null;

  constructor(
    world: World,
    places: Places,
    /** Memory that a hypervisor keeps mapped for the guest: on a processor, what no code may touch. */
    readonly pinned: readonly Range[],
    data: ReadonlyMap<bigint, bigint>,
  ) {
    super(world, places, data);
  }

  isPinned(address: bigint): boolean {
    for (const { first, behind } of this.pinned) if (address >= first && address < behind) return true;
    return false;
  }

  /** The address by which `memory` knows what an access reaches. Throws a Fault. */
  key(address: bigint, size: number): bigint {
    if ((this.marksRead & UNDEFINED_VALUE) !== 0) throw new Undefined('an address that nobody knows');
    if ((this.psrPending & PSR.dt) !== 0n) throw new Undefined('an access to memory before psr.dt is serialized');
    if ((address & BigInt(size - 1)) !== 0n) throw new Fault('Unaligned Reference', hex(address));
    if (this.isPinned(address)) {
      if (!this.isGuest && !this.mayUsePinned) throw new Undefined('an access to memory that the hypervisor has');
      return address;
    }
    if ((this.psr & PSR.dt) !== 0n && this.#isInTable(address)) return address;
    if ((this.psr & PSR.dt) !== 0n && !this.isTranslated(address, 'data')) {
      const nested = !this.bit('psr.ic', PSR.ic);
      throw new Fault(nested ? 'Data Nested TLB' : 'Data TLB', hex(address), address);
    }
    const key = this.#key(address);
    if (this.isPinned(key)) throw new Undefined('an access to memory that the hypervisor has');
    return key;
  }

  #isInTable(address: bigint): boolean {
    return this.table !== null && address >= this.table.first && address < this.table.behind;
  }

  #key(address: bigint): bigint {
    if (this.isPinned(address)) return address;
    // Physical memory is what regions 6 and 7 show.
    return (this.psr & PSR.dt) === 0n || address >> 62n === 3n ? KERNEL | (address & LOW61) : address & MASK64;
  }

  /** The backing store is memory like any other, and is taken to be mapped. */
  stackKey(address: bigint): bigint {
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
    if (!this.isPinned(key) && !this.#isInTable(key)) this.#interfere(key);
    const value = this.memory.read(key, size);
    if (this.memory.unknown.size > 0 && this.memory.unknown.has(key & ~7n)) this.marksRead |= UNDEFINED_VALUE;
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

function pageOf(address: bigint, pageSize: bigint): { first: bigint; behind: bigint } {
  const bits = pageSize < 12n ? 12n : pageSize > 61n ? 61n : pageSize;
  const first = (address >> bits) << bits;
  return { first, behind: first + (1n << bits) };
}
