// SPDX-License-Identifier: GPL-2.0
/*
 * DHT11 - humidity and temperature, measured when /dev/dht11 is opened
 *
 *	# insmod dht11.ko chip=pinctrl-bcm2835 line=4
 *	# cat /dev/dht11
 *	Humidity: 53%
 *	Temperature: 24 deg C
 *
 * The module pulls the line low for a while, which is the start signal for the
 * sensor, and then makes the line an input.  After that, each falling edge
 * raises an interrupt, and the handler records its time.  The module neither
 * polls the line nor reads its level.
 */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/gpio/consumer.h>
#include <linux/gpio/machine.h>
#include <linux/init.h>
#include <linux/interrupt.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/time64.h>
#include <linux/types.h>

#include "chrdev.h"
#include "dht_frame.h"
#include "gpiodev.h"

#define DHT11_NAME	"dht11"
/*
 * The driver is not named dht11, because the kernel has a driver of that name.
 */
#define DHT11_DRIVER	"lkmpg_dht11"
#define DHT11_MAX_SCALE	1000
#define DHT11_TRIES	5
/* Milliseconds: length of the start signal, and the pause between two tries. */
#define DHT11_START	20
#define DHT11_PAUSE	10
/*
 * Microseconds: the length of the longest frame, and the limits for the length
 * of a bit, as in the sensor's manual.
 */
#define DHT11_FRAME	10000
#define DHT11_ZERO	60
#define DHT11_ONE	100
#define DHT11_END	150

static char *chip = GPIODEV_CHIP;
module_param(chip, charp, 0444);
MODULE_PARM_DESC(chip, "Label of the GPIO chip");

static struct gpiod_lookup_table lines = {
	.dev_id = DHT11_DRIVER,
	.table = { GPIO_LOOKUP(NULL, 4, "data", GPIO_ACTIVE_HIGH), {} },
};
module_param_named(line, lines.table[0].chip_hwnum, ushort, 0444);
MODULE_PARM_DESC(line, "Line of the sensor");

static unsigned int scale = 1;
module_param(scale, uint, 0444);
MODULE_PARM_DESC(scale, "How many times slower than a DHT11 the sensor is");

/* The text that reads of an open file return. */
struct dht11_text {
	size_t len;
	char text[64];
};

/* dht11_lock protects the line and the variables below during a measurement. */
static DEFINE_MUTEX(dht11_lock);
static struct gpio_desc *dht11_line;
static int dht11_irq;
static u64 dht11_falls[DHT_FRAME_MAX_FALLS + 1];
static unsigned int dht11_nr_falls;
static DECLARE_COMPLETION(dht11_is_over);
static struct platform_device *dht11_device;

/*
 * Records at most one falling edge more than a frame can have.  That one makes
 * the decoder return an error.
 */
static irqreturn_t note_fall(int irq, void *unused)
{
	if (dht11_nr_falls == ARRAY_SIZE(dht11_falls))
		return IRQ_HANDLED;

	dht11_falls[dht11_nr_falls++] = ktime_get_ns();
	if (dht11_nr_falls == DHT_FRAME_MAX_FALLS)
		complete(&dht11_is_over);
	return IRQ_HANDLED;
}

/* Sends the start signal, and makes the line an input for the answer. */
static int start_frame(void)
{
	int err;

	err = gpiod_direction_output(dht11_line, 0);
	if (err)
		return err;
	msleep(DHT11_START);
	return gpiod_direction_input(dht11_line);
}

/*
 * Receives a frame.  The wait ends at the last falling edge, or by timeout if
 * the handler has missed the first falling edge.
 */
static int receive_frame(void)
{
	const unsigned long limit = usecs_to_jiffies(DHT11_FRAME * scale) + 1;
	long left;
	int err;

	dht11_nr_falls = 0;
	reinit_completion(&dht11_is_over);
	err = request_irq(dht11_irq, note_fall, IRQF_TRIGGER_FALLING,
			  DHT11_NAME, NULL);
	if (err)
		return err;

	left = wait_for_completion_interruptible_timeout(&dht11_is_over, limit);
	free_irq(dht11_irq, NULL);
	return left < 0 ? left : 0;
}

