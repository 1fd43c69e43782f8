// SPDX-License-Identifier: GPL-2.0
/*
 * Crypto symmetric key - decrypts the ciphertext that the module logs
 */
#include <errno.h>
#include <kselftest_harness.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "algorithm.h"
#include "decrypt.h"
#include "lib/elf_module.h"
#include "lib/file.h"
#include "lib/kmsg.h"
#include "lib/loader.h"
#include "lib/module.h"

#define MODULE		"cryptosk"
#define CIPHER		"cbc(aes)"
#define PARAMETER	"/sys/module/cryptosk/parameters/algorithm"
#define MODPROBE	"/proc/sys/kernel/modprobe"
#define NR_LOADS	20

/* An example of AES-256-CBC: the first block of NIST SP 800-38A, F.2.6. */
#define NIST_KEY	"603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4"
#define NIST_IV		"000102030405060708090a0b0c0d0e0f"
#define NIST_CIPHER	"f58c4c04d6e5f1ba779eabfb5f7bfbd6"
#define NIST_PLAIN	"6bc1bee22e409f96e93d7e117393172a"

static const unsigned char key[DECRYPT_KEY_SIZE] = "password123";
static const unsigned char text[DECRYPT_BLOCK_SIZE] = "Testing";

/*
 * Parses two lower-case hexadecimal digits for each byte.  Returns false if
 * @hex has anything else.
 */
static bool from_hex(const char *hex, unsigned char *bytes, size_t size)
{
	size_t i;

	if (strlen(hex) != 2 * size ||
	    strspn(hex, "0123456789abcdef") != 2 * size)
		return false;
	for (i = 0; i < size; i++) {
		if (sscanf(hex + 2 * i, "%2hhx", &bytes[i]) != 1)
			return false;
	}
	return true;
}

/* The IV and the ciphertext that the module has logged during its load. */
struct result {
	unsigned char iv[DECRYPT_BLOCK_SIZE];
	unsigned char block[DECRYPT_BLOCK_SIZE];
};

static bool next_bytes(struct kmsg *log, const char *what, unsigned char *bytes)
{
	const char *line = kmsg_next(log);
	size_t len = strlen(what);

	return !strncmp(line, what, len) && log->level == LOG_INFO &&
	       from_hex(line + len, bytes, DECRYPT_BLOCK_SIZE);
}

static void read_result(struct __test_metadata *_metadata, struct kmsg *log,
			struct result *result)
{
	ASSERT_STREQ("Plaintext: Testing", kmsg_next(log));
	EXPECT_EQ(LOG_INFO, log->level);
	ASSERT_STREQ("Encryption request successful", kmsg_next(log));
	EXPECT_EQ(LOG_INFO, log->level);
	ASSERT_TRUE(next_bytes(log, "IV: ", result->iv));
	ASSERT_TRUE(next_bytes(log, "Ciphertext: ", result->block));
	EXPECT_NO_LOG(log);
}

FIXTURE(cryptosk)
{
	struct kmsg log;
	int file;
};

FIXTURE_SETUP(cryptosk)
{
	self->file = loader_open(MODULE, &self->log);
	ASSERT_LE(0, self->file);
}

FIXTURE_TEARDOWN(cryptosk)
{
	loader_close(self->file, MODULE, &self->log);
}

/*
 * Checks the function decrypt_block(), by which the other tests check the
 * module.
 */
TEST(program_decrypts_the_standards_example)
{
	unsigned char nist_key[DECRYPT_KEY_SIZE];
	unsigned char plain[DECRYPT_BLOCK_SIZE];
	unsigned char want[DECRYPT_BLOCK_SIZE];
	struct result nist;

	ASSERT_TRUE(from_hex(NIST_KEY, nist_key, sizeof(nist_key)));
	ASSERT_TRUE(from_hex(NIST_IV, nist.iv, sizeof(nist.iv)));
	ASSERT_TRUE(from_hex(NIST_CIPHER, nist.block, sizeof(nist.block)));
	ASSERT_TRUE(from_hex(NIST_PLAIN, want, sizeof(want)));

	ASSERT_EQ(DECRYPT_BLOCK_SIZE,
		  decrypt_block(nist_key, nist.iv, nist.block, plain));
	EXPECT_EQ(0, memcmp(want, plain, sizeof(want)));
}

/*
 * CRYPTOSK-2, CRYPTOSK-3, CRYPTOSK-6, CRYPTOSK-7, CRYPTOSK-10: the key and the
 * lines in the log are all that a test needs to check the ciphertext.
 */
TEST_F(cryptosk, logs_what_decrypts_to_the_text_and_zeros)
{
	unsigned char plain[DECRYPT_BLOCK_SIZE];
	struct result result;

	ASSERT_EQ(0, module_insert(self->file, ""));
	read_result(_metadata, &self->log, &result);

	ASSERT_EQ(DECRYPT_BLOCK_SIZE,
		  decrypt_block(key, result.iv, result.block, plain));
	EXPECT_EQ(0, memcmp(text, plain, sizeof(text)));
}

/* cryptd runs a cipher in the background. */
FIXTURE(background)
{
	struct kmsg log;
	char params[160];
	int file;
};

/*
 * The first load makes the kernel choose a driver for the cipher, and the second
 * one loads cryptd, which logs lines of its own.
 */
FIXTURE_SETUP(background)
{
	char driver[128] = "";
	int err;

	self->file = loader_open(MODULE, &self->log);
	ASSERT_LE(0, self->file);
	ASSERT_EQ(0, module_insert(self->file, ""));
	ASSERT_EQ(0, module_unload(MODULE));
	ASSERT_LT(0, algorithm_look(CIPHER, driver, sizeof(driver)));
	snprintf(self->params, sizeof(self->params), "algorithm=cryptd(%s)",
		 driver);
	err = module_insert(self->file, self->params);
	if (err == -ENOENT)
		SKIP(return, "needs CONFIG_CRYPTO_CRYPTD");
	ASSERT_EQ(0, err);
	ASSERT_EQ(0, module_unload(MODULE));
}

