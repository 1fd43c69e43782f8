# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# KTAP - functions with which the scripts of a guest write KTAP documents
#
# The kernel has a ktap_helpers.sh, but it cannot write documents within a
# document, nor the reason for a result.  LEVEL is the number of documents that
# contain a line; the line is indented by 4 spaces for each.  A script sets $bb
# to busybox.

# ktap_line LEVEL TEXT: write a line, indented for LEVEL
ktap_line()
{
	printf '%*s%s\n' $(($1 * 4)) '' "$2"
}

# ktap_head LEVEL NAME COUNT: write the first lines of the document within the
# result NAME; COUNT is the number of results in the document
ktap_head()
{
	ktap_line "$1" "KTAP version 1"
	ktap_line "$1" "# Subtest: $2"
	ktap_line "$1" "1..$3"
}

# ktap_result LEVEL STATUS NUMBER NAME [REASON]: write a result.  STATUS is "ok"
# or "not ok"; a REASON that begins with SKIP marks a test that was skipped.
ktap_result()
{
	ktap_line "$1" "$2 $3 $4${5:+ # $5}"
}

# ktap_indent LEVEL: copy stdin, a document that another program writes, to
# stdout, and indent its lines for LEVEL.  Use a single process: under emulation
# each process in a pipeline takes a millisecond for each line.
# shellcheck disable=SC2016 # awk's variables
ktap_indent()
{
	$bb awk -v level="$1" '
		BEGIN { while (level-- > 0) indent = indent "    " }
		{ print indent $0; fflush() }'
}
