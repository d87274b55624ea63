/*
 * Target `poison`: each operation is its instruction, and then every scratch register that the macro names is filled with a
 * value that is recognized, and the scratch predicate has the other value than before. So a kernel that is built with it, from
 * macro-ised source, shows on the bare machine what would go wrong on a hypervisor: it runs as ever if the registers are free as
 * the report says, and a register that holds 0x1bad01, 0x1bad02 or 0x1bad03 where something else was expected is one that was not.
 *
 * A scratch register that a macro does not name costs nothing, and pvasm gives none to spare: build macro-ised source with it, whose
 * macros name what other targets need.
 *
 * How to read and write a target file: docs/targets.md. Operands and their names: grammar/operations.tsv.
 */

/* Fits a one-slot mov. */
POISON = 0x1bad00

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

/* Registers of the banks are no scratch registers for a bank switch. */
.macro NOT_BANKED reg
	.irp number, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	.ifc \reg,r\number
	.error "\reg belongs to the banks that are switched"
	.endif
	.endr
.endm

.macro FILL pred, reg, number
	.ifnb \reg
(\pred)	mov \reg=POISON+\number
	.endif
.endm

/* The scratch registers must differ from each other and from the operands `a` and `b`. */
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

/* Where the site's predicate is 0 nothing happens, as in any body. */
.macro POISON_ALL pred, a, b, s1, s2, s3, t1
	SCRATCH \a, \b, \s1, \s2, \s3
	.ifnb \t1
	NEED \s1, "the predicates"
	DIFFER \t1, \pred
(\pred)	mov \s1=pr
	;;
	.irp number, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63
	.ifc \t1,p\number
(\pred)	tbit.z \t1,p0=\s1,\number
	.endif
	.endr
	.endif
	FILL \pred, \s1, 1
	FILL \pred, \s2, 2
	FILL \pred, \s3, 3
.endm

/* ---- What ends its instruction group, or does not come back, stands behind ---- */

.macro ASM_RFI breg, s1, s2, s3, t1
	POISON_ALL p0, , , \s1, \s2, \s3, \t1
	rfi
.endm

.macro ASM_BSW_0 breg, s1, s2, s3, t1
	NOT_BANKED \s1
	NOT_BANKED \s2
	NOT_BANKED \s3
	POISON_ALL p0, , , \s1, \s2, \s3, \t1
	bsw.0
.endm

.macro ASM_BSW_1 breg, s1, s2, s3, t1
	NOT_BANKED \s1
	NOT_BANKED \s2
	NOT_BANKED \s3
	POISON_ALL p0, , , \s1, \s2, \s3, \t1
	bsw.1
.endm

/* ---- All others ---- */

.macro ASM_READ_IPSR pred, breg, d, s1, s2, s3, t1
(\pred)	mov \d=cr.ipsr
	POISON_ALL \pred, \d, , \s1, \s2, \s3, \t1
.endm

.macro ASM_WRITE_IPSR pred, breg, s, s1, s2, s3, t1
(\pred)	mov cr.ipsr=\s
	POISON_ALL \pred, \s, , \s1, \s2, \s3, \t1
.endm

.macro ASM_READ_ISR pred, breg, d, s1, s2, s3, t1
(\pred)	mov \d=cr.isr
	POISON_ALL \pred, \d, , \s1, \s2, \s3, \t1
.endm

.macro ASM_WRITE_ISR pred, breg, s, s1, s2, s3, t1
(\pred)	mov cr.isr=\s
	POISON_ALL \pred, \s, , \s1, \s2, \s3, \t1
.endm

.macro ASM_READ_IIP pred, breg, d, s1, s2, s3, t1
(\pred)	mov \d=cr.iip
	POISON_ALL \pred, \d, , \s1, \s2, \s3, \t1
.endm

.macro ASM_WRITE_IIP pred, breg, s, s1, s2, s3, t1
(\pred)	mov cr.iip=\s
	POISON_ALL \pred, \s, , \s1, \s2, \s3, \t1
.endm

.macro ASM_READ_IFA pred, breg, d, s1, s2, s3, t1
(\pred)	mov \d=cr.ifa
	POISON_ALL \pred, \d, , \s1, \s2, \s3, \t1
