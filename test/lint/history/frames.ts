/** Register frames, and the registers that a return needs: b0, ar.pfs. */
import { handler, routine } from './program.ts';

/** A loop in two stages, with what sets it up beside its count, and the findings. */
function pipelined(setUp: string, { load = '', branch = '' } = {}): string {
  return routine(`
	alloc r31=ar.pfs,3,5,0,8
	mov r29=ar.lc
	mov r28=pr
	cmp.eq p8,p0=r34,r0
	;;
(p8)	br.ret.spnt.many b0
	mov ar.lc=r34
${setUp}
	;;
1:
(p16)	ld1 r35=[r33],1${load}
	;;
(p17)	st1 [r32]=r36,1
	br.ctop.dptk.few 1b${branch}
	;;
	mov ar.lc=r29
	mov pr=r28,-1
	mov ar.pfs=r31
	br.ret.sptk.many b0`);
}

export const FRAMES: Readonly<Record<string, string>> = {
  'an output register used behind the call': routine(`
	alloc loc0=ar.pfs,1,2,1,0
	mov loc1=b0
	;;
	mov out0=in0
	br.call.sptk.many b0=g
	;;
	add r8=r8,out0			// ERROR PV015
	mov b0=loc1
	mov ar.pfs=loc0
	br.ret.sptk.many b0`),
  'a local register used behind the call': routine(`
	alloc loc0=ar.pfs,1,2,1,0
	mov loc1=b0
	;;
	mov out0=in0
	br.call.sptk.many b0=g
	;;
	add r8=r8,in0
	mov b0=loc1
	mov ar.pfs=loc0
	br.ret.sptk.many b0`),
  'arguments left over from another call': routine(`
	alloc loc0=ar.pfs,1,2,2,0
	mov loc1=b0
	;;
	mov out0=in0
	mov out1=r0
	br.call.sptk.many b0=g
	;;
	br.call.sptk.many b0=h		// ERROR PV015
	;;
	mov b0=loc1
	mov ar.pfs=loc0
	br.ret.sptk.many b0`),
  'arguments written anew': routine(`
	alloc loc0=ar.pfs,1,2,2,0
	mov loc1=b0
	;;
	mov out0=in0
	mov out1=r0
	br.call.sptk.many b0=g
	;;
	mov out0=r8
	mov out1=in0
	br.call.sptk.many b0=h
	;;
	mov b0=loc1
	mov ar.pfs=loc0
	br.ret.sptk.many b0`),
  'beyond the frame': routine(`
	alloc r33=ar.pfs,1,2,0,0
	;;
	mov r34=r32
	mov r36=r0			// ERROR PV027
	;;
	add r8=r34,r36			// ERROR PV027
	mov ar.pfs=r33
	br.ret.sptk.many b0`),
  'beyond the frame of a second alloc': routine(`
	alloc r33=ar.pfs,1,6,0,0
	;;
	mov r38=r32
	;;
	alloc r8=ar.pfs,1,2,0,0
	;;
	add r8=r38,r32			// ERROR PV027
	mov ar.pfs=r33
	br.ret.sptk.many b0`),
  'within the frame of a second alloc': routine(`
	alloc r33=ar.pfs,1,2,0,0
	;;
	mov r34=r32
	alloc r8=ar.pfs,1,8,0,0
	;;
	mov r40=r34
	;;
	add r8=r40,r32
	mov ar.pfs=r33
	br.ret.sptk.many b0`),
  'behind cover there is no frame': handler(`
	mov r16=cr.iip
	cover
	;;
	mov r32=r16			// ERROR PV027
	;;
	mov cr.iip=r32			// ERROR PV027
	;;
	rfi`),
  'behind cover and alloc there is one': handler(`
	mov r31=ar.pfs
	mov r16=cr.iip
	cover
	;;
	alloc r17=ar.pfs,0,0,1,0
	;;
	mov r32=r16
	mov ar.pfs=r31
	;;
	mov cr.iip=r32
	mov cr.iha=r17
	;;
	rfi`),
  'nine inputs': routine(`
	alloc r41=ar.pfs,9,1,0,0	// ERROR PV027
	;;
	mov r8=r40
	mov ar.pfs=r41
	br.ret.sptk.many b0`),
  'the return address of an inner call': routine(`
	alloc r33=ar.pfs,1,2,0,0
	;;
	br.call.sptk.many b0=g
	;;
	mov ar.pfs=r33
	;;
	br.ret.sptk.many b0		// ERROR PV025`),
  'the frame state of an inner call': routine(`
	alloc r33=ar.pfs,1,2,0,0
	mov r34=b0
	;;
	br.call.sptk.many b0=g		// ERROR PV025
	;;
	mov b0=r34
	;;
	br.ret.sptk.many b0`),
  'the return address given back on one way': routine(`
	alloc r33=ar.pfs,1,2,0,0
	mov r34=b0
	;;
	br.call.sptk.many b0=g
	;;
	mov ar.pfs=r33
	cmp.eq p6,p7=r8,r0
	;;
(p6)	br.cond.spnt none
	mov b0=r34
	br.ret.sptk.many b0
none:	br.ret.sptk.many b0		// ERROR PV025`),
  'a leaf in front of its first call': routine(`
	alloc r33=ar.pfs,1,2,0,0
	mov r34=b0
	cmp.eq p6,p7=r32,r0
	;;
(p6)	br.ret.spnt.many b0
	br.call.sptk.many b0=g
	;;
	mov ar.pfs=r33
	mov b0=r34
	br.ret.sptk.many b0`),
  'a name that the frame does not have': routine(`
	alloc loc1=ar.pfs,1,2,1,0
	mov loc0=b0
	;;
	mov out0=in0
	mov out1=r0			// ERROR PV027
	br.call.sptk.many b0=g
	;;
	mov ar.pfs=loc1
	mov b0=loc0
	br.ret.sptk.many b0`),
  'the return address and the frame state exchanged': routine(`
	alloc loc0=ar.pfs,1,2,1,0
	mov loc1=b0
	;;
	mov out0=in0
	br.call.sptk.many b0=g
	;;
	mov b0=loc0			// ERROR PV025
	mov ar.pfs=loc1			// ERROR PV025
	br.ret.sptk.many b0`),
  'the return address given back under a predicate only': routine(`
	alloc loc0=ar.pfs,1,2,1,0
	mov loc1=b0
	;;
	mov out0=in0
	br.call.sptk.many b0=g		// ERROR PV025
	;;
	cmp.eq p6,p0=r8,r0
	mov ar.pfs=loc0
	;;
(p6)	mov b0=loc1
	;;
	br.ret.sptk.many b0`),
  'a local register that nobody wrote': routine(`
	alloc loc0=ar.pfs,1,3,1,0
	mov loc1=b0
	;;
	mov out0=loc2			// ERROR PV015
	br.call.sptk.many b0=g
	;;
	mov b0=loc1
	mov ar.pfs=loc0
	br.ret.sptk.many b0`),
  'a local register that one way writes': routine(`
	alloc loc0=ar.pfs,1,3,1,0
	mov loc1=b0
	cmp.eq p6,p7=in0,r0
	;;
(p6)	br.cond.spnt 1f
	mov loc2=in0
	;;
1:	mov out0=loc2			// ERROR PV015
	br.call.sptk.many b0=g
	;;
	mov b0=loc1
	mov ar.pfs=loc0
	br.ret.sptk.many b0`),
  'a local register that both ways write': routine(`
	alloc loc0=ar.pfs,1,3,1,0
	mov loc1=b0
	mov loc2=r0
	cmp.eq p6,p7=in0,r0
	;;
(p6)	br.cond.spnt 1f
	mov loc2=in0
	;;
1:	mov out0=loc2
	br.call.sptk.many b0=g
	;;
	mov b0=loc1
	mov ar.pfs=loc0
	br.ret.sptk.many b0`),
  'an argument that is an input of the frame': routine(`
	alloc loc0=ar.pfs,3,3,1,0
	mov loc1=b0
	;;
	add out0=in1,in2
	br.call.sptk.many b0=g
	;;
	mov b0=loc1
	mov ar.pfs=loc0
	br.ret.sptk.many b0`),

  'a counted loop without its count': routine(`
	alloc r31=ar.pfs,2,0,0,0
	mov r29=ar.lc
	;;
1:	st1 [r32]=r0,1
	br.cloop.sptk.few 1b		// ERROR PV015
	;;
	mov ar.lc=r29
	br.ret.sptk.many b0`),
  'a counted loop with its count': routine(`
	alloc r31=ar.pfs,2,0,0,0
	mov r29=ar.lc
	mov ar.lc=r33
	;;
1:	st1 [r32]=r0,1
	br.cloop.sptk.few 1b
	;;
	mov ar.lc=r29
	br.ret.sptk.many b0`),
  'a pipelined loop whose stages nobody has set': pipelined('\tmov ar.ec=2', { load: '\t\t\t// ERROR PV015' }),
  'a pipelined loop that nobody has given its epilog': pipelined('\tmov pr.rot=1<<16', {
    branch: '\t\t// ERROR PV015',
  }),
  'a pipelined loop, set up': pipelined('\tmov ar.ec=2\n\tmov pr.rot=1<<16'),
  'a scratch register that nobody wrote, in a routine with inputs': routine(`
	alloc r31=ar.pfs,2,0,0,0
	cmp.eq p6,p7=r32,r0
	;;
(p6)	br.cond.spnt.few 1f
	mov r14=r33
	;;
1:	add r8=r14,r32			// ERROR PV015
	br.ret.sptk.many b0`),
  'one that both ways wrote': routine(`
	alloc r31=ar.pfs,2,0,0,0
	cmp.eq p6,p7=r32,r0
	mov r14=r0
	;;
(p6)	br.cond.spnt.few 1f
	mov r14=r33
	;;
1:	add r8=r14,r32
	br.ret.sptk.many b0`),
  'all registers are stored, and one is cleared': routine(`
	alloc r31=ar.pfs,1,0,0,0
	st8 [r32]=r14,8
	xor r2=r2,r2
	;;
	st8 [r32]=r2
	br.ret.sptk.many b0`),
  // The way out of a kernel: bank 0 holds what it loads there itself, and nothing else.
  'a register of bank 0 that is not loaded': out(''),
  'a register of bank 0 that is loaded': out('	ld8 r29=[r17]\n	;;'),
};

function out(load: string): string {
  return `	.text
	.global leave
	.proc leave
leave:	rsm psr.i|psr.ic
	;;
	srlz.d
	bsw.0
	;;
	adds r16=32,r12
	adds r17=40,r12
	;;
	ld8 r28=[r16]
	st8 [r17]=r0
${load}
	;;
	mov cr.ipsr=r28
	mov cr.iip=r29${load === '' ? '			// ERROR PV015' : ''}
	;;
	rfi
	.endp leave
	.global enter
	.proc enter
enter:	bsw.0
	;;
	mov r29=r12
	bsw.1
	;;
	br.ret.sptk.many b0
	.endp enter
`;
}
