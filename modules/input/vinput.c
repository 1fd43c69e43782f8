// SPDX-License-Identifier: GPL-2.0
/*
 * Virtual input - input devices whose events programs write to a file
 *
 *	# modprobe vkbd
 *	# echo vkbd > /sys/class/vinput/export
 *	# echo +34 > /dev/vinput0
 *	# echo -34 > /dev/vinput0
 *	# echo 0 > /sys/class/vinput/unexport
 *
 * vinput_mutex serialises adding, finding and removing types and devices.  Each
 * device has a mutex, too, which is taken inside vinput_mutex: the removal of a
 * device takes both, to wait for calls in progress.
 */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/input.h>
#include <linux/kdev_t.h>
#include <linux/kref.h>
#include <linux/kstrtox.h>
#include <linux/list.h>
#include <linux/lockdep.h>
#include <linux/minmax.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/types.h>
#include <linux/uaccess.h>

#include "compat.h"
#include "vinput.h"

#define VINPUT_NAME	"vinput"

static DEFINE_MUTEX(vinput_mutex);
/* vinput_mutex protects the list and the array. */
static LIST_HEAD(vinput_types);
static struct vinput *vinputs[MAX_VINPUT];

static struct class *vinput_class;
static int vinput_major;

static void free_vinput(struct kref *kref)
{
	kfree(container_of(kref, struct vinput, kref));
}

static void put_vinput(struct vinput *vinput)
{
	kref_put(&vinput->kref, free_vinput);
}

/* Returns a device, with a reference, or NULL if it does not exist. */
static struct vinput *get_vinput(unsigned int id)
{
	struct vinput *vinput = NULL;

	mutex_lock(&vinput_mutex);
	if (id < MAX_VINPUT)
		vinput = vinputs[id];
	if (vinput)
		kref_get(&vinput->kref);
	mutex_unlock(&vinput_mutex);
	return vinput;
}

static int vinput_open(struct inode *inode, struct file *file)
{
	file->private_data = get_vinput(iminor(inode));
	return file->private_data ? 0 : -ENODEV;
}

static int vinput_release(struct inode *inode, struct file *file)
{
	put_vinput(file->private_data);
	return 0;
}

/*
 * Takes the mutex of a device.  Returns 0, -EINTR if a fatal signal is pending,
 * or -ENODEV if the device has been unexported.
 */
static int lock_vinput(struct vinput *vinput)
{
	if (mutex_lock_killable(&vinput->mutex))
		return -EINTR;
	if (vinput->type)
		return 0;

	mutex_unlock(&vinput->mutex);
	return -ENODEV;
}

static ssize_t vinput_read(struct file *file, char __user *buf, size_t count,
			   loff_t *ppos)
{
	struct vinput *vinput = file->private_data;
	char text[VINPUT_MAX_LEN];
	int ret;

	ret = lock_vinput(vinput);
	if (ret)
		return ret;
	ret = vinput->type->ops->read(vinput, text, sizeof(text));
	mutex_unlock(&vinput->mutex);
	if (ret < 0)
		return ret;

	return simple_read_from_buffer(buf, count, ppos, text,
				       min_t(size_t, ret, sizeof(text)));
}

/* The file offset is for reads only: a write neither uses nor moves it. */
static ssize_t vinput_write(struct file *file, const char __user *buf,
			    size_t count, loff_t *ppos)
{
	struct vinput *vinput = file->private_data;
	char text[VINPUT_MAX_LEN + 1];
	int ret;

	if (count > VINPUT_MAX_LEN)
		return -EINVAL;
	if (copy_from_user(text, buf, count))
		return -EFAULT;
	text[count] = '\0';

	ret = lock_vinput(vinput);
	if (ret)
		return ret;
	if (count)
		ret = vinput->type->ops->send(vinput, text, count);
	mutex_unlock(&vinput->mutex);
	return ret;
}

const struct file_operations vinput_fops = {
	.owner = THIS_MODULE,
	.llseek = default_llseek,
	.read = vinput_read,
	.write = vinput_write,
	.open = vinput_open,
	.release = vinput_release,
};
EXPORT_SYMBOL_GPL(vinput_fops);

