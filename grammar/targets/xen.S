/*
 * Target `xen`: paravirtualized Xen/ia64, the ABI of Xen 4.1.
 *
 * The guest kernel runs at privilege level 1 (CONFIG_CPL0_EMUL of Xen 4.1.2; 2 without). Xen keeps most of the guest's interruption registers in a page that is pinned
 * at a fixed address (struct mapped_regs), so that they are read and written with plain loads and stores; the rest is asked
 * for with a `break` whose number names a hyperprivop. A hyperprivop takes and returns r8-r11.
 *
 * How to read and write a target file: docs/targets.md. Operands and their names: grammar/operations.tsv.
 *
 * Rules of these bodies:
 * - The shared page lies in the last MB of the address space: an address is a one-slot `mov r=imm22`, never a movl.
 * - A hyperprivop is a fault, and `rfi` comes back: it serializes data and instructions. The stop before a break is there
 *   because the break reads r8/r9 (a dependency as any other), the one behind it because it writes r8; a write behind a
 *   break that only reads the register needs none (write after read).
 * - `break.m` or `break.i`, never `break`: gas does not check the qualifying predicate of a break without a unit, and break.b
 *   loses its number. Among moves, which fit into any slot, a break.i packs better; behind a compare or a store a break.m.
 * - What a body saves it saves with `mov`, which carries the NaT bit along.
 * - An operation without a macro here, or a macro that ends without emitting anything, is left as it is in the source: it
 *   traps, if it is privileged, and Xen emulates it.
 *
 * What a guest can see besides, and no body can help: `mov r=cpuid[0]` answers "Xen/ia64"; behind a system call r29, the
 * copy of ipsr, lacks bn, and ar.pfs.ppl is 1. [X]
 *
 * What hypercalls do to registers: xen.tsv.
 * Sources: [X] Xen 4.1 xen/include/public/arch-ia64.h and xen/arch/ia64/xen (hyperprivop.S, vcpu.c);
 *          [L] Linux 3.12 arch/ia64 (the guest's side); [S] Intel SDM rev. 2.3.
 */

/* ---- Hyperprivop numbers: immediates of break [X] ---- */
HYPERPRIVOP_RFI       = 0x1	/* - : never comes back, iip/ipsr/ifs from the page */
HYPERPRIVOP_RSM_DT    = 0x2	/* - : virtual psr.dt=0 (metaphysical mode) */
HYPERPRIVOP_SSM_DT    = 0x3	/* - : virtual psr.dt=1 */
HYPERPRIVOP_COVER     = 0x4	/* - : result in XSI_IFS */
HYPERPRIVOP_ITC_D     = 0x5	/* r8=pte; XSI_ITIR, XSI_IFA */
HYPERPRIVOP_ITC_I     = 0x6	/* r8=pte; XSI_ITIR, XSI_IFA */
HYPERPRIVOP_SSM_I     = 0x7	/* - : delivers the pending event */
HYPERPRIVOP_GET_IVR   = 0x8	/* r8 out */
HYPERPRIVOP_GET_TPR   = 0x9	/* r8 out */
HYPERPRIVOP_SET_TPR   = 0xa	/* r8 */
HYPERPRIVOP_EOI       = 0xb	/* - */
HYPERPRIVOP_SET_ITM   = 0xc	/* r8, in time of the real ar.itc */
HYPERPRIVOP_THASH     = 0xd	/* r8=address; r8 out */
HYPERPRIVOP_PTC_GA    = 0xe	/* r8=address, r9=page size<<2 */
HYPERPRIVOP_ITR_D     = 0xf	/* r8=slot, r9=pte; XSI_ITIR, XSI_IFA */
HYPERPRIVOP_GET_RR    = 0x10	/* r8=address; r8 out */
HYPERPRIVOP_SET_RR    = 0x11	/* r8=address, r9=value */
HYPERPRIVOP_SET_KR    = 0x12	/* r8=number, r9=value; the fast path destroys r8 */
HYPERPRIVOP_FC        = 0x13	/* r8=address */
HYPERPRIVOP_GET_CPUID = 0x14	/* r8=index; r8 out */
HYPERPRIVOP_GET_PMD   = 0x15	/* r8=index; r8 out */
/*
 * Not used here: GET_EFLAG 0x16 and SET_EFLAG 0x17 (Xen 4.1.2 leaves the result undefined and ignores the write),
 * RSM_BE 0x18 (rum does it without a fault), SET_RR0_TO_RR4 0x1a (five moves with constant indices, C only)
 */
