#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# A bad parser costs itself, on that frame: whatever it does, the protocols before it
# and all other frames are what they are without it, and the report says who did what.
# hostile.$SO does what its own file name says (tests/parsers/hostile.c).
bats_require_minimum_version 1.5.0
load helper

# MISDEED PHASE  what comes of it:
#   clean                      nothing is said, exit status 0
#   offends SIGNAL DID...      named in the report with its first frame, and off after five
#   ends VERDICT               the worker ends, and the report says whose parser was at work
#   refused WHY...             not loaded
# Without a process of its own (--in-process) rows marked ! end the command, as a debugger
# wants it; others come out as they do here.
table() {
	cat <<-'ROWS'
		none none clean
		! nullwrite load refused it crashed while it was loaded (signal 11)
		! nullwrite install refused it crashed while it was loaded (signal 11)
		! nullwrite register refused it crashed while it was loaded (signal 11)
		! nullwrite names refused it crashed while it was loaded (signal 11)
		! nullwrite recognize offends 11 crashed
		! nullwrite attach offends 11 crashed
		! nullwrite format offends 11 crashed
		nullwrite deregister clean
		! nullcall recognize offends 11 crashed
		! divide load refused it crashed while it was loaded (signal 8)
		! divide attach offends 8 crashed
		! trap attach offends 5 crashed
		! abort register refused it crashed while it was loaded (signal 6)
		! abort recognize offends 6 crashed
		! abort attach offends 6 crashed
		! abort format offends 6 crashed
		! stackoverflow load refused it crashed while it was loaded (signal 11)
		! stackoverflow recognize offends 11 crashed
		! stackoverflow attach offends 11 crashed
		! stackoverflow format offends 11 crashed
		! exit0 load refused it ended the process while it was loaded (status 0)
		! exit0 register refused it ended the process while it was loaded (status 0)
		! exit0 recognize offends null tried to end the process
		! exit0 attach offends null tried to end the process
		! exit0 format offends null tried to end the process
		! _exit0 recognize offends null tried to end the process
		! _exit0 attach offends null tried to end the process
		! _exit0 format offends null tried to end the process
		! killself attach ends crashed
		threadstays recognize clean
		before recognize offends null returned a pointer outside of the frame
		after recognize offends null returned a pointer outside of the frame
		wild recognize offends null returned a pointer outside of the frame
		before attach clean
		after attach clean
		wild attach clean
		nothing recognize clean
		strangestatus recognize clean
		circle recognize offends null was handed off to in a circle
		million recognize clean
		million attach offends null attached too many properties
		hugelength recognize clean
		hugelength attach clean
		nulleverything load clean
		nulleverything register clean
		nulleverything recognize clean
		nulleverything attach clean
		nulleverything format clean
		wronghandles register clean
		wronghandles recognize clean
		wronghandles attach clean
		wronghandles format clean
		undo attach clean
		undo format clean
		! freeframe recognize offends .* crashed
		! freeframe attach offends .* crashed
		! freetables recognize offends 6 crashed
		! freetables format offends 6 crashed
		! writetables recognize offends 11 crashed
		! writetables attach offends 11 crashed
		! writetables format offends 11 crashed
		! writeproperties attach offends 11 crashed
		! longtext format offends 11 crashed
		! wildtext format offends 11 crashed
	ROWS
}

# What comes out otherwise on Windows, and why.
otherwise() {
	cat <<-'ROWS'
		exit0 recognize ends exited  nothing there is asked before a process ends
		exit0 attach ends exited  as above
		exit0 format ends exited  as above
		_exit0 recognize ends exited  as above
		_exit0 attach ends exited  as above
		_exit0 format ends exited  as above
		killself attach ends exited  who ends a process gives its code
		freeframe recognize clean  Wine's heap only refuses what it does not know
		freeframe attach clean  as above
		freetables recognize clean  as above
		freetables format clean  as above
	ROWS
}

