// SPDX-License-Identifier: GPL-2.0
/*
 * gpiod - what tools that know nothing of a module see of its lines
 *
 * Those of libgpiod 1 speak the first version of the kernel's interface.
 */
#include <errno.h>
#include <fcntl.h>
#include <kselftest_harness.h>
#include <linux/gpio.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "line.h"
#include "module.h"
#include "sim.h"

#define MODULE		"intrpt"
#define LED		4
#define ON		17

static char output[16384];

/* Runs a command of the shell; gives its exit status, and keeps what it says. */
static int run(const char *command, ...)
{
	char line[256];
	va_list args;
	FILE *pipe;
	size_t len;

	va_start(args, command);
	vsnprintf(line, sizeof(line), command, args);
	va_end(args);
	pipe = popen(line, "r");
	if (!pipe)
		return -errno;
	len = fread(output, 1, sizeof(output) - 1, pipe);
	output[len] = '\0';
	return WEXITSTATUS(pclose(pipe));
}

/* Tells whether the line of the output that has one text has the other too. */
static bool output_has(const char *one, const char *other)
{
	char *at = strstr(output, one);
	char *end = at ? strchr(at, '\n') : NULL;
	char *found = at ? strstr(at, other) : NULL;

	return found && end && found < end;
}

static bool has_first_version(void)
{
	struct gpioline_info info = { .line_offset = LED };
	int chip = line_chip_open();
	int ret;

	if (chip < 0)
		return false;
	ret = ioctl(chip, GPIO_GET_LINEINFO_IOCTL, &info);
	close(chip);
	return !ret;
}

FIXTURE(gpiod)
{
	char chip[32];
};

FIXTURE_SETUP(gpiod)
{
	const char *lacking = sim_prepare();

	if (lacking)
		SKIP(return, "%s", lacking);
	if (!has_first_version())
		SKIP(return, "needs CONFIG_GPIO_CDEV_V1");

	ASSERT_EQ(0, sim_name(SIM_BANK "/chip_name", self->chip,
			      sizeof(self->chip)));
	ASSERT_EQ(0, sim_pull(ON, false));
	ASSERT_EQ(0, module_reload(MODULE, ""));
}

FIXTURE_TEARDOWN(gpiod)
{
	module_unload(MODULE);
}

TEST_F(gpiod, sees_the_lines_of_a_module)
{
	ASSERT_EQ(0, run("gpioinfo %s", self->chip));
	EXPECT_TRUE(output_has("\"LED 1\"", "output"));
	EXPECT_TRUE(output_has("\"LED 1 ON BUTTON\"", "input"));
	EXPECT_TRUE(output_has("\"LED 1 OFF BUTTON\"", "input"));
	EXPECT_TRUE(output_has("\"LED 1\"", "used"));

	ASSERT_EQ(0, module_unload(MODULE));
	ASSERT_EQ(0, run("gpioinfo %s", self->chip));
	EXPECT_EQ(NULL, strstr(output, "LED 1"));
}

TEST_F(gpiod, cannot_have_the_lines_of_a_module)
{
	EXPECT_EQ(1, run("gpioset %s %d=1 2>&1", self->chip, LED));
	EXPECT_EQ(1, run("gpioget %s %d 2>&1", self->chip, ON));
	EXPECT_EQ(0, sim_value(LED));

	ASSERT_EQ(0, module_unload(MODULE));
	EXPECT_EQ(0, run("gpioget %s %d", self->chip, ON));
	EXPECT_STREQ("0\n", output);
}

TEST_HARNESS_MAIN
