# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# KTAP - functions with which a guest's scripts write KTAP documents
#
# The kernel's ktap_helpers.sh is not used: it writes a single flat document, whose
# results have no reasons.  A LEVEL is the number of documents around a line.  $bb
# is busybox.

# ktap_line LEVEL TEXT
ktap_line()
{
	printf '%*s%s\n' $(($1 * 4)) '' "$2"
}

# ktap_head LEVEL NAME COUNT: begin the document of a result
ktap_head()
{
	ktap_line "$1" "KTAP version 1"
	ktap_line "$1" "# Subtest: $2"
	ktap_line "$1" "1..$3"
}

# ktap_result LEVEL STATUS NUMBER NAME [REASON]: STATUS is "ok" or "not ok"; REASON
# may begin with SKIP
ktap_result()
{
	ktap_line "$1" "$2 $3 $4${5:+ # $5}"
}

# ktap_indent LEVEL: indent the lines of a document that another program writes.
# This is one process and no more, because under emulation each takes a
# millisecond a line.
# shellcheck disable=SC2016 # awk's variables
ktap_indent()
{
	$bb awk -v level="$1" '
		BEGIN { while (level-- > 0) indent = indent "    " }
		{ print indent $0; fflush() }'
}
