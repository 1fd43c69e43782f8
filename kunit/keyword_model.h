/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Keyword model - a command word, compared with both valid texts of each word
 *
 * It writes down the word and the word with a newline, and compares all bytes,
 * where the part looks for a newline in the text.
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
