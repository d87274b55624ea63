/** `.weak`: where another file defines the symbol, too, the linker takes that definition, and a branch goes there. */
import { expect, test } from 'vitest';
import { analyseText } from './support.ts';

/** The registers that are free at the one `mov r16=cr.ifa` of a program. */
function freeAtSite(text: string): string[] {
  const analysis = analyseText(text);
  const site = analysis.instructions.findIndex(({ file, start, end }) =>
    file.text.slice(start, end).includes('cr.ifa'),
  );
  const { gr, br, pfs } = analysis.freeAt(site);
  return [...gr.map((number) => `r${number}`), ...br.map((number) => `b${number}`), ...(pfs ? ['ar.pfs'] : [])];
}

/** It overwrites what routines of other files may read, and reads a register that by the conventions they do not. */
const sub = 'sub: mov r4=r20\nmov ar.pfs=r0\n;;\n1: br.sptk 1b\n';
const caller = (way: string) => `.global f\nf: mov r16=cr.ifa\n;;\n${way}\nbr.ret.sptk.many b0\n`;

test.each([
  ['a branch', 'br.sptk.many sub'],
  ['a branch under a predicate', '(p6) br.cond.sptk.many sub\n;;\nmov r4=r20\n;;\n1: br.sptk 1b'],
  ['a call', 'br.call.sptk.many b0=sub\n;;'],
  ['its address', 'movl r17=sub\n;;\nmov b6=r17\nbr.cond.sptk.many b6'],
])('%s', (_, way) => {
  const local = freeAtSite(sub + caller(way));
  const weak = freeAtSite(`.weak sub\n${sub}${caller(way)}`);
  // Code of this file, for certain, overwrites them; another's may read them.
  expect(local).toEqual(expect.arrayContaining(['r4']));
  for (const register of ['r4', 'r20']) expect(weak).not.toContain(register);
  // What is declared behind its use is weak as well.
  expect(freeAtSite(`${sub}${caller(way)}.weak sub\n`)).toEqual(weak);
  expect(freeAtSite(`.global sub\n${sub}${caller(way)}`)).toContain('r4');
});

test('a name that stands for a weak one', () => {
  const way = caller('br.sptk.many other');
  expect(freeAtSite(`.set other, sub\n${sub}${way}`)).toContain('r4');
  expect(freeAtSite(`.weak sub\n.set other, sub\n${sub}${way}`)).not.toContain('r4');
});

test('.weakref names a symbol that may be one of this file', () => {
  // By the conventions r14 is no argument, and r17 is one of the callee's own.
  const reader = '.proc sub\nsub: st8 [r12]=r14\nbr.ret.sptk.many b0\n.endp sub\n';
  const text = (name: string) =>
    `.weakref other, sub\n.global f\nf: mov r31=b0\nmov r14=1\nmov r16=cr.ifa\n;;\nbr.call.sptk.many b0=${name}
;;\nmov b0=r31\nbr.ret.sptk.many b0\n${reader}`;
  const free = freeAtSite(text('other'));
  expect(free).toEqual(freeAtSite(text('sub')));
  for (const register of ['r14', 'r31']) expect(free).not.toContain(register);
});
