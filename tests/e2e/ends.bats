#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# How a run can be ended from outside, and what is left behind: nothing.
bats_require_minimum_version 1.5.0
load helper

# The engine and the workers of $pid. Under Wine they are nobody's children: they hold the capture.
find_processes() {
	local p
	if ! on_windows; then
		engine=$(pgrep -P "$pid" | head -n 1) || true
		workers=$(pgrep -P "$engine") || true
		return
	fi
	engine='' workers=''
	for p in $(holders); do
		case $(cat "/proc/$p/comm" 2>/dev/null) in
		nmapi-engine*) engine=$p ;;
		nmapi-worker*) workers+=" $p" ;;
		esac
	done
}

# Start netmon in the background on an expert that never ends; pid in $pid.
start_endless() {
	out=$BATS_TEST_TMPDIR/out.json
	cp "$(capture 100)" "$BATS_TEST_TMPDIR/mine.pcap"
	# A shell without job control starts what is in the background deaf to Ctrl-C, and nohup to SIGHUP.
	env --default-signal=INT,QUIT,HUP "$NETMON" run -q --timeout 20 -T json -o "$out" \
		"$BATS_TEST_TMPDIR/mine.pcap" -e "$EXPERTS/good.so" -e "$1" 2>"$BATS_TEST_TMPDIR/err" &
	pid=$!
	for _ in $(seq 100); do
		find_processes 2>/dev/null
		[ -n "$workers" ] && break
		sleep 0.05
	done
	[ -n "$engine" ] && [ -n "$workers" ]
	sleep 0.3
	! on_windows || sleep 0.7 # until it has begun its expert
	find_processes 2>/dev/null
}

all_gone() {
	for _ in $(seq 30); do
		local left=0
		for p in $engine $workers; do [ -d "/proc/$p" ] && left=1; done
		[ $left = 0 ] && return 0
		sleep 0.1
	done
	return 1
}

ended_with() {
	local want=$1 got=0
	wait "$pid" || got=$?
	[ "$got" -eq "$want" ] || { echo "status $got, wanted $want"; cat "$BATS_TEST_TMPDIR/err"; return 1; }
	all_gone
}

@test "Ctrl-C ends a run politely: a partial report that says so, status 130" {
	start_endless "$EXPERTS/hostile-loopapi-middle.so"
	kill -INT "$pid"
	ended_with 130
	output=$(cat "$out")
	[ "$(value '[.[]|select(.event_type=="expert_end").expert.verdict]|join(" ")')" = "done aborted" ]
	[ "$(value '[.[]|select(.event_type=="expert_end")][1].expert.events')" = 3 ]
}

@test "one that was never begun took no time" {
	only_on_linux "there are no signals"
	out=$BATS_TEST_TMPDIR/out.json
	env --default-signal=INT "$NETMON" run -q --jobs 1 -T json -o "$out" "$(capture 100)" -e "$EXPERTS/hostile-loop-middle.so" \
		-e "$EXPERTS/good.so" &
	pid=$!
	until_works "$pid"
	kill -INT "$pid"
	wait "$pid" || [ $? -eq 130 ]
	[ "$(jq -s -c '[.[]|select(.event_type=="expert_end").expert]|.[1]|[.verdict, .wall_ms]' "$out")" = '["aborted",0]' ]
}

@test "one whose time is over at its begin lacked no memory" {
	for _ in 1 2 3; do # now and then it is done before it can be told
		run --separate-stderr timeout 20 "$NETMON" run -q -T json "$(capture 100)" -e tcpipe --timeout 1ms
		[[ "$status $(value '.[]|select(.event_type=="expert_end").expert.verdict')" =~ ^("3 timed_out"|"0 done")$ ]]
	done
}

@test "the first allocation that can be refused is the expert's own, not that of its settings" {
	run --separate-stderr timeout 20 "$NETMON" run -q -T json "$(capture 100)" -e topuser --fail-alloc 1
	[ "$status" -eq 0 ]
	[ "$(value '.[]|select(.event_type=="expert_end").expert|[.verdict, .memory_notes[0]]')" = \
		'["done","allocation 1 was refused on purpose; --fail-alloc 1 repeats it"]' ]
}

@test "SIGTERM likewise" {
	only_on_linux "there are no signals"
	start_endless "$EXPERTS/hostile-loopapi-middle.so"
	kill -TERM "$pid"
	ended_with 130
}

@test "SIGHUP likewise" {
	only_on_linux "there are no signals"
	start_endless "$EXPERTS/hostile-loopapi-middle.so"
	kill -HUP "$pid"
	ended_with 130
}

