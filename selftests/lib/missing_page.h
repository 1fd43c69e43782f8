/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Stuck page - a missing page of user memory that a test supplies later
 *
 *	| an ordinary page | the page that is missing |
 *	                   ^ border
 *
 * A task that touches the missing page sleeps in the page fault until the test
 * supplies the page.  This is so in a system call that copies from or to the
 * page, too. userfaultfd(2) handles the page fault; it stands for a FUSE server
 * or a network file system, which may also handle a page fault late or never.
 * A child process does not inherit this: in a child the page is an ordinary
 * one.
 */
#ifndef _SELFTESTS_LIB_MISSING_PAGE_H
#define _SELFTESTS_LIB_MISSING_PAGE_H

#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sysret.h"
#include "timeout.h"

#define STUCK_PAGE_LIMIT_MS	3000

struct stuck_page {
	int fd;
	char *border;
	size_t size;
};

static inline bool stuck_page_is_available(void)
{
	return !access("/proc/sys/vm/unprivileged_userfaultfd", F_OK);
}

static inline int stuck_page_register(struct stuck_page *page)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register range = {
		.range = { (uintptr_t)page->border, page->size },
		.mode = UFFDIO_REGISTER_MODE_MISSING,
	};
	int err = sysret(ioctl(page->fd, UFFDIO_API, &api));

	return err ? err : sysret(ioctl(page->fd, UFFDIO_REGISTER, &range));
}

/* Maps both pages.  Returns 0 or a negative errno. */
static inline int stuck_page_init(struct stuck_page *page)
{
	char *pages;

	page->fd = sysret(syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK));
	if (page->fd < 0)
		return page->fd;
	page->size = sysconf(_SC_PAGESIZE);
	pages = mmap(NULL, 2 * page->size, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (pages == MAP_FAILED)
		return -errno;
	page->border = pages + page->size;
	return stuck_page_register(page);
}

static inline void stuck_page_destroy(struct stuck_page *page)
{
	close(page->fd);
	munmap(page->border - page->size, 2 * page->size);
}

/*
 * Waits until a task touches the missing page.  Returns 1 if one does, 0 if the
 * descriptor @other becomes readable first, or a negative errno.
 */
static inline int stuck_page_wait(struct stuck_page *page, int other)
{
	struct pollfd ends[2] = {
		{ .fd = page->fd, .events = POLLIN },
		{ .fd = other, .events = POLLIN },
	};
	struct uffd_msg fault;

	if (!poll(ends, 2, slow(STUCK_PAGE_LIMIT_MS)))
		return -ETIMEDOUT;
	if (!ends[0].revents)
		return 0;
	return read(page->fd, &fault, sizeof(fault)) == sizeof(fault) ? 1 :
									-EPROTO;
}

/*
 * Supplies the page as a copy of @bytes, so that the sleeping task continues.
 */
static inline int stuck_page_give(struct stuck_page *page, const char *bytes)
{
	struct uffdio_copy copy = {
		.dst = (uintptr_t)page->border,
		.src = (uintptr_t)bytes,
		.len = page->size,
	};

	return sysret(ioctl(page->fd, UFFDIO_COPY, &copy));
}

/* Removes the supplied page, so that it is missing again. */
static inline int stuck_page_take(struct stuck_page *page)
{
	return sysret(madvise(page->border, page->size, MADV_DONTNEED));
}

#endif /* _SELFTESTS_LIB_MISSING_PAGE_H */