HYPERPRIVOP_GET_PSR   = 0x19	/* r8 out: psr{31:0}, mc, it, as `mov r=psr` [S] */

/* ---- The shared page: struct mapped_regs at XSI_BASE+0x4000 [X] ---- */
XSI_BASE       = 0xfffffffffff00000
XSI_BANK1_R16  = XSI_BASE + 0x4400	/* bank1_regs[16], 8 bytes each */
XSI_B1NATS     = XSI_BASE + 0x4500	/* vnat: their NaT bits, at the bits that st8.spill gives them in ar.unat */
XSI_DCR        = XSI_BASE + 0x4800
XSI_PTA        = XSI_BASE + 0x4840
XSI_IPSR       = XSI_BASE + 0x4880
XSI_ISR        = XSI_BASE + 0x4888
XSI_IIP        = XSI_BASE + 0x4898
XSI_IFA        = XSI_BASE + 0x48a0
XSI_ITIR       = XSI_BASE + 0x48a8
XSI_IIPA       = XSI_BASE + 0x48b0
XSI_IFS        = XSI_BASE + 0x48b8
XSI_IIM        = XSI_BASE + 0x48c0
XSI_IHA        = XSI_BASE + 0x48c8
XSI_ITV        = XSI_BASE + 0x4a40
XSI_PMV        = XSI_BASE + 0x4a48
XSI_CMCV       = XSI_BASE + 0x4a50
XSI_PSR_IC     = XSI_BASE + 0x4c10	/* interrupt_collection_enabled: 4 bytes, 0 or 1 */
XSI_PSR_I_ADDR = XSI_BASE + 0x4c18	/* interrupt_mask_addr: points to the mask byte; the pending byte is the one before it */
XSI_BANKNUM    = XSI_BASE + 0x4c4c	/* banknum: 4 bytes, 0 or 1 */
XSI_ITC_OFFSET = XSI_BASE + 0x4d50	/* what to add to ar.itc */
XSI_ITC_LAST   = XSI_BASE + 0x4d58	/* the last time that was read: time must go up */

/* ---- psr [S, vol. 2 table 3-2] ---- */
PSR_BE  = 1 << 1
PSR_AC  = 1 << 3
PSR_MFL = 1 << 4
PSR_MFH = 1 << 5
PSR_IC  = 1 << 13
PSR_I   = 1 << 14
PSR_DT  = 1 << 17
/* The user mask is the guest's own: sum and rum do it at any privilege level. Not psr.up, which psr.sp can block. */
PSR_USER    = PSR_BE | PSR_AC | PSR_MFL | PSR_MFH
PSR_PAGE    = PSR_IC | PSR_I
PSR_HANDLED = PSR_USER | PSR_PAGE | PSR_DT

/* ---- Checks ---- */

/* `reg` must have been given. */
.macro NEED reg, what
	.ifb \reg
	.error "needs a register for \what"
	.endif
.endm

/* Two arguments that must be different registers, if both were given. */
.macro DIFFER a, b
	.ifnb \a
	.ifc \a,\b
	.error "\a is given twice"
	.endif
	.endif
.endm

/* The scratch registers `s1`, `s2` and `s3` must differ from each other and from the operands `a` and `b`. */
.macro SCRATCH a, b, s1, s2, s3
	DIFFER \s1, \a
	DIFFER \s1, \b
	DIFFER \s1, \s2
	DIFFER \s1, \s3
	DIFFER \s2, \a
	DIFFER \s2, \b
	DIFFER \s2, \s3
	DIFFER \s3, \a
	DIFFER \s3, \b
.endm

/* ---- Interruption registers and others that live in the page as they are ---- */

.macro PAGE_READ pred, address, d
(\pred)	mov \d=\address
	;;
(\pred)	ld8 \d=[\d]
.endm

.macro PAGE_WRITE pred, address, s, s1
	NEED \s1, "the address"
	DIFFER \s1, \s
(\pred)	mov \s1=\address
	;;
(\pred)	st8 [\s1]=\s
.endm

