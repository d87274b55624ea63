	.text
	.global f
f:	mov r8=cr.ivr
	br.ret.sptk b0
