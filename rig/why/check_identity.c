// SPDX-License-Identifier: GPL-2.0
/*
 * Check the identity - the name, the version magic, the version of struct module
 */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "checks.h"
#include "provided.h"

/* How long a list of words may become. */
#define TEXT_LIMIT	800

#define REBUILD \
	"Build the module again with the headers of the kernel that is to load it.\n"

const struct message messages_identity[] = {
	{ "blacklisted", 0, 0, EPERM, false, "Module %1 is blacklisted",
	  "The command line of the kernel has module_blacklist= with the name %1.\n"
	  "It is: module_blacklist=%2",
	  "Boot without this name in module_blacklist=: see /proc/cmdline and /etc/default/grub." },
	{ "layout-crc", 0, 0, ENOEXEC, false,
	  "%1: disagrees about version of symbol module_layout",
	  "The module was built for another kernel: structures that every module shares with the kernel are not the same.\n"
	  "The module was built with the CRC %2, and the kernel has %3.\n"
	  "The module was built for: %4\n"
	  "The kernel is: %5",
	  REBUILD
	  "make -C %6 M=$PWD modules\n"
	  "To install the headers: %7" },
	{ "layout-missing", 0, 0, ENOEXEC, false,
	  "%1: no symbol version for module_layout",
	  "The module has versions of symbols (section __versions), but none of module_layout: modpost did not know it.\n"
	  "Module.symvers of the kernel was missing or empty when the module was built.",
	  REBUILD
	  "make -C %2 M=$PWD modules\n"
	  "To install the headers: %3" },
	{ "layout-not-extended", 0, 0, 0, true,
	  "%1: no extended symbol version for module_layout",
	  "The module has extended versions of symbols, but none of module_layout: the kernel takes it all the same.",
	  REBUILD },
	{ "layout-no-versions", 0, 0, ENOEXEC, false, NULL,
	  "The module has no versions of symbols (no section __versions, or it was to be ignored), and the kernel (MODVERSIONS) takes none without them.\n"
	  "The module was built for: %1",
	  REBUILD
	  "make -C %2 M=$PWD modules\n"
	  "To install the headers: %3" },
	{ "vermagic", 0, 0, ENOEXEC, false,
	  "%1: version magic '%2' should be '%3'",
	  "The module was built for another kernel or another configuration: '%2', but this kernel is '%3'.\n"
	  "%4",
	  REBUILD
	  "make -C %5 M=$PWD modules\n"
	  "To install the headers: %6" },
	{ "vermagic-missing", 0, 0, ENOEXEC, false, NULL,
	  "The module has no version magic (vermagic= in .modinfo, or it was to be ignored), and the kernel has no MODULE_FORCE_LOAD.",
	  REBUILD
	  "make -C %1 M=$PWD modules\n"
	  "To install the headers: %2" },
	{ "already-loaded", 0, 0, EEXIST, false, NULL,
	  "A module called %1 is loaded already.",
	  "Remove it first, if this file is to replace it: sudo rmmod %1" },
	{ "same-name", 0, 0, EEXIST, false, NULL,
	  "The module of the file %2, which comes before, is called %1 too.",
	  "Load only one of the two files." },
	{ "livepatch-disabled", 0, 0, ENOEXEC, false,
	  "%1: module is marked as livepatch module, but livepatch support is disabled",
	  "The module is a live patch (livepatch= in .modinfo), and the kernel has no LIVEPATCH.",
	  "Use a kernel with CONFIG_LIVEPATCH=y." },
	{ "vmlinux-name", LINUX(5, 8), 0, EINVAL, false,
	  "livepatch: vmlinux.ko: invalid module name",
	  "A module cannot be called vmlinux: live patches call the kernel itself so.",
	  "Give the module another name: obj-m := NAME.o" },
	{}
};

/* The name in struct module, which most lines begin with after relocation. */
static const char *module_name(const struct object *object)
{
	return object->name ? object->name : "";
}

/* The name that lines about the file begin with. */
static const char *info_name(const struct object *object)
{
	const char *name = object_info_name(object);

	return name ? name : "";
}

