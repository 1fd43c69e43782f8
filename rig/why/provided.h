/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Provided - what the modules export that were loaded before, or refused
 *
 * One table serves all attempts of a run: after each attempt_run(), the caller
 * adds the attempt to the table that @provided of the next attempts points to.
 */

#ifndef _WHY_PROVIDED_H
#define _WHY_PROVIDED_H

#include "attempt.h"
#include "names.h"

/**
 * struct provider - one module that was tried
 * @name: its name
 * @path: its file
 * @is_loaded: whether Linux takes it
 * @is_proprietary: whether it has the taint of a proprietary module
 */
struct provider {
	const char *name;
	const char *path;
	bool is_loaded;
	bool is_proprietary;
};

/**
 * struct provided_export - one symbol that such a module exports
 * @symbol: the symbol
 * @by: the module
 */
struct provided_export {
	struct object_export symbol;
	const struct provider *by;
};

/**
 * struct provided - all that they export; all zero is an empty table
 * @arena: what the tables are in
 * @loaded: what modules export that are loaded
 * @refused: what modules export that are not
 * @modules: those that are loaded, by their names
 * @said: the names of the messages that Linux has logged once
 */
struct provided {
	struct arena arena;
	struct names loaded;
	struct names refused;
	struct names modules;
	struct names said;
};

bool module_is_proprietary(const struct attempt *attempt);

void provided_add(struct provided *provided, const struct attempt *attempt);
void provided_free(struct provided *provided);

const struct provided_export *provided_find(const struct provided *provided,
					    const char *name);
const struct provided_export *
provided_find_refused(const struct provided *provided, const char *name);
const struct provider *provided_find_module(const struct provided *provided,
					    const char *name);
bool provided_has_said(const struct provided *provided, const char *message);

#endif
