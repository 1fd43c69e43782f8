/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Command - run a program, whose output becomes diagnostics
 */
#ifndef PROVE_COMMAND_H
#define PROVE_COMMAND_H

const char *command_run(char * const argv[], int seconds, void (*tell)(const char *line));
void command_note(const char *line);

#endif
