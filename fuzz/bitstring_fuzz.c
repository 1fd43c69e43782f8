// SPDX-License-Identifier: GPL-2.0
/*
 * Bit string target - digits, compared with those of repeated division
 */
#include "bitstring.h"
#include "fuzz.h"

#define MAX_BITS	(8 * sizeof(unsigned long))

static unsigned long input_word(struct input *in)
{
	unsigned long word;

	input_bytes(in, &word, sizeof(word));
	return word;
}

/* Allocates exactly BITSTRING_SIZE() bytes, which must be enough. */
static void format(unsigned long word, unsigned int nr_bits)
{
	char *text = exactly(BITSTRING_SIZE(nr_bits));
	unsigned int i;

	bitstring_format(text, word, nr_bits);
	expect_eq(text[nr_bits], 0, "terminator");
	for (i = nr_bits; i > 0; i--) {
		expect_eq(text[i - 1], word % 2 ? '1' : '0', "digit");
		word /= 2;
	}
	free(text);
}

int fuzz_target(const u8 *data, size_t size)
{
	struct input in = { .next = data, .left = size };

	while (in.left) {
		const unsigned int nr_bits = input_u8(&in) % (MAX_BITS + 1);

		format(input_word(&in), nr_bits);
	}
	return 0;
}