static struct vinput_device *find_type(const char *name)
{
	struct vinput_device *type;

	lockdep_assert_held(&vinput_mutex);
	list_for_each_entry(type, &vinput_types, list) {
		if (sysfs_streq(name, type->name))
			return type;
	}
	return NULL;
}

static int find_free_id(void)
{
	int id;

	lockdep_assert_held(&vinput_mutex);
	for (id = 0; id < MAX_VINPUT; id++) {
		if (!vinputs[id])
			return id;
	}
	return -ENOBUFS;
}

static struct vinput *alloc_vinput(const struct vinput_device *type, int id)
{
	struct vinput *vinput = kzalloc(sizeof(*vinput), GFP_KERNEL);

	if (!vinput)
		return NULL;

	vinput->input = input_allocate_device();
	if (!vinput->input) {
		kfree(vinput);
		return NULL;
	}
	vinput->id = id;
	vinput->type = type;
	spin_lock_init(&vinput->lock);
	mutex_init(&vinput->mutex);
	kref_init(&vinput->kref);
	return vinput;
}

/*
 * Adds the node of a device.  The caller holds vinput_mutex, so an open of the
 * node waits until the device is complete.
 */
static int add_node(struct vinput *vinput)
{
	struct device *dev;

	dev = device_create(vinput_class, NULL,
			    MKDEV(vinput_major, vinput->id), NULL,
			    VINPUT_NAME "%ld", vinput->id);
	vinput->dev = dev;
	return PTR_ERR_OR_ZERO(dev);
}

static void remove_node(struct vinput *vinput)
{
	device_destroy(vinput_class, MKDEV(vinput_major, vinput->id));
}

static int init_input(struct vinput *vinput)
{
	vinput->input->name = vinput->type->name;
	vinput->input->phys = VINPUT_NAME;
	vinput->input->id.bustype = BUS_VIRTUAL;
	vinput->input->dev.parent = vinput->dev;
	return vinput->type->ops->init(vinput);
}

static int add_vinput(const struct vinput_device *type, int id)
{
	struct vinput *vinput = alloc_vinput(type, id);
	int err;

	if (!vinput)
		return -ENOMEM;

	err = add_node(vinput);
	if (err)
		goto err_free;
	err = init_input(vinput);
	if (err)
		goto err_remove_node;

	vinputs[id] = vinput;
	return 0;

err_remove_node:
	remove_node(vinput);
err_free:
	input_free_device(vinput->input);
	put_vinput(vinput);
	return err;
}

/*
 * Makes the device unavailable, waits for calls in progress, unregisters the
 * input device, and drops a reference.
 */
static void remove_vinput(struct vinput *vinput)
{
	const struct vinput_device *type = vinput->type;

	lockdep_assert_held(&vinput_mutex);
	vinputs[vinput->id] = NULL;
	mutex_lock(&vinput->mutex);
	vinput->type = NULL;
	mutex_unlock(&vinput->mutex);

	if (type->ops->kill)
		type->ops->kill(vinput);
	input_unregister_device(vinput->input);
	remove_node(vinput);
	put_vinput(vinput);
}

/**
 * vinput_export() - Add a device.
 * @name: the name of its type; one newline may follow
 *
 * Context: Sleeps.  Calls the type's .init.
 *
 * Return: the number of the device, 0..MAX_VINPUT - 1, which is the lowest
 * number that is free; -ENODEV if a type of that name is not registered;
 * -ENOBUFS if all numbers are in use; -ENOMEM; or the error of .init.
 */
int vinput_export(const char *name)
{
	struct vinput_device *type;
	int err;
	int id;

	mutex_lock(&vinput_mutex);
	type = find_type(name);
	id = type ? find_free_id() : -ENODEV;
	err = id < 0 ? id : add_vinput(type, id);
	mutex_unlock(&vinput_mutex);
	return err ? err : id;
}
EXPORT_SYMBOL_GPL(vinput_export);

/**
 * vinput_unexport() - Remove a device, even if it is open.
 * @id: its number
 *
 * Context: Sleeps.  Calls the type's .kill.
 *
 * Return: 0, or -ENODEV if a device with that number does not exist.
 */
