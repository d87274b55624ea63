/** Calls of shared routines where ar.pfs is free: one instruction, and the macro says so. */
import { describe, expect, test } from 'vitest';
import { assembleText } from '../support/assemble.ts';
import { built, listing, macroised as macroisedFor } from './support.ts';

const macroised = (text: string) => macroisedFor({ files: { 'a.S': text }, targets: ['native', 'xen:a'] });

/** What a routine of two sites makes of them; ar.pfs is free where `behind` overwrites it first. */
const code = (first: string, second: string, behind = '\tbr.call.sptk.many b0=g\n\t;;\n') =>
  `f:\t${first}\n\t;;\n\t${second}\n\t;;\n\tmov r14=r0\n\tmov r15=r0\n\tmov r16=r0\n\t;;\n${behind}\tbr.sptk.few h\n\t;;\n`;

const CALL = /; br\.call\.sptk\.many (b\d)=\.Lpvasm_xen_(\w+)_call; 7701:/;

describe('a site at which ar.pfs is free', () => {
  const source = code('ssm psr.ic ;; srlz.i ;;', '(p8) ssm psr.i');

  test('names it behind all other registers, and no other scratch', () => {
    expect(macroised(source)).toMatch(/ASM_SSM_PSR_SRLZ_I\(b\d, psr\.ic, r\d+, r\d+, ar\.pfs\)/);
    expect(macroised(source)).toMatch(/ASM_SSM_PSR_P\(p8, b\d, psr\.i, r\d+, p\d+, ar\.pfs\)/);
  });

  test('is a call of one instruction, of a routine that returns as a subroutine does', () => {
    const text = listing(source, 'xen:a');
    expect(text).toMatch(CALL);
    expect(text).toMatch(/\(p8\) br\.call\.sptk\.many b\d=\.Lpvasm_xen_ssm_psr_\w+_call; 7701:/);
    expect(text.match(/br\.ret\.sptk\.many b\d$/gm)).toHaveLength(2);
    expect(text).not.toContain('movl');
    expect(assembleText(text).messages).toBe('');
  });

  test('changes ar.pfs and its branch register, as is derived from the call', () => {
    const { plans } = built({ files: { 'a.S': source }, targets: ['xen:a'] });
    const [first] = plans[0]!.planned;
    expect(first!.expansion).toMatchObject({ kind: 'branch', instructions: 1, stops: 0 });
  });

  test('is the same listing when it is built from the macro-ised text alone', () => {
    expect(listing(macroised(source), 'xen:a')).toBe(listing(source, 'xen:a'));
    expect(macroised(macroised(source))).toBe(macroised(source));
  });
});

/** Sites that may not be such calls. */
test.each([
  ['ar.pfs is read behind it', code('ssm psr.ic ;; srlz.i ;;', 'nop.m 0', '\tmov r17=ar.pfs\n\t;;\n\tst8 [r18]=r17\n')],
  ['it returns to a caller', 'f:\tssm psr.ic ;; srlz.i ;;\n\tmov r14=r0\n\tmov r15=r0\n\tbr.ret.sptk.many b0\n\t;;\n'],
  ['its operand is a stacked register', code('mov cr.ifa=r32', 'nop.m 0')],
])('where %s, a call takes a return address', (_, source) => {
  const text = listing(source, 'xen:a');
  expect(text).not.toContain('br.call.sptk.many b0=.Lpvasm');
  expect(text).toMatch(/mov b\d=r\d+ ;; br\.sptk\.many \.Lpvasm/);
});

test('a person who names ar.pfs where it is needed is told of it', () => {
  const source = `f:\tASM_SSM_PSR_SRLZ_I(b6, psr.ic, r14, r15, ar.pfs)\n\t;;\n\tbr.ret.sptk.many b0\n\t;;\n`;
  const { errors } = built({ files: { 'a.S': source }, targets: ['xen:a'] });
  expect(errors.map(({ message }) => message)).toEqual([
    expect.stringContaining('changes ar.pfs for xen:a, which is not free: ar.pfs is live'),
  ]);
});

describe('sites of one operation', () => {
  const free = '\tmov r14=r0\n\tmov r15=r0\n\tmov r16=r0\n\t;;\n';
  const site = (before: string) => `${before}\t;;\n\tssm psr.ic ;; srlz.i ;;\n${free}`;

  test('take the registers that most of them have, where these are free', () => {
    const source = `f:\n${site('')}${site('')}${site('\tst8 [r10]=r16\n')}\tbr.sptk.few h\n\t;;\n`;
    const macros = macroised(source).match(/ASM_SSM_PSR_SRLZ_I\(.*\)/g)!;
    expect(macros).toHaveLength(3);
    expect(new Set(macros).size).toBe(1);
  });

  test('not one that is needed there', () => {
    const needed = `\tmov r2=r9\n\tmov r3=r9\n\t;;\n\tssm psr.ic ;; srlz.i ;;\n\tst8 [r2]=r3\n${free}`;
    const source = `f:\n${site('')}${site('')}${needed}\tbr.sptk.few h\n\t;;\n`;
    const macros = macroised(source).match(/ASM_SSM_PSR_SRLZ_I\(.*\)/g)!;
    expect(macros[0]).toContain('r2, r3');
    expect(macros[1]).toBe(macros[0]);
    expect(macros[2]).not.toMatch(/\br[23]\b/);
  });
});
