// SPDX-License-Identifier: GPL-2.0
/*
 * Symbols - what a module imports, and where Linux finds it
 */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "checks.h"
#include "provided.h"
#include "symbols.h"

/* How many symbols are named if a sentence is about several. */
#define NAMED_LIMIT	5

/* For how many symbols that do not exist a similar name is looked for. */
#define SIMILAR_LIMIT	16

/* Symbols that share one sentence. */
struct group {
	unsigned int nr;
	const char *names[NAMED_LIMIT];
};

/* What differs between versions of Linux. */
struct rules {
	bool has_extended_versions;
	bool has_module_spaces;
};

/* A symbol that was found, with the module that owns it, NULL for the kernel. */
struct symbol {
	struct kernel_export export;
	bool is_proprietary;
	bool is_given;
};

/* What is known while the symbols of one module are resolved. */
struct resolver {
	struct attempt *attempt;
	const struct rules *rules;
	const char *name;
	const char *log_name;
	bool is_proprietary;
	bool uses_gpl;
	bool has_versions;
	bool is_extended;
	unsigned int nr_similar;
	struct names versions;
	struct names imports;
	struct names owners;
	struct names loaded;
	const char *foreign;
	struct group unknown;
	struct group no_crc;
	struct group no_import;
	struct group without_version;
};

static void group_add(struct group *group, const char *name)
{
	if (group->nr < NAMED_LIMIT)
		group->names[group->nr] = name;
	group->nr++;
}

static const char *group_print(struct attempt *attempt, const struct group *group)
{
	const char *text = group->names[0];
	unsigned int i;

	for (i = 1; i < group->nr && i < NAMED_LIMIT; i++)
		text = attempt_print(attempt, "%s, %s", text, group->names[i]);
	if (group->nr > NAMED_LIMIT)
		text = attempt_print(attempt, "%s and %u more", text,
				     group->nr - NAMED_LIMIT);
	return text;
}

/**
 * symbols_use_versions() - Return whether the kernel compares CRCs of symbols.
 * @attempt: the attempt
 */
enum fact symbols_use_versions(const struct attempt *attempt)
{
	const struct kernel *kernel = attempt->kernel;

	if (kernel->vermagic)
		return strstr(kernel->vermagic, " modversions ") ?
		       FACT_YES : FACT_NO;
	return kernel_config(kernel, "MODVERSIONS");
}

/* Remember which modules are loaded, and one whose exports are not known. */
static void read_loaded(struct resolver *resolver)
{
	const struct state *state = resolver->attempt->state;
	unsigned int i;

	for (i = 0; state->knows_loaded && i < state->nr_loaded; i++) {
		const char *taints = state->loaded_taints ?
			state->loaded_taints[i] : "";

		names_add(&resolver->attempt->arena, &resolver->loaded,
			  state->loaded[i], taints ? taints : "");
		if (taints && strchr(taints, 'O') &&
		    !provided_find_module(resolver->attempt->provided,
					 state->loaded[i]))
			resolver->foreign = state->loaded[i];
	}
}

static void read_versions(struct resolver *resolver)
{
	const struct object *object = resolver->attempt->object;
	unsigned int i;

	if (resolver->attempt->flags & MODULE_INIT_IGNORE_MODVERSIONS)
		return;
	resolver->is_extended = resolver->rules->has_extended_versions &&
		object_find_loaded(object, "__version_ext_crcs");
	resolver->has_versions = resolver->is_extended ||
		object_find_loaded(object, "__versions");
	for (i = 0; i < object->nr_versions; i++)
		names_add(&resolver->attempt->arena, &resolver->versions,
			  object->versions[i].name, &object->versions[i]);
}

static void resolver_init(struct resolver *resolver, struct attempt *attempt,
			  const struct rules *rules)
{
	const struct object *object = attempt->object;
	const char *space = NULL;

	resolver->attempt = attempt;
	resolver->rules = rules;
	resolver->name = attempt_name(attempt);
	resolver->log_name = object_modinfo(object, "name", NULL);
	if (!resolver->log_name)
		resolver->log_name = resolver->name;
	resolver->is_proprietary = module_is_proprietary(attempt);
	while ((space = object_modinfo(object, "import_ns", space)))
		names_add(&attempt->arena, &resolver->imports, space, space);
	read_versions(resolver);
	read_loaded(resolver);
}

