import { describe, test } from 'vitest';
import { check } from './expectations.ts';
import { conventionsWith } from './support.ts';

const programs: Readonly<Record<string, string>> = {
  'straight line: read, then overwritten': `
    .global f
    f:  mov r14=1        // LIVE r14; FREE r15 r16
        mov r15=2;;      // LIVE r14 r15
        add r8=r14,r15;; // TOUCHED r14 r15; FREE r16; LIVE r4 b1
        br.ret.sptk rp   // LIVE r8; TOUCHED b0; FREE r14 r15
  `,
  'results, preserved and special registers are live at a return': `
    .global f
    f:  nop 0            // LIVE r4 r7 b0 b5 p1 p5; FREE r14 r31 b6 b7 p6 p15
        br.ret.sptk rp
  `,
  'a plain branch back may be one to a routine that wants ar.pfs': `
    .global f
    f:  nop 0                  // LIVE ar.pfs
        mov b0=r5
        ;;
        br.sptk.many b0
  `,
  'alloc reads ar.pfs for whoever reads the copy': `
    .global f
    f:  nop 0                  // LIVE ar.pfs
        ;;
        alloc r34=ar.pfs,1,2,0,0
        ;;
        nop 1                  // FREE ar.pfs; LIVE r34
        ;;
        mov ar.pfs=r34;;
        br.ret.sptk rp
  `,
  'and for nobody where nobody does': `
    .global f
    f:  nop 0                  // FREE ar.pfs
        ;;
        alloc r14=ar.pfs,1,0,2,0
        ;;
        nop 1                  // FREE ar.pfs r14
        ;;
        mov r14=r0;;
        st8 [r32]=r14
        br.call.sptk.many b0=g;;
        br.sptk.few f
  `,
  'a copy in the register stack may be found by whoever spills it': `
    .global f
    f:  nop 0                  // LIVE ar.pfs
        ;;
        alloc r34=ar.pfs,1,2,2,0
        ;;
        br.call.sptk.many b0=g;;
        br.sptk.few f
  `,
  'a call writes it; a return and code out of sight read it': `
    .global f
    f:  nop 0                  // LIVE ar.pfs
        cmp.eq p6,p7=r32,r0;;
    (p6) br.cond.sptk.few 1f;;
        nop 1                  // FREE ar.pfs
        ;;
        br.call.sptk.many b0=g;;
        nop 2                  // LIVE ar.pfs
    1:  br.ret.sptk rp
  `,
  'a predicated write does not kill': `
    .global f
    f:  cmp.eq p6,p0=r32,r33;; // LIVE r8
    (p6) mov r8=1;;
        br.ret.sptk rp
  `,
  'a predicated write kills for reads under the same predicate': `
    .global f
    f:  cmp.eq p6,p0=r32,r33;; // FREE r14
    (p6) mov r14=1;;           // FREE r15
    (p6) st8 [r32]=r14;;
        br.ret.sptk rp
  `,
  'not when the predicate changes between': `
    .global f
    f:  cmp.eq p6,p0=r32,r33;; // LIVE r14
    (p6) mov r14=1;;
        cmp.eq p6,p0=r32,r34;;
    (p6) st8 [r32]=r14;;
        br.ret.sptk rp
  `,
  'writes under the two predicates of one compare kill together': `
    .global f
    f:  ld8 r15=[r33];;        // FREE r14
        cmp.eq p6,p7=r15,r0;;  // FREE r14
    (p6) mov r14=1             // FREE r16
    (p7) mov r14=2;;
        st8 [r32]=r14;;
        br.ret.sptk rp
  `,
  'but not under the predicates of two compares': `
    .global f
    f:  cmp.eq p6,p0=r32,r33
        cmp.eq p7,p0=r32,r34;; // LIVE r14
    (p6) mov r14=1;;
    (p7) mov r14=2;;
        st8 [r32]=r14;;
        br.ret.sptk rp
  `,
  'nor when the compare is itself predicated': `
    .global f
    f:  cmp.eq p8,p0=r32,r34;; // LIVE r14
    (p8) cmp.eq p6,p7=r32,r33;;
    (p6) mov r14=1
    (p7) mov r14=2;;
        st8 [r32]=r14;;
        br.ret.sptk rp
  `,
  'nor when it is a parallel compare': `
    .global f
    f:  cmp.eq.or.andcm p6,p7=r0,r33;; // LIVE r14
    (p6) mov r14=1
    (p7) mov r14=2;;
        st8 [r32]=r14;;
        br.ret.sptk rp
  `,
  'what a predicated cmp.unc makes true was true before': `
    .global f
    f:  cmp.eq p6,p0=r32,r33;;         // FREE r14
    (p6) ld8 r14=[r32];;
    (p6) cmp.eq.unc p6,p0=r14,r33;;    // LIVE r14
    (p6) st8 [r32]=r14;;
        br.ret.sptk rp
  `,
  'cmp.unc writes its predicates even when it is not executed': `
    .global f
    f:  cmp.eq p6,p0=r32,r33;;   // FREE p7 p8
    (p6) cmp.eq.unc p7,p8=r0,r34;;
    (p7) mov r8=1
    (p8) mov r8=2;;
        br.ret.sptk rp
  `,
  'a plain predicated compare does not': `
    .global f
    f:  cmp.eq p6,p0=r32,r33;;   // LIVE p7 p8
    (p6) cmp.eq p7,p8=r0,r34;;
    (p7) mov r8=1
    (p8) mov r8=2;;
        br.ret.sptk rp
  `,
  'mov pr= writes the predicates of its mask': `
    .global f
    f:  nop 0                 // LIVE p6 p1; FREE p14 p15
        mov pr=r32,0xc000;;
    (p6) mov r8=1
    (p14) mov r8=2
    (p15) mov r8=3;;
        br.ret.sptk rp
  `,
  'a whole restore of pr frees every predicate before it': `
    .global f
    f:  mov r14=pr;;
        cmp.eq p1,p6=r32,r33;; // FREE p2 p7 p15
    (p1) mov r8=1
    (p6) mov r8=2;;
        mov pr=r14,-1;;
        br.ret.sptk rp
  `,
  'both ways of a branch': `
    f:  cmp.eq p6,p0=r32,r33;; // LIVE r14; FREE r15
    (p6) br.cond.sptk 1f
        mov r15=r14;;
        mov r8=r15
        br.ret.sptk rp
    1:  mov r8=r32
        br.ret.sptk rp
  `,
  'a register that only one way reads is live there alone': `
    .global f
    f:  mov r14=1
        cmp.eq p6,p7=r32,r33;;
    (p6) br.cond.sptk 1f
        mov r8=r14             // FREE r15
        br.ret.sptk rp
    1:  nop 0                  // FREE r14
        br.ret.sptk rp
  `,
  'a loop': `
    .global f
    f:  mov r14=0
        mov r15=r32;;            // LIVE r14
    1:  ld8 r16=[r15],8;;        // LIVE r14 r15 r16; FREE r17
        add r14=r14,r16          // LIVE r15; TOUCHED r16; FREE r17
        cmp.ltu p6,p0=r15,r33    // LIVE r14
    (p6) br.cond.sptk 1b;;
        mov r8=r14
        br.ret.sptk rp
  `,
  'a counted loop': `
    .global f
    f:  mov ar.lc=r32            // LIVE r15
        mov r14=0;;
    1:  add r14=r15,r14;;        // LIVE r15 r14
        br.cloop.sptk 1b;;
        mov r8=r14
        br.ret.sptk rp
  `,
  'post-increment reads and writes its base': `
    .global f
    f:  mov r14=r32;;            // FREE r15
        ld8 r15=[r14],8;;        // LIVE r14
        ld8 r8=[r14];;
        add r8=r8,r15
        br.ret.sptk rp
  `,
  'an unknown instruction reads everything': `
    .global f
    f:  mov r14=1;;              // LIVE r2 r31 b6 p15
        frobnicate r8=r9
        br.ret.sptk rp
  `,
  'what falls off the end of the section may read everything': `
    .global f
    f:  mov r14=1                // LIVE r14 r15 b6 p6
  `,
};

