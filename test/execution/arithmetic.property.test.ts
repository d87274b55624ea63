/**
 * What the table of semantics says of integer instructions, held against definitions that are spelled out here once more: as the
 * manual's pages have them (SDM vol. 3, chapter 2), on mathematical integers.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seed } from '../support/seed.ts';
import { predicates, result } from './support.ts';

const TWO64 = 2n ** 64n;
const modulo = (value: bigint): bigint => ((value % TWO64) + TWO64) % TWO64;
const signed = (value: bigint): bigint => (value >= TWO64 / 2n ? value - TWO64 : value);
const signed32 = (value: bigint): bigint => {
  const low = value % 2n ** 32n;
  return low >= 2n ** 31n ? low - 2n ** 32n : low;
};
/** Bits from `low` on, `count` of them, one by one. */
function field(value: bigint, low: number, count: number): bigint {
  let found = 0n;
  for (let bit = 0; bit < count; bit++) if ((value / 2n ** BigInt(low + bit)) % 2n === 1n) found += 2n ** BigInt(bit);
  return found;
}

const word = fc.oneof(
  fc.bigInt({ min: 0n, max: TWO64 - 1n }),
  fc.constantFrom(0n, 1n, TWO64 - 1n, TWO64 / 2n, TWO64 / 2n - 1n, 0xffffffffn, 0x80000000n, 0x7fffffffn),
);

type Definition = readonly [text: string, meaning: (a: bigint, b: bigint) => bigint];
const DEFINITIONS: readonly Definition[] = [
  ['add r8=r9,r10', (a, b) => modulo(a + b)],
  ['add r8=r9,r10,1', (a, b) => modulo(a + b + 1n)],
  ['sub r8=r9,r10', (a, b) => modulo(a - b)],
  ['sub r8=r9,r10,1', (a, b) => modulo(a - b - 1n)],
  ['sub r8=-3,r10', (_, b) => modulo(-3n - b)],
  ['adds r8=-8192,r9', (a) => modulo(a - 8192n)],
  ['and r8=r9,r10', (a, b) => joined(a, b, (x, y) => x * y)],
  ['or r8=r9,r10', (a, b) => joined(a, b, (x, y) => Math.max(x, y))],
  ['xor r8=r9,r10', (a, b) => joined(a, b, (x, y) => (x + y) % 2)],
  ['andcm r8=r9,r10', (a, b) => joined(a, b, (x, y) => x * (1 - y))],
  ['shladd r8=r9,4,r10', (a, b) => modulo(a * 16n + b)],
  ['shladdp4 r8=r9,1,r10', (a, b) => field(a * 2n + b, 0, 32) + field(b, 30, 2) * 2n ** 61n],
  ['addp4 r8=r9,r10', (a, b) => field(a + b, 0, 32) + field(b, 30, 2) * 2n ** 61n],
  ['addp4 r8=-1,r9', (a) => field(modulo(a - 1n), 0, 32) + field(a, 30, 2) * 2n ** 61n],
  ['shl r8=r9,r10', (a, b) => (b > 63n ? 0n : modulo(a * 2n ** b))],
  ['shr.u r8=r9,r10', (a, b) => (b > 63n ? 0n : a / 2n ** b)],
  ['shr r8=r9,r10', (a, b) => modulo(floored(signed(a), 2n ** (b > 63n ? 63n : b)))],
  ['shrp r8=r9,r10,17', (a, b) => modulo((a * TWO64 + b) / 2n ** 17n)],
  ['extr.u r8=r9,5,13', (a) => field(a, 5, 13)],
  ['extr r8=r9,5,13', (a) => modulo(field(a, 5, 13) - (field(a, 17, 1) === 1n ? 2n ** 13n : 0n))],
  // A field that reaches beyond bit 63 ends there, and its sign is bit 63.
  ['extr r8=r9,60,13', (a) => modulo(field(a, 60, 4) - (field(a, 63, 1) === 1n ? 16n : 0n))],
  ['extr.u r8=r9,60,13', (a) => field(a, 60, 4)],
  ['dep r8=r9,r10,7,9', (a, b) => b - field(b, 7, 9) * 2n ** 7n + field(a, 0, 9) * 2n ** 7n],
  ['dep r8=-1,r10,60,8', (_, b) => field(b, 0, 60) + 15n * 2n ** 60n],
  ['dep r8=0,r10,0,14', (_, b) => b - field(b, 0, 14)],
  ['dep.z r8=r9,40,30', (a) => field(a, 0, 24) * 2n ** 40n],
  ['dep.z r8=-1,61,3', () => 7n * 2n ** 61n],
  ['zxt2 r8=r9', (a) => a % 65536n],
  ['sxt1 r8=r9', (a) => modulo(field(a, 0, 8) - (field(a, 7, 1) === 1n ? 256n : 0n))],
  ['sxt4 r8=r9', (a) => modulo(signed32(a))],
  ['popcnt r8=r9', (a) => BigInt([...a.toString(2)].filter((digit) => digit === '1').length)],
  ['mux1 r8=r9,@rev', (a) => bytes(a).reduce((sum, byte) => sum * 256n + byte, 0n)],
  ['mux1 r8=r9,@brcst', (a) => bytes(a)[0]! * 0x0101010101010101n],
];

