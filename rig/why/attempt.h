/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Attempt - one load of one module, and what the checks found
 *
 * A check reports what it finds with refuse(), remark() and unsure(), and names
 * a message for it.  All that is said to the user, and all that is understood
 * of a log, is in the tables of messages.
 */

#ifndef _WHY_ATTEMPT_H
#define _WHY_ATTEMPT_H

#include "kernel.h"
#include "object.h"

/* How many arguments a message can have. */
#define MESSAGE_ARGS	9

/* An argument of refuse() that is not known. */
extern const char *const not_known;

/**
 * struct message - one thing that the kernel finds about a module
 * @name: what it is called in reports and in the tables, as "vermagic"; several
 *	rows in succession have the same name if versions of Linux have different
 *	lines for it
 * @since: the first version of Linux with this line; 0 for any
 * @before: the first version without it again; 0 for none
 * @error: the errno, positive; 0 if the module is loaded all the same
 * @is_once: whether Linux prints @line only once after it has booted
 * @line: the line of the log, with %1 to %9 for the arguments; NULL if there is
 *	none
 * @why: what it means, as sentences with %1 to %9; a line of it that has an
 *	argument that is not known is left out
 * @todo: what to do or to type, in the same form; NULL if nothing is to be done
 */
struct message {
	const char *name;
	unsigned int since;
	unsigned int before;
	int error;
	bool is_once;
	const char *line;
	const char *why;
	const char *todo;
};

/* The messages of each file with checks; each ends with an empty row. */
extern const struct message messages_file[];
extern const struct message messages_signature[];
extern const struct message messages_elf[];
extern const struct message messages_identity[];
extern const struct message messages_taint[];
extern const struct message messages_symbols[];
extern const struct message messages_relocations[];
extern const struct message messages_late[];
extern const struct message messages_parameters[];
extern const struct message messages_sysfs[];
extern const struct message messages_tools[];

/* What kind of finding it is; see refuse(), remark() and unsure(). */
enum finding_kind { FINDING_REFUSED, FINDING_REMARK, FINDING_UNSURE };

/**
 * struct finding - what a check found
 * @next: the next one, in the kernel's order
 * @kind: what kind of finding it is
 * @check: the index of the check in the table of checks
 * @message: the row with the words; NULL if @kind is FINDING_UNSURE
 * @error: the errno, positive; 0 if the kernel goes on
 * @args: %1 to %9; NULL for those that are not known
 * @text: for FINDING_UNSURE, what is not known
 * @is_told: whether a report has told the user about it
 * @is_first: whether it is the first with its message that a report has told
 */
struct finding {
	struct finding *next;
	enum finding_kind kind;
	unsigned int check;
	const struct message *message;
	int error;
	const char *args[MESSAGE_ARGS];
	const char *text;
	bool is_told;
	bool is_first;
};

/**
 * struct state - the state of the kernel at the time of the load
 * @knows_loaded: whether @loaded is known
 * @nr_loaded: entries in @loaded
 * @loaded: names of the loaded modules, with "_"
 * @loaded_taints: the taints of each, as "POE" in /proc/modules; "" if none
 * @cmdline: the kernel's command line; NULL if unknown
 * @sig_enforce: module.sig_enforce, as far as it was set at boot
 * @lockdown: whether lockdown restricts the loading of modules
 * @is_disabled: kernel.modules_disabled
 * @has_enrolled: whether the firmware has given the kernel keys; FACT_NO if it
 *	cannot have any
 * @enrolled: the certificates of these keys, in the form of UEFI's variables db
 *	and MokListRT
 * @revoked: those of keys that are not to be used: dbx and MokListXRT
 */
struct state {
	bool knows_loaded;
	unsigned int nr_loaded;
	const char **loaded;
	const char **loaded_taints;
	const char *cmdline;
	enum fact sig_enforce;
	enum fact lockdown;
	bool is_disabled;
	enum fact has_enrolled;
	struct buffer enrolled[2];
	struct buffer revoked[2];
};

struct provided;

/**
 * struct attempt - one load of one module
 * @arena: what the findings are in
 * @kernel: the kernel
 * @state: its state
 * @object: the file
 * @provided: what the attempts before this one export; NULL if there are none
 * @parameters: the string that insmod hands to the kernel: the words of its
 *	command line with a space between each two
 * @flags: the flags of finit_module(2), MODULE_INIT_*
 * @check: the index of the check that runs
 * @is_stopped: whether the file is so wrong that later checks mean nothing
 * @findings: what was found, in the kernel's order
 * @refusal: the first of @findings that refuses the module; NULL if none does
 * @last: the last of @findings
 */
struct attempt {
	struct arena arena;
	const struct kernel *kernel;
	const struct state *state;
	struct object *object;
	const struct provided *provided;
	const char *parameters;
	unsigned int flags;
	unsigned int check;
	bool is_stopped;
	struct finding *findings;
	struct finding *refusal;
	struct finding *last;
};

void attempt_run(struct attempt *attempt);
void attempt_free(struct attempt *attempt);
const struct finding *attempt_refusal(const struct attempt *attempt);
int attempt_error(const struct attempt *attempt);
bool attempt_is_unsure(const struct attempt *attempt);
const char *attempt_name(const struct attempt *attempt);

__sentinel void refuse(struct attempt *attempt, const char *message, ...);
__sentinel void refuse_with(struct attempt *attempt, int error, const char *message, ...);
__sentinel void remark(struct attempt *attempt, const char *message, ...);
__printf(2, 3) void unsure(struct attempt *attempt, const char *format, ...);
__printf(2, 3)
const char *attempt_print(struct attempt *attempt, const char *format, ...);

const struct message *message_find(const char *name, unsigned int version);
const struct message *message_next(const struct message *message);
char *message_fill(struct arena *arena, const char *text,
		   const char *const args[MESSAGE_ARGS]);
char *message_todo(struct arena *arena, const struct message *message,
		   const char *const args[MESSAGE_ARGS]);

#endif
