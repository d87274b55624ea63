// Written in the manner of Intel's compiler: explicit bundles, its remarks, sections and directives; privileged instructions of its intrinsics.
	.file "tlb.c"
	.radix C
	.psr abi64
	.psr lsb
	.section .text, "xa", "progbits"
	.align 32
	.section .data, "wa", "progbits"
	.align 8
	.section .text
// -- Begin  read_ivr
	.proc  read_ivr#
// Block 0: entry Pred:     Succ:     -S
// Freq 1.0e+00, Prob 0.00
	.align 32
	.global read_ivr#
read_ivr:
 {   .mii
	mov r8=cr.ivr					//0: {9:2} 1
	nop.i 0
	nop.i 0 ;;
 } {   .mib						//R
	nop.m 0
	nop.i 0
	br.ret.sptk.many b0 ;;				//2: {9:2} 2
 }
// -- End  read_ivr
	.endp  read_ivr#
// -- Begin  insert
	.proc  insert#
	.align 32
	.global insert#
insert:
	.prologue 12, 34
 {   .mmi
	alloc r35=ar.pfs,2,3,2,0				//0: {14:1} 1
	add r36=0,r1					//0: {14:1} 2
	mov r34=b0 ;;
 }
	.body
 {   .mmi
	mov r9=psr					//1: {15:1} 1
	rsm 0x4000
	add r37=0,r32 ;;
 } {   .mmi
	mov cr.ifa=r32					//2:
	mov cr.itir=r33
	nop.i 0 ;;
 } {   .mmi
	srlz.d
	nop.m 0
	nop.i 0 ;;
 } {   .mmi
	itc.d r33 ;;
	nop.m 0
	nop.i 0 ;;
 } {   .mib
	add r38=8,r32
	nop.i 0
	br.call.sptk.many b0=helper# ;;			//9:
 } {   .mii
	add r1=0,r36
	mov b0=r34
	mov.i ar.pfs=r35 ;;
 } {   .mmb
	thash r8=r32
	nop.m 0
	br.ret.sptk.many b0 ;;
 }
// -- End  insert
	.endp  insert#
	.proc  helper#
	.align 32
helper:
 {   .mib
	mov r8=cpuid[r32]
	nop.i 0
	br.ret.sptk.many b0 ;;
 }
	.endp  helper#
	.section .rodata, "a", "progbits"
	.align 8
.rodata.0:
	data8 0x4000
	.type	read_ivr#, @function
	.size	read_ivr#, 32
	.type	insert#, @function
	.size	insert#, 128
// End
