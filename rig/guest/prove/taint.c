// SPDX-License-Identifier: GPL-2.0
/*
 * Taint - the bits of the kernel's taint, and what they mean
 *
 * The letters and words are those of Documentation/admin-guide/tainted-kernels.rst.
 */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "ktap.h"
#include "taint.h"

static const struct {
	char letter;
	const char *text;
} taints[] = {
	{ 'P', "proprietary module was loaded" },
	{ 'F', "module was force loaded" },
	{ 'S', "kernel running on an out of specification system" },
	{ 'R', "module was force unloaded" },
	{ 'M', "processor reported a Machine Check Exception (MCE)" },
	{ 'B', "bad page referenced or some unexpected page flags" },
	{ 'U', "taint requested by userspace application" },
	{ 'D', "kernel died recently, i.e. there was an OOPS or BUG" },
	{ 'A', "ACPI table overridden by user" },
	{ 'W', "kernel issued warning" },
	{ 'C', "staging driver was loaded" },
	{ 'I', "workaround for bug in platform firmware applied" },
	{ 'O', "externally-built (\"out-of-tree\") module was loaded" },
	{ 'E', "unsigned module was loaded" },
	{ 'L', "soft lockup occurred" },
	{ 'K', "kernel has been live patched" },
	{ 'X', "auxiliary taint, defined for and used by distros" },
	{ 'T', "kernel was built with the struct randomization plugin" },
	{ 'N', "an in-kernel test has been run" },
	{ 'J', "userspace used a mutating debug operation in fwctl" },
};

#define TAINTS	(sizeof(taints) / sizeof(*taints))

/*
 * What a module may be without a mistake in it: proprietary, from the staging
 * tree, out of tree, unsigned, or with KUnit suites.
 */
static const char harmless[] = "PCOEN";

/* Read the kernel's taint. */
unsigned long taint_read(void)
{
	FILE *file = fopen("/proc/sys/kernel/tainted", "re");
	unsigned long taint = 0;

	if (file) {
		if (fscanf(file, "%lu", &taint) != 1)
			taint = 0;
		fclose(file);
	}
	return taint;
}

/* Return the letters of the bits, or "none". */
const char *taint_letters(unsigned long taint)
{
	static char letters[TAINTS + 1];
	size_t i, length = 0;

	for (i = 0; i < TAINTS; i++)
		if (taint & (1UL << i))
			letters[length++] = taints[i].letter;
	letters[length] = '\0';
	return length ? letters : "none";
}

/* Return a reason if these bits show a mistake. */
const char *taint_reason(unsigned long taint)
{
	const char *reason = NULL;
	size_t i;

	for (i = 0; i < TAINTS; i++) {
		if (!(taint & (1UL << i)) || strchr(harmless, taints[i].letter))
			continue;
		reason = because("%s%s%c: %s", reason ? reason : "", reason ? "; " : "",
				 taints[i].letter, taints[i].text);
	}
	if (!reason && taint >> TAINTS)
		reason = because("unknown bits: %#lx", taint >> TAINTS << TAINTS);
	return reason;
}
