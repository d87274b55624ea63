/*
 * Target `trace`: each operation is its instruction, behind a record in a ring buffer: where it stands, and which operation it is.
 * For bringing up an emulator or a hypervisor that takes the instructions as they are: what a guest did last is in the ring.
 *
 * Whoever runs the guest keeps a range of memory at TRACE_NEXT: at its start a count that each record adds 16 to, and whose bits 4 to 11
 * say where it goes; at TRACE_RING 256 records of 16 bytes: the address of the bundle, and the operation's number, which is its
 * place in grammar/operations.tsv, from 0. The range can be read and written at any time: it never misses, whatever psr.ic and
 * psr.dt are. Processors may share it: records are taken by fetchadd.
 *
 * itc.i and itc.d have a record each: there is no body for the two together.
 *
 * A record needs two registers; a site that has not got them stays as it is (build --keep-going).
 *
 * How to read and write a target file: docs/targets.md. Operands and their names: grammar/operations.tsv.
 */
TRACE_NEXT = 0xffffffffffff0000
TRACE_RING = TRACE_NEXT + 0x1000

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

/* psr.be is off: the ring is little-endian. */
.macro RECORD pred, number, a, b, s1, s2
	NEED \s1, "the address"
	NEED \s2, "the record"
	DIFFER \s1, \a
	DIFFER \s1, \b
	DIFFER \s1, \s2
	DIFFER \s2, \a
	DIFFER \s2, \b
(\pred)	mov \s1=TRACE_NEXT
	;;
(\pred)	fetchadd8.acq \s2=[\s1],16
(\pred)	mov \s1=TRACE_RING
	;;
(\pred)	extr.u \s2=\s2,4,8
	;;
(\pred)	shladd \s1=\s2,4,\s1
(\pred)	mov \s2=ip
	;;
(\pred)	st8 [\s1]=\s2,8
(\pred)	mov \s2=\number
	;;
(\pred)	st8 [\s1]=\s2
.endm

.macro ASM_READ_IPSR pred, breg, d, s1, s2
	RECORD \pred, 0, \d, , \s1, \s2
(\pred)	mov \d=cr.ipsr
.endm

.macro ASM_WRITE_IPSR pred, breg, s, s1, s2
	RECORD \pred, 1, \s, , \s1, \s2
(\pred)	mov cr.ipsr=\s
.endm

.macro ASM_READ_ISR pred, breg, d, s1, s2
	RECORD \pred, 2, \d, , \s1, \s2
(\pred)	mov \d=cr.isr
.endm

.macro ASM_WRITE_ISR pred, breg, s, s1, s2
	RECORD \pred, 3, \s, , \s1, \s2
(\pred)	mov cr.isr=\s
.endm

.macro ASM_READ_IIP pred, breg, d, s1, s2
	RECORD \pred, 4, \d, , \s1, \s2
(\pred)	mov \d=cr.iip
.endm

.macro ASM_WRITE_IIP pred, breg, s, s1, s2
	RECORD \pred, 5, \s, , \s1, \s2
(\pred)	mov cr.iip=\s
.endm

.macro ASM_READ_IFA pred, breg, d, s1, s2
	RECORD \pred, 6, \d, , \s1, \s2
(\pred)	mov \d=cr.ifa
.endm

.macro ASM_WRITE_IFA pred, breg, s, s1, s2
	RECORD \pred, 7, \s, , \s1, \s2
(\pred)	mov cr.ifa=\s
.endm

.macro ASM_READ_ITIR pred, breg, d, s1, s2
	RECORD \pred, 8, \d, , \s1, \s2
(\pred)	mov \d=cr.itir
.endm

.macro ASM_WRITE_ITIR pred, breg, s, s1, s2
	RECORD \pred, 9, \s, , \s1, \s2
(\pred)	mov cr.itir=\s
.endm

.macro ASM_READ_IIPA pred, breg, d, s1, s2
	RECORD \pred, 10, \d, , \s1, \s2
(\pred)	mov \d=cr.iipa
.endm

.macro ASM_WRITE_IIPA pred, breg, s, s1, s2
	RECORD \pred, 11, \s, , \s1, \s2
(\pred)	mov cr.iipa=\s
.endm

