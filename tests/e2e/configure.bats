#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# netmon configure: what Configure leaves, what is kept of it, and what a hostile one can't do.
bats_require_minimum_version 1.5.0
load helper

setup() {
	export XDG_CONFIG_HOME=$BATS_TEST_TMPDIR/config
	KEPT=$XDG_CONFIG_HOME/nmapi/experts
	mkdir -p "$BATS_TEST_TMPDIR/empty"
	cd "$BATS_TEST_TMPDIR/empty"
}

# configure STATUS ARGS...: netmon configure; both streams in $output.
configure() {
	local want=$1
	shift
	run setsid -w sh -c 'echo $$ >>"$0"; exec timeout 60 "$@"' "$BATS_TEST_TMPDIR/sessions" \
		"$NETMON" configure "$@"
	[ "$status" -eq "$want" ] || {
		echo "status $status, wanted $want: $output"
		return 1
	}
}

# Processes that commands of this test have left. On Windows each has a session of its own, and the test's environment.
still_there() {
	if on_windows; then
		grep -lsF "$BATS_TEST_TMPDIR" /proc/[0-9]*/environ | sed 's,environ$,comm,' | xargs -r grep -hse '^netmon' -e '^nmapi'
	else
		pgrep -l -s "$(paste -sd, "$BATS_TEST_TMPDIR/sessions")" '^(netmon|nmapi)'
	fi || true
}

# One that was ended may wait to be noticed for a moment.
nobody_is_left() {
	for _ in $(seq 50); do
		[ -n "$(still_there)" ] || return 0
		sleep 0.1
	done
	still_there
	return 1
}

# The expert $1 with $2 stored for it, a configuration of eight bytes.
store() {
	mkdir -p "$KEPT"
	printf '\010\0\0\0%s' "$2" >"$KEPT/$1.cfg"
}

# How a file that is kept is told: on Windows its folder has a name of its own for Wine.
as_told() {
	if on_windows; then
		printf '%s' "${1##*/}"
	else
		printf '%s' "$1"
	fi
}

calls() {
	run_json 0 "$(capture 5)" -e "$EXPERTS/settings-longer.so" "$@"
	value ".[] | select(.event_type == \"expert\") | .expert.columns[0].value"
}

@test "what Configure leaves is stored, shown, given to Run, and dropped" {
	configure 0 --show "$EXPERTS/settings-longer.so"
	[[ $output == 'settings-longer: nothing is stored' ]]
	[ "$(calls)" -eq 0 ]
	configure 0 "$EXPERTS/settings-longer.so"
	[[ $output == *'24 bytes'*"$(as_told "$KEPT/settings-longer.cfg")"*'18 00 00 00 01 00 00 00'* ]]
	configure 0 "$EXPERTS/settings-longer.so"
	[[ $output == *'18 00 00 00 02 00 00 00'* ]]
	shown=$output
	configure 0 --show "$EXPERTS/settings-longer.so"
	[ "$output" = "$shown" ]
	[ "$(stat -c %s "$KEPT/settings-longer.cfg")" = 24 ]
	on_windows || [ "$(stat -c %a "$KEPT/settings-longer.cfg")" = 600 ]
	[ "$(calls)" -eq 2 ]
	[ "$(calls --no-config)" -eq 0 ]
	configure 0 --reset "$EXPERTS/settings-longer.so"
	[ -z "$(ls -A "$KEPT")" ]
}

@test "a configuration of NULL removes what is stored, FALSE keeps it" {
	store settings-nothing abcd
	configure 0 "$EXPERTS/settings-nothing.so"
	[ -z "$(ls -A "$KEPT")" ]
	store settings-kept abcd
	cp "$KEPT/settings-kept.cfg" before
	configure 3 "$EXPERTS/settings-kept.so"
	[[ $output == *'returned_false in Configure'* ]]
	cmp before "$KEPT/settings-kept.cfg"
}

