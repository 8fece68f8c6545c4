#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# netmon convert: the same frames in another format, and honest about the rest.
bats_require_minimum_version 1.5.0
load helper

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	cap=$(capture 500)
}

frames() {
	"$NETMON" info -T json "$1" | jq -c '[.capture.frames, .capture.stored_bytes, .capture.wire_bytes, .capture.first, .capture.last]'
}

@test "around the three formats and back: the same bytes" {
	"$NETMON" convert "$cap" a.cap
	"$NETMON" convert a.cap b.pcapng
	"$NETMON" convert b.pcapng c.pcap
	cmp <(tail -c +25 "$cap") <(tail -c +25 c.pcap)
	[ "$(frames a.cap)" = "$(frames "$cap")" ]
	[ "$(frames b.pcapng)" = "$(frames "$cap")" ]
	[ "$("$NETMON" info -T json a.cap | jq -r .capture.format)" = "Network Monitor 2" ]
}

@test "a range of frames" {
	"$NETMON" convert --frames 11-20 "$cap" part.pcap
	[ "$("$NETMON" info -T json part.pcap | jq .capture.frames)" = 10 ]
	"$NETMON" convert --frames -10 "$cap" head.pcap
	"$NETMON" convert --frames 21- "$cap" tail.pcap
	cat <(tail -c +25 head.pcap) <(tail -c +25 part.pcap) <(tail -c +25 tail.pcap) |
		cmp - <(tail -c +25 "$cap")
	"$NETMON" convert --frames 501-600 "$cap" none.pcap
	[ "$("$NETMON" info -T json none.pcap | jq .capture.frames)" = 0 ]
}

@test "a pipe at both ends, and a compressed input" {
	gzip <"$cap" | "$NETMON" convert --to pcap - - | cmp <(tail -c +25 "$cap") <(tail -c +25 /dev/stdin)
}

@test "compressed by the ending of the name, and read by the program for it" {
	for pair in gz:gzip zst:zstd lz4:lz4 xz:xz; do
		out=x.pcap.${pair%:*}
		"$NETMON" convert "$cap" "$out"
		[ "$("$NETMON" info -T json "$out" | jq -r .capture.compression)" = "${pair#*:}" ]
		[ "$(frames "$out")" = "$(frames "$cap")" ]
		command -v "${pair#*:}" >/dev/null || continue
		"${pair#*:}" -dc <"$out" | cmp <(tail -c +25 "$cap") <(tail -c +25 /dev/stdin)
	done
	"$NETMON" convert --to pcap --compress zstd "$cap" - | "$NETMON" info -T json - >piped.json
	[ "$(jq .capture.frames piped.json)" = 500 ]
	"$NETMON" convert --compress none "$cap" plain.pcap.gz
	cmp <(tail -c +25 "$cap") <(tail -c +25 plain.pcap.gz)
}

# full ARGUMENTS...: into what has no room; for Windows it has no name.
full() {
	local out=/dev/full
	! on_windows || out=-
	# shellcheck disable=SC2016
	run --separate-stderr bash -c '"$@" >/dev/full' _ "$NETMON" convert "$@" "$cap" $out
}

@test "compressed output that finds no room, or has a header to write last" {
	run --separate-stderr "$NETMON" convert "$cap" a.cap.gz
	[ "$status" -eq 1 ]
	[[ $stderr == *"header comes last"* ]]
	[ -z "$(compgen -G "a.cap*")" ]
	[ -e /dev/full ] || skip "no /dev/full"
	for how in gzip zstd lz4 xz; do
		full --to pcapng --compress $how
		[ "$status" -eq 6 ]
		[[ $stderr == *"No space"* ]]
	done
}

@test "tshark and capinfos read what was written" {
	command -v tshark capinfos >/dev/null || skip "no tshark"
	for out in a.pcap a.pcapng a.cap; do
		"$NETMON" convert "$cap" "$out"
		diff <(tshark -r "$cap" -T fields -e frame.time_epoch -e frame.len -e frame.cap_len 2>/dev/null) \
			<(tshark -r "$out" -T fields -e frame.time_epoch -e frame.len -e frame.cap_len 2>err)
		[ -z "$(grep -v 'Running as user' err)" ]
		capinfos -c "$out" | grep -q '500$'
	done
}

