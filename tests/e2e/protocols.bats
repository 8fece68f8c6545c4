#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# netmon protocols: what is parsed, told by a worker.
bats_require_minimum_version 1.5.0
load helper

protocols() {
	run --separate-stderr timeout 60 "$NETMON" protocols "$@"
}

@test "every protocol is listed with its second name and the file of its parser" {
	protocols
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	grep -Eq '^FRAME +frame +[0-9]+ +built in ' <<<"$output"
	grep -Eq "^TCP +tcp +[0-9]+ +tcpip\.$SO +Transmission Control Protocol" <<<"$output"
	grep -Eq "^ETHERNET +eth +[0-9]+ +mac\.$SO " <<<"$output"
}

@test "a protocol is told by either name, with a filter for each name of its properties" {
	protocols TCP
	[ "$status" -eq 0 ]
	by_name=$output
	grep -q '^Name:     tcp$' <<<"$output"
	grep -q "^File:     .*[/\\\\]tcpip\.$SO$" <<<"$output"
	grep -Eq '^Source Port +tcp\.srcport +uint16 +tcp\.srcport == ' <<<"$output"
	protocols tcp
	[ "$output" = "$by_name" ]
}

@test "JSON has one object a line, and the names that bits have" {
	protocols -T json
	[ "$status" -eq 0 ]
	[ "$(jq -s -c '[.[0].protocol, .[0].built_in]' <<<"$output")" = '["FRAME",true]' ]
	[ "$(jq -r 'select(.protocol=="IP").properties[].names[]|select(.name=="ip.flags.df").mask' \
		<<<"$output")" = 64 ]
	[ "$(jq -r 'select(.protocol=="IP").properties[].names[]|select(.name=="ip.src").type' \
		<<<"$output")" = ipv4 ]
}

@test "a name that no protocol has is a wrong word" {
	protocols tpc
	[ "$status" -eq 1 ]
	[[ $stderr == *"did you mean 'tcp'?"* ]]
	protocols tcp udpp
	[ "$status" -eq 1 ]
	grep -q '^Protocol: TCP$' <<<"$output"
}

@test "what is no parser is named, and the others are listed" {
	mkdir "$BATS_TEST_TMPDIR/parsers"
	cp "$EXPERTS/good.$SO" "$BATS_TEST_TMPDIR/parsers/none.$SO"
	protocols --parser-path "$BATS_TEST_TMPDIR/parsers"
	[ "$status" -eq 0 ]
	local why="no entry point DllMain"
	! on_windows || why="it registered no protocol" # who calls it there does not say whether there is one
	[[ $stderr == *"none.$SO is not loaded: $why"* ]]
	grep -q '^TCP ' <<<"$output"
}
