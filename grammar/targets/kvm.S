/*
 * Target `kvm`: a proposal. KVM on ia64 never had an interface for assembly: its guests trapped. This is one that could have been,
 * of the kind that Xen's was, without what made trouble there:
 *
 * - A page that is pinned at a fixed address (KVM_PAGE) holds the guest's interruption registers, psr.i and psr.ic, each in a place
 *   of its own; it is read and written with plain loads and stores. All words are little-endian, of 8 bytes but for banknum.
 * - The rest is asked for with a `break` (0x4b00 and up): arguments in r8 and r9, the result in r8. No other register changes, and
 *   each call works from any slot of a bundle, in any state of psr: psr.dt may be 0, and kernel registers are set without a loss.
 * - The host delivers an interrupt when psr.i is 1 and it gets control. Who sets psr.i reads PENDING behind it, and calls DELIVER.
 *
 * What is promised of registers and memory is in kvm.tsv and kvm.contract.tsv, and `pvasm verify -t kvm` executes these bodies by it.
 * No host implements it yet. Rules of these bodies: those of xen.S.
 *
 * How to read and write a target file: docs/targets.md. Operands and their names: grammar/operations.tsv.
 * Sources: the proposal is ours; [S] Intel SDM rev. 2.3.
 */

/* ---- Hypercalls: immediates of break ---- */
KVM_RFI = 0x4b01
KVM_RSM_DT = 0x4b02
KVM_SSM_DT = 0x4b03
KVM_COVER = 0x4b04
KVM_ITC_D = 0x4b05
KVM_ITC_I = 0x4b06
KVM_DELIVER = 0x4b07
KVM_GET_IVR = 0x4b08
KVM_GET_TPR = 0x4b09
KVM_SET_TPR = 0x4b0a
KVM_EOI = 0x4b0b
KVM_SET_ITM = 0x4b0c
KVM_THASH = 0x4b0d
KVM_PTC_GA = 0x4b0e
KVM_ITR_D = 0x4b0f
KVM_GET_RR = 0x4b10
KVM_SET_RR = 0x4b11
KVM_SET_KR = 0x4b12
KVM_FC = 0x4b13
KVM_GET_CPUID = 0x4b14
KVM_GET_PMD = 0x4b15
KVM_GET_PSR = 0x4b19

/* ---- The page ---- */
KVM_PAGE = 0xfffffffffffe0000
KVM_PSR_I = KVM_PAGE + 0x0	/* 1: interrupts are taken */
KVM_PSR_IC = KVM_PAGE + 0x8	/* 1: interruptions are collected */
KVM_PENDING = KVM_PAGE + 0x10	/* not 0: an interrupt waits for psr.i; the host writes it */
KVM_BANKNUM = KVM_PAGE + 0x18	/* the current bank */
KVM_ITC_OFFSET = KVM_PAGE + 0x20	/* what to add to ar.itc */
KVM_ITC_LAST = KVM_PAGE + 0x28	/* the last time that was read: time must go up */
KVM_DCR = KVM_PAGE + 0x40
KVM_PTA = KVM_PAGE + 0x48
KVM_IPSR = KVM_PAGE + 0x50
KVM_ISR = KVM_PAGE + 0x58
KVM_IIP = KVM_PAGE + 0x60
KVM_IFA = KVM_PAGE + 0x68
KVM_ITIR = KVM_PAGE + 0x70
KVM_IIPA = KVM_PAGE + 0x78
KVM_IFS = KVM_PAGE + 0x80
KVM_IIM = KVM_PAGE + 0x88
KVM_IHA = KVM_PAGE + 0x90
KVM_ITV = KVM_PAGE + 0xa0
KVM_PMV = KVM_PAGE + 0xa8
KVM_CMCV = KVM_PAGE + 0xb0
KVM_BANK1_R16 = KVM_PAGE + 0x100	/* r16-r31 of bank 1 while bank 0 is the current one */
KVM_B1NATS = KVM_PAGE + 0x180	/* their NaT bits, at the bits that st8.spill gives them in ar.unat */

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
	PAGE_READ \pred, KVM_IPSR, \d
.endm
.macro ASM_READ_ISR pred, breg, d
	PAGE_READ \pred, KVM_ISR, \d
.endm
.macro ASM_READ_IIP pred, breg, d
	PAGE_READ \pred, KVM_IIP, \d
