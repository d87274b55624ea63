/* Faults that no vector repairs, and what C calls. */
#include "minstate.h"

	.text
	.global	fault_in_c
fault_in_c:
	mov	r17=cr.isr
	mov	r18=cr.iip
	movl	r19=fault_log
	;;
	st8	[r19]=r17,8
	;;
	st8	[r19]=r18
1:	br.cond.sptk.many 1b		// for whoever reads the log

	.global	switch_region
	.proc	switch_region
switch_region:
	.prologue
	.body
	mov	r14=rr[r32]
	;;
	mov	rr[r32]=r33
	;;
	srlz.d
	mov	r8=r14
	br.ret.sptk.many b0
	.endp	switch_region

	.bss
fault_log:
	.skip	16
