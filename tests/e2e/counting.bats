#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The last line of `make test`: a failure of any kind is in it.
bats_require_minimum_version 1.5.0

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	count=$NMAPI_SOURCE/tools/count-tests
	cat >a.xml <<-'EOF'
	<testsuites><testsuite name="nmapi.heap">
	<testcase classname="nmapi.heap" name="one"/><testcase classname="nmapi.heap" name="two"/>
	</testsuite></testsuites>
	EOF
	echo '{"name":"heap","result":"OK"}' >a.json
}

# counts LINE STATUS ARGS...
counts() {
	local line=$1 want=$2
	shift 2
	run "$count" "$@"
	echo "$output"
	[ "${lines[-1]}" = "$line" ]
	[ "$status" -eq "$want" ]
}

@test "cases that passed are counted" {
	counts '2 passed, 0 failed, 0 skipped' 0 0 a.xml
}

@test "cases that failed or were skipped are counted, and their program not once more" {
	cat >a.xml <<-'EOF'
	<testsuites><testsuite name="nmapi.heap">
	<testcase name="one"><failure/></testcase><testcase name="two"><skipped/></testcase><testcase name="three"/>
	</testsuite></testsuites>
	EOF
	echo '{"name":"heap","result":"FAIL"}' >a.json
	counts '1 passed, 1 failed, 1 skipped' 1 0 a.xml
}

@test "a program that ended badly after its cases passed is a failure" {
	for result in ERROR TIMEOUT FAIL INTERRUPT; do
		echo "{\"name\":\"heap\",\"result\":\"$result\"}" >a.json
		counts '2 passed, 1 failed, 0 skipped' 1 0 a.xml
	done
}

@test "what a case that failed said is told, and nothing of the others" {
	cat >a.xml <<-'EOF'
	<testsuites><testsuite name="nmapi.heap">
	<testcase classname="nmapi.heap" name="1 one"/><testcase classname="nmapi.heap" name="2 two"><failure/></testcase>
	<testcase classname="nmapi.heap" name="3 three"/>
	</testsuite></testsuites>
	EOF
	printf '%s' '{"name":"heap","result":"FAIL","stdout":"1..3\nok 1 one\n# good\nnot ok 2 two\n# 5 is not 6\nok 3 three\n# fine\n"}' >a.json
	counts '2 passed, 1 failed, 0 skipped' 1 0 a.xml
	[ "${lines[0]}" = 'failed: nmapi.heap 2 two' ]
	[ "${lines[1]}" = '    # 5 is not 6' ]
	[ "${#lines[@]}" -eq 3 ]
}

@test "of a program that ended badly its last lines are told" {
	printf '%s' '{"name":"heap","result":"ERROR","stdout":"ok 1 one\nok 2 two\n","stderr":"leaked 5 bytes\n"}' >a.json
	counts '2 passed, 1 failed, 0 skipped' 1 0 a.xml
	[ "${lines[-2]}" = '    leaked 5 bytes' ]
}

@test "a build that broke is a failure, and so is a missing file or no test at all" {
	counts '2 passed, 1 failed, 0 skipped' 1 1 a.xml
	counts '2 passed, 1 failed, 0 skipped' 1 0 a.xml gone.xml
	counts '0 passed, 1 failed, 0 skipped' 1 0
}
