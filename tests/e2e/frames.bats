#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# netmon frames: lines, trees, bytes, fields and JSON, into files, pipes and nowhere.
bats_require_minimum_version 1.5.0
load helper

frames() {
	run --separate-stderr timeout 60 "$NETMON" frames "$@"
}

# frame BYTES...: a pcap record of these bytes, given as printf escapes of two digits each.
frame() {
	local n
	n=$(printf '%b' "$1" | wc -c)
	printf "\1\0\0\0\0\0\0\0\\x$(printf %02x "$n")\0\0\0\\x$(printf %02x "$n")\0\0\0"
	printf '%b' "$1"
}

pcap_head() {
	printf '\xd4\xc3\xb2\xa1\2\0\4\0\0\0\0\0\0\0\0\0\xff\xff\0\0\1\0\0\0'
}

# A DNS-like UDP packet whose payload is full of what terminals obey.
hostile_capture() {
	pcap_head
	frame '\x02\0\0\0\0\x01\x02\0\0\0\0\x02\x08\x00\x45\0\0\x2c\0\0\0\0\x40\x11\0\0\x0a\0\0\x01\x0a\0\0\x02\x30\x39\x1b\x5d\0\x18\0\0\x1b[2J\x1b]0;x\x07\x9b31m\x0d\x0a\x00'
}

@test "a line for each frame, aligned, with what its innermost protocol says" {
	frames "$(capture 500)"
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 500 ]
	[ -z "$stderr" ]
	grep -Eq '^    1    0\.000000 +[0-9.]+ → [0-9.]+ +TCP +[0-9]+ ' <<<"$output"
	# The arrow stands in one place, and so does the protocol.
	[ "$(grep -bo . <<<"${lines[0]}" | wc -l)" -gt 60 ]
	[ "$(awk -F' → ' '{ print length($1) }' <<<"$output" | sort -u | wc -l)" -eq 1 ]
}

@test "the number of frames and their range are what was asked for" {
	frames -c 7 "$(capture 500)"
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 7 ]
	frames --frames 490-495 "$(capture 500)"
	[ "${#lines[@]}" -eq 6 ]
	[ "$(awk '{ print $1 }' <<<"$output" | tr '\n' ' ')" = "490 491 492 493 494 495 " ]
	frames --frames 499- -c 5 "$(capture 500)"
	[ "${#lines[@]}" -eq 2 ]
	frames --frames 501- "$(capture 500)"
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	# Times are since the first frame of the capture, not of the range.
	[ "$("$NETMON" frames --frames 400 "$(capture 500)" | awk '{ print $2 }')" = \
		"$("$NETMON" frames "$(capture 500)" | awk '$1 == 400 { print $2 }')" ]
}

@test "the tree has each property, marked where it breaks the rules" {
	pcap_head >"$BATS_TEST_TMPDIR/bad.pcap"
	frame '\x02\0\0\0\0\x01\x02\0\0\0\0\x02\x08\x00\x45\0\0\x10\0\0\0\0\x40\x11\0\0\x0a\0\0\x01\x0a\0\0\x02' >>"$BATS_TEST_TMPDIR/bad.pcap"
	frames -V "$BATS_TEST_TMPDIR/bad.pcap"
	[ "$status" -eq 0 ]
	grep -q '^Frame 1: 34 bytes on the wire, 34 captured, 1970-01-01 00:00:01\.000000 UTC' <<<"$output"
	grep -q '^ETHERNET: ' <<<"$output"
	grep -q '^    Time to Live = 64 (0x40)$' <<<"$output"
	grep -q '^    Total Length = 16 (0x10) \[error\]$' <<<"$output"
	frames "$BATS_TEST_TMPDIR/bad.pcap"
	[[ $output == *" [malformed]" ]]
	frames -T json "$BATS_TEST_TMPDIR/bad.pcap"
	[ "$(jq -c '[.malformed,(.layers[].properties[]|select(.error).label)]' <<<"$output")" = '[true,"Total Length"]' ]
}

