/** What else the histories of Linux, Xen and HelenOS tell of, in programs as their authors would write them today. */
import { handler, routine } from './program.ts';

export const AFRESH: Readonly<Record<string, string>> = {
  'the frame is made into r14 before anybody has saved r14': handler(`
	mov r29=cr.ipsr
	mov r28=cr.iip
	mov r27=ar.pfs
	;;
	cover
	;;
	alloc r14=ar.pfs,0,0,2,0	// ERROR PV025
	;;
	mov cr.ipsr=r29
	mov cr.iip=r28
	mov ar.pfs=r27
	;;
	rfi`),
  'the frame is made into a register of bank 0': handler(`
	mov r29=cr.ipsr
	mov r28=cr.iip
	mov r27=ar.pfs
	;;
	cover
	;;
	alloc r16=ar.pfs,0,0,2,0
	;;
	mov cr.ipsr=r29
	mov cr.iip=r28
	mov ar.pfs=r27
	;;
	rfi`),
  'a handler calls its own routine and forgets b0': handler(`
	mov r16=cr.ifa
	mov r26=ar.pfs
	;;
	br.call.sptk.many b0=walk	// ERROR PV025
	;;
	mov ar.pfs=r26
	itc.d r18
	;;
	rfi
walk:	thash r17=r16
	;;
	ld8 r18=[r17]
	br.ret.sptk.many b0`),
  'it keeps b0 beside': handler(`
	mov r16=cr.ifa
	mov r26=ar.pfs
	mov r29=b0
	;;
	br.call.sptk.many b0=walk
	;;
	mov ar.pfs=r26
	mov b0=r29
	itc.d r18
	;;
	rfi
walk:	thash r17=r16
	;;
	ld8 r18=[r17]
	br.ret.sptk.many b0`),
  'a register is spilled, and its NaT bit goes to the interrupted ar.unat': handler(`
	mov r16=r27
	mov r17=cr.ifa
	;;
	st8.spill [r16]=r8		// ERROR PV025
	mov r8=r17
	;;
	itc.d r8
	;;
	srlz.d
	;;
	ld8.fill r8=[r16]
	;;
	rfi`),
  'ar.unat is kept beside': handler(`
	mov r16=r27
	mov r17=cr.ifa
	mov r18=ar.unat
	;;
	st8.spill [r16]=r8
	mov r8=r17
	;;
	itc.d r8
	;;
	srlz.d
	;;
	ld8.fill r8=[r16]
	;;
	mov ar.unat=r18
	rfi`),
  'no srlz.d behind rsm psr.ic': routine(`
	rsm psr.ic
	;;
	mov cr.ifa=r32			// ERROR PV010
	mov cr.itir=r33
	;;
	itr.d dtr[r34]=r32
	;;
	ssm psr.ic
	;;
	srlz.d
	br.ret.sptk.many b0`),
  'srlz.d behind rsm psr.ic': routine(`
	rsm psr.ic
	;;
	srlz.d
	;;
	mov cr.ifa=r32
	mov cr.itir=r33
	;;
	itr.d dtr[r34]=r32
	;;
	ssm psr.ic
	;;
	srlz.d
	br.ret.sptk.many b0`),
  'the predicates are saved on one bank and put back on the other': handler(`
	mov r31=pr			// ERROR PV003
	mov r16=cr.isr
	;;
	tbit.z p6,p7=r16,2
	;;
(p6)	mov cr.iha=r16
	bsw.1
	;;
	mov pr=r31,-1			// ERROR PV025
	;;
	bsw.0
	;;
	rfi`),
  'a routine returns with the ar.pfs of its call': routine(`
	alloc r34=ar.pfs,2,2,1,0
	mov r35=b0
	mov r36=r32
	;;
	br.call.sptk.many b0=g		// ERROR PV025
	;;
	mov b0=r35
	br.ret.sptk.many b0`),
  'and with its own': routine(`
	alloc r34=ar.pfs,2,2,1,0
	mov r35=b0
	mov r36=r32
	;;
	br.call.sptk.many b0=g
	;;
	mov b0=r35
	mov ar.pfs=r34
	br.ret.sptk.many b0`),
  'the test comes behind its branch': handler(`
	mov r31=pr
	mov r16=cr.isr
	;;
(p6)	br.cond.spnt 1f			// ERROR PV015
	tbit.nz p6,p7=r16,32
	;;
(p7)	mov cr.iha=r16
1:	mov pr=r31,-1
	;;
	rfi`),
  'the test comes before its branch': handler(`
	mov r31=pr
	mov r16=cr.isr
	;;
	tbit.nz p6,p7=r16,32
	;;
(p6)	br.cond.spnt 1f
	mov cr.iha=r16
1:	mov pr=r31,-1
	;;
	rfi`),
  'a long call shares its group with what follows': routine(`
	alloc r34=ar.pfs,1,2,0,0
	mov r33=b0
	;;
	brl.call.sptk.many b0=g		// ERROR PV029
	mov b0=r33
	mov ar.pfs=r34
	br.ret.sptk.many b0`),
  'a local too many': routine(`
	alloc r34=ar.pfs,2,2,1,0
	mov r35=b0
	mov r37=r32			// ERROR PV027
	;;
	br.call.sptk.many b0=g
	;;
	mov b0=r35
	mov ar.pfs=r34
	br.ret.sptk.many b0`),
  'the engine stays in enforced lazy mode': routine(`
	alloc r33=ar.pfs,1,1,0,0
	mov ar.rsc=0			// ERROR PV025
	;;
	flushrs
	;;
	mov r14=ar.bspstore
	mov r15=ar.rnat
	;;
	st8 [r32]=r14,8
	;;
	st8 [r32]=r15
	br.ret.sptk.many b0`),
  'the engine goes on': routine(`
	alloc r33=ar.pfs,1,1,0,0
	mov ar.rsc=0
	;;
	flushrs
	;;
	mov r14=ar.bspstore
	mov r15=ar.rnat
	;;
	st8 [r32]=r14,8
	mov ar.rsc=3
	;;
	st8 [r32]=r15
	br.ret.sptk.many b0`),
  'firmware is called with interruptions uncollected, then C': routine(`
	alloc r34=ar.pfs,2,3,1,0
	mov r35=b0
	mov r36=psr
	rsm psr.i | psr.ic
	;;
	srlz.d
	mov b6=r32
	;;
	br.call.sptk.many b0=b6
	;;
	mov r37=r8
	br.call.sptk.many b0=record	// ERROR PV026
	;;
	mov psr.l=r36
	;;
	srlz.d
	mov b0=r35
	mov ar.pfs=r34
	br.ret.sptk.many b0`),
  'an argument is expected back from the call': routine(`
	alloc r34=ar.pfs,2,2,1,0
	mov r35=b0
	mov r36=r32
	;;
	br.call.sptk.many b0=g
	;;
	add r8=r8,r36			// ERROR PV015
	mov b0=r35
	mov ar.pfs=r34
	br.ret.sptk.many b0`),
  'what is needed behind the call is a local': routine(`
	alloc r34=ar.pfs,2,2,1,0
	mov r35=b0
	mov r36=r32
	;;
	br.call.sptk.many b0=g
	;;
	add r8=r8,r32
	mov b0=r35
	mov ar.pfs=r34
	br.ret.sptk.many b0`),
  'both words go to one place': routine(`
	st8 [r32]=r33			// ERROR PV030
	;;
	st8 [r32]=r34
	br.ret.sptk.many b0`),
  'each word goes to its place': routine(`
	st8 [r32]=r33,8
	;;
	st8 [r32]=r34
	br.ret.sptk.many b0`),
  'the error path leaves interrupts off': routine(`
	alloc r34=ar.pfs,1,2,0,0
	rsm psr.i
	;;
	ld8 r8=[r32]
	;;
	cmp.eq p6,p7=r8,r0
	;;
(p6)	br.ret.spnt.many b0		// ERROR PV026
	st8 [r32]=r0
	ssm psr.i
	br.ret.sptk.many b0`),
  'every path sets them again': routine(`
	alloc r34=ar.pfs,1,2,0,0
	rsm psr.i
	;;
	ld8 r8=[r32]
	;;
	cmp.eq p6,p7=r8,r0
	;;
(p7)	st8 [r32]=r0
	ssm psr.i
	br.ret.sptk.many b0`),
  'a handler exchanges through the interrupted ar.ccv': handler(`
	mov r16=r27
	mov r31=pr
	;;
	ld8 r17=[r16]
	;;
	mov ar.ccv=r17			// ERROR PV025
	or r18=1,r17
	;;
	cmpxchg8.acq r19=[r16],r18,ar.ccv
	;;
	cmp.eq p6,p7=r19,r17
	;;
(p6)	itc.d r18
	;;
	mov pr=r31,-1
	rfi`),
  'it saves ar.ccv first': handler(`
	mov r16=r27
	mov r31=pr
	mov r28=ar.ccv
	;;
	ld8 r17=[r16]
	;;
	mov ar.ccv=r17
	or r18=1,r17
	;;
	cmpxchg8.acq r19=[r16],r18,ar.ccv
	;;
	cmp.eq p6,p7=r19,r17
	;;
(p6)	itc.d r18
	mov ar.ccv=r28
	;;
	mov pr=r31,-1
	rfi`),
  'a counted loop in a routine of C': routine(`
	mov ar.lc=7			// ERROR PV025
	;;
1:	ptc.e r32
	;;
	add r32=r33,r32
	br.cloop.sptk.few 1b
	;;
	srlz.i
	;;
	br.ret.sptk.many b0`),
  'a counted loop that gives ar.lc back': routine(`
	mov r14=ar.lc
	;;
	mov ar.lc=7
	;;
1:	ptc.e r32
	;;
	add r32=r33,r32
	br.cloop.sptk.few 1b
	;;
	srlz.i
	mov ar.lc=r14
	;;
	br.ret.sptk.many b0`),
  'a preserved floating-point register is worked in': routine(`
	setf.sig f16=r32		// ERROR PV025
	setf.sig f7=r33
	;;
	xma.l f16=f16,f7,f0
	;;
	getf.sig r8=f16
	br.ret.sptk.many b0`),
  'scratch floating-point registers are worked in': routine(`
	setf.sig f6=r32
	setf.sig f7=r33
	;;
	xma.l f6=f6,f7,f0
	;;
	getf.sig r8=f6
	br.ret.sptk.many b0`),
  'a hit returns without b6': handler(`
	mov r31=pr
	mov r28=b6
	movl r16=1f
	mov r17=cr.isr
	;;
	mov b6=r16
	tbit.z p6,p7=r17,4
	;;
(p6)	br.cond.sptk 2f			// ERROR PV025
	br.few b6
1:	mov b6=r28
	;;
2:	mov pr=r31,-1
	;;
	rfi`),
  'b6 comes back both ways': handler(`
	mov r31=pr
	mov r28=b6
	movl r16=1f
	mov r17=cr.isr
	;;
	mov b6=r16
	tbit.z p6,p7=r17,4
	;;
(p6)	br.cond.sptk 1f
	br.few b6
1:	mov b6=r28
	;;
2:	mov pr=r31,-1
	;;
	rfi`),
  'a system call is thought to keep r14': routine(`
	mov r14=r32
	mov r15=1033
	;;
	break 0x100
	;;
	add r8=r8,r14			// ERROR PV015
	br.ret.sptk.many b0`),
  'r14 is written behind the system call': routine(`
	mov r15=1033
	;;
	break 0x100
	;;
	mov r14=r32
	;;
	add r8=r8,r14
	br.ret.sptk.many b0`),
  'the copy of the predicates serves as scratch': handler(`
	mov r31=pr			// ERROR PV003
	mov r16=cr.ifa
	;;
	thash r17=r16
	mov r31=cr.isr
	;;
	tbit.z p6,p7=r31,6
	;;
(p6)	itc.d r17
	;;
	mov pr=r31,-1			// ERROR PV025
	rfi`),
  'b6 is put back into b7': handler(`
	mov r28=b6
	movl r16=1f
	;;
	mov b6=r16			// ERROR PV025
	;;
	br.few b6
1:	mov b7=r28			// ERROR PV025
	;;
	rfi`),
  'C is called with data translation off behind a copy to physical memory': routine(`
	alloc r34=ar.pfs,2,2,0,0
	mov r35=b0
	rsm psr.dt
	;;
	srlz.d
	;;
	st8 [r32]=r33
	br.call.sptk.many b0=g		// ERROR PV026
	;;
	ssm psr.dt
	;;
	srlz.d
	mov b0=r35
	mov ar.pfs=r34
	br.ret.sptk.many b0`),
  'C is called once translation is on': routine(`
	alloc r34=ar.pfs,2,2,0,0
	mov r35=b0
	rsm psr.dt
	;;
	srlz.d
	;;
	st8 [r32]=r33
	;;
	ssm psr.dt
	;;
	srlz.d
	br.call.sptk.many b0=g
	;;
	mov b0=r35
	mov ar.pfs=r34
	br.ret.sptk.many b0`),
  'a translation is inserted after psr.ic is set again': routine(`
	alloc r34=ar.pfs,2,1,0,0
	rsm psr.ic
	;;
	srlz.d
	;;
	mov cr.itir=r33
	mov cr.ifa=r32
	;;
	ssm psr.ic
	;;
	srlz.d
	;;
	itr.d dtr[r33]=r32		// ERROR PV026
	;;
	srlz.d
	br.ret.sptk.many b0`),
  'a predicate that the caller keeps decides the loop': routine(`
	mov r8=r0
	;;
1:	cmp.ltu p16,p0=r8,r32		// ERROR PV025
	adds r8=8,r8
	;;
(p16)	br.cond.dptk 1b
	br.ret.sptk.many b0`),
  'a scratch predicate decides the loop': routine(`
	mov r8=r0
	;;
1:	cmp.ltu p6,p0=r8,r32
	adds r8=8,r8
	;;
(p6)	br.cond.dptk 1b
	br.ret.sptk.many b0`),
};
