// SPDX-License-Identifier: GPL-2.0
/*
 * Crypto symmetric key - encrypt a text with AES-256-CBC, and decrypt it again
 *
 *	# insmod cryptosk.ko
 *	# dmesg -t | tail -4
 *	Plaintext: Testing
 *	Encryption request successful
 *	IV: 3b0f2d...
 *	Ciphertext: 91c4a7...
 *
 * The init function allocates the key and the buffers, and zeroes and frees
 * them before it returns.  A password is not a good key: a real program derives
 * the key from the password.
 */
#include <crypto/skcipher.h>
#include <linux/crypto.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/printk.h>
#include <linux/random.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/types.h>

#include "zeropad.h"

#define CRYPTOSK_CIPHER		"cbc(aes)"
#define CRYPTOSK_TEXT		"Testing"
#define CRYPTOSK_KEY_SIZE	32
#define CRYPTOSK_BLOCK_SIZE	16

static char *algorithm = CRYPTOSK_CIPHER;
module_param(algorithm, charp, 0444);
MODULE_PARM_DESC(algorithm, "A name of cbc(aes), or that of a driver for it");

/* The kernel frees the password after init, with all code that uses it. */
static const char password[] __initconst = "password123";

/*
 * The state of one encryption and one decryption.  CBC changes the IV that it
 * is given, so it gets next_iv, a copy of iv.  Hardware may access the last
 * three blocks by DMA, so they have the alignment that DMA needs.
 */
struct cryptosk {
	u8 key[CRYPTOSK_KEY_SIZE];
	u8 iv[CRYPTOSK_BLOCK_SIZE];
	u8 next_iv[CRYPTOSK_BLOCK_SIZE];
	u8 plain[CRYPTOSK_BLOCK_SIZE] CRYPTO_MINALIGN_ATTR;
	u8 cipher[CRYPTOSK_BLOCK_SIZE] CRYPTO_MINALIGN_ATTR;
	u8 again[CRYPTOSK_BLOCK_SIZE] CRYPTO_MINALIGN_ATTR;
};

/*
 * Encrypts or decrypts one block with @op.  Returns when the operation is
 * complete, even if the driver is asynchronous.
 */
static int __init run(struct skcipher_request *req, struct cryptosk *sk,
		      int (*op)(struct skcipher_request *req), u8 *from,
		      u8 *to)
{
	DECLARE_CRYPTO_WAIT(wait);
	struct scatterlist src;
	struct scatterlist dst;

	memcpy(sk->next_iv, sk->iv, sizeof(sk->iv));
	sg_init_one(&src, from, CRYPTOSK_BLOCK_SIZE);
	sg_init_one(&dst, to, CRYPTOSK_BLOCK_SIZE);
	skcipher_request_set_callback(req, CRYPTO_TFM_REQ_MAY_BACKLOG |
				      CRYPTO_TFM_REQ_MAY_SLEEP,
				      crypto_req_done, &wait);
	skcipher_request_set_crypt(req, &src, &dst, CRYPTOSK_BLOCK_SIZE,
				   sk->next_iv);
	return crypto_wait_req(op(req), &wait);
}

/*
 * Encrypts the plaintext, decrypts the ciphertext, and compares the result with
 * the plaintext.
 */
static int __init run_both(struct crypto_skcipher *tfm, struct cryptosk *sk)
{
	struct skcipher_request *req;
	int err;

	req = skcipher_request_alloc(tfm, GFP_KERNEL);
	if (!req)
		return -ENOMEM;

	err = run(req, sk, crypto_skcipher_encrypt, sk->plain, sk->cipher);
	if (!err)
		err = run(req, sk, crypto_skcipher_decrypt, sk->cipher,
			  sk->again);
	if (!err && memcmp(sk->plain, sk->again, sizeof(sk->plain)))
		err = -EBADMSG;
	skcipher_request_free(req);
	return err;
}

static int __init fill(struct cryptosk *sk)
{
	int err;

	err = zeropad_copy(sk->key, sizeof(sk->key), password);
	if (err)
		return err;
	err = zeropad_copy(sk->plain, sizeof(sk->plain), CRYPTOSK_TEXT);
	if (err)
		return err;

	get_random_bytes(sk->iv, sizeof(sk->iv));
	return 0;
}

static int __init encrypt(struct crypto_skcipher *tfm, struct cryptosk *sk)
{
	int err;

	if (strcmp(crypto_tfm_alg_name(crypto_skcipher_tfm(tfm)),
		   CRYPTOSK_CIPHER))
		return -EINVAL;

	err = fill(sk);
	if (err)
		return err;
	err = crypto_skcipher_setkey(tfm, sk->key, sizeof(sk->key));
	if (err)
		return err;
	return run_both(tfm, sk);
}

/* Logs IV and ciphertext, so that a user who knows the key can check them. */
static void __init log_result(const struct cryptosk *sk)
{
	pr_info("Plaintext: %s\n", CRYPTOSK_TEXT);
	pr_info("Encryption request successful\n");
	pr_info("IV: %*phN\n", (int)sizeof(sk->iv), sk->iv);
	pr_info("Ciphertext: %*phN\n", (int)sizeof(sk->cipher), sk->cipher);
}

static int __init cryptosk_init(void)
{
	struct crypto_skcipher *tfm;
	struct cryptosk *sk;
	int err;

	tfm = crypto_alloc_skcipher(algorithm, 0, 0);
	if (IS_ERR(tfm))
		return PTR_ERR(tfm);
	sk = kzalloc(sizeof(*sk), GFP_KERNEL);
	if (!sk) {
		err = -ENOMEM;
		goto err_free_tfm;
	}

	err = encrypt(tfm, sk);
	if (!err)
		log_result(sk);
	kfree_sensitive(sk);
err_free_tfm:
	crypto_free_skcipher(tfm);
	return err;
}
module_init(cryptosk_init);

static void __exit cryptosk_exit(void)
{
}
module_exit(cryptosk_exit);

MODULE_DESCRIPTION("AES-256-CBC encryption and decryption of a text");
MODULE_LICENSE("GPL");
