/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Options - what the user typed
 */

#ifndef _WHY_OPTIONS_H
#define _WHY_OPTIONS_H

#include <stdbool.h>

#include "arena.h"

/* The most kernels of one run. */
#define KERNELS_LIMIT	64

/* What the user asks for. */
enum question {
	QUESTION_LOAD,
	QUESTION_UNLOAD,
	QUESTION_LOG,
	QUESTION_LIST,
	QUESTION_HELP,
};

/**
 * struct option_file - the file of a module, and its parameters
 * @path: the file
 * @parameters: the words after it, with a space between each two; "" if none
 * @length: how many bytes @parameters has
 * @room: for how many bytes it has room
 */
struct option_file {
	const char *path;
	char *parameters;
	size_t length;
	size_t room;
};

/**
 * struct options - what the user typed
 * @arena: what the strings are in
 * @question: what the user asks for
 * @subject: the module of QUESTION_UNLOAD, or the list of QUESTION_LIST
 * @kernels: the kernels; "" for the running one
 * @nr_kernels: entries in @kernels, at least 1 unless @is_all is set
 * @files: the files of modules
 * @nr_files: entries in @files
 * @files_room: for how many files there is room
 * @loaded: the file that says what is loaded; NULL if none
 * @cmdline: the words of the kernel's command line; NULL if not given
 * @flags: the flags of finit_module(2)
 * @is_all: whether a table of all kernels is asked for
 * @is_json: whether JSON is asked for
 */
struct options {
	struct arena arena;
	enum question question;
	const char *subject;
	const char *kernels[KERNELS_LIMIT];
	unsigned int nr_kernels;
	struct option_file *files;
	unsigned int nr_files;
	unsigned int files_room;
	const char *loaded;
	const char *cmdline;
	unsigned int flags;
	bool is_all;
	bool is_json;
};

extern const char usage[];

void options_parse(struct options *options, int argc, char **argv);
void options_add_all_kernels(struct options *options);

#endif