@test "a wrong configuration is refused, and what is stored stays" {
	for leaves in foreign freed interior length_0 length_3 length_too_long too_short_a_block huge_config; do
		store "settings-$leaves" abcd
		cp "$KEPT/settings-$leaves.cfg" before
		configure 3 "$EXPERTS/settings-$leaves.so"
		[[ $output == *'broke_protocol in Configure: NMERR_INVALID_DATA'* ]]
		cmp before "$KEPT/settings-$leaves.cfg"
	done
}

@test "an expert without settings is one line" {
	configure 1 "$EXPERTS/good.so"
	[ "${#lines[@]}" -eq 1 ]
	[[ $output == *'has nothing to configure' ]]
	configure 1
	configure 1 --no-such-option "$EXPERTS/good.so"
}

@test "a stored file that is damaged is one message, and the run goes on without it" {
	local file=$KEPT/settings-longer.cfg
	mkdir -p "$KEPT"
	for damage in 'printf "\031\0\0\0abcd"' 'printf abc' 'head -c 2000000 /dev/zero' :; do
		eval "$damage" >"$file"
		run_json 0 "$(capture 5)" -e "$EXPERTS/settings-longer.so"
		[ "$(value ".[] | select(.event_type == \"expert\") | .expert.columns[0].value")" -eq 0 ]
		[ "$(grep -cF "$(as_told "$file")" <<<"$stderr")" -eq 1 ]
		configure 2 --show "$EXPERTS/settings-longer.so"
	done
	rm "$file"
	! on_windows || return 0 # what follows is a thing of Linux, which Wine can't replace
	mkfifo "$file"
	run_json 0 "$(capture 5)" -e "$EXPERTS/settings-longer.so"
	[[ $stderr == *'no regular file'* ]]
	configure 0 "$EXPERTS/settings-longer.so"
	[ -f "$file" ]
}

# misdeed, exit status, verdict
table() {
	cat <<-'ROWS'
		nullwrite 3 crashed
		abort 3 crashed
		exit0 3 exited
		_exit0 3 exited
		loop 3 timed_out
		sleep 3 timed_out
		stackoverflow 3 crashed
		killself 3 crashed
		stopself 3 timed_out
		forkchild 3 sandbox_violation
		closefds 3 exited
		garbagefds 3 sandbox_violation
		killparent 3 sandbox_violation
		exec 3 sandbox_violation
		openwrite 3 sandbox_violation
		socket 3 sandbox_violation
		sigmaskloop 3 timed_out
		ignorecrash 3 crashed
		doublefree 0
		foreignfree 0
		overrun 0
		heaphog 0
		memoryhog 0
		useafterfree 0
		leak 0
		hugealloc 0
		madeupkeys 0
		locale 0
		fpumode 0
		folder 0
		sigmask 0
	ROWS
}

# Those that have a like on Windows, where Wine bounds neither what is written, begun and sent nor memory.
table_here() {
	if on_windows; then
		table | grep -vE '^(killself|sigmask|sigmaskloop|forkchild|garbagefds|killparent|exec|openwrite|socket|memoryhog) '
	else
		table | without_hogs
	fi
}

@test "whatever Configure does, it gets its verdict, and leaves nothing" {
	local short=1
	! on_windows || short=4 # Wine begins a process slowly
	while read -r misdeed want verdict; do
		store "unsettled-$misdeed-configure" abcd
		file=$KEPT/unsettled-$misdeed-configure.cfg
		cp "$file" "$BATS_TEST_TMPDIR/before"
		limit=
		[ "$verdict" != timed_out ] || limit=--timeout=$short
		configure "$want" $limit "$EXPERTS/unsettled-$misdeed-configure.so" || {
			echo "$misdeed"
			return 1
		}
		if [ "$want" -ne 0 ]; then
			[[ $output == *"$verdict in Configure"* ]] || {
				echo "$misdeed: $output"
				return 1
			}
			cmp "$BATS_TEST_TMPDIR/before" "$file"
		fi
		[ -z "$(ls -A .)" ]
		rm "$file"
	done < <(table_here)
	[ -z "$(ls -A "$KEPT")" ]
	nobody_is_left
}
