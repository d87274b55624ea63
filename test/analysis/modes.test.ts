/** psr.ic, the bank and cr.iip where control comes by ways that no branch shows: found by the oracle, in programs of their own. */
import { describe, test } from 'vitest';
import { check } from './expectations.ts';

const programs: Readonly<Record<string, string>> = {
  'rfi goes on where a subroutine said': `
    .section .text.ivt, "ax"
    ia64_ivt: mov r31=b0
        ;;
        br.call.sptk.many b0=set
        ;;
        nop 0;;                  // LIVE r20
        rfi
    on: st8 [r33]=r20
        mov b0=r31
        ;;
        br.ret.sptk.many b0
    set: movl r30=on
        ;;
        mov cr.iip=r30
        br.ret.sptk.many b0
  `,
  'or where the caller of a subroutine had said': `
    .section .text.ivt, "ax"
    ia64_ivt: movl r30=on
        mov r31=b0
        ;;
        mov cr.iip=r30
        ;;
        br.call.sptk.many b0=other
        ;;
        nop 0;;                  // LIVE r20
        rfi
    on: st8 [r33]=r20
        mov b0=r31
        ;;
        br.ret.sptk.many b0
    other: br.ret.sptk.many b0
  `,
  'a subroutine that goes on with rfi comes back on either bank': `
    .global f
    .global sub
    f:  mov r31=b0
        ;;
        br.call.sptk.many b0=sub
        ;;
        nop 0;;                  // LIVE r17
        bsw.0
        ;;
        add r8=r8,r17
        bsw.1
        ;;
        ssm psr.ic
        ;;
        mov b0=r31
        ;;
        br.ret.sptk.many b0
    sub: movl r30=on
        ;;
        mov cr.iip=r30
        ;;
        rfi
    on: br.ret.sptk.many b0
  `,
  'a return that is not resolved brings its own psr.ic': `
    .global f
    .global sub
    f:  movl r30=back
        ;;
        mov b0=r30
        br.cond.sptk sub
    back: nop 0;;                // LIVE r2
        mov b0=r5
        ;;
        br.ret.sptk.many b0
    sub: rsm psr.ic
        br.ret.sptk.many b0
  `,
  'and so does a jump to an address that was in memory': `
    .global f
    f:  movl r30=back
        ;;
        st8 [r12]=r30
        rsm psr.ic
        ;;
        ld8 r30=[r12]
        ;;
        mov b6=r30
        br.sptk.many b6
    back: nop 0;;                // LIVE r2
        br.ret.sptk.many b0
  `,
  'a global routine out of a table is called with what its caller has': `
    .global f
    .global sub
    f:  nop 0                    // LIVE r14
        addl r29=@ltoff(table),r1
        ;;
        ld8 r29=[r29]
        ;;
        ld8 r30=[r29]
        ;;
        mov b6=r30
        br.call.sptk.many b0=b6
        ;;
        br.ret.sptk.many b0
    sub: st8 [r33]=r14
        br.ret.sptk.many b0
        .section .rodata
    table: data8 sub
  `,
};

describe('modes', () => {
  test.each(Object.entries(programs))('%s', (_, program) => {
    check(program);
  });
});
