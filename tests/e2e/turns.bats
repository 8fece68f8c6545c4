#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# When an expert's part of the report appears: as soon as it has ended where somebody reads along.
bats_require_minimum_version 1.5.0
load helper

LATER=1 # seconds, by which both have begun and one has ended; Wine begins a process slowly
! on_windows || LATER=5

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	good=$EXPERTS/good.so
	slow=$EXPERTS/hostile-sleep-first.so # says nothing, and sleeps until it is killed
	cap=$(capture 100)
}

# begin ARGS...: netmon run of a slow expert and then one that is not, in the background.
begin() {
	env --default-signal=INT "$NETMON" run -q --jobs 2 "$@" "$cap" -e "$slow" -e "$good" 2>err &
	pid=$!
}

# The slow expert is stopped, and the run with it.
stop() {
	kill -0 "$pid" # it runs still
	kill -INT "$pid"
	wait "$pid" && status=0 || status=$?
	[ "$status" -eq 130 ]
}

# parts FILE: the experts in the order of their parts.
parts() {
	grep -xE 'good|hostile \(hostile-sleep-first\)' "$1" | cut -d" " -f1 | paste -sd ' '
}

@test "text in a pipe: an expert that has ended is there while a slow one before it runs" {
	mkfifo pipe
	cat pipe >out &
	begin >pipe
	until_has out '^  saw frames 1-100 of 100'
	[ "$(parts out)" = good ]
	[ "$(head -n 1 out | cut -d, -f1-2)" = "$cap: pcap, 100 frames" ]
	stop
	until_has out 'interrupted: this report is partial'
	[ "$(parts out)" = "good hostile" ]
	[ "$(grep -c '^  saw frames' out)" -ge 1 ]
}

@test "two captures in a pipe: each has its own parts, in the order of captures" {
	local limit=500ms
	! on_windows || limit=4s # a process takes longer to begin there
	cp "$cap" second.pcap
	run --separate-stderr "$NETMON" run -q --jobs 2 --timeout "$limit" "$cap" second.pcap -e "$slow" -e "$good"
	[ "$status" -eq 3 ]
	[ "$(parts <(printf '%s\n' "$output"))" = "good hostile good hostile" ]
	[ "$(grep -c ' frames, ' <<<"$output")" -ge 2 ]
	[ "$(grep -nE 'second.pcap|^good' <<<"$output" | cut -d: -f2- | cut -c1-6 | paste -sd ' ')" = "good second good" ]
}

@test "text in a file keeps the order asked for, and waits" {
	begin -o out
	sleep $LATER
	[ ! -s out ] || [ -z "$(parts out)" ]
	stop
	[ "$(parts out)" = "hostile good" ]
}

@test "--no-bill, for reports that are compared, keeps it in a pipe too" {
	mkfifo pipe
	cat pipe >out &
	begin --no-bill >pipe
	sleep $LATER
	[ -z "$(parts out)" ]
	stop
	until_has out 'interrupted: this report is partial'
	[ "$(parts out)" = "hostile good" ]
}

@test "json in a pipe keeps the order, beside text in a pipe that does not" {
	mkfifo pipe json
	cat pipe >out &
	cat json >out.json &
	begin -T text -T json -o json >pipe
	until_has out '^  saw frames 1-100 of 100'
	run ! grep -q expert_end out.json
	stop
	until_has out 'interrupted: this report is partial'
	until_has out.json run_end
	[ "$(jq -r 'select(.event_type == "expert_end").expert.name' out.json | paste -sd ' ')" = "hostile-sleep-first good" ]
	[ "$(jq -r 'select(.event_type == "run_end").run | [.experts, .events] | join(" ")' out.json)" = "2 1" ]
}
