// SPDX-License-Identifier: GPL-2.0
/*
 * From log - explain lines of the kernel's log, or of insmod
 *
 * A line is compared with the lines of all messages, in which %1 to %9 stand for
 * any text.  The message with the most text of its own that fits explains it.
 */

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "from_log.h"
#include "report.h"
#include "text.h"

/* The longest line that is looked at, as in the kernel's log. */
#define LINE_SIZE	4096

/* The most bytes before the kernel's own text that may be a prefix of a log. */
#define PREFIX_LIMIT	256

/* Copy the text of an argument; if it occurs twice, it must be the same. */
static bool set_arg(struct arena *arena, struct explained *result, char digit,
		    const char *text, size_t length)
{
	const char **arg = &result->args[digit - '1'];

	if (*arg)
		return strlen(*arg) == length && !strncmp(*arg, text, length);
	*arg = arena_copy(arena, text, length);
	return true;
}

static size_t literal_length(const char *pattern)
{
	size_t length = 0;

	while (pattern[length] &&
	       !(pattern[length] == '%' && pattern[length + 1] >= '1' &&
		 pattern[length + 1] <= '9'))
		length++;
	return length;
}

/* Find where the text of the pattern at @literal begins in @line; NULL if not. */
static const char *find_literal(const char *line, const char *literal,
				size_t length)
{
	/* The last part of a pattern must be the end of the line. */
	if (!literal[length]) {
		size_t rest = strlen(line);

		if (rest < length || memcmp(line + rest - length, literal, length))
			return NULL;
		return line + rest - length;
	}
	return memmem(line, strlen(line), literal, length);
}

/*
 * Compare a line with a pattern.  Each %N takes as little as possible.  Return
 * how many bytes of the pattern's own text fit; 0 if it does not fit.
 */
static size_t match(struct arena *arena, const char *pattern, const char *line,
		    struct explained *result)
{
	size_t fits = literal_length(pattern);

	if (strncmp(line, pattern, fits))
		return 0;
	line += fits;
	pattern += fits;
	while (*pattern) {
		char digit = pattern[1];
		size_t length = literal_length(pattern + 2);
		const char *at = find_literal(line, pattern + 2, length);

		if (!at || !set_arg(arena, result, digit, line, at - line))
			return 0;
		fits += length;
		line = at + length;
		pattern += 2 + length;
	}
	return *line ? 0 : fits;
}

/* Return true if the first argument can be the name of a module or a parameter. */
static bool has_name(const struct explained *result, const char *pattern)
{
	const char *name = result->args[0];

	if (strncmp(pattern, "%1", 2))
		return true;
	return *name && !name[strcspn(name, " \t:;[]<>()'`\"")];
}

/* Compare a line with all messages; keep the one that fits best. */
static size_t match_all(struct arena *arena, const char *line,
			struct explained *best, size_t least)
{
	const struct message *message = NULL;

	while ((message = message_next(message))) {
		struct explained trial = { .message = message };
		const char *pattern = message->line;

		/* A message may have several lines: each can be met alone. */
		while (pattern && *pattern) {
			size_t length = strcspn(pattern, "\n");
			char one[LINE_SIZE];
			size_t fits;

			memset(trial.args, 0, sizeof(trial.args));
			snprintf(one, sizeof(one), "%.*s", (int)length, pattern);
			fits = match(arena, one, line, &trial);
			if (fits > least && has_name(&trial, one)) {
				least = fits;
				*best = trial;
			}
			pattern += length;
			pattern += *pattern == '\n';
		}
	}
	return least;
}

/**
 * explain_line() - Find the message that a line of the log comes from.
 * @arena: what the arguments are allocated in
 * @line: the line, without a newline
 * @result: set to the message and its arguments
 *
 * Return: false if no message fits.
 */
