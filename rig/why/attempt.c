// SPDX-License-Identifier: GPL-2.0
/*
 * Attempt - one load of one module, and what the checks found
 */

#include <stdio.h>
#include <string.h>

#include "attempt.h"
#include "checks.h"
#include "text.h"

static const struct message *const messages[] = {
	messages_file,
	messages_signature,
	messages_elf,
	messages_identity,
	messages_taint,
	messages_symbols,
	messages_relocations,
	messages_late,
	messages_parameters,
	messages_sysfs,
	messages_tools,
};

const char *const not_known = "?";

#define NR_TABLES	ARRAY_SIZE(messages)

/* A version that is not known is taken for the newest. */
static bool is_for(unsigned int version, unsigned int since, unsigned int before)
{
	if (!version)
		return !before;
	return version >= since && (!before || version < before);
}

/**
 * message_next() - Go through all messages of all tables.
 * @message: the message before; NULL to begin
 *
 * Return: the next message, or NULL after the last one.
 */
const struct message *message_next(const struct message *message)
{
	size_t table;

	if (!message)
		return messages[0];
	if ((++message)->name)
		return message;
	for (table = 0; table + 1 < NR_TABLES; table++) {
		const struct message *end = messages[table];

		while (end->name)
			end++;
		if (end == message)
			return messages[table + 1];
	}
	return NULL;
}

/**
 * message_find() - Find the message with a name.
 * @name: the name
 * @version: LINUX(major, minor) of the kernel; 0 if it is not known
 *
 * Return: the message, or NULL if no message for this version has this name.
 */
const struct message *message_find(const char *name, unsigned int version)
{
	const struct message *message = NULL;

	while ((message = message_next(message)))
		if (!strcmp(message->name, name) &&
		    is_for(version, message->since, message->before))
			return message;
	return NULL;
}

/* Append a line of a message; return false if an argument is not known. */
static bool fill_line(char *to, const char *line, size_t length,
		      const char *const args[MESSAGE_ARGS])
{
	size_t i;

	for (i = 0; i < length; i++) {
		if (line[i] != '%' || line[i + 1] < '1' || line[i + 1] > '9') {
			*to++ = line[i];
			continue;
		}
		if (!args[line[++i] - '1'])
			return false;
		to = stpcpy(to, args[line[i] - '1']);
	}
	*to = '\0';
	return true;
}

/**
 * message_fill() - Put the arguments into a text of a message.
 * @arena: what the result is allocated in
 * @text: the text, with %1 to %9; NULL for none
 * @args: %1 to %9; NULL for an argument that is not known
 *
 * Return: the text without those lines that have an argument that is not known;
 * NULL if nothing is left.
 */
char *message_fill(struct arena *arena, const char *text,
		   const char *const args[MESSAGE_ARGS])
{
	size_t size = 2;
	const char *at;
	char *result;
	char *to;

	if (!text)
		return NULL;
	for (at = text; *at; at++)
		size += *at == '%' && at[1] >= '1' && at[1] <= '9' &&
			args[at[1] - '1'] ? strlen(args[at[1] - '1']) : 1;
	result = arena_alloc(arena, size);
	to = result;
	while (*text) {
		size_t length = strcspn(text, "\n");

		if (fill_line(to, text, length, args)) {
			to += strlen(to);
			*to++ = '\n';
		}
		text += length;
		text += *text == '\n';
	}
	if (to == result)
		return NULL;
	to[-1] = '\0';
	return result;
}

/**
 * message_todo() - Return what to do about a message.
 * @arena: what the result is allocated in
 * @message: the message
 * @args: %1 to %9; NULL for an argument that is not known
 *
 * The arguments may come from a hostile file or log, and users type what they
 * read.  So a line is left out if it would have an argument in which a shell sees
 * more than a word.
 *
 * Return: the lines, or NULL if there is nothing to do.
 */
char *message_todo(struct arena *arena, const struct message *message,
		   const char *const args[MESSAGE_ARGS])
{
	const char *safe[MESSAGE_ARGS];
	unsigned int i;

	for (i = 0; i < MESSAGE_ARGS; i++) {
		const char *arg = args[i];

		safe[i] = arg && !arg[strcspn(arg, "$`\\;&|<>(){}*?!#\n\r\t\033")] ?
			arg : NULL;
	}
	return message_fill(arena, message->todo, safe);
}

static struct finding *add_finding(struct attempt *attempt, enum finding_kind kind)
{
	struct finding *finding = arena_alloc(&attempt->arena, sizeof(*finding));

	finding->kind = kind;
	finding->check = attempt->check;
	if (attempt->last)
		attempt->last->next = finding;
	else
		attempt->findings = finding;
	attempt->last = finding;
	if (kind == FINDING_REFUSED && !attempt->refusal)
		attempt->refusal = finding;
	return finding;
}

