/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Calls - the system calls that a task makes on the files it has open
 *
 * A task has a few slots for open files.  It chooses the slot and the other
 * arguments of a call at random, so a call may get a slot without an open file.
 */
#ifndef RIG_CALLS_H
#define RIG_CALLS_H

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "memory.h"

#define CALLS_NR_SLOTS		4
#define CALLS_MAX_VECTORS	4
#define CALLS_NR(array)		(sizeof(array) / sizeof(*(array)))

/* The period of a signal: a call that blocks returns EINTR after this time. */
#define CALLS_TICK_US		50000

/* The number of an ioctl, and of the bytes that its argument points to. */
struct calls_ioctl {
	unsigned long cmd;
	size_t size;
};

struct bench;
struct step;

/*
 * What the program that has the tasks does for a bench.
 *
 * @draw_node: returns the number of a random node
 * @open: opens a node, and returns its descriptor or a negative errno
 * @look: looks whether a call may return this result
 * @peer: returns the PID of one of the tasks
 * @ioctl: returns an ioctl of the module, or one with the number 0
 * @text: returns a text that a node understands, or NULL
 * @begin: is told each call before it is made, or is NULL
 */
struct bench_ops {
	int (*draw_node)(const struct bench *bench, struct prng *prng);
	int (*open)(struct bench *bench, int node, int flags);
	void (*look)(struct bench *bench, const char *call, long ret);
	pid_t (*peer)(const struct bench *bench, unsigned long number);
	struct calls_ioctl (*ioctl)(const struct bench *bench,
				    struct prng *prng);
	const char *(*text)(const struct bench *bench, int node,
			    struct prng *prng);
	void (*begin)(struct bench *bench, const struct step *step);
};

/*
 * What a task uses for its calls.
 *
 * @owner: the task
 * @slots: open files, or -1
 * @nodes: the node that was last opened in each slot
 */
struct bench {
	const struct bench_ops *ops;
	void *owner;
	struct memory memory;
	int slots[CALLS_NR_SLOTS];
	int nodes[CALLS_NR_SLOTS];
	int pipe[2];
};

/*
 * A call that a task can make.
 *
 * @args: the arguments that it uses: a for the address, c for the ioctl, f for
 *	the flags of an open, l for the length, n for the number, o for the
 *	offset
 * @only_looks: it changes nothing but the position in a file
 */
struct call {
	const char *name;
	long (*make)(struct bench *bench, const struct step *step);
	const char *args;
	bool only_looks;
};

