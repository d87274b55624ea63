/*
 * The interruption vector table of a small kernel.
 *
 * Pages are 16 KB. Every address space has a page directory of 2048 page tables of 2048 entries in the processor's own
 * short format. The page tables also stand in virtual memory, one after the other, where the VHPT walker looks for
 * them. So a miss is either on a page, and the walker is off (itlb_miss, dtlb_miss); or on the table that describes it,
 * met by the walker (vhpt_miss) or by our own load (nested_dtlb_miss). Region 7 is physical memory and has no tables.
 */
#include "minstate.h"

	.section .text.ivt,"ax"
	.align	32768
	.global	vectors
vectors:

/* A vector that nobody expects: say which, and die in C. */
	.macro	unexpected offset, number
	.org	vectors+\offset
	mov	r29=b0
	mov	r31=pr
	mov	r19=\number
	br.cond.sptk.many dispatch_unexpected
	.endm

/* The frame is saved; turn interruption collection on and call C with r8, r9 and the frame. */
	.macro	hand_over handler
	ssm	psr.ic
	;;
	srlz.i
	;;
(p_user) ssm	psr.i			// a fault in the kernel leaves interrupts as they were
	SAVE_REST
	alloc	r14=ar.pfs,0,0,3,0
	mov	out0=r8
	mov	out1=r9
	adds	out2=16,r12
	;;
	br.call.sptk.many b0=\handler ;;	// it comes back to the next bundle
	br.cond.sptk.many leave_kernel
	;;
	.endm

/*
 * 0x0000: the walker found no translation for the entry it wanted to read. Walk the directory by physical addresses and
 * insert both: the page, and the page of the table that holds its entry.
 */
	.org	vectors+0x0000
vhpt_miss:
	mov	r16=cr.ifa		// the address that missed
	mov	r29=b0
	mov	r31=pr
	mov	r19=KR_PGDIR
	;;
	rsm	psr.dt			// page tables are physical
	extr.u	r17=r16,25,11
	extr.u	r18=r16,PAGE_SHIFT,11
	;;
	srlz.d
	shladd	r17=r17,3,r19
	;;
	ld8	r20=[r17]		// the page table, 0 if there is none
	mov	r21=cr.iha		// where the walker looked
	mov	r22=cr.isr
	;;
	cmp.eq	p6,p7=r20,r0
	shladd	r18=r18,3,r20
	;;
(p7)	ld8	r23=[r18]		// the page
	;;
(p7)	tbit.z	p6,p7=r23,PAGE_PRESENT
(p6)	br.cond.spnt.many page_fault_physical
	;;
	tbit.nz	p8,p9=r22,ISR_X		// an instruction fetch?
	;;
(p8)	itc.i	r23
	;;
(p9)	itc.d	r23
	;;
	mov	cr.ifa=r21
	movl	r24=PAGE_KERNEL
	mov	r25=PAGE_SHIFT<<2
	;;
	mov	cr.itir=r25
	or	r24=r24,r20		// the table's own page
	;;
	itc.d	r24
	;;
#ifdef CONFIG_SMP
	// Another processor may have purged the page after our load and before our insert: then its purge missed us.
	.serialize.data			// the inserts do not touch this load: psr.dt is off
	ld8	r26=[r18]
	;;
	cmp.ne	p6,p0=r26,r23
	;;
(p6)	ptc.l	r16,r25
	;;
#endif
	mov	b0=r29
	mov	pr=r31,-1
	rfi
	;;

/* 0x0400: an instruction page is not in the TLB, and the walker does not look it up. */
	.org	vectors+0x0400
itlb_miss:
	mov	r16=cr.ifa
	mov	r29=b0
	mov	r31=pr
	;;
	thash	r17=r16			// its entry in the linear page table
	movl	r30=1f			// nested_dtlb_miss goes back there
	;;
1:	ld8	r18=[r17]		// may miss itself
	;;
	tbit.z	p6,p0=r18,PAGE_PRESENT
(p6)	br.cond.spnt.many page_fault_physical
	;;
	itc.i	r18
	;;
	mov	b0=r29
	mov	pr=r31,-1
	rfi
	;;

/* 0x0800: the same for data. */
	.org	vectors+0x0800
dtlb_miss:
	mov	r16=cr.ifa
	mov	r29=b0
	mov	r31=pr
	;;
	thash	r17=r16
	movl	r30=1f
	;;
1:	ld8	r18=[r17]
	;;
	tbit.z	p6,p0=r18,PAGE_PRESENT
(p6)	br.cond.spnt.many page_fault_physical
	;;
	itc.d	r18
	;;
#ifdef CONFIG_SMP
	.serialize.data			// r17 is either physical by now or still mapped
	ld8	r19=[r17]
	mov	r20=PAGE_SHIFT<<2
	;;
	cmp.ne	p7,p0=r18,r19
	;;
(p7)	ptc.l	r16,r20
	;;
#endif
	mov	b0=r29
	mov	pr=r31,-1
	rfi
	;;

/* 0x1000: region 7. A speculative load there is deferred, not mapped: it may be a wild one. */
	.org	vectors+0x1000
