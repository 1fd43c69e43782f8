/* SPDX-License-Identifier: GPL-2.0 */
/*
 * DHT frame model - humidity and temperature from the falling edges of a frame
 *
 * The model shifts all 40 bits into one number, in the order of the sensor's
 * manual, and takes the bytes from that number afterwards.
 */
#ifndef _MODPROOF_DHT_FRAME_MODEL_H
#define _MODPROOF_DHT_FRAME_MODEL_H

#include <linux/errno.h>
#include <linux/types.h>

#include "dht_frame.h"

#define DHT_FRAME_MODEL_BITS	40

static inline int dht_frame_model_checksum(u64 word)
{
	u32 sum = 0;
	int i;

	for (i = 8; i < DHT_FRAME_MODEL_BITS; i += 8)
		sum += word >> i & 0xff;
	return sum % 256 == (word & 0xff) ? 0 : -EIO;
}

static inline int dht_frame_model_decode(const u64 *falls, u32 nr,
					 const struct dht_frame_timing *timing,
					 struct dht_frame *frame)
{
	u64 length, word = 0;
	u32 i;

	if (nr <= DHT_FRAME_MODEL_BITS)
		return -ETIMEDOUT;
	if (nr > DHT_FRAME_MODEL_BITS + 2)
		return -EIO;

	for (i = nr - DHT_FRAME_MODEL_BITS; i < nr; i++) {
		length = falls[i] - falls[i - 1];
		if (length >= timing->end || length < timing->zero)
			return -EIO;
		word = word * 2 + (length >= timing->one);
	}
	if (dht_frame_model_checksum(word))
		return -EIO;

	frame->humidity = word >> 32;
	frame->temperature = word >> 16;
	return 0;
}

#endif /* _MODPROOF_DHT_FRAME_MODEL_H */
