// SPDX-License-Identifier: GPL-2.0
/*
 * Crypto SHA-256 - the SHA-256 hash of a text
 *
 *	# insmod cryptosha256.ko
 *	# dmesg -t | tail -2
 *	sha256 test for string: "This is a test"
 *	c7be1ed902fb8dd4d48997c6452f5d7e509fbcdbe2808b16bcf4edce4c07d14e
 *	$ printf "This is a test" | sha256sum
 *	c7be1ed902fb8dd4d48997c6452f5d7e509fbcdbe2808b16bcf4edce4c07d14e  -
 */
#include <crypto/hash.h>
#include <crypto/sha2.h>
#include <linux/err.h>
#include <linux/init.h>
#include <linux/module.h>
#include <linux/printk.h>
#include <linux/string.h>
#include <linux/types.h>

#define CRYPTOSHA256_TEXT	"This is a test"

/*
 * Computes the hash of @text.  Clears the descriptor on the stack afterwards,
 * even after an error, because it may contain the text.
 */
static int __init hash(struct crypto_shash *tfm, const char *text, u8 *digest)
{
	SHASH_DESC_ON_STACK(desc, tfm);
	int err;

	desc->tfm = tfm;
	err = crypto_shash_digest(desc, text, strlen(text), digest);
	shash_desc_zero(desc);
	return err;
}

static int __init cryptosha256_init(void)
{
	u8 digest[SHA256_DIGEST_SIZE];
	struct crypto_shash *tfm;
	int err;

	tfm = crypto_alloc_shash("sha256", 0, 0);
	if (IS_ERR(tfm))
		return PTR_ERR(tfm);

	err = hash(tfm, CRYPTOSHA256_TEXT, digest);
	crypto_free_shash(tfm);
	if (err)
		return err;

	pr_info("sha256 test for string: \"%s\"\n", CRYPTOSHA256_TEXT);
	pr_info("%*phN\n", (int)sizeof(digest), digest);
	return 0;
}
module_init(cryptosha256_init);

static void __exit cryptosha256_exit(void)
{
}
module_exit(cryptosha256_exit);

MODULE_DESCRIPTION("SHA-256 hash of a text");
MODULE_LICENSE("GPL");
