#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# One source, three builds: an expert says the same as a shared object for Linux and as a
# library for Windows, x86-64 and i686, and ends in the same way. Every expert of tests/experts
# and what 'netmon new' makes is here: it is run in all builds, or a table says why not.
bats_require_minimum_version 1.5.0
load helper
load misdeeds

# Misdeeds and experts that only Linux has, and why.
linux_alone() {
	cat <<-'ROWS'
		killself by a signal; terminateself is its like
		killgroup there are no groups of processes
		forktwice there is no fork
		sigmask there are no signals to be deaf to
		sigmaskloop there are no signals to be deaf to
		needslib it asks for a shared object; windows.bats has its like
		environ the variables are those that Wine needs: a test of their own is below
	ROWS
}

# What ends in another way there: only the verdict is looked at, and that the events are the same.
# NAME-OR-MISDEED[-PHASE] VERDICT WHY
otherwise() {
	cat <<-'ROWS'
		exec done Wine makes the calls, so none of them ends the process: this one is refused
		forkchild done as above
		forkbomb done as above
		killparent done as above; no other process is to be seen
		openwrite done as above
		socket done as above
		garbagefds broke_protocol as above, and its stream of events is in reach
		memoryhog-load done the limit is on what it writes to, and address space is left
		threadstays done at which frame its thread is found is chance
	ROWS
}

# What was built for an architecture, or a skip.
need_build() {
	can_have_guests
	WINDOWS=$BATS_TEST_DIRNAME/../../build-windows/$1
	"$BATS_TEST_DIRNAME/../../tools/wine-run" --has "$1" || skip "needs Wine for $1"
	[ -e "$WINDOWS/worker/nmapi-worker.exe" ] && [ -e "$WINDOWS/tests/experts/good.dll" ] ||
		skip "needs what 'WITH_TESTS=1 tools/windows-build $1' builds"
}

setup_file() {
	[ "$(id -u)" != 0 ] || chmod 755 "$BATS_RUN_TMPDIR" "$BATS_FILE_TMPDIR"
	capture 100 >/dev/null
}

setup() {
	[ "$(id -u)" != 0 ] || chmod 755 "$BATS_TEST_TMPDIR"
	WORLDS=$BATS_TEST_TMPDIR/worlds
	mkdir -m 755 "$WORLDS"
}

# report OUT FOLDER SUFFIX OPTIONS NAME...: one run of all of them.
report() {
	local out=$1 folder=$2 suffix=$3 options=$4 args=() name
	shift 4
	for name; do
		args+=(-e "$folder/$name.$suffix")
	done
	TMPDIR=$WORLDS timeout 200 "$NETMON" run -q -T json --jobs 4 $options -o "$out" "$(capture 100)" "${args[@]}" 2>"$out.log" ||
		[ $? = 3 ]
}

# events FILE: a line for each, behind the name of its expert; together what is of one.
events() {
	jq -r 'select(.event_type == "expert") | "\(.expert.name) \(tojson)"' "$1" | sort -s -k 1,1
}

