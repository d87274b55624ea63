/** PV025 and code that enters a program for the first time: it ends in rfi, but interrupted nobody whose predicates it has. */
import { expect, test } from 'vitest';
import { lintSnippet } from './snippet.ts';

const lost = (text: string, conventions = '') =>
  lintSnippet(text, conventions)
    .filter(({ rule }) => rule === 'PV025')
    .map(({ file, start, message }) => `${file.position(start).line}: ${message}`);

const routine = (body: string): string =>
  `\t.text\n\t.global enter\n\t.proc enter\nenter:\n\trsm psr.i | psr.ic\n\tcmp.eq p6,p7=r34,r0\n\t;;\n\tsrlz.i\n\t;;\n${body}\t.endp enter\n`;

const GO = '\tmov cr.iip=r15\n\tmov cr.ipsr=r16\n\tmov cr.ifs=r0\n\t;;\n\trfi\n';
const LOADS = '\tadds r14=8,r32\n\t;;\n\tld8 r15=[r32]\n\tld8 r16=[r14]\n\t;;\n(p6)\tmov r12=r0\n';

const ENTRIES: Readonly<Record<string, string>> = {
  'address and psr from memory': routine(LOADS + GO),
  'application registers from memory too': routine(
    `${LOADS}\tld8 r17=[r33]\n\t;;\n\tmov ar.rsc=r17\n\tmov ar.fpsr=r17\n\tmov b0=r0\n${GO}`,
  ),
  'predicates are made zero': routine(`${LOADS}\tmov pr=r0,-1\n\t;;\n${GO}`),
  'on bank 0': routine(
    `\tbsw.0\n\t;;\n\tadds r18=8,r8\n\t;;\n\tld8 r15=[r8]\n\tld8 r16=[r18]\n(p6)\tmov r12=r0\n\t;;\n${GO}`,
  ),
  'address and psr are arguments': routine(`\tmov r15=r32\n\tmov r16=r33\n(p6)\tmov r12=r0\n\t;;\n${GO}`),
  'the address is computed': routine(`\tadd r15=r32,r33\n\tmov r16=r33\n(p6)\tmov r12=r0\n\t;;\n${GO}`),
  'an entry in the exception table': `${routine(
    `1:\tld8 r15=[r32],8\n\t;;\n\tld8 r16=[r32]\n(p6)\tbr.cond.spnt 2f\n\t;;\n${GO}2:\tssm psr.ic\n\t;;\n\tsrlz.d\n\tmov r8=r0\n\tbr.ret.sptk.many b0\n`,
  )}\t.section "__ex_table","a"\n\tdata4 1b-.\n\tdata4 2b-.\n`,
  'a label without .proc': routine(LOADS + GO).replace(/\t\.(proc|endp) enter\n/g, ''),
};

test.each(Object.entries(ENTRIES))('%s', (_, text) => {
  expect(lost(text)).toEqual([]);
  expect(lost(text, '[vectors]\ntables = ["table"]')).toEqual([]);
});

test('what loads a branch register too is a way out', () => {
  const kernel = (body: string) => routine(`\tld8 r17=[r33]\n\tld8 r31=[r9]\n\t;;\n\tmov b6=r17\n${LOADS}${body}${GO}`);
  const message = '6: p6, p7 belong to the interrupted code and are not given back';
  expect(lost(kernel(''))).toEqual([message]);
  expect(lost(kernel('\tmov pr=r31,0xff00\n\t;;\n'))).toEqual([message]);
  expect(lost(kernel('\tmov pr=r31,-1\n\t;;\n'))).toEqual([]);
});
