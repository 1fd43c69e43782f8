// SPDX-License-Identifier: GPL-2.0
/*
 * Parameters - what Linux makes of the words after the name of the module
 *
 * The functions follow kernel/params.c, lib/cmdline.c and lib/kstrtox.c.
 */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "checks.h"
#include "parameters.h"

/* What param_set_charp() takes. */
#define TEXT_LIMIT	1024

/* How many parameters are named to the user. */
#define NAMED_LIMIT	24

const struct message messages_parameters[] = {
	{ "parameter-invalid", 0, 0, EINVAL, false,
	  "%1: `%2' invalid for parameter `%3'",
	  "The function that sets the parameter %3 does not take '%2'.\n"
	  "It takes %4.",
	  "Give %3 another value, or leave it out.\n"
	  "Its description: modinfo -p %5" },
	{ "parameter-range", 0, 0, ERANGE, false,
	  "%1: `%2' invalid for parameter `%3'",
	  "'%2' is a number, but too large or too small.\n"
	  "The parameter %3 takes %4.",
	  "Give %3 a number in this range." },
	{ "parameter-no-value", 0, 0, EINVAL, false,
	  "%1: `' invalid for parameter `%2'",
	  "The parameter %2 needs a value, with '=' and no space before and after it.\n"
	  "It takes %3.",
	  "Write %2=VALUE, or leave it out." },
	{ "parameter-too-large", 0, 0, ENOSPC, false,
	  "%1: `%2' too large for parameter `%3'",
	  "The value is longer than what the module has room for.",
	  "Give %3 a shorter value." },
	{ "parameter-not-found", 0, 0, ENOENT, false,
	  "%1: Unknown parameter `%2'",
	  "The module has the parameter %2, and the function that sets it returned ENOENT. A parameter that does not exist is not an error.",
	  "Give %2 another value, or leave it out." },
	{ "parameter-locked", 0, 0, EPERM, false,
	  "Lockdown: %1: unsafe module parameters is restricted; see man kernel_lockdown.7",
	  "Lockdown does not allow to set parameters that say where hardware is.\n"
	  "The parameter is %2.",
	  "Leave it out, or boot without lockdown." },
	{ "parameter-forbidden", 0, 0, EPERM, false,
	  "%1: `%2' invalid for parameter `%3'",
	  "The line about lockdown says why; it may be missing, because its rate is limited.",
	  "Leave %3 out, or boot without lockdown." },
	{ "text-too-long", 0, 0, ENOSPC, false,
	  "%1: string parameter too long",
	  "The text for the parameter %1 has more than 1024 bytes.",
	  "Give %1 a shorter text." },
	{ "text-does-not-fit", 0, 0, ENOSPC, false,
	  "%1: string doesn't fit in %2 chars.",
	  "The module has room for %2 bytes in the parameter %1.",
	  "Give %1 a text of at most %2 bytes." },
	{ "array-too-long", 0, 0, EINVAL, false,
	  "%1: can only take %2 arguments",
	  "The parameter %1 is an array with room for %2 values.",
	  "Give %1 at most %2 values, with commas between them." },
	{ "unsafe-parameter", 0, 0, 0, false,
	  "Setting dangerous option %1 - tainting kernel",
	  "The module says that the parameter %1 is not safe. Linux sets it, and marks itself as tainted (U).",
	  NULL },
	{ "unknown-parameter", 0, 0, 0, false,
	  "%1: unknown parameter '%2' ignored",
	  "The module has no parameter %2. Linux ignores it, and loads the module.\n"
	  "The name of the module and a dot in front, as in %3, are for the command line of the kernel.\n"
	  "A parameter of it is called %4.\n"
	  "Its parameters are %5.",
	  "See which parameters it has: modinfo -p %6" },
	{ "debug-parameter", 0, 0, 0, false,
	  "dyndbg param is supported only in CONFIG_DYNAMIC_DEBUG builds",
	  "The kernel has no dynamic debugging. It ignores the parameter.",
	  "To have it, build the kernel with CONFIG_DYNAMIC_DEBUG." },
	{ "debug-query", 0, 0, 0, false, "dyndbg: %1",
	  "Dynamic debugging does not understand the parameter dyndbg=. Linux loads the module all the same.",
	  "To switch all messages of the module on: dyndbg=+p" },
	{ "after-dashes", 0, 0, 0, false,
	  "%1: parameters '%2' after `--' ignored",
	  "What comes after \"--\" is not for the module.",
	  "Take the \"--\" out." },
	{ "parameter-value", 0, 0, 0, false, NULL, "%1 = %2", NULL },
	{}
};

