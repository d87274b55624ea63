/** Where a program counts the bytes of code, no site in between may become longer. */
import { describe, expect, test } from 'vitest';
import { rewritten } from './support.ts';

/** The lines of the sites that are left native, for whatever target. */
function leftNative(text: string): number[] {
  return rewritten({ files: { 'a.S': text }, targets: ['xen:b'] })
    .refusals.filter(({ reason }) => reason.includes('counts the bytes of the code here'))
    .map(({ file, start }) => file.position(start).line);
}

/** Lines 3, 4, 5 and 8 are sites; each line but the first two has a bundle of its own. */
const program = (branch: string, behind = '') => `\t.global f
f:\tnop 0 ;;
\tmov r14=cr.ifa ;;
\tmov r15=cr.isr ;;
a:\tmov r16=cr.iip ;;
\tnop 0 ;;
\t${branch} ;;
\tmov r17=cr.itir ;;
\tnop 0 ;;
\tst8 [r12]=r17
\tbr.ret.sptk.many b0
${behind}`;

describe('sites on the way', () => {
  test.each<[string, string, number[]]>([
    ['a label and bytes', '(p6) br.cond.sptk f+0x10', [3, 4]],
    ['bytes and a label', '(p6) br.cond.sptk 0x10+f', [3, 4]],
    ['a label less bytes', '(p6) br.cond.sptk a-0x10', [3, 4]],
    ['here and bytes', '(p6) br.cond.sptk .+0x20', [8]],
    ['here less bytes', '(p6) br.cond.sptk .-0x20', [3, 4, 5]],
    ['an address', 'movl r20=a+0x10', [5]],
    ['a number by its name', '(p6) br.cond.sptk f+SIZE', [3, 4]],
    ['added to the address of a label', 'movl r20=a\n\t;;\n\tadds r20=0x10,r20', [5]],
    ['added to ip', 'mov r20=ip\n\t;;\n\tadds r21=0x30,r20', [11]],
    ['a row of pieces', 'mov r20=ip\n\t;;\n\tshladd r20=r32,4,r20\n\t;;\n\tmov b6=r20\n\t;;\n\tbr.cond.sptk b6', [14]],
    ['a row behind a step', 'mov r20=ip\n\t;;\n\tadds r20=32,r20\n\t;;\n\tadd r20=r20,r14\n\t;;\n\tmov b6=r20', [14]],
    ['added to a copy of ip', 'mov r20=ip\n\t;;\n\tmov r21=r20\n\t;;\n\tadds r21=0x30,r21', [13]],
  ])('%s', (_, branch, lines) => {
    const expected = branch.includes('ip')
      ? lines.map((line) => line + branch.split('\n').length - 1 - (lines[0]! - 8))
      : lines;
    expect(leftNative(program(branch, 'SIZE = 0x10\n'))).toEqual(expected);
  });

  test.each([
    ['a label', '(p6) br.cond.sptk a'],
    ['a slot', 'movl r20=a+1'],
    ['the distance of two labels', 'adds r20=a-f,r0'],
    ['bytes of data', 'movl r20=table+0x20'],
    ['a number', 'adds r20=0x20,r21'],
    ['a distance out of a table', 'mov r20=ip\n\t;;\n\tld8 r21=[r32]\n\t;;\n\tadd r20=r21,r20\n\t;;\n\tmov b6=r20'],
    ['a distance that is assembled', 'mov r20=ip\n\tmovl r21=a-f\n\t;;\n\tadd r20=r21,r20\n\t;;\n\tmov b6=r20'],
    ['an address of data', 'movl r20=table\n\t;;\n\tshladd r20=r32,3,r20\n\t;;\n\tmov r21=r20'],
    ['what another file has', 'movl r20=elsewhere+0x20'],
  ])('but not for %s', (_, branch) => {
    expect(leftNative(program(branch, '\t.data\ntable:\tdata8 1, 2, 3, 4, 5\n'))).toEqual([]);
  });

  test('data', () => {
    expect(leftNative(program('nop 0', '\t.data\n\tdata8 a+0x10\n'))).toEqual([5]);
    expect(leftNative(program('nop 0', '\t.data\n\tdata4 a+0x10-.\n'))).toEqual([5]);
    expect(leftNative(program('nop 0', '\t.data\n\tdata4 a-., f-.+4\n'))).toEqual([]);
  });

  test('a row by its label: what follows in its routine', () => {
    const text = program('movl r20=a\n\t;;\n\tshladd r20=r32,4,r20\n\t;;\n\tmov b6=r20\n\t;;\n\tbr.cond.sptk b6');
    expect(leftNative(text)).toEqual([5, 14]);
    expect(leftNative(text.replace(/^f:/m, '\t.proc f\nf:').replace(/^a:/m, '\t.endp\n\t.proc a\na:'))).toEqual([
      8, 17,
    ]);
    expect(leftNative(text.replace('\tnop 0 ;;\n\tmovl', '\t.endp\n\t.proc g\n\tmovl'))).toEqual([5]);
  });

  test('behind a call, in front of which its return address was moved on', () => {
    const text = `\t.global f
f:\tmov r20=b0
\tbr.call.sptk.many b0=sub ;;
\tmov r14=cr.ifa ;;
\tst8 [r12]=r14
\tmov b0=r20
\tmov r15=cr.isr ;;
\tst8 [r12]=r15
\tbr.ret.sptk.many b0
sub:\tmov r21=b0 ;;
\tadds r21=16,r21 ;;
\tmov b0=r21
\tbr.ret.sptk.many b0
`;
    expect(leftNative(text)).toEqual([4]);
  });

  test('a table of vectors stays where .org puts it', () => {
    const table = `\t.section .text..ivt,"ax"
\t.global ia64_ivt
ia64_ivt:
\t.org ia64_ivt+0x400
\tmov r16=cr.ifa
\tmovl r17=ia64_ivt+0x800
\t;;
\trfi
\t.org ia64_ivt+0x800
\trfi
`;
    expect(leftNative(table)).toEqual([]);
  });
});

test('a macro of ours there is an error', () => {
  const { diagnostics } = rewritten({
    files: { 'a.S': program('(p6) br.cond.sptk f+0x10').replace('mov r14=cr.ifa', 'ASM_READ_IFA(-, r14)') },
    targets: ['xen:b'],
  });
  expect(diagnostics.map(({ message }) => message)).toEqual([
    'ASM_READ_IFA stands where a.S:7 counts the bytes of the code, and a body would change them',
  ]);
});
