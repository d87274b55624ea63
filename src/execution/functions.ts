/**
 * The pure functions of the notation: arguments and results are 64-bit words, truth values 0 and 1. Names and meanings: SDM vol. 3,
 * chapter 2, the instruction of that name.
 */

export type Word = bigint;
type Pure = (...args: Word[]) => Word;

const u64 = (value: bigint): bigint => BigInt.asUintN(64, value);
const s64 = (value: bigint): bigint => BigInt.asIntN(64, value);
const u32 = (value: bigint): bigint => BigInt.asUintN(32, value);
const s32 = (value: bigint): bigint => BigInt.asIntN(32, value);
const truth = (holds: boolean): bigint => (holds ? 1n : 0n);

const MASKS: readonly bigint[] = Array.from({ length: 65 }, (_, bits) => (1n << BigInt(bits)) - 1n);
const mask = (bits: bigint): bigint => MASKS[Number(bits)] ?? MASKS[64]!;

/** The elements of `bits` bits of a word, the lowest first. */
function lanes(value: bigint, bits: number): bigint[] {
  return Array.from({ length: 64 / bits }, (_, lane) => (value >> BigInt(lane * bits)) & MASKS[bits]!);
}

function joined(values: readonly bigint[], bits: number): bigint {
  return values.reduceRight((whole, lane) => (whole << BigInt(bits)) | (lane & MASKS[bits]!), 0n);
}

/** The byte orders of mux1 by the assembler's numbers (SDM vol. 3, mux). */
const MUX1: Readonly<Record<string, readonly number[]>> = {
  0: [0, 0, 0, 0, 0, 0, 0, 0],
  8: [0, 4, 2, 6, 1, 5, 3, 7],
  9: [0, 4, 1, 5, 2, 6, 3, 7],
  10: [0, 2, 4, 6, 1, 3, 5, 7],
  11: [7, 6, 5, 4, 3, 2, 1, 0],
};

function zeroLane(value: bigint, bits: number, fromRight: boolean): bigint {
  const all = lanes(value, bits);
  const found = (fromRight ? all : all.reverse()).indexOf(0n);
  return BigInt(found < 0 ? all.length : found);
}

