/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Keyword - a command word that was written to a file
 *
 * The whole text must match: the beginning of a word does not, nor does a word
 * with anything after it.  Only one trailing newline is allowed, because echo
 * adds it.  match_string() and sysfs_match_string() need a terminated text, and
 * would take a word with a NUL and anything after it for the word.
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
