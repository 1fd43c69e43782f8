// SPDX-License-Identifier: GPL-2.0
/*
 * Keyword - find the command word that was written to a file
 */
#include <linux/errno.h>
#include <linux/string.h>
#include <linux/types.h>

#include "keyword.h"

/**
 * keyword_find() - Find a text in a list of words.
 * @words: the words, each NUL-terminated
 * @nr_words: number of words
 * @text: the text that was written, which is not NUL-terminated; one newline at
 *	its end is ignored
 * @len: its length in bytes
 *
 * Return: the index of the word, 0..@nr_words - 1, or -EINVAL if the text is
 * not one of the words.
 */
int keyword_find(const char *const *words, int nr_words, const char *text,
		 size_t len)
{
	int i;

	if (len && text[len - 1] == '\n')
		len--;

	for (i = 0; i < nr_words; i++) {
		if (strlen(words[i]) == len && !memcmp(words[i], text, len))
			return i;
	}
	return -EINVAL;
}
