#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The pass rule for netmon.exe, under Wine: every hostile expert that is built for Windows, each in its
# phases. A process costs much there, so all of them are in two runs: those that end of themselves, and
# those that have to be ended. tests/windows/e2e runs it.
bats_require_minimum_version 1.5.0
load ../e2e/helper
load ../e2e/misdeeds

# What differs from Linux. MISDEED[-PHASE] VERDICT SIGNAL PHASE EVENTS, each of which may be several, and why.
otherwise() {
	cat <<-'ROWS'
		exec returned_false|done null .* 0|3 Wine keeps no limit of processes in a job
		forkchild done null .* 0|3 as above
		openwrite returned_false|done null .* 0|3 nor the integrity of a token
		socket done null .* 0|3 there are no rules for sockets
		garbagefds broke_protocol null .* 0|3 its stream of events is in reach
		exit0-unload done|exited null .* 3 Wine may tell the code of the end that was under way
		_exit0-unload done|exited null .* 3 as above
		threadstays done null .* 3 at which frame its thread is found is chance
	ROWS
}

# Not run: Wine 8 keeps no limit of processes and memory in a job, and lets each process end any other, the command too.
# Of those that never end, the phases in the middle of Run stand for its begin and its end.
names() {
	local dll
	for dll in "$EXPERTS"/hostile-*.dll; do
		dll=${dll##*/hostile-}
		printf '%s\n' "${dll%.dll}"
	done | grep -vE '^((forkbomb|killparent|memoryhog|virtualhog|reservehog)-|(loop|sleep|loopapi|deaf)-(first|last|after))'
}

# How it ends: $verdict, $signal, $phase, $events and, where its exception is known, $code.
expect_there() {
	local own
	code=
	if own=$(row windows_alone "$1"); then
		read -r _ verdict signal code <<<"$own"
		phase='.*' events=3
		case $1 in
		*-load | *-register | *-first) events=0 ;;
		esac
	else
		expect "$1" || return 1
	fi
	! own=$(row otherwise "$1") || read -r _ verdict signal phase events _ <<<"$own"
}

# those FILTER-OPTION PATTERN OUT OPTION...: both reports of one run of the experts that match, into OUT.
those() {
	local how=$1 which=$2 out=$3 args=() name
	shift 3
	for name in $(names | grep $how "$which"); do
		args+=(-e "$EXPERTS/hostile-$name.dll")
	done
	status=0
	timeout 250 "$NETMON" run -q --no-bill "$@" --max-events $EVENT_LIMIT -T json -o "$out.json" -T text -o "$out.txt" \
		"$CAP" -e "$EXPERTS/good.dll" "${args[@]}" -e "$EXPERTS/frames.dll" 2>"$out.err" || status=$?
	echo $status >"$out.status"
}

ENDLESS='^(loop|sleep|stopself|deaf|loopapi|handlecrash|exitthread|beside-load)'

setup_file() {
	export CAP
	CAP=$(capture 100)
	cd "$BATS_FILE_TMPDIR"
	"$NETMON" run -q --no-bill -T json -o ref.json -T text -o ref.txt "$CAP" -e "$EXPERTS/good.dll" -e "$EXPERTS/frames.dll"
	those -vE "$ENDLESS" ending --jobs 3 --timeout 30
	those -E "$ENDLESS" endless --jobs 6 --timeout 5
}

setup() {
	cd "$BATS_FILE_TMPDIR"
}

