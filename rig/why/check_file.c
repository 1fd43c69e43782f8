// SPDX-License-Identifier: GPL-2.0
/*
 * Check the file - what Linux asks before it looks at the ELF file
 */

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#include "checks.h"

/* Where an xz file says what its check is, and the kinds that Linux has. */
#define XZ_CHECK_OFFSET		7
#define XZ_CHECK_CRC32		1
/* Where its first block is, and what the second byte of the block says. */
#define XZ_BLOCK_OFFSET		12
#define XZ_NR_FILTERS		0x03
#define XZ_HAS_PACKED_SIZE	0x40
#define XZ_HAS_SIZE		0x80
#define XZ_LZMA2		0x21

const struct message messages_file[] = {
	{ "modules-disabled", 0, 0, EPERM, false, NULL,
	  "The kernel takes no modules any more, because of %1.",
	  "Boot again without this setting: it cannot be taken back." },
	{ "no-modules", 0, 0, ENOSYS, false, NULL,
	  "The kernel was built without modules (CONFIG_MODULES): it has no such system call.",
	  "Build a kernel with CONFIG_MODULES=y, or build the driver into the kernel." },
	{ "unknown-flag", 0, 0, EINVAL, false, NULL,
	  "finit_module(2) was called with the flags %1, and this kernel knows only %2.",
	  "Call it with flags of <linux/module.h> alone." },
	{ "not-a-file", 0, 0, EINVAL, false, NULL,
	  "%1 is %2, not a regular file.",
	  "Name the .ko file itself." },
	{ "empty-file", 0, 0, EINVAL, false, NULL,
	  "%1 is empty.",
	  "Build or copy the file again: there may have been no space on the disk." },
	{ "too-large", 0, 0, EFBIG, false, NULL,
	  "The file has %1 bytes, and Linux reads at most 2147483647.",
	  "Remove the debug information: strip -g FILE" },
	{ "damaged-archive", 0, 0, EINVAL, false, NULL,
	  "The file is compressed with %1, but it is damaged.\n"
	  "kmod cannot decompress it, so the kernel is not asked.",
	  "Build or copy the file again." },
	{ "no-decompression", 0, 0, EOPNOTSUPP, false, NULL,
	  "The kernel is asked to decompress the file (flag 4), but has no MODULE_DECOMPRESS.",
	  "Let the tool decompress it: modprobe and insmod of kmod do so.\n"
	  "Or decompress it first: unxz FILE.ko.xz" },
	{ "not-xz", 0, 0, EINVAL, false, "not an xz compressed module",
	  "The kernel is asked to decompress the file (flag 4), and can do so for xz alone.",
	  "Load it without the flag, as insmod does.\n"
	  "Or compress it with: xz --check=crc32 FILE.ko" },
	{ "not-gzip", 0, 0, EINVAL, false, "not a gzip compressed module",
	  "The kernel is asked to decompress the file (flag 4), and can do so for gzip alone.",
	  "Load it without the flag, as insmod does.\n"
	  "Or compress it with: gzip FILE.ko" },
	{ "not-zstd", 0, 0, EINVAL, false, "not a zstd compressed module",
	  "The kernel is asked to decompress the file (flag 4), and can do so for zstd alone.",
	  "Load it without the flag, as insmod does.\n"
	  "Or compress it with: zstd FILE.ko" },
	{ "decompression", 0, 0, EINVAL, false,
	  "decompression failed with status %1",
	  "The kernel cannot decompress the file.\n"
	  "Status 6 of xz is a kind of check that Linux does not have (it has CRC32 alone), or a filter that this kernel does not have.\n"
	  "Status 7 is damaged data.",
	  "Compress it again: xz --check=crc32 FILE.ko" },
	{ "zstd-decompression", 0, 0, EINVAL, false,
	  "ZSTD-decompression failed with status %1",
	  "The kernel cannot decompress the file: it is damaged.",
	  "Compress it again: zstd FILE.ko" },
	{}
};

/* Compare names as Linux compares those of parameters: "-" is "_". */
static bool is_same_parameter(const char *name, size_t length, const char *other)
{
	size_t i;

	if (strlen(other) != length)
		return false;
	for (i = 0; i < length; i++)
		if (name[i] != other[i] &&
		    !(strchr("-_", name[i]) && strchr("-_", other[i])))
			return false;
	return true;
}

/* Return where a word of the command line ends; quotes hide a space. */
static const char *word_end(const char *word)
{
	bool is_quoted = false;

	for (; *word && (is_quoted || *word != ' '); word++)
		if (*word == '"')
			is_quoted = !is_quoted;
	return word;
}

