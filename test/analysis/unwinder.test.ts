/** A register that an unwind directive names is read by an unwinder from there to the end of the routine. */
import { expect, test } from 'vitest';
import { analyseText } from './support.ts';

const program = (directive: string, inside = '', behind = '') =>
  analyseText(`kept = r10
.global f
.proc f
f: .prologue
nop 1
${directive}
nop 2
.body
br.call.sptk.many b0=h
nop 3 ;;
${inside}
br.ret.sptk.many b0
.endp f
.proc g
g: nop 4
${behind}
br.ret.sptk.many b0
.endp g`);

/** At which of the numbered nops a register is free. */
function freeAt(analysis: ReturnType<typeof program>, register: string): number[] {
  return [1, 2, 3, 4].filter((number) => {
    const at = analysis.instructions.findIndex(({ file, start }) => file.text.startsWith(`nop ${number}`, start));
    const { gr, br, pr, pfs } = analysis.freeAt(at);
    if (register === 'ar.pfs') return pfs;
    const numbers = { r: gr, b: br, p: pr }[register[0] as 'r' | 'b' | 'p'];
    return numbers.includes(Number(register.slice(1)));
  });
}

test.each([
  ['.save ar.lc, r2', ['r2']],
  ['.save pr, kept', ['r10']],
  ['.vframe r3', ['r3']],
  ['.altrp b6', ['b6']],
  ['.spillreg r5, r9', ['r9']],
  ['.spillreg.p p6, f2, r9', ['p6', 'r9']],
  ['.spillsp.p p7, r4, 16', ['p7']],
  ['.spillpsp.p p7, r4, 16', ['p7']],
  ['.restorereg.p p8, r4', ['p8']],
  ['.save.g 0x5, r9', ['r9', 'r10']],
  ['.save.b 0x6, r2', ['r2', 'r3']],
])('%s', (directive, registers) => {
  for (const register of ['r2', 'r3', 'r9', 'r10', 'r11', 'b6', 'b7', 'p6', 'p7', 'p8', 'p9']) {
    const before = freeAt(program(''), register);
    const expected = registers.includes(register) ? before.filter((number) => number === 1 || number === 4) : before;
    expect([register, freeAt(program(directive), register)]).toEqual([register, expected]);
  }
});

test('a register is free at all four places where no directive names it', () => {
  for (const register of ['r2', 'r9', 'b6', 'p6']) expect(freeAt(program(''), register)).toContain(2);
});

test('outside of a routine a directive says nothing', () => {
  expect(freeAt(program('', '', '.save ar.lc, r2'), 'r2')).toEqual(freeAt(program(''), 'r2'));
});

test('the reason names the directive and its line', () => {
  const analysis = program('.save ar.lc, r2');
  const at = analysis.instructions.findIndex(({ file, start }) => file.text.startsWith('nop 3', start));
  expect(analysis.explain(at, 'r2').text).toBe('r2 is live: an unwinder reads it, as `.save` at test.s:6 says');
});
