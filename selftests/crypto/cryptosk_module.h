/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Crypto symmetric key - what the shared suites and the soak know of the module
 */
#ifndef _SELFTESTS_CRYPTO_CRYPTOSK_MODULE_H
#define _SELFTESTS_CRYPTO_CRYPTOSK_MODULE_H

#include "lib/description.h"

static const struct module_description cryptosk_module = {
	.module = "cryptosk",
};

IN_LOAD_FAULT(cryptosk);
IN_SOAK(cryptosk);

#endif /* _SELFTESTS_CRYPTO_CRYPTOSK_MODULE_H */
