/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Loader - the open file of a module that is not loaded, and the log from here on
 *
 * The file is inserted with module_insert(), as often as a test needs it.
 */
#ifndef _SELFTESTS_LIB_LOADER_H
#define _SELFTESTS_LIB_LOADER_H

#include <unistd.h>

#include "kmsg.h"
#include "module.h"
#include "task.h"

/* Returns a descriptor of the module's file, or a negative errno. */
static inline int loader_open(const char *module, struct kmsg *log)
{
	int file, err;

	module_unload(module);
	file = module_open(module);
	err = file < 0 ? file : kmsg_open(log);
	return err < 0 ? err : file;
}

static inline void loader_close(int file, const char *module, struct kmsg *log)
{
	module_unload(module);
	close(file);
	kmsg_close(log);
}

static inline int loader_insert_as_nobody(void *arg)
{
	int err = task_become_nobody();

	return err ? err : module_insert(*(int *)arg, "");
}

/* Returns the result of a load by a user without privileges. */
static inline int loader_loads_as_nobody(int file)
{
	return task_run(loader_insert_as_nobody, &file);
}

#endif /* _SELFTESTS_LIB_LOADER_H */
