/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Settings - keep random calls from starting programs, and from a reboot
 */
#ifndef PROVE_SETTINGS_H
#define PROVE_SETTINGS_H

void settings_change(void);
void settings_restore(void);

#endif
