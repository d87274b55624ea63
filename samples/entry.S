/*
 * The ways out of the kernel and from one thread to another, and what C cannot say.
 */
#include "minstate.h"

	.text

/*
 * Back to what was interrupted.
 *	in: r12 = stack, the frame 16 bytes above it; bank 1; psr.ic on
 */
	.global	leave_kernel
	.proc	leave_kernel
leave_kernel:
	adds	r2=FRAME_IPSR+16,r12
	;;
	ld8	r8=[r2]
	;;
	extr.u	r8=r8,PSR_CPL,2
	;;
	cmp.eq	p_kernel,p_user=r8,r0
	;;
(p_user) rsm	psr.i			// from the test on, nothing may come in between
	mov	r9=KR_CURRENT
	;;
	adds	r9=THREAD_WORK,r9
	;;
(p_user) ld8	r9=[r9]
(p_kernel) mov	r9=r0
	;;
	cmp.eq	p6,p7=r9,r0
(p6)	br.cond.sptk.many .restore
	;;
	ssm	psr.i
	br.call.spnt.many b0=do_work ;;	// p14 and p15 do not survive it
	br.cond.sptk.many leave_kernel
	;;
.restore:
	mov	r2=FRAME_R16+16
	mov	r3=FRAME_R16+24
	;;
	add	r2=r2,r12
	add	r3=r3,r12
	;;
	FILL(r2, r16, r3, r17)
	;;
	FILL(r2, r18, r3, r19)
	;;
	FILL(r2, r20, r3, r21)
	;;
	FILL(r2, r22, r3, r23)
	;;
	FILL(r2, r24, r3, r25)
	;;
	FILL(r2, r26, r3, r27)
	;;
	FILL(r2, r28, r3, r29)
	;;
	FILL(r2, r30, r3, r31)
	;;
	ld8	r14=[r2],16
	ld8	r15=[r3],16
	;;
	mov	b6=r14
	mov	b7=r15
	ld8	r14=[r2]
	ld8	r15=[r3]
	;;
	mov	ar.ccv=r14
	mov	ar.fpsr=r15
	rsm	psr.i | psr.ic		// a miss would overwrite cr.iip and its like from here on
	;;
	srlz.i
	;;
	alloc	r2=ar.pfs,0,0,0,0	// drop our own frame
	;;
	bsw.0
	;;
	adds	r16=FRAME_IPSR+16,r12
	adds	r17=FRAME_IIP+16,r12
	;;
	ld8	r29=[r16],16
	ld8	r28=[r17],16
	;;
	ld8	r30=[r16],16
	ld8	r25=[r17],16
	;;
	ld8	r26=[r16],16
	ld8	r27=[r17],16
	;;
(p_user) ld8	r24=[r16]
(p_user) ld8	r23=[r17]
	;;
	adds	r16=16,r16
	adds	r17=16,r17
	;;
	ld8	r31=[r16],16
	ld8	r21=[r17],16
	;;
	ld8	r22=[r16],16
	ld8.fill r1=[r17],16
	;;
	adds	r18=32,r16
	adds	r19=32,r17
	;;
	FILL(r18, r8, r19, r9)
	;;
	FILL(r18, r10, r19, r11)
	;;
	FILL(r18, r14, r19, r15)
	;;
	ld8.fill r20=[r16],16		// r12 last: the frame is below it
	ld8.fill r13=[r17],16
	;;
	FILL(r16, r2, r17, r3)
	mov	cr.ipsr=r29
	mov	cr.iip=r28
	;;
	mov	cr.ifs=r30
	mov	ar.rsc=r22		// lazy, and what to load back
	mov	r12=r20
	;;
(p_kernel) br.cond.dpnt.few 1f
	;;
	loadrs				// the user's registers, as they were at SAVE_FRAME
	;;
	mov	ar.bspstore=r23
	;;
	mov	ar.rnat=r24
	;;
1:	mov	b0=r21
	mov	ar.rsc=r27
	mov	ar.unat=r25
	mov	ar.pfs=r26
	mov	pr=r31,-1
	;;
	rfi
	;;
	.endp	leave_kernel

/*
 * struct thread *switch_to(struct thread *next): from the current thread to another one's kernel stack.
 * The caller has saved what C preserves; interrupts are off.
 */
	.global	switch_to
	.proc	switch_to
switch_to:
	alloc	r2=ar.pfs,1,0,0,0
	mov	r8=KR_CURRENT
	adds	r9=THREAD_PGDIR,in0
	adds	r10=THREAD_RID,in0
	;;
	ld8	r9=[r9]
	ld8	r10=[r10]
	ld8	r11=[in0]		// THREAD_SP
	st8	[r8]=r12
	movl	r3=0x2000000000000000	// region 1
	;;
	rsm	psr.ic			// no miss may see half of it
	;;
	srlz.d
	;;
	mov	KR_PGDIR=r9
	mov	KR_CURRENT=in0
	mov	rr[r0]=r10
	;;
	mov	rr[r3]=r10
	;;
	srlz.d
	mov	r12=r11
	mov	r13=in0
	;;
	ssm	psr.ic
	;;
	srlz.i
	;;
	br.ret.sptk.many b0
	;;
	.endp	switch_to

/* void flush_page(unsigned long address): its translation, on every processor. */
	.global	flush_page
	.proc	flush_page
flush_page:
	alloc	r2=ar.pfs,1,0,0,0
	mov	r8=PAGE_SHIFT<<2
	;;
#ifdef CONFIG_SMP
	ptc.ga	in0,r8
#else
	ptc.l	in0,r8
#endif
	;;
	srlz.i
	;;
	br.ret.sptk.many b0
	;;
	.endp	flush_page

/* void flush_code(void *line): what was written there is what will be executed. */
	.global	flush_code
	.proc	flush_code
flush_code:
	alloc	r2=ar.pfs,1,0,0,0
	;;
	fc	in0
	;;
	sync.i
	;;
	srlz.i
	;;
	br.ret.sptk.many b0
	;;
	.endp	flush_code

/* unsigned long set_timer(unsigned long ticks): interrupt in so many ticks; returns when that is. */
	.global	set_timer
	.proc	set_timer
set_timer:
	alloc	r2=ar.pfs,1,0,0,0
	mov	r8=ar.itc
	;;
	add	r8=r8,in0
	;;
	mov	cr.itm=r8
	;;
	srlz.d
	br.ret.sptk.many b0
	;;
	.endp	set_timer
