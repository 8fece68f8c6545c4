#!/bin/sh
# SPDX-License-Identifier: MIT
# Shows a capture of four frames with @NAME@ and compares what it says of each: a
# question, an answer that is cut, a type that there is not, and what is not ours.
set -eu
cd "$(dirname "$0")"
NETMON=${NETMON:-netmon}
NETMON_PARSER_PATH=$PWD
export NETMON_PARSER_PATH

# A pcap file: 24 bytes of header, then 16 bytes before each frame.
header() {
	printf '\324\303\262\241\002\000\004\000\000\000\000\000\000\000\000\000'
	printf '\377\377\000\000\001\000\000\000'
}

# One Ethernet frame: IPv4 and UDP (length 20, in octal 024) to port 9999 (047 017), and $1,
# 12 bytes of ours.
frame() {
	printf '\001\000\000\000\000\000\000\000\066\000\000\000\066\000\000\000'
	printf '\002\000\000\000\000\001\002\000\000\000\000\002\010\000'
	printf '\105\000\000\050\000\001\000\000\100\021\000\000\012\000\000\001\012\000\000\002'
	printf '\300\000\047\017\000\024\000\000'
	printf "$1"
}

fail() {
	echo "FAILED: $1" >&2
	cat test.out >&2
	exit 1
}

# shown N PATTERN: N lines hold the text.
shown() {
	[ "$(grep -c -F -e "$2" test.out)" = "$1" ] || fail "wanted $1 time(s): $2"
}

{
	header
	frame '\001\001\000\010question'
	frame '\001\002\001\000answered'
	frame '\001\003\000\010whatever'
	frame '\002\001\000\010question'
} >test.pcap
"$NETMON" frames -V test.pcap >test.out || fail "netmon ended with $?"

shown 1 'Question of 12 bytes'
shown 1 'Answer of 12 bytes'
shown 1 'Something of 12 bytes'
shown 3 'Version = 1 (0x1)'
shown 1 'Type = Question'
shown 1 'Type = Answer'
shown 1 'Type = 3 (0x3)'
shown 2 'Length = 8 (0x8)'
shown 1 'Length = 256 (0x100)'
shown 1 'Text = question'
shown 1 'Text = answered [error]'
[ "$("$NETMON" frames -T fields -e @NAME@.text -c 1 test.pcap)" = question ] || fail 'no field @NAME@.text'
echo "ok: @NAME@"
