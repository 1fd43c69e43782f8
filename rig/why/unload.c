// SPDX-License-Identifier: GPL-2.0
/*
 * Unload - tell what keeps a module of the running kernel from being unloaded
 *
 * The checks are those of delete_module() in kernel/module/main.c, all of which
 * log nothing.  libkmod reads the state, the users and the count of references.
 */

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <libkmod.h>
#include <limits.h>
#include <mntent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

/* The size of a module's name; MODULE_NAME_LEN of Linux on 64 bits. */
#define NAME_SIZE	56

/* Print why rmmod is refused, with its errno, and what to do. */
static int refused(int error, const char *why, const char *todo)
{
	printf("  rmmod:   fails with %s (%s)\n  why:     %s\n", strerror(error),
	       strerrorname_np(error), why);
	if (todo)
		printf("  do:      %s\n", todo);
	return 1;
}

/* Return true if the last part of a symbolic link's target is @name. */
static bool links_to(const char *path, const char *name)
{
	char target[PATH_MAX];
	ssize_t length = readlink(path, target, sizeof(target) - 1);
	const char *slash;

	if (length < 0)
		return false;
	target[length] = '\0';
	slash = strrchr(target, '/');
	return !strcmp(slash ? slash + 1 : target, name);
}

/* Return true if the driver of a device belongs to the module. */
static bool is_device_of(const struct stat *node, const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "/sys/dev/%s/%u:%u/device/driver/module",
		 S_ISBLK(node->st_mode) ? "block" : "char", major(node->st_rdev),
		 minor(node->st_rdev));
	return links_to(path, name);
}

/* Return true if a path of /dev or /proc has the name of the module in it. */
static bool is_named_after(const char *path, const char *name)
{
	char plain[PATH_MAX];
	char *at;

	snprintf(plain, sizeof(plain), "%s", path);
	for (at = plain; *at; at++)
		if (*at == '-')
			*at = '_';
	return (!strncmp(path, "/dev/", 5) || !strncmp(path, "/proc/", 6) ||
		!strncmp(path, "/sys/kernel/debug/", 18)) && strstr(plain, name);
}

/* Print a line if the file that @link names belongs to the module. */
static bool print_file(const char *pid, const char *link, const char *name)
{
	char target[PATH_MAX];
	struct stat node;
	ssize_t length = readlink(link, target, sizeof(target) - 1);

	if (length < 0)
		return false;
	target[length] = '\0';
	if (stat(link, &node) < 0)
		return false;
	if ((S_ISCHR(node.st_mode) || S_ISBLK(node.st_mode)) &&
	    is_device_of(&node, name)) {
		printf("  held by: process %s, which has %s open\n", pid, target);
		return true;
	}
	if (!is_named_after(target, name))
		return false;
	printf("  held by: perhaps process %s, which has %s open\n", pid, target);
	return true;
}

/* Print the files of the module that a process has open; return how many. */
static unsigned int print_process(const char *pid, const char *name)
{
	char path[PATH_MAX];
	unsigned int nr = 0;
	struct dirent *entry;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%s/fd", pid);
	dir = opendir(path);
	if (!dir)
		return 0;
	while ((entry = readdir(dir))) {
		snprintf(path, sizeof(path), "/proc/%s/fd/%s", pid,
			 entry->d_name);
		if (entry->d_name[0] != '.')
			nr += print_file(pid, path, name);
	}
	closedir(dir);
	return nr;
}

static unsigned int print_processes(const char *name)
{
	unsigned int nr = 0;
	struct dirent *entry;
	DIR *dir = opendir("/proc");

	while (dir && (entry = readdir(dir)))
		if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9')
			nr += print_process(entry->d_name, name);
	if (dir)
		closedir(dir);
	return nr;
}

/* Print the mounts whose type of filesystem has the module's name. */
static unsigned int print_mounts(const char *name)
{
	FILE *file = setmntent("/proc/self/mounts", "re");
	struct mntent *mount;
	unsigned int nr = 0;

	while (file && (mount = getmntent(file))) {
		if (strcmp(mount->mnt_type, name))
			continue;
		printf("  held by: the mount of %s on %s: type \"sudo umount %s\"\n",
		       mount->mnt_fsname, mount->mnt_dir, mount->mnt_dir);
		nr++;
	}
	if (file)
		endmntent(file);
	return nr;
}