@test "tshark finds the comments of frames in what was written" {
	command -v tshark >/dev/null || skip "no tshark"
	in=${NMAPI_SHARED:-$NMAPI_SOURCE/../shared}/captures/dev/ms-MS-ADOD_Example2_10_ObtainAListOfUserAccountsUsingTheLDAPPro.cap
	[ -f "$in" ] || skip "no shared captures"
	"$NETMON" convert "$in" a.pcapng
	"$NETMON" convert --to netmon a.pcapng b.cap
	want=$("$NETMON" info -T json "$in" | jq -c '[.capture.frame_comment_count, .capture.frame_comments]')
	[ "$("$NETMON" info -T json a.pcapng | jq -c '[.capture.frame_comment_count, .capture.frame_comments]')" = "$want" ]
	[ "$("$NETMON" info -T json b.cap | jq -c '[.capture.frame_comment_count, .capture.frame_comments]')" = "$want" ]
	[ "$(tshark -r a.pcapng -Y frame.comment 2>err | wc -l)" = "$(jq '.[0]' <<<"$want")" ]
	[ "$(tshark -r b.cap 2>>err | wc -l)" = "$("$NETMON" info -T json "$in" | jq .capture.frames)" ]
	[ -z "$(grep -v 'Running as user' err)" ]
}

@test "a damaged capture: what stands before the damage, and status 4" {
	head -c 50000 "$cap" >cut.pcap
	run --separate-stderr "$NETMON" convert cut.pcap out.pcapng
	[ "$status" -eq 4 ]
	[[ $stderr == *"cut.pcap: at byte"* ]]
	[ "$("$NETMON" info -T json out.pcapng | jq .capture.frames)" = "$("$NETMON" info -T json cut.pcap | jq .capture.frames)" ]
}

@test "what can't be written leaves nothing behind" {
	run --separate-stderr "$NETMON" convert "$cap" gone/x.pcap
	[ "$status" -eq 6 ]
	[[ $stderr == "netmon: gone/x.pcap: "* ]]
	run --separate-stderr "$NETMON" convert missing.pcap x.pcap
	[ "$status" -eq 2 ]
	run --separate-stderr "$NETMON" convert "$BATS_TEST_FILENAME" x.pcap
	[ "$status" -eq 2 ]
	[ ! -e x.pcap ]
	[ -z "$(compgen -G "x.pcap*")" ]
	[ ! -e /dev/full ] || {
		full --to pcap
		[ "$status" -eq 6 ]
		[[ $stderr == *"No space"* ]]
	}
}

@test "a FIFO that nobody reads is ended by Ctrl-C, and written once somebody does" {
	only_on_linux "no pipe has a name among files"
	mkfifo fifo
	"$NETMON" convert --to pcap "$cap" fifo 2>err &
	pid=$!
	sleep 0.3
	cmp fifo <("$NETMON" convert --to pcap "$cap" -)
	wait $pid
	for words in "convert --to pcap $cap fifo" "run -q -T json -e $EXPERTS/frames.so -w fifo $cap"; do
		# shellcheck disable=SC2086
		env --default-signal=INT "$NETMON" $words >out 2>err &
		pid=$!
		sleep 1
		kill -INT $pid
		timeout 10 tail --pid=$pid -f /dev/null || kill -KILL $pid
		status=0
		wait $pid || status=$?
		[ "$status" -eq 130 ]
	done
	# The report of the last is whole.
	[ "$(jq -r 'select(.event_type=="run_end").run.interrupted' out)" = true ]
	[ "$(jq -r 'select(.event_type=="expert_end").expert.verdict' out)" = done ]
}

