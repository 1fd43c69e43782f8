// SPDX-License-Identifier: GPL-2.0
/*
 * Cat nonblock - print a file that is opened with O_NONBLOCK
 *
 *	$ cat_nonblock /proc/sleep
 *	Last input:
 *	$ cat_nonblock /proc/sleep	# while another program has it open
 *	Open would block
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define MAX_BYTES	4096

/* Returns the number of bytes printed, 0 at the end of file, or -1 on error. */
static ssize_t print_some(int fd)
{
	char bytes[MAX_BYTES];
	ssize_t len = read(fd, bytes, sizeof(bytes));

	if (len < 0) {
		puts(errno == EAGAIN ?
		     "Normally I'd block, but you told me not to" :
		     "Another read error");
	} else if ((ssize_t)fwrite(bytes, 1, len, stdout) != len) {
		perror("Write error");
		return -1;
	}
	return len;
}

int main(int argc, char *argv[])
{
	ssize_t len;
	int fd;

	if (argc != 2) {
		printf("Usage: %s <filename>\n", argv[0]);
		puts("Reads the content of a file, but doesn't wait for input");
		return EXIT_FAILURE;
	}

	fd = open(argv[1], O_RDONLY | O_NONBLOCK);
	if (fd < 0) {
		puts(errno == EAGAIN ? "Open would block" : "Open failed");
		return EXIT_FAILURE;
	}

	do {
		len = print_some(fd);
	} while (len > 0);
	close(fd);
	return len || fflush(stdout) ? EXIT_FAILURE : EXIT_SUCCESS;
}
