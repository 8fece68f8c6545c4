#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The folder that experts may write to, and the expert that does.
bats_require_minimum_version 1.5.0
load helper

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	cap=$(capture 500)
	mkdir -m 777 out
}

# What events of this number say in a column.
told() {
	value ".[]|select(.event_type==\"expert\" and .expert.event_id==$1)|.expert.columns.\"$2\""
}

@test "a new capture, that other programs and this one read" {
	run_json 0 -e coalesce --output-dir out "$cap"
	new=out/$(basename "$cap" .pcap)-coalesced.pcapng
	[ "$(ls out)" = "$(basename "$new")" ]
	frames=$("$NETMON" info -T json "$new" | jq .capture.frames)
	[ "$frames" -gt 0 ]
	[ "$(stat -c %s "$new")" -gt 262144 ] # more than is written at a time
	"$NETMON" convert "$new" new.pcap
	[ "$("$NETMON" info -T json new.pcap | jq .capture.frames)" = "$frames" ]
	command -v tshark capinfos >/dev/null || skip "no tshark"
	[ "$(tshark -n -r "$new" 2>err | wc -l)" = "$frames" ]
	capinfos -M -c "$new" 2>>err | grep -q "$frames\$"
	[ -z "$(grep -v 'Running as user' err)" ]
}

@test "without a folder one event, and no failure; your own variable does not count" {
	NETMON_OUTPUT_DIR=$PWD/out run_json 0 -e coalesce "$cap"
	[[ $output == *"No folder to write to"* ]]
	on_windows || {
		NETMON_OUTPUT_DIR=$PWD/out run_json 0 --in-process -e coalesce "$cap"
		[[ $output == *"No folder to write to"* ]]
	}
	[ -z "$(ls out)" ]
}

@test "a second run leaves the file of the first" {
	run_json 0 -e coalesce --output-dir out "$cap"
	run_json 0 -e coalesce --output-dir out "$cap"
	[ "$(ls out | wc -l)" = 2 ]
	cmp out/*-coalesced.pcapng out/*-coalesced-2.pcapng
}

@test "from a pipe, compressed, and in this process: the same" {
	run_json 0 -e coalesce --output-dir out "$cap"
	gzip -c "$cap" | run_json 0 -e coalesce --output-dir out -
	cmp "out/$(basename "$cap" .pcap)-coalesced.pcapng" out/capture-coalesced.pcapng
	on_windows || { # which has no --in-process
		run_json 0 --in-process -e coalesce --output-dir out "$cap"
		cmp out/*-coalesced-2.pcapng out/capture-coalesced.pcapng
	}
}

@test "the filter says what goes in" {
	run_json 0 -Y arp -e coalesce --output-dir out "$cap"
	[ "$("$NETMON" info -T json out/* | jq .capture.frames)" = "$("$NETMON" frames -Y arp "$cap" | wc -l)" ]
}

@test "a folder in one that nobody may enter, and one that nobody may write to" {
	only_on_linux "Wine has the rights of its user for all it runs"
	mkdir -m 700 closed
	mkdir -m 777 closed/open
	run_json 0 -e coalesce --output-dir closed/open "$cap"
	[ "$(ls closed/open | wc -l)" = 1 ]
	[ "$(id -u)" = 0 ] || skip "not root"
	run_json 3 -e coalesce --output-dir closed "$cap"
	[[ $output == *"New capture not written"*"Permission denied"* ]]
	[ "$(ls closed)" = open ]
}

@test "with core dumps wanted it begins elsewhere" {
	only_on_linux "there are no core dumps"
	[ "$(id -u)" != 0 ] || chmod 755 "$BATS_TEST_TMPDIR" "$BATS_FILE_TMPDIR" "$BATS_RUN_TMPDIR"
	run_json 0 --core -e coalesce --output-dir out "$cap"
	[ "$(ls out | wc -l)" = 1 ]
}

@test "no room: told, and nothing left" {
	[ "$(id -u)" = 0 ] || skip "not root"
	mkdir -m 777 small
	mount -t tmpfs -o size=16k,mode=777 none small 2>/dev/null || skip "no tmpfs can be mounted"
	chmod 777 small
	run --separate-stderr timeout 60 "$NETMON" run --no-bill -q -T json -e coalesce --output-dir small "$cap"
	left=$(ls small)
	umount small
	[ "$status" -eq 3 ]
	if on_windows; then # where files are put there when the expert has ended
		[[ $output == *"what it wrote can't all be in the output folder: No space left"* ]]
	else
		[[ $output == *"New capture not written"*"No space left"* ]]
	fi
	[ -z "$left" ]
}
