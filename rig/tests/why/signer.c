// SPDX-License-Identifier: GPL-2.0
/*
 * Signer - say where the signer of a message is among the keys of UEFI
 *
 *	signer DIRECTORY MESSAGE
 *
 * DIRECTORY is a copy of /sys/firmware/efi, and MESSAGE a PKCS#7 message.  For
 * each variable that has the signer's certificate its name is printed, and
 * "unknown" if not all variables can be read.
 */

#include <stdio.h>

#include "enrolled.h"
#include "state.h"

int main(int argc, char **argv)
{
	struct message_parts parts = {};
	struct state state = {};
	struct arena arena = {};
	const char *error;

	if (argc != 3)
		die("signer DIRECTORY MESSAGE");
	error = pkcs7_read(buffer_load(&arena, argv[2]), &parts);
	if (error)
		die("%s: %s", argv[2], error);
	state_read_enrolled(&state, &arena, argv[1]);
	if (state.has_enrolled == FACT_UNKNOWN)
		puts("unknown");
	if (enrolled_has_signer(state.enrolled[0], &parts))
		puts("db");
	if (enrolled_has_signer(state.enrolled[1], &parts))
		puts("MokListRT");
	if (enrolled_has_signer(state.revoked[0], &parts))
		puts("dbx");
	if (enrolled_has_signer(state.revoked[1], &parts))
		puts("MokListXRT");
	arena_free(&arena);
	return 0;
}
