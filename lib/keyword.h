/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Keyword - a command word that was written to a file
 *
 * What was written counts whole: neither the beginning of a word nor a word with
 * something behind it is that word.  Only one newline may follow, since echo
 * adds it.
 *
 * Nothing here allocates, locks, sleeps or writes, so any number of calls may
 * run at the same time.
 */
#ifndef _MODPROOF_KEYWORD_H
#define _MODPROOF_KEYWORD_H

#include <linux/types.h>

int keyword_find(const char *const *words, int nr_words, const char *text,
		 size_t len);

#endif /* _MODPROOF_KEYWORD_H */
