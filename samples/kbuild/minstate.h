/* What the vectors save first, and where: the handlers' own registers are r16-r31 of bank 0. */
#define PAGE_SHIFT	14
#define KR_PGTABLE	ar.k3		/* the page table, physical */

/* Predicates and b0 of the interrupted code, and the address that it missed. */
#define SAVE_MIN				\
	mov	r31=pr;				\
	mov	r29=b0;				\
	mov	r16=cr.ifa;			\
	;;

/* Back to the interrupted code. */
#define RESTORE_MIN				\
	mov	pr=r31,-1;			\
	mov	b0=r29;				\
	rfi
