/** Memory as 8-byte words. A word that was never written has the value that the world gives it. */
import type { World } from './world.ts';

const WORD = ~7n;
const MASKS: Readonly<Record<number, bigint>> = { 1: 0xffn, 2: 0xffffn, 4: 0xffffffffn, 8: 0xffffffffffffffffn };

export class Memory {
  /** The words that were written, by address. */
  readonly written: Map<bigint, bigint>;
  /** Addresses of words with bytes of undefined value. */
  readonly unknown: Set<bigint>;

  constructor(
    readonly world: World,
    /** The contents of the image's data sections, by address. */
    readonly image: ReadonlyMap<bigint, bigint>,
    from?: Memory,
  ) {
    this.written = new Map(from?.written);
    this.unknown = new Set(from?.unknown);
  }

  word(address: bigint): bigint {
    return this.written.get(address) ?? this.image.get(address) ?? this.world.word(address);
  }

  /** Reads `size` bytes at an address that is a multiple of `size`. */
  read(address: bigint, size: number): bigint {
    if (size === 8) return this.word(address);
    return (this.word(address & WORD) >> ((address & 7n) << 3n)) & MASKS[size]!;
  }

  write(address: bigint, size: number, value: bigint): void {
    if (size === 8) {
      this.written.set(address, value);
      return;
    }
    const at = address & WORD;
    const shift = (address & 7n) << 3n;
    const field = MASKS[size]! << shift;
    this.written.set(at, (this.word(at) & ~field) | ((value << shift) & field));
  }
}

/** The value with its `size` bytes in reverse order. */
export function reversed(value: bigint, size: number): bigint {
  let result = 0n;
  for (let byte = 0; byte < size; byte++) result = (result << 8n) | ((value >> BigInt(8 * byte)) & 0xffn);
  return result;
}

export const hex = (value: bigint): string => `0x${value.toString(16)}`;
