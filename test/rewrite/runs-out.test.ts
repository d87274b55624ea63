/** A listing puts routines and tails behind what a section holds: nothing may run into them that the source sends elsewhere. */
import { expect, test } from 'vitest';
import { built, listing } from './support.ts';

const CALLED = '\t.text\n\t.global g\ng:\tmov r9=cr.ifa\n\tmov r10=cr.ifa\n\t;;\n\tbr.ret.sptk.many b0\n';

test.each([
  ['falls out of the file', '\t.global f\nf:\tadd r8=r32,r33\n', false],
  ['on a condition', '\t.global f\nf:\tcmp.eq p6,p0=r32,r33\n\t;;\n(p6)\tbr.ret.sptk.many b0\n', false],
  ['comes back from a call', '\t.global f\nf:\tbr.call.sptk.many b0=other\n', false],
  ['falls into a subsection', '\t.text 1\n\tbr.ret.sptk.many b0\n\t.text 0\nf:\tadd r8=r32,r33\n', false],
  ['leaves', '\t.global f\nf:\tadd r8=r32,r33\n\tbr.ret.sptk.many b0\n', true],
  ['leaves to another file', '\t.global f\nf:\tbr.cond.sptk.many other\n', true],
  ['ends in data', '\t.global f\nf:\tadd r8=r32,r33\n\tbr.ret.sptk.many b0\n\tdata8 1\n', true],
  ['is another section', '\t.section .init,"ax"\n\tadd r8=r32,r33\n', true],
])('no call where the last instruction of .text %s', (_, behind, isCall) => {
  for (const target of ['xen:a', 'xen'] as const) {
    const text = listing(CALLED + behind, target);
    if (target === 'xen:a') expect(text.includes('.Lpvasm')).toBe(isCall);
    else expect(text.includes('.Lpvasm') && !isCall).toBe(false);
  }
});

test('no tail is moved behind a section that is not left', () => {
  const vector = Array.from({ length: 22 }, () => '\tmov cr.eoi=r0\n\tmov cr.ifa=r16\n\t;;\n').join('');
  const table = (last: string) =>
    `\t.section .text..ivt,"ax"\n\t.global ia64_ivt\nia64_ivt:\n\t.org ia64_ivt+0x5000\n${vector}\trfi\n\t.org ia64_ivt+0x5100\n${last}`;
  const errorsOf = (last: string) =>
    built({ files: { 'ivt.S': table(last) }, targets: ['xen:b'] }).errors.map(({ message }) => message);
  expect(errorsOf('\trfi\n')).toEqual([]);
  expect(errorsOf('\tmov r16=r17\n')).toEqual([
    expect.stringContaining(
      'the last instruction of its section does not leave it, and control would run on into the tail',
    ),
  ]);
});
