// SPDX-License-Identifier: GPL-2.0
/*
 * Int rows target - rows of numbers, compared with those of a model
 */
#include "fuzz.h"
#include "int_rows.h"
#include "int_rows_model.h"

#define MAX_WIDTH	3
#define MAX_ROWS	2
#define MAX_TEXT	80

/*
 * Makes a character of a text from a random byte.  @op chooses the kind of
 * text: rows of digits, characters that sometimes form rows, or any bytes.
 */
static char to_letter(u8 op, u8 byte, size_t i, int width)
{
	static const char alphabet[] = "   0123456789+-\n\n9\xffx";

	if (op & 0x80)
		return byte;
	if (!(op & 0x40))
		return alphabet[byte % sizeof(alphabet)];
	if (i % 2 == 0)
		return '0' + byte % 10;
	return i / 2 % width == (size_t)width - 1 ? '\n' : ' ';
}

static size_t input_text(struct input *in, char *text, int width)
{
	const u8 op = input_u8(in);
	const size_t len = op % (MAX_TEXT + 1);
	size_t i;

	input_bytes(in, text, len);
	for (i = 0; i < len; i++)
		text[i] = to_letter(op, text[i], i, width);
	return len;
}

static void input_ranges(struct input *in, struct int_range *ranges)
{
	int i;

	for (i = 0; i < MAX_WIDTH; i++) {
		ranges[i].min = input_u32(in);
		ranges[i].max = input_u32(in);
	}
}

static void parse(const char *bytes, size_t len, const struct int_range *ranges,
		  int width)
{
	const size_t size = MAX_ROWS * width * sizeof(s32);
	s32 model[MAX_ROWS * MAX_WIDTH];
	s32 *values = exactly(size);
	char *text = exactly(len + 1);
	int nr;

	/* One more byte in front, so that an empty text has memory. */
	memcpy(text + 1, bytes, len);
	nr = int_rows_parse(text + 1, len, ranges, width, values, MAX_ROWS);
	expect_eq(nr, int_rows_model_parse(text + 1, len, ranges, width, model,
					   MAX_ROWS), "number of rows");
	if (nr > 0)
		expect_eq(memcmp(values, model, nr * width * sizeof(s32)), 0,
			  "difference of the numbers");
	free(text);
	free(values);
}

int fuzz_target(const u8 *data, size_t size)
{
	struct input in = { .next = data, .left = size };
	struct int_range ranges[MAX_WIDTH];
	const int width = 1 + input_u8(&in) % MAX_WIDTH;
	char text[MAX_TEXT];
	size_t len;

	input_ranges(&in, ranges);
	while (in.left) {
		len = input_text(&in, text, width);
		parse(text, len, ranges, width);
	}
	return 0;
}
