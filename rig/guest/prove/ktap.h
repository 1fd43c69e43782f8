/* SPDX-License-Identifier: GPL-2.0 */
/*
 * KTAP - the document that a proof prints, one level deep in the run's document
 *
 * A reason is the text after the "#" of a result; because() formats one into a
 * buffer that the next call overwrites.
 */
#ifndef PROVE_KTAP_H
#define PROVE_KTAP_H

#include <stdbool.h>

/* The compiler checks the arguments as those of printf(). */
#define PRINTF_FORMAT	format(printf, 1, 2)

void ktap_begin(const char *name, int results);
void ktap_note(const char *format, ...) __attribute__((PRINTF_FORMAT));
void ktap_result(const char *name, const char *reason);
void ktap_skip(const char *name, const char *reason);
bool ktap_end(void);
void ktap_drain(void);

const char *because(const char *format, ...) __attribute__((PRINTF_FORMAT));
const char *error_text(int error);
const char *error_name(int error);

#endif