# The rows of the table that match, as this system has them.
rows() {
	if ! on_windows; then
		table | grep -E "$1"
		return
	fi
	local line own
	table | while read -r line; do
		own=$(otherwise | grep -E "^$(cut -d' ' -f1-2 <<<"${line#! }") ") || own=$line
		printf '%s\n' "${own%%  *}"
	done | grep -E "$1"
}

# The sanitizer asks for /proc/self/maps when a jump leaves a signal handler, which the sandbox
# refuses: with it everything runs without one. Signals are left to the program.
without_sandbox() {
	export BARE=$NETMON
	cat >"$BATS_FILE_TMPDIR/netmon" <<-'EOF'
		#!/bin/sh
		case $1 in
		run | frames | convert) command=$1; shift; exec "$BARE" "$command" --sandbox=off "$@" ;;
		*) exec "$BARE" "$@" ;;
		esac
	EOF
	chmod +x "$BATS_FILE_TMPDIR/netmon"
}

setup() {
	[ -x "$BATS_FILE_TMPDIR/netmon" ] || return 0
	NETMON=$BATS_FILE_TMPDIR/netmon
	ASAN_OPTIONS=detect_leaks=0:handle_segv=0:handle_sigbus=0:handle_sigfpe=0:handle_sigill=0
}

# The sanitizer ends the process itself for a block that is freed twice or written past its end,
# and it is the sandbox that sees a parser end the process.
contained() {
	if [ -x "$BATS_FILE_TMPDIR/netmon" ]; then
		grep -v -E '^(! )?(_?exit0|free[a-z]*|longtext) '
	else
		cat
	fi
}

# Twenty frames: one in two is HOSTILE's, the others are ARP.
setup_file() {
	export CAP=$BATS_FILE_TMPDIR/hostile.pcap FOLDER=$BATS_FILE_TMPDIR/parsers REF=$BATS_FILE_TMPDIR/ref
	export NETMON_PARSER_PATH=$FOLDER
	local i type bytes='\0\1\2\3\4\5\6\7'
	{
		printf '\xd4\xc3\xb2\xa1\2\0\4\0\0\0\0\0\0\0\0\0\xff\xff\0\0\1\0\0\0'
		for i in $(seq 20); do
			type='\x88\xb5'
			((i % 2)) || type='\x08\x06'
			printf "\\x$(printf %02x "$i")"'\0\0\0\0\0\0\0\x2e\0\0\0\x2e\0\0\0'
			printf '\2\0\0\0\0\1\2\0\0\0\0\2'"$type$bytes$bytes$bytes$bytes"
		done
	} >"$CAP"
	[ "${NMAPI_SANITIZE:-none}" = none ] || without_sandbox
	mkdir "$FOLDER"
	chmod 755 "$BATS_RUN_TMPDIR" "$BATS_FILE_TMPDIR" "$FOLDER"
	BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR run_json 0 "$CAP" -e "$EXPERTS/decode.$SO"
	others >"$REF"
	[ "$(wc -l <"$REF")" -gt 100 ]
}

# What stands in the report of other protocols.
others() {
	jq -r 'select(.event_type == "expert").expert.title' <<<"$output" | grep -v -e ' HOSTILE: ' -e ' frames, '
}

# What the report says of parsers: DID ENTRY SIGNAL FRAME COUNT OFF FILE, a line each.
offenders() {
	value '.[]|select(.event_type=="expert_end").expert.parsers//[]|.[]|[.protocol,.did,.entry,.signal//"null",.first_frame,.count,.switched_off,.file]|join(" ")'
}