/* One run through the words. */
struct run {
	struct attempt *attempt;
	struct parameters parameters;
	const char *name;
	bool has_more_words;
	bool is_failed;
};

/* One word: the parameter and its value. */
struct word {
	struct run *run;
	const struct parameter *parameter;
	struct setter setter;
	char *value;
	const char *result;
};

/* The kernel's isspace(), in which a no-break space of Latin-1 is one too. */
static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || (unsigned char)c == 0xa0;
}

static char *skip_spaces(char *text)
{
	while (is_space(*text))
		text++;
	return text;
}

/* Return the end of the first word; set @equals to the first '=' after its start. */
static size_t find_end(const char *text, bool in_quote, size_t *equals)
{
	size_t i;

	*equals = 0;
	for (i = 0; text[i]; i++) {
		if (is_space(text[i]) && !in_quote)
			break;
		if (!*equals && text[i] == '=')
			*equals = i;
		if (text[i] == '"')
			in_quote = !in_quote;
	}
	return i;
}

/* next_arg(): cut off one word, and return the rest. */
static char *next_word(char *text, char **name, char **value)
{
	bool is_quoted = *text == '"';
	size_t equals;
	size_t end;

	text += is_quoted;
	end = find_end(text, is_quoted, &equals);
	*name = text;
	*value = NULL;
	if (equals) {
		text[equals] = '\0';
		*value = text + equals + 1;
		if (**value == '"') {
			++*value;
			if (text[end - 1] == '"')
				text[end - 1] = '\0';
		}
	}
	if (is_quoted && end > 0 && text[end - 1] == '"')
		text[end - 1] = '\0';
	text += end;
	if (*text)
		*text++ = '\0';
	return skip_spaces(text);
}

static bool is_hex_digit(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') ||
	       (c >= 'A' && c <= 'F');
}

/* Return the value of a digit, or a number that no base has. */
static unsigned int digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return is_hex_digit(c) ? (c | 0x20) - 'a' + 10 : 99;
}

/* _kstrtoull() with base 0 */
static int parse_digits(const char *text, __u64 *number)
{
	unsigned int base = text[0] == '0' ? 8 : 10;
	bool has_overflow = false;
	bool has_digits = false;

	if (text[0] == '0' && (text[1] | 0x20) == 'x' && is_hex_digit(text[2])) {
		base = 16;
		text += 2;
	}
	for (*number = 0; digit_value(*text) < base; text++) {
		has_overflow |= *number > (~0ULL - digit_value(*text)) / base;
		*number = *number * base + digit_value(*text);
		has_digits = true;
	}
	if (has_overflow)
		return ERANGE;
	text += has_digits && *text == '\n';
	return has_digits && !*text ? 0 : EINVAL;
}

/* kstrtoull() and those that are made of it */
static int parse_unsigned(const char *text, unsigned int bits, __u64 *number)
{
	int error = parse_digits(text + (*text == '+'), number);

	if (!error && bits < 64 && *number >> bits)
		return ERANGE;
	return error;
}

/* kstrtoll() and those that are made of it */
static int parse_signed(const char *text, unsigned int bits, __s64 *number)
{
	bool is_negative = *text == '-';
	__u64 limit = (1ULL << (bits - 1)) - !is_negative;
	__u64 digits;
	int error;

	error = parse_digits(text + (*text == '-' || *text == '+'), &digits);
	if (error)
		return error;
	if (digits > limit)
		return ERANGE;
	*number = (__s64)(is_negative ? 0 - digits : digits);
	return 0;
}

/* kstrtobool(), which takes "enabled" and "disabled" since Linux 6.14 */
static int parse_bool(const char *text, bool has_more_words, bool *result)
{
	char first = *text | 0x20;
	char second = first == 'o' ? text[1] | 0x20 : '\0';

	*result = first == 'y' || first == 't' || *text == '1' || second == 'n' ||
		  (has_more_words && first == 'e');
	if (*result || first == 'n' || first == 'f' || *text == '0' ||
	    second == 'f' || (has_more_words && first == 'd'))
		return 0;
	return EINVAL;
}

/* Set a parameter, or one element of an array, that is a number or a bool. */
static int set_number(struct word *word, const struct value_type *type,
		      const char *value)
{
	struct attempt *attempt = word->run->attempt;
	__u64 number = 0;
	__s64 negative = 0;
	bool flag;
	int error;

	if (type->kind == VALUE_SIGNED) {
		error = parse_signed(value, type->bits, &negative);
		word->result = attempt_print(attempt, "%lld",
					     (long long)negative);
	} else if (type->kind == VALUE_UNSIGNED) {
		error = parse_unsigned(value, type->bits, &number);
		word->result = attempt_print(attempt, "%llu",
					     (unsigned long long)number);
	} else {
		error = parse_bool(value, word->run->has_more_words, &flag);
		flag ^= type->kind == VALUE_INVERTED;
		if (type->bits == 32)
			word->result = flag ? "1" : "0";
		else
			word->result = flag ? "Y" : "N";
	}
	return error;
}