alt_dtlb_miss:
	mov	r16=cr.ifa
	mov	r20=cr.isr
	mov	r21=cr.ipsr
	mov	r29=b0
	mov	r31=pr
	;;
	extr.u	r22=r21,PSR_CPL,2
	shr.u	r18=r16,61
	movl	r17=PAGE_KERNEL
	;;
	cmp.ne	p6,p7=7,r18
	;;
(p7)	cmp.ne	p6,p7=r22,r0		// user code has no business there
	dep	r19=0,r16,0,PAGE_SHIFT
(p6)	br.cond.spnt.many page_fault
	;;
	tbit.nz	p8,p9=r20,ISR_SP
	dep	r19=0,r19,61,3
	mov	r23=GRANULE_SHIFT<<2
	;;
(p8)	dep	r21=-1,r21,PSR_ED,1
(p9)	or	r19=r19,r17
	;;
(p8)	mov	cr.ipsr=r21
(p9)	mov	cr.itir=r23
	;;
(p9)	itc.d	r19
	;;
	mov	b0=r29
	mov	pr=r31,-1
	rfi
	;;

/*
 * 0x1400: our own load of a page table entry missed. Find the entry by physical addresses and go back with its address.
 *	in: r16 = address to look up, r30 = where to go on; out: r17 = physical address of the entry; psr.dt off
 *	destroys r18, r19, b0, p6, p7. psr.ic is off: cr.ifa and its like are still those of the first miss.
 */
	.org	vectors+0x1400
nested_dtlb_miss:
	rsm	psr.dt
	mov	r19=KR_PGDIR
	extr.u	r17=r16,25,11
	extr.u	r18=r16,PAGE_SHIFT,11
	;;
	srlz.d
	shladd	r17=r17,3,r19
	mov	b0=r30
	;;
	ld8	r19=[r17]
	;;
	cmp.eq	p6,p7=r19,r0
	shladd	r17=r18,3,r19
(p6)	br.cond.spnt.many page_fault_physical
	br.cond.sptk.many b0
	;;

/* 0x2000: the first write to a page. */
	.org	vectors+0x2000
dirty_bit:
	mov	r16=cr.ifa
	mov	r29=b0
	mov	r31=pr
	;;
	thash	r17=r16
	movl	r30=1f
	;;
1:	ld8	r18=[r17]
	;;
	dep	r19=-1,r18,PAGE_ACCESSED,2	// accessed and dirty
	;;
#ifdef CONFIG_SMP
	mov	r28=ar.ccv
	mov	ar.ccv=r18
	;;
	cmpxchg8.acq r20=[r17],r19,ar.ccv
	;;
	mov	ar.ccv=r28
	cmp.eq	p6,p0=r20,r18		// else the entry has changed: fault again and see
	;;
(p6)	itc.d	r19
#else
	st8	[r17]=r19
	itc.d	r19
#endif
	;;
	mov	b0=r29
	mov	pr=r31,-1
	rfi
	;;

/* 0x2c00: break. 0x80000 is a system call, number and arguments in r15 and r8-r11; the rest is the debugger's. */
	.org	vectors+0x2c00
break_fault:
	mov	r29=b0
	mov	r31=pr
	mov	r19=cr.iim
	mov	r18=0x80000
	;;
	cmp.eq	p6,p0=r18,r19
(p6)	br.cond.sptk.many dispatch_system_call
	br.cond.spnt.many dispatch_break
	;;

/* 0x3000: external interrupt. */
	.org	vectors+0x3000
external_interrupt:
	mov	r29=b0
	mov	r31=pr
	br.cond.sptk.many dispatch_interrupt
	;;

	unexpected 0x3400, 13

/* 0x5000: a page that is there but not present; its bundle is spelled out because a debugger patches it. */
	.org	vectors+0x5000
page_not_present:
{ .mii
	mov	r19=cr.ifa
	mov	r29=b0
	mov	r31=pr
}
{ .mbb
	nop.m	0
	br.cond.sptk.many dispatch_not_present
	nop.b	0
}

	unexpected 0x5400, 24
	unexpected 0x5500, 25
	unexpected 0x5a00, 30

	.org	vectors+0x8000		// the table ends; from here on there is room

page_fault_physical:
	ssm	psr.dt			// on where it was on already
	;;
	srlz.d
	;;
page_fault:
	SAVE_FRAME(mov r8=cr.ifa; mov r9=cr.isr)
	hand_over do_page_fault

dispatch_not_present:
	SAVE_FRAME(mov r8=r19; mov r9=cr.isr)
	hand_over do_page_fault

dispatch_system_call:
	SAVE_FRAME()
	hand_over do_system_call

dispatch_break:
	SAVE_FRAME(mov r8=r19)
	hand_over do_break

dispatch_unexpected:
	SAVE_FRAME(mov r8=r19; mov r9=cr.isr)
	hand_over do_unexpected

dispatch_interrupt:
	SAVE_FRAME()
	ssm	psr.ic
	;;
	srlz.i
	;;
	SAVE_REST
	alloc	r14=ar.pfs,0,0,2,0
	mov	out0=cr.ivr		// which one; it masks itself and all below
	adds	out1=16,r12
	;;
	srlz.d
	br.call.sptk.many b0=do_interrupt
	;;
	mov	cr.eoi=r0		// and unmasks them
	;;
	srlz.d
	br.cond.sptk.many leave_kernel
	;;
