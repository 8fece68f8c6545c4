#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What is no capture, given to every command that takes one: a line that says why, status
# 2, nothing left behind, and an end. And captures that shrink while they are read.
bats_require_minimum_version 1.5.0
load helper

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	good=$EXPERTS/good.$SO
}

# each INPUT PATTERN: every command refuses it, by a line like that.
each() {
	local words
	for words in info "info -T json --hash" "run -q -e $good" "frames" "convert --to pcap"; do
		# shellcheck disable=SC2086
		run --separate-stderr timeout 60 "$NETMON" $words "$1" $([[ $words != convert* ]] || echo made)
		# shellcheck disable=SC2053
		[ "$status" -eq 2 ] && [ "$(wc -l <<<"$stderr")" -eq 1 ] && [[ $stderr == $2 ]] || {
			echo "$words $1: status $status, $stderr"
			return 1
		}
		[ -z "$(compgen -G "made*")" ]
	done
}

@test "devices, folders, sockets" {
	mkdir folder
	each /dev/zero "netmon: /dev/zero: neither a file nor a stream*"
	each /dev/null "netmon: /dev/null: neither a file nor a stream*"
	each folder "netmon: folder: a folder, not a capture*"
	each folder/missing "netmon: folder/missing: No such file*"
	command -v python3 >/dev/null || skip "no python3"
	python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("sock")'
	each sock "netmon: sock: a socket, not a capture*"
}

@test "no bytes, a terabyte of zeros, text" {
	: >empty
	each empty "netmon: empty: not a capture: the file is empty"
	truncate -s 1T zeros || skip "no file of a terabyte here"
	each zeros "netmon: zeros: not a capture: it starts with the bytes 00 00 00 00*"
	echo "some text" >text
	each text "netmon: text: not a capture: it starts with text*"
	each /proc/self/status "netmon: /proc/self/status: not a capture*"
}

@test "however little memory there is, what fails for want of it says so" {
	only_on_linux "a process has no limit that a user could set"
	local kib
	! sanitized || skip "a sanitizer has a word for it of its own"
	cp "$(capture 100)" m.pcap
	for kib in $(seq 800 200 3000); do
		run --separate-stderr bash -c "ulimit -d $kib && exec '$NETMON' frames -c 2 m.pcap"
		[ "$status" -eq 0 ] || [ -n "$stderr" ] || {
			echo "$kib KiB: status $status, and not a word"
			return 1
		}
	done
}

# As above, from a pipe; each command needs a writer of its own.
@test "pipes and FIFOs that bring nothing, or no capture" {
	local words
	mkfifo fifo
	for words in "info" "run -q -e $good" "frames" "convert --to pcap"; do
		for bytes in "" "no capture"; do
			printf %s "$bytes" >fifo &
			# shellcheck disable=SC2086
			run --separate-stderr timeout 60 "$NETMON" $words fifo $([[ $words != convert* ]] || echo made)
			wait $!
			[ "$status" -eq 2 ]
			[[ $stderr == "netmon: fifo: not a capture:"* ]]
			[ "$(wc -l <<<"$stderr")" -eq 1 ]
		done
		# shellcheck disable=SC2086
		run --separate-stderr timeout 60 "$NETMON" $words - $([[ $words != convert* ]] || echo made) </dev/zero
		[ "$status" -eq 2 ]
		[[ $stderr == "netmon: -: neither a file nor a stream"* ]]
	done
	[ -z "$(compgen -G "made*")" ]
}

# shrinking COMMAND...: on a capture that takes minutes to count, and becomes short
# once it is being read.
shrinking() {
	local delay
	for delay in 1 2 4 8; do # when it is being read depends on the machine
		cp "$(capture 100)" tera.pcap
		truncate -s 1T tera.pcap || skip "no file of a terabyte here"
		timeout 60 "$NETMON" "$@" tera.pcap >out 2>err &
		sleep $delay
		truncate -s 1M tera.pcap
		status=0
		wait $! || status=$?
		[ ! -s err ]
		[ "$status" -ne 4 ] || break
	done
	[ "$status" -eq 4 ]
	grep -q "at byte .* the file no longer gives what it held when it was opened" out
}

@test "info and run on a file that shrinks meanwhile: what was there, and where it ended" {
	shrinking info
	grep -q "^Damage: " out
	shrinking run -q --no-bill -e "$good"
	grep -q "^  damaged: " out
}

@test "convert of a file that shrinks meanwhile: a line with the frame, and status 2" {
	only_on_linux "no pipe has a name among files"
	cp "$(capture 20000)" big.pcap
	mkfifo made
	timeout 60 "$NETMON" convert --to pcap big.pcap made 2>err &
	{
		head -c 1000 >/dev/null # it is writing, and waits until the rest is read
		truncate -s 1M big.pcap
		cat >/dev/null
	} <made
	status=0
	wait $! || status=$?
	[ "$status" -eq 2 ]
	[ "$(cat err)" = "netmon: big.pcap: frame $(grep -o '[0-9]* can no longer' err) be read" ]
}
