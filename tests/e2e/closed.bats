#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Started with descriptors closed: nothing that is opened may take their place.
bats_require_minimum_version 1.5.0
load helper

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

# started_with REDIRECTIONS: the report goes to a file, the status to $status.
started_with() {
	run timeout 20 bash -c "exec \"\$@\" $1" _ "$NETMON" run -q -T json --no-bill -o out.json \
		"$(capture 100)" -e "$EXPERTS/good.so"
}

@test "whatever of the three is closed, a report to a file is what it always is" {
	started_with ''
	[ "$status" -eq 0 ]
	mv out.json want.json
	for closed in '<&-' '>&-' '2>&-' '<&- >&-' '<&- 2>&-' '>&- 2>&-' '<&- >&- 2>&-'; do
		started_with "$closed"
		echo "$closed: status $status"
		[ "$status" -eq 0 ]
		cmp out.json want.json
	done
}

@test "a closed standard output is an output that can't be written" {
	for args in "run -q $(capture 100) -e $EXPERTS/good.so" "info $(capture 100)" experts version 'explain tcpipe' 'explain tcpipe/10' \
		'protocols -T json'; do
		# shellcheck disable=SC2086
		run --separate-stderr timeout 20 bash -c 'exec "$@" >&-' _ "$NETMON" $args
		echo "$args: status $status, $stderr"
		[ "$status" -eq 6 ]
		[[ $stderr == "netmon: standard output: can't be written: "* ]]
		[ "${#stderr_lines[@]}" -eq 1 ]
	done
}

@test "a closed standard input is no capture" {
	run --separate-stderr timeout 20 bash -c 'exec "$@" <&-' _ "$NETMON" run -q - -e "$EXPERTS/good.so"
	[ "$status" -eq 2 ]
	[[ $stderr == 'netmon: -: '* ]]
}

@test "why standard output can't be written is told, but not of a reader who has gone" {
	only_on_linux "/dev/full is not there"
	for args in 'protocols -T json' 'explain tcpipe/10' 'experts -T json'; do
		# shellcheck disable=SC2086
		run --separate-stderr timeout 20 bash -c 'exec "$@" >/dev/full' _ "$NETMON" $args
		[ "$status" -eq 6 ]
		[ "$stderr" = "netmon: standard output: can't be written: No space left on device" ]
		# shellcheck disable=SC2086
		run --separate-stderr timeout 20 bash -c '"$@" | true; exit "${PIPESTATUS[0]}"' _ "$NETMON" $args
		[ -z "$stderr" ]
	done
}
