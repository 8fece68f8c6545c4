#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# A project that netmon new makes builds, tests itself and runs, as it comes.
bats_require_minimum_version 1.5.0
load helper

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	export PATH="${NETMON%/*}:$PATH"
	export PKG_CONFIG_PATH="$NMAPI_BUILD/meson-uninstalled"
	if on_windows; then
		PKG_CONFIG_PATH=${EXPERTS%/tests/experts}/netmon
		export SO CC="${NMAPI_WINDOWS:-x86_64}-w64-mingw32-gcc"
	fi
	for tool in cc make pkg-config; do
		command -v "$tool" >/dev/null || skip "no $tool"
	done
}

@test "a new expert builds without a warning and passes its test" {
	netmon new expert silence
	cd silence
	run make CFLAGS='-O2 -Wall -Wextra -Werror'
	echo "$output"
	[ "$status" -eq 0 ]
	run make test
	echo "$output"
	[ "$status" -eq 0 ]
	[[ $output == *"ok: silence"* ]]
}

@test "the test of a new expert notices one that finds nothing" {
	netmon new expert silence
	cd silence
	sed -i 's/^#define LONG_SILENCE .*/#define LONG_SILENCE 100000000/' silence.c
	run make test
	echo "$output"
	[ "$status" -ne 0 ]
	[[ $output == *FAILED* ]]
}

@test "a new expert runs by its path and by its name" {
	netmon new expert silence
	make -C silence >/dev/null
	cap=$(capture 50)
	run_json 0 "$cap" -e "silence/silence.$SO"
	[ "$(value '.[]|select(.event_type=="expert_end").expert.verdict')" = done ]
	run_json 0 "$cap" --expert-path "$PWD/silence" -e silence
	[ "$(value '.[]|select(.event_type=="expert_end").expert.frames_seen')" = 50 ]
}

@test "a makefile that can't find the interface says so" {
	netmon new expert silence
	cd silence
	PKG_CONFIG_PATH='' PKG_CONFIG_LIBDIR=/nonexistent run make
	echo "$output"
	[ "$status" -ne 0 ]
	[[ $output == *nmapi* ]]
}

@test "a folder that is there is left alone" {
	mkdir silence
	run --separate-stderr netmon new expert silence
	[ "$status" -eq 1 ]
	[[ $stderr == 'netmon: silence: exists already'* ]]
	[ -z "$(ls -A silence)" ]
}

@test "a new parser builds without a warning and passes its test" {
	chmod 755 "$BATS_RUN_TMPDIR" "$BATS_RUN_TMPDIR/test" "$BATS_TEST_TMPDIR"
	netmon new parser small_talk
	cd small_talk
	run make CFLAGS='-O2 -Wall -Wextra -Werror'
	echo "$output"
	[ "$status" -eq 0 ]
	run make test
	echo "$output"
	[ "$status" -eq 0 ]
	[[ $output == *"ok: small_talk"* ]]
	run netmon protocols --parser-path "$PWD" small_talk
	[ "$status" -eq 0 ]
	[[ $output == *small_talk.text* ]]
}

@test "the test of a new parser notices one that shows something else" {
	chmod 755 "$BATS_RUN_TMPDIR" "$BATS_RUN_TMPDIR/test" "$BATS_TEST_TMPDIR"
	netmon new parser small_talk
	cd small_talk
	sed -i 's/S("Answer")/S("Reply")/' small_talk.c
	run make test
	echo "$output"
	[ "$status" -ne 0 ]
	[[ $output == *FAILED* ]]
}

@test "a parser's name is no longer than a protocol's" {
	run --separate-stderr netmon new parser sixteen_letters_
	[ "$status" -eq 1 ]
	[[ $stderr == *"no more than 15"* ]]
	run --separate-stderr netmon new parsr small
	[ "$status" -eq 1 ]
	[[ $stderr == *"did you mean 'parser'?"* ]]
}
