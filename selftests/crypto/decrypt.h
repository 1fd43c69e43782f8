/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Decrypt - decrypts one block with AES-256-CBC in the kernel, through AF_ALG
 */
#ifndef _SELFTESTS_CRYPTO_DECRYPT_H
#define _SELFTESTS_CRYPTO_DECRYPT_H

#include <errno.h>
#include <linux/if_alg.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/sysret.h"

#define DECRYPT_KEY_SIZE	32
#define DECRYPT_BLOCK_SIZE	16

/* A message to the socket: the operation, the IV and the block. */
struct decrypt {
	struct msghdr msg;
	struct iovec iov;
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(sizeof(int)) +
			   CMSG_SPACE(sizeof(struct af_alg_iv) +
				      DECRYPT_BLOCK_SIZE)];
	} control;
};

static inline void decrypt_init(struct decrypt *op, const void *iv,
				const void *block)
{
	struct cmsghdr *header;
	struct af_alg_iv *alg_iv;
	int kind = ALG_OP_DECRYPT;

	memset(op, 0, sizeof(*op));
	op->iov.iov_base = (void *)block;
	op->iov.iov_len = DECRYPT_BLOCK_SIZE;
	op->msg.msg_iov = &op->iov;
	op->msg.msg_iovlen = 1;
	op->msg.msg_control = &op->control;
	op->msg.msg_controllen = sizeof(op->control);

	header = CMSG_FIRSTHDR(&op->msg);
	header->cmsg_level = SOL_ALG;
	header->cmsg_type = ALG_SET_OP;
	header->cmsg_len = CMSG_LEN(sizeof(kind));
	memcpy(CMSG_DATA(header), &kind, sizeof(kind));

	header = CMSG_NXTHDR(&op->msg, header);
	header->cmsg_level = SOL_ALG;
	header->cmsg_type = ALG_SET_IV;
	header->cmsg_len = CMSG_LEN(sizeof(*alg_iv) + DECRYPT_BLOCK_SIZE);
	alg_iv = (void *)CMSG_DATA(header);
	alg_iv->ivlen = DECRYPT_BLOCK_SIZE;
	memcpy(alg_iv->iv, iv, DECRYPT_BLOCK_SIZE);
}

/* Returns a socket for decryption with this key, or a negative errno. */
static inline int decrypt_open(const void *key)
{
	struct sockaddr_alg addr = {
		.salg_family = AF_ALG,
		.salg_type = "skcipher",
		.salg_name = "cbc(aes)",
	};
	int sock = sysret(socket(AF_ALG, SOCK_SEQPACKET | SOCK_CLOEXEC, 0));
	int fd;

	if (sock < 0)
		return sock;

	fd = sysret(bind(sock, (void *)&addr, sizeof(addr)));
	if (!fd)
		fd = sysret(setsockopt(sock, SOL_ALG, ALG_SET_KEY, key,
				       DECRYPT_KEY_SIZE));
	if (!fd)
		fd = sysret(accept(sock, NULL, 0));
	close(sock);
	return fd;
}

/*
 * Decrypts @block to @plain.  Returns the number of bytes, or a negative errno.
 */
static inline long decrypt_block(const void *key, const void *iv,
				 const void *block, void *plain)
{
	struct decrypt op;
	int fd = decrypt_open(key);
	long ret;

	if (fd < 0)
		return fd;

	decrypt_init(&op, iv, block);
	ret = sysret(sendmsg(fd, &op.msg, 0));
	if (ret >= 0)
		ret = sysret(read(fd, plain, DECRYPT_BLOCK_SIZE));
	close(fd);
	return ret;
}

#endif /* _SELFTESTS_CRYPTO_DECRYPT_H */
