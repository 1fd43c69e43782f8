// SPDX-License-Identifier: GPL-2.0
/*
 * Parameters - what parameters a module has, and what they take
 */

#include <string.h>

#include "parameters.h"

/* struct kernel_param; include/linux/moduleparam.h. */
#define PARAM_SIZE	40
#define PARAM_NAME	0
#define PARAM_OPS	16
#define PARAM_MODE	24
#define PARAM_FLAGS	27
#define PARAM_ARG	32

#define FLAG_UNSAFE	0x01
#define FLAG_HARDWARE	0x02

/* struct kernel_param_ops */
#define OPS_FLAGS	0
#define OPS_SET		8
#define OPS_FLAG_NOARG	0x01

/* struct kparam_array, and struct kparam_string begins in the same way */
#define ARRAY_MAX	0
#define ARRAY_OPS	16

/* More parameters than this are not read. */
#define PARAMETERS_LIMIT	65536

static const struct value_type own_type = {
	"own", VALUE_OWN, 0, true, "what the module's own function takes"
};

static const struct value_type types[] = {
	{ "byte", VALUE_UNSIGNED, 8, false, "a number from 0 to 255" },
	{ "short", VALUE_SIGNED, 16, false, "a number from -32768 to 32767" },
	{ "ushort", VALUE_UNSIGNED, 16, false, "a number from 0 to 65535" },
	{ "int", VALUE_SIGNED, 32, false,
	  "a number from -2147483648 to 2147483647" },
	{ "uint", VALUE_UNSIGNED, 32, false, "a number from 0 to 4294967295" },
	{ "hexint", VALUE_UNSIGNED, 32, false, "a number from 0 to 0xffffffff" },
	{ "long", VALUE_SIGNED, 64, false,
	  "a number from -9223372036854775808 to 9223372036854775807" },
	{ "ulong", VALUE_UNSIGNED, 64, false,
	  "a number from 0 to 18446744073709551615" },
	{ "ullong", VALUE_UNSIGNED, 64, false,
	  "a number from 0 to 18446744073709551615" },
	{ "bool", VALUE_BOOL, 1, true, "y or n, 1 or 0, on or off" },
	{ "bint", VALUE_BOOL, 32, true, "y or n, 1 or 0, on or off" },
	{ "invbool", VALUE_INVERTED, 1, false, "y or n, 1 or 0, on or off" },
	{ "charp", VALUE_POINTER, 0, false, "text" },
	{ "string", VALUE_COPY, 0, false, "text" },
	{ "copystring", VALUE_COPY, 0, false, "text" },
	{ "array", VALUE_ARRAY, 0, false, "values with commas between them" },
};

static struct target target_of(const struct object *object,
			       const struct elf64_rela *rela)
{
	__u64 index = ELF64_R_SYM(rela->r_info);
	struct target target = { .is_set = true };
	const struct object_symbol *symbol;

	if (index >= object->nr_symbols)
		return (struct target){};
	symbol = &object->symbols[index];
	target.symbol = symbol->name;
	target.section = symbol->raw.st_shndx;
	target.offset = symbol->raw.st_value + (__u64)rela->r_addend;
	return target;
}

/* Find where a pointer in a section points to. */
static struct target follow(const struct object *object, unsigned int section,
			    __u64 offset)
{
	unsigned int index = object_find_relocations(object, section);
	struct elf64_rela rela;
	__u64 i;

	for (i = 0; object_relocation(object, index, i, &rela); i++)
		if (rela.r_offset == offset)
			return target_of(object, &rela);
	return (struct target){};
}

/**
 * parameters_read() - Read the parameters of a module.
 * @arena: what they are allocated in
 * @object: the module
 * @parameters: set to the parameters
 */
void parameters_read(struct arena *arena, const struct object *object,
		     struct parameters *parameters)
{
	unsigned int section = object_find_loaded(object, "__param");
	struct buffer table = object_section(object, section);
	unsigned int index = object_find_relocations(object, section);
	struct elf64_rela rela;
	__u64 i;

	parameters->object = object;
	if (table.size / PARAM_SIZE > PARAMETERS_LIMIT)
		return;
	parameters->nr = (unsigned int)(table.size / PARAM_SIZE);
	parameters->list = arena_alloc(arena, parameters->nr *
				       sizeof(parameters->list[0]));
	for (i = 0; i < parameters->nr; i++) {
		__u16 mode = 0;
		__u8 flags = 0;

		buffer_read(table, i * PARAM_SIZE + PARAM_MODE, &mode, 2);
		parameters->list[i].mode = mode;
		buffer_read(table, i * PARAM_SIZE + PARAM_FLAGS, &flags, 1);
		parameters->list[i].is_unsafe = flags & FLAG_UNSAFE;
		parameters->list[i].is_hardware = flags & FLAG_HARDWARE;
	}
	for (i = 0; object_relocation(object, index, i, &rela); i++) {
		struct target target = target_of(object, &rela);
		struct parameter *parameter;

		if (rela.r_offset / PARAM_SIZE >= parameters->nr)
			continue;
		parameter = &parameters->list[rela.r_offset / PARAM_SIZE];
		if (rela.r_offset % PARAM_SIZE == PARAM_NAME)
			parameter->name =
				buffer_string(object_section(object, target.section),
					      target.offset);
		if (rela.r_offset % PARAM_SIZE == PARAM_OPS)
			parameter->ops = target;
		if (rela.r_offset % PARAM_SIZE == PARAM_ARG)
			parameter->arg = target;
	}
}

