	.file	"unwind.c"
	.pred.safe_across_calls p1-p5,p16-p63
	.text
.Ltext0:
	.section	.text.unlikely,"ax",@progbits
.LCOLDB0:
	.text
.LHOTB0:
	.align 16
	.align 64
	.weak	helper#
	.hidden	helper#
	.weakref	alias,target
	.global probe#
	.type	probe#, @function
	.proc probe#
probe:
	.prologue 12, 35
.LFB1:
	.file 1 "unwind.c"
	.loc 1 12 0
	.mmi
	.save ar.pfs, r36
	alloc r36 = ar.pfs, 1, 9, 1, 0
	.vframe r37
	mov r37 = r12
	.save rp, r35
	mov r35 = b0
	.mmi
	.spill 32
	adds r12 = -48, r12
	nop 0
	mov r38 = r1
	;;
	.spillreg r5, r39
	mov r39=r5
	.save ar.unat, r41
	mov r41 = ar.unat
	;;
	.save.g 0x1
	.mem.offset 0,0
	st8.spill [r12] = r4, 16
	;;
	.save.f 0x1
	stf.spill [r12] = f2, 16
	.body
	.loc 1 14 0 is_stmt 1 discriminator 2
	.mmi
	addl r14 = @ltoffx(counter#), r1
	addl r15 = @ltoff(@fptr(helper#)), gp
	nop 0
	;;
	ld8.mov r14 = [r14], counter#
	ld8 r15 = [r15]
	addl r16 = @gprel(small#), gp
	;;
	.pred.rel.mutex p6, p7
	cmp4.ne p6, p7 = 0, r32
	;;
	(p6) ld4.s r16 = [r16]
	(p7) mov r16 = r0
	;;
#APP
// 24 "unwind.c" 1
	mov r17=cr.ifa;;
// 0 "" 2
// 25 "unwind.c" 1
	(p6) rsm psr.i
// 0 "" 2
// 26 "unwind.c" 1
	ssm psr.ic;; srlz.d;;
// 0 "" 2
#NO_APP
	;;
	st8 [r14] = r17
	.loc 1 20 0
	adds r18 = @tprel(tls#), r13
	addl r39 = @ltoff(@dtpmod(tls#)), gp
	;;
	ld8 r39 = [r39]
	addl r40 = @ltoff(@dtprel(tls#)), gp
	nop 0
	.bbb
	nop 0
	nop 0
	br.call.sptk.many b0 = helper#
	;;
.LVL3:
	chk.s r16, .L9
.L8:
	mov r1 = r38
	.mii
	nop 0
	mov ar.pfs = r36
	mov b0 = r35
	;;
	.restore sp
	mov r12 = r37
	br.ret.sptk.many b0
.L9:
	adds r16 = 1, r16
	br.cond.sptk .L8
	;;
.LFE1:
	.endp probe#
	.section	.text._Z3foov,"axG",@progbits,_Z3foov,comdat
	.align 16
	.weak	_Z3foov#
	.type	_Z3foov#, @function
	.proc _Z3foov#
_Z3foov:
[.LFB2:]
	.prologue
	.altrp b6
	.body
#APP
	thash r8=r32
#NO_APP
	;;
	br.ret.sptk.many b6
	;;
	.personality	__gxx_personality_v0#
	.handlerdata
	.align 8
.LLSDA2:
	data1	0xff
	.previous
	.endp _Z3foov#
	.set	kalias,probe#
	.comm	counter#,8,8
	.lcomm	lc#,8,8
	.local	stat#
	.common	stat#,4,4
	.section	.sdata,"aws"
	.align 4
	.type	small#, @object
	.size	small#, 4
small:
	data4	7
	.section	.tbss,"awT",@nobits
tls:
	.skip 8
	.section	.rodata.str1.8,"aMS",@progbits,1
	.align 8
.LC0:
	stringz	"a // b; {\"q\"} /* no\n"
	.section	.init_array,"aw"
	data8	@fptr(probe#)
	data8.ua	.LVL3-.Ltext0
	.text
.Letext0:
	.section	.debug_info,"",@progbits
	data4.ua	0x10
	data4.ua	@secrel(.Ldebug_line0)
	data8.ua	.Ltext0
	.uleb128 0x3
	.sleb128 -2
	.section	.debug_line,"",@progbits
.Ldebug_line0:
	.section	.debug_str,"MS",@progbits,1
	.string	"GNU C17"
	.ident	"GCC: (GNU) 12.2.0"
	.section	.note.GNU-stack,"",@progbits
