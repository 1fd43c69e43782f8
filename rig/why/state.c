// SPDX-License-Identifier: GPL-2.0
/*
 * State - what a kernel has loaded, and how it was started
 */

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "buffer.h"
#include "state.h"

/* The longest list of modules, which is the longest file that is read here. */
#define TEXT_LIMIT	16777216

/* Variables of UEFI, each with the identifier of its owner: UEFI or shim. */
#define UEFI(name)	name "-8be4df61-93ca-11d2-aa0d-00e098032b8c"
#define SECURITY(name)	name "-d719b2cb-3d3a-4596-a3bc-dad00e67656f"
#define SHIM(name)	name "-605dab50-e046-4300-abb6-3dd810dd8b23"

/* A file of efivarfs begins with the attributes; EFI_VARIABLE_NON_VOLATILE. */
#define ATTRIBUTES_SIZE	4
#define IS_KEPT		0x01

/*
 * Read a file of /proc or /sys, which has no size, or a list from a pipe.  Return
 * NULL if it cannot be read; *@size is then 0.
 */
static char *read_text(struct arena *arena, const char *path, size_t *size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	char *text = NULL;
	size_t room = 0;
	ssize_t got = 1;

	*size = 0;
	if (fd < 0)
		return NULL;
	/* A pipe that another process has opened is read to its end. */
	fcntl(fd, F_SETFL, 0);
	while (got > 0 && *size < TEXT_LIMIT) {
		if (room - *size < 2) {
			char *old = text;

			room = room ? 2 * room : 65536;
			text = arena_alloc(arena, room);
			if (old)
				memcpy(text, old, *size);
		}
		got = read(fd, text + *size, room - *size - 1);
		*size += got > 0 ? (size_t)got : 0;
	}
	close(fd);
	if (got < 0) {
		*size = 0;
		return NULL;
	}
	return text;
}

static char *read_proc(struct arena *arena, const char *path)
{
	size_t size;

	return read_text(arena, path, &size);
}

/* Replace "-" by "_", as the kernel does in a module's name. */
static char *module_name(struct arena *arena, const char *name, size_t length)
{
	char *copy = arena_copy(arena, name, length);
	char *at;

	for (at = copy; *at; at++)
		if (*at == '-')
			*at = '_';
	return copy;
}

/* Return the taints at the end of a line of /proc/modules, as "OE" of "(OE)". */
static const char *line_taints(struct arena *arena, const char *line, size_t length)
{
	const char *open = memrchr(line, '(', length);
	const char *close = open ? memchr(open, ')', length - (open - line)) : NULL;

	return close ? arena_copy(arena, open + 1, close - open - 1) : "";
}

/* Return how many bytes of a line are the name, without ".ko" at its end. */
static size_t name_length(const char *line)
{
	size_t length = strcspn(line, " \t\r\n");

	if (length > 3 && !strncmp(line + length - 3, ".ko", 3))
		length -= 3;
	return length;
}

/* Add the module of one line, which may be the heading of lsmod. */
static void parse_line(struct state *state, struct arena *arena, const char *line,
		       size_t length)
{
	size_t name;

	while (length && (*line == ' ' || *line == '\t')) {
		line++;
		length--;
	}
	name = name_length(line);
	/* The heading is "Module  Size  Used by". */
	if (!name || (name == 6 && !strncmp(line, "Module ", 7)))
		return;
	state->loaded[state->nr_loaded] = module_name(arena, line, name);
	state->loaded_taints[state->nr_loaded] = line_taints(arena, line, length);
	state->nr_loaded++;
}

/**
 * state_parse_loaded() - Take over which modules are loaded.
 * @state: the state
 * @arena: what the names are allocated in
 * @text: the lines of /proc/modules or of lsmod, or plain names
 */
void state_parse_loaded(struct state *state, struct arena *arena, const char *text)
{
	size_t lines = 1;
	const char *at;

	for (at = text; *at; at++)
		lines += *at == '\n';
	state->loaded = arena_alloc(arena, lines * sizeof(state->loaded[0]));
	state->loaded_taints = arena_alloc(arena,
					   lines * sizeof(state->loaded[0]));
	state->nr_loaded = 0;
	state->knows_loaded = true;
	while (*text) {
		size_t length = strcspn(text, "\n");

		parse_line(state, arena, text, length);
		text += length;
		text += *text == '\n';
	}
}

/**
 * state_read_loaded() - Read which modules are loaded.
 * @state: the state
 * @arena: what the names are allocated in
 * @path: a copy of /proc/modules, what lsmod prints, or a list of names
 */
