/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Shared memory - memory that a test and the tasks that it starts have in common
 *
 * A task sees it at the same address as the test.  It is all zero at first.
 */
#ifndef _SELFTESTS_LIB_SHARED_H
#define _SELFTESTS_LIB_SHARED_H

#include <stddef.h>
#include <sys/mman.h>

/* Returns NULL if there is no memory. */
static inline void *shared_alloc(size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return memory == MAP_FAILED ? NULL : memory;
}

static inline void shared_free(void *memory, size_t size)
{
	munmap(memory, size);
}

#endif /* _SELFTESTS_LIB_SHARED_H */
