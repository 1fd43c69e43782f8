/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Keyword model - a text, compared with each word with and without a newline
 *
 * The model compares all bytes of the text with a copy of the word, and with a
 * copy to which a newline is added.  lib/keyword.c ignores a newline at the end
 * of the text instead.
 */
#ifndef _MODPROOF_KEYWORD_MODEL_H
#define _MODPROOF_KEYWORD_MODEL_H

#include <linux/errno.h>
#include <linux/string.h>
#include <linux/types.h>

#define KEYWORD_MODEL_MAX_WORD	5

static inline int keyword_model_find(const char *const *words, int nr_words,
				     const char *text, size_t len)
{
	char line[KEYWORD_MODEL_MAX_WORD + 1];
	size_t word_len;
	int i;

	for (i = 0; i < nr_words; i++) {
		word_len = strlen(words[i]);
		memcpy(line, words[i], word_len);
		line[word_len] = '\n';

		if (len == word_len && !memcmp(text, line, word_len))
			return i;
		if (len == word_len + 1 && !memcmp(text, line, word_len + 1))
			return i;
	}
	return -EINVAL;
}

#endif /* _MODPROOF_KEYWORD_MODEL_H */
