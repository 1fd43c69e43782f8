// SPDX-License-Identifier: GPL-2.0
/*
 * Example atomic - atomic operations on numbers and bits, without a lock
 *
 *	# insmod example_atomic.ko
 *	# dmesg -t | tail -8
 *	example_atomic started
 *	chris: 50, debbie: 52
 *	Bits 0: 00000000
 *	Bits 1: 00101000
 *	Bits 2: 00001000
 *	Bits 3: 00000000
 *	Bits 4: 00001000
 *	Bits 5: 11111111
 */
#include <linux/atomic.h>
#include <linux/bitops.h>
#include <linux/init.h>
#include <linux/module.h>
#include <linux/printk.h>

#include "bitstring.h"

#define EXAMPLE_ATOMIC_BITS	8

static void show_numbers(void)
{
	atomic_t debbie;
	atomic_t chris = ATOMIC_INIT(50);

	atomic_set(&debbie, 45);
	atomic_dec(&debbie);
	atomic_add(7, &debbie);
	atomic_inc(&debbie);
	pr_info("chris: %d, debbie: %d\n", atomic_read(&chris),
		atomic_read(&debbie));
}

static void log_bits(int step, unsigned long word)
{
	char text[BITSTRING_SIZE(EXAMPLE_ATOMIC_BITS)];

	bitstring_format(text, word, EXAMPLE_ATOMIC_BITS);
	pr_info("Bits %d: %s\n", step, text);
}

static void show_bits(void)
{
	unsigned long word = 0;

	log_bits(0, word);
	set_bit(3, &word);
	set_bit(5, &word);
	log_bits(1, word);
	clear_bit(5, &word);
	log_bits(2, word);
	change_bit(3, &word);
	log_bits(3, word);
	if (test_and_set_bit(3, &word))
		pr_info("wrong\n");
	log_bits(4, word);
	log_bits(5, 0xff);
}

static int __init example_atomic_init(void)
{
	pr_info("example_atomic started\n");
	show_numbers();
	show_bits();
	return 0;
}
module_init(example_atomic_init);

static void __exit example_atomic_exit(void)
{
	pr_info("example_atomic exit\n");
}
module_exit(example_atomic_exit);

MODULE_DESCRIPTION("Example of atomic operations on integers and bits");
MODULE_LICENSE("GPL");
