#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs @NAME@ over a capture of five frames and looks whether it found the one
# silence that is in it, and nothing else.
set -eu
cd "$(dirname "$0")"
NETMON=${NETMON:-netmon}

# A pcap file: 24 bytes of header, then 16 bytes before each frame.
header() {
	printf '\324\303\262\241\002\000\004\000\000\000\000\000\000\000\000\000'
	printf '\377\377\000\000\001\000\000\000'
}

# One frame of 14 bytes, at second $1 (in octal) of 1970.
frame() {
	printf "\\$1\\000\\000\\000\\000\\000\\000\\000\\016\\000\\000\\000\\016\\000\\000\\000"
	printf '\002\000\000\000\000\001\002\000\000\000\000\002\210\265'
}

fail() {
	echo "FAILED: $1" >&2
	cat test.json >&2
	exit 1
}

# found N PATTERN: N lines of the report hold the text.
found() {
	[ "$(grep -c -F -e "$2" test.json)" = "$1" ] || fail "wanted $1 time(s): $2"
}

{ header; frame 001; frame 001; frame 001; frame 011; frame 011; } >test.pcap
"$NETMON" run -q -T json -o test.json -e "./@NAME@.${SO:-so}" test.pcap || fail "netmon ended with $?"

found 1 '"event_type":"expert",'
found 1 '"title":"Silence"'
found 1 '"pcap_cnt":4,'
found 1 '"name":"Seconds","type":"float64","value":8.0'
found 1 '"verdict":"done"'
found 1 '"heap_left_blocks":0'
echo "ok: @NAME@"
