#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Completion in bash, zsh and fish: what the shells offer is what the help says.
bats_require_minimum_version 1.5.0
load helper

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	mkdir bin folder && ln -s "$NETMON" bin/netmon
	PATH=$PWD/bin:$PATH
	touch some.pcap
	scripts=$NMAPI_SOURCE/completions
}

# Each prints what a shell offers behind a line, a word a line.
# shellcheck disable=SC2016
in_bash() {
	bash --norc -c 'compopt() { :; }; . "$1"; COMP_LINE=$2 COMP_POINT=${#2}; _netmon; printf "%s\n" "${COMPREPLY[@]}"' \
		sh "$scripts/netmon.bash" "$1"
}

# shellcheck disable=SC2016
in_zsh() {
	command -v zsh >/dev/null || skip "zsh is not there"
	zsh -f -c '
		compadd() { while [[ $1 != -- ]]; do shift; done; shift; print -l -- "$@"; }
		compset() { PREFIX=${PREFIX#*=}; }
		_files() { [[ $1 != -/ ]] && print -l -- ${PREFIX}*(N) || print -l -- ${PREFIX}*(N/); }
		words=(${(z)2}); [[ $2 != *" " ]] || words+=("")
		CURRENT=$#words PREFIX=$words[-1]
		. "$1"' sh "$scripts/_netmon" "$1"
}

in_fish() {
	command -v fish >/dev/null || skip "fish is not there"
	local home=$BATS_FILE_TMPDIR/home
	mkdir -p "$home"
	# shellcheck disable=SC2016
	HOME=$home XDG_CONFIG_HOME=$home XDG_DATA_HOME=$home fish -c 'source $argv[1]; complete -C $argv[2]' "$scripts/netmon.fish" "$1" | cut -f1 | sed "s,/$,,"
}

# The long and short options in the help of a command, as they are written.
options_of() {
	netmon help "$1" | grep -oE '^  (-[A-Za-z]|  )(, )?( *--[a-z-]+)?' | grep -oE -- '--[a-z-]+|-[A-Za-z]$|-[A-Za-z],' | tr -d ,
}

commands() {
	netmon help | grep -oE '^  [a-z]+ ' | tr -d ' '
}

# offers SHELL: every command, and of each every option.
offers_all() {
	local shell=$1 c
	for c in $(commands); do
		"in_$shell" "netmon " | grep -qx -- "$c"
		diff <(options_of "$c" | grep -- '^--' | sort -u) <("in_$shell" "netmon $c --" | tr -d = | sort -u)
		diff <(options_of "$c" | grep -v -- '^--' | sort -u) <("in_$shell" "netmon $c -" | grep -xE -- '-[A-Za-z]' | sort -u)
	done
	[ "$(commands | wc -l)" -ge 14 ]
	[ "$(options_of run | wc -l)" -ge 38 ]
}

# offers LINE WORD...: all three shells offer exactly these.
offers() {
	local line=$1 shell
	shift
	for shell in bash zsh fish; do
		command -v "$shell" >/dev/null || continue
		diff <(printf '%s\n' "$@" | sort -u) <("in_$shell" "$line" | sort -u) || {
			echo "$shell: $line"
			false
		}
	done
}

@test "bash: every command and every option of the help" { offers_all bash; }
@test "zsh: every command and every option of the help" { offers_all zsh; }
@test "fish: every command and every option of the help" { offers_all fish; }

@test "values of options" {
	offers "netmon run -T " csv html json sarif sqlite text
	offers "netmon run -T s" sarif sqlite
	offers "netmon run --fail-on " critical error info severe strong warning
	offers "netmon run --sandbox " best-effort off require
	offers "netmon run --heap g" guard guard-under
	offers "netmon run -q --color " always auto never
	offers "netmon frames -t " a ad d dd e r u ud
	offers "netmon frames -E q" quote=
	offers "netmon convert --compress " gzip lz4 none xz zstd
	offers "netmon convert -F " netmon pcap pcapng
	offers "netmon info -T " json text
	[ "$(netmon complete -- run --fail-on=s | cut -f1 | paste -sd ' ')" = "--fail-on=strong --fail-on=severe" ]
	[ "$(in_bash 'netmon run --fail-on=s' | paste -sd ' ')" = "strong severe" ]
}

@test "what the help lists as values is what the commands take" {
	for v in $(netmon complete -- run -T '' | cut -f1); do
		netmon run -q -T "$v" -o "out.$v" "$(capture 5)" -e "$EXPERTS/good.$SO"
	done
	for v in $(netmon complete -- frames -t '' | cut -f1); do netmon frames -t "$v" "$(capture 5)" >/dev/null; done
	for v in $(netmon complete -- run --heap '' | cut -f1); do
		netmon run -q --heap "$v" "$(capture 5)" -e "$EXPERTS/good.$SO" >/dev/null
	done
	for v in $(netmon complete -- convert --compress '' | cut -f1); do
		netmon convert --compress "$v" -F pcap "$(capture 5)" "c.$v"
	done
}

@test "experts and their settings" {
	offers "netmon run -e t" tcpipe topuser
	offers "netmon configure prop" propdist
	offers "netmon configure coalesce o" others= overwrite=
	offers "netmon explain t" tcpipe topuser
	[ "$(netmon complete -- run -e topuser:t | cut -f1)" = topuser:top= ]
	[ "$(netmon complete -- run -e topuser:top=5,m | cut -f1)" = topuser:top=5,memory= ]
	[ "$(netmon complete -- run -e topuser:+top=5,6+m | cut -f1)" = topuser:+top=5,6+memory= ]
	[ "$(netmon complete -- run -e 'topuser:;t' | cut -f1)" = 'topuser:;top=' ]
	[ -z "$(netmon complete -- run -e topuser:+top=5,m)" ]
	[ "$(in_bash 'netmon run -e topuser:+top=5+m')" = 5+memory= ]
	[ "$(netmon complete -- run -e coalesce:format= | cut -f1 | paste -sd ' ')" = "coalesce:format=pcapng coalesce:format=netmon" ]
	[ "$(netmon complete -- configure coalesce comments=y | cut -f1)" = comments=yes ]
	[ "$(in_bash 'netmon run -e topuser:t')" = top= ]
	# A folder of one: among the others are some that never end being loaded.
	mkdir "$BATS_TEST_TMPDIR/mine"
	cp "$EXPERTS/good.$SO" "$BATS_TEST_TMPDIR/mine/"
	[ "$(netmon complete -- run --expert-path "$BATS_TEST_TMPDIR/mine" -e goo | cut -f1)" = good ]
	[ "$(netmon complete -- run --expert-path="$BATS_TEST_TMPDIR/mine" -e goo | cut -f1)" = good ]
	[ -z "$(netmon complete -- run -e goo)" ]
	[ -z "$(netmon complete -- run -e nosuch:)" ]
}

@test "protocols and their properties" {
	offers "netmon protocols tc" tcp
	netmon complete -- frames -e tcp.s | cut -f1 | grep -x tcp.srcport
	netmon complete -- run -Y ip.t | cut -f1 | grep -x ip.ttl
	[ -z "$(netmon complete -- frames -e nosuch.)" ]
}

@test "files where files are read, folders where folders are wanted" {
	offers "netmon run so" some.pcap
	offers "netmon run -q -- so" some.pcap
	offers "netmon run -o so" some.pcap
	offers "netmon run --output-dir f" folder
	[ "$(in_bash 'netmon run --output=so')" = some.pcap ]
	[ "$(in_zsh 'netmon run --output=so')" = some.pcap ]
	[ "$(in_fish 'netmon run --output=so')" = --output=some.pcap ]
}

@test "nothing is offered where nothing is known" {
	for words in 'nosuch ' 'run --timeout ' 'run --nosuch=' 'run --quiet=' 'version '; do
		# shellcheck disable=SC2086
		[ -z "$(netmon complete -- ${words% } "")" ] || [ "${words% }" = "${words}" ]
	done
	run -1 netmon complete
	[[ $output == *"go behind '--'"* ]]
	run -1 netmon complete run
	[ -z "$(netmon complete -- run "$(head -c 5000 /dev/zero | tr '\0' x)")" ] || [ "$(netmon complete -- run "$(head -c 5000 /dev/zero | tr '\0' x)")" = :files ]
}
