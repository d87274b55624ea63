/** psr.ic, psr.dt, banks and the mode of the register stack engine, along the flow of control. */
import { handler, routine } from './program.ts';

export const MODES: Readonly<Record<string, string>> = {
  'C is called with psr.ic off since the interruption': handler(`
	mov r31=pr
	;;
	cover
	;;
	alloc r16=ar.pfs,0,0,1,0
	;;
	mov out0=r0
	br.call.sptk.many b0=c_function	// ERROR PV026
	;;
	br.few done`),
  'C is called with psr.ic on again': handler(`
	mov r31=pr
	;;
	cover
	;;
	alloc r16=ar.pfs,0,0,1,0
	;;
	mov out0=r0
	bsw.1
	;;
	ssm psr.ic
	;;
	srlz.i
	;;
	ssm psr.i
	br.call.sptk.many b0=c_function
	;;
	br.few done`),
  'C is called behind rsm psr.ic': routine(`
	alloc r33=ar.pfs,1,2,0,0
	mov r34=b0
	;;
	rsm psr.ic|psr.i
	;;
	srlz.d
	;;
	br.call.sptk.many b0=g		// ERROR PV026
	;;
	ssm psr.ic
	;;
	srlz.i
	;;
	ssm psr.i
	mov ar.pfs=r33
	mov b0=r34
	br.ret.sptk.many b0`),
  'C is called behind psr.ic is on again': routine(`
	alloc r33=ar.pfs,1,2,0,0
	mov r34=b0
	;;
	rsm psr.ic|psr.i
	;;
	srlz.d
	;;
	mov r14=cr.itir
	;;
	ssm psr.ic
	;;
	srlz.i
	;;
	ssm psr.i
	br.call.sptk.many b0=g
	;;
	mov ar.pfs=r33
	mov b0=r34
	br.ret.sptk.many b0`),
  'the routine returns with psr.ic off': routine(`
	rsm psr.ic|psr.i
	;;
	srlz.d
	;;
	mov r8=cr.itir
	br.ret.sptk.many b0		// ERROR PV026`),
  'C is called on bank 0': routine(`
	alloc r33=ar.pfs,1,2,0,0
	mov r34=b0
	;;
	rsm psr.i
	bsw.0
	;;
	br.call.sptk.many b0=g		// ERROR PV026
	;;
	bsw.1
	;;
	ssm psr.i
	mov ar.pfs=r33
	mov b0=r34
	br.ret.sptk.many b0`),
  'the handler calls C on bank 0 with psr.ic on': handler(`
	ssm psr.ic
	;;
	srlz.i
	;;
	br.call.sptk.many b0=c_function	// ERROR PV026
	;;
	br.few done`),
  'psr.ic and psr.i at once': routine(`
	ssm psr.ic|psr.i		// ERROR PV026
	;;
	srlz.i
	;;
	br.ret.sptk.many b0`),
  'psr.ic, psr.i and more at once': routine(`
	ssm 0x6000|psr.dt		// ERROR PV026
	;;
	srlz.i
	;;
	br.ret.sptk.many b0`),
  'psr.i on before psr.ic is': routine(`
	rsm psr.ic|psr.i
	;;
	srlz.d
	;;
	ssm psr.i			// ERROR PV026
	;;
	ssm psr.ic
	;;
	srlz.i
	br.ret.sptk.many b0`),
  'psr.ic, and psr.i behind it': routine(`
	rsm psr.ic|psr.i
	;;
	srlz.d
	;;
	ssm psr.ic
	;;
	srlz.i
	;;
	ssm psr.i
	br.ret.sptk.many b0`),
  'a register of the interruption is read with psr.ic on': handler(`
	ssm psr.ic
	;;
	srlz.d
	;;
	mov r16=cr.isr			// ERROR PV026
	;;
	rsm psr.ic
	;;
	srlz.d
	;;
	mov cr.iha=r16
	;;
	rfi`),
  'a register of the interruption is written with psr.ic on': routine(`
	mov cr.ifa=r32			// ERROR PV026
	rsm psr.ic
	;;
	srlz.d
	;;
	mov cr.itir=r33
	;;
	ssm psr.ic
	;;
	srlz.d
	br.ret.sptk.many b0`),
  'one that handlers may call with psr.ic off': routine(`
	mov cr.ifa=r32
	mov r8=r0
	br.ret.sptk.many b0`),
  'an insert with psr.ic on': routine(`
	rsm psr.ic
	;;
	srlz.d
	;;
	mov cr.ifa=r33
	mov cr.itir=r34
	;;
	ssm psr.ic
	;;
	srlz.d
	;;
	itc.d r32			// ERROR PV026
	;;
	srlz.d
	br.ret.sptk.many b0`),
  'an insert with psr.ic off': routine(`
	rsm psr.ic
	;;
	srlz.d
	;;
	mov cr.ifa=r33
	mov cr.itir=r34
	;;
	itc.d r32
	;;
	ssm psr.ic
	;;
	srlz.d
	br.ret.sptk.many b0`),
  'rfi with psr.ic on': handler(`
	ssm psr.ic
	;;
	srlz.d
	;;
	rfi				// ERROR PV026`),
  'control registers that interruptions leave alone': routine(`
	mov r8=cr.ivr
	mov cr.tpr=r32
	;;
	srlz.d
	br.ret.sptk.many b0`),
  'a return on bank 0': routine(`
	rsm psr.i
	mov r14=r32
	;;
	bsw.0
	;;
	mov r8=r14
	mov r16=r14
	;;
	add r8=r8,r16
	ssm psr.i
	br.ret.sptk.many b0		// ERROR PV026`),
  'psr.i behind psr.ic, with no serialization between': routine(`
	rsm psr.ic|psr.i
	;;
	srlz.d
	;;
	ssm psr.ic
	;;
	ssm psr.i			// ERROR PV026
	;;
	srlz.i
	br.ret.sptk.many b0`),
  'C is called with data translation off': routine(`
	alloc r33=ar.pfs,1,2,0,0
	mov r34=b0
	;;
	rsm psr.dt
	;;
	srlz.d
	;;
	br.call.sptk.many b0=g		// ERROR PV026
	;;
	ssm psr.dt
	;;
	srlz.d
	mov b0=r34
	mov ar.pfs=r33
	br.ret.sptk.many b0`),
  'C is called with data translation on again': routine(`
	alloc r33=ar.pfs,1,2,0,0
	mov r34=b0
	;;
	rsm psr.dt
	;;
	srlz.d
	;;
	ld8 r14=[r32]
	;;
	ssm psr.dt
	;;
	srlz.d
	st8 [r32]=r14
	br.call.sptk.many b0=g
	;;
	mov b0=r34
	mov ar.pfs=r33
	br.ret.sptk.many b0`),
  'a routine that takes arguments goes on by rfi, and has left psr.ic on': routine(`
	alloc r34=ar.pfs,2,1,0,0
	mov cr.iip=r32			// ERROR PV026
	mov cr.ipsr=r33
	mov cr.ifs=r0
	;;
	rfi`),
  'code without arguments, which may be a handler, does so': routine(`
	mov cr.iip=r14
	mov cr.ipsr=r15
	;;
	rfi`),
  'C is called with data translation off on one way': routine(`
	alloc r33=ar.pfs,1,2,0,0
	mov r34=b0
	cmp.eq p6,p7=r32,r0
	;;
(p6)	rsm psr.dt
	;;
	srlz.d
	;;
	br.call.sptk.many b0=g
	;;
	ssm psr.dt
	;;
	srlz.d
	mov b0=r34
	mov ar.pfs=r33
	br.ret.sptk.many b0`),
  'psr.ic is left on behind a call of C, on one of two ways to the rfi': routine(`
	alloc r33=ar.pfs,1,2,0,0
	cmp.eq p6,p7=r32,r0
	;;
(p6)	br.cond.spnt 1f
	rsm psr.i | psr.ic
	;;
	srlz.d
	br.sptk 2f
1:	br.call.sptk.many b0=g
	;;
2:	ld8 r14=[r12],8
	;;
	ld8 r15=[r12],8
	;;
	ld8 r16=[r12],8
	mov cr.ipsr=r14			// ERROR PV026
	mov cr.iip=r15
	;;
	mov pr=r16,-1
	;;
	rfi`),
  'psr.ic is off on both ways to the rfi': routine(`
	alloc r33=ar.pfs,1,2,0,0
	cmp.eq p6,p7=r32,r0
	;;
(p6)	br.cond.spnt 1f
	rsm psr.i | psr.ic
	;;
	srlz.d
	br.sptk 2f
1:	br.call.sptk.many b0=g
	;;
	rsm psr.i | psr.ic
	;;
	srlz.d
	;;
2:	ld8 r14=[r12],8
	;;
	ld8 r15=[r12],8
	;;
	ld8 r16=[r12],8
	mov cr.ipsr=r14
	mov cr.iip=r15
	;;
	mov pr=r16,-1
	;;
	rfi`),
  'a routine of C goes to physical mode by rfi with the engine on, and names a place in itself before': routine(`
	alloc r31=ar.pfs,2,0,0,0
.start:	rsm psr.i | psr.ic
	mov r2=ip
	;;
	srlz.d
	;;
	add r3=1f-.start,r2
	movl r16=0x100000000000
	mov r18=ar.rnat			// ERROR PV026
	;;
	mov ar.bspstore=r32
	mov cr.ipsr=r16
	mov cr.iip=r3
	mov cr.ifs=r0
	;;
	srlz.i
	;;
	mov ar.rnat=r18
	rfi
	;;
1:	br.few 1b`),
  'it stops the engine first': routine(`
	alloc r31=ar.pfs,2,0,0,0
.start:	rsm psr.i | psr.ic
	mov r2=ip
	mov ar.rsc=0
	;;
	srlz.d
	;;
	add r3=1f-.start,r2
	movl r16=0x100000000000
	mov r18=ar.rnat
	;;
	mov ar.bspstore=r32
	mov cr.ipsr=r16
	mov cr.iip=r3
	mov cr.ifs=r0
	;;
	srlz.i
	;;
	mov ar.rnat=r18
	rfi
	;;
1:	br.few 1b`),
  'under the opposite predicate the engine is stopped': routine(`
	alloc r33=ar.pfs,1,2,0,0
	mov ar.rsc=3
	cmp.eq p6,p7=r32,r0
	;;
(p6)	br.cond.spnt 1f
	mov ar.rsc=0
	;;
1:
(p7)	mov ar.bspstore=r32
	;;
	mov ar.rsc=3
	mov ar.pfs=r33
	br.ret.sptk.many b0`),
};