int vinput_unexport(unsigned int id)
{
	int err = -ENODEV;

	mutex_lock(&vinput_mutex);
	if (id < MAX_VINPUT && vinputs[id]) {
		remove_vinput(vinputs[id]);
		err = 0;
	}
	mutex_unlock(&vinput_mutex);
	return err;
}
EXPORT_SYMBOL_GPL(vinput_unexport);

/**
 * vinput_register() - Register a type, so that devices of it can be added.
 * @type: the type, which must stay valid until vinput_unregister()
 *
 * Context: Sleeps.
 *
 * Return: 0, -EINVAL if its name is empty or a required operation is missing,
 * or -EEXIST if a type of that name is already registered.
 */
int vinput_register(struct vinput_device *type)
{
	const struct vinput_ops *ops = type->ops;
	int err = 0;

	if (!type->name[0] || !ops || !ops->init || !ops->send || !ops->read)
		return -EINVAL;

	mutex_lock(&vinput_mutex);
	if (find_type(type->name))
		err = -EEXIST;
	else
		list_add_tail(&type->list, &vinput_types);
	mutex_unlock(&vinput_mutex);
	return err;
}
EXPORT_SYMBOL_GPL(vinput_register);

/**
 * vinput_unregister() - Unregister a type and remove all its devices.
 * @type: the type
 *
 * Context: Sleeps.  Calls the type's .kill for each device.  No operation of
 * the type is called after this returns.
 */
void vinput_unregister(struct vinput_device *type)
{
	int id;

	mutex_lock(&vinput_mutex);
	list_del(&type->list);
	for (id = 0; id < MAX_VINPUT; id++) {
		if (vinputs[id] && vinputs[id]->type == type)
			remove_vinput(vinputs[id]);
	}
	mutex_unlock(&vinput_mutex);
}
EXPORT_SYMBOL_GPL(vinput_unregister);

static ssize_t export_store(CLASS_ATTR_CONST struct class *class,
			    CLASS_ATTR_CONST struct class_attribute *attr,
			    const char *buf, size_t count)
{
	int ret = vinput_export(buf);

	return ret < 0 ? ret : count;
}
static CLASS_ATTR_WO(export);

static ssize_t unexport_store(CLASS_ATTR_CONST struct class *class,
			      CLASS_ATTR_CONST struct class_attribute *attr,
			      const char *buf, size_t count)
{
	unsigned int id;
	int err;

	err = kstrtouint(buf, 10, &id);
	if (!err)
		err = vinput_unexport(id);
	return err ? err : count;
}
static CLASS_ATTR_WO(unexport);

static int create_class(void)
{
	int err;

	vinput_class = class_create(VINPUT_NAME);
	if (IS_ERR(vinput_class))
		return PTR_ERR(vinput_class);

	err = class_create_file(vinput_class, &class_attr_export);
	if (err)
		goto err_destroy;
	err = class_create_file(vinput_class, &class_attr_unexport);
	if (err)
		goto err_remove_export;
	return 0;

err_remove_export:
	class_remove_file(vinput_class, &class_attr_export);
err_destroy:
	class_destroy(vinput_class);
	return err;
}

static void destroy_class(void)
{
	class_remove_file(vinput_class, &class_attr_unexport);
	class_remove_file(vinput_class, &class_attr_export);
	class_destroy(vinput_class);
}

static int __init vinput_init(void)
{
	int err;

	vinput_major = __register_chrdev(0, 0, MAX_VINPUT, VINPUT_NAME,
					 &vinput_fops);
	if (vinput_major < 0)
		return vinput_major;

	err = create_class();
	if (err)
		__unregister_chrdev(vinput_major, 0, MAX_VINPUT, VINPUT_NAME);
	return err;
}
module_init(vinput_init);

/*
 * No device exists now: a module that has registered a type prevents this
 * module from being unloaded.
 */
static void __exit vinput_exit(void)
{
	destroy_class();
	__unregister_chrdev(vinput_major, 0, MAX_VINPUT, VINPUT_NAME);
}
module_exit(vinput_exit);

MODULE_DESCRIPTION("Virtual input devices whose events are written by programs");
MODULE_LICENSE("GPL");
