#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# `make deb`: packages that install in a clean Debian, work there and leave nothing.
bats_require_minimum_version 1.5.0

setup_file() {
	export DEBS=$BATS_FILE_TMPDIR/debs
	cd "$NMAPI_SOURCE" || return
	env -u CC -u CFLAGS -u LDFLAGS -u MAKEFLAGS make -s deb DEB="$DEBS" >"$BATS_FILE_TMPDIR/log" 2>&1 ||
		{ cat "$BATS_FILE_TMPDIR/log"; return 1; }
}

@test "each package has what its name says, and nothing is left out of all of them" {
	local staged packed
	dpkg-deb -c "$(echo "$DEBS"/netmon_*)" | grep -q ' ./usr/bin/netmon$'
	dpkg-deb -c "$(echo "$DEBS"/netmon_*)" | grep -q ' ./usr/share/zsh/vendor-completions/_netmon$'
	dpkg-deb -c "$(echo "$DEBS"/nmapi-engine_*)" | grep -q '/nmapi/experts/topuser.so$'
	dpkg-deb -c "$(echo "$DEBS"/libnmapi2_*)" | grep -q 'libnmapi.so.2'
	dpkg-deb -c "$(echo "$DEBS"/libnmhost0_*)" | grep -q 'libnmhost.so.0'
	dpkg-deb -c "$(echo "$DEBS"/libnmapi-dev_*)" | grep -q ' ./usr/include/netmon.h$'
	if compgen -G "$NMAPI_SOURCE/build-windows/*/worker/nmapi-worker.exe" >/dev/null; then
		dpkg-deb -c "$(echo "$DEBS"/nmapi-wine_*)" | grep -q ' ./usr/libexec/nmapi/windows/[^/]*/nmapi-worker.exe$'
	else
		[ -z "$(find "$DEBS" -name 'nmapi-wine_*.deb')" ]
	fi
	staged=$(cd "$DEBS/nmapi/debian/tmp" && find . ! -type d | sed 's/\.gz$//' | sort)
	packed=$(for d in "$DEBS"/*.deb; do
		case $d in *-dbgsym_*) ;; *) dpkg-deb -c "$d" ;; esac
	done | grep -v '^d' | awk '{ print $6 }' | sed 's/\.gz$//' | sort -u)
	run comm -23 <(echo "$staged") <(echo "$packed")
	echo "in no package: $output"
	[ -n "$staged" ]
	[ -z "$output" ]
}

@test "a version that the changelog does not name is refused with that advice" {
	local tree=$BATS_TEST_TMPDIR/tree
	mkdir -p "$tree/tools" "$tree/debian"
	cp "$NMAPI_SOURCE/tools/make-deb" "$tree/tools"
	cp "$NMAPI_SOURCE/debian/changelog" "$tree/debian"
	sed "s/^  version: '.*',$/  version: '99.9',/" "$NMAPI_SOURCE/meson.build" >"$tree/meson.build"
	run "$tree/tools/make-deb" "$tree/out"
	[ "$status" -eq 1 ]
	[[ $output == *"meson.build says 99.9: add an entry"* ]]
	[ ! -e "$tree/out" ]
}

@test "in a clean Debian they install, work and go without a trace" {
	local mirror
	[ "$(id -u)" -eq 0 ] || skip "only root can make a clean Debian"
	unshare --mount true 2>/dev/null || skip "no mounts are allowed here"
	mirror=$("$NMAPI_SOURCE/tools/try-deb" --mirror) || skip "no Debian mirror is known"
	timeout 20 /usr/lib/apt/apt-helper download-file "$mirror/dists/bookworm/Release" \
		"$BATS_TEST_TMPDIR/release" >/dev/null 2>&1 || skip "no Debian mirror is in reach"
	run timeout 280 "$NMAPI_SOURCE/tools/try-deb" "$DEBS"
	echo "$output"
	[ "$status" -eq 0 ]
}
