#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Settings by name: tables that experts export, values given with a run, and values stored.
bats_require_minimum_version 1.5.0
load helper

setup() {
	export XDG_CONFIG_HOME=$BATS_TEST_TMPDIR/config
	KEPT=$XDG_CONFIG_HOME/nmapi/experts
	FIELDS=$EXPERTS/fields-all.$SO
}

# configure STATUS ARGS...: netmon configure; both streams in $output.
configure() {
	local want=$1
	shift
	run timeout 60 "$NETMON" configure "$@"
	[ "$status" -eq "$want" ] || {
		echo "status $status, wanted $want: $output"
		return 1
	}
}

# What Run got as NAME=VALUE words: the blob's length, and its DWORDs.
got() {
	value '[.[] | select(.event_type == "expert") | .expert.columns[0].value] | join(" ")'
}

# wrong TEXT EXPERT: one line with TEXT, and nothing ran.
wrong() {
	run --separate-stderr timeout 60 "$NETMON" run -q "$(capture 5)" -e "$2"
	[ "$status" -eq 1 ] && [ -z "$output" ] && [ "${#stderr_lines[@]}" -eq 1 ] && [[ $stderr == *"$1"* ]] || {
		echo "$2: status $status: $stderr: $output"
		return 1
	}
}

# number 7, yes, b, x and z, "abc", 80 and 8080
DEFAULTS='36 7 1 1 5 6513249 0 529530960 0'

@test "an expert with a table gets its defaults, what is stored, and what is given" {
	run_json 0 "$(capture 5)" -e "$FIELDS"
	[ "$(got)" = "$DEFAULTS" ]
	run_json 0 "$(capture 5)" -e "$FIELDS:number=20,truth=no,choice=c,flags=y,text=a,b,ports=1,2,3,number=21"
	[ "$(got)" = "36 21 0 2 2 6433889 0 131073 3" ]
	configure 0 "$FIELDS" number=5 ports=443
	run_json 0 "$(capture 5)" -e "$FIELDS"
	[ "$(got)" = "36 5 1 1 5 6513249 0 443 0" ]
	run_json 0 "$(capture 5)" -e "$FIELDS:truth=no"
	[ "$(got)" = "36 5 0 1 5 6513249 0 443 0" ]
	run_json 0 "$(capture 5)" --no-config -e "$FIELDS"
	[ "$(got)" = "$DEFAULTS" ]
	on_windows || run_json 0 "$(capture 5)" --no-config --in-process -e "$FIELDS:number=8"
	on_windows || [ "$(got)" = "36 8 1 1 5 6513249 0 529530960 0" ]
}

@test "a text with a comma and what looks like a name: another mark parts the settings" {
	wrong "no setting is called 'x'" "$FIELDS:text=a,x=1"
	for mark in + ';' '|'; do
		run_json 0 "$(capture 5)" -e "$FIELDS:${mark}number=20${mark}text=a,x=1${mark}ports=1,2,3"
		[ "$(got)" = "36 20 1 1 5 1031285857 49 131073 3" ]
	done
	# A mark without a name behind it belongs to the value, as a comma does.
	run_json 0 "$(capture 5)" -e "$FIELDS:;text=a,x=;+;number=9"
	[ "$(got)" = "36 9 1 1 5 1031285857 11067 529530960 0" ]
	# And none is one that does not stand first.
	run_json 0 "$(capture 5)" -e "$FIELDS:text=a;x=1,number=20"
	[ "$(got)" = "36 20 1 1 5 1031289697 49 529530960 0" ]
	wrong "no setting is called 'x'" "$FIELDS:+number=20+x=1"
	wrong "behind the colon stand settings, NAME=VALUE" topuser:,top=1
	wrong "behind the colon stand settings, NAME=VALUE" topuser:++top=1
}

@test "two runs of one expert have each its own settings" {
	run_json 0 "$(capture 5)" -e "$FIELDS:number=8" -e "$FIELDS:number=9" -e "$FIELDS"
	[ "$(value '[.[] | select(.event_type == "expert" and .expert.title == "dword 1") | .expert.columns[0].value] | join(" ")')" = "8 9 7" ]
}