.macro ASM_READ_IFS pred, breg, d, s1, s2
	RECORD \pred, 12, \d, , \s1, \s2
(\pred)	mov \d=cr.ifs
.endm

.macro ASM_WRITE_IFS pred, breg, s, s1, s2
	RECORD \pred, 13, \s, , \s1, \s2
(\pred)	mov cr.ifs=\s
.endm

.macro ASM_READ_IIM pred, breg, d, s1, s2
	RECORD \pred, 14, \d, , \s1, \s2
(\pred)	mov \d=cr.iim
.endm

.macro ASM_WRITE_IIM pred, breg, s, s1, s2
	RECORD \pred, 15, \s, , \s1, \s2
(\pred)	mov cr.iim=\s
.endm

.macro ASM_READ_IHA pred, breg, d, s1, s2
	RECORD \pred, 16, \d, , \s1, \s2
(\pred)	mov \d=cr.iha
.endm

.macro ASM_WRITE_IHA pred, breg, s, s1, s2
	RECORD \pred, 17, \s, , \s1, \s2
(\pred)	mov cr.iha=\s
.endm

.macro ASM_READ_IVR pred, breg, d, s1, s2
	RECORD \pred, 18, \d, , \s1, \s2
(\pred)	mov \d=cr.ivr
.endm

.macro ASM_READ_TPR pred, breg, d, s1, s2
	RECORD \pred, 19, \d, , \s1, \s2
(\pred)	mov \d=cr.tpr
.endm

.macro ASM_WRITE_TPR pred, breg, s, s1, s2
	RECORD \pred, 20, \s, , \s1, \s2
(\pred)	mov cr.tpr=\s
.endm

.macro ASM_READ_EOI pred, breg, d, s1, s2
	RECORD \pred, 21, \d, , \s1, \s2
(\pred)	mov \d=cr.eoi
.endm

.macro ASM_WRITE_EOI pred, breg, s, s1, s2
	RECORD \pred, 22, \s, , \s1, \s2
(\pred)	mov cr.eoi=\s
.endm

.macro ASM_READ_DCR pred, breg, d, s1, s2
	RECORD \pred, 23, \d, , \s1, \s2
(\pred)	mov \d=cr.dcr
.endm

.macro ASM_WRITE_DCR pred, breg, s, s1, s2
	RECORD \pred, 24, \s, , \s1, \s2
(\pred)	mov cr.dcr=\s
.endm

.macro ASM_READ_ITM pred, breg, d, s1, s2
	RECORD \pred, 25, \d, , \s1, \s2
(\pred)	mov \d=cr.itm
.endm

.macro ASM_WRITE_ITM pred, breg, s, s1, s2
	RECORD \pred, 26, \s, , \s1, \s2
(\pred)	mov cr.itm=\s
.endm

.macro ASM_READ_IVA pred, breg, d, s1, s2
	RECORD \pred, 27, \d, , \s1, \s2
(\pred)	mov \d=cr.iva
.endm

.macro ASM_WRITE_IVA pred, breg, s, s1, s2
	RECORD \pred, 28, \s, , \s1, \s2
(\pred)	mov cr.iva=\s
.endm

.macro ASM_READ_PTA pred, breg, d, s1, s2
	RECORD \pred, 29, \d, , \s1, \s2
(\pred)	mov \d=cr.pta
.endm

.macro ASM_WRITE_PTA pred, breg, s, s1, s2
	RECORD \pred, 30, \s, , \s1, \s2
(\pred)	mov cr.pta=\s
.endm

.macro ASM_READ_LID pred, breg, d, s1, s2
	RECORD \pred, 31, \d, , \s1, \s2
(\pred)	mov \d=cr.lid
.endm

.macro ASM_WRITE_LID pred, breg, s, s1, s2
	RECORD \pred, 32, \s, , \s1, \s2
(\pred)	mov cr.lid=\s
.endm

.macro ASM_READ_IRR0 pred, breg, d, s1, s2
	RECORD \pred, 33, \d, , \s1, \s2
(\pred)	mov \d=cr.irr0
.endm

.macro ASM_READ_IRR1 pred, breg, d, s1, s2
	RECORD \pred, 34, \d, , \s1, \s2
(\pred)	mov \d=cr.irr1
.endm

