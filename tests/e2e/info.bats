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

# A Network Monitor file without frames, but with two processes: one with its
# connection and an icon, one of which neither is said.
processes() {
	printf 'GMBU\x02\x02\x01\0\xd0\x07\x01\0\x06\0\x01\0\0\0\0\0\0\0\0\0\x48\0\0\0\0\0\0\0'
	printf '\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x48\0\0\0\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\0'
	printf '\x04\0\0\0a\0\033\0\x06\0\0\0\x89PNG..\x67\x12\0\0\xbb\x01\0\0\x50\xc3\0\0\x01\0\0\0'
	printf '\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x02'
	printf '\x02\0\0\0b\0\0\0\0\0\x08\0\0\0'
	head -c 44 /dev/zero
}

@test "processes: path, number, connection and icon; kept from one Network Monitor file to the next" {
	processes >a.cap
	run --separate-stderr "$NETMON" info a.cap
	[ "$status" -eq 0 ]
	[[ $output == *"Processes:      2"$'\n'"  4711:         a\x1b, [2001:db8::1]:443 to [2001:db8::2]:50000, PNG icon of 6 bytes"$'\n'"  8:            b"* ]]
	"$NETMON" convert a.cap b.cap
	for f in a.cap b.cap; do
		"$NETMON" info -T json $f | jq -c .capture.processes >$f.json
	done
	[ "$(jq -c '.[0] | [.pid, .local, .local_port, .remote, .remote_port, .icon_bytes, .icon_format]' a.cap.json)" = '[4711,"2001:db8::1",443,"2001:db8::2",50000,6,"PNG"]' ]
	[ "$(jq -c '.[1]' a.cap.json)" = '{"pid":8,"text":"b"}' ]
	cmp a.cap.json b.cap.json
	run --separate-stderr "$NETMON" convert a.cap a.pcapng
	[[ $stderr == *"processes are lost: 2 that the target has no place for"* ]]
	processes | head -c 180 >cut.cap
	run --separate-stderr "$NETMON" info cut.cap
	[[ $output == *"comments or processes can't be read to their end"* ]]
}

# An interface that received 5 frames from second 1 to second 3, as read at second 4;
# without the last options if $1 is "less".
counted() {
	printf '\x0a\x0d\x0d\x0a\x1c\0\0\0\x4d\x3c\x2b\x1a\x01\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff\x1c\0\0\0'
	printf '\x01\0\0\0\x14\0\0\0\x01\0\0\0\0\0\0\0\x14\0\0\0'
	if [ "$1" = less ]; then
		printf '\x05\0\0\0\x28\0\0\0\0\0\0\0\0\0\0\0\0\x09\x3d\0\x04\0\x08\0\x05\0\0\0\0\0\0\0\0\0\0\0\x28\0\0\0'
		return
	fi
	printf '\x05\0\0\0\x40\0\0\0\0\0\0\0\0\0\0\0\0\x09\x3d\0\x02\0\x08\0\0\0\0\0\x40\x42\x0f\0'
	printf '\x03\0\x08\0\0\0\0\0\xc0\xc6\x2d\0\x04\0\x08\0\x05\0\0\0\0\0\0\0\0\0\0\0\x40\0\0\0'
}

@test "counters of an interface are told with the times they are for" {
	counted all >a.pcapng
	run --separate-stderr "$NETMON" info a.pcapng
	[ "$status" -eq 0 ]
	[[ $output == *"5 frames received"*"counted at 1970-01-01T00:00:04"*"captured from 1970-01-01T00:00:01"*"captured to 1970-01-01T00:00:03"* ]]
	[ "$("$NETMON" info -T json a.pcapng | jq -c '.capture.interfaces[0] | [.received, .counted, .captured_from, .captured_to]')" = \
		'[5,"1970-01-01T00:00:04.000000000+0000","1970-01-01T00:00:01.000000000+0000","1970-01-01T00:00:03.000000000+0000"]' ]
	counted less >b.pcapng
	[ "$("$NETMON" info -T json b.pcapng | jq -c '.capture.interfaces[0] | [.received, has("counted"), has("captured_from"), has("captured_to")]')" = '[5,true,false,false]' ]
	[[ $("$NETMON" info b.pcapng) != *"captured from"* ]]
}
