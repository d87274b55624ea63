/** Parts of handlers in a file without their vector: entered on bank 0 with the handler's registers, left by `rfi`. */
import { handler, routine } from './program.ts';

/** Entered with the interrupted code's predicates in r31, a table in r18 and the number of a request in r17. */
const part = (body: string): string => `	.text
	.global fast_request
	.proc fast_request
fast_request:
	cmp.eq p7,p6=7,r17
(p7)	br.sptk.many put_away_bank1
	;;
	adds r20=8,r18
	mov r25=cr.iip
	;;
	ld8 r20=[r20]
	;;
	adds r25=16,r25
	;;
	mov cr.iip=r25
	cmp.ne p7,p0=r20,r0
(p7)	br.spnt.many slow_request
	;;
	mov pr=r31,-1
	;;
	rfi
	.endp fast_request
	.proc put_away_bank1
put_away_bank1:
${body}
	.endp put_away_bank1
`;

const SPILLS = `	.mem.offset 0,0; st8.spill [r2]=r16,16
	.mem.offset 8,0; st8.spill [r3]=r17,16
	;;`;

/** r2, r3 and ar.unat are saved in bank 0; `ending` gives them back. */
const spilling = (ending: string, spills = SPILLS): string =>
  part(`	mov r30=r2
	mov r29=r3
	mov r28=ar.unat
	;;
	adds r2=64,r18
	adds r3=72,r18
	;;
	bsw.1
	;;
${spills}
	bsw.0
	;;
${ending}
	;;
	rfi`);

export const PARTS: Readonly<Record<string, string>> = {
  'all is given back': spilling('	mov ar.unat=r28\n	mov r2=r30\n	mov r3=r29\n	mov pr=r31,-1'),

  'ar.unat is forgotten': spilling(
    '	mov r2=r30\n	mov r3=r29\n	mov pr=r31,-1',
    SPILLS.replace('=r17,16', '=r17,16 // ERROR PV025'),
  ),

  'a working register is forgotten': spilling(
    '	mov ar.unat=r28\n	mov r2=r30\n	mov pr=r31,-1',
    SPILLS.replace('=r17,16', '=r17,16 // ERROR PV025'),
  ),

  'the copies are exchanged': spilling(
    '	mov ar.unat=r28\n	mov r2=r29 // ERROR PV025\n	mov r3=r30 // ERROR PV025\n	mov pr=r31,-1',
  ),

  'the predicates are forgotten': part(`	mov r25=cr.ipsr
	;;
	tbit.nz p6,p7=r25,1 // ERROR PV025
	;;
(p6)	adds r17=1,r17
(p7)	adds r17=2,r17
	;;
	st8 [r18]=r17
	rfi`),

  'the predicates come back': part(`	mov r25=cr.ipsr
	;;
	tbit.nz p6,p7=r25,1
	;;
(p6)	adds r17=1,r17
(p7)	adds r17=2,r17
	;;
	st8 [r18]=r17
	mov pr=r31,-1
	rfi`),

  'r14 is worked with, and nobody has saved it': part(`	adds r14=96,r18 // ERROR PV025
	mov r16=cr.ifa
	;;
	st8 [r14]=r16
	mov pr=r31,-1
	rfi`),

  'r8 is the result that was asked for': part(`	adds r16=96,r18
	;;
	ld8 r8=[r16]
	mov pr=r31,-1
	rfi`),

  'the first part has saved what this one loads back': part(`	adds r16=96,r18
	;;
	ld8 r2=[r16],8
	;;
	ld8 r17=[r16]
	;;
	mov b0=r17
	mov ar.unat=r19
	mov pr=r31,-1
	rfi`),

  'a branch register for a jump of its own': part(`	movl r16=1f
	;;
	mov b6=r16 // ERROR PV025
	br.sptk.many b6
	;;
1:	mov pr=r31,-1
	rfi`),

  'where a loader comes in, nothing was interrupted': `	.text
	.global start
	.proc start
start:	mov ar.rsc=0
	movl r8=1f
	mov b1=r28
	;;
	mov cr.iip=r8
	mov cr.ipsr=r0
	;;
	rfi
	;;
1:	br.few start
	.endp start
`,
  'the way out of a kernel forgets the predicates': routine(`
	cmp.eq p6,p7=r0,r12		// ERROR PV025
	adds r2=16,r12
	rsm psr.i | psr.ic
	;;
(p6)	ld8 r8=[r2],8
	srlz.d
	bsw.0
	;;
	cmp.eq p8,p9=r0,r12
	ld8 r29=[r12],8
	;;
	ld8 r28=[r12],8
(p8)	mov ar.ccv=r0
	;;
	ld8 r31=[r12]			// ERROR PV003
	;;
	mov cr.ipsr=r29
	mov cr.iip=r28
	mov b6=r8
	;;
	rfi`),
  'the way out of a kernel puts the predicates back': routine(`
	cmp.eq p6,p7=r0,r12
	adds r2=16,r12
	rsm psr.i | psr.ic
	;;
(p6)	ld8 r8=[r2],8
	srlz.d
	bsw.0
	;;
	cmp.eq p8,p9=r0,r12
	ld8 r29=[r12],8
	;;
	ld8 r28=[r12],8
(p8)	mov ar.ccv=r0
	;;
	ld8 r31=[r12]
	;;
	mov cr.ipsr=r29
	mov cr.iip=r28
	mov b6=r8
	mov pr=r31,-1
	;;
	rfi`),
  'a program that is entered for the first time has no predicates yet': routine(`
	alloc r2=ar.pfs,2,0,0,0
	add r16=8,r32
	rsm psr.i | psr.ic
	cmp.eq p6,p7=r33,r0
	;;
	srlz.d
	ld8 r18=[r16],8
	;;
	ld8 r19=[r16],8
(p6)	mov r8=r33
	;;
	ld8 r12=[r16]
	mov cr.iip=r18
	mov cr.ipsr=r19
	mov cr.ifs=r0
	mov b6=r0
	;;
	rfi`),
  'a handler that starts a program at an address that it names': handler(`
	mov r31=pr
	mov r16=cr.isr
	;;
	tbit.nz p6,p7=r16,33
(p6)	br.cond.spnt first
	;;
	mov pr=r31,-1
	rfi
first:
	movl r17=start
	mov r18=cr.ipsr
	;;
	dep r18=-1,r18,32,2
	mov cr.iip=r17
	;;
	mov cr.ipsr=r18
	mov cr.ifs=r0
	;;
	rfi`),
  'a handler that forgets the predicates on the way to a fixup': handler(`
	mov r31=pr
	mov r16=cr.isr
	;;
	tbit.nz p6,p7=r16,33
(p6)	br.cond.spnt fixup		// ERROR PV025
	;;
	mov pr=r31,-1
	rfi
fixup:
	mov r18=cr.iip
	;;
	add r18=16,r18
	;;
	mov cr.iip=r18
	;;
	rfi`),
  'a routine that goes to physical mode by rfi is no way out of a kernel': routine(`
	alloc r34=ar.pfs,2,1,0,0
	cmp.eq p6,p7=r0,r32
	rsm psr.i | psr.ic
	;;
	srlz.d
	;;
(p6)	mov r32=r33
	;;
	mov cr.ipsr=r33
	mov cr.iip=r32
	mov cr.ifs=r0
	;;
	rfi`),
};
