/* SPDX-License-Identifier: GPL-2.0 */
/*
 * DHT frame - humidity and temperature as a DHT11 sends them
 *
 *	   answer    bit    bit            bit    end
 *	-__________--____--____-----__ ... ____--____------
 *	 ^           ^     ^        ^      ^     ^
 *	 0           1     2        3      40    41
 *
 * The line has a falling edge when the sensor answers, at the beginning of each
 * of the 40 bits, and at the end of the last bit.  The time from one falling
 * edge to the next encodes a bit, so only the falling edges are needed.  The
 * receiver may miss the first falling edge, because it has to make the line an
 * input before that edge.  The other 41 falling edges are required.
 *
 * The 40 bits are five bytes, each with its highest bit first: humidity in per
 * cent, the fraction of the humidity, temperature in degrees Celsius, the
 * fraction of the temperature, and the sum of these four bytes.  (Aosong, DHT11
 * product manual; a DHT11 has no fraction of humidity.)  No value has more than
 * one byte, so the byte order of the CPU does not matter.
 *
 * The kernel's own driver, drivers/iio/humidity/dht11.c, decodes both rising
 * and falling edges, in a static function that another module cannot call.
 *
 * Nothing here allocates, locks or sleeps, and only @frame is written to, so
 * any number of calls may run at the same time.  A function that returns an
 * error has changed nothing.
 */
#ifndef _MODPROOF_DHT_FRAME_H
#define _MODPROOF_DHT_FRAME_H

#include <linux/types.h>

#define DHT_FRAME_BITS		40
#define DHT_FRAME_MIN_FALLS	(DHT_FRAME_BITS + 1)
#define DHT_FRAME_MAX_FALLS	(DHT_FRAME_BITS + 2)

/**
 * struct dht_frame_timing - limits for a bit, in the unit of the times of edges
 * @zero: minimum length of a zero
 * @one: minimum length of a one; every zero is shorter than this
 * @end: every zero and every one is shorter than this
 */
struct dht_frame_timing {
	u64 zero;
	u64 one;
	u64 end;
};

/**
 * struct dht_frame - what the sensor has measured
 * @humidity: relative humidity in per cent
 * @temperature: in degrees Celsius
 */
struct dht_frame {
	u8 humidity;
	u8 temperature;
};

int dht_frame_decode(const u64 *falls, u32 nr_falls,
		     const struct dht_frame_timing *timing,
		     struct dht_frame *frame);

#endif /* _MODPROOF_DHT_FRAME_H */
