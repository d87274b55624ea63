/*
 * The layout of patch records, made from grammar/patching.tsv: offsets and sizes in bytes, numbers little-endian.
 * A `relative` field is the address referred to less its own. See docs/patching.md.
 */
#ifndef PVASM_RECORDS_H
#define PVASM_RECORDS_H

#define PVASM_VERSION_NUMBER	1
#define PVASM_MAGIC_NUMBER	0x53415650u
#define PVASM_BUNDLE		16
#define PVASM_FILLER		{ 0x0c, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, \
					  0x00, 0x02, 0x00, 0x00, 0x00, 0x00, 0x04, 0x00 }
#define PVASM_SITE_STOP		1
#define PVASM_SITE_BRANCH	2
#define PVASM_BRANCH_SLOT	2

#define PVASM_SITE_SIZE		16
#define PVASM_SITE_START	0	/* 4 bytes, relative */
#define PVASM_SITE_END		4	/* 4 bytes, relative */
#define PVASM_SITE_OPERATION	8	/* 2 bytes, number */
#define PVASM_SITE_REPLACEMENT	10	/* 2 bytes, number */
#define PVASM_SITE_FLAGS	12	/* 2 bytes, number */
#define PVASM_SITE_VERSION	14	/* 2 bytes, number */

#define PVASM_BLOCK_SIZE	32
#define PVASM_BLOCK_MAGIC	0	/* 4 bytes, number */
#define PVASM_BLOCK_VERSION	4	/* 2 bytes, number */
#define PVASM_BLOCK_COUNT	6	/* 2 bytes, number */
#define PVASM_BLOCK_SITES	8	/* 4 bytes, relative */
#define PVASM_BLOCK_SITES_SIZE	12	/* 4 bytes, number */
#define PVASM_BLOCK_LENGTH	16	/* 4 bytes, number */

#define PVASM_REPLACEMENT_SIZE	16
#define PVASM_REPLACEMENT_CODE	0	/* 4 bytes, relative */
#define PVASM_REPLACEMENT_BUNDLES	4	/* 2 bytes, number */
#define PVASM_REPLACEMENT_BRANCHES	6	/* 2 bytes, number */
#define PVASM_REPLACEMENT_BRANCH_LIST	8	/* 4 bytes, relative */
#define PVASM_REPLACEMENT_OPERATION	12	/* 2 bytes, number */
#define PVASM_REPLACEMENT_FLAGS	14	/* 2 bytes, number */

#define PVASM_BRANCH_SIZE	2
#define PVASM_BRANCH_PLACE	0	/* 2 bytes, number */

#endif