@test "a file that grows past the limit of sizes leaves nothing behind" {
	only_on_linux "files have no such limit"
	local big
	big=$(capture 20000)
	(
		ulimit -f 5000
		run --separate-stderr "$NETMON" convert "$big" x.pcap
		[ "$status" -eq 6 ]
		[ "$stderr" = "netmon: x.pcap: File too large" ]
		ulimit -f 100 # too little for the index, which is a file in memory
		run --separate-stderr "$NETMON" frames -c 2 "$big"
		[ "$status" -eq 2 ]
		[ "$stderr" = "netmon: $big: no memory for the frame index" ]
	)
	[ -z "$(compgen -G "x.pcap*")" ]
}

@test "an engine that is killed while it converts leaves nothing behind" {
	only_on_linux "which process its engine is, is not seen from outside of Wine"
	for filter in --frames=1- -Yudp; do
		rm -f pipe
		mkfifo pipe
		exec 7<>pipe
		"$NETMON" convert "$filter" - out.pcap <pipe 3>&- 7>&- 2>err &
		pid=$!
		cat "$cap" >&7
		sleep 1
		pkill -KILL -P $pid
		status=0
		wait $pid || status=$?
		exec 7>&-
		[ "$status" -eq 3 ]
		[ -z "$(compgen -G "out.pcap*")" ]
	done
}

@test "a capture may be replaced by itself in another format" {
	cp "$cap" x.pcap
	"$NETMON" convert --to pcapng x.pcap x.pcap
	[ "$(frames x.pcap)" = "$(frames "$cap")" ]
	[ "$("$NETMON" info -T json x.pcap | jq -r .capture.format)" = pcapng ]
}

# What pcap holds of the frames of $2 that pass $1, numbered anew.
passed() {
	"$NETMON" frames -Y "$1" -T fields -e frame.time_epoch -e frame.len -e frame.protocols "$2" | nl
}

@test "a filter: the frames that pass, from a file, a pipe and what is compressed" {
	gzip <"$cap" >cap.gz
	local -a filters=('frame.len > 100 && ip' 'frame.number > 500' udp 'tcp.port == 80' '!ip' 'frame.number == 500')
	! on_windows || filters=("${filters[@]:0:2}") # a second for each program
	for filter in "${filters[@]}"; do
		"$NETMON" convert -Y "$filter" "$cap" a.pcap
		"$NETMON" frames -T fields -e frame.time_epoch -e frame.len -e frame.protocols a.pcap | nl |
			diff - <(passed "$filter" "$cap")
		[ "$("$NETMON" frames -T fields -e frame.number a.pcap | tail -n 1)" = "$(passed "$filter" "$cap" | tail -n 1 | awk '{print $1}')" ]
		"$NETMON" convert -Y "$filter" --to pcap - - <"$cap" | cmp - a.pcap
		cat "$cap" | "$NETMON" convert -Y "$filter" --to pcap - - | cmp - a.pcap
		cat cap.gz | "$NETMON" convert -Y "$filter" --to pcap - - | cmp - a.pcap
		"$NETMON" convert -Y "$filter" --to pcap cap.gz - | cmp - a.pcap
	done
	"$NETMON" convert -Y udp --frames 101-200 "$cap" part.pcap
	"$NETMON" convert -Y 'udp && frame.number >= 101 && frame.number <= 200' "$cap" all.pcap
	cmp part.pcap all.pcap
	[ "$("$NETMON" info -T json part.pcap | jq .capture.frames)" -gt 0 ]
}

@test "a filter: a pipe that pauses between frames, and one that never ends" {
	"$NETMON" convert -Y udp "$cap" want.pcap
	{
		head -c 20001 "$cap"
		sleep 1
		tail -c +20002 "$cap"
	} | "$NETMON" convert -Y udp --to pcap - - | cmp - want.pcap
	mkfifo pipe
	exec 7<>pipe
	timeout 60 "$NETMON" convert -Y udp - out.pcap <pipe 3>&- 7>&- 2>err &
	pid=$!
	cat "$cap" >&7
	sleep 1
	kill -$INTERRUPT $pid
	status=0
	wait $pid || status=$?
	exec 7>&-
	[ "$status" -eq 130 ]
	[ -z "$(compgen -G "out.pcap*")" ]
}

