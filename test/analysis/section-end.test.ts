/** A label behind the last instruction of a section is no routine by its name: nobody knows what is read there. */
import { expect, test } from 'vitest';
import { analyseText } from './support.ts';

const free = (text: string): readonly number[] => {
  const analysis = analyseText(text);
  return analysis.freeAt(
    analysis.instructions.findIndex(({ file, start }) => file.text.startsWith('mov r16=cr.ifa', start)),
  ).gr;
};
const program = (way: string, end: string) => `.global f
f: mov r14=5
;;
add r3=r14,r14
mov r16=cr.ifa
;;
${way}
mov r14=r0
br.ret.sptk.many b0
${end}`;

test.each([
  ['into a subsection', 'end:\n.text 1\nst8 [r12]=r14\nbr.ret.sptk.many b0'],
  ['out of the file', 'end:\n'],
])('%s', (_, end) => {
  expect(free(program('(p6) br.cond.sptk end', end))).not.toContain(14);
  expect(free(program('(p6) br.call.sptk.many b0=end\n;;', end))).not.toContain(14);
  expect(free(program('nop 0', end))).toContain(14);
  // Another file's routine takes nothing in r14, by the conventions.
  expect(free(program('(p6) br.cond.sptk elsewhere', end))).toContain(14);
});
