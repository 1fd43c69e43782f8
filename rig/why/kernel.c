// SPDX-License-Identifier: GPL-2.0
/*
 * Kernel - what is known about the kernel that a module is meant for
 */

#include <linux/elf.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cache.h"
#include "kernel.h"
#include "owner.h"
#include "survey.h"

/**
 * struct kernel_facts - exports, configuration and names of built-in parts
 * @draft: what @block is in, if it is not mapped
 * @block: the facts
 * @is_mapped: whether @block is mapped from the cache
 * @owners: modules whose exports were needed
 */
struct kernel_facts {
	struct draft draft;
	struct buffer block;
	bool is_mapped;
	struct owners owners;
};

static void check_releases(const struct draft *draft, const char *named)
{
	if (draft->other_release)
		die("%s is of two kernels, %s and %s: name sources of one kernel only",
		    named && *named ? named : "the running kernel",
		    draft->release, draft->other_release);
}

/* Set what the members of the structure tell. */
static void set_members(struct kernel *kernel, const struct sources *sources)
{
	struct buffer block = kernel->facts->block;
	struct facts facts = {};

	buffer_read(block, 0, &facts, sizeof(facts));
	kernel->release = facts_string(block, facts.release);
	kernel->vermagic = facts_string(block, facts.vermagic);
	kernel->version = facts.version;
	kernel->module_size = facts.module_size;
	kernel->btf_names = facts.btf_names;
	kernel->machine = facts.machine ? facts.machine : EM_X86_64;
	kernel->modules = sources->modules;
	kernel->headers = sources->headers;
	kernel->knows_exports = facts.knows & KNOWS_EXPORTS;
	kernel->knows_module_exports = facts.knows & KNOWS_MODULE_EXPORTS;
	kernel->is_running = sources->is_running;
}

/**
 * kernel_open() - Find out what there is to know about a kernel.
 * @kernel: set to what is known; all zero before
 * @named: a release, a path or a name, or several with a comma between each
 *	two; NULL or "" for the running kernel
 *
 * The program ends with one line if there is no such kernel.
 */
void kernel_open(struct kernel *kernel, const char *named)
{
	struct sources sources = { .arena = &kernel->arena };
	struct kernel_facts *own = arena_alloc(&kernel->arena, sizeof(*own));

	sources_find(&sources, named);
	own->is_mapped = cache_load(sources.name, sources.key, &own->block);
	if (!own->is_mapped) {
		survey_read(&own->draft, &sources);
		check_releases(&own->draft, named);
		own->block = draft_finish(&own->draft, sources.key);
		cache_store(sources.name, own->block);
	}
	own->owners.directory = sources.modules;
	kernel->facts = own;
	set_members(kernel, &sources);
	kernel->title = named && *named ? named : kernel->release;
}

/**
 * kernel_close() - Free all that belongs to a kernel.
 * @kernel: the kernel, all zero afterwards
 */
void kernel_close(struct kernel *kernel)
{
	struct kernel_facts *own = kernel->facts;
	struct arena arena = kernel->arena;

	if (own) {
		if (own->is_mapped)
			cache_unload(own->block);
		draft_free(&own->draft);
		arena_free(&own->owners.arena);
	}
	*kernel = (struct kernel){};
	arena_free(&arena);
}

/**
 * kernel_find_export() - Find a symbol that the kernel or a module of it exports.
 * @kernel: the kernel
 * @name: the symbol
 * @found: set to what is known about it
 *
 * Return: false if nothing that is known exports it.
 */
bool kernel_find_export(const struct kernel *kernel, const char *name,
			struct kernel_export *found)
{
	struct facts_entry entry;
	const char *owner;

	if (!kernel->facts ||
	    !facts_find(kernel->facts->block, FACTS_EXPORTS, name, &entry))
		return false;
	owner = facts_string(kernel->facts->block, entry.owner);
	if (entry.flags & ENTRY_IN_FILE && owner && kernel->modules &&
	    owners_find(&kernel->facts->owners, name, owner, found))
		return true;
	found->name = facts_string(kernel->facts->block, entry.name);
	found->owner = owner;
	found->space = facts_string(kernel->facts->block, entry.space);
	found->crc = entry.crc;
	found->has_crc = entry.flags & ENTRY_HAS_CRC;
	found->is_gpl = entry.flags & ENTRY_IS_GPL;
	return true;
}

/* Return what is known completely. */
static unsigned int knows(const struct kernel *kernel)
{
	struct facts facts = {};

	if (kernel->facts)
		buffer_read(kernel->facts->block, 0, &facts, sizeof(facts));
	return facts.knows;
}

/**
 * kernel_config() - Find out whether the kernel was built with an option.
 * @kernel: the kernel
 * @symbol: the option, as "MODULE_SIG" or "CONFIG_MODULE_SIG"
 *
 * Return: FACT_YES also for m, and for an option that has another value.
 */
enum fact kernel_config(const struct kernel *kernel, const char *symbol)
{
	struct facts_entry entry;

	if (!strncmp(symbol, "CONFIG_", 7))
		symbol += 7;
	if (kernel->facts &&
	    facts_find(kernel->facts->block, FACTS_CONFIG, symbol, &entry))
		return entry.flags & ENTRY_IS_NOT ? FACT_NO : FACT_YES;
	return knows(kernel) & KNOWS_CONFIG ? FACT_NO : FACT_UNKNOWN;
}

/* Return whether a module of this name is loaded now. */
static bool is_loaded(const char *name)
{
	FILE *file = fopen("/proc/modules", "re");
	char line[4096];
	size_t length = strlen(name);
	bool result = false;

	while (file && !result && fgets(line, sizeof(line), file))
		result = !strncmp(line, name, length) && line[length] == ' ';
	if (file)
		fclose(file);
	return result;
}

/**
 * kernel_has_builtin() - Find out whether /sys/module/NAME is of the kernel itself.
 * @kernel: the kernel
 * @name: NAME, the name of a module
 *
 * Return: FACT_YES if a part of the kernel that is not a module has this
 * directory, because it has parameters or a version.
 */
enum fact kernel_has_builtin(const struct kernel *kernel, const char *name)
{
	struct facts_entry entry;
	char path[128];

	if (kernel->is_running && !access("/sys/module", F_OK) &&
	    !strchr(name, '/') && *name != '.' &&
	    snprintf(path, sizeof(path), "/sys/module/%s", name) < 128)
		return access(path, F_OK) || is_loaded(name) ? FACT_NO : FACT_YES;
	if (kernel->facts &&
	    facts_find(kernel->facts->block, FACTS_BUILTINS, name, &entry))
		return entry.flags & ENTRY_IS_MAYBE ? FACT_UNKNOWN : FACT_YES;
	return knows(kernel) & (KNOWS_BUILTINS | KNOWS_PARAMETERS) ?
		FACT_NO : FACT_UNKNOWN;
}