@test "bytes are shown as they are, sixteen a line" {
	frames -x -c 1 "$(capture 500)"
	[ "$status" -eq 0 ]
	digits=$(grep -E '^[0-9a-f]{4}  ' <<<"$output" | cut -c7-53 | tr -d ' \n')
	frames -T json -x -c 1 "$(capture 500)"
	[ "$(jq -r .bytes <<<"$output")" = "$digits" ]
	[ "$(jq '.bytes | length / 2' <<<"$output")" = "$(jq .captured <<<"$output")" ]
}

@test "fields by Wireshark's names and ours, separated as asked" {
	frames -c 2 -e frame.number -e ip.addr -e "TCP.Source Port" -e tcp.srcport -E header=y "$(capture 500)"
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = $'frame.number\tip.addr\tTCP.Source Port\ttcp.srcport' ]
	[ "$(awk -F'\t' 'NR > 1 { print $1, split($2, a, ","), $3 == $4 }' <<<"$output" | tr '\n' ';')" = '1 2 1;2 2 1;' ]
	frames -c 1 -e ip.addr -e ip.src -E occurrence=f -E quote=d -E 'separator=;' "$(capture 500)"
	first=${output#*;}
	[ "$output" = "$first;$first" ]
	frames -c 1 -e ip.addr -e ip.dst -E occurrence=l "$(capture 500)"
	[ "${output%$'\t'*}" = "${output#*$'\t'}" ]
	frames -c 1 -e frame.protocols -e _ws.col.protocol "$(capture 500)"
	[[ $output == eth:ip:tcp*$'\t'TCP ]]
}

@test "names come first before fields only" {
	frames -c 2 -E header=y -e frame.number -e ip.ttl "$(capture 500)"
	[ "$(head -n 1 <<<"$output")" = $'frame.number\tip.ttl' ]
	[ "$(wc -l <<<"$output")" -eq 3 ]
	for format in json text; do
		"$NETMON" frames -c 2 -E header=y -T $format "$(capture 500)" >out.$format
		[ "$(wc -l <out.$format)" -eq 2 ]
	done
}

@test "a field that is none is a wrong word, and nothing is shown" {
	frames -e ip.source "$(capture 500)"
	[ "$status" -eq 1 ]
	[ -z "$output" ]
	[[ $stderr == *"-e 'ip.source': there is no such field; there are ip.addr, ip.checksum, "* ]]
	frames -e tcp.prt "$(capture 500)"
	[ "$stderr" = "netmon: -e 'tcp.prt': there is no such field; did you mean tcp.port?" ]
	frames -e _ws.col.inf "$(capture 500)"
	[[ $stderr == *"there is no such field; 'netmon protocols' lists the protocols, "* ]]
	frames -e 'TCP.Sauce' "$(capture 500)"
	[ "$status" -eq 1 ]
}

@test "JSON is one object a line, and its fields are those of -T fields" {
	frames -T json "$(capture 500)"
	[ "$status" -eq 0 ]
	[ "$(jq -s length <<<"$output")" -eq 500 ]
	jq -r '[.frame, .source, .destination, .length] | @tsv' <<<"$output" >"$BATS_TEST_TMPDIR/json"
	"$NETMON" frames -e frame.number -e _ws.col.def_src -e _ws.col.def_dst -e frame.len "$(capture 500)" >"$BATS_TEST_TMPDIR/fields"
	cmp "$BATS_TEST_TMPDIR/json" "$BATS_TEST_TMPDIR/fields"
	[ "$(jq -r 'select(.frame == 1).layers[].properties[].fields["ip.flags.df"] // empty' <<<"$output")" = \
		"$("$NETMON" frames -c 1 -e ip.flags.df "$(capture 500)")" ]
}

@test "clocks show the time as tshark's -t does" {
	local clock
	for clock in r d dd a ad e u ud; do
		frames -t "$clock" -c 3 "$(capture 500)"
		[ "$status" -eq 0 ]
		[ "${#lines[@]}" -eq 3 ]
	done
	[[ ${lines[0]} =~ [0-9]{4}-[0-9]{2}-[0-9]{2}\ [0-9:]{8}\.[0-9]{6} ]]
}

