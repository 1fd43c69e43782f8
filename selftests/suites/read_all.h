/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Read all - a read of every file of a module, to its end
 *
 * A backup, a search, or a test such as read_all and proc01 of LTP opens each
 * file of /proc and /sys and reads it to its end with a small buffer, as root
 * or as a user without privileges.  No file may block the reader, be endless,
 * or return an error that its documentation does not name.  A test program
 * includes this file, and then the descriptions of the modules.
 */
#ifndef _SELFTESTS_SUITES_READ_ALL_H
#define _SELFTESTS_SUITES_READ_ALL_H

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <kselftest_harness.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/description.h"
#include "lib/module.h"
#include "lib/sysret.h"
#include "lib/task.h"

#define READ_ALL_CHUNK	1023
#define READ_ALL_MAX	(1024 * 1024L)

FIXTURE(read_all)
{
};

FIXTURE_VARIANT(read_all)
{
	const struct module_description *of;
};

#undef IN_READ_ALL
#define IN_READ_ALL(id)							\
	DESCRIBED(read_all, id, .of = &id##_module)

/* These are global, because nftw() cannot pass an argument to its callback. */
static const FIXTURE_VARIANT(read_all) * read_all_variant;
static bool read_all_as_nobody;
static int read_all_nr;

/*
 * Reads the file to its end.  Returns 0, or a negative errno: -EFBIG if the
 * file is too long.
 */
static inline int read_all_to_end(int fd)
{
	static char buf[READ_ALL_CHUNK];
	long ret, sum = 0;

	do {
		ret = sysret(read(fd, buf, sizeof(buf)));
		if (ret < 0)
			return ret;
		sum += ret;
	} while (ret && sum < READ_ALL_MAX);
	return ret ? -EFBIG : 0;
}

static inline int read_all_said(const char *path, const char *what, int want,
				int got)
{
	if (got == want)
		return 0;
	printf("# %s: %s gave %d, not %d\n", path, what, got, want);
	return -EPROTO;
}

static inline bool read_all_is(const char *path, const char *other)
{
	return other && !strcmp(path, other);
}

/*
 * Opens a file and reads it to its end.  Returns 0, or -EPROTO if a result is
 * not the expected one.  Even root cannot open a write-only file of sysfs for
 * reading.
 */
static inline int read_all_file(const char *path, const struct stat *st,
				int type, struct FTW *where)
{
	const bool may = st->st_mode & (read_all_as_nobody ? 0004 : 0444);
	const bool held = read_all_is(path, read_all_variant->of->device_file.path);
	const int want = read_all_is(path, read_all_variant->of->path) ?
				 read_all_variant->of->read_err : 0;
	int fd, err;

	if (type != FTW_F)
		return 0;

	read_all_nr++;
	fd = sysret(open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC));
	if (fd < 0 || !may)
		return read_all_said(path, "open", may ? 0 : -EACCES, fd);
	err = read_all_said(path, "read", want, read_all_to_end(fd));
	if (!err && !read_all_as_nobody)
		err = read_all_said(path, "the count of users", held,
				    module_refcount(read_all_variant->of->module));
	close(fd);
	return err;
}

/*
 * Reads all files below @path.  Skips debugfs unless it runs as root, because
 * only root may enter debugfs.
 */
static inline int read_all_below(const char *path)
{
	if (read_all_as_nobody && access(path, F_OK) && errno == EACCES)
		return 0;
	return sysret(nftw(path, read_all_file, 16, FTW_PHYS));
}

static inline int read_all_of_module(void *arg)
{
	char path[128] = "/sys/module/";
	char *name = path + strlen(path);
	int err = 0;

	read_all_variant = arg;
	if (read_all_as_nobody)
		err = task_become_nobody();
	if (!err && read_all_variant->of->path)
		err = read_all_below(read_all_variant->of->path);
	snprintf(name, path + sizeof(path) - name, "%s",
		 read_all_variant->of->module);
	while ((name = strchr(name, '-')))
		*name = '_';
	return err ? err : read_all_below(path);
}

FIXTURE_SETUP(read_all)
{
	ASSERT_EQ(0, module_reload(variant->of->module, ""));
	read_all_nr = 0;
}

FIXTURE_TEARDOWN(read_all)
{
	EXPECT_EQ(0, module_unload(variant->of->module));
}

/*
 * Besides the module's own files, the kernel creates at least three files for
 * each module in sysfs.
 */
TEST_F(read_all, by_root_comes_to_an_end)
{
	read_all_as_nobody = false;
	EXPECT_EQ(0, read_all_of_module((void *)variant));
	EXPECT_LE(variant->of->path ? 4 : 3, read_all_nr);
}

TEST_F(read_all, by_a_user_without_rights_comes_to_an_end)
{
	read_all_as_nobody = true;
	EXPECT_EQ(0, task_run(read_all_of_module, (void *)variant));
}

#endif /* _SELFTESTS_SUITES_READ_ALL_H */
