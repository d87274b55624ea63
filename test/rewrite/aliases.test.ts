/** Names that stand for registers, however they are defined: what is live under another name is live. */
import { describe, expect, test } from 'vitest';
import { built, rewritten } from './support.ts';

const rewriteText = (source: string) => {
  const { files, refusals } = rewritten({ files: { 'a.S': source }, targets: ['native', 'xen'] });
  return { text: files[0]?.text ?? source, refusals };
};

const reads = (name: string): string => `
	.text
	.global f
f:	mov r14=3
	mov r15=4
	;;
	add r8=r14,r8
	;;
	mov cr.ifa=r9
	;;
	add r8=${name},r8
	br.ret.sptk.many b0
`;

describe('an alias of r14', () => {
  test.each([
    ['.equiv', '.equiv tmp, r14'],
    ['.eqv', '.eqv tmp, r14'],
    ['.set', '.set tmp, r14'],
    ['.equ', '.equ tmp, r14'],
    ['==', 'tmp == r14'],
    ['=', 'tmp = r14'],
    ['in brackets', '.set tmp, (r14)'],
    ['a quoted name', '.set "tmp", r14'],
    ['#define', '#define tmp r14'],
    ['of an alias', 'a = r14\ntmp = a'],
    ['of an alias that is defined later', 'a = b\nb = r14\ntmp = a'],
    ['of an alias that then means another register', '.set a, r14\n.set tmp, a\n.set a, r15'],
    ['that is looked up where it is used', '.set a, r15\n.eqv tmp, a\n.set a, r14'],
    ['defined anew', '.set tmp, r15\n.set tmp, r14'],
    ['in the body of a macro', '.macro M x\n.equiv \\x, r14\n.endm\nM tmp'],
    ['in a repetition', '.irp name,tmp\n\\name = r14\n.endr'],
    ['by a directive that is a macro', '#define D .equiv\nD tmp, r14'],
  ])('%s', (_, definition) => {
    const { text } = rewriteText(`${definition}\n${reads('tmp')}`);
    expect(text).toMatch(/ASM_WRITE_IFA\(b6, r9, r2\)/);
  });
});

test('of another register it keeps none live', () => {
  expect(rewriteText(`.equiv tmp, r15\n${reads('tmp')}`).text).toMatch(/ASM_WRITE_IFA\(b6, r9, r14\)/);
});

test('an operand of a site is what its name means there', () => {
  const { text } = rewriteText(`
	.set tmp, r20
	.text
	.global f
f:	mov r20=1
	mov r21=2
	;;
	mov cr.ifa=tmp
	;;
	.set tmp, r21
	mov cr.itir=tmp
	br.ret.sptk.many b0
`);
  expect(text).toMatch(/ASM_WRITE_IFA\(b6, (r20|tmp), /);
  expect(text).toMatch(/ASM_WRITE_ITIR\(b6, (r21|tmp), /);
});

describe('a name that may be defined where nobody can look', () => {
  test.each([
    ['a missing header', '#include "gone.h"'],
    ["an assembler's include", '.include "gone.inc"'],
  ])('%s: the site stays native', (_, directive) => {
    const { text, refusals } = rewriteText(`${directive}\n${reads('tmp')}`);
    expect(text).toContain('mov cr.ifa=r9');
    expect(refusals.length).toBe(1);
  });

  test('labels, symbols of other files and known names are no such names', () => {
    for (const name of ['f', 'outside', 'known'])
      expect(rewriteText(`#include "gone.h"\n.global outside\n.set known, 5\n${reads(name)}`).text).toContain(
        'ASM_WRITE_IFA',
      );
  });
});

test('a name that stands for a number is the number to the bodies of a target', () => {
  const source = `
	.text
	.global f
MASK = 1<<14
f:	ASM_SSM_PSR(b6, MASK, r14, p6)
MASK = 1<<13
	br.ret.sptk.many b0
`;
  const { listings, failures } = built({ files: { 'a.S': source }, targets: ['xen:b'] });
  expect(failures).toEqual([]);
  expect(listings[0]!.text).toContain('HYPERPRIVOP_SSM_I');
});
