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
	mov r30=r0
	;;
	itc.d r16
	REST_PR(r30)			// ERROR PV025
	;;
	rfi`)}`,
  'a handler in bundles': handler(`
{ .mii
	mov r16=cr.ifa
	mov r31=pr
	mov r29=b0
	;;
}
{ .mib
	nop.m 0
	tbit.nz p6,p7=r16,3
	nop.b 0
	;;
}
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
	nop.m 0
	mov b0=r16			// ERROR PV025
	tbit.nz p6,p7=r16,3
	;;
}
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
	mov r31=pr
	;;
	mov r13=r27
	;;
	adds r12=4096,r13
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
	mov r12=r18			// ERROR PV025
	mov r13=r18
	;;
	rfi`),
  'a dead copy is taken for the saved one': handler(`
	mov r29=b0
	;;
	movl r30=1f
	;;
	mov b0=r30
	;;
	mov r29=r30
	br.call.sptk.many b6=none
1:	mov b0=r29			// ERROR PV025
	;;
	rfi
none:	mov r20=r30
	br.sptk.many b6`).replace('br.call.sptk.many b6=none', 'nop.b 0'),
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
	st8.spill [r14]=r4
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
	br.call.sptk.many b0=g
	;;
	mov b0=r34
	br.ret.sptk.many b0		// ERROR PV025`),
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
};