.macro ASM_READ_IPSR pred, breg, d
	PAGE_READ \pred, XSI_IPSR, \d
.endm
.macro ASM_READ_ISR pred, breg, d
	PAGE_READ \pred, XSI_ISR, \d
.endm
.macro ASM_READ_IIP pred, breg, d
	PAGE_READ \pred, XSI_IIP, \d
.endm
.macro ASM_READ_IFA pred, breg, d
	PAGE_READ \pred, XSI_IFA, \d
.endm
.macro ASM_READ_ITIR pred, breg, d
	PAGE_READ \pred, XSI_ITIR, \d
.endm
.macro ASM_READ_IIPA pred, breg, d
	PAGE_READ \pred, XSI_IIPA, \d
.endm
/*
 * XSI_IFS, not XSI_PRECOVER_IFS: Xen's cover (hyperprivop and emulation alike) stores the frame it covered to XSI_IFS when
 * psr.ic=0, and its emulation of `mov r=cr.ifs` reads XSI_IFS. Linux's DO_SAVE_MIN reads XSI_PRECOVER_IFS, the frame at the
 * interruption, because it has to serve handlers that did not cover as well; after a cover the two are equal, and without
 * one cr.ifs is what the kernel asks for.
 */
.macro ASM_READ_IFS pred, breg, d
	PAGE_READ \pred, XSI_IFS, \d
.endm
.macro ASM_READ_IIM pred, breg, d
	PAGE_READ \pred, XSI_IIM, \d
.endm
.macro ASM_READ_IHA pred, breg, d
	PAGE_READ \pred, XSI_IHA, \d
.endm
.macro ASM_WRITE_IPSR pred, breg, s, s1
	PAGE_WRITE \pred, XSI_IPSR, \s, \s1
.endm
.macro ASM_WRITE_ISR pred, breg, s, s1
	PAGE_WRITE \pred, XSI_ISR, \s, \s1
.endm
.macro ASM_WRITE_IIP pred, breg, s, s1
	PAGE_WRITE \pred, XSI_IIP, \s, \s1
.endm
.macro ASM_WRITE_IFA pred, breg, s, s1
	PAGE_WRITE \pred, XSI_IFA, \s, \s1
.endm
.macro ASM_WRITE_ITIR pred, breg, s, s1
	PAGE_WRITE \pred, XSI_ITIR, \s, \s1
.endm
.macro ASM_WRITE_IIPA pred, breg, s, s1
	PAGE_WRITE \pred, XSI_IIPA, \s, \s1
.endm
.macro ASM_WRITE_IFS pred, breg, s, s1
	PAGE_WRITE \pred, XSI_IFS, \s, \s1
.endm
.macro ASM_WRITE_IIM pred, breg, s, s1
	PAGE_WRITE \pred, XSI_IIM, \s, \s1
.endm
.macro ASM_WRITE_IHA pred, breg, s, s1
	PAGE_WRITE \pred, XSI_IHA, \s, \s1
.endm

/*
 * Xen's emulation of these reads returns the field of the page and does nothing else (vcpu_get_dcr, _pta, _itv, _pmv, _cmcv),
 * and that of `mov cr.dcr=` only stores it (vcpu_set_dcr). The writes of the others are checked by Xen or have an effect
 * beyond the page, and cr.iva, cr.lid and cr.irr* are not kept in the page: no macro, they trap.
 */
.macro ASM_READ_DCR pred, breg, d
	PAGE_READ \pred, XSI_DCR, \d
.endm
.macro ASM_WRITE_DCR pred, breg, s, s1
	PAGE_WRITE \pred, XSI_DCR, \s, \s1
.endm
.macro ASM_READ_PTA pred, breg, d
	PAGE_READ \pred, XSI_PTA, \d
.endm
.macro ASM_READ_ITV pred, breg, d
	PAGE_READ \pred, XSI_ITV, \d
.endm
.macro ASM_READ_PMV pred, breg, d
	PAGE_READ \pred, XSI_PMV, \d
.endm
.macro ASM_READ_CMCV pred, breg, d
	PAGE_READ \pred, XSI_CMCV, \d
.endm

/* ---- Hyperprivops by the registers they take: r8 is saved in `s1`, unless it is itself `s1` (free) or the operand ---- */

/* d = hyperprivop() */
.macro HYPER_OUT pred, number, d, s1
	DIFFER \s1, \d
	.ifc \d,r8
