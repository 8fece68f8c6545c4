#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Protocols and properties of frames, as an expert sees them.
bats_require_minimum_version 1.5.0
load helper

@test "an expert sees each frame's protocols and properties, and their text" {
	run_json 0 "$(capture 50)" -e "$EXPERTS/decode.so"
	shown=$(jq -r '.. | strings' <<<"$output")
	grep -q '^1 FRAME: Base frame properties$' <<<"$shown"
	grep -q '^1   ETHERNET: Ethernet Type = IP' <<<"$shown"
	grep -q '^1 IP' <<<"$shown"
	grep -q 'TCP: Source Port = ' <<<"$shown"
	grep -q '50 frames, ' <<<"$shown"
}