export const FUNCTIONS: Readonly<Record<string, Pure>> = {
  eq: (a, b) => truth(a === b),
  ne: (a, b) => truth(a !== b),
  lt: (a, b) => truth(s64(a!) < s64(b!)),
  le: (a, b) => truth(s64(a!) <= s64(b!)),
  gt: (a, b) => truth(s64(a!) > s64(b!)),
  ge: (a, b) => truth(s64(a!) >= s64(b!)),
  ltu: (a, b) => truth(a! < b!),
  leu: (a, b) => truth(a! <= b!),
  gtu: (a, b) => truth(a! > b!),
  geu: (a, b) => truth(a! >= b!),
  eq4: (a, b) => truth(u32(a!) === u32(b!)),
  ne4: (a, b) => truth(u32(a!) !== u32(b!)),
  lt4: (a, b) => truth(s32(a!) < s32(b!)),
  le4: (a, b) => truth(s32(a!) <= s32(b!)),
  gt4: (a, b) => truth(s32(a!) > s32(b!)),
  ge4: (a, b) => truth(s32(a!) >= s32(b!)),
  ltu4: (a, b) => truth(u32(a!) < u32(b!)),
  leu4: (a, b) => truth(u32(a!) <= u32(b!)),
  gtu4: (a, b) => truth(u32(a!) > u32(b!)),
  geu4: (a, b) => truth(u32(a!) >= u32(b!)),
  /** The relations of tbit and tnat: zero and not zero. */
  z: (value) => truth(value === 0n),
  nz: (value) => truth(value !== 0n),
  bit: (value, position) => (value! >> position!) & 1n,
  shift_left: (value, count) => (count! > 63n ? 0n : u64(value! << count!)),
  shift_right: (value, count) => (count! > 63n ? 0n : value! >> count!),
  shift_signed: (value, count) => u64(s64(value!) >> (count! > 63n ? 63n : count!)),
  shift_pair: (high, low, count) => u64(((high! << 64n) | low!) >> count!),
  /** A field that extends beyond bit 63 ends there; its sign is bit 63 (SDM vol. 3, extr). */
  extract: (value, position, length) => {
    const bits = length! + position! > 64n ? 64n - position! : length!;
    return u64(BigInt.asIntN(Number(bits), (value! >> position!) & mask(bits)));
  },
  extract_unsigned: (value, position, length) => (value! >> position!) & mask(length!),
  deposit: (value, into, position, length) => {
    const field = u64(mask(length!) << position!);
    return (into! & ~field & MASKS[64]!) | (u64(value! << position!) & field);
  },
  zxt1: (value) => value! & 0xffn,
  zxt2: (value) => value! & 0xffffn,
  zxt4: (value) => value! & 0xffffffffn,
  sxt1: (value) => u64(BigInt.asIntN(8, value!)),
  sxt2: (value) => u64(BigInt.asIntN(16, value!)),
  sxt4: (value) => u64(BigInt.asIntN(32, value!)),
  /** The low 32 bits of a sum; bits 31:30 of the second operand become the region, bits 62:61 (SDM vol. 3, addp4). */
  pointer4: (sum, from) => u32(sum!) | (((from! >> 30n) & 3n) << 61n),
  popcnt: (value) => BigInt(value!.toString(2).replaceAll('0', '').length),
  clz: (value) => BigInt(value === 0n ? 64 : 64 - value!.toString(2).length),
  czx1_l: (value) => zeroLane(value!, 8, false),
  czx1_r: (value) => zeroLane(value!, 8, true),
  czx2_l: (value) => zeroLane(value!, 16, false),
  czx2_r: (value) => zeroLane(value!, 16, true),
  mux1: (value, order) => {
    const bytes = lanes(value!, 8);
    return joined(
      (MUX1[String(order)] ?? MUX1[0]!).map((from) => bytes[from]!),
      8,
    );
  },
  mux2: (value, order) => {
    const words = lanes(value!, 16);
    return joined(
      [0n, 2n, 4n, 6n].map((at) => words[Number((order! >> at) & 3n)]!),
      16,
    );
  },
  add_lanes: (a, b, bits) => {
    const [left, right] = [lanes(a!, Number(bits)), lanes(b!, Number(bits))];
    return joined(
      left.map((lane, at) => lane + right[at]!),
      Number(bits),
    );
  },
  sub_lanes: (a, b, bits) => {
    const [left, right] = [lanes(a!, Number(bits)), lanes(b!, Number(bits))];
    return joined(
      left.map((lane, at) => lane - right[at]!),
      Number(bits),
    );
  },
  /** The halves of a product of significands (SDM vol. 3, xma). */
  product_l: (a, b) => u64(a! * b!),
  product_lu: (a, b) => u64(a! * b!),
  product_h: (a, b) => u64((s64(a!) * s64(b!)) >> 64n),
  product_hu: (a, b) => (a! * b!) >> 64n,
  sum_l: (a, b, c) => u64(a! * b! + c!),
  sum_lu: (a, b, c) => u64(a! * b! + c!),
  sum_h: (a, b, c) => u64((s64(a!) * s64(b!) + c!) >> 64n),
  sum_hu: (a, b, c) => u64((a! * b! + c!) >> 64n),
  /** The address of the VHPT entry, short format (SDM vol. 2, 4.1.5). Arguments: an address, rr's page size, cr.pta. */
  hash_short: (address, pageSize, pta) => {
    const table = mask((pta! >> 2n) & 0x3fn);
    const entry = ((address! & MASKS[61]!) >> pageSize!) << 3n;
    const base = (pta! & MASKS[61]! & ~table & ~0x7fffn) | (entry & table & ~0x7fffn) | (entry & 0x7fffn);
    return (address! & ~MASKS[61]! & MASKS[64]!) | (base & MASKS[61]!);
  },
  /** The same, long format: the hash is implementation-defined (SDM vol. 2, 4.1.5.2), here any; entries have 32 bytes. */
  hash_long: (address, pageSize, pta, region) => {
    const table = mask((pta! >> 2n) & 0x3fn);
    const entry = (((address! & MASKS[61]!) >> pageSize!) ^ region!) << 5n;
    return (pta! & ~table & ~0x7fffn & MASKS[64]!) | (entry & table);
  },
};