/* Return true if another name of this length is exported, by exchanging @at. */
static bool try_letters(const struct kernel *kernel, char *name, char *at)
{
	static const char letters[] = "_abcdefghijklmnopqrstuvwxyz0123456789";
	struct kernel_export found;
	char before = *at;
	const char *letter;

	for (letter = letters; *letter; letter++) {
		*at = *letter;
		if (*letter != before && kernel_find_export(kernel, name, &found))
			return true;
	}
	*at = before;
	return false;
}

/* Exchange two letters. */
static void exchange(char *name)
{
	char first = name[0];

	name[0] = name[1];
	name[1] = first;
}

/*
 * Find an exported name that has one letter more, less or another one, or
 * two exchanged.
 * The names with a letter more at the beginning come first: Linux 5.15 renamed
 * printk to _printk.
 */
static const char *find_similar(struct resolver *resolver, const char *name)
{
	const struct kernel *kernel = resolver->attempt->kernel;
	size_t length = strlen(name);
	struct kernel_export found;
	char other[128];
	size_t i;

	if (length < 4 || length > sizeof(other) - 2 ||
	    resolver->nr_similar >= SIMILAR_LIMIT)
		return not_known;
	resolver->nr_similar++;
	for (i = 0; i <= length; i++) {
		snprintf(other, sizeof(other), "%.*s_%s", (int)i, name, name + i);
		if (kernel_find_export(kernel, other, &found) ||
		    try_letters(kernel, other, other + i))
			return attempt_print(resolver->attempt, "%s", other);
	}
	for (i = 0; i < length; i++) {
		snprintf(other, sizeof(other), "%.*s%s", (int)i, name,
			 name + i + 1);
		if (kernel_find_export(kernel, other, &found))
			return attempt_print(resolver->attempt, "%s", other);
		snprintf(other, sizeof(other), "%s", name);
		if (try_letters(kernel, other, other + i))
			return attempt_print(resolver->attempt, "%s", other);
		if (i + 1 < length)
			exchange(other + i);
		if (kernel_find_export(kernel, other, &found))
			return attempt_print(resolver->attempt, "%s", other);
	}
	return not_known;
}

/* Return true for the symbols that NAME.mod.o takes from the other half. */
static bool is_half_symbol(const char *name)
{
	return !strcmp(name, "init_module") || !strcmp(name, "cleanup_module");
}

/* ignore_undef_symbol() */
static bool is_ignored(unsigned int machine, const char *name)
{
	return (machine == EM_386 || machine == EM_X86_64) &&
	       !strcmp(name, "_GLOBAL_OFFSET_TABLE_");
}

/* Report that Linux does not find a symbol that is exported GPL-only. */
static void refuse_gpl_only(struct resolver *resolver, const char *name,
			    const char *owner)
{
	struct attempt *attempt = resolver->attempt;
	const char *licence = object_modinfo(attempt->object, "license", NULL);

	refuse(attempt, "gpl-only", resolver->name, name,
	       owner ? owner : "the kernel", licence ? licence : "unspecified",
	       NULL);
}

/* Report that nothing exports a symbol. */
static void refuse_missing(struct resolver *resolver, const char *name)
{
	const char *depends = object_modinfo(resolver->attempt->object, "depends",
					     NULL);
	struct attempt *attempt = resolver->attempt;
	const struct provided_export *refused =
		provided_find_refused(attempt->provided, name);

	if (refused)
		refuse(attempt, "exporter-refused", resolver->name, name,
		       refused->by->name, refused->by->path, NULL);
	else if (is_half_symbol(name))
		refuse(attempt, "half-module", resolver->name, name,
		       attempt->object->path, NULL);
	else
		refuse(attempt, "not-exported", resolver->name, name,
		       attempt->kernel->title ? attempt->kernel->title :
		       not_known, find_similar(resolver, name),
		       depends && *depends ? depends : not_known, NULL);
}

