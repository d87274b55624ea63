/** grammar/start-values.tsv: what application and control registers hold where code is begun. */
import table from '../../grammar/start-values.tsv';
import { PSR } from '../execution/psr.ts';
import type { Random, World } from '../execution/world.ts';
import { registerByName } from '../machine/register-table.ts';
import { tableRows } from '../machine/tsv.ts';

/** psr while kernel code runs: translation on, privilege level 0. */
export const RUNNING = PSR.dt | PSR.rt | PSR.it;
/** Bits of psr that may be either way. */
export const FREE_BITS = PSR.ac | PSR.mfl | PSR.mfh | PSR.dfh | PSR.pp;

/** What values are drawn from. */
interface Source {
  readonly world: World;
  readonly random: Random;
  /** Size of the frame. */
  readonly sof: number;
  /** Whether a user program was interrupted, or the kernel. */
  readonly isUser: boolean;
}

type Draw = (source: Source, count: number) => bigint;

const CODE = 0xa000000100000000n;
const KERNEL_CODE = 0xa0000003ffff0000n;
const TABLE = 0xe000000001000000n;
const TABLE_REGION = 5n << 61n;
const SYSTEM_CALL = 0x100000n;
const SPURIOUS = 15n;
/** Powers of two. */
const PAGE_SIZES = [12, 13, 14, 16, 18, 20, 24, 26, 28];

const hash = (random: Random): number => random.number(0x100000000);
const value: Draw = ({ world, random }) => world.value(hash(random));
const mask = (count: number): bigint => (1n << BigInt(count)) - 1n;

const DRAWS: Readonly<Record<string, Draw>> = {
  nothing: () => 0n,
  value,
  bits: ({ random }, count) => random.word() >> BigInt(64 - count),
  low: ({ random }, count) => random.word() & mask(count),
  below: ({ random }, count) => BigInt(random.number(count)),
  'kernel-pointer': ({ world, random }) => world.kernelPointer(hash(random)) & ~15n,
  'user-pointer': ({ world, random }) => world.userPointer(hash(random)) & ~15n,
  'engine-mode': ({ random }) => BigInt(random.number(4) * 4 + random.number(4)),
  frame: ({ random, sof }) => {
    const level = BigInt(random.chance(2) ? 3 : 0);
    const sol = BigInt(random.number(Math.min(sof, 96) + 1));
    return BigInt(sof) | (sol << 7n) | (BigInt(random.number(64)) << 52n) | (level << 62n);
  },
  'vector-table': () => CODE,
  'page-table': ({ random }) => TABLE | (BigInt(15 + random.number(20)) << 2n) | 1n,
  'interrupted-psr': ({ random, isUser }) => {
    const level = isUser ? PSR.cpl : 0n;
    const kept = FREE_BITS | PSR.ri | PSR.ed | PSR.i;
    return RUNNING | PSR.ic | PSR.bn | level | ((random.word() & kept) % PSR.ri);
  },
  status: (source, count) => (source.random.chance(2) ? value(source, count) : source.random.word() & mask(44)),
  'interrupted-address': ({ world, random, isUser }) =>
    (isUser ? world.userPointer(hash(random)) : KERNEL_CODE | (random.word() & 0xfff0n)) & ~15n,
  'page-size': ({ random }) =>
    (BigInt(random.number(0xffffff)) << 8n) | (BigInt(PAGE_SIZES[random.number(PAGE_SIZES.length)]!) << 2n),
  immediate: (source, count) => (source.random.chance(2) ? value(source, count) & mask(21) : SYSTEM_CALL),
  'hash-address': ({ random }) => TABLE_REGION | ((random.word() >> 12n) & ~7n),
  interrupt: ({ random }) => (random.chance(4) ? SPURIOUS : BigInt(random.number(256))),
};

const lines = tableRows(table).map(([name, drawn]) => {
  const register = registerByName(name!);
  const [kind, count = 0] = drawn!.split(' ');
  const draw = DRAWS[kind!];
  if (register === undefined || draw === undefined) throw new Error(`grammar/start-values.tsv: '${name}', '${drawn}'`);
  return { kind: register.class, number: register.number, draw, count: Number(count) };
});

/** Values by register number. */
export interface StartValues {
  readonly application: ReadonlyMap<number, bigint>;
  readonly control: ReadonlyMap<number, bigint>;
}

export function startValues(source: Source): StartValues {
  const application = new Map<number, bigint>();
  const control = new Map<number, bigint>();
  for (const { kind, number, draw, count } of lines)
    (kind === 'ar' ? application : control).set(number, draw(source, count));
  return { application, control };
}
