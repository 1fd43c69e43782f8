/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Description - what the shared suites and the soak know of a module
 *
 * Each module has a description, in <module>_module.h beside its tests.  That
 * file ends with one line for each suite that the module is in, such as
 * IN_SOAK(procfs2).  If the test program has included the suite, the line adds
 * a variant to it; otherwise it adds nothing.  A test program therefore
 * includes its suites first, and then the descriptions of the modules.
 */
#ifndef _SELFTESTS_LIB_DESCRIPTION_H
#define _SELFTESTS_LIB_DESCRIPTION_H

#include <stdbool.h>

#include "call_fault_file.h"
#include "module.h"

#define DESCRIPTION_MAX_NODES	6
#define DESCRIPTION_MAX_TEXTS	2
#define DESCRIPTION_MAX_IOCTLS	8

/* A file and the calls that call_fault.h makes on it; .calls ends with NULL. */
struct described_file {
	struct call_fault_file file;
	const struct call_fault_call *calls[CALL_FAULT_MAX_CALLS];
};

/*
 * Files that the soak uses: a pattern for glob(), and the texts that it writes.
 */
struct described_node {
	const char *path;
	const char *texts[DESCRIPTION_MAX_TEXTS];
};

/*
 * A character or block device, for module_ref.h and load_race.h.  .second is
 * the result of a second open, which is 0 or a negative errno.  .read is the
 * error that a read may return.
 */
struct described_device {
	const char *path;
	int second;
	int read;
	bool is_block;
};

/*
 * A file that unload_open.h uses during unloads.  Each member is optional.
 * .path is the path, by default that of the module.  .prepare creates the file;
 * it returns 0 or a negative errno.  .text is what the suite writes, by default
 * "x".  .dead is what a call on an open file returns after the unload, by
 * default -EIO.  .nr_loads is how often the suite loads the module while a task
 * uses the file, by default UNLOAD_NR_LOADS.
 */
struct described_unload {
	const char *path;
	int (*prepare)(void);
	const char *text;
	int dead;
	int nr_loads;
};

/*
 * For the soak.  .is_held is set if an open file holds a reference to the
 * module.  .is_quiet is set if no task may have a file open during an unload,
 * because the kernel does not handle that.  .beside is another module that is
 * loaded, too; the soak unloads it at the end.  The soak calls this .prepare
 * after that of the module description.  .begin, if set, creates what a load
 * does not create.
 */
struct described_soak {
	struct described_node nodes[DESCRIPTION_MAX_NODES];
	unsigned long ioctls[DESCRIPTION_MAX_IOCTLS];
	bool is_held;
	bool is_quiet;
	const char *beside;
	const char *(*prepare)(void);
	int (*begin)(void);
};

/*
 * load_fault.h and the soak load the module with the parameters .params, if
 * that is set.  .prepare, if set, creates what the module needs.  It returns
 * NULL, or what the kernel lacks for that.
 *
 * The module creates one of these: a file or directory at .path; a character
 * device with the name .device; a number and a class with the name .class, to
 * which devices are added later; or nothing.  A miscdevice has its node as .path
 * and .needs, and no .device, because it has no number and no class of its own.
 * If .needs is set, a file of that name exists while the module is loaded.
 *
 * .load_errs are the errors that a load may return for a lack of memory,
 * besides -ENOMEM.  The driver core ignores a failed allocation of a device's
 * name (or of the module's driver entry), and later returns -EINVAL because it
 * is missing.  The network returns -ENOBUFS.  .read_err is the error that a
 * read of .path returns, or 0.
 */
struct module_description {
	const char *module;
	const char *params;
	const char *(*prepare)(void);
	const char *path;
	const char *device;
	const char *class;
	const char *needs;
	int load_errs[2];
	int read_err;
	struct described_device device_file;
	struct described_unload unload_file;
	const struct described_file *files;
	struct described_soak soak;
};

/* Returns what the kernel lacks for a module, or NULL if the module can be used. */
static inline const char *
description_lacking(const struct module_description *of)
{
	const char *lacking = module_lacking(of->module);

	return lacking || !of->prepare ? lacking : of->prepare();
}

/*
 * A suite that is included defines its line, such as IN_SOAK(), by this macro,
 * so that the line adds a variant.  The line of any other suite expands to a
 * declaration only.  The declaration is there because a semicolon follows the
 * line.
 */
#define DESCRIBED(fixture, variant, ...)				\
	FIXTURE_VARIANT_ADD(fixture, variant) { __VA_ARGS__ };		\
	struct module_description

#ifndef IN_LOAD_FAULT
#define IN_LOAD_FAULT(...)	struct module_description
#endif
#ifndef IN_CALL_FAULT
#define IN_CALL_FAULT(...)	struct module_description
#endif
#ifndef IN_READ_ALL
#define IN_READ_ALL(...)	struct module_description
#endif
#ifndef IN_MODULE_REF
#define IN_MODULE_REF(...)	struct module_description
#endif
#ifndef IN_LOAD_RACE
#define IN_LOAD_RACE(...)	struct module_description
#endif
#ifndef IN_UNLOAD_OPEN
#define IN_UNLOAD_OPEN(...)	struct module_description
#endif
#ifndef IN_SOAK
#define IN_SOAK(...)	struct module_description
#endif

#endif /* _SELFTESTS_LIB_DESCRIPTION_H */