static const char *text_or_unknown(const char *text)
{
	return text ? text : not_known;
}

/**
 * headers_directory() - Return where the headers of the kernel are.
 * @attempt: the attempt
 *
 * Return: the directory for make -C, or not_known.
 */
const char *headers_directory(struct attempt *attempt)
{
	const struct kernel *kernel = attempt->kernel;

	if (kernel->headers)
		return kernel->headers;
	if (!kernel->release)
		return not_known;
	return attempt_print(attempt, "/lib/modules/%s/build", kernel->release);
}

static bool ends_with(const char *text, const char *end)
{
	size_t length = strlen(text);
	size_t size = strlen(end);

	return length >= size && !strcmp(text + length - size, end);
}

/**
 * headers_package() - Return how to install the package with the headers.
 * @attempt: the attempt
 *
 * Return: the command, or not_known if the release is that of no distribution
 * that is known here.
 */
const char *headers_package(struct attempt *attempt)
{
	static const struct {
		const char *end;
		const char *package;
		const char *install;
	} kinds[] = {
		{ "-amd64", "linux-headers", "apt install" },
		{ "-arm64", "linux-headers", "apt install" },
		{ "-686", "linux-headers", "apt install" },
		{ "-686-pae", "linux-headers", "apt install" },
		{ "-armmp", "linux-headers", "apt install" },
		{ "-powerpc64le", "linux-headers", "apt install" },
		{ "-riscv64", "linux-headers", "apt install" },
		{ "-s390x", "linux-headers", "apt install" },
		{ "-generic", "linux-headers", "apt install" },
		{ "-lowlatency", "linux-headers", "apt install" },
		{ ".x86_64", "kernel-devel", "dnf install" },
		{ ".aarch64", "kernel-devel", "dnf install" },
	};
	const char *release = attempt->kernel->release;
	size_t i;

	for (i = 0; release && i < ARRAY_SIZE(kinds); i++)
		if (ends_with(release, kinds[i].end))
			return attempt_print(attempt, "sudo %s %s-%s",
					     kinds[i].install,
					     kinds[i].package, release);
	return not_known;
}

/**
 * check_blacklist() - Check module_blacklist= of the command line.
 * @attempt: the attempt
 *
 * Linux compares the names literally, so a name with "-" never matches.
 */
void check_blacklist(struct attempt *attempt)
{
	const char *list = boot_parameter(attempt, "module_blacklist");
	const char *name = info_name(attempt->object);
	const char *at = list;

	while (at && *at) {
		size_t length = strcspn(at, ",");

		if (strlen(name) == length && !memcmp(name, at, length)) {
			refuse(attempt, "blacklisted", name, list, NULL);
			return;
		}
		at += length + (at[length] == ',');
	}
}

/* Return whether the kernel compares CRCs of symbols. */
static enum fact has_modversions(const struct kernel *kernel)
{
	enum fact fact = kernel_config(kernel, "MODVERSIONS");

	if (fact == FACT_UNKNOWN && kernel->vermagic)
		fact = strstr(kernel->vermagic, " modversions ") ? FACT_YES
								 : FACT_NO;
	return fact;
}

static void refuse_no_versions(struct attempt *attempt)
{
	const char *magic = object_modinfo(attempt->object, "vermagic", NULL);

	if (!force_load(attempt, "module_layout"))
		refuse(attempt, "layout-no-versions", text_or_unknown(magic),
		       headers_directory(attempt), headers_package(attempt), NULL);
}

