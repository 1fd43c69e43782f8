/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Bench parts - operations of parts of lib/, and of what the kernel has instead
 */
#ifndef _BENCH_PARTS_H
#define _BENCH_PARTS_H

int bench_parts_init(void);
void bench_parts_destroy(void);

int bench_parts_deque(unsigned long nr_rounds);
int bench_parts_kfifo(unsigned long nr_rounds);
int bench_parts_owners_many(unsigned long nr_rounds);
int bench_parts_owners_one(unsigned long nr_rounds);
int bench_parts_owners_bytes(void);

#endif /* _BENCH_PARTS_H */
