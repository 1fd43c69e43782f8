/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Lacking - skips a test if the kernel lacks what the test needs
 */
#ifndef _SELFTESTS_LIB_LACKING_H
#define _SELFTESTS_LIB_LACKING_H

/*
 * Skips the test if @lacking, a text such as "needs CONFIG_TUN", is not NULL.
 * @statement leaves the setup, as in SKIP().
 */
#define SKIP_IF_LACKING(statement, lacking) do {			\
	const char *lacking_ = lacking;					\
									\
	if (lacking_)							\
		SKIP(statement, "%s", lacking_);			\
} while (0)

#endif /* _SELFTESTS_LIB_LACKING_H */