/* parameq(): '-' and '_' are equal. */
static bool is_equal(const char *a, const char *b)
{
	for (;; a++, b++) {
		char left = *a == '-' ? '_' : *a;
		char right = *b == '-' ? '_' : *b;

		if (left != right)
			return false;
		if (!left)
			return true;
	}
}

/**
 * parameters_find() - Find the parameter of a name, as parse_one() does.
 * @parameters: the parameters
 * @name: the name, in which '-' and '_' are equal
 *
 * Return: the first parameter of this name, or NULL if there is none.
 */
struct parameter *parameters_find(const struct parameters *parameters,
				  const char *name)
{
	unsigned int i;

	for (i = 0; i < parameters->nr; i++)
		if (parameters->list[i].name &&
		    is_equal(name, parameters->list[i].name))
			return &parameters->list[i];
	return NULL;
}

static const struct value_type *find_type(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(types); i++)
		if (!strcmp(types[i].name, name))
			return &types[i];
	return &own_type;
}

/* Return the type of ops that the kernel exports. */
static const struct value_type *type_of_symbol(const char *symbol)
{
	if (!strcmp(symbol, "param_array_ops"))
		return find_type("array");
	if (!strncmp(symbol, "param_ops_", 10))
		return find_type(symbol + 10);
	return &own_type;
}

/* Return what the function at a place is called, or NULL. */
static const char *function_name(const struct object *object,
				 const struct target *target)
{
	unsigned int i;

	if (*target->symbol)
		return target->symbol;
	for (i = 1; i < object->nr_symbols; i++) {
		const struct object_symbol *symbol = &object->symbols[i];

		if (ELF64_ST_TYPE(symbol->raw.st_info) == STT_FUNC &&
		    symbol->raw.st_shndx == target->section &&
		    symbol->raw.st_value == target->offset)
			return symbol->name;
	}
	return NULL;
}

/* Find out what a struct kernel_param_ops does. */
static void read_ops(const struct object *object, const struct target *ops,
		     struct setter *setter)
{
	struct target set;
	__u32 flags = 0;

	setter->type = &own_type;
	if (!ops->is_set)
		return;
	if (!ops->section) {
		setter->type = type_of_symbol(ops->symbol);
		setter->function = ops->symbol;
		setter->is_optional = setter->type->is_optional;
		return;
	}
	buffer_read(object_section(object, ops->section), ops->offset + OPS_FLAGS,
		    &flags, sizeof(flags));
	setter->is_optional = flags & OPS_FLAG_NOARG;
	set = follow(object, ops->section, ops->offset + OPS_SET);
	if (!set.is_set)
		return;
	setter->function = function_name(object, &set);
	if (!set.section && !strncmp(set.symbol, "param_set_", 10))
		setter->type = find_type(set.symbol + 10);
	/* The function for arrays has no name that modules could use. */
	if (setter->type->kind == VALUE_ARRAY)
		setter->type = &own_type;
}

/**
 * parameters_setter() - Find out how a parameter is set.
 * @parameters: all parameters
 * @parameter: the parameter
 * @setter: set to what is known
 */
void parameters_setter(const struct parameters *parameters,
		       const struct parameter *parameter, struct setter *setter)
{
	const struct object *object = parameters->object;
	const struct target *arg = &parameter->arg;
	struct setter elements = {};
	struct target ops;
	bool is_known;

	*setter = (struct setter){};
	read_ops(object, &parameter->ops, setter);
	if (setter->type->kind != VALUE_ARRAY && setter->type->kind != VALUE_COPY)
		return;
	/* Both begin with the limit. */
	is_known = arg->is_set && arg->section &&
		   buffer_read(object_section(object, arg->section),
			       arg->offset + ARRAY_MAX, &setter->limit,
			       sizeof(setter->limit));
	if (is_known && setter->type->kind == VALUE_ARRAY) {
		ops = follow(object, arg->section, arg->offset + ARRAY_OPS);
		read_ops(object, &ops, &elements);
		setter->elements = elements.type;
		is_known = elements.type->kind < VALUE_COPY;
	}
	if (!is_known)
		setter->type = &own_type;
}
