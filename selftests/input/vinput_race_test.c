// SPDX-License-Identifier: GPL-2.0
/*
 * Virtual input - concurrent export, use and unexport of devices
 *
 * Each call must return a documented result.  At the end, the test must be able
 * to remove all devices.
 */
#include <errno.h>
#include <fcntl.h>
#include <kselftest_harness.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "lib/file.h"
#include "lib/gate.h"
#include "lib/lacking.h"
#include "lib/module.h"
#include "lib/shared.h"
#include "lib/sysret.h"
#include "lib/task.h"
#include "vinput_device.h"

#define NR_ROUNDS	20
#define NR_LOADS	60
#define MAX_CHANGERS	4
#define NR_USERS	2
#define NR_IDS		4

/* What the tasks share with the test. */
struct race {
	struct gate arrived;
	bool is_over;
};

/*
 * A task that exports and unexports devices, and counts how often it succeeds.
 */
struct changer {
	struct race *race;
	int id;
	int nr_rounds;
	int nr_exports;
	int nr_unexports;
};

FIXTURE(race)
{
	struct race *race;
	struct changer *changers;
	pid_t users[NR_USERS];
	pid_t tasks[MAX_CHANGERS];
};

/*
 * .nr tasks export and unexport devices.  If .is_same is set, all of them
 * unexport the same device.  .nr_loads is how often the module of the type is
 * reloaded meanwhile.
 */
FIXTURE_VARIANT(race)
{
	int nr;
	bool is_same;
	int nr_loads;
};

FIXTURE_VARIANT_ADD(race, two) { .nr = 2 };
FIXTURE_VARIANT_ADD(race, two_on_one) { .nr = 2, .is_same = true };
FIXTURE_VARIANT_ADD(race, four) { .nr = 4 };
FIXTURE_VARIANT_ADD(race, four_on_one) { .nr = 4, .is_same = true };
FIXTURE_VARIANT_ADD(race, two_and_the_type) { .nr = 2, .nr_loads = NR_LOADS };

FIXTURE_SETUP(race)
{
	int i;

	SKIP_IF_LACKING(return, evdev_lacking());
	self->race = shared_alloc(sizeof(*self->race));
	ASSERT_NE(NULL, self->race);
	self->changers = shared_alloc(MAX_CHANGERS * sizeof(*self->changers));
	ASSERT_NE(NULL, self->changers);
	for (i = 0; i < variant->nr; i++) {
		self->changers[i].race = self->race;
		self->changers[i].id = variant->is_same ? 0 : i;
		self->changers[i].nr_rounds =
			variant->nr_loads ? INT_MAX : NR_ROUNDS;
	}
	ASSERT_EQ(0, gate_init(&self->race->arrived));
	ASSERT_EQ(0, vinput_begin("vkbd"));
}

FIXTURE_TEARDOWN(race)
{
	gate_destroy(&self->race->arrived);
	vinput_clear();
}

static bool is_over(const struct race *race)
{
	return __atomic_load_n(&race->is_over, __ATOMIC_RELAXED);
}

static int change_once(struct changer *changer)
{
	int err = vinput_export("vkbd");

	changer->nr_exports += !err;
	if (err && err != -ENODEV && err != -ENOBUFS)
		return err;

	err = vinput_unexport(changer->id);
	changer->nr_unexports += !err;
	return err == -ENODEV ? 0 : err;
}

/*
 * Exports and unexports a device .nr_rounds times, or until the race is over.
 */
static int change(void *arg)
{
	struct changer *changer = arg;
	int err = 0;
	int i;

	for (i = 0; !err && i < changer->nr_rounds; i++) {
		if (is_over(changer->race))
			break;
		err = change_once(changer);
	}
	return err;
}

/*
 * Returns true if @ret is an error that a call may return after another task
 * has removed the device.
 */
static bool is_gone(long ret)
{
	return ret == -ENODEV || ret == -ENOENT;
}

static int use_fd(int fd)
{
	char text[16] = "";
	long ret = vinput_put(fd, "+400\n-400\n");

	if (ret != 10 && !is_gone(ret))
		return -EPROTO;
	ret = sysret(pread(fd, text, sizeof(text) - 1, 0));
	if (is_gone(ret))
		return 0;
	return !strcmp(text, "+0\n") || !strcmp(text, "+400\n") ||
	       !strcmp(text, "-400\n") ? 0 : -EPROTO;
}