/**
 * boot_parameter() - Find a parameter in the command line of the kernel.
 * @attempt: the attempt
 * @name: the name, as "module_blacklist"
 *
 * Return: the last value of it; "" if it has none; NULL if the command line is
 * not known or does not have it.
 */
const char *boot_parameter(struct attempt *attempt, const char *name)
{
	const char *word = attempt->state->cmdline;
	const char *value = NULL;

	while (word && *word) {
		const char *end = word_end(word);
		size_t length = end - word;
		const char *equal = memchr(word, '=', length);
		size_t key = equal ? (size_t)(equal - word) : length;

		if (is_same_parameter(word, key, "--"))
			break;
		if (is_same_parameter(word, key, name)) {
			size_t skip = key + (equal ? 1 : 0);

			skip += skip < length && word[skip] == '"';
			length -= skip < length && end[-1] == '"';
			value = arena_copy(&attempt->arena, word + skip,
					   length - skip);
		}
		word = end + strspn(end, " ");
	}
	return value;
}

/**
 * boot_switch() - Return true if a parameter of the kernel is switched on.
 * @attempt: the attempt
 * @name: the name, as "nomodule"
 *
 * Return: true if the command line has it with no value, or with one that means
 * yes.
 */
bool boot_switch(struct attempt *attempt, const char *name)
{
	const char *value = boot_parameter(attempt, name);

	return value && (!*value || strchr("yYtT1", *value) ||
			 !strncasecmp(value, "on", 2));
}

/**
 * check_permission() - Check what may_init_module() asks.
 * @attempt: the attempt
 *
 * Whether the caller has CAP_SYS_MODULE is not looked at: modproof why is meant
 * for any user.
 */
void check_permission(struct attempt *attempt)
{
	const char *disabled = boot_parameter(attempt,
					      "sysctl.kernel.modules_disabled");

	if (kernel_config(attempt->kernel, "MODULES") == FACT_NO)
		refuse(attempt, "no-modules", NULL);
	else if (boot_switch(attempt, "nomodule"))
		refuse(attempt, "modules-disabled", "nomodule on its command line", NULL);
	else if (attempt->state->is_disabled ||
		 (disabled && !strcmp(disabled, "1")))
		refuse(attempt, "modules-disabled",
		       "the setting kernel.modules_disabled=1", NULL);
}

static void check_flags_in(struct attempt *attempt, unsigned int known)
{
	if (attempt->flags & ~known)
		refuse(attempt, "unknown-flag",
		       attempt_print(attempt, "%#x", attempt->flags),
		       attempt_print(attempt, "%#x", known), NULL);
}

/**
 * check_early_flags() - Check the flags of finit_module(2), before 5.17.
 * @attempt: the attempt
 */
void check_early_flags(struct attempt *attempt)
{
	check_flags_in(attempt, MODULE_INIT_IGNORE_MODVERSIONS |
				MODULE_INIT_IGNORE_VERMAGIC);
}

/**
 * check_flags() - Check the flags of finit_module(2).
 * @attempt: the attempt
 */
void check_flags(struct attempt *attempt)
{
	check_flags_in(attempt, MODULE_INIT_IGNORE_MODVERSIONS |
				MODULE_INIT_IGNORE_VERMAGIC |
				MODULE_INIT_COMPRESSED_FILE);
}

static const char *kind_of_file(unsigned int mode)
{
	switch (mode & S_IFMT) {
	case S_IFDIR:
		return "a directory";
	case S_IFBLK:
	case S_IFCHR:
		return "a device";
	case S_IFIFO:
		return "a pipe";
	}
	return "a special file";
}

static const char *name_of_packing(enum packing packing)
{
	switch (packing) {
	case PACKING_GZIP:
		return "gzip";
	case PACKING_XZ:
		return "xz";
	case PACKING_ZSTD:
		return "zstd";
	case PACKING_NONE:
		break;
	}
	return "nothing";
}

/**
 * check_read() - Check what the tool and kernel_read_file() ask.
 * @attempt: the attempt
 *
 * kmod decompresses a file itself if the kernel is not asked to do so.
 */
void check_read(struct attempt *attempt)
{
	const struct object *object = attempt->object;
	bool is_for_kernel = attempt->flags & MODULE_INIT_COMPRESSED_FILE;

	attempt->is_stopped = true;
	if (object->mode && !S_ISREG(object->mode))
		refuse(attempt, "not-a-file", object->path,
		       kind_of_file(object->mode), NULL);
	else if (!object->disk.size)
		refuse(attempt, "empty-file", object->path, NULL);
	else if (object->disk.size > INT_MAX)
		refuse(attempt, "too-large",
		       attempt_print(attempt, "%zu", object->disk.size), NULL);
	else if (object->packing && object->file.data == object->disk.data &&
		 !is_for_kernel)
		refuse(attempt, "damaged-archive",
		       name_of_packing(object->packing), NULL);
	else
		attempt->is_stopped = false;
}

