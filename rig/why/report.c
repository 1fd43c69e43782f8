// SPDX-License-Identifier: GPL-2.0
/*
 * Report - tell the user what the checks found
 */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "checks.h"
#include "report.h"
#include "text.h"

#define INDENT	"           "

/* The most lines of the log, and the most notes, that are printed. */
#define FEW_LINES	8
#define MANY_NOTES	32

/**
 * report_verdict() - Return what the kernel does with the module.
 * @attempt: an attempt that was run
 *
 * A module that a later check refuses is refused, even if an earlier check could
 * not be made.
 *
 * Return: the verdict, which is the exit status.
 */
enum verdict report_verdict(const struct attempt *attempt)
{
	if (attempt_refusal(attempt))
		return VERDICT_REFUSED;
	return attempt_is_unsure(attempt) ? VERDICT_UNSURE : VERDICT_LOADS;
}

/**
 * report_errno() - Return the name of an errno.
 * @error: the errno, positive
 *
 * Return: the name, as "ENOEXEC".
 */
const char *report_errno(int error)
{
	const char *name = strerrorname_np(error);

	return name ? name : "an unknown errno";
}

/**
 * report_insmod() - Return what insmod of kmod says for an errno.
 * @error: the errno, positive
 *
 * The texts are those of mod_strerror() in tools/insmod.c of kmod.
 *
 * Return: the text.
 */
const char *report_insmod(int error)
{
	switch (error) {
	case ENOEXEC:
		return "Invalid module format";
	case ENOENT:
		return "Unknown symbol in module";
	case ESRCH:
		return "Module has wrong symbol version";
	case EINVAL:
		return "Invalid parameters";
	default:
		return strerror(error);
	}
}

/* Return the path of the file, without control characters. */
static const char *shown_path(struct attempt *attempt)
{
	return text_printable(&attempt->arena, attempt->object->path);
}

/* Return the line of the log; "..." is for what cannot be known, as addresses. */
static char *log_line(struct attempt *attempt, const struct finding *finding)
{
	const char *args[MESSAGE_ARGS];
	unsigned int i;

	if (!finding->message)
		return NULL;
	for (i = 0; i < MESSAGE_ARGS; i++)
		args[i] = finding->args[i] ? finding->args[i] : "...";
	return message_fill(&attempt->arena, finding->message->line, args);
}

/* Return true if the kernel comes to this finding. */
static bool is_reached(const struct attempt *attempt, const struct finding *finding)
{
	const struct finding *refusal = attempt_refusal(attempt);

	return !refusal || finding->check <= refusal->check;
}

/* Print the lines of a text, the first one after a heading. */
static void print_part(const char **heading, const char *text)
{
	if (!text)
		return;
	printf("  %-8s ", *heading);
	text_plain(text, INDENT);
	*heading = "";
}

static void print_log(struct attempt *attempt)
{
	const struct finding *finding;
	const char *heading = "log:";
	unsigned int nr = 0;

	for (finding = attempt->findings; finding; finding = finding->next) {
		const char *line = log_line(attempt, finding);

		if (!line || !is_reached(attempt, finding) || ++nr > FEW_LINES)
			continue;
		if (finding->message->is_once)
			line = arena_print(&attempt->arena,
					   "%s (only once after each boot)", line);
		print_part(&heading, line);
	}
	if (nr > FEW_LINES)
		print_part(&heading, arena_print(&attempt->arena,
						 "(and %u lines more)",
						 nr - FEW_LINES));
	if (attempt_refusal(attempt) && *heading)
		print_part(&heading, "nothing: the kernel does not say why");
}

/*
 * Mark those findings of a check that have the same message as told.  Return how
 * many there are.
 */
static unsigned int tell_alike(struct finding *first)
{
	struct finding *finding;
	unsigned int nr = 0;

	for (finding = first; finding && finding->check == first->check;
	     finding = finding->next) {
		if (finding->message != first->message)
			continue;
		finding->is_told = true;
		nr++;
	}
	return nr;
}

