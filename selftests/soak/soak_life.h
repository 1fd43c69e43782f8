/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Soak life - loads and unloads the module of a soak, starts and ends the tasks
 *
 * An unload may fail only if an open file holds a reference to the module, and
 * must succeed after all files have been closed.  A load may never fail.
 */
#ifndef _SELFTESTS_SOAK_SOAK_LIFE_H
#define _SELFTESTS_SOAK_SOAK_LIFE_H

#include <errno.h>
#include <glob.h>
#include <kselftest_harness.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "calls/calls.h"
#include "calls/task_rwlock.h"
#include "lib/await.h"
#include "lib/file.h"
#include "lib/gate.h"
#include "lib/module.h"
#include "lib/shared.h"
#include "lib/task.h"
#include "lib/timeout.h"
#include "options.h"
#include "soak.h"

/*
 * After this many tries to unload, the test makes all tasks close their files.
 */
#define SOAK_TRIES		20
#define SOAK_LIMIT_S		20
/*
 * With these settings, no call starts modprobe, and no key of a virtual
 * keyboard restarts the guest.
 */
static const char * const soak_settings[SOAK_NR_SETTINGS][2] = {
	{ "/proc/sys/kernel/modprobe", "\n" },
	{ "/proc/sys/kernel/sysrq", "0" },
	{ "/proc/sys/kernel/ctrl-alt-del", "0" },
};

static inline void soak_add_node(struct soak *soak,
				 const struct described_node *node)
{
	const int nr = soak->nr_nodes++;
	glob_t found;

	/*
	 * Before the module is loaded, a file that the load creates is not
	 * there, and glob() finds nothing.  The path of such a file has no
	 * wildcards, so it is used unchanged.
	 */
	soak->nodes[nr] = *node;
	snprintf(soak->paths[nr], SOAK_MAX_PATH, "%s", node->path);
	if (!glob(node->path, 0, NULL, &found))
		snprintf(soak->paths[nr], SOAK_MAX_PATH, "%s",
			 found.gl_pathv[0]);
	globfree(&found);
}

/*
 * Adds the nodes of the description, and a file of the module's directory in
 * sysfs, which every module has.
 */
static inline void soak_add_nodes(struct soak *soak)
{
	const struct module_description *of = soak->of;
	char path[SOAK_MAX_PATH];
	int i;

	snprintf(path, sizeof(path), "/sys/module/%s/refcnt", of->module);
	for (i = 0; path[i]; i++)
		path[i] = module_char(path[i]);
	soak_add_node(soak, &(struct described_node){ .path = path });
	for (i = 0; i < DESCRIPTION_MAX_NODES && of->soak.nodes[i].path; i++)
		soak_add_node(soak, &of->soak.nodes[i]);
}

/*
 * Changes the settings and saves their old values.  Ignores a setting that the
 * kernel does not have.
 */
static inline int soak_change_settings(FIXTURE_DATA(soak) * self)
{
	long ret = 0;
	int i;

	for (i = 0; ret >= 0 && i < SOAK_NR_SETTINGS; i++) {
		ret = file_read(soak_settings[i][0], self->settings[i],
				sizeof(self->settings[i]));
		if (ret > 0)
			ret = file_write(soak_settings[i][0],
					 soak_settings[i][1]);
		else if (ret == -ENOENT)
			ret = 0;
	}
	return ret < 0 ? ret : 0;
}

static inline int soak_restore_settings(FIXTURE_DATA(soak) * self)
{
	long ret = 0;
	int i;

	for (i = 0; ret >= 0 && i < SOAK_NR_SETTINGS; i++) {
		if (self->settings[i][0])
			ret = file_write(soak_settings[i][0],
					 self->settings[i]);
	}
	return ret < 0 ? ret : 0;
}

/* Logs a line that shows how to repeat the run, if the guest crashes. */
static inline void soak_say(struct __test_metadata *_metadata,
			    const struct soak *soak)
{
	char text[128];

	snprintf(text, sizeof(text), "<4>soak: SEED=%llu MODULE=%s %s",
		 soak->seed, soak->of->module, _metadata->name);
	file_write("/dev/kmsg", text);
	TH_LOG("%s", text + strlen("<4>"));
}

