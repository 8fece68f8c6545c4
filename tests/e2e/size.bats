#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Captures beyond any size, and inputs that never end or change: sparse files make
# it cheap.
bats_require_minimum_version 1.5.0
load helper

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	good=$EXPERTS/good.so
}

# at FILE OFFSET: write standard input there; what lies before is a hole.
at() {
	dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}

# le32 NUMBER...: little-endian, for printf.
le32() {
	local n
	for n; do
		printf "\\x$(printf %02x $((n & 255)))\\x$(printf %02x $((n >> 8 & 255)))\\x$(printf %02x $((n >> 16 & 255)))\\x$(printf %02x $((n >> 24 & 255)))"
	done
}

# A pcapng capture whose last frame lies behind 6 GiB of blocks that are no frames.
far_frame() {
	local gap=$((3 << 30)) end=$(((6 << 30) + 84))
	{
		le32 0x0a0d0d0a 28 0x1a2b3c4d 1 -1 -1 28
		le32 1 20 1 65535 20
		le32 6 36 0 0 1000 4 4 0x64636261 36
		le32 0x0bad $gap
	} | at "$1" 0
	le32 $gap 0x0bad $gap | at "$1" $((84 + gap - 4))
	{
		le32 $gap
		le32 6 36 0 0 2000 4 4 0x68676665 36
	} | at "$1" $((end - 4))
}

@test "a frame beyond 4 GiB is found, read and written, in bounded memory" {
	far_frame far.pcapng
	run_json 0 far.pcapng -e "$good"
	[ "$(value '.[]|select(.event_type=="expert_end").expert.frames_seen')" = 2 ]
	[ "$(value '.[]|select(.event_type=="expert_end").expert.peak_kib < 65536')" = true ]
	[ "$("$NETMON" info -T json far.pcapng | jq -c '[.capture.frames, .capture.file_bytes > 6000000000]')" = '[2,true]' ]
	"$NETMON" convert far.pcapng near.pcap
	[ "$(tail -c 4 near.pcap)" = efgh ]
}

@test "a terabyte that is damaged near its start is done at once" {
	cp "$(capture 100)" tera.pcap
	le32 0 0 -1 -1 >>tera.pcap
	truncate -s 1T tera.pcap || skip "no file of a terabyte here"
	run_json 4 tera.pcap -e "$good"
	[ "$(value '.[]|select(.event_type=="expert_end").expert.frames_seen')" = 100 ]
	[ "$(value '.[]|select(.event_type=="expert_end").expert.peak_kib < 65536')" = true ]
}

@test "a terabyte of frames without bytes serves its first ones at once, and Ctrl-C ends it" {
	local delay
	cp "$(capture 100)" tera.pcap
	truncate -s 1T tera.pcap || skip "no file of a terabyte here"
	for delay in 0.5 1 2 4 8; do # when the expert is done depends on the machine
		env --default-signal=INT "$NETMON" run -q --no-bill -T json -o out.json tera.pcap \
			-e "$EXPERTS/tenth.so" 2>err &
		sleep $delay
		kill -INT $!
		status=0
		wait $! || status=$?
		[ "$status" -eq 130 ]
		output=$(cat out.json)
		[ "$(value '.[]|select(.event_type=="expert_end").expert.frames_seen')" = 10 ] && return 0
	done
	false
}

@test "a FIFO that nobody writes to is ended by Ctrl-C" {
	only_on_linux "no pipe has a name among files"
	mkfifo pipe
	env --default-signal=INT "$NETMON" run -q --no-bill pipe -e "$good" 2>err &
	sleep 0.5
	kill -INT $!
	status=0
	wait $! || status=$?
	[ "$status" -eq 130 ]
}

@test "a capture that is removed while it is open is read to its end" {
	only_on_linux "there is no /dev/fd"
	cp "$(capture 2000)" gone.pcap
	exec 5<gone.pcap
	rm gone.pcap
	run_json 0 /dev/fd/5 -e "$good"
	exec 5<&-
	[ "$(value '.[]|select(.event_type=="expert_end").expert.frames_seen')" = 2000 ]
}

# Files without a name in the temporary folder that a run over $1 has open.
temporary_files() {
	local pid n
	TMPDIR=$PWD/tmp "$NETMON" run -q --no-bill "$1" -e "$EXPERTS/hostile-sleep-middle.so" >/dev/null 2>&1 &
	pid=$!
	until_works $pid
	sleep 0.3
	# shellcheck disable=SC2010
	n=$(ls -l /proc/[0-9]*/fd 2>/dev/null | grep -c "$PWD/tmp/") || true
	kill -9 $pid
	wait $pid || true
	echo "$n"
}

@test "without a folder for temporary files a stream is refused by a line that names it, and a file is not" {
	only_on_linux "TMP names it"
	local words
	cp "$(capture 100)" plain.pcap
	gzip -k plain.pcap
	export TMPDIR=$PWD/missing
	for words in "info plain.pcap.gz" "info -" "frames -" "run -q -e $good -" "convert - made.pcap" "convert -Y udp plain.pcap.gz made.pcap"; do
		# shellcheck disable=SC2086
		run --separate-stderr bash -c "cat plain.pcap | timeout 20 '$NETMON' $words"
		[ "$status" -eq 2 ] || [[ $words == *-Y* && $status -eq 6 ]]
		[[ $stderr == "netmon: "*": no temporary file can be made in $TMPDIR: No such file or directory; TMPDIR names another folder" ]]
		[ "$(wc -l <<<"$stderr")" -eq 1 ]
	done
	[ -z "$(compgen -G "made*")" ]
	run_json 0 plain.pcap -e "$good"
}

@test "a plain capture opens no temporary file, and a compressed one does" {
	only_on_linux "Wine's server holds the files of a process"
	[ "$(id -u)" = 0 ] || skip "only root sees what the engine has open"
	mkdir tmp
	cp "$(capture 100)" plain.pcap
	gzip -k plain.pcap
	[ "$(temporary_files plain.pcap)" -eq 0 ]
	[ "$(temporary_files plain.pcap.gz)" -gt 0 ]
}