.endm
.macro ASM_READ_IFA pred, breg, d
	PAGE_READ \pred, KVM_IFA, \d
.endm
.macro ASM_READ_ITIR pred, breg, d
	PAGE_READ \pred, KVM_ITIR, \d
.endm
.macro ASM_READ_IIPA pred, breg, d
	PAGE_READ \pred, KVM_IIPA, \d
.endm
/* cover stores the frame that it covered there while psr.ic is 0, as the processor does. */
.macro ASM_READ_IFS pred, breg, d
	PAGE_READ \pred, KVM_IFS, \d
.endm
.macro ASM_READ_IIM pred, breg, d
	PAGE_READ \pred, KVM_IIM, \d
.endm
.macro ASM_READ_IHA pred, breg, d
	PAGE_READ \pred, KVM_IHA, \d
.endm
.macro ASM_WRITE_IPSR pred, breg, s, s1
	PAGE_WRITE \pred, KVM_IPSR, \s, \s1
.endm
.macro ASM_WRITE_ISR pred, breg, s, s1
	PAGE_WRITE \pred, KVM_ISR, \s, \s1
.endm
.macro ASM_WRITE_IIP pred, breg, s, s1
	PAGE_WRITE \pred, KVM_IIP, \s, \s1
.endm
.macro ASM_WRITE_IFA pred, breg, s, s1
	PAGE_WRITE \pred, KVM_IFA, \s, \s1
.endm
.macro ASM_WRITE_ITIR pred, breg, s, s1
	PAGE_WRITE \pred, KVM_ITIR, \s, \s1
.endm
.macro ASM_WRITE_IIPA pred, breg, s, s1
	PAGE_WRITE \pred, KVM_IIPA, \s, \s1
.endm
.macro ASM_WRITE_IFS pred, breg, s, s1
	PAGE_WRITE \pred, KVM_IFS, \s, \s1
.endm
.macro ASM_WRITE_IIM pred, breg, s, s1
	PAGE_WRITE \pred, KVM_IIM, \s, \s1
.endm
.macro ASM_WRITE_IHA pred, breg, s, s1
	PAGE_WRITE \pred, KVM_IHA, \s, \s1
.endm

/* Values that the host only keeps. The writes of the others have an effect, and cr.iva, cr.lid and cr.irr* are not in the page: they trap. */
.macro ASM_READ_DCR pred, breg, d
	PAGE_READ \pred, KVM_DCR, \d
.endm
.macro ASM_WRITE_DCR pred, breg, s, s1
	PAGE_WRITE \pred, KVM_DCR, \s, \s1
.endm
.macro ASM_READ_PTA pred, breg, d
	PAGE_READ \pred, KVM_PTA, \d
.endm
.macro ASM_READ_ITV pred, breg, d
	PAGE_READ \pred, KVM_ITV, \d
.endm
.macro ASM_READ_PMV pred, breg, d
	PAGE_READ \pred, KVM_PMV, \d
.endm
.macro ASM_READ_CMCV pred, breg, d
	PAGE_READ \pred, KVM_CMCV, \d
.endm

/* ---- Hypercalls by the registers they take: r8 is saved in `s1`, unless it is itself `s1` (free) or the operand ---- */

/* d = hypercall() */
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

/* hypercall(s), which leaves r8 as it was */
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

/* d = hypercall(s) */
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
 * hypercall(r8=a, r9=b), which leaves both as they were. `s1` saves r8 and `s2` saves r9, or they are these registers
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
	HYPER_OUT \pred, KVM_GET_IVR, \d, \s1
.endm
.macro ASM_READ_TPR pred, breg, d, s1
	HYPER_OUT \pred, KVM_GET_TPR, \d, \s1
.endm
.macro ASM_WRITE_TPR pred, breg, s, s1
	HYPER_IN \pred, KVM_SET_TPR, \s, \s1
.endm
.macro ASM_READ_EOI pred, breg, d
(\pred)	mov \d=r0
.endm
.macro ASM_WRITE_EOI pred, breg, s
(\pred)	break.m KVM_EOI
.endm
.macro ASM_READ_PSR pred, breg, d, s1
	HYPER_OUT \pred, KVM_GET_PSR, \d, \s1
.endm
.macro ASM_ITC_I pred, breg, s, s1
	HYPER_IN \pred, KVM_ITC_I, \s, \s1
