#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What --capsule keeps repeats the failure, says so honestly, and is a stranger's
# word to netmon replay.
bats_require_minimum_version 1.5.0
load helper

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	cap=$(capture 100)
}

# keep STATUS NAME [OPTION]...: an expert that fails, with --capsule failures.
keep() {
	local want=$1 name=$2
	shift 2
	run --separate-stderr timeout 60 "$NETMON" run -q --no-bill -T json -o report.json --capsule failures "$@" \
		-e "$EXPERTS/$name.$SO" "$cap"
	[ "$status" -eq "$want" ] || { echo "status $status: $stderr"; return 1; }
}

of() {
	jq -c -r "$2" "failures/$1/capsule.json"
}

# again STATUS CAPSULE [OPTION]...
again() {
	local want=$1
	shift
	run --separate-stderr timeout 60 "$NETMON" replay "$@"
	[ "$status" -eq "$want" ] || { echo "status $status: $output $stderr"; return 1; }
}

@test "a crash: the guilty frame alone, and the same again" {
	keep 3 hostile-nullwrite-middle
	[[ $stderr == *"netmon replay failures/hostile-nullwrite-middle-crashed-1 repeats this"* ]]
	[ "$(of hostile-nullwrite-middle-crashed-1 '[.frames.slice, .frames.first, .frames.last, .frames.tried]')" = '["last",51,51,true]' ]
	[ "$(of hostile-nullwrite-middle-crashed-1 '[.end.verdict, .end.phase, .end.signal, .end.frame]')" = '["crashed","Run",11,1]' ]
	[ "$(of hostile-nullwrite-middle-crashed-1 .expert.sha256)" = "$(sha256sum <"$EXPERTS/hostile-nullwrite-middle.$SO" | cut -d' ' -f1)" ]
	[ "$("$NETMON" info -T json failures/*/frames.pcapng | jq .capture.frames)" = 1 ]
	again 0 failures/hostile-nullwrite-middle-crashed-1
	[[ $output == *$'\nthe same' ]]
}

@test "an expert that fails at its tenth frame gets ten, whichever they are" {
	keep 3 tenth
	[ "$(of tenth-returned_false-1 '[.frames.slice, .frames.first, .frames.last, .frames.tried]')" = '["all",1,10,true]' ]
	again 0 failures/tenth-returned_false-1
}

@test "an expert that waits for frames which a slice lacks does not hold up the search" {
	keep 3 patient --stall=0
	[ "$(of patient-returned_false-1 '[.frames.slice, .frames.last, .frames.tried, .settings.timeout_ms]')" = '["all",10,false,0]' ]
	again 0 failures/patient-returned_false-1
}

@test "a time limit, a limit of events, refused memory: the same settings again" {
	keep 3 hostile-loop-first --timeout 500ms
	[ "$(of hostile-loop-first-timed_out-1 .settings.timeout_ms)" = 500 ]
	again 0 failures/hostile-loop-first-timed_out-1
	keep 3 frames --max-events 1
	[ "$(of frames-event_limit-1 .settings.max_events)" = 1 ]
	again 0 failures/frames-event_limit-1
	keep 3 leak --fail-alloc 2
	[ "$(of leak-out_of_memory-1 .settings.fail_alloc)" = 2 ]
	again 0 failures/leak-out_of_memory-1
}

@test "failures without a frame" {
	keep 3 hostile-abort-load
	[ "$(of hostile-abort-load-crashed-1 '[.frames.slice, .end.phase, .end.frame]')" = '["none","load",null]' ]
	again 0 failures/hostile-abort-load-crashed-1
	keep 3 norun
	again 0 failures/norun-load_failed-1
	keep 3 refuse
	again 0 failures/refuse-refused-1
}

@test "the report is the same with a capsule, and nothing is kept of an expert that is done" {
	keep 3 hostile-nullwrite-middle -e "$EXPERTS/good.$SO"
	[ "$(ls failures)" = hostile-nullwrite-middle-crashed-1 ]
	"$NETMON" run -q --no-bill -T json -e "$EXPERTS/good.$SO" -e "$EXPERTS/hostile-nullwrite-middle.$SO" "$cap" |
		cmp - report.json
}

