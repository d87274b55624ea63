/* The reference patcher. What it checks, and why: docs/patching.md. */
#include "pvasm_patch.h"

#include <string.h>

#include "pvasm_records.h"

/* Addresses as numbers: what a damaged record refers to need not be a place that a pointer may have. */
typedef uint64_t address;

static address address_of(const void *pointer)
{
	return (address)(uintptr_t)pointer;
}

/* Of an address that lies in a range that was given. */
static const uint8_t *pointer_to(address place)
{
	return (const uint8_t *)(uintptr_t)place;
}

static uint32_t read16(const uint8_t *at)
{
	return (uint32_t)at[0] | (uint32_t)at[1] << 8;
}

static uint32_t read32(const uint8_t *at)
{
	return read16(at) | read16(at + 2) << 16;
}

static uint64_t read64(const uint8_t *at)
{
	return (uint64_t)read32(at) | (uint64_t)read32(at + 4) << 32;
}

static void write64(uint8_t *at, uint64_t value)
{
	int byte;

	for (byte = 0; byte < 8; byte++)
		at[byte] = (uint8_t)(value >> 8 * byte);
}

/* What a relative field refers to. */
static address referred(const uint8_t *field)
{
	uint64_t distance = read32(field);

	if (distance & 0x80000000u)
		distance |= ~(uint64_t)0xffffffffu;
	return address_of(field) + distance;
}

static size_t length(struct pvasm_range range)
{
	return (size_t)(range.end - range.start);
}

/* Whether `size` bytes from `start` lie in a range. */
static int lies_in(struct pvasm_range range, address start, address size)
{
	address first = address_of(range.start);

	return start >= first && size <= length(range) && start - first <= length(range) - size;
}

static int overlap(address a, address a_size, address b, address b_size)
{
	return a < b ? b - a < a_size : a - b < b_size;
}

static int same_name(const char *a, const char *b)
{
	while (*a != '\0' && *a == *b) {
		a++;
		b++;
	}
	return *a == *b;
}

/* ---- Bundles ---- */

static uint64_t slot_mask(void)
{
	return ((uint64_t)1 << 41) - 1;
}

static uint64_t get_slot(const uint8_t *bundle, unsigned slot)
{
	uint64_t low = read64(bundle);
	uint64_t high = read64(bundle + 8);

	if (slot == 0)
		return low >> 5 & slot_mask();
	if (slot == 1)
		return (low >> 46 | high << 18) & slot_mask();
	return high >> 23;
}

static void put_slot(uint8_t *bundle, unsigned slot, uint64_t code)
{
	uint64_t low = read64(bundle);
	uint64_t high = read64(bundle + 8);

	if (slot == 0) {
		low = (low & ~(slot_mask() << 5)) | code << 5;
	} else if (slot == 1) {
		low = (low & (((uint64_t)1 << 46) - 1)) | code << 46;
		high = (high & ~(((uint64_t)1 << 23) - 1)) | code >> 18;
	} else {
		high = (high & (((uint64_t)1 << 23) - 1)) | code << 23;
	}
	write64(bundle, low);
	write64(bundle + 8, high);
}

/* Template without its lowest bit, the stop at the end. */
static unsigned template_of(const uint8_t *bundle)
{
	return bundle[0] & 0x1eu;
}

static int is_bundle(const uint8_t *bundle)
{
	unsigned template = template_of(bundle);

	return template != 0x06 && template != 0x14 && template != 0x1a && template != 0x1e;
}

/* Whether a slot of a template is of the unit B. */
static int takes_branch(unsigned template, unsigned slot)
{
	switch (template) {
	case 0x10:	/* MIB */
	case 0x18:	/* MMB */
	case 0x1c:	/* MFB */
		return slot == 2;
	case 0x12:	/* MBB */
		return slot >= 1;
	case 0x16:	/* BBB */
		return 1;
	default:
		return 0;
	}
}

/* The 21 bits of a displacement, counted in bundles, in an instruction of the formats B1 to B3 (and, in part, X3 and X4). */
static uint64_t get_displacement(uint64_t code)
{
	return (code >> 36 & 1) << 20 | (code >> 13 & 0xfffff);
}

static uint64_t put_displacement(uint64_t code, uint64_t bits)
{
	code &= ~((uint64_t)1 << 36 | (uint64_t)0xfffff << 13);
	return code | (bits >> 20 & 1) << 36 | (bits & 0xfffff) << 13;
}

/* Whether there is a brl in a slot: its opcode is in slot 2 of MLX, most of its displacement in slot 1. */
static int is_long(const uint8_t *bundle, unsigned slot)
{
	uint64_t opcode = get_slot(bundle, 2) >> 37;

	return template_of(bundle) == 0x04 && slot == 2 && (opcode == 12 || opcode == 13);
}