.endm
.macro ASM_ITC_D pred, breg, s, s1
	HYPER_IN \pred, KVM_ITC_D, \s, \s1
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
(\pred)	break.i KVM_ITC_I
(\pred2)	break.i KVM_ITC_D
	RESTORE p0, r8, \s, \s1
.endm
.macro ASM_ITR_D pred, breg, i, s, s1, s2
	HYPER_IN2 \pred, KVM_ITR_D, \i, \s, \s1, \s2
.endm
.macro ASM_PTC_GA pred, breg, a, s, s1, s2
	HYPER_IN2 \pred, KVM_PTC_GA, \a, \s, \s1, \s2
.endm
.macro ASM_READ_RR pred, breg, d, i, s1
	HYPER_IN_OUT \pred, KVM_GET_RR, \d, \i, \s1
.endm
.macro ASM_WRITE_RR pred, breg, i, s, s1, s2
	HYPER_IN2 \pred, KVM_SET_RR, \i, \s, \s1, \s2
.endm
.macro ASM_READ_PMD pred, breg, d, i, s1
	HYPER_IN_OUT \pred, KVM_GET_PMD, \d, \i, \s1
.endm
.macro ASM_READ_CPUID pred, breg, d, i, s1
	HYPER_IN_OUT \pred, KVM_GET_CPUID, \d, \i, \s1
.endm
.macro ASM_THASH pred, breg, d, s, s1
	HYPER_IN_OUT \pred, KVM_THASH, \d, \s, \s1
.endm
.macro ASM_FC pred, breg, a, s1
	HYPER_IN \pred, KVM_FC, \a, \s1
.endm
.macro ASM_FC_I pred, breg, a, s1
	HYPER_IN \pred, KVM_FC, \a, \s1
.endm

/* The kernel registers are the real ones: a read is the instruction itself. */
.macro ASM_READ_KR pred, breg, d, n
(\pred)	mov \d=ar.k\n
.endm
/* The number goes to r8, whatever the operand is; r8 is restored even if it was the operand. */
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
(\pred)	break.i KVM_SET_KR
	.ifnc \s1,r8
	;;
	RESTORE \pred, r8, , \s1
	.endif
	RESTORE \pred, r9, \s, \s2
.endm

/* ---- Time ---- */

/*
 * d = max(ar.itc + itc_offset, itc_last + 1); itc_last = d. Interrupts are off, as for every reader of this pair.
 * itc_last stands 8 bytes behind itc_offset. With a second scratch register one address serves both.
 */
.macro ASM_READ_ITC pred, breg, d, s1, s2, t1
	NEED \s1, "the address"
	NEED \t1, "the comparison"
	SCRATCH \d, , \s1, \s2
	DIFFER \t1, \pred
	.ifb \s2
(\pred)	mov \s1=KVM_ITC_OFFSET
(\pred)	mov \d=ar.itc
	;;
(\pred)	ld8 \s1=[\s1]
	;;
(\pred)	add \d=\d,\s1
(\pred)	mov \s1=KVM_ITC_LAST
	;;
(\pred)	ld8 \s1=[\s1]
	;;
(\pred)	cmp.geu.unc \t1,p0=\s1,\d
	;;
(\t1)	add \d=1,\s1
(\pred)	mov \s1=KVM_ITC_LAST
	;;
(\pred)	st8 [\s1]=\d
	.exitm
	.endif
(\pred)	mov \s1=KVM_ITC_OFFSET
(\pred)	mov \d=ar.itc
	;;
(\pred)	ld8 \s2=[\s1],KVM_ITC_LAST-KVM_ITC_OFFSET
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
(\pred)	mov \s1=KVM_ITC_OFFSET
(\pred)	mov \s2=ar.itc
	;;
(\pred)	sub \s2=\s,\s2
	;;
(\pred)	st8 [\s1]=\s2,KVM_ITC_LAST-KVM_ITC_OFFSET
	;;
(\pred)	st8 [\s1]=\s
.endm

/* The host compares with the real ar.itc: r8 = s - offset. cr.itm cannot be read: no macro. */
.macro ASM_WRITE_ITM pred, breg, s, s1
	NEED \s1, "r8"
	DIFFER \s1, \s
	.ifnc \s1,r8
(\pred)	mov \s1=r8
	.endif
(\pred)	mov r8=KVM_ITC_OFFSET
	;;
(\pred)	ld8 r8=[r8]
	;;
	.ifc \s,r8
(\pred)	sub r8=\s1,r8
	.else
