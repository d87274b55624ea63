/**
 * Vectors of one byte a register, as rows of one buffer: an array for each would cost more than the analysis itself. Most
 * bytes are 0, so rows are also read as 32-bit words, four bytes at a time.
 */
import { REGISTER_COUNT } from '../../machine/register-numbers.ts';

/** Bytes and words of a row. */
const BYTES = (REGISTER_COUNT + 3) & ~3;
const WORDS = BYTES / 4;

export interface ByteVectors {
  readonly bytes: Uint8Array;
  readonly words: Int32Array;
}

export function newVectors(count: number): ByteVectors {
  const buffer = new ArrayBuffer(count * BYTES);
  return { bytes: new Uint8Array(buffer), words: new Int32Array(buffer) };
}

/** The bytes of one row, by register; they stay the row's own. */
export function vectorOf({ bytes }: ByteVectors, row: number): Uint8Array {
  return bytes.subarray(row * BYTES, row * BYTES + REGISTER_COUNT);
}

export function byteAt({ bytes }: ByteVectors, row: number, register: number): number {
  return bytes[row * BYTES + register]!;
}

export function copyVector(from: ByteVectors, row: number, into: ByteVectors, at: number): void {
  // A loop: `set` would need an array of its own for the part to be copied.
  for (let word = 0; word < WORDS; word++) into.words[at * WORDS + word] = from.words[row * WORDS + word]!;
}

/** Sets every bit of one row in another; true when that changed it. */
export function addVector(from: ByteVectors, row: number, into: ByteVectors, at: number): boolean {
  let changed = false;
  for (let word = 0; word < WORDS; word++) {
    const added = from.words[row * WORDS + word]!;
    if (added === 0) continue;
    const before = into.words[at * WORDS + word]!;
    if ((before | added) === before) continue;
    into.words[at * WORDS + word] = before | added;
    changed = true;
  }
  return changed;
}

/**
 * Joins one row into another by a rule for two bytes that differ, neither of which is 0; true when that changed it. What is
 * joined to 0 is taken over.
 */
export function joinVector(
  from: ByteVectors,
  row: number,
  into: ByteVectors,
  at: number,
  join: (a: number, b: number) => number,
): boolean {
  let changed = false;
  for (let word = 0; word < WORDS; word++) {
    const added = from.words[row * WORDS + word]!;
    const before = into.words[at * WORDS + word]!;
    if (added === 0 || added === before) continue;
    if (before === 0) {
      into.words[at * WORDS + word] = added;
      changed = true;
    } else if (joinBytes(from.bytes, row * BYTES + 4 * word, into.bytes, at * BYTES + 4 * word, join)) changed = true;
  }
  return changed;
}

function joinBytes(
  from: Uint8Array,
  at: number,
  into: Uint8Array,
  to: number,
  join: (a: number, b: number) => number,
): boolean {
  let changed = false;
  for (let offset = 0; offset < 4; offset++) {
    const b = from[at + offset]!;
    const a = into[to + offset]!;
    if (b === 0 || a === b) continue;
    const joined = a === 0 ? b : join(a, b);
    if (joined === a) continue;
    into[to + offset] = joined;
    changed = true;
  }
  return changed;
}

/** Clears the bytes that are 0 in another of as many rows. */
export function keepWhere({ words: into }: ByteVectors, { words: others }: ByteVectors): void {
  for (let word = 0; word < into.length; word++) {
    const value = into[word]!;
    if (value === 0) continue;
    const other = others[word]!;
    let kept = 0;
    for (let mask = 0xff; mask !== 0; mask <<= 8) if ((other & mask) !== 0) kept |= mask;
    into[word] = value & kept;
  }
}
