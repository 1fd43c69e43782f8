// SPDX-License-Identifier: GPL-2.0
/*
 * Main - will this kernel take this module, and if not, why, and what to type
 */

#include <errno.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "checks.h"
#include "from_log.h"
#include "list.h"
#include "options.h"
#include "order.h"
#include "probe.h"
#include "provided.h"
#include "report.h"
#include "state.h"
#include "table.h"

/* With more files than this, the answer for one that is loaded is one line. */
#define FEW_FILES	3

/**
 * struct run - all attempts on one kernel
 * @arena: the order of the files, and the state
 * @options: what the user asked for
 * @kernel: the kernel
 * @state: its state
 * @provided: what the modules export that were tried
 * @table: the table of results; NULL if none is asked for
 * @counts: how many modules have each verdict
 * @worst: the exit status
 */
struct run {
	struct arena arena;
	const struct options *options;
	struct kernel kernel;
	struct state state;
	struct provided provided;
	struct table *table;
	unsigned int counts[3];
	enum verdict worst;
};

static void report(struct run *run, struct attempt *attempt, bool is_first)
{
	if (run->table) {
		table_add(run->table, attempt);
	} else if (run->options->is_json) {
		/* Nothing is printed before, in case of an error. */
		printf("%s", is_first ? "{\"modules\":[" : ",\n");
		report_json(attempt);
	} else if (run->options->nr_files > FEW_FILES &&
		   report_verdict(attempt) != VERDICT_REFUSED) {
		report_line(attempt);
	} else {
		printf("%s", is_first ? "" : "\n");
		report_text(attempt);
	}
}

/* After many files, print how many of them are loaded. */
static void report_counts(const struct run *run)
{
	const struct options *options = run->options;

	if (options->is_json || run->table || options->nr_files <= FEW_FILES)
		return;
	printf("\n%u modules: %u are loaded, %u are refused, %u cannot be told\n",
	       options->nr_files, run->counts[VERDICT_LOADS],
	       run->counts[VERDICT_REFUSED], run->counts[VERDICT_UNSURE]);
}

/* An error of one file ends the run, because the order would be wrong. */
static void try_file(struct run *run, unsigned int file, bool is_first)
{
	const char *path = run->options->files[file].path;
	struct object object = {};
	struct attempt attempt = {
		.kernel = &run->kernel,
		.state = &run->state,
		.object = &object,
		.provided = &run->provided,
		.parameters = run->options->files[file].parameters,
		.flags = run->options->flags,
	};
	const char *error;
	enum verdict verdict;

	object.is_whole = keeps_signature(&attempt);
	if (!object_open(&object, path, &error))
		die("%s: %s: name the file of a module that can be read", path,
		    error);
	attempt_run(&attempt);
	report(run, &attempt, is_first);
	verdict = report_verdict(&attempt);
	run->counts[verdict]++;
	if (verdict == VERDICT_REFUSED ||
	    (verdict == VERDICT_UNSURE && run->worst == VERDICT_LOADS))
		run->worst = verdict;
	provided_add(&run->provided, &attempt);
	attempt_free(&attempt);
	object_close(&object);
}

/* Return the indices of the files, in an order in which they can be loaded. */
static unsigned int *order_of(struct run *run)
{
	const struct options *options = run->options;
	const char **paths = arena_alloc(&run->arena,
					 options->nr_files * sizeof(*paths));
	unsigned int i;

	for (i = 0; i < options->nr_files; i++)
		paths[i] = options->files[i].path;
	return order_files(&run->arena, &run->kernel, paths, options->nr_files);
}

static enum verdict try_kernel(const struct options *options, const char *name,
			       struct table *table, bool is_first)
{
	struct run run = { .options = options, .table = table };
	unsigned int *order;
	unsigned int i;

	kernel_open(&run.kernel, name);
	if (run.kernel.is_running)
		state_read_running(&run.state, &run.arena);
	if (options->cmdline)
		run.state.cmdline = options->cmdline;
	if (options->loaded)
		state_read_loaded(&run.state, &run.arena, options->loaded);
	order = order_of(&run);
	for (i = 0; i < options->nr_files; i++)
		try_file(&run, order[i], is_first && !i);
	report_counts(&run);
	kernel_close(&run.kernel);
	provided_free(&run.provided);
	arena_free(&run.arena);
	return run.worst;
}

static void worsen(enum verdict *worst, enum verdict verdict)
{
	if (verdict == VERDICT_REFUSED || *worst == VERDICT_LOADS)
		*worst = verdict;
}

/* Try all files on the kernels that the user has named. */
static enum verdict try_named(struct options *options)
{
	enum verdict worst = VERDICT_LOADS;
	unsigned int i;

	for (i = 0; i < options->nr_kernels; i++)
		worsen(&worst, try_kernel(options, options->kernels[i], NULL, !i));
	if (options->is_json)
		puts("]}");
	return worst;
}

/*
 * Try all files on all kernels that are here.  One that cannot be read is a row
 * of the table, or a line on stderr.
 */
static enum verdict try_present(struct options *options)
{
	enum verdict worst = VERDICT_LOADS;
	struct table table = {};
	bool is_first = true;
	const char *error;
	unsigned int i;

	options_add_all_kernels(options);
	for (i = 0; i < options->nr_kernels; i++) {
		const char *name = options->kernels[i];

		error = probe_kernel(&options->arena, name);
		if (!error) {
			worsen(&worst, try_kernel(options, name,
						  options->is_json ? NULL : &table,
						  is_first));
			is_first = false;
			continue;
		}
		worsen(&worst, VERDICT_UNSURE);
		if (options->is_json)
			fprintf(stderr, "modproof: %s\n", error);
		else
			table_add_unread(&table, name, error);
	}
	if (options->is_json)
		puts(is_first ? "{\"modules\":[]}" : "]}");
	table_print(&table);
	return worst;
}

/* Try all files on each kernel; return the exit status. */
static int try_all(struct options *options)
{
	return (int)(options->is_all ? try_present(options) : try_named(options));
}

/* Run why-unload, which is in the same directory as this program. */
static __noreturn void run_unload(struct options *options)
{
	char path[4096];
	ssize_t length = readlink("/proc/self/exe", path, sizeof(path) - 1);

	if (length > 0) {
		path[length] = '\0';
		*strrchr(path, '/') = '\0';
		execl(arena_print(&options->arena, "%s/why-unload", path),
		      "why-unload", options->subject, NULL);
	}
	die("why-unload cannot be run: %s: build it again", strerror(errno));
}

static int print_list(const char *what)
{
	if (!strcmp(what, "checks"))
		list_checks();
	else if (!strcmp(what, "messages"))
		list_messages();
	else
		die("--list %s is not known: type \"--list checks\" or \"--list messages\"",
		    what);
	return 0;
}

static int answer(struct options *options)
{
	switch (options->question) {
	case QUESTION_UNLOAD:
		run_unload(options);
	case QUESTION_LOG:
		return from_log(options->is_json);
	case QUESTION_LIST:
		return print_list(options->subject);
	case QUESTION_HELP:
		fputs(usage, stdout);
		return 0;
	default:
		return try_all(options);
	}
}

int main(int argc, char **argv)
{
	struct options options = {};
	int status;

	/*
	 * Keep some memory for the next module, because new pages take longer than
	 * to check it; but give large blocks back at once.
	 */
	mallopt(M_MMAP_THRESHOLD, 1048576);
	mallopt(M_TRIM_THRESHOLD, 8388608);
	options_parse(&options, argc, argv);
	status = answer(&options);
	arena_free(&options.arena);
	return status;
}