/* Return true if a module of the kernel's is loaded, or has to be. */
static bool is_loaded(struct resolver *resolver, const char *owner, bool is_weak,
		      struct symbol *symbol)
{
	struct attempt *attempt = resolver->attempt;
	const char *taints = names_find(&resolver->loaded, owner);

	if (taints)
		symbol->is_proprietary = strchr(taints, 'P');
	if (taints)
		return true;
	if (is_weak || attempt->state->knows_loaded ||
	    provided_find_module(attempt->provided, owner))
		return false;
	if (names_add(&attempt->arena, &resolver->owners, owner, owner))
		remark(attempt, "needs", resolver->name, owner, NULL);
	return true;
}

enum search { SEARCH_FOUND, SEARCH_MISSING, SEARCH_IGNORED, SEARCH_UNKNOWN };

/* Return true if no module that is loaded can export more than is known. */
static bool knows_all_exports(const struct resolver *resolver)
{
	const struct kernel *kernel = resolver->attempt->kernel;
	const struct state *state = resolver->attempt->state;

	if (!kernel->knows_exports || resolver->foreign)
		return false;
	return kernel->knows_module_exports ||
	       (state->knows_loaded && !state->nr_loaded);
}

/* Take the symbol of a module that was loaded before, if it may be used. */
static bool take_given(const struct resolver *resolver, const char *name,
		       const struct provided_export *given,
		       struct symbol *symbol)
{
	struct kernel_export *export = &symbol->export;

	if (!given || (resolver->is_proprietary && given->symbol.is_gpl))
		return false;
	export->name = name;
	export->owner = given->by->name;
	export->space = given->symbol.space;
	export->crc = given->symbol.crc;
	export->has_crc = given->symbol.has_crc;
	export->is_gpl = given->symbol.is_gpl;
	symbol->is_proprietary = given->by->is_proprietary;
	symbol->is_given = true;
	return true;
}

/* What find_symbol() of the kernel does, with the reason if it fails. */
static enum search find_symbol(struct resolver *resolver, const char *name,
			       bool is_weak, struct symbol *symbol)
{
	struct attempt *attempt = resolver->attempt;
	struct kernel_export *export = &symbol->export;
	bool is_known = kernel_find_export(attempt->kernel, name, export);
	bool is_usable = is_known && !(resolver->is_proprietary && export->is_gpl);
	const char *owner = is_known ? export->owner : NULL;
	const struct provided_export *given =
		provided_find(attempt->provided, name);

	if ((is_usable && !owner) || take_given(resolver, name, given, symbol) ||
	    (is_usable && is_loaded(resolver, owner, is_weak, symbol)))
		return SEARCH_FOUND;
	if (is_weak)
		return SEARCH_IGNORED;
	if (given || (is_known && !is_usable))
		refuse_gpl_only(resolver, name, given ? given->by->name : owner);
	else if (is_known)
		refuse(attempt, "not-loaded", resolver->name, name, owner, NULL);
	else if (knows_all_exports(resolver) || is_half_symbol(name) ||
		 provided_find_refused(attempt->provided, name))
		refuse_missing(resolver, name);
	else
		return SEARCH_UNKNOWN;
	return SEARCH_MISSING;
}

/* inherit_taint(): return false if the owner's licence is in the way. */
static bool check_owner(struct resolver *resolver, const struct symbol *symbol,
			const char *name)
{
	const char *owner = symbol->export.owner;

	if (symbol->export.is_gpl)
		resolver->uses_gpl = true;
	if (!owner || !symbol->is_proprietary)
		return true;
	if (resolver->uses_gpl) {
		refuse(resolver->attempt, "gpl-and-proprietary", resolver->name,
		       name, owner, NULL);
		return false;
	}
	if (!resolver->is_proprietary)
		remark(resolver->attempt, "inherits-taint", resolver->name,
		       name, owner, NULL);
	resolver->is_proprietary = true;
	return true;
}

