/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Example mutex - take a mutex with mutex_trylock(), or fail if it is held
 */
#ifndef _MODPROOF_EXAMPLE_MUTEX_H
#define _MODPROOF_EXAMPLE_MUTEX_H

struct mutex;

int example_mutex_try(struct mutex *lock);

#endif /* _MODPROOF_EXAMPLE_MUTEX_H */
