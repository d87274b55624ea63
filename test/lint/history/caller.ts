/** Registers that a routine must give back to its caller: preserved ones, and those that its convention says it keeps. */
import { routine } from './program.ts';

export const CALLER: Readonly<Record<string, string>> = {
  'preserved registers of each kind': routine(`
	mov r4=r32			// ERROR PV025
	mov b1=r33			// ERROR PV025
	cmp.eq p1,p6=r32,r0		// ERROR PV025
	mov ar.lc=r33			// ERROR PV025
	;;
(p1)	add r8=r4,r0
	br.ret.sptk.many b0`),
  'scratch registers are free': routine(`
	mov r14=r32
	mov b6=r33
	cmp.eq p6,p7=r32,r0
	mov ar.ccv=r33
	;;
(p6)	add r8=r14,r0
(p7)	mov r8=b6
	br.ret.sptk.many b0`),
  'saved in a stacked register': routine(`
	alloc r34=ar.pfs,2,2,0,0
	mov r35=r4
	;;
	mov r4=r32
	;;
	add r8=r4,r33
	mov r4=r35
	mov ar.pfs=r34
	br.ret.sptk.many b0`),
  'saved in a stacked register and forgotten': routine(`
	alloc r34=ar.pfs,2,2,0,0
	mov r35=r4
	;;
	mov r4=r32			// ERROR PV025
	;;
	add r8=r4,r35
	mov ar.pfs=r34
	br.ret.sptk.many b0`),
  'saved in memory': routine(`
	adds r12=-16,r12
	;;
	st8.spill [r12]=r5		// ERROR PV025
	;;
	mov r5=r32
	;;
	add r8=r5,r32
	ld8.fill r5=[r12]
	adds r12=16,r12
	br.ret.sptk.many b0`),
  'saved in memory, with ar.unat': routine(`
	mov r14=ar.unat
	adds r12=-16,r12
	;;
	st8.spill [r12]=r5
	;;
	mov r5=r32
	;;
	add r8=r5,r32
	ld8.fill r5=[r12]
	adds r12=16,r12
	mov ar.unat=r14
	br.ret.sptk.many b0`),
  'saved in memory and forgotten on one way': routine(`
	mov r14=r12
	mov r15=ar.unat
	;;
	st8.spill [r14]=r5
	;;
	mov r5=r32
	mov ar.unat=r15
	;;
	cmp.eq p6,p7=r5,r0
	;;
(p6)	br.cond.spnt none		// ERROR PV025
	add r8=r5,r32
	ld8.fill r5=[r14]
	br.ret.sptk.many b0
none:	mov r8=r0
	br.ret.sptk.many b0`),
  'saved and restored by a local subroutine': routine(`
	mov r18=ar.pfs
	;;
	br.call.sptk.many b6=keep
	;;
	mov r5=r32
	;;
	add r8=r5,r32
	br.call.sptk.many b6=back
	;;
	mov ar.pfs=r18
	br.ret.sptk.many b0
	.endp f
	.proc keep
keep:	mov r16=r5
	br.sptk.many b6
	.endp keep
	.proc back
back:	mov r5=r16
	br.sptk.many b6
	.endp back
	.proc f`),
  'a loop count': routine(`
	mov r14=ar.lc
	mov r15=r32
	mov ar.lc=7
	;;
1:	st8 [r15]=r0,8
	br.cloop.sptk 1b
	;;
	mov ar.lc=r14
	br.ret.sptk.many b0`),
  'a loop count that is not given back where there is nothing to do': routine(`
	mov r14=ar.lc
	mov r15=r32
	mov ar.lc=r33
	cmp.eq p6,p7=r33,r0
	;;
(p6)	br.cond.spnt 2f			// ERROR PV025
1:	st8 [r15]=r0,8
	br.cloop.sptk 1b
	;;
	mov ar.lc=r14
2:	br.ret.sptk.many b0`),
  'the engine mode': routine(`
	mov ar.rsc=0			// ERROR PV025
	;;
	mov r8=ar.bspstore
	br.ret.sptk.many b0`),
  'the engine mode, saved': routine(`
	mov r14=ar.rsc
	mov ar.rsc=0
	;;
	mov r8=ar.bspstore
	mov ar.rsc=r14
	br.ret.sptk.many b0`),
  'the engine mode by its constant': routine(`
	mov ar.rsc=0
	;;
	mov r8=ar.bspstore
	mov ar.rsc=3
	br.ret.sptk.many b0`),
  'predicates by mov pr': routine(`
	mov r14=pr
	;;
	cmp.eq p16,p17=r32,r0
	;;
(p16)	mov r8=r0
(p17)	mov r8=r32
	mov pr=r14,-1
	br.ret.sptk.many b0`),
  'predicates saved and forgotten': routine(`
	mov r14=pr
	;;
	cmp.eq p16,p17=r32,r0		// ERROR PV025
	;;
(p16)	mov r8=r0
(p17)	mov r8=r14
	br.ret.sptk.many b0`),
  'gp is of the module that runs': routine(`
	alloc r33=ar.pfs,1,4,0,0
	mov r34=b0
	mov r35=gp
	;;
	ld8 r14=[r32],8
	;;
	ld8 gp=[r32]
	mov b6=r14
	br.call.sptk.many b0=b6
	;;
	mov gp=r35
	mov b0=r34
	mov ar.pfs=r33
	br.ret.sptk.many b0`),
  'a routine that is there to set a register': routine(`
	alloc r16=ar.pfs,1,0,0,0
	mov b1=r32
	;;
	br.ret.sptk.many b0`),
  'one that also does something else': routine(`
	mov b1=r32			// ERROR PV025
	mov r8=r0
	br.ret.sptk.many b0`),
  'the stack pointer is not moved back': routine(`
	adds r12=-16,r12		// ERROR PV025
	;;
	st8 [r12]=r32
	mov r8=r0
	br.ret.sptk.many b0`),
  'the stack pointer is moved back by less': routine(`
	adds r12=-32,r12
	;;
	st8 [r12]=r32
	mov r8=r0
	adds r12=16,r12			// ERROR PV025
	br.ret.sptk.many b0`),
  'an early return with the stack pointer down': routine(`
	adds r12=-16,r12		// ERROR PV025
	cmp.eq p6,p7=r32,r0
	;;
(p6)	br.ret.spnt.many b0
	st8 [r12]=r32
	mov r8=r0
	adds r12=16,r12
	br.ret.sptk.many b0`),
  'the stack pointer down and up on every way': routine(`
	cmp.eq p6,p7=r32,r0
	;;
(p6)	br.ret.spnt.many b0
	adds r12=-16,r12
	;;
	st8 [r12]=r32
	mov r8=r0
	adds r12=16,r12
	br.ret.sptk.many b0`),
  'the stack pointer from a copy': routine(`
	mov r14=r12
	adds r12=-16,r12
	;;
	st8 [r12]=r32
	mov r8=r0
	mov r12=r14
	br.ret.sptk.many b0`),
  'preserved floating-point registers': routine(`
	fma.d f2=f8,f9,f0		// ERROR PV025
	fma.d f16=f8,f9,f0		// ERROR PV025
	;;
	fma.d f8=f2,f16,f0
	br.ret.sptk.many b0`),
  'scratch floating-point registers': routine(`
	fma.d f6=f8,f9,f0
	fma.d f32=f8,f9,f0
	;;
	fma.d f8=f6,f32,f0
	br.ret.sptk.many b0`),
  'a preserved floating-point register, spilled and filled': routine(`
	stf.spill [r32]=f2
	;;
	fma.d f2=f8,f9,f0
	;;
	fma.d f8=f2,f2,f0
	ldf.fill f2=[r32]
	br.ret.sptk.many b0`),
  'a routine that ends in another one': routine(`
	mov r4=r32			// ERROR PV025
	;;
	st8 [r4]=r0
	br.cond.sptk.many other`),
  'a routine that ends in another one, and gives back before': routine(`
	mov r14=r4
	mov r4=r32
	;;
	st8 [r4]=r0
	mov r4=r14
	br.cond.sptk.many other`),
  'a return through another branch register': routine(`
	mov r14=b0
	mov r4=r32			// ERROR PV025
	;;
	add r8=r4,r33
	mov b6=r14
	;;
	br.sptk.many b6`),
  'ar.ccv kept over a call': routine(`
	alloc r33=ar.pfs,1,3,1,0
	mov r34=b0
	mov ar.ccv=r32
	;;
	mov r36=r32
	br.call.sptk.many b0=g
	;;
	cmpxchg8.acq r8=[r32],r8,ar.ccv		// ERROR PV015
	mov b0=r34
	mov ar.pfs=r33
	br.ret.sptk.many b0`),
  'a scratch floating-point register kept over a call': routine(`
	alloc r33=ar.pfs,1,3,1,0
	mov r34=b0
	setf.sig f6=r32
	;;
	mov r36=r32
	br.call.sptk.many b0=g
	;;
	getf.sig r8=f6		// ERROR PV015
	mov b0=r34
	mov ar.pfs=r33
	br.ret.sptk.many b0`),
  'a scratch branch register kept over a call': routine(`
	alloc r33=ar.pfs,1,3,1,0
	mov r34=b0
	mov b7=r32
	;;
	mov r36=r32
	br.call.sptk.many b0=g
	;;
	mov r8=b7		// ERROR PV015
	mov b0=r34
	mov ar.pfs=r33
	br.ret.sptk.many b0`),
  'ar.ccv and f6 written behind a call': routine(`
	alloc r33=ar.pfs,1,3,1,0
	mov r34=b0
	mov r36=r32
	;;
	br.call.sptk.many b0=g
	;;
	mov ar.ccv=r32
	setf.sig f6=r32
	;;
	cmpxchg8.acq r8=[r32],r8,ar.ccv
	getf.sig r9=f6
	;;
	add r8=r8,r9
	mov b0=r34
	mov ar.pfs=r33
	br.ret.sptk.many b0`),
  'ar.pfs is put back on no way, and overwritten on one': routine(`
	alloc r33=ar.pfs,1,2,0,0
	mov r34=b0
	;;
	br.call.sptk.many b0=g		// ERROR PV025
	;;
	cmp.ge p6,p7=r8,r0
	mov b0=r34
	;;
(p6)	mov ar.pfs=r0
(p7)	br.ret.sptk.many b0
	br.ret.sptk.many b0`),
  'ar.pfs is put back, and overwritten where it does not return': routine(`
	alloc r33=ar.pfs,1,2,0,0
	mov r34=b0
	;;
	br.call.sptk.many b0=g
	;;
	cmp.ge p6,p7=r8,r0
	mov b0=r34
	mov ar.pfs=r33
	;;
(p6)	mov ar.pfs=r0
(p7)	br.ret.sptk.many b0
1:	br.few 1b`),
};
