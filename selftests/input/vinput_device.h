/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Virtual input - exports and unexports devices, and reads their events
 *
 * The functions return the result of the system call, or a negative errno.
 */
#ifndef _SELFTESTS_INPUT_VINPUT_DEVICE_H
#define _SELFTESTS_INPUT_VINPUT_DEVICE_H

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <limits.h>
#include <linux/input.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "lib/evdev.h"
#include "lib/file.h"
#include "lib/module.h"
#include "lib/sysret.h"

#define VINPUT_CLASS	"/sys/class/vinput"
#define VINPUT_EXPORT	VINPUT_CLASS "/export"
#define VINPUT_UNEXPORT	VINPUT_CLASS "/unexport"
#define VINPUT0		"/dev/vinput0"

#define VINPUT_MAX_LEN	128
#define VINPUT_MAX_PATH	64
#define MAX_VINPUT	32

/* The number of events that evdev keeps until they are read. */
#define VINPUT_MAX_EVENTS	64
/* The delay and the period of key repeat.  Both are longer than any test. */
#define VINPUT_REPEAT_MS	600000

/* The bitmaps of an event device are arrays of unsigned long. */
#define VINPUT_LONG_BITS	(CHAR_BIT * sizeof(long))

/* What vinput_events() returns for one key that is pressed or released. */
#define VINPUT_PRESS(code)	"key " #code " 1, syn; "
#define VINPUT_RELEASE(code)	"key " #code " 0, syn; "

/* A text that is written, and the result of the write. */
struct vinput_row {
	const char *text;
	int answer;
};

/* Unloads the modules of all device types except @type. */
static inline void vinput_unload_others(const char *type)
{
	static const char * const types[] = { "vkbd", "vmouse" };
	size_t i;

	for (i = 0; i < sizeof(types) / sizeof(*types); i++) {
		if (strcmp(types[i], type))
			module_unload(types[i]);
	}
}

/* Unloads the modules of all device types, and then vinput. */
static inline int vinput_unload(void)
{
	int err;

	vinput_unload_others("");
	err = module_unload("vinput");
	return err == -ENOENT ? 0 : err;
}

static inline int vinput_export(const char *type)
{
	long ret = file_write(VINPUT_EXPORT, type);

	return ret < 0 ? ret : 0;
}

static inline int vinput_unexport(int id)
{
	char text[16];
	long ret;

	snprintf(text, sizeof(text), "%d\n", id);
	ret = file_write(VINPUT_UNEXPORT, text);
	return ret < 0 ? ret : 0;
}

static inline const char *vinput_path(int id)
{
	static char path[VINPUT_MAX_PATH];

	snprintf(path, sizeof(path), "/dev/vinput%d", id);
	return path;
}

static inline int vinput_open(int id)
{
	return sysret(open(vinput_path(id), O_RDWR | O_CLOEXEC));
}

static inline bool vinput_has(int id)
{
	char path[VINPUT_MAX_PATH];

	snprintf(path, sizeof(path), VINPUT_CLASS "/vinput%d", id);
	return !access(path, F_OK) && !access(vinput_path(id), F_OK);
}

/* Writes @text to a device, which then reports the events in it. */
static inline long vinput_put(int fd, const char *text)
{
	return sysret(write(fd, text, strlen(text)));
}

/* Returns the content of a device's file, or an error message. */
static inline const char *vinput_last(int fd)
{
	static char text[VINPUT_MAX_LEN + 1];
	long len = sysret(pread(fd, text, sizeof(text) - 1, 0));

	text[len < 0 ? 0 : len] = '\0';
	return len < 0 ? strerror(-len) : text;
}

/* Counts the devices. */
static inline int vinput_count(void)
{
	int nr = 0;
	int id;

	for (id = 0; id < MAX_VINPUT; id++)
		nr += vinput_has(id);
	return nr;
}

/* Removes all devices. */
static inline void vinput_clear(void)
{
	int id;

	for (id = 0; id < MAX_VINPUT; id++) {
		if (vinput_has(id))
			vinput_unexport(id);
	}
}

