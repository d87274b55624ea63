/* The vectors of a small kernel: misses of pages are looked up in one table, all else is for C. */
#include "minstate.h"

	.section .text.ivt,"ax"
	.align	32768
	.global	vectors
vectors:
	.org	vectors+0x0400
itlb_miss:
	SAVE_MIN
	mov	r19=KR_PGTABLE
	extr.u	r17=r16,PAGE_SHIFT,11
	;;
	rsm	psr.dt			// the table is physical
	shladd	r17=r17,3,r19
	;;
	srlz.d
	;;
	ld8	r18=[r17]
	;;
	tbit.z	p6,p0=r18,0		// not present
(p6)	br.cond.spnt.many other_fault
	;;
	itc.i	r18
	;;
	RESTORE_MIN
	;;

	.org	vectors+0x0800
dtlb_miss:
	SAVE_MIN
	mov	r19=KR_PGTABLE
	extr.u	r17=r16,PAGE_SHIFT,11
	;;
	rsm	psr.dt
	shladd	r17=r17,3,r19
	;;
	srlz.d
	;;
	ld8	r18=[r17]
	;;
	tbit.z	p6,p0=r18,0
(p6)	br.cond.spnt.many other_fault
	;;
	itc.d	r18
	;;
	RESTORE_MIN
	;;

	.org	vectors+0x1000
other_fault:
	ssm	psr.dt
	;;
	srlz.d
	br.cond.sptk.many fault_in_c
	;;
	.org	vectors+0x8000
