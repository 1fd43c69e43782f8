/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Spy - loads syscall-steal to log the opens of a user of the tests alone
 *
 * Each test works in a directory of its own.  A child takes the uid of that
 * user, but keeps the privileges of root.  The module logs only the opens of
 * such a child.
 */
#ifndef _SELFTESTS_TRACE_SPY_H
#define _SELFTESTS_TRACE_SPY_H

#include <errno.h>
#include <fcntl.h>
#include <kselftest_harness.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/kmsg.h"
#include "lib/module.h"
#include "lib/sysret.h"
#include "lib/task.h"

#define SPY_MODULE	"syscall-steal"
#define SPY_UID		54321
#define SPY_UID_OTHER	54322
#define SPY_LOAD	"uid=54321"
#define SPY_LOADED	"Spying on UID:54321"
#define SPY_LOG		"Opened file by 54321: "
#define SPY_PARAMETERS	"/sys/module/syscall_steal/parameters"
#define SPY_PARAMETER	SPY_PARAMETERS "/uid"
#define SPY_FILE	"file"
#define SPY_FIFO	"fifo"
#define SPY_MISSING	"missing/file"

FIXTURE(spy)
{
	struct kmsg log;
	char dir[32];
};

FIXTURE_SETUP(spy)
{
	snprintf(self->dir, sizeof(self->dir), "/run/spy-XXXXXX");
	ASSERT_NE(NULL, mkdtemp(self->dir));
	ASSERT_EQ(0, chdir(self->dir));
	ASSERT_EQ(0, chmod(".", 0777));
	ASSERT_EQ(0, mknod(SPY_FILE, S_IFREG | 0666, 0));
	ASSERT_EQ(0, mkfifo(SPY_FIFO, 0666));

	ASSERT_EQ(0, module_reload(SPY_MODULE, SPY_LOAD));
	ASSERT_EQ(0, kmsg_open(&self->log));
}

FIXTURE_TEARDOWN(spy)
{
	kmsg_close(&self->log);
	module_unload(SPY_MODULE);
	unlink(SPY_FIFO);
	unlink(SPY_FILE);
	EXPECT_EQ(0, chdir("/"));
	rmdir(self->dir);
}

/*
 * Sets the uids of the calling thread.  Makes the system call itself, because
 * the function of the C library would set those of all threads.
 */
static inline int spy_become(uid_t real, uid_t effective)
{
#ifdef SYS_setresuid32
	return sysret(syscall(SYS_setresuid32, real, effective, 0));
#else
	return sysret(syscall(SYS_setresuid, real, effective, 0));
#endif
}

static inline int spy_open(const char *path)
{
	int fd = sysret(open(path, O_RDONLY | O_CLOEXEC));

	return fd < 0 ? fd : sysret(close(fd));
}

static inline int spy_open_as_user(void *path)
{
	int err = spy_become(SPY_UID, 0);

	return err ? err : spy_open(path);
}

#endif /* _SELFTESTS_TRACE_SPY_H */
