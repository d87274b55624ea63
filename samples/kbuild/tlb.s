	.file	"tlb.c"
	.pred.safe_across_calls p1-p5,p16-p63
	.text
	.align 16
	.align 64
	.global pin#
	.type	pin#, @function
	.proc pin#
pin:
	.prologue
	.body
#APP
// 16 "tlb.c" 1
	mov r14=psr
// 0 "" 2
#NO_APP
	;;
#APP
// 23 "tlb.c" 1
	;;
// 0 "" 2
#NO_APP
	;;
#APP
// 24 "tlb.c" 1
	rsm psr.i
// 0 "" 2
#NO_APP
	;;
#APP
// 37 "tlb.c" 1
	rsm psr.ic;; srlz.d
// 0 "" 2
#NO_APP
	;;
	.mmi
	nop 0
	shladd r36 = r36, 2, r0
	nop 0
	;;
#APP
// 38 "tlb.c" 1
	mov cr.itir=r36
// 0 "" 2
#NO_APP
	;;
#APP
// 39 "tlb.c" 1
	mov cr.ifa=r34;;
// 0 "" 2
#NO_APP
	;;
	.mii
	nop 0
	sxt4 r33 = r33
	nop 0
	;;
#APP
// 40 "tlb.c" 1
	itr.d dtr[r33]=r35
// 0 "" 2
#NO_APP
	;;
#APP
// 41 "tlb.c" 1
	;; srlz.d
// 0 "" 2
#NO_APP
	;;
#APP
// 42 "tlb.c" 1
	ssm psr.ic;; srlz.d
// 0 "" 2
#NO_APP
	;;
	.mmi
	addl r15 = 16384, r0
	;;
	and r14 = r15, r14
	nop 0
	;;
#APP
// 30 "tlb.c" 1
	cmp.ne p6,p7=r14,r0;; (p6) ssm psr.i; (p7) rsm psr.i;; (p6) srlz.d
// 0 "" 2
#NO_APP
	;;
	.mii
	shladd r15 = r33, 1, r0
	adds r14 = 8, r32
	;;
	add r15 = r15, r33
	;;
	.mmi
	shladd r15 = r15, 3, r0
	;;
	add r14 = r14, r15
	add r32 = r32, r15
	;;
	.mmi
	adds r32 = 48, r32
	adds r15 = 32, r14
	adds r14 = 48, r14
	;;
	.mmi
	st8 [r15] = r34
	st8 [r32] = r35
	nop 0
	;;
	.mib
	st8 [r14] = r36
	nop 0
	br.ret.sptk.many b0
	.endp pin#
	.align 16
	.align 64
	.global purge_range#
	.type	purge_range#, @function
	.proc purge_range#
purge_range:
	.prologue
	.body
	.mmi
	addp4 r15 = r34, r0
	addl r14 = 1, r0
	cmp4.eq p8, p9 = 0, r35
	.mmi
	shladd r34 = r34, 2, r0
	;;
	nop 0
	shl r14 = r14, r15
	.align 32
.L6:
	.pred.rel.mutex p8, p9
	.mib
	nop 0
	nop 0
	(p8) br.cond.dptk .L4
#APP
// 17 "tlb.c" 1
	ptc.ga r32,r34
// 0 "" 2
#NO_APP
	;;
	.mmi
	nop 0
	add r32 = r32, r14
	nop 0
	;;
	.mib
	nop 0
	cmp.gtu p6, p7 = r33, r32
	(p6) br.cond.dptk .L6
.L10:
#APP
// 56 "tlb.c" 1
	srlz.i
// 0 "" 2
#NO_APP
	;;
	.mib
	nop 0
	nop 0
	br.ret.sptk.many b0
.L4:
	.pred.rel.mutex p8, p9
#APP
// 18 "tlb.c" 1
	ptc.l r32,r34
// 0 "" 2
#NO_APP
	;;
	.mmi
	nop 0
	add r32 = r32, r14
	nop 0
	;;
	.mib
	nop 0
	cmp.gtu p6, p7 = r33, r32
	(p6) br.cond.dptk .L6
	.mib
	nop 0
	nop 0
	br .L10
	.endp purge_range#
	.ident	"GCC: (GNU) 12.2.0"