(\pred)	break.i \number
	.exitm
	.endif
	NEED \s1, "r8"
	.ifc \s1,r8
(\pred)	break.i \number
	;;
(\pred)	mov \d=r8
	.exitm
	.endif
(\pred)	mov \s1=r8
(\pred)	break.i \number
	;;
(\pred)	mov \d=r8
(\pred)	mov r8=\s1
.endm

/* hyperprivop(s), which leaves r8 as it was */
.macro HYPER_IN pred, number, s, s1
	DIFFER \s1, \s
	.ifc \s,r8
(\pred)	break.i \number
	.exitm
	.endif
	NEED \s1, "r8"
	.ifnc \s1,r8
(\pred)	mov \s1=r8
	.endif
(\pred)	mov r8=\s
	;;
(\pred)	break.i \number
	.ifnc \s1,r8
(\pred)	mov r8=\s1
	.endif
.endm

/* d = hyperprivop(s) */
.macro HYPER_IN_OUT pred, number, d, s, s1
	SCRATCH \d, \s, \s1
	.ifc \d,r8
	.ifnc \s,r8
(\pred)	mov r8=\s
	;;
	.endif
(\pred)	break.i \number
	.exitm
	.endif
	NEED \s1, "r8"
	.ifnc \s1,r8
(\pred)	mov \s1=r8
	.endif
	.ifnc \s,r8
(\pred)	mov r8=\s
	;;
	.endif
(\pred)	break.i \number
	;;
(\pred)	mov \d=r8
	.ifnc \s1,r8
(\pred)	mov r8=\s1
	.endif
.endm

/*
 * hyperprivop(r8=a, r9=b), which leaves both as they were. `s1` saves r8 and `s2` saves r9, or they are these registers
 * themselves; given the other way round they are exchanged first. The operands may be r8 and r9 in any order: what reads
 * r8 or r9 stands before what writes it, and an exchange goes through the saved copies.
 */
.macro HYPER_IN2 pred, number, a, b, s1, s2
	SCRATCH \a, \b, \s1, \s2
	.ifc \s1,r9
	HYPER_IN2 \pred, \number, \a, \b, \s2, \s1
	.exitm
	.endif
	.ifc \s2,r8
	HYPER_IN2 \pred, \number, \a, \b, \s2, \s1
	.exitm
	.endif
	.ifc \a,r8
	.ifb \s2
	.ifnb \s1
	HYPER_IN2 \pred, \number, \a, \b, , \s1
	.exitm
	.endif
	.endif
	.endif
	SAVE \pred, r8, \a, \s1
	SAVE \pred, r9, \b, \s2
	.ifc \a/\b,r9/r8
	;;
	LOAD \pred, r8, \s2
	LOAD \pred, r9, \s1
	.else
	.ifc \a,r9
	LOAD \pred, r8, \a
	LOAD \pred, r9, \b
	.else
	LOAD \pred, r9, \b
	LOAD \pred, r8, \a
	.endif
	.endif
	.ifnc \a/\b,r8/r9
	;;
	.endif
(\pred)	break.i \number
	RESTORE \pred, r8, \a, \s1
	RESTORE \pred, r9, \b, \s2
.endm

/* Saves `reg` in `s`, unless it holds the operand `value` or is `s`. */
.macro SAVE pred, reg, value, s
	.ifnc \reg,\value
	NEED \s, "\reg"
	.ifnc \reg,\s
(\pred)	mov \s=\reg
	.endif
	.endif
.endm
.macro LOAD pred, reg, value
	.ifnc \reg,\value
(\pred)	mov \reg=\value
	.endif
.endm
.macro RESTORE pred, reg, value, s
	.ifnc \reg,\value
	.ifnc \reg,\s
(\pred)	mov \reg=\s
	.endif
	.endif
.endm

.macro ASM_READ_IVR pred, breg, d, s1
	HYPER_OUT \pred, HYPERPRIVOP_GET_IVR, \d, \s1
.endm
.macro ASM_READ_TPR pred, breg, d, s1
	HYPER_OUT \pred, HYPERPRIVOP_GET_TPR, \d, \s1
.endm
.macro ASM_WRITE_TPR pred, breg, s, s1
	HYPER_IN \pred, HYPERPRIVOP_SET_TPR, \s, \s1