.endm

.macro ASM_WRITE_IFA pred, breg, s, s1, s2, s3, t1
(\pred)	mov cr.ifa=\s
	POISON_ALL \pred, \s, , \s1, \s2, \s3, \t1
.endm

.macro ASM_READ_ITIR pred, breg, d, s1, s2, s3, t1
(\pred)	mov \d=cr.itir
	POISON_ALL \pred, \d, , \s1, \s2, \s3, \t1
.endm

.macro ASM_WRITE_ITIR pred, breg, s, s1, s2, s3, t1
(\pred)	mov cr.itir=\s
	POISON_ALL \pred, \s, , \s1, \s2, \s3, \t1
.endm

.macro ASM_READ_IIPA pred, breg, d, s1, s2, s3, t1
(\pred)	mov \d=cr.iipa
	POISON_ALL \pred, \d, , \s1, \s2, \s3, \t1
.endm

.macro ASM_WRITE_IIPA pred, breg, s, s1, s2, s3, t1
(\pred)	mov cr.iipa=\s
	POISON_ALL \pred, \s, , \s1, \s2, \s3, \t1
.endm

.macro ASM_READ_IFS pred, breg, d, s1, s2, s3, t1
(\pred)	mov \d=cr.ifs
	POISON_ALL \pred, \d, , \s1, \s2, \s3, \t1
.endm

.macro ASM_WRITE_IFS pred, breg, s, s1, s2, s3, t1
(\pred)	mov cr.ifs=\s
	POISON_ALL \pred, \s, , \s1, \s2, \s3, \t1
.endm

.macro ASM_READ_IIM pred, breg, d, s1, s2, s3, t1
(\pred)	mov \d=cr.iim
	POISON_ALL \pred, \d, , \s1, \s2, \s3, \t1
.endm

.macro ASM_WRITE_IIM pred, breg, s, s1, s2, s3, t1
(\pred)	mov cr.iim=\s
	POISON_ALL \pred, \s, , \s1, \s2, \s3, \t1
.endm

.macro ASM_READ_IHA pred, breg, d, s1, s2, s3, t1
(\pred)	mov \d=cr.iha
	POISON_ALL \pred, \d, , \s1, \s2, \s3, \t1
.endm

.macro ASM_WRITE_IHA pred, breg, s, s1, s2, s3, t1
(\pred)	mov cr.iha=\s
	POISON_ALL \pred, \s, , \s1, \s2, \s3, \t1
.endm

.macro ASM_READ_IVR pred, breg, d, s1, s2, s3, t1
(\pred)	mov \d=cr.ivr
	POISON_ALL \pred, \d, , \s1, \s2, \s3, \t1
.endm

.macro ASM_READ_TPR pred, breg, d, s1, s2, s3, t1
(\pred)	mov \d=cr.tpr
	POISON_ALL \pred, \d, , \s1, \s2, \s3, \t1
.endm

.macro ASM_WRITE_TPR pred, breg, s, s1, s2, s3, t1
(\pred)	mov cr.tpr=\s
	POISON_ALL \pred, \s, , \s1, \s2, \s3, \t1
.endm

.macro ASM_READ_EOI pred, breg, d, s1, s2, s3, t1
(\pred)	mov \d=cr.eoi
	POISON_ALL \pred, \d, , \s1, \s2, \s3, \t1
.endm

.macro ASM_WRITE_EOI pred, breg, s, s1, s2, s3, t1
(\pred)	mov cr.eoi=\s
	POISON_ALL \pred, \s, , \s1, \s2, \s3, \t1
.endm

.macro ASM_READ_DCR pred, breg, d, s1, s2, s3, t1
(\pred)	mov \d=cr.dcr
	POISON_ALL \pred, \d, , \s1, \s2, \s3, \t1
.endm

.macro ASM_WRITE_DCR pred, breg, s, s1, s2, s3, t1
(\pred)	mov cr.dcr=\s
	POISON_ALL \pred, \s, , \s1, \s2, \s3, \t1
.endm

.macro ASM_READ_ITM pred, breg, d, s1, s2, s3, t1
(\pred)	mov \d=cr.itm
	POISON_ALL \pred, \d, , \s1, \s2, \s3, \t1
