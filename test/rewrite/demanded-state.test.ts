/** Hypercalls whose answer is right only in a certain state: Xen's GET_PSR where psr.dt is 1. */
import { describe, expect, test } from 'vitest';
import { built, type Given, listing } from './support.ts';

const END = '\t;;\n\tbr.ret.sptk.many b0\n';
const SITE = '\tmov r20=psr\n\t;;\n';

function isAsked(source: string, more: Partial<Given> = {}): boolean {
  const text = listing({ files: { 'a.S': source }, ...more }, 'xen:b');
  const asked = /break\.\w 0x19\b/.test(text);
  expect(/mov r20=psr/.test(text)).toBe(!asked);
  return asked;
}

describe('psr is asked for where psr.dt is known to be 1', () => {
  test.each([
    ['nothing changes it', `f:\n${SITE}${END}`],
    ['other bits are cleared', `f:\trsm 0x4000\n\t;;\n${SITE}${END}`],
    ['it was set again', `f:\trsm 0x20000\n\t;;\n\tsrlz.d\n\t;;\n\tssm 0x20000\n\t;;\n\tsrlz.d\n\t;;\n${SITE}${END}`],
    [
      'another routine clears it for itself',
      `g:\trsm 0x20000\n\t;;\n\tld8 r8=[r9]\n\t;;\n\tssm 0x20000\n\t;;\n\tsrlz.d\n${END}f:\n${SITE}${END}`,
    ],
    ['it is cleared behind', `f:\n${SITE}\trsm 0x20000\n\t;;\n1:\tbr.sptk.few 1b\n\t;;\n`],
    [
      'rfi leaves the file',
      `f:\n${SITE}\tmov r8=r0\n\tmov r14=r0\n\tmov cr.ipsr=r21\n\tmov cr.iip=r22\n\t;;\n\trfi\n\t;;\n`,
    ],
  ])('%s', (_, source) => expect(isAsked(source)).toBe(true));
});

describe('where it may be 0, the site stays native and traps', () => {
  test.each([
    ['cleared', `f:\trsm 0x20000\n\t;;\n${SITE}${END}`],
    ['cleared with others', `f:\trsm 0x26000\n\t;;\n${SITE}${END}`],
    ['cleared under a predicate', `f:\n(p6)\trsm 0x20000\n\t;;\n${SITE}${END}`],
    ['set under a predicate only', `f:\trsm 0x20000\n\t;;\n(p6)\tssm 0x20000\n\t;;\n${SITE}${END}`],
    ['psr is loaded', `f:\tmov psr.l=r9\n\t;;\n\tsrlz.d\n\t;;\n${SITE}${END}`],
    ['on one of two ways', `f:\n(p6)\tbr.cond.sptk.few 1f\n\t;;\n\trsm 0x20000\n\t;;\n1:\n${SITE}${END}`],
    ['around a loop', `f:\n1:\n${SITE}\trsm 0x20000\n\t;;\n\tbr.sptk.few 1b\n\t;;\n`],
    [
      'a subroutine comes back without',
      `f:\tbr.call.sptk.many b0=g\n\t;;\n${SITE}${END}g:\trsm 0x20000\n\t;;\n\tsrlz.d\n${END}`,
    ],
    [
      'a branch through a register leads to a label whose address is taken',
      `f:\tmovl r30=1f\n\t;;\n\tbr.sptk.few g\n\t;;\n1:\n${SITE}${END}g:\trsm 0x20000\n\t;;\n\tmov b6=r31\n\t;;\n\tbr.sptk.few b6\n\t;;\n`,
    ],
    [
      'rfi goes on there',
      `f:\tmovl r9=1f\n\t;;\n\tmov cr.iip=r9\n\tmov cr.ipsr=r21\n\t;;\n\trfi\n\t;;\n1:\n${SITE}${END}`,
    ],
    ['physical mode begins there', `_start:\n${SITE}${END}`],
    ['the file switches modes', `f:\tbr.call.sptk.many b0=ia64_switch_mode_virt\n\t;;\n${SITE}${END}`],
  ])('%s', (_, source) => expect(isAsked(source)).toBe(false));

  test('in some configuration', () => {
    const source = (mask: string) => `f:\n#ifdef CONFIG_P\n\trsm ${mask}\n\t;;\n#endif\n${SITE}${END}`;
    expect(isAsked(source('0x4000'), { everyConfiguration: true })).toBe(true);
    expect(isAsked(source('0x20000'), { everyConfiguration: true })).toBe(false);
  });

  test('and that is no failure, but said', () => {
    const source = `f:\trsm 0x20000\n\t;;\n${SITE}${END}`;
    const { failures, plans } = built({ files: { 'a.S': source }, targets: ['xen:b'] });
    expect(failures).toEqual([]);
    expect([...plans[0]!.trapped.values()]).toEqual([
      'GET_PSR is right only where psr.dt is 1, which is not known here: it traps, and the hypervisor emulates it',
    ]);
  });
});
