// SPDX-License-Identifier: GPL-2.0
/*
 * Check dyndbg= - what dynamic debugging does not understand
 *
 * The functions follow lib/dynamic_debug.c.  None of this keeps a module from
 * being loaded.
 */

#include <string.h>

#include "checks.h"

/* The most words of a query. */
#define WORDS_LIMIT	9

/* The letters that any version of Linux has after '+', '-' or '='. */
#define LETTERS		"pmfltsd_"

/* The kernel's isspace(). */
static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || (unsigned char)c == 0xa0;
}

static char *skip_spaces(char *text)
{
	while (is_space(*text))
		text++;
	return text;
}

static void log_line(struct attempt *attempt, const char *line)
{
	remark(attempt, "debug-query", line, NULL);
}

/* Return the end of a word; move @word past a quote.  NULL if it has no end. */
static char *word_end(struct attempt *attempt, char **word)
{
	char quote = **word;
	char *end;

	if (quote == '"' || quote == '\'') {
		end = strchr(++*word, quote);
		if (!end)
			log_line(attempt, attempt_print(attempt, "unclosed quote: %s",
							*word));
		return end;
	}
	for (end = *word; *end && !is_space(*end); end++)
		;
	return end;
}

/* ddebug_tokenize(): return the number of words, or -1. */
static int split_words(struct attempt *attempt, char *text,
		       char *words[WORDS_LIMIT])
{
	int nr = 0;

	for (;;) {
		char *end;

		text = skip_spaces(text);
		if (!*text || *text == '#')
			return nr;
		end = word_end(attempt, &text);
		if (!end)
			return -1;
		if (nr == WORDS_LIMIT) {
			log_line(attempt, "too many words, legal max <=9");
			return -1;
		}
		if (*end)
			*end++ = '\0';
		words[nr++] = text;
		text = end;
	}
}

/* ddebug_parse_flags() */
static bool check_letters(struct attempt *attempt, const char *word)
{
	if (!*word || !strchr("+-=", *word)) {
		log_line(attempt,
			 attempt_print(attempt, "bad flag-op %.1s, at start of %s",
				       word, word));
		return false;
	}
	word += 1 + strspn(word + 1, LETTERS);
	if (*word)
		log_line(attempt, attempt_print(attempt, "unknown flag '%c'",
						*word));
	return !*word;
}

/* ddebug_parse_query(), without what it asks of the values */
static bool check_pairs(struct attempt *attempt, char *words[WORDS_LIMIT], int nr)
{
	static const char * const keys[] = {
		"func", "file", "module", "format", "line", "class",
	};
	int i;

	if (nr % 2) {
		log_line(attempt, "expecting pairs of match-spec <value>");
		return false;
	}
	for (i = 0; i < nr; i += 2) {
		size_t key = 0;

		while (key < ARRAY_SIZE(keys) && strcmp(keys[key], words[i]))
			key++;
		if (key < ARRAY_SIZE(keys))
			continue;
		log_line(attempt, attempt_print(attempt, "unknown keyword \"%s\"",
						words[i]));
		return false;
	}
	return true;
}

/* ddebug_exec_query() */
static void check_query(struct attempt *attempt, char *query)
{
	char *words[WORDS_LIMIT];
	int nr = split_words(attempt, query, words);

	if (nr <= 0)
		log_line(attempt, "tokenize failed");
	else if (!check_letters(attempt, words[nr - 1]))
		log_line(attempt, "flags parse failed");
	else if (!check_pairs(attempt, words, nr - 1))
		log_line(attempt, "query parse failed");
}

/**
 * check_dyndbg() - Report what dynamic debugging does not understand.
 * @attempt: the attempt
 * @text: the value of the parameter dyndbg, as it is in the attempt's arena
 */
void check_dyndbg(struct attempt *attempt, char *text)
{
	while (*text) {
		size_t length = strcspn(text, ";\n");
		bool is_last = !text[length];
		char *query;

		text[length] = '\0';
		query = skip_spaces(text);
		if (*query && *query != '#')
			check_query(attempt, query);
		if (is_last)
			break;
		text += length + 1;
	}
}