.endm

.macro ASM_WRITE_ITM pred, breg, s, s1, s2, s3, t1
(\pred)	mov cr.itm=\s
	POISON_ALL \pred, \s, , \s1, \s2, \s3, \t1
.endm

.macro ASM_READ_IVA pred, breg, d, s1, s2, s3, t1
(\pred)	mov \d=cr.iva
	POISON_ALL \pred, \d, , \s1, \s2, \s3, \t1
.endm

.macro ASM_WRITE_IVA pred, breg, s, s1, s2, s3, t1
(\pred)	mov cr.iva=\s
	POISON_ALL \pred, \s, , \s1, \s2, \s3, \t1
.endm

.macro ASM_READ_PTA pred, breg, d, s1, s2, s3, t1
(\pred)	mov \d=cr.pta
	POISON_ALL \pred, \d, , \s1, \s2, \s3, \t1
.endm

.macro ASM_WRITE_PTA pred, breg, s, s1, s2, s3, t1
(\pred)	mov cr.pta=\s
	POISON_ALL \pred, \s, , \s1, \s2, \s3, \t1
.endm

.macro ASM_READ_LID pred, breg, d, s1, s2, s3, t1
(\pred)	mov \d=cr.lid
	POISON_ALL \pred, \d, , \s1, \s2, \s3, \t1
.endm

.macro ASM_WRITE_LID pred, breg, s, s1, s2, s3, t1
(\pred)	mov cr.lid=\s
	POISON_ALL \pred, \s, , \s1, \s2, \s3, \t1
.endm

.macro ASM_READ_IRR0 pred, breg, d, s1, s2, s3, t1
(\pred)	mov \d=cr.irr0
	POISON_ALL \pred, \d, , \s1, \s2, \s3, \t1
.endm

.macro ASM_READ_IRR1 pred, breg, d, s1, s2, s3, t1
(\pred)	mov \d=cr.irr1
	POISON_ALL \pred, \d, , \s1, \s2, \s3, \t1
.endm

.macro ASM_READ_IRR2 pred, breg, d, s1, s2, s3, t1
(\pred)	mov \d=cr.irr2
	POISON_ALL \pred, \d, , \s1, \s2, \s3, \t1
.endm

.macro ASM_READ_IRR3 pred, breg, d, s1, s2, s3, t1
(\pred)	mov \d=cr.irr3
	POISON_ALL \pred, \d, , \s1, \s2, \s3, \t1
.endm

.macro ASM_READ_ITV pred, breg, d, s1, s2, s3, t1
(\pred)	mov \d=cr.itv
	POISON_ALL \pred, \d, , \s1, \s2, \s3, \t1
.endm

.macro ASM_WRITE_ITV pred, breg, s, s1, s2, s3, t1
(\pred)	mov cr.itv=\s
	POISON_ALL \pred, \s, , \s1, \s2, \s3, \t1
.endm

.macro ASM_READ_PMV pred, breg, d, s1, s2, s3, t1
(\pred)	mov \d=cr.pmv
	POISON_ALL \pred, \d, , \s1, \s2, \s3, \t1
.endm

.macro ASM_WRITE_PMV pred, breg, s, s1, s2, s3, t1
(\pred)	mov cr.pmv=\s
	POISON_ALL \pred, \s, , \s1, \s2, \s3, \t1
.endm

.macro ASM_READ_CMCV pred, breg, d, s1, s2, s3, t1
(\pred)	mov \d=cr.cmcv
	POISON_ALL \pred, \d, , \s1, \s2, \s3, \t1
.endm

.macro ASM_WRITE_CMCV pred, breg, s, s1, s2, s3, t1
(\pred)	mov cr.cmcv=\s
	POISON_ALL \pred, \s, , \s1, \s2, \s3, \t1
.endm

.macro ASM_READ_LRR0 pred, breg, d, s1, s2, s3, t1
(\pred)	mov \d=cr.lrr0
	POISON_ALL \pred, \d, , \s1, \s2, \s3, \t1
.endm

.macro ASM_WRITE_LRR0 pred, breg, s, s1, s2, s3, t1
(\pred)	mov cr.lrr0=\s
	POISON_ALL \pred, \s, , \s1, \s2, \s3, \t1
