/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Calls - the system calls that a task makes on the files it has open
 *
 * A task has a few slots for open files.  It chooses the slot and the other
 * arguments of a call at random, so a call may get a slot without an open file.
 */
#ifndef _SELFTESTS_SOAK_CALLS_H
#define _SELFTESTS_SOAK_CALLS_H

#include <errno.h>
#include <fcntl.h>
#include <kselftest_harness.h>
#include <poll.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/sysret.h"
#include "lib/task.h"
#include "memory.h"
#include "soak.h"

#define CALLS_NR_SLOTS		4
#define CALLS_MAX_VECTORS	4

/* What a task uses for its calls: memory, open files and a pipe. */
struct bench {
	struct soak_task *task;
	struct memory memory;
	int slots[CALLS_NR_SLOTS];
	int pipe[2];
};

/* The random arguments of one step, which is one call. */
struct step {
	int slot;
	int other;
	int node;
	unsigned long number;
	unsigned long cmd;
	size_t len;
	off_t offset;
	char *addr;
	struct iovec vectors[CALLS_MAX_VECTORS];
};

struct call {
	const char *name;
	long (*make)(struct bench *bench, const struct step *step);
};

static inline int fd_of(const struct bench *bench, const struct step *step)
{
	return bench->slots[step->slot];
}

static inline long close_slot(struct bench *bench, int slot)
{
	const int fd = bench->slots[slot];

	bench->slots[slot] = -1;
	return fd < 0 ? 0 : sysret(close(fd));
}

static inline long call_open(struct bench *bench, const struct step *step)
{
	static const int flags[] = {
		O_RDONLY, O_WRONLY, O_RDWR, O_RDWR, O_ACCMODE, O_TRUNC, O_APPEND,
		O_NONBLOCK, O_DIRECT, O_SYNC, O_EXCL, O_PATH, O_DIRECTORY,
		O_NOFOLLOW, O_ASYNC, O_NOATIME,
	};
	const int mode = flags[step->number % 4];
	const int more = flags[step->number / 4 % ARRAY_SIZE(flags)];
	int fd;

	close_slot(bench, step->slot);
	fd = soak_open(bench->task, step->node, mode | more);
	bench->slots[step->slot] = fd < 0 ? -1 : fd;
	return fd;
}

static inline long call_close(struct bench *bench, const struct step *step)
{
	return close_slot(bench, step->slot);
}

static inline long call_dup(struct bench *bench, const struct step *step)
{
	const int fd = sysret(dup(fd_of(bench, step)));

	if (fd >= 0) {
		close_slot(bench, step->other);
		bench->slots[step->other] = fd;
	}
	return fd;
}

/*
 * Returns @ret.  If @ret is more than @len bytes, returns an error instead that
 * no call may return.
 */
static inline long at_most(long ret, size_t len)
{
	return ret > 0 && (size_t)ret > len ? -ENOTRECOVERABLE : ret;
}

static inline long call_read(struct bench *bench, const struct step *step)
{
	return at_most(sysret(read(fd_of(bench, step), step->addr, step->len)),
		       step->len);
}

static inline long call_write(struct bench *bench, const struct step *step)
{
	return at_most(sysret(write(fd_of(bench, step), step->addr, step->len)),
		       step->len);
}

static inline long call_pread(struct bench *bench, const struct step *step)
{
	return at_most(sysret(pread(fd_of(bench, step), step->addr, step->len,
				    step->offset)), step->len);
}

static inline long call_pwrite(struct bench *bench, const struct step *step)
{
	return at_most(sysret(pwrite(fd_of(bench, step), step->addr, step->len,
				     step->offset)), step->len);
}

/* Returns the list of vectors, or, once in sixteen times, a random address. */
static inline const struct iovec *
vectors_of(const struct step *step)
{
	return step->number % 16 ? step->vectors : (void *)step->addr;
}

/* Returns the number of vectors, or, once in sixteen times, a random number. */
static inline int nr_vectors_of(const struct step *step)
{
	if (step->number / 16 % 16)
		return step->number / 256 % (CALLS_MAX_VECTORS + 1);
	return step->number >> 32;
}

static inline long call_readv(struct bench *bench, const struct step *step)
{
	return sysret(readv(fd_of(bench, step), vectors_of(step),
			    nr_vectors_of(step)));
}

static inline long call_writev(struct bench *bench, const struct step *step)
{
	return sysret(writev(fd_of(bench, step), vectors_of(step),
			     nr_vectors_of(step)));
}

static inline long call_lseek(struct bench *bench, const struct step *step)
{
	return sysret(lseek(fd_of(bench, step), step->offset,
			    step->number % 7));
}

static inline long call_ioctl(struct bench *bench, const struct step *step)
{
	return sysret(ioctl(fd_of(bench, step), step->cmd,
			    step->number % 4 ? (unsigned long)step->addr :
					       step->number >> 2));
}

static inline long call_poll(struct bench *bench, const struct step *step)
{
	struct pollfd fds[] = {
		{ .fd = fd_of(bench, step), .events = step->number },
		{ .fd = bench->slots[step->other], .events = step->number >> 16 },
	};

	return sysret(poll(fds, ARRAY_SIZE(fds), 0));
}

static inline void drain(struct bench *bench)
{
	char bytes[4096];

	while (read(bench->pipe[0], bytes, sizeof(bytes)) > 0)
		continue;
}

/*
 * Maps the file and reads the mapping by a write to the pipe.  If the read is
 * not possible, the write fails, and the task gets no SIGBUS.
 */
