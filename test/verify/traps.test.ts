/** What Xen makes of instructions that stay in a listing and trap: where that is not what the manual says, `verify` tells it. */
import { describe, expect, test } from 'vitest';
import { verifyHandlers } from '../../src/verify/handlers.ts';
import { EFFORT, openedFile } from './support.ts';

/** The first difference between a routine and its listing for xen; null: they are equal. */
function difference(code: string): string | null {
  const text = `\t.global f\n\t.proc f\nf:\n\t${code} ;;\n\tbr.ret.sptk.many b0\n\t.endp f\n`;
  // The sites of other registers make this a file that has listings.
  const { source, subjects } = openedFile({
    files: { 'a.S': `${text}\t.global g\ng:\tmov r8=cr.ivr ;;\n\tbr.ret.sptk.many b0\n` },
    sources: ['a.S'],
    targets: ['xen:b'],
  });
  const { entries } = verifyHandlers(source!, subjects, { ...EFFORT, entry: 'f' }).subjects[0]!;
  const [judged] = entries;
  if (judged!.failures.length === 0) expect(judged!.equal).toBeGreaterThan(0);
  return judged!.failures[0]?.reasons[0] ?? null;
}

describe('emulated as the manual says', () => {
  test.each([
    'mov r8=cr.iva',
    'mov cr.iva=r8',
    'mov r8=cr.irr0',
    'mov r8=cr.lid',
    'mov cr.itv=r0',
    'ssm psr.dfh',
    'ssm psr.pp',
    'rsm psr.dfl',
    'rsm psr.up',
    'mov r9=psr ;;\n\tmov psr.l=r9',
    'ptc.l r8,r9',
    'itr.i itr[r8]=r9',
    'mov pkr[r8]=r9',
    'mov r8=dbr[r9]',
  ])('%s', (code) => expect(difference(code)).toBeNull());
});

describe('not emulated, or otherwise', () => {
  const ILLEGAL = 'native: goes to';
  test.each([
    ['mov r8=cr.itm', 'here what nobody knows'],
    ['mov r8=cr.lrr0', 'here 0x10000'],
    ['mov cr.lrr1=r0', ILLEGAL],
    ['mov cr.lid=r0', 'Illegal Operation'],
    ['mov r8=cr.gpta', 'Illegal Operation'],
    ['mov r9=0x100 ;;\n\tmov cr.pta=r9', ILLEGAL],
    ['ssm psr.si', ILLEGAL],
    ['rsm psr.di', ILLEGAL],
    ['mov r9=msr[r8]', 'Illegal Operation'],
    ['ptc.g r8,r9', 'Illegal Operation'],
    ['mov r9=psr ;;\n\tdep r9=-1,r9,24,1 ;;\n\tmov psr.l=r9', 'psr: native'],
  ])('%s', (code, told) => expect(difference(code)).toContain(told));
});