# ends FILE: a line for each: its name, its verdict, and how it ended, in what is no matter of the machine. That a
# crash has other words is all right.
ends() {
	jq -r 'select(.event_type == "expert_end").expert | "\(.name) \(.verdict) \(
		{title, vendor, description, state, verdict, phase, signal, at_frame, substatus, frames_seen,
		 first_frame, last_frame, events, events_dropped, heap_allocs, heap_left_blocks, heap_left_bytes,
		 reason: (.reason // "" | if startswith("signal") or startswith("exception") then "" else . end)} | tojson)"' \
		"$1" | sort -k 1,1
}

# Of the lines of ends(), those that the table says nothing of.
not_otherwise() {
	awk 'NR == FNR { other[$1]; next }
		{ name = $1; sub(/^hostile-/, "", name); deed = name; sub(/-[^-]*$/, "", deed) }
		!(name in other) && !(deed in other)' <(otherwise) -
}

# differences LINUX WINDOWS: what is not the same.
differences() {
	local name verdict want
	diff <(events "$1") <(events "$2") | sed -n 's/^[<>] \([^ ]*\) .*/\1: other events/p' | sort -u
	diff <(ends "$1" | not_otherwise) <(ends "$2" | not_otherwise) | sed -n 's/^</on Linux/p; s/^>/on Windows/p'
	while read -r name verdict; do
		want=$(row otherwise "$name") || continue
		[ "$verdict" = "$(cut -d ' ' -f 2 <<<"$want")" ] || echo "$name: $verdict, and the table says $want"
	done < <(ends "$2" | cut -d ' ' -f 1,2 | grep '^hostile-')
}

# same WHICH OPTIONS NAME...: all of them, both ways. What Linux says is the same for each architecture,
# and is asked once, while Windows' are asked: many of them wait.
same() {
	local options=$2 wrong a=$BATS_FILE_TMPDIR/linux-$1 b=$BATS_TEST_TMPDIR/windows linux=
	shift 2
	[ $# -gt 0 ]
	if [ ! -e "$a" ]; then
		report "$a.part" "$EXPERTS" so "$options" "$@" &
		linux=$!
	fi
	report "$b" "$WINDOWS/tests/experts" dll "$options" "$@"
	[ -z "$linux" ] || { wait "$linux"; mv "$a.part" "$a"; }
	[ "$(ends "$b" | wc -l)" = $# ]
	wrong=$(differences "$a" "$b")
	[ -z "$wrong" ] || { echo "$wrong"; return 1; }
}

# names FOLDER SUFFIX: those that Run tells something of.
names() {
	local f
	for f in "$1"/*."$2"; do
		f=${f##*/}
		case $f in
		unsettled-* | lib*) ;;
		*) echo "${f%."$2"}" ;;
		esac
	done
}

# Of both systems.
common() {
	comm -12 <(names "$EXPERTS" so | sort) <(names "$WINDOWS/tests/experts" dll | sort) | grep -vx environ
}

endless='^hostile-(loop|sleep|stopself|deaf|loopapi|handlecrash|millionevents)-'

behave() { same behave '' $(common | grep -v '^hostile-'); }
misbehave() { same misbehave '--timeout 20' $(common | grep '^hostile-' | grep -vE "$endless" | without_hogs); }
# They wait for their time to be over: many at once.
never_end() { same never_end "--jobs 10 --timeout 2 --max-events $EVENT_LIMIT" $(common | grep -E "$endless"); }

# only_there ARCHITECTURE: those of Windows alone end as the tables say.
only_there() {
	local out=$BATS_TEST_TMPDIR/alone name end signal verdict want code wrong=
	local all
	all=$(comm -13 <(names "$EXPERTS" so | sort) <(names "$WINDOWS/tests/experts" dll | sort))
	report "$out" "$WINDOWS/tests/experts" dll '--timeout 12' $all
	while read -r name end signal reason; do
		read -r _ verdict want code <<<"$({ [ "$1" = i686 ] && row narrow "$name"; } || row windows_alone "$name")"
		grep -qxE "($verdict) ($want)" <<<"$end $signal" || wrong+="$name: $end $signal, not $verdict $want"$'\n'
		[ -z "$code" ] || [[ $reason == "exception $code "* ]] || wrong+="$name: no exception $code: $reason"$'\n'
	done < <(jq -r 'select(.event_type == "expert_end").expert | "\(.name) \(.verdict) \(.signal) \(.reason)"' "$out")
	[ "$(ends "$out" | wc -l)" = "$(wc -w <<<"$all")" ]
	[ -z "$wrong" ] || { echo "$wrong"; return 1; }
}

# Nothing is left of any world of Wine that this test made.
nothing_left() {
	[ -z "$(ls -A "$WORLDS")" ]
	! pgrep -af "nmapi-worker.exe.*${WORLDS//\//.}"
}

@test "every expert is built for both systems, or a table says why not" {
	need_build x86_64
	[ "$(comm -23 <(names "$EXPERTS" so | sort) <(names "$WINDOWS/tests/experts" dll | sort) | sed 's/^hostile-\(.*\)-.*/\1/' | sort -u)" = \
		"$(linux_alone | cut -d ' ' -f 1 | grep -vx environ | sort)" ]
	[ "$(comm -13 <(names "$EXPERTS" so | sort) <(names "$WINDOWS/tests/experts" dll | sort) | sed 's/^hostile-\(.*\)-.*/\1/' | sort -u)" = \
		"$(windows_alone | cut -d ' ' -f 1 | sed 's/-.*//' | sort -u)" ]
}

@test "experts that behave say the same (x86-64)" {
	need_build x86_64
	behave
}

@test "experts that crash, end their process or misuse memory end the same (x86-64)" {
	need_build x86_64
	misbehave
	nothing_left
}

@test "experts that never end are ended the same (x86-64)" {
	need_build x86_64
	never_end
	nothing_left
}

@test "what only Windows knows as a misdeed has its verdict too (x86-64)" {
	need_build x86_64
	only_there x86_64
}

@test "experts that behave say the same (i686)" {
	need_build i686
	behave
}

@test "experts that crash, end their process or misuse memory end the same (i686)" {
	need_build i686
	misbehave
	nothing_left
}

@test "experts that never end are ended the same (i686)" {
	need_build i686
	never_end
	nothing_left
}

@test "what only Windows knows as a misdeed has its verdict too (i686)" {
	need_build i686
	only_there i686
}

# sees: the variables that an expert finds there, but for those that Wine makes for itself.
sees() {
	SECRET_OF_OURS=1 report "$BATS_TEST_TMPDIR/environ" "$WINDOWS/tests/experts" dll '' environ
	jq -r 'select(.event_type == "expert").expert.title' "$BATS_TEST_TMPDIR/environ" | cut -d = -f 1 | grep -v '^WINE' | sort | xargs
}

@test "a Windows expert sees variables of Wine, and none of ours (x86-64)" {
	need_build x86_64
	[ "$(sees)" = 'SystemDrive SystemRoot TMPDIR' ]
}

@test "a Windows expert sees variables of Wine, and none of ours (i686)" {
	need_build i686
	[ "$(sees)" = 'SystemDrive SystemRoot TMPDIR' ]
}

# ---- what is not Run ------------------------------------------------------------------------------

# configured FOLDER SUFFIX MISDEED: the exit status, and in which words it ended.
configured() {
	local status=0 text
	text=$(XDG_CONFIG_HOME=$BATS_TEST_TMPDIR/config timeout 60 "$NETMON" configure --timeout=2 \
		"$1/unsettled-$3-configure.$2" 2>&1) || status=$?
	echo "$status $(grep -oE '(crashed|exited|timed_out|sandbox_violation|broke_protocol) in Configure' <<<"$text" | head -n 1)"
}

# All at once: most wait for something.
configures() {
	local misdeed wrong= a b
	local all=(nullwrite abort exit0 loop stackoverflow closefds ignorecrash doublefree leak madeupkeys locale)
	for misdeed in "${all[@]}"; do
		configured "$EXPERTS" so "$misdeed" >"$BATS_TEST_TMPDIR/$misdeed.linux" &
		configured "$WINDOWS/tests/experts" dll "$misdeed" >"$BATS_TEST_TMPDIR/$misdeed.windows" &
	done
	wait
	for misdeed in "${all[@]}"; do
		a=$(<"$BATS_TEST_TMPDIR/$misdeed.linux")
		b=$(<"$BATS_TEST_TMPDIR/$misdeed.windows")
		[[ $a == [0-9]* && $a == "$b" ]] || wrong+="$misdeed: $a, and on Windows $b"$'\n'
	done
	[ -z "$wrong" ] || { echo "$wrong"; return 1; }
	export XDG_CONFIG_HOME=$BATS_TEST_TMPDIR/kept
	"$NETMON" configure "$EXPERTS/settings-longer.so"
	cp "$XDG_CONFIG_HOME/nmapi/experts/settings-longer.cfg" "$BATS_TEST_TMPDIR/linux.cfg"
	rm "$XDG_CONFIG_HOME/nmapi/experts/settings-longer.cfg"
	"$NETMON" configure "$WINDOWS/tests/experts/settings-longer.dll"
	cmp "$BATS_TEST_TMPDIR/linux.cfg" "$XDG_CONFIG_HOME/nmapi/experts/settings-longer.cfg"
}

@test "what Configure does ends the same, and what it leaves is kept the same (x86-64)" {
	need_build x86_64
	configures
}

@test "what Configure does ends the same, and what it leaves is kept the same (i686)" {
	need_build i686
	configures
}

writes() {
	local way
	for way in linux windows; do
		mkdir -m 777 "$BATS_TEST_TMPDIR/$way"
	done
	run_json 0 "$(capture 100)" --output-dir "$BATS_TEST_TMPDIR/linux" -e coalesce
	run_json 0 "$(capture 100)" --output-dir "$BATS_TEST_TMPDIR/windows" -e "$WINDOWS/experts/coalesce.dll"
	[ -s "$BATS_TEST_TMPDIR/linux/frames-100-coalesced.pcapng" ]
	diff -r "$BATS_TEST_TMPDIR/linux" "$BATS_TEST_TMPDIR/windows"
}

@test "what an expert writes into --output-dir is the same, byte for byte (x86-64)" {
	need_build x86_64
	writes
}

@test "what an expert writes into --output-dir is the same, byte for byte (i686)" {
	need_build i686
	writes
}

# ---- written for Windows alone ------------------------------------------------------------------

# oldstyle ARCHITECTURE: built as its owner would, with a resource compiler; its path. Exceptions are
# as Visual C has them: on i686 by its handler in msvcrt.dll.
oldstyle() {
	local source=$BATS_TEST_DIRNAME/../windows to=$BATS_TEST_TMPDIR exceptions=x86_64-w64-mingw32
	[ "$1" = x86_64 ] || exceptions=$1-pc-windows-msvc
	clang --target="$exceptions" -fms-extensions -O1 -c -o "$to/exceptions.o" "$source/exceptions.c"
	"$1-w64-mingw32-objcopy" -R .sxdata "$to/exceptions.o"
	clang --target="$1-w64-mingw32" -fms-extensions -O1 -I "$BATS_TEST_DIRNAME/../../include" -c -o "$to/code.o" \
		"$source/oldstyle.c"
	"$1-w64-mingw32-windres" -o "$to/resources.o" "$source/oldstyle.rc"
	"$1-w64-mingw32-gcc" -shared -Wl,--kill-at -o "$to/oldstyle.dll" "$to/code.o" "$to/exceptions.o" "$to/resources.o" \
		"$WINDOWS/src/api/nmapi.lib"
	echo "$to/oldstyle.dll"
}

for_windows_alone() {
	need_build "$1"
	run_json 0 "$(capture 100)" -e "$(oldstyle "$1")"
	diff - <(value '.[]|select(.event_type=="expert").expert|"\(.title): \(.description//""): \(.columns[0].value)"') <<-'END'
		LoadStringA: Hello from a string table: 25
		LoadStringW: über €: 6
		no such string: : 0
		RCDATA: bytes of a resource: 20
		access violation: caught: 3221225477
		division by zero: caught: 3221225620
		no exception: : 0
		RaiseException: caught: 3758096450
		__finally: runs: 3
		threads: sum of frame numbers: 18000
		TLS: four times seven: 28
		DllMain: thread attaches: 4
		DllMain: thread detaches: 4
		GetModuleFileName: oldstyle.dll: 1
		MultiByteToWideChar: characters and the end: 5
		snprintf: wide 1.500 1099511627776: 4
		szCaptureFile: can be opened: 0
		GetTickCount: counts: 1
		DllMain: process attaches: 1
	END
	[ "$(value '.[]|select(.event_type=="expert_end").expert|"\(.name) \(.vendor) \(.description) \(.verdict)"')" = \
		'oldstyle null null done' ]
}

@test "an expert with resources, DllMain, structured exceptions and threads of Windows runs (x86-64)" {
	for_windows_alone x86_64
}

@test "an expert with resources, DllMain, structured exceptions and threads of Windows runs (i686)" {
	for_windows_alone i686
}
