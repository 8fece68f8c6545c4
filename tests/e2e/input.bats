#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Bad input: one line that names the file and what is wrong, and the status.
bats_require_minimum_version 1.5.0
load helper

# refused STATUS PATTERN ARGS...: exactly one line on standard error, like PATTERN.
refused() {
	local want=$1 pattern=$2
	shift 2
	run --separate-stderr timeout 20 "$NETMON" "$@" </dev/null
	echo "status $status: $stderr"
	[ "$status" -eq "$want" ]
	[ "$(wc -l <<<"$stderr")" -eq 1 ]
	# shellcheck disable=SC2053
	[[ $stderr == $pattern ]]
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	good=$EXPERTS/good.$SO
}

@test "an unknown option" {
	refused 1 'netmon*--frobnicate*' run --frobnicate x.pcap
}

@test "an unknown subcommand" {
	refused 1 'netmon*rnu*' rnu
}

@test "no capture" {
	refused 1 'netmon*capture*' run
}

@test "bad sizes, times and counts name the option" {
	refused 1 '*--timeout*' run --timeout soon x.pcap
	refused 1 '*--memory*' run --memory 99999999999999G x.pcap
	refused 1 '*--jobs*' run --jobs -1 x.pcap
	refused 1 '*--max-events*' run --max-events 1x x.pcap
	refused 1 '*--format*xml*' run -T xml x.pcap
}

@test "a missing file" {
	refused 2 'netmon: gone.pcap: No such file*' run -q gone.pcap -e "$good"
}

@test "a folder" {
	mkdir d
	refused 2 'netmon: d: *folder*' run -q d -e "$good"
}

@test "an empty file" {
	: >empty.pcap
	refused 2 'netmon: empty.pcap: *empty*' run -q empty.pcap -e "$good"
}

@test "an unreadable file" {
	[ "$(id -u)" != 0 ] || skip "root reads everything"
	: >secret.pcap
	chmod 0 secret.pcap
	refused 2 'netmon: secret.pcap: Permission denied' run -q secret.pcap -e "$good"
}

@test "a text file" {
	echo 'hello world, this is no capture at all' >text.pcap
	refused 2 'netmon: text.pcap: *not a capture*' run -q text.pcap -e "$good"
}

@test "random bytes" {
	head -c 1000 /dev/urandom >noise.pcap
	printf '\0' | dd of=noise.pcap conv=notrunc status=none
	refused 2 'netmon: noise.pcap: *not a capture*' run -q noise.pcap -e "$good"
}

@test "a FIFO and a device are refused, and nothing hangs" {
	mkfifo pipe
	: >pipe &
	refused 2 'netmon: pipe: *empty*' run -q pipe -e "$good"
	refused 2 'netmon: /dev/zero: *' run -q /dev/zero -e "$good"
}

@test "a capture cut in the middle of a frame: all before it, and status 4" {
	local cap
	cap=$(capture 100)
	head -c $(($(stat -c %s "$cap") - 5)) "$cap" >cut.pcap
	run_json 4 cut.pcap -e "$good"
	[ "$(value '.[]|select(.event_type=="expert_end").expert.frames_seen')" = 99 ]
	[ "$(value '.[]|select(.event_type=="capture").capture.frames')" = 99 ]
	[ "$(value '.[]|select(.event_type=="capture").capture.truncated')" = true ]
}

@test "a capture cut in the file header" {
	head -c 20 "$(capture 100)" >head.pcap
	refused 2 'netmon: head.pcap: *' run -q head.pcap -e "$good"
}

@test "a frame length beyond any sane limit: the frames before it, status 4, the byte offset" {
	local cap
	cap=$(capture 2)
	cp "$cap" huge.pcap
	printf '\0\0\0\0\0\0\0\0\xff\xff\xff\x7f\xff\xff\xff\x7f' >>huge.pcap
	run_json 4 huge.pcap -e "$good"
	[ "$(value '.[]|select(.event_type=="expert_end").expert.frames_seen')" = 2 ]
	[[ $output == *"$(stat -c %s "$cap")"* ]]
}

@test "an unknown expert name is a usage error with a hint" {
	refused 1 'netmon: topusr: *topuser*' run -q "$(capture 10)" -e topusr
}

@test "a missing expert file is a usage error" {
	refused 1 "netmon: ./gone.$SO: No such file*" run -q "$(capture 10)" -e "./gone.$SO"
}

@test "an expert that is no shared object" {
	echo text >"text.$SO"
	run_json 3 "$(capture 10)" -e "./text.$SO"
	[[ $(value '.[]|select(.event_type=="expert_end").expert.reason') == *"not a shared object"* ]] ||
		[[ $(value '.[]|select(.event_type=="expert_end").expert.reason') == "no Windows library"* ]]
}

