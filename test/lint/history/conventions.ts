/** Routines that keep to their convention or break it; what conventions say of breaks, of exits and of bank 0. */
import { handler, routine } from './program.ts';

const keeper = (body: string): string => routine(body).replaceAll(/\bf\b/g, 'keeper');

export const CONVENTIONS_KEPT: Readonly<Record<string, string>> = {
  'a routine that keeps to its convention': keeper(`
	add r14=r32,r9
	cmp.eq p6,p7=r33,r0
	;;
(p6)	mov r8=r14
(p7)	mov r8=r0
	br.ret.sptk.many b0`),
  'a general register that its convention does not let it destroy': keeper(`
	add r15=r32,r9			// ERROR PV016
	;;
	mov r8=r15
	br.ret.sptk.many b0`),
  'a predicate that its convention does not let it destroy': keeper(`
	cmp.eq p8,p9=r32,r9		// ERROR PV016
	;;
(p8)	mov r8=r0
(p9)	mov r8=r33
	br.ret.sptk.many b0`),
  'an application register that its convention does not let it destroy': keeper(`
	mov ar.ccv=r32			// ERROR PV016
	;;
	cmpxchg8.acq r8=[r33],r9,ar.ccv
	br.ret.sptk.many b0`),
  'a floating-point register that its convention does not let it destroy': keeper(`
	setf.sig f6=r32			// ERROR PV016
	;;
	getf.sig r8=f6
	br.ret.sptk.many b0`),
  'a branch register that its convention does not let it destroy': keeper(`
	mov b7=r32			// ERROR PV016
	;;
	mov r8=b7
	br.ret.sptk.many b0`),
  'saved and given back': keeper(`
	mov r14=ar.ccv
	mov ar.ccv=r32
	;;
	cmpxchg8.acq r8=[r33],r9,ar.ccv
	mov ar.ccv=r14
	br.ret.sptk.many b0`),
  'a register that its convention does not hand it': keeper(`
	add r14=r32,r10			// ERROR PV016
	;;
	mov r8=r14
	br.ret.sptk.many b0`),
  'a register that its convention does not hand it, written before': keeper(`
	mov r14=r32
	;;
	add r8=r14,r33
	br.ret.sptk.many b0`),
  'a register read behind a break that destroys it': routine(`
	mov r15=r32
	mov r14=r33
	;;
	break.m 0x100
	;;
	add r8=r8,r14			// ERROR PV015
	br.ret.sptk.many b0`),
  'a register read behind a break that returns it': routine(`
	mov r15=r32
	;;
	break.m 0x100
	;;
	add r8=r8,r32
	br.ret.sptk.many b0`),
  'a register read behind a break that leaves it': routine(`
	mov r15=r32
	mov r16=r33
	;;
	break.m 0x100
	;;
	add r8=r8,r16
	br.ret.sptk.many b0`),
  'a predicate that a break destroys': routine(`
	mov r15=r32
	cmp.eq p6,p7=r33,r0
	;;
	break.m 0x100
	;;
(p6)	mov r8=r0			// ERROR PV015
	br.ret.sptk.many b0`),
  'a predicate that a break leaves': routine(`
	mov r15=r32
	cmp.eq p6,p7=r33,r0
	;;
	break.m 0x100
	;;
(p7)	mov r8=r0
	br.ret.sptk.many b0`),
  'an argument of a break that is overwritten before it': routine(`
	mov r15=r32			// ERROR PV003
	;;
	mov r15=r33
	;;
	break.m 0x100
	br.ret.sptk.many b0`),
  'an argument of a break that a call destroyed': routine(`
	alloc r34=ar.pfs,1,3,1,0
	mov r35=b0
	mov r15=r32
	;;
	br.call.sptk.many b0=g
	;;
	break.m 0x100			// ERROR PV015
	mov b0=r35
	mov ar.pfs=r34
	;;
	br.ret.sptk.many b0`),
  'a break that does not come back gives nothing back': routine(`
	mov r15=r32
	mov r4=r33
	;;
	st8 [r4]=r0
	break.m 0x200`),
  'what lives in bank 0 is read and kept': handler(`
	mov r16=r27
	;;
	mov cr.iha=r16
	;;
	rfi`),
  'what does not is written by one handler and read by another': `${handler(`
	mov r16=r26			// ERROR PV015
	;;
	mov cr.iha=r16
	;;
	rfi`)}
	mov r26=cr.iha			// ERROR PV003
	;;
	rfi
`,
  'what lives in bank 0 is written by one handler and read by another': `${handler(`
	mov r16=r27
	;;
	mov cr.iha=r16
	;;
	rfi`)}
	mov r27=cr.iha
	;;
	rfi
`,
  'what an exit reads is there': routine(`
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
  'what an exit reads was destroyed': routine(`
	.endp f
	.global leaves
	.proc leaves
leaves:
	mov b6=r32
	mov r14=r33
	cmp.eq p6,p7=r34,r0
	mov r15=r34
	;;
	break.m 0x100
	;;
	mov r15=r8
	br.sptk.many b6			// ERROR PV015
	.endp leaves
	.proc f`),
};
