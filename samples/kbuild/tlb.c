/*
 * The C code of a small kernel, with instructions that only a kernel may execute. tlb.s is what GCC 12 makes of it:
 * cc1 -quiet -O2 -mconstant-gp -ffixed-r13 -mfixed-range=f12-f15,f32-f127 -fno-strict-aliasing -ffreestanding -fno-common
 */
typedef unsigned long u64;
typedef unsigned int u32;

#define PSR_I  (1UL << 14)

struct tlb_entry { u64 va, pte, itir; };
struct cpu { u64 next_tick, delta, ticks, itm_lost; u32 id; u32 online; struct tlb_entry pinned[8]; };

#define serialize_data() __asm__ volatile (";; srlz.d" ::: "memory")
#define stop()           __asm__ volatile (";;" ::: "memory")

static inline u64 read_psr(void)   { u64 v; __asm__ volatile ("mov %0=psr" : "=r" (v) :: "memory"); return v; }
static inline void purge_global(u64 a, u64 bits) { __asm__ volatile ("ptc.ga %0,%1" :: "r" (a), "r" (bits << 2) : "memory"); }
static inline void purge_local(u64 a, u64 bits)  { __asm__ volatile ("ptc.l %0,%1" :: "r" (a), "r" (bits << 2) : "memory"); }

static inline u64 irq_save(void)
{
	u64 psr = read_psr();
	stop();
	__asm__ volatile ("rsm psr.i" ::: "memory");
	return psr & PSR_I;
}

static inline void irq_restore(u64 flags)
{
	__asm__ volatile ("cmp.ne p6,p7=%0,r0;; (p6) ssm psr.i; (p7) rsm psr.i;; (p6) srlz.d" :: "r" (flags) : "p6", "p7", "memory");
}

/* Insert a translation that stays: psr.ic off around the control registers. */
void pin(struct cpu *cpu, int slot, u64 va, u64 pte, u64 bits)
{
	u64 flags = irq_save();
	__asm__ volatile ("rsm psr.ic;; srlz.d" ::: "memory");
	__asm__ volatile ("mov cr.itir=%0" :: "r" (bits << 2) : "memory");
	__asm__ volatile ("mov cr.ifa=%0;;" :: "r" (va) : "memory");
	__asm__ volatile ("itr.d dtr[%0]=%1" :: "r" ((u64) slot), "r" (pte) : "memory");
	serialize_data();
	__asm__ volatile ("ssm psr.ic;; srlz.d" ::: "memory");
	irq_restore(flags);
	cpu->pinned[slot].va = va;
	cpu->pinned[slot].pte = pte;
	cpu->pinned[slot].itir = bits << 2;
}

void purge_range(u64 start, u64 end, u64 bits, int everywhere)
{
	do {
		if (everywhere) purge_global(start, bits);
		else purge_local(start, bits);
		start += 1UL << bits;
	} while (start < end);
	__asm__ volatile ("srlz.i" ::: "memory");
}
