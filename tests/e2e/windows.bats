#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Experts that are libraries for Windows: what is said of a file, and what a run makes of it.
bats_require_minimum_version 1.5.0
load helper

setup_file() {
	cat >"$BATS_FILE_TMPDIR/old.c" <<-'END'
		#include <stdlib.h>
		__declspec(dllexport) int __stdcall Register(void *info) { return info != NULL; }
		#ifndef NO_RUN
		__declspec(dllexport) int __stdcall Run(void *k, void *c, void *s, unsigned long f, void *w)
		{ return k && !c && s && !f && !w; }
		#endif
	END
}

# dll NAME COMPILER-PREFIX [OPTION...]: its path.
dll() {
	local to=$BATS_TEST_TMPDIR/$1 prefix=$2
	shift 2
	"$prefix-w64-mingw32-gcc" -shared -s -o "$to" "$BATS_FILE_TMPDIR/old.c" "$@"
	echo "$to"
}

# checked STATUS FILE TEXT: what --check says of it begins so.
checked() {
	run --separate-stderr -"$1" "$NETMON" experts --check "$2"
	[[ $output == "$2: $3"* ]] || { echo "$output"; return 1; }
	[ "${#lines[@]}" = 1 ]
}

@test "a shared object of this system is loaded, and says its name" {
	checked 0 "$EXPERTS/good.so" 'an expert, '
	checked 3 "$EXPERTS/norun.so" 'no entry point Run'
}

@test "what is no library for this machine is named" {
	cp "$EXPERTS/good.so" "$BATS_TEST_TMPDIR/arm.so"
	printf '\267' | dd of="$BATS_TEST_TMPDIR/arm.so" bs=1 seek=18 conv=notrunc status=none
	checked 3 "$BATS_TEST_TMPDIR/arm.so" 'built for arm64, this program is '
	checked 3 "$BATS_TEST_TMPDIR" 'a folder, not a shared object'
	checked 3 "$BATS_TEST_TMPDIR/gone.dll" 'No such file'
	echo hello >"$BATS_TEST_TMPDIR/text.dll"
	checked 3 "$BATS_TEST_TMPDIR/text.dll" 'not a shared object'
}

@test "a Windows expert that only lacks an entry point, or its name, is told" {
	checked 3 "$(dll norun.dll x86_64 -DNO_RUN)" 'no entry point Run'
	checked 3 "$(dll decorated.dll i686)" 'it exports Register@4, which is looked for as Register'
	head -c 2000 "$(dll whole.dll x86_64)" >"$BATS_TEST_TMPDIR/cut.dll"
	checked 3 "$BATS_TEST_TMPDIR/cut.dll" 'cut short: 2000 of at least '
}

@test "a Windows expert that a run can't load costs a line, and the others run" {
	run_json 3 "$(capture 100)" -e "$EXPERTS/good.so" -e "$(dll norun.dll x86_64 -DNO_RUN)" -e "$EXPERTS/frames.so"
	[ "$(value '[.[]|select(.event_type=="expert_end").expert.verdict]|join(" ")')" = 'done load_failed done' ]
	[[ $(value '[.[]|select(.event_type=="expert_end")][1].expert.reason') == 'no entry point Run'* ]]
}
