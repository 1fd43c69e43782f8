// SPDX-License-Identifier: GPL-2.0
/*
 * Reseed - make the kernel derive its random numbers from its entropy pool anew
 *
 * A guest that is restored from a snapshot has written a seed to /dev/urandom,
 * which adds it to the pool.  The kernel reads the pool again only after some
 * time, and until then it would return the same numbers as every other guest
 * that is restored from the snapshot.
 */
#include <fcntl.h>
#include <linux/random.h>
#include <stdio.h>
#include <sys/ioctl.h>

int main(void)
{
	const int fd = open("/dev/urandom", O_RDONLY);

	if (fd < 0 || ioctl(fd, RNDRESEEDCRNG)) {
		perror("reseed: /dev/urandom");
		return 1;
	}
	return 0;
}
