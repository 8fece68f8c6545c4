#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Every way an expert can end: its own verdict, its earlier events in the
# report, the right exit status, and the others' reports unchanged.
bats_require_minimum_version 1.5.0
load helper

# verdict_is WANT STATUS EXPERT EVENTS: run it between two good ones.
verdict_is() {
	local want=$1 exit=$2 so=$3 events=$4 cap
	cap=$(capture 100)
	run_json "$exit" "$cap" -e "$EXPERTS/good.so" -e "$so" -e "$EXPERTS/frames.so"
	[ "$(value '[.[]|select(.event_type=="expert_end")]|length')" = 3 ]
	[ "$(value '[.[]|select(.event_type=="expert_end")][1].expert.verdict')" = "$want" ] ||
		{ value '[.[]|select(.event_type=="expert_end")][1]'; return 1; }
	[ "$(value '[.[]|select(.event_type=="expert_end")][1].expert.events')" = "$events" ]
	local name
	name=$(value '[.[]|select(.event_type=="expert_end")][1].expert.name')
	[ "$(value "[.[]|select(.event_type==\"expert\" and .expert.name==\"$name\")]|length")" = "$events" ]
	jq -c "select(.event_type==\"run_end\"|not)|select(.expert.name!=\"$name\")" <<<"$output" >"$BATS_TEST_TMPDIR/with"
	run_json 0 "$cap" -e "$EXPERTS/good.so" -e "$EXPERTS/frames.so"
	jq -c 'select(.event_type=="run_end"|not)' <<<"$output" >"$BATS_TEST_TMPDIR/without"
	cmp "$BATS_TEST_TMPDIR/with" "$BATS_TEST_TMPDIR/without"
}

@test "an expert that returns TRUE is done" {
	run_json 0 "$(capture 100)" -e "$EXPERTS/good.so"
	[ "$(value '.[]|select(.event_type=="expert_end").expert.verdict')" = done ]
	[ "$(value '.[]|select(.event_type=="expert_end").expert.state')" = DONE ]
	[ "$(value '.[]|select(.event_type=="expert_end").expert.frames_seen')" = 100 ]
}

@test "an expert that returns FALSE is told so" {
	verdict_is returned_false 3 "$EXPERTS/returnfalse.so" 1
}

@test "an expert that refuses to register" {
	verdict_is refused 3 "$EXPERTS/refuse.so" 0
}

@test "an expert of an unknown version is refused" {
	verdict_is refused 3 "$EXPERTS/badversion.so" 0
}

@test "an expert without Register is not loaded" {
	verdict_is load_failed 3 "$EXPERTS/noregister.so" 0
	run_json 3 "$(capture 100)" -e "$EXPERTS/noregister.so"
	[[ $(value '.[]|select(.event_type=="expert_end").expert.reason') == *Register* ]]
}

@test "an expert without Run is not loaded" {
	verdict_is load_failed 3 "$EXPERTS/norun.so" 0
}

@test "an expert that says it has Configure, and has not" {
	verdict_is load_failed 3 "$EXPERTS/confmissing.so" 0
}

@test "an expert that needs a missing library names it" {
	verdict_is load_failed 3 "$EXPERTS/needslib.so" 0
	run_json 3 "$(capture 100)" -e "$EXPERTS/needslib.so"
	[[ $(value '.[]|select(.event_type=="expert_end").expert.reason') == *cannot\ open\ shared\ object* ]]
}

@test "a crash in the middle keeps the events before it" {
	verdict_is crashed 3 "$EXPERTS/hostile-nullwrite-middle.so" 3
	run_json 3 "$(capture 100)" -e "$EXPERTS/hostile-nullwrite-middle.so"
	[ "$(value '.[]|select(.event_type=="expert_end").expert.signal')" = 11 ]
	[ "$(value '.[]|select(.event_type=="expert_end").expert.phase')" = Run ]
}

@test "a crash while loading" {
	verdict_is crashed 3 "$EXPERTS/hostile-nullwrite-load.so" 0
}

@test "a crash in Register" {
	verdict_is crashed 3 "$EXPERTS/hostile-nullwrite-register.so" 0
}

@test "an abort is a crash" {
	verdict_is crashed 3 "$EXPERTS/hostile-abort-middle.so" 3
}

@test "exit(0) in Run is not the end of a run" {
	verdict_is exited 3 "$EXPERTS/hostile-exit0-middle.so" 3
}

@test "_exit(0) in Run is not the end of a run" {
	verdict_is exited 3 "$EXPERTS/hostile-_exit0-middle.so" 3
}

@test "exit(0) in Register" {
	verdict_is exited 3 "$EXPERTS/hostile-exit0-register.so" 0
}

@test "an endless loop is ended by --timeout" {
	run_json 3 --timeout 1 "$(capture 100)" -e "$EXPERTS/hostile-loop-middle.so" -e "$EXPERTS/good.so"
	[ "$(value '[.[]|select(.event_type=="expert_end").expert.verdict]|join(" ")')" = "timed_out done" ]
	[ "$(value '[.[]|select(.event_type=="expert_end")][0].expert.events')" = 3 ]
}

@test "a loop through the interface that heeds nothing is ended by --timeout" {
	run_json 3 --timeout 1 "$(capture 100)" -e "$EXPERTS/hostile-loopapi-middle.so"
	[ "$(value '.[]|select(.event_type=="expert_end").expert.verdict')" = timed_out ]
}

@test "without a time limit, an expert that gets nowhere is ended by --stall" {
	local so
	for so in loop-middle deaf-middle sleep-register; do
		run_json 3 --stall 1 "$(capture 100)" -e "$EXPERTS/hostile-$so.so" -e "$EXPERTS/good.so"
		[ "$(value '[.[]|select(.event_type=="expert_end").expert.verdict]|join(" ")')" = "timed_out done" ]
		[[ $(value '[.[]|select(.event_type=="expert_end")][0].expert.reason') == "no sign of life for 1 s"* ]]
	done
	run_json 3 --stall 1 --timeout 500ms "$(capture 100)" -e "$EXPERTS/hostile-loop-middle.so"
	[[ $(value '.[]|select(.event_type=="expert_end").expert.reason') == "not done within 0.5 s" ]]
}

@test "a pipe that brings nothing is no stall" {
	{ cat "$(capture 100)"; sleep 2.5; } | { run_json 0 --stall 1 - -e "$EXPERTS/frames.so"; }
}

@test "a loop in Register is ended by --timeout" {
	run_json 3 --timeout 1 "$(capture 100)" -e "$EXPERTS/hostile-loop-register.so"
	[ "$(value '.[]|select(.event_type=="expert_end").expert.verdict')" = timed_out ]
	[ "$(value '.[]|select(.event_type=="expert_end").expert.phase')" = Register ]
}

@test "events beyond --max-events are counted, and the run is marked" {
	run_json 3 --max-events 10 "$(capture 100)" -e "$EXPERTS/frames.so"
	[ "$(value '[.[]|select(.event_type=="expert")]|length')" = 10 ]
	[ "$(value '.[]|select(.event_type=="expert_end").expert.verdict')" = event_limit ]
	[ "$(value '.[]|select(.event_type=="expert_end").expert.events_dropped')" -ge 1 ]
}

@test "blocks left behind are counted" {
	run --separate-stderr "$NETMON" run -q -T json "$(capture 100)" -e "$EXPERTS/leak.so"
	[ "$status" -eq 0 ]
	[ "$(value '.[]|select(.event_type=="expert_end").expert.heap_left_blocks')" = 3 ]
}

@test "freed blocks rest for as long as --rest-blocks says" {
	run_json 0 "$(capture 10)" -e "$EXPERTS/rest.so"
	[ "$(value '.[]|select(.event_type=="expert_end").expert.events')" -gt 0 ]
	run_json 0 --rest-blocks 1000 "$(capture 10)" -e "$EXPERTS/rest.so"
	[ "$(value '.[]|select(.event_type=="expert_end").expert.events')" = 0 ]
}

@test "every wrong call gets its error code (the contract, from inside a worker)" {
	run_json 0 "$(capture 100)" -e "$EXPERTS/errors.so"
	[ "$(value '[.[]|select(.event_type=="expert")|.expert.title]|join("; ")')" = "" ]
}

@test "backward and random walks give the same frames as forward" {
	run_json 0 "$(capture 5000)" -e "$EXPERTS/backward.so" -e "$EXPERTS/specified.so"
	[ "$(value '[.[]|select(.event_type=="expert_end").expert.verdict]|join(" ")')" = "done done" ]
}

@test "what an expert prints stays out of the report and can't reach the terminal raw" {
	run_json 0 "$(capture 10)" -e "$EXPERTS/printer.so"
	[[ $stderr == *"netmon: printer: "* ]]
	[[ $stderr != *$'\x1b'* ]]
}

@test "an expert registered without a viewer may not report" {
	run_json 0 "$(capture 10)" -e "$EXPERTS/novw.so"
	[ "$(value '[.[]|select(.event_type=="expert")]|length')" = 0 ]
}

@test "an expert sees nothing of the environment that it does not need" {
	run_json 0 "$(capture 10)" -e "$EXPERTS/environ.so"
	[ "$(value '[.[]|select(.event_type=="expert")|.expert.title]|join(" ")')" = "" ]
}

@test "a crash tells where it was" {
	run --separate-stderr "$NETMON" run -q -T json "$(capture 100)" -e "$EXPERTS/hostile-nullwrite-middle.so"
	[ "$status" -eq 3 ]
	[[ $(value '.[]|select(.event_type=="expert_end").expert.backtrace[0]') == *hostile-nullwrite-middle.so* ]]
	[ "$(value '.[]|select(.event_type=="expert_end").expert.fault_address')" != null ]
}

@test "the report says which sandbox was in force, and --sandbox=off that none was" {
	run --separate-stderr "$NETMON" run -q -T json "$(capture 10)" -e "$EXPERTS/good.so"
	[[ $(value '.[]|select(.event_type=="expert_end").expert.sandbox') == *seccomp* ]]
	run --separate-stderr "$NETMON" run -q --sandbox=off -T json "$(capture 10)" -e "$EXPERTS/good.so"
	[ "$(value '.[]|select(.event_type=="expert_end").expert.sandbox')" = none ]
}

@test "an expert that takes its own end record away is said to have left none" {
	verdict_is exited 3 "$EXPERTS/hostile-closefds-middle.so" 3
	run_json 3 "$(capture 100)" -e "$EXPERTS/hostile-closefds-middle.so"
	[[ $(value '.[]|select(.event_type=="expert_end").expert.reason') == *"left no end record" ]]
}

@test "an exit status that the engine uses too is still the expert's own" {
	cc -shared -fPIC -x c -o "$BATS_TEST_TMPDIR/exit125.so" - <<-'EOF'
	#include <unistd.h>
	int Register(void *info) { (void)info; _exit(125); }
	int Run(void) { return 1; }
	EOF
	verdict_is exited 3 "$BATS_TEST_TMPDIR/exit125.so" 0
}
