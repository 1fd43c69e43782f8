/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Report - tell the user what the checks found
 */

#ifndef _WHY_REPORT_H
#define _WHY_REPORT_H

#include "attempt.h"

/* The exit status of the program. */
enum verdict { VERDICT_LOADS = 0, VERDICT_REFUSED = 1, VERDICT_UNSURE = 2 };

enum verdict report_verdict(const struct attempt *attempt);
const char *report_errno(int error);
const char *report_insmod(int error);
void report_text(struct attempt *attempt);
void report_line(struct attempt *attempt);
void report_json(struct attempt *attempt);

#endif
