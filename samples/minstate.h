/*
 * Saving what an interruption interrupted, and where the kernel keeps things.
 *
 * The rules of the vectors:
 *  - an interruption enters with psr.ic and psr.i off and on register bank 0: r16-r31 are ours, all the rest belongs
 *    to whoever was interrupted until it is in the frame;
 *  - who needs predicates saves them to r31 first, who needs a branch register saves b0 to r29;
 *  - r30 is where nested_dtlb_miss goes back to, r16 the address that it looks up: a load through the linear page
 *    table reads both, although no instruction shows it.
 */

#define KR_PGDIR	ar.k3		/* page directory of the current address space, physical */
#define KR_CURRENT	ar.k6		/* the current thread; its kernel stack is above it */

#define PAGE_SHIFT	14
#define PAGE_PRESENT	0		/* bit numbers */
#define PAGE_ACCESSED	5
#define PAGE_KERNEL	0x661		/* present, write-back, accessed, dirty, ring 0, read/write/execute */
#define GRANULE_SHIFT	24

#define PSR_CPL		32
#define PSR_ED		43
#define ISR_X		32
#define ISR_SP		35

#define THREAD_SP	0x00
#define THREAD_PGDIR	0x08
#define THREAD_RID	0x10		/* region ID of its region 0, as rr0 wants it */
#define THREAD_WORK	0x18		/* not zero: something to do before it goes back to user mode */
#define THREAD_RBS	0x0c00		/* its register backing store starts here */
#define THREAD_STACK	0x8000		/* its memory stack ends here */

/* The frame on the kernel stack: in pairs, so that two pointers walk it side by side. */
#define FRAME_IPSR	0x00
#define FRAME_IIP	0x08
#define FRAME_IFS	0x10
#define FRAME_UNAT	0x18
#define FRAME_PFS	0x20
#define FRAME_RSC	0x28
#define FRAME_RNAT	0x30
#define FRAME_BSPSTORE	0x38
#define FRAME_PR	0x40
#define FRAME_B0	0x48
#define FRAME_LOADRS	0x50
#define FRAME_R1	0x58
#define FRAME_R12	0x60
#define FRAME_R13	0x68
#define FRAME_R2	0x70
#define FRAME_R3	0x78
#define FRAME_R8	0x80
#define FRAME_R9	0x88
#define FRAME_R10	0x90
#define FRAME_R11	0x98
#define FRAME_R14	0xa0
#define FRAME_R15	0xa8
#define FRAME_R16	0xb0		/* and on to r31 */
#define FRAME_B6	0x130
#define FRAME_B7	0x138
#define FRAME_CCV	0x140
#define FRAME_FPSR	0x148
#define FRAME_SIZE	0x150

#define p_kernel	p14		/* the interruption came from the kernel itself */
#define p_user		p15

#define SPILL(pointer0, reg0, pointer1, reg1)						\
.mem.offset 0,0; st8.spill [pointer0]=reg0,16;						\
.mem.offset 8,0; st8.spill [pointer1]=reg1,16

#define FILL(pointer0, reg0, pointer1, reg1)						\
	ld8.fill reg0=[pointer0],16;							\
	ld8.fill reg1=[pointer1],16

/*
 * Build the frame, go to the kernel's stacks and to bank 1.
 *	EXTRA	what the vector must hand on: it may leave it in r8-r11, which are in the frame by then
 *  in:	r29 = b0, r31 = predicates; r19 may carry something to EXTRA
 * out:	r12 = stack, the frame 16 bytes above it; r13 = current; r2, r3 where SAVE_REST goes on; bank 1; p_kernel, p_user;
 *	psr.ic still off
 */
#define SAVE_FRAME(EXTRA)								\
	mov r18=KR_CURRENT;								\
	mov r27=ar.rsc;									\
	mov r20=r1;									\
	mov r25=ar.unat;								\
	mov r21=cr.ipsr;								\
	mov r26=ar.pfs;									\
	mov r28=cr.iip;									\
	mov r22=THREAD_RBS;								\
	mov r17=THREAD_STACK-FRAME_SIZE;						\
	cover;				/* the interrupted frame is the RSE's now */	\
	;;										\
	mov r30=cr.ifs;									\
	mov ar.rsc=0;			/* lazy, or bspstore may not be written */	\
	extr.u r16=r21,PSR_CPL,2;							\
	add r22=r22,r18;								\
	;;										\
	cmp.eq p_kernel,p_user=r16,r0;							\
	;;										\
(p_kernel) adds r17=-FRAME_SIZE,r12;							\
(p_user) add r17=r17,r18;								\
(p_user) mov r24=ar.rnat;								\
(p_user) mov r23=ar.bspstore;								\
	;;										\
(p_user) mov ar.bspstore=r22;								\
	mov r16=r17;									\
	adds r17=FRAME_IIP,r17;								\
	;;										\
	st8 [r16]=r21,16;								\
	st8 [r17]=r28,16;								\
	;;										\
	mov r28=ar.bsp;									\
	st8 [r16]=r30,16;								\
	st8 [r17]=r25,16;								\
	;;										\
	mov ar.rsc=3;			/* eager, ring 0 */				\
	st8 [r16]=r26,16;								\
	st8 [r17]=r27,16;								\
(p_kernel) mov r22=r28;									\
	;;										\
(p_user) st8 [r16]=r24;									\
(p_user) st8 [r17]=r23;									\
	sub r22=r28,r22;		/* bytes the user left in the RSE */		\
	;;										\
	adds r16=16,r16;								\
	adds r17=16,r17;								\
	shl r22=r22,16;			/* where ar.rsc keeps its loadrs */		\
	;;										\
	st8 [r16]=r31,16;								\
	st8 [r17]=r29,16;								\
	;;										\
	st8 [r16]=r22,16;								\
.mem.offset 8,0; st8.spill [r17]=r20,16;						\
	;;										\
	SPILL(r16, r12, r17, r13);							\
	;;										\
	adds r12=-FRAME_R2-16,r16;							\
	SPILL(r16, r2, r17, r3);							\
	mov r13=r18;									\
	;;										\
	SPILL(r16, r8, r17, r9);							\
	mov r2=FRAME_R14+16;								\
	mov r3=FRAME_R15+16;								\
	;;										\
	SPILL(r16, r10, r17, r11);							\
	add r2=r2,r12;									\
	add r3=r3,r12;									\
	;;										\
	EXTRA;										\
	;;										\
	bsw.1;										\
	;;

/* The rest of what C code may destroy, once psr.ic is on. The kernel is compiled to use no floating-point register. */
#define SAVE_REST									\
	SPILL(r2, r14, r3, r15);							\
	;;										\
	SPILL(r2, r16, r3, r17);							\
	mov r14=b6;									\
	mov r15=b7;									\
	;;										\
	SPILL(r2, r18, r3, r19);							\
	mov r16=ar.ccv;									\
	;;										\
	SPILL(r2, r20, r3, r21);							\
	mov r17=ar.fpsr;								\
	;;										\
	SPILL(r2, r22, r3, r23);							\
	;;										\
	SPILL(r2, r24, r3, r25);							\
	;;										\
	SPILL(r2, r26, r3, r27);							\
	;;										\
	SPILL(r2, r28, r3, r29);							\
	;;										\
	SPILL(r2, r30, r3, r31);							\
	;;										\
	st8 [r2]=r14,16;								\
	st8 [r3]=r15,16;								\
	;;										\
	st8 [r2]=r16;									\
	st8 [r3]=r17;									\
	;;
