#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The pass rule: whatever one expert does, and whenever, the others' reports are
# byte for byte what they are without it, what it submitted before is there,
# there is exactly one record of its end, the exit status says so, and nothing
# is left over. Every hostile expert that was built runs here, between two good
# ones, and has a row in the table below.
bats_require_minimum_version 1.5.0
load helper
load misdeeds

BOUND_MS=8000 # an expert and what it costs the run; --timeout and its grace take 3 s

names() {
	local so
	for so in "$EXPERTS"/hostile-*.so; do
		so=${so##*/hostile-}
		printf '%s\n' "${so%.so}"
	done
}

# Both reports of one run into $1.json and $1.txt, with the experts that follow;
# the status in $status, the milliseconds in $took.
report() {
	local out=$1 t0
	shift
	t0=$(date +%s%N)
	status=0
	(cd "$EMPTY" && TMPDIR=$EMPTY exec timeout "${patience:-30}" "$NETMON" run -q --no-bill --jobs 2 \
		-T json -o "$out.json" -T text -o "$out.txt" "$CAP" "$@") 2>"$out.err" || status=$?
	took=$((($(date +%s%N) - t0) / 1000000))
}

# The engine and all its children have the capture's name on their command line.
left_over() {
	local i
	for i in 1 2 3 4 5; do
		pgrep -f "nmapi-engine.*$CAP" >/dev/null || break
		sleep 0.1
	done
	pgrep -af "nmapi-engine.*$CAP"
	find "$EMPTY" -mindepth 1
	diff "$BATS_FILE_TMPDIR/shm" <(ls -A /dev/shm)
}

# What is wrong with the run of $1 in $2: a line for each, nothing when all holds.
complaints() {
	local name=$1 out=$2 exit=3 text alone
	[ "$verdict" != done ] || exit=0
	[ "$status" -eq $exit ] || echo "status $status, wanted $exit: $(tail -n 1 "$out.err")"
	[ "$took" -lt $BOUND_MS ] || echo "took $took ms"
	record "$name" "$out.json" | grep -qxE "($verdict) / $signal / ($phase) / $events" ||
		echo "ended as $(record "$name" "$out.json"), wanted $verdict / $signal / $phase / $events"
	[ "$(grep -c "\"event_type\":\"expert\",.*\"name\":\"$name\"" "$out.json")" = $events ] ||
		echo "not $events events in the report"
	[ "$(tail -n 1 "$out.json" | jq -c '[.event_type, .run.experts, .run.experts_failed, .run.exit_status]')" = \
		"[\"run_end\",3,$((exit == 3)),$exit]" ] || echo "last line $(tail -n 1 "$out.json")"
	cmp <(others "$name" "$out.json") <(others "$name" "$REF.json") || echo "others changed in json"
	text=$(<"$out.txt")
	[[ $text == "$REF_BEFORE"*"$REF_AFTER"* ]] || echo "others changed in text"
	alone=${text#"$REF_BEFORE"}
	alone=${alone%"$REF_AFTER"*}
	[ "$(grep -cF "$name" <<<"$alone")" = 1 ] || echo "not one part in text"
	[ "$(grep -c '^  saw \|^  there was no frame' <<<"$alone")" = 1 ] || echo "not one end in text"
	left_over
}

# Run the experts of these names and say what is wrong with each.
check() {
	local name so failed=0 wrong options
	for name; do
		expect "$name" || { echo "$name: not in the table"; failed=1; continue; }
		so=$EXPERTS/hostile-$name.so
		options=(--timeout 2)
		[ "$verdict" != event_limit ] || options+=(--max-events $EVENT_LIMIT)
		report "$BATS_TEST_TMPDIR/out" "${options[@]}" -e "$EXPERTS/good.so" -e "$so" -e "$EXPERTS/frames.so"
		wrong=$(complaints "hostile-$name" "$BATS_TEST_TMPDIR/out" 2>&1) || true
		[ -z "$wrong" ] || { sed "s/^/$name: /" <<<"$wrong"; failed=1; }
	done
	return $failed
}

setup_file() {
	local cap
	cap=$(capture 100)
	export CAP=$BATS_FILE_TMPDIR/pass-rule.pcap REF=$BATS_FILE_TMPDIR/ref EMPTY=$BATS_FILE_TMPDIR/empty
	cp "$cap" "$CAP"
	mkdir "$EMPTY"
	ls -A /dev/shm >"$BATS_FILE_TMPDIR/shm"
	report "$REF" -e "$EXPERTS/good.so" -e "$EXPERTS/frames.so"
	[ "$status" -eq 0 ]
	[ "$(grep -c '^frames$' "$REF.txt")" = 1 ]
	REF_BEFORE=$(sed '/^frames$/,$d' "$REF.txt")
	REF_AFTER=$(sed -n '/^frames$/,$p' "$REF.txt")
	export REF_BEFORE REF_AFTER
}

@test "every hostile expert that is built has a row, and every row an expert" {
	[ "$(names | sed 's/-[a-z]*$//' | sort -u)" = "$(table | cut -d ' ' -f 1 | sort -u)" ]
}

@test "the pass rule holds for experts that crash" {
	check $(names | grep -E '^(nullwrite|abort|smash|killself|stackoverflow|nullcall|divide|threadcrash|wildevent)-')
}

@test "the pass rule holds for experts that end their process" {
	check $(names | grep -E '^(exit0|_exit0|closefds)-')
}

@test "the pass rule holds for experts that never end while they load or register" {
	check $(names | grep -E '^(loop|sleep|stopself)-(load|register)')
}

@test "the pass rule holds for experts that loop in Run or when unloaded" {
	check $(names | grep -E '^loop-' | grep -vE -e '-(load|register)')
}

@test "the pass rule holds for experts that sleep in Run or when unloaded" {
	check $(names | grep -E '^(sleep|stopself)-' | grep -vE -e '-(load|register)')
}

@test "the pass rule holds for experts that loop through the interface or are deaf" {
	check $(names | grep -E '^(loopapi|deaf)-')
}

@test "the pass rule holds for experts that fork, kill or write into descriptors" {
	check $(names | grep -E '^(fork[a-z]*|kill(parent|group)|garbagefds)-')
}

@test "the pass rule holds for experts that misuse memory" {
	check $(names | without_hogs | grep -E '^(doublefree|foreignfree|overrun|heaphog|memoryhog)-')
}

@test "the pass rule holds for experts that misuse events, status and threads" {
	check $(names | grep -E '^(millionevents|hugeevent|wildcolumns|percent250|threadstays)-')
}

@test "the pass rule holds for experts that run, write or connect" {
	check $(names | grep -E '^(exec|openwrite|socket)-')
}

@test "the pass rule holds for experts that pass what is no argument" {
	check $(names | grep -E '^(useafterfree|leak|hugealloc|millionallocs|nulleverything|madeupkeys|keptkey|wrongtypes)-')
}

@test "the pass rule holds for experts that change their process" {
	check $(names | grep -E '^(locale|fpumode|folder|sigmask|ignoreall)-')
}

@test "the pass rule holds for experts that are deaf to signals" {
	check $(names | grep -E '^(sigmaskloop|ignorecrash|handlecrash)-')
}

@test "no hostile expert is left out of the tests above" {
	[ -z "$(names | grep -vE '^(nullwrite|abort|smash|killself|stackoverflow|nullcall|divide|threadcrash|wildevent|exit0|_exit0|closefds|loop|sleep|stopself|loopapi|deaf|fork[a-z]*|killparent|killgroup|garbagefds|doublefree|foreignfree|overrun|heaphog|memoryhog|millionevents|hugeevent|wildcolumns|percent250|threadstays|exec|openwrite|socket|useafterfree|leak|hugealloc|millionallocs|nulleverything|madeupkeys|keptkey|wrongtypes|locale|fpumode|folder|sigmask|sigmaskloop|ignoreall|ignorecrash|handlecrash)-')" ]
}

@test "all of them at once change nothing for the first and the last" {
	local args=() name out=$BATS_TEST_TMPDIR/all n=0
	for name in $(names | without_hogs); do
		args+=(-e "$EXPERTS/hostile-$name.so")
		n=$((n + 1))
	done
	report "$out" --jobs 16 --timeout 1 --max-events 100 -e "$EXPERTS/good.so" "${args[@]}" -e "$EXPERTS/frames.so"
	[ "$status" -eq 3 ]
	[ "$took" -lt 25000 ]
	cmp <(grep -v -e '"name":"hostile-' -e '"event_type":"run_end"' "$out.json") \
		<(grep -v -e '"event_type":"run_end"' "$REF.json")
	[ "$(jq -r 'select(.event_type == "expert_end").expert.name' "$out.json" | sed 1d | sed '$d')" = \
		"$(names | without_hogs | sed 's/^/hostile-/')" ]
	[ -z "$(left_over)" ]
}

@test "a million events are all reported" {
	local out=$BATS_TEST_TMPDIR/flood patience=120
	report "$out" -e "$EXPERTS/good.so" -e "$EXPERTS/hostile-millionevents-middle.so"
	[ "$status" -eq 0 ]
	[ "$(grep -c '"title":"one of a million"' "$out.json")" = 1000000 ]
	[ -z "$(left_over)" ]
}

# file_is_refused NAME WHY: $BATS_TEST_TMPDIR/NAME.so can't be loaded.
file_is_refused() {
	local verdict=load_failed signal=null phase=load events=0 wrong
	chmod 644 "$BATS_TEST_TMPDIR/$1.so"
	report "$BATS_TEST_TMPDIR/out" --timeout 2 -e "$EXPERTS/good.so" -e "$BATS_TEST_TMPDIR/$1.so" -e "$EXPERTS/frames.so"
	wrong=$(complaints "$1" "$BATS_TEST_TMPDIR/out" 2>&1) || true
	[ -z "$wrong" ] || { echo "$1: $wrong"; return 1; }
}

@test "the pass rule holds for files that are no experts" {
	local good=$EXPERTS/good.so n
	chmod 755 "$BATS_TEST_TMPDIR" "$BATS_FILE_TMPDIR"
	: >"$BATS_TEST_TMPDIR/empty-file.so"
	file_is_refused empty-file
	echo '#!/bin/sh' >"$BATS_TEST_TMPDIR/script-file.so"
	file_is_refused script-file
	cp "$good" "$BATS_TEST_TMPDIR/wrong-size.so" # the class in its header: 32 bits
	printf '\1' | dd of="$BATS_TEST_TMPDIR/wrong-size.so" bs=1 seek=4 conv=notrunc status=none
	file_is_refused wrong-size
	cp "$good" "$BATS_TEST_TMPDIR/wrong-machine.so" # the machine: SPARC
	printf '\2' | dd of="$BATS_TEST_TMPDIR/wrong-machine.so" bs=1 seek=18 conv=notrunc status=none
	file_is_refused wrong-machine
	for n in 1 4 63 64 200 1000 4096; do
		head -c $n "$good" >"$BATS_TEST_TMPDIR/cut-at-$n.so"
		file_is_refused cut-at-$n
	done
}

# Without the sandbox an expert reaches the stream of its own events, and no more
# than that.
@test "garbage in the stream of events is the end of its expert only" {
	local name out=$BATS_TEST_TMPDIR/out
	for name in hostile-garbagefds-middle hostile-garbagefds-load; do
		report "$out" --sandbox=off --timeout 2 -e "$EXPERTS/good.so" -e "$EXPERTS/$name.so" -e "$EXPERTS/frames.so"
		[ "$status" -eq 3 ]
		[ "$(record "$name" "$out.json" | cut -d ' ' -f 1)" = broke_protocol ]
		cmp <(others "$name" "$out.json") <(others "$name" "$REF.json")
		[ -z "$(left_over)" ]
	done
}

@test "a function that calls itself for ever is told once" {
	run --separate-stderr "$NETMON" run -q -T json "$CAP" -e "$EXPERTS/hostile-stackoverflow-middle.so"
	[ "$(value '.[]|select(.event_type=="expert_end").expert.backtrace|length')" -le 6 ]
	[[ $(value '.[]|select(.event_type=="expert_end").expert.backtrace|join(" ")') == *"the same again and again"* ]]
}

# The frame, the address and the way there are told by the dying process.
@test "a crash says where it was" {
	run --separate-stderr "$NETMON" run -q -T json "$CAP" -e "$EXPERTS/hostile-nullwrite-middle.so"
	[ "$status" -eq 3 ]
	[ "$(value '.[]|select(.event_type=="expert_end").expert.fault_address')" = 0x0 ]
	[[ $(value '.[]|select(.event_type=="expert_end").expert.backtrace[0]') == "hostile-nullwrite-middle.so+0x"* ]]
	[[ $(value '.[]|select(.event_type=="expert_end").expert.backtrace|join(" ")') == *"hostile-nullwrite-middle.so Run+0x"* ]]
	run --separate-stderr "$NETMON" run -q "$CAP" -e "$EXPERTS/hostile-nullwrite-middle.so"
	[[ $output == *$'\n  fault address 0x0\n    hostile-nullwrite-middle.so+0x'* ]]
	run --separate-stderr "$NETMON" run -q --no-bill "$CAP" -e "$EXPERTS/hostile-nullwrite-middle.so"
	[[ $output != *"fault address"* ]]
}
