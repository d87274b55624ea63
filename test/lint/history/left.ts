/** What routines leave behind: interrupts off, code half flushed, values that nobody reads, gp; and jumps that are calls. */
import { routine } from './program.ts';

export const LEFT: Readonly<Record<string, string>> = {
  'psr.i stays off on the short way': routine(`
	rsm psr.i
	cmp.eq p6,p7=r32,r0
	;;
	mov r8=r32
(p6)	br.ret.spnt.many b0		// ERROR PV026
	;;
	ld8 r8=[r32]
	;;
	ssm psr.i
	br.ret.sptk.many b0`),
  'psr.i is set again on the short way too': routine(`
	rsm psr.i
	cmp.eq p6,p7=r32,r0
	;;
	mov r8=r32
(p6)	br.cond.spnt.few 1f
	;;
	ld8 r8=[r32]
	;;
1:	ssm psr.i
	br.ret.sptk.many b0`),
  'a routine that is there to turn interrupts off': routine(`
	mov r8=psr
	;;
	rsm psr.i
	;;
	br.ret.sptk.many b0`),
  'psr is put away and not put back': routine(`
	alloc r33=ar.pfs,1,4,0,0
	mov r34=b0
	mov r35=psr
	mov b6=r32
	;;
	rsm psr.i
	;;
	br.call.sptk.many b0=b6
	;;
	mov ar.pfs=r33
	mov b0=r34
	;;
	br.ret.sptk.many b0		// ERROR PV026`),
  'psr is put away and put back': routine(`
	alloc r33=ar.pfs,1,4,0,0
	mov r34=b0
	mov r35=psr
	mov b6=r32
	;;
	rsm psr.i
	;;
	br.call.sptk.many b0=b6
	;;
	mov psr.l=r35
	mov ar.pfs=r33
	mov b0=r34
	;;
	srlz.d
	;;
	br.ret.sptk.many b0`),
  'psr.i is set where a branch is taken, and only there': routine(`
	rsm psr.i
	;;
	ld8 r14=[r32]
	;;
	tbit.z p8,p0=r14,0
	;;
(p8)	ssm psr.i
(p8)	br.cond.dptk.few g
	mov r8=-1
	br.ret.sptk.many b0		// ERROR PV026`),
  'psr.i is set where it was on before': routine(`
	mov r14=psr
	;;
	rsm psr.i
	tbit.nz p6,p0=r14,14
	;;
	ld8 r8=[r32]
(p6)	ssm psr.i
	br.ret.sptk.many b0`),
  'no sync.i on the short way': routine(`
	cmp.eq p6,p7=r33,r0
	;;
1:	fc.i r32			// ERROR PV032
	add r32=32,r32
	;;
	cmp.ne p8,p0=r32,r34
	;;
(p8)	br.cond.sptk.few 1b
(p6)	br.ret.spnt.many b0
	sync.i
	;;
	srlz.i
	;;
	br.ret.sptk.many b0`),
  'sync.i, and the new code is entered without srlz.i': routine(`
	fc.i r32			// ERROR PV032
	;;
	sync.i
	;;
	srlz.d
	mov b6=r32
	;;
	br.sptk.many b6`),
  'srlz.i without sync.i': routine(`
1:	fc.i r32			// ERROR PV032
	add r32=32,r32
	;;
	cmp.ne p8,p0=r32,r33
	;;
(p8)	br.cond.sptk.few 1b
	srlz.i
	;;
	br.ret.sptk.many b0`),
  'fc on one way only is synchronized': routine(`
	cmp.eq p6,p7=r33,r0
	;;
	fc r32				// ERROR PV032
(p6)	br.ret.spnt.many b0
	sync.i
	;;
	br.ret.sptk.many b0`),
  'sync.i and srlz.i behind the loop': routine(`
1:	fc.i r32
	add r32=32,r32
	;;
	cmp.ne p8,p0=r32,r33
	;;
(p8)	br.cond.sptk.few 1b
	sync.i
	;;
	srlz.i
	;;
	br.ret.sptk.many b0`),
  'one line is flushed for the caller': routine(`
	fc.i r32
	br.ret.sptk.many b0`),
  'lines are flushed for a device': routine(`
	add r33=32,r32
	fc r32
	;;
	fc r33
	br.ret.sptk.many b0`),
  'rfi serializes': routine(`
	fc.i r32
	;;
	sync.i
	rsm psr.ic
	;;
	srlz.d
	;;
	mov cr.iip=r32
	mov cr.ipsr=r33
	mov cr.ifs=r0
	;;
	rfi`),
  'a routine flushes a line, and its caller completes that': routine(`
	alloc r34=ar.pfs,2,2,0,0
	mov r35=b0
	mov r31=ar.lc
	mov ar.lc=r33
	mov r14=r32
	;;
2:	br.call.sptk.many b0=flush_line
	adds r14=32,r14
	br.cloop.sptk.few 2b
	;;
	sync.i
	;;
	srlz.i
	mov ar.lc=r31
	mov ar.pfs=r34
	mov b0=r35
	;;
	br.ret.sptk.many b0
flush_line:
	fc.i r14
	br.ret.sptk.many b0`),
  'what is in scratch registers is wiped': routine(`
	ld8 r14=[r32]
	;;
	mov r8=r14
	;;
	mov r14=r0
	br.ret.sptk.many b0`),
  'a load that only steps on': routine(`
	ld8 r14=[r32],8
	;;
	ld8 r8=[r32]
	br.ret.sptk.many b0`),
  'a value is returned by an agreement': routine(`
	ld8 r9=[r32]
	mov r8=r33
	br.ret.sptk.many b0`),
  'gp stays that of the function that was called': routine(`
	alloc r33=ar.pfs,1,4,0,0
	mov r34=b0
	mov r35=gp
	ld8 r14=[r32],8
	;;
	mov b6=r14
	ld8 gp=[r32]			// ERROR PV025
	;;
	br.call.sptk.many b0=b6
	;;
	mov ar.pfs=r33
	mov b0=r34
	;;
	br.ret.sptk.many b0`),
  'gp is put back': routine(`
	alloc r33=ar.pfs,1,4,0,0
	mov r34=b0
	mov r35=gp
	ld8 r14=[r32],8
	;;
	mov b6=r14
	ld8 gp=[r32]
	;;
	br.call.sptk.many b0=b6
	;;
	mov gp=r35
	mov ar.pfs=r33
	mov b0=r34
	;;
	br.ret.sptk.many b0`),
  'sp is moved by a store, and not moved back': routine(`
	alloc r33=ar.pfs,1,3,0,0
	mov r34=b0
	;;
	st8 [sp]=r32,-16		// ERROR PV025
	br.call.sptk.many b0=g
	;;
	ld8 r8=[sp]
	mov ar.pfs=r33
	mov b0=r34
	;;
	br.ret.sptk.many b0`),
  'sp is moved by a store, and moved back': routine(`
	alloc r33=ar.pfs,1,3,0,0
	mov r34=b0
	;;
	st8 [sp]=r32,-16
	br.call.sptk.many b0=g
	;;
	adds sp=16,sp
	;;
	ld8 r8=[sp]
	mov ar.pfs=r33
	mov b0=r34
	;;
	br.ret.sptk.many b0`),
};