describe('liveness within a routine', () => {
  test.each(Object.entries(programs))('%s', (_, program) => {
    check(program);
  });
});

const calls: Readonly<Record<string, string>> = {
  'a call of another file keeps to the software conventions': `
    f:  alloc r35=ar.pfs,1,3,1,0
        mov r33=rp
        mov out0=r32             // LIVE r4 r14 r36; FREE r15 b6 p6
        st8 [r32]=r14;;          // TOUCHED r14; FREE r2 r31
        br.call.sptk rp=g;;      // LIVE r4; FREE r8 r14 r9 b6 p6
        nop 0                    // LIVE r8
        mov r8=r8
        mov ar.pfs=r35
        mov rp=r33
        br.ret.sptk rp
  `,
  'scratch registers do not live through it': `
    .global f
    f:  alloc r35=ar.pfs,1,3,1,0
        mov r33=rp;;             // FREE r14 r16 p6
        br.call.sptk rp=g
        mov r8=1
        mov ar.pfs=r35
        mov rp=r33
        br.ret.sptk rp
  `,
  'a call that may not happen destroys nothing for sure': `
    .global f
    f:  cmp.eq p16,p0=r32,r33;;  // LIVE r14 p6
    (p16) br.call.sptk rp=g
        mov r8=r14
    (p6) mov r8=1
        br.ret.sptk rp
  `,
  'a local subroutine is looked into': `
    .global f
    f:  mov r14=1
        mov r15=2
        mov r16=3;;              // LIVE r14 r16; FREE r17 r18
        br.call.sptk b7=sub
        add r8=r15,r16
        br.ret.sptk rp
    sub: add r17=r14,r15;;       // LIVE r17 r16 b7; TOUCHED r14 r15; FREE r18
        mov r15=r17              // LIVE r15 r16 b7; FREE r14
        br.ret.sptk b7
  `,
  'a return goes to every caller': `
    .global f
    f:  br.call.sptk b7=sub
        mov r8=r14
        br.ret.sptk rp
    .global g
    g:  br.call.sptk b7=sub
        mov r8=r15
        br.ret.sptk rp
    sub: nop 0                   // LIVE r14 r15
        br.ret.sptk b7
  `,
  'what nobody calls may be called from anywhere': `
    .global f
    f:  nop 0                    // LIVE r14 r31 p6 b6
        br.cond.sptk b7
  `,
  'a return address loaded by hand is followed': `
    .global f
    f:  movl r14=1f;;            // LIVE r15; FREE r16
        mov b7=r14
        br.cond.sptk sub
    1:  mov r8=r15
        br.ret.sptk rp
    sub: nop 0                   // LIVE r15 b7; FREE r14 r16
        br.cond.sptk b7
  `,
  'mov to a branch register with a label': `
    .global f
    f:  movl r14=1f;;
        mov.sptk b6=r14,1f
        mov r15=1;;              // LIVE r15; FREE r14 r16
        br.cond.sptk b6
    1:  mov r8=r15
        br.ret.sptk rp
  `,
  'a jump to a symbol keeps to the software conventions too': `
    .global f
    f:  nop 0                    // LIVE r4 b0 r32; FREE r14 r31 b6
        br.cond.sptk g
  `,
  'with interruption collection off nothing is known of it': `
    .global f
    f:  rsm psr.ic;;             // LIVE r14 r31 b6 p6; IC 1
        br.cond.sptk g           // IC 0
  `,
  'a call with another link register returns through b0 when that was set up': `
    .global f
    f:  movl r14=g;;             // FREE r15
        mov rp=r14;;
        br.call.sptk b6=h        // LIVE b0; FREE r14
        st8 [r31]=r31            // LIVE r31
        br.cond.sptk b7
  `,
  'and may read everything when it was not': `
    .global f
    f:  nop 0                    // LIVE r14 r31
        br.call.sptk b7=h
        br.ret.sptk rp
  `,
  'recovery code of a check': `
    .global f
    f:  ld8.s r14=[r32];;        // LIVE r15
        chk.s r14,1f
        mov r8=r14
        br.ret.sptk rp
    1:  mov r8=r15
        br.ret.sptk rp
  `,
  'recovery code of an exception table, before the fault is done': `
    .global f
    f:  nop 0                    // LIVE r15; FREE r16
        .xdata4 "__ex_table", 99f-., 1f-.
    [99:] ld8 r15=[r32];;
        mov r8=r15
        br.ret.sptk rp
    1:  mov r8=r15
        br.ret.sptk rp
  `,
  'an exception table of one value a line': `
    .global f
    f:  nop 0                    // LIVE r15; FREE r16
        .section __ex_table, "a"
        data4 @gprel(99f)
        data4 @gprel(1f)
        .previous
    99: ld8 r15=[r32];;
        mov r8=r15
        br.ret.sptk rp
    1:  mov r8=r15
        br.ret.sptk rp
  `,
  'an exception table of two pairs a line': `
    .global f
    f:  nop 0                    // LIVE r15; FREE r16
        .section __ex_table, "a"
        data8 98f, 2f, 99f, 1f
        .previous
    98: ld8 r16=[r32]
    99: ld8 r15=[r32];;
        mov r8=r15
    2:  br.ret.sptk rp
    1:  mov r8=r15
        br.ret.sptk rp
  `,
  'an exception table whose values do not come in pairs': `
    .global f
    f:  nop 0                    // LIVE r15; FREE r16
        .section __ex_table, "a"
        data8 0
        data8 99f
        data8 1f
        .previous
    99: ld8 r15=[r32];;
        mov r8=r15
        br.ret.sptk rp
    1:  mov r8=r15
        br.ret.sptk rp
  `,
};