/* Set a parameter that is not an array, or an element of one. */
static int set_one(struct word *word, const struct value_type *type,
		   const char *value)
{
	struct attempt *attempt = word->run->attempt;
	size_t length = strlen(value);

	switch (type->kind) {
	case VALUE_OWN:
	case VALUE_ARRAY:
		unsure(attempt,
		       "Whether '%.200s' is a value for the parameter %.60s: its own function%s%.60s decides, which is code of the module.",
		       value, word->parameter->name,
		       word->setter.function ? " " : "",
		       word->setter.function ? word->setter.function : "");
		return 0;
	case VALUE_POINTER:
		if (length > TEXT_LIMIT) {
			refuse(attempt, "text-too-long", word->parameter->name,
			       NULL);
			return ENOSPC;
		}
		word->result = value;
		return 0;
	case VALUE_COPY:
		if (length >= word->setter.limit) {
			refuse(attempt, "text-does-not-fit",
			       word->parameter->name,
			       attempt_print(attempt, "%u",
					     word->setter.limit - 1), NULL);
			return ENOSPC;
		}
		word->result = value;
		return 0;
	default:
		return set_number(word, type, value);
	}
}

/* param_array(), which leaves a NUL in the place of each comma */
static int set_array(struct word *word)
{
	struct attempt *attempt = word->run->attempt;
	struct arena *arena = &attempt->arena;
	char *list = arena_alloc(arena, 24 * (strlen(word->value) + 1));
	char *value = word->value;
	char *end = list;
	__u32 nr = 0;
	char save;

	do {
		size_t length = strcspn(value, ",");
		int error;

		if (nr++ == word->setter.limit) {
			refuse(attempt, "array-too-long", word->parameter->name,
			       attempt_print(attempt, "%d",
					     (int)word->setter.limit), NULL);
			return EINVAL;
		}
		save = value[length];
		value[length] = '\0';
		word->result = NULL;
		error = set_one(word, word->setter.elements, value);
		if (error)
			return error;
		if (word->result)
			end = stpcpy(stpcpy(end, nr > 1 ? "," : ""),
				     word->result);
		value += length + 1;
	} while (save == ',');
	word->result = word->result ? list : NULL;
	return 0;
}

/* Say which values the parameter takes. */
static const char *what_it_takes(const struct word *word)
{
	const struct setter *setter = &word->setter;

	if (setter->type->kind != VALUE_ARRAY || !setter->elements)
		return setter->type->takes;
	return attempt_print(word->run->attempt,
			     "at most %u values with commas and no spaces between them, each of them %s",
			     setter->limit, setter->elements->takes);
}

/* What parse_args() logs for the errno of a set function. */
static void report_error(const struct word *word, const char *name, int error)
{
	struct attempt *attempt = word->run->attempt;
	const char *module = word->run->name;

	word->run->is_failed = true;
	if (!word->value)
		refuse(attempt, "parameter-no-value", module, name,
		       what_it_takes(word), NULL);
	else if (error == ENOSPC)
		refuse(attempt, "parameter-too-large", module, word->value,
		       name, NULL);
	else if (error == EPERM)
		refuse(attempt, "parameter-forbidden", module, word->value, name,
		       NULL);
	else
		refuse(attempt, error == ERANGE ? "parameter-range" :
		       "parameter-invalid", module, word->value, name,
		       what_it_takes(word), attempt->object->path, NULL);
}

/* param_check_unsafe(): return false if lockdown forbids the parameter. */
static bool check_unsafe(const struct word *word)
{
	struct attempt *attempt = word->run->attempt;
	const struct parameter *parameter = word->parameter;
	enum fact lockdown = FACT_NO;

	if (parameter->is_hardware)
		lockdown = is_locked_down(attempt);
	if (lockdown == FACT_YES) {
		refuse(attempt, "parameter-locked", "insmod", parameter->name,
		       NULL);
		return false;
	}
	if (lockdown == FACT_UNKNOWN)
		unsure(attempt,
		       "Whether lockdown allows to set the hardware parameter %.60s: see /sys/kernel/security/lockdown of the kernel that is to load it.",
		       parameter->name);
	if (parameter->is_unsafe)
		remark(attempt, "unsafe-parameter", parameter->name, NULL);
	return true;
}

