// SPDX-License-Identifier: GPL-2.0
/*
 * Ring - write the last calls of the tasks to memory that survives the guest
 *
 * The memory is that of QEMU's device ivshmem-plain, and is mapped by its file in
 * sysfs, so the kernel needs no driver for it.  A call is there before it is made,
 * at the cost of a copy.  Without the device, no task writes anything.
 */
#include <assert.h>
#include <fcntl.h>
#include <glob.h>
#include <limits.h>
#include <linux/types.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ring.h"

/* The PCI device ivshmem: Red Hat's vendor ID, and the device's. */
#define IDS	"1af4:1110"
#define MAGIC	"modproof ring 1"
#define TEXT	236

/* A call: its number in the ring from 1 on, its task, and its step in the task. */
struct record {
	__u64 number;
	__u64 step;
	__u32 task;
	char text[TEXT];
};

/* The first record's place has the head instead. */
struct head {
	char magic[16];
	__u64 size;
	__u64 last;
	__u32 is_running;
	char module[sizeof(struct record) - 36];
};

static_assert(sizeof(struct record) == 256, "rig/ring.py has another size");
static_assert(sizeof(struct head) == 256, "rig/ring.py has another size");

static struct head *head;
static struct record *records;
static size_t count;

/* Read a number such as 0x1af4 from a file of a PCI device. */
static unsigned int attribute(const char *device, const char *name)
{
	unsigned int value = 0;
	char path[PATH_MAX];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", device, name);
	file = fopen(path, "re");
	if (!file)
		return 0;
	if (fscanf(file, "%x", &value) != 1)
		value = 0;
	fclose(file);
	return value;
}

static bool is_ring(const char *device)
{
	char ids[32];

	snprintf(ids, sizeof(ids), "%04x:%04x", attribute(device, "vendor"),
		 attribute(device, "device"));
	return !strcmp(ids, IDS);
}

/* Make the device decode its addresses, and map its memory. */
static void map(const char *device)
{
	char path[PATH_MAX];
	struct stat status;
	int fd;

	snprintf(path, sizeof(path), "%s/enable", device);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd >= 0 && write(fd, "1", 1) < 0)
		perror(path);
	close(fd);
	snprintf(path, sizeof(path), "%s/resource2", device);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &status))
		return;
	head = mmap(NULL, status.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	if (head == MAP_FAILED) {
		head = NULL;
		return;
	}
	records = (struct record *)head + 1;
	count = status.st_size / sizeof(*records) - 1;
}

static void find(void)
{
	glob_t found;
	size_t i;

	if (glob("/sys/bus/pci/devices/*", 0, NULL, &found))
		return;
	for (i = 0; i < found.gl_pathc && !head; i++)
		if (is_ring(found.gl_pathv[i]))
			map(found.gl_pathv[i]);
	globfree(&found);
}

/* Begin an empty ring, for the calls on the files of a module. */
void ring_begin(const char *module)
{
	if (!head)
		find();
	if (!head)
		return;
	memset(head, 0, (count + 1) * sizeof(*records));
	memcpy(head->magic, MAGIC, sizeof(MAGIC));
	snprintf(head->module, sizeof(head->module), "%s", module);
	head->size = sizeof(*records);
	head->is_running = 1;
}

/* Add the call that a task is about to make in its step. */
void ring_add(int task, unsigned long step, const char *text)
{
	struct record *record;
	__u64 number;

	if (!head)
		return;
	number = __atomic_add_fetch(&head->last, 1, __ATOMIC_RELAXED);
	record = &records[number % count];
	record->number = 0;
	record->task = task;
	record->step = step;
	snprintf(record->text, sizeof(record->text), "%s", text);
	__atomic_store_n(&record->number, number, __ATOMIC_RELEASE);
}

/* Say that the tasks have ended. */
void ring_end(void)
{
	if (head)
		head->is_running = 0;
}
