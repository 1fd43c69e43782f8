// SPDX-License-Identifier: GPL-2.0
/*
 * Evidence - what the texts in an image tell about its configuration
 *
 * Most images have no copy of their configuration.
 */

#include <string.h>

#include "config.h"
#include "evidence.h"
#include "kernel.h"

/*
 * What a text in the section .rodata of an image tells about a symbol.  The
 * texts are the same since the symbols exist.
 */
static const struct {
	const char *symbol;
	const char *text;
	enum fact if_found;
	enum fact if_not;
} evidence[] = {
	{ "MODULE_FORCE_LOAD", ": kernel tainted.\n", FACT_YES, FACT_NO },
	{ "MODULE_DECOMPRESS", "decompression failed with status",
	  FACT_YES, FACT_NO },
	{ "MODULE_COMPRESS_GZIP", "not a gzip compressed module",
	  FACT_YES, FACT_UNKNOWN },
	{ "MODULE_COMPRESS_XZ", "not an xz compressed module",
	  FACT_YES, FACT_UNKNOWN },
	{ "MODULE_COMPRESS_ZSTD", "not a zstd compressed module",
	  FACT_YES, FACT_UNKNOWN },
	{ "STRICT_MODULE_RWX", "has invalid WRITE|EXEC flags",
	  FACT_YES, FACT_NO },
	{ "RETPOLINE", "module not compiled with retpoline compiler",
	  FACT_YES, FACT_NO },
	{ "MITIGATION_RETPOLINE", "module not compiled with retpoline compiler",
	  FACT_YES, FACT_NO },
	{ "SECURITY_LOCKDOWN_LSM", "see man kernel_lockdown.7",
	  FACT_YES, FACT_NO },
	{ "LOCK_DOWN_KERNEL_FORCE_INTEGRITY", "Kernel configuration",
	  FACT_UNKNOWN, FACT_NO },
	{ "LOCK_DOWN_KERNEL_FORCE_CONFIDENTIALITY", "Kernel configuration",
	  FACT_UNKNOWN, FACT_NO },
	{ "LIVEPATCH", "tainting kernel with TAINT_LIVEPATCH",
	  FACT_YES, FACT_NO },
	{ "DEBUG_INFO_BTF_MODULES", "Kernel module BTF mismatch detected",
	  FACT_YES, FACT_UNKNOWN },
	{ "DEBUG_INFO_BTF_MODULES", "failed to validate module [%s] BTF",
	  FACT_YES, FACT_UNKNOWN },
	{ "MODULE_ALLOW_BTF_MISMATCH", "Kernel module BTF mismatch detected",
	  FACT_YES, FACT_UNKNOWN },
	{ "MODULE_ALLOW_MISSING_NAMESPACE_IMPORTS",
	  "\0014%s: module uses symbol (", FACT_YES, FACT_UNKNOWN },
	{ "MODULE_ALLOW_MISSING_NAMESPACE_IMPORTS",
	  "\0013%s: module uses symbol (", FACT_NO, FACT_UNKNOWN },
	{ "DYNAMIC_DEBUG_CORE", "dynamic_debug.verbose", FACT_YES, FACT_NO },
	{ "MEM_ALLOC_PROFILING", "mem_profiling", FACT_YES, FACT_NO },
};

/**
 * evidence_read() - Add symbols of the configuration that an image tells.
 * @data: the section .rodata of the image, which may be hostile
 * @draft: the draft
 */
void evidence_read(struct buffer data, struct draft *draft)
{
	size_t unused;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(evidence); i++) {
		bool is_found = buffer_find(data, evidence[i].text,
					    strlen(evidence[i].text), &unused);
		enum fact fact = is_found ? evidence[i].if_found :
			evidence[i].if_not;

		if (fact != FACT_UNKNOWN)
			config_add(draft, evidence[i].symbol, fact == FACT_YES);
	}
}
