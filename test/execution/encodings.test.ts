/**
 * What instructions mean, held against the assembler and the disassembler: what GNU as makes of a text, and objdump reads, does
 * the same as the text. So pseudo-instructions, immediates and completers mean here what they are encoded as.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Machine } from '../../src/execution/machine.ts';
import { assembleText } from '../support/assemble.ts';
import { plainInstructions } from '../support/instructions.ts';
import { seed } from '../support/seed.ts';
import { execute } from './support.ts';

/** `{8}` is a signed immediate of so many bits, `{u6}` one without sign, `{l6}` a length that is not 0. */
const TEXTS: readonly string[] = [
  ...['add', 'sub', 'and', 'or', 'xor', 'andcm', 'addp4', 'shl', 'shr', 'shr.u'].map((name) => `${name} r8=r9,r10`),
  ...['sub', 'and', 'or', 'xor', 'andcm'].map((name) => `${name} r8={8},r10`),
  ...['add r8=r9,r10,1', 'sub r8=r9,r10,1', 'adds r8={14},r9', 'add r8={14},r9', 'addl r8={22},r3', 'addp4 r8={14},r9'],
  ...[
    'mov r8=r9',
    'mov r8={22}',
    'movl r8={63}',
    'zxt1 r8=r9',
    'sxt2 r8=r9',
    'zxt4 r8=r9',
    'sxt4 r8=r9',
    'popcnt r8=r9',
  ],
  ...['shladd r8=r9,1,r10', 'shladd r8=r9,4,r10', 'shladdp4 r8=r9,2,r10', 'shrp r8=r9,r10,{u6}'],
  ...['shl r8=r9,{u6}', 'shr r8=r9,{u6}', 'shr.u r8=r9,{u6}', 'mux1 r8=r9,@rev', 'mux1 r8=r9,@alt', 'mux2 r8=r9,{u8}'],
  ...['extr r8=r9,{u6},{l6}', 'extr.u r8=r9,{u6},{l6}', 'dep r8=r9,r10,{u6},{l4}', 'dep r8=0,r10,{u6},{l6}'],
  ...['dep r8=-1,r10,{u6},{l6}', 'dep.z r8=r9,{u6},{l6}', 'dep.z r8={8},{u6},{l6}', 'czx1.l r8=r9', 'czx2.r r8=r9'],
  ...['padd1 r8=r9,r10', 'padd2 r8=r9,r10', 'psub4 r8=r9,r10', 'mov pr=r9,{17}', 'mov pr.rot=0x10000'],
  ...['eq', 'ne', 'lt', 'le', 'gt', 'ge', 'ltu', 'leu', 'gtu', 'geu'].flatMap((relation) => [
    `cmp.${relation} p6,p7=r9,r10`,
    `cmp4.${relation} p6,p7=r9,r10`,
    `cmp.${relation}.unc p6,p7=r9,r10`,
    // The immediate of some is encoded as another one, of the opposite relation.
    `cmp.${relation} p6,p7={7},r10`,
    `cmp4.${relation} p6,p7={7},r10`,
  ]),
  ...['eq', 'ne'].flatMap((relation) =>
    ['and', 'or', 'andcm', 'orcm', 'or.andcm', 'and.orcm'].flatMap((kind) => [
      `cmp.${relation}.${kind} p6,p7=r9,r10`,
      `cmp4.${relation}.${kind} p6,p7={8},r10`,
    ]),
  ),
  ...['lt', 'le', 'gt', 'ge'].flatMap((relation) =>
    ['and', 'or', 'or.andcm'].flatMap((kind) => [
      `cmp.${relation}.${kind} p6,p7=r0,r10`,
      `cmp.${relation}.${kind} p6,p7=r10,r0`,
    ]),
  ),
  ...['tbit.z', 'tbit.nz', 'tbit.z.unc', 'tbit.nz.and', 'tbit.z.or', 'tbit.nz.or.andcm'].map(
    (name) => `${name} p6,p7=r9,{u6}`,
  ),
  ...['tnat.z', 'tnat.nz', 'tnat.nz.and'].map((name) => `${name} p6,p7=r9`),
];

/** A text with immediates in the place of its holes. */
function filled(text: string, draw: (below: number) => number): string {
  return text.replace(/\{([ul]?)(\d+)\}/g, (_, kind: string, bits: string) => {
    const size = Number(bits);
    const value = BigInt(draw(2 ** Math.min(size, 31))) * (size > 31 ? 0x1234567n : 1n);
    if (kind === 'l') return String((Number(value) % (size === 4 ? 15 : 40)) + 1);
    return String(kind === 'u' ? value : value - 2n ** BigInt(size - 1) + (size > 31 ? 2n ** 62n : 0n));
  });
}

/** Both ways of a text, from one state. */
function outcome(text: string, values: readonly bigint[], flags: number): unknown[] {
  const { machine } = execute(text, (prepared: Machine) => {
    for (const [at, value] of values.entries()) prepared.gr[at + 3 < 4 ? 3 : 8 + at] = value;
    for (let predicate = 6; predicate < 64; predicate++) prepared.pr[predicate] = (flags >> (predicate % 16)) & 1;
    prepared.marks[9] = (flags >> 17) & 1;
  });
  return [...machine.gr.slice(0, 16), ...machine.pr, ...machine.marks.slice(0, 16)];
}

describe('what the assembler encodes means the same', () => {
  const instances = (): string[] =>
    fc
      .sample(fc.array(fc.nat(), { minLength: 64, maxLength: 64 }), { numRuns: 4, seed: seed(11) })
      .flatMap((numbers) => {
        let next = 0;
        return TEXTS.map((text) => filled(text, (below) => numbers[next++ % 64]! % below));
      });

  test('every form of integer instruction, pseudo-instructions and immediates included', () => {
    const texts = instances();
    const { object, messages } = assembleText(`.text\n${texts.map((text) => `\t${text} ;;\n`).join('')}`, {});
    expect(messages).toBe('');
    const read = [...plainInstructions(object!).values()]
      .flat()
      .map(({ text }) => text)
      .filter((text) => !/^nop/.test(text));
    expect(read).toHaveLength(texts.length);
    const differing = texts.filter((text, at) => {
      const runs = fc.sample(
        fc.tuple(fc.array(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), { minLength: 3, maxLength: 3 }), fc.nat()),
        {
          numRuns: 4,
          seed: seed(12) + at,
        },
      );
      return runs.some(
        ([values, flags]) => outcome(text, values, flags).join() !== outcome(read[at]!, values, flags).join(),
      );
    });
    expect(differing).toEqual([]);
  });
});