.endm
.macro ASM_READ_EOI pred, breg, d
(\pred)	mov \d=r0
.endm
.macro ASM_WRITE_EOI pred, breg, s
(\pred)	break.m HYPERPRIVOP_EOI
.endm
.macro ASM_READ_PSR pred, breg, d, s1
	HYPER_OUT \pred, HYPERPRIVOP_GET_PSR, \d, \s1
.endm
.macro ASM_ITC_I pred, breg, s, s1
	HYPER_IN \pred, HYPERPRIVOP_ITC_I, \s, \s1
.endm
.macro ASM_ITC_D pred, breg, s, s1
	HYPER_IN \pred, HYPERPRIVOP_ITC_D, \s, \s1
.endm
/* Both breaks only read r8, which is loaded and restored once, whatever the predicates say. */
.macro ASM_ITC_I_AND_D pred, pred2, breg, s, s1
	DIFFER \s1, \s
	.ifnc \s,r8
	NEED \s1, "r8"
	.ifnc \s1,r8
	mov \s1=r8
	.endif
	mov r8=\s
	;;
	.endif
(\pred)	break.i HYPERPRIVOP_ITC_I
(\pred2)	break.i HYPERPRIVOP_ITC_D
	RESTORE p0, r8, \s, \s1
.endm
.macro ASM_ITR_D pred, breg, i, s, s1, s2
	HYPER_IN2 \pred, HYPERPRIVOP_ITR_D, \i, \s, \s1, \s2
.endm
.macro ASM_PTC_GA pred, breg, a, s, s1, s2
	HYPER_IN2 \pred, HYPERPRIVOP_PTC_GA, \a, \s, \s1, \s2
.endm
.macro ASM_READ_RR pred, breg, d, i, s1
	HYPER_IN_OUT \pred, HYPERPRIVOP_GET_RR, \d, \i, \s1
.endm
.macro ASM_WRITE_RR pred, breg, i, s, s1, s2
	HYPER_IN2 \pred, HYPERPRIVOP_SET_RR, \i, \s, \s1, \s2
.endm
.macro ASM_READ_PMD pred, breg, d, i, s1
	HYPER_IN_OUT \pred, HYPERPRIVOP_GET_PMD, \d, \i, \s1
.endm
.macro ASM_READ_CPUID pred, breg, d, i, s1
	HYPER_IN_OUT \pred, HYPERPRIVOP_GET_CPUID, \d, \i, \s1
.endm
.macro ASM_THASH pred, breg, d, s, s1
	HYPER_IN_OUT \pred, HYPERPRIVOP_THASH, \d, \s, \s1
.endm
.macro ASM_FC pred, breg, a, s1
	HYPER_IN \pred, HYPERPRIVOP_FC, \a, \s1
.endm
.macro ASM_FC_I pred, breg, a, s1
	HYPER_IN \pred, HYPERPRIVOP_FC, \a, \s1
.endm

/* Xen keeps the guest's kernel registers in the real ones: a read is the instruction itself. */
.macro ASM_READ_KR pred, breg, d, n
(\pred)	mov \d=ar.k\n
.endm
/* SET_KR destroys r8: a stop before it is restored, and restored even if it was the operand. */
.macro ASM_WRITE_KR pred, breg, n, s, s1, s2
	SCRATCH \s, , \s1, \s2
	.ifc \s1,r9
	ASM_WRITE_KR \pred, \breg, \n, \s, \s2, \s1
	.exitm
	.endif
	.ifc \s2,r8
	ASM_WRITE_KR \pred, \breg, \n, \s, \s2, \s1
	.exitm
	.endif
	SAVE \pred, r8, , \s1
	SAVE \pred, r9, \s, \s2
	LOAD \pred, r9, \s
(\pred)	mov r8=\n
	;;
(\pred)	break.i HYPERPRIVOP_SET_KR
	.ifnc \s1,r8
	;;
	RESTORE \pred, r8, , \s1
	.endif
	RESTORE \pred, r9, \s, \s2
.endm

/* ---- Time ---- */

/*
 * d = max(ar.itc + itc_offset, itc_last + 1); itc_last = d. Interrupts are off, as for every reader of this pair [L].
 * itc_last stands 8 bytes behind itc_offset. With a second scratch register one address serves both.
 */