@test "a wrong name or value is one line before any expert starts" {
	wrong "no setting is called 'nubmer'; did you mean 'number'? It has number, truth, choice, flags, text, ports" \
		"$FIELDS:nubmer=1"
	wrong "no setting is called 'else'; it has number" "$FIELDS:else=1"
	wrong "number: '0' is no number from 1 to 1000" "$FIELDS:number=0"
	wrong "number: '5,6' is no number" "$FIELDS:number=5,6"
	wrong "choice: 'd' is none of a, b, c" "$FIELDS:choice=d"
	wrong "truth: 'maybe' is neither yes nor no" "$FIELDS:truth=maybe"
	wrong "text: the text is longer than 7 bytes" "$FIELDS:text=12345678"
	wrong "ports: 'http' is no number from 1 to 65535" "$FIELDS:ports=80,http"
	wrong "it names no settings" "$EXPERTS/good.$SO:top=1"
	wrong "behind the colon stand settings, NAME=VALUE" topuser:20
	wrong "behind the colon stand settings, NAME=VALUE" topuser:
	wrong "no expert of that name; did you mean topuser?" topusr:top=1
	wrong "did you mean 'top'" topuser:tpo=1
}

@test "an expert that does not get as far as its settings is told by the run" {
	run_json 3 "$(capture 5)" -e "$EXPERTS/hostile-abort-register.$SO:top=1" -e "$FIELDS:number=8"
	[ "$(value '[.[] | select(.event_type == "expert_end") | .expert.verdict] | join(" ")')" = 'crashed done' ]
}

@test "a path may hold colons" {
	only_on_linux "no name holds a colon"
	mkdir -p "$BATS_TEST_TMPDIR/a:number=3"
	cp "$FIELDS" "$BATS_TEST_TMPDIR/a:number=3/x.so"
	cp "$FIELDS" "$BATS_TEST_TMPDIR/y.so:number=4"
	cd "$BATS_TEST_TMPDIR"
	run_json 0 "$(capture 5)" -e "a:number=3/x.so"
	[ "$(got)" = "$DEFAULTS" ]
	run_json 0 "$(capture 5)" -e "a:number=3/x.so:number=9,text=a:b=c"
	[[ "$(got)" == "36 9 1 1 5 "* ]]
	run_json 0 "$(capture 5)" -e "./y.so:number=4"
	[ "$(got)" = "$DEFAULTS" ]
	run_json 0 "$(capture 5)" -e "a:number=3/x.so:+number=9+text=a:b=c"
	[[ "$(got)" == "36 9 1 1 5 "* ]]
}

@test "a table that is none refuses the expert and names the row" {
	for row in overlap:"'wide': it overlaps" twice:"another of its name" badname:"row 2 of the table of settings: its name" \
		badtype:"no such type" badsize:"its size" badrange:"its range" baddefault:"its default" toofar:"beyond the largest" \
		endless:"1 to 63 rows" empty:"1 to 63 rows" control:"can't be shown"; do
		run_json 3 "$(capture 5)" -e "$EXPERTS/fields-${row%%:*}.$SO"
		[ "$(value '.[] | select(.event_type == "expert_end") | .expert | .verdict + " " + .phase')" = 'load_failed Register' ]
		[[ "$(value '.[] | select(.event_type == "expert_end") | .expert.reason')" == *"${row#*:}"* ]]
	done
	run_json 3 "$(capture 5)" -e "$EXPERTS/fields-wild.$SO"
	[ "$(value '.[] | select(.event_type == "expert_end") | .expert | .verdict + " " + .phase')" = 'crashed Register' ]
}

@test "netmon configure shows, sets and resets by name" {
	configure 0 "$FIELDS"
	[[ ${lines[0]} == Setting*Value*Default*'May be'*'What it is' ]]
	[[ $output == *'number'*'7'*'number 1..1000'*'help for number'* ]]
	[ ! -e "$KEPT" ]
	configure 0 "$FIELDS" number=20 ports=80,443
	[[ ${lines[1]} =~ ^number\ +20\ +7\  ]]
	configure 0 -T json "$FIELDS"
	[ "$(jq -r '.settings[] | select(.set) | .name + "=" + .value' <<<"$output" | paste -sd' ')" = 'number=20 ports=80,443' ]
	[ "$(jq -c '.settings[2] | [.name, .kind, .value, .default, .range, .help, .set]' <<<"$output")" = \
		'["choice","one of","b","b","a|b|c","help for choice",false]' ]
	configure 0 "$FIELDS" --reset ports
	[[ $output == *'80,8080'* ]]
	[ "$(stat -c %s "$KEPT/fields-all.cfg")" = 36 ]
	configure 0 "$FIELDS" --reset number
	[ -z "$(ls -A "$KEPT")" ]
	configure 0 "$FIELDS" number=20
	configure 0 --reset "$FIELDS"
	[ -z "$(ls -A "$KEPT")" ]
}