static int play(int id)
{
	int fd = vinput_open(id);
	int err = fd < 0 ? fd : use_fd(fd);

	if (fd >= 0)
		close(fd);
	return is_gone(err) ? 0 : err;
}

/* Reads an event, if another task has written one to the device. */
static int listen(int id)
{
	int fd = vinput_event_open(id);
	struct input_event event;
	long ret = fd < 0 ? fd : sysret(read(fd, &event, sizeof(event)));

	if (fd >= 0)
		close(fd);
	return ret >= 0 || ret == -EAGAIN || ret == -ENXIO || is_gone(ret) ?
		       0 : ret;
}

static int use_until_over(struct race *race, int (*use)(int id))
{
	int err = 0;
	int i;

	gate_open(&race->arrived);
	for (i = 0; !err && !is_over(race); i++)
		err = use(i % NR_IDS);
	return err;
}

static int play_until_over(void *arg)
{
	return use_until_over(arg, play);
}

static int listen_until_over(void *arg)
{
	return use_until_over(arg, listen);
}

static void start_users(struct __test_metadata *_metadata, struct race *race,
			pid_t *users)
{
	users[0] = task_start(play_until_over, race);
	ASSERT_LT(0, users[0]);
	users[1] = task_start(listen_until_over, race);
	ASSERT_LT(0, users[1]);
	ASSERT_EQ(1, gate_wait(&race->arrived));
	ASSERT_EQ(1, gate_wait(&race->arrived));
}

static void start_changers(struct __test_metadata *_metadata,
			   struct changer *changers, int nr, pid_t *tasks)
{
	int i;

	for (i = 0; i < nr; i++) {
		tasks[i] = task_start(change, &changers[i]);
		ASSERT_LT(0, tasks[i]);
	}
}

static void end(struct race *race)
{
	__atomic_store_n(&race->is_over, true, __ATOMIC_RELAXED);
}

/* Removes all devices.  Returns what is wrong after that, or "". */
static const char *wrong_in_the_end(void)
{
	char path[VINPUT_MAX_PATH];
	int id;

	for (id = 0; id < MAX_VINPUT; id++) {
		if (vinput_has(id) && vinput_unexport(id))
			return "a device cannot be removed";
	}
	if (vinput_find(VINPUT_CLASS "/vinput*", path, sizeof(path)) != -ENOENT)
		return "a device is left";
	if (module_refcount("vkbd") || module_refcount("vinput") != 1)
		return "a module is held";
	return "";
}

/*
 * Reloads the module of the device type @nr_loads times.  Each reload removes
 * all devices of that type.
 */
static void reload_type(struct __test_metadata *_metadata, int nr_loads)
{
	int file = module_open("vkbd");
	int i;

	ASSERT_LE(0, file);
	for (i = 0; i < nr_loads; i++) {
		ASSERT_EQ(0, module_unload("vkbd"));
		ASSERT_EQ(0, module_insert(file, ""));
	}
	close(file);
}

/*
 * Returns the number of successful exports minus that of successful unexports.
 */
static int count_left(const struct changer *changers, int nr)
{
	int left = 0;

	while (nr--)
		left += changers[nr].nr_exports - changers[nr].nr_unexports;
	return left;
}

/* VINPUT-2, VINPUT-3, VINPUT-12, VINPUT-13 */
TEST_F(race, all_get_documented_answers_and_nothing_is_left)
{
	int i;

	start_users(_metadata, self->race, self->users);
	start_changers(_metadata, self->changers, variant->nr, self->tasks);
	reload_type(_metadata, variant->nr_loads);
	if (variant->nr_loads)
		end(self->race);
	for (i = 0; i < variant->nr; i++)
		EXPECT_EQ(0, task_wait(self->tasks[i]));
	end(self->race);
	for (i = 0; i < NR_USERS; i++)
		EXPECT_EQ(0, task_wait(self->users[i]));

	if (!variant->nr_loads)
		EXPECT_EQ(vinput_count(),
			  count_left(self->changers, variant->nr));
	EXPECT_STREQ("", wrong_in_the_end());
}

TEST_HARNESS_MAIN
