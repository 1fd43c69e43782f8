/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Fdpass - an open file that is sent through a Unix socket (SCM_RIGHTS)
 */
#ifndef _SELFTESTS_LIB_FDPASS_H
#define _SELFTESTS_LIB_FDPASS_H

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "sysret.h"

/* A message of one byte that carries one descriptor. */
struct fdpass {
	struct msghdr msg;
	struct iovec iov;
	char byte;
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(sizeof(int))];
	} control;
};

static inline void fdpass_init(struct fdpass *pass)
{
	memset(pass, 0, sizeof(*pass));
	pass->iov.iov_base = &pass->byte;
	pass->iov.iov_len = sizeof(pass->byte);
	pass->msg.msg_iov = &pass->iov;
	pass->msg.msg_iovlen = 1;
	pass->msg.msg_control = &pass->control;
	pass->msg.msg_controllen = sizeof(pass->control);
}

static inline long fdpass_send(int sock, int fd)
{
	struct fdpass pass;
	struct cmsghdr *header;

	fdpass_init(&pass);
	header = CMSG_FIRSTHDR(&pass.msg);
	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(header), &fd, sizeof(fd));
	return sysret(sendmsg(sock, &pass.msg, 0));
}

/* Returns the received descriptor or a negative errno. */
static inline int fdpass_receive(int sock)
{
	struct fdpass pass;
	struct cmsghdr *header;
	long ret;
	int fd;

	fdpass_init(&pass);
	ret = sysret(recvmsg(sock, &pass.msg, MSG_CMSG_CLOEXEC));
	if (ret < 0)
		return ret;

	header = CMSG_FIRSTHDR(&pass.msg);
	if (!header || header->cmsg_type != SCM_RIGHTS)
		return -EBADMSG;
	memcpy(&fd, CMSG_DATA(header), sizeof(fd));
	return fd;
}

#endif /* _SELFTESTS_LIB_FDPASS_H */
