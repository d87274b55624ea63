/** Neighbouring sites whose bodies save the same register in the same place save it once. */
import { describe, expect, test } from 'vitest';
import { resourceName } from '../../src/machine/resources.ts';
import { built, listing, macroised } from './support.ts';

const routine = (body: string) =>
  `\t.text\n\t.global f\nf:\talloc r2=ar.pfs,8,0,0,0\n\t;;\n${body}\t;;\n\tbr.ret.sptk.many b0\n`;
const pair = (between: string, first = '\tmov ar.k3=r32\n', second = '\tmov ar.k4=r33\n') =>
  routine(`${first}${between}${second}`);

/** How often r8 is saved; r36 and r37 are results. */
function saves(source: string): number {
  return listing(source, 'xen:b').match(/mov r(?!8\b|36\b|37\b)\d+=r8\b/g)?.length ?? 0;
}

test('the second finds r8 and r9 where the first has saved them, and restores them from there', () => {
  const text = listing(pair(''), 'xen:b')
    .replaceAll(/\/\*.*?\*\//g, '')
    .replaceAll(/[\s;]+/g, ' ');
  const [, r8, r9] = /ASM_WRITE_KR\(\S+ ar.k3, r32, (r\d+), (r\d+)/.exec(macroised(pair('')))!;
  expect(macroised(pair(''))).toMatch(new RegExp(`ASM_WRITE_KR\\(\\S+ ar.k4, r33, ${r8}, ${r9}`));
  expect(text).toContain(
    `mov ${r8}=r8 mov ${r9}=r9 mov r9=r32 mov r8=3 break.i 0x12 mov r8=${r8} mov r9=${r9} mov r9=r33 mov r8=4 break.i 0x12 mov r8=${r8} mov r9=${r9} `,
  );
});

test.each([
  ['an instruction that reads r8', '\t;;\n\tadd r20=r8,r34\n', 1],
  ['one that may write r8', '\t;;\n(p6)\tmov r8=r34\n', 2],
  ['a label', '1:\n', 2],
  ['a branch', '(p6)\tbr.cond.sptk 1f\n', 2],
  ['a load', '\tld8 r20=[r34]\n', 2],
  ['a condition of cpp', '#ifdef X\n\tadd r20=r34,r35\n#endif\n', 2],
])('between them %s', (_, between, count) => {
  expect(saves(pair(between, undefined, '\tmov ar.k4=r33\n1:\n'))).toBe(count);
});

describe('predicates', () => {
  const compared = '\tcmp.eq p6,p7=r34,r35\n\t;;\n';
  test.each([
    ['the same', '(p6)', '(p6)', '', 1],
    ['one that another one excludes', '(p6)', '(p7)', '', 2],
    ['none behind one', '(p6)', '', '', 2],
    ['one that is written in between', '(p6)', '(p6)', compared, 2],
  ])('%s', (_, first, second, between, count) => {
    const source = routine(`${compared}${first}\tthash r36=r32\n${between}${second}\tthash r37=r33\n`);
    expect(saves(source)).toBe(count);
  });
});

test('what a body changes is derived with what it finds: no more than its arguments', () => {
  const { plans } = built({ files: { 'a.S': pair('') }, targets: ['xen:b'] });
  const [first, second] = plans[0]!.planned.map(({ expansion }) => expansion);
  expect(second!.shared?.saved.map(({ of }) => resourceName(of))).toEqual(['r8', 'r9']);
  expect(second!.clobbers.map(resourceName).filter((name) => name.startsWith('r'))).toEqual([]);
  expect(first!.clobbers.map(resourceName).filter((name) => /^r\d/.test(name)).length).toBe(2);
});

test('the macro-ised source gives the same listing', () => {
  const text = (source: string) => listing(source, 'xen:b').replaceAll(/\s+/g, ' ');
  expect(text(macroised(pair('')))).toBe(text(pair('')));
});
