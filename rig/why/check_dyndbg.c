// SPDX-License-Identifier: GPL-2.0
/*
 * Check dyndbg= - what dynamic debugging does not understand
 *
 * The functions follow lib/dynamic_debug.c.  None of this keeps a module from
 * being loaded.
 */

#include <ctype.h>
#include <stdlib.h>
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

/* What a query is about. */
enum key { KEY_FUNC, KEY_FILE, KEY_MODULE, KEY_FORMAT, KEY_CLASS, KEY_LINE, NR_KEYS };

static const char * const keys[NR_KEYS] = {
	"func", "file", "module", "format", "class", "line",
};

/* The values of a query, and its range of lines. */
struct query {
	const char *values[NR_KEYS];
	__u32 lines[2];
};

/* check_set() */
static bool set_value(struct attempt *attempt, struct query *query, enum key key,
		      const char *value)
{
	const char **place = &query->values[key];

	if (*place)
		log_line(attempt,
			 attempt_print(attempt, "match-spec:%s val:%s overridden by %s",
				       keys[key], *place, value));
	else
		*place = value;
	return *place == value;
}

/* parse_lineno(), in which an empty text is 0 */
static bool read_line(struct attempt *attempt, const char *text, __u32 *line)
{
	unsigned long long number = 0;
	char *end = (char *)text;

	if (*text == '+')
		end++;
	if (*end >= '0' && *end <= '9')
		number = strtoull(end, &end, 10);
	else if (*text)
		end = "x";
	end += *end == '\n';
	*line = (__u32)number;
	if (!*end && number <= ~0U)
		return true;
	log_line(attempt, attempt_print(attempt, "bad line-number: %s", text));
	return false;
}

/* parse_linerange() */
static bool set_lines(struct attempt *attempt, struct query *query, char *first)
{
	char *last = strchr(first, '-');

	if (query->lines[0] || query->lines[1]) {
		log_line(attempt, "match-spec: line used 2x");
		return false;
	}
	if (last)
		*last++ = '\0';
	if (!read_line(attempt, first, &query->lines[0]))
		return false;
	query->lines[1] = query->lines[0];
	if (last && !read_line(attempt, last, &query->lines[1]))
		return false;
	if (last && !query->lines[1])
		query->lines[1] = ~0U;
	if (query->lines[1] >= query->lines[0])
		return true;
	log_line(attempt, attempt_print(attempt, "last-line:%d < 1st-line:%d",
					(int)query->lines[1],
					(int)query->lines[0]));
	return false;
}

/* Set the file, after which a function or lines may stand, with a ':'. */
static bool set_file(struct attempt *attempt, struct query *query, char *file)
{
	char *rest = strchr(file, ':');

	if (!set_value(attempt, query, KEY_FILE, file))
		return false;
	if (!rest)
		return true;
	*rest++ = '\0';
	if (isalpha((unsigned char)*rest) || *rest == '*' || *rest == '?')
		return set_value(attempt, query, KEY_FUNC, rest);
	return set_lines(attempt, query, rest);
}

/* ddebug_parse_query() */
static bool check_pairs(struct attempt *attempt, char *words[WORDS_LIMIT], int nr)
{
	struct query query = {};
	int i;

	if (nr % 2) {
		log_line(attempt, "expecting pairs of match-spec <value>");
		return false;
	}
	for (i = 0; i < nr; i += 2) {
		enum key key = 0;
		bool is_good;

		while (key < NR_KEYS && strcmp(keys[key], words[i]))
			key++;
		if (key == NR_KEYS) {
			log_line(attempt,
				 attempt_print(attempt, "unknown keyword \"%s\"",
					       words[i]));
			return false;
		}
		if (key == KEY_LINE)
			is_good = set_lines(attempt, &query, words[i + 1]);
		else if (key == KEY_FILE)
			is_good = set_file(attempt, &query, words[i + 1]);
		else
			is_good = set_value(attempt, &query, key, words[i + 1]);
		if (!is_good)
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