.macro ASM_READ_ITC pred, breg, d, s1, s2, t1
	NEED \s1, "the address"
	NEED \t1, "the comparison"
	SCRATCH \d, , \s1, \s2
	DIFFER \t1, \pred
	.ifb \s2
(\pred)	mov \s1=XSI_ITC_OFFSET
(\pred)	mov \d=ar.itc
	;;
(\pred)	ld8 \s1=[\s1]
	;;
(\pred)	add \d=\d,\s1
(\pred)	mov \s1=XSI_ITC_LAST
	;;
(\pred)	ld8 \s1=[\s1]
	;;
(\pred)	cmp.geu.unc \t1,p0=\s1,\d
	;;
(\t1)	add \d=1,\s1
(\pred)	mov \s1=XSI_ITC_LAST
	;;
(\pred)	st8 [\s1]=\d
	.exitm
	.endif
(\pred)	mov \s1=XSI_ITC_OFFSET
(\pred)	mov \d=ar.itc
	;;
(\pred)	ld8 \s2=[\s1],XSI_ITC_LAST-XSI_ITC_OFFSET
	;;
(\pred)	add \d=\d,\s2
(\pred)	ld8 \s2=[\s1]
	;;
(\pred)	cmp.geu.unc \t1,p0=\s2,\d
	;;
(\t1)	add \d=1,\s2
	;;
(\pred)	st8 [\s1]=\d
.endm

/* The real ar.itc stays: itc_offset = s - ar.itc, itc_last = s. */
.macro ASM_WRITE_ITC pred, breg, s, s1, s2
	NEED \s1, "the address"
	NEED \s2, "the offset"
	SCRATCH \s, , \s1, \s2
(\pred)	mov \s1=XSI_ITC_OFFSET
(\pred)	mov \s2=ar.itc
	;;
(\pred)	sub \s2=\s,\s2
	;;
(\pred)	st8 [\s1]=\s2,XSI_ITC_LAST-XSI_ITC_OFFSET
	;;
(\pred)	st8 [\s1]=\s
.endm

/* Xen compares with the real ar.itc: r8 = s - itc_offset. cr.itm cannot be read (Xen emulates no read of it): no macro. */
.macro ASM_WRITE_ITM pred, breg, s, s1
	NEED \s1, "r8"
	DIFFER \s1, \s
	.ifnc \s1,r8
(\pred)	mov \s1=r8
	.endif
(\pred)	mov r8=XSI_ITC_OFFSET
	;;
(\pred)	ld8 r8=[r8]
	;;
	.ifc \s,r8
(\pred)	sub r8=\s1,r8
	.else
(\pred)	sub r8=\s,r8
	.endif
	;;
(\pred)	break.i HYPERPRIVOP_SET_ITM
	.ifnc \s1,r8
(\pred)	mov r8=\s1
	.endif
.endm

/* ---- psr ---- */

/*
 * The masks. psr.ic and psr.i are a word and a byte in memory; psr.dt is a hyperprivop; be, ac, mfl and mfh are the guest's
 * own user mask. All other bits (dfh, dfl, pk, pp, sp, up ...) have no counterpart: a mask of nothing else has no body and
 * traps, a mixed one leaves them to an instruction of their own, which traps. No bit is dropped.
 *
 * Order: psr.i goes off before psr.ic and on after it, since Xen delivers an event whenever psr.i allows it. `rum` comes
 * before the page is read and `sum` after it was written: with psr.be=1 the page would be read backwards. What traps comes
 * last: an access to memory behind a native ssm or rsm would need a srlz.d (psr.pk).
 *
 * `ssm psr.i` with psr.ic=0 is not what a kernel does: the processor takes no interrupt then, but SSM_I delivers one.
 */
.macro ASM_RSM_PSR pred, breg, mask, s1, s2, s3
	.if ((\mask) & PSR_HANDLED) == 0
	.exitm
	.endif
	SCRATCH , , \s1, \s2, \s3
	.if (\mask) & PSR_USER
(\pred)	rum (\mask) & PSR_USER
	.endif
	RSM_PAGE \pred, \mask, \s1, \s2, \s3
	.if (\mask) & PSR_DT
(\pred)	break.m HYPERPRIVOP_RSM_DT
	.endif
	.if (\mask) & ~PSR_HANDLED