bool explain_line(struct arena *arena, const char *line, struct explained *result)
{
	const char *at = line;
	/* Fewer bytes than these would fit by chance. */
	size_t least = 7;

	/*
	 * Each program that prints the log puts another prefix in front, as
	 * "[   12.345678] " or "Nov 29 11:00:00 host kernel: ", so try each place
	 * where the kernel's own text may begin.
	 */
	while (at && at - line < PREFIX_LIMIT) {
		least = match_all(arena, at, result, least);
		at = strpbrk(at, " ;>");
		if (at)
			at++;
	}
	return result->message;
}

/* What is said of a module that cannot be unloaded, and what to do. */
static const char busy[] = {
	"The module is in use: a program has one of its files open, one of its file systems is mounted, or one of its devices is up. The kernel was not asked, which would return EAGAIN."
};

static const char built_in[] =
	"%1 is a part of the kernel itself, which cannot be unloaded. The kernel was not asked.";
static const char boot_another[] = "Boot a kernel that has it as a module.";
static const char not_unloaded[] = "The kernel did not unload the module %1: %2";
static const char ask_unload[] = "To see who uses it: modproof why --unload %1";

/* Lines of insmod, modprobe and rmmod that do not come from the kernel. */
const struct message messages_tools[] = {
	{ "module-not-found", 0, 0, 0, false,
	  "modprobe: FATAL: Module %1 not found in directory %2",
	  "modprobe looks for the module in the lists of %2, which depmod makes, and the kernel was not asked.\n"
	  "No file called %1.ko is in these lists.",
	  "If the file is there: sudo depmod\n"
	  "If it is elsewhere: sudo insmod PATH/%1.ko, after the modules that it needs" },
	{ "file-not-loaded", 0, 0, 0, false,
	  "insmod: ERROR: could not load module %1: %2",
	  "insmod could not read the file, and the kernel was not asked: %2",
	  "Name the file itself, as ./hello.ko; for a name without a path: sudo modprobe NAME" },
	{ "module-not-listed", 0, 0, 0, false,
	  "modprobe: ERROR: %2 could not find module by name='%1'",
	  "modprobe has no file for the module %1, which another module needs, and the kernel was not asked.",
	  "If the file is there: sudo depmod" },
	{ "unload-users", 0, 0, 0, false,
	  "rmmod: ERROR: Module %1 is in use by: %2",
	  "Modules that are loaded use symbols of %1: %2. rmmod did not ask the kernel, which would return EAGAIN.",
	  "Unload these first: sudo modprobe -r %2\n"
	  "sudo rmmod %1" },
	{ "unload-busy", 0, 0, 0, false,
	  "rmmod: ERROR: Module %1 is in use",
	  busy, ask_unload },
	{ "unload-busy", 0, 0, 0, false,
	  "modprobe: FATAL: Module %1 is in use.",
	  busy, ask_unload },
	{ "unload-busy", 0, 0, 0, false,
	  "modprobe: ERROR: Module %1 is in use.",
	  busy, ask_unload },
	{ "unload-not-loaded", 0, 0, 0, false,
	  "rmmod: ERROR: Module %1 is not currently loaded",
	  "No module called %1 is loaded, and the kernel was not asked.",
	  "See what is loaded: lsmod" },
	{ "unload-built-in", 0, 0, 0, false,
	  "rmmod: ERROR: Module %1 is builtin.",
	  built_in, boot_another },
	{ "unload-built-in", 0, 0, 0, false,
	  "modprobe: FATAL: Module %1 is builtin.",
	  built_in, boot_another },
	{ "unload-refused", 0, 0, 0, false,
	  "rmmod: ERROR: could not remove module %1: %2",
	  not_unloaded, ask_unload },
	{ "unload-refused", 0, 0, 0, false,
	  "rmmod: ERROR: %3 could not remove '%1': %2",
	  not_unloaded, ask_unload },
	{ "unload-refused", 0, 0, 0, false,
	  "modprobe: ERROR: %3 could not remove '%1': %2",
	  not_unloaded, ask_unload },
	{ "unload-refused", 0, 0, 0, false,
	  "modprobe: FATAL: Error removing %1 (%3): %2",
	  not_unloaded, ask_unload },
	{ "unload-refused", 0, 0, 0, false,
	  "rmmod: can't unload module '%1': %2",
	  not_unloaded, ask_unload },
	{}
};