/* check_version(): return false if the CRC is not the right one. */
static bool check_version(struct resolver *resolver, const struct symbol *symbol,
			  const char *name)
{
	struct attempt *attempt = resolver->attempt;
	const struct kernel_export *export = &symbol->export;
	const struct object_version *version;
	enum fact uses_versions = symbols_use_versions(attempt);

	if (uses_versions == FACT_NO || !resolver->has_versions)
		return true;
	if (!export->has_crc) {
		if (!symbol->is_given && uses_versions == FACT_YES)
			group_add(&resolver->no_crc, name);
		return true;
	}
	version = names_find(&resolver->versions, name);
	if (version && version->crc == export->crc)
		return true;
	if (version) {
		refuse(attempt, "version-differs", resolver->log_name, name,
		       attempt_print(attempt, "0x%08llx", version->crc),
		       attempt_print(attempt, "0x%08x", export->crc),
		       export->owner ? export->owner : not_known,
		       headers_directory(attempt), NULL);
		return false;
	}
	if (resolver->is_extended) {
		group_add(&resolver->without_version, name);
		return true;
	}
	refuse(attempt, "no-version", resolver->log_name, name,
	       export->owner ? export->owner : not_known,
	       headers_directory(attempt), NULL);
	return false;
}

/* mod_strncmp(): return true if @length characters are equal, '-' being '_'. */
static bool is_same(const char *a, const char *b, size_t length)
{
	for (; length; length--, a++, b++) {
		char left = *a == '-' ? '_' : *a;
		char right = *b == '-' ? '_' : *b;

		if (left != right)
			return false;
		if (!left)
			break;
	}
	return true;
}

/* verify_module_namespace(): the namespace "module:a,b*" is for a and b*. */
static bool is_for_module(const char *space, const char *module)
{
	static const char prefix[] = "module:";
	size_t length;

	if (strncmp(space, prefix, sizeof(prefix) - 1))
		return false;
	for (space += sizeof(prefix) - 1; *space; space += *space == ',') {
		bool is_glob;
		size_t size = strcspn(space, ",");

		length = size;
		is_glob = space[size ? size - 1 : 0] == '*';
		if (is_glob && length)
			length--;
		if (is_same(space, module, length) &&
		    (is_glob || length == strlen(module)))
			return true;
		space += size;
	}
	return false;
}

/* verify_namespace_is_imported() */
static bool check_space(struct resolver *resolver, const struct symbol *symbol,
			const char *name)
{
	struct attempt *attempt = resolver->attempt;
	const char *space = symbol->export.space;
	const char *message = "namespace";

	if (!space || !*space || names_find(&resolver->imports, space))
		return true;
	if (!strncmp(space, "module:", 7) && resolver->rules->has_module_spaces) {
		if (is_for_module(space, resolver->name))
			return true;
		message = "other-module-namespace";
	}
	switch (kernel_config(attempt->kernel,
			      "MODULE_ALLOW_MISSING_NAMESPACE_IMPORTS")) {
	case FACT_YES:
		remark(attempt, message, resolver->name, name, space, NULL);
		return true;
	case FACT_NO:
		refuse(attempt, message, resolver->name, name, space, NULL);
		return false;
	default:
		group_add(&resolver->no_import, name);
		return true;
	}
}

static void resolve(struct resolver *resolver, const char *name, bool is_weak)
{
	struct attempt *attempt = resolver->attempt;
	struct symbol symbol = {};

	switch (find_symbol(resolver, name, is_weak, &symbol)) {
	case SEARCH_UNKNOWN:
		group_add(&resolver->unknown, name);
		return;
	case SEARCH_FOUND:
		break;
	default:
		return;
	}
	if (!check_owner(resolver, &symbol, name)) {
		if (!is_weak)
			refuse(attempt, "hidden-symbol", resolver->name, name,
			       NULL);
		return;
	}
	if (!check_version(resolver, &symbol, name) ||
	    !check_space(resolver, &symbol, name))
		refuse(attempt, "unusable-symbol", resolver->name, name, NULL);
}

