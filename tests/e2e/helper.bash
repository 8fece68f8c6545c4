# SPDX-License-Identifier: MIT
# Shared by the end-to-end tests: where things are, and what every test checks.
# NMAPI_BUILD and NMAPI_SOURCE come from the build.

NETMON=${NMAPI_NETMON:-$NMAPI_BUILD/src/cli/netmon}
EXPERTS=${NMAPI_EXPERTS:-$NMAPI_BUILD/tests/experts}
PARSERS=${NMAPI_PARSERS:-$NMAPI_BUILD/tests/parsers}
export NO_COLOR=1
# A leak report of the sanitizer must not pass for the command's own output.
export ASAN_OPTIONS=detect_leaks=0

# Is netmon.exe, under Wine, tested in place of the command? Plug-ins end in .$SO.
on_windows() {
	[ -n "${NMAPI_NETMON:-}" ]
}
SO=so
! on_windows || SO=dll

# Here a test ends that is about what Windows, or Wine, has not: $1 says what.
only_on_linux() {
	! on_windows || skip "on Windows: $1"
}

# The signal that asks the command to end: the one that Wine passes on.
INTERRUPT=TERM
! on_windows || INTERRUPT=INT

# Paths as the command tells them, each a line, as the shell takes them.
paths() {
	if on_windows; then sed 's,^[A-Za-z]:,,; s,\\,/,g'; else cat; fi
}

# A capture of $1 frames, made once per test file.
capture() {
	local file=$BATS_FILE_TMPDIR/frames-$1.pcap
	[ -f "$file" ] || "$NMAPI_BUILD/tools/mkcapture" --frames "$1" --seed 7 "$file"
	printf '%s' "$file"
}

# run_json STATUS ARGS...: netmon run -T json; the objects are in $output.
run_json() {
	local want=$1
	shift
	run --separate-stderr timeout 60 "$NETMON" run --no-bill -q -T json "$@"
	[ "$status" -eq "$want" ] || {
		echo "status $status, wanted $want"
		echo "$stderr"
		echo "$output" | tail -n 5
		return 1
	}
	jq -e . <<<"$output" >/dev/null
}

# until_works PID: its engine has a worker, within some seconds. On Linux.
until_works() {
	for _ in $(seq 100); do
		[ -z "$(pgrep -P "$(pgrep -d, -P "$1")" 2>/dev/null)" ] || return 0
		sleep 0.1
	done
	return 1
}

# until_has FILE PATTERN: FILE has had a line like PATTERN, within some seconds.
until_has() {
	for _ in $(seq 200); do
		! grep -q -e "$2" "$1" 2>/dev/null || return 0
		sleep 0.1
	done
	echo "$1 has no $2:"
	cat "$1"
	false
}

# The value of a jq expression over the objects of $output, one line.
value() {
	jq -s -c -r "$1" <<<"$output"
}

# The command is built with a sanitizer.
sanitized() {
	grep -qaE '__[at]san_init' "$NETMON"
}

# Under its limits on memory a sanitizer can't do the calls that make a process Wine's guest.
can_have_guests() {
	! sanitized || skip 'a command built with a sanitizer begins no guest'
}

# A sanitizer needs terabytes of address space, so there is no bound on it, and what
# goes past the heap would take all memory there is: the lines but those of memoryhog.
without_hogs() {
	if sanitized; then
		grep -v '^memoryhog[- ]'
	else
		cat
	fi
}

# build_expert SOURCE.c NAME: what NMAPI_EXPERTS has built for, into NAME.so or NAME.dll.
build_expert() {
	local build=${NMAPI_EXPERTS:-} arch
	if on_windows; then
		build=${build%/tests/experts}
		arch=${build##*/}
		"$arch-w64-mingw32-gcc" -shared -Wl,--kill-at -I "$NMAPI_SOURCE/include" -o "$2.$SO" "$1" "$build/src/api/nmapi.lib"
	else
		# shellcheck disable=SC2046
		cc -shared -fPIC -o "$2.$SO" "$1" $(PKG_CONFIG_PATH=$NMAPI_BUILD/meson-uninstalled pkg-config --cflags --libs nmapi)
	fi
}

# Whoever has a file of this test's folder open, by process number: the processes of a run whose capture is there.
holders() {
	find /proc/[0-9]*/fd -lname "$BATS_TEST_TMPDIR/*" 2>/dev/null | cut -d/ -f3 | sort -u
}