static struct finding *add_message(struct attempt *attempt, enum finding_kind kind,
				   const char *name, va_list args)
{
	struct finding *finding = add_finding(attempt, kind);
	const char *arg;
	unsigned int i;

	finding->message = message_find(name, attempt->kernel->version);
	if (!finding->message)
		die("no message is called %s: report this as a mistake of modproof",
		    name);
	finding->error = finding->message->error;
	for (i = 0; i < MESSAGE_ARGS && (arg = va_arg(args, const char *)); i++)
		finding->args[i] = arg == not_known ? NULL :
				   text_printable(&attempt->arena, arg);
	return finding;
}

/**
 * refuse() - Report that Linux refuses the module.
 * @attempt: the attempt
 * @message: the name of the message, which has the errno
 * @...: %1 to %9 as strings, which live as long as @attempt; not_known for one
 *	that is not known; NULL after the last
 *
 * If a check calls this several times, its last errno is the result.
 */
void refuse(struct attempt *attempt, const char *message, ...)
{
	va_list args;

	va_start(args, message);
	add_message(attempt, FINDING_REFUSED, message, args);
	va_end(args);
}

/**
 * refuse_with() - Report that Linux refuses the module, with another errno.
 * @attempt: the attempt
 * @error: the errno, positive
 * @message: as for refuse()
 */
void refuse_with(struct attempt *attempt, int error, const char *message, ...)
{
	va_list args;

	va_start(args, message);
	add_message(attempt, FINDING_REFUSED, message, args)->error = error;
	va_end(args);
}

/**
 * remark() - Report what Linux does or logs although it accepts the module.
 * @attempt: the attempt
 * @message: as for refuse()
 */
void remark(struct attempt *attempt, const char *message, ...)
{
	va_list args;

	va_start(args, message);
	add_message(attempt, FINDING_REMARK, message, args)->error = 0;
	va_end(args);
}

/**
 * unsure() - Report that a check cannot be made.
 * @attempt: the attempt
 * @format: what is not known, and which file would tell, as a sentence
 */
void unsure(struct attempt *attempt, const char *format, ...)
{
	char text[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	add_finding(attempt, FINDING_UNSURE)->text =
		arena_copy(&attempt->arena, text, strlen(text));
}

/**
 * attempt_print() - Format an argument of a message.
 * @attempt: the attempt, in whose arena the text is
 * @format: as for printf()
 *
 * Return: the text, of at most 1023 bytes.
 */
const char *attempt_print(struct attempt *attempt, const char *format, ...)
{
	char text[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	return arena_copy(&attempt->arena, text, strlen(text));
}

/**
 * attempt_run() - Make all checks that the kernel's version makes, in order.
 * @attempt: the attempt, whose findings are empty
 */
void attempt_run(struct attempt *attempt)
{
	unsigned int i;

	for (i = 0; i < nr_checks && !attempt->is_stopped; i++) {
		if (!is_for(attempt->kernel->version, checks[i].since,
			    checks[i].before))
			continue;
		attempt->check = i;
		checks[i].run(attempt);
	}
}

/**
 * attempt_refusal() - Find why the module is refused.
 * @attempt: an attempt that was run
 *
 * Return: the first finding that refuses the module; NULL if it is loaded.
 */
const struct finding *attempt_refusal(const struct attempt *attempt)
{
	return attempt->refusal;
}

/**
 * attempt_error() - Return the errno of the system call.
 * @attempt: an attempt that was run
 *
 * Return: the errno, positive, of the check that is the first to refuse the
 * module; 0 if it is loaded.
 */
int attempt_error(const struct attempt *attempt)
{
	const struct finding *finding = attempt_refusal(attempt);
	int error = 0;
	unsigned int check;

	if (!finding)
		return 0;
	check = finding->check;
	for (; finding && finding->check == check; finding = finding->next)
		if (finding->kind == FINDING_REFUSED)
			error = finding->error;
	return error;
}

/**
 * attempt_is_unsure() - Return true if the verdict is not certain.
 * @attempt: an attempt that was run
 *
 * Return: true if a check that comes before the first refusal, or any check if
 * there is none, cannot be made.
 */
bool attempt_is_unsure(const struct attempt *attempt)
{
	const struct finding *finding = attempt->findings;

	for (; finding && finding->kind != FINDING_REFUSED; finding = finding->next)
		if (finding->kind == FINDING_UNSURE)
			return true;
	return false;
}

/**
 * attempt_name() - Return the name of the module, for the log.
 * @attempt: the attempt
 *
 * Return: the name in the file, or the name of the file if it has none.
 */
const char *attempt_name(const struct attempt *attempt)
{
	const char *slash;

	if (attempt->object->name)
		return attempt->object->name;
	slash = strrchr(attempt->object->path, '/');
	return slash ? slash + 1 : attempt->object->path;
}

/**
 * attempt_free() - Free the findings of an attempt.
 * @attempt: the attempt
 */
void attempt_free(struct attempt *attempt)
{
	arena_free(&attempt->arena);
	attempt->findings = NULL;
	attempt->refusal = NULL;
	attempt->last = NULL;
}
