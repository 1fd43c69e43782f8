/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Guest - whether this machine is a guest of the rig, which may be rebooted
 */
#ifndef PROVE_GUEST_H
#define PROVE_GUEST_H

#include <stdbool.h>
#include <stddef.h>

bool guest_find_scripts(char *path, size_t size);

#endif
