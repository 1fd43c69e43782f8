// SPDX-License-Identifier: GPL-2.0
/*
 * Key event target - key events of lines, compared with those of a model
 */
#include "fuzz.h"
#include "key_event.h"
#include "key_event_model.h"

#define MAX_EVENTS	3
#define MAX_TEXT	60

/*
 * Makes a character of a text from a random byte.  @op chooses the kind of
 * text: lines of one digit, characters that sometimes form lines, or any bytes.
 */
static char to_letter(u8 op, u8 byte, size_t i)
{
	static const char alphabet[] = "0123456789+-\n\n\n x";

	if (op & 0x80)
		return byte;
	if (op & 0x40)
		return i % 2 ? '\n' : '1' + byte % 9;
	return alphabet[byte % sizeof(alphabet)];
}

static size_t input_text(struct input *in, char *text)
{
	const u8 op = input_u8(in);
	const size_t len = op % (MAX_TEXT + 1);
	size_t i;

	input_bytes(in, text, len);
	for (i = 0; i < len; i++)
		text[i] = to_letter(op, text[i], i);
	return len;
}

static void parse(const char *bytes, size_t len, u16 max_code)
{
	struct key_event *events = exactly(MAX_EVENTS * sizeof(*events));
	struct key_event model[MAX_EVENTS];
	char *text = exactly(len + 1);
	int nr;
	int i;

	/* One more byte in front, so that an empty text has memory. */
	memcpy(text + 1, bytes, len);
	nr = key_event_parse(text + 1, len, max_code, events, MAX_EVENTS);
	expect_eq(nr, key_event_model_parse(text + 1, len, max_code, model,
					    MAX_EVENTS), "number of events");
	for (i = 0; i < nr; i++) {
		expect_eq(events[i].code, model[i].code, "code");
		expect_eq(events[i].is_press, model[i].is_press, "press");
	}
	free(text);
	free(events);
}

int fuzz_target(const u8 *data, size_t size)
{
	struct input in = { .next = data, .left = size };
	const u16 max_code = input_u32(&in);
	char text[MAX_TEXT];
	size_t len;

	while (in.left) {
		len = input_text(&in, text);
		parse(text, len, max_code);
	}
	return 0;
}
