#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# netmon run -w: the frames behind the findings, with what was found.
bats_require_minimum_version 1.5.0
load helper

# A capture of 40 frames in which frame 11 comes again as 21 and 31.
setup_file() {
	python3 - "$BATS_FILE_TMPDIR/again.pcap" <<-'EOF'
	import struct, sys
	def tcp(sequence, n):
	    ip = struct.pack(">BBHHHBBH8s", 0x45, 0, 40 + n, 0, 0, 64, 6, 0, bytes([10, 0, 0, 1, 10, 0, 0, 2]))
	    return bytes(12) + b"\x08\x00" + ip + struct.pack(">HHIIBBHHH", 1001, 80, sequence, 1, 0x50, 0x10, 500, 0, 0) + b"x" * n
	with open(sys.argv[1], "wb") as f:
	    f.write(struct.pack("<IHHIIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
	    for i in range(40):
	        frame = tcp(1000 + 10 * (10 if i in (20, 30) else i), 10)
	        f.write(struct.pack("<IIII", 1000000000 + i, 0, len(frame), len(frame)) + frame)
	EOF
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	cap=$BATS_FILE_TMPDIR/again.pcap
}

frames() {
	"$NETMON" info -T json "$1" | jq "$2"
}

@test "the page of -T html holds the frames that findings name" {
	run --separate-stderr timeout 60 "$NETMON" run -q -e tcpipe -T html -o a.html "$cap"
	[ "$status" -eq 0 ] && [ -z "$stderr" ]
	for n in 11 21 31; do
		grep -q "<details class=frame id=f1-$n><summary>Frame $n <small>TCP: " a.html
	done
	grep -q '<li data-b=38-4>Sequence Number = 1100 (0x44C)' a.html
	grep -q '<pre class=bytes>0000000000000000000000000800450000320000000040060000' a.html
	command=$(sed -n 's/.*<code>\(netmon frames .*\)N<\/code>.*/\1/p' a.html)
	$NETMON ${command#netmon}21 | grep -q '^ *Sequence Number = 1100'
	# Those of a run with a filter are read anew, of a damaged capture as far as it goes.
	timeout 60 "$NETMON" run -q -e tcpipe -Y 'frame.number < 25' -T html -o c.html "$cap"
	grep -q 'details class=frame id=f1-21' c.html
	run ! grep -q 'details class=frame id=f1-31' c.html
	head -c -20 "$cap" >cut.pcap
	run timeout 60 "$NETMON" run -q -e tcpipe -T html -o d.html cut.pcap
	[ "$status" -eq 4 ]
	grep -q 'details class=frame id=f1-31' d.html
	# Each capture has its own.
	timeout 60 "$NETMON" run -q -e tcpipe -T html -o e.html "$cap" "$cap"
	grep -q 'details class=frame id=f1-31' e.html
	grep -q 'details class=frame id=f2-31' e.html
	# Without events that name one there are none, and nobody looks for any.
	run --separate-stderr timeout 60 "$NETMON" run -q -e "$EXPERTS/good.so" -T html -o b.html "$cap"
	[ "$status" -eq 0 ]
	run grep -c 'class=frames' b.html
	[ "$output" = 0 ]
}

@test "a page from a pipe says that its frames are gone, unless -w keeps them" {
	timeout 60 "$NETMON" run -q -e tcpipe -T html -o a.html - <"$cap" # no pipe
	grep -q 'details class=frame id=f1-21' a.html
	cat "$cap" | timeout 60 "$NETMON" run -q -e tcpipe -T html -o b.html -
	if on_windows; then # all of a pipe is kept there before an expert begins
		grep -q 'details class=frame id=f1-21' b.html
	else
		grep -q "<p class=bad>The frames that events name are not in this page: the capture can't be read again" b.html
		run grep -c 'details class=frame' b.html
		[ "$output" = 0 ]
	fi
	cat "$cap" | timeout 60 "$NETMON" run -q -e tcpipe -T html -o c.html -w c.pcapng -
	grep -q 'details class=frame id=f1-21' c.html
}

@test "the frames, those around them, and what was found" {
	run_json 0 -e tcpipe -w out.pcapng --around 2 "$cap"
	findings=$(value '[.[]|select(.event_type=="expert")|select(.expert.severity)]|length')
	[ "$findings" -gt 1 ]
	[ "$(frames out.pcapng .capture.frames)" = 25 ] # 1-3, 9-13, 18-24, 28-34, 38-40
	[ "$(frames out.pcapng .capture.frame_comment_count)" -ge 2 ]
	command -v tshark >/dev/null || skip "no tshark"
	tshark -n -r out.pcapng -T fields -e frame.time_epoch -e frame.comment 2>err >told
	[ -z "$(grep -v 'Running as user' err)" ]
	grep -q "^1000000020.000000000	warning: TCP Retransmit: Retransmission, From 10.0.0.1:1001, .*frame 21 of again.pcap$" told
	grep -q "^1000000019.000000000	$" told
}

@test "nothing around them, and no findings" {
	run_json 0 -e tcpipe -w out.pcapng --around 0 "$cap"
	[ "$(frames out.pcapng .capture.frames)" -lt 25 ]
	run --separate-stderr timeout 60 "$NETMON" run -q -e topuser -w none.pcapng "$cap"
	[ "$status" -eq 0 ]
	[[ $stderr == *"none.pcapng: no finding names a frame"* ]]
	[ "$(frames none.pcapng .capture.frames)" = 0 ]
}

@test "from a pipe, compressed, and a compressed file: the same frames" {
	run_json 0 -e tcpipe -w file.pcapng "$cap"
	cat "$cap" | run_json 0 -e tcpipe -w pipe.pcapng -
	gzip -c "$cap" | run_json 0 -e tcpipe -w packed.pcapng -
	gzip -c "$cap" >again.pcap.gz
	run_json 0 -e tcpipe -w gz.pcapng again.pcap.gz
	for f in pipe packed gz; do
		"$NETMON" convert --to pcap $f.pcapng - | cmp - <("$NETMON" convert --to pcap file.pcapng -)
		[ "$(frames $f.pcapng .capture.frame_comment_count)" = "$(frames file.pcapng .capture.frame_comment_count)" ]
	done
}

@test "a pipe of more than what is held in memory" {
	"$NMAPI_BUILD/tools/mkcapture" --frames 200000 --seed 3 long.pcap
	[ "$(stat -c %s long.pcap)" -gt $((18 << 20)) ]
	run_json 0 -e tcpipe -w file.pcapng long.pcap
	cat long.pcap | run_json 0 -e tcpipe -w pipe.pcapng -
	"$NETMON" convert --to pcap pipe.pcapng - | cmp - <("$NETMON" convert --to pcap file.pcapng -)
	rm long.pcap
}

@test "comments that frames have stay" {
	"$NETMON" convert "$cap" plain.pcapng
	run_json 0 -e tcpipe -w first.pcapng --around 100 plain.pcapng
	run_json 0 -e tcpipe -w second.pcapng --around 100 first.pcapng
	[ "$(frames second.pcapng .capture.frame_comment_count)" = "$((2 * $(frames first.pcapng .capture.frame_comment_count)))" ]
}

@test "what can't be written is told, and the report is whole" {
	run --separate-stderr timeout 60 "$NETMON" run -q -T json -e tcpipe -w gone/out.pcapng "$cap"
	[ "$status" -eq 6 ]
	[[ $stderr == *"gone/out.pcapng: No such file"* ]]
	[ "$(value '[.[]|select(.event_type=="expert_end")]|length')" = 1 ]
}

@test "the capture itself is not replaced, and two captures have no evidence" {
	cp "$cap" mine.pcap
	run_json 1 -e tcpipe -w mine.pcap mine.pcap 2>/dev/null || [ "$status" -eq 1 ]
	cmp "$cap" mine.pcap
	run --separate-stderr "$NETMON" run -w x.pcapng "$cap" "$cap"
	[ "$status" -eq 1 ]
	run --separate-stderr "$NETMON" run -w x.pcapng -w y.pcapng "$cap"
	[ "$status" -eq 1 ]
	[[ $stderr == *"y.pcapng: the frames go to x.pcapng already" ]]
	[ ! -e x.pcapng ]
}

@test "a damaged capture: what is before the damage" {
	head -c 2600 "$cap" >cut.pcap
	run --separate-stderr timeout 60 "$NETMON" run -q -T json -e tcpipe -w out.pcapng cut.pcap
	[ "$status" -eq 4 ]
	[ "$(frames out.pcapng .capture.frames)" -gt 0 ]
}

@test "another file in the capture's place is not taken for it" {
	only_on_linux "what is open can't be replaced"
	cp "$cap" mine.pcap
	cp "$(capture 100)" other.pcap
	"$NETMON" run -q -T json --no-bill -o out.json -w ev.pcapng --around 0 --capsule caps --timeout 1 mine.pcap -e tcpipe \
		-e "$EXPERTS/hostile-loopapi-middle.so" 2>err &
	until_works $!
	mv other.pcap mine.pcap
	wait $! || [ $? -eq 3 ]
	"$NETMON" run -q -e tcpipe -w want.pcapng --around 0 "$cap" >/dev/null
	"$NETMON" frames -x ev.pcapng | cmp - <("$NETMON" frames -x want.pcapng)
	"$NETMON" frames -x caps/*/frames.pcapng | cmp - <("$NETMON" frames -x -c "$(frames caps/*/frames.pcapng .capture.frames)" "$cap")
}

@test "nor is a report put over the capture that standard input is" {
	only_on_linux "Wine does not say which file a descriptor of Linux' is"
	for args in '-T json -o' '-T sqlite -o' -w; do
		cp "$cap" mine.pcap
		# shellcheck disable=SC2086
		run --separate-stderr timeout 20 "$NETMON" run -q -e tcpipe - $args mine.pcap <mine.pcap
		[ "$status" -eq 1 ]
		[[ $stderr == *"mine.pcap: is "* ]]
		cmp mine.pcap "$cap"
	done
}