@test "an expert that heeds nothing is killed after the grace period" {
	start_endless "$EXPERTS/hostile-loop-middle.so"
	kill -INT "$pid"
	ended_with 130
	output=$(cat "$out")
	[ "$(value '[.[]|select(.event_type=="expert_end").expert.verdict]|join(" ")')" = "done aborted" ]
}

@test "a second Ctrl-C ends it at once" {
	start_endless "$EXPERTS/hostile-loop-middle.so"
	local t0 t1 soon=1500
	! on_windows || soon=6000 # less than --timeout, and Wine may be busy
	t0=$(date +%s%N)
	kill -INT "$pid"
	sleep 0.2
	kill -INT "$pid"
	ended_with 130
	t1=$(date +%s%N)
	[ $(((t1 - t0) / 1000000)) -lt $soon ]
}

@test "SIGKILL of the supervisor takes everything with it" {
	start_endless "$EXPERTS/hostile-loop-middle.so"
	kill -KILL "$pid"
	wait "$pid" || true
	all_gone
}

@test "a crash of the engine is reported, and nothing hangs" {
	start_endless "$EXPERTS/hostile-loop-middle.so"
	kill -SEGV "$engine"
	ended_with 3
}

@test "an engine that ends before it has opened the capture is told once" {
	only_on_linux "an engine is no other program there"
	export NETMON_ENGINE=/bin/false
	run_json 2 "$(capture 100)" -e "$EXPERTS/good.so"
	[ "$(value '[.[].event_type]')" = '["capture","run_end"]' ]
	for words in "info" "frames" "convert -Y udp --to pcap"; do
		# shellcheck disable=SC2046,SC2086
		run --separate-stderr timeout 20 "$NETMON" $words "$(capture 100)" $([[ $words != convert* ]] || echo -)
		[ "$status" -eq 2 ]
		[[ $stderr == "netmon: $(capture 100): "* ]]
		[ "$(wc -l <<<"$stderr")" -eq 1 ]
	done
}

@test "a full disk is said, status 6" {
	run --separate-stderr timeout 20 "$NETMON" run -q -T json -o /dev/full "$(capture 100)" -e "$EXPERTS/frames.so"
	[ "$status" -eq 6 ]
	[[ $stderr == *"No space left"* ]]
}

@test "a closed pipe ends it quietly" {
	run timeout 20 bash -c '"$1" run -q -T json "$2" -e "$3" | head -n 1' _ "$NETMON" "$(capture 5000)" "$EXPERTS/frames.so"
	[ "$status" -eq 0 ]
}

@test "an output that can't be made is a usage error before anything runs" {
	run --separate-stderr "$NETMON" run -q -o /nonexistent/dir/x "$(capture 10)" -e "$EXPERTS/good.so"
	[ "$status" -ne 0 ]
	[[ $stderr == *"/nonexistent/dir/x"* ]]
}

@test "two runs side by side do not disturb each other" {
	local cap
	cap=$(capture 5000)
	"$NETMON" run -q --no-bill -T json "$cap" -e "$EXPERTS/good.so" >"$BATS_TEST_TMPDIR/a" &
	"$NETMON" run -q --no-bill -T json "$cap" -e "$EXPERTS/good.so" >"$BATS_TEST_TMPDIR/b"
	wait $!
	cmp "$BATS_TEST_TMPDIR/a" "$BATS_TEST_TMPDIR/b"
}

@test "the report is the same whatever the number of jobs" {
	local cap
	cap=$(capture 5000)
	for j in 1 2 8; do
		"$NETMON" run -q --no-bill --jobs $j -T json "$cap" -e "$EXPERTS/good.so" -e "$EXPERTS/frames.so" \
			-e "$EXPERTS/good.so" -e "$EXPERTS/backward.so" >"$BATS_TEST_TMPDIR/$j"
	done
	cmp "$BATS_TEST_TMPDIR/1" "$BATS_TEST_TMPDIR/2"
	cmp "$BATS_TEST_TMPDIR/1" "$BATS_TEST_TMPDIR/8"
}

@test "--in-process gives the same report" {
	only_on_linux "no expert runs in the command's own process"
	run_json 0 "$(capture 100)" -e "$EXPERTS/good.so"
	local want=$output
	run_json 0 --in-process "$(capture 100)" -e "$EXPERTS/good.so"
	[ "$output" = "$want" ]
}