(\pred)	sub r8=\s,r8
	.endif
	;;
(\pred)	break.i KVM_SET_ITM
	.ifnc \s1,r8
(\pred)	mov r8=\s1
	.endif
.endm

/* ---- psr ---- */

/*
 * The masks. psr.ic and psr.i are words in memory; psr.dt is a hypercall; be, ac, mfl and mfh are the guest's own user mask. All
 * other bits have no counterpart: a mask of nothing else has no body and traps, a mixed one leaves them to an instruction of their
 * own, which traps. No bit is dropped. Order: psr.i goes off before psr.ic and on after it. `rum` comes before the page is read and
 * `sum` after it was written: with psr.be=1 the page would be read backwards. What traps comes last.
 */
.macro ASM_RSM_PSR pred, breg, mask, s1
	.if ((\mask) & PSR_HANDLED) == 0
	.exitm
	.endif
	.if (\mask) & PSR_USER
(\pred)	rum (\mask) & PSR_USER
	.endif
	RSM_PAGE \pred, \mask, \s1
	.if (\mask) & PSR_DT
(\pred)	break.m KVM_RSM_DT
	.endif
	.if (\mask) & ~PSR_HANDLED
(\pred)	rsm (\mask) & ~PSR_HANDLED
	.endif
.endm

.macro RSM_PAGE pred, mask, s1
	.if (\mask) & PSR_PAGE
	NEED \s1, "the address"
	.if (\mask) & PSR_I
(\pred)	mov \s1=KVM_PSR_I
	;;
	.if (\mask) & PSR_IC
(\pred)	st8 [\s1]=r0,KVM_PSR_IC-KVM_PSR_I
	;;
(\pred)	st8 [\s1]=r0
	.else
(\pred)	st8 [\s1]=r0
	.endif
	.else
(\pred)	mov \s1=KVM_PSR_IC
	;;
(\pred)	st8 [\s1]=r0
	.endif
	.endif
.endm

.macro ASM_SSM_PSR pred, breg, mask, s1, s2, t1
	.if ((\mask) & PSR_HANDLED) == 0
	.exitm
	.endif
	DIFFER \s1, \s2
	.if (\mask) & PSR_DT
(\pred)	break.m KVM_SSM_DT
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
	NEED \s2, "the value"
	.if (\mask) & PSR_IC
(\pred)	mov \s1=KVM_PSR_IC
(\pred)	mov \s2=1
	;;
	.if ((\mask) & PSR_I) == 0
(\pred)	st8 [\s1]=\s2
	SET_USER \pred, ((\mask) & PSR_USER)
	.exitm
	.endif
(\pred)	st8 [\s1]=\s2,KVM_PSR_I-KVM_PSR_IC
	.else
(\pred)	mov \s1=KVM_PSR_I
(\pred)	mov \s2=1
	.endif
	;;
	NEED \t1, "the comparison"
	DIFFER \t1, \pred
(\pred)	st8 [\s1]=\s2,KVM_PENDING-KVM_PSR_I
	;;
(\pred)	ld8 \s1=[\s1]
	SET_USER \pred, ((\mask) & PSR_USER)
	;;
(\pred)	cmp.ne.unc \t1,p0=\s1,r0
	;;
(\t1)	break.m KVM_DELIVER
.endm

.macro SET_USER pred, bits
	.if \bits
(\pred)	sum \bits
	.endif
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
.macro ASM_RSM_PSR_SRLZ_D breg, mask, s1
	ASM_RSM_PSR p0, \breg, \mask, \s1
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
 * The guest has one real bank and room for the other in the page. bsw.0 puts bank 1 there, with its NaT bits (that is
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
	mov \s1=KVM_BANK1_R16
	mov \s2=KVM_BANK1_R16+8
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
	st8.spill [\s1]=r30,KVM_B1NATS-KVM_BANK1_R16-14*8
	.mem.offset 8,0
	st8.spill [\s2]=r31
	mov \s2=KVM_BANKNUM
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
	mov r29=KVM_BANKNUM
	mov r30=KVM_B1NATS
	;;
	ld8 r27=[r30],KVM_BANK1_R16-KVM_B1NATS
	st4 [r29]=r28
	mov r31=KVM_BANK1_R16+8
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
	break.m KVM_COVER
.endm

/* The directive tells gas that what stands behind does not follow: the break does not come back. */
.macro ASM_RFI breg
	break.m KVM_RFI
	.serialize.data
.endm