/* Print the network interfaces whose driver belongs to the module. */
static unsigned int print_interfaces(const char *name)
{
	struct dirent *entry;
	unsigned int nr = 0;
	DIR *dir = opendir("/sys/class/net");

	while (dir && (entry = readdir(dir))) {
		char path[PATH_MAX];

		snprintf(path, sizeof(path),
			 "/sys/class/net/%s/device/driver/module", entry->d_name);
		if (!links_to(path, name))
			continue;
		printf("  uses it: the network interface %s\n", entry->d_name);
		nr++;
	}
	if (dir)
		closedir(dir);
	return nr;
}

/* Print the modules that use a symbol of the module; return how many. */
static unsigned int print_users(struct kmod_module *module)
{
	struct kmod_list *list = kmod_module_get_holders(module);
	struct kmod_list *item;
	unsigned int nr = 0;

	kmod_list_foreach(item, list) {
		struct kmod_module *user = kmod_module_get_module(item);

		printf("  held by: the module %s: type \"sudo rmmod %s\" first\n",
		       kmod_module_get_name(user), kmod_module_get_name(user));
		kmod_module_unref(user);
		nr++;
	}
	kmod_module_unref_list(list);
	return nr;
}

/* Return true if the line of a module in /proc/modules has some text in it. */
static bool is_in_line(const char *name, const char *text)
{
	FILE *file = fopen("/proc/modules", "re");
	char line[4096];
	size_t length = strlen(name);
	bool found = false;

	while (file && !found && fgets(line, sizeof(line), file))
		found = !strncmp(line, name, length) && line[length] == ' ' &&
			strstr(line, text);
	if (file)
		fclose(file);
	return found;
}

static int report_references(struct kmod_module *module, const char *name)
{
	int references = kmod_module_get_refcnt(module);
	unsigned int users = print_users(module);
	char why[128];

	/* The kernel writes this for a module that has no exit function. */
	if (is_in_line(name, "[permanent]"))
		return refused(EBUSY,
			       "The module has an init function and no exit function, so it stays.",
			       "Add module_exit() to its source, or restart the machine.");
	if (references < 0)
		return refused(EPERM,
			       "The count of references cannot be read: this kernel may lack MODULE_UNLOAD.",
			       NULL);
	if (!references) {
		printf("  rmmod:   unloads it\n");
		print_interfaces(name);
		return 0;
	}
	print_mounts(name);
	print_processes(name);
	print_interfaces(name);
	snprintf(why, sizeof(why),
		 "The module has %d references, %u of them from other modules.",
		 references, users);
	return refused(EAGAIN, why, geteuid() ?
		       "Run this as root to see the files of all processes." :
		       "Close what is listed above, then try again.");
}

static int refused_builtin(void)
{
	return refused(ENOENT,
		       "It is built into the kernel, so it cannot be unloaded.",
		       NULL);
}

static int report_state(struct kmod_module *module, const char *name)
{
	switch (kmod_module_get_initstate(module)) {
	case KMOD_MODULE_BUILTIN:
		return refused_builtin();
	case KMOD_MODULE_LIVE:
		return report_references(module, name);
	case KMOD_MODULE_COMING:
		/* Without modules.builtin, libkmod says so of built-in parts. */
		if (!is_in_line(name, " "))
			return refused_builtin();
		return refused(EBUSY, "Its init function has not returned yet.",
			       "Wait until it returns; the log may say what it waits for.");
	case KMOD_MODULE_GOING:
		return refused(EBUSY, "It is being unloaded already.",
			       "Wait until its exit function returns.");
	default:
		return refused(ENOENT, "No module of this name is loaded.",
			       "Type \"lsmod\" for the names of those that are.");
	}
}

/* Return true if a name has the length and the characters of a module's. */
static bool is_name(const char *name)
{
	size_t length = 0;

	while (isalnum((unsigned char)name[length]) || name[length] == '_' ||
	       name[length] == '-')
		length++;
	return length && length < NAME_SIZE && !name[length];
}

int main(int argc, char **argv)
{
	struct kmod_ctx *context = kmod_new(NULL, NULL);
	struct kmod_module *module;
	int status = 2;

	if (argc != 2) {
		fputs("usage: modproof why --unload NAME\n", stderr);
	} else if (!context || !is_name(argv[1]) ||
		   kmod_module_new_from_name(context, argv[1], &module)) {
		fprintf(stderr,
			"modproof: \"%.64s\" cannot be the name of a module: type \"lsmod\" for names\n",
			argv[1]);
	} else {
		printf("%s:\n", kmod_module_get_name(module));
		status = report_state(module, kmod_module_get_name(module));
		kmod_module_unref(module);
	}
	kmod_unref(context);
	return status;
}
