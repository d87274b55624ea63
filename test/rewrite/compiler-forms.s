	.file	"tick.cc"
	.pred.safe_across_calls p1-p5,p16-p63
	.text
.Ltext0:
	.section	.text._ZN5Clock4tickEm,"axG",@progbits,_ZN5Clock4tickEm,comdat
	.align 16
	.align 64
	.weak	_ZN5Clock4tickEm#
	.type	_ZN5Clock4tickEm#, @function
	.proc _ZN5Clock4tickEm#
_ZN5Clock4tickEm:
.LFB0:
	.file 1 "tick.cc"
	.loc 1 12 0
	.prologue 14, 34
	{ .mib
	.save ar.pfs, r35
	alloc r35 = ar.pfs, 2, 4, 1, 0
	.vframe r36
	mov r36 = r12
	nop 0
	}
	.save rp, r34
	{ .mii
	adds r12 = -16, r12
	mov r34 = b0
	nop 0
	;;
	}
	.body
.LBB2:
	.loc 1 14 0
#APP
// 14 "tick.cc" 1
	mov r14=cr.ivr
// 0 "" 2
#NO_APP
	{ .mmi
	;;
	st8 [r36] = r14
	cmp.eq p6, p7 = 0, r14
	addp4 r15 = r33, r0
	;;
	}
	{ .mib
	.pred.rel.mutex p6,p7
	(p6) addl r16 = @ltoff(@fptr(_ZN5Clock4missEv#)), r1
	(p7) addl r16 = @ltoffx(ticks#), r1
	nop 0
	;;
	}
	{ .mlx
	ld8.mov r16 = [r16], ticks#
	movl r17 = @gprel(.LC0)
	;;
	}
#APP
// 18 "tick.cc" 1
	mov cr.itm=r14 ;; srlz.d
// 0 "" 2
// 19 "tick.cc" 1
	rsm psr.i
// 0 "" 2
#NO_APP
	{ .bbb
	(p6) br.cond.dpnt .L3
	nop.b 0
	br.call.sptk.many b0 = _ZN5Clock4missEv#
	;;
	}
.LVL3:
.L3:
	.loc 1 21 0
	{ .mii
	nop 0
	mov ar.pfs = r35
	mov b0 = r34
	}
	{ .mib
	.restore sp
	mov r12 = r36
	nop 0
	br.ret.sptk.many b0
	;;
	}
.LFE0:
	.endp _ZN5Clock4tickEm#
	.section	.text.unlikely,"ax",@progbits
	.section	.rodata.str1.8,"aMS",@progbits,1
	.align 8
.LC0:
	stringz	"late \"tick\": %d\n"
	.section	.debug_info,"",@progbits
	data4.ua	.LFE0-.LFB0
	data8.ua	.LFB0
	.section	.init_array,"aw"
	data8	@fptr(_ZN5Clock4tickEm#)
	.ident	"GCC: (GNU) 12.2.0"
	.section	.note.GNU-stack,"",@progbits
