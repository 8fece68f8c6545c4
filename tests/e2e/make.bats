#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The makefile: from a tree without a build to a report, and to where it is installed.
bats_require_minimum_version 1.5.0

setup_file() {
	export BUILT=$BATS_FILE_TMPDIR/b
	cd "$NMAPI_SOURCE" || return
	env -u CC -u MAKEFLAGS make -j2 run BUILD="$BUILT" >"$BATS_FILE_TMPDIR/run" 2>&1 ||
		{ cat "$BATS_FILE_TMPDIR/run"; return 1; }
}

setup() {
	cd "$NMAPI_SOURCE" || return
}

@test "make run ends with a report, also with several jobs" {
	grep -q 'demo.pcap: pcap, 20,000 frames' "$BATS_FILE_TMPDIR/run"
	grep -q 'saw frames 1-20,000 of 20,000 (100.0 %)' "$BATS_FILE_TMPDIR/run"
}

@test "a second make run builds nothing" {
	local after
	run make run BUILD="$BUILT"
	[ "$status" -eq 0 ]
	after=$(find "$BUILT" -newer "$BUILT/demo.pcap" \( -name '*.o' -o -name '*.so*' \) | wc -l)
	[ "$after" -eq 0 ]
	[[ $output != *ompiling* ]]
}

@test "make install goes to the prefix that is asked for, whatever it was built with" {
	local dest=$BATS_TEST_TMPDIR/dest
	make install BUILD="$BUILT" DESTDIR="$dest" >/dev/null
	[ -x "$dest/usr/local/bin/netmon" ]
	make install BUILD="$BUILT" DESTDIR="$dest" PREFIX=/opt/one >/dev/null
	[ -x "$dest/opt/one/bin/netmon" ]
	make install BUILD="$BUILT" DESTDIR="$dest" prefix=/opt/two >/dev/null
	[ -x "$dest/opt/two/bin/netmon" ]
	grep -q '^prefix=/opt/two$' "$(find "$dest/opt/two" -name nmapi.pc)"
	"$dest/opt/two/bin/netmon" run -q "$BUILT/demo.pcap" | grep -q 'saw frames 1-20,000'
}

@test "without root, missing packages are named and nothing is begun" {
	mkdir "$BATS_TEST_TMPDIR/bin"
	printf '#!/bin/sh\necho 1000\n' >"$BATS_TEST_TMPDIR/bin/id"
	printf '#!/bin/sh\n[ "$3" = scdoc ] || echo "install ok installed"\n' >"$BATS_TEST_TMPDIR/bin/dpkg-query"
	chmod +x "$BATS_TEST_TMPDIR"/bin/*
	for goal in run test; do
		PATH=$BATS_TEST_TMPDIR/bin:$PATH run env -u MAKEFLAGS -u MAKELEVEL make $goal BUILD="$BATS_TEST_TMPDIR/none"
		echo "$output"
		[ "$status" -ne 0 ]
		[[ ${lines[0]} == 'Missing packages: scdoc' ]]
		[ ! -e "$BATS_TEST_TMPDIR/none" ]
	done
}
