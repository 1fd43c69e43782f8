# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# Program - functions with which a guest's scripts run test programs
#
# $bb is busybox, $run its directory, $guest that of these scripts.  $target is
# the group of the programs, and $only has options for each of them.

# Print the number of seconds that a program may take; 0 means no limit.  The
# settings are parsed as the kernel's own runner does: they are lines of shell, of
# which the last one with "timeout=" counts; its value has the format of timeout(1).
# shellcheck disable=SC2016 # awk's variables
limit()
{
	settings=/dev/null
	[ ! -e settings ] || settings=settings
	$bb awk -v value="${TIMEOUT:-45}" -v slow="${SLOW:-1}" '
		{ sub(/^[ \t]+/, "") }
		sub(/^timeout=/, "") { value = $0 }
		END {
			sub(/[ \t\r]+(#.*)?$/, "", value)
			gsub(/["\047]/, "", value)
			if (value !~ /^([0-9]+[.]?|[0-9]*[.][0-9]+)[smhd]?$/)
				exit 1
			unit = index("smhd", substr(value, length(value)))
			split("1 60 3600 86400", seconds, " ")
			print value * (unit ? seconds[unit] : 1) * slow
		}' $settings
}

# run_program LEVEL NUMBER NAME [FILE]: run ./FILE, which is NAME by default, and
# print the result that its status means
run_program()
{
	# If the kernel stops, the last of these lines names the program.
	[ "$run" != /run ] || echo "<4>modproof: $target $3 begins" >/dev/kmsg
	{
		# shellcheck disable=SC2086 # two words, or none
		$bb sh "$guest/limit" "$limit" "$run/timed-out" "./${4:-$3}" $only \
			2>&1 </dev/null
		echo $? >"$run/status"
	} | ktap_indent $(($1 + 1))
	read -r status <"$run/status"
	# The exit status is not enough: a program may catch the signal and exit
	# with 0.
	fate="not ok"
	if [ -e "$run/timed-out" ]; then
		$bb rm "$run/timed-out"
		reason="timed out after $limit s"
	elif [ "$status" -eq 0 ]; then
		fate=ok
		reason=
	elif [ "$status" -eq 4 ]; then
		fate=ok
		reason=SKIP
	elif [ "$status" -gt 128 ] && [ "$status" -le 192 ]; then
		reason="killed by signal $((status - 128))"
	else
		reason="exit status $status"
	fi
	ktap_result "$1" "$fate" "$2" "$3" "$reason"
	[ "$fate" = ok ] || result=$fate
}