# What is wrong with the ends of experts in a run.
complaints() {
	local out=$1 name how
	shift
	for name; do
		expect_there "$name" || { echo "$name: not in the table"; continue; }
		how=$(record "hostile-$name" "$out.json")
		grep -qxE "($verdict) / ($signal) / ($phase) / ($events)" <<<"$how" ||
			echo "$name: ended as $how, wanted $verdict / $signal / $phase / $events"
		[ "$(grep -c "\"event_type\":\"expert\",.*\"name\":\"hostile-$name\"" "$out.json")" = "${how##* }" ] ||
			echo "$name: the report has not ${how##* } events"
		[ "$(grep -cE "^(hostile \(hostile-$name\)|hostile-$name)$" "$out.txt")" = 1 ] || echo "$name: not one part in text"
		[[ $how != crashed* ]] || jq -r 'select(.event_type == "expert_end" and .expert.name == "hostile-'"$name"'").expert.reason' "$out.json" |
			grep -qE "^exception ${code:-0x[0-9a-f]{8\}} \([A-Z][A-Za-z/ ]+\)(, at [^ ]+\+?0x[0-9a-f]+)?" || echo "$name: no exception ${code:-with a number}"
	done
}

# The rule for all experts of a run.
rule_holds() {
	local out=$1 wrong n failed text
	shift
	n=$(($# + 2))
	wrong=$(complaints "$out" "$@")
	failed=$(jq -s '[.[]|select(.event_type == "expert_end" and .expert.verdict != "done")]|length' "$out.json")
	[ "$(tail -n 1 "$out.json" | jq -c '[.event_type, .run.experts, .run.experts_failed, .run.exit_status]')" = \
		"[\"run_end\",$n,$failed,3]" ] || wrong+="last line $(tail -n 1 "$out.json")"
	[ "$(cat "$out.status")" = 3 ] || wrong+="status $(cat "$out.status")"
	cmp <(others 'hostile-[^"]*' "$out.json") <(others 'hostile-[^"]*' ref.json) || wrong+="others changed in json"
	text=$(<"$out.txt")
	[[ $text == "$(sed '/^frames$/,$d' ref.txt)"*"$(sed -n '/^frames$/,$p' ref.txt)"* ]] || wrong+="others changed in text"
	[ "$(grep -c '^  saw \|^  there was no frame' <<<"$text")" = $n ] || wrong+="not one end each in text"
	[ -z "$wrong" ] || { echo "$wrong"; return 1; }
}

@test "the pass rule holds for experts that end of themselves, whatever they do" {
	rule_holds ending $(names | grep -vE "$ENDLESS")
}

@test "the pass rule holds for experts that have to be ended" {
	rule_holds endless $(names | grep -E "$ENDLESS")
}

@test "a crash tells its exception, its module and offset, and its frame" {
	local name=hostile-nullwrite-middle
	[[ $(jq -r 'select(.event_type=="expert_end" and .expert.name=="'$name'").expert.reason' ending.json) =~ \
		^'exception 0xc0000005 (Segmentation fault), at hostile-nullwrite-middle.dll+0x'[0-9a-f]+$ ]]
	grep -qE "crashed: exception 0xc0000005 \(Segmentation fault\) in Run at frame 51, at $name.dll\+0x[0-9a-f]+$" ending.txt
	grep -qE "crashed: exception 0xc00000fd \(Segmentation fault\) in Run at frame 51, at hostile-stackoverflow-middle.dll\+0x[0-9a-f]+, its stack overflowed$" ending.txt
	grep -qE "crashed: exception 0xc0000005 \(Segmentation fault\) in Run at frame 51, at 0x0, called by hostile-nullcall-middle.dll\+0x[0-9a-f]+$" ending.txt
}

# A limit of the shell's stands for the job's, which Wine does not keep.
@test "experts that take all the memory they get cost nobody else anything" {
	local name
	export NMAPI_DATA_KIB=$((1 << 20))
	names() { echo memoryhog-load; echo memoryhog-middle; echo heaphog-middle; } # those() asks for them
	those -E . hogs --jobs 1 --timeout 60
	for name in memoryhog heaphog; do
		[ "$(record hostile-$name-middle hogs.json)" = 'done / null / after Run / 3' ]
	done
	record hostile-memoryhog-load hogs.json | grep -xE '(done|host_failed|out_of_memory) / null / .* / 0'
	cmp <(others 'hostile-[^"]*' hogs.json) <(others 'hostile-[^"]*' ref.json)
	[ "$(tail -n 1 hogs.json | jq -c '[.event_type, .run.experts]')" = '["run_end",5]' ]
}

@test "nothing is left over" {
	local p
	for p in $(find /proc/[0-9]*/fd -lname "$CAP" 2>/dev/null | cut -d/ -f3 | sort -u); do
		case $(cat "/proc/$p/comm") in
		nmapi-*) ps -o args= -p "$p"; return 1 ;;
		esac
	done
}
