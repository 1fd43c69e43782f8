/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Unprivileged - opens, reads and writes of a file by a user without privileges
 */
#ifndef _SELFTESTS_LIB_UNPRIVILEGED_H
#define _SELFTESTS_LIB_UNPRIVILEGED_H

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "file.h"
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

struct reader {
	const char *path;
	const char *content;
};

static inline int unprivileged_try_both(void *arg)
{
	const struct reader *reader = arg;
	int err = task_become_nobody();

	if (err)
		return err;
	if (strcmp(file_text(reader->path), reader->content) ||
	    sysret(open(reader->path, O_RDWR | O_CLOEXEC)) != -EACCES)
		return -EPROTO;
	return file_write(reader->path, "x");
}

/*
 * Returns the result of a write by a user without privileges, or -EPROTO if that
 * user does not read @content, or can open the file for both.
 */
static inline int unprivileged_reads_and_writes(const char *path,
						const char *content)
{
	struct reader reader = { .path = path, .content = content };

	return task_run(unprivileged_try_both, &reader);
}

#endif /* _SELFTESTS_LIB_UNPRIVILEGED_H */
