/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Unpack - decompress gzip, xz or zstd
 */

#ifndef _WHY_UNPACK_H
#define _WHY_UNPACK_H

#include "buffer.h"

bool unpack(struct buffer from, void *to, size_t limit, bool is_file, size_t *size);

#endif
