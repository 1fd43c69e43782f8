/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Gate - a counting semaphore on which tasks wait with a timeout
 *
 * A gate is a pipe, so it works between processes as well as between threads.
 * Each gate_open() lets one gate_wait() return, no matter which is called
 * first.
 */
#ifndef _SELFTESTS_LIB_GATE_H
#define _SELFTESTS_LIB_GATE_H

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include "sysret.h"
#include "timeout.h"

#define GATE_TIMEOUT_MS	10000

struct gate {
	int ends[2];
};

static inline int gate_init(struct gate *gate)
{
	return sysret(pipe2(gate->ends, O_CLOEXEC));
}

static inline void gate_destroy(struct gate *gate)
{
	close(gate->ends[0]);
	close(gate->ends[1]);
}

static inline int gate_open(struct gate *gate)
{
	return sysret(write(gate->ends[1], "", 1));
}

/*
 * Waits for a gate_open().  Returns 1, or a negative errno: -ETIMEDOUT if no
 * task calls gate_open().
 */
static inline int gate_wait(struct gate *gate)
{
	struct pollfd end = { .fd = gate->ends[0], .events = POLLIN };
	char byte;

	if (!poll(&end, 1, slow(GATE_TIMEOUT_MS)))
		return -ETIMEDOUT;
	return sysret(read(gate->ends[0], &byte, 1));
}

#endif /* _SELFTESTS_LIB_GATE_H */
