/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Fuzz - use random bytes as operations, and compare the results with a model's
 *
 * A target reads its operations from struct input until all bytes are used.
 * Bytes past the end of the input are read as 0.  The first difference aborts
 * the process.
 */
#ifndef _MODPROOF_HOST_FUZZ_H
#define _MODPROOF_HOST_FUZZ_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/types.h>

struct input {
	const u8 *next;
	size_t left;
};

static inline void input_bytes(struct input *in, void *bytes, size_t len)
{
	const size_t n = len < in->left ? len : in->left;

	memset(bytes, 0, len);
	if (n)
		memcpy(bytes, in->next, n);
	in->next += n;
	in->left -= n;
}

static inline u8 input_u8(struct input *in)
{
	u8 byte;

	input_bytes(in, &byte, sizeof(byte));
	return byte;
}

static inline u32 input_u32(struct input *in)
{
	u32 word;

	input_bytes(in, &word, sizeof(word));
	return word;
}

/* Aborts if the code and the model differ.  fuzz.py parses the message. */
static inline void expect_eq_at(const char *file, int line, long long got,
				long long want, const char *what)
{
	if (got == want)
		return;
	fprintf(stderr, "DIFFERENCE: fuzz/%s:%d: %s is %lld, the model's is %lld\n",
		file, line, what, got, want);
	abort();
}

#define expect_eq(got, want, what) \
	expect_eq_at(__FILE__, __LINE__, (got), (want), (what))

/* Allocates exactly @size bytes; the sanitizer reports any access past them. */
static inline void *exactly(size_t size)
{
	void *memory = malloc(size);

	if (!memory)
		abort();
	return memory;
}

/* Each target defines this.  libFuzzer calls it by the name in asm(). */
int fuzz_target(const u8 *data, size_t size) asm("LLVMFuzzerTestOneInput");

#endif /* _MODPROOF_HOST_FUZZ_H */
