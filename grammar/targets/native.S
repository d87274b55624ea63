/*
 * Target `native`: every operation is the instruction that it names. Only here so that a macro-ised source can be built
 * for the real machine; `pvasm build -t native` gives the same .text bytes as the plain source.
 *
 * How to read and write a target file: docs/targets.md. Operands and their names: grammar/operations.tsv.
 */

.macro ASM_READ_IPSR pred, breg, d
(\pred)	mov \d=cr.ipsr
.endm

.macro ASM_WRITE_IPSR pred, breg, s
(\pred)	mov cr.ipsr=\s
.endm

.macro ASM_READ_ISR pred, breg, d
(\pred)	mov \d=cr.isr
.endm

.macro ASM_WRITE_ISR pred, breg, s
(\pred)	mov cr.isr=\s
.endm

.macro ASM_READ_IIP pred, breg, d
(\pred)	mov \d=cr.iip
.endm

.macro ASM_WRITE_IIP pred, breg, s
(\pred)	mov cr.iip=\s
.endm

.macro ASM_READ_IFA pred, breg, d
(\pred)	mov \d=cr.ifa
.endm

.macro ASM_WRITE_IFA pred, breg, s
(\pred)	mov cr.ifa=\s
.endm

.macro ASM_READ_ITIR pred, breg, d
(\pred)	mov \d=cr.itir
.endm

.macro ASM_WRITE_ITIR pred, breg, s
(\pred)	mov cr.itir=\s
.endm

.macro ASM_READ_IIPA pred, breg, d
(\pred)	mov \d=cr.iipa
.endm

.macro ASM_WRITE_IIPA pred, breg, s
(\pred)	mov cr.iipa=\s
.endm

.macro ASM_READ_IFS pred, breg, d
(\pred)	mov \d=cr.ifs
.endm

.macro ASM_WRITE_IFS pred, breg, s
(\pred)	mov cr.ifs=\s
.endm

.macro ASM_READ_IIM pred, breg, d
(\pred)	mov \d=cr.iim
.endm

.macro ASM_WRITE_IIM pred, breg, s
(\pred)	mov cr.iim=\s
.endm

.macro ASM_READ_IHA pred, breg, d
(\pred)	mov \d=cr.iha
.endm

.macro ASM_WRITE_IHA pred, breg, s
(\pred)	mov cr.iha=\s
.endm

.macro ASM_READ_IVR pred, breg, d
(\pred)	mov \d=cr.ivr
.endm

.macro ASM_READ_TPR pred, breg, d
(\pred)	mov \d=cr.tpr
.endm

.macro ASM_WRITE_TPR pred, breg, s
(\pred)	mov cr.tpr=\s
.endm

.macro ASM_READ_EOI pred, breg, d
(\pred)	mov \d=cr.eoi
.endm

.macro ASM_WRITE_EOI pred, breg, s
(\pred)	mov cr.eoi=\s
.endm

.macro ASM_READ_DCR pred, breg, d
(\pred)	mov \d=cr.dcr
.endm

.macro ASM_WRITE_DCR pred, breg, s
(\pred)	mov cr.dcr=\s
.endm

.macro ASM_READ_ITM pred, breg, d
(\pred)	mov \d=cr.itm
.endm

.macro ASM_WRITE_ITM pred, breg, s
(\pred)	mov cr.itm=\s
.endm

.macro ASM_READ_IVA pred, breg, d
(\pred)	mov \d=cr.iva
.endm

.macro ASM_WRITE_IVA pred, breg, s
(\pred)	mov cr.iva=\s
.endm

.macro ASM_READ_PTA pred, breg, d
(\pred)	mov \d=cr.pta
.endm

.macro ASM_WRITE_PTA pred, breg, s
(\pred)	mov cr.pta=\s
.endm

.macro ASM_READ_LID pred, breg, d
(\pred)	mov \d=cr.lid
.endm

.macro ASM_WRITE_LID pred, breg, s
(\pred)	mov cr.lid=\s
.endm

