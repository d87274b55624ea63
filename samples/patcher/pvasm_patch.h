/*
 * Patches the sites of joint listings (pvasm build -t native+xen:d) while a kernel boots, or when a module is loaded.
 * Portable C99: no library, no allocation. What the records look like: docs/patching.md and pvasm_records.h.
 */
#ifndef PVASM_PATCH_H
#define PVASM_PATCH_H

#include <stddef.h>
#include <stdint.h>

/* From the first byte to the one behind the last. */
struct pvasm_range {
	const uint8_t *start;
	const uint8_t *end;
};

/* What the patcher reads: sections as they lie in memory, linked, and at the distances that the linker gave them. */
struct pvasm_records {
	struct pvasm_range sites;		/* .pvasm.sites */
	const struct pvasm_range *code;		/* where sites may be: .text, .init.text ... */
	size_t code_count;
};

/* The section .pvasm.replacements.TARGET. */
struct pvasm_target {
	const char *name;
	struct pvasm_range replacements;
};

/* How code is changed; `context` is the caller's own. */
struct pvasm_writer {
	void *context;
	/* Writes bytes of code: through another mapping where code is read-only. */
	void (*write)(void *context, const uint8_t *to, const uint8_t *bytes, size_t size);
	/* Called once for each site that was written: fc.i for each line, then sync.i and srlz.i. May be NULL. */
	void (*flush)(void *context, const uint8_t *start, size_t size);
	/* A switch on the kernel's command line (Linux had noreplace-paravirt): everything is checked, nothing is written. */
	int noreplace;
};

enum pvasm_status {
	PVASM_OK,
	PVASM_NO_TARGET,	/* the target is not among those given */
	PVASM_TRUNCATED,	/* a section ends within a record */
	PVASM_VERSION,		/* records of another version */
	PVASM_BAD_SITE,		/* a site is no whole number of bundles, not in code, or has flags that are not known */
	PVASM_OVERLAP,		/* two sites overlap, or two blocks claim one site */
	PVASM_BAD_BLOCK,	/* a block, or a reference in it, leads out of its section */
	PVASM_NO_REPLACEMENT,	/* the target has nothing for a site, or for another operation */
	PVASM_NO_ROOM,		/* a replacement is longer than its site */
	PVASM_BAD_CODE,		/* a replacement is no code, or a branch of it is none */
	PVASM_FAR		/* a branch cannot reach its target from the site */
};

/*
 * Gives every site the code of one target. All records are checked before the first byte is written: any status but
 * PVASM_OK means that nothing was. May be called again, for the same target or another one.
 */
enum pvasm_status pvasm_apply(const struct pvasm_records *records, const struct pvasm_target *targets,
			      size_t target_count, const char *target, const struct pvasm_writer *writer);

#endif
