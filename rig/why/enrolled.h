/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Enrolled - the certificates in a variable of UEFI
 */

#ifndef _WHY_ENROLLED_H
#define _WHY_ENROLLED_H

#include "pkcs7.h"

bool enrolled_has_signer(struct buffer lists, const struct message_parts *parts);

#endif
