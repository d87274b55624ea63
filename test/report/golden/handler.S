// A handler with one site of each kind that reports tell apart: free registers, a fused run, one that stays native.
	.text
	.global miss
	.proc miss
miss:	mov r16=cr.ifa
	mov r31=pr
	;;
	thash r17=r16
	;;
	ld8 r18=[r17]
	;;
	tbit.z p6,p7=r18,0
	;;
(p7)	itc.d r18
	rsm psr.ic
	;;
	ssm psr.ic
	;;
	srlz.i
	;;
	mov pr=r31,-1
	rfi
	;;
	.endp miss