@test "interrupted before the capture was counted: what was seen is told, and no total is made up" {
	only_on_linux "Wine hangs when it is interrupted before it has begun the program"
	local cap=$BATS_TEST_TMPDIR/long.pcap out=$BATS_TEST_TMPDIR/out text json delay
	"$NMAPI_BUILD/tools/mkcapture" --frames 300000 --seed 7 "$cap"
	# When it is early enough depends on the machine: later and later.
	for delay in 0.02 0.03 0.04 0.05 0.07 0.1 0.14 0.2 0.3 0.5; do
		env --default-signal=INT "$NETMON" run -q --no-bill -T json -o "$out.json" -T text -o "$out.txt" \
			"$cap" -e "$EXPERTS/good.so" 2>/dev/null &
		sleep $delay
		kill -INT $! || break
		wait $! || [ $? -eq 130 ]
		[ ! -s "$out.json" ] && continue
		output=$(cat "$out.json")
		[ "$(value '.[]|select(.event_type=="capture").capture.uncounted')" = true ] || continue
		[ "$(value '.[]|select(.event_type=="expert_end").expert.frames_seen')" -eq 0 ] && continue
		echo "$output"
		cat "$out.txt"
		[ "$(value '.[]|select(.event_type=="expert_end").expert|.verdict,.phase,.frames_uncounted,.coverage_percent')" = \
			$'aborted\nRun\ntrue\nnull' ]
		[ "$(value '.[]|select(.event_type=="expert_end").expert|.frames_total >= .frames_seen')" = true ]
		grep -q 'pcap, at least [0-9,]* frames' "$out.txt"
		grep -Eq 'saw frames 1-[0-9,]+ of at least [0-9,]+, then was stopped by the user in Run at frame [0-9,]+$' "$out.txt"
		return 0
	done
	skip "never interrupted at the right time"
}

@test "an engine that hears nothing does not keep a second Ctrl-C waiting" {
	start_endless "$EXPERTS/hostile-loop-middle.so"
	local t0 t1
	kill -STOP "$engine"
	t0=$(date +%s%N)
	kill -INT "$pid"
	sleep 0.2
	kill -INT "$pid"
	ended_with 130
	t1=$(date +%s%N)
	[ $(((t1 - t0) / 1000000)) -lt 4000 ]
	output=$(cat "$out")
	[ "$(value '[.[]|select(.event_type=="expert_end")][1].expert|.verdict,.events')" = $'aborted\n3' ]
}

@test "an expert that never unloads is ended without any --timeout, its report whole" {
	for misdeed in loop sleep; do
		run_json 3 "$(capture 100)" -e "$EXPERTS/hostile-$misdeed-unload.so"
		[ "$(value '.[]|select(.event_type=="expert_end").expert|.verdict,.events')" = $'timed_out\n3' ]
	done
}

@test "time in which the supervisor itself was stopped is not held against an expert" {
	# More events than a pipe holds, so that it has to wait; the first after a while.
	cat >"$BATS_TEST_TMPDIR/talker.c" <<-'EOF'
	#include <netmon.h>
	#include <unistd.h>
	BOOL WINAPI Register(PEXPERTENUMINFO info) { return info->Version == 0; }
	BOOL WINAPI Run(HEXPERTKEY key, PEXPERTCONFIG c, PEXPERTSTARTUPINFO s, DWORD flags, HWND parent)
	{
		static char text[1000];
		NMEVENTDATA ev = { .szDescription = text };
		for (unsigned i = 0; i < sizeof text - 1; i++)
			text[i] = 'x';
		usleep(500000);
		for (int i = 0; i < 4000; i++)
			if (ExpertSubmitEvent(key, &ev) != NMERR_SUCCESS)
				return FALSE;
		return TRUE;
	}
	EOF
	build_expert "$BATS_TEST_TMPDIR/talker.c" "$BATS_TEST_TMPDIR/talker"
	out=$BATS_TEST_TMPDIR/out.json
	"$NETMON" run -q --no-bill --timeout 3 -T json -o "$out" "$(capture 100)" -e "$BATS_TEST_TMPDIR/talker.$SO" &
	pid=$!
	sleep 0.3
	kill -STOP $pid
	sleep 4
	kill -CONT $pid
	wait $pid
	[ "$(tail -n 2 "$out" | jq -r 'select(.event_type=="expert_end").expert.verdict')" = done ]
}

@test "experts wait for one another when descriptors are short" {
	only_on_linux "a process has no limit of handles that a user could set"
	local many=()
	for _ in $(seq 30); do many+=(-e "$EXPERTS/good.so"); done
	ulimit -n 24
	run_json 0 --jobs 16 "$(capture 10)" "${many[@]}"
	[ "$(value '[.[]|select(.event_type=="expert_end" and .expert.verdict=="done")]|length')" = 30 ]
}

@test "too few descriptors for an engine are told as such" {
	only_on_linux "a process has no limit of handles that a user could set"
	run --separate-stderr bash -c "ulimit -n 10 && exec '$NETMON' info '$(capture 10)'"
	[ "$status" -eq 2 ]
	[[ $stderr == "netmon: "*": can't start "*": Too many open files" ]]
}