static void resolve_entry(struct resolver *resolver,
			  const struct object_symbol *symbol)
{
	struct attempt *attempt = resolver->attempt;
	unsigned int section = symbol->raw.st_shndx;
	bool is_weak = ELF64_ST_BIND(symbol->raw.st_info) == STB_WEAK;

	switch (section) {
	case SHN_COMMON:
		if (strncmp(symbol->name, "__gnu_lto", 9))
			refuse(attempt, "common-symbol", resolver->name,
			       symbol->name, NULL);
		break;
	case SHN_ABS:
	case SHN_LIVEPATCH:
		break;
	case SHN_UNDEF:
		resolve(resolver, symbol->name, is_weak ||
			is_ignored(attempt->object->header.e_machine,
				   symbol->name));
		break;
	default:
		if (section >= attempt->object->nr_sections)
			refuse(attempt, "symbol-section", resolver->name,
			       symbol->name, attempt_print(attempt, "%u", section),
			       attempt_print(attempt, "%u",
					     attempt->object->nr_sections - 1),
			       NULL);
	}
}

/* Report what cannot be known; a refusal that is certain comes first. */
static void report_unknown(struct resolver *resolver)
{
	struct attempt *attempt = resolver->attempt;

	if (resolver->unknown.nr && resolver->foreign)
		unsure(attempt,
		       "Whether the module %s, which is loaded, exports %s: name its file before this one.",
		       resolver->foreign,
		       group_print(attempt, &resolver->unknown));
	else if (resolver->unknown.nr && attempt->kernel->knows_exports)
		unsure(attempt,
		       "The kernel itself does not export %s. Whether a module of it does, Module.symvers would tell: name the headers as well.",
		       group_print(attempt, &resolver->unknown));
	else if (resolver->unknown.nr)
		unsure(attempt, "Whether the kernel exports %s: name its headers or its image.",
		       group_print(attempt, &resolver->unknown));
	if (resolver->no_crc.nr)
		unsure(attempt,
		       "Which CRC the kernel has for %s: name its headers, or its image and modules.",
		       group_print(attempt, &resolver->no_crc));
	if (resolver->no_import.nr)
		unsure(attempt,
		       "The module does not import the namespace of %s. Whether the kernel refuses it, its configuration (MODULE_ALLOW_MISSING_NAMESPACE_IMPORTS) would tell: name the headers as well.",
		       group_print(attempt, &resolver->no_import));
	if (resolver->without_version.nr)
		remark(attempt, "no-extended-version", resolver->log_name,
		       resolver->without_version.names[0], NULL);
}

static void resolve_all(struct attempt *attempt, const struct rules *rules)
{
	struct resolver resolver = {};
	unsigned int i;

	resolver_init(&resolver, attempt, rules);
	for (i = 1; i < attempt->object->nr_symbols; i++)
		resolve_entry(&resolver, &attempt->object->symbols[i]);
	report_unknown(&resolver);
}

/**
 * check_symbols() - Resolve the symbols as Linux does before 6.14.
 * @attempt: the attempt
 */
void check_symbols(struct attempt *attempt)
{
	static const struct rules rules = {};

	resolve_all(attempt, &rules);
}

/**
 * check_symbols_extended() - Resolve the symbols as Linux 6.14 and 6.15 do.
 * @attempt: the attempt
 *
 * These read the CRCs from the sections of extended versions, if there are any.
 */
void check_symbols_extended(struct attempt *attempt)
{
	static const struct rules rules = { .has_extended_versions = true };

	resolve_all(attempt, &rules);
}

/**
 * check_symbols_spaces() - Resolve the symbols as Linux does since 6.16.
 * @attempt: the attempt
 *
 * This knows namespaces that are for the modules which they name.
 */
void check_symbols_spaces(struct attempt *attempt)
{
	static const struct rules rules = {
		.has_extended_versions = true,
		.has_module_spaces = true,
	};

	resolve_all(attempt, &rules);
}

/**
 * check_module_namespace() - Check that no namespace of a module is imported.
 * @attempt: the attempt
 */
void check_module_namespace(struct attempt *attempt)
{
	const char *space = NULL;

	while ((space = object_modinfo(attempt->object, "import_ns", space))) {
		if (strncmp(space, "module:", 7))
			continue;
		refuse(attempt, "module-namespace", attempt_name(attempt), space,
		       NULL);
		return;
	}
}
