/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Kbleds - what the shared suites and the soak know of the module
 */
#ifndef _SELFTESTS_TTY_KBLEDS_MODULE_H
#define _SELFTESTS_TTY_KBLEDS_MODULE_H

#include <unistd.h>

#include "console.h"
#include "lib/description.h"

/*
 * Opens the console whose LEDs blink.  It stays open until the test has ended.
 */
static const char *kbleds_prepare(void)
{
	if (access("/dev/tty1", F_OK))
		return "needs CONFIG_VT";
	return console_open(1) < 0 ? "the console does not open" : NULL;
}

static const struct module_description kbleds_module = {
	.module = "kbleds",
	.prepare = kbleds_prepare,
};

IN_LOAD_FAULT(kbleds);
IN_SOAK(kbleds);

#endif /* _SELFTESTS_TTY_KBLEDS_MODULE_H */
