/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Unprivileged open - an open of a file by a user without privileges
 */
#ifndef _SELFTESTS_LIB_UNPRIVILEGED_H
#define _SELFTESTS_LIB_UNPRIVILEGED_H

#include <fcntl.h>
#include <unistd.h>

#include "sysret.h"
#include "task.h"

struct nobody {
	int dir;
	const char *name;
	int flags;
};

static inline int unprivileged_try_open(void *arg)
{
	struct nobody *nobody = arg;
	int ret = task_become_nobody();

	if (!ret)
		ret = sysret(openat(nobody->dir, nobody->name,
				    nobody->flags | O_CLOEXEC));
	return ret < 0 ? ret : 0;
}

/*
 * Returns 0 if a user without privileges may open a file, or a negative errno.
 * Opens the directory before the privileges are dropped, so that the result
 * depends on the mode of the file only, and not on the modes of the directories
 * above it.
 */
static inline int unprivileged_opens(const char *dir, const char *name, int flags)
{
	struct nobody nobody = { .name = name, .flags = flags };
	int ret;

	nobody.dir = sysret(open(dir, O_PATH | O_CLOEXEC));
	if (nobody.dir < 0)
		return nobody.dir;

	ret = task_run(unprivileged_try_open, &nobody);
	close(nobody.dir);
	return ret;
}

#endif /* _SELFTESTS_LIB_UNPRIVILEGED_H */
