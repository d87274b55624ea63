/** Neighbours that reach the hypervisor's page share an address register; and where they may not. */
import { describe, expect, test } from 'vitest';
import { built } from './support.ts';

/** What a handler that overwrites r16-r21 in the end has for its sites, without line markers. */
function listing(code: string, target = 'xen') {
  const freed = [16, 17, 18, 19, 20, 21].map((register) => `\tmov r${register}=r0\n`).join('');
  const text = `f:\n${code}\t;;\n\tst8 [r14]=r17\n\t;;\n${freed}\tbr.ret.sptk.many b0\n\t;;\n`;
  const { listings, plans, errors } = built({ files: { 'a.S': text }, targets: [target] });
  expect(errors).toEqual([]);
  const lines = listings[0]!.text.split('\n').filter((line) => !line.startsWith('#line'));
  return { lines, instructions: plans[0]!.planned.map(({ expansion }) => expansion.instructions) };
}

describe('two accesses', () => {
  test('share the register of the second, across a stop too', () => {
    const { lines } = listing('\tmov r16=cr.ipsr\n\t;;\n\tmov r17=cr.isr\n');
    expect(lines.slice(1, 4)).toEqual([
      '\tmov r17=0xfffffffffff04880 /* XSI_IPSR */ ;; ld8 r16=[r17],8 /* XSI_ISR-XSI_IPSR */',
      '\t;;',
      '\tld8 r17=[r17]',
    ]);
  });

  test('in one group have a stop between them', () => {
    const { lines, instructions } = listing('\tmov r16=cr.ipsr\n\tmov r17=cr.isr\n');
    expect(lines[1]).toBe('\tmov r17=0xfffffffffff04880 /* XSI_IPSR */ ;; ld8 r16=[r17],8 /* XSI_ISR-XSI_IPSR */ ;;');
    expect(instructions).toEqual([2, 1]);
  });

  test('three do, with distances both ways', () => {
    const { instructions } = listing('\tmov r16=cr.ifa\n\t;;\n\tmov r18=cr.isr\n\t;;\n\tmov r17=cr.iha\n');
    expect(instructions).toEqual([2, 1, 1]);
  });
});

/** Bodies by themselves: two instructions each. */
test.each([
  ['a label between', '\tmov r16=cr.ipsr\n\t;;\n1:\tmov r17=cr.isr\n'],
  ['a call between', '\tmov r16=cr.ipsr\n\t;;\n\tbr.call.sptk.many b6=g\n\t;;\n\tmov r17=cr.isr\n'],
  ['the register is read between', '\tmov r16=cr.ipsr\n\t;;\n\tst8 [r14]=r17\n\t;;\n\tmov r17=cr.isr\n'],
  ['the register is written between', '\tmov r16=cr.ipsr\n\t;;\n\tmov r17=r14\n\t;;\n\tmov r17=cr.isr\n'],
  [
    'a way on which the register is read',
    '\tmov r16=cr.ipsr\n\t;;\n\tcmp.eq p6,p7=r16,r0 ;;\n(p6)\tbr.cond.sptk h\n\tmov r17=cr.isr\n\t;;\n\tbr 2f ;;\nh:\tst8 [r15]=r17 ;;\n2:\n',
  ],
  ['the first is conditional', '(p6)\tmov r16=cr.ipsr\n\t;;\n\tmov r17=cr.isr\n'],
  ['too far in the page', '\tmov r16=cr.ipsr\n\t;;\n\tmov r17=cr.itv\n'],
  ['another switch of #if', '\tmov r16=cr.ipsr\n\t;;\n#ifdef A\n1:\n#endif\n\tmov r17=cr.isr\n'],
])('not where there is %s', (why, code) => {
  const { instructions } = listing(code);
  const [first, second] = instructions;
  expect({ why, first, second }).toEqual({ why, first: 2, second: 2 });
});

test('nor with a letter', () => {
  expect(listing('\tmov r16=cr.ipsr\n\t;;\n\tmov r17=cr.isr\n', 'xen:b').instructions).toEqual([2, 2]);
});
