# SPDX-License-Identifier: GPL-2.0
#
# kconfig - print which modules of this project can be built for a kernel
#
#	awk -f tools/kconfig.awk [-v left_out=1] include/config/auto.conf Kconfig...
#
# auto.conf is the kernel's configuration; the Kconfig files are the project's.
# The script prints CONFIG_<SYMBOL> for each entry whose dependencies the kernel
# meets.  With left_out=1 it prints each other entry instead, with the
# dependencies that the kernel does not meet.  A dependency on a symbol of this
# project counts as met, because that symbol is built as well.

function fail(what) {
	printf "%s:%d: %s, which tools/kconfig.awk does not know\n",
	       FILENAME, FNR, what > "/dev/stderr"
	exit failed = 1
}

function flush(    i, n, term, missing) {
	if (symbol == "" || !typed)
		return
	n = split(depends, terms, " ")
	for (i = 1; i <= n; i++) {
		term = terms[i]
		if (term ~ /^!/ ? substr(term, 2) in kernel : !(term in kernel))
			if (term !~ /^MODPROOF/)
				missing = missing " " term
	}
	if (left_out && missing != "")
		print symbol ":" missing
	else if (!left_out && missing == "")
		print "CONFIG_" symbol
}

FNR == 1 { flush(); symbol = "" }

FILENAME ~ /auto\.conf$/ {
	if (match($0, /^CONFIG_[A-Z0-9_]+=[ym]$/))
		kernel[substr($0, 8, RLENGTH - 9)] = 1
	next
}

$1 == "config" || $1 == "menuconfig" {
	flush()
	symbol = $2
	typed = 0
	depends = ""
}

$1 == "tristate" || $1 == "bool" { typed = 1 }

$1 == "depends" {
	sub(/^[ \t]*depends on[ \t]*/, "")
	if (/[|()=]/)
		fail("dependency \"" $0 "\"")
	gsub(/&&/, " ")
	depends = depends " " $0
}

END { if (!failed) flush() }
