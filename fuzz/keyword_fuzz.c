// SPDX-License-Identifier: GPL-2.0
/*
 * Keyword target - find texts among a few words, compared with a model
 */
#include "fuzz.h"
#include "keyword.h"
#include "keyword_model.h"

#define MAX_WORDS	5
#define MAX_TEXT	(KEYWORD_MODEL_MAX_WORD + 3)
#define NR_ENDS		6

struct list {
	const char *words[MAX_WORDS];
	int nr_words;
};

/* Returns one of few letters, so that texts often match a word or its start. */
static char input_letter(struct input *in)
{
	static const char letters[] = { 'a', 'a', 'b', 'b', '\xff' };

	return letters[input_u8(in) % sizeof(letters)];
}

static char *input_word(struct input *in)
{
	const size_t len = input_u8(in) % (KEYWORD_MODEL_MAX_WORD + 1);
	char *word = exactly(len + 1);
	size_t i;

	for (i = 0; i < len; i++)
		word[i] = input_letter(in);
	word[len] = '\0';
	return word;
}

static void join(char *text, const char *word, const char *rest)
{
	while (*word)
		*text++ = *word++;
	while (*rest)
		*text++ = *rest++;
	*text = '\0';
}

/*
 * Searches for a text.  One more byte is allocated before the text, so that an
 * empty text has memory.
 */
static void find(const struct list *list, const char *bytes, size_t len)
{
	char *memory = exactly(len + 1);
	char *text = memory + 1;

	memcpy(text, bytes, len);
	expect_eq(keyword_find(list->words, list->nr_words, text, len),
		  keyword_model_find(list->words, list->nr_words, text, len),
		  "word");
	free(memory);
}

/*
 * Searches for a text: a word and an ending, which may be cut or extended by
 * one byte; or any bytes.
 */
static void find_text(const struct list *list, struct input *in)
{
	static const char *const ends[NR_ENDS] = { "", "\n", "\n\n", "a", "a\n", "\xff" };
	const u8 op = input_u8(in);
	char text[MAX_TEXT] = {};
	size_t len;

	if (op & 0x80 || !list->nr_words) {
		len = op % (sizeof(text) + 1);
		input_bytes(in, text, len);
	} else {
		join(text, list->words[op % list->nr_words],
		     ends[input_u8(in) % NR_ENDS]);
		len = strlen(text);
		if (len && op & 0x40)
			len--;
		if (op & 0x20)
			len++;
	}
	find(list, text, len);
}

int fuzz_target(const u8 *data, size_t size)
{
	struct input in = { .next = data, .left = size };
	struct list list = { .nr_words = input_u8(&in) % (MAX_WORDS + 1) };
	int i;

	for (i = 0; i < list.nr_words; i++)
		list.words[i] = input_word(&in);
	while (in.left)
		find_text(&list, &in);
	for (i = 0; i < list.nr_words; i++)
		free((char *)list.words[i]);
	return 0;
}