/* Compare the CRC of module_layout in the module with that of the kernel. */
static void compare_layout(struct attempt *attempt, bool has_versions)
{
	const struct object *object = attempt->object;
	const struct object_version *version;
	struct kernel_export layout = {};
	enum fact fact = has_modversions(attempt->kernel);

	if (fact == FACT_NO)
		return;
	kernel_find_export(attempt->kernel, "module_layout", &layout);
	if (fact == FACT_UNKNOWN && !layout.has_crc) {
		unsure(attempt,
		       "Whether the kernel compares versions of symbols is not known: MODVERSIONS in its configuration, or its version magic, would tell.");
		return;
	}
	version = object_find_version(object, "module_layout");
	if (!has_versions)
		refuse_no_versions(attempt);
	else if (!version)
		refuse(attempt, "layout-missing", info_name(object),
		       headers_directory(attempt), headers_package(attempt), NULL);
	else if (!layout.has_crc)
		unsure(attempt,
		       "The CRC of module_layout in the kernel is not known: its image, or Module.symvers of its headers, would tell.");
	else if (version->crc != layout.crc)
		refuse(attempt, "layout-crc", info_name(object),
		       attempt_print(attempt, "0x%08llx", version->crc),
		       attempt_print(attempt, "0x%08x", layout.crc),
		       text_or_unknown(object_modinfo(object, "vermagic", NULL)),
		       text_or_unknown(attempt->kernel->vermagic),
		       headers_directory(attempt), headers_package(attempt), NULL);
}

/**
 * check_early_layout() - Check the CRC of module_layout, before 6.14.
 * @attempt: the attempt
 */
void check_early_layout(struct attempt *attempt)
{
	bool is_ignored = attempt->flags & MODULE_INIT_IGNORE_MODVERSIONS;

	compare_layout(attempt, attempt->object->has_versions && !is_ignored);
}

/**
 * check_module_layout() - Check the CRC of module_layout.
 * @attempt: the attempt
 */
void check_module_layout(struct attempt *attempt)
{
	const struct object *object = attempt->object;
	bool is_ignored = attempt->flags & MODULE_INIT_IGNORE_MODVERSIONS;

	if (object->has_extended_versions && !is_ignored &&
	    !object_find_version(object, "module_layout")) {
		if (has_modversions(attempt->kernel) == FACT_YES)
			remark(attempt, "layout-not-extended", info_name(object),
			       NULL);
		return;
	}
	compare_layout(attempt, !is_ignored && (object->has_versions ||
						object->has_extended_versions));
}

/* Return true if a version magic has a word after its release. */
static bool magic_has(const char *magic, const char *word, size_t length)
{
	const char *at = magic + strcspn(magic, " ");

	while (*(at += strspn(at, " "))) {
		size_t size = strcspn(at, " ");

		if (size == length && !memcmp(at, word, size))
			return true;
		at += size;
	}
	return false;
}

