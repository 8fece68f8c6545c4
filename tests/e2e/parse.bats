#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Protocols and properties of frames, as an expert sees them.
bats_require_minimum_version 1.5.0
load helper

@test "an expert sees each frame's protocols and properties, and their text" {
	run_json 0 "$(capture 50)" -e "$EXPERTS/decode.$SO"
	shown=$(jq -r '.. | strings' <<<"$output")
	grep -q '^1 FRAME: Base frame properties$' <<<"$shown"
	grep -q '^1   ETHERNET: Ethernet Type = IP' <<<"$shown"
	grep -q '^1 IP' <<<"$shown"
	grep -q 'TCP: Source Port = ' <<<"$shown"
	grep -q '50 frames, ' <<<"$shown"
}

@test "tables of protocols that are read late hold what they hold when read from the first frame on" {
	run_json 0 "$(capture 500)" -e "$EXPERTS/lazy.$SO"
	[ "$(value '.[]|select(.event_type=="expert_end").expert.verdict')" = done ]
	late=$(value '.[]|select(.event_type=="expert")|.expert.columns[0].value')
	[ "$late" -gt 0 ]
	# In process there is no handler of faults, and every frame's table is made.
	on_windows || run_json 0 --in-process "$(capture 500)" -e "$EXPERTS/lazy.$SO"
	[ "$late" = "$(value '.[]|select(.event_type=="expert")|.expert.columns[0].value')" ]
	run_json 0 --heap=guard "$(capture 500)" -e "$EXPERTS/lazy.$SO"
	[ "$late" = "$(value '.[]|select(.event_type=="expert")|.expert.columns[0].value')" ]
}

@test "headers that are recognized without a call are what their parsers say of them" {
	"$NETMON" frames -T json "$(capture 3000)" >"$BATS_TEST_TMPDIR/usual"
	export XDG_CONFIG_HOME=$BATS_TEST_TMPDIR
	mkdir "$BATS_TEST_TMPDIR/nmapi"
	printf '[NMAPI]\nHeaders = 0\n' >"$BATS_TEST_TMPDIR/nmapi/parser.ini"
	"$NETMON" frames -T json "$(capture 3000)" >"$BATS_TEST_TMPDIR/asked"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/usual")" -ge 3000 ]
	cmp "$BATS_TEST_TMPDIR/usual" "$BATS_TEST_TMPDIR/asked"
}