@test "a filter: the same frames as tshark -Y -w writes" {
	command -v tshark >/dev/null || skip "no tshark"
	in=${NMAPI_SHARED:-$NMAPI_SOURCE/../shared}/captures/dev/pcapplusplus-many-protocols.pcap
	[ -f "$in" ] || skip "no shared captures"
	for filter in dns 'tcp.len > 0 and ip.ttl < 100' 'udp or arp' '!ip' 'tcp.flags.syn == 1'; do
		"$NETMON" convert -Y "$filter" "$in" ours.pcap
		tshark -n -r "$in" -Y "$filter" -F pcap -w theirs.pcap 2>err
		cmp <(tail -c +25 ours.pcap) <(tail -c +25 theirs.pcap)
		[ "$(stat -c %s ours.pcap)" -gt 24 ]
	done
}

@test "a filter: comments come with the frames that have them, and only those" {
	python3 - >noted.pcapng <<-'EOF'
	import struct, sys
	def block(kind, body):
	    n = struct.pack("<I", len(body) + 12)
	    return struct.pack("<I", kind) + n + body + n
	def frame(i):
	    bytes = b"\2\0\0\0\0\1\2\0\0\0\0\2" + (b"\x08\x06" if i % 2 else b"\x88\xb5") + b"1234567890" * 4
	    bytes = bytes + b"\0" * (-len(bytes) % 4)
	    note = b"note %02d " % i
	    return block(6, struct.pack("<IIIII", 0, 0, i, len(bytes), len(bytes)) + bytes + struct.pack("<HH", 1, len(note)) + note + b"\0\0\0\0")
	out = block(0x0a0d0d0a, struct.pack("<IHHq", 0x1a2b3c4d, 1, 0, -1)) + block(1, struct.pack("<HHI", 1, 0, 0))
	sys.stdout.buffer.write(out + b"".join(frame(i) for i in range(20)))
	EOF
	"$NETMON" convert -Y arp noted.pcapng kept.pcapng
	[ "$("$NETMON" info -T json kept.pcapng | jq -c '[.capture.frames, .capture.frame_comment_count, .capture.frame_comments[1]]')" = '[10,10,{"frame":2,"text":"note 03 "}]' ]
	"$NETMON" convert -Y '!arp' --to netmon noted.pcapng kept.cap
	[ "$("$NETMON" info -T json kept.cap | jq -c '[.capture.frames, .capture.frame_comment_count]')" = '[10,10]' ]
}

@test "a filter on a damaged capture: what passes before the damage, and status 4" {
	head -c 50000 "$cap" >cut.pcap
	run --separate-stderr "$NETMON" convert -Y udp cut.pcap out.pcapng
	[ "$status" -eq 4 ]
	[[ $stderr == *"cut.pcap: at byte"* ]]
	[ "$("$NETMON" info -T json out.pcapng | jq .capture.frames)" = "$("$NETMON" frames -Y udp cut.pcap 2>/dev/null | wc -l)" ]
}

@test "a Network Monitor file, whose header is written last, needs an output of its own" {
	cap=$(capture 10)
	run --separate-stderr bash -c "set -o pipefail; '$NETMON' convert --to=netmon '$cap' - | cat"
	[ "$status" -eq 6 ]
	[ -z "$output" ]
	[[ $stderr == "netmon: -: a Network Monitor file can't be written into a pipe or behind something else"* ]]
	echo before >mine
	run --separate-stderr bash -c "'$NETMON' convert --to=netmon '$cap' - >>mine"
	[ "$status" -eq 6 ]
	[ "$(cat mine)" = before ]
	"$NETMON" convert --to=netmon "$cap" - >mine
	[ "$("$NETMON" info -T json mine | jq .capture.frames)" = 10 ]
}
