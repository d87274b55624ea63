// EXPECT: the scratch is not r14 (or only where r21 can hold no NaT): a NaT operand clears both predicates of a compare, then r14 keeps its value. Actual: r14
	.text
	.global f
f:	ld8.s r21=[r10]
	mov r14=3
	;;
	add r8=r14,r8
	;;
	ASM_WRITE_IFA(-, r9, r2)
	;;
	cmp.eq p6,p7=r21,r0
	;;
(p6)	mov r14=1
(p7)	mov r14=2
	;;
	add r8=r14,r8
	br.ret.sptk.many b0