/* Return how many bytes a number in an xz file has; 0 if it is not there. */
static unsigned int size_of_number(struct buffer disk, __u64 at, bool is_there)
{
	unsigned int size = 0;
	__u8 byte = 0x80;

	while (is_there && byte & 0x80 && buffer_read(disk, at + size, &byte, 1))
		size++;
	return size;
}

/*
 * Return whether Linux has the filters of an xz file, as dec_block_header() of
 * lib/xz asks: LZMA2, and before it at most one for the code of a processor.
 */
static enum fact has_filters(struct attempt *attempt)
{
	static const char * const symbols[] = {
		[4] = "XZ_DEC_X86", [5] = "XZ_DEC_POWERPC", [7] = "XZ_DEC_ARM",
		[8] = "XZ_DEC_ARMTHUMB", [9] = "XZ_DEC_SPARC",
		[10] = "XZ_DEC_ARM64", [11] = "XZ_DEC_RISCV",
	};
	struct buffer disk = attempt->object->disk;
	__u8 block[2] = {};
	__u64 at = XZ_BLOCK_OFFSET + 2;
	__u8 filter = XZ_LZMA2;

	if (!buffer_read(disk, XZ_BLOCK_OFFSET, block, 2) || !block[0])
		return FACT_YES;
	/* Two sizes may precede the filters, each with 7 bits in a byte. */
	at += size_of_number(disk, at, block[1] & XZ_HAS_PACKED_SIZE);
	at += size_of_number(disk, at, block[1] & XZ_HAS_SIZE);
	buffer_read(disk, at, &filter, 1);
	if (!(block[1] & XZ_NR_FILTERS))
		return FACT_YES;
	if ((block[1] & XZ_NR_FILTERS) > 1 || filter >= ARRAY_SIZE(symbols) ||
	    !symbols[filter])
		return FACT_NO;
	return kernel_config(attempt->kernel, symbols[filter]);
}

/* Check a file that is or is not of the kind that Linux decompresses. */
static void check_packing(struct attempt *attempt, enum packing kind)
{
	const struct object *object = attempt->object;
	bool is_damaged = object->file.data == object->disk.data;
	__u8 check = 0;

	attempt->is_stopped = true;
	if (object->packing != kind)
		refuse(attempt, kind == PACKING_XZ ? "not-xz" :
		       kind == PACKING_GZIP ? "not-gzip" : "not-zstd", NULL);
	else if (kind == PACKING_XZ &&
		 buffer_read(object->disk, XZ_CHECK_OFFSET, &check, 1) &&
		 check > XZ_CHECK_CRC32)
		refuse(attempt, "decompression", "6", NULL);
	else if (kind == PACKING_XZ && has_filters(attempt) == FACT_NO)
		refuse(attempt, "decompression", "6", NULL);
	else if (kind == PACKING_XZ && has_filters(attempt) == FACT_UNKNOWN)
		unsure(attempt,
		       "Whether the kernel decompresses this file is not known: XZ_DEC_* in its configuration would tell.");
	else if (is_damaged)
		refuse(attempt, kind == PACKING_ZSTD ? "zstd-decompression" :
		       "decompression", not_known, NULL);
	else
		attempt->is_stopped = false;
}

/**
 * check_decompression() - Check a file that Linux is to decompress (flag 4).
 * @attempt: the attempt
 */
void check_decompression(struct attempt *attempt)
{
	static const struct {
		const char *symbol;
		enum packing kind;
	} kinds[] = {
		{ "MODULE_COMPRESS_GZIP", PACKING_GZIP },
		{ "MODULE_COMPRESS_XZ", PACKING_XZ },
		{ "MODULE_COMPRESS_ZSTD", PACKING_ZSTD },
	};
	enum fact fact = kernel_config(attempt->kernel, "MODULE_DECOMPRESS");
	size_t i;

	if (!(attempt->flags & MODULE_INIT_COMPRESSED_FILE))
		return;
	if (fact == FACT_NO) {
		attempt->is_stopped = true;
		refuse(attempt, "no-decompression", NULL);
		return;
	}
	for (i = 0; fact == FACT_YES && i < ARRAY_SIZE(kinds); i++) {
		if (kernel_config(attempt->kernel, kinds[i].symbol) == FACT_YES) {
			check_packing(attempt, kinds[i].kind);
			return;
		}
	}
	unsure(attempt,
	       "Whether the kernel decompresses this file is not known: MODULE_DECOMPRESS and MODULE_COMPRESS_* in its configuration would tell.");
}
