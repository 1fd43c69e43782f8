/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Uring - one open through io_uring, without a library
 *
 * The ring has one entry.  uring_open() submits the open and waits for its
 * completion.  The functions return a negative errno if they fail.
 */
#ifndef _SELFTESTS_TRACE_URING_H
#define _SELFTESTS_TRACE_URING_H

#include <errno.h>
#include <linux/io_uring.h>
#include <linux/openat2.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/sysret.h"

struct uring {
	int fd;
	struct io_uring_params params;
	void *ring;
	size_t ring_size;
	struct io_uring_sqe *entry;
};

static inline unsigned int *uring_word(struct uring *uring, uint32_t offset)
{
	return (void *)((char *)uring->ring + offset);
}

static inline void *uring_map(int fd, size_t size, off_t offset)
{
	return mmap(NULL, size, PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_POPULATE, fd, offset);
}

/*
 * Creates a ring.  If @flags has IORING_SETUP_SQPOLL, a thread of the kernel
 * submits the entry.
 */
static inline int uring_init(struct uring *uring, unsigned int flags)
{
	memset(uring, 0, sizeof(*uring));
	uring->params.flags = flags;
	uring->fd = sysret(syscall(SYS_io_uring_setup, 1, &uring->params));
	if (uring->fd < 0)
		return uring->fd;

	/*
	 * Since 5.4, one mmap() maps both the submissions and the completions.
	 */
	uring->ring_size = uring->params.cq_off.cqes +
		uring->params.cq_entries * sizeof(struct io_uring_cqe);
	uring->ring = uring_map(uring->fd, uring->ring_size,
				IORING_OFF_SQ_RING);
	if (uring->ring == MAP_FAILED)
		return -errno;

	uring->entry = uring_map(uring->fd, sizeof(*uring->entry),
				 IORING_OFF_SQES);
	return uring->entry == MAP_FAILED ? -errno : 0;
}

static inline void uring_destroy(struct uring *uring)
{
	munmap(uring->entry, sizeof(*uring->entry));
	munmap(uring->ring, uring->ring_size);
	close(uring->fd);
}

/*
 * Submits the entry, which the caller has filled, waits, and returns its
 * result.
 */
static inline int uring_run(struct uring *uring)
{
	const struct io_sqring_offsets *sq = &uring->params.sq_off;
	const struct io_cqring_offsets *cq = &uring->params.cq_off;
	struct io_uring_cqe *answer = (void *)uring_word(uring, cq->cqes);
	unsigned int flags = IORING_ENTER_GETEVENTS;
	int ret;

	if (uring->params.flags & IORING_SETUP_SQPOLL)
		flags |= IORING_ENTER_SQ_WAKEUP;
	*uring_word(uring, sq->array) = 0;
	__atomic_add_fetch(uring_word(uring, sq->tail), 1, __ATOMIC_RELEASE);

	ret = sysret(syscall(SYS_io_uring_enter, uring->fd, 1, 1, flags, NULL,
			     0));
	return ret < 0 ? ret : answer->res;
}

/*
 * Opens a file for reading.  @opcode is IORING_OP_OPENAT or IORING_OP_OPENAT2.
 * Returns the descriptor.
 */
static inline int uring_open(const char *path, unsigned int setup, int opcode,
			     unsigned int sqe_flags)
{
	struct open_how how = { .flags = 0 };
	struct uring uring;
	int ret = uring_init(&uring, setup);

	if (ret)
		return ret;

	memset(uring.entry, 0, sizeof(*uring.entry));
	uring.entry->opcode = opcode;
	uring.entry->flags = sqe_flags;
	uring.entry->fd = -100; /* AT_FDCWD */
	uring.entry->addr = (uintptr_t)path;
	if (opcode == IORING_OP_OPENAT2) {
		uring.entry->addr2 = (uintptr_t)&how;
		uring.entry->len = sizeof(how);
	}
	ret = uring_run(&uring);
	uring_destroy(&uring);
	return ret;
}

#endif /* _SELFTESTS_TRACE_URING_H */
