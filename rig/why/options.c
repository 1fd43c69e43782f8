// SPDX-License-Identifier: GPL-2.0
/*
 * Options - what the user typed
 *
 * The words after a file are parameters, as they are for insmod.  So this does not
 * use getopt_long(), which takes "-x" and "--" away from them.
 */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "options.h"
#include "order.h"

const char usage[] =
	"usage: modproof why [OPTION]... FILE|DIR... [PARAMETER=VALUE]...\n"
	"       modproof why --from-log <LOG\n"
	"       modproof why --unload NAME\n"
	"\n"
	"Say whether a kernel loads a module, and if not, why, and what to type.\n"
	"Nothing is loaded.\n"
	"\n"
	"  --kernel KERNEL  instead of the running one: an image, a directory with\n"
	"                   headers or modules, a release, or a name such as stock-6.1;\n"
	"                   several of them for one kernel have a comma between them\n"
	"  --all            a table for all kernels that are here\n"
	"  --loaded FILE    what is loaded: a copy of /proc/modules, or names\n"
	"  --cmdline WORDS  the words of the kernel's command line\n"
	"  --flags N        the flags of finit_module(2): 1 and 2 as modprobe --force,\n"
	"                   4 if the kernel decompresses the file\n"
	"  --json           print JSON\n"
	"  --from-log       explain lines of the kernel's log or of insmod\n"
	"  --unload NAME    say what holds a module of the running kernel\n"
	"  --list WHAT      print all checks or messages: checks, messages\n"
	"\n"
	"The exit status is 0 if all are loaded, 1 if one is refused, 2 if that cannot be\n"
	"told.\n";

enum option {
	OPTION_KERNEL,
	OPTION_ALL,
	OPTION_LOADED,
	OPTION_CMDLINE,
	OPTION_FLAGS,
	OPTION_JSON,
	OPTION_FROM_LOG,
	OPTION_UNLOAD,
	OPTION_LIST,
	OPTION_HELP,
	NR_OPTIONS,
};

static const struct {
	const char *name;
	bool has_value;
} names[NR_OPTIONS] = {
	[OPTION_KERNEL] = { "--kernel", true },
	[OPTION_ALL] = { "--all", false },
	[OPTION_LOADED] = { "--loaded", true },
	[OPTION_CMDLINE] = { "--cmdline", true },
	[OPTION_FLAGS] = { "--flags", true },
	[OPTION_JSON] = { "--json", false },
	[OPTION_FROM_LOG] = { "--from-log", false },
	[OPTION_UNLOAD] = { "--unload", true },
	[OPTION_LIST] = { "--list", true },
	[OPTION_HELP] = { "--help", false },
};

static unsigned int parse_flags(const char *text)
{
	char *end;
	unsigned long flags = strtoul(text, &end, 0);

	if (!*text || *end || flags > ~0U)
		die("--flags \"%s\" is not a number: type 3 for modprobe --force",
		    text);
	return (unsigned int)flags;
}

static void add_kernel(struct options *options, const char *name)
{
	if (options->nr_kernels == KERNELS_LIMIT)
		die("there are more than %u kernels: name fewer", KERNELS_LIMIT);
	options->kernels[options->nr_kernels++] =
		arena_copy(&options->arena, name, strlen(name));
}

/* Add a word to the parameters of the last file, as insmod joins them. */
static void add_parameter(struct options *options, const char *word)
{
	struct option_file *file;
	size_t length = strlen(word);

	if (!options->nr_files)
		die("the parameter \"%s\" is before the file: type the file first, as for insmod",
		    word);
	file = &options->files[options->nr_files - 1];
	if (file->length + length + 2 > file->room) {
		char *old = file->parameters;

		file->room = 2 * (file->length + length + 2);
		file->parameters = arena_alloc(&options->arena, file->room);
		memcpy(file->parameters, old, file->length);
	}
	if (file->length)
		file->parameters[file->length++] = ' ';
	memcpy(file->parameters + file->length, word, length + 1);
	file->length += length;
}

static void add_file(struct options *options, const char *path)
{
	static char none[1];

	if (options->nr_files == options->files_room) {
		struct option_file *old = options->files;

		options->files_room = 2 * options->files_room + 16;
		options->files = arena_alloc(&options->arena, options->files_room *
					     sizeof(*old));
		if (old)
			memcpy(options->files, old,
			       options->nr_files * sizeof(*old));
	}
	options->files[options->nr_files++] =
		(struct option_file){ .path = path, .parameters = none };
}

static void add_directory(struct options *options, const char *path)
{
	const char **paths;
	unsigned int nr = order_directory(&options->arena, path, &paths);
	unsigned int i;

	if (!nr)
		die("%s has no file that ends in .ko: build the module first, or name a .ko file",
		    path);
	for (i = 0; i < nr; i++)
		add_file(options, paths[i]);
}

/*
 * Return true if a word is a file or a directory.  The first word is.  A later
 * one with a "=" is a parameter, and so is a name that no module's file has.
 */
static bool is_path(const struct options *options, const char *word)
{
	struct stat stat_of;

	if (strchr(word, '='))
		return !options->nr_files && !stat(word, &stat_of);
	return !options->nr_files || order_is_module(word) ||
	       (strchr(word, '/') && !stat(word, &stat_of));
}

