/** Stops, stores, ends of routines, and what a convention reads. */
import { handler, routine } from './program.ts';

export const STATEMENTS: Readonly<Record<string, string>> = {
  'brl without a stop': routine(`
	cmp.eq p6,p7=r32,r33
	;;
(p6)	brl.cond.sptk g			// ERROR PV029
	mov r8=r0
	br.ret.sptk.many b0`),
  'brl.call without a stop': routine(`
	alloc r33=ar.pfs,1,2,0,0
	mov r34=b0
	;;
	brl.call.sptk b0=g		// ERROR PV029
	mov b0=r34
	mov ar.pfs=r33
	br.ret.sptk.many b0`),
  'brl in a bundle without a stop': routine(`
	cmp.eq p6,p7=r32,r33
	;;
	{ .mlx
	nop.m 0
(p6)	brl.cond.sptk g			// ERROR PV029
	}
	mov r8=r0
	br.ret.sptk.many b0`),
  'brl and a stop': routine(`
	cmp.eq p6,p7=r32,r33
	;;
(p6)	brl.cond.sptk g
	;;
	mov r8=r0
	br.ret.sptk.many b0`),
  'brl.call and a stop': routine(`
	alloc r33=ar.pfs,1,2,0,0
	mov r34=b0
	;;
	brl.call.sptk b0=g
	;;
	mov b0=r34
	mov ar.pfs=r33
	br.ret.sptk.many b0`),
  'brl in a bundle and a stop': routine(`
	cmp.eq p6,p7=r32,r33
	;;
	{ .mlx
	nop.m 0
(p6)	brl.cond.sptk g
	;;
	}
	mov r8=r0
	br.ret.sptk.many b0`),
  'brl and a stop behind a label': routine(`
	cmp.eq p6,p7=r32,r33
	;;
(p6)	brl.cond.sptk g
1:	;;
	mov r8=r0
	br.ret.sptk.many b0`),
  '.endp of another routine': `	.text
	.global f
	.proc f
f:	mov r8=r0
	br.ret.sptk.many b0
	.endp g				// ERROR PV028
`,
  '.proc without .endp in front of another': `	.text
	.global h
	.proc h				// ERROR PV028
h:	mov r8=r0
	br.ret.sptk.many b0
	.global k
	.proc k
k:	mov r8=r0
	br.ret.sptk.many b0
	.endp k
`,
  '.proc without .endp at the end': `	.text
	.global h
	.proc h				// ERROR PV028
h:	mov r8=r0
	br.ret.sptk.many b0
`,
  '.endp without .proc': `	.text
	.global h
h:	mov r8=r0
	br.ret.sptk.many b0
	.endp h				// ERROR PV028
`,
  '.endp twice': `	.text
	.global h
	.proc h
h:	mov r8=r0
	br.ret.sptk.many b0
	.endp h
	.endp h				// ERROR PV028
`,
  '.endp without a name': `	.text
	.global h
	.proc h
h:	mov r8=r0
	br.ret.sptk.many b0
	.endp
`,
  '.proc of two names': `	.text
	.global h, k
	.proc h, k
h:
k:	mov r8=r0
	br.ret.sptk.many b0
	.endp h, k
`,
  '.endp with the mark of a symbol': `	.text
	.global h
	.proc h#
h:	mov r8=r0
	br.ret.sptk.many b0
	.endp h#
`,
  'a store overwritten through the same register': routine(`
	add r14=8,r32
	add r15=16,r32
	;;
	st8 [r14]=r33			// ERROR PV030
	mov r16=1
	;;
	st8 [r14]=r16
	st8 [r15]=r0
	br.ret.sptk.many b0`),
  'stores of the address that steps': routine(`
	add r14=8,r32
	;;
	st8 [r14]=r33,8
	;;
	st8 [r14]=r0
	br.ret.sptk.many b0`),
  'a wider store covers a narrow one': routine(`
	mov r14=r32
	;;
	st4 [r14]=r33			// ERROR PV030
	;;
	st8 [r14]=r0
	br.ret.sptk.many b0`),
  'a narrow store covers part of a wide one': routine(`
	mov r14=r32
	;;
	st8 [r14]=r0
	;;
	st4 [r14]=r33
	br.ret.sptk.many b0`),
  'stores under opposite predicates': routine(`
	cmp.eq p6,p7=r33,r0
	;;
(p6)	st8 [r32]=r33
(p7)	st8 [r32]=r0
	br.ret.sptk.many b0`),
  'an unconditional store behind a conditional one': routine(`
	cmp.eq p6,p7=r33,r0
	;;
(p6)	st8 [r32]=r33			// ERROR PV030
	;;
	st8 [r32]=r0
	br.ret.sptk.many b0`),
  'a load between two stores': routine(`
	st8 [r32]=r33
	;;
	ld8 r8=[r33]
	;;
	st8 [r32]=r0
	br.ret.sptk.many b0`),
  "what the branch's target reads was never written": handler(`
	mov r31=pr
	br.sptk.many away		// ERROR PV015`),
  "what the branch's target reads was written": handler(`
	mov r31=pr
	mov r19=3
	br.sptk.many away`),
  "what the branch's target reads was written on one way": handler(`
	mov r31=pr
	mov r16=cr.ifa
	;;
	tbit.z p6,p7=r16,0
	;;
(p6)	br.cond.sptk 1f
	mov r19=3
1:	br.sptk.many away		// ERROR PV015`),
  'what lives in bank 0 is there for every handler': `${handler(`
	mov r31=pr
	;;
	mov r18=r27
	mov r19=3
	;;
	mov cr.iha=r18
	br.sptk.many away`)}
	.org table+0x1400
	mov r27=cr.iha
	;;
	rfi
`,
  'what does not live in bank 0 is there for none': `${handler(`
	mov r31=pr
	;;
	mov r18=r28			// ERROR PV015
	mov r19=3
	;;
	mov cr.iha=r18
	br.sptk.many away`)}
	.org table+0x1400
	mov r28=cr.iha			// ERROR PV003
	;;
	rfi
`,
  "the predicate that the branch's target reads was never written": handler(`
	mov r31=pr
	;;
	br.sptk.many decided		// ERROR PV015`),
  "the predicate that the branch's target reads was written": handler(`
	mov r31=pr
	mov r16=cr.ifa
	;;
	tbit.z p6,p7=r16,0
	;;
	br.sptk.many decided`),
  'a spill overwritten through the same register': routine(`
	mov r15=ar.unat
	adds r14=16,r12
	;;
	st8.spill [r14]=r8		// ERROR PV030
	;;
	st8.spill [r14]=r9
	;;
	mov ar.unat=r15
	br.ret.sptk.many b0`),
  'floating-point stores through one register': routine(`
	stfd [r32]=f8			// ERROR PV030
	;;
	stfd [r32]=f9
	br.ret.sptk.many b0`),
  'floating-point stores through a stepped one': routine(`
	stfd [r32]=f8,8
	;;
	stfd [r32]=f9
	br.ret.sptk.many b0`),
};
