// SPDX-License-Identifier: GPL-2.0
/*
 * Full example - /proc/full_ex, a deque of integers for each open file
 *
 *	# exec 3<>/proc/full_ex			one open per process at a time
 *	# printf '\004' >&3			room for four values
 *	# printf '\007\000\000\000' >&3		7 is odd: pushed on the left
 *	# printf '\010\000\000\000' >&3		8 is even: pushed on the right
 *	# head -c 4 <&3 | od -An -td4		the leftmost: 7
 *
 * The deque belongs to the open file: all tasks that share the open file use
 * the same deque, even if they received the descriptor by fork() or SCM_RIGHTS.
 * Only the limit of one open file is per process (thread group): a second open
 * by the process that opened the file returns EACCES.
 */
#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/lockdep.h>
#include <linux/log2.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/pagemap.h>
#include <linux/pid.h>
#include <linux/proc_fs.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/uaccess.h>

#include "deque.h"
#include "deque_proto.h"
#include "owner_table.h"

#define FULL_EX_NAME		"full_ex"
#define FULL_EX_FIRST_BITS	6

/**
 * struct full_ex_file - an open file
 * @owner: the claim of the process that opened the file, protected by
 *	owners_lock
 * @lock: protects @dq
 * @dq: the deque, whose ring is allocated when its capacity is set
 */
struct full_ex_file {
	struct owner_table_entry owner;
	struct mutex lock;	/* protects @dq */
	struct deque dq;
};

static DEFINE_SPINLOCK(owners_lock);
static struct owner_table owners;
static bool owners_growing;	/* protected by owners_lock */

static struct hlist_head *buckets_alloc(unsigned int bits)
{
	return kvcalloc(1U << bits, sizeof(struct hlist_head),
			GFP_KERNEL | __GFP_NOWARN);
}

/*
 * Doubles the number of buckets.  Only the task that has set owners_growing
 * calls this.  If there is no memory, the table is slower but stays correct,
 * and the next claim tries to grow it again.
 */
static void owners_grow(void)
{
	const unsigned int bits = owners.bits + 1;
	struct hlist_head *buckets = buckets_alloc(bits);

	spin_lock(&owners_lock);
	if (buckets)
		WARN_ON_ONCE(owner_table_grow(&owners, buckets, bits));
	owners_growing = false;
	spin_unlock(&owners_lock);
}

/*
 * Allocating and freeing an array of buckets may take long, so both are done
 * after owners_lock has been released.
 */
static int owner_claim(struct full_ex_file *ff)
{
	struct pid *pid = get_pid(task_tgid(current));
	struct hlist_head *retired;
	bool grow;
	int err;

	spin_lock(&owners_lock);
	err = owner_table_claim(&owners, &ff->owner, pid);
	retired = owner_table_retire(&owners);
	grow = owner_table_is_crowded(&owners) && !owners_growing;
	if (grow)
		owners_growing = true;
	spin_unlock(&owners_lock);

	kvfree(retired);
	if (grow)
		owners_grow();
	if (err)
		put_pid(pid);
	return err;
}

static void owner_release(struct full_ex_file *ff)
{
	struct hlist_head *retired;

	spin_lock(&owners_lock);
	owner_table_release(&owners, &ff->owner);
	retired = owner_table_retire(&owners);
	spin_unlock(&owners_lock);

	kvfree(retired);
	put_pid((struct pid *)ff->owner.owner);
}

static int full_ex_open(struct inode *inode, struct file *file)
{
	struct full_ex_file *ff;

	ff = kzalloc(sizeof(*ff), GFP_KERNEL_ACCOUNT);
	if (!ff)
		return -ENOMEM;

	mutex_init(&ff->lock);
	if (owner_claim(ff)) {
		kfree(ff);
		return -EACCES;
	}
	file->private_data = ff;
	return 0;
}

static int full_ex_release(struct inode *inode, struct file *file)
{
	struct full_ex_file *ff = file->private_data;

	owner_release(ff);
	kfree(ff->dq.slots);
	kfree(ff);
	return 0;
}