static void add_word(struct options *options, const char *word)
{
	struct stat stat_of;
	int fd;

	if (!is_path(options, word)) {
		add_parameter(options, word);
		return;
	}
	if (stat(word, &stat_of))
		die("%s: %s: name the file of a module, as ./hello.ko", word,
		    strerror(errno));
	if (S_ISDIR(stat_of.st_mode)) {
		add_directory(options, word);
		return;
	}
	/* Find this out before anything is printed. */
	fd = open(word, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0)
		die("%s: %s: name a file that you can read", word,
		    strerror(errno));
	close(fd);
	add_file(options, word);
}

static void set_option(struct options *options, enum option option,
		       const char *value)
{
	switch (option) {
	case OPTION_KERNEL:
		add_kernel(options, value);
		break;
	case OPTION_ALL:
		options->is_all = true;
		break;
	case OPTION_LOADED:
		options->loaded = value;
		break;
	case OPTION_CMDLINE:
		options->cmdline = value;
		break;
	case OPTION_FLAGS:
		options->flags = parse_flags(value);
		break;
	case OPTION_JSON:
		options->is_json = true;
		break;
	case OPTION_FROM_LOG:
		options->question = QUESTION_LOG;
		break;
	case OPTION_UNLOAD:
		options->question = QUESTION_UNLOAD;
		options->subject = value;
		break;
	case OPTION_LIST:
		options->question = QUESTION_LIST;
		options->subject = value;
		break;
	default:
		options->question = QUESTION_HELP;
		break;
	}
}

/* Take an option and its value; return how many words these are. */
static int take_option(struct options *options, const char *word,
		       const char *next)
{
	size_t length = strcspn(word, "=");
	int i;

	for (i = 0; i < NR_OPTIONS; i++) {
		bool has_value = names[i].has_value;

		if (strncmp(word, names[i].name, length) || names[i].name[length])
			continue;
		if (has_value && word[length])
			next = word + length + 1;
		else if (word[length] || (has_value && !next))
			die("%s: this option has %s value: type \"modproof why --help\"",
			    word, has_value ? "a" : "no");
		set_option(options, i, next);
		return has_value && !word[length] ? 2 : 1;
	}
	die("%s is not an option: type \"modproof why --help\"", word);
}

/* Return true if a word has the form of an option, which a parameter has not. */
static bool is_option(const struct options *options, const char *word)
{
	if (word[0] != '-' || !word[1])
		return false;
	if (!options->nr_files)
		return true;
	return word[1] == '-' && word[2] >= 'a' && word[2] <= 'z';
}

/**
 * options_parse() - Read what the user typed, or exit with an error.
 * @options: set to it; all zero before
 * @argc: how many words there are
 * @argv: the words, which live as long as @options
 */
void options_parse(struct options *options, int argc, char **argv)
{
	bool is_over = false;
	int i = 1;

	while (i < argc) {
		const char *word = argv[i];

		if (!is_over && !options->nr_files && !strcmp(word, "-h")) {
			options->question = QUESTION_HELP;
			i++;
		} else if (!is_over && !strcmp(word, "--")) {
			/* The kernel takes it for the end of the parameters. */
			if (options->nr_files)
				add_parameter(options, word);
			is_over = true;
			i++;
		} else if (!is_over && is_option(options, word)) {
			i += take_option(options, word, argv[i + 1]);
		} else {
			add_word(options, word);
			i++;
		}
	}
	if (options->question == QUESTION_LOAD && !options->nr_files)
		die("no file is named: type \"modproof why FILE.ko\"");
	if (!options->nr_kernels && !options->is_all)
		add_kernel(options, "");
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char * const *)a, *(const char * const *)b);
}

/* Add the kernels that have a directory in @directory. */
static void add_kernels_of(struct options *options, const char *directory)
{
	static const char * const files[] = { "release", "modules.dep" };
	unsigned int first = options->nr_kernels;
	struct dirent *entry;
	DIR *dir = opendir(directory);

	while (dir && (entry = readdir(dir))) {
		bool is_kernel = false;
		struct stat stat_of;
		size_t i;

		for (i = 0; i < ARRAY_SIZE(files); i++)
			is_kernel |= !stat(arena_print(&options->arena, "%s/%s/%s",
						       directory, entry->d_name,
						       files[i]), &stat_of);
		if (entry->d_name[0] != '.' && is_kernel)
			add_kernel(options, entry->d_name);
	}
	if (dir)
		closedir(dir);
	qsort(options->kernels + first, options->nr_kernels - first,
	      sizeof(options->kernels[0]), compare_names);
}

/**
 * options_add_all_kernels() - Add all kernels that are here.
 * @options: the options
 *
 * These are those that are installed, and those of the rig.
 */
void options_add_all_kernels(struct options *options)
{
	const char *kernels = getenv("MODPROOF_KERNELS");

	add_kernels_of(options, "/lib/modules");
	while (kernels && *kernels) {
		size_t length = strcspn(kernels, ":");

		add_kernels_of(options, arena_copy(&options->arena, kernels, length));
		kernels += length;
		kernels += *kernels == ':';
	}
	if (!options->nr_kernels)
		die("no kernel is here: name one with --kernel, as --kernel /boot/vmlinuz");
}
