// SPDX-License-Identifier: GPL-2.0
/*
 * Nodes - open, read and poll each file that a module has made
 *
 * One child does so for all files.  If it hangs or is killed, another one goes on
 * with the next file.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ktap.h"
#include "nodes.h"
#include "task.h"

/* The seconds that each call may take. */
#define LIMIT	5
/* The number of calls that may hang before the rest is left out. */
#define HANGS	3
/* The number of bytes that each read asks for. */
#define BYTES	4096
/* The milliseconds in which a device may get data, and between two tries. */
#define LATE	500
#define PAUSE	50
/* The number of files that are waited for. */
#define WAITS	20
/* The number of files with a diagnostic. */
#define NOTES	50

static bool begins_with(const char *text, const char *prefix)
{
	return !strncmp(text, prefix, strlen(prefix));
}

/*
 * Return true if the result of a file is worth a diagnostic.  /proc/sys/net has
 * dozens of files for each network interface.
 */
static bool is_own(const char *path)
{
	if (begins_with(path, "/proc/sys/net/"))
		return false;
	return !begins_with(path, "/sys/") || begins_with(path, "/sys/kernel/debug/");
}

/* Return true if the entry can be read. */
static bool is_node(const struct entry *entry)
{
	if (entry->type != DT_REG && entry->type != DT_CHR && entry->type != DT_BLK)
		return false;
	return !begins_with(entry->path, "/sys/module/") ||
	       (!strstr(entry->path, "/sections/") && !strstr(entry->path, "/notes/"));
}

/* Return true if the kernel makes the file for each module. */
static bool is_of_module(const char *path)
{
	return begins_with(path, "/sys/module/") || begins_with(path, "/sys/kernel/btf/");
}

/* A watchdog that is opened reboots the machine later. */
static bool is_watchdog(const char *path)
{
	return begins_with(path, "/dev/watchdog");
}

/*
 * Read some of a file.  A module that returns a negative errno by an unsigned type
 * returns more than was asked for.
 */
static ssize_t read_some(int fd, size_t number)
{
	char buffer[BYTES];
	ssize_t size;

	task_begins("read", number);
	size = read(fd, buffer, sizeof(buffer));
	if (size > BYTES)
		progress->excess = size;
	return size;
}

/* Return true if a read had no data, also if it returned that by an unsigned type. */
static bool is_empty(ssize_t size)
{
	return size < 0 ? errno == EAGAIN : size == (unsigned int)-EAGAIN;
}

/*
 * Read some of a file; if it is empty, keep it open for a while.  A device may begin
 * to work when it is opened, and may have no poll function.
 */
static ssize_t read_late(int fd, size_t number)
{
	const long end = now_ms() + slow(1) * LATE;
	ssize_t size = read_some(fd, number);
	static int waits;

	if (!is_empty(size) || waits++ >= WAITS)
		return size;
	while (is_empty(size) && now_ms() < end) {
		sleep_ms(PAUSE);
		size = read_some(fd, number);
	}
	return size;
}

/* Read a file twice, since the second read begins in another place. */
static ssize_t read_twice(int fd, size_t number)
{
	const ssize_t size = read_late(fd, number);

	if (size > 0 && !progress->excess)
		read_some(fd, number);
	return size;
}

static void use_node(const char *path, size_t number, bool is_told)
{
	struct pollfd events = { .events = POLLIN | POLLOUT };
	ssize_t size;

	task_begins("open", number);
	events.fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (events.fd < 0) {
		if (is_told)
			ktap_note("%s: open: %s", path, error_name(errno));
		return;
	}
	size = read_twice(events.fd, number);
	if (is_told && size < 0)
		ktap_note("%s: read: %s", path, error_name(errno));
	else if (is_told && !progress->excess)
		ktap_note("%s: read %zd bytes", path, size);
	task_begins("poll", number);
	poll(&events, 1, 0);
	task_begins("close", number);
	close(events.fd);
}

/*
 * The child's work: use all files from the number in progress on, up to one that
 * is read wrongly.
 */
static void use_nodes(const void *data)
{
	const struct entries *nodes = data;
	size_t i, notes = 0;

	for (i = progress->number; i < nodes->count && !progress->excess; i++) {
		const char *path = nodes->list[i]->path;
		const bool is_told = is_own(path) && notes < NOTES;

		notes += is_told;
		if (is_watchdog(path))
			ktap_note("%s: not opened, since it reboots the guest", path);
		else
			use_node(path, i, is_told);
	}
}

/* Use the files from the number in progress on; return the reason of a failure. */
static const char *use_some(const struct entries *nodes)
{
	const char *reason = task_run(use_nodes, nodes, slow(LIMIT));

	if (reason && task_hangs() && strcmp(progress->call, "open"))
		return because("%s, although the file was opened with O_NONBLOCK",
			       reason);
	if (reason || !progress->excess)
		return reason;
	return because("read returned %zu, which is more than the %d bytes that were asked for",
		       progress->excess, BYTES);
}

/*
 * Use all files in @nodes; return the reason of the first failure.  A child that
 * hangs is killed.
 */
static const char *use_all(const struct entries *nodes)
{
	static char first[1024];
	size_t next = 0, hangs = 0;

	while (next < nodes->count && hangs < HANGS) {
		const char *reason;

		progress->number = next;
		reason = use_some(nodes);
		if (!reason)
			break;
		next = progress->number;
		reason = because("%s: %s", nodes->list[next++]->path, reason);
		if (!*first)
			snprintf(first, sizeof(first), "%s", reason);
		else
			ktap_note("%s", reason);
		if (task_hangs()) {
			hangs++;
			task_show();
			task_kill();
		}
	}
	return *first ? first : NULL;
}

/* Return true if tasks may use a file, only to read it if @only_looks. */
static bool is_free(const char *path, bool only_looks)
{
	if (is_watchdog(path))
		return false;
	return only_looks || !is_of_module(path) || strstr(path, "/parameters/");
}

/* Order two files: those that are the module's own first, then by their paths. */
static int compare(const void *left, const void *right)
{
	const struct entry *a = *(struct entry * const *)left;
	const struct entry *b = *(struct entry * const *)right;

	return is_own(b->path) - is_own(a->path) ?: strcmp(a->path, b->path);
}

/*
 * List the files in @added on which tasks may make calls, those that change nothing
 * if @only_looks.  Return how many of them, the first ones, are the module's own.
 */
size_t nodes_choose(const struct entries *added, struct entries *nodes, bool only_looks)
{
	size_t i, own = 0;

	for (i = 0; i < added->count; i++)
		if (is_node(added->list[i]) && is_free(added->list[i]->path, only_looks))
			entries_add(nodes, added->list[i]);
	if (nodes->count)
		qsort(nodes->list, nodes->count, sizeof(*nodes->list), compare);
	while (own < nodes->count && is_own(nodes->list[own]->path))
		own++;
	return own;
}

/* Use all files in @added that can be read; return a reason if one hangs. */
const char *nodes_use(const struct entries *added)
{
	struct entries nodes = { };
	size_t i, own = 0;

	for (i = 0; i < added->count; i++) {
		if (!is_node(added->list[i]))
			continue;
		entries_add(&nodes, added->list[i]);
		own += !is_of_module(added->list[i]->path);
	}
	if (!own)
		ktap_note("it makes no file in /dev, /proc, /sys or debugfs");
	return use_all(&nodes);
}
