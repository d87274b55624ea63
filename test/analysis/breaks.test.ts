/** What the handler of a `break` reads, destroys and returns: everything it may, or what a convention says. */
import { describe, expect, test } from 'vitest';
import { check } from './expectations.ts';
import { analyseText, conventionsWith } from './support.ts';

const HYPERCALL = `
[[break]]
immediate = 0x200
to = 0x2ff
reads = ["r15", "@special", "@preserved", "@stacked"]
clobbers = ["r9"]
returns = ["r14"]
`;

describe('liveness', () => {
  test.each([
    [
      'a system call reads its number and its arguments',
      `
    .global f
    f:  mov r15=3
        mov r32=r9;;
        nop 0;;              // LIVE r15 r32; FREE r8 r14 r20 p6 b6
        break 0x100000;;
        br.ret.sptk rp
      `,
    ],
    [
      'a break of which nothing is said may read everything',
      `
    .global f
    f:  nop 0                // LIVE r8 r14 r31 b6 p6 p15
        break.m 0x1234;;
        mov r14=0;;
        mov r8=r14           // FREE r15
        br.ret.sptk rp
      `,
    ],
    [
      'so may one whose immediate cannot be told',
      `
    .global f
    f:  nop 0                // LIVE r14 r20
        break.m number;;
        br.ret.sptk rp
      `,
    ],
    [
      'break.b hands over no immediate',
      `
    .global f
    f:  nop 0                // LIVE r14 r20
        break.b 0x100000;;
        br.ret.sptk rp
      `,
    ],
    [
      'and under a predicate what is read behind it is live too',
      `
    .global f
    f:  cmp.eq p6,p0=r32,r0
        mov r9=1
        mov r14=2
        mov r15=3;;
        nop 0;;              // LIVE r15 r9 r14; FREE r16
    (p6) break.m 0x200;;
        add r8=r9,r14
        br.ret.sptk rp
      `,
    ],
    [
      'a range of immediates: what it returns and destroys is dead in front of it',
      `
    .global f
    f:  nop 0                // LIVE r15; FREE r9 r14 r8
        break.m 0x2ff;;
        add r8=r14,r9;;
        br.ret.sptk rp
      `,
    ],
    [
      'and one behind the range',
      `
    .global f
    f:  nop 0                // LIVE r15 r9 r14 r20
        break.m 0x300;;
        add r8=r14,r9;;
        br.ret.sptk rp
      `,
    ],
    [
      'a break in a subroutine may write predicates',
      `
    .global f
    f:  ld8 r20=[r32];;
        mov r14=5;;
        add r8=r14,r8;;
        cmp.eq p6,p7=r20,r0;;
        nop 0;;              // LIVE r14
        br.call.sptk b6=g;;
    (p6) mov r14=1
    (p7) mov r14=2;;
        add r8=r14,r8
        br.ret.sptk rp
    g:  break.m 0x1234;;
        br.ret.sptk b6
      `,
    ],
  ])('%s', (_, program) => {
    check(program, conventionsWith(HYPERCALL));
  });
});

describe('lost values', () => {
  const lost = (code: string, more = HYPERCALL): string[] =>
    analyseText(`.global f\n.proc f\nf: ${code}\nbr.ret.sptk rp\n.endp f`, conventionsWith(more))
      .clobberedReads()
      .map(({ register, kind }) => `${register} ${kind}`);

  test('what a system call destroys', () => {
    expect(lost('mov r14=r32;; break 0x100000;; add r8=r8,r14;;')).toEqual(['r14 call']);
    expect(lost('mov r15=r32;; break 0x100000;; add r8=r15,r10;;')).toEqual([]);
  });

  test('what a convention says, not its results, and not what is written anew', () => {
    expect(lost('break.m 0x210;; add r8=r9,r14;;')).toEqual(['r9 call']);
    expect(lost('break.m 0x210;; mov r9=1;; add r8=r9,r14;;')).toEqual([]);
    expect(lost('(p6) break.m 0x210;; add r8=r9,r14;;')).toEqual([]);
    expect(lost('break.m 0x1234;; add r8=r9,r14;;')).toEqual([]);
  });
});

test('of several conventions the last decides', () => {
  const late = `${HYPERCALL}
[[break]]
immediate = 0x210
routine = "f"
reads = []
returns = false
`;
  check(
    `
    .global f
    .proc f
    f:  nop 0                // FREE r14 r15 r20
        break.m 0x210;;
        .endp f
    .proc g
    .global g
    g:  nop 0                // LIVE r15
        break.m 0x210;;
        br.ret.sptk rp
        .endp g
    `,
    conventionsWith(late),
  );
});