.endm

.macro ASM_READ_LRR1 pred, breg, d, s1, s2, s3, t1
(\pred)	mov \d=cr.lrr1
	POISON_ALL \pred, \d, , \s1, \s2, \s3, \t1
.endm

.macro ASM_WRITE_LRR1 pred, breg, s, s1, s2, s3, t1
(\pred)	mov cr.lrr1=\s
	POISON_ALL \pred, \s, , \s1, \s2, \s3, \t1
.endm

.macro ASM_READ_GPTA pred, breg, d, s1, s2, s3, t1
(\pred)	mov \d=cr.gpta
	POISON_ALL \pred, \d, , \s1, \s2, \s3, \t1
.endm

.macro ASM_WRITE_GPTA pred, breg, s, s1, s2, s3, t1
(\pred)	mov cr.gpta=\s
	POISON_ALL \pred, \s, , \s1, \s2, \s3, \t1
.endm

.macro ASM_READ_IIB0 pred, breg, d, s1, s2, s3, t1
(\pred)	mov \d=cr.iib0
	POISON_ALL \pred, \d, , \s1, \s2, \s3, \t1
.endm

.macro ASM_WRITE_IIB0 pred, breg, s, s1, s2, s3, t1
(\pred)	mov cr.iib0=\s
	POISON_ALL \pred, \s, , \s1, \s2, \s3, \t1
.endm

.macro ASM_READ_IIB1 pred, breg, d, s1, s2, s3, t1
(\pred)	mov \d=cr.iib1
	POISON_ALL \pred, \d, , \s1, \s2, \s3, \t1
.endm

.macro ASM_WRITE_IIB1 pred, breg, s, s1, s2, s3, t1
(\pred)	mov cr.iib1=\s
	POISON_ALL \pred, \s, , \s1, \s2, \s3, \t1
.endm

.macro ASM_READ_PSR pred, breg, d, s1, s2, s3, t1
(\pred)	mov \d=psr
	POISON_ALL \pred, \d, , \s1, \s2, \s3, \t1
.endm

.macro ASM_WRITE_PSR_L pred, breg, s, s1, s2, s3, t1
(\pred)	mov psr.l=\s
	POISON_ALL \pred, \s, , \s1, \s2, \s3, \t1
.endm

.macro ASM_SSM_PSR pred, breg, mask, s1, s2, s3, t1
(\pred)	ssm \mask
	POISON_ALL \pred, , , \s1, \s2, \s3, \t1
.endm

.macro ASM_SSM_PSR_SRLZ_D breg, mask, s1, s2, s3, t1
	ssm \mask
	;;
	srlz.d
	POISON_ALL p0, , , \s1, \s2, \s3, \t1
.endm

.macro ASM_SSM_PSR_SRLZ_I breg, mask, s1, s2, s3, t1
	ssm \mask
	;;
	srlz.i
	POISON_ALL p0, , , \s1, \s2, \s3, \t1
.endm

.macro ASM_RSM_PSR pred, breg, mask, s1, s2, s3, t1
(\pred)	rsm \mask
	POISON_ALL \pred, , , \s1, \s2, \s3, \t1
.endm

.macro ASM_RSM_PSR_SRLZ_D breg, mask, s1, s2, s3, t1
	rsm \mask
	;;
	srlz.d
	POISON_ALL p0, , , \s1, \s2, \s3, \t1
.endm

.macro ASM_ITC_I pred, breg, s, s1, s2, s3, t1
(\pred)	itc.i \s
	;;
	POISON_ALL \pred, \s, , \s1, \s2, \s3, \t1
.endm

.macro ASM_ITC_D pred, breg, s, s1, s2, s3, t1
(\pred)	itc.d \s
	;;
	POISON_ALL \pred, \s, , \s1, \s2, \s3, \t1
.endm

.macro ASM_ITC_I_AND_D pred, pred2, breg, s, s1, s2, s3, t1
(\pred)	itc.i \s
(\pred2)	itc.d \s
	;;
	POISON_ALL p0, \s, , \s1, \s2, \s3, \t1
.endm