/* parse_one(), for a parameter that the module has */
static void set_parameter(struct run *run, struct parameter *parameter,
			  const char *name, char *value)
{
	struct word word = { .run = run, .parameter = parameter, .value = value };
	char set[] = "1";
	int error;

	parameters_setter(&run->parameters, parameter, &word.setter);
	if (!value && !word.setter.is_optional) {
		report_error(&word, name, EINVAL);
		return;
	}
	if (!value)
		value = set;
	if (!check_unsafe(&word))
		error = EPERM;
	else if (word.setter.type->kind == VALUE_ARRAY)
		error = set_array(&word);
	else
		error = set_one(&word, word.setter.type, value);
	if (error)
		report_error(&word, name, error);
	else
		parameter->value = word.result;
}

/* Return the names of the parameters, in one line. */
static const char *name_all(const struct run *run)
{
	const struct parameters *parameters = &run->parameters;
	const char *text = NULL;
	unsigned int nr = 0;
	unsigned int i;

	for (i = 0; i < parameters->nr && nr < NAMED_LIMIT; i++) {
		const char *name = parameters->list[i].name;

		if (!name)
			continue;
		text = attempt_print(run->attempt, "%s%s%.40s", text ? text : "",
				     text ? ", " : "", name);
		nr++;
	}
	if (i < parameters->nr)
		text = attempt_print(run->attempt, "%s and %u more", text,
				     parameters->nr - i);
	return text ? text : not_known;
}

/* Return the parameter that has nearly this name. */
static const char *find_similar(const struct run *run, const char *name)
{
	const char *dot = strchr(name, '.');
	unsigned int i;

	if (dot)
		name = dot + 1;
	for (i = 0; i < run->parameters.nr; i++) {
		const char *other = run->parameters.list[i].name;

		if (other && !strcasecmp(other, name))
			return other;
	}
	return not_known;
}

/* unknown_module_param_cb() */
static void report_unknown(struct run *run, const char *name, char *value)
{
	struct attempt *attempt = run->attempt;
	enum fact has_debug = kernel_config(attempt->kernel,
					    "DYNAMIC_DEBUG_CORE");
	const char *dot = strchr(name, '.');
	const char *logged = name;

	if (!strcmp(name, "async_probe"))
		return;
	if (!strcmp(name, "dyndbg")) {
		if (has_debug == FACT_NO)
			remark(attempt, "debug-parameter", NULL);
		else if (has_debug == FACT_YES && value)
			check_dyndbg(attempt, value);
		return;
	}
	if (dot && !strcmp(dot + 1, "dyndbg") && has_debug == FACT_YES) {
		if (value)
			check_dyndbg(attempt, value);
		return;
	}
	/* Dynamic debugging cuts the name off at the dot. */
	if (dot && has_debug == FACT_YES)
		logged = arena_copy(&attempt->arena, name, (size_t)(dot - name));
	else if (dot && has_debug == FACT_UNKNOWN)
		logged = not_known;
	remark(attempt, "unknown-parameter", run->name, logged,
	       dot ? name : not_known, find_similar(run, name), name_all(run),
	       attempt->object->path, NULL);
}

/* parse_args() */
static void parse_words(struct run *run, char *text)
{
	struct parameter *parameter;
	char *value;
	char *name;

	text = skip_spaces(text);
	while (*text) {
		text = next_word(text, &name, &value);
		if (!value && !strcmp(name, "--")) {
			if (!run->is_failed)
				remark(run->attempt, "after-dashes", run->name,
				       text, NULL);
			return;
		}
		parameter = parameters_find(&run->parameters, name);
		if (parameter)
			set_parameter(run, parameter, name, value);
		else
			report_unknown(run, name, value);
	}
}

static void parse(struct attempt *attempt, bool has_more_words)
{
	struct run run = {
		.attempt = attempt,
		.name = attempt_name(attempt),
		.has_more_words = has_more_words,
	};
	const char *text = attempt->parameters ? attempt->parameters : "";
	unsigned int i;

	if (!*text)
		return;
	parameters_read(&attempt->arena, attempt->object, &run.parameters);
	parse_words(&run, arena_copy(&attempt->arena, text, strlen(text)));
	for (i = 0; i < run.parameters.nr && !run.is_failed; i++)
		if (run.parameters.list[i].value)
			remark(attempt, "parameter-value",
			       run.parameters.list[i].name,
			       run.parameters.list[i].value, NULL);
}

/**
 * check_parameters_early() - Set the parameters as Linux does before 6.14.
 * @attempt: the attempt
 */
void check_parameters_early(struct attempt *attempt)
{
	parse(attempt, false);
}

/**
 * check_parameters() - Set the parameters as Linux does since 6.14.
 * @attempt: the attempt
 */
void check_parameters(struct attempt *attempt)
{
	parse(attempt, true);
}
