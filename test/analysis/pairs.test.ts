/** What two predicates written by one instruction say of each other, form by form; and NaTs, which clear both. */
import { describe, expect, test } from 'vitest';
import { allForms } from '../../src/machine/forms.ts';
import { natRuleOf } from '../../src/machine/nat.ts';
import { check } from './expectations.ts';
import { analyseText } from './support.ts';

/** Is r14 overwritten where p6 or p7 is true, by two moves that together are always executed? */
function killsTogether(write: string, setUp = 'ld8 r20=[r33]'): boolean {
  const analysis = analyseText(`
    .global f
    f:  mov r14=3
        ${setUp};;
        add r8=r14,r8;;
        nop 0;;
        ${write};;
    (p6) mov r14=1
    (p7) mov r14=2;;
        add r8=r14,r8
        br.ret.sptk rp
  `);
  const nop = analysis.instructions.find(
    ({ statement }) => statement.kind === 'instruction' && statement.mnemonic === 'nop',
  )!;
  return analysis.freeAt(nop.index).gr.includes(14);
}

describe('exactly one of the two predicates is true', () => {
  test.each([
    'cmp.eq p6,p7=r20,r0',
    'cmp.lt p7,p6=r20,r0',
    'cmp4.geu p6,p7=r20,r0',
    'cmp.eq.unc p6,p7=r20,r0',
    'cmp.eq p6,p7=3,r20',
    'tbit.nz p6,p7=r20,3',
    'tbit.z.unc p6,p7=r20,3',
    'tnat.z p6,p7=r20',
    'tf.nz p6,p7=32',
  ])('behind %s', (write) => expect(killsTogether(write)).toBe(true));

  test.each([
    'mov pr=r20,0xc0',
    'mov pr=r20,-1',
    'mov pr=r20',
    'cmp.eq.and p6,p7=r20,r0',
    'cmp.eq.or p6,p7=r20,r0',
    'cmp.eq.andcm p6,p7=r20,r0',
    'cmp.eq.orcm p6,p7=r20,r0',
    'cmp.eq.or.andcm p6,p7=r20,r0',
    'cmp.eq.and.orcm p6,p7=r20,r0',
    'cmp.lt.or.andcm p6,p7=r0,r20',
    'tbit.z.or.andcm p6,p7=r20,3',
    'tnat.z.and.orcm p6,p7=r20',
    '(p8) cmp.eq p6,p7=r20,r0',
    '(p8) cmp.eq.unc p6,p7=r20,r0',
    '(p8) tbit.z.unc p6,p7=r20,3',
    '(p8) tnat.z.unc p6,p7=r20',
    'fcmp.eq p6,p7=f6,f7',
    'fclass.m p6,p7=f6,@nat',
    'frcpa f8,p6=f6,f7',
  ])('not behind %s', (write) => expect(killsTogether(write)).toBe(false));

  test('every form with two predicates as targets says of which kind it is', () => {
    const targets = allForms().filter(({ outputs }) => outputs[0]?.name === 'p1' && outputs[1]?.name === 'p2');
    expect(targets.length).toBeGreaterThan(30);
    expect(
      targets
        .filter(({ complements, parallel }) => (complements !== null) === (parallel?.length === 2))
        .map(({ id }) => id),
    ).toEqual([]);
  });
});

describe('a NaT among the operands clears both', () => {
  test.each([
    ['a speculative load', 'ld8.s r20=[r33]'],
    ['an advanced speculative load', 'ld8.sa r20=[r33]'],
    ['a fill', 'ld8.fill r20=[r33]'],
    ['an argument', 'mov r20=r32'],
    ['a computation from one', 'ld8.s r21=[r33];; add r20=r21,r0'],
    ['a load that may not be executed', 'ld8.s r20=[r33];;\n (p8) ld8 r20=[r33]'],
    ['a check under a predicate', 'ld8.s r20=[r33];;\n (p8) st8 [r32]=r20'],
    ['an increment that is added', 'ld8 r21=[r20],r32'],
    ['a spill of it', 'ld8.s r20=[r33];; st8.spill [r32]=r20'],
    ['a translation hash', 'thash r20=r32'],
  ])('of %s', (_, setUp) => expect(killsTogether('cmp.eq p6,p7=r20,r0', setUp)).toBe(false));

  test.each([
    ['a load', 'ld8.s r20=[r33];; ld8 r20=[r33]'],
    ['an advanced load', 'ld8.a r20=[r33]'],
    ['a move from a control register', 'mov r20=cr.ifa'],
    ['a move from a branch register', 'mov r20=b0'],
    ['a move from predicates', 'mov r20=pr'],
    ['an immediate', 'mov r20=5'],
    ['movl', 'movl r20=f'],
    ['a computation from such', 'ld8 r21=[r33];; dep r20=r21,r0,3,4'],
    ['what was stored', 'ld8.s r20=[r33];; st8 [r32]=r20'],
    ['what was an address', 'add r20=8,r32;; ld8 r21=[r20]'],
    ['a base that was incremented', 'mov r20=r32;; ld8 r21=[r20],8'],
    ['what was moved to a branch register', 'mov r20=r32;; mov b6=r20'],
    ['an exchange', 'xchg8 r20=[r33],r32'],
  ])('not of %s', (_, setUp) => expect(killsTogether('cmp.eq p6,p7=r20,r0', setUp)).toBe(true));

  test('one at most is true all the same', () => {
    check(`
    .global f
    f:  cmp.eq p6,p7=r32,r0;;
    (p6) mov r14=1             // FREE r15
        nop 0;;
    (p7) br.cond.sptk 1f;;
        br.ret.sptk rp
    1:  nop 0;;
    (p6) add r8=r15,r8;;
        br.ret.sptk rp
    `);
  });

  test('a check that did not branch has looked', () => {
    check(`
    .global f
    f:  ld8.s r20=[r33];;
        add r8=r14,r8;;
        nop 0;;                // FREE r14
        chk.s r20,fix;;
        cmp.eq p6,p7=r20,r0;;  // FREE r14
    (p6) mov r14=1
    (p7) mov r14=2;;
        add r8=r14,r8
        br.ret.sptk rp
    fix: mov r14=1;;           // LIVE r20
        cmp.eq p6,p7=r20,r0;;
    (p6) mov r14=1
    (p7) mov r14=2;;
        add r8=r14,r8
        br.ret.sptk rp
    `);
  });

  test('the table speaks of every form that reads memory into a general register', () => {
    const loads = allForms().filter(
      ({ reads, outputs }) => reads.includes('memory') && outputs[0]?.class === 'gr' && outputs[0].shape === 'register',
    );
    expect(loads.length).toBeGreaterThan(20);
    expect(loads.filter(({ id }) => natRuleOf(id) === null).map(({ id }) => id)).toEqual([]);
  });
});