/* One step, which is one call: its random arguments. */
struct step {
	const struct call *call;
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

/* Returns the result of a C library call, or -errno if it is negative. */
static inline long calls_ret(long ret)
{
	return ret < 0 ? -errno : ret;
}

/* Lets signals interrupt the calls of a task that block. */
static inline int calls_tick(void)
{
	const struct itimerval tick = {
		.it_interval = { .tv_usec = CALLS_TICK_US },
		.it_value = { .tv_usec = CALLS_TICK_US },
	};

	return calls_ret(setitimer(ITIMER_REAL, &tick, NULL));
}

static inline void calls_wake_up(int signal)
{
	(void)signal;
}

/*
 * Lets signals interrupt calls that block, and do nothing else.  The tasks
 * inherit the handlers, so one of them may send a signal before another has
 * begun.
 */
static inline int calls_catch(void)
{
	const struct sigaction wake = { .sa_handler = calls_wake_up };

	signal(SIGIO, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	if (sigaction(SIGUSR1, &wake, NULL) || sigaction(SIGALRM, &wake, NULL))
		return -errno;
	return 0;
}

static inline int fd_of(const struct bench *bench, const struct step *step)
{
	return bench->slots[step->slot];
}

static inline long close_slot(struct bench *bench, int slot)
{
	const int fd = bench->slots[slot];

	bench->slots[slot] = -1;
	return fd < 0 ? 0 : calls_ret(close(fd));
}

/* Returns the flags with which a step opens a file. */
static inline int open_flags(const struct step *step)
{
	static const int flags[] = {
		O_RDONLY, O_WRONLY, O_RDWR, O_RDWR, O_ACCMODE, O_TRUNC, O_APPEND,
		O_NONBLOCK, O_DIRECT, O_SYNC, O_EXCL, O_PATH, O_DIRECTORY,
		O_NOFOLLOW, O_ASYNC, O_NOATIME,
	};

	return flags[step->number % 4] |
	       flags[step->number / 4 % CALLS_NR(flags)];
}

static inline long call_open(struct bench *bench, const struct step *step)
{
	int fd;

	close_slot(bench, step->slot);
	fd = bench->ops->open(bench, step->node, open_flags(step));
	bench->slots[step->slot] = fd < 0 ? -1 : fd;
	bench->nodes[step->slot] = step->node;
	return fd;
}

static inline long call_close(struct bench *bench, const struct step *step)
{
	return close_slot(bench, step->slot);
}

static inline long call_dup(struct bench *bench, const struct step *step)
{
	const int fd = calls_ret(dup(fd_of(bench, step)));

	if (fd >= 0) {
		close_slot(bench, step->other);
		bench->slots[step->other] = fd;
		bench->nodes[step->other] = bench->nodes[step->slot];
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
	return at_most(calls_ret(read(fd_of(bench, step), step->addr,
				      step->len)), step->len);
}

static inline long call_write(struct bench *bench, const struct step *step)
{
	return at_most(calls_ret(write(fd_of(bench, step), step->addr,
				       step->len)), step->len);
}

static inline long call_pread(struct bench *bench, const struct step *step)
{
	return at_most(calls_ret(pread(fd_of(bench, step), step->addr,
				       step->len, step->offset)), step->len);
}

static inline long call_pwrite(struct bench *bench, const struct step *step)
{
	return at_most(calls_ret(pwrite(fd_of(bench, step), step->addr,
					step->len, step->offset)), step->len);
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
	return calls_ret(readv(fd_of(bench, step), vectors_of(step),
			       nr_vectors_of(step)));
}

static inline long call_writev(struct bench *bench, const struct step *step)
{
	return calls_ret(writev(fd_of(bench, step), vectors_of(step),
				nr_vectors_of(step)));
}

static inline long call_lseek(struct bench *bench, const struct step *step)
{
	return calls_ret(lseek(fd_of(bench, step), step->offset,
			       step->number % 7));
}

static inline long call_ioctl(struct bench *bench, const struct step *step)
{
	return calls_ret(ioctl(fd_of(bench, step), step->cmd,
			       step->number % 4 ? (unsigned long)step->addr :
						  step->number >> 2));
}

static inline long call_poll(struct bench *bench, const struct step *step)
{
	struct pollfd fds[] = {
		{ .fd = fd_of(bench, step), .events = step->number },
		{ .fd = bench->slots[step->other], .events = step->number >> 16 },
	};

	return calls_ret(poll(fds, CALLS_NR(fds), 0));
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
	bench->ops->look(bench, "write",
			 calls_ret(write(bench->pipe[1], map,
					 len < 64 ? len : 64)));
	drain(bench);
	return calls_ret(munmap(map, len));
}

static inline long call_fcntl(struct bench *bench, const struct step *step)
{
	static const int cmds[] = {
		F_GETFD, F_GETFL, F_SETFL, F_GETLK, F_SETLK, F_OFD_GETLK,
		F_OFD_SETLK, F_GETOWN, F_GETSIG, F_GETLEASE, F_GETPIPE_SZ,
		F_GET_SEALS,
	};
	const int cmd = cmds[step->number % CALLS_NR(cmds)];
	const unsigned long flags =
		step->number >> 8 & (O_APPEND | O_NONBLOCK | O_DIRECT | O_ASYNC);

	return calls_ret(fcntl(fd_of(bench, step), cmd,
			       cmd == F_SETFL ? flags :
						(unsigned long)step->addr));
}

static inline long call_splice_from(struct bench *bench, const struct step *step)
{
	off_t offset = step->offset;
	long ret;

	ret = calls_ret(splice(fd_of(bench, step),
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
	ret = calls_ret(splice(bench->pipe[0], NULL, fd_of(bench, step),
			       step->number & 1 ? &offset : NULL, step->len,
			       SPLICE_F_NONBLOCK));
	drain(bench);
	return ret;
}

static inline long call_sendfile(struct bench *bench, const struct step *step)
{
	off_t offset = step->offset;
	long ret;

	ret = calls_ret(sendfile(step->number & 2 ? bench->slots[step->other] :
						    bench->pipe[1],
				 fd_of(bench, step),
				 step->number & 1 ? &offset : NULL,
				 step->len % 65536));
	drain(bench);
	return ret;
}

static inline long call_fstat(struct bench *bench, const struct step *step)
{
	return calls_ret(syscall(SYS_fstat, fd_of(bench, step), step->addr));
}

static inline long call_fsync(struct bench *bench, const struct step *step)
{
	return calls_ret(step->number & 1 ? fsync(fd_of(bench, step)) :
					    fdatasync(fd_of(bench, step)));
}

static inline long call_ftruncate(struct bench *bench, const struct step *step)
{
	return calls_ret(ftruncate(fd_of(bench, step), step->offset));
}

static inline long call_fallocate(struct bench *bench, const struct step *step)
{
	return calls_ret(fallocate(fd_of(bench, step), step->number % 128,
				   step->offset, step->len));
}

static inline long call_flock(struct bench *bench, const struct step *step)
{
	return calls_ret(flock(fd_of(bench, step), LOCK_NB | step->number % 16));
}

static inline long call_getdents(struct bench *bench, const struct step *step)
{
	return calls_ret(syscall(SYS_getdents64, fd_of(bench, step), step->addr,
				 step->len));
}

/*
 * The work of a child, which inherits all open files but not the timer, and
 * whose exit closes the files.
 */
static inline int read_and_end(int fd)
{
	char bytes[64];

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	calls_tick();
	return read(fd, bytes, sizeof(bytes)) > (long)sizeof(bytes);
}

static inline long call_fork(struct bench *bench, const struct step *step)
{
	const pid_t child = fork();
	int status;

	if (!child)
		_exit(read_and_end(fd_of(bench, step)));
	if (child < 0)
		return -errno;
	while (waitpid(child, &status, 0) < 0) {
		if (errno != EINTR)
			return -errno;
	}
	return status ? -ENOTRECOVERABLE : 0;
}

/* Sends a signal to one of the tasks.  It interrupts the call of that task. */
static inline long call_kill(struct bench *bench, const struct step *step)
{
	return calls_ret(kill(bench->ops->peer(bench, step->number), SIGUSR1));
}

/*
 * A task chooses from this list at random.  It makes a call more often if the
 * call is listed more often.
 */
static const struct call calls[] = {
	{ "open", call_open, "f", true },
	{ "open", call_open, "f", true },
	{ "open", call_open, "f", true },
	{ "open", call_open, "f", true },
	{ "close", call_close, "", true },
	{ "dup", call_dup, "", true },
	{ "read", call_read, "al", true },
	{ "read", call_read, "al", true },
	{ "read", call_read, "al", true },
	{ "write", call_write, "al", false },
	{ "write", call_write, "al", false },
	{ "write", call_write, "al", false },
	{ "pread", call_pread, "aol", true },
	{ "pread", call_pread, "aol", true },
	{ "pwrite", call_pwrite, "aol", false },
	{ "pwrite", call_pwrite, "aol", false },
	{ "readv", call_readv, "n", true },
	{ "writev", call_writev, "n", false },
	{ "lseek", call_lseek, "on", true },
	{ "lseek", call_lseek, "on", true },
	{ "ioctl", call_ioctl, "ca", false },
	{ "ioctl", call_ioctl, "ca", false },
	{ "ioctl", call_ioctl, "ca", false },
	{ "poll", call_poll, "n", true },
	{ "mmap", call_mmap, "lno", false },
	{ "fcntl", call_fcntl, "n", false },
	{ "splice from", call_splice_from, "l", false },
	{ "splice to", call_splice_to, "al", false },
	{ "sendfile", call_sendfile, "l", false },
	{ "fstat", call_fstat, "a", true },
	{ "fsync", call_fsync, "n", false },
	{ "ftruncate", call_ftruncate, "o", false },
	{ "fallocate", call_fallocate, "nol", false },
	{ "flock", call_flock, "n", false },
	{ "getdents", call_getdents, "al", false },
	{ "fork", call_fork, "", true },
	{ "kill", call_kill, "n", false },
};

#endif /* RIG_CALLS_H */