.macro ASM_READ_IRR2 pred, breg, d, s1, s2
	RECORD \pred, 35, \d, , \s1, \s2
(\pred)	mov \d=cr.irr2
.endm

.macro ASM_READ_IRR3 pred, breg, d, s1, s2
	RECORD \pred, 36, \d, , \s1, \s2
(\pred)	mov \d=cr.irr3
.endm

.macro ASM_READ_ITV pred, breg, d, s1, s2
	RECORD \pred, 37, \d, , \s1, \s2
(\pred)	mov \d=cr.itv
.endm

.macro ASM_WRITE_ITV pred, breg, s, s1, s2
	RECORD \pred, 38, \s, , \s1, \s2
(\pred)	mov cr.itv=\s
.endm

.macro ASM_READ_PMV pred, breg, d, s1, s2
	RECORD \pred, 39, \d, , \s1, \s2
(\pred)	mov \d=cr.pmv
.endm

.macro ASM_WRITE_PMV pred, breg, s, s1, s2
	RECORD \pred, 40, \s, , \s1, \s2
(\pred)	mov cr.pmv=\s
.endm

.macro ASM_READ_CMCV pred, breg, d, s1, s2
	RECORD \pred, 41, \d, , \s1, \s2
(\pred)	mov \d=cr.cmcv
.endm

.macro ASM_WRITE_CMCV pred, breg, s, s1, s2
	RECORD \pred, 42, \s, , \s1, \s2
(\pred)	mov cr.cmcv=\s
.endm

.macro ASM_READ_LRR0 pred, breg, d, s1, s2
	RECORD \pred, 43, \d, , \s1, \s2
(\pred)	mov \d=cr.lrr0
.endm

.macro ASM_WRITE_LRR0 pred, breg, s, s1, s2
	RECORD \pred, 44, \s, , \s1, \s2
(\pred)	mov cr.lrr0=\s
.endm

.macro ASM_READ_LRR1 pred, breg, d, s1, s2
	RECORD \pred, 45, \d, , \s1, \s2
(\pred)	mov \d=cr.lrr1
.endm

.macro ASM_WRITE_LRR1 pred, breg, s, s1, s2
	RECORD \pred, 46, \s, , \s1, \s2
(\pred)	mov cr.lrr1=\s
.endm

.macro ASM_READ_GPTA pred, breg, d, s1, s2
	RECORD \pred, 47, \d, , \s1, \s2
(\pred)	mov \d=cr.gpta
.endm

.macro ASM_WRITE_GPTA pred, breg, s, s1, s2
	RECORD \pred, 48, \s, , \s1, \s2
(\pred)	mov cr.gpta=\s
.endm

.macro ASM_READ_IIB0 pred, breg, d, s1, s2
	RECORD \pred, 49, \d, , \s1, \s2
(\pred)	mov \d=cr.iib0
.endm

.macro ASM_WRITE_IIB0 pred, breg, s, s1, s2
	RECORD \pred, 50, \s, , \s1, \s2
(\pred)	mov cr.iib0=\s
.endm

.macro ASM_READ_IIB1 pred, breg, d, s1, s2
	RECORD \pred, 51, \d, , \s1, \s2
(\pred)	mov \d=cr.iib1
.endm

.macro ASM_WRITE_IIB1 pred, breg, s, s1, s2
	RECORD \pred, 52, \s, , \s1, \s2
(\pred)	mov cr.iib1=\s
.endm

.macro ASM_READ_PSR pred, breg, d, s1, s2
	RECORD \pred, 53, \d, , \s1, \s2
(\pred)	mov \d=psr
.endm

.macro ASM_WRITE_PSR_L pred, breg, s, s1, s2
	RECORD \pred, 54, \s, , \s1, \s2
(\pred)	mov psr.l=\s
.endm

.macro ASM_SSM_PSR pred, breg, mask, s1, s2
	RECORD \pred, 55, , , \s1, \s2
(\pred)	ssm \mask
.endm

.macro ASM_SSM_PSR_SRLZ_D breg, mask, s1, s2
	RECORD p0, 56, , , \s1, \s2
	ssm \mask
	;;
	srlz.d
.endm

.macro ASM_SSM_PSR_SRLZ_I breg, mask, s1, s2
	RECORD p0, 57, , , \s1, \s2
	ssm \mask
	;;
	srlz.i
