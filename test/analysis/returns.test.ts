/** Where control goes through a register: returns by other ways than the software conventions', tables, pointers. */
import { describe, expect, test } from 'vitest';
import { analyseText } from './support.ts';

/** The registers that are free at the one `mov cr.ifa` of a program. */
function freeAtSite(text: string): string[] {
  const analysis = analyseText(text);
  const site = analysis.instructions.findIndex(({ file, start, end }) =>
    file.text.slice(start, end).includes('cr.ifa'),
  );
  const { gr, br } = analysis.freeAt(site);
  return [...gr.map((number) => `r${number}`), ...br.map((number) => `b${number}`)];
}

/** A caller that reads r14 and r15 behind its call, and r16 not. */
const caller = (name: string, call: string): string => `
  .global ${name}
${name}: mov r31=b0
  mov r14=5
  mov r15=6
  mov r16=7
  ;;
  mov b1=r31
  add r8=r16,r8
  ${call}
  ;;
  add r8=r14,r8
  ;;
  add r8=r15,r8
  mov r31=b1
  ;;
  mov b0=r31
  br.ret.sptk.many b0
`;

const site = `
  add r20=r14,r8
  ;;
  mov cr.ifa=r20
  ;;
`;

/** What a subroutine does around its site; what is not free there. */
const live: Readonly<Record<string, string>> = {
  'returns through a copy of its link': `sub: mov r20=b0\n;;\nmov b6=r20\n;;${site}br.sptk.many b6`,
  'returns through a copy of a copy': `sub: mov r21=b0\n;;\nmov r22=r21\n;;${site}mov b6=r22\n;;\nbr.cond.sptk.many b6`,
  'br.ret through another register': `sub: mov r21=b0\n;;${site}mov b7=r21\n;;\nbr.ret.sptk.many b7`,
  'through a computed copy': `sub: mov r21=b0\n;;\nxor r22=r21,r0\n;;${site}mov b0=r22\n;;\nbr.ret.sptk.many b0`,
  'saved in a stacked register': `sub: alloc r32=ar.pfs,0,3,0,0\nmov r33=b0\n;;${site}mov b6=r33\n;;\nbr.sptk.many b6`,
  'spilled to memory': `sub: mov r21=b0\n;;\nst8 [r12]=r21\n;;${site}ld8 r22=[r12]\n;;\nmov b0=r22\n;;\nbr.ret.sptk.many b0`,
  'behind a call of its own': `sub: mov r5=b0\n;;\nbr.call.sptk.many b0=leaf\n;;${site}mov b6=r5\n;;\nbr.sptk.many b6
leaf: add r9=r9,r9\nbr.ret.sptk.many b0`,
  'by a subroutine that returns for it': `sub: mov r5=b0\n;;${site}br.call.sptk.many b7=leave\n;;
leave: mov b0=r5\n;;\nbr.ret.sptk.many b0`,
  'by a tail of several subroutines': `sub: nop 0\nbr.sptk.many tail\nother: br.call.sptk.many b0=tail\n;;\nbr.ret.sptk.many b0
tail: mov r21=b0\n;;${site}mov b6=r21\n;;\nbr.sptk.many b6`,
  'from a label that a table holds': `sub: addl r20=@ltoff(table),r1\n;;\nld8 r20=[r20]\n;;\nld8 r20=[r20]\n;;\nmov b6=r20
br.cond.sptk.many b6\nL1:${site}br.ret.sptk.many b0\n.section .rodata\ntable: data8 L1`,
  'from a label that a table holds, by its distance': `sub: movl r21=table\n;;\nld8 r20=[r21]\n;;\nadd r20=r20,r21\n;;\nmov b6=r20
br.cond.sptk.many b6\nL1:${site}br.ret.sptk.many b0\n.section .rodata\ntable: data8 L1-table`,
  'from one of two labels': `sub: movl r21=table\n;;\nld8 r20=[r21]\n;;\nmov b6=r20\n;;\nbr.sptk.many b6
L2: br.ret.sptk.many b0\nL1:${site}br.ret.sptk.many b0\n.section .rodata\ntable: data8 L1\ndata8 L2`,
  'by a table that it goes to with br.ret': `sub: mov r22=b0\nmovl r21=table\n;;\nld8 r20=[r21]\n;;\nmov b0=r20\n;;\nbr.ret.sptk.many b0
L1: mov b0=r22\n;;${site}br.ret.sptk.many b0\n.section .rodata\ntable: data8 L1`,
  'from a label that it goes to by movl': `sub: movl r21=L1\n;;\nmov b6=r21\n;;\nbr.sptk.many b6\nL1:${site}br.ret.sptk.many b0`,
};