.macro ASM_READ_IRR0 pred, breg, d
(\pred)	mov \d=cr.irr0
.endm

.macro ASM_READ_IRR1 pred, breg, d
(\pred)	mov \d=cr.irr1
.endm

.macro ASM_READ_IRR2 pred, breg, d
(\pred)	mov \d=cr.irr2
.endm

.macro ASM_READ_IRR3 pred, breg, d
(\pred)	mov \d=cr.irr3
.endm

.macro ASM_READ_ITV pred, breg, d
(\pred)	mov \d=cr.itv
.endm

.macro ASM_WRITE_ITV pred, breg, s
(\pred)	mov cr.itv=\s
.endm

.macro ASM_READ_PMV pred, breg, d
(\pred)	mov \d=cr.pmv
.endm

.macro ASM_WRITE_PMV pred, breg, s
(\pred)	mov cr.pmv=\s
.endm

.macro ASM_READ_CMCV pred, breg, d
(\pred)	mov \d=cr.cmcv
.endm

.macro ASM_WRITE_CMCV pred, breg, s
(\pred)	mov cr.cmcv=\s
.endm

.macro ASM_READ_LRR0 pred, breg, d
(\pred)	mov \d=cr.lrr0
.endm

.macro ASM_WRITE_LRR0 pred, breg, s
(\pred)	mov cr.lrr0=\s
.endm

.macro ASM_READ_LRR1 pred, breg, d
(\pred)	mov \d=cr.lrr1
.endm

.macro ASM_WRITE_LRR1 pred, breg, s
(\pred)	mov cr.lrr1=\s
.endm

.macro ASM_READ_GPTA pred, breg, d
(\pred)	mov \d=cr.gpta
.endm

.macro ASM_WRITE_GPTA pred, breg, s
(\pred)	mov cr.gpta=\s
.endm

.macro ASM_READ_IIB0 pred, breg, d
(\pred)	mov \d=cr.iib0
.endm

.macro ASM_WRITE_IIB0 pred, breg, s
(\pred)	mov cr.iib0=\s
.endm

.macro ASM_READ_IIB1 pred, breg, d
(\pred)	mov \d=cr.iib1
.endm

.macro ASM_WRITE_IIB1 pred, breg, s
(\pred)	mov cr.iib1=\s
.endm

.macro ASM_READ_PSR pred, breg, d
(\pred)	mov \d=psr
.endm

.macro ASM_WRITE_PSR_L pred, breg, s
(\pred)	mov psr.l=\s
.endm

.macro ASM_SSM_PSR pred, breg, mask
(\pred)	ssm \mask
.endm

.macro ASM_SSM_PSR_SRLZ_D breg, mask
	ssm \mask
	;;
	srlz.d
.endm

.macro ASM_SSM_PSR_SRLZ_I breg, mask
	ssm \mask
	;;
	srlz.i
.endm

.macro ASM_RSM_PSR pred, breg, mask
(\pred)	rsm \mask
.endm

.macro ASM_RSM_PSR_SRLZ_D breg, mask
	rsm \mask
	;;
	srlz.d
.endm

.macro ASM_ITC_I pred, breg, s
(\pred)	itc.i \s
.endm

.macro ASM_ITC_D pred, breg, s
(\pred)	itc.d \s
.endm

.macro ASM_ITC_I_AND_D pred, pred2, breg, s
(\pred)	itc.i \s
(\pred2)	itc.d \s
.endm

.macro ASM_ITR_I pred, breg, i, s
(\pred)	itr.i itr[\i]=\s
.endm

.macro ASM_ITR_D pred, breg, i, s
(\pred)	itr.d dtr[\i]=\s
.endm

.macro ASM_PTC_L pred, breg, a, s
(\pred)	ptc.l \a,\s
.endm

.macro ASM_PTC_G pred, breg, a, s
(\pred)	ptc.g \a,\s
.endm

.macro ASM_PTC_GA pred, breg, a, s
(\pred)	ptc.ga \a,\s
.endm

