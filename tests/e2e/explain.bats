#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Event reference pages: those of shipped experts, and hostile ones of others.
bats_require_minimum_version 1.5.0
load helper

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	export PATH="${NETMON%/*}:$PATH"
}

@test "every event that a shipped expert submits has a page that says cause, test and remedy" {
	local kinds
	netmon run -q -T json "$(capture 20000)" >report.json
	kinds=$(jq -r 'select(.event_type == "expert") | "\(.expert.name)/\(.expert.ident)"' report.json | sort -u)
	[ -n "$kinds" ]
	for kind in $kinds; do
		run netmon explain "$kind"
		echo "$kind: $output"
		[ "$status" -eq 0 ]
		[[ $output == *Cause* ]]
		[[ $output == *"How to confirm"* ]]
		[[ $output == *"What to do"* ]]
	done
}

@test "an expert's pages are listed by number, with what they are about" {
	run netmon explain coalesce
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 8 ]
	[[ ${lines[2]} == *"3  Conversation" ]]
	run netmon experts coalesce
	[[ $output == *"3  Conversation"* ]]
}

@test "an expert's events as JSON: what they are about, how severe, and where their pages are" {
	out=$(netmon experts coalesce -T json)
	[ "$(jq -c '[.events[] | .ident]' <<<"$out")" = "[1,2,3,4,5,6,7,8]" ]
	[ "$(jq -c '.events[5] | [.title, .severities]' <<<"$out")" = '["Left out or given up",["info","warning"]]' ]
	[ "$(jq -c '.events[2].severities' <<<"$out")" = "[]" ]
	grep -q '<h1>' "$(jq -r '.events[2].page' <<<"$out" | paths)"
	run netmon experts coalesce
	[[ $output == *"6  Left out or given up (info, warning)"* ]]
}

@test "no shipped expert is more severe than its pages say" {
	netmon run --no-bill -q -T json -o all.json "$(capture 20000)" || [ $? -lt 4 ]
	jq -r 'select(.event_type == "expert") | .expert
		| [.name, .ident, .severity] | join(" ")' all.json | sort -u >seen
	netmon experts -T json | jq -r '.name as $n | .events[] | [$n, .ident] + (.severities[] | [.]) | join(" ")' |
		sort -u >told
	grep -q ' warning$' seen
	[ -z "$(grep -v ' info$' seen | comm -23 - told)" ]
}

@test "words that are no severity are not told; without a page there is no event" {
	mkdir a
	cp "$EXPERTS/../../experts/propdist.$SO" "a/mine.$SO"
	printf '<meta name=severity content="warning, grave,critical warnings"><h1>A&#27;B</h1>' >a/mine1.htm
	head -c 1048577 /dev/zero >a/mine2.htm
	out=$(netmon experts "./a/mine.$SO" -T json)
	[ "$(jq -c '[.events[] | [.ident, .severities]]' <<<"$out")" = '[[1,["warning","critical"]]]' ]
	rm a/*.htm
	[ "$(netmon experts "./a/mine.$SO" -T json | jq -c .events)" = "[]" ]
}

@test "a page of one's own is found beside the expert, and its number is no text" {
	mkdir a
	echo '<h1>Two</h1>' >a/mine2.htm
	echo '<h1>Ten</h1>' >a/mine10.htm
	echo '<h1>Not</h1>' | tee a/mine.htm a/mine02.htm a/mine2.html a/mine3x.htm a/mine99999999999.htm >/dev/null
	run netmon explain "./a/mine.$SO"
	[ "$status" -eq 0 ]
	[ "$output" = "$(printf '     2  Two\n    10  Ten')" ]
	run netmon explain --expert-path a mine/10
	[ "$output" = Ten ]
	run netmon explain a/mine/2
	[ "$output" = Two ]
	cd a
	run netmon explain "mine.$SO/2"
	[ "$output" = Two ]
}

@test "the list of an expert's events names the word by which they are found" {
	cp "$EXPERTS/good.$SO" .
	echo "<h1>One</h1>" >good1.htm
	for word in "good.$SO" "./good.$SO" "$PWD/good.$SO" 'good --expert-path .'; do
		# shellcheck disable=SC2086
		run netmon experts $word
		[[ $output == *"netmon explain ${word% --*}/N tells"*"1  One"* ]]
		# shellcheck disable=SC2086
		run netmon explain "${word% --*}/1" ${word#"${word% --*}"}
		[ "$output" = One ]
	done
}

@test "scripts and control characters of a page do not reach the terminal" {
	mkdir a
	printf '<p>one<script>alert(1)</script>\033]0;x\007 &#27;[31m two' >a/bad1.htm
	run netmon explain "./a/bad.$SO/1"
	[ "$status" -eq 0 ]
	[[ $output != *alert* ]]
	[[ $output != *$'\033'* ]]
	[[ $output == *one*two ]]
}

@test "what is no page is told with what to do" {
	mkdir a
	echo '<p>x' >a/e1.htm
	mkdir a/e2.htm
	mkfifo a/e3.htm
	head -c 1048577 /dev/zero >a/e4.htm
	run netmon explain "./a/e.$SO/2"
	[ "$status" -eq 2 ]
	[[ $output == *"not a regular file; netmon explain ./a/e.$SO lists what there is" ]]
	run timeout 10 netmon explain "./a/e.$SO/3"
	[ "$status" -eq 2 ]
	[[ $output == *"not a regular file"* ]]
	run netmon explain "./a/e.$SO/4"
	[ "$status" -eq 2 ]
	[[ $output == *"larger than 1 MiB"* ]]
	run netmon explain "./a/e.$SO/5"
	[ "$status" -eq 2 ]
	[[ $output == *"No such file"* ]]
	run netmon explain nosuch/1
	[ "$status" -eq 2 ]
	[[ $output == *"netmon experts lists experts"* ]]
	run netmon explain
	[ "$status" -eq 1 ]
	run netmon explain a b
	[ "$status" -eq 1 ]
}

@test "a full disk is told" {
	run bash -c 'netmon explain coalesce/3 >/dev/full'
	[ "$status" -eq 6 ]
}

@test "the page of -T html tells beside the events what they mean, and runs nothing of it" {
	mkdir a
	cp "$EXPERTS/good.$SO" "a/good.$SO"
	netmon run -q -T json "$(capture 10)" -e "./a/good.$SO" >report.json
	ident=$(jq -r 'select(.event_type == "expert") | .expert.ident' report.json | head -n 1)
	echo '<p>Good <script>steal()</script>&lt;b onclick=x()&gt; news' >"a/good$ident.htm"
	netmon run -q -T html -o page.html "$(capture 10)" -e "./a/good.$SO"
	grep -q 'class=about' page.html
	grep -q 'Good &lt;b onclick' page.html
	run grep -c 'steal()' page.html
	[ "$output" = 0 ]
	run grep -c '<b onclick' page.html
	[ "$output" = 0 ]
}