@test "text of frames never reaches the terminal raw, nor colours that were not asked for" {
	hostile_capture >"$BATS_TEST_TMPDIR/hostile.pcap"
	local how
	for how in '' -V -x '-V -x' '-T json -x' '-e udp.payload -e frame.protocols -e udp'; do
		# shellcheck disable=SC2086
		frames $how "$BATS_TEST_TMPDIR/hostile.pcap"
		[ "$status" -eq 0 ]
		[ -n "$output" ]
		run ! grep -qP '[\x00-\x08\x0b-\x1f\x7f]' <<<"$output"
	done
	frames --color=always -V "$BATS_TEST_TMPDIR/hostile.pcap"
	[[ $output == *$'\x1b['*m* ]]
	run ! grep -qP '\x1b(?!\[[0-9;]*m)' <<<"$output"
}

@test "a reader who goes away ends it at once, without a word" {
	start=$SECONDS
	run --separate-stderr bash -c 'set -o pipefail; timeout 60 "$1" frames "$2" 2>err | head -n 2; exit "${PIPESTATUS[0]}"' _ \
		"$NETMON" "$(capture 200000)"
	[ "$status" -eq 6 ]
	[ "${#lines[@]}" -eq 2 ]
	[ -z "$stderr" ]
	[ ! -s err ]
	[ $((SECONDS - start)) -lt 45 ]
}

@test "so it does while it waits for frames that never come" {
	only_on_linux "only a write tells that the reader of a pipe went away"
	start=$SECONDS
	mkfifo in
	exec 9<>in
	cat "$(capture 3)" >&9
	run --separate-stderr timeout 60 bash -c '"$1" frames - <in 9>&- | head -n 1' _ "$NETMON"
	exec 9>&-
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 1 ]
	[ $((SECONDS - start)) -lt 45 ]
}

@test "a full disk is told" {
	run --separate-stderr timeout 60 bash -c '"$1" frames "$2" >/dev/full' _ "$NETMON" "$(capture 500)"
	[ "$status" -eq 6 ]
	[[ $stderr == *"can't be written: No space left on device"* ]]
	run --separate-stderr timeout 60 bash -c 'exec "$1" frames "$2" >&-' _ "$NETMON" "$(capture 500)"
	[ "$status" -eq 6 ]
	[[ $stderr == "netmon: "*"can't be written: "* ]]
}

@test "a slow reader gets every line" {
	run --separate-stderr timeout 60 bash -c '"$1" frames "$2" | (sleep 1; wc -l)' _ "$NETMON" "$(capture 30000)"
	[ "$status" -eq 0 ]
	[ "$output" -eq 30000 ]
}

@test "Ctrl-C ends it, also while its reader does not read" {
	only_on_linux "a write that nobody takes waits; a third Ctrl-C ends the program there"
	mkfifo fifo
	"$NETMON" frames "$(capture 200000)" >fifo 2>err &
	pid=$!
	exec 9<fifo
	sleep 0.5
	kill -TERM "$pid"
	sleep 0.5
	kill -TERM "$pid"
	wait "$pid" && status=0 || status=$?
	exec 9<&-
	[ "$status" -eq 130 ]
	[ ! -s err ]
}

@test "however long a name is, why it can't be read is told" {
	local name long
	printf -v long '%5000s' ''
	for name in "${long// /A}" "${long// /$'\x01'}"; do
		! on_windows || [[ $name == A* ]] || continue
		run --separate-stderr "$NETMON" frames "$name"
		[ "$status" -eq 2 ]
		[[ $stderr == "netmon: "*...*": "?* ]]
		run --separate-stderr "$NETMON" run -q "$name"
		[ "$status" -eq 2 ]
		[[ $stderr == "netmon: "*...*": "?* ]]
	done
}

