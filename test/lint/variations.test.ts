/**
 * Faults of one kind in several spellings: other registers and register classes, other mnemonics, other ways of control. Each is found
 * for what it is, and what looks alike and is none is not.
 */
import { describe, expect, test } from 'vitest';
import { lintSnippet } from './snippet.ts';

const VECTORS = '[vectors]\ntables = ["table"]\n';
const routine = (...lines: string[]) => `\t.text\n\t.global f\n\t.proc f\nf:\n${lines.join('\n')}\n\t.endp f\n`;
const handler = (...lines: string[]) =>
  `\t.section .text.ivt,"ax"\n\t.align 32768\ntable:\n\t.org table+0x400\n${lines.join('\n')}\n\t.org table+0x800\n`;

/** What is found by one rule: `7: message`. */
const found = (rule: string, text: string) =>
  lintSnippet(text, VECTORS)
    .filter((each) => each.rule === rule)
    .map(({ file, start, message }) => `${file.position(start).line}: ${message}`);

const ALLOC = '\talloc r33=ar.pfs,1,2,0,0\n\t;;';
const BACK = '\tmov ar.pfs=r33\n\t;;\n\tbr.ret.sptk.many b0';
const OUTSIDE = (name: string) => `7: ${name} is outside the register frame: its last is r34`;

describe('a register outside its frame', () => {
  test.each([
    ['a load', '\tld8 r36=[r32]', OUTSIDE('r36')],
    ['an address', '\tst8 [r37]=r0', OUTSIDE('r37')],
    ['an operand', '\tadds r8=0,r40', OUTSIDE('r40')],
    ['by its role', '\tadd r8=r32,out0', '7: out0 is outside the register frame: it has 1 input, 2 locals, 0 outputs'],
  ])('%s', (_, line, message) => {
    expect(found('PV027', routine(ALLOC, line, BACK))).toEqual([message]);
  });

  test('the last of it is inside', () => {
    expect(found('PV027', routine(ALLOC, '\tadd r8=r32,r34', BACK))).toEqual([]);
  });
});

describe('a return that comes back to the routine itself', () => {
  const SELF = ': b0 still holds the return address of a call above: this goes back there, not to the caller';
  const called = (call: string, back: string) =>
    routine('\talloc r33=ar.pfs,1,2,1,0\n\t;;\n\tmov r35=r32', call, '\t;;\n\tmov ar.pfs=r33\n\t;;', back);
  test.each([
    ['br.ret', '\tbr.call.sptk.many b0=g', '\tbr.ret.sptk.many b0'],
    ['a long call', '\tbrl.call.sptk.many b0=g', '\tbr.ret.sptk.many b0'],
    ['a branch', '\tbr.call.sptk.many b0=g', '\tbr.cond.sptk.many b0'],
    ['a branch without hints', '\tbr.call.sptk.many rp=g', '\tbr.few rp'],
  ])('%s', (_, call, back) => {
    expect(found('PV025', called(call, back)).filter((each) => each.endsWith(SELF))).toEqual([`12${SELF}`]);
  });

  test('not where the address is put back, nor through a register that a call leaves an address in', () => {
    const restored = called('\tmov r34=b0\n\tbr.call.sptk.many b0=g', '\tmov b0=r34\n\t;;\n\tbr.few b0');
    const own = routine('\tbr.call.sptk.many b6=1f\n1:\tmov r14=b6\n\t;;\n\tbr.cond.sptk.many b6');
    for (const text of [restored, own]) expect(found('PV025', text).filter((each) => each.endsWith(SELF))).toEqual([]);
  });
});

describe('a register of the interrupted code that is not given back on one path', () => {
  const parted = (save: string, use: string, restore: string) =>
    handler(
      `\tmov r31=pr\n\t${save}\n\tmov r16=cr.ifa\n\t;;\n\t${use}\n\ttbit.z p6,p7=r16,0`,
      `(p6)\tbr.cond.spnt.many quick\n\t;;\n\t${restore}\n\tmov pr=r31,-1\n\trfi\nquick:\tmov pr=r31,-1\n\trfi`,
    );
  test.each([
    ['ar.lc', 'mov r29=ar.lc', 'mov ar.lc=r16', 'mov ar.lc=r29'],
    ['b6', 'mov r29=b6', 'mov b6=r16', 'mov b6=r29'],
    ['ar.ccv', 'mov r29=ar.ccv', 'mov ar.ccv=r16', 'mov ar.ccv=r29'],
    ['r8', 'mov r29=r8', 'mov r8=r16', 'mov r8=r29'],
  ])('%s', (name, ...[save, use, restore]) => {
    expect(found('PV025', parted(save, use, restore))).toEqual([
      `11: ${name} belongs to the interrupted code; on one way from here it is not given back`,
    ]);
  });

  test('nor under one of two predicates', () => {
    const text = handler(
      '\tmov r31=pr\n\tmov r29=b6\n\tmov r16=cr.ifa\n\t;;\n\tmov b6=r16\n\ttbit.z p6,p7=r16,0\n\t;;\n(p7)\tmov b6=r29',
      '\t;;\n\tmov pr=r31,-1\n\trfi',
    );
    expect(found('PV025', text)).toEqual(['9: b6 belongs to the interrupted code and is not given back']);
  });
});

describe('psr.i with psr.ic', () => {
  test.each([['ssm psr.i|psr.ic'], ['ssm (1<<13)|(1<<14)'], ['ssm 0x6000'], ['ssm psr.ic | psr.i | psr.dt']])(
    '%s',
    (line) => {
      expect(found('PV026', routine(`\t${line}\n\t;;\n\tsrlz.d\n\t;;\n\tbr.ret.sptk.many b0`))).toHaveLength(1);
    },
  );
});

describe('the next try of a compare and exchange', () => {
  const loop = (exchange: string, compare: string) =>
    routine(
      `\tmov r14=r33\n\t;;\n1:\tld8 r17=[r32]\n\t;;\n\tadd r18=r14,r17\n\tmov ar.ccv=r17\n\t;;\n\t${exchange}\n\t;;`,
      `\t${compare}\n\tmov r8=r0\n\tbr.ret.sptk.many b0`,
    );
  test.each([
    ['cmpxchg8.acq r14=[r32],r18,ar.ccv', 'cmp.ne p6,p0=r17,r14\n(p6)\tbr.cond.spnt.few 1b'],
    ['cmpxchg8.rel r14=[r32],r18,ar.ccv', 'cmp.eq p0,p6=r17,r14\n(p6)\tbr.cond.spnt.few 1b'],
  ])('%s', (exchange, compare) => {
    expect(found('PV031', loop(exchange, compare))).toHaveLength(1);
  });

  test('a register of its own for the result is right', () => {
    expect(
      found('PV031', loop('cmpxchg8.acq r19=[r32],r18,ar.ccv', 'cmp.ne p6,p0=r17,r19\n(p6)\tbr.cond.spnt.few 1b')),
    ).toEqual([]);
  });
});
