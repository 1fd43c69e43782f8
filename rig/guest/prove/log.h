/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Log - the kernel's log, in which each step of a proof has its place
 */
#ifndef PROVE_LOG_H
#define PROVE_LOG_H

#include <stdbool.h>

void log_begin(const char *module, const char *step);
void log_show(void);
void log_watch(void);
bool log_has_bug(void);
void log_await(int ms);

#endif
