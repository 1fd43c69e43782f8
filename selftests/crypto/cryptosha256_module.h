/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Crypto SHA-256 - what the shared suites and the soak know of the module
 */
#ifndef _SELFTESTS_CRYPTO_CRYPTOSHA256_MODULE_H
#define _SELFTESTS_CRYPTO_CRYPTOSHA256_MODULE_H

#include "lib/description.h"

static const struct module_description cryptosha256_module = {
	.module = "cryptosha256",
};

/* SHA256-1 */
IN_LOAD_FAULT(cryptosha256);
IN_SOAK(cryptosha256);

#endif /* _SELFTESTS_CRYPTO_CRYPTOSHA256_MODULE_H */
