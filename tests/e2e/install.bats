#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What `make install` leaves works where it was put, also below a DESTDIR, and
# an expert built against it with one cc line runs.
bats_require_minimum_version 1.5.0
load helper

setup_file() {
	export DEST=$BATS_FILE_TMPDIR/stage
	meson install -C "$NMAPI_BUILD" --no-rebuild --destdir "$DEST" >"$BATS_FILE_TMPDIR/log" 2>&1 ||
		{ cat "$BATS_FILE_TMPDIR/log"; return 1; }
	export BIN PC
	BIN=$(dirname "$(find "$DEST" -path '*/bin/netmon' -type f)")
	PC=$(dirname "$(find "$DEST" -name nmapi.pc)")
}

expert_source() {
	cat <<-'EOF'
	#include <netmon.h>
	#include <string.h>

	NMAPI_EXPORT BOOL WINAPI Register(PEXPERTENUMINFO info)
	{
		strcpy(info->szName, "Mine");
		return TRUE;
	}

	NMAPI_EXPORT BOOL WINAPI Run(HEXPERTKEY key, PEXPERTCONFIG config, PEXPERTSTARTUPINFO startup,
	    DWORD flags, HWND parent)
	{
		NMEVENTDATA ev = { .szEventName = (char *)"Found" };

		return ExpertSubmitEvent(key, &ev) == NMERR_SUCCESS;
	}
	EOF
}

@test "the files are where they belong" {
	[ -x "$BIN/netmon" ]
	[ -n "$(find "$DEST" -name nmapi-engine -path '*libexec*')" ]
	[ -n "$(find "$DEST" -name topuser.so -path '*nmapi/experts*')" ]
	[ -n "$(find "$DEST" -name netmon.h -path '*include*')" ]
	[ -n "$(find "$DEST" -name nmhost.h -path '*include*')" ]
	[ -n "$(find "$DEST" -name 'netmon.1*' -path '*man1*')" ]
	[ -n "$(find "$DEST" -path '*/bash-completion/completions/netmon')" ]
	[ -n "$(find "$DEST" -path '*/zsh/site-functions/_netmon')" ]
	[ -n "$(find "$DEST" -path '*/fish/vendor_completions.d/netmon.fish')" ]
	[ -n "$(find "$DEST" -name 'netmon.h.3*' -path '*man3*')" ]
	for page in $(grep -ohE '_[a-z-]+\.md_' "$NMAPI_SOURCE"/man/*.scd | tr -d _ | sort -u); do
		[ -n "$(find "$DEST" -name "$page" -path '*/share/doc/nmapi/*')" ]
	done
}

@test "nothing installed names the folder it was built in" {
	local root
	root=$(realpath "$NMAPI_SOURCE")
	run grep -rlaF "$root/build" --include='*' "$BIN" "$PC" "$DEST"
	echo "$output"
	for f in $output; do
		# Debug information names sources; nothing that runs may.
		run readelf -d "$f"
		[[ $output != *"$root"* ]]
	done
}

@test "what 'make windows' has built is installed, found and runs a Windows expert" {
	local built=$NMAPI_SOURCE/build-windows/x86_64
	[ -e "$built/worker/nmapi-worker.exe" ] || skip "needs what 'make windows' builds"
	[ -n "$(find "$DEST" -name nmapi.dll -path '*libexec/nmapi/windows/x86_64/*')" ]
	can_have_guests
	[ -x /usr/lib/wine/wine64 ] || skip 'needs the package wine64'
	[ "$(id -u)" != 0 ] || chmod 755 "$BATS_RUN_TMPDIR" "$BATS_FILE_TMPDIR" # it runs as nobody
	run --separate-stderr -0 env -i PATH=/usr/bin:/bin HOME="$HOME" "$BIN/netmon" run -q -T json \
		-e "$built/experts/topuser.dll" "$(capture 100)"
	[ "$(value '.[]|select(.event_type=="expert_end").expert.verdict')" = done ]
	[ "$(value '.[]|select(.event_type=="expert_end").expert.frames_seen')" = 100 ]
}

@test "it runs from where it was staged, engine, experts and all" {
	run --separate-stderr env -i ASAN_OPTIONS="$ASAN_OPTIONS" PATH=/usr/bin:/bin HOME="$HOME" "$BIN/netmon" run -q -T json "$(capture 100)"
	echo "$stderr"
	[ "$status" -eq 0 ]
	[ "$(value '.[]|select(.event_type=="expert_end").expert.name' | xargs)" = "coalesce propdist protdist resptime tcpipe topuser" ]
	[ -z "$stderr" ]
	# Every parser, also below a folder that only root can read.
	run -0 env -i ASAN_OPTIONS="$ASAN_OPTIONS" PATH=/usr/bin:/bin HOME="$HOME" "$BIN/netmon" protocols -T json
	for p in "$DEST"/usr/local/lib/*/nmapi/parsers/*.so; do
		[[ $output == *"$p"* ]]
	done
}

@test "an expert built with one line against the installed tree runs" {
	cd "$BATS_TEST_TMPDIR"
	expert_source >my.c
	export PKG_CONFIG_PATH=$PC PKG_CONFIG_SYSROOT_DIR=$DEST
	cc -shared -fPIC my.c -o my.so $(pkg-config --cflags --libs nmapi)
	run --separate-stderr "$BIN/netmon" run -q -T json "$(capture 10)" -e ./my.so
	[ "$status" -eq 0 ]
	[ "$(value '.[]|select(.event_type=="expert").expert.title')" = Found ]
}

@test "and against the uninstalled tree" {
	cd "$BATS_TEST_TMPDIR"
	expert_source >my.c
	export PKG_CONFIG_PATH=$NMAPI_BUILD/meson-uninstalled
	cc -shared -fPIC my.c -o my.so $(pkg-config --cflags --libs nmapi)
	run_json 0 "$(capture 10)" -e ./my.so
	[ "$(value '.[]|select(.event_type=="expert").expert.title')" = Found ]
}

@test "the installed command writes a project that builds, and whose test passes" {
	cd "$BATS_TEST_TMPDIR"
	export PKG_CONFIG_PATH=$PC PKG_CONFIG_SYSROOT_DIR=$DEST PATH=$BIN:$PATH
	netmon new expert mine
	make -C mine test
}
