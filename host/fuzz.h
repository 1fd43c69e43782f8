/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Fuzz - bytes taken as operations, and results compared with a model's
 *
 * A target reads its operations from struct input until it is used up; what
 * is read behind the end is 0.  The first difference ends the process.
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

/* fuzz.py reads what is printed. */
static inline void expect_eq_at(const char *file, int line, long long got,
				long long want, const char *what)
{
	if (got == want)
		return;
	fprintf(stderr, "DIFFERENCE: host/%s:%d: %s is %lld, the model's is %lld\n",
		file, line, what, got, want);
	abort();
}

#define expect_eq(got, want, what) \
	expect_eq_at(__FILE__, __LINE__, (got), (want), (what))

/* Exactly @size bytes, so that the sanitizer sees the first one behind them. */
static inline void *exactly(size_t size)
{
	void *memory = malloc(size);

	if (!memory)
		abort();
	return memory;
}

/* Each target defines it, under the name that libFuzzer calls. */
int fuzz_target(const u8 *data, size_t size) asm("LLVMFuzzerTestOneInput");

#endif /* _MODPROOF_HOST_FUZZ_H */