static int measure_once(struct dht_frame *frame)
{
	const u64 unit = (u64)scale * NSEC_PER_USEC;
	const struct dht_frame_timing timing = {
		.zero = DHT11_ZERO * unit,
		.one = DHT11_ONE * unit,
		.end = DHT11_END * unit,
	};
	int err;

	err = start_frame();
	if (err)
		return err;
	err = receive_frame();
	if (err)
		return err;
	return dht_frame_decode(dht11_falls, dht11_nr_falls, &timing, frame);
}

/*
 * Measures, and tries again if noise made the frame invalid or the sensor did
 * not answer.  Does not try again after other errors or a signal.
 */
static int measure(struct dht_frame *frame)
{
	int tries = DHT11_TRIES;
	int err;

	err = mutex_lock_interruptible(&dht11_lock);
	if (err)
		return err;

	err = measure_once(frame);
	while (--tries && (err == -EIO || err == -ETIMEDOUT)) {
		msleep(DHT11_PAUSE);
		err = measure_once(frame);
	}
	mutex_unlock(&dht11_lock);
	return err;
}

static int dht11_open(struct inode *inode, struct file *file)
{
	struct dht11_text *text;
	struct dht_frame frame;
	int err;

	text = kmalloc(sizeof(*text), GFP_KERNEL);
	if (!text)
		return -ENOMEM;

	err = measure(&frame);
	if (err) {
		kfree(text);
		return err;
	}

	text->len = scnprintf(text->text, sizeof(text->text),
			      "Humidity: %d%%\nTemperature: %d deg C\n",
			      frame.humidity, frame.temperature);
	file->private_data = text;
	return 0;
}

static int dht11_release(struct inode *inode, struct file *file)
{
	kfree(file->private_data);
	return 0;
}

static ssize_t dht11_read(struct file *file, char __user *buf, size_t count,
			  loff_t *ppos)
{
	const struct dht11_text *text = file->private_data;

	return simple_read_from_buffer(buf, count, ppos, text->text, text->len);
}

static const struct file_operations dht11_fops = {
	.owner = THIS_MODULE,
	.llseek = default_llseek,
	.read = dht11_read,
	.open = dht11_open,
	.release = dht11_release,
};

/*
 * This is not a miscdevice, because misc_open() holds a mutex: no other
 * miscdevice could be opened while the open() of this one measures.
 */
static struct chrdev dht11_chrdev;

static void remove_chrdev(void *unused)
{
	chrdev_remove(&dht11_chrdev);
}

static int dht11_probe(struct platform_device *pdev)
{
	struct device *dev = &pdev->dev;
	int err;

	dht11_line = devm_gpiod_get(dev, "data", GPIOD_IN);
	if (IS_ERR(dht11_line))
		return PTR_ERR(dht11_line);
	err = gpiod_set_consumer_name(dht11_line, "Signal");
	if (err)
		return err;
	dht11_irq = gpiod_to_irq(dht11_line);
	if (dht11_irq < 0)
		return dht11_irq;

	err = chrdev_add(&dht11_chrdev, DHT11_NAME, 0, &dht11_fops);
	if (err)
		return err;
	return devm_add_action_or_reset(dev, remove_chrdev, NULL);
}

/*
 * Unbinding is disabled, because it would release the line while an open() uses
 * the line.
 */
static struct platform_driver dht11_driver = {
	.driver = {
		.name = DHT11_DRIVER,
		.probe_type = PROBE_FORCE_SYNCHRONOUS,
		.suppress_bind_attrs = true,
	},
	.probe = dht11_probe,
};

static int __init dht11_init(void)
{
	if (!scale || scale > DHT11_MAX_SCALE)
		return -EINVAL;

	dht11_device = gpiodev_register(&dht11_driver, &lines, chip);
	return PTR_ERR_OR_ZERO(dht11_device);
}
module_init(dht11_init);

static void __exit dht11_exit(void)
{
	gpiodev_unregister(dht11_device, &dht11_driver, &lines);
}
module_exit(dht11_exit);

MODULE_DESCRIPTION("DHT11 humidity and temperature sensor driver");
MODULE_LICENSE("GPL");
