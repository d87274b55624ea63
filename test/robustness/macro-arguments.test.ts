/** Sites in arguments of macros, in macros that carry them on, and in names that the preprocessor puts together. */
import { expect, test } from 'vitest';
import { listing, macroised } from '../rewrite/support.ts';

const tail = ' ;;\n\tst8 [r33]=r17\n\tbr.ret.sptk b0\n';

test.each([
  ['#define RUN(insn) insn ;;', 'RUN(mov r17=cr.isr)'],
  ['#define RUN(insn) insn ;; insn', 'RUN(mov r17=cr.isr)'],
  ['#define RUN(insn...) insn ;;', 'RUN((p6) mov r17=cr.iip)'],
  ['#define RUN(insn) insn ;;\n#define AGAIN(insn) RUN(insn)', 'AGAIN(RUN(mov r17=cr.itir))'],
  ['#define BOTH(a, b, c) a ; b ; c', 'BOTH(, mov r17=cr.isr, mov r18=cr.iip)'],
  ['#define KR(n) ar.k##n\n#define GET(reg, n) mov reg=KR(n)', 'GET(r17, 3)'],
])('%s: %s goes to macros and back', (definition, line) => {
  const source = `${definition}\n\t.global f\nf:\t${line}${tail}`;
  const spelled = macroised(source);
  expect(macroised(spelled)).toBe(spelled);
  expect(listing(spelled, 'native')).toBe(source);
  expect(listing(spelled, 'xen:b')).toBe(listing(source, 'xen:b'));
});

test.each([
  ['#define GET(reg, x) mov reg=cr.x', 'GET(r17, ifa)'],
  ['#define INSERT(x, reg) itc.x reg', 'INSERT(d, r17)'],
  ['\t.macro get reg, x\n\tmov \\reg=cr.\\x\n\t.endm', 'get r17, ifa'],
])('%s: stays, because other uses may name another register', (definition, line) => {
  const source = `${definition}\n\t.global f\nf:\t${line}${tail}`;
  expect(macroised(source)).toBe(source);
});
