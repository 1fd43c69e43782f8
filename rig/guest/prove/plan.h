/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Plan - what is known about a module before it is proved
 *
 * A plan is a file with a line "key value" for each of these.  The plans of the
 * modules that a module needs are in the same directory.
 */
#ifndef PROVE_PLAN_H
#define PROVE_PLAN_H

#include <stddef.h>

/* A list of strings that ends with a null pointer, as execve() takes it. */
struct names {
	char **list;
	size_t count;
};

#define PLAN_MAX_IOCTLS	256

/* The number of an ioctl, and of the bytes that its argument points to. */
struct plan_ioctl {
	unsigned long request;
	size_t size;
};

/*
 * @name: the module's name, as the kernel spells it
 * @file: the path of the .ko
 * @parameters: as on insmod's command line
 * @use: a command to run while the module is loaded, or a null pointer
 * @needs: modules to load first, in loading order
 * @modprobe: modules of the kernel to load before those
 * @loads: the number of times to load the module again
 * @seconds: for how long to make calls, or to load the module; or 0
 * @seed: the seed of the random numbers
 * @ioctl: the ioctls that the module has, and @ioctls their number
 * @texts: what the module may accept by a write
 */
struct plan {
	const char *name;
	const char *file;
	const char *parameters;
	const char *use;
	struct names needs;
	struct names modprobe;
	int loads;
	int seconds;
	unsigned long seed;
	struct plan_ioctl ioctl[PLAN_MAX_IOCTLS];
	size_t ioctls;
	struct names texts;
};

void names_add(struct names *names, const char *name);
const char *plan_read(struct plan *plan, const char *dir, const char *name);

#endif
