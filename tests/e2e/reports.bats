#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Several reports from one run, and what the exit status says of what they hold.
bats_require_minimum_version 1.5.0
load helper

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	cap=$(capture 100)
}

@test "several formats from one run, each in its file" {
	run --separate-stderr timeout 60 "$NETMON" run -q -e "$EXPERTS/good.so" \
		-T html -o a.html -T json -o a.json -T csv -o a.csv -T text "$cap"
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[[ $output == *good* ]]
	grep -q '^<!doctype html>' a.html
	[ "$(jq -s '[.[]|select(.event_type=="expert")]|length' a.json)" = "$(grep -c '^event,' a.csv)" ]
	[ "$(tail -n 1 a.json | jq .event_type)" = '"run_end"' ]
}

@test "a report or conversion that can't have its temporary file says so" {
	only_on_linux "the folder for such files is another"
	for format in html csv sqlite; do
		run --separate-stderr env TMPDIR=/nonexistent "$NETMON" run -q -T "$format" -o r "$cap"
		[ "$status" -eq 6 ]
		[ "$stderr" = "netmon: r: no temporary file can be made in /nonexistent: No such file or directory; TMPDIR names another folder" ]
	done
	run --separate-stderr env TMPDIR=/nonexistent "$NETMON" convert -Y frame "$cap" r.pcap
	[ "$status" -eq 6 ]
	[ "$stderr" = "netmon: r.pcap: no temporary file can be made in /nonexistent: No such file or directory; TMPDIR names another folder" ]
	[ -z "$(compgen -G 'r*')" ]
	run --separate-stderr env TMPDIR=/nonexistent "$NETMON" run -q -T html -o gone/r "$cap"
	[ "$stderr" = "netmon: gone/r: can't be written: No such file or directory" ]
}

@test "two reports to one file are refused before anything is written" {
	for second in r ./r "$PWD/r" ../"${PWD##*/}"/r; do
		run --separate-stderr timeout 60 "$NETMON" run -T json -o r -T html -o "$second" "$cap"
		[ "$status" -eq 1 ]
		[ "$stderr" = "netmon: run: two reports go to $second; give each its -o" ]
		[ ! -e r ]
	done
	: >r
	ln -s r link
	run timeout 60 "$NETMON" run -T json -o r -T html -o link "$cap"
	[ "$status" -eq 1 ]
}

# The events of good.so are info; frames.so has none; returnfalse.so fails.
@test "--fail-on: at or above, below, and what comes before it" {
	run_json 5 --fail-on info -e "$EXPERTS/good.so" "$cap"
	[ "$(value '.[-1].run|[.exit_status,.fail_on,.fail_on_events==.events]')" = '[5,"info",true]' ]
	run_json 0 --fail-on warning -e "$EXPERTS/good.so" "$cap"
	[ "$(value '.[-1].run|[.exit_status,.fail_on,.fail_on_events]')" = '[0,"warning",0]' ]
	run_json 3 --fail-on info -e "$EXPERTS/good.so" -e "$EXPERTS/returnfalse.so" "$cap"
	[ "$(value '.[-1].run.fail_on_events>0')" = true ]
	run_json 2 --fail-on info -e "$EXPERTS/good.so" "$cap" /nowhere
	head -c 3000 "$cap" >cut.pcap
	run_json 4 --fail-on info -e "$EXPERTS/good.so" cut.pcap
	run_json 0 -e "$EXPERTS/good.so" "$cap"
	[ "$(value '.[-1].run|has("fail_on")')" = false ]
	run timeout 60 "$NETMON" run -q -o /dev/full --fail-on info -e "$EXPERTS/good.so" "$cap"
	[ "$status" -eq 6 ]
}

@test "--fail-on is told in every format" {
	run --separate-stderr timeout 60 "$NETMON" run -q --fail-on info -e "$EXPERTS/good.so" \
		-T html -o a.html -T csv -o a.csv -T text "$cap"
	[ "$status" -eq 5 ]
	[[ ${lines[-1]} == *" at or above info" ]]
	grep -q ' at or above info\.$' a.html
	grep -q '^run_end,' a.csv
}

# The reports of one run in three formats, held against one another.
same_facts() {
	local status=0
	timeout 120 "$NETMON" run -q "$@" -T json -o f.json -T csv -o f.csv -T sqlite -o f.db || status=$?
	python3 "$NMAPI_SOURCE/tests/e2e/same_facts.py" f.json f.csv f.db
	return "$status"
}

@test "sqlite, csv and json hold the same facts" {
	same_facts -e "$EXPERTS/alltypes.so" -e "$EXPERTS/good.so" "$cap"
	same_facts "$cap"
	[ "$(sqlite3 f.db 'SELECT count(*) FROM ends')" = "$(jq -s '[.[]|select(.event_type=="expert_end")]|length' f.json)" ]
	run same_facts --fail-on info -e "$EXPERTS/returnfalse.so" -e "$EXPERTS/good.so" "$cap" /nowhere
	[ "$status" -eq 2 ]
	[[ $output == *" 0 differ" ]]
}

@test "a database has views that are ready for use" {
	timeout 60 "$NETMON" run -q -e topuser -T sqlite -o f.db "$cap"
	view=$(sqlite3 f.db 'SELECT view FROM kinds ORDER BY ident LIMIT 1')
	[[ $view == event_topuser_* ]]
	[ "$(sqlite3 f.db "SELECT count(*) FROM $view")" = "$(sqlite3 f.db 'SELECT events FROM kinds ORDER BY ident LIMIT 1')" ]
	[ "$(sqlite3 f.db 'SELECT frames_seen FROM coverage')" = 100 ]
	[ "$(sqlite3 f.db 'SELECT count(*) FROM bill')" = 1 ]
	timeout 60 "$NETMON" run -q --no-bill -e topuser -T sqlite -o g.db "$cap"
	[ "$(sqlite3 g.db 'SELECT count(*) FROM bill')" = 0 ]
	timeout 60 "$NETMON" run -q --no-bill -e topuser -T sqlite -o - "$cap" | cmp - g.db
}