void state_read_loaded(struct state *state, struct arena *arena, const char *path)
{
	size_t size;
	char *text = read_text(arena, path, &size);

	if (!text)
		die("--loaded %s: %s: name a copy of /proc/modules", path,
		    strerror(errno));
	if (size >= TEXT_LIMIT || strlen(text) != size)
		die("--loaded %s: this is not a list of modules: name a copy of /proc/modules",
		    path);
	state_parse_loaded(state, arena, text);
}

/* Return the first character of a file; '\0' if it cannot be read. */
static char first_of(struct arena *arena, const char *path)
{
	char *text = read_proc(arena, path);

	return text ? text[0] : '\0';
}

static enum fact fact_of(char value)
{
	if (!value)
		return FACT_UNKNOWN;
	return value == 'Y' || value == '1' ? FACT_YES : FACT_NO;
}

/**
 * struct variables - the variables of UEFI
 * @arena: what their values are allocated in
 * @directory: where efivarfs is mounted
 * @is_unknown: whether one is there that could not be read
 */
struct variables {
	struct arena *arena;
	const char *directory;
	bool is_unknown;
};

/* Read a variable; set @attributes if it is there, and return its value. */
static struct buffer read_variable(struct variables *variables, const char *name,
				   __u8 *attributes)
{
	const char *path = arena_print(variables->arena, "%s/%s",
				       variables->directory, name);
	size_t size;
	char *text = read_text(variables->arena, path, &size);

	if (!text && errno != ENOENT)
		variables->is_unknown = true;
	if (size <= ATTRIBUTES_SIZE)
		return (struct buffer){};
	*attributes = (__u8)text[0];
	return (struct buffer){ (__u8 *)text + ATTRIBUTES_SIZE,
				size - ATTRIBUTES_SIZE };
}

static struct buffer read_value(struct variables *variables, const char *name)
{
	__u8 unused;

	return read_variable(variables, name, &unused);
}

static bool is_value(struct buffer value, __u8 wanted)
{
	return value.size == 1 && value.data[0] == wanted;
}

/*
 * Return true if the kernel was booted with Secure Boot.  efi_get_secureboot() of
 * the kernel believes a user who has switched shim's checks off.
 */
static bool is_secure_boot(struct variables *variables)
{
	struct buffer value;
	__u8 attributes = 0;

	value = read_value(variables, UEFI("SecureBoot"));
	if (!value.size || is_value(value, 0) ||
	    is_value(read_value(variables, UEFI("SetupMode")), 1))
		return false;
	value = read_variable(variables, SHIM("MokSBStateRT"), &attributes);
	return !is_value(value, 1) || attributes & IS_KEPT;
}

/**
 * state_read_enrolled() - Read the certificates that load_uefi_certs() reads.
 * @state: its members about keys are set
 * @arena: what the certificates are allocated in
 * @efi: the directory /sys/firmware/efi
 *
 * Those of shim are read with Secure Boot only.  The hashes of certificates in
 * dbx have no effect: the kernel takes the time after a hash for a part of it.
 */
void state_read_enrolled(struct state *state, struct arena *arena, const char *efi)
{
	struct variables variables = {
		.arena = arena,
		.directory = arena_print(arena, "%s/efivars", efi),
	};

	state->has_enrolled = FACT_NO;
	if (access(efi, F_OK))
		return;
	state->has_enrolled = FACT_UNKNOWN;
	if (access(variables.directory, X_OK))
		return;
	if (!read_value(&variables, SHIM("MokIgnoreDB")).size)
		state->enrolled[0] = read_value(&variables, SECURITY("db"));
	state->revoked[0] = read_value(&variables, SECURITY("dbx"));
	if (is_secure_boot(&variables)) {
		state->revoked[1] = read_value(&variables, SHIM("MokListXRT"));
		state->enrolled[1] = read_value(&variables, SHIM("MokListRT"));
	}
	if (!variables.is_unknown)
		state->has_enrolled = FACT_YES;
}

/**
 * state_read_running() - Read the state of the kernel that runs now.
 * @state: set to the state; what cannot be read is unknown
 * @arena: what the strings are allocated in
 */
void state_read_running(struct state *state, struct arena *arena)
{
	char *text = read_proc(arena, "/proc/modules");

	if (text)
		state_parse_loaded(state, arena, text);
	text = read_proc(arena, "/proc/cmdline");
	if (text)
		text[strcspn(text, "\n")] = '\0';
	if (text)
		state->cmdline = text;
	if (first_of(arena, "/proc/sys/kernel/modules_disabled") == '1')
		state->is_disabled = true;
	state->sig_enforce =
		fact_of(first_of(arena, "/sys/module/module/parameters/sig_enforce"));
	text = read_proc(arena, "/sys/kernel/security/lockdown");
	if (text)
		state->lockdown = strstr(text, "[none]") ? FACT_NO : FACT_YES;
	state_read_enrolled(state, arena, "/sys/firmware/efi");
}
