/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Print string - what the shared suites and the soak know of the module
 */
#ifndef _SELFTESTS_TTY_PRINT_STRING_MODULE_H
#define _SELFTESTS_TTY_PRINT_STRING_MODULE_H

#include "lib/description.h"

static const struct module_description print_string_module = {
	.module = "print_string",
};

IN_LOAD_FAULT(print_string);
IN_SOAK(print_string);

#endif /* _SELFTESTS_TTY_PRINT_STRING_MODULE_H */
