/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Payload - the kernel in an image, which is compressed in most of them
 */

#ifndef _WHY_PAYLOAD_H
#define _WHY_PAYLOAD_H

#include "buffer.h"

/**
 * struct payload - a file of the kernel after decompression
 * @contents: the contents
 * @map: what munmap() gets; NULL if @contents is of the image itself
 * @map_size: how many bytes are mapped
 */
struct payload {
	struct buffer contents;
	void *map;
	size_t map_size;
};

const char *payload_open(struct payload *payload, struct buffer image);
void payload_close(struct payload *payload);

#endif
