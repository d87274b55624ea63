/** Sites in arguments of macros, in macros that carry them on, and in names that the preprocessor puts together. */
import { expect, test } from 'vitest';
import { preprocess } from '../../src/preprocess/preprocess.ts';
import { SourceText } from '../../src/syntax/source.ts';
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
  const source = `${definition}\nf:\t${line}${tail}`;
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
  const source = `${definition}\nf:\t${line}${tail}`;
  expect(macroised(source)).toBe(source);
});

test.each([
  ['break.i, with a parameter i', '#define FAULT(i) mov r14=(i) ;; mov ar.k2=r14', 'FAULT(3)'],
  ['an argument in a #define', '#define RUN(insn) insn\n#define INSERT(reg) RUN(itc.d reg)', 'INSERT(r17)'],
  ['both', '#define RUN(insn) insn\n#define INSERT(i, reg) RUN(itc.d reg) ; mov r14=i', 'INSERT(7, r17)'],
])('%s: what a body spells is not taken for the parameter', (_, definition, line) => {
  const source = `${definition}\nf:\t${line}${tail}`;
  const text = listing(source, 'xen:b');
  expect(text).not.toBe(source);
  expect(preprocessed(text)).toMatch(/break\.[mi] \d/);
  expect(preprocessed(text)).not.toMatch(/\b(reg|i)\b(?<!break\.i)/);
});

test('a parameter that is called like a register would take its place in every body', () => {
  const source = `#define GET(r14, r15) mov r14=cr.isr\nf:\tGET(r17, r18)${tail}`;
  expect(macroised(source)).toBe(source);
});

/** The text of what an assembler would see. */
function preprocessed(text: string): string {
  const { tokens } = preprocess(new SourceText('a.S', text), {
    includeDirs: [],
    commands: [],
    strict: false,
    host: { read: () => undefined },
  });
  return tokens.map((token) => `${token.spaceBefore ? ' ' : ''}${token.text}`).join('');
}
