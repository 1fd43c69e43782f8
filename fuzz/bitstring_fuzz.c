// SPDX-License-Identifier: GPL-2.0
/*
 * Bit string target - binary digits, compared with those of a model
 */
#include "bitstring.h"
#include "bitstring_model.h"
#include "fuzz.h"

#define MAX_BITS	(8 * sizeof(unsigned long))

static unsigned long input_word(struct input *in)
{
	unsigned long word;

	input_bytes(in, &word, sizeof(word));
	return word;
}

/* Formats a number in exactly BITSTRING_SIZE() bytes, which must be enough. */
static void format(unsigned long word, unsigned int nr_bits)
{
	char *text = exactly(BITSTRING_SIZE(nr_bits));
	char model[MAX_BITS + 1];

	bitstring_format(text, word, nr_bits);
	bitstring_model_format(model, word, nr_bits);
	expect_eq(memcmp(text, model, nr_bits + 1), 0, "difference of the digits");
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
