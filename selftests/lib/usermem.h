/* SPDX-License-Identifier: GPL-2.0 */
/*
 * User memory - buffers of which a system call can access a part or nothing
 *
 *	| readable and writable | PROT_NONE |
 *	                        ^ border
 *
 * The caller may fill and read the memory before the border.
 */
#ifndef _SELFTESTS_LIB_USERMEM_H
#define _SELFTESTS_LIB_USERMEM_H

#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include "sysret.h"

/* The number of bytes at the start of USERMEM_HALF that can be accessed. */
#define USERMEM_GOOD_BYTES	2

enum usermem_kind {
	USERMEM_NULL,
	USERMEM_OF_THE_KERNEL,
	USERMEM_PROT_NONE,
	USERMEM_HALF,
	NR_USERMEM_KINDS,
};

struct usermem {
	char *pages;
	char *border;
	size_t page_size;
};

/*
 * Returns 0, or -1 and sets errno.  If the caller does not free the memory, it
 * is freed when the task ends.
 */
static inline int usermem_init(struct usermem *mem)
{
	mem->page_size = sysconf(_SC_PAGESIZE);
	mem->pages = mmap(NULL, 2 * mem->page_size, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (mem->pages == MAP_FAILED)
		return -1;

	mem->border = mem->pages + mem->page_size;
	return mprotect(mem->border, mem->page_size, PROT_NONE);
}

static inline void usermem_destroy(struct usermem *mem)
{
	munmap(mem->pages, 2 * mem->page_size);
}

static inline void *usermem_addr(const struct usermem *mem,
				 enum usermem_kind kind)
{
	switch (kind) {
	case USERMEM_OF_THE_KERNEL:
		return (void *)(intptr_t)-4096;
	case USERMEM_PROT_NONE:
		return mem->border;
	case USERMEM_HALF:
		return mem->border - USERMEM_GOOD_BYTES;
	default:
		return NULL;
	}
}

/*
 * Reads @size bytes to @buf, of which only a part can be accessed.  Reads on
 * after the bytes that it has got, until a read returns none.  Returns the
 * number of bytes, and stores in @last what the last read returned: 0 or a
 * negative errno.
 *
 * One read may return fewer bytes than fit.  When a copy to the user meets a
 * fault, the kernel must have copied at least one byte if it can, but need not
 * have copied all; see raw_copy_to_user() in <linux/uaccess.h>.  Therefore only
 * the sum over all reads is the same on every architecture.
 */
static inline long usermem_read_on(int fd, char *buf, long size, long *last)
{
	long got = 0;

	while ((*last = sysret(read(fd, buf + got, size - got))) > 0)
		got += *last;
	return got;
}

#endif /* _SELFTESTS_LIB_USERMEM_H */
