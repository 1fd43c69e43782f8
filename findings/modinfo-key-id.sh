#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# modinfo shows no signature of a module that was signed by "sign-file -k"
#
# Expected: modinfo prints sig_id, signer, sig_key and sig_hashalgo, or at least that
# there is a signature.  The option -k of the kernel's scripts/sign-file names the
# key in the signature by its identifier, and not by the issuer and serial number of
# the certificate.  Linux 6.12 verifies such a signature and loads the module.
#
# Seen: modinfo prints none of these fields, as for a module without a signature, no
# error, and the exit status is 0.
#
# Version: kmod 30+20221128-1 of Debian 12.
#
# Who is hurt: anyone who looks with modinfo whether a module is signed, as scripts of
# packages do, which then sign it again or reject it.

set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

apt-get -qq -o APT::Sandbox::User=root download kmod=30+20221128-1 \
	libkmod2=30+20221128-1
for deb in ./*.deb; do
	dpkg -x "$deb" root
done
LD_LIBRARY_PATH=$dir/root/lib/x86_64-linux-gnu
export LD_LIBRARY_PATH
ln -s kmod root/bin/modinfo
root/bin/modinfo --version | head -1

# An object with a .modinfo section is enough of a module for modinfo.
printf '%s\n' '.section .modinfo, "a"' '.asciz "license=GPL"' |
	cc -x assembler -c -o plain.ko -
openssl req -x509 -newkey rsa:2048 -nodes -subj "/CN=the signer" \
	-addext subjectKeyIdentifier=hash -keyout key -out certificate 2>said

# sign FILE [OPTION]: append a signature, as sign-file does: the PKCS#7 message, the
# type 2 and the length of the message among zeros, and a line of text
sign()
{
	file=$1
	shift
	openssl cms -sign -binary -noattr -nocerts -md sha256 -outform DER "$@" \
		-signer certificate -inkey key -in plain.ko -out message
	size=$(wc -c <message)
	size=$(printf '\\0%03o\\0%03o' $((size / 256)) $((size % 256)))
	{
		cat plain.ko message
		printf '\0\0\2\0\0\0\0\0\0\0%b' "$size"
		echo "~Module signature appended~"
	} >"$file"
}

sign by-number.ko
sign by-identifier.ko -keyid
echo "by issuer and serial number:"
root/bin/modinfo by-number.ko | tee by-number | grep -E '^sig'
echo "by identifier of the key:"
status=0
root/bin/modinfo by-identifier.ko >by-identifier 2>said || status=$?
cat by-identifier said
echo "exit status: $status"
if ! grep -q '^signer: *the signer$' by-number || [ "$status" -ne 0 ] ||
	grep -q '^sig' by-identifier || [ -s said ]; then
	echo "this has changed"
	exit 1
fi
