/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Parameters - what parameters a module has, and what they take
 *
 * They are read from the section __param, which names the functions that set
 * them, rather than from the types in .modinfo, which are for people.
 */

#ifndef _WHY_PARAMETERS_H
#define _WHY_PARAMETERS_H

#include "object.h"

/* How the value of a parameter is read. */
enum value_kind {
	VALUE_OWN,
	VALUE_SIGNED,
	VALUE_UNSIGNED,
	VALUE_BOOL,
	VALUE_INVERTED,
	VALUE_POINTER,
	VALUE_COPY,
	VALUE_ARRAY,
};

/**
 * struct value_type - one of the types that Linux has
 * @name: its name, as in param_ops_NAME and param_set_NAME
 * @kind: how a value is read
 * @bits: the size of a number
 * @is_optional: whether the parameter may be without a value
 * @takes: what it takes, in words
 */
struct value_type {
	const char *name;
	enum value_kind kind;
	unsigned int bits;
	bool is_optional;
	const char *takes;
};

/* Where a relocation points to: into a section, or to an undefined symbol. */
struct target {
	bool is_set;
	unsigned int section;
	__u64 offset;
	const char *symbol;
};

/**
 * struct parameter - one parameter of a module
 * @name: its name; NULL if it cannot be read
 * @is_unsafe: whether setting it taints the kernel
 * @is_hardware: whether lockdown forbids to set it
 * @mode: the permissions of its file in /sys/module; 0 if it has none
 * @ops: where its struct kernel_param_ops is
 * @arg: where its variable is
 * @value: the value that it has been given, in words; NULL if none
 */
struct parameter {
	const char *name;
	bool is_unsafe;
	bool is_hardware;
	__u16 mode;
	struct target ops;
	struct target arg;
	const char *value;
};

/**
 * struct parameters - the parameters of a module
 * @object: the module
 * @nr: entries in @list
 * @list: the parameters, in the kernel's order
 */
struct parameters {
	const struct object *object;
	unsigned int nr;
	struct parameter *list;
};

/**
 * struct setter - how a parameter, or an element of an array, is set
 * @type: its type
 * @function: the module's own function, if its name is known
 * @is_optional: whether the parameter may be without a value
 * @limit: the most elements of an array, or bytes of a text with its NUL
 * @elements: the type of the elements of an array
 */
struct setter {
	const struct value_type *type;
	const char *function;
	bool is_optional;
	__u32 limit;
	const struct value_type *elements;
};

void parameters_read(struct arena *arena, const struct object *object,
		     struct parameters *parameters);
struct parameter *parameters_find(const struct parameters *parameters,
				  const char *name);
void parameters_setter(const struct parameters *parameters,
		       const struct parameter *parameter, struct setter *setter);

#endif
