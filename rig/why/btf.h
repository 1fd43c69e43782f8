/* SPDX-License-Identifier: GPL-2.0 */
/*
 * BTF - the types of a kernel
 */

#ifndef _WHY_BTF_H
#define _WHY_BTF_H

#include "buffer.h"

unsigned int btf_module_size(struct buffer btf);
unsigned int btf_names_size(struct buffer btf);

#endif
