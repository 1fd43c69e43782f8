// SPDX-License-Identifier: GPL-2.0
/*
 * DHT frame - humidity and temperature as a DHT11 sends them
 */
#include <linux/errno.h>
#include <linux/types.h>

#include "dht_frame.h"

#define DHT_FRAME_SUM	4

/* Returns the bit that @length encodes, or -EIO if @length is out of range. */
static int find_bit_of(u64 length, const struct dht_frame_timing *timing)
{
	if (length < timing->zero || length >= timing->end)
		return -EIO;
	return length >= timing->one;
}

/**
 * dht_frame_decode() - Decode a frame from the times of its falling edges.
 * @falls: times of the falling edges, the earliest first
 * @nr_falls: number of falling edges; any number is allowed
 * @timing: limits for the length of a bit
 * @frame: set to what the sensor has measured
 *
 * Return: 0; -ETIMEDOUT if there are too few falling edges; -EIO if there are
 * too many, if a bit is too short or too long, or if the checksum is wrong.
 */
int dht_frame_decode(const u64 *falls, u32 nr_falls,
		     const struct dht_frame_timing *timing,
		     struct dht_frame *frame)
{
	u8 bytes[DHT_FRAME_SUM + 1] = {};
	int bit;
	u32 i;

	if (nr_falls < DHT_FRAME_MIN_FALLS)
		return -ETIMEDOUT;
	if (nr_falls > DHT_FRAME_MAX_FALLS)
		return -EIO;

	falls += nr_falls - DHT_FRAME_MIN_FALLS;
	for (i = 0; i < DHT_FRAME_BITS; i++) {
		bit = find_bit_of(falls[i + 1] - falls[i], timing);
		if (bit < 0)
			return bit;
		bytes[i / 8] = bytes[i / 8] << 1 | bit;
	}

	if (bytes[DHT_FRAME_SUM] !=
	    (u8)(bytes[0] + bytes[1] + bytes[2] + bytes[3]))
		return -EIO;

	frame->humidity = bytes[0];
	frame->temperature = bytes[2];
	return 0;
}
