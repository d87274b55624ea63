/* Nothing that a hypervisor must see: it is the same for all targets. */
	.text
	.global	idle
	.proc	idle
idle:
	.prologue
	.body
1:	hint	0
	br.cond.sptk.many 1b
	.endp	idle
