/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Modules - load and unload modules
 */
#ifndef MODULES_H
#define MODULES_H

/* The directory of the benchmark's own modules. */
extern const char *modules_dir;

#endif /* MODULES_H */
