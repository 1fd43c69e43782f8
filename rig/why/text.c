// SPDX-License-Identifier: GPL-2.0
/*
 * Text - print text that comes from a file, without its control characters
 */

#include <stdio.h>
#include <string.h>

#include "text.h"

/* Return true for U+0080 to U+009F, which some terminals obey. */
static bool is_c1(const char *text)
{
	return (unsigned char)text[0] == 0xc2 && (unsigned char)text[1] >= 0x80 &&
	       (unsigned char)text[1] < 0xa0;
}

/**
 * text_printable() - Return a text as dmesg prints it.
 * @arena: what the result is allocated in
 * @text: the text
 *
 * Return: the text, in which a control character is "\\x0a", for example.
 */
const char *text_printable(struct arena *arena, const char *text)
{
	size_t extra = 0;
	const char *at;
	char *result;
	char *to;

	for (at = text; *at; at++)
		extra += (unsigned char)*at < ' ' ? 3 : 0;
	if (!extra)
		return text;
	result = arena_alloc(arena, (size_t)(at - text) + extra + 1);
	to = result;
	for (at = text; *at; at++) {
		if ((unsigned char)*at < ' ')
			to += sprintf(to, "\\x%02x", (unsigned char)*at);
		else
			*to++ = *at;
	}
	return result;
}

/**
 * text_plain() - Print lines to stdout for a person.
 * @text: the lines, with "\n" between each two
 * @indent: what each line after the first begins with
 *
 * Other control characters are printed as "\x1b".
 */
void text_plain(const char *text, const char *indent)
{
	for (; *text; text++) {
		if (*text == '\n')
			printf("\n%s", indent);
		else if ((unsigned char)*text < ' ' || *text == 0x7f ||
			 is_c1(text))
			printf("\\x%02x", (unsigned char)*text);
		else
			putchar(*text);
	}
	putchar('\n');
}

/* Return the length of the UTF-8 sequence that @text begins with; 0 if none. */
static size_t sequence(const char *text)
{
	unsigned char first = (unsigned char)*text;
	size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
	size_t i;

	if (first < 0xc2 || first > 0xf4)
		return 0;
	for (i = 1; i < length; i++)
		if (((unsigned char)text[i] & 0xc0) != 0x80)
			return 0;
	/* Surrogates, long forms, and what is beyond Unicode. */
	if ((first == 0xe0 && (unsigned char)text[1] < 0xa0) ||
	    (first == 0xed && (unsigned char)text[1] > 0x9f) ||
	    (first == 0xf0 && (unsigned char)text[1] < 0x90) ||
	    (first == 0xf4 && (unsigned char)text[1] > 0x8f))
		return 0;
	return length;
}

/**
 * text_json() - Print text to stdout as a string of JSON.
 * @text: the text; bytes that are not UTF-8 become U+FFFD
 */
void text_json(const char *text)
{
	putchar('"');
	while (*text) {
		unsigned char byte = (unsigned char)*text;
		size_t length = byte < 0x80 ? 1 : sequence(text);

		if (byte == '"' || byte == '\\')
			printf("\\%c", byte);
		else if (byte < ' ' || byte == 0x7f)
			printf("\\u%04x", byte);
		else if (!length)
			printf("\\ufffd");
		else
			fwrite(text, 1, length, stdout);
		text += length ? length : 1;
	}
	putchar('"');
}

/**
 * text_list() - Print lines to stdout as elements of an array of JSON.
 * @lines: the lines, with "\n" between each two; NULL for none
 * @is_first: whether no element is printed yet; set to false afterwards
 */
void text_list(const char *lines, bool *is_first)
{
	char line[4096];

	while (lines && *lines) {
		size_t length = strcspn(lines, "\n");
		size_t kept = length < sizeof(line) ? length : sizeof(line) - 1;

		memcpy(line, lines, kept);
		line[kept] = '\0';
		if (!*is_first)
			putchar(',');
		*is_first = false;
		text_json(line);
		lines += length;
		lines += *lines == '\n';
	}
}