(\pred)	rsm (\mask) & ~PSR_HANDLED
	.endif
.endm

.macro RSM_PAGE pred, mask, s1, s2, s3
	.if ((\mask) & PSR_PAGE) == PSR_IC
	NEED \s1, "the address"
(\pred)	mov \s1=XSI_PSR_IC
	;;
(\pred)	st4 [\s1]=r0
	.endif
	.if (\mask) & PSR_I
	NEED \s1, "the address"
	NEED \s2, "the mask byte"
(\pred)	mov \s1=XSI_PSR_I_ADDR
(\pred)	mov \s2=1
	;;
	.if ((\mask) & PSR_IC) == 0
(\pred)	ld8 \s1=[\s1]
	;;
(\pred)	st1 [\s1]=\s2
	.exitm
	.endif
	.ifb \s3
(\pred)	ld8 \s1=[\s1]
	;;
(\pred)	st1 [\s1]=\s2
(\pred)	mov \s1=XSI_PSR_IC
	;;
(\pred)	st4 [\s1]=r0
	.else
(\pred)	ld8 \s3=[\s1],XSI_PSR_IC-XSI_PSR_I_ADDR
	;;
(\pred)	st1 [\s3]=\s2
(\pred)	st4 [\s1]=r0
	.endif
	.endif
.endm

.macro ASM_SSM_PSR pred, breg, mask, s1, s2, t1
	.if ((\mask) & PSR_HANDLED) == 0
	.exitm
	.endif
	SCRATCH , , \s1, \s2
	.if (\mask) & PSR_DT
(\pred)	break.m HYPERPRIVOP_SSM_DT
	.endif
	SSM_PAGE \pred, \mask, \s1, \s2, \t1
	.if (\mask) & ~PSR_HANDLED
(\pred)	ssm (\mask) & ~PSR_HANDLED
	.endif
.endm

.macro SSM_PAGE pred, mask, s1, s2, t1
	.if ((\mask) & PSR_PAGE) == 0
	SET_USER \pred, ((\mask) & PSR_USER)
	.exitm
	.endif
	NEED \s1, "the address"
	.if (\mask) & PSR_IC
	NEED \s2, "the value"
(\pred)	mov \s1=XSI_PSR_IC
(\pred)	mov \s2=1
	;;
	.if ((\mask) & PSR_I) == 0
(\pred)	st4 [\s1]=\s2
	SET_USER \pred, ((\mask) & PSR_USER)
	.exitm
	.endif
(\pred)	st4 [\s1]=\s2,XSI_PSR_I_ADDR-XSI_PSR_IC
	.else
(\pred)	mov \s1=XSI_PSR_I_ADDR
	.endif
	;;
	UNMASK \pred, \s1, \t1, ((\mask) & PSR_USER)
.endm

.macro SET_USER pred, bits
	.if \bits
(\pred)	sum \bits
	.endif
.endm

/*
 * psr.i=1: clears the mask byte that the pointer at [s1] points to, and delivers the event that may have become pending.
 * `bits` of the user mask are set as well, behind the last access to the page that is wider than a byte.
 */
.macro UNMASK pred, s1, t1, bits=0
	NEED \t1, "the comparison"
	DIFFER \t1, \pred
(\pred)	ld8 \s1=[\s1]
	;;
(\pred)	st1 [\s1]=r0,-1
	SET_USER \pred, \bits
	;;
(\pred)	ld1 \s1=[\s1]
	;;
(\pred)	cmp.ne.unc \t1,p0=\s1,r0
	;;
(\t1)	break.m HYPERPRIVOP_SSM_I
.endm

/*
 * Nothing that replaces ssm and rsm needs a srlz: memory, a fault, or the user mask. What is left of them comes back from its
 * trap serialized; only gas must be told.
 */
.macro SERIALIZED mask, what
	.if (\mask) & PSR_HANDLED
	.if (\mask) & ~PSR_HANDLED
	.serialize.\what
	.endif
	.endif
.endm

.macro ASM_SSM_PSR_SRLZ_D breg, mask, s1, s2, t1
	ASM_SSM_PSR p0, \breg, \mask, \s1, \s2, \t1
	SERIALIZED \mask, data