/* The words of insmod, modprobe and busybox for each errno. */
static const struct {
	int error;
	const char *words;
} tool_words[] = {
	{ ENOEXEC, "Invalid module format" },
	{ ENOEXEC, "invalid module format" },
	{ ENOEXEC, "Exec format error" },
	{ ENOENT, "Unknown symbol in module" },
	{ ENOENT, "unknown symbol in module, or unknown parameter" },
	{ EINVAL, "Invalid parameters" },
	{ EINVAL, "Invalid argument" },
	{ EEXIST, "File exists" },
	{ EKEYREJECTED, "Key was rejected by service" },
	{ ENOKEY, "Required key not available" },
	{ EPERM, "Operation not permitted" },
	{ EBUSY, "Device or resource busy" },
	{ EBADMSG, "Bad message" },
	{ ENOMEM, "Cannot allocate memory" },
	{ EOPNOTSUPP, "Operation not supported" },
	{ ERANGE, "Numerical result out of range" },
	{ ENOSPC, "No space left on device" },
	{ ENODEV, "No such device" },
	{ ENOSYS, "Function not implemented" },
	{ EFBIG, "File too large" },
	{ EMSGSIZE, "Message too long" },
	{ EAGAIN, "Resource temporarily unavailable" },
};

/* Return the errno that a line of a tool has the words of; 0 if none. */
static int tool_error(const char *line)
{
	size_t i;

	if (!strstr(line, "insmod") && !strstr(line, "modprobe"))
		return 0;
	for (i = 0; i < ARRAY_SIZE(tool_words); i++)
		if (strstr(line, tool_words[i].words))
			return tool_words[i].error;
	return 0;
}

/* Return true if a message before this one has the same line of the log. */
static bool is_repeated(const struct message *message)
{
	const struct message *before = NULL;

	while ((before = message_next(before)) && before != message)
		if (before->error == message->error && before->line &&
		    message->line && !strcmp(before->line, message->line))
			return true;
	return false;
}

/* Print one of the reasons for an errno: its line of the log, and what it means. */
static void explain_reason(struct arena *arena, const struct message *message)
{
	static const char *const none[MESSAGE_ARGS];
	static const char *const dots[MESSAGE_ARGS] = {
		"...", "...", "...", "...", "...", "...", "...", "...", "...",
	};
	const char *line = message_fill(arena, message->line, dots);
	const char *why = message_fill(arena, message->why, none);

	printf("  - ");
	text_plain(line ? line : "(no line)", "    ");
	if (why) {
		printf("    ");
		text_plain(why, "    ");
	}
}

/* Explain a line of insmod: list all that the errno may mean. */
static void explain_tool(struct arena *arena, const char *line, int error)
{
	const struct message *message = NULL;
	const char *before = "";

	text_plain(line, "");
	printf("  This is %s.  For the reason that it has here, type: modproof why FILE.ko\n"
	       "  The log (sudo dmesg | tail) has one of these lines, or none:\n",
	       report_errno(error));
	while ((message = message_next(message))) {
		if (message->error != error || !strcmp(message->name, before) ||
		    is_repeated(message))
			continue;
		before = message->name;
		explain_reason(arena, message);
	}
	printf("  - ...\n    Its init function has returned -%s: see what it has logged.\n",
	       report_errno(error));
}

/* The same as JSON: the names of the messages that have the errno. */
static void explain_tool_json(const char *line, int error, bool is_first)
{
	const struct message *message = NULL;
	const char *before = "";
	bool first = true;

	printf("%s{\"line\":", is_first ? "" : ",");
	text_json(line);
	printf(",\"message\":null,\"errno\":");
	text_json(report_errno(error));
	printf(",\"reasons\":[");
	while ((message = message_next(message))) {
		if (message->error != error || !strcmp(message->name, before))
			continue;
		before = message->name;
		text_list(message->name, &first);
	}
	printf("]}");
}