/* Makes a brl go somewhere: 60 bits of a displacement, counted in bundles. */
static void aim_long(uint8_t *bundle, uint64_t bundles)
{
	uint64_t code = get_slot(bundle, 2);
	uint64_t more = get_slot(bundle, 1);

	put_slot(bundle, 2, put_displacement(code, (bundles >> 59 & 1) << 20 | (bundles & 0xfffff)));
	put_slot(bundle, 1, (more & 3) | (bundles >> 20 & (((uint64_t)1 << 39) - 1)) << 2);
}

/* Makes the branch of a site go somewhere, `bundles` from its own. */
static enum pvasm_status aim_branch(uint8_t *bundle, unsigned slot, uint64_t bundles)
{
	uint64_t code = get_slot(bundle, slot);
	uint64_t opcode = code >> 37;

	if (is_long(bundle, slot)) {
		aim_long(bundle, bundles);
		return PVASM_OK;
	}
	if (!takes_branch(template_of(bundle), slot) || (opcode != 4 && opcode != 5))
		return PVASM_BAD_CODE;
	if (bundles + 0x100000 > 0x1fffff)
		return PVASM_FAR;
	put_slot(bundle, slot, put_displacement(code, bundles));
	return PVASM_OK;
}

/* Moves a branch to where it was, `bundles` from where its bundle is now. */
static enum pvasm_status move_branch(uint8_t *bundle, unsigned slot, uint64_t bundles)
{
	uint64_t code = get_slot(bundle, slot);
	uint64_t bits;

	if (is_long(bundle, slot)) {
		bits = (code >> 36 & 1) << 59 | (get_slot(bundle, 1) >> 2) << 20 | (code >> 13 & 0xfffff);
		aim_long(bundle, bits + bundles);
		return PVASM_OK;
	}
	bits = get_displacement(code);
	if (bits & 0x100000)
		bits |= ~(uint64_t)0x1fffff;
	return aim_branch(bundle, slot, bits + bundles);
}

/* ---- Sites and their replacements ---- */

struct site {
	address start;
	size_t size;
	unsigned flags;
	unsigned operation;
	unsigned replacement;
};

struct replacement {
	const uint8_t *code;
	size_t bundles;
	const uint8_t *branches;
	size_t branch_count;
};

static struct site read_site(const uint8_t *record)
{
	struct site site;
	address start = referred(record + PVASM_SITE_START);
	address end = referred(record + PVASM_SITE_END);

	site.start = start;
	site.size = end > start ? (size_t)(end - start) : 0;
	site.flags = read16(record + PVASM_SITE_FLAGS);
	site.operation = read16(record + PVASM_SITE_OPERATION);
	site.replacement = read16(record + PVASM_SITE_REPLACEMENT);
	return site;
}

/* Whether it is a branch, which is made to go to its replacement. */
static int is_branch(const struct site *site)
{
	return (site->flags & PVASM_SITE_BRANCH) != 0;
}

static enum pvasm_status check_site(const struct pvasm_records *records, const uint8_t *record)
{
	struct site site = read_site(record);
	size_t index;

	if (read16(record + PVASM_SITE_VERSION) != PVASM_VERSION_NUMBER)
		return PVASM_VERSION;
	if ((site.flags & ~(unsigned)(PVASM_SITE_STOP | PVASM_SITE_BRANCH)) != 0)
		return PVASM_BAD_SITE;
	if (site.size == 0 || site.start % PVASM_BUNDLE != 0 || site.size % PVASM_BUNDLE != 0)
		return PVASM_BAD_SITE;
	if (is_branch(&site) && site.size != PVASM_BUNDLE)
		return PVASM_BAD_SITE;
	if (overlap(site.start, site.size, address_of(records->sites.start), length(records->sites)))
		return PVASM_BAD_SITE;
	for (index = 0; index < records->code_count; index++)
		if (lies_in(records->code[index], site.start, site.size))
			return PVASM_OK;
	return PVASM_BAD_SITE;
}

/* All sites, each by itself and against each other. Quadratic in their number: a kernel has some hundreds. */
static enum pvasm_status check_sites(const struct pvasm_records *records)
{
	const uint8_t *record;
	const uint8_t *other;

	if (length(records->sites) % PVASM_SITE_SIZE != 0)
		return PVASM_TRUNCATED;
	for (record = records->sites.start; record != records->sites.end; record += PVASM_SITE_SIZE) {
		enum pvasm_status status = check_site(records, record);
		struct site site = read_site(record);

		if (status != PVASM_OK)
			return status;
		for (other = records->sites.start; other != record; other += PVASM_SITE_SIZE) {
			struct site before = read_site(other);

			if (overlap(site.start, site.size, before.start, before.size))
				return PVASM_OVERLAP;
		}
	}
	return PVASM_OK;
}