@test "an expert for another machine says which" {
	only_on_linux "the byte that is changed is one of ELF files; windows.bats has the like"
	cp "$good" other.so
	printf '\xb7\x00' | dd of=other.so bs=1 seek=18 conv=notrunc status=none
	[ "$(uname -m)" = x86_64 ] || skip "arm64 is this machine"
	run_json 3 "$(capture 10)" -e ./other.so
	[[ $(value '.[]|select(.event_type=="expert_end").expert.reason') == *arm64* ]]
}

@test "a truncated shared object" {
	head -c 3000 "$good" >"cut.$SO"
	run_json 3 "$(capture 10)" -e "./cut.$SO"
	[ "$(value '.[]|select(.event_type=="expert_end").expert.verdict')" = load_failed ]
	[[ $(value '.[]|select(.event_type=="expert_end").expert.reason') == *"cut short"* ]]
}

@test "one bad capture among good ones: the others are analysed, status 2" {
	run_json 2 "$(capture 10)" /nonexistent.pcap "$(capture 20)" -e "$good"
	[ "$(value '[.[]|select(.event_type=="expert_end").expert.frames_seen]|join(" ")')" = "10 20" ]
}

@test "a run that never began leaves no report, and an earlier one as it was" {
	refused 1 'netmon: topusr: *' run -q -T json -o new.json -T text -o new.txt "$(capture 10)" -e topusr
	[ ! -e new.json ] && [ ! -e new.txt ]
	echo precious >old.json
	refused 1 'netmon: topusr: *' run -q -T json -o old.json "$(capture 10)" -e topusr
	[ "$(cat old.json)" = precious ]
	refused 6 'netmon: /nonexistent/x: *' run -q -T json -o new.json -T text -o /nonexistent/x "$(capture 10)"
	[ ! -e new.json ]
}

@test "a report takes the place of a longer one, also at the end of a link, and goes to a pipe" {
	local cap
	cap=$(capture 10)
	"$NETMON" run -q --no-bill -T json -o want.json "$cap" -e "$good"
	yes | head -c 100000 >long.json
	ln -s long.json link.json
	"$NETMON" run -q --no-bill -T json -o link.json "$cap" -e "$good"
	[ -L link.json ]
	cmp want.json long.json
	! on_windows || return 0 # no pipe of Windows' has a name among files
	mkfifo pipe
	cat pipe >got.json &
	timeout 20 "$NETMON" run -q --no-bill -T json -o pipe "$cap" -e "$good"
	wait $!
	cmp want.json got.json
}

@test "links that lead nowhere in a folder of experts are passed over" {
	mkdir experts
	cp "$good" "experts/mine.$SO"
	ln -s "loop.$SO" "experts/loop.$SO"
	ln -s "gone.$SO" "experts/dangling.$SO"
	run --separate-stderr "$NETMON" experts --expert-path experts -T json
	[ "$status" -eq 0 ]
	[ "$(value '[.[].name]|[index("mine"), index("topuser")]|all(. != null)')" = true ]
	[ "$(value '[.[].name]|[index("loop"), index("dangling")]|all(. == null)')" = true ]
}

@test "names with odd characters are shown safely" {
	local odd=$'a\nb\x1b[31m.pcap'
	refused 2 'netmon: a\\x0ab\\x1b*' run -q "$odd" -e "$good"
}

@test "standard input works, as a file, as a pipe and compressed" {
	local cap
	cap=$(capture 10)
	for from in '<"$1"' '< <(cat "$1")' '< <(gzip <"$1")' '< <(xz <"$1")'; do
		run --separate-stderr bash -c "\"\$2\" run -q -T json --no-bill - -e \"\$3\" $from" _ "$cap" "$NETMON" "$good"
		[ "$status" -eq 0 ]
		[ "$(value '.[]|select(.event_type=="expert_end").expert.frames_seen')" = 10 ]
	done
}

@test "a compressed capture that is cut: what is whole, and status 4" {
	gzip <"$(capture 1000)" | head -c 50000 >cut.pcap.gz
	run_json 4 cut.pcap.gz -e "$good"
	[ "$(value '.[]|select(.event_type=="capture").capture.truncated')" = true ]
	[[ $(value '.[]|select(.event_type=="capture").capture.damage') == *"compressed data is cut"* ]]
}

@test "an oddity that costs no frame is a note, and the status stays 0" {
	cp "$(capture 10)" odd.pcap
	printf '\x01' | dd of=odd.pcap bs=1 seek=22 conv=notrunc status=none
	run_json 0 odd.pcap -e "$good"
	[[ $(value '.[]|select(.event_type=="capture").capture.note') == *"reserved bits"* ]]
}
