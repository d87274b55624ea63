/**
 * The environment of a machine, as a function of a seed: initial memory, mapped pages, writes of other processors, results of code
 * outside the image. All machines of a comparison have the same world.
 */

const MASK32 = 0xffffffffn;

function mixed(seed: number, low: number, high: number): number {
  let hash = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(low, 0xc2b2ae35);
  hash = Math.imul(hash ^ (hash >>> 15), 0x27d4eb2f) ^ Math.imul(high, 0x165667b1);
  hash = Math.imul(hash ^ (hash >>> 13), 0x9e3779b1);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** A pseudo-random number generator with a seed. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = mixed(seed, 0x1234567, 0x89abcd);
  }

  /** A number from 0 to `below` - 1. */
  number(below: number): number {
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) | 0;
    return mixed(this.#state, 1, 2) % below;
  }

  word(): bigint {
    return (BigInt(this.number(0x100000000)) << 32n) | BigInt(this.number(0x100000000));
  }

  chance(one: number): boolean {
    return this.number(one) === 0;
  }
}

/** Start of region 7, which maps physical memory and holds the kernel's data. */
const KERNEL = 0xe000000000000000n;
const PAGE_PRESENT_DIRTY = 0x661n;

export class World {
  /**
   * @param seed any 32-bit number
   * @param constants numbers that the code compares with or tests, as values worth trying
   */
  constructor(
    readonly seed: number,
    readonly constants: readonly bigint[],
  ) {}

  hash(low: number, high: number): number {
    return mixed(this.seed, low, high);
  }

  hashOf(value: bigint, salt: number): number {
    return mixed(this.seed ^ salt, Number(value & MASK32), Number((value >> 32n) & MASK32));
  }

  /** The initial word at an address (a multiple of 8); often a value that decides a branch. */
  word(address: bigint): bigint {
    return this.value(this.hashOf(address, 0));
  }

  /** A value that is likely in kernel code, selected by a hash. */
  value(hash: number): bigint {
    const more = mixed(hash, 7, this.seed);
    const random = (BigInt(hash) << 32n) | BigInt(more);
    switch (hash % 16) {
      case 0:
      case 1:
      case 2:
        return 0n;
      case 3:
        return BigInt(more & 15);
      case 4:
        return 1n << BigInt(more & 63);
      case 5:
        return 0xffffffffffffffffn;
      case 6:
      case 7:
        return this.constants.length === 0 ? 1n : this.constants[more % this.constants.length]!;
      case 8:
      case 9:
        return this.kernelPointer(more);
      case 10:
      case 11:
        return (BigInt(more & 0xffffff) << 14n) | PAGE_PRESENT_DIRTY;
      case 12:
        return this.userPointer(more);
      default:
        return random;
    }
  }

  kernelPointer(hash: number): bigint {
    return KERNEL | (BigInt(hash & 0x3fffff) << 10n) | (BigInt((hash >>> 22) & 0x3f) << 4n);
  }

  userPointer(hash: number): bigint {
    return (BigInt(hash & 3) << 61n) | (BigInt(hash >>> 2) << 4n);
  }

  /** Whether there is a translation for a page without inserts and purges; most pages have one. */
  isMapped(address: bigint): boolean {
    return this.hashOf(address >> 14n, 0x51ed27) % 6 !== 0;
  }

  /** Whether a privilege level may access the page of an address. */
  isAllowed(address: bigint, access: number, level: number): boolean {
    return this.hashOf(address >> 14n, 0x2545f491 + access * 4 + level) % 4 !== 0;
  }

  /** Whether another processor changes the word just before a load. @param load the number of loads before it */
  changes(load: number): boolean {
    return this.seed % 3 === 0 && mixed(this.seed, load, 0x77) % 5 === 0;
  }
}
