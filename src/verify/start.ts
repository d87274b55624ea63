/** States that code is begun in: seeded, the same for every machine of a comparison. */
import { PSR } from '../execution/psr.ts';
import { Random, type World } from '../execution/world.ts';
import { registerByName } from '../machine/register-table.ts';

/** How code is entered: by an interruption, or by a call. */
export type EntryKind = 'vector' | 'routine';

export interface DrawnValue {
  readonly value: bigint;
  readonly nat: boolean;
}

/** A guest as it sees itself. */
export interface Start {
  /** r0-r15; r16-r31 of bank 0 and 1; the stacked registers from the first that is not in memory. */
  readonly general: readonly DrawnValue[];
  readonly banks: readonly [readonly DrawnValue[], readonly DrawnValue[]];
  readonly stacked: readonly DrawnValue[];
  readonly predicates: readonly boolean[];
  readonly branches: readonly bigint[];
  readonly floating: readonly bigint[];
  readonly application: ReadonlyMap<number, bigint>;
  readonly control: ReadonlyMap<number, bigint>;
  readonly regions: readonly bigint[];
  readonly psr: bigint;
  readonly bank: 0 | 1;
  readonly cfm: bigint;
  readonly dirty: number;
  readonly bspstore: bigint;
  /** Loads of the frame are outstanding. */
  readonly incompleteFrame: boolean;
  readonly pending: boolean;
  /** An interrupt arrives at the how many-th label; 0: none. */
  readonly arrivesIn: number;
  readonly now: bigint;
  readonly timeOffset: bigint;
  readonly timeLast: bigint;
}

const STACKED = 160;
/** What a hash is made of that says whether the frame is complete. */
const INCOMPLETE = 0x1f5;
/** Among so many labels an interrupt arrives. */
const ARRIVALS = 12;
const AR = (name: string): number => registerByName(`ar.${name}`)!.number;
const CR = (name: string): number => registerByName(`cr.${name}`)!.number;
const KERNEL_REGISTERS = [0, 1, 2, 3, 4, 5, 6, 7];
/** psr while kernel code runs: translation on, privilege level 0. */
const RUNNING = PSR.dt | PSR.rt | PSR.it;
/** Bits of psr that may be either way. */
const FREE_BITS = PSR.ac | PSR.mfl | PSR.mfh | PSR.dfh | PSR.pp;

/** What a state has whatever its seed says: bits of psr that are on, and off, the bank, the size of the frame, and its completeness. */
interface Fixed {
  readonly set?: bigint;
  readonly clear?: bigint;
  readonly bank?: 0 | 1 | undefined;
  readonly sof?: number;
  readonly complete?: boolean;
}

export function startState(world: World, kind: EntryKind, fixed: Fixed = {}): Start {
  const random = new Random(world.seed);
  const nats = kind === 'vector' ? 10 : 60;
  const value = (): DrawnValue => ({ value: world.value(random.number(0x100000000)), nat: random.chance(nats) });
  const values = (count: number): DrawnValue[] => Array.from({ length: count }, value);
  const general = values(16);
  general[0] = { value: 0n, nat: false };
  for (const pointer of [1, 12, 13])
    general[pointer] = { value: world.kernelPointer(random.number(0x100000000)) & ~15n, nat: false };
  const isVector = kind === 'vector';
  const bank = fixed.bank ?? (isVector ? 0 : 1);
  const psr =
    (RUNNING |
      (random.word() & FREE_BITS) |
      (isVector ? 0n : PSR.ic | (random.chance(4) ? 0n : PSR.i)) |
      (fixed.set ?? 0n)) &
    ~(fixed.clear ?? 0n);
  const sof = fixed.sof ?? (isVector ? random.number(97) : 8 + random.number(25));
  const sol = isVector ? random.number(sof + 1) : Math.min(sof, 8 + random.number(8));
  const isUser = random.chance(2);
  const stacked = values(STACKED);
  if (!isVector) for (const each of stacked.keys()) stacked[each] = { ...stacked[each]!, nat: random.chance(40) };
  const now = random.word() >> 2n;
  const timeOffset = random.word() >> 2n;
  return {
    general,
    banks: [values(16), values(16)],
    stacked,
    predicates: Array.from({ length: 64 }, (_, number) => number === 0 || random.chance(2)),
    branches: Array.from({ length: 8 }, () => world.kernelPointer(random.number(0x100000000)) | 0xa000000000000000n),
    floating: Array.from({ length: 128 }, () => floatingRegister(random)),
    application: applicationRegisters(world, random, sof),
    control: controlRegisters(world, random, isUser),
    // The walker is off for a region in eight.
    regions: Array.from(
      { length: 8 },
      () => (BigInt(random.number(0xffffff)) << 8n) | (14n << 2n) | (random.chance(8) ? 0n : 1n),
    ),
    psr,
    bank,
    cfm: BigInt(sof) | (BigInt(sol) << 7n) | (random.chance(8) ? BigInt(random.number(48)) << 32n : 0n),
    dirty: random.number(64),
    bspstore: backingStore(world, random),
    incompleteFrame: !fixed.complete && world.hash(INCOMPLETE, 0) % 2 === 0,
    // With psr.i on it would have been taken long ago, or as soon as psr.ic was on.
    pending: (psr & PSR.i) === 0n && random.chance(2),
    arrivesIn: random.chance(2) ? 0 : 1 + random.number(ARRIVALS),
    now,
    timeOffset,
    timeLast: BigInt.asUintN(64, now + timeOffset + BigInt(random.number(0x400)) - 0x200n),
  };
}