.endm

.macro ASM_RSM_PSR pred, breg, mask, s1, s2
	RECORD \pred, 58, , , \s1, \s2
(\pred)	rsm \mask
.endm

.macro ASM_RSM_PSR_SRLZ_D breg, mask, s1, s2
	RECORD p0, 59, , , \s1, \s2
	rsm \mask
	;;
	srlz.d
.endm

.macro ASM_ITC_I pred, breg, s, s1, s2
	RECORD \pred, 60, \s, , \s1, \s2
(\pred)	itc.i \s
.endm

.macro ASM_ITC_D pred, breg, s, s1, s2
	RECORD \pred, 61, \s, , \s1, \s2
(\pred)	itc.d \s
.endm

.macro ASM_ITR_I pred, breg, i, s, s1, s2
	RECORD \pred, 63, \i, \s, \s1, \s2
(\pred)	itr.i itr[\i]=\s
.endm

.macro ASM_ITR_D pred, breg, i, s, s1, s2
	RECORD \pred, 64, \i, \s, \s1, \s2
(\pred)	itr.d dtr[\i]=\s
.endm

.macro ASM_PTC_L pred, breg, a, s, s1, s2
	RECORD \pred, 65, \a, \s, \s1, \s2
(\pred)	ptc.l \a,\s
.endm

.macro ASM_PTC_G pred, breg, a, s, s1, s2
	RECORD \pred, 66, \a, \s, \s1, \s2
(\pred)	ptc.g \a,\s
.endm

.macro ASM_PTC_GA pred, breg, a, s, s1, s2
	RECORD \pred, 67, \a, \s, \s1, \s2
(\pred)	ptc.ga \a,\s
.endm

.macro ASM_PTC_E pred, breg, a, s1, s2
	RECORD \pred, 68, \a, , \s1, \s2
(\pred)	ptc.e \a
.endm

.macro ASM_PTR_I pred, breg, a, s, s1, s2
	RECORD \pred, 69, \a, \s, \s1, \s2
(\pred)	ptr.i \a,\s
.endm

.macro ASM_PTR_D pred, breg, a, s, s1, s2
	RECORD \pred, 70, \a, \s, \s1, \s2
(\pred)	ptr.d \a,\s
.endm

.macro ASM_TPA pred, breg, d, s, s1, s2
	RECORD \pred, 71, \d, \s, \s1, \s2
(\pred)	tpa \d=\s
.endm

.macro ASM_TAK pred, breg, d, s, s1, s2
	RECORD \pred, 72, \d, \s, \s1, \s2
(\pred)	tak \d=\s
.endm

.macro ASM_READ_RR pred, breg, d, i, s1, s2
	RECORD \pred, 73, \d, \i, \s1, \s2
(\pred)	mov \d=rr[\i]
.endm

.macro ASM_WRITE_RR pred, breg, i, s, s1, s2
	RECORD \pred, 74, \i, \s, \s1, \s2
(\pred)	mov rr[\i]=\s
.endm

.macro ASM_READ_DBR pred, breg, d, i, s1, s2
	RECORD \pred, 75, \d, \i, \s1, \s2
(\pred)	mov \d=dbr[\i]
.endm

.macro ASM_WRITE_DBR pred, breg, i, s, s1, s2
	RECORD \pred, 76, \i, \s, \s1, \s2
(\pred)	mov dbr[\i]=\s
.endm

.macro ASM_READ_IBR pred, breg, d, i, s1, s2
	RECORD \pred, 77, \d, \i, \s1, \s2
(\pred)	mov \d=ibr[\i]
.endm

.macro ASM_WRITE_IBR pred, breg, i, s, s1, s2
	RECORD \pred, 78, \i, \s, \s1, \s2
(\pred)	mov ibr[\i]=\s
.endm

.macro ASM_READ_PKR pred, breg, d, i, s1, s2
	RECORD \pred, 79, \d, \i, \s1, \s2
(\pred)	mov \d=pkr[\i]
.endm

.macro ASM_WRITE_PKR pred, breg, i, s, s1, s2
	RECORD \pred, 80, \i, \s, \s1, \s2
(\pred)	mov pkr[\i]=\s
.endm