@test "a database appears when it is whole, and nothing is left where it is not" {
	mkdir out
	echo before >out/f.db
	(
		ulimit -f 8
		! on_windows || trap '' XFSZ # Wine is ended by it
		run timeout 60 "$NETMON" run -q -e topuser -T sqlite -o out/f.db "$cap"
		[ "$status" -eq 6 ]
	)
	[ "$(cat out/f.db)" = before ]
	[ "$(ls out)" = f.db ]
	ln -s out/f.db link
	timeout 60 "$NETMON" run -q -e topuser -T sqlite -o link "$cap"
	[ -L link ]
	[ "$(sqlite3 link 'SELECT exit_status FROM run')" = 0 ]
	on_windows || [ "$(stat -c %a out/f.db)" = "$(printf '%o' $((0666 & ~$(umask))))" ]
	[ "$(ls out)" = f.db ]
	run timeout 60 "$NETMON" run -q -T sqlite -o nowhere/f.db "$cap"
	[ "$status" -eq 6 ]
}

@test "a run that is interrupted leaves a database that says so" {
	# A shell without job control starts what is in the background deaf to Ctrl-C.
	env --default-signal=INT "$NETMON" run -q --timeout 20 -T sqlite -o f.db "$cap" \
		-e "$EXPERTS/good.so" -e "$EXPERTS/hostile-loopapi-middle.so" &
	pid=$!
	sleep 2
	kill -INT "$pid"
	wait "$pid" || [ $? -eq 130 ]
	[ "$(sqlite3 f.db 'SELECT interrupted, exit_status FROM run')" = '1|130' ]
	[ "$(sqlite3 f.db "SELECT group_concat(verdict) FROM coverage")" = done,aborted ]
	[ "$(sqlite3 f.db 'PRAGMA integrity_check')" = ok ]
}

@test "sarif has the shape that the standard asks for" {
	local shape="python3 $NMAPI_SOURCE/tests/e2e/sarif_shape.py"
	timeout 60 "$NETMON" run -q -e tcpipe -e "$EXPERTS/alltypes.so" -T sarif -o f.sarif -T json -o f.json "$cap"
	$shape f.sarif
	[ "$(jq '.runs[0].results|length' f.sarif)" = "$(jq -s '[.[]|select(.event_type=="expert" and .expert.severity and .expert.flags<2147483648)]|length' f.json)" ]
	[ "$(jq -r '.runs[0].invocations[0]|[.executionSuccessful,.exitCode]|@csv' f.sarif)" = true,0 ]
	run timeout 60 "$NETMON" run -q -e "$EXPERTS/good.so" -e "$EXPERTS/hostile-abort-middle.so" \
		-T sarif -o g.sarif "$cap" /nowhere
	[ "$status" -eq 2 ]
	$shape g.sarif
	[ "$(jq -c '.runs[0].invocations[0]|[.executionSuccessful,.exitCode]' g.sarif)" = '[false,2]' ]
	[ "$(jq -c '[.runs[0].invocations[0].toolExecutionNotifications[].descriptor.id]' g.sarif)" = '["crashed","unreadable"]' ]
	[[ $(jq -r '.runs[0].invocations[0].toolExecutionNotifications[0].message.text' g.sarif) == "hostile-abort-middle crashed in Run"* ]]
}

@test "a sarif rule leads to the page beside the expert" {
	cp "$EXPERTS/good.$SO" .
	timeout 60 "$NETMON" run -q -e "./good.$SO" -T sarif -o f.sarif "$cap"
	[ "$(jq '[.runs[0].tool.driver.rules[]|select(.helpUri)]|length' f.sarif)" = 0 ]
	ident=$(jq -r '.runs[0].tool.driver.rules[0].id|split("/")[1]' f.sarif)
	echo '<p>why' >"good$ident.htm"
	timeout 60 "$NETMON" run -q -e "./good.$SO" -T sarif -o f.sarif "$cap"
	[[ $(jq -r '.runs[0].tool.driver.rules[0].helpUri' f.sarif) == file:///*/good$ident.htm ]]
}

@test "a folder stands for the captures in it, told by their content" {
	mkdir -p in/deeper
	cp "$cap" in/b.txt
	gzip -c "$cap" >in/a.gz
	echo text >in/c.pcap
	mkfifo in/pipe
	cp "$cap" in/.hidden
	cp "$cap" in/deeper/
	run_json 0 -e "$EXPERTS/good.so" in
	[ "$(value '[.[]|select(.event_type=="capture").pcap_filename]|join(" ")')" = "in/a.gz in/b.txt" ]
	[ "$stderr" = "netmon: in: 3 of its 5 entries are no captures and are left out" ]
	run_json 0 -e "$EXPERTS/good.so" in/ "$cap"
	[ "$(value '[.[]|select(.event_type=="capture").pcap_filename]|length')" = 3 ]
	run --separate-stderr timeout 60 "$NETMON" run in -o in/b.txt
	[ "$status" -eq 1 ]
	[[ $stderr == *"is a capture to read"* ]]
	mkdir none
	run --separate-stderr timeout 60 "$NETMON" run -q none
	[ "$status" -eq 2 ]
	[ "$stderr" = "netmon: none: a folder, not a capture; name the files in it" ]
	run_json 2 -e "$EXPERTS/good.so" none "$cap"
	[ "$(value '[.[]|select(.event_type=="capture").capture.readable]|join(" ")')" = "false true" ]
}
