// SPDX-License-Identifier: GPL-2.0
/*
 * Provided - what the modules export that were loaded before, or refused
 */

#include <string.h>

#include "provided.h"

/* Return true if the attempt found that the module inherits a taint. */
static bool inherits_taint(const struct attempt *attempt)
{
	const struct finding *finding = attempt->findings;

	for (; finding; finding = finding->next)
		if (finding->message &&
		    !strcmp(finding->message->name, "inherits-taint"))
			return true;
	return false;
}

/**
 * module_is_proprietary() - Return true if Linux takes a module for proprietary.
 * @attempt: the attempt
 *
 * Two modules are taken for it by their names, whatever their licence says.
 */
bool module_is_proprietary(const struct attempt *attempt)
{
	const char *name = attempt_name(attempt);

	return !object_is_gpl(attempt->object) || !strcmp(name, "driverloader") ||
	       !strcmp(name, "lve");
}

/* Remember which lines were logged that are logged only once. */
static void add_said(struct provided *provided, const struct attempt *attempt)
{
	const struct finding *finding = attempt->findings;

	for (; finding && finding->kind != FINDING_REFUSED; finding = finding->next)
		if (finding->message && finding->message->is_once)
			names_add(&provided->arena, &provided->said,
				  finding->message->name, finding->message);
}

static const char *copy(struct arena *arena, const char *text)
{
	return text ? arena_copy(arena, text, strlen(text)) : NULL;
}

/**
 * provided_add() - Add what a module exports.
 * @provided: the table, which copies all that it needs
 * @attempt: the attempt, which was run
 */
void provided_add(struct provided *provided, const struct attempt *attempt)
{
	const struct object *object = attempt->object;
	struct arena *arena = &provided->arena;
	struct provider *by = arena_alloc(arena, sizeof(*by));
	struct names *names;
	unsigned int i;

	add_said(provided, attempt);
	by->name = copy(arena, attempt_name(attempt));
	by->path = copy(arena, object->path);
	by->is_loaded = !attempt_error(attempt);
	by->is_proprietary = module_is_proprietary(attempt) ||
			     inherits_taint(attempt);
	if (by->is_loaded)
		names_add(arena, &provided->modules, by->name, by);
	names = by->is_loaded ? &provided->loaded : &provided->refused;
	for (i = 0; i < object->nr_exports; i++) {
		struct provided_export *export = arena_alloc(arena,
							     sizeof(*export));

		export->symbol = object->exports[i];
		export->symbol.name = copy(arena, export->symbol.name);
		export->symbol.space = copy(arena, export->symbol.space);
		export->by = by;
		names_add(arena, names, export->symbol.name, export);
	}
}

/**
 * provided_free() - Empty a table.
 * @provided: the table
 */
void provided_free(struct provided *provided)
{
	struct arena arena = provided->arena;

	*provided = (struct provided){};
	arena_free(&arena);
}

/**
 * provided_find() - Find a symbol that a module exports that is loaded.
 * @provided: the table; may be NULL
 * @name: the symbol
 *
 * Return: the export, or NULL if there is none.
 */
const struct provided_export *provided_find(const struct provided *provided,
					    const char *name)
{
	return provided ? names_find(&provided->loaded, name) : NULL;
}

/**
 * provided_find_refused() - Find a symbol that a module exports that is refused.
 * @provided: the table; may be NULL
 * @name: the symbol
 *
 * Return: the export, or NULL if there is none.
 */
const struct provided_export *
provided_find_refused(const struct provided *provided, const char *name)
{
	return provided ? names_find(&provided->refused, name) : NULL;
}

/**
 * provided_find_module() - Find a module that was loaded before.
 * @provided: the table; may be NULL
 * @name: the name of the module
 *
 * Return: the module, or NULL if none of this name was loaded.
 */
const struct provider *provided_find_module(const struct provided *provided,
					    const char *name)
{
	return provided ? names_find(&provided->modules, name) : NULL;
}

/**
 * provided_has_said() - Return true if Linux has logged a line that it logs once.
 * @provided: the table; may be NULL
 * @message: the name of the message
 */
bool provided_has_said(const struct provided *provided, const char *message)
{
	return provided && names_find(&provided->said, message);
}