describe('a subroutine that is called by br.call b0 returns to what reads r14 and r15', () => {
  test.each(Object.entries(live))('%s', (_, subroutine) => {
    const free = freeAtSite(`${caller('f', 'br.call.sptk.many b0=sub')}${subroutine}`);
    expect(free.filter((register) => ['r14', 'r15'].includes(register))).toEqual([]);
  });

  test('wherever it is called from', () => {
    const second =
      '\n.global g\ng: mov r5=b0\nmov r17=1\n;;\nbr.call.sptk.many b0=sub\n;;\nadd r8=r17,r8\nmov b0=r5\n;;\nbr.ret.sptk.many b0\n';
    const subroutine = `sub: mov r21=b0\n;;\nmov b6=r21\n;;${site}br.sptk.many b6`;
    const free = freeAtSite(`${caller('f', 'br.call.sptk.many b0=sub')}${second}${subroutine}`);
    expect(free.filter((register) => ['r14', 'r15', 'r17'].includes(register))).toEqual([]);
    expect(free).toContain('r16');
  });
});

describe('other ways to call', () => {
  const returns = `${site}br.ret.sptk.many b0`;
  test.each([
    [
      'linked through b7, returns through b0',
      'br.call.sptk.many b7=sub',
      `sub: mov r21=b7\n;;\nmov b0=r21\n;;${returns}`,
    ],
    [
      'linked through b7, saved over a call',
      'br.call.sptk.many b7=sub',
      `sub: mov r5=b7\n;;\nbr.call.sptk.many b0=outside\n;;\nmov b0=r5\nmov r8=r14\n;;${returns}`,
    ],
    ['by a pointer', 'movl r9=sub\n;;\nmov b6=r9\n;;\nbr.call.sptk.many b0=b6', `sub:${returns}`],
    [
      'by a pointer in a table',
      'movl r9=table\n;;\nld8 r9=[r9]\n;;\nmov b6=r9\n;;\nbr.call.sptk.many b0=b6',
      `sub:${returns}\n.section .rodata\ntable: data8 sub`,
    ],
    [
      'by hand',
      'movl r9=back\n;;\nmov b7=r9\n;;\nbr.sptk.many sub\nback: nop 0',
      `sub: mov r21=b7\n;;\nmov b0=r21\n;;${returns}`,
    ],
    [
      'by hand, and over a label that a table holds',
      'movl r9=back\n;;\nmov b7=r9\n;;\nbr.sptk.many sub\nback: nop 0',
      `sub: mov r6=b7\n;;\nL1: ${site}mov b0=r6\n;;\nbr.ret.sptk.many b0\n.section .rodata\ntable: data8 L1`,
    ],
  ])('%s', (_, call, subroutine) => {
    const free = freeAtSite(`${caller('f', call)}${subroutine}`);
    expect(free.filter((register) => ['r14', 'r15'].includes(register))).toEqual([]);
  });
});

test('a routine that nobody calls here returns by the software conventions, whatever is called here', () => {
  const free = freeAtSite(`${caller('f', 'br.call.sptk.many b0=sub')}
sub: br.ret.sptk.many b0
.global other
other: mov cr.ifa=r32
;;
br.ret.sptk.many b0`);
  expect(free).toEqual(expect.arrayContaining(['r14', 'r15', 'r16', 'b6']));
});

test('what is behind a call is not live where the subroutine returns from another one', () => {
  const free = freeAtSite(`${caller('f', 'br.call.sptk.many b0=sub')}
sub: br.ret.sptk.many b0
.global g
g: mov r5=b0
;;
br.call.sptk.many b0=leaf
;;
mov b0=r5
;;
br.ret.sptk.many b0
leaf:${site}br.ret.sptk.many b0`);
  expect(free).toEqual(expect.arrayContaining(['r14', 'r15', 'r16']));
});

describe('a subroutine that code outside knows by another name returns there, too', () => {
  const program = (names: string) => `
real: mov r9=r32
;;
inner: st8 [r33]=r9
;;
mov cr.ifa=r14
br.ret.sptk.many b0
${names}
.global f
f: mov r31=b0
;;
br.call.sptk.many b0=real
;;
mov r9=0
mov b0=r31
;;
br.ret.sptk.many b0`;
  test.each([
    '.global alias\nalias = real',
    '.globl alias\nalias == real',
    '.weak alias\n.set alias, real',
    '.global alias\n.equiv alias, inner',
    '.global alias\n.eqv alias, inner',
    'other = real\n.global alias\nalias = other',
    '.global alias\nalias = real + 16',
    '.global alias\nalias = later\nlater = real',
  ])('%s', (names) => {
    expect(freeAtSite(program(names))).not.toContain('r9');
  });

  test('a name that only this file knows is none', () => {
    expect(freeAtSite(program('alias = real'))).toContain('r9');
  });
});