.macro ASM_READ_PMC pred, breg, d, i, s1, s2
	RECORD \pred, 81, \d, \i, \s1, \s2
(\pred)	mov \d=pmc[\i]
.endm

.macro ASM_WRITE_PMC pred, breg, i, s, s1, s2
	RECORD \pred, 82, \i, \s, \s1, \s2
(\pred)	mov pmc[\i]=\s
.endm

.macro ASM_READ_MSR pred, breg, d, i, s1, s2
	RECORD \pred, 83, \d, \i, \s1, \s2
(\pred)	mov \d=msr[\i]
.endm

.macro ASM_WRITE_MSR pred, breg, i, s, s1, s2
	RECORD \pred, 84, \i, \s, \s1, \s2
(\pred)	mov msr[\i]=\s
.endm

.macro ASM_READ_PMD pred, breg, d, i, s1, s2
	RECORD \pred, 85, \d, \i, \s1, \s2
(\pred)	mov \d=pmd[\i]
.endm

.macro ASM_WRITE_PMD pred, breg, i, s, s1, s2
	RECORD \pred, 86, \i, \s, \s1, \s2
(\pred)	mov pmd[\i]=\s
.endm

.macro ASM_READ_CPUID pred, breg, d, i, s1, s2
	RECORD \pred, 87, \d, \i, \s1, \s2
(\pred)	mov \d=cpuid[\i]
.endm

.macro ASM_RFI breg, s1, s2
	RECORD p0, 88, , , \s1, \s2
	rfi
.endm

.macro ASM_BSW_0 breg, s1, s2
	NOT_BANKED \s1
	NOT_BANKED \s2
	RECORD p0, 89, , , \s1, \s2
	bsw.0
.endm

.macro ASM_BSW_1 breg, s1, s2
	NOT_BANKED \s1
	NOT_BANKED \s2
	RECORD p0, 90, , , \s1, \s2
	bsw.1
.endm

.macro ASM_THASH pred, breg, d, s, s1, s2
	RECORD \pred, 94, \d, \s, \s1, \s2
(\pred)	thash \d=\s
.endm

.macro ASM_TTAG pred, breg, d, s, s1, s2
	RECORD \pred, 95, \d, \s, \s1, \s2
(\pred)	ttag \d=\s
.endm

.macro ASM_FC pred, breg, a, s1, s2
	RECORD \pred, 96, \a, , \s1, \s2
(\pred)	fc \a
.endm

.macro ASM_FC_I pred, breg, a, s1, s2
	RECORD \pred, 97, \a, , \s1, \s2
(\pred)	fc.i \a
.endm

.macro ASM_READ_KR pred, breg, d, n, s1, s2
	RECORD \pred, 98, \d, , \s1, \s2
(\pred)	mov \d=ar.k\n
.endm

.macro ASM_WRITE_KR pred, breg, n, s, s1, s2
	RECORD \pred, 99, \s, , \s1, \s2
(\pred)	mov ar.k\n=\s
.endm

.macro ASM_READ_ITC pred, breg, d, s1, s2
	RECORD \pred, 100, \d, , \s1, \s2
(\pred)	mov \d=ar.itc
.endm

.macro ASM_WRITE_ITC pred, breg, s, s1, s2
	RECORD \pred, 101, \s, , \s1, \s2
(\pred)	mov ar.itc=\s
.endm

.macro ASM_READ_RUC pred, breg, d, s1, s2
	RECORD \pred, 102, \d, , \s1, \s2
(\pred)	mov \d=ar.ruc
.endm

.macro ASM_WRITE_RUC pred, breg, s, s1, s2
	RECORD \pred, 103, \s, , \s1, \s2
(\pred)	mov ar.ruc=\s
.endm

.macro ASM_READ_EFLAG pred, breg, d, s1, s2
	RECORD \pred, 104, \d, , \s1, \s2
(\pred)	mov \d=ar.eflag
.endm

.macro ASM_WRITE_EFLAG pred, breg, s, s1, s2
	RECORD \pred, 105, \s, , \s1, \s2
(\pred)	mov ar.eflag=\s
.endm

/* As it is: a scratch register of the frame that it saves would be saved with it. */
.macro ASM_COVER breg
	cover
.endm
