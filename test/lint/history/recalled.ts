/** Faults that histories of kernels tell of, each beside the program that its author meant. */
import { handler, routine } from './program.ts';

export const RECALLED: Readonly<Record<string, string>> = {
  'a fast handler borrows r14 of the interrupted code': handler(`
	mov r31=pr
	mov r16=cr.ifa
	;;
	shr.u r14=r16,61		// ERROR PV025
	;;
	cmp.eq p6,p7=5,r14
	;;
(p6)	itc.d r16
(p7)	itc.i r16
	;;
	mov pr=r31,-1
	rfi`),
  'a fast handler works in bank 0': handler(`
	mov r31=pr
	mov r16=cr.ifa
	;;
	shr.u r18=r16,61
	;;
	cmp.eq p6,p7=5,r18
	;;
(p6)	itc.d r16
(p7)	itc.i r16
	;;
	mov pr=r31,-1
	rfi`),
  'predicates saved behind the first compare': handler(`
	mov r16=cr.isr
	;;
	tbit.z p6,p7=r16,32		// ERROR PV025
	;;
	mov r31=pr
(p6)	itc.d r16
	;;
	mov pr=r31,-1
	rfi`),
  'predicates saved with the first compare behind them': handler(`
	mov r16=cr.isr
	mov r31=pr
	;;
	tbit.z p6,p7=r16,32
	;;
(p6)	itc.d r16
	;;
	mov pr=r31,-1
	rfi`),
  'the mask of mov pr leaves out what was used': handler(`
	mov r31=pr
	mov r16=cr.isr
	;;
	tbit.z p8,p9=r16,32		// ERROR PV025
	;;
(p8)	itc.d r16
	;;
	mov pr=r31,0x80
	rfi`),
  'the mask of mov pr covers what was used': handler(`
	mov r31=pr
	mov r16=cr.isr
	;;
	tbit.z p8,p9=r16,32
	;;
(p8)	itc.d r16
	;;
	mov pr=r31,0x300
	rfi`),
  'the slow way forgets the predicates': handler(`
	mov r31=pr
	mov r16=cr.ifa
	mov r29=b0
	;;
	extr.u r18=r16,61,3
	movl r20=1f
	;;
	mov b0=r20
	cmp.eq p6,p7=7,r18
	;;
(p6)	br.cond.dpnt.many 2f		// ERROR PV025
	;;
	itc.d r18
1:	mov b0=r29
	mov pr=r31,-1
	;;
	rfi
2:	itc.i r18
	mov b0=r29
	;;
	rfi`),
  'the slow way gives the predicates back': handler(`
	mov r31=pr
	mov r16=cr.ifa
	mov r29=b0
	;;
	extr.u r18=r16,61,3
	movl r20=1f
	;;
	mov b0=r20
	cmp.eq p6,p7=7,r18
	;;
(p6)	br.cond.dpnt.many 2f
	;;
	itc.d r18
1:	mov b0=r29
	mov pr=r31,-1
	;;
	rfi
2:	itc.i r18
	mov b0=r29
	mov pr=r31,-1
	;;
	rfi`),
  'a fill without the NaT bits of the owner': routine(`
	alloc r33=ar.pfs,1,3,1,0
	mov r34=b0
	adds r12=-32,r12
	;;
	adds r14=16,r12
	;;
	st8.spill [r14]=r7		// ERROR PV025
	mov r7=r32
	mov r36=r32
	br.call.sptk.many b0=g
	;;
	adds r14=16,r12
	add r8=r8,r7
	;;
	ld8.fill r7=[r14]
	adds r12=32,r12
	mov ar.pfs=r33
	mov b0=r34
	br.ret.sptk.many b0`),
  'a fill, and the NaT bits of the owner back': routine(`
	alloc r33=ar.pfs,1,4,1,0
	mov r34=b0
	mov r35=ar.unat
	adds r12=-32,r12
	;;
	adds r14=16,r12
	;;
	st8.spill [r14]=r7
	mov r7=r32
	mov r37=r32
	br.call.sptk.many b0=g
	;;
	adds r14=16,r12
	add r8=r8,r7
	;;
	ld8.fill r7=[r14]
	adds r12=32,r12
	mov ar.unat=r35
	mov ar.pfs=r33
	mov b0=r34
	br.ret.sptk.many b0`),
  'what the call returns in r8 and r9': routine(`
	alloc r33=ar.pfs,1,3,1,0
	mov r34=b0
	;;
	mov r36=r32
	br.call.sptk.many b0=g
	;;
	add r8=r8,r9
	mov ar.pfs=r33
	mov b0=r34
	br.ret.sptk.many b0`),
  'an output is taken for a local behind the call': routine(`
	alloc loc0=ar.pfs,2,3,2,0
	mov loc1=b0
	;;
	add out0=in0,in1
	mov out1=in1
	br.call.sptk.many b0=g
	;;
	st8 [out1]=r8			// ERROR PV015
	mov ar.pfs=loc0
	mov b0=loc1
	br.ret.sptk.many b0`),
  'a local holds what an output held': routine(`
	alloc loc0=ar.pfs,2,3,2,0
	mov loc1=b0
	mov loc2=in1
	;;
	add out0=in0,in1
	mov out1=in1
	br.call.sptk.many b0=g
	;;
	st8 [loc2]=r8
	mov ar.pfs=loc0
	mov b0=loc1
	br.ret.sptk.many b0`),
  'alloc counts one local too few': routine(`
	alloc r34=ar.pfs,2,3,0,0
	mov r35=b0
	mov r36=gp
	;;
	mov r37=r32			// ERROR PV027
	br.call.sptk.many b0=g
	;;
	add r8=r8,r37			// ERROR PV027
	mov gp=r36
	mov ar.pfs=r34
	mov b0=r35
	br.ret.sptk.many b0`),
  'alloc counts all locals': routine(`
	alloc r34=ar.pfs,2,4,0,0
	mov r35=b0
	mov r36=gp
	;;
	mov r37=r32
	br.call.sptk.many b0=g
	;;
	add r8=r8,r37
	mov gp=r36
	mov ar.pfs=r34
	mov b0=r35
	br.ret.sptk.many b0`),
  'what bank 0 held is looked for behind bsw.1': handler(`
	mov r20=cr.iip
	mov r21=cr.ipsr
	;;
	bsw.1
	;;
	mov r14=r20			// ERROR PV025
	bsw.0
	;;
	mov cr.iip=r20
	mov cr.ipsr=r21
	;;
	rfi`),
  'bank 0 is used again behind bsw.0': handler(`
	mov r20=cr.iip
	mov r21=cr.ipsr
	;;
	mov cr.iip=r20
	mov cr.ipsr=r21
	;;
	rfi`),
  'itc reads cr.itir too early': handler(`
	mov r16=cr.ifa
	mov r17=r27
	;;
	mov cr.itir=r17
	itc.d r16			// ERROR PV009
	;;
	rfi`),
  'itc behind the stop': handler(`
	mov r16=cr.ifa
	mov r17=r27
	;;
	mov cr.itir=r17
	;;
	itc.d r16
	;;
	rfi`),
  'srlz.d where instructions are fetched by what changed': routine(`
	rsm psr.ic|psr.i
	;;
	srlz.d
	;;
	mov cr.ifa=r32
	mov cr.itir=r33
	;;
	itr.d dtr[r34]=r35
	;;
	ssm psr.ic
	;;
	srlz.d
	;;
	ssm psr.i
	br.ret.sptk.many b0`),
  'a data entry is used before anything serializes': routine(`
	rsm psr.ic
	;;
	srlz.d
	;;
	mov cr.ifa=r32
	mov cr.itir=r33
	;;
	itc.d r35
	;;
	ld8 r8=[r32]			// ERROR PV010
	;;
	ssm psr.ic
	;;
	srlz.d
	br.ret.sptk.many b0`),
  'a data entry is used behind srlz.d': routine(`
	rsm psr.ic
	;;
	srlz.d
	;;
	mov cr.ifa=r32
	mov cr.itir=r33
	;;
	itc.d r35
	;;
	srlz.d
	;;
	ld8 r8=[r32]
	;;
	ssm psr.ic
	;;
	srlz.d
	br.ret.sptk.many b0`),
  'region registers are read by the next access': routine(`
	mov rr[r32]=r33
	;;
	ld8 r8=[r34]			// ERROR PV010
	br.ret.sptk.many b0`),
  'region registers are serialized for data': routine(`
	mov rr[r32]=r33
	;;
	srlz.d
	;;
	ld8 r8=[r34]
	br.ret.sptk.many b0`),
  'psr.ic is cleared, and cr.iip read in the next group': routine(`
	rsm psr.ic
	;;
	mov cr.iip=r32			// ERROR PV010
	;;
	ssm psr.ic
	;;
	srlz.d
	br.ret.sptk.many b0`),
  'psr.ic is cleared, serialized, and cr.iip written': routine(`
	rsm psr.ic
	;;
	srlz.d
	;;
	mov cr.iip=r32
	;;
	ssm psr.ic
	;;
	srlz.d
	br.ret.sptk.many b0`),
  'psr as it was comes back, and is serialized before the return': routine(`
	mov r14=psr
	;;
	rsm psr.ic
	;;
	srlz.d
	;;
	mov r8=cr.iha
	;;
	mov psr.l=r14
	;;
	srlz.i
	;;
	br.ret.sptk.many b0`),
  'rfi leaves with psr.ic on': handler(`
	bsw.1
	;;
	ssm psr.ic
	;;
	srlz.i
	;;
	bsw.0
	;;
	rfi				// ERROR PV026`),
  'the engine still runs when ar.bspstore is written': routine(`
	mov r16=ar.rsc
	mov r14=ar.bspstore		// ERROR PV026
	;;
	mov ar.bspstore=r32		// ERROR PV026
	;;
	mov ar.bspstore=r14		// ERROR PV026
	;;
	mov ar.rsc=r16
	br.ret.sptk.many b0`),
  'a routine that may be called with the engine stopped': routine(`
	mov ar.bspstore=r32
	;;
	mov ar.rnat=r33
	br.ret.sptk.many b0`),
  'a jump back into another frame loads what that needs': routine(`
	ld8 r14=[r32],8
	;;
	ld8 r15=[r32],8
	;;
	ld8.fill r4=[r32],8
	mov b0=r14
	mov ar.pfs=r15
	;;
	ld8.fill r5=[r32],8
	;;
	ldf.fill f2=[r32]
	mov ar.lc=r15
	br.ret.sptk.many b0`),
  'a routine that keeps its return address may not': routine(`
	alloc r34=ar.pfs,1,4,1,0
	mov r35=b0
	;;
	ld8.fill r4=[r32]		// ERROR PV025
	mov r37=r32
	br.call.sptk.many b0=g
	;;
	mov r8=r4
	mov ar.pfs=r34
	mov b0=r35
	;;
	br.ret.sptk.many b0`),
  'the engine is stopped, its store moved and put back': routine(`
	mov r16=ar.rsc
	mov ar.rsc=0
	;;
	mov r14=ar.bspstore
	mov r15=ar.rnat
	;;
	mov ar.bspstore=r32
	;;
	mov ar.rnat=r33
	;;
	mov ar.bspstore=r14
	;;
	mov ar.rnat=r15
	;;
	mov ar.rsc=r16
	br.ret.sptk.many b0`),
  'the return address is kept in b6, which a call destroys': routine(`
	alloc r33=ar.pfs,1,2,1,0
	mov r14=b0
	;;
	mov b6=r14
	mov r35=r32
	br.call.sptk.many b0=g
	;;
	mov ar.pfs=r33
	br.sptk.many b6			// ERROR PV015`),
  'the return address is kept in a local': routine(`
	alloc r33=ar.pfs,1,2,1,0
	mov r34=b0
	;;
	mov r35=r32
	br.call.sptk.many b0=g
	;;
	mov ar.pfs=r33
	mov b6=r34
	;;
	br.sptk.many b6`),
  'swapped targets of tbit, read on both ways': routine(`
	tbit.nz p6,p7=r32,3
	;;
(p8)	mov r8=1			// ERROR PV015
(p7)	mov r9=2
	br.ret.sptk.many b0`),
  'a loop of cmp.unc that clears its own condition': routine(`
	cmp.eq p6,p7=r32,r0
	mov r8=r0
	;;
1:
(p7)	cmp.ne.unc p6,p7=r33,r8
	adds r8=1,r8
	;;
(p7)	br.cond.sptk 1b
(p6)	mov r8=-1
	br.ret.sptk.many b0`),
  'the bits of the engine come back while it runs': routine(`
	mov r16=ar.rsc
	mov ar.rsc=0
	;;
	mov r14=ar.bspstore
	mov r15=ar.rnat
	;;
	mov ar.rsc=3
	;;
	mov ar.rnat=r15			// ERROR PV026
	mov r8=r14
	mov ar.rsc=r16
	;;
	br.ret.sptk.many b0`),
  'the engine runs again on one way only': routine(`
	mov ar.rsc=0
	cmp.eq p6,p7=r32,r0
	;;
(p6)	mov ar.rsc=3
	;;
	mov r8=ar.bspstore
	mov ar.rsc=3
	;;
	br.ret.sptk.many b0`),
  'a frame is loaded while the engine runs': routine(`
	mov r16=ar.rsc
	;;
	flushrs
	;;
	loadrs				// ERROR PV026
	;;
	mov ar.rsc=r16
	br.ret.sptk.many b0`),
  'an access fault handler loses the loop count': handler(`
	mov r31=pr
	mov r16=cr.ifa
	mov r17=r0
	;;
	mov ar.lc=7			// ERROR PV025
	;;
1:	add r17=r16,r17
	br.cloop.sptk.few 1b
	;;
	itc.d r17
	mov pr=r31,-1
	;;
	rfi`),
  'ar.ec of the interrupted loop': handler(`
	mov r16=cr.ifa
	mov ar.ec=r0			// ERROR PV025
	;;
	itc.d r16
	;;
	rfi`),
  'ar.ec is the frame state of a call and comes back with it': routine(`
	alloc r33=ar.pfs,1,3,1,0
	mov r34=b0
	mov ar.ec=r0
	;;
	mov r36=r32
	br.call.sptk.many b0=g
	;;
	mov ar.pfs=r33
	mov b0=r34
	;;
	br.ret.sptk.many b0`),
  'two spills, one bit: the second fill has no NaT of its own': routine(`
	mov r15=ar.unat
	adds r12=-48,r12
	;;
	adds r14=16,r12
	;;
	st8.spill [r14]=r4,8
	mov r4=r32
	;;
	st8.spill [r14]=r5,-8
	mov r5=r33			// ERROR PV025
	;;
	add r8=r4,r5
	ld8.fill r4=[r14]
	adds r12=48,r12
	mov ar.unat=r15
	br.ret.sptk.many b0`),
  'two spills and two fills': routine(`
	mov r15=ar.unat
	adds r12=-48,r12
	;;
	adds r14=16,r12
	;;
	st8.spill [r14]=r4,8
	mov r4=r32
	;;
	st8.spill [r14]=r5,-8
	mov r5=r33
	;;
	add r8=r4,r5
	ld8.fill r4=[r14],8
	;;
	ld8.fill r5=[r14]
	adds r12=48,r12
	mov ar.unat=r15
	br.ret.sptk.many b0`),
  'a jump out of the middle past the restores': routine(`
	alloc r34=ar.pfs,2,3,1,0
	mov r35=b0
	mov r36=r4
	;;
	mov r4=r32
	mov r37=r33
	br.call.sptk.many b0=g
	;;
	cmp.eq p6,p7=r8,r0
	mov ar.pfs=r34
	mov b0=r35
	;;
(p6)	br.cond.spnt.few out		// ERROR PV025
	add r8=r8,r4
	;;
	mov r4=r36
out:	br.ret.sptk.many b0`),
  'a jump out of the middle to the restores': routine(`
	alloc r34=ar.pfs,2,3,1,0
	mov r35=b0
	mov r36=r4
	;;
	mov r4=r32
	mov r37=r33
	br.call.sptk.many b0=g
	;;
	cmp.eq p6,p7=r8,r0
	mov ar.pfs=r34
	mov b0=r35
	;;
(p6)	br.cond.spnt.few out
	add r8=r8,r4
	;;
out:	mov r4=r36
	br.ret.sptk.many b0`),
  'a long branch under a predicate, and code behind it in its group': routine(`
	cmp.eq p6,p0=r32,r0
	;;
(p6)	brl.cond.spnt.many elsewhere	// ERROR PV029
	add r8=1,r32
	;;
	br.ret.sptk.many b0`),
  'the routine above was copied with its name': `${routine(`
	mov r8=r0
	br.ret.sptk.many b0`)}	.global h
	.proc h
h:	mov r8=r32
	br.ret.sptk.many b0
	.endp f				// ERROR PV028
`,
  'a call of C on the way of an interruption that keeps psr.ic off': handler(`
	mov r31=pr
	mov r16=cr.isr
	;;
	tbit.z p6,p7=r16,32
	;;
(p7)	br.cond.sptk.many 1f
	bsw.1
	;;
	alloc r14=ar.pfs,0,0,1,0
	;;
	mov out0=r0
	br.call.sptk.many b0=g		// ERROR PV026
	;;
	br.sptk.many panic
1:	mov pr=r31,-1
	;;
	rfi`),
  'interrupts on in the midst of a handler that collects nothing': handler(`
	mov r16=cr.ifa
	ssm psr.i			// ERROR PV026
	;;
	itc.d r16
	;;
	rfi`),
  'a routine that handlers call on bank 0 keeps its registers there': handler(`
	mov r31=pr
	mov r29=b0
	mov r30=ar.pfs
	mov r19=r2
	;;
	mov r2=r27
	br.call.sptk.many b0=helper
	;;
	mov r16=cr.ifa
	;;
	itc.d r16
	mov ar.pfs=r30
	mov b0=r29
	mov pr=r31,-1
	mov r2=r19
	;;
	rfi`),
  'gp of a function descriptor stays loaded': routine(`
	alloc r33=ar.pfs,1,3,0,0
	mov r34=b0
	ld8 r14=[r32],8
	;;
	ld8 gp=[r32]
	mov b6=r14
	;;
	br.call.sptk.many b0=b6
	;;
	mov ar.pfs=r33
	mov b0=r34
	;;
	br.ret.sptk.many b0`),
  'what a purge leaves is seen by the next access': routine(`
	ptc.l r32,r33
	;;
	ld8 r8=[r34]			// ERROR PV010
	br.ret.sptk.many b0`),
  'what a purge leaves is serialized': routine(`
	ptc.l r32,r33
	;;
	srlz.d
	;;
	ld8 r8=[r34]
	br.ret.sptk.many b0`),
  'an interruption vector address is serialized for data only': routine(`
	mov cr.iva=r32
	;;
	srlz.d
	;;
	br.ret.sptk.many b0`),
  'instruction entries, serialized for data only': routine(`
	rsm psr.ic
	;;
	srlz.d
	;;
	mov cr.ifa=r32
	mov cr.itir=r33
	;;
	itr.i itr[r34]=r35
	;;
	ssm psr.ic
	;;
	srlz.d
	;;
	br.ret.sptk.many b0`),
  'the return address is lost in a helper of the handler': handler(`
	mov r31=pr
	mov r30=ar.pfs
	mov r2=r27			// ERROR PV025
	br.call.sptk.many b0=helper	// ERROR PV025
	;;
	mov r16=cr.ifa
	;;
	itc.d r16
	mov ar.pfs=r30
	mov pr=r31,-1
	;;
	rfi`),
  'predicates through memory': handler(`
	mov r16=pr
	mov r17=r27
	;;
	st8 [r17]=r16
	mov r18=cr.ifa
	;;
	tbit.z p6,p7=r18,4
	;;
	ld8 r16=[r17]
(p6)	itc.d r18
	;;
	mov pr=r16,-1
	;;
	rfi`),
  'predicates through memory, and another word comes back': handler(`
	mov r16=pr			// ERROR PV003
	mov r17=r27
	mov r18=cr.ifa
	;;
	st8 [r17]=r18
	tbit.z p6,p7=r18,4
	;;
	ld8 r16=[r17]
(p6)	itc.d r18
	;;
	mov pr=r16,-1			// ERROR PV025
	;;
	rfi`),
  'r8 and r9 come back from where they were put': handler(`
	mov r16=r27
	;;
	st8 [r16]=r8,8
	;;
	st8 [r16]=r9,-8
	mov r8=cr.isr
	mov r9=cr.ifa
	;;
	mov cr.iip=r9
	mov cr.iha=r8
	;;
	ld8 r8=[r16],8
	;;
	ld8 r9=[r16]
	;;
	rfi`),
  'a wider path: a switch of three ways, of which one forgets': handler(`
	mov r31=pr
	mov r29=b6
	mov r16=cr.isr
	;;
	and r17=3,r16
	;;
	mov b6=r17
	cmp.eq p6,p7=1,r17
	cmp.eq p8,p9=2,r17
	;;
(p6)	br.cond.spnt one
(p8)	br.cond.spnt two		// ERROR PV025
	;;
	mov b6=r29
	mov pr=r31,-1
	;;
	rfi
one:	itc.d r16
	mov b6=r29
	mov pr=r31,-1
	;;
	rfi
two:	itc.i r16
	mov pr=r31,-1
	;;
	rfi`),
  'a switch of three ways through one end': handler(`
	mov r31=pr
	mov r29=b6
	mov r16=cr.isr
	;;
	and r17=3,r16
	;;
	mov b6=r17
	cmp.eq p6,p7=1,r17
	cmp.eq p8,p9=2,r17
	;;
(p6)	br.cond.spnt one
(p8)	br.cond.spnt two
	;;
end:	mov b6=r29
	mov pr=r31,-1
	;;
	rfi
one:	itc.d r16
	br.sptk end
two:	itc.i r16
	br.sptk end`),
  'the result of an exchange replaces what the next try stores': routine(`
	ld8 r14=[r33]
	;;
1:	ld8 r17=[r32]
	;;
	mov ar.ccv=r17
	adds r18=1,r17
	st8 [r34]=r14
	;;
	cmpxchg8.acq r14=[r32],r18,ar.ccv	// ERROR PV031
	;;
	cmp.ne p6,p0=r17,r14
(p6)	br.cond.spnt.few 1b
	mov r8=r0
	br.ret.sptk.many b0`),
  'the result of an exchange has a register of its own': routine(`
	ld8 r14=[r33]
	;;
1:	ld8 r17=[r32]
	;;
	mov ar.ccv=r17
	adds r18=1,r17
	st8 [r34]=r14
	;;
	cmpxchg8.acq r15=[r32],r18,ar.ccv
	;;
	cmp.ne p6,p0=r17,r15
(p6)	br.cond.spnt.few 1b
	mov r8=r0
	br.ret.sptk.many b0`),
  'the result of an exchange replaces an argument that the next try goes by': routine(`
	mov r14=r34
	;;
1:	ld8 r17=[r32]
	;;
	mov ar.ccv=r17
	adds r18=1,r17
	st8 [r34]=r33
	;;
	cmpxchg8.acq r33=[r32],r18,ar.ccv	// ERROR PV031
	;;
	cmp.ne p6,p0=r17,r33
(p6)	br.cond.spnt.few 1b
	mov r8=r0
	br.ret.sptk.many b0`),
  'what is loaded again in each round may be replaced': routine(`
1:	ld8 r17=[r32]
	ld8 r14=[r33]
	;;
	mov ar.ccv=r17
	adds r18=1,r17
	st8 [r34]=r14
	;;
	cmpxchg8.acq r14=[r32],r18,ar.ccv
	;;
	cmp.ne p6,p0=r17,r14
(p6)	br.cond.spnt.few 1b
	mov r8=r0
	br.ret.sptk.many b0`),
  'the next try goes on with the result': routine(`
	ld8 r14=[r32]
	;;
1:	mov ar.ccv=r14
	adds r18=1,r14
	mov r15=r14
	;;
	cmpxchg8.acq r14=[r32],r18,ar.ccv
	;;
	cmp.ne p6,p0=r15,r14
(p6)	br.cond.spnt.few 1b
	mov r8=r0
	br.ret.sptk.many b0`),
  'an exchange that is not tried again': routine(`
	ld8 r14=[r33]
	;;
1:	ld8 r17=[r32]
	;;
	mov ar.ccv=r17
	adds r18=1,r17
	st8 [r34]=r14
	;;
	cmpxchg8.acq r14=[r32],r18,ar.ccv
	;;
	cmp.ne p6,p0=r17,r14
(p6)	br.ret.spnt.many b0
	mov r8=r0
	br.ret.sptk.many b0`),
  'the result replaces the address of another word': routine(`
	ld8 r14=[r33]
	;;
1:	ld8 r17=[r32]
	;;
	mov ar.ccv=r17
	adds r18=1,r17
	ld8 r19=[r14]
	;;
	st8 [r34]=r19
	cmpxchg8.acq r14=[r32],r18,ar.ccv	// ERROR PV031
	;;
	cmp.ne p6,p0=r17,r14
(p6)	br.cond.spnt.few 1b
	mov r8=r0
	br.ret.sptk.many b0`),
  'a subroutine of the file goes behind its own call': routine(`
	alloc r33=ar.pfs,1,2,1,0
	mov r34=b0
	;;
	br.call.sptk.many b0=part
	;;
	mov ar.pfs=r33
	mov b0=r34
	;;
	br.ret.sptk.many b0
	.endp f
	.proc part
part:	alloc r32=ar.pfs,0,1,1,0
	mov r33=r0
	;;
	br.call.sptk.many b0=g
	;;
	mov ar.pfs=r32
	;;
	br.ret.sptk.many b0		// ERROR PV025
	.endp part
	.proc f`),
  'a subroutine of the file that keeps its return address': routine(`
	alloc r33=ar.pfs,1,2,1,0
	mov r34=b0
	;;
	br.call.sptk.many b0=part
	;;
	mov ar.pfs=r33
	mov b0=r34
	;;
	br.ret.sptk.many b0
	.endp f
	.proc part
part:	alloc r32=ar.pfs,0,2,1,0
	mov r33=b0
	mov r34=r0
	;;
	br.call.sptk.many b0=g
	;;
	mov ar.pfs=r32
	mov b0=r33
	;;
	br.ret.sptk.many b0
	.endp part
	.proc f`),
  'a jump that is a call, and the return address is lost behind it': routine(`
	alloc r16=ar.pfs,1,2,1,0
	movl r28=1f
	;;
	mov b7=r28
	br.cond.sptk.many put_away
1:	mov r33=b0
	mov r34=r16
	mov r35=r32
	br.call.sptk.many b0=g
	;;
	mov ar.pfs=r34
	br.ret.sptk.many b0		// ERROR PV025
	.endp f
	.global h
	.proc h
h:	movl r28=1f
	;;
	mov b7=r28
	br.cond.sptk.many put_away
1:	mov r8=r0
	br.ret.sptk.many b0
	.endp h
	.global put_away
	.proc put_away
put_away:
	mov r17=r12
	;;
	st8 [r17]=r16
	br.sptk.many b7
	.endp put_away
	.proc f`),
  'a jump that is a call, and the return address comes back': routine(`
	alloc r16=ar.pfs,1,2,1,0
	movl r28=1f
	;;
	mov b7=r28
	br.cond.sptk.many put_away
1:	mov r33=b0
	mov r34=r16
	mov r35=r32
	br.call.sptk.many b0=g
	;;
	mov ar.pfs=r34
	mov b0=r33
	;;
	br.ret.sptk.many b0
	.endp f
	.global h
	.proc h
h:	movl r28=1f
	;;
	mov b7=r28
	br.cond.sptk.many put_away
1:	mov r8=r0
	br.ret.sptk.many b0
	.endp h
	.global put_away
	.proc put_away
put_away:
	mov r17=r12
	;;
	st8 [r17]=r16
	br.sptk.many b7
	.endp put_away
	.proc f`),
};