describe('liveness through calls and branches', () => {
  test.each(Object.entries(calls))('%s', (_, program) => {
    check(program);
  });
});

const places: Readonly<Record<string, string>> = {
  'sections are separate streams': `
    .global f
    f:  mov r14=1            // LIVE r14
        .section .other,"ax"
    g:  mov r14=2
        br.ret.sptk rp
        .previous
        mov r8=r14
        br.ret.sptk rp
  `,
  'pushed sections too': `
    .global f
    f:  mov r14=1            // LIVE r14
        .pushsection .other,"ax"
        .global g
    g:  mov r14=2
        br.ret.sptk rp
        .popsection
        mov r8=r14
        br.ret.sptk rp
  `,
  'local labels, forwards and backwards': `
    f:  cmp.eq p6,p7=r32,r33;;
    1:  mov r8=0
    (p6) br.cond.sptk 1f     // LIVE r15; FREE r16
    (p7) br.cond.sptk 1b
        mov r8=r14
        br.ret.sptk rp
    1:  mov r8=r15
        br.ret.sptk rp
  `,
  'register aliases and frames': `
    base = r14
    same == base
    .global f
    f:  alloc loc1=ar.pfs,2,2,1,0
        mov base=in1         // LIVE r14; FREE r15
        mov loc0=same;;      // LIVE r34; FREE r15
        mov r8=r34
        mov ar.pfs=loc1
        br.ret.sptk rp
  `,
  'rotating names': `
    .rotp late[2], last[1]
    .global f
    f:  cmp.eq p17,p0=r32,r33;;  // LIVE p16 p18 p17; FREE r14
    (late[0]) mov r8=1
    (last[0]) mov r8=2;;
        br.ret.sptk rp
  `,
  'what its group wrote before it is no scratch, what it read or writes later is': `
    f:  mov r15=r9;;
        add r20=r15,r16
        mov r21=r32          // FREE r15 r16; LIVE r20
        nop 0                // FREE r15 r22
        mov r22=r33;;
        add r8=r20,r22
        mov r20=r33
        nop 0                // PRESUMED r20
        nop 0;;              // FREE r22
        add r8=r8,r21        // FREE r22
        br.ret.sptk rp
  `,
  'a global entry that takes what no C caller passes: its jumps out are no calls by the conventions': `
    .global fast_path
    .proc fast_path
    fast_path:
        cmp.eq p6,p7=1,r17
    (p6) br.cond.sptk other
        nop 0                // LIVE r8 r14 r30 b6 p8
        br.sptk.many slow_path
        .endp
  `,
  'a global entry that takes nothing unusual': `
    .global f
    .proc f
    f:  ld8 r14=[r32]
        ;;
        cmp.eq p6,p7=r8,r14
        nop 0                // FREE r30 b6 p8
        br.sptk.many slow_path
        .endp
  `,
  'a final break': `
    .global ia64_leave_syscall
    .proc ia64_leave_syscall
    ia64_leave_syscall:
        nop 0                // FREE r4 r14
        break.m 0
        .endp
    g:  mov r8=r14
        br.ret.sptk rp
  `,
  'any other break': `
    .global f
    f:  nop 0                // LIVE r14
        break.m 0x100
        mov r8=r14
        br.ret.sptk rp
  `,
  'the same break elsewhere, where a debugger may come back': `
    .global f
    f:  nop 0                // LIVE r14
        break.m 0
        mov r8=r14
        br.ret.sptk rp
  `,
};

describe('places', () => {
  test.each(Object.entries(places))('%s', (_, program) => {
    check(program);
  });

  test('a symbol of a convention file', () => {
    const conventions = conventionsWith(`
      [[symbol]]
      name = "helper"
      link = "b7"
      reads = ["r20"]
      clobbers = ["r21-r22", "p8"]
    `);
    check(
      `.global f
       f: nop 0               // LIVE r20 r23 p9; FREE r21 p8 r24
          br.call.sptk b7=helper
          add r8=r21,r23
       (p9) mov r8=1
       (p8) mov r8=2
          br.ret.sptk rp`,
      conventions,
    );
  });
});
