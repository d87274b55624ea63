/** What `--fix` does of itself: the text behind it has the finding no more. */
import { expect, test } from 'vitest';
import { applyFixes } from '../../src/lint/fix.ts';
import { lintSnippet } from './snippet.ts';

const routine = (body: string): string =>
  `\t.text\n\t.global f\n\t.proc f\nf:${body}\n\tbr.ret.sptk.many b0\n\t.endp f\n`;

const fixed = (text: string, rule: string): string => {
  const findings = lintSnippet(text).filter((finding) => finding.rule === rule);
  expect(findings.length).toBeGreaterThan(0);
  return applyFixes(findings).files[0]?.text ?? text;
};

const left = (text: string, rule: string): number =>
  lintSnippet(text).filter((finding) => finding.rule === rule).length;

test('PV029: a stop behind brl', () => {
  const text = routine('\tcmp.eq p6,p7=r32,r33\n\t;;\n(p6)\tbrl.cond.sptk g // away\n\tmov r8=r0');
  const after = fixed(text, 'PV029');
  expect(after).toBe(text.replace('sptk g //', 'sptk g ;; //'));
  expect(left(after, 'PV029')).toBe(0);
});

test('PV009: a stop in front of what depends', () => {
  const text = routine('\tmov r14=r32\n1:\tadd r8=r14,r33');
  const after = fixed(text, 'PV009');
  expect(after).toBe(text.replace('add r8', ';; add r8'));
  expect(left(after, 'PV009')).toBe(0);
});

test('PV009: one stop serves all that depend', () => {
  const text = routine('\tmov r14=r32\n\tadd r8=r14,r33\n\tadd r9=r14,r33');
  expect(left(fixed(text, 'PV009'), 'PV009')).toBe(0);
});

test.each([
  ['srlz.d', 'rsm psr.dt', 'ld8 r8=[r32]'],
  ['srlz.i', 'ssm psr.ic', 'mov cr.iip=r32'],
])('PV010: %s between %s and %s', (serialization, writer, reader) => {
  const text = routine(`\t${writer}\n\t;;\n\t${reader}`);
  const after = fixed(text, 'PV010');
  expect(after).toMatch(new RegExp(`;; srlz\\.[di] ;; ${reader.replace(/[[\]]/g, '\\$&')}`));
  expect(left(after, 'PV010')).toBe(0);
  expect(left(after, 'PV009')).toBe(0);
  expect(after.includes(serialization) || serialization === 'srlz.i').toBe(true);
});

test('PV009: a bundle is left to its author', () => {
  const text = routine('\n{ .mii\n\tmov r14=r32\n\tadd r8=r14,r33\n\tnop.i 0\n}');
  expect(fixed(text, 'PV009')).toBe(text);
});

test('PV028: the name of the open routine', () => {
  const text = routine('\tmov r8=r0').replace('.endp f', '.endp g\t// end');
  expect(fixed(text, 'PV028')).toBe(text.replace('.endp g', '.endp f'));
});

test('PV028: which of two routines is meant is not certain', () => {
  const text = routine('\tmov r8=r0\n\tbr.ret.sptk.many b0\ng:\tmov r8=r32').replace('.endp f', '.endp g');
  expect(fixed(text, 'PV028')).toBe(text);
});

test('PV010: in front of the call of a macro', () => {
  const text = routine('\tASM_RSM_PSR(b6, psr.ic, r2)\n\t;;\n\tASM_WRITE_IFA(b6, r32, r31)');
  const after = fixed(text, 'PV010');
  expect(after).toBe(text.replace('ASM_WRITE', ';; srlz.d ;; ASM_WRITE'));
  expect(left(after, 'PV010')).toBe(0);
});

test('PV010: not in the body of a macro that may be called elsewhere', () => {
  const text = `#define BOTH ASM_RSM_PSR(b6, psr.ic, r2) ;; ASM_WRITE_IFA(b6, r32, r31)\n${routine('\tBOTH')}`;
  expect(fixed(text, 'PV010')).toBe(text);
});

test('what stands in front of an instruction goes with what replaces it', () => {
  const text = routine('\trsm psr.ic\n\t;;\n\tmov cr.ifa=r32');
  const [serialized] = lintSnippet(text).filter(({ rule }) => rule === 'PV010');
  const { file, start, end } = serialized!;
  const replaced = {
    ...serialized!,
    rule: 'PV001',
    fix: { title: 'write it', edits: [{ file, start, end, text: 'ASM_WRITE_IFA(b6, r32, r31)' }] },
  };
  for (const findings of [
    [serialized!, replaced],
    [replaced, serialized!],
  ]) {
    const { files, fixed: both } = applyFixes(findings);
    expect(both).toHaveLength(2);
    expect(files[0]!.text).toBe(text.replace('mov cr.ifa=r32', ';; srlz.d ;; ASM_WRITE_IFA(b6, r32, r31)'));
  }
  expect(applyFixes([serialized!, serialized!]).fixed).toHaveLength(1);
});
