/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Gate - a place where tasks wait until another one lets them pass
 *
 * A pipe, which works between processes as well as between threads.  To open
 * the gate lets one task through, whether it waits already or comes later.
 */
#ifndef _SELFTESTS_GATE_H
#define _SELFTESTS_GATE_H

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include "slow.h"
#include "sysret.h"

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

/* Gives 1, or an error if nobody has opened the gate for a long time. */
static inline int gate_wait(struct gate *gate)
{
	struct pollfd end = { .fd = gate->ends[0], .events = POLLIN };
	char byte;

	if (!poll(&end, 1, slow(GATE_TIMEOUT_MS)))
		return -ETIMEDOUT;
	return sysret(read(gate->ends[0], &byte, 1));
}

#endif /* _SELFTESTS_GATE_H */
