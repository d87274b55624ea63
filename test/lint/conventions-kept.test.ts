/** PV016 complains of what is certain, where a person would look for it. */
import { expect, test } from 'vitest';
import { lintSnippet } from './snippet.ts';

const HELPER = `
[[symbol]]
name = "helper"
reads = ["r32", "b0", "ar.pfs", "p6-p7"]
`;

const found = (body: string) =>
  lintSnippet(`\t.global helper\n\t.proc helper\nhelper:\t${body}\n\tbr.ret.sptk.many b0\n\t.endp helper\n`, HELPER)
    .filter(({ rule }) => rule === 'PV016')
    .map(({ file, start, message }) => `${file.name}:${file.position(start).line} ${message}`);

const COMPLAINT = 'helper reads r9, which its convention does not say';

test('a register that is read first', () => {
  expect(found('mov r8=r9')).toEqual([`example.S:3 ${COMPLAINT}`]);
});

test('a register that only a predicate may have written is no certain read', () => {
  expect(found('nop.m 0\n(p6)\tmov r9=r32\n(p7)\tmov r9=r0\n\t;;\n\tmov r8=r9')).toEqual([]);
  expect(found('nop.m 0\n(p6)\tmov r10=r32\n\t;;\n\tmov r8=r9')).toEqual([`example.S:3 ${COMPLAINT}`]);
});

test('a routine that begins with a macro is found at its call', () => {
  expect(found('ASM_RSM_PSR(-, 0x4000)\n\t;;\n\tmov r8=r9')).toEqual([`example.S:3 ${COMPLAINT}`]);
});

test('what is said of a routine holds by each of its names', () => {
  const text = (name: string) =>
    `\t.global ${name}\n\t.proc ${name}\n${name}:\tmov r8=r9\n\tmov r14=r8\n\tbr.cond.sptk r.away\n\t.endp ${name}\n`;
  const conventions = `${HELPER}aliases = ["xen_helper"]\n[[exit]]\nroutine = "helper"\nkind = "jump"\nreads = ["r14"]\n`;
  const rules = (name: string) =>
    lintSnippet(text(name), conventions)
      .filter(({ rule }) => rule === 'PV016' || rule === 'PV017')
      .map(({ message }) => message);
  expect(rules('helper')).toEqual([COMPLAINT]);
  expect(rules('xen_helper')).toEqual([`xen_${COMPLAINT}`]);
  expect(rules('other')).toEqual([
    'no file that was checked has the symbol helper',
    'no file that was checked has the routine helper',
  ]);
});