static inline int soak_load(FIXTURE_DATA(soak) * self,
			    const FIXTURE_VARIANT(soak) * variant)
{
	int err = module_insert(self->file, variant->of->params);

	return err || !variant->of->soak.begin ? err : variant->of->soak.begin();
}

/* Unloads a module while no task has a file open. */
static inline int soak_unload_closed(FIXTURE_DATA(soak) * self,
				     const FIXTURE_VARIANT(soak) * variant)
{
	struct task_rwlock *lock = &self->soak->lock;
	int err = task_rwlock_take(lock, slow(SOAK_LIMIT_S));

	if (err)
		return err;
	err = module_unload(variant->of->module);
	task_rwlock_give(lock, TASK_RWLOCK_NR_PLACES);
	return err;
}

/*
 * Unloads a module.  Tries again only if an open file holds a reference to it.
 */
static inline int soak_unload(FIXTURE_DATA(soak) * self,
			      const FIXTURE_VARIANT(soak) * variant)
{
	int err = -EWOULDBLOCK;
	int i;

	for (i = 0; !variant->of->soak.is_quiet && i < SOAK_TRIES; i++) {
		err = module_unload(variant->of->module);
		if (err != -EWOULDBLOCK || !variant->of->soak.is_held)
			return err;
		sched_yield();
	}
	return soak_unload_closed(self, variant);
}

FIXTURE_SETUP(soak)
{
	const struct module_description *of = variant->of;
	const char *lacking = of->prepare ? of->prepare() : NULL;
	struct soak *soak;

	if (!lacking && of->soak.prepare)
		lacking = of->soak.prepare();
	if (lacking)
		SKIP(return, "%s", lacking);

	soak = shared_alloc(sizeof(*soak));
	ASSERT_NE(NULL, soak);
	self->soak = soak;
	soak->of = variant->of;
	soak->seed = options_seed();
	task_rwlock_init(&soak->lock);
	ASSERT_EQ(0, gate_init(&soak->begin));
	soak_add_nodes(soak);

	module_unload(variant->of->module);
	self->file = module_open(variant->of->module);
	ASSERT_LE(0, self->file);
	ASSERT_EQ(0, soak_change_settings(self));
	ASSERT_EQ(0, soak_load(self, variant));
}

FIXTURE_TEARDOWN(soak)
{
	EXPECT_EQ(0, soak_restore_settings(self));
	EXPECT_EQ(0, module_unload(variant->of->module));
	if (variant->of->soak.beside)
		EXPECT_EQ(0, module_unload(variant->of->soak.beside));
	close(self->file);
	gate_destroy(&self->soak->begin);
	shared_free(self->soak, sizeof(*self->soak));
}

static inline void soak_start(struct __test_metadata *_metadata,
			      struct soak *soak,
			      void (*round)(struct soak_task *task))
{
	int i;

	soak_say(_metadata, soak);
	ASSERT_EQ(0, calls_catch());
	for (i = 0; i < SOAK_NR_TASKS; i++) {
		struct soak_task *task = &soak->tasks[i];

		task->soak = soak;
		task->nr = i;
		task->round = round;
		task->pid = task_start(soak_work, task);
		ASSERT_LT(0, task->pid);
	}
	for (i = 0; i < SOAK_NR_TASKS; i++)
		gate_open(&soak->begin);
}

static inline void soak_stop(struct __test_metadata *_metadata,
			     struct soak *soak)
{
	__u64 nr_steps = 0;
	int i;

	soak_end(soak);
	for (i = 0; i < SOAK_NR_TASKS; i++) {
		EXPECT_EQ(0, await_task(soak->tasks[i].pid));
		nr_steps += soak->tasks[i].step;
	}
	EXPECT_STREQ("", soak_wrong(soak));
	TH_LOG("%llu steps", nr_steps);
}

#endif /* _SELFTESTS_SOAK_SOAK_LIFE_H */