/* Where a replacement has a branch that must be moved with it: the bundle times four, and the slot. */
static unsigned branch_place(const struct replacement *of, size_t branch)
{
	return read16(of->branches + branch * PVASM_BRANCH_SIZE + PVASM_BRANCH_PLACE);
}

/* Reads the replacement of a site in a block, and checks it. */
static enum pvasm_status find_replacement(struct pvasm_range block, const struct site *site, struct replacement *found)
{
	const uint8_t *entry = block.start + PVASM_BLOCK_SIZE + (size_t)site->replacement * PVASM_REPLACEMENT_SIZE;
	address code, list;
	size_t bundle, branch;

	if (site->replacement >= read16(block.start + PVASM_BLOCK_COUNT))
		return PVASM_NO_REPLACEMENT;
	found->bundles = read16(entry + PVASM_REPLACEMENT_BUNDLES);
	found->branch_count = read16(entry + PVASM_REPLACEMENT_BRANCHES);
	if (found->bundles == 0 || read16(entry + PVASM_REPLACEMENT_OPERATION) != site->operation ||
	    read16(entry + PVASM_REPLACEMENT_FLAGS) != (site->flags & PVASM_SITE_BRANCH))
		return PVASM_NO_REPLACEMENT;
	if (!is_branch(site) && found->bundles * PVASM_BUNDLE > site->size)
		return PVASM_NO_ROOM;
	code = referred(entry + PVASM_REPLACEMENT_CODE);
	list = referred(entry + PVASM_REPLACEMENT_BRANCH_LIST);
	if (!lies_in(block, code, found->bundles * PVASM_BUNDLE) || code % PVASM_BUNDLE != 0)
		return PVASM_BAD_BLOCK;
	if (found->branch_count != 0 && !lies_in(block, list, found->branch_count * PVASM_BRANCH_SIZE))
		return PVASM_BAD_BLOCK;
	found->code = pointer_to(code);
	found->branches = found->branch_count == 0 ? NULL : pointer_to(list);
	for (bundle = 0; bundle < found->bundles; bundle++)
		if (!is_bundle(found->code + bundle * PVASM_BUNDLE))
			return PVASM_BAD_CODE;
	for (branch = 0; branch < found->branch_count; branch++) {
		unsigned place = branch_place(found, branch);

		if (place >> 2 >= found->bundles || (place & 3) > 2)
			return PVASM_BAD_CODE;
	}
	return PVASM_OK;
}

/* From a site to its replacement, in bundles. Modulo 2^64, and both are multiples of a bundle: the bits above are those of the sign. */
static uint64_t distance_to(const struct site *site, const struct replacement *from)
{
	uint64_t distance = (address_of(from->code) - site->start) >> 4;

	return distance & (uint64_t)1 << 59 ? distance | ~(((uint64_t)1 << 60) - 1) : distance;
}

/* One bundle of a site as the target has it. */
static enum pvasm_status make_bundle(const struct site *site, const struct replacement *from, size_t index, uint8_t *bundle)
{
	static const uint8_t filler[PVASM_BUNDLE] = PVASM_FILLER;
	uint64_t distance = distance_to(site, from);
	size_t branch;

	if (is_branch(site)) {
		memcpy(bundle, pointer_to(site->start), PVASM_BUNDLE);
		return aim_branch(bundle, PVASM_BRANCH_SLOT, distance);
	}
	memcpy(bundle, index < from->bundles ? from->code + index * PVASM_BUNDLE : filler, PVASM_BUNDLE);
	for (branch = 0; branch < from->branch_count; branch++) {
		unsigned place = branch_place(from, branch);
		enum pvasm_status status;

		if (place >> 2 != index)
			continue;
		status = move_branch(bundle, place & 3, distance);
		if (status != PVASM_OK)
			return status;
	}
	if (index == site->size / PVASM_BUNDLE - 1 && (site->flags & PVASM_SITE_STOP) != 0)
		bundle[0] |= 1;
	return PVASM_OK;
}

/* Makes the bundles of a site, and writes them where there is a writer. */
static enum pvasm_status do_site(struct pvasm_range block, const uint8_t *record, const struct pvasm_writer *writer)
{
	struct site site = read_site(record);
	struct replacement from;
	enum pvasm_status status = find_replacement(block, &site, &from);
	uint8_t bundle[PVASM_BUNDLE];
	const uint8_t *to = pointer_to(site.start);
	size_t index;

