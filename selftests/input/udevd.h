/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Udevd - starts the daemon of udev for one test, and receives its events
 *
 * The daemon has namespaces of its own.  The first process of its PID namespace
 * ends with the test; the kernel then kills all others.  The files that the
 * daemon wrote below /run are freed with its mounts.  The daemon removes its
 * links in /dev when the devices are removed, so it must still run then.
 */
#ifndef _SELFTESTS_INPUT_UDEVD_H
#define _SELFTESTS_INPUT_UDEVD_H

#include <errno.h>
#include <linux/netlink.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

#include "lib/sysret.h"
#include "lib/task.h"
#include "lib/timeout.h"

#define UDEVD_PATH	"/lib/systemd/systemd-udevd"
#define UDEVD_NOTIFY	"/run/notify"
#define UDEVD_RULES	"/run/udev/rules.d"
/*
 * The netlink group to which udevd sends its events.  The kernel sends to
 * another.
 */
#define UDEVD_GROUP	2
#define UDEVD_LIMIT_MS	10000

/**
 * struct udevd - a running daemon
 * @answers: the socket that receives the daemon's events
 * @pid: the first process of the PID namespace; all others end with it
 */
struct udevd {
	int answers;
	pid_t pid;
};

/*
 * Mounts a /run that only the test uses, in which a link masks one of udevd's
 * files of rules.  By this file udevd would load drivers, which would stay
 * loaded.
 */
static inline int udevd_hide_run(void)
{
	if (unshare(CLONE_NEWNS) ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("run", "/run", "tmpfs", 0, NULL) ||
	    mkdir("/run/udev", 0755) || mkdir(UDEVD_RULES, 0755) ||
	    symlink("/dev/null", UDEVD_RULES "/80-drivers.rules"))
		return -errno;
	return 0;
}

/* Opens and binds a socket; returns it or a negative errno. */
static inline int udevd_bind(int family, int protocol,
			     const struct sockaddr *name, socklen_t len)
{
	int sock = sysret(socket(family, SOCK_DGRAM | SOCK_CLOEXEC, protocol));

	if (sock >= 0 && bind(sock, name, len)) {
		int err = -errno;

		close(sock);
		return err;
	}
	return sock;
}

/* Waits for a message that contains all @texts.  A text may include a NUL. */
static inline int udevd_receive(int sock, const struct iovec *texts, int nr)
{
	struct pollfd end = { .fd = sock, .events = POLLIN };
	char message[16384];
	ssize_t ret;
	int has;

	do {
		if (poll(&end, 1, slow(UDEVD_LIMIT_MS)) != 1)
			return -ETIMEDOUT;
		ret = recv(sock, message, sizeof(message), 0);
		if (ret < 0)
			return -errno;
		for (has = 0; has < nr; has++) {
			if (!memmem(message, ret, texts[has].iov_base,
				    texts[has].iov_len))
				break;
		}
	} while (has < nr);
	return 0;
}

static inline int udevd_execute(void *arg)
{
	setenv("NOTIFY_SOCKET", UDEVD_NOTIFY, 1);
	setenv("SYSTEMD_LOG_LEVEL", "err", 1);
	execl(UDEVD_PATH, UDEVD_PATH, "--resolve-names=never", NULL);
	return -errno;
}

/* Runs as the first process of the PID namespace.  The daemon is its child. */
static inline int udevd_live(void *arg)
{
	return task_run(udevd_execute, NULL);
}

/* Starts the daemon and waits until it is ready for events. */
static inline int udevd_start(struct udevd *udevd)
{
	struct sockaddr_nl group = {
		.nl_family = AF_NETLINK,
		.nl_groups = UDEVD_GROUP,
	};
	struct sockaddr_un notify = {
		.sun_family = AF_UNIX,
		.sun_path = UDEVD_NOTIFY,
	};
	struct iovec is_ready = { "READY=1", strlen("READY=1") };
	int err = udevd_hide_run();
	int sock;

	if (err)
		return err;
	sock = udevd_bind(AF_UNIX, 0, (void *)&notify, sizeof(notify));
	if (sock < 0)
		return sock;
	udevd->answers = udevd_bind(AF_NETLINK, NETLINK_KOBJECT_UEVENT,
				    (void *)&group, sizeof(group));
	udevd->pid = task_clone(CLONE_NEWPID, 0, udevd_live, NULL);
	err = udevd->pid < 0 ? udevd->pid :
	      udevd_receive(sock, &is_ready, 1);
	close(sock);
	return err;
}

/* Waits until the daemon has handled the event @action of the device @node. */
static inline int udevd_wait(const struct udevd *udevd, const char *action,
			     const char *node)
{
	char texts[2][128];
	struct iovec says[2] = {
		{ texts[0], snprintf(texts[0], sizeof(texts[0]), "ACTION=%s",
				     action) + 1 },
		{ texts[1], snprintf(texts[1], sizeof(texts[1]), "DEVNAME=%s",
				     node) + 1 },
	};

	return udevd_receive(udevd->answers, says, 2);
}

static inline void udevd_stop(struct udevd *udevd)
{
	kill(udevd->pid, SIGKILL);
	task_wait(udevd->pid);
	close(udevd->answers);
}

#endif /* _SELFTESTS_INPUT_UDEVD_H */