only_parser() {
	rm -f "$FOLDER"/*
	cp "$PARSERS/hostile.$SO" "$FOLDER/$1.$SO"
}

entry_of() {
	case $1 in
	recognize) echo RecognizeFrame ;;
	attach) echo AttachProperties ;;
	format) echo FormatProperties ;;
	esac
}

# row MISDEED PHASE OUTCOME...: what is wrong, a line each.
row() {
	local name=hostile-$1-$2 phase=$2 outcome=$3 signal said
	only_parser "$name"
	shift 3
	case $outcome in
	clean)
		run_json 0 "${options[@]}" "$CAP" -e "$EXPERTS/decode.$SO" || return
		[ -z "$(offenders)" ] || echo "said: $(offenders)"
		cmp <(others) "$REF" || echo "others changed"
		[[ $stderr != *"parser "* ]] || echo "message: $stderr"
		;;
	offends)
		signal=$1
		shift
		run_json 3 "${options[@]}" "$CAP" -e "$EXPERTS/decode.$SO" || return
		offenders | grep -qx "HOSTILE $* $(entry_of "$phase") $signal 1 5 true $name.$SO" || echo "said: $(offenders)"
		cmp <(others) "$REF" || echo "others changed"
		[ "$(value '.[]|select(.event_type=="expert_end").expert.verdict')" = done ] || echo "not done"
		[ "$(value '.[]|select(.event_type=="run_end").run.experts_misled')" = 1 ] || echo "not counted"
		;;
	ends)
		run_json 3 "${options[@]}" "$CAP" -e "$EXPERTS/decode.$SO" || return
		[ "$(value '.[]|select(.event_type=="expert_end").expert.verdict')" = "$1" ] || echo "not $1"
		[[ $(value '.[]|select(.event_type=="expert_end").expert.reason') == *", while the parser HOSTILE ($name.$SO) was at work" ]] ||
			echo "not blamed"
		;;
	refused)
		run_json 0 "${options[@]}" "$CAP" -e "$EXPERTS/decode.$SO" || return
		said=$*
		! on_windows || said=${said/signal [0-9]*)/exception 0x????????)}
		[[ $stderr == *"parser "*[/\\]"$name.$SO is not loaded: "$said ]] || echo "message: $stderr"
		cmp <(others) "$REF" || echo "others changed"
		;;
	esac
}

# The rows of the table that match.
check() {
	local line wrong failed=0
	local -a words
	while read -r line; do
		read -ra words <<<"${line#! }"
		wrong=$(row "${words[@]}" 2>&1) || true
		[ -z "$wrong" ] || { sed "s/^/${words[0]} ${words[1]}: /" <<<"$wrong"; failed=1; }
	done < <(rows "$1" | contained)
	return $failed
}

@test "parsers that crash, end their process or loop while they are loaded are not loaded" {
	options=()
	check ' refused '
}

@test "parsers that crash are left, named, and switched off after five offences" {
	options=()
	check ' offends ([0-9]|\.\*)'
}

@test "parsers whose answers make no sense are named and switched off likewise" {
	options=()
	check ' offends null '
}

@test "what harms nobody changes nothing" {
	options=()
	check ' clean$'
}

@test "a parser that ends the worker is named in the reason" {
	options=()
	check ' ends '
}

@test "an entry point that does not return is left" {
	local phase
	for phase in recognize attach format; do
		only_parser "hostile-loop-$phase"
		run_json 3 "$CAP" -e "$EXPERTS/decode.$SO"
		[ "$(offenders)" = "HOSTILE did not return $(entry_of $phase) null 1 5 true hostile-loop-$phase.$SO" ]
		cmp <(others) "$REF"
	done
	only_parser hostile-loop-load
	run_json 0 "$CAP" -e "$EXPERTS/decode.$SO"
	[[ $stderr == *"is not loaded: "* ]]
	cmp <(others) "$REF"
}

@test "one that behaves while it is tried, and loops in DllMain when it is used, ends the run" {
	on_windows || skip "on Linux it is left whenever it is loaded"
	only_parser hostile-loop-use
	run --separate-stderr timeout 60 "$NETMON" run -q --no-bill "$CAP" -e "$EXPERTS/decode.$SO"
	[ "$status" -eq 3 ]
	[[ $stderr == *"hostile-loop-use.dll took 5000 ms when it was loaded to be used"* ]]
}

@test "in process, what needs no signal comes out the same, and a crash is the debugger's to see" {
	only_on_linux "each worker is a process of its own"
	local line
	local -a words
	options=(--in-process)
	check '^[^!].* offends '
	for line in 'nullwrite recognize' 'nullwrite attach' 'nullwrite format' 'nullwrite load'; do
		only_parser "hostile-${line/ /-}"
		run timeout 60 "$NETMON" run -q --in-process "$CAP" -e "$EXPERTS/decode.$SO"
		[ "$status" -eq 139 ] # SIGSEGV
	done
}

@test "one that waits is left after some seconds and tried no more" {
	only_parser hostile-sleep-attach
	if on_windows; then # a thread that waits for the system can't be brought back: its worker ends
		run_json 3 --stall 2s "$CAP" -e "$EXPERTS/decode.$SO"
		[[ $(value '.[]|select(.event_type=="expert_end").expert|[.verdict,.reason]|join(": ")') == \
			"timed_out: no sign of life for 2 s: "*", while the parser HOSTILE (hostile-sleep-attach.dll) was at work" ]]
		return
	fi
	run_json 3 "$CAP" -e "$EXPERTS/decode.$SO"
	[ "$(offenders)" = "HOSTILE waited and did not return AttachProperties null 1 1 true hostile-sleep-attach.$SO" ]
	cmp <(others) "$REF"
}

@test "a crash on a thread that a parser started is the parser's" {
	only_parser hostile-threadcrash-recognize
	run_json 3 "$CAP" -e "$EXPERTS/decode.$SO"
	[[ $(offenders) == "HOSTILE crashed a thread of its own 11 "*" true hostile-threadcrash-recognize.$SO" ]]
	cmp <(others) "$REF"
}

@test "a person says after how many offences a parser is switched off" {
	export XDG_CONFIG_HOME=$BATS_TEST_TMPDIR
	mkdir "$BATS_TEST_TMPDIR/nmapi"
	only_parser hostile-nullwrite-recognize
	printf '[NMAPI]\nOffences = 2\n' >"$BATS_TEST_TMPDIR/nmapi/parser.ini"
	run_json 3 "$CAP" -e "$EXPERTS/decode.$SO"
	[ "$(offenders)" = "HOSTILE crashed RecognizeFrame 11 1 2 true hostile-nullwrite-recognize.$SO" ]
	printf '[NMAPI]\nOffences = 0\n' >"$BATS_TEST_TMPDIR/nmapi/parser.ini"
	run_json 3 "$CAP" -e "$EXPERTS/decode.$SO"
	[ "$(offenders)" = "HOSTILE crashed RecognizeFrame 11 1 10 false hostile-nullwrite-recognize.$SO" ]
}

@test "the text report names the parser" {
	only_parser hostile-nullwrite-attach
	run --separate-stderr "$NETMON" run -q --no-bill "$CAP" -e "$EXPERTS/decode.$SO"
	[ "$status" -eq 3 ]
	[[ $output == *"parser HOSTILE (hostile-nullwrite-attach.$SO) crashed in AttachProperties with signal 11 (Segmentation fault) on frame 1; offended 5 times, then was switched off"* ]]
}

@test "each line of a settings file that says nothing is one message" {
	export XDG_CONFIG_HOME=$BATS_TEST_TMPDIR
	mkdir -p "$BATS_TEST_TMPDIR/nmapi/parsers"
	only_parser hostile-none-none
	printf 'Stray = 1\n[FRAME]\nnothing here\n; a comment\n= 1\n[open\n' >"$BATS_TEST_TMPDIR/nmapi/parser.ini"
	printf '[ETYPE_HandoffSet]\nabc = HOSTILE\nxyz = HOSTILE\n' >"$BATS_TEST_TMPDIR/nmapi/parsers/mac.ini"
	run_json 0 "$CAP" -e "$EXPERTS/decode.$SO"
	[ "$(grep -c 'is passed over: ' <<<"$stderr")" -eq 5 ]
	[[ $stderr == *"parser.ini, line 1 is passed over: it stands before the first section"* ]]
	[[ $stderr == *"parser.ini, line 3 is passed over: neither a section, nor a key and its value"* ]]
	[[ $stderr == *"parser.ini, line 5 is passed over: there is no key before '='"* ]]
	[[ $stderr == *"parser.ini, line 6 is passed over: a section without a closing bracket"* ]]
	[[ $stderr == *"mac.ini, line 3 is passed over: the key of a hand-off set is not a number"* ]]
	cmp <(others) "$REF"
}

@test "a settings file of 1 MiB is passed over whole, and said to be" {
	export XDG_CONFIG_HOME=$BATS_TEST_TMPDIR
	mkdir "$BATS_TEST_TMPDIR/nmapi"
	only_parser hostile-none-none
	{
		printf '[FRAME]\nnothing here\n'
		yes '; a comment' | head -c $(((1 << 20) - 22))
	} >"$BATS_TEST_TMPDIR/nmapi/parser.ini"
	run_json 0 "$CAP" -e "$EXPERTS/decode.$SO"
	[[ $stderr != *"1 MiB"* && $stderr == *"parser.ini, line 2 is passed over: "* ]]
	echo >>"$BATS_TEST_TMPDIR/nmapi/parser.ini"
	run_json 0 "$CAP" -e "$EXPERTS/decode.$SO"
	[ "$stderr" = 'netmon: parser.ini is passed over: it has 1 MiB or more' ]
	cmp <(others) "$REF"
}

@test "section PARSERS decides which of two shared objects has a protocol" {
	export XDG_CONFIG_HOME=$BATS_TEST_TMPDIR
	mkdir "$BATS_TEST_TMPDIR/nmapi"
	only_parser hostile-none-none
	cp "$PARSERS/hostile.$SO" "$FOLDER/hostile-nullwrite-attach.$SO"
	run_json 0 "$CAP" -e "$EXPERTS/decode.$SO"
	[[ $stderr == *"parser "*"hostile-nullwrite-attach.$SO is not loaded: "* ]]
	printf '[PARSERS]\nHOSTILE-NULLWRITE-ATTACH.DLL = 0: OTHER, HOSTILE\n' >"$BATS_TEST_TMPDIR/nmapi/parser.ini"
	run_json 3 "$CAP" -e "$EXPERTS/decode.$SO"
	[[ $stderr == *"parser "*"hostile-none-none.$SO is not loaded: "* ]]
	[[ $(offenders) == *" hostile-nullwrite-attach.$SO" ]]
}

@test "a parser that ends the worker of netmon frames costs no line of a frame before" {
	only_parser hostile-killself-attach
	run --separate-stderr timeout 60 "$NETMON" frames --frames 4- -V "$CAP"
	[ "$status" -eq 3 ]
	[ "$(grep -c '^Frame 4: ' <<<"$output")" -eq 1 ]
	[[ $(tail -n 1 <<<"$output") != "Frame "* ]]
	[[ $stderr == *"frames could be shown up to 5 only: "* ]]
}

@test "convert -Y with a parser that crashes: the same frames, and it is named; with one that ends the worker: no file" {
	cd "$BATS_TEST_TMPDIR"
	only_parser hostile-none-none
	timeout 60 "$NETMON" convert -Y arp "$CAP" want.pcap
	only_parser hostile-nullwrite-recognize
	run --separate-stderr timeout 60 "$NETMON" convert -Y arp "$CAP" got.pcap
	[ "$status" -eq 3 ]
	[ "$stderr" = "netmon: parser HOSTILE (hostile-nullwrite-recognize.$SO) crashed in RecognizeFrame on frame 1, and so often that it was then tried no more" ]
	cmp want.pcap got.pcap
	[ "$("$NETMON" info -T json got.pcap | jq .capture.frames)" = 10 ]
	only_parser hostile-killself-attach
	run --separate-stderr timeout 60 "$NETMON" convert -Y 'HOSTILE.FirstByte == 2' "$CAP" none.pcap
	[ "$status" -eq 3 ]
	[[ $stderr == *"which frames pass the filter is not known: "*"the parser HOSTILE (hostile-killself-attach.$SO) was at work" ]]
	[ -z "$(compgen -G "none.pcap*")" ]
}