static inline long call_mmap(struct bench *bench, const struct step *step)
{
	const size_t len = step->len % (1024 * 1024);
	void *map;

	map = mmap(NULL, len, step->number % 8,
		   step->number & 8 ? MAP_SHARED : MAP_PRIVATE,
		   fd_of(bench, step), step->offset & ~4095L);
	if (map == MAP_FAILED)
		return -errno;
	soak_look(bench->task, "write",
		  sysret(write(bench->pipe[1], map, len < 64 ? len : 64)));
	drain(bench);
	return sysret(munmap(map, len));
}

static inline long call_fcntl(struct bench *bench, const struct step *step)
{
	static const int cmds[] = {
		F_GETFD, F_GETFL, F_SETFL, F_GETLK, F_SETLK, F_OFD_GETLK,
		F_OFD_SETLK, F_GETOWN, F_GETSIG, F_GETLEASE, F_GETPIPE_SZ,
		F_GET_SEALS,
	};
	const int cmd = cmds[step->number % ARRAY_SIZE(cmds)];
	const unsigned long flags =
		step->number >> 8 & (O_APPEND | O_NONBLOCK | O_DIRECT | O_ASYNC);

	return sysret(fcntl(fd_of(bench, step), cmd,
			    cmd == F_SETFL ? flags : (unsigned long)step->addr));
}

static inline long call_splice_from(struct bench *bench, const struct step *step)
{
	off_t offset = step->offset;
	long ret;

	ret = sysret(splice(fd_of(bench, step),
			    step->number & 1 ? &offset : NULL, bench->pipe[1],
			    NULL, step->len, SPLICE_F_NONBLOCK));
	drain(bench);
	return ret;
}

static inline long call_splice_to(struct bench *bench, const struct step *step)
{
	off_t offset = step->offset;
	long ret;

	if (write(bench->pipe[1], step->addr, step->len % 4096) < 0)
		return -errno;
	ret = sysret(splice(bench->pipe[0], NULL, fd_of(bench, step),
			    step->number & 1 ? &offset : NULL, step->len,
			    SPLICE_F_NONBLOCK));
	drain(bench);
	return ret;
}

static inline long call_sendfile(struct bench *bench, const struct step *step)
{
	off_t offset = step->offset;
	long ret;

	ret = sysret(sendfile(step->number & 2 ? bench->slots[step->other] :
						 bench->pipe[1],
			      fd_of(bench, step),
			      step->number & 1 ? &offset : NULL,
			      step->len % 65536));
	drain(bench);
	return ret;
}

static inline long call_fstat(struct bench *bench, const struct step *step)
{
	return sysret(syscall(SYS_fstat, fd_of(bench, step), step->addr));
}

static inline long call_fsync(struct bench *bench, const struct step *step)
{
	return sysret(step->number & 1 ? fsync(fd_of(bench, step)) :
					 fdatasync(fd_of(bench, step)));
}

static inline long call_ftruncate(struct bench *bench, const struct step *step)
{
	return sysret(ftruncate(fd_of(bench, step), step->offset));
}

static inline long call_fallocate(struct bench *bench, const struct step *step)
{
	return sysret(fallocate(fd_of(bench, step), step->number % 128,
				step->offset, step->len));
}

static inline long call_flock(struct bench *bench, const struct step *step)
{
	return sysret(flock(fd_of(bench, step), LOCK_NB | step->number % 16));
}

static inline long call_getdents(struct bench *bench, const struct step *step)
{
	return sysret(syscall(SYS_getdents64, fd_of(bench, step), step->addr,
			      step->len));
}

/*
 * Runs in a child.  The child inherits all open files, and its exit closes
 * them.
 */
static inline int read_and_end(void *arg)
{
	const int *slot = arg;
	char bytes[64];

	return read(*slot, bytes, sizeof(bytes)) > (long)sizeof(bytes);
}

static inline long call_fork(struct bench *bench, const struct step *step)
{
	pid_t child = task_start(read_and_end, &bench->slots[step->slot]);
	int status;

	if (child < 0)
		return child;
	while (waitpid(child, &status, 0) < 0) {
		if (errno != EINTR)
			return -errno;
	}
	return status ? -ENOTRECOVERABLE : 0;
}

/* Sends a signal to one of the tasks.  It interrupts the call of that task. */
static inline long call_kill(struct bench *bench, const struct step *step)
{
	const struct soak *soak = bench->task->soak;

	return sysret(kill(soak->tasks[step->number % SOAK_NR_TASKS].pid,
			   SIGUSR1));
}

/*
 * A task chooses from this list at random.  It makes a call more often if the
 * call is listed more often.
 */
static const struct call calls[] = {
	{ "open", call_open },
	{ "open", call_open },
	{ "open", call_open },
	{ "open", call_open },
	{ "close", call_close },
	{ "dup", call_dup },
	{ "read", call_read },
	{ "read", call_read },
	{ "read", call_read },
	{ "write", call_write },
	{ "write", call_write },
	{ "write", call_write },
	{ "pread", call_pread },
	{ "pread", call_pread },
	{ "pwrite", call_pwrite },
	{ "pwrite", call_pwrite },
	{ "readv", call_readv },
	{ "writev", call_writev },
	{ "lseek", call_lseek },
	{ "lseek", call_lseek },
	{ "ioctl", call_ioctl },
	{ "ioctl", call_ioctl },
	{ "ioctl", call_ioctl },
	{ "poll", call_poll },
	{ "mmap", call_mmap },
	{ "fcntl", call_fcntl },
	{ "splice from", call_splice_from },
	{ "splice to", call_splice_to },
	{ "sendfile", call_sendfile },
	{ "fstat", call_fstat },
	{ "fsync", call_fsync },
	{ "ftruncate", call_ftruncate },
	{ "fallocate", call_fallocate },
	{ "flock", call_flock },
	{ "getdents", call_getdents },
	{ "fork", call_fork },
	{ "kill", call_kill },
};

#endif /* _SELFTESTS_SOAK_CALLS_H */
