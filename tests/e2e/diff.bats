#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# netmon diff: two captures at the level of findings.
bats_require_minimum_version 1.5.0
load helper

# Captures of 30 frames of one connection, with a client's port and frames that come again.
setup_file() {
	python3 - "$BATS_FILE_TMPDIR" <<-'EOF2'
	import struct, sys
	def tcp(port, sequence):
	    ip = struct.pack(">BBHHHBBH8s", 0x45, 0, 50, 0, 0, 64, 6, 0, bytes([10, 0, 0, 1, 10, 0, 0, 2]))
	    return bytes(12) + b"\x08\x00" + ip + struct.pack(">HHIIBBHHH", port, 80, sequence, 1, 0x50, 0x10, 500, 0, 0) + b"x" * 10
	def write(name, port, again):
	    with open(sys.argv[1] + "/" + name, "wb") as f:
	        f.write(struct.pack("<IHHIIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
	        for i in range(30):
	            frame = tcp(port, 1000 + 10 * (5 if i in again else i))
	            f.write(struct.pack("<IIII", 1000000000 + i, 0, len(frame), len(frame)) + frame)
	write("good.pcap", 40000, [])
	write("bad.pcap", 50000, [20])
	write("worse.pcap", 60000, [15, 20, 25])
	EOF2
}

setup() {
	cd "$BATS_FILE_TMPDIR" || return
}

# diff STATUS ARGS...: netmon diff -q; what it says is in $output.
diff_is() {
	local want=$1
	shift
	run --separate-stderr timeout 60 "$NETMON" diff -q -e tcpipe "$@"
	[ "$status" -eq "$want" ] || { echo "status $status, wanted $want: $output $stderr"; return 1; }
}

@test "the same capture, another port of the client: nothing is new" {
	diff_is 0 bad.pcap bad.pcap
	[[ $output == "0 new, 0 worse, 0 gone, 0 better, "*" unchanged: from bad.pcap to bad.pcap" ]]
	diff_is 0 --fail-on info good.pcap good.pcap
}

@test "new, worse and gone, with the frame" {
	diff_is 5 --fail-on info good.pcap bad.pcap
	[[ $output == "new    "*" tcpipe/"*"0 -> 1, frame 21 of the second"* ]]
	diff_is 0 good.pcap good.pcap
	diff_is 0 --fail-on critical bad.pcap worse.pcap
	[[ $output == *"worse  "*"1 -> 3"* ]]
	diff_is 0 bad.pcap good.pcap
	[[ $output == *"gone   "*"1 -> 0, frame 21 of the first"* ]]
}

@test "as JSON the same" {
	diff_is 0 --fail-on critical -T json -o d.json good.pcap worse.pcap
	[ -z "$output" ]
	jq -e . d.json >/dev/null
	[ "$(jq -s -r '.[0].diff|.change+" "+.expert' d.json)" = "new tcpipe" ]
	[ "$(jq -s -r '([.[]|select(.event_type=="diff")]|length) == ([.[]|select(.event_type=="diff_end").diff|.new+.worse+.gone]|add)' d.json)" = true ]
	[ "$(jq -s -c '.[-1]|[.event_type,.diff.fail_on,.diff.whole]' d.json)" = '["diff_end","critical",true]' ]
}

@test "what is not whole is told, and counts for more than what is new" {
	head -c 1500 worse.pcap >cut.pcap
	diff_is 4 --fail-on info good.pcap cut.pcap
	[[ $output == *"not whole"* ]]
	diff_is 4 -T json good.pcap cut.pcap
	[[ $output == *'"whole":false'* ]]
	diff_is 3 --fail-on info -e "$EXPERTS/returnfalse.so" good.pcap bad.pcap
	[[ $output == *"not whole"* ]]
	diff_is 2 bad.pcap /nowhere
	[[ $output == *"0 new, 0 worse, 0 gone"*"nothing was compared"* ]]
	[[ $output != *"gone "* ]]
	diff_is 2 -T json --fail-on info /nowhere bad.pcap
	[[ $output == *'"new":0'*'"fail_on_findings":0'*'"whole":false'* ]]
	diff_is 6 -o /dev/full good.pcap bad.pcap
}

@test "wrong words" {
	for words in "good.pcap" "good.pcap bad.pcap worse.pcap" "-T html good.pcap bad.pcap" \
		"-T text -o a -T json good.pcap bad.pcap" "--fail-on bad good.pcap bad.pcap" "-w x good.pcap bad.pcap"; do
		# shellcheck disable=SC2086
		diff_is 1 $words
		[ "$(wc -l <<<"$stderr")" -eq 1 ]
	done
	run "$NETMON" diff --help
	[ "$status" -eq 0 ]
	[[ $output == *"--fail-on"* ]]
}

@test "what is to be compared is not written over" {
	cp good.pcap mine.pcap
	run --separate-stderr timeout 60 "$NETMON" diff -q -o mine.pcap mine.pcap worse.pcap
	[ "$status" -eq 1 ]
	[ "$stderr" = "netmon: diff: mine.pcap: is a capture to read, and the report would overwrite it" ]
	cmp mine.pcap good.pcap
}
