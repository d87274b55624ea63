/** Registers of the interrupted program that a handler destroys and must give back. */
import { handler } from './program.ts';

export const INTERRUPTED: Readonly<Record<string, string>> = {
  'a scratch register of the interrupted code': handler(`
	mov r31=pr
	mov r16=cr.ifa
	;;
	mov r9=r16			// ERROR PV025
	;;
	cmp.eq p6,p7=r9,r0
	;;
(p6)	mov r17=r9
	;;
(p6)	itc.d r17
	;;
	mov pr=r31,-1
	rfi`),
  'predicates that nobody saved': handler(`
	mov r16=cr.isr
	;;
	tbit.z p6,p7=r16,3		// ERROR PV025
	;;
(p6)	itc.d r16
	;;
	rfi`),
  'a spill writes ar.unat': handler(`
	mov r16=cr.ifa
	;;
	st8.spill [r16]=r9		// ERROR PV025
	;;
	rfi`),
  'a spill, and ar.unat saved before': handler(`
	mov r17=ar.unat
	mov r16=cr.ifa
	;;
	st8.spill [r16]=r9
	;;
	mov ar.unat=r17
	rfi`),
  'ar.ccv for a compare and exchange': handler(`
	mov r16=cr.ifa
	;;
	ld8 r18=[r16]
	;;
	mov ar.ccv=r18			// ERROR PV025
	;;
	cmpxchg8.acq r19=[r16],r0,ar.ccv
	;;
	mov cr.iha=r19
	rfi`),
  'ar.ccv saved and given back': handler(`
	mov r16=cr.ifa
	mov r20=ar.ccv
	;;
	ld8 r18=[r16]
	;;
	mov ar.ccv=r18
	;;
	cmpxchg8.acq r19=[r16],r0,ar.ccv
	;;
	mov ar.ccv=r20
	mov cr.iha=r19
	rfi`),
  'ar.pfs by a call of a helper': handler(`
	mov r31=pr
	mov r29=b0
	mov r2=r0			// ERROR PV025
	;;
	br.call.sptk.many b0=helper	// ERROR PV025
	;;
	mov b0=r29
	mov pr=r31,-1
	rfi`),
  'ar.rsc in lazy mode': handler(`
	mov r16=cr.iip
	mov ar.rsc=0			// ERROR PV025
	;;
	mov cr.iip=r16
	;;
	rfi`),
  'a branch register': handler(`
	mov r16=cr.iip
	;;
	mov b6=r16			// ERROR PV025
	mov r17=cr.iha
	;;
	mov cr.iip=r17
	;;
	rfi`),
  'bank 1 behind bsw.1': handler(`
	mov r31=cr.iip
	;;
	mov cr.iha=r31
	bsw.1
	;;
	mov r17=cr.iip			// ERROR PV025
	;;
	mov cr.iip=r17
	bsw.0
	;;
	rfi`),
  'bank 1 saved into bank 1 before anything is saved': handler(`
	bsw.1
	;;
	mov r18=r17			// ERROR PV025
	mov r17=cr.iip
	;;
	mov cr.iip=r17
	mov r17=r18
	;;
	bsw.0
	;;
	rfi`),
  'copied through two registers': handler(`
	mov r29=b0
	;;
	mov r28=r29
	mov r29=cr.iip
	;;
	mov b0=r29
	;;
	mov r17=b0
	mov b0=r28
	;;
	mov cr.iha=r17
	rfi`),
  'the wrong copy comes back': handler(`
	mov r29=b0			// ERROR PV003
	mov r28=b6
	mov r16=cr.iip
	;;
	mov b0=r16
	mov b6=r16
	;;
	mov b0=r28			// ERROR PV025
	mov b6=r28
	rfi`),
  'the copy was overwritten': handler(`
	mov r29=b0			// ERROR PV003
	mov r16=cr.iip
	;;
	mov b0=r16
	mov r29=cr.iha
	;;
	mov b0=r29			// ERROR PV025
	rfi`),
  'an early rfi': handler(`
	mov r31=pr
	mov r29=b0
	mov r16=cr.ifa
	;;
	mov b0=r16
	tbit.z p6,p7=r16,0
	;;
(p6)	br.cond.spnt.many quick		// ERROR PV025
	mov r17=b0
	;;
	mov b0=r29
	mov cr.iha=r17
	mov pr=r31,-1
	rfi
quick:	mov pr=r31,-1
	rfi`),
  'an early rfi that gives it back': handler(`
	mov r31=pr
	mov r29=b0
	mov r16=cr.ifa
	;;
	mov b0=r16
	tbit.z p6,p7=r16,0
	;;
(p6)	br.cond.spnt.many quick
	mov r17=b0
	;;
	mov b0=r29
	mov cr.iha=r17
	mov pr=r31,-1
	rfi
quick:	mov b0=r29
	mov pr=r31,-1
	rfi`),
  'given back under a predicate only': handler(`
	mov r31=pr
	mov r29=b0
	mov r16=cr.ifa
	;;
	mov b0=r16			// ERROR PV025
	tbit.z p6,p7=r16,0
	;;
(p6)	mov b0=r29
	mov pr=r31,-1
	rfi`),
  'written and given back under one predicate': handler(`
	mov r31=pr
	mov r29=b0
	mov r16=cr.ifa
	;;
	tbit.z p6,p7=r16,0
	;;
(p6)	mov b0=r16
	;;
(p6)	mov r17=b0
(p7)	mov r17=r0
	;;
(p6)	mov b0=r29
	mov cr.iha=r17
	mov pr=r31,-1
	rfi`),
  'predicates not given back on one way': handler(`
	mov r31=pr
	mov r16=cr.ifa
	;;
	tbit.z p6,p7=r16,0
	;;
(p6)	br.cond.spnt.many quick		// ERROR PV025
	mov pr=r31,-1
	rfi
quick:	rfi`),
  'only some predicates come back': handler(`
	mov r31=pr
	mov r16=cr.ifa
	;;
	tbit.z p6,p7=r16,0
	tbit.z p8,p9=r16,1		// ERROR PV025
	;;
(p6)	itc.d r16
	;;
(p8)	itc.i r16
	;;
	mov pr=r31,0xc0
	rfi`),
  'saved in memory and loaded again': handler(`
	mov r16=ar.k3
	;;
	st8 [r16]=r9
	;;
	mov r9=cr.iip
	;;
	mov cr.iha=r9
	ld8 r9=[r16]
	rfi`),
  'saved in memory and loaded on one way only': handler(`
	mov r31=pr
	mov r16=ar.k3
	;;
	st8 [r16]=r9
	;;
	mov r9=cr.iip
	;;
	tbit.z p6,p7=r9,0
	mov cr.iha=r9
	;;
(p6)	br.cond.spnt.many quick		// ERROR PV025
	ld8 r9=[r16]
	mov pr=r31,-1
	rfi
quick:	mov pr=r31,-1
	rfi`),
  'a loop count saved, counted down, and not given back': handler(`
	mov r16=ar.lc			// ERROR PV003
	mov r17=r0
	;;
	mov ar.lc=5
	;;
1:	adds r17=1,r17
	br.cloop.sptk 1b		// ERROR PV025
	;;
	mov cr.iha=r17
	;;
	rfi`),
  'a loop count saved, counted down, and given back': handler(`
	mov r16=ar.lc
	mov r17=r0
	;;
	mov ar.lc=5
	;;
1:	adds r17=1,r17
	br.cloop.sptk 1b
	;;
	mov cr.iha=r17
	mov ar.lc=r16
	;;
	rfi`),
  'a branch register written in a loop': handler(`
	mov r31=pr
	mov r29=b0
	mov r16=cr.ifa
	;;
1:	mov b0=r16
	adds r16=-1,r16
	;;
	cmp.eq p6,p7=r16,r0
	;;
(p7)	br.cond.sptk 1b
(p6)	br.cond.sptk 2f			// ERROR PV025
	mov b0=r29
2:	mov pr=r31,-1
	rfi`),
  'the loaded value steps, and is no copy': handler(`
	mov r29=b0			// ERROR PV003
	mov r16=cr.ifa
	;;
	ld8 r28=[r16]
	mov b0=r16
	;;
	adds r28=8,r28
	;;
	mov b0=r28			// ERROR PV025
	rfi`),
  'the copy of the predicates is made anew when they have changed': handler(`
	mov r31=pr
	mov r16=cr.isr
	;;
	tbit.z p6,p7=r16,5
	;;
(p6)	br.cond.spnt 1f
	mov pr=r31,-1
	;;
	rfi
1:	mov r31=pr			// ERROR PV025
	;;
	br.sptk.many fault
	.org table+0x500
	mov r31=pr
	;;
fault:
	mov pr=r31,-1
	;;
	rfi`),
  'the copy of the predicates is made anew when they are back': handler(`
	mov r31=pr
	mov r16=cr.isr
	;;
	tbit.z p6,p7=r16,5
	;;
(p6)	br.cond.spnt 1f
	mov pr=r31,-1
	;;
	rfi
1:	mov pr=r31,-1
	;;
	mov r31=pr
	;;
	br.sptk.many fault
	.org table+0x500
	mov r31=pr
	;;
fault:
	mov pr=r31,-1
	;;
	rfi`),
  'the only copy of b6 is overwritten': handler(`
	mov r29=b6			// ERROR PV003
	movl r30=1f
	;;
	mov b6=r30
	mov r29=cr.ifa			// ERROR PV025
	;;
1:	thash r28=r29
	;;
	mov cr.iha=r28
	rfi`),
  'a second copy of b0 is left': handler(`
	mov r29=b0
	movl r30=1f
	;;
	mov r28=r29
	mov b0=r30
	;;
	mov r29=cr.ifa
	;;
	mov cr.ifa=r29
1:	mov b0=r28
	;;
	rfi`),
  'the predicates are loaded and not put back': handler(`
	mov r16=r27
	;;
	ld8 r29=[r16],8
	;;
	ld8 r31=[r16],8			// ERROR PV003
	;;
	ld8 r28=[r16]
	;;
	mov cr.ipsr=r28
	mov cr.iip=r29
	;;
	rfi`),
  'a word is loaded to be skipped': handler(`
	mov r16=r27
	;;
	ld8 r28=[r16],8
	;;
	ld8 r28=[r16],8
	;;
	ld8 r29=[r16]
	;;
	mov cr.ipsr=r28
	mov cr.iip=r29
	;;
	rfi`),
};
