// SPDX-License-Identifier: GPL-2.0
/*
 * Syscall steal - code and symbols that the module's file must not have
 */
#include <kselftest_harness.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "lib/elf_module.h"
#include "lib/module.h"

FIXTURE(ko)
{
	struct ko ko;
};

FIXTURE_SETUP(ko)
{
	int fd = module_open("syscall-steal");

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, ko_map(&self->ko, fd));
	close(fd);
}

FIXTURE_TEARDOWN(ko)
{
	ko_unmap(&self->ko);
}

/* Counts the instructions of a section that write to CR0: 0f 22 c0 .. c7. */
static int nr_writes_to_cr0(const struct ko *ko, const char *name)
{
	struct ko_section section = ko_section(ko, name);
	const unsigned char *code = section.data;
	int nr = 0;
	size_t i;

	for (i = 0; i + 2 < section.size; i++)
		nr += code[i] == 0x0f && code[i + 1] == 0x22 &&
		      (code[i + 2] & 0xf8) == 0xc0;
	return nr;
}

static bool has_text(const struct ko *ko, const char *text)
{
	return memmem(ko->map, ko->size, text, strlen(text));
}

/* SYSCALL-2 */
TEST_F(ko, never_turns_off_the_protection_of_memory)
{
	EXPECT_LT(0, ko_section(&self->ko, ".text").size);
	EXPECT_EQ(0, nr_writes_to_cr0(&self->ko, ".text"));
	EXPECT_EQ(0, nr_writes_to_cr0(&self->ko, ".init.text"));
	EXPECT_EQ(0, nr_writes_to_cr0(&self->ko, ".exit.text"));
}

/*
 * SYSCALL-2, SYSCALL-8, SYSCALL-9: the file has these names neither as a symbol
 * nor as a string.
 */
TEST_F(ko, knows_no_table_and_no_symbol_that_is_not_exported)
{
	EXPECT_TRUE(has_text(&self->ko, "register_kretprobe"));
	EXPECT_FALSE(has_text(&self->ko, "sys_call_table"));
	EXPECT_FALSE(has_text(&self->ko, "kallsyms_lookup_name"));
}

TEST_HARNESS_MAIN