@test "a wrong change stores nothing" {
	configure 0 "$FIELDS" number=20
	cp "$KEPT/fields-all.cfg" "$BATS_TEST_TMPDIR/before"
	for words in 'number=5 choice=d' 'nubmer=1' 'number' '=5' '--reset nubmer' '--reset number=1' '--show number=5' \
		'--call number=5'; do
		configure 1 "$FIELDS" $words
		[ "${#lines[@]}" -eq 1 ]
		cmp "$BATS_TEST_TMPDIR/before" "$KEPT/fields-all.cfg"
	done
	configure 1 "$EXPERTS/good.$SO" top=1
	[[ $output == *'it names no settings'* ]]
	configure 1 "$FIELDS:number=5"
	[[ $output == *"only 'netmon run' takes settings"* ]]
	configure 3 "$EXPERTS/fields-overlap.$SO" number=5
	[[ $output == *'load_failed in Register'* ]]
}

@test "what another version has stored is used as far as it goes, and told" {
	configure 0 "$FIELDS" number=20 ports=443
	cp "$KEPT/fields-all.cfg" "$KEPT/fields-more.cfg"
	run_json 0 "$(capture 5)" -e "$EXPERTS/fields-more.$SO"
	[ "$(got)" = "40 20 1 1 5 6513249 0 443 0 4000000000" ]
	[[ $stderr == *"another version, 36 bytes and not 40: 1 settings, 'more' first, have their defaults"* ]]
	configure 0 "$EXPERTS/fields-more.$SO" more=3
	[[ $output == *'more'*'3'*'4000000000'* ]]
	run_json 0 "$(capture 5)" -e "$EXPERTS/fields-more.$SO"
	[ "$(got)" = "40 20 1 1 5 6513249 0 443 0 3" ]
	[ -z "$stderr" ]
	cp "$KEPT/fields-more.cfg" "$KEPT/fields-all.cfg"
	run_json 0 "$(capture 5)" -e "$FIELDS"
	[ "$(got)" = "36 20 1 1 5 6513249 0 443 0" ]
	[[ $stderr == *"another version, 40 bytes and not 36: the rest is not used"* ]]
	printf '\044\0\0\0\377\377\0\0\1\0\0\0%024d' 0 >"$KEPT/fields-all.cfg"
	run_json 0 "$(capture 5)" -e "$FIELDS"
	[[ "$(got)" == "36 7 1 1 5 "* ]]
	[[ $stderr == *"does not fit: "*"'number' first"* ]]
}

@test "a Configure beside a table keeps what it adds" {
	configure 0 "$EXPERTS/fields-configure.$SO"
	[[ ${lines[0]} == Setting* ]]
	configure 0 --call "$EXPERTS/fields-configure.$SO"
	[[ $output == *'56 bytes'* ]]
	run_json 0 "$(capture 5)" -e "$EXPERTS/fields-configure.$SO"
	[[ "$(got)" == "56 99 1 1 5 "*" 4660" ]]
	[ -z "$stderr" ]
}

@test "a capsule keeps what was given" {
	cd "$BATS_TEST_TMPDIR"
	run timeout 60 "$NETMON" run -q --capsule caps "$(capture 5)" -e "$EXPERTS/fields-crash.$SO:number=13"
	[ "$status" -eq 3 ]
	[ "$(od -An -tu4 -j4 -N4 caps/*/config.cfg | tr -d ' ')" = 13 ]
	run timeout 60 "$NETMON" replay caps/fields-crash-crashed-1
	[ "$status" -eq 0 ]
}

@test "the settings of the shipped experts change their reports" {
	run_json 0 "$(capture 50)" -e topuser:top=1,hide=link,ipv6
	[ "$(value '[.[] | select(.event_type == "expert" and .expert.ident == 2)] | length')" -eq 2 ]
	[ "$(value '[.[] | select(.event_type == "expert" and (.expert.ident == 1 or .expert.ident == 3))] | length')" -eq 0 ]
	run_json 0 "$(capture 50)" -e protdist:hide=hierarchy,times
	[ "$(value '[.[] | select(.event_type == "expert") | .expert.ident] | unique | length')" -le 2 ]
	run_json 0 "$(capture 50)" -e tcpipe:findings=1,top=1,memory=1
	run_json 0 "$(capture 50)" -e tcpipe:memory=0 -e topuser:memory=0 -e protdist:memory=0 # the default
	for e in topuser tcpipe protdist; do
		configure 0 "$e"
		[[ $output == *'memory'*'number 0..4095'*'MiB'* ]]
	done
}