/*
 * Loads the module of the device type @type if it is not loaded, unloads those
 * of the other types, and removes all devices.  A load takes longer than most
 * tests, and only the devices have state, so a program loads the module only
 * once.
 */
static inline int vinput_begin(const char *type)
{
	int err = module_load(type, "");

	vinput_unload_others(type);
	vinput_clear();
	return err == -EEXIST ? 0 : err;
}

/* As vinput_begin(), and then exports device 0 and opens it. */
static inline int vinput_begin_with_device(const char *type)
{
	int err = vinput_begin(type);

	if (!err)
		err = vinput_export(type);
	return err ? err : vinput_open(0);
}

/* Unloads the modules when the program ends, and not after each test. */
__attribute__((destructor)) static inline void vinput_leave(void)
{
	vinput_unload();
}

/*
 * Writes to @path the only path that matches a pattern.  Returns -ENOTUNIQ if
 * there are several.
 */
static inline int vinput_find(const char *pattern, char *path, size_t size)
{
	glob_t found;
	int err;

	err = glob(pattern, 0, NULL, &found) ? -ENOENT : 0;
	if (!err && found.gl_pathc != 1)
		err = -ENOTUNIQ;
	if (!err)
		snprintf(path, size, "%s", found.gl_pathv[0]);
	globfree(&found);
	return err;
}

/* Writes to @path the node of the input device that belongs to device @id. */
static inline int vinput_event_path(int id, char *path, size_t size)
{
	char pattern[VINPUT_MAX_PATH];
	char found[VINPUT_MAX_PATH];
	int err;

	snprintf(pattern, sizeof(pattern),
		 VINPUT_CLASS "/vinput%d/input*/event*", id);
	err = vinput_find(pattern, found, sizeof(found));
	if (!err)
		snprintf(path, size, "/dev/input/%s", strrchr(found, '/') + 1);
	return err;
}

/*
 * Sets the delay of key repeat to longer than any test.  The kernel reports
 * that change with the next event, so this sends an event and discards what it
 * can read.
 */
static inline void vinput_stop_repeat(int fd)
{
	unsigned int repeat[2] = { VINPUT_REPEAT_MS, VINPUT_REPEAT_MS };
	struct input_event event = { .type = EV_SYN, .code = SYN_REPORT };

	if (ioctl(fd, EVIOCSREP, repeat))
		return;
	if (write(fd, &event, sizeof(event)) == sizeof(event)) {
		while (read(fd, &event, sizeof(event)) > 0)
			;
	}
}

/* Opens the input device of device @id, to read the events of that device. */
static inline int vinput_event_open(int id)
{
	char path[VINPUT_MAX_PATH];
	int fd = vinput_event_path(id, path, sizeof(path));

	if (fd)
		return fd;
	fd = sysret(open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC));
	if (fd >= 0)
		vinput_stop_repeat(fd);
	return fd;
}

static inline const char *vinput_event_text(const struct input_event *event)
{
	static char text[32];

	if (event->type == EV_KEY)
		snprintf(text, sizeof(text), "key %u %d, ", event->code,
			 event->value);
	else if (event->type == EV_REL)
		snprintf(text, sizeof(text), "rel %u %d, ", event->code,
			 event->value);
	else if (event->type == EV_SYN && event->code == SYN_REPORT)
		snprintf(text, sizeof(text), "syn; ");
	else
		snprintf(text, sizeof(text), "type %u code %u, ", event->type,
			 event->code);
	return text;
}

/* Returns the events that have not been read yet, as a text. */
static inline const char *vinput_events(int fd)
{
	static char text[VINPUT_MAX_EVENTS * 20];
	struct input_event events[VINPUT_MAX_EVENTS];
	ssize_t len = read(fd, events, sizeof(events));
	size_t nr = len < 0 ? 0 : len / sizeof(*events);
	size_t i;

	if (len < 0 && errno != EAGAIN)
		return strerror(errno);
	text[0] = '\0';
	for (i = 0; i < nr; i++)
		strcat(text, vinput_event_text(&events[i]));
	return text;
}

#endif /* _SELFTESTS_INPUT_VINPUT_DEVICE_H */
