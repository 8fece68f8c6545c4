#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# --core leaves a core dump of what crashed, in the sandbox, and nothing else.
bats_require_minimum_version 1.5.0
load helper

setup() {
	mkdir -p "$BATS_TEST_TMPDIR/here" && cd "$BATS_TEST_TMPDIR/here" || return
	cap=$(capture 100)
}

# Only where the kernel writes core dumps as files where the process is.
need_files() {
	case $(cat /proc/sys/kernel/core_pattern) in
	'|'* | '@'* | */* | '') skip "core dumps of this system go elsewhere" ;;
	esac
	[ "$(ulimit -H -c)" = unlimited ] || skip "core dumps are limited here"
	(ulimit -S -c unlimited && bash -c 'kill -ABRT $$') || true
	compgen -G 'core*' >/dev/null || skip "no core dumps here"
	rm -f core*
}

# dump STATUS [OPTION]...: netmon run --core
dump() {
	local want=$1
	shift
	run --separate-stderr timeout 60 "$NETMON" run -q --no-bill -T json -o ../report.json --core "$@" "$cap"
	[ "$status" -eq "$want" ] || { echo "status $status: $stderr"; return 1; }
}

# is_core FILE: an ELF file of type 4.
is_core() {
	[ "$(od -An -tx1 -N4 "$1" | tr -d ' ')" = 7f454c46 ] && [ "$(od -An -tu2 -j16 -N2 "$1" | tr -d ' ')" = 4 ]
}

@test "each crash leaves its own, in the sandbox, whatever the soft limit" {
	only_on_linux "its own error reporting keeps dumps"
	need_files
	ulimit -S -c 0
	dump 3 -e "$EXPERTS/hostile-nullwrite-middle.so" -e "$EXPERTS/good.so" -e "$EXPERTS/hostile-abort-load.so"
	[[ ${stderr_lines[0]} =~ ^'netmon: hostile-nullwrite-middle: its core dump is '(netmon-core-[A-Za-z0-9]{6}/0/core.*)$ ]]
	is_core "${BASH_REMATCH[1]}"
	[[ ${stderr_lines[1]} =~ ^'netmon: hostile-abort-load: its core dump is '(netmon-core-[A-Za-z0-9]{6}/2/core.*)$ ]]
	is_core "${BASH_REMATCH[1]}"
	[ "${#stderr_lines[@]}" -eq 2 ]
	[ "$(find . -type f | wc -l)" -eq 2 ]
	[ "$(find . -mindepth 2 -type d | wc -l)" -eq 2 ]
	"$NETMON" run -q --no-bill -T json -e "$EXPERTS/hostile-nullwrite-middle.so" -e "$EXPERTS/good.so" \
		-e "$EXPERTS/hostile-abort-load.so" "$cap" | jq -c 'del(.. | .fault_address?, .backtrace?)' >want
	jq -c 'del(.. | .fault_address?, .backtrace?)' ../report.json | cmp - want
}

@test "a time limit and an expert that is done leave none, and no folder" {
	only_on_linux "its own error reporting keeps dumps"
	dump 3 --timeout 300ms -e "$EXPERTS/hostile-sleep-first.so" -e "$EXPERTS/good.so"
	[ -z "$(ls -A)" ]
	dump 2 -e "$EXPERTS/good.so" ./no-such-capture
	[ -z "$(ls -A)" ]
}

@test "it opens nothing to the expert: to write is still forbidden" {
	only_on_linux "its own error reporting keeps dumps"
	dump 3 -e "$EXPERTS/hostile-garbagefds-middle.so"
	[ "$(jq -r 'select(.event_type == "expert_end") | .expert.verdict' ../report.json)" = sandbox_violation ]
	[ "$(find . -type f ! -name 'core*' | wc -l)" -eq 0 ]
}

@test "without the option there is none" {
	only_on_linux "its own error reporting keeps dumps"
	(
		ulimit -S -c unlimited 2>/dev/null || true
		timeout 60 "$NETMON" run -q -e "$EXPERTS/hostile-nullwrite-middle.so" "$cap" >/dev/null 2>&1
	) || true
	[ -z "$(ls -A)" ]
}

@test "where there can be none, one line says so and the report is whole" {
	local why="there will be no core dumps: "
	if on_windows; then
		why="Windows keeps dumps where its error reporting is told to, not here"
	else
		case $(cat /proc/sys/kernel/core_pattern) in '|'* | '@'*) skip "a program gets core dumps here" ;; esac
		ulimit -H -c 0
	fi
	dump 3 -e "$EXPERTS/hostile-nullwrite-middle.so"
	[[ $stderr == "netmon: --core: $why"* ]]
	[ "${#stderr_lines[@]}" -eq 1 ]
	[ -z "$(ls -A)" ]
	[ "$(jq -s 'last.event_type' ../report.json)" = '"run_end"' ]
}

@test "a folder that can't be made is told" {
	only_on_linux "its own error reporting keeps dumps"
	need_files
	mkdir gone && cd gone && rmdir ../gone
	run --separate-stderr timeout 60 "$NETMON" run -q --core -e "$EXPERTS/hostile-nullwrite-middle.so" "$cap"
	[ "$status" -eq 3 ]
	[[ $stderr == *"--core: there will be no core dumps: a folder here: No such file or directory"* ]]
}
