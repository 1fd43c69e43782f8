/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Redzone - poisoned bytes around a buffer, to detect a write outside of it
 *
 * A suite sets redzone_test_init() as its .init.  That sets test->priv to a
 * struct redzone_buffer.  The checks are ASSERTs, so that a test of random
 * cases stops at the first difference.
 */
#ifndef _MODPROOF_REDZONE_H
#define _MODPROOF_REDZONE_H

#include <kunit/test.h>
#include <linux/string.h>
#include <linux/types.h>

#define REDZONE_POISON	0x5a
#define REDZONE_SIZE	8
#define REDZONE_ROOM	72

/**
 * struct redzone_buffer - a buffer and the bytes around it
 * @before: poisoned bytes
 * @text: the buffer
 * @after: poisoned bytes
 */
struct redzone_buffer {
	char before[REDZONE_SIZE];
	char text[REDZONE_ROOM];
	char after[REDZONE_SIZE];
};

/* Fills the buffer and the bytes around it with poison.  Returns the buffer. */
static inline char *redzone_poison(struct kunit *test)
{
	struct redzone_buffer *buffer = test->priv;

	memset(buffer, REDZONE_POISON, sizeof(*buffer));
	return buffer->text;
}

static inline int redzone_test_init(struct kunit *test)
{
	test->priv = kunit_kzalloc(test, sizeof(struct redzone_buffer), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, test->priv);
	redzone_poison(test);
	return 0;
}

/* Checks that only the first @size bytes of the buffer have been written. */
static inline void redzone_assert_untouched(struct kunit *test, size_t size)
{
	const struct redzone_buffer *buffer = test->priv;

	KUNIT_ASSERT_NULL(test, memchr_inv(buffer->before, REDZONE_POISON,
					   sizeof(buffer->before)));
	KUNIT_ASSERT_NULL(test, memchr_inv(&buffer->text[size], REDZONE_POISON,
					   sizeof(buffer->text) - size));
	KUNIT_ASSERT_NULL(test, memchr_inv(buffer->after, REDZONE_POISON,
					   sizeof(buffer->after)));
}

static inline void redzone_assert_text(struct kunit *test, const char *text,
				       size_t size)
{
	const struct redzone_buffer *buffer = test->priv;

	KUNIT_ASSERT_STREQ(test, (const char *)buffer->text, text);
	redzone_assert_untouched(test, size);
}

#endif /* _MODPROOF_REDZONE_H */