.endm
.macro ASM_SSM_PSR_SRLZ_I breg, mask, s1, s2, t1
	ASM_SSM_PSR p0, \breg, \mask, \s1, \s2, \t1
	SERIALIZED \mask, instruction
.endm
.macro ASM_RSM_PSR_SRLZ_D breg, mask, s1, s2, s3
	ASM_RSM_PSR p0, \breg, \mask, \s1, \s2, \s3
	SERIALIZED \mask, data
.endm

/* ---- Banks, frames, return ---- */

/* Registers of the banks are no scratch registers for a bank switch. */
.macro NOT_BANKED reg
	.irp number, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	.ifc \reg,r\number
	.error "\reg belongs to the banks that are switched"
	.endif
	.endr
.endm

/*
 * Xen gives the guest one real bank and room for the other in the page. bsw.0 puts bank 1 there, with its NaT bits (that is
 * what rfi and an interruption expect) and says that bank 0 is the current one. What is in r16-r31 then is nobody's: the old
 * values of bank 0 were lost at bsw.1, and pvasm only takes this body where it proves that nobody reads them.
 */
.macro ASM_BSW_0 breg, s1, s2, s3
	NEED \s1, "the even addresses"
	NEED \s2, "the odd addresses"
	NEED \s3, "ar.unat"
	SCRATCH , , \s1, \s2, \s3
	NOT_BANKED \s1
	NOT_BANKED \s2
	NOT_BANKED \s3
	mov \s1=XSI_BANK1_R16
	mov \s2=XSI_BANK1_R16+8
	mov \s3=ar.unat
	;;
	SPILL2 16, r16, r17, \s1, \s2
	SPILL2 16, r18, r19, \s1, \s2
	SPILL2 16, r20, r21, \s1, \s2
	SPILL2 16, r22, r23, \s1, \s2
	SPILL2 16, r24, r25, \s1, \s2
	SPILL2 16, r26, r27, \s1, \s2
	SPILL2 16, r28, r29, \s1, \s2
	.mem.offset 0,0
	st8.spill [\s1]=r30,XSI_B1NATS-XSI_BANK1_R16-14*8
	.mem.offset 8,0
	st8.spill [\s2]=r31
	mov \s2=XSI_BANKNUM
	;;
	mov r16=ar.unat
	;;
	st8 [\s1]=r16
	st4 [\s2]=r0
	mov ar.unat=\s3
.endm

.macro SPILL2 step, even, odd, s1, s2
	.mem.offset 0,0
	st8.spill [\s1]=\even,\step
	.mem.offset 8,0
	st8.spill [\s2]=\odd,\step
	;;
.endm

/*
 * bsw.1: the way back. Bank 0 is not kept, so its registers are the addresses; pvasm only takes this body where nobody reads
 * bank 0 again before it is written. ar.unat, which ld8.fill reads, is restored.
 */
.macro ASM_BSW_1 breg, s1
	NEED \s1, "ar.unat"
	NOT_BANKED \s1
	mov \s1=ar.unat
	mov r28=1
	mov r29=XSI_BANKNUM
	mov r30=XSI_B1NATS
	;;
	ld8 r27=[r30],XSI_BANK1_R16-XSI_B1NATS
	st4 [r29]=r28
	mov r31=XSI_BANK1_R16+8
	;;
	mov ar.unat=r27
	;;
	ld8.fill r16=[r30],16
	ld8.fill r17=[r31],16
	;;
	ld8.fill r18=[r30],16
	ld8.fill r19=[r31],16
	;;
	ld8.fill r20=[r30],16
	ld8.fill r21=[r31],16
	;;
	ld8.fill r22=[r30],16
	ld8.fill r23=[r31],16
	;;
	ld8.fill r24=[r30],16
	ld8.fill r25=[r31],16
	;;
	ld8.fill r26=[r30],16
	ld8.fill r27=[r31],16
	;;
	ld8.fill r28=[r30],16
	ld8.fill r29=[r31],16
	;;
	ld8.fill r30=[r30]
	ld8.fill r31=[r31]
	mov ar.unat=\s1
.endm

.macro ASM_COVER breg
	break.m HYPERPRIVOP_COVER
.endm

/* The directive tells gas that what stands behind does not follow: the break does not come back. */
.macro ASM_RFI breg
	break.m HYPERPRIVOP_RFI
	.serialize.data
.endm