function joined(a: bigint, b: bigint, bit: (x: number, y: number) => number): bigint {
  let sum = 0n;
  for (let at = 0; at < 64; at++)
    sum += BigInt(bit(Number(field(a, at, 1)), Number(field(b, at, 1)))) * 2n ** BigInt(at);
  return sum;
}

function floored(value: bigint, by: bigint): bigint {
  const quotient = value / by;
  return value < 0n && quotient * by !== value ? quotient - 1n : quotient;
}

/** The lowest first. */
function bytes(value: bigint): bigint[] {
  return Array.from({ length: 8 }, (_, at) => field(value, 8 * at, 8));
}

describe('integer instructions compute what the manual says', () => {
  test.each(DEFINITIONS)('%s', (text, meaning) => {
    fc.assert(
      fc.property(word, fc.oneof(word, fc.bigInt({ min: 0n, max: 70n })), (a, b) => {
        expect(result(text, a, b)).toEqual({ value: meaning(a, b), nat: false });
      }),
      { seed: seed(3), numRuns: 60 },
    );
  });

  test.each(DEFINITIONS)('%s of a NaT is a NaT', (text) => {
    const read = [9, 10].filter((register) => text.split('=')[1]!.includes(`r${register}`));
    for (const register of read) expect(result(text, 1n, 2n, [register]).nat).toBe(true);
  });
});

const RELATIONS: Readonly<Record<string, (a: bigint, b: bigint) => boolean>> = {
  eq: (a, b) => a === b,
  ne: (a, b) => a !== b,
  lt: (a, b) => signed(a) < signed(b),
  le: (a, b) => signed(a) <= signed(b),
  gt: (a, b) => signed(a) > signed(b),
  ge: (a, b) => signed(a) >= signed(b),
  ltu: (a, b) => a < b,
  leu: (a, b) => a <= b,
  gtu: (a, b) => a > b,
  geu: (a, b) => a >= b,
};

describe('compares', () => {
  test.each(Object.entries(RELATIONS))('cmp.%s, cmp4.%s', (name, relation) => {
    fc.assert(
      fc.property(word, word, (a, b) => {
        expect(predicates(`cmp.${name} p6,p7=r9,r10`, a, b)).toBe(relation(a, b) ? '10' : '01');
        const narrow = name.endsWith('u')
          ? (value: bigint) => value % 2n ** 32n
          : (value: bigint) => modulo(signed32(value));
        const holds = ['eq', 'ne'].includes(name)
          ? relation(a % 2n ** 32n, b % 2n ** 32n)
          : relation(narrow(a), narrow(b));
        expect(predicates(`cmp4.${name} p6,p7=r9,r10`, a, b)).toBe(holds ? '10' : '01');
      }),
      { seed: seed(4), numRuns: 60 },
    );
  });
});