@test "a second failure gets a folder of its own" {
	keep 3 hostile-nullwrite-first
	keep 3 hostile-nullwrite-first
	[ "$(ls failures)" = $'hostile-nullwrite-first-crashed-1\nhostile-nullwrite-first-crashed-2' ]
}

@test "from a pipe, and from a compressed capture" {
	gzip <"$cap" >c.gz
	timeout 60 "$NETMON" run -q --capsule failures -e "$EXPERTS/hostile-nullwrite-middle.$SO" c.gz >/dev/null || true
	again 0 failures/hostile-nullwrite-middle-crashed-1
	timeout 60 "$NETMON" run -q --capsule failures -e "$EXPERTS/hostile-nullwrite-middle.$SO" - >/dev/null <"$cap" || true
	cat "$cap" | timeout 60 "$NETMON" run -q --capsule failures -e "$EXPERTS/hostile-nullwrite-middle.$SO" - >/dev/null || true
	again 0 failures/hostile-nullwrite-middle-crashed-2
	[ "$(of hostile-nullwrite-middle-crashed-2 .frames.last)" = 51 ]
}

@test "the configuration of then: kept, given again, and a stranger's word too" {
	export XDG_CONFIG_HOME=$PWD/mine
	stored=$XDG_CONFIG_HOME/nmapi/experts/picky.cfg
	mkdir -p "${stored%/*}"
	printf '\005\0\0\0x' >"$stored"
	keep 3 picky
	c=failures/picky-returned_false-1
	[ "$(of picky-returned_false-1 .settings.config)" = true ]
	cmp "$stored" $c/config.cfg
	printf '\005\0\0\0y' >"$stored" # it would be done with this one
	again 0 $c
	rm "$stored"
	again 0 $c
	printf '\006\0\0\0x' >$c/config.cfg
	again 2 $c
	[[ $stderr == *"its length is not the one it begins with" ]]
	rm $c/config.cfg
	again 2 $c
	[[ $stderr == "netmon: $c/config.cfg: the configuration is not used: No such file or directory" ]]
}

@test "no configuration then is none now" {
	export XDG_CONFIG_HOME=$PWD/mine
	mkdir -p mine/nmapi/experts
	keep 3 returnfalse
	[ "$(of returnfalse-returned_false-1 .settings.config)" = false ]
	printf '\005\0\0\0x' >mine/nmapi/experts/picky.cfg
	keep 0 picky --no-config
	again 3 failures/returnfalse-returned_false-1 -e "$EXPERTS/picky.$SO" # and so it is done
	[[ $output == *"now:    done after Run"* ]]
}

@test "other parsers, or the same set up otherwise, are told" {
	export XDG_CONFIG_HOME=$PWD/mine
	keep 3 hostile-nullwrite-middle
	c=failures/hostile-nullwrite-middle-crashed-1
	again 0 $c -T json
	[ "$(jq .parsers_changed <<<"$output")" = false ]
	mkdir -p mine/nmapi/parsers
	printf '[TCP_HandoffSet]\n8080 = HTTP\n' >mine/nmapi/parsers/tcp.ini
	again 0 $c
	[[ $output == *$'\nparsers are not those of then, or set up otherwise\n'* ]]
	rm mine/nmapi/parsers/tcp.ini
	again 0 $c
	[[ $output != *"parsers are not"* ]]
}

@test "another expert, and one that changed" {
	cp "$EXPERTS/hostile-nullwrite-middle.$SO" mine.$SO
	timeout 60 "$NETMON" run -q --capsule failures -e ./mine.$SO "$cap" >/dev/null || true
	again 3 failures/mine-crashed-1 -e "$EXPERTS/good.$SO"
	[[ $output == *"(not the file that failed then)"*$'\nnot the same' ]]
	cp "$EXPERTS/good.$SO" mine.$SO
	again 3 failures/mine-crashed-1
	[[ $output == *"(not the file that failed then)"* ]]
	rm mine.$SO
	again 1 failures/mine-crashed-1
	[[ $stderr == *mine* ]]
}

