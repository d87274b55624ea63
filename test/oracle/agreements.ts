/** What the oracle's programs and the world around them agree on beyond the software conventions, and how the tool is told. */
import type { Register } from './program.ts';

const range = (prefix: string, first: number, last: number): Register[] =>
  Array.from({ length: last - first + 1 }, (_, at) => `${prefix}${first + at}`);

interface Handler {
  readonly first: bigint;
  readonly last: bigint;
  readonly reads: readonly Register[];
  /** It reads the register stack, too. */
  readonly stacked: boolean;
  readonly changes: readonly Register[];
  readonly returns: boolean;
}

/** Handlers of `break`. */
const BREAKS: readonly Handler[] = [
  {
    ...{ first: 0x200n, last: 0x2ffn, stacked: true, returns: true },
    reads: ['r1', 'r12', 'r13', ...range('r', 4, 7), 'r15'],
    changes: ['r2', 'r8', 'r14', 'r16', 'r17', 'p6', 'p7', 'b7'],
  },
  { first: 0x300n, last: 0x300n, stacked: false, returns: false, reads: ['r9', 'r14'], changes: [] },
];

/** The handler of a break that a convention describes. */
export const handlerOf = (immediate: bigint): Handler | undefined =>
  BREAKS.find(({ first, last }) => first <= immediate && immediate <= last);

/** A routine of another file with a convention of its own: it is called with its return address in b7. */
export const HELPER = {
  name: 'helper',
  link: 'b7',
  reads: ['r1', 'r12', 'r9', 'r16', 'b2'],
  changes: ['r3', 'r10', 'r14', 'r17', 'p6', 'p8', 'b6'],
} as const;

/** Masks of ssm and rsm. */
export const MASKS_WITH_IC = ['0x2000', '0x6000', '(1<<13)', 'psr.i|psr.ic', 'psr.ic | psr.dt', '8192'];
export const MASKS = ['psr.i', 'psr.dt', '0x4000', 'psr.dfl|psr.dfh', ...MASKS_WITH_IC];

const list = (registers: readonly Register[]): string => `[${registers.map((each) => `"${each}"`).join(', ')}]`;
const stackedToo = (registers: readonly Register[], stacked: boolean): string =>
  list(stacked ? [...registers, 'r32-r127'] : registers);

/** All of it as a convention file; handlers stand in sections named for them. */
export const AGREEMENTS = `[vectors]
sections = ["*ivt*"]
[exception_table]
sections = ["__ex_table"]
[[symbol]]
name = "${HELPER.name}"
link = "${HELPER.link}"
reads = ${list(HELPER.reads)}
clobbers = ${list(HELPER.changes)}
${BREAKS.map(
  ({ first, last, reads, stacked, changes, returns }) => `[[break]]
immediate = ${first}
to = ${last}
reads = ${stackedToo(reads, stacked)}
clobbers = ${list(changes)}
${returns ? '' : 'returns = false\n'}`,
).join('')}`;
