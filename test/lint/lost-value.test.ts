/** PV015 names what has overwritten a value that is lost. */
import { expect, test } from 'vitest';
import { lintSnippet } from './snippet.ts';

const CONVENTIONS = `
[vectors]
tables = ["table"]
[nested_miss]
sections = [".text.ivt"]
continuation = "r30"
reads = ["r16", "r30"]
clobbers = ["r17", "r18"]
returns = ["r17"]`;

const inTable = (code: string) => `\t.section .text.ivt,"ax"\n\t.align 32768\ntable:\n${code}`;

const CASES: readonly (readonly [kind: string, text: string, related: string])[] = [
  [
    'call',
    'f:\tmov r14=r32\n\tbr.call.sptk.many b0=g\n\t;;\n\tmov r8=r14\n\tbr.ret.sptk.many b0\n',
    '2: destroyed here',
  ],
  [
    'vector',
    inTable('\tmov r17=r0\n\trfi\n\t.org table+0x400\n\tmov r8=r0\n\t;;\n\tmov cr.ifa=r17\n\trfi\n'),
    '7: this vector begins without it',
  ],
  [
    'fault',
    inTable('\tmovl r30=1f\n\tmov r18=r0\n\tmov r17=r0\n\t;;\n1:\tld8 r17=[r17]\n\tmov cr.ifa=r18\n\trfi\n'),
    '4: a fault behind this goes on at its label',
  ],
  ['frame', inTable('\tcover\n\t;;\n\talloc r2=ar.pfs,0,0,2,0\n\t;;\n\tmov cr.ifa=r32\n\trfi\n'), '4: emptied here'],
];

test.each(CASES)('lost by a %s', (_, text, related) => {
  const found = lintSnippet(text, CONVENTIONS).filter(({ rule }) => rule === 'PV015');
  const lines = found.map((each) =>
    each.related.map(({ file, start, message }) => `${file.position(start).line}: ${message}`),
  );
  expect(lines).toEqual([[related]]);
});
