/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Sensor - a task that simulates a DHT11
 *
 * A task can be late.  The task therefore has a real-time priority, and sends
 * its frame some hundred times more slowly than a real sensor: a falling edge
 * may be 6 ms late, or 10 ms on a slow kernel or a busy host.
 */
#ifndef _SELFTESTS_GPIO_SENSOR_H
#define _SELFTESTS_GPIO_SENSOR_H

#include <fcntl.h>
#include <sched.h>
#include <stdbool.h>
#include <time.h>
#include <unistd.h>

#include "lib/sysret.h"
#include "line.h"
#include "sim.h"

#define SENSOR_LINE		4
#define SENSOR_SCALE		300
#define SENSOR_SCALE_SLOW	500
/* For a frame of which only the number of falling edges matters. */
#define SENSOR_SCALE_FAST	100
#define SENSOR_NR_BITS		40
/* Nanoseconds from one falling edge to the next, in a real sensor's frame. */
#define SENSOR_ANSWER		160000
#define SENSOR_ZERO		80000
#define SENSOR_ONE		125000

/*
 * The frame that the task sends, .scale times more slowly than a real sensor.
 * The task stops after .bits bits.
 */
struct sensor {
	unsigned char bytes[5];
	int bits;
	int scale;
};

/* 53 per cent of humidity, 24 degrees Celsius. */
static const struct sensor sensor_good = {
	{ 53, 0, 24, 0, 77 }, SENSOR_NR_BITS, SENSOR_SCALE,
};

static inline long sensor_now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000L + now.tv_nsec;
}

static inline void sensor_sleep_until(long ns)
{
	const struct timespec end = {
		.tv_sec = ns / 1000000000,
		.tv_nsec = ns % 1000000000,
	};

	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &end, NULL);
}

/*
 * Makes a falling edge @ns nanoseconds after the last one, which was at *@fall.
 * Stores the time of the new one in *@fall.
 */
static inline int sensor_play_fall(int fd, long *fall, long ns)
{
	int err;

	sensor_sleep_until(*fall + ns / 2);
	err = sim_pull_fd(fd, true);
	if (err)
		return err;
	sensor_sleep_until(*fall + ns);
	*fall = sensor_now_ns();
	return sim_pull_fd(fd, false);
}

/* Returns the duration of the bit number @bit, in nanoseconds. */
static inline long sensor_bit_ns(const struct sensor *sensor, int bit)
{
	const bool is_one = sensor->bytes[bit / 8] & 0x80 >> bit % 8;

	return (is_one ? SENSOR_ONE : SENSOR_ZERO) * (long)sensor->scale;
}

static inline int sensor_play_frame(int fd, const struct sensor *sensor)
{
	const long answer = SENSOR_ANSWER * (long)sensor->scale;
	long fall = sensor_now_ns();
	int err;
	int i;

	err = sensor_play_fall(fd, &fall, answer);
	if (!err)
		err = sensor_play_fall(fd, &fall, answer);
	for (i = 0; !err && i < sensor->bits; i++)
		err = sensor_play_fall(fd, &fall, sensor_bit_ns(sensor, i));
	return err ? err : sim_pull_fd(fd, true);
}

/*
 * Sends the frame each time the module has pulled the line low and released it.
 * Runs until it is killed.
 */
static inline int sensor_play(void *arg)
{
	const struct sched_param first = { .sched_priority = 1 };
	int fd = sim_line_open(SENSOR_LINE, "pull", O_WRONLY);
	int err = fd < 0 ? fd : 0;

	if (!err)
		err = sysret(sched_setscheduler(0, SCHED_FIFO, &first));
	while (!err) {
		while (!line_is_output(SENSOR_LINE))
			usleep(1000);
		while (line_is_output(SENSOR_LINE))
			usleep(1000);
		err = sensor_play_frame(fd, arg);
	}
	return err;
}

#endif /* _SELFTESTS_GPIO_SENSOR_H */