	for (index = 0; status == PVASM_OK && index < site.size / PVASM_BUNDLE; index++) {
		status = make_bundle(&site, &from, index, bundle);
		if (status == PVASM_OK && writer != NULL)
			writer->write(writer->context, to + index * PVASM_BUNDLE, bundle, PVASM_BUNDLE);
	}
	if (status == PVASM_OK && writer != NULL && writer->flush != NULL)
		writer->flush(writer->context, to, site.size);
	return status;
}

/* The block at the start of what is left of a section. */
static enum pvasm_status check_block(struct pvasm_range rest, struct pvasm_range sites, struct pvasm_range *block,
				     struct pvasm_range *own)
{
	const uint8_t *start = rest.start;
	uint32_t size, count, sites_size;
	address first;

	if (length(rest) < PVASM_BLOCK_SIZE)
		return PVASM_TRUNCATED;
	if (read32(start + PVASM_BLOCK_MAGIC) != PVASM_MAGIC_NUMBER)
		return PVASM_BAD_BLOCK;
	if (read16(start + PVASM_BLOCK_VERSION) != PVASM_VERSION_NUMBER)
		return PVASM_VERSION;
	size = read32(start + PVASM_BLOCK_LENGTH);
	count = read16(start + PVASM_BLOCK_COUNT);
	if (size > length(rest) || size < PVASM_BLOCK_SIZE + (size_t)count * PVASM_REPLACEMENT_SIZE || size % PVASM_BUNDLE != 0)
		return PVASM_TRUNCATED;
	first = referred(start + PVASM_BLOCK_SITES);
	sites_size = read32(start + PVASM_BLOCK_SITES_SIZE);
	if (!lies_in(sites, first, sites_size) || sites_size % PVASM_SITE_SIZE != 0 ||
	    (first - address_of(sites.start)) % PVASM_SITE_SIZE != 0)
		return PVASM_BAD_BLOCK;
	block->start = start;
	block->end = start + size;
	own->start = pointer_to(first);
	own->end = own->start + sites_size;
	return PVASM_OK;
}

/* Whether a block before this one claims one of its sites. */
static int is_claimed(struct pvasm_range section, const uint8_t *until, struct pvasm_range sites, struct pvasm_range own)
{
	struct pvasm_range block, other;
	struct pvasm_range rest = section;

	while (rest.start != until) {
		if (check_block(rest, sites, &block, &other) != PVASM_OK)
			return 1;
		if (length(own) != 0 && length(other) != 0 &&
		    overlap(address_of(own.start), length(own), address_of(other.start), length(other)))
			return 1;
		rest.start = block.end;
	}
	return 0;
}

/* All sites of all blocks. Without a writer everything is checked and nothing is written. */
static enum pvasm_status do_blocks(const struct pvasm_records *records, struct pvasm_range section,
				   const struct pvasm_writer *writer)
{
	struct pvasm_range rest = section;
	size_t covered = 0;

	while (rest.start != rest.end) {
		struct pvasm_range block, own;
		const uint8_t *record;
		enum pvasm_status status = check_block(rest, records->sites, &block, &own);

		if (status != PVASM_OK)
			return status;
		if (writer == NULL && is_claimed(section, rest.start, records->sites, own))
			return PVASM_OVERLAP;
		for (record = own.start; record != own.end; record += PVASM_SITE_SIZE) {
			status = do_site(block, record, writer);
			if (status != PVASM_OK)
				return status;
		}
		covered += length(own);
		rest.start = block.end;
	}
	return covered == length(records->sites) ? PVASM_OK : PVASM_NO_REPLACEMENT;
}

/* Whether a site lies in what replacements are read from. */
static int writes_replacements(const struct pvasm_records *records, struct pvasm_range section)
{
	const uint8_t *record;

	for (record = records->sites.start; record != records->sites.end; record += PVASM_SITE_SIZE) {
		struct site site = read_site(record);

		if (overlap(site.start, site.size, address_of(section.start), length(section)))
			return 1;
	}
	return 0;
}

enum pvasm_status pvasm_apply(const struct pvasm_records *records, const struct pvasm_target *targets,
			      size_t target_count, const char *target, const struct pvasm_writer *writer)
{
	enum pvasm_status status = check_sites(records);
	const struct pvasm_target *chosen = NULL;
	size_t index;

	for (index = 0; index < target_count; index++)
		if (same_name(targets[index].name, target))
			chosen = &targets[index];
	if (status == PVASM_OK && chosen == NULL)
		status = PVASM_NO_TARGET;
	for (index = 0; status == PVASM_OK && index < target_count; index++)
		if (writes_replacements(records, targets[index].replacements))
			status = PVASM_BAD_SITE;
	if (status == PVASM_OK)
		status = do_blocks(records, chosen->replacements, NULL);
	if (status != PVASM_OK || writer->noreplace)
		return status;
	return do_blocks(records, chosen->replacements, writer);
}
