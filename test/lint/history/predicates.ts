/** Predicates that are read and written nowhere, and compares whose results nothing reads. */
import { handler, routine } from './program.ts';

export const PREDICATES: Readonly<Record<string, string>> = {
  'the other predicate was written, at a vector': handler(`
	mov r31=pr
	mov r16=cr.ifa
	;;
	tbit.nz p7,p0=r16,8		// ERROR PV003
(p6)	br.cond.spnt.many slow		// ERROR PV015
	;;
	mov pr=r31,-1
	rfi
slow:	mov pr=r31,-1
	rfi`),
  'the predicate that was written, at a vector': handler(`
	mov r31=pr
	mov r16=cr.ifa
	;;
	tbit.nz p6,p0=r16,8
	;;
(p6)	br.cond.spnt.many slow
	;;
	mov pr=r31,-1
	rfi
slow:	itc.d r16
	;;
	mov pr=r31,-1
	rfi`),
  'a stale predicate in a routine': routine(`
	cmp.eq p7,p0=r32,r0
	;;
(p6)	mov r8=r0			// ERROR PV015
	mov r9=r32
	br.ret.sptk.many b0`),
  'a stale predicate behind a call': routine(`
	alloc r33=ar.pfs,1,2,0,0
	mov r34=b0
	cmp.eq p6,p7=r32,r0
	;;
	br.call.sptk.many b0=g
	;;
(p6)	mov r8=r0			// ERROR PV015
	mov ar.pfs=r33
	mov b0=r34
	br.ret.sptk.many b0`),
  "a predicate that is the caller's own and lives behind the call": routine(`
	alloc r33=ar.pfs,1,3,0,0
	mov r34=b0
	mov r35=pr
	cmp.eq p16,p17=r32,r0
	;;
	br.call.sptk.many b0=g
	;;
(p16)	mov r8=r0
	mov ar.pfs=r33
	mov b0=r34
	mov pr=r35,-1
	br.ret.sptk.many b0`),
  'a predicate that one way does not write': routine(`
	cmp.eq p6,p7=r32,r0
	;;
(p6)	br.cond.spnt 1f
	cmp.eq p8,p9=r33,r0
	;;
1:
(p8)	mov r8=r0			// ERROR PV015
	br.ret.sptk.many b0`),
  'cleared before one way writes it': routine(`
	cmp.ne p8,p0=r0,r0
	cmp.eq p6,p7=r32,r0
	;;
(p6)	br.cond.spnt 1f
	cmp.eq p8,p9=r33,r0
	;;
1:
(p8)	mov r8=r0
	br.ret.sptk.many b0`),
  'an unconditional compare under a predicate writes both': routine(`
	cmp.eq p6,p7=r32,r0
	;;
(p6)	cmp.eq.unc p8,p9=r33,r0
	;;
(p8)	mov r8=r0
(p9)	mov r8=r33
	br.ret.sptk.many b0`),
  'a compare that is overwritten unread': routine(`
	cmp.eq p6,p7=r32,r0		// ERROR PV003
	;;
	cmp.eq p6,p7=r33,r0
	;;
(p6)	mov r8=r0
(p7)	mov r8=r33
	br.ret.sptk.many b0`),
  'a compare of which one predicate is read': routine(`
	cmp.eq p6,p7=r32,r0
	;;
(p7)	mov r8=r32
	cmp.eq p6,p7=r33,r0
	;;
(p6)	mov r8=r0
	br.ret.sptk.many b0`),
  'an or-compare adds to the one before': routine(`
	cmp.eq p6,p0=r32,r0
	;;
	cmp.eq.or p6,p0=r33,r0
	;;
(p6)	mov r8=r0
	br.ret.sptk.many b0`),
  'an or-compare adds to nothing': routine(`
	cmp.eq.or p6,p0=r33,r0
	;;
(p6)	mov r8=r0			// ERROR PV015
	br.ret.sptk.many b0`),
  'a compare under a predicate leaves the old value where that is false': routine(`
	cmp.eq p6,p7=r32,r0
	;;
(p6)	cmp.eq p8,p9=r33,r0
	;;
(p8)	mov r8=r0			// ERROR PV015
	br.ret.sptk.many b0`),
  'a compare under each of two predicates': routine(`
	cmp.eq p6,p7=r32,r0
	;;
(p6)	cmp.eq p8,p9=r33,r0
(p7)	cmp.eq p8,p9=r34,r0
	;;
(p8)	mov r8=r0
	br.ret.sptk.many b0`),
  'a compare under a predicate behind one that is not': routine(`
	cmp.eq p6,p7=r32,r0
	cmp.eq p8,p9=r34,r0
	;;
(p6)	cmp.eq p8,p9=r33,r0
	;;
(p8)	mov r8=r0
	br.ret.sptk.many b0`),
  'a compare under a predicate, of which a branch says that it held': routine(`
	cmp.eq p6,p7=r32,r0
	;;
(p6)	cmp.eq p8,p9=r33,r0
(p7)	br.ret.spnt.many b0
	;;
(p8)	mov r8=r0
	br.ret.sptk.many b0`),
  // Behind the call r20 holds nothing, and p6 leads to its reader.
  'predicates that exclude each other across a call': routine(`
	alloc r33=ar.pfs,1,4,0,0
	mov r34=b0
	mov r35=pr
	cmp.eq p2,p3=r32,r0
	;;
(p2)	adds r20=16,r13
	cmp.eq p6,p0=r8,r0
	br.cond.sptk done
again:	br.call.sptk.many b0=g
	;;
(p3)	cmp.eq.unc p6,p0=r0,r0
	;;
done:
(p6)	br.cond.spnt more
	mov pr=r35,-1
	mov ar.pfs=r33
	mov b0=r34
	;;
	br.ret.sptk.many b0
more:
(p2)	st4 [r20]=r0
	br.cond.sptk again`),
  'predicates that do not': routine(`
	alloc r33=ar.pfs,1,4,0,0
	mov r34=b0
	mov r35=pr
	cmp.eq p2,p3=r32,r0
	;;
(p2)	adds r20=16,r13
	cmp.eq p6,p0=r8,r0
	br.cond.sptk done
again:	br.call.sptk.many b0=g
	;;
(p2)	cmp.eq.unc p6,p0=r0,r0
	;;
done:
(p6)	br.cond.spnt more
	mov pr=r35,-1
	mov ar.pfs=r33
	mov b0=r34
	;;
	br.ret.sptk.many b0
more:
(p2)	st4 [r20]=r0			// ERROR PV015
	br.cond.sptk again`),
  'a compare that leaves its predicate as it was does not make it say anything': routine(`
	alloc r33=ar.pfs,1,4,0,0
	mov r34=b0
	mov r35=pr
	cmp.eq p2,p3=r32,r0
	;;
(p2)	adds r20=16,r13
	cmp.eq p6,p0=r8,r0
	br.cond.sptk done
again:	br.call.sptk.many b0=g
	;;
	cmp.eq p6,p0=r8,r0
	;;
(p3)	cmp.eq p6,p0=r8,r32
	;;
done:
(p6)	br.cond.spnt more
	mov pr=r35,-1
	mov ar.pfs=r33
	mov b0=r34
	;;
	br.ret.sptk.many b0
more:
(p2)	st4 [r20]=r0			// ERROR PV015
	br.cond.sptk again`),
  'the predicate means something else in between': routine(`
	alloc r33=ar.pfs,1,4,0,0
	mov r34=b0
	mov r35=pr
	cmp.eq p2,p3=r32,r0
	;;
(p2)	adds r20=16,r13
	cmp.eq p6,p0=r8,r0
	br.cond.sptk done
again:	br.call.sptk.many b0=g
	;;
(p3)	cmp.eq.unc p6,p0=r0,r0
	;;
	cmp.eq p2,p3=r8,r0
	;;
done:
(p6)	br.cond.spnt more
	mov pr=r35,-1
	mov ar.pfs=r33
	mov b0=r34
	;;
	br.ret.sptk.many b0
more:
(p2)	st4 [r20]=r0			// ERROR PV015
	br.cond.sptk again`),
  'the other one of the pair': routine(`
	alloc r33=ar.pfs,1,4,0,0
	mov r34=b0
	mov r35=pr
	cmp.eq p2,p3=r32,r0
	;;
(p2)	adds r20=16,r13
	cmp.eq p6,p0=r8,r0
	br.cond.sptk done
again:	br.call.sptk.many b0=g
	;;
(p3)	cmp.eq.unc p6,p0=r0,r0
	;;
done:
(p6)	br.cond.spnt more
	mov pr=r35,-1
	mov ar.pfs=r33
	mov b0=r34
	;;
	br.ret.sptk.many b0
more:
(p3)	st4 [r20]=r0			// ERROR PV015
	br.cond.sptk again`),

  // entry.S of kernels with CONFIG_PREEMPT: p2 and p3 say whose stack it is, and none of this code writes them.
  'a condition that is cleared before the code comes back': work('(p3)	br.call.spnt.many b0=notify'),
  'a condition that is true only for the others': work(`	br.call.spnt.many b0=notify
	;;
(p3)	cmp.eq.unc p6,p0=r0,r0`),
  'a condition that is true for both': work(
    `	br.call.spnt.many b0=notify
	;;
	cmp.eq p6,p0=r0,r0`,
    '			// ERROR PV015',
  ),
};

/** r20 is loaded where p2 holds; `notify` destroys it, and what follows decides whether the code comes back. */
function work(notify: string, fault = ''): string {
  return `	.text
	.global leave
	.proc leave
leave:
(p2)	adds r20=16,r13
	;;
	.pred.rel.mutex p2,p3
(p2)	ld4 r21=[r20]
(p3)	mov r21=0
	;;
	cmp.eq p6,p0=r21,r0
	;;
check:
	adds r17=32,r13
	;;
(p6)	ld4 r31=[r17]
	;;
(p6)	and r19=15,r31
	;;
(p6)	cmp4.ne.unc p6,p0=r19,r0
	;;
(p6)	br.cond.spnt pending
	br.cond.sptk.many decided
pending:
	tbit.z p6,p0=r31,2
(p6)	br.cond.sptk.few asked
(p2)	st4 [r20]=r0${fault}
	br.cond.sptk.many decided
asked:
${
  notify.includes('cmp')
    ? notify
    : `${notify}
	cmp.ne p6,p0=r0,r0`
}
	;;
	br.cond.sptk.many check
	.endp leave
`;
}