/* What a word of a version magic says of the configuration. */
static const char *symbol_of_word(const char *word, size_t length)
{
	static const char * const symbols[][2] = {
		{ "SMP", " (SMP in the configuration)" },
		{ "preempt", " (PREEMPT in the configuration)" },
		{ "preempt_rt", " (PREEMPT_RT in the configuration)" },
		{ "mod_unload", " (MODULE_UNLOAD in the configuration)" },
		{ "modversions", " (MODVERSIONS in the configuration)" },
		{ "aarch64", " (64-bit ARM)" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(symbols); i++)
		if (strlen(symbols[i][0]) == length &&
		    !memcmp(symbols[i][0], word, length))
			return symbols[i][1];
	return "";
}

/* Add a sentence for each word that @one has and @other has not. */
static const char *words_of_one(struct attempt *attempt, const char *text,
				const char *one, const char *other,
				const char *owner)
{
	const char *at = one + strcspn(one, " ");

	while (*(at += strspn(at, " "))) {
		size_t length = strcspn(at, " ");

		if (!magic_has(other, at, length) && strlen(text) < TEXT_LIMIT)
			text = attempt_print(attempt, "%s%sOnly the %s has \"%.*s\"%s.",
					     text, *text ? "\n" : "", owner,
					     (int)length, at,
					     symbol_of_word(at, length));
		at += length;
	}
	return text;
}

/* Say how two version magics differ, one sentence a line. */
static const char *magic_difference(struct attempt *attempt, const char *module,
				    const char *kernel, bool has_versions)
{
	size_t length = strcspn(module, " ");
	const char *text = "";

	if (!has_versions && (length != strcspn(kernel, " ") ||
			      memcmp(module, kernel, length)))
		text = attempt_print(attempt,
				     "It was built for Linux %.*s, and the kernel is %.*s.",
				     (int)length, module,
				     (int)strcspn(kernel, " "), kernel);
	text = words_of_one(attempt, text, module, kernel, "module");
	text = words_of_one(attempt, text, kernel, module, "kernel");
	if (!*text)
		return "The words are the same, but their order or the spaces are not.";
	return text;
}

/* As same_magic() does. */
static bool is_same_magic(const char *module, const char *kernel,
			  bool has_versions)
{
	if (has_versions) {
		module += strcspn(module, " ");
		kernel += strcspn(kernel, " ");
	}
	return !strcmp(module, kernel);
}

/**
 * check_vermagic() - Check the version magic.
 * @attempt: the attempt
 */
void check_vermagic(struct attempt *attempt)
{
	const struct object *object = attempt->object;
	const char *module = object_modinfo(object, "vermagic", NULL);
	const char *kernel = attempt->kernel->vermagic;
	bool has_versions = object->has_versions &&
			    !(attempt->flags & MODULE_INIT_IGNORE_MODVERSIONS);

	if (!module || attempt->flags & MODULE_INIT_IGNORE_VERMAGIC) {
		if (!force_load(attempt, "bad vermagic"))
			refuse(attempt, "vermagic-missing",
			       headers_directory(attempt),
			       headers_package(attempt), NULL);
	} else if (!kernel) {
		unsure(attempt,
		       "The version magic of the kernel is not known: its image, its headers, or any module of its own would tell.");
	} else if (!is_same_magic(module, kernel, has_versions)) {
		const char *logged = module;

		if (object_is_cut_off(object, module))
			logged = attempt_print(attempt, "%s...", module);
		refuse(attempt, "vermagic", info_name(object), logged, kernel,
		       magic_difference(attempt, module, kernel, has_versions),
		       headers_directory(attempt), headers_package(attempt), NULL);
	}
}

static bool is_in_state(const struct state *state, const char *name)
{
	unsigned int i;

	for (i = 0; i < state->nr_loaded; i++)
		if (!strcmp(state->loaded[i], name))
			return true;
	return false;
}

/**
 * check_loaded() - Check whether a module of this name is loaded.
 * @attempt: the attempt
 */
void check_loaded(struct attempt *attempt)
{
	const char *name = module_name(attempt->object);
	const struct provider *earlier;

	if (is_in_state(attempt->state, name)) {
		refuse(attempt, "already-loaded", name, NULL);
		return;
	}
	earlier = provided_find_module(attempt->provided, name);
	if (earlier)
		refuse(attempt, "same-name", name, earlier->path, NULL);
}

/**
 * check_livepatch() - Check whether the kernel has live patches.
 * @attempt: the attempt
 */
void check_livepatch(struct attempt *attempt)
{
	const char *name = module_name(attempt->object);

	if (!object_modinfo(attempt->object, "livepatch", NULL))
		return;
	switch (kernel_config(attempt->kernel, "LIVEPATCH")) {
	case FACT_YES:
		break;
	case FACT_NO:
		refuse(attempt, "livepatch-disabled", name, NULL);
		break;
	case FACT_UNKNOWN:
		unsure(attempt,
		       "Whether the kernel takes live patches is not known: LIVEPATCH in its configuration would tell.");
		break;
	}
}

/**
 * check_vmlinux() - Check that the module does not have the name of the kernel.
 * @attempt: the attempt
 */
void check_vmlinux(struct attempt *attempt)
{
	if (strcmp(module_name(attempt->object), "vmlinux"))
		return;
	switch (kernel_config(attempt->kernel, "LIVEPATCH")) {
	case FACT_YES:
		refuse(attempt, "vmlinux-name", NULL);
		break;
	case FACT_NO:
		break;
	case FACT_UNKNOWN:
		unsure(attempt,
		       "Whether the kernel takes a module that is called vmlinux is not known: LIVEPATCH in its configuration would tell.");
		break;
	}
}
