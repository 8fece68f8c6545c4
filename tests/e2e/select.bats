#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# -Y: which frames experts and people see, and what is said of a filter that is none.
bats_require_minimum_version 1.5.0
load helper

@test "frames shows the frames that pass, with their own numbers" {
	all=$("$NETMON" frames -e frame.number -e udp "$(capture 500)" | awk '$2 != ""' | cut -f1)
	[ -n "$all" ]
	run --separate-stderr timeout 60 "$NETMON" frames -Y udp -e frame.number "$(capture 500)"
	[ "$status" -eq 0 ]
	[ "$output" = "$all" ]
	run --separate-stderr timeout 60 "$NETMON" frames -Y 'udp && frame.number > 100' -c 3 -e frame.number "$(capture 500)"
	[ "$output" = "$(awk '$1 > 100' <<<"$all" | head -n 3)" ]
}

@test "a filter that nothing passes shows nothing, and that is complete" {
	run --separate-stderr timeout 60 "$NETMON" frames -Y 'frame.number > 1000000' "$(capture 500)"
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	[ -z "$stderr" ]
}

@test "an expert that heeds the filter sees only what passes, and the report counts" {
	n=$("$NETMON" frames -Y tcp -e frame.number "$(capture 500)" | wc -l)
	run_json 0 -Y tcp -e topuser "$(capture 500)"
	[ "$(value '.[] | select(.event_type == "expert_end") | .expert.filter_judged')" -eq 500 ]
	[ "$(value '.[] | select(.event_type == "expert_end") | .expert.filter_passed')" -eq "$n" ]
	run timeout 60 "$NETMON" run --no-bill -q -Y tcp -e topuser "$(capture 500)"
	grep -q "the filter passed $n of 500 frames" <<<"$output"
}

@test "an expert that does not ask for the filter is told of" {
	run timeout 60 "$NETMON" run --no-bill -q -Y tcp -e "$EXPERTS/frames.so" "$(capture 500)"
	[ "$status" -eq 0 ]
	grep -q "the filter was not asked for any frame" <<<"$output"
}

@test "a filter that is none is shown where, before anything runs" {
	cd "$BATS_TEST_TMPDIR"
	for command in run frames convert; do
		local -a out=()
		[ $command != convert ] || out=(out.pcap)
		run --separate-stderr timeout 60 "$NETMON" $command -Y 'ip && tcp.prt == 80' "$(capture 500)" "${out[@]}"
		[ "$status" -eq 1 ]
		[ -z "$output" ]
		[ "$stderr" = "netmon: the filter: no field or protocol has the name tcp.prt; did you mean tcp.port?
netmon:   ip && tcp.prt == 80
netmon:         ^~~~~~~" ]
	done
	[ -z "$(compgen -G "out.pcap*")" ]
}

@test "a long filter is shown around the place, and what would harm a terminal is not" {
	long=$(printf 'tcp or %.0s' {1..100})
	run --separate-stderr timeout 60 "$NETMON" frames -Y "${long}$(printf '\033[2J')" "$(capture 500)"
	[ "$status" -eq 1 ]
	[ "$(wc -l <<<"$stderr")" -eq 3 ]
	! grep -q "$(printf '\033')" <<<"$stderr" || return 1
	grep -q '  \.\.\. .*tcp or \\x1b' <<<"$stderr"
	run --separate-stderr timeout 60 "$NETMON" frames -Y "$(printf 'x%.0s' {1..9000})" "$(capture 500)"
	[ "$status" -eq 1 ]
	grep -q 'more than 8192 bytes' <<<"$stderr"
}
