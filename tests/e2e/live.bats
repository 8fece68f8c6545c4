#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Captures that come out of a pipe: results appear while it is open.
bats_require_minimum_version 1.5.0
load helper

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	good=$EXPERTS/good.so
	each=$EXPERTS/frames.so # an event for each frame
	mkfifo pipe
	printf '\xd4\xc3\xb2\xa1\2\0\4\0\0\0\0\0\0\0\0\0\0\0\4\0\1\0\0\0' >head
	for n in 0 1 2; do # shorter than the header of other formats
		printf '\x10\x80\x5a\x65\0\0\0\0\x14\0\0\0\x14\0\0\0aaaaaabbbbbb\x90\0\1\2\3\4\5\6' >frame$n
	done
}

# live ARGS...: netmon run over the pipe, in the background. Its writer is descriptor 5.
live() {
	env --default-signal=INT "$NETMON" run -q --no-bill "$@" - <pipe 2>err 5>&- &
	pid=$!
	exec 5>pipe
}

ends_with() {
	exec 5>&-
	wait "$pid" && status=0 || status=$?
	cat err
	[ "$status" -eq "$1" ]
}

@test "text: the first expert's events appear while the pipe is open, the totals when it has ended" {
	live -o out.txt -e "$each" -e "$good"
	cat head frame0 >&5
	until_has out.txt 'a frame *1$'
	[ "$(head -n 1 out.txt)" = "-: pcap, as it comes" ]
	! grep -q 'a frame *2$' out.txt || false
	cat frame1 frame2 >&5
	until_has out.txt 'a frame *3$'
	! grep -q 'saw frames\|counted' out.txt || false
	ends_with 0
	grep -v '^ *Severity' out.txt | tr -s ' ' | diff - <(
		cat <<-EOT
			-: pcap, as it comes

			frames
			 info a frame 1
			 info a frame 2
			 info a frame 3

			 saw frames 1-3 of 3 (100.0 %)

			good
			 info frames counted 3

			 saw frames 1-3 of 3 (100.0 %)

			-: pcap, 3 frames, 60 bytes, 0.000 s from 2023-11-19 21:37:20 UTC
		EOT
	)
}

@test "json: lines appear while the pipe is open; a line at the end has the totals" {
	live -T json -o out.json -e "$each"
	cat head frame0 >&5
	until_has out.json '"pcap_cnt":1'
	[ "$(jq -c .capture out.json | head -n 1)" = '{"readable":true,"live":true,"format":"pcap","version_major":2,"version_minor":4,"byte_order":"little"}' ]
	cat frame1 >&5
	until_has out.json '"pcap_cnt":2'
	[ "$(wc -l <out.json)" -eq 3 ]
	cat frame2 >&5
	ends_with 0
	output=$(cat out.json)
	[ "$(value '[.[].event_type]|join(" ")')" = "capture expert expert expert expert_end capture_end run_end" ]
	[ "$(value '.[]|select(.event_type=="capture_end").capture|[.frames,.wire_bytes,.first,.live]|join(" ")')" = \
		"3 60 2023-11-19T21:37:20.000000000+0000 " ]
}

@test "a frame is shown when a pipe has brought it and nothing more" {
	timeout 60 "$NETMON" frames - <pipe >out 5>&- &
	pid=$!
	exec 5>pipe
	cat head frame0 >&5
	until_has out '^ *1 '
	cat frame1 >&5
	until_has out '^ *2 '
	exec 5>&-
	wait $pid
	[ "$(wc -l <out)" -eq 2 ]
}

@test "the same of pcapng" {
	cat head frame0 frame1 | "$NETMON" convert - ng.pcapng
	local size
	size=$(stat -c %s ng.pcapng)
	live -o out.txt -e "$each"
	head -c $((size - 52)) ng.pcapng >&5 # the last block, of 20 bytes of frame, is not there
	until_has out.txt 'a frame *1$'
	! grep -q 'a frame *2$' out.txt || false
	tail -c 52 ng.pcapng >&5
	until_has out.txt 'a frame *2$'
	ends_with 0
}

@test "reports that need the totals first wait for them, beside one that does not" {
	live -o out.txt -T csv -o out.csv -T html -o out.html -e "$each" -e "$good"
	cat head frame0 >&5
	until_has out.txt 'a frame *1$'
	[ ! -s out.csv ] && [ ! -s out.html ]
	cat frame1 >&5
	ends_with 0
	cat head frame0 frame1 | tee whole.pcap >/dev/null
	"$NETMON" run -q --no-bill -T csv -o want.csv -T html -o want.html -e "$each" -e "$good" whole.pcap
	diff <(sed "s/whole.pcap/'-/" want.csv) out.csv
	[ "$(wc -c <out.html)" -gt 1000 ]
	[ "$(grep -c 'a frame' out.html)" -eq "$(grep -c 'a frame' want.html)" ]
}

@test "damage is told at the end, with the status" {
	live -T json -o out.json -e "$each"
	cat head frame0 >&5
	head -c 20 frame1 >&5
	until_has out.json '"pcap_cnt":1'
	ends_with 4
	output=$(cat out.json)
	[ "$(value '.[]|select(.event_type=="capture_end").capture|[.frames,.truncated]|join(" ")')" = "1 true" ]
	[ "$(value '.[]|select(.event_type=="capture").capture|has("damage")')" = false ]
}

@test "Ctrl-C ends it while the pipe is open, and what was told stays" {
	live -o out.txt -e "$each" -e "$good"
	cat head frame0 >&5
	until_has out.txt 'a frame *1$'
	kill -INT "$pid"
	wait "$pid" && status=0 || status=$?
	exec 5>&-
	[ "$status" -eq 130 ]
	[ "$(grep -c 'a frame' out.txt)" -eq 1 ]
	grep -q 'at least 1 frame,' out.txt
	grep -q 'interrupted: this report is partial' out.txt
}

@test "an expert that crashes: what it told stays, once, and the next one has its turn" {
	live -T json -o out.json -e "$EXPERTS/hostile-nullwrite-last.so" -e "$each"
	cat head frame0 frame1 frame2 >&5
	ends_with 3
	output=$(cat out.json)
	[ "$(value '[.[]|select(.event_type=="expert_end").expert.verdict]|join(" ")')" = "crashed done" ]
	[ "$(value '[.[]|select(.event_type=="expert" and .expert.name=="frames").pcap_cnt]|join(" ")')" = "1 2 3" ]
}

@test "what is told of a capture is the same out of a pipe and out of a file" {
	local cap
	cap=$(capture 100000)
	"$NETMON" run -q --no-bill -T json "$cap" -e tcpipe -e topuser -e protdist >want
	cat "$cap" | "$NETMON" run -q --no-bill -T json - -e tcpipe -e topuser -e protdist >got
	[ "$(wc -l <want)" -gt 100 ]
	diff <(jq -c 'select(.event_type|startswith("expert"))|del(.pcap_filename)' want) \
		<(jq -c 'select(.event_type|startswith("expert"))|del(.pcap_filename)' got)
	diff <(jq -c 'select(.event_type=="capture").capture' want) \
		<(jq -c 'select(.event_type=="capture_end").capture' got)
}
