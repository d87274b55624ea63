// Written in the manner of g++ -O0 -g: static routines that call each other, a jump table, arguments of any number, a stack that grows, comdat.
	.file	"shapes.cc"
	.pred.safe_across_calls p1-p5,p16-p63
	.text
.Ltext0:
	.section	.rodata.str1.8,"aMS",@progbits,1
	.align 8
.LC0:
	stringz	"bad vector %d; rfi here"
	.text
	.align 16
	.proc _ZL5leaf0m#
_ZL5leaf0m:
.LFB0:
	.file 1 "shapes.cc"
	.loc 1 10 0
	.prologue 2, 2
	.vframe r2
	mov r2 = r12
	.body
	;;
	st8 [r2] = r32
	.loc 1 11 0
	ld8 r14 = [r2]
	;;
#APP
// 11 "shapes.cc" 1
	thash r14=r14
// 0 "" 2
#NO_APP
	;;
	mov r8 = r14
	.restore sp
	mov r12 = r2
	br.ret.sptk.many b0
	;;
.LFE0:
	.endp _ZL5leaf0m#
	.align 16
	.proc _ZL4nestm#
_ZL4nestm:
.LFB1:
	.prologue 14, 33
	.save ar.pfs, r34
	alloc r34 = ar.pfs, 1, 4, 1, 0
	.vframe r35
	mov r35 = r12
	mov r33 = b0
	.body
	;;
	st8 [r35] = r32
	ld8 r36 = [r35]
	br.call.sptk.many b0 = _ZL5leaf0m#
	mov r14 = r8
	;;
#APP
// 20 "shapes.cc" 1
	mov r15=cr.ifa;;
	mov cr.ifa=r14;;
	srlz.d
	rsm psr.i
	mov cr.itir=r15
// 0 "" 2
#NO_APP
	;;
	mov r8 = r15
	mov ar.pfs = r34
	mov b0 = r33
	.restore sp
	mov r12 = r35
	br.ret.sptk.many b0
	;;
.LFE1:
	.endp _ZL4nestm#
	.align 16
	.global dispatch#
	.type	dispatch#, @function
	.proc dispatch#
dispatch:
.LFB2:
	.prologue 12, 34
	.save ar.pfs, r35
	alloc r35 = ar.pfs, 2, 5, 2, 0
	.vframe r36
	mov r36 = r12
	mov r34 = b0
	mov r37 = r1
	.body
	;;
	adds r14 = -16, r12
	st8 [r36] = r32
	;;
	mov r12 = r14
	ld8 r14 = [r36]
	;;
	cmp.geu p6, p7 = 3, r14
	(p7) br.cond.dpnt .L20
	addl r15 = @ltoff(.L22), r1
	;;
	ld8 r15 = [r15]
	;;
	shladd r14 = r14, 3, r15
	;;
	ld8 r15 = [r14]
	;;
	add r14 = r14, r15
	;;
	mov b6 = r14
	br.cond.sptk.many b6
	.section	.rodata
	.align 8
.L22:
	data8	@pcrel(.L19)
	data8	@pcrel(.L21)
	data8	@pcrel(.L20)
	data8	@pcrel(.L19)
	.text
.L19:
#APP
// 30 "shapes.cc" 1
	mov r14=cr.ivr
// 0 "" 2
#NO_APP
	;;
	st8 [r36] = r14
	br .L23
.L21:
	ld8 r38 = [r36]
	br.call.sptk.many b0 = _ZL4nestm#
	mov r1 = r37
	mov r14 = r8
	;;
	st8 [r36] = r14
#APP
// 33 "shapes.cc" 1
	mov cr.eoi=r0;;srlz.d;;
// 0 "" 2
#NO_APP
	br .L23
.L20:
	addl r38 = @ltoffx(.LC0), r1
	;;
	ld8.mov r38 = [r38], .LC0
	ld8 r39 = [r36]
	br.call.sptk.many b0 = printk#
	mov r1 = r37
.L23:
	ld8 r8 = [r36]
	mov ar.pfs = r35
	mov b0 = r34
	.restore sp
	mov r12 = r36
	br.ret.sptk.many b0
	;;
.LFE2:
	.endp dispatch#
	.align 16
	.global variadic#
	.type	variadic#, @function
	.proc variadic#
variadic:
.LFB3:
	.prologue 12, 40
	.save ar.pfs, r41
	alloc r41 = ar.pfs, 8, 4, 1, 0
	.fframe 112
	adds r12 = -112, r12
	mov r40 = b0
	.save ar.unat, r42
	mov r42 = ar.unat
	.body
	;;
	adds r14 = 72, r12
	adds r15 = 80, r12
	;;
	.mem.offset 8,0
	st8.spill [r14] = r33, 16
	.mem.offset 0,0
	st8.spill [r15] = r34, 16
	;;
	.mem.offset 8,0
	st8.spill [r14] = r35
	.mem.offset 0,0
	st8.spill [r15] = r36
	;;
	mov r16 = r12
	adds r17 = 31, r32
	;;
	and r17 = -16, r17
	;;
	sub r12 = r12, r17
	;;
#APP
// 44 "shapes.cc" 1
	mov r14=psr;;
	rsm psr.i | psr.ic;;
	srlz.i;;
	mov r18=rr[r32];;
	mov rr[r32]=r18;;
	ssm psr.ic;;
	srlz.d;;
	srlz.d
// 0 "" 2
#NO_APP
	mov r43 = r14
	br.call.sptk.many b0 = _ZL4nestm#
	;;
	(p6) br.cond.dpnt .L31
	.pred.rel.mutex p8, p9
	cmp.eq p8, p9 = 0, r8
	;;
	(p8) addp4 r14 = 0, r8
	(p9) mov r14 = r0
#APP
// 48 "shapes.cc" 1
	(p8) ssm psr.i
	(p9) rsm psr.i
// 0 "" 2
#NO_APP
.L31:
	mov ar.unat = r42
	mov ar.pfs = r41
	mov b0 = r40
	.restore sp
	adds r12 = 112, r12
	br.ret.sptk.many b0
	;;
.LFE3:
	.endp variadic#
	.section	.text._ZN3cpu4haltEv,"axG",@progbits,_ZN3cpu4haltEv,comdat
	.align 16
	.weak	_ZN3cpu4haltEv#
	.type	_ZN3cpu4haltEv#, @function
	.proc _ZN3cpu4haltEv#
_ZN3cpu4haltEv:
	.prologue
	.personality __gxx_personality_v0#
	.body
#APP
// 60 "shapes.cc" 1
	mov r14=pmd[r32]
	;; mov r15=cpuid[r32]
	;; fc r15 ; probe.r r16=r32,0 ;; tak r17=r32;; tpa r18=r32
// 0 "" 2
#NO_APP
	;;
	add r8 = r14, r15
	br.ret.sptk.many b0
	;;
	.handlerdata
	.align 8
	data1	0xff
	.section	.text._ZN3cpu4haltEv
	.endp _ZN3cpu4haltEv#
	.section	.init_array,"aw"
	data8	@fptr(dispatch#)
	.ident	"GCC: (Debian 12.2.0-14) 12.2.0"
	.section	.note.GNU-stack,"",@progbits