.macro ASM_ITR_I pred, breg, i, s, s1, s2, s3, t1
(\pred)	itr.i itr[\i]=\s
	POISON_ALL \pred, \i, \s, \s1, \s2, \s3, \t1
.endm

.macro ASM_ITR_D pred, breg, i, s, s1, s2, s3, t1
(\pred)	itr.d dtr[\i]=\s
	POISON_ALL \pred, \i, \s, \s1, \s2, \s3, \t1
.endm

.macro ASM_PTC_L pred, breg, a, s, s1, s2, s3, t1
(\pred)	ptc.l \a,\s
	POISON_ALL \pred, \a, \s, \s1, \s2, \s3, \t1
.endm

.macro ASM_PTC_G pred, breg, a, s, s1, s2, s3, t1
(\pred)	ptc.g \a,\s
	;;
	POISON_ALL \pred, \a, \s, \s1, \s2, \s3, \t1
.endm

.macro ASM_PTC_GA pred, breg, a, s, s1, s2, s3, t1
(\pred)	ptc.ga \a,\s
	;;
	POISON_ALL \pred, \a, \s, \s1, \s2, \s3, \t1
.endm

.macro ASM_PTC_E pred, breg, a, s1, s2, s3, t1
(\pred)	ptc.e \a
	POISON_ALL \pred, \a, , \s1, \s2, \s3, \t1
.endm

.macro ASM_PTR_I pred, breg, a, s, s1, s2, s3, t1
(\pred)	ptr.i \a,\s
	POISON_ALL \pred, \a, \s, \s1, \s2, \s3, \t1
.endm

.macro ASM_PTR_D pred, breg, a, s, s1, s2, s3, t1
(\pred)	ptr.d \a,\s
	POISON_ALL \pred, \a, \s, \s1, \s2, \s3, \t1
.endm

.macro ASM_TPA pred, breg, d, s, s1, s2, s3, t1
(\pred)	tpa \d=\s
	POISON_ALL \pred, \d, \s, \s1, \s2, \s3, \t1
.endm

.macro ASM_TAK pred, breg, d, s, s1, s2, s3, t1
(\pred)	tak \d=\s
	POISON_ALL \pred, \d, \s, \s1, \s2, \s3, \t1
.endm

.macro ASM_READ_RR pred, breg, d, i, s1, s2, s3, t1
(\pred)	mov \d=rr[\i]
	POISON_ALL \pred, \d, \i, \s1, \s2, \s3, \t1
.endm

.macro ASM_WRITE_RR pred, breg, i, s, s1, s2, s3, t1
(\pred)	mov rr[\i]=\s
	POISON_ALL \pred, \i, \s, \s1, \s2, \s3, \t1
.endm

.macro ASM_READ_DBR pred, breg, d, i, s1, s2, s3, t1
(\pred)	mov \d=dbr[\i]
	POISON_ALL \pred, \d, \i, \s1, \s2, \s3, \t1
.endm

.macro ASM_WRITE_DBR pred, breg, i, s, s1, s2, s3, t1
(\pred)	mov dbr[\i]=\s
	POISON_ALL \pred, \i, \s, \s1, \s2, \s3, \t1
.endm

.macro ASM_READ_IBR pred, breg, d, i, s1, s2, s3, t1
(\pred)	mov \d=ibr[\i]
	POISON_ALL \pred, \d, \i, \s1, \s2, \s3, \t1
.endm

.macro ASM_WRITE_IBR pred, breg, i, s, s1, s2, s3, t1
(\pred)	mov ibr[\i]=\s
	POISON_ALL \pred, \i, \s, \s1, \s2, \s3, \t1
.endm

.macro ASM_READ_PKR pred, breg, d, i, s1, s2, s3, t1
(\pred)	mov \d=pkr[\i]
	POISON_ALL \pred, \d, \i, \s1, \s2, \s3, \t1
.endm

.macro ASM_WRITE_PKR pred, breg, i, s, s1, s2, s3, t1
(\pred)	mov pkr[\i]=\s
	POISON_ALL \pred, \i, \s, \s1, \s2, \s3, \t1
.endm

.macro ASM_READ_PMC pred, breg, d, i, s1, s2, s3, t1
(\pred)	mov \d=pmc[\i]
	POISON_ALL \pred, \d, \i, \s1, \s2, \s3, \t1
