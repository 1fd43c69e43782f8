/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Guard page - put a text at the end of a page, so that a read past it faults
 *
 * A suite sets guard_page_test_init() as its .init.  That sets test->priv to a
 * page that is followed by an unmapped page.
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

/*
 * Copies @len bytes of @text, at most PAGE_SIZE, to the end of the page.
 * Returns the address of the copy.
 */
static inline char *at_end_of_memory(struct kunit *test, const char *text,
				     size_t len)
{
	return memcpy(test->priv + PAGE_SIZE - len, text, len);
}

#endif /* _MODPROOF_GUARD_PAGE_H */
