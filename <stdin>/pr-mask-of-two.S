// EXPECT: the scratch is not r14: mov pr=r,mask sets p6 and p7 independently; neither may be true. Actual: r14, because any write of two predicates is taken for a compare
	.text
	.global f
f:	mov r14=3
	;;
	add r8=r14,r8
	;;
	ASM_WRITE_IFA(b6, r9, r2)
	;;
	mov pr=r10,0xc0
	;;
(p6)	mov r14=1
	;;
(p7)	mov r14=2
	;;
	add r8=r14,r8
	br.ret.sptk.many b0
