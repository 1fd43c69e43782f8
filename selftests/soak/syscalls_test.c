// SPDX-License-Identifier: GPL-2.0
/*
 * System calls - random calls, with random arguments, on all files of a module
 *
 * Each call must succeed or return an error that programs know, no matter what
 * its arguments are and when the module is unloaded.  All modules together take
 * TIME= seconds.  A module with more files gets a larger part of that time.
 */
#include <errno.h>
#include <kselftest_harness.h>
#include <stdbool.h>
#include <unistd.h>

#include "calls/bench.h"
#include "calls/prng.h"
#include "lib/await.h"
#include "lib/module.h"
#include "options.h"
#include "soak.h"
#include "soak_life.h"

#include "modules.h"

#define NR_STEPS	64
#define MAX_PAUSE_US	20000

static struct bench bench;

static struct soak *soak_of(const struct bench *bench)
{
	return ((struct soak_task *)bench->owner)->soak;
}

static int draw_node(const struct bench *bench, struct prng *prng)
{
	return prng_below(prng, soak_of(bench)->nr_nodes);
}

static int open_node(struct bench *bench, int node, int flags)
{
	return soak_open(bench->owner, node, flags);
}

static void look(struct bench *bench, const char *call, long ret)
{
	soak_look(bench->owner, call, ret);
}

static pid_t peer(const struct bench *bench, unsigned long number)
{
	return soak_of(bench)->tasks[number % SOAK_NR_TASKS].pid;
}

static struct calls_ioctl draw_ioctl(const struct bench *bench,
				     struct prng *prng)
{
	return (struct calls_ioctl){ .cmd = soak_ioctl(soak_of(bench), prng) };
}

static const char *draw_text(const struct bench *bench, int node,
			     struct prng *prng)
{
	return soak_text(soak_of(bench), node, prng);
}

static const struct bench_ops bench_ops = {
	.draw_node = draw_node,
	.open = open_node,
	.look = look,
	.peer = peer,
	.ioctl = draw_ioctl,
	.text = draw_text,
};

static void stumble(struct soak_task *task)
{
	int err = bench.owner ? 0 : bench_init(&bench, &bench_ops, task);
	struct prng prng;
	int i;

	if (err) {
		soak_complain(task, "to begin", err);
		return;
	}
	for (i = 0; i < NR_STEPS && !soak_is_over(task->soak); i++) {
		prng = soak_step(task);
		bench_step(&bench, false, &prng);
	}
	bench_close(&bench);
}

/* Returns the part of TIME= that this module gets, in milliseconds. */
static long part_ms(const struct soak *soak)
{
	const struct __fixture_variant_metadata *other;
	long nr_nodes = 0;
	int i;

	for (other = _soak_fixture_object.variant; other; other = other->next) {
		const FIXTURE_VARIANT(soak) * variant = other->data;

		for (i = 0; i < DESCRIPTION_MAX_NODES && variant->of->soak.nodes[i].path; i++)
			nr_nodes++;
		nr_nodes++;
	}
	return options_ms() * soak->nr_nodes / nr_nodes;
}

/*
 * Unloads and loads the module.  Sometimes tries to load or unload it a second
 * time, which must fail.  Returns what is wrong, or "".
 */
static const char *reload(FIXTURE_DATA(soak) * self,
			  const FIXTURE_VARIANT(soak) * variant,
			  struct prng *prng)
{
	const bool is_twice = prng_once_in(prng, 4);

	if (is_twice && module_insert(self->file, "") != -EEXIST)
		return "it can be loaded twice";
	if (soak_unload(self, variant))
		return "it cannot be unloaded";
	if (is_twice && module_unload(variant->of->module) != -ENOENT)
		return "it can be unloaded twice";
	return soak_load(self, variant) ? "it cannot be loaded" : "";
}

/*
 * If the random numbers of a step depended on anything else, a run could not be
 * repeated by its seed.
 */
TEST(numbers_of_a_step_follow_from_where_it_is)
{
	struct prng step = prng_of_step(1, "led", 2, 312);
	struct prng again = prng_of_step(1, "led", 2, 312);
	struct prng others[] = {
		prng_of_step(2, "led", 2, 312),
		prng_of_step(1, "dma", 2, 312),
		prng_of_step(1, "led", 3, 312),
		prng_of_step(1, "led", 2, 313),
	};
	const __u64 first = prng_next(&step);
	size_t i;

	EXPECT_EQ(first, prng_next(&again));
	EXPECT_EQ(prng_next(&step), prng_next(&again));
	for (i = 0; i < ARRAY_SIZE(others); i++)
		EXPECT_NE(first, prng_next(&others[i]));
}

TEST_F_TIMEOUT(soak, stands_any_system_call, OPTIONS_TIMEOUT)
{
	const long end = await_now_ms() + part_ms(self->soak);
	struct prng prng;
	const char *wrong;
	__u64 step = 0;

	soak_start(_metadata, self->soak, stumble);
	do {
		prng = prng_of_step(self->soak->seed, variant->of->module,
				    SOAK_LOADER, ++step);
		usleep(prng_below(&prng, MAX_PAUSE_US));
		wrong = reload(self, variant, &prng);
	} while (!*wrong && await_now_ms() < end && !soak_is_over(self->soak));
	EXPECT_STREQ("", wrong);
	soak_stop(_metadata, self->soak);
	TH_LOG("%llu loads", step);
}

TEST_HARNESS_MAIN
