// SPDX-License-Identifier: GPL-2.0
/*
 * Userspace ioctl - set the message of /dev/char_dev and read it back
 *
 *	# userspace_ioctl
 *	get_nth_byte message:Message passed by ioctl
 *	get_msg message:Message passed by ioctl
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "chardev.h"

static int set_message(int fd, const char *message)
{
	int ret = ioctl(fd, IOCTL_SET_MSG, message);

	if (ret < 0)
		fprintf(stderr, "IOCTL_SET_MSG failed: %s\n", strerror(errno));
	return ret;
}

/*
 * The ioctl does not get the size of the buffer, so the buffer has room for the
 * longest message.
 */
static int print_message(int fd)
{
	char message[BUF_LEN + 1];
	int ret = ioctl(fd, IOCTL_GET_MSG, message);

	if (ret < 0)
		fprintf(stderr, "IOCTL_GET_MSG failed: %s\n", strerror(errno));
	else
		printf("get_msg message:%s", message);
	return ret;
}

static int print_bytes(int fd)
{
	int byte;
	int i;

	printf("get_nth_byte message:");
	for (i = 0; (byte = ioctl(fd, IOCTL_GET_NTH_BYTE, i)) > 0; i++)
		putchar(byte);

	if (byte < 0) {
		fprintf(stderr, "\nIOCTL_GET_NTH_BYTE failed at byte %d: %s\n",
			i, strerror(errno));
	}
	return byte;
}

int main(void)
{
	int fd = open(DEVICE_PATH, O_RDWR);
	int ret;

	if (fd < 0) {
		fprintf(stderr, "Can't open device file: %s: %s\n",
			DEVICE_PATH, strerror(errno));
		return EXIT_FAILURE;
	}

	ret = set_message(fd, "Message passed by ioctl\n");
	if (!ret)
		ret = print_bytes(fd);
	if (!ret)
		ret = print_message(fd);
	close(fd);
	return ret || fflush(stdout) ? EXIT_FAILURE : EXIT_SUCCESS;
}