FIXTURE_TEARDOWN(background)
{
	loader_close(self->file, MODULE, &self->log);
}

/* CRYPTOSK-1, CRYPTOSK-4 */
TEST_F(background, driver_is_waited_for)
{
	unsigned char plain[DECRYPT_BLOCK_SIZE];
	struct result result;

	kmsg_skip(&self->log);
	ASSERT_EQ(0, module_insert(self->file, self->params));
	read_result(_metadata, &self->log, &result);
	ASSERT_EQ(DECRYPT_BLOCK_SIZE,
		  decrypt_block(key, result.iv, result.block, plain));
	EXPECT_EQ(0, memcmp(text, plain, sizeof(text)));
}

/* CRYPTOSK-10 */
TEST_F(cryptosk, begins_with_another_iv_each_time)
{
	struct result first;
	struct result second;

	ASSERT_EQ(0, module_insert(self->file, ""));
	read_result(_metadata, &self->log, &first);
	ASSERT_EQ(0, module_unload(MODULE));
	ASSERT_EQ(0, module_insert(self->file, "algorithm=" CIPHER));
	read_result(_metadata, &self->log, &second);

	EXPECT_NE(0, memcmp(first.iv, second.iv, sizeof(first.iv)));
	EXPECT_NE(0, memcmp(first.block, second.block, sizeof(first.block)));
}

/*
 * Algorithms other than AES-256-CBC, and the error that a load with each of
 * them returns.
 */
FIXTURE(refused)
{
	struct kmsg log;
	char modprobe[64];
};

FIXTURE_VARIANT(refused)
{
	const char *algorithm;
	int err;
};

FIXTURE_VARIANT_ADD(refused, unknown) { "nonsense", -ENOENT };
FIXTURE_VARIANT_ADD(refused, nothing) { "", -ENOENT };
FIXTURE_VARIANT_ADD(refused, hash) { "sha256", -ENOENT };
FIXTURE_VARIANT_ADD(refused, unknown_driver) { "cbc-aes-none", -ENOENT };
FIXTURE_VARIANT_ADD(refused, other_mode) { "ecb(aes)", -EINVAL };
FIXTURE_VARIANT_ADD(refused, other_mode_with_an_iv) { "ctr(aes)", -EINVAL };

/*
 * If no module provides the algorithm, the setup disables modprobe, because its
 * search takes long.
 */
FIXTURE_SETUP(refused)
{
	module_unload(MODULE);
	ASSERT_LT(0, file_read(MODPROBE, self->modprobe,
			       sizeof(self->modprobe)));
	if (variant->err == -ENOENT)
		ASSERT_EQ(1, file_write(MODPROBE, "\n"));
	ASSERT_EQ(0, kmsg_open(&self->log));
}

FIXTURE_TEARDOWN(refused)
{
	kmsg_close(&self->log);
	EXPECT_LT(0, file_write(MODPROBE, self->modprobe));
	module_unload(MODULE);
}

/*
 * CRYPTOSK-2, CRYPTOSK-8, CRYPTOSK-9: the test loads twice and compares the
 * references after each load, because the first load may create an instance of
 * the algorithm.
 */
TEST_F(refused, load_fails_and_leaves_nothing)
{
	char params[64];
	long refs;

	snprintf(params, sizeof(params), "algorithm=\"%s\"",
		 variant->algorithm);
	EXPECT_EQ(variant->err, module_load(MODULE, params));
	refs = algorithm_refs(variant->algorithm);

	EXPECT_EQ(variant->err, module_load(MODULE, params));
	EXPECT_EQ(refs, algorithm_refs(variant->algorithm));
	EXPECT_FALSE(module_is_loaded(MODULE));
	EXPECT_NO_LOG(&self->log);
}

TEST_F(cryptosk, unload_is_silent)
{
	ASSERT_EQ(0, module_insert(self->file, ""));
	kmsg_skip(&self->log);

	ASSERT_EQ(0, module_unload(MODULE));
	EXPECT_NO_LOG(&self->log);
}

TEST_F(cryptosk, tells_which_algorithm_it_was_given)
{
	char value[64];

	ASSERT_EQ(0, module_insert(self->file, ""));
	ASSERT_LT(0, file_read(PARAMETER, value, sizeof(value)));
	EXPECT_STREQ(CIPHER "\n", value);
	EXPECT_EQ(-EACCES, file_write(PARAMETER, "ecb(aes)"));
}

TEST_F(cryptosk, loads_and_unloads_again_and_again)
{
	struct result result;
	long before;
	int i;

	for (i = 0; i < NR_LOADS; i++) {
		ASSERT_EQ(0, module_insert(self->file, ""));
		read_result(_metadata, &self->log, &result);
		if (!i)
			before = algorithm_refs(CIPHER);
		ASSERT_EQ(0, module_unload(MODULE));
	}
	EXPECT_LT(0, before);
	EXPECT_EQ(before, algorithm_refs(CIPHER));
}

/* CRYPTOSK-7 */
TEST_F(cryptosk, gives_back_no_memory_that_it_has_not_overwritten)
{
	struct ko ko;

	ASSERT_EQ(0, ko_map(&ko, self->file));
	EXPECT_TRUE(ko_needs(&ko, "kfree_sensitive"));
	EXPECT_FALSE(ko_needs(&ko, "kfree"));
	ko_unmap(&ko);
}

TEST_HARNESS_MAIN
