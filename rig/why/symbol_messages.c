// SPDX-License-Identifier: GPL-2.0
/*
 * What is said about imports and exports
 */

#include <errno.h>

#include "attempt.h"

/* What is said of a symbol that is not found, and what to do. */
static const char not_found[] = {
	"Neither the kernel nor a module that is loaded exports %2 to this module.\n"
	"Either the module that exports it is not loaded, or nothing exports it, or it is for GPL-compatible modules only and the licence of %1 is not one of these."
};

static const char load_exporter[] =
	"Load the module that exports it first; modprobe does this: sudo modprobe %1\n"
	"To find that module: grep -w %2 /lib/modules/$(uname -r)/modules.symbols";

const struct message messages_symbols[] = {
	{ "unknown-symbol", 0, 0, ENOENT, false,
	  "%1: Unknown symbol %2 (err -2)",
	  not_found, load_exporter },
	{ "unknown-symbol", 0, 0, ENOENT, false,
	  "%1: Unknown symbol %2 (err 0)",
	  not_found, load_exporter },
	{ "symbol-refused", 0, 0, EINVAL, false,
	  "%1: Unknown symbol %2 (err -22)",
	  "The symbol %2 exists, but not as %1 needs it. A line before this one says whether its CRC is another one, or its namespace is not imported.",
	  "Read that line: sudo dmesg | grep %2" },
	{ "not-exported", 0, 0, ENOENT, false,
	  "%1: Unknown symbol %2 (err -2)",
	  "Neither the kernel nor any module of it exports %2.\n"
	  "It may be from another version of Linux, from a part that is not configured, or a function that no EXPORT_SYMBOL() makes available to modules.\n"
	  "The kernel exports %4, which is nearly the same.\n"
	  "The module says that it needs these modules (depends= in .modinfo): %5",
	  "If another module of yours exports it, load that one first.\n"
	  "Otherwise change the source so that it does not use %2." },
	{ "not-loaded", 0, 0, ENOENT, false,
	  "%1: Unknown symbol %2 (err -2)",
	  "The module %3 exports %2, and is not loaded. insmod does not load what a module needs.",
	  "sudo modprobe %3" },
	{ "exporter-refused", 0, 0, ENOENT, false,
	  "%1: Unknown symbol %2 (err -2)",
	  "The module %3 exports %2, but Linux does not take it either.",
	  "Make %4 load first." },
	{ "half-module", 0, 0, ENOENT, false,
	  "%1: Unknown symbol %2 (err -2)",
	  "Every module has its own %2, and none exports it. This file is the half of a module that the build makes from NAME.mod.c.",
	  "Load NAME.ko, which the build makes from NAME.o and NAME.mod.o." },
	{ "gpl-only", 0, 0, ENOENT, false,
	  "%1: Unknown symbol %2 (err -2)",
	  "%2 is exported with EXPORT_SYMBOL_GPL(), so only modules with a GPL-compatible licence find it. For all others Linux says the same as if it did not exist.\n"
	  "It belongs to %3. The licence of this module is '%4'.",
	  "If the source is under the GPL, say so in it: MODULE_LICENSE(\"GPL\");\n"
	  "Otherwise do without %2." },
	{ "gpl-and-proprietary", 0, 0, ENOENT, false,
	  "%1: module using GPL-only symbols uses symbols %2 from proprietary module %3.",
	  "A module that uses symbols for GPL-compatible modules only cannot use a symbol of a module that is not GPL-compatible, as %3 is not.",
	  "Do without the GPL-only symbols or without %2, or change the licence of %3." },
	{ "inherits-taint", 0, 0, 0, false,
	  "%1: module uses symbols %2 from proprietary module %3, inheriting taint.",
	  "%3 is not GPL-compatible, so Linux takes this module for proprietary too, and does not give it GPL-only symbols from here on.",
	  NULL },
	{ "needs", 0, 0, 0, false, NULL,
	  "It needs the module %2 to be loaded first: modprobe does this, insmod does not.",
	  "sudo modprobe %2" },
	{ "version-differs", 0, 0, EINVAL, false,
	  "%1: disagrees about version of symbol %2",
	  "The CRC of %2 is not the one that this module was built with: the prototype, or a structure that it uses, is another one.\n"
	  "This module was built with %3; what exports %2 has %4.\n"
	  "The symbol belongs to the module %5: it was built again, or is another version.",
	  "Build the module again with the headers of the kernel that is to load it.\n"
	  "make -C %6 M=$PWD modules\n"
	  "For symbols of %5, hand over its Module.symvers: KBUILD_EXTRA_SYMBOLS=DIR/Module.symvers"
	},
	{ "no-version", 0, 0, EINVAL, false,
	  "%1: no symbol version for %2",
	  "The kernel compares CRCs of symbols, and this module has none for %2: modpost did not find the symbol when the module was built.\n"
	  "The symbol belongs to the module %3.",
	  "Build the module again, with the Module.symvers of the kernel and of each module whose symbols it uses.\n"
	  "make -C %4 M=$PWD KBUILD_EXTRA_SYMBOLS=DIR/Module.symvers clean modules" },
	{ "no-extended-version", LINUX(6, 14), 0, 0, true,
	  "%1: no extended symbol version for %2",
	  "The module has no CRC for %2. With extended versions, Linux takes it all the same.",
	  NULL },
	{ "namespace", 0, 0, EINVAL, false,
	  "%1: module uses symbol (%2) from namespace %3, but does not import it.",
	  "Symbols in a namespace are only for modules that import it.",
	  "Add to the source: MODULE_IMPORT_NS(\"%3\"); before Linux 6.13 without the quotes: MODULE_IMPORT_NS(%3);\n"
	  "To have the build add it: make nsdeps" },
	{ "other-module-namespace", LINUX(6, 16), 0, EINVAL, false,
	  "%1: module uses symbol (%2) from namespace %3, but does not import it.",
	  "%2 is only for the modules that the namespace names after the colon. No module can import it.",
	  "Do without %2." },
	{ "other-module-namespace", 0, LINUX(6, 16), EINVAL, false,
	  "%1: module uses symbol (%2) from namespace %3, but does not import it.",
	  "Symbols in a namespace are only for modules that import it.",
	  "Do without %2." },
	{ "module-namespace", LINUX(6, 16), 0, EPERM, false,
	  "%1: module tries to import module namespace: %2",
	  "A namespace that begins with \"module:\" is for the modules that it names, without an import.",
	  "Take MODULE_IMPORT_NS(\"%2\") out of the source." },
	{ "unusable-symbol", 0, 0, EINVAL, false,
	  "%1: Unknown symbol %2 (err -22)",
	  NULL,
	  NULL },
	{ "hidden-symbol", 0, 0, ENOENT, false,
	  "%1: Unknown symbol %2 (err -2)",
	  NULL,
	  NULL },
	{ "busy-symbol", 0, 0, EBUSY, false,
	  "%1: Unknown symbol %2 (err -16)",
	  "The module that exports %2 was still in its init function after 30 seconds.",
	  "Wait until that module is loaded, then load this one again." },
	{ "init-wait", 0, 0, EBUSY, false,
	  "%1: gave up waiting for init of module %2.",
	  "The module %2, whose symbols this one uses, was still in its init function after 30 seconds.",
	  "Find out why init of %2 does not return: sudo cat /sys/module/%2/initstate" },
	{ "common-symbol", 0, 0, ENOEXEC, false,
	  "%1: please compile with -fno-common",
	  "A variable without a value was compiled as a common symbol, which Linux does not place.\n"
	  "The variable is %2.",
	  "Build with the kernel's Makefile, which says -fno-common: make -C /lib/modules/$(uname -r)/build M=$PWD modules"
	},
	{ "symbol-section", 0, 0, ENOEXEC, false,
	  "%1: Symbol %2 has an invalid section index %3 (max %4)",
	  "The file is damaged, or its symbol table was made by a tool that does not fit.",
	  "Build the module again, or copy it again." },
	{ "no-export-versions-refused", 0, 0, ENOEXEC, false, NULL,
	  "The module exports symbols, but has no CRCs for them, and MODULE_FORCE_LOAD is not set. Linux logs nothing.",
	  "Build the module again with the headers of the kernel, where MODVERSIONS is set." },
	{ "no-export-flags", LINUX(7, 1), 0, ENOEXEC, false,
	  "%1: no flags for exported symbols",
	  "The module has no section __kflagstab: it was built for Linux before 7.1.",
	  "Build the module again with the headers of the kernel that is to load it." },
	{ "obsolete-section", LINUX(7, 1), 0, 0, false,
	  "%1: ignoring obsolete section %2",
	  "The module was built for Linux before 7.1. Nothing finds what this section exports.",
	  "Build the module again with the headers of the kernel that is to load it." },
	{ "duplicate-export", 0, 0, ENOEXEC, false,
	  "%1: exports duplicate symbol %2 (owned by %3)",
	  "A symbol can be exported once only, and this one is exported already. If the owner is \"kernel\", that is the kernel itself.",
	  "Rename %2 in the source, or do not export it.\n"
	  "If the owner is another module with the same code, unload it first: sudo modprobe -r %3"
	},
	{ "duplicate-if-loaded", 0, 0, 0, false, NULL,
	  "The module %3 exports %2 too: if it is loaded, Linux refuses this one.",
	  "Before you load this one: sudo modprobe -r %3" },
	{}
};