/*
 * Return what to do.  The commands to build are for the directory of the file, if
 * the user is in another one.
 */
static char *todo_of(struct attempt *attempt, const struct finding *finding)
{
	const char *path = attempt->object->path;
	const char *slash = strrchr(path, '/');
	char *todo = message_todo(&attempt->arena, finding->message, finding->args);
	char *at = todo ? strstr(todo, "M=$PWD") : NULL;
	int length = slash ? (int)(slash - path) : 0;

	if (!at || !length || strcspn(path, " $`\\;&|<>(){}*?!#'\"") < (size_t)length)
		return todo;
	return arena_print(&attempt->arena, "%.*sM=%s%.*s%s", (int)(at - todo), todo,
			   *path == '/' ? "" : "$PWD/", length, path,
			   at + strlen("M=$PWD"));
}

/* Print what to do, unless the lines before have said the same. */
static void print_todo(struct attempt *attempt, const char **heading,
		       const struct finding *finding, const char **before)
{
	const char *todo = todo_of(attempt, finding);

	if (!todo || (*before && strstr(*before, todo)))
		return;
	print_part(heading, todo);
	*before = todo;
}

/* Print the first sentence of a reason, and how many more are like it. */
static void print_reason(struct attempt *attempt, const char **heading,
			 const struct finding *finding, unsigned int nr)
{
	char *why = message_fill(&attempt->arena, finding->message->why,
				 finding->args);

	/* A line that only follows from the one before has no reason. */
	if (!why)
		return;
	if (nr > 1)
		why = arena_print(&attempt->arena, "%s\n(and %u more like this)",
				  why, nr - 1);
	print_part(heading, why);
}

/* Print why a check refuses the module, and what to do. */
static const char *print_check(struct attempt *attempt, struct finding *first)
{
	const char *why = "why:";
	const char *todo = "do:";
	const char *before = NULL;
	struct finding *finding;

	for (finding = first; finding && finding->check == first->check;
	     finding = finding->next) {
		if (finding->kind != FINDING_REFUSED || finding->is_told)
			continue;
		print_reason(attempt, &why, finding, tell_alike(finding));
		finding->is_first = true;
	}
	for (finding = first; finding && finding->check == first->check;
	     finding = finding->next)
		if (finding->is_first)
			print_todo(attempt, &todo, finding, &before);
	return before;
}

/* Print what would be refused if the first reason were not there. */
static void print_later(struct attempt *attempt, struct finding *finding,
			const char *before)
{
	const char *heading = "then:";

	for (; finding; finding = finding->next) {
		const char *line = "";

		if (finding->kind != FINDING_REFUSED || finding->is_told)
			continue;
		if (finding->message->why)
			print_part(&heading,
				   arena_print(&attempt->arena, "%s (%s)",
					       checks[finding->check].name,
					       report_errno(finding->error)));
		print_reason(attempt, &line, finding, tell_alike(finding));
		print_todo(attempt, &line, finding, &before);
	}
}

static void print_refusal(struct attempt *attempt)
{
	struct finding *finding = attempt->findings;
	int error = attempt_error(attempt);

	while (finding->kind != FINDING_REFUSED)
		finding = finding->next;
	printf("  %-8s ", "insmod:");
	text_plain(arena_print(&attempt->arena,
			       "ERROR: could not insert module %s: %s (%s)",
			       shown_path(attempt), report_insmod(error),
			       report_errno(error)), INDENT);
	print_log(attempt);
	print_later(attempt, finding, print_check(attempt, finding));
}

