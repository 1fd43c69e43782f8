// SPDX-License-Identifier: GPL-2.0
/*
 * Kmem cache - a slab cache, and the two objects in it
 */
#include <errno.h>
#include <kselftest_harness.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <syslog.h>
#include <unistd.h>

#include "lib/file.h"
#include "lib/kmsg.h"
#include "lib/module.h"
#include "lib/sysret.h"

#define MODULE		"kmem_cache"
#define CACHE		"my_custom_cache"
#define SLAB		"/sys/kernel/slab/" CACHE
#define PREFIX		"kmem_cache_example: "
#define OBJECT_SIZE	36
#define NR_OBJECTS	2
#define NR_LOADS	20

/* What the module logs about an object.  The address may be any. */
struct object {
	char name[64];
	char address[32];
	int id;
};

static struct object object_parse(const char *line)
{
	struct object object = {};

	if (sscanf(line, PREFIX "Allocated %63s at %31s (id: %d)", object.name,
		   object.address, &object.id) != 3)
		memset(&object, 0, sizeof(object));
	return object;
}

/*
 * The line of the cache in /proc/slabinfo.  slab_find() returns false if there
 * is no such line.
 */
struct slab {
	int active;
	int all;
	int size;
};

static bool slab_find(struct slab *slab)
{
	FILE *slabs = fopen("/proc/slabinfo", "r");
	bool is_found = false;
	char line[512];

	while (slabs && !is_found && fgets(line, sizeof(line), slabs))
		is_found = sscanf(line, CACHE " %d %d %d", &slab->active,
				  &slab->all, &slab->size) == 3;
	if (slabs)
		fclose(slabs);
	return is_found;
}

/* Returns the number in the file @name of the cache in sysfs, or an error. */
static long slab_number(const char *name)
{
	char path[128];
	char text[64];
	long ret;

	snprintf(path, sizeof(path), SLAB "/%s", name);
	ret = file_read(path, text, sizeof(text));
	return ret < 0 ? ret : atol(text);
}

FIXTURE(kmem_cache)
{
	struct kmsg log;
	int file;
};

FIXTURE_SETUP(kmem_cache)
{
	ASSERT_EQ(0, kmsg_open(&self->log));
	self->file = module_open(MODULE);
	ASSERT_LE(0, self->file);
	ASSERT_EQ(0, module_insert(self->file, ""));
}

FIXTURE_TEARDOWN(kmem_cache)
{
	module_unload(MODULE);
	close(self->file);
	kmsg_close(&self->log);
}

/* KMEMCACHE-1 */
TEST_F(kmem_cache, objects_have_names)
{
	struct object first, second;

	EXPECT_STREQ(PREFIX "Initializing module", kmsg_next(&self->log));
	first = object_parse(kmsg_next(&self->log));
	EXPECT_STREQ("obj1", first.name);
	EXPECT_EQ(1, first.id);
	second = object_parse(kmsg_next(&self->log));
	EXPECT_STREQ("obj2", second.name);
	EXPECT_EQ(2, second.id);
	EXPECT_NO_LOG(&self->log);

	EXPECT_STRNE(first.address, second.address);
}

TEST_F(kmem_cache, unload_logs_a_line)
{
	kmsg_skip(&self->log);
	ASSERT_EQ(0, module_unload(MODULE));
	EXPECT_LOG(&self->log, PREFIX "Cleaned up and exited");
}

TEST_F(kmem_cache, logs_at_the_level_of_information)
{
	ASSERT_EQ(0, module_unload(MODULE));
	while (*kmsg_next(&self->log))
		EXPECT_EQ(LOG_INFO, self->log.level);
}

/*
 * KMEMCACHE-2: if the kernel merged this cache with another one, /proc/slabinfo
 * would list it only under the name of the other.
 */
TEST_F(kmem_cache, is_listed_with_its_objects)
{
	struct slab slab = {};

	ASSERT_TRUE(slab_find(&slab));
	EXPECT_LE(NR_OBJECTS, slab.active);
	EXPECT_LE(OBJECT_SIZE, slab.size);
	EXPECT_EQ(OBJECT_SIZE, slab_number("object_size"));
}

/*
 * KMEMCACHE-2: if the kernel merged this cache with another one, sysfs would
 * have only a symbolic link for it.
 */
TEST_F(kmem_cache, is_no_other_cache)
{
	struct stat st;

	ASSERT_EQ(0, lstat(SLAB, &st));
	EXPECT_TRUE(S_ISDIR(st.st_mode));
	EXPECT_EQ(0, slab_number("aliases"));
}

/* The kernel warns if a cache still has an object when it is destroyed. */
TEST_F(kmem_cache, goes_with_the_module)
{
	struct slab slab;

	ASSERT_EQ(0, module_unload(MODULE));
	EXPECT_FALSE(slab_find(&slab));
	EXPECT_EQ(-ENOENT, sysret(access(SLAB, F_OK)));
}

TEST_F(kmem_cache, comes_and_goes_again_and_again)
{
	int i;

	for (i = 0; i < NR_LOADS; i++) {
		ASSERT_EQ(0, module_unload(MODULE));
		ASSERT_EQ(0, module_insert(self->file, ""));
	}
	EXPECT_EQ(OBJECT_SIZE, slab_number("object_size"));
}

TEST_HARNESS_MAIN
