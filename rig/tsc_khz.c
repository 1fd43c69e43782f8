// SPDX-License-Identifier: GPL-2.0
/*
 * TSC kHz - measure the frequency of the processor's time stamp counter
 *
 * An emulated guest reads the host's counter.  It would measure the frequency
 * by an emulated timer, and this may fail.  This program measures it on the
 * host, by the host's clock, and prints it for the guest's boot parameters.
 */
#include <stdio.h>
#include <time.h>
#include <x86intrin.h>

#define MEASURE_NS	200000000L

static long now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC_RAW, &now);
	return now.tv_sec * 1000000000L + now.tv_nsec;
}

/*
 * Read the clock and the counter together: return the clock's time and set
 * @tsc.  An interrupt may happen between the two reads.  So read both 100
 * times, and take the reads that took the least time, which were not
 * interrupted.
 */
static long read_both(unsigned long long *tsc)
{
	unsigned long long best = -1ULL;
	long ns = 0;
	int i;

	for (i = 0; i < 100; i++) {
		const unsigned long long before = __rdtsc();
		const long now = now_ns();
		const unsigned long long after = __rdtsc();

		if (after - before < best) {
			best = after - before;
			*tsc = before;
			ns = now;
		}
	}
	return ns;
}

int main(void)
{
	const struct timespec measure = { .tv_nsec = MEASURE_NS };
	unsigned long long begin, end;
	long ns = read_both(&begin);

	nanosleep(&measure, NULL);
	ns = read_both(&end) - ns;
	printf("%.0f\n", (end - begin) * 1e6 / ns);
	return 0;
}