.macro ASM_PTC_E pred, breg, a
(\pred)	ptc.e \a
.endm

.macro ASM_PTR_I pred, breg, a, s
(\pred)	ptr.i \a,\s
.endm

.macro ASM_PTR_D pred, breg, a, s
(\pred)	ptr.d \a,\s
.endm

.macro ASM_TPA pred, breg, d, s
(\pred)	tpa \d=\s
.endm

.macro ASM_TAK pred, breg, d, s
(\pred)	tak \d=\s
.endm

.macro ASM_READ_RR pred, breg, d, i
(\pred)	mov \d=rr[\i]
.endm

.macro ASM_WRITE_RR pred, breg, i, s
(\pred)	mov rr[\i]=\s
.endm

.macro ASM_READ_DBR pred, breg, d, i
(\pred)	mov \d=dbr[\i]
.endm

.macro ASM_WRITE_DBR pred, breg, i, s
(\pred)	mov dbr[\i]=\s
.endm

.macro ASM_READ_IBR pred, breg, d, i
(\pred)	mov \d=ibr[\i]
.endm

.macro ASM_WRITE_IBR pred, breg, i, s
(\pred)	mov ibr[\i]=\s
.endm

.macro ASM_READ_PKR pred, breg, d, i
(\pred)	mov \d=pkr[\i]
.endm

.macro ASM_WRITE_PKR pred, breg, i, s
(\pred)	mov pkr[\i]=\s
.endm

.macro ASM_READ_PMC pred, breg, d, i
(\pred)	mov \d=pmc[\i]
.endm

.macro ASM_WRITE_PMC pred, breg, i, s
(\pred)	mov pmc[\i]=\s
.endm

.macro ASM_READ_MSR pred, breg, d, i
(\pred)	mov \d=msr[\i]
.endm

.macro ASM_WRITE_MSR pred, breg, i, s
(\pred)	mov msr[\i]=\s
.endm

.macro ASM_READ_PMD pred, breg, d, i
(\pred)	mov \d=pmd[\i]
.endm

.macro ASM_WRITE_PMD pred, breg, i, s
(\pred)	mov pmd[\i]=\s
.endm

.macro ASM_READ_CPUID pred, breg, d, i
(\pred)	mov \d=cpuid[\i]
.endm

.macro ASM_RFI breg
	rfi
.endm

.macro ASM_BSW_0 breg
	bsw.0
.endm

.macro ASM_BSW_1 breg
	bsw.1
.endm

.macro ASM_VMSW_0 breg
	vmsw.0
.endm

.macro ASM_VMSW_1 breg
	vmsw.1
.endm

.macro ASM_COVER breg
	cover
.endm

.macro ASM_THASH pred, breg, d, s
(\pred)	thash \d=\s
.endm

.macro ASM_TTAG pred, breg, d, s
(\pred)	ttag \d=\s
.endm

.macro ASM_FC pred, breg, a
(\pred)	fc \a
.endm

.macro ASM_FC_I pred, breg, a
(\pred)	fc.i \a
.endm

.macro ASM_READ_KR pred, breg, d, n
(\pred)	mov \d=ar.k\n
.endm

.macro ASM_WRITE_KR pred, breg, n, s
(\pred)	mov ar.k\n=\s
.endm

.macro ASM_READ_ITC pred, breg, d
(\pred)	mov \d=ar.itc
.endm

.macro ASM_WRITE_ITC pred, breg, s
(\pred)	mov ar.itc=\s
.endm

.macro ASM_READ_RUC pred, breg, d
(\pred)	mov \d=ar.ruc
.endm

.macro ASM_WRITE_RUC pred, breg, s
(\pred)	mov ar.ruc=\s
.endm

.macro ASM_READ_EFLAG pred, breg, d
(\pred)	mov \d=ar.eflag
.endm

.macro ASM_WRITE_EFLAG pred, breg, s
(\pred)	mov ar.eflag=\s
.endm
