// SPDX-License-Identifier: GPL-2.0
/*
 * Fuzz - give random bytes to all that reads a file, with sanitizers
 *
 * FUZZ= names the kind of input; see kinds[].
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "btf.h"
#include "builtin.h"
#include "cache.h"
#include "checks.h"
#include "config.h"
#include "enrolled.h"
#include "evidence.h"
#include "from_log.h"
#include "fuzz.h"
#include "image.h"
#include "payload.h"
#include "provided.h"
#include "report.h"
#include "symvers.h"

/* The versions whose checks are made, in turn. */
static const unsigned int versions[] = { LINUX(6, 1), LINUX(6, 12), LINUX(7, 3) };

static void fuzz_module(const __u8 *data, size_t size)
{
	struct object object = { .path = "fuzz.ko", .disk = { data, size } };
	struct kernel kernel = {
		.title = "fuzz",
		.machine = EM_X86_64,
		.version = versions[size % ARRAY_SIZE(versions)],
		.vermagic = "6.12.0 SMP preempt mod_unload modversions ",
		.module_size = 0x500,
		.knows_exports = size & 1,
		.knows_module_exports = size & 2,
	};
	struct state state = { .knows_loaded = size & 4 };
	struct provided provided = {};
	struct attempt attempt = {
		.kernel = &kernel,
		.state = &state,
		.object = &object,
		.provided = &provided,
		.parameters = "num=1 a=\"b c\" d",
		.flags = size % 16 ? 0 : MODULE_INIT_COMPRESSED_FILE,
	};

	object.is_whole = keeps_signature(&attempt);
	object_parse(&object);
	attempt_run(&attempt);
	report_text(&attempt);
	report_json(&attempt);
	provided_add(&provided, &attempt);
	provided_free(&provided);
	attempt_free(&attempt);
	object_close(&object);
}

static void fuzz_log(const __u8 *data, size_t size)
{
	/* from_log() reads no longer lines. */
	if (size > 4095)
		size = 4095;
	struct arena arena = {};
	struct explained explained = {};

	explain_line(&arena, arena_copy(&arena, (const char *)data, size),
		     &explained);
	arena_free(&arena);
}

/* The files that facts are read from, each with a draft of its own. */
static void fuzz_symvers(const __u8 *data, size_t size)
{
	struct draft draft = {};

	symvers_parse((struct buffer){ data, size }, &draft);
	symbols_parse((struct buffer){ data, size }, &draft);
	draft_finish(&draft, "fuzz");
	draft_free(&draft);
}

static void fuzz_config(const __u8 *data, size_t size)
{
	struct draft draft = {};

	config_parse((struct buffer){ data, size }, &draft);
	evidence_read((struct buffer){ data, size }, &draft);
	builtin_parse((struct buffer){ data, size }, &draft);
	config_infer(&draft);
	draft_finish(&draft, "fuzz");
	draft_free(&draft);
}

/* The kernel that an image has, as it is after decompression. */
static void fuzz_kernel(const __u8 *data, size_t size)
{
	struct draft draft = {};

	image_parse((struct buffer){ data, size }, &draft);
	draft_finish(&draft, "fuzz");
	draft_free(&draft);
}

static void fuzz_image(const __u8 *data, size_t size)
{
	struct payload payload = {};

	payload_open(&payload, (struct buffer){ data, size });
	payload_close(&payload);
}

static void fuzz_btf(const __u8 *data, size_t size)
{
	btf_module_size((struct buffer){ data, size });
	btf_names_size((struct buffer){ data, size });
}

static void fuzz_cache(const __u8 *data, size_t size)
{
	struct buffer file = { data, size };
	struct facts_entry entry;
	unsigned int i;

	cache_parse(file, "fuzz");
	if (!facts_check(file))
		return;
	for (i = 0; i < NR_FACTS; i++)
		facts_find(file, i, "module_layout", &entry);
}

/* The certificates in a variable of UEFI, for both ways to name the signer. */
static void fuzz_enrolled(const __u8 *data, size_t size)
{
	struct message_parts parts = { .signer = { data, size / 2 } };

	enrolled_has_signer((struct buffer){ data, size }, &parts);
	parts.is_key_id = true;
	enrolled_has_signer((struct buffer){ data, size }, &parts);
}

static const struct {
	const char *name;
	void (*fuzz)(const __u8 *data, size_t size);
} kinds[] = {
	{ "module", fuzz_module },
	{ "log", fuzz_log },
	{ "symvers", fuzz_symvers },
	{ "config", fuzz_config },
	{ "enrolled", fuzz_enrolled },
	{ "kernel", fuzz_kernel },
	{ "image", fuzz_image },
	{ "btf", fuzz_btf },
	{ "cache", fuzz_cache },
};

static unsigned int kind;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	const char *name = getenv("FUZZ");

	(void)argc;
	(void)argv;
	while (name && kind < ARRAY_SIZE(kinds) && strcmp(kinds[kind].name, name))
		kind++;
	if (kind == ARRAY_SIZE(kinds))
		die("FUZZ=%s is not a kind of input", name);
	/* The reports are formatted, and not kept. */
	if (!freopen("/dev/null", "w", stdout))
		die("/dev/null cannot be opened");
	return 0;
}

int LLVMFuzzerTestOneInput(const __u8 *data, size_t size)
{
	kinds[kind].fuzz(data, size);
	return 0;
}
