// SPDX-License-Identifier: GPL-2.0
/*
 * System calls - random calls, with random arguments, on all files of a module
 *
 * Each call must succeed or return an error that programs know, no matter what
 * its arguments are and when the module is unloaded.  All modules together take
 * TIME= seconds.  A module with more files gets a larger part of that time.
 */
#include <errno.h>
#include <fcntl.h>
#include <kselftest_harness.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "calls.h"
#include "lib/await.h"
#include "lib/module.h"
#include "memory.h"
#include "options.h"
#include "prng.h"
#include "soak.h"
#include "soak_life.h"

#include "modules.h"

#define NR_STEPS	64
#define MAX_PAUSE_US	20000

static struct bench bench;

/*
 * Returns a random size: mostly a small one, often a value near a limit, and
 * sometimes any value.
 */
static unsigned long draw_size(struct prng *prng)
{
	static const unsigned long borders[] = {
		0, 1, 16, 80, 128, 256, 1024, 2048, 4096, 65536, INT_MAX,
		UINT_MAX, 1UL << 32, 1UL << 40, LONG_MAX, ULONG_MAX,
	};

	switch (prng_below(prng, 8)) {
	case 0:
		return prng_next(prng);
	case 1:
	case 2:
		return borders[prng_below(prng, ARRAY_SIZE(borders))] + 1 -
		       prng_below(prng, 3);
	default:
		return prng_below(prng, 160);
	}
}

/*
 * Returns the number of an ioctl: mostly one that the module or the kernel has,
 * and sometimes a number near it, one with a flipped bit, or any number.
 */
static unsigned long draw_ioctl(const struct soak *soak, struct prng *prng)
{
	static const unsigned long general[] = {
		FIGETBSZ, FIOASYNC, FIOCLEX, FIONBIO, FIONREAD, TCGETS,
	};
	unsigned long cmd = soak_ioctl(soak, prng);

	if (!cmd)
		cmd = general[prng_below(prng, ARRAY_SIZE(general))];
	switch (prng_below(prng, 8)) {
	case 0:
		return (unsigned int)prng_next(prng);
	case 1:
		return cmd + 2 - prng_below(prng, 5);
	case 2:
		return cmd ^ 1UL << prng_below(prng, 32);
	default:
		return cmd;
	}
}

static void draw_vectors(const struct bench *bench, struct step *step,
			 struct prng *prng)
{
	int i;

	for (i = 0; i < CALLS_MAX_VECTORS; i++) {
		step->vectors[i].iov_base = memory_addr(&bench->memory, prng);
		step->vectors[i].iov_len = draw_size(prng);
	}
}

/* Fills the step's buffer, usually with a text of the node. */
static void draw_bytes(const struct bench *bench, struct step *step,
		       struct prng *prng)
{
	const char *text = soak_text(bench->task->soak, step->node, prng);

	if (text && prng_once_in(prng, 2))
		step->len = strlen(text);
	if (prng_once_in(prng, 4))
		text = NULL;
	memory_fill(&bench->memory, step->addr, step->len < 256 ? step->len : 256,
		    text, prng);
}

static void draw(const struct bench *bench, struct step *step,
		 struct prng *prng)
{
	const struct soak *soak = bench->task->soak;

	step->slot = prng_below(prng, CALLS_NR_SLOTS);
	step->other = prng_below(prng, CALLS_NR_SLOTS);
	step->node = prng_below(prng, soak->nr_nodes);
	step->number = prng_next(prng);
	step->cmd = draw_ioctl(soak, prng);
	step->len = draw_size(prng);
	step->offset = prng_once_in(prng, 2) ? 0 : draw_size(prng);
	step->addr = memory_addr(&bench->memory, prng);
	draw_vectors(bench, step, prng);
	draw_bytes(bench, step, prng);
}

/* Makes one random call.  The next step does not depend on its result. */
static void stumble_once(struct bench *bench)
{
	struct prng prng = soak_step(bench->task);
	const struct call *call = &calls[prng_below(&prng,
						      ARRAY_SIZE(calls))];
	struct step step;

	draw(bench, &step, &prng);
	soak_look(bench->task, call->name, call->make(bench, &step));
}

static int bench_begin(struct soak_task *task)
{
	if (bench.task)
		return 0;
	memset(bench.slots, -1, sizeof(bench.slots));
	if (memory_init(&bench.memory) ||
	    pipe2(bench.pipe, O_NONBLOCK | O_CLOEXEC))
		return -errno;
	bench.task = task;
	return 0;
}

static void stumble(struct soak_task *task)
{
	int err = bench_begin(task);
	int i;

	if (err) {
		soak_complain(task, "to begin", err);
		return;
	}
	for (i = 0; i < NR_STEPS && !soak_is_over(task->soak); i++)
		stumble_once(&bench);
	for (i = 0; i < CALLS_NR_SLOTS; i++)
		soak_look(task, "close", close_slot(&bench, i));
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
