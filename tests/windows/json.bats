#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# netmon.exe, under Wine, writes the JSON that netmon writes on Linux, byte for byte: all shipped
# experts, on captures of every format, compressed, from a pipe, and those beside the tree. tests/windows/e2e runs it.
bats_require_minimum_version 1.5.0

setup_file() {
	export LINUX=$NMAPI_BUILD/src/cli/netmon SHARED=${NMAPI_SHARED:-$NMAPI_SOURCE/../shared}/captures
	cd "$BATS_FILE_TMPDIR" || return
	local format
	for format in pcap pcap-ns pcapng netmon1 netmon2; do
		"$NMAPI_BUILD/tools/mkcapture" --format $format --frames 5000 --seed 11 frames.$format
	done
	gzip -k frames.pcap
	head -c 200000 frames.pcapng >cut.pcapng
	echo none >none.pcap
}

setup() {
	cd "$BATS_FILE_TMPDIR" || return
}

# both INPUT ARGUMENTS...: the same bytes and the same status from both, about something.
both() {
	local input=$1 linux=0 windows=0
	shift
	timeout 100 "$LINUX" run -q --no-bill -T json "$@" <"$input" >linux.json 2>linux.err || linux=$?
	timeout 100 "$NMAPI_NETMON" run -q --no-bill -T json "$@" <"$input" >windows.json 2>windows.err || windows=$?
	[ -s linux.json ]
	cmp linux.json windows.json && [ "$linux" = "$windows" ] || {
		echo "$*: status $linux and $windows"
		diff linux.json windows.json | cut -c 1-300 | head -n 6
		head -n 5 windows.err
		return 1
	}
}

@test "captures of every format" {
	local format
	for format in pcap pcap-ns pcapng netmon1 netmon2; do
		both /dev/null frames.$format
	done
}

@test "a compressed capture, and one out of a pipe" {
	both /dev/null frames.pcap.gz
	both frames.pcap -
}

@test "settings, a filter and several captures" {
	both /dev/null -e topuser:top=3 -e tcpipe frames.pcap
	both /dev/null -Y 'tcp.port == 80' -e protdist frames.netmon2
	both /dev/null -e protdist frames.pcap frames.pcapng
}

@test "what is damaged, and what is no capture" {
	both /dev/null cut.pcapng
	both /dev/null none.pcap
	both /dev/null frames.pcap none.pcap
}

# alike ARGUMENTS...: both print the same and end the same.
alike() {
	local linux=0 windows=0
	timeout 60 "$LINUX" "$@" >linux.out 2>&1 </dev/null || linux=$?
	timeout 60 "$NMAPI_NETMON" "$@" >windows.out 2>&1 </dev/null || windows=$?
	diff linux.out windows.out && [ "$linux" = "$windows" ] || {
		echo "$*: status $linux and $windows"
		return 1
	}
}

@test "a folder of captures, outputs in a folder that is not there, and databases" {
	mkdir folder
	cp frames.pcap folder/
	alike run -q --no-bill -e protdist folder/
	alike convert frames.pcap gone/new.pcapng
	alike run -q -T json -o gone/new.json frames.pcap
	alike run -q --no-bill -T sqlite -o same.db frames.pcap
	"$LINUX" run -q --no-bill -T sqlite -o linux.db frames.pcap
	command -v sqlite3 || skip "no sqlite3"
	cmp <(sqlite3 linux.db .dump) <(sqlite3 same.db .dump)
}

@test "captures beside the tree" {
	[ -d "$SHARED" ] || skip "needs ../shared"
	local capture n=0
	while read -r capture; do
		both /dev/null "$capture"
		n=$((n + 1))
	done < <(find -L "$SHARED" -type f -size -2M | sort | awk 'NR % 16 == 1' | head -n 10)
	[ "$n" -gt 5 ]
}
