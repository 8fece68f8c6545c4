#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# netmon info: what captures hold, also beside frames.
bats_require_minimum_version 1.5.0
load helper

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

# A pcapng file with a program, an interface with a filter, and a frame with a comment.
noted() {
	printf '\x0a\x0d\x0d\x0a\x2c\0\0\0\x4d\x3c\x2b\x1a\x01\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff\x04\0\x07\0prog\033[m\0\0\0\0\0\x2c\0\0\0'
	printf '\x01\0\0\0\x20\0\0\0\x01\0\0\0\0\0\0\0\x0b\0\x04\0\0tcp\0\0\0\0\x20\0\0\0'
	printf '\x06\0\0\0\x30\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x04\0\0\0\x04\0\0\0abcd\x01\0\x03\0o\xffd\0\0\0\0\0\x30\0\0\0'
	printf '\x99\0\0\0\x0c\0\0\0\x0c\0\0\0'
}

@test "program, filter and comments are shown, cleaned" {
	noted >a.pcapng
	run --separate-stderr "$NETMON" info a.pcapng
	[ "$status" -eq 0 ]
	[[ $output == *'Application:    prog\x1b[m'* ]]
	[[ $output == *'filter: tcp'* ]]
	[[ $output == *'frame 1:      o\xffd'* ]]
	[[ $output == *'1 of type 0x00000099'* ]]
	[[ $output != *$'\033'* ]]
}

@test "json: the same, as valid UTF-8" {
	noted >a.pcapng
	"$NETMON" info -T json a.pcapng | iconv -f UTF-8 -t UTF-8 >out
	[ "$(jq -c '[.capture.frame_comment_count, .capture.frame_comments[0].frame, .capture.interfaces[0].filter, .capture.blocks[0].type]' out)" = '[1,1,"tcp",153]' ]
	[ "$(jq -r '.capture.frame_comments[0].text' out)" = "o�d" ]
}

@test "one bad file does not stop the others" {
	noted >a.pcapng
	echo no >b
	run --separate-stderr "$NETMON" info -T json a.pcapng b missing a.pcapng
	[ "$status" -eq 2 ]
	[ "$(jq -s -c 'map(.capture.readable)' <<<"$output")" = '[true,false,false,true]' ]
}

@test "hashes are those of the stored bytes; a pipe has none" {
	noted | gzip >a.pcapng.gz
	run --separate-stderr "$NETMON" info --hash -T json a.pcapng.gz
	[ "$status" -eq 0 ]
	[ "$(jq -r .capture.sha256 <<<"$output")" = "$(sha256sum <a.pcapng.gz | cut -d' ' -f1)" ]
	[ "$(jq -r .capture.sha1 <<<"$output")" = "$(sha1sum <a.pcapng.gz | cut -d' ' -f1)" ]
	[ "$("$NETMON" info -H a.pcapng.gz | grep -c "^SHA-")" -eq 2 ]
	[ "$("$NETMON" info a.pcapng.gz | grep -c "^SHA-")" -eq 0 ]
	noted >a.pcapng
	"$NETMON" info --hash - <a.pcapng >out 2>err
	grep -q "can't be hashed: it is no file" err
	[ "$(grep -c "^SHA-" out)" -eq 0 ]
}

@test "interrupted, it tells what was counted so far and that it is not all" {
	local how delay
	"$NMAPI_BUILD/tools/mkcapture" --frames 100 big.pcap
	truncate -s 1T big.pcap || skip "no file of a terabyte here" # records of length 0
	for how in text json; do
		for delay in 1 2 4 8; do # how long until the first figures come depends on the machine
			env --default-signal=INT "$NETMON" info -T $how big.pcap >out 2>err &
			sleep $delay
			kill -INT $!
			status=0
			wait $! || status=$?
			[ "$status" -eq 130 ]
			! grep -Eq '^Frames: +0 |"frames":0,' out && break
		done
		grep -q interrupted err
		if [ $how = json ]; then
			[ "$(jq '.capture|.uncounted and .frames > 100 and .frames < 4294967295' out)" = true ]
		else
			grep -Eq '^Frames: +[1-9][0-9,]+ so far; there may be more, not all was read$' out
		fi
	done
}

@test "a capture that is counted says nothing of that" {
	noted >a.pcapng
	"$NETMON" info a.pcapng | grep -Eq '^Frames: +1$'
	[ "$("$NETMON" info -T json a.pcapng | jq '.capture|has("uncounted")')" = false ]
}

@test "from a pipe" {
	noted | "$NETMON" info - | grep -q '^Frame comments: 1$'
}