static void explain_json(struct arena *arena, const char *line,
			 const struct explained *result, bool is_first)
{
	bool first = true;

	printf("%s{\"line\":", is_first ? "" : ",");
	text_json(line);
	printf(",\"message\":");
	text_json(result->message->name);
	printf(",\"errno\":");
	if (result->message->error)
		text_json(report_errno(result->message->error));
	else
		printf("null");
	printf(",\"why\":[");
	text_list(message_fill(arena, result->message->why, result->args), &first);
	printf("],\"do\":[");
	first = true;
	text_list(message_todo(arena, result->message, result->args), &first);
	printf("]}");
}

static void explain_text(struct arena *arena, const char *line,
			 const struct explained *result)
{
	const char *why = message_fill(arena, result->message->why, result->args);
	const char *todo = message_todo(arena, result->message, result->args);

	text_plain(line, "");
	if (result->message->error)
		printf("  errno:  %s\n", report_errno(result->message->error));
	if (why) {
		printf("  why:    ");
		text_plain(why, "          ");
	}
	if (todo) {
		printf("  do:     ");
		text_plain(todo, "          ");
	}
}

/*
 * Leave only the message of a line of journalctl -o export or -o json, which has
 * a backslash before a quote.
 */
static void take_message(char *line)
{
	static const char exported[] = "MESSAGE=";
	static const char json[] = "\"MESSAGE\":";
	char *from = line;
	char *to = line;

	if (!strncmp(line, exported, sizeof(exported) - 1)) {
		from += sizeof(exported) - 1;
		memmove(line, from, strlen(from) + 1);
		return;
	}
	from = *line == '{' ? strstr(line, json) : NULL;
	if (!from)
		return;
	from += sizeof(json) - 1;
	from += strspn(from, " ");
	if (*from++ != '"')
		return;
	while (*from && *from != '"') {
		from += *from == '\\' && from[1];
		*to++ = *from++;
	}
	*to = '\0';
}

/* Take colours, and white space at the end, out of a line. */
static void clean(char *line)
{
	const char *from = line;
	char *to = line;

	while (*from) {
		if (!strncmp(from, "\033[", 2)) {
			from += 2 + strspn(from + 2, "0123456789;");
			from += *from == 'm';
		} else {
			*to++ = *from++;
		}
	}
	while (to > line && isspace((unsigned char)to[-1]))
		to--;
	*to = '\0';
}

/* Explain one line; return false if nothing is known about it. */
static bool explain(char *line, bool is_json, bool is_first)
{
	struct arena arena = {};
	struct explained result = {};
	bool is_known = true;
	int error;

	clean(line);
	take_message(line);
	error = tool_error(line);
	if (explain_line(&arena, line, &result)) {
		if (is_json)
			explain_json(&arena, line, &result, is_first);
		else
			explain_text(&arena, line, &result);
	} else if (error && is_json) {
		explain_tool_json(line, error, is_first);
	} else if (error) {
		explain_tool(&arena, line, error);
	} else {
		is_known = false;
	}
	arena_free(&arena);
	return is_known;
}

/**
 * from_log() - Explain each line of stdin that is known.
 * @is_json: whether to print an object of JSON
 *
 * Return: the exit status, 0 if a line is known and 2 if none is.
 */
int from_log(bool is_json)
{
	char line[LINE_SIZE];
	bool is_any = false;

	if (is_json)
		printf("{\"lines\":[");
	while (fgets(line, sizeof(line), stdin))
		if (explain(line, is_json, !is_any))
			is_any = true;
	if (is_json)
		puts("]}");
	if (!is_any)
		fprintf(stderr,
			"modproof: no line of the input is about loading a module: pipe in the output of dmesg or insmod\n");
	return is_any ? 0 : 2;
}