@test "a damaged capsule is refused with its file and member" {
	keep 3 hostile-nullwrite-middle
	c=failures/hostile-nullwrite-middle-crashed-1
	again 2 failures
	[[ $stderr == "netmon: failures/capsule.json: "* ]]
	cp -r $c bad
	jq '.settings.heap = "none"' $c/capsule.json >bad/capsule.json
	again 2 bad
	[[ $stderr == "netmon: bad/capsule.json: settings.heap "* ]]
	cp $c/capsule.json bad/
	rm bad/frames.pcapng
	again 2 bad
	[[ $stderr == *"bad/frames.pcapng: No such file"* ]]
	mkdir bad/frames.pcapng
	again 2 bad
	[[ $stderr == "netmon: bad/frames.pcapng: no regular file" ]]
	head -c 2000000 /dev/zero >bad/capsule.json
	again 2 bad
	[[ $stderr == "netmon: bad/capsule.json: no file of a capsule: "* ]]
}

@test "what is no file in a capsule is neither followed nor waited for" {
	only_on_linux "Wine shows a link as what it leads to, and a FIFO as a file"
	export XDG_CONFIG_HOME=$PWD/mine
	mkdir -p mine/nmapi/experts
	printf '\005\0\0\0x' >mine/nmapi/experts/picky.cfg
	keep 3 picky
	c=failures/picky-returned_false-1
	for member in capsule.json frames.pcapng config.cfg; do
		mv $c/$member kept
		ln -s "$PWD/kept" $c/$member
		[ $member = capsule.json ] || again 2 $c # which says nothing that is believed
		rm $c/$member && mkfifo $c/$member
		again 2 $c
		[[ $stderr == "netmon: $c/$member: "*"no "*"file"* ]]
		rm $c/$member && mv kept $c/$member
	done
	again 0 $c
}

@test "an expert that only a capsule names runs in a whole sandbox or not at all" {
	keep 3 hostile-nullwrite-middle
	for mode in off best-effort; do
		again 1 --sandbox=$mode failures/hostile-nullwrite-middle-crashed-1
		[[ $stderr == *"in a whole sandbox only"* ]]
	done
	again 0 --sandbox=best-effort -e "$EXPERTS/hostile-nullwrite-middle.$SO" failures/hostile-nullwrite-middle-crashed-1
}

@test "nothing in a capsule opens the sandbox" {
	only_on_linux "there are no rules for calls whose breach would be seen again"
	keep 3 hostile-garbagefds-middle
	[ "$(of hostile-garbagefds-middle-sandbox_violation-1 .end.verdict)" = sandbox_violation ]
	jq '.settings.sandbox = "off" | .settings.grants = 1' failures/*/capsule.json >x
	mv x failures/hostile-garbagefds-middle-sandbox_violation-1/capsule.json
	again 0 failures/hostile-garbagefds-middle-sandbox_violation-1
	[[ $stderr == *"had been granted 1 path"* ]]
	again 0 --sandbox=best-effort -e "$EXPERTS/hostile-garbagefds-middle.$SO" -T json \
		failures/hostile-garbagefds-middle-sandbox_violation-1
	[ "$(jq -c '[.same, .expert.changed, .now.verdict]' <<<"$output")" = '[true,false,"sandbox_violation"]' ]
}

@test "where no capsule can be made, one line says so and the report is whole" {
	echo x >failures
	keep 3 hostile-nullwrite-middle
	[[ $stderr == *"--capsule failures: "* ]]
	[ "$(jq -s 'last.event_type' report.json)" = '"run_end"' ]
	rm failures
	mkdir elsewhere && ln -s elsewhere/gone failures
	keep 3 hostile-nullwrite-middle
	[[ $stderr == *"--capsule failures: "* ]]
	[ -z "$(ls elsewhere)" ]
}

@test "a full disk leaves no half of a capsule" {
	[ "$(id -u)" = 0 ] || skip "needs root for a small file system"
	mkdir failures && mount -t tmpfs -o size=4k tmpfs failures 2>/dev/null || skip "no mounts here"
	keep 3 hostile-nullwrite-middle
	[[ $stderr == *"no capsule: "* ]] || { echo "$stderr"; umount failures; return 1; }
	[ -z "$(ls -A failures)" ] || { ls -la failures; umount failures; return 1; }
	umount failures
}
