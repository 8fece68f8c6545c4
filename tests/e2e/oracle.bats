#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Every shared capture beside what another reader tells of it, and what is written of it
# beside what another reader makes of that.
bats_require_minimum_version 1.5.0
load helper

setup() {
	shared=${NMAPI_SHARED:-$NMAPI_SOURCE/../shared}/captures
	[ -d "$shared/dev" ] || skip "no captures in $shared"
	cd "$BATS_TEST_TMPDIR" || return
}

# What differs, a line each, and how many captures were compared.
compare() {
	jq -s -r --rawfile tsv "$1" "$2"' ($tsv | rtrimstr("\n") | split("\n") | map(split("\t") | select(length > 9))) as $rows
		| map({ key: .pcap_filename, value: .capture }) | from_entries as $ours
		| ($rows[1:][] | rows($ours[.[0]] // {}) as [$file, $what, $got, $want]
			| select($got != $want) | "\($file): \($what) is \($got), not \($want)"),
		"\($rows | length - 1) of \($ours | length)"'
}

info_of_all() {
	(cd "$shared/dev" && "$NETMON" info -T json "$@" ./*.*cap*) | sed 's|"\./|"|' >out
}

@test "info: frames, bytes, times, order, rates, link types and cut frames are the oracle's" {
	info_of_all
	compare "$shared/oracle/dev.tsv" '
		def iso: if test("E") then "0.000000000" else . end | split(".")
			| (.[0] | tonumber | todate | rtrimstr("Z")) + "." + .[1] + "+0000";
		def name: { "null/loopback": "BSD loopback", "802.11": "IEEE 802.11",
			"802.11_radiotap": "IEEE 802.11 with radiotap", "Cisco_HDLC": "Cisco HDLC",
			"Frame_Relay": "Frame Relay", "Linux_SLL": "Linux cooked",
			"Linux_SLL2": "Linux cooked v2", "PPP_with_direction": "PPP with direction",
			"raw_IP": "raw IP", "NetMon_event_record": "Network Monitor event record" }[.] // .;
		# Frames with a comment are a link type of their own to that reader.
		def links: split(" ") | map(split("=") | { key: .[0] | name, value: .[1] | tonumber })
			| from_entries;
		def near($x): . != null and (. - $x | fabs) <= 1e-6 + 1e-9 * ($x | fabs);
		def rows($c): . as $r | ($c.link_types | map({ key: (.link_name // "?"), value: .frames })
				| from_entries) as $links
			| ($r[9] | links) as $want
			| (if $r[6] == "" then 0 else [$r[7], $r[6] | if test("E") then 0 else tonumber end]
				| .[0] - .[1] end) as $s
			| [$r[0], "frames", $c.frames, ($r[1] | tonumber)],
			[$r[0], "stored", $c.stored_bytes, ($r[2] | tonumber)],
			[$r[0], "wire", $c.wire_bytes, ($r[3] | tonumber)],
			(if $r[4] == "" then empty else [4, "first"], [5, "last"], [6, "earliest"], [7, "latest"]
				| . as [$column, $key] | [$r[0], $key, $c[$key], ($r[$column] | iso)] end),
			[$r[0], "without time", ($c.frames_without_time // 0), ($r[8] | tonumber)],
			[$r[0], "out of order", $c.frames_out_of_order > 0, ($c.frames_out_of_order > 0
				or $c.first != $c.earliest or $c.last != $c.latest)],
			[$r[0], "duration", ($c.duration_s // 0 | near($s)), true],
			(if $s == 0 then empty
				else [$r[0], "frame rate", ($c.frames_per_s * $c.duration_s | near($c.frames)), true],
				[$r[0], "data rate", ($c.bits_per_s * $c.duration_s | near($c.wire_bytes * 8)), true]
				end),
			[$r[0], "of all links", ($links | add), ($want | add)],
			($want | to_entries[] | select(.key != "NetMon_frame_with_comment")
				| [$r[0], .key, if $want | has("NetMon_frame_with_comment")
					then $links[.key] >= .value else $links[.key] == .value end, true]),
			[$r[0], "cut", $c.frames_cut > 0, ($r[2] | tonumber) < ($r[3] | tonumber)];' <out | tee diff
	[ "$(wc -l <diff)" -eq 1 ]
	[ "$(wc -l <out)" -gt 80 ]
}

@test "info: what capinfos tells" {
	command -v capinfos >/dev/null || skip "no capinfos"
	info_of_all --hash
	(cd "$shared/dev" && capinfos -T -M -S ./*.*cap* 2>/dev/null) | sed 's|^\./||' >tsv
	compare tsv '
		# It prints two digits, and counts in floating point since 1970.
		def near($x): . != null and (. - ($x | tonumber) | fabs) <= 0.006 + 2e-3 * ($x | tonumber);
		def rows($c): . as $r | [$r[0], "frames", $c.frames, ($r[7] | tonumber)],
			[$r[0], "file size", $c.file_bytes, ($r[8] | tonumber)],
			[$r[0], "data size", $c.wire_bytes, ($r[9] | tonumber)],
			(if $r[10] == "n/a" then empty
				else [$r[0], "duration", ($c.duration_s | near($r[10])), true] end),
			# Simple packets have no time, and then it tells none at all.
			(if $r[13] == "n/a" or $r[10] == "n/a" or ($r[10] | tonumber) < 1e-6 then empty
				else [$r[0], "byte rate", ($c.bits_per_s / 8 | near($r[13])), true],
				[$r[0], "frame rate", ($c.frames_per_s | near($r[16])), true] end),
			[$r[0], "sha256", $c.sha256, $r[17]], [$r[0], "sha1", $c.sha1, $r[19]],
			(if $r[20] == "Unknown" then empty
				else [$r[0], "in order", ($c.frames_out_of_order // 0) == 0, $r[20] == "True"] end),
			(if $r[4] == "(not set)" then empty
				else [$r[0], "size limit", ([$c.interfaces[].snap_len] | max), ($r[4] | tonumber)] end),
			# Not with a space in front, or more than a line.
			([21, "hardware"], [22, "os"], [23, "application"] | . as [$column, $key]
				| [$r[0], $key, ($c[$key] // "" | gsub("^ +"; "")), ($r[$column] | gsub("^ +"; ""))]);' <out | tee diff
	[ "$(wc -l <diff)" -eq 1 ]
}

# Into $1.$2; a capture whose frames don't all fit is noted in partial.
convert_all() {
	mkdir "$1"
	for f in "$shared"/dev/*.*cap*; do
		status=0
		"$NETMON" convert --to "$2" "$f" "$1/${f##*/}" 2>>told || status=$?
		[ "$status" -eq 0 ] || {
			[ "$status" -eq 3 ]
			echo "${f##*/}" >>partial
		}
	done
}

@test "convert: capinfos and tshark read all of what is written, of every capture, without complaint" {
	command -v capinfos >/dev/null || skip "no capinfos"
	command -v tshark >/dev/null || skip "no tshark"
	for to in pcap pcapng netmon; do
		convert_all "$to" "$to"
		# Without frames there is no frame table, which it won't have.
		[ "$to" != netmon ] || rm netmon/pngtest-test01[57]-?e.pcapng
		(cd "$to" && capinfos -T -M -S ./* 2>../complaints) | sed 's|^\./||' >"$to.tsv"
		[ ! -s complaints ] || {
			cat complaints
			return 1
		}
		(cd "$to" && "$NETMON" info -T json ./*) | sed 's|"\./|"|' >out
		compare "$to.tsv" '
			def rows($c): . as $r | [$r[0], "frames", $c.frames, ($r[7] | tonumber)],
				[$r[0], "data size", $c.wire_bytes, ($r[9] | tonumber)],
				[$r[0], "size", $c.file_bytes, ($r[8] | tonumber)];' <out | tee diff
		[ "$(wc -l <diff)" -eq 1 ]
	done
	# What fits is all there: the frames that the oracle tells.
	for to in pcap pcapng netmon; do
		cut -f1,8 "$to.tsv" | grep -vFf partial | sort >frames
		join -t "$(printf '\t')" <(sort "$shared/oracle/dev.tsv") frames | awk -F '\t' '$2 != $NF' >diff
		[ "$(wc -l <frames)" -gt 60 ]
		[ ! -s diff ]
	done
	for f in pcapng/wiki-pcapng-example.pcapng netmon/wiki-pcapng-example.pcapng pcap/wiki-http.pcap \
		netmon/wiki-dhcp.pcapng pcapng/pngtest-test201-le.pcapng; do
		tshark -r "$f" -T fields -e frame.number >/dev/null 2>complaints
		[ "$(grep -vc "as user" complaints)" -eq 0 ]
	done
}

@test "convert: pcap, Network Monitor, pcapng and pcap again: the same bytes, of every capture" {
	n=0
	for f in "$shared"/dev/*.*cap*; do
		"$NETMON" convert --to pcap "$f" a.pcap 2>/dev/null || continue
		"$NETMON" convert --to pcapng a.pcap b.pcapng
		"$NETMON" convert --to pcap b.pcapng c.pcap
		cmp a.pcap c.pcap
		# Nanoseconds don't fit into Network Monitor's files.
		[ "$(head -c 4 a.pcap | od -An -tx1 | tr -d ' ')" = d4c3b2a1 ] || continue
		"$NETMON" convert a.pcap a.cap
		"$NETMON" convert --to pcapng a.cap b.pcapng
		"$NETMON" convert --to pcap b.pcapng c.pcap
		cmp <(tail -c +25 a.pcap) <(tail -c +25 c.pcap)
		n=$((n + 1))
	done
	[ "$n" -gt 50 ]
}
