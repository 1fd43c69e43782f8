// SPDX-License-Identifier: GPL-2.0
/*
 * Syscall steal - every way to open a file, from 64-bit and 32-bit programs
 */
#include <errno.h>
#include <fcntl.h>
#include <kselftest_harness.h>
#include <linux/openat2.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/kmsg.h"
#include "lib/sysret.h"
#include "lib/task.h"
#include "spy.h"
#include "uring.h"

/*
 * A file that is on the file system of the host.  The guest does not cache the
 * names of that file system.
 */
#define REMOTE	"/etc/passwd"

static int by_openat(const char *path)
{
	return sysret(syscall(SYS_openat, AT_FDCWD, path, O_RDONLY));
}

static int as_a_path(const char *path)
{
	return sysret(syscall(SYS_openat, AT_FDCWD, path, O_PATH));
}

static int by_openat2(const char *path)
{
	struct open_how how = { .flags = O_RDONLY };

	return sysret(syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof(how)));
}

static int by_uring(const char *path)
{
	return uring_open(path, 0, IORING_OP_OPENAT, 0);
}

static int by_uring2(const char *path)
{
	return uring_open(path, 0, IORING_OP_OPENAT2, 0);
}

static int by_a_worker_of_uring(const char *path)
{
	return uring_open(path, 0, IORING_OP_OPENAT, IOSQE_ASYNC);
}

static int by_the_thread_of_uring(const char *path)
{
	return uring_open(path, IORING_SETUP_SQPOLL, IORING_OP_OPENAT, 0);
}

/* .truncates is true if the call removes what is in the file. */
FIXTURE_VARIANT(spy)
{
	int (*open)(const char *path);
	bool truncates;
};

/* Newer architectures lack the system calls that have a successor with "at". */
#ifdef SYS_open
static int by_open(const char *path)
{
	return sysret(syscall(SYS_open, path, O_RDONLY));
}

static int by_creat(const char *path)
{
	return sysret(syscall(SYS_creat, path, 0666));
}

FIXTURE_VARIANT_ADD(spy, open) { by_open };
FIXTURE_VARIANT_ADD(spy, creat) { by_creat, .truncates = true };
#endif

FIXTURE_VARIANT_ADD(spy, openat) { by_openat };
FIXTURE_VARIANT_ADD(spy, openat_with_o_path) { as_a_path };
FIXTURE_VARIANT_ADD(spy, openat2) { by_openat2 };
FIXTURE_VARIANT_ADD(spy, uring_openat) { by_uring };
FIXTURE_VARIANT_ADD(spy, uring_openat2) { by_uring2 };
FIXTURE_VARIANT_ADD(spy, uring_async) { by_a_worker_of_uring };
FIXTURE_VARIANT_ADD(spy, uring_sqpoll) { by_the_thread_of_uring };

struct attempt {
	int (*open)(const char *path);
	const char *path;
};

/*
 * Opens a file as the user.  Returns 0 if that succeeds and the file is the one
 * of that name.
 */
static int try_to_open(void *arg)
{
	const struct attempt *attempt = arg;
	int err = spy_become(SPY_UID, 0);
	struct stat named;
	struct stat found;
	int fd;

	if (err)
		return err;
	fd = attempt->open(attempt->path);
	if (fd < 0)
		return fd;
	if (fstat(fd, &found) || stat(attempt->path, &named))
		return -errno;
	return found.st_ino == named.st_ino ? 0 : -EPROTO;
}

static int attempt_at(const FIXTURE_VARIANT(spy) * variant, const char *path)
{
	struct attempt attempt = { variant->open, path };

	return task_run(try_to_open, &attempt);
}

/*
 * SYSCALL-1, SYSCALL-6, SYSCALL-7: the module logs exactly one record for each
 * open: of a name that is cached, of one that is not cached, and of one that
 * does not exist.
 */
TEST_F(spy, sees_each_open_once)
{
	EXPECT_EQ(0, attempt_at(variant, SPY_FILE));
	EXPECT_LOG(&self->log, SPY_LOG SPY_FILE);

	if (!variant->truncates) {
		EXPECT_EQ(0, attempt_at(variant, REMOTE));
		EXPECT_LOG(&self->log, SPY_LOG REMOTE);
	}

	EXPECT_EQ(-ENOENT, attempt_at(variant, SPY_MISSING));
	EXPECT_LOG(&self->log, SPY_LOG SPY_MISSING);
}

TEST_HARNESS_MAIN
