/**
 * Registers that are live on paths which are easily overlooked: a wrong "free" there would break a kernel in silence. Each
 * program says, line by line, what must be live or may be free behind the line.
 */
import { describe, test } from 'vitest';
import { check } from '../analysis/expectations.ts';
import { conventionsWith } from '../analysis/support.ts';

const programs: Readonly<Record<string, string>> = {
  'data in code is an instruction that we cannot read': `
    .global f
    f:  nop 0;;              // LIVE r14 r31 p6
        data8 0x0, 0x0
        mov r14=1 ;;
        br.ret.sptk rp
  `,
  'but data in another section is not': `
    .global f
    f:  nop 0;;              // FREE r14 r31 p6
        .xdata4 "__tab", 1f-.
        .section .data
        data8 1f
        .previous
    1:  mov r14=1 ;;
        br.ret.sptk rp
  `,
  'nor is data behind the last instruction that control reaches': `
    .global f
    f:  nop 0;;              // FREE r14 r31 p6
        br.ret.sptk rp
        data8 0x0, 0x0
    g:  br.ret.sptk rp
  `,
  'filled room in code is not known': `
    .global f
    f:  nop 0;;              // LIVE r14 r31
        .skip 16
        mov r14=1 ;;
        br.ret.sptk rp
  `,
  'an included binary is not known': `
    .global f
    f:  nop 0;;              // LIVE r14 r31
        .incbin "code.bin"
        mov r14=1 ;;
        br.ret.sptk rp
  `,
  'an included file is not known': `
    .global f
    f:  nop 0;;              // LIVE r14 r31
        .include "more.s"
        mov r14=1 ;;
        br.ret.sptk rp
  `,
  'a subsection is not run between the lines around it': `
    .global f
    f:  nop 0;;              // LIVE r14
        .subsection 1
        mov r14=1 ;;
        br.ret.sptk rp
        .subsection 0
        st8 [r32]=r14 ;;
        br.ret.sptk rp
  `,
  'nor is a numbered text section': `
    .global f
    f:  nop 0;;              // LIVE r14
        .text 1
        mov r14=1 ;;
        br.ret.sptk rp
        .text
        st8 [r32]=r14 ;;
        br.ret.sptk rp
  `,
  'nor one that is pushed': `
    .global f
    f:  nop 0;;              // LIVE r14
        .pushsection .text, 2
        mov r14=1 ;;
        br.ret.sptk rp
        .popsection
        st8 [r32]=r14 ;;
        br.ret.sptk rp
  `,
  'a name for the current address is a label': `
    .global f
    f:  nop 0;;              // LIVE r14
        br.cond.sptk back
    here:
        br.ret.sptk rp
        back = .
        st8 [r32]=r14 ;;
        br.ret.sptk rp
  `,
  '.set too': `
    .global f
    f:  nop 0;;              // LIVE r14
        br.cond.sptk back
        .set back, .
        st8 [r32]=r14 ;;
        br.ret.sptk rp
  `,
  'a name for an address that is computed cannot be told': `
    .global f
    f:  nop 0;;              // LIVE r14
        br.cond.sptk back
        back = start+16
    start:
        nop 0;;
        nop 0;;
        st8 [r32]=r14 ;;
        br.ret.sptk rp
  `,
  'a call of a computed address reads everything': `
    .global f
    f:  nop 0;;              // LIVE r14
        br.call.sptk b0=start+16 ;;
    start:
        nop 0;;
        nop 0;;
        st8 [r32]=r14 ;;
        br.ret.sptk rp
  `,
  'a name that is given twice may mean either': `
    .global f
    f:  nop 0;;              // LIVE r14
        target = one
        br.cond.sptk target
        target = two
    one:
        st8 [r32]=r14 ;;
    two:
        br.ret.sptk rp
  `,
  'what jumps behind a compare knows nothing of it': `
    .global f
    f:  nop 0;;
    (p8) br.cond.sptk g+16 ;;
    g:  cmp.eq p6,p7=r32,r33;;
        nop 0;;              // LIVE r14
    (p6) mov r14=1
    (p7) mov r14=2;;
        st8 [r32]=r14;;
        br.ret.sptk rp
  `,
  'the bank behind an rfi to this file is not known': `
    .section .text.ivt, "ax"
    .global ia64_ivt
    ia64_ivt:
        .org ia64_ivt+0x400
        movl r16=1f ;;
        mov cr.iip=r16 ;;
        rfi ;;
    1:  nop 0 ;;             // LIVE r20
        rfi
  `,
  'what a handler holds is live behind an rfi to a computed address of this file': `
    .section .text.ivt, "ax"
    .global ia64_ivt
    ia64_ivt:
        .org ia64_ivt+0x400
        movl r16=1f ;;
        dep r16=0,r16,61,3 ;; // LIVE r20
        mov cr.iip=r16 ;;
        rfi ;;
    1:  st8 [r2]=r20 ;;
        rfi
  `,
  'and behind one that is reached from ip': `
    .section .text.ivt, "ax"
    .global ia64_ivt
    ia64_ivt:
        .org ia64_ivt+0x400
        mov r16=ip ;;
        adds r16=32,r16 ;;    // LIVE r20
        mov cr.iip=r16 ;;
        rfi ;;
    1:  st8 [r2]=r20 ;;
        rfi
  `,
  'a return register that was given an address of this file does not return': `
    .global f
    f:  mov r2=ip ;;
        adds r2=1f-f,r2 ;;
        mov b0=r2 ;;          // LIVE r14
        br.ret.sptk.many b0 ;;
    1:  st8 [r32]=r14 ;;
        br.ret.sptk rp
  `,
  'nor one that holds it on some path only': `
    .global f
    f:  cmp.eq p6,p0=r32,r33 ;;
    (p6) movl r2=1f ;;
        mov b0=r2 ;;          // LIVE r14
        br.ret.sptk.many b0 ;;
    1:  st8 [r32]=r14 ;;
        br.ret.sptk rp
  `,
  'a check may go to its recovery code': `
    .global f
    f:  ld8.s r15=[r32] ;;    // LIVE r14
        chk.s r15,1f ;;
        br.ret.sptk rp
    1:  st8 [r32]=r14 ;;
        br.ret.sptk rp
  `,
  'a move to some predicates leaves the others': `
    .global f
    f:  nop 0 ;;              // LIVE p6; FREE p9
        mov pr=r32,0x200 ;;
    (p6) st8 [r33]=r0
    (p9) st8 [r34]=r0 ;;
        br.ret.sptk rp
  `,
  'predicates behind a rotation are others': `
    .global f
    f:  cmp.eq p16,p17=r32,r33 ;;  // LIVE r14
        br.ctop.sptk g ;;
    g:
    (p16) mov r14=1
    (p17) mov r14=2 ;;
        st8 [r32]=r14 ;;
        br.ret.sptk rp
  `,
  'an equated register is the register': `
    .global f
        .equ value, r14
        other == r15
        third = value
    f:  nop 0 ;;              // LIVE r14 r15
        st8 [r32]=third
        st8 [r33]=other ;;
        br.ret.sptk rp
  `,
  'an alias means what it means at its line': `
    .global f
        value = r14
    f:  nop 0 ;;              // LIVE r14 r15
        st8 [r32]=value
        value = r15
        st8 [r33]=value ;;
        br.ret.sptk rp
  `,
  'results spelled ret0 to ret3': `
    .global f
    f:  nop 0 ;;              // LIVE r8 r9 r10 r11
        add r33=ret0,ret1
        add r32=ret2,ret3 ;;
        st8 [r32]=r33
        br.ret.sptk rp
  `,
  'symbols with the mark # of other assemblers': `
    .global f
    f:  nop 0 ;;              // LIVE r14
        br.cond.sptk g# ;;
    g:  st8 [r32]=r14 ;;
        br.ret.sptk rp
  `,
  'a post-increment reads and writes its base': `
    .global f
    f:  nop 0 ;;              // LIVE r14 r15 r16
        ld8 r8=[r14],8
        st8 [r15]=r0,8
        lfetch [r16],r14 ;;
        br.ret.sptk rp
  `,
  'compare values of exchanges': `
    .global f
    f:  mov r14=1 ;;          // LIVE r15
        mov ar.ccv=r15 ;;
        cmpxchg8.acq r8=[r32],r14,ar.ccv ;;
        br.ret.sptk rp
  `,
};

test('one of two addresses of this file, whatever a convention says of the way out', () => {
  const conventions = conventionsWith('[[exit]]\nroutine = "f"\nkind = "return"\nreads = []\n');
  const program = `
    .global f
    .proc f
    f:  cmp.eq p6,p7=r32,r33 ;;
        movl r2=1f ;;
    (p6) movl r2=2f ;;
        mov b0=r2 ;;          // LIVE r14
        br.ret.sptk.many b0 ;;
    1:  st8 [r32]=r14 ;;
    2:  br.ret.sptk rp
  `;
  check(program, conventions);
});

describe('live on paths that are easily overlooked', () => {
  for (const [name, text] of Object.entries(programs)) test(name, () => check(text));
});