@test "what is empty or no capture is an input that can't be read" {
	: >empty.pcap
	frames empty.pcap
	[ "$status" -eq 2 ]
	[ -z "$output" ]
	[[ $stderr == "netmon: empty.pcap: "* ]]
	frames nowhere.pcap
	[ "$status" -eq 2 ]
	frames "$EXPERTS"
	[ "$status" -eq 2 ]
}

@test "a damaged capture shows what stands before the damage" {
	head -c 20000 "$(capture 500)" >cut.pcap
	frames cut.pcap
	[ "$status" -eq 4 ]
	[ "${#lines[@]}" -gt 10 ]
	[[ $stderr == "netmon: cut.pcap: "* ]]
	cmp <(printf '%s\n' "$output") <("$NETMON" frames "$(capture 500)" | head -n "${#lines[@]}")
	# Who asks for less does not hear of it.
	frames -c 5 cut.pcap
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
}

@test "pipes and compressed captures show the same" {
	"$NETMON" frames "$(capture 500)" >want
	run timeout 60 bash -c 'cat "$2" | "$1" frames - | cmp - want' _ "$NETMON" "$(capture 500)"
	[ "$status" -eq 0 ]
	gzip -c "$(capture 500)" >packed.gz
	run timeout 60 bash -c '"$1" frames packed.gz | cmp - want' _ "$NETMON"
	[ "$status" -eq 0 ]
}

@test "times out of a pipe are as fine as those of a file" {
	"$NMAPI_BUILD/tools/mkcapture" --format pcap-ns --frames 5 --seed 3 fine.pcap
	"$NETMON" convert fine.pcap fine.pcapng
	"$NETMON" frames fine.pcapng >want
	grep -q ' 0\.[0-9]\{9\} ' want
	for _ in 1 2 3 4 5; do # not by what happens to be known when the first frame is shown
		run timeout 60 bash -c '{ cat fine.pcapng; sleep 1; } | "$1" frames - | cmp - want' _ "$NETMON"
		[ "$status" -eq 0 ]
	done
}

@test "frames of a pipe are shown as they come" {
	mkfifo in
	"$NETMON" frames - <in >out 2>err &
	pid=$!
	exec 9>in
	cat "$(capture 3)" >&9
	for _ in $(seq 100); do
		[ "$(wc -l <out)" -eq 3 ] && break
		sleep 0.1
	done
	[ "$(wc -l <out)" -eq 3 ]
	exec 9>&-
	wait "$pid"
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

@test "a parser that crashes costs itself, is named, and is missed in the exit status" {
	local phase type i bytes='\0\1\2\3\4\5\6\7'
	[ "${NMAPI_SANITIZE:-none}" = none ] || skip "the sanitizer and the sandbox do not agree: see parsers.bats"
	pcap_head >mixed.pcap
	for i in 1 2 3; do
		type='\x88\xb5'
		((i % 2)) || type='\x08\x06'
		frame '\x02\0\0\0\0\1\2\0\0\0\0\2'"$type$bytes$bytes$bytes$bytes" >>mixed.pcap
	done
	mkdir parsers
	chmod 755 "$BATS_RUN_TMPDIR" "$BATS_RUN_TMPDIR/test" . parsers
	for phase in recognize attach format; do
		rm -f parsers/*
		cp "$PARSERS/hostile.$SO" "parsers/hostile-nullwrite-$phase.$SO"
		frames -V --parser-path parsers mixed.pcap
		[ "$status" -eq 3 ]
		[ "$(grep -c '^ETHERNET: ' <<<"$output")" -eq 3 ]
		[ "$(grep -c '^ARP_RARP: ' <<<"$output")" -eq 1 ]
		[[ $stderr == *"parser HOSTILE (hostile-nullwrite-$phase.$SO) crashed in "*" on frame 1, and on others"* ]]
	done
	rm -f parsers/*
	cp "$PARSERS/hostile.$SO" parsers/hostile-killself-attach.$SO
	frames --parser-path parsers mixed.pcap
	[ "$status" -eq 3 ]
	[[ $stderr == *"frames could be shown up to 1 only: "*"HOSTILE"* ]]
}
