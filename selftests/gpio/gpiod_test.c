// SPDX-License-Identifier: GPL-2.0
/*
 * gpiod - what the tools of libgpiod show of the lines of a module
 *
 * The tools of libgpiod 1 use the first version of the kernel's interface, and
 * those of libgpiod 2 use the second version.  Their arguments differ, too.  A
 * tool exits with 1 after any error, so the test finds out from the output
 * whether a line is in use.
 */
#include <errno.h>
#include <fcntl.h>
#include <kselftest_harness.h>
#include <linux/gpio.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "lib/lacking.h"
#include "lib/module.h"
#include "line.h"
#include "sim.h"

#define MODULE		"intrpt"
#define LED		4
#define ON		17

static char output[16384];

/*
 * The commands of each version of libgpiod, and the text by which gpioinfo
 * marks a line in use.
 */
static const struct form {
	int version;
	const char *info;
	const char *get;
	const char *set;
	const char *used;
} forms[] = {
	{
		1, "gpioinfo %s", "gpioget %s %d 2>&1", "gpioset %s %d=1 2>&1",
		"[used",
	},
	{
		2, "gpioinfo -c %s", "gpioget --numeric -c %s %d 2>&1",
		"gpioset -t0 -c %s %d=1 2>&1", "consumer=",
	},
};

/* Returns the form for the output of "gpioget --version", or NULL. */
static const struct form *form_of(const char *version)
{
	const char *at = strstr(version, "(libgpiod) v");
	const int nr = at ? atoi(at + strlen("(libgpiod) v")) : 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(forms); i++) {
		if (forms[i].version == nr)
			return &forms[i];
	}
	return NULL;
}

/* Runs a shell command, stores its output and returns its exit status. */
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

/*
 * Returns true if the first line of @text that has @one in it has @other, too.
 */
static bool line_has(const char *text, const char *one, const char *other)
{
	const char *at = strstr(text, one);
	const char *end = at ? strchrnul(at, '\n') : NULL;
	const char *found;

	while (at && at > text && at[-1] != '\n')
		at--;
	found = at ? strstr(at, other) : NULL;
	return found && found < end;
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

/* Expects the form that belongs to a banner to be the one of @text. */
static void expect_form(struct __test_metadata *_metadata, const char *banner,
			int version, const char *text)
{
	const struct form *form = form_of(banner);

	ASSERT_NE(NULL, form);
	EXPECT_EQ(version, form->version);
	EXPECT_TRUE(line_has(text, "\"LED 1\"", "output"));
	EXPECT_TRUE(line_has(text, "\"LED 1\"", form->used));
	EXPECT_FALSE(line_has(text, "\"LED 1\"", "input"));
	EXPECT_FALSE(line_has(text, "line   5", form->used));
}

/* The output of each version for a line of a module and for a free one. */
TEST(answers_of_both_versions_are_understood)
{
	static const char first[] =
		"gpiochip0 - 54 lines:\n"
		"\tline   4:      unnamed      \"LED 1\"  output  active-high [used]\n"
		"\tline   5:      unnamed       unused   input  active-high\n";
	static const char second[] =
		"gpiochip0 - 54 lines:\n"
		"\tline   4:\tunnamed         \toutput consumer=\"LED 1\"\n"
		"\tline   5:\tunnamed         \tinput\n";

	expect_form(_metadata, "gpioget (libgpiod) v1.6.3\nCopyright", 1, first);
	expect_form(_metadata, "gpioget (libgpiod) v2.2.1\nCopyright", 2, second);
	EXPECT_EQ(NULL, form_of("gpioget (libgpiod) v3.0\n"));
	EXPECT_EQ(NULL, form_of(""));
}

FIXTURE(gpiod)
{
	const struct form *form;
	char chip[32];
};

FIXTURE_SETUP(gpiod)
{
	SKIP_IF_LACKING(return, sim_prepare());
	/* The output is compared, so it must be in English. */
	setenv("LC_ALL", "C", 1);
	ASSERT_EQ(0, run("gpioget --version"));
	self->form = form_of(output);
	if (!self->form)
		SKIP(return, "needs the tools of libgpiod 1 or 2");
	if (self->form->version == 1 && !has_first_version())
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
	ASSERT_EQ(0, run(self->form->info, self->chip));
	EXPECT_TRUE(line_has(output, "\"LED 1\"", "output"));
	EXPECT_TRUE(line_has(output, "\"LED 1 ON BUTTON\"", "input"));
	EXPECT_TRUE(line_has(output, "\"LED 1 OFF BUTTON\"", "input"));
	EXPECT_TRUE(line_has(output, "\"LED 1\"", self->form->used));

	ASSERT_EQ(0, module_unload(MODULE));
	ASSERT_EQ(0, run(self->form->info, self->chip));
	EXPECT_EQ(NULL, strstr(output, "LED 1"));
}

TEST_F(gpiod, cannot_have_the_lines_of_a_module)
{
	EXPECT_EQ(1, run(self->form->set, self->chip, LED));
	EXPECT_NE(NULL, strstr(output, strerror(EBUSY)));
	EXPECT_EQ(1, run(self->form->get, self->chip, ON));
	EXPECT_NE(NULL, strstr(output, strerror(EBUSY)));
	EXPECT_EQ(0, sim_value(LED));

	ASSERT_EQ(0, module_unload(MODULE));
	EXPECT_EQ(0, run(self->form->get, self->chip, ON));
	EXPECT_STREQ("0\n", output);
}

TEST_HARNESS_MAIN
