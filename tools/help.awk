# SPDX-License-Identifier: GPL-2.0
#
# Help - print each target of a Makefile that has a text after "##", and the
# text

BEGIN {
	FS = ":.*## "
	print "Targets:"
}

/^[a-z_-]+:.*## / { printf "  %-16s %s\n", $1, $2 }

END {
	print "\nVariables:"
	print "  KERNEL=NAME      stock-6.1, stock-6.12 (default) or latest"
	print "  KDIR=DIR         a kernel's build or headers instead (also KERNELDIR=)"
	print "  KVERSION=NAME    that installed kernel's headers instead"
	print "  KSRC=DIR         a kernel source instead of Debian's 6.12"
	print "  O=DIR            build directory (default: build)"
	print "  ACCEL=kvm|tcg    how QEMU runs a guest: by the CPU, or emulated"
	print "  V=1 W=1 C=1      as in the kernel's build"
	print "\nA guest is a virtual machine that boots the kernel and has the files of this"
	print "machine.  Documentation/glossary.rst explains this and other words."
}