static void print_remarks(struct attempt *attempt)
{
	const char *heading = "note:";
	struct finding *finding;
	unsigned int nr = 0;

	for (finding = attempt->findings; finding; finding = finding->next) {
		const char *before = NULL;

		if (finding->kind != FINDING_REMARK ||
		    !is_reached(attempt, finding))
			continue;
		/* Beside a refusal, the taints do not matter. */
		if (attempt_refusal(attempt) && finding->message->is_once)
			continue;
		if (++nr > MANY_NOTES)
			continue;
		print_reason(attempt, &heading, finding, 1);
		print_todo(attempt, &heading, finding, &before);
	}
	if (nr > MANY_NOTES)
		print_part(&heading, arena_print(&attempt->arena,
						 "(and %u notes more)",
						 nr - MANY_NOTES));
}

static void print_unsure(const struct attempt *attempt)
{
	const struct finding *finding;
	const char *heading = "unknown:";

	for (finding = attempt->findings; finding; finding = finding->next)
		if (finding->kind == FINDING_UNSURE)
			print_part(&heading, finding->text);
}

/* Return the name of the kernel, with its release if that is another one. */
static const char *kernel_label(struct attempt *attempt)
{
	const struct kernel *kernel = attempt->kernel;

	if (!kernel->release)
		return kernel->title;
	if (!strcmp(kernel->release, kernel->title))
		return arena_print(&attempt->arena, "Linux %s", kernel->release);
	return arena_print(&attempt->arena, "Linux %s (%s)", kernel->release,
			   kernel->title);
}

/* Print all in one line, for a file that is not an ELF file of this machine. */
static void print_brief(struct attempt *attempt)
{
	const struct finding *refusal = attempt_refusal(attempt);
	const struct message *message = refusal->message;
	const char *args[MESSAGE_ARGS] = {
		shown_path(attempt),
		kernel_label(attempt),
		report_errno(refusal->error),
		message_fill(&attempt->arena, message->why, refusal->args),
		todo_of(attempt, refusal),
		log_line(attempt, refusal),
	};
	char *text = message_fill(&attempt->arena,
				  "%1: %2 refuses it with %3.\n%4\n%5\nThe log says: %6",
				  args);
	char *at;

	for (at = text; *at; at++)
		if (*at == '\n')
			*at = ' ';
	text_plain(text, "");
}

static void print_verdict(struct attempt *attempt)
{
	static const char * const verdicts[] = {
		[VERDICT_LOADS] = "%1: %2 loads it",
		[VERDICT_REFUSED] = "%1: %2 refuses it",
		[VERDICT_UNSURE] = "%1: as far as %2 tells, it loads",
	};
	const char *args[MESSAGE_ARGS] = { shown_path(attempt),
					   kernel_label(attempt) };

	text_plain(message_fill(&attempt->arena,
				verdicts[report_verdict(attempt)], args), "");
}

/**
 * report_line() - Print the verdict alone, for one of many modules.
 * @attempt: an attempt that was run
 */
void report_line(struct attempt *attempt)
{
	print_verdict(attempt);
	print_unsure(attempt);
}

/**
 * report_text() - Print the answer for a person to stdout.
 * @attempt: an attempt that was run
 */
void report_text(struct attempt *attempt)
{
	enum verdict verdict = report_verdict(attempt);

	if (attempt->is_stopped && verdict == VERDICT_REFUSED &&
	    attempt->findings == attempt_refusal(attempt)) {
		print_brief(attempt);
		return;
	}
	print_verdict(attempt);
	if (verdict == VERDICT_REFUSED)
		print_refusal(attempt);
	else
		print_log(attempt);
	print_remarks(attempt);
	print_unsure(attempt);
}

static void json_key(const char *key)
{
	printf(",\"%s\":", key);
}

static void json_texts(struct attempt *attempt, const char *key,
		       const struct finding *first,
		       const struct finding *end, bool is_todo)
{
	const struct finding *finding;
	bool is_first = true;

	json_key(key);
	putchar('[');
	for (finding = first; finding && finding != end; finding = finding->next)
		if (finding->kind == FINDING_REFUSED)
			text_list(is_todo ? todo_of(attempt, finding) :
				  message_fill(&attempt->arena,
					       finding->message->why,
					       finding->args), &is_first);
	putchar(']');
}

