/** Kinds of faults that kernels really had, written anew, in the shapes that kernels have: macros, bundles, conditions. */
import { handler, routine } from './program.ts';

/** A vector that saves what a C function may destroy, and calls it. */
const MACROS = `#define ENTRY(n) .global n ; .proc n ; n:
#define END(n) .endp n
#define SAVE_PR(r) mov r=pr
#define REST_PR(r) mov pr=r,-1
`;

export const REALITY: Readonly<Record<string, string>> = {
  'a handler that saves the predicates by a macro': `${MACROS}${handler(`
	SAVE_PR(r31)
	mov r16=cr.ifa
	;;
	tbit.z p6,p7=r16,12
	;;
(p6)	adds r16=8,r16
	;;
	itc.d r16
	REST_PR(r31)
	;;
	rfi`)}`,
  'a handler that restores them from another register': `${MACROS}${handler(`
	SAVE_PR(r31)
	mov r16=cr.ifa
	;;
	tbit.z p6,p7=r16,12
	;;
(p6)	adds r16=8,r16
	add r30=r31,r0
	;;
	itc.d r16
	REST_PR(r30)
	;;
	rfi`)}`.replace('mov pr=r,-1', 'mov pr=r,-1 // ERROR PV025'),
  'a handler in bundles': handler(`
{ .mii
	mov r16=cr.ifa
	mov r31=pr
	mov r29=b0
	;;
}
{ .mii
	nop.m 0
	tbit.nz p6,p7=r16,3
	nop.i 0
	;;
}
(p6)	itc.d r16
(p7)	itc.i r16
	;;
{ .mib
	nop.m 0
	mov b0=r29
	nop.b 0
}
	;;
	mov pr=r31,-1
	;;
	rfi`),
  'a handler in bundles that forgets the branch register': handler(`
{ .mii
	mov r16=cr.ifa
	mov r31=pr
	mov r29=b0
	;;
}
{ .mii
	st8 [r27]=r29
	mov b0=r16			// ERROR PV025
	tbit.nz p6,p7=r16,3
	;;
}
(p6)	itc.d r16
(p7)	itc.i r16
	;;
{ .mii
	nop.m 0
	mov pr=r31,-1
	nop.i 0
	;;
}
	rfi`),
  'cmpxchg in a handler, with ar.ccv saved': handler(`
	mov r16=cr.ifa
	mov r28=ar.ccv
	mov r31=pr
	;;
	thash r17=r16
	;;
	ld8 r18=[r17]
	;;
	mov ar.ccv=r18
	or r25=32,r18
	;;
	cmpxchg8.acq r26=[r17],r25,ar.ccv
	;;
	cmp.eq p6,p7=r26,r18
	;;
(p6)	itc.d r25
	mov ar.ccv=r28
	mov pr=r31,-1
	;;
	rfi`),
  'cmpxchg in a handler, without': handler(`
	mov r16=cr.ifa
	mov r31=pr
	;;
	thash r17=r16
	;;
	ld8 r18=[r17]
	;;
	mov ar.ccv=r18			// ERROR PV025
	or r25=32,r18
	;;
	cmpxchg8.acq r26=[r17],r25,ar.ccv
	;;
	cmp.eq p6,p7=r26,r18
	;;
(p6)	itc.d r25
	mov pr=r31,-1
	;;
	rfi`),
  'ar.ccv given back on the way that succeeds only': handler(`
	mov r16=cr.ifa
	mov r28=ar.ccv
	mov r31=pr
	;;
	thash r17=r16
	;;
	ld8 r18=[r17]
	;;
	mov ar.ccv=r18
	or r25=32,r18
	;;
	cmpxchg8.acq r26=[r17],r25,ar.ccv
	;;
	cmp.eq p6,p7=r26,r18
	;;
(p7)	br.cond.spnt lost		// ERROR PV025
	itc.d r25
	mov ar.ccv=r28
lost:	mov pr=r31,-1
	;;
	rfi`),
  'the kernel stack pointer in bank 0, by a swap': handler(`
	mov r17=r12
	mov r18=r13
	;;
	mov r13=r27
	;;
	adds r12=4096,r13
	;;
	st8 [r12]=r18
	;;
	mov r12=r17
	mov r13=r18
	;;
	rfi`),
  'a swap that gives back the wrong one': handler(`
	mov r17=r12
	mov r18=r13
	;;
	mov r13=r27
	;;
	adds r12=4096,r13
	;;
	st8 [r12]=r17
	;;
	mov r12=r18			// ERROR PV025
	mov r13=r18
	;;
	rfi`),
  'a dead copy is taken for the saved one': handler(`
	mov r29=b0
	mov r16=cr.ifa
	;;
	mov b0=r16
	st8 [r27]=r29
	adds r29=8,r16
	;;
	mov b0=r29			// ERROR PV025
	;;
	rfi`),
  'r8 of a break handler that comes back': handler(`
	mov r16=cr.iim
	mov r31=pr
	;;
	cmp.eq p6,p7=r16,r0
	;;
(p6)	mov r8=r0			// ERROR PV025
	mov pr=r31,-1
	;;
	rfi`),
  'unat is saved before the spills of a routine': routine(`
	.prologue
	alloc r33=ar.pfs,1,4,2,0
	mov r34=ar.unat
	mov r35=b0
	adds r12=-32,r12
	;;
	adds r14=16,r12
	adds r15=24,r12
	;;
	.mem.offset 0,0
	st8.spill [r14]=r4
	.mem.offset 8,0
	st8.spill [r15]=r5
	.body
	mov r4=r32
	mov r5=r0
	;;
	mov r37=r4
	br.call.sptk.many b0=g
	;;
	adds r14=16,r12
	adds r15=24,r12
	;;
	ld8.fill r4=[r14]
	ld8.fill r5=[r15]
	mov ar.unat=r34
	mov ar.pfs=r33
	mov b0=r35
	adds r12=32,r12
	;;
	br.ret.sptk.many b0`),
  'a call of C with the frame of the caller in ar.pfs': routine(`
	alloc r33=ar.pfs,1,3,1,0
	mov r34=b0
	;;
	mov r36=r32
	br.call.sptk.many b0=g		// ERROR PV025
	;;
	mov b0=r34
	br.ret.sptk.many b0`),
  'b0 saved in a scratch register over a call': routine(`
	alloc r33=ar.pfs,1,3,1,0
	mov r14=b0
	;;
	mov r36=r32
	br.call.sptk.many b0=g
	;;
	mov b0=r14			// ERROR PV015
	mov ar.pfs=r33
	;;
	br.ret.sptk.many b0`),
  'an output register that the call may change': routine(`
	alloc r33=ar.pfs,1,3,1,0
	mov r34=b0
	;;
	mov r36=r32
	br.call.sptk.many b0=g
	;;
	add r8=r36,r8			// ERROR PV015
	mov b0=r34
	mov ar.pfs=r33
	;;
	br.ret.sptk.many b0`),
  'a local register kept over the call': routine(`
	alloc r33=ar.pfs,1,4,1,0
	mov r34=b0
	mov r35=r32
	;;
	mov r37=r32
	br.call.sptk.many b0=g
	;;
	add r8=r35,r8
	mov b0=r34
	mov ar.pfs=r33
	;;
	br.ret.sptk.many b0`),
  'a loop that gives ar.lc back behind it': routine(`
	mov r2=ar.lc
	mov ar.lc=r33
	mov r14=r32
	;;
1:	st8 [r14]=r0,8
	br.cloop.dptk.few 1b
	;;
	mov ar.lc=r2
	br.ret.sptk.many b0`),
  'a loop with a way out in its middle': routine(`
	mov r2=ar.lc
	mov ar.lc=r33
	mov r14=r32
	;;
1:	ld8 r15=[r14],8
	;;
	cmp.eq p6,p7=r15,r0
(p6)	br.cond.spnt out		// ERROR PV025
	br.cloop.dptk.few 1b
	;;
	mov ar.lc=r2
	br.ret.sptk.many b0
out:	mov r8=-1
	br.ret.sptk.many b0`),
  'rotating predicates, saved and given back': routine(`
	alloc r2=ar.pfs,3,5,0,8
	mov r10=pr
	mov r11=ar.lc
	;;
	mov ar.lc=r33
	mov ar.ec=2
	mov pr.rot=1<<16
	;;
1:
(p16)	ld8 r35=[r32],8
(p17)	st8 [r34]=r36,8
	br.ctop.sptk.few 1b
	;;
	mov ar.lc=r11
	mov pr=r10,-1
	mov ar.pfs=r2
	br.ret.sptk.many b0`),
  'rotating predicates that nobody gives back': routine(`
	alloc r2=ar.pfs,3,5,0,8
	mov r11=ar.lc
	;;
	mov ar.lc=r33
	mov ar.ec=2
	mov pr.rot=1<<16		// ERROR PV025
	;;
1:
(p16)	ld8 r35=[r32],8
(p17)	st8 [r34]=r36,8
	br.ctop.sptk.few 1b
	;;
	mov ar.lc=r11
	mov ar.pfs=r2
	br.ret.sptk.many b0`),
  'a compare that only one configuration has': routine(`
#ifdef CONFIG_SMP
	cmp.eq p6,p7=r32,r0
#endif
	;;
(p6)	mov r8=r33			// ERROR PV015
	br.ret.sptk.many b0`),
  'a predicate that the callee may have changed': routine(`
	alloc r33=ar.pfs,1,3,1,0
	mov r34=b0
	cmp.eq p6,p7=r32,r0
	;;
	mov r36=r32
	br.call.sptk.many b0=g
	;;
(p6)	mov r8=r0			// ERROR PV015
	mov b0=r34
	mov ar.pfs=r33
	;;
	br.ret.sptk.many b0`),
  'a preserved predicate over a call, saved for the caller': routine(`
	alloc r33=ar.pfs,1,5,1,0
	mov r34=b0
	mov r35=pr
	;;
	cmp.eq p2,p3=r32,r0
	mov r37=r32
	br.call.sptk.many b0=g
	;;
(p2)	mov r8=r0
	mov pr=r35,-1
	mov b0=r34
	mov ar.pfs=r33
	;;
	br.ret.sptk.many b0`),
  'a handler that decides before it compares': handler(`
	mov r31=pr
	mov r16=cr.isr
	;;
(p6)	br.cond.spnt other		// ERROR PV015
	tbit.nz p6,p7=r16,32
	;;
(p6)	mov r17=1
(p7)	mov r17=2
	;;
	itc.d r17
other:	mov pr=r31,-1
	;;
	rfi`),
  'two compares into the same predicates': routine(`
	cmp.eq p6,p7=r32,r0		// ERROR PV003
	;;
	cmp.eq p6,p7=r33,r0
	;;
(p6)	mov r8=1
(p7)	mov r8=2
	br.ret.sptk.many b0`),
  'a compare that a parallel one adds to': routine(`
	cmp.eq p6,p7=r32,r0
	;;
	cmp.eq.or.andcm p6,p7=r33,r0
	;;
(p6)	mov r8=1
(p7)	mov r8=2
	br.ret.sptk.many b0`),
  'a call of C from a handler with psr.ic on and serialized': handler(`
	mov r16=cr.ifa
	;;
	bsw.1
	;;
	ssm psr.ic
	;;
	srlz.i
	;;
	alloc r14=ar.pfs,0,0,1,0
	;;
	mov out0=r14
	br.call.sptk.many b0=g
	;;
	br.sptk.many panic`).replace(/\tmov r16=cr.ifa\n\t;;\n/, ''),
  'a call of C from a handler with psr.ic off': handler(`
	bsw.1
	;;
	alloc r14=ar.pfs,0,0,1,0
	;;
	mov out0=r14
	br.call.sptk.many b0=g		// ERROR PV026
	;;
	br.sptk.many panic`),
  'psr.ic and psr.i at once, in a macro': routine(`
#define ON ssm psr.ic | psr.i
	mov r14=r32
	;;
	rsm psr.ic | psr.i
	;;
	srlz.d
	mov r8=cr.iip
	;;
	add r8=r8,r14
	ON
	;;
	srlz.i
	br.ret.sptk.many b0`).replace('ssm psr.ic | psr.i', 'ssm psr.ic | psr.i // ERROR PV026'),
  'psr.ic, and psr.i when that is seen': routine(`
	rsm psr.ic | psr.i
	;;
	srlz.d
	mov r8=cr.iip
	ssm psr.ic
	;;
	srlz.i
	;;
	ssm psr.i
	br.ret.sptk.many b0`),
  'a register of bank 0 read on bank 1': handler(`
	mov r16=cr.ifa
	;;
	bsw.1
	;;
	add r17=8,r16			// ERROR PV025
	;;
	st8 [r17]=r17
	bsw.0
	;;
	st8 [r27]=r16
	rfi`),
  'a frame smaller than what is used': routine(`
	alloc r34=ar.pfs,2,2,0,0
	;;
	mov r36=r32			// ERROR PV027
	mov ar.pfs=r34
	;;
	br.ret.sptk.many b0`),
  'an output beyond the frame': routine(`
	alloc r34=ar.pfs,2,2,1,0
	mov r35=b0
	;;
	mov r36=r32
	mov r37=r33			// ERROR PV027
	br.call.sptk.many b0=g
	;;
	mov ar.pfs=r34
	mov b0=r35
	;;
	br.ret.sptk.many b0`),
  'a long branch in a macro without its stop': `#define FAR(l) (p6) brl.cond.spnt l // ERROR PV029
${routine(`
	cmp.eq p6,p7=r32,r0
	;;
	FAR(g)
	mov r8=r0
	br.ret.sptk.many b0`)}`,
  'a long call with its stop': routine(`
	alloc r33=ar.pfs,1,3,1,0
	mov r34=b0
	;;
	mov r36=r32
	brl.call.sptk.many b0=g
	;;
	mov ar.pfs=r33
	mov b0=r34
	;;
	br.ret.sptk.many b0`),
  'two stores through one register where two were meant': routine(`
	adds r14=8,r32
	;;
	st8 [r32]=r33			// ERROR PV030
	;;
	st8 [r32]=r14
	br.ret.sptk.many b0`),
  'two stores through two': routine(`
	adds r14=8,r32
	;;
	st8 [r32]=r33
	;;
	st8 [r14]=r14
	br.ret.sptk.many b0`),
  'an exit of which the convention says what it reads': handler(`
	mov r31=pr
	mov r19=7
	br.sptk.many away`),
  'and one where a register of it was never written': handler(`
	mov r31=pr
	br.sptk.many away		// ERROR PV015`),
  'what a convention says is read behind a branch through a register': routine(`
	.endp f
	.global leaves
	.proc leaves
leaves:
	mov b6=r32
	mov r14=r33
	mov r15=r34
	;;
	br.sptk.many b6
	.endp leaves
	.proc f`),
  'and one of it that a call destroyed': routine(`
	.endp f
	.global leaves
	.proc leaves
leaves:
	alloc r35=ar.pfs,3,3,0,0
	mov r14=r33
	mov r15=r34
	mov r36=b0
	;;
	br.call.sptk.many b0=g
	;;
	mov ar.pfs=r35
	mov b0=r36
	mov b6=r32
	mov r15=r34
	;;
	br.sptk.many b6			// ERROR PV015
	.endp leaves
	.proc f`),
  'a table whose routine is closed by another name': `${routine('	mov r8=r0\n	br.ret.sptk.many b0').replace('.endp f', '.endp ff // ERROR PV028')}`,

  // Right, and near what was once complained of.
  'exceptions told of by a macro': `#define EX(y,x...) \\
	.xdata4 "__ex_table", 99f-., y-.; \\
[99:]	x
#define EXCLR(y,x...) \\
	.xdata4 "__ex_table", 99f-., y-.+4; \\
[99:]	x
	.text
	.global f
	.proc f
f:	EX(1f, ld8 r8=[r32])
	;;
	EXCLR(1f, ld8 r9=[r33])
	;;
	add r8=r8,r9
	br.ret.sptk.many b0
1:	mov r8=r0
	br.ret.sptk.many b0
	.endp f
`,

  'loads under predicates, of devices, and for their step': `	.text
	.global f
	.proc f
f:	alloc r31=ar.pfs,3,0,0,0
	cmp.eq p6,p7=r32,r0
	;;
(p6)	ld4.acq r14=[r33]
(p7)	ld4.acq r14=[r34]
	;;
	ld8.bias r15=[r33],8
	ld8 r16=[r34],16
	;;
	ld8 r16=[r34]
	mov r15=r0
	;;
	st8 [r33]=r16
	st8 [r34]=r15
	br.ret.sptk.many b0
	.endp f
`,

  'a predicate of the routine decides on both sides of a call': `	.text
	.global f
	.proc f
f:	alloc r35=ar.pfs,1,4,1,0
	mov r33=b0
	mov r34=pr
	;;
	cmp.eq p2,p3=r32,r0
	;;
(p2)	adds r20=16,r13
	;;
	mov r37=r32
(p3)	br.call.sptk.many b0=g
	;;
(p2)	st8 [r20]=r0
	mov pr=r34,-1
	mov b0=r33
	mov ar.pfs=r35
	br.ret.sptk.many b0
	.endp f
`,

  'tables with guards behind them': `	.text
	.global f, tab
	.proc f
f:	mov r8=r0
	br.ret.sptk.many b0
	.endp f
	.data
	.align 16
tab:	data4 1,2,3
	.org tab+12
	.section .rodata
t2:	.skip 5
	.org t2+5
	.org t2+8
`,

  'the engine stopped to write its store': `	.text
	.global sw
	.proc sw
sw:	alloc r31=ar.pfs,2,0,0,0
	mov r2=ar.rsc
	;;
	mov ar.rsc=0
	;;
	mov r3=ar.rnat
	mov r14=ar.bspstore
	;;
	mov ar.bspstore=r32
	;;
	mov ar.rnat=r33
	;;
	mov ar.rsc=r2
	st8 [r32]=r3
	mov r8=r14
	br.ret.sptk.many b0
	.endp sw
`,

  'setjmp and longjmp': `	.text
	.global setjmp
	.proc setjmp
setjmp:	alloc r31=ar.pfs,1,0,0,0
	mov r2=b0
	mov r3=ar.unat
	mov r14=ar.lc
	mov r15=pr
	;;
	st8 [r32]=r2,8
	;;
	st8 [r32]=r3,8
	;;
	st8.spill [r32]=r4,8
	;;
	st8 [r32]=r14,8
	;;
	st8 [r32]=r15,8
	mov r16=ar.unat
	;;
	st8 [r32]=r16
	mov ar.unat=r3
	mov r8=r0
	br.ret.sptk.many b0
	.endp setjmp
	.global longjmp
	.proc longjmp
longjmp:	alloc r31=ar.pfs,2,0,0,0
	ld8 r2=[r32],8
	;;
	ld8 r3=[r32],8
	;;
	adds r18=24,r32
	;;
	ld8 r17=[r18]
	;;
	mov ar.unat=r17
	;;
	ld8.fill r4=[r32],8
	;;
	ld8 r14=[r32],8
	;;
	ld8 r15=[r32]
	mov ar.lc=r14
	mov ar.unat=r3
	mov b0=r2
	;;
	mov pr=r15,-1
	mov r8=r33
	br.ret.sptk.many b0
	.endp longjmp
`,
};
