// SPDX-License-Identifier: GPL-2.0
/*
 * Fuzz - give random bytes to all that reads a file, with sanitizers
 *
 * FUZZ= names the kind of input; see kinds[].  FUZZ_KERNEL= names a directory with
 * the configuration of a kernel that checks signatures and has dynamic debugging.
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
#include "pkcs7.h"
#include "provided.h"
#include "report.h"
#include "state.h"
#include "symvers.h"

/* The versions whose checks are made, in turn. */
static const unsigned int versions[] = { LINUX(6, 1), LINUX(6, 12), LINUX(7, 3) };

static struct kernel configured;

/* Make all checks of a file that is to be loaded with some parameters. */
static void attempt_file(const __u8 *data, size_t size, const char *parameters)
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
		.facts = size & 8 ? configured.facts : NULL,
	};
	struct state state = { .knows_loaded = size & 4 };
	struct provided provided = {};
	struct attempt attempt = {
		.kernel = &kernel,
		.state = &state,
		.object = &object,
		.provided = &provided,
		.parameters = parameters,
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

static void fuzz_module(const __u8 *data, size_t size)
{
	attempt_file(data, size, "num=1 a=\"b c\" d");
}

/* Parameters up to a NUL, and the file after it. */
static void fuzz_parameters(const __u8 *data, size_t size)
{
	const __u8 *end = size ? memchr(data, '\0', size) : NULL;

	if (end)
		attempt_file(end + 1, size - (size_t)(end + 1 - data),
			     (const char *)data);
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

/* A signature, which is compared with itself as if it were a certificate. */
static void fuzz_signature(const __u8 *data, size_t size)
{
	struct message_parts parts = {};
	struct buffer message = { data, size };

	parts.kernel = versions[size % ARRAY_SIZE(versions)];
	if (!pkcs7_read(message, &parts))
		pkcs7_is_signer(&parts, message);
}

/* A copy of /proc/modules. */
static void fuzz_loaded(const __u8 *data, size_t size)
{
	struct arena arena = {};
	struct state state = {};

	state_parse_loaded(&state, &arena,
			   arena_copy(&arena, (const char *)data, size));
	arena_free(&arena);
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
	{ "parameters", fuzz_parameters },
	{ "signature", fuzz_signature },
	{ "loaded", fuzz_loaded },
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
	if (getenv("FUZZ_KERNEL"))
		kernel_open(&configured, getenv("FUZZ_KERNEL"));
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