.endm

.macro ASM_WRITE_PMC pred, breg, i, s, s1, s2, s3, t1
(\pred)	mov pmc[\i]=\s
	POISON_ALL \pred, \i, \s, \s1, \s2, \s3, \t1
.endm

.macro ASM_READ_MSR pred, breg, d, i, s1, s2, s3, t1
(\pred)	mov \d=msr[\i]
	POISON_ALL \pred, \d, \i, \s1, \s2, \s3, \t1
.endm

.macro ASM_WRITE_MSR pred, breg, i, s, s1, s2, s3, t1
(\pred)	mov msr[\i]=\s
	POISON_ALL \pred, \i, \s, \s1, \s2, \s3, \t1
.endm

.macro ASM_READ_PMD pred, breg, d, i, s1, s2, s3, t1
(\pred)	mov \d=pmd[\i]
	POISON_ALL \pred, \d, \i, \s1, \s2, \s3, \t1
.endm

.macro ASM_WRITE_PMD pred, breg, i, s, s1, s2, s3, t1
(\pred)	mov pmd[\i]=\s
	POISON_ALL \pred, \i, \s, \s1, \s2, \s3, \t1
.endm

.macro ASM_READ_CPUID pred, breg, d, i, s1, s2, s3, t1
(\pred)	mov \d=cpuid[\i]
	POISON_ALL \pred, \d, \i, \s1, \s2, \s3, \t1
.endm

.macro ASM_THASH pred, breg, d, s, s1, s2, s3, t1
(\pred)	thash \d=\s
	POISON_ALL \pred, \d, \s, \s1, \s2, \s3, \t1
.endm

.macro ASM_TTAG pred, breg, d, s, s1, s2, s3, t1
(\pred)	ttag \d=\s
	POISON_ALL \pred, \d, \s, \s1, \s2, \s3, \t1
.endm

.macro ASM_FC pred, breg, a, s1, s2, s3, t1
(\pred)	fc \a
	POISON_ALL \pred, \a, , \s1, \s2, \s3, \t1
.endm

.macro ASM_FC_I pred, breg, a, s1, s2, s3, t1
(\pred)	fc.i \a
	POISON_ALL \pred, \a, , \s1, \s2, \s3, \t1
.endm

.macro ASM_READ_KR pred, breg, d, n, s1, s2, s3, t1
(\pred)	mov \d=ar.k\n
	POISON_ALL \pred, \d, , \s1, \s2, \s3, \t1
.endm

.macro ASM_WRITE_KR pred, breg, n, s, s1, s2, s3, t1
(\pred)	mov ar.k\n=\s
	POISON_ALL \pred, \s, , \s1, \s2, \s3, \t1
.endm

.macro ASM_READ_ITC pred, breg, d, s1, s2, s3, t1
(\pred)	mov \d=ar.itc
	POISON_ALL \pred, \d, , \s1, \s2, \s3, \t1
.endm

.macro ASM_WRITE_ITC pred, breg, s, s1, s2, s3, t1
(\pred)	mov ar.itc=\s
	POISON_ALL \pred, \s, , \s1, \s2, \s3, \t1
.endm

.macro ASM_READ_RUC pred, breg, d, s1, s2, s3, t1
(\pred)	mov \d=ar.ruc
	POISON_ALL \pred, \d, , \s1, \s2, \s3, \t1
.endm

.macro ASM_WRITE_RUC pred, breg, s, s1, s2, s3, t1
(\pred)	mov ar.ruc=\s
	POISON_ALL \pred, \s, , \s1, \s2, \s3, \t1
.endm

.macro ASM_READ_EFLAG pred, breg, d, s1, s2, s3, t1
(\pred)	mov \d=ar.eflag
	POISON_ALL \pred, \d, , \s1, \s2, \s3, \t1
.endm

.macro ASM_WRITE_EFLAG pred, breg, s, s1, s2, s3, t1
(\pred)	mov ar.eflag=\s
	POISON_ALL \pred, \s, , \s1, \s2, \s3, \t1
.endm

/* As it is: a scratch register of the frame that it saves would be saved with it. */
.macro ASM_COVER breg
	cover
.endm
