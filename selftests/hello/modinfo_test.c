// SPDX-License-Identifier: GPL-2.0
/*
 * Modinfo - checks of .modinfo and of the symbols of all modules in this tree
 *
 * The modules are those installed in the directory of hello-1.ko and below it.
 */
#include <fts.h>
#include <kselftest_harness.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "lib/elf_module.h"
#include "lib/module.h"

#define MAX_MODULES	256

struct module_file {
	char *name;
	struct ko ko;
};

static FTS *open_top(void)
{
	char top[2 * PATH_MAX];
	char * const roots[] = { top, NULL };
	struct module_paths found;

	if (module_find("hello-1", &found))
		return NULL;

	module_path(top, sizeof(top), found.path[0]);
	*strrchr(top, '/') = '\0';
	return fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
}

static bool is_module(const FTSENT *entry)
{
	const char *end = strstr(entry->fts_name, ".ko");

	return entry->fts_info == FTS_F && end &&
	       (!strcmp(end, ".ko") || module_unpacker(end));
}

static int map_path(struct ko *ko, const char *path)
{
	int fd = module_file_open(path);
	int err = fd < 0 ? fd : ko_map(ko, fd);

	close(fd);
	return err;
}

/* Maps the files of all modules.  Returns their number or a negative errno. */
static int map_all(struct module_file *files, int max)
{
	FTS *tree = open_top();
	FTSENT *entry;
	int nr = 0;
	int err = 0;

	if (!tree)
		return -ENOENT;

	while (!err && nr < max && (entry = fts_read(tree))) {
		if (!is_module(entry))
			continue;
		files[nr].name = strdup(entry->fts_name);
		err = map_path(&files[nr++].ko, entry->fts_accpath);
	}
	fts_close(tree);
	return err ? err : nr;
}

FIXTURE(every_module)
{
	struct module_file files[MAX_MODULES];
	int nr;
};

FIXTURE_SETUP(every_module)
{
	self->nr = map_all(self->files, MAX_MODULES);
	ASSERT_LT(1, self->nr);
	ASSERT_GT(MAX_MODULES, self->nr);
}

FIXTURE_TEARDOWN(every_module)
{
	while (self->nr-- > 0) {
		ko_unmap(&self->files[self->nr].ko);
		free(self->files[self->nr].name);
	}
}

/* STARTSTOP-2 */
TEST_F(every_module, has_one_license)
{
	int i;

	for (i = 0; i < self->nr; i++) {
		EXPECT_EQ(1, ko_count_tag(&self->files[i].ko, "license"))
			TH_LOG("in %s", self->files[i].name);
	}
}

/* HELLO1-2 */
TEST_F(every_module, has_one_description)
{
	int i;

	for (i = 0; i < self->nr; i++) {
		EXPECT_EQ(1, ko_count_tag(&self->files[i].ko, "description"))
			TH_LOG("in %s", self->files[i].name);
	}
}

/*
 * HELLO1-1, STARTSTOP-1: objtool rejects functions whose own name is
 * init_module() or cleanup_module().
 */
TEST_F(every_module, names_its_entry_and_exit_itself)
{
	static const char * const points[] = { "init_module", "cleanup_module" };
	const struct ko *ko;
	int i;

	for (i = 0; i < 2 * self->nr; i++) {
		ko = &self->files[i / 2].ko;
		if (!ko_symbol(ko, points[i % 2]))
			continue;
		EXPECT_TRUE(ko_is_alias(ko, points[i % 2]))
			TH_LOG("%s in %s", points[i % 2],
			       self->files[i / 2].name);
	}
}

static bool is_file_of(const struct module_file *file, const char *name)
{
	return module_is_named(file->name, name, ".ko");
}

/*
 * Returns the name of a module that @file depends on, if @files has that module
 * and it is not vinput.  Returns NULL if there is no such module.
 */
static const char *needed_module(const struct module_file *files, int nr,
				 const struct module_file *file)
{
	static char list[PATH_MAX];
	const char *name;
	int i;

	snprintf(list, sizeof(list), "%s", ko_tag(&file->ko, "depends", 0));
	for (name = strtok(list, ","); name; name = strtok(NULL, ",")) {
		for (i = 0; i < nr; i++) {
			if (strcmp(name, "vinput") && is_file_of(&files[i], name))
				return name;
		}
	}
	return NULL;
}

/*
 * A user can load each module by insmod, from one file.  Exceptions are the
 * modules that need vinput, and the KUnit suites, which need the module that
 * they test.
 */
TEST_F(every_module, needs_no_other_module_but_vinput)
{
	const char *needed;
	int i;

	for (i = 0; i < self->nr; i++) {
		if (strstr(self->files[i].name, "_kunit.ko"))
			continue;
		needed = needed_module(self->files, self->nr, &self->files[i]);
		EXPECT_EQ(NULL, needed)
			TH_LOG("%s needs %s", self->files[i].name, needed);
	}
}

TEST_HARNESS_MAIN
