/* What firmware is asked. */
	.text
	.global	pal_call
	.proc	pal_call
pal_call:
	.prologue
	.save	ar.pfs, r36
	alloc	r36=ar.pfs,4,4,4,0
	.save	rp, r37
	mov	r37=b0
	.body
	mov	r38=psr
	mov	r28=in0
	mov	r29=in1
	mov	b6=in2
	;;
	rsm	psr.i
	;;
	br.call.sptk.many b0=b6
	;;
	mov	psr.l=r38
	;;
	srlz.d
	mov	ar.pfs=r36
	mov	b0=r37
	br.ret.sptk.many b0
	.endp	pal_call
