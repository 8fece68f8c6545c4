#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Every way an expert can end: its own verdict, its earlier events in the
# report, the right exit status, and the others' reports unchanged.
bats_require_minimum_version 1.5.0
load helper

SHORT=1 # seconds, in which one that does end has ended; Wine begins a process slowly
! on_windows || SHORT=4

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
	cmp "$BATS_TEST_TMPDIR/with" "$(without "$cap")" || { diff "$BATS_TEST_TMPDIR/with" "$(without "$cap")"; return 1; }
}

# The file with what the good ones say of a capture by themselves, made once.
without() {
	local file=$BATS_FILE_TMPDIR/without
	[ -f "$file" ] || {
		"$NETMON" run --no-bill -q -T json "$1" -e "$EXPERTS/good.so" -e "$EXPERTS/frames.so" |
			jq -c 'select(.event_type=="run_end"|not)' >"$BATS_TEST_TMPDIR/made"
		mv "$BATS_TEST_TMPDIR/made" "$file"
	}
	printf '%s' "$file"
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

# An expert for Windows that needs a library which is gone.
needs_gone() {
	cd "$BATS_TEST_TMPDIR" || return
	echo '__declspec(dllexport) int gone_away(void) { return 1; }' >gone.c
	"$NMAPI_WINDOWS-w64-mingw32-gcc" -shared -o gone.dll gone.c -Wl,--out-implib,gone.lib
	printf '%s\n' 'int gone_away(void);' '__declspec(dllexport) int Register(void *i) { return i && gone_away(); }' \
		'__declspec(dllexport) int Run(void) { return 1; }' >needs.c
	"$NMAPI_WINDOWS-w64-mingw32-gcc" -shared -o needs.dll needs.c gone.lib
	rm gone.dll
	echo "$PWD/needs.dll"
}

@test "an expert that needs a missing library names it" {
	local so=$EXPERTS/needslib.so why="cannot open shared object"
	! on_windows || { so=$(needs_gone) why='it needs gone.dll, which is not there'; }
	verdict_is load_failed 3 "$so" 0
	run_json 3 "$(capture 100)" -e "$so"
	[[ $(value '.[]|select(.event_type=="expert_end").expert.reason') == *"$why"* ]]
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
	run_json 3 --timeout $SHORT "$(capture 100)" -e "$EXPERTS/hostile-loop-middle.so" -e "$EXPERTS/good.so"
	[ "$(value '[.[]|select(.event_type=="expert_end").expert.verdict]|join(" ")')" = "timed_out done" ]
	[ "$(value '[.[]|select(.event_type=="expert_end")][0].expert.events')" = 3 ]
}

@test "a loop through the interface that heeds nothing is ended by --timeout" {
	run_json 3 --timeout $SHORT "$(capture 100)" -e "$EXPERTS/hostile-loopapi-middle.so"
	[ "$(value '.[]|select(.event_type=="expert_end").expert.verdict')" = timed_out ]
}

@test "without a time limit, an expert that gets nowhere is ended by --stall" {
	local so
	for so in loop-middle deaf-middle sleep-register; do
		run_json 3 --stall $SHORT "$(capture 100)" -e "$EXPERTS/hostile-$so.so" -e "$EXPERTS/good.so"
		[ "$(value '[.[]|select(.event_type=="expert_end").expert.verdict]|join(" ")')" = "timed_out done" ]
		[[ $(value '[.[]|select(.event_type=="expert_end")][0].expert.reason') == "no sign of life for $SHORT s"* ]]
	done
	run_json 3 --stall $SHORT --timeout 500ms "$(capture 100)" -e "$EXPERTS/hostile-loop-middle.so"
	[[ $(value '.[]|select(.event_type=="expert_end").expert.reason') == "not done within 0.5 s" ]]
}

@test "a pipe that brings nothing is no stall" {
	{ cat "$(capture 100)"; sleep 2.5; } | { run_json 0 --stall 1 - -e "$EXPERTS/frames.so"; }
}

@test "memory exhaustion: an expert that gives up when it is refused memory" {
	cat >"$BATS_TEST_TMPDIR/greedy.c" <<-'EOF'
	#include <netmon.h>
	BOOL WINAPI Register(PEXPERTENUMINFO info) { return info->Version == 0; }
	BOOL WINAPI Run(HEXPERTKEY key, PEXPERTCONFIG c, PEXPERTSTARTUPINFO s, DWORD flags, HWND parent)
	{
		DWORD error = 0;
		while (ExpertAllocMemory(key, 1 << 20, &error))
			;
		return error != NMERR_OUT_OF_MEMORY;
	}
	EOF
	build_expert "$BATS_TEST_TMPDIR/greedy.c" "$BATS_TEST_TMPDIR/greedy"
	run_json 3 --memory 64M "$(capture 10)" -e "$BATS_TEST_TMPDIR/greedy.$SO" -e "$EXPERTS/good.so"
	[ "$(value '[.[]|select(.event_type=="expert_end").expert.verdict]|join(" ")')" = "out_of_memory done" ]
	[ "$(value '[.[]|select(.event_type=="expert_end")][0].expert.reason')" = \
		"Run returned FALSE after 1 allocation was refused (limit 64 MiB)" ]
}

@test "a loop in Register is ended by --timeout" {
	run_json 3 --timeout $SHORT "$(capture 100)" -e "$EXPERTS/hostile-loop-register.so"
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
	for line in 'a line on standard output' 'a line on standard error' 'no newline at the end'; do
		[[ $stderr == *"netmon: printer: "*"$line"* ]]
	done
	[[ $stderr != *$'\x1b'* ]]
}

@test "an expert registered without a viewer may not report" {
	run_json 0 "$(capture 10)" -e "$EXPERTS/novw.so"
	[ "$(value '[.[]|select(.event_type=="expert")]|length')" = 0 ]
}

@test "an expert sees nothing of the environment that it does not need" {
	run_json 0 "$(capture 10)" -e "$EXPERTS/environ.so"
	local seen
	seen=$(value '.[]|select(.event_type=="expert").expert.title' | cut -d = -f 1 | grep -v '^WINE' | sort | xargs)
	if on_windows; then # its system's, and its own folder; Wine makes some for itself
		[ "$seen" = 'SystemDrive SystemRoot TEMP TMP windir' ]
	else
		[ -z "$seen" ]
	fi
}

@test "a crash at a guarded block tells of the block, and one elsewhere of none" {
	local notes='.[]|select(.event_type=="expert_end").expert.memory_notes'
	run_json 3 --heap=guard "$(capture 100)" -e "$EXPERTS/hostile-overrun-middle.$SO"
	[[ $(value "$notes[0]") =~ ^'the address is '[0-9]+' byte's?' after a block of 64 bytes, allocation 1 of 2'$ ]]
	[ "$(value "$notes[1]")" = 'allocated at' ]
	run_json 3 --heap=guard "$(capture 100)" -e "$EXPERTS/hostile-useafterfree-middle.$SO"
	[ "$(value "$notes[0]")" = 'the address is in a freed block of 4000 bytes, allocation 1 of 1' ]
	[ "$(value "$notes | index(\"freed at\") != null")" = true ]
	run_json 3 --heap=guard "$(capture 100)" -e "$EXPERTS/hostile-nullwrite-middle.$SO"
	[ "$(value "$notes")" = null ]
}

@test "a crash tells where it was" {
	run --separate-stderr "$NETMON" run -q -T json "$(capture 100)" -e "$EXPERTS/hostile-nullwrite-middle.so"
	[ "$status" -eq 3 ]
	[[ $(value '.[]|select(.event_type=="expert_end").expert.backtrace[0]') == "hostile-nullwrite-middle.$SO"* ]]
	[ "$(value '.[]|select(.event_type=="expert_end").expert.fault_address')" != null ]
	[ "$(value '.[]|select(.event_type=="expert_end").expert.at_frame')" = 51 ]
	! on_windows || [[ $(value '.[]|select(.event_type=="expert_end").expert.reason') =~ \
		^'exception 0xc0000005 (Segmentation fault), at hostile-nullwrite-middle.dll+0x'[0-9a-f]+$ ]]
}

WINDOWS_LAYERS='low integrity, restricted token, job; without rules for reading files, rules for system calls and sockets'

@test "the report says which sandbox was in force, and --sandbox=off that none was" {
	run --separate-stderr "$NETMON" run -q -T json "$(capture 10)" -e "$EXPERTS/good.so"
	if on_windows; then # all that Windows has, and what it has nothing for
		[ "$(value '.[]|select(.event_type=="expert_end").expert.sandbox')" = "$WINDOWS_LAYERS" ]
		run --separate-stderr "$NETMON" run -q -T text "$(capture 10)" -e "$EXPERTS/good.so"
		[[ $output == *$'\n'"  sandbox: $WINDOWS_LAYERS"* ]]
	else
		[[ $(value '.[]|select(.event_type=="expert_end").expert.sandbox') == *seccomp* ]]
	fi
	run --separate-stderr "$NETMON" run -q --sandbox=off -T json "$(capture 10)" -e "$EXPERTS/good.so"
	[ "$(value '.[]|select(.event_type=="expert_end").expert.sandbox')" = none ]
}

@test "an expert that takes its own end record away is said to have left none" {
	verdict_is exited 3 "$EXPERTS/hostile-closefds-middle.so" 3
	run_json 3 "$(capture 100)" -e "$EXPERTS/hostile-closefds-middle.so"
	[[ $(value '.[]|select(.event_type=="expert_end").expert.reason') == *"left no end record" ]]
}

@test "an exit status that the engine uses too is still the expert's own" {
	cat >"$BATS_TEST_TMPDIR/exit125.c" <<-'EOF'
	#include <unistd.h>
	int Register(void *info) { (void)info; _exit(125); }
	int Run(void) { return 1; }
	EOF
	build_expert "$BATS_TEST_TMPDIR/exit125.c" "$BATS_TEST_TMPDIR/exit125"
	verdict_is exited 3 "$BATS_TEST_TMPDIR/exit125.$SO" 0
}