static void json_log(struct attempt *attempt)
{
	const struct finding *finding;
	bool is_first = true;

	json_key("log");
	putchar('[');
	for (finding = attempt->findings; finding; finding = finding->next)
		if (is_reached(attempt, finding))
			text_list(log_line(attempt, finding), &is_first);
	putchar(']');
}

/* Print the findings of one kind other than refusals as an array. */
static void json_others(struct attempt *attempt, const char *key,
			enum finding_kind kind)
{
	const struct finding *finding;
	bool is_first = true;

	json_key(key);
	putchar('[');
	for (finding = attempt->findings; finding; finding = finding->next)
		if (finding->kind == kind)
			text_list(kind == FINDING_UNSURE ? finding->text :
				  message_fill(&attempt->arena,
					       finding->message->why,
					       finding->args), &is_first);
	putchar(']');
}

static void json_later(struct attempt *attempt)
{
	const struct finding *finding = attempt_refusal(attempt);
	unsigned int check = finding ? finding->check : 0;
	bool is_first = true;

	json_key("later");
	putchar('[');
	for (; finding; finding = finding->next) {
		bool is_first_line = true;

		if (finding->kind != FINDING_REFUSED || finding->check == check)
			continue;
		printf("%s{\"check\":", is_first ? "" : ",");
		is_first = false;
		text_json(checks[finding->check].name);
		json_key("errno");
		text_json(report_errno(finding->error));
		json_key("log");
		putchar('[');
		text_list(log_line(attempt, finding), &is_first_line);
		putchar(']');
		json_texts(attempt, "why", finding, finding->next, false);
		json_texts(attempt, "do", finding, finding->next, true);
		putchar('}');
	}
	putchar(']');
}

/* Return the first finding after those of the check that refuses the module. */
static const struct finding *end_of_check(const struct finding *first)
{
	const struct finding *end = first;

	while (end && end->check == first->check)
		end = end->next;
	return end;
}

static void json_refusal(struct attempt *attempt)
{
	const struct finding *refusal = attempt_refusal(attempt);
	int error = attempt_error(attempt);

	json_key("errno");
	if (!refusal) {
		printf("null,\"check\":null,\"message\":null,\"insmod\":null");
	} else {
		text_json(report_errno(error));
		json_key("check");
		text_json(checks[refusal->check].name);
		json_key("message");
		text_json(refusal->message->name);
		json_key("insmod");
		text_json(arena_print(&attempt->arena,
				      "insmod: ERROR: could not insert module %s: %s",
				      attempt->object->path,
				      report_insmod(error)));
	}
	json_log(attempt);
	json_texts(attempt, "why", refusal, end_of_check(refusal), false);
	json_texts(attempt, "do", refusal, end_of_check(refusal), true);
}

/**
 * report_json() - Print the answer to stdout as an object of JSON.
 * @attempt: an attempt that was run
 */
void report_json(struct attempt *attempt)
{
	static const char * const verdicts[] = {
		[VERDICT_LOADS] = "loads",
		[VERDICT_REFUSED] = "refused",
		[VERDICT_UNSURE] = "unsure",
	};

	printf("{\"file\":");
	text_json(attempt->object->path);
	json_key("name");
	text_json(attempt_name(attempt));
	json_key("kernel");
	text_json(attempt->kernel->title);
	json_key("release");
	if (attempt->kernel->release)
		text_json(attempt->kernel->release);
	else
		printf("null");
	json_key("verdict");
	text_json(verdicts[report_verdict(attempt)]);
	json_refusal(attempt);
	json_later(attempt);
	json_others(attempt, "notes", FINDING_REMARK);
	json_others(attempt, "unsure", FINDING_UNSURE);
	putchar('}');
}
