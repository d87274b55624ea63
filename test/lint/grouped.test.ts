/** One fault is one finding, with everything that waits for its repair as related places. */
import { expect, test } from 'vitest';
import { lintSnippet } from './snippet.ts';

const told = (text: string, rule: string): string[] =>
  lintSnippet(text)
    .filter((finding) => finding.rule === rule)
    .map(({ file, start, related, message }) => {
      const lineOf = (place: { start: number }) => file.position(place.start).line;
      return `${lineOf({ start })}: ${message} (${related.map(lineOf).join(' ')})`;
    });

const routine = (body: string): string => `\t.global f\n\t.proc f\nf:\n${body}\n\tbr.ret.sptk.many b0\n\t.endp f\n`;

test('one missing srlz', () => {
  const text = routine('\trsm psr.ic\n\t;;\n\tmov r8=cr.iip\n\tmov r9=cr.ipsr\n\tmov r10=cr.isr');
  expect(told(text, 'PV010')).toEqual([
    '6: mov reads psr.ic, which rsm at example.S:4 writes: a stop and srlz.d must stand between them (4 7 8)',
  ]);
});

test('one missing stop behind two writes', () => {
  const text = routine('\tmov r14=r32\n\tmov r15=r33\n\tadd r8=r14,r0\n\tadd r9=r15,r0');
  expect(told(text, 'PV009')).toEqual([
    '6: add reads r14, which mov at example.S:4 writes: a stop must stand between them (4 7 5)',
  ]);
});

test('two stops that are missing one behind the other are two faults', () => {
  const text = routine('\tmov r14=r32\n\tadd r15=r14,r0\n\tadd r16=r15,r0\n\t;;\n\tmov r8=r16');
  expect(told(text, 'PV009')).toHaveLength(2);
});

test('one mov pr', () => {
  expect(told(routine('\tmov pr=r32,-1'), 'PV025')).toEqual([
    '4: p1-p5, p16-p63 belong to the caller and are overwritten before anything has saved them (5)',
  ]);
  const text = routine('(p6)\tmov r8=r0\n(p7)\tmov r9=r0\n(p6)\tmov r10=r0');
  expect(told(text, 'PV015')).toEqual([
    '4: p6 holds no value that was meant for this: no caller passes anything in it (4 5 6)',
  ]);
});
