/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Memory - valid and invalid addresses, as arguments of system calls
 */
#ifndef RIG_MEMORY_H
#define RIG_MEMORY_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "prng.h"

/*
 * After an address near the border, fewer than this many bytes are accessible.
 */
#define MEMORY_MAX_LEFT	16

/*
 * @pages: a page that can be read and written
 * @border: its end, after which a page cannot be accessed
 * @read_only: a page that can only be read
 */
struct memory {
	char *pages;
	char *border;
	char *read_only;
	size_t page_size;
};

/* Returns 0, or -1 and sets errno.  The memory is freed when the task ends. */
static inline int memory_init(struct memory *memory)
{
	memory->page_size = sysconf(_SC_PAGESIZE);
	memory->pages = mmap(NULL, 2 * memory->page_size, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (memory->pages == MAP_FAILED)
		return -1;
	memory->border = memory->pages + memory->page_size;
	if (mprotect(memory->border, memory->page_size, PROT_NONE))
		return -1;
	memory->read_only = mmap(NULL, memory->page_size, PROT_READ,
				 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return memory->read_only == MAP_FAILED ? -1 : 0;
}

/* Returns an address of the kernel, or one at which nothing is mapped. */
static inline void *memory_of_the_kernel(struct prng *prng)
{
	static const uintptr_t addresses[] = {
		0x00007ffffffff000, 0x0000800000000000, 0x8000000000000000,
		0xffff888000000000, 0xffffc90000000000, 0xffffffff81000000,
		0xffffffffa0000000, 0xffffffffffffffff,
	};

	return (void *)addresses[prng_below(prng, 8)];
}

/*
 * Returns a random address.  After half of the addresses, almost a page of
 * memory is accessible.
 */
static inline void *memory_addr(const struct memory *memory,
				struct prng *prng)
{
	switch (prng_below(prng, 16)) {
	case 0:
		return memory->read_only;
	case 1:
		return memory_of_the_kernel(prng);
	case 2:
		return memory->border + prng_below(prng, memory->page_size);
	case 3:
		return (void *)prng_below(prng, 2);
	case 4:
	case 5:
	case 6:
	case 7:
		return memory->border - prng_below(prng, MEMORY_MAX_LEFT);
	default:
		return memory->pages + prng_below(prng, MEMORY_MAX_LEFT);
	}
}

/* Returns the number of bytes at @addr that may be written. */
static inline size_t memory_left(const struct memory *memory, const char *addr)
{
	if (addr < memory->pages || addr >= memory->border)
		return 0;
	return memory->border - addr;
}

/*
 * Fills up to @len bytes at @addr, if they may be written, with @text, or with
 * random bytes if @text is NULL.  One time in four, then replaces one of the
 * bytes by a random one.
 */
static inline void memory_fill(const struct memory *memory, char *addr,
			       size_t len, const char *text,
			       struct prng *prng)
{
	const size_t left = memory_left(memory, addr);
	size_t i;

	if (len > left)
		len = left;
	for (i = 0; i < len && !(text && !text[i]); i++)
		addr[i] = text ? text[i] : (char)prng_next(prng);
	if (i && prng_once_in(prng, 4))
		addr[prng_below(prng, i)] = (char)prng_next(prng);
}

#endif /* RIG_MEMORY_H */
