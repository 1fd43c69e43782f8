/* SPDX-License-Identifier: GPL-2.0 */
/*
 * List - print all that is known, as a page of the documentation
 */

#ifndef _WHY_LIST_H
#define _WHY_LIST_H

void list_checks(void);
void list_messages(void);

#endif
