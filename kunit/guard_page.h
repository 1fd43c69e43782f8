/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Guard page - texts that end where memory ends, so that a read past them faults
 *
 * A suite sets guard_page_test_init() as its .init; test->priv is then a page
 * with an unmapped page after it.
 */
#ifndef _MODPROOF_GUARD_PAGE_H
#define _MODPROOF_GUARD_PAGE_H

#include <kunit/resource.h>
#include <kunit/test.h>
#include <linux/mm.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

KUNIT_DEFINE_ACTION_WRAPPER(vfree_action, vfree, const void *);

static inline int guard_page_test_init(struct kunit *test)
{
	test->priv = vmalloc(PAGE_SIZE);
	KUNIT_ASSERT_NOT_NULL(test, test->priv);
	return kunit_add_action_or_reset(test, vfree_action, test->priv);
}

/* Copies @len bytes, up to PAGE_SIZE, to the end of the page. */
static inline char *at_end_of_memory(struct kunit *test, const char *text,
				     size_t len)
{
	return memcpy(test->priv + PAGE_SIZE - len, text, len);
}

#endif /* _MODPROOF_GUARD_PAGE_H */