/** Firmware is jumped to with the address of a label in the return link. */
const firmware = (before: string, behind: string): string =>
  routine(`
	alloc r33=ar.pfs,1,6,0,0
	movl r35=entry_point
1:	{
	mov r28=r32
	mov r8=ip
	nop.i 0
	}
	;;
	ld8 r35=[r35]
	adds r8=1f-1b,r8
	mov r36=ar.rsc
	;;
${before}
	mov r34=b0
	mov b7=r35
	;;
	mov b0=r8
	br.cond.sptk.many b7
1:
${behind}
	mov ar.pfs=r33
	;;
	br.ret.sptk.many b0`);

export const LINKED: Readonly<Record<string, string>> = {
  'firmware comes back to a label': firmware(
    '\tmov ar.rsc=0\n\tmov r37=gp',
    '\tmov ar.rsc=r36\n\tmov gp=r37\n\tmov b0=r34',
  ),
  'ar.rsc is not put back behind the label': firmware(
    '\tmov ar.rsc=0		// ERROR PV025\n\tmov r37=gp',
    '\tmov gp=r37\n\tmov b0=r34',
  ),
  'a local that nobody has written is read behind the label': firmware(
    '\tmov ar.rsc=0',
    '\tmov ar.rsc=r36\n\tmov gp=r37			// ERROR PV015\n\tmov b0=r34',
  ),
  'what firmware destroys is read behind the label': firmware(
    '\tmov ar.rsc=0\n\tmov r14=r32',
    '\tmov ar.rsc=r36\n\tmov b0=r34\n\tadd r8=r8,r14		// ERROR PV015',
  ),
  'r8 to r11 come back from firmware': firmware('\tmov ar.rsc=0', '\tmov ar.rsc=r36\n\tmov b0=r34\n\tadd r8=r8,r11'),
  'a branch through the return link itself is no call': routine(`
	mov r14=b0
	;;
	mov b0=r14
	;;
	br.cond.sptk.many b0`),
  'a local routine reads a local that it has not written': `${routine(`
	alloc r33=ar.pfs,1,3,1,0
	mov r34=b0
	;;
	br.call.sptk.many b0=payload
	;;
	mov ar.pfs=r33
	mov b0=r34
	;;
	br.ret.sptk.many b0`)}	.proc payload
payload:
	alloc r33=ar.pfs,0,3,1,0
	mov r32=b0
	;;
	br.call.sptk.many b0=g
	;;
	mov gp=r34			// ERROR PV015
	mov ar.pfs=r33
	mov b0=r32
	;;
	br.ret.sptk.many b0
	.endp payload
`,
  'a local routine writes its locals first': `${routine(`
	alloc r33=ar.pfs,1,3,1,0
	mov r34=b0
	;;
	br.call.sptk.many b0=payload
	;;
	mov ar.pfs=r33
	mov b0=r34
	;;
	br.ret.sptk.many b0`)}	.proc payload
payload:
	alloc r33=ar.pfs,0,3,1,0
	mov r32=b0
	mov r34=gp
	;;
	br.call.sptk.many b0=g
	;;
	mov gp=r34
	mov ar.pfs=r33
	mov b0=r32
	;;
	br.ret.sptk.many b0
	.endp payload
`,
  'a part that is also fallen into keeps the locals of the frame': `${routine(`
	alloc r33=ar.pfs,1,3,1,0
	mov r34=b0
	mov r35=gp
	;;
	br.call.sptk.many b0=part
	;;
	mov ar.pfs=r33
	mov b0=r34
	;;
part:	mov gp=r35
	br.ret.sptk.many b0`)}`,
};
