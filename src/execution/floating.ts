/**
 * Floating-point registers in the format of `stf.spill`: the significand in bits 63:0, above it 17 bits of exponent and the sign
 * (SDM vol. 1, 5.1 and 5.3). Loads, stores and moves are exact; the results of arithmetic are not computed (see `some`).
 */
import type { Machine } from './machine.ts';
import { hex } from './memory.ts';
import { Fault } from './signals.ts';

const LOW64 = (1n << 64n) - 1n;
const INTEGER_BIT = 1n << 63n;
const EXPONENT_MASK = 0x1ffffn;
/** The exponent for an integer in the significand: 2 to the power of 63, biased. */
const INTEGER_EXPONENT = 0x1003en;

/** A format in memory; the letter of its loads and stores selects it. */
interface Format {
  readonly exponentBits: bigint;
  readonly fractionBits: bigint;
  /** The register format's bias minus this format's. */
  readonly bias: bigint;
}

const SINGLE: Format = { exponentBits: 8n, fractionBits: 23n, bias: 0xffffn - 127n };
const DOUBLE: Format = { exponentBits: 11n, fractionBits: 52n, bias: 0xffffn - 1023n };

export const integerFloat = (significand: bigint): bigint => (INTEGER_EXPONENT << 64n) | significand;

/** SDM vol. 1, table 5-3: infinities and NaNs have all ones, denormals the least exponent and no integer bit. */
export function fromFormat({ exponentBits, fractionBits, bias }: Format, word: bigint): bigint {
  const fraction = (word & ((1n << fractionBits) - 1n)) << (63n - fractionBits);
  const exponent = (word >> fractionBits) & ((1n << exponentBits) - 1n);
  const sign = ((word >> (fractionBits + exponentBits)) & 1n) << 81n;
  if (exponent === 0n) return sign | (fraction === 0n ? 0n : ((bias + 1n) << 64n) | fraction);
  const isMost = exponent === (1n << exponentBits) - 1n;
  return sign | ((isMost ? EXPONENT_MASK : exponent + bias) << 64n) | INTEGER_BIT | fraction;
}

/** Keeps the highest bit of the exponent and its low bits, as many as the format has; exponent 0 if the integer bit is 0. */
export function toFormat({ exponentBits, fractionBits }: Format, register: bigint): bigint {
  const low = exponentBits - 1n;
  const exponent = (register >> 64n) & EXPONENT_MASK;
  const kept = (register & INTEGER_BIT) === 0n ? 0n : ((exponent >> 16n) << low) | (exponent & ((1n << low) - 1n));
  const fraction = (register >> (63n - fractionBits)) & ((1n << fractionBits) - 1n);
  return (((register >> 81n) & 1n) << (fractionBits + exponentBits)) | (kept << fractionBits) | fraction;
}

/** `setf` and `getf` by their completer. */
export const FROM_WORD: Readonly<Record<string, (word: bigint) => bigint>> = {
  sig: integerFloat,
  exp: (word) => ((word & 0x3ffffn) << 64n) | INTEGER_BIT,
  s: (word) => fromFormat(SINGLE, word),
  d: (word) => fromFormat(DOUBLE, word),
};

export const TO_WORD: Readonly<Record<string, (register: bigint) => bigint>> = {
  sig: (register) => register & LOW64,
  exp: (register) => (register >> 64n) & 0x3ffffn,
  s: (register) => toFormat(SINGLE, register),
  d: (register) => toFormat(DOUBLE, register),
};

/** Size in bytes of a load or store by its letter. `e` is left out: no kernel loads or stores denormals of that format. */
export const SIZES: Readonly<Record<string, number>> = { s: 4, d: 8, '8': 8 };
const MOVED: Readonly<Record<string, string>> = { s: 's', d: 'd', '8': 'sig' };

export function loadFloat(machine: Machine, address: bigint, letter: string): bigint {
  return FROM_WORD[MOVED[letter]!]!(machine.load(address, SIZES[letter]!));
}

/** One of the two registers of a pair load: those at `address` and after it. */
export function loadOfPair(machine: Machine, address: bigint, letter: string, which: bigint): bigint {
  const size = BigInt(SIZES[letter]!);
  aligned(address, 2n * size);
  return loadFloat(machine, address + which * size, letter);
}

export function storeFloat(machine: Machine, address: bigint, register: bigint, letter: string): void {
  machine.store(address, SIZES[letter]!, TO_WORD[MOVED[letter]!]!(register));
}

function aligned(address: bigint, size: bigint): void {
  if ((address & (size - 1n)) !== 0n) throw new Fault('Unaligned Reference', hex(address));
}

/**
 * An uninterpreted function of the operands: the same word for the same name and operands, on every machine of a comparison. So
 * code that computes something else gives another value, though the real result is not known.
 */
export function some(machine: Machine, name: string, values: readonly bigint[]): bigint {
  let hash = 0;
  for (const letter of name) hash = (Math.imul(hash, 31) + letter.charCodeAt(0)) | 0;
  for (const value of values)
    for (let rest = value; ; rest >>= 64n) {
      hash = machine.world.hashOf(rest & LOW64, hash);
      if (rest <= LOW64) break;
    }
  return (BigInt(hash >>> 0) << 32n) | BigInt(machine.world.hash(hash, 0x5f));
}
