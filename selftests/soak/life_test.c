// SPDX-License-Identifier: GPL-2.0
/*
 * Life - unloads and loads each module LOADS= times while tasks use its files
 *
 * Before each unload, the test waits until the tasks have found every file of
 * the module again.
 */
#include <errno.h>
#include <fcntl.h>
#include <kselftest_harness.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "calls/prng.h"
#include "lib/await.h"
#include "lib/module.h"
#include "lib/sysret.h"
#include "lib/timeout.h"
#include "options.h"
#include "soak.h"
#include "soak_life.h"

#include "modules.h"

#define LIMIT_MS	20000
/*
 * The directory of the modules, and the name of the module of the KUnit suites,
 * which is also there but has no description.
 */
#define MODULES		"updates/"
#define SUITES		"modproof_kunit"

static void use_ioctl(struct soak_task *task, int fd, struct prng *prng)
{
	const unsigned long which = soak_ioctl(task->soak, prng);
	char arg[128] = "a string";

	if (which)
		soak_look(task, "ioctl", sysret(ioctl(fd, which, arg)));
}

static void use(struct soak_task *task, int node, int fd,
		struct prng *prng)
{
	const char *text = soak_text(task->soak, node, prng);
	char buf[256];

	soak_look(task, "read", sysret(read(fd, buf, sizeof(buf))));
	if (text)
		soak_look(task, "write", sysret(write(fd, text, strlen(text))));
	use_ioctl(task, fd, prng);
	soak_look(task, "lseek", sysret(lseek(fd, 0, SEEK_SET)));
	soak_look(task, "read", sysret(read(fd, buf, sizeof(buf))));
}

/*
 * Opens a node, uses it and closes it.  Takes the nodes in turn, so that every
 * node is used.
 */
static void live(struct soak_task *task)
{
	static const int modes[] = { O_RDONLY, O_WRONLY, O_RDWR, O_RDWR };
	const int node = (task->nr + task->step) % task->soak->nr_nodes;
	struct prng prng = soak_step(task);
	int fd;

	fd = soak_open(task, node,
		       modes[prng_below(&prng, ARRAY_SIZE(modes))]);
	if (fd < 0)
		return;
	use(task, node, fd, &prng);
	soak_look(task, "close", sysret(close(fd)));
}

/*
 * Waits until the tasks have found a node more than @before times.  Returns
 * false on timeout or at the end of the soak.
 */
static bool await_found(const struct soak *soak, int node, long before)
{
	const long end = await_now_ms() + slow(LIMIT_MS);

	while (__atomic_load_n(&soak->nr_found[node], __ATOMIC_RELAXED) <=
	       before) {
		if (soak_is_over(soak) || await_now_ms() > end)
			return false;
		sched_yield();
	}
	return true;
}

/*
 * Returns the path of a node that no task finds any more, or "" if the tasks
 * find all nodes.
 */
static const char *find_missing(const struct soak *soak)
{
	long before[DESCRIPTION_MAX_NODES + 1];
	int i;

	memcpy(before, soak->nr_found, sizeof(before));
	for (i = 0; i < soak->nr_nodes; i++) {
		if (!await_found(soak, i, before[i]))
			return soak->paths[i];
	}
	return "";
}

/*
 * Returns true if the variant @name is that of the module.  In the name of a
 * variant, '_' stands for '-' in the module's name.
 */
static bool is_variant(const char *name, const char *module, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		if (name[i] != (module[i] == '-' ? '_' : module[i]))
			return false;
	}
	return !name[len];
}

/* Returns true if the module has a description.  Its name has @len bytes. */
static bool is_described(const char *module, size_t len)
{
	const struct __fixture_variant_metadata *at;

	for (at = _soak_fixture_object.variant; at; at = at->next) {
		if (is_variant(at->name, module, len))
			return true;
	}
	return false;
}

/*
 * Returns the name of a module without a description, or "" if there is none.
 */
static const char *find_left_out(void)
{
	const char *at = strstr(module_dep, MODULES);
	static char name[64];
	size_t len;

	if (!at)
		return "all modules";
	for (; at; at = strstr(at, MODULES)) {
		at += strlen(MODULES);
		len = strcspn(at, ".\n");
		if (is_described(at, len) || !strncmp(at, SUITES, len))
			continue;
		snprintf(name, sizeof(name), "%.*s", (int)len, at);
		return name;
	}
	return "";
}

TEST(every_module_is_described)
{
	EXPECT_STREQ("", find_left_out());
}

TEST_F_TIMEOUT(soak, comes_and_goes_while_it_is_in_use, OPTIONS_TIMEOUT)
{
	const long nr = options_loads();
	const char *missing = "";
	long i;

	soak_start(_metadata, self->soak, live);
	/*
	 * The test itself gets priority over the four tasks, because a load
	 * takes long enough even so.
	 */
	ASSERT_EQ(-20, nice(-20));
	for (i = 0; i < nr && !*missing; i++) {
		missing = find_missing(self->soak);
		EXPECT_STREQ("", missing);
		ASSERT_EQ(0, soak_unload(self, variant));
		ASSERT_EQ(0, soak_load(self, variant));
	}
	soak_stop(_metadata, self->soak);
}

TEST_HARNESS_MAIN