/* Copies the leftmost value to the user and removes it, or changes nothing. */
static int pop_to_user(struct full_ex_file *ff, char __user *buf, size_t count)
{
	s32 value;
	int err;

	lockdep_assert_held(&ff->lock);
	err = deque_proto_peek(&ff->dq, count, &value);
	if (err)
		return err;
	pagefault_disable();
	err = put_user(value, (s32 __user *)buf);
	pagefault_enable();
	if (!err)
		deque_proto_pop(&ff->dq);
	return err;
}

/*
 * A value that cannot be copied to the user stays in the deque.  So the value
 * is copied while the lock is held, with page faults disabled.  If a page of
 * the user's buffer is missing, this releases the lock, faults the page in, and
 * starts again.
 */
static ssize_t full_ex_read(struct file *file, char __user *buf, size_t count,
			    loff_t *ppos)
{
	struct full_ex_file *ff = file->private_data;
	int err;

	do {
		if (mutex_lock_killable(&ff->lock))
			return -EINTR;
		err = pop_to_user(ff, buf, count);
		mutex_unlock(&ff->lock);
	} while (err == -EFAULT && !fatal_signal_pending(current) &&
		 !fault_in_safe_writeable(buf, sizeof(s32)));
	return err ? err : sizeof(s32);
}

/* Allocates the ring of a deque that has no capacity yet. */
static int set_capacity(struct full_ex_file *ff, u32 capacity)
{
	const u32 nr_slots = roundup_pow_of_two(capacity);
	s32 *slots;

	lockdep_assert_held(&ff->lock);
	slots = kmalloc_array(nr_slots, sizeof(*slots), GFP_KERNEL_ACCOUNT);
	if (!slots)
		return -ENOMEM;
	return deque_init(&ff->dq, slots, nr_slots, capacity);
}

/*
 * Copies a message from the user.  Most messages are values.  The size of a
 * value is constant, so the kernel does not check whether it fits into @msg each
 * time.
 */
static int get_message(u8 msg[DEQUE_PROTO_MAX_LEN], const char __user *buf,
		       size_t len)
{
	unsigned long missed;

	if (len == DEQUE_PROTO_MAX_LEN)
		missed = copy_from_user(msg, buf, DEQUE_PROTO_MAX_LEN);
	else if (len < DEQUE_PROTO_MAX_LEN)
		missed = copy_from_user(msg, buf, len);
	else
		return -EINVAL;
	return missed ? -EFAULT : 0;
}

static ssize_t full_ex_write(struct file *file, const char __user *buf,
			     size_t count, loff_t *ppos)
{
	struct full_ex_file *ff = file->private_data;
	u8 msg[DEQUE_PROTO_MAX_LEN];
	int err;

	err = get_message(msg, buf, count);
	if (err)
		return err;

	if (mutex_lock_killable(&ff->lock))
		return -EINTR;
	err = deque_proto_write(&ff->dq, msg, count);
	if (err > 0)
		err = set_capacity(ff, err);
	mutex_unlock(&ff->lock);
	return err ? err : count;
}

static const struct proc_ops full_ex_ops = {
	.proc_open = full_ex_open,
	.proc_release = full_ex_release,
	.proc_read = full_ex_read,
	.proc_write = full_ex_write,
};

static int __init full_ex_init(void)
{
	struct hlist_head *buckets = buckets_alloc(FULL_EX_FIRST_BITS);

	if (!buckets)
		return -ENOMEM;

	owner_table_init(&owners, buckets, FULL_EX_FIRST_BITS);
	if (!proc_create(FULL_EX_NAME, 0666, NULL, &full_ex_ops)) {
		kvfree(buckets);
		return -ENOMEM;
	}
	return 0;
}
module_init(full_ex_init);

/*
 * remove_proc_entry() waits for calls in progress on the file, and releases
 * every open file.
 */
static void __exit full_ex_exit(void)
{
	remove_proc_entry(FULL_EX_NAME, NULL);
	kvfree(owners.old_buckets);
	kvfree(owners.buckets);
}
module_exit(full_ex_exit);

MODULE_DESCRIPTION("Deque of integers for each process in /proc/full_ex");
MODULE_LICENSE("GPL");
