/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Held - a module that cannot be unloaded while its device is open
 *
 * The file operations have .owner set, so an open file takes a reference to the
 * module.  The reference is dropped when the last descriptor of the file is
 * closed, no matter in which process.  A test program includes this file, and
 * then the descriptions of the modules.
 */
#ifndef _SELFTESTS_SUITES_MODULE_REF_H
#define _SELFTESTS_SUITES_MODULE_REF_H

#include <errno.h>
#include <fcntl.h>
#include <kselftest_harness.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/description.h"
#include "lib/fdpass.h"
#include "lib/gate.h"
#include "lib/lacking.h"
#include "lib/module.h"
#include "lib/shared.h"
#include "lib/sysret.h"
#include "lib/task.h"

/* What a child shares with the test. */
struct held_use {
	struct gate arrived;
	struct gate leave;
};

FIXTURE(held)
{
	struct held_use *use;
	int fd;
};

FIXTURE_VARIANT(held)
{
	const struct module_description *of;
};

#undef IN_MODULE_REF
#define IN_MODULE_REF(id, variant)					\
	DESCRIBED(held, variant, .of = &id##_module)

FIXTURE_SETUP(held)
{
	SKIP_IF_LACKING(return, description_lacking(variant->of));
	self->use = shared_alloc(sizeof(*self->use));
	ASSERT_NE(NULL, self->use);
	ASSERT_EQ(0, gate_init(&self->use->arrived));
	ASSERT_EQ(0, gate_init(&self->use->leave));

	ASSERT_EQ(0, module_reload(variant->of->module, ""));
	self->fd = open(variant->of->device_file.path, O_RDWR | O_CLOEXEC);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(held)
{
	close(self->fd);
	EXPECT_EQ(0, module_unload(variant->of->module));
	gate_destroy(&self->use->arrived);
	gate_destroy(&self->use->leave);
	shared_free(self->use, sizeof(*self->use));
}

static inline int held_open_and_close(const char *path)
{
	int fd = sysret(open(path, O_RDWR | O_CLOEXEC));

	return fd < 0 ? fd : sysret(close(fd));
}

/* Checks the module while its device is open.  Returns what is wrong, or "". */
static const char *held_wrong(const FIXTURE_VARIANT(held) * variant)
{
	static char wrong[64];
	int second = held_open_and_close(variant->of->device_file.path);
	int err;

	if (second != variant->of->device_file.second) {
		snprintf(wrong, sizeof(wrong), "second open gave %d", second);
		return wrong;
	}
	if (module_refcount(variant->of->module) < 1)
		return "nobody holds the module";

	err = module_unload(variant->of->module);
	snprintf(wrong, sizeof(wrong), "unloading gave %d", err);
	return err == -EWOULDBLOCK ? "" : wrong;
}

/*
 * Checks the module while its device is closed.  Returns what is wrong, or "".
 */
static const char *held_wrong_if_free(const FIXTURE_VARIANT(held) * variant)
{
	if (held_open_and_close(variant->of->device_file.path))
		return "it cannot be opened";
	return module_refcount(variant->of->module) ? "it is still held" : "";
}

/* Macros, so that a failed expectation reports the line of the test. */
#define EXPECT_HELD(variant)	EXPECT_STREQ("", held_wrong(variant))
#define EXPECT_FREE(variant)	EXPECT_STREQ("", held_wrong_if_free(variant))

static inline int held_stay_until_told(void *arg)
{
	struct held_use *use = arg;

	gate_open(&use->arrived);
	return gate_wait(&use->leave) == 1 ? 0 : -EIO;
}

/* CHARDEV-4, CHARDEV2-11, LED-1 */
TEST_F(held, by_an_open_file)
{
	EXPECT_HELD(variant);

	EXPECT_EQ(0, close(self->fd));
	EXPECT_FREE(variant);
}

/* CHARDEV-4, CHARDEV2-11 */
TEST_F(held, by_a_duplicate)
{
	int fd = dup(self->fd);

	ASSERT_LE(0, fd);
	EXPECT_EQ(0, close(self->fd));
	EXPECT_HELD(variant);

	EXPECT_EQ(0, close(fd));
	EXPECT_FREE(variant);
}

/* CHARDEV-4, CHARDEV2-11 */
TEST_F(held, by_what_a_child_inherited)
{
	pid_t child = task_start(held_stay_until_told, self->use);

	ASSERT_EQ(1, gate_wait(&self->use->arrived));
	EXPECT_EQ(0, close(self->fd));
	EXPECT_HELD(variant);

	gate_open(&self->use->leave);
	EXPECT_EQ(0, task_wait(child));
	EXPECT_FREE(variant);
}

TEST_F(held, by_a_child_until_it_is_killed)
{
	pid_t child = task_start(held_stay_until_told, self->use);

	ASSERT_EQ(1, gate_wait(&self->use->arrived));
	EXPECT_EQ(0, close(self->fd));
	EXPECT_HELD(variant);

	ASSERT_EQ(0, kill(child, SIGKILL));
	EXPECT_EQ(SIGKILL, task_wait(child));
	EXPECT_FREE(variant);
}

TEST_F(held, by_a_file_on_its_way_to_somebody)
{
	int socks[2];
	int fd;

	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, socks));
	EXPECT_EQ(1, fdpass_send(socks[0], self->fd));
	EXPECT_EQ(0, close(self->fd));
	EXPECT_HELD(variant);

	fd = fdpass_receive(socks[1]);
	ASSERT_LE(0, fd);
	EXPECT_HELD(variant);

	EXPECT_EQ(0, close(fd));
	EXPECT_FREE(variant);
	close(socks[0]);
	close(socks[1]);
}

#endif /* _SELFTESTS_SUITES_MODULE_REF_H */