/** As a spill writes them: a sign, 17 bits of exponent, 64 of significand. */
function floatingRegister(random: Random): bigint {
  return (BigInt(random.number(1 << 18)) << 64n) | random.word();
}

function backingStore(world: World, random: Random): bigint {
  const isUser = random.chance(2);
  const number = random.number(0x100000000);
  const page = (isUser ? world.userPointer(number) : world.kernelPointer(number)) & ~0x1f8n & ~7n;
  return page | BigInt(random.number(63) * 8);
}

function applicationRegisters(world: World, random: Random, sof: number): Map<number, bigint> {
  const found = new Map<number, bigint>();
  for (const number of KERNEL_REGISTERS) found.set(number, world.kernelPointer(random.number(0x100000000)) & ~15n);
  found.set(AR('rsc'), BigInt(random.number(4) * 4 + random.number(4)));
  found.set(AR('rnat'), random.word() >> 1n);
  found.set(AR('unat'), random.word());
  found.set(AR('ccv'), world.value(random.number(0x100000000)));
  found.set(AR('fpsr'), random.word() >> 6n);
  // What a return brings back must fit the ring, and the frame's own locals.
  const level = BigInt(random.chance(2) ? 3 : 0);
  found.set(
    AR('pfs'),
    BigInt(sof) |
      (BigInt(random.number(Math.min(sof, 96) + 1)) << 7n) |
      (BigInt(random.number(64)) << 52n) |
      (level << 62n),
  );
  found.set(AR('lc'), BigInt(random.number(5)));
  found.set(AR('ec'), BigInt(random.number(64)));
  for (const name of ['csd', 'ssd', 'eflag', 'cflg', 'fsr', 'fir', 'fdr', 'fcr']) found.set(AR(name), random.word());
  return found;
}

function controlRegisters(world: World, random: Random, isUser: boolean): Map<number, bigint> {
  const found = new Map<number, bigint>();
  const value = (): bigint => world.value(random.number(0x100000000));
  for (const name of ['dcr', 'itm', 'lid', 'itv', 'pmv', 'cmcv', 'lrr0', 'lrr1'])
    found.set(CR(name), random.word() & 0xffffn);
  found.set(CR('iva'), 0xa000000100000000n);
  found.set(CR('pta'), 0xe000000001000000n | (BigInt(15 + random.number(20)) << 2n) | 1n);
  const level = BigInt(isUser ? 3 : 0) << 32n;
  const kept = FREE_BITS | PSR.ri | PSR.ed | PSR.i;
  found.set(CR('ipsr'), RUNNING | PSR.ic | PSR.bn | level | ((random.word() & kept) % PSR.ri));
  found.set(CR('isr'), random.chance(2) ? value() : random.word() & ((1n << 44n) - 1n));
  found.set(
    CR('iip'),
    (isUser ? world.userPointer(random.number(0x100000000)) : 0xa0000003ffff0000n | (random.word() & 0xfff0n)) & ~15n,
  );
  found.set(CR('ifa'), value());
  found.set(
    CR('itir'),
    (BigInt(random.number(0xffffff)) << 8n) | (BigInt([12, 13, 14, 16, 18, 20, 24, 26, 28][random.number(9)]!) << 2n),
  );
  found.set(CR('iipa'), world.userPointer(random.number(0x100000000)) & ~15n);
  found.set(CR('ifs'), 0n);
  found.set(CR('iim'), random.chance(2) ? value() & 0x1fffffn : BigInt(0x100000));
  // The linear page table: virtual, or what the walker would look at.
  found.set(CR('iha'), (5n << 61n) | ((random.word() >> 12n) & ~7n));
  found.set(CR('ivr'), random.chance(4) ? 15n : BigInt(random.number(256)));
  found.set(CR('tpr'), BigInt(random.number(256)));
  return found;
}
