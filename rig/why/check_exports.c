// SPDX-License-Identifier: GPL-2.0
/*
 * Exports - what is wrong with what a module exports
 */

#include <string.h>

#include "checks.h"
#include "provided.h"
#include "symbols.h"

/* sizeof(struct kernel_symbol) */
#define ENTRY_SIZE	12

static bool has_entries(const struct object *object, const char *name)
{
	unsigned int index = object_find_loaded(object, name);

	return index && object->sections[index].sh_size / ENTRY_SIZE;
}

/* Return true if there are entries in @table, but no section @other. */
static bool lacks(const struct object *object, const char *table,
		  const char *other)
{
	return has_entries(object, table) && !object_find_loaded(object, other);
}

/* What try_to_force_load() makes of exports without CRCs. */
static void report_without_versions(struct attempt *attempt)
{
	if (symbols_use_versions(attempt) == FACT_NO)
		return;
	if (symbols_use_versions(attempt) == FACT_UNKNOWN) {
		unsure(attempt,
		       "The exports have no CRCs. Whether the kernel needs them, its configuration (MODVERSIONS) would tell: name its headers.");
		return;
	}
	if (!force_load(attempt, "no versions for exported symbols"))
		refuse(attempt, "no-export-versions-refused",
		       attempt_name(attempt), NULL);
}

/**
 * check_export_versions() - Check that exports have CRCs, before Linux 7.1.
 * @attempt: the attempt
 */
void check_export_versions(struct attempt *attempt)
{
	if (lacks(attempt->object, "__ksymtab", "__kcrctab") ||
	    lacks(attempt->object, "__ksymtab_gpl", "__kcrctab_gpl"))
		report_without_versions(attempt);
}

/**
 * check_export_flags() - Check that exports have flags and CRCs, since Linux 7.1.
 * @attempt: the attempt
 */
void check_export_flags(struct attempt *attempt)
{
	static const char * const obsolete[] = {
		"__ksymtab_gpl", "__kcrctab_gpl",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(obsolete); i++)
		if (object_find_loaded(attempt->object, obsolete[i]))
			remark(attempt, "obsolete-section",
			       attempt_name(attempt), obsolete[i], NULL);
	if (lacks(attempt->object, "__ksymtab", "__kflagstab"))
		refuse(attempt, "no-export-flags", attempt_name(attempt), NULL);
	else if (lacks(attempt->object, "__ksymtab", "__kcrctab"))
		report_without_versions(attempt);
}

static bool is_loaded(const struct attempt *attempt, const char *name)
{
	unsigned int i;

	for (i = 0; i < attempt->state->nr_loaded; i++)
		if (!strcmp(attempt->state->loaded[i], name))
			return true;
	return false;
}

/*
 * Return the owner of a symbol that is exported already, or NULL.  If that
 * depends on whether a module is loaded, @owner is set to it.
 */
static const char *find_owner(const struct attempt *attempt, const char *name,
			      const char **owner)
{
	const struct provided_export *given =
		provided_find(attempt->provided, name);
	struct kernel_export found;
	bool is_known = kernel_find_export(attempt->kernel, name, &found);

	if (is_known && !found.owner)
		return "kernel";
	if (given)
		return given->by->name;
	if (!is_known || !strcmp(found.owner, attempt_name(attempt)) ||
	    provided_find_module(attempt->provided, found.owner))
		return NULL;
	if (!attempt->state->knows_loaded)
		*owner = found.owner;
	else if (is_loaded(attempt, found.owner))
		return found.owner;
	return NULL;
}

/**
 * check_duplicate_exports() - Check that nothing else exports the same symbols.
 * @attempt: the attempt
 */
void check_duplicate_exports(struct attempt *attempt)
{
	const struct object *object = attempt->object;
	const char *symbol = NULL;
	const char *first = NULL;
	unsigned int i;

	for (i = 0; i < object->nr_exports; i++) {
		const char *name = object->exports[i].name;
		const char *maybe = NULL;
		const char *owner = find_owner(attempt, name, &maybe);

		if (owner) {
			refuse(attempt, "duplicate-export",
			       attempt_name(attempt), name, owner, NULL);
			return;
		}
		if (maybe && !symbol) {
			symbol = name;
			first = maybe;
		}
	}
	if (symbol)
		remark(attempt, "duplicate-if-loaded", attempt_name(attempt),
		       symbol, first, NULL);
}
