/**
 * Pseudo-instructions mean what they are encoded as: each beside the instruction that the manual says it stands for. GNU as
 * makes the same bytes of both, so that the manual's page is read rightly here, and both do the same on the machine, each by
 * its own line of grammar/semantics.tsv or its own relation.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Machine } from '../../src/execution/machine.ts';
import { assembleText, textBytes } from '../support/assemble.ts';
import { seed } from '../support/seed.ts';
import { execute } from './support.ts';

type Pair = readonly [pseudo: string, real: string];

const SUFFIXES = ['', 'u'] as const;

/** SDM vol. 3, cmp: relations of two registers, of which the processor has eq, lt and ltu. */
const REGISTERS: readonly Pair[] = ['cmp', 'cmp4'].flatMap((name) =>
  ['', '.unc'].flatMap((kind): Pair[] => [
    [`${name}.ne${kind} p6,p7=r9,r10`, `${name}.eq${kind} p7,p6=r9,r10`],
    ...SUFFIXES.flatMap((unsigned): Pair[] => {
      const less = `${name}.lt${unsigned}${kind}`;
      return [
        [`${name}.le${unsigned}${kind} p6,p7=r9,r10`, `${less} p7,p6=r10,r9`],
        [`${name}.gt${unsigned}${kind} p6,p7=r9,r10`, `${less} p6,p7=r10,r9`],
        [`${name}.ge${unsigned}${kind} p6,p7=r9,r10`, `${less} p7,p6=r9,r10`],
      ];
    }),
  ]),
);

/** The same of an immediate and a register: what is less or equal is less than the next number. */
const IMMEDIATES: readonly Pair[] = ['cmp', 'cmp4'].flatMap((name) =>
  [1, 2, 7, 100].flatMap((number): Pair[] => [
    [`${name}.ne p6,p7=${number},r10`, `${name}.eq p7,p6=${number},r10`],
    ...SUFFIXES.flatMap((unsigned): Pair[] => {
      const less = `${name}.lt${unsigned}`;
      return [
        [`${name}.le${unsigned} p6,p7=${number},r10`, `${less} p6,p7=${number - 1},r10`],
        [`${name}.gt${unsigned} p6,p7=${number},r10`, `${less} p7,p6=${number - 1},r10`],
        [`${name}.ge${unsigned} p6,p7=${number},r10`, `${less} p7,p6=${number},r10`],
      ];
    }),
  ]),
);

/** Types of compares and tests that only one of two complements has, and r0 on the other side. */
const PARALLEL: readonly Pair[] = ['cmp', 'cmp4'].flatMap((name): Pair[] => [
  [`${name}.eq.andcm p6,p7=r9,r10`, `${name}.ne.and p6,p7=r9,r10`],
  [`${name}.eq.orcm p6,p7=r9,r10`, `${name}.ne.or p6,p7=r9,r10`],
  [`${name}.eq.and.orcm p6,p7=r9,r10`, `${name}.ne.or.andcm p7,p6=r9,r10`],
  ...['and', 'or', 'or.andcm'].flatMap((kind): Pair[] => [
    [`${name}.lt.${kind} p6,p7=r10,r0`, `${name}.gt.${kind} p6,p7=r0,r10`],
    [`${name}.le.${kind} p6,p7=r10,r0`, `${name}.ge.${kind} p6,p7=r0,r10`],
    [`${name}.gt.${kind} p6,p7=r10,r0`, `${name}.lt.${kind} p6,p7=r0,r10`],
    [`${name}.ge.${kind} p6,p7=r10,r0`, `${name}.le.${kind} p6,p7=r0,r10`],
  ]),
]);

const POSITIONS = [0, 1, 13, 31, 32, 62, 63];

const OTHERS: readonly Pair[] = [
  ...POSITIONS.flatMap((at): Pair[] => [
    [`shl r8=r9,${at}`, `dep.z r8=r9,${at},${64 - at}`],
    [`shr r8=r9,${at}`, `extr r8=r9,${at},${64 - at}`],
    [`shr.u r8=r9,${at}`, `extr.u r8=r9,${at},${64 - at}`],
    [`tbit.nz p6,p7=r9,${at}`, `tbit.z p7,p6=r9,${at}`],
    [`tbit.nz.unc p6,p7=r9,${at}`, `tbit.z.unc p7,p6=r9,${at}`],
  ]),
  ['tnat.nz p6,p7=r9', 'tnat.z p7,p6=r9'],
  ['mov r8=r9', 'adds r8=0,r9'],
  ['mov r8=-2097152', 'addl r8=-2097152,r0'],
  ['mov r8=77', 'addl r8=77,r0'],
  ['add r8=-8192,r9', 'adds r8=-8192,r9'],
  ['add r8=77777,r3', 'addl r8=77777,r3'],
];

const PAIRS: readonly Pair[] = [...REGISTERS, ...IMMEDIATES, ...PARALLEL, ...OTHERS];

/** All that a text could have changed, from one state. */
function outcome(text: string, [r3, r9, r10]: readonly bigint[], flags: number): string {
  const { machine } = execute(text, (prepared: Machine) => {
    prepared.gr[3] = r3!;
    prepared.gr[9] = r9!;
    prepared.gr[10] = r10!;
    prepared.pr[6] = flags & 1;
    prepared.pr[7] = (flags >> 1) & 1;
    prepared.marks[9] = (flags >> 2) & (flags >> 3) & 1;
  });
  return [...machine.gr.slice(0, 16), ...machine.pr, ...machine.marks.slice(0, 16)].join();
}

/** Numbers at which relations change, and any others. */
const word = fc.oneof(
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  fc.constantFrom(0n, 1n, 2n, 7n, 100n, 2n ** 31n, 2n ** 32n - 1n, 2n ** 63n, 2n ** 64n - 1n),
);
const states = fc.sample(fc.tuple(fc.array(word, { minLength: 3, maxLength: 3 }), fc.nat(15)), {
  numRuns: 40,
  seed: seed(12),
});
/** The same number on both sides, small and large, which chance does not bring. */
const equals = [0n, 5n, 2n ** 63n].map((value) => [[value, value, value], 0] as const);

test('GNU as encodes both alike', () => {
  // A section for each, to tell which one differs.
  const sections = (texts: readonly string[]) => {
    const parts = texts.map((text, at) => `\t.section .text.${at}, "ax"\n\t${text} ;;\n`);
    const { object, messages } = assembleText(parts.join(''), {});
    expect(messages).toBe('');
    return textBytes(object!);
  };
  const pseudo = sections(PAIRS.map(([text]) => text));
  const real = sections(PAIRS.map(([, text]) => text));
  expect(Object.keys(pseudo)).toEqual(expect.arrayContaining(PAIRS.map((_, at) => `.text.${at}`)));
  const differing = PAIRS.filter((_, at) => pseudo[`.text.${at}`]!.bytes !== real[`.text.${at}`]!.bytes);
  expect(differing).toEqual([]);
});

test('the machine does the same with both', () => {
  const differing = PAIRS.filter(([pseudo, real]) =>
    [...states, ...equals].some(([values, flags]) => outcome(pseudo, values, flags) !== outcome(real, values, flags)),
  );
  expect(differing).toEqual([]);
});
