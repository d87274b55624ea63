/** States that code is begun in: seeded, the same for every machine of a comparison. */
import { PSR } from '../execution/psr.ts';
import { Random, type World } from '../execution/world.ts';
import { FREE_BITS, RUNNING, startValues } from './start-values.ts';

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
    ...startValues({ world, random, sof, isUser }),
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
