#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Experts that are libraries for Windows: what is said of a file, and what a run makes of it.
bats_require_minimum_version 1.5.0
load helper

setup_file() {
	cat >"$BATS_FILE_TMPDIR/old.c" <<-'END'
		#include <stdlib.h>
		__declspec(dllexport) int __stdcall Register(void *info) { return info != NULL; }
		#ifndef NO_RUN
		__declspec(dllexport) int __stdcall Run(void *k, void *c, void *s, unsigned long f, void *w)
		{ return k && !c && s && !f && !w; }
		#endif
	END
}

# dll NAME COMPILER-PREFIX [OPTION...]: its path.
dll() {
	local to=$BATS_TEST_TMPDIR/$1 prefix=$2
	shift 2
	"$prefix-w64-mingw32-gcc" -shared -s -o "$to" "$BATS_FILE_TMPDIR/old.c" "$@"
	echo "$to"
}

# checked STATUS FILE TEXT: what --check says of it begins so.
checked() {
	run --separate-stderr -"$1" "$NETMON" experts --check "$2"
	[[ $output == "$2: $3"* ]] || { echo "$output"; return 1; }
	[ "${#lines[@]}" = 1 ]
}

@test "a shared object of this system is loaded, and says its name" {
	checked 0 "$EXPERTS/good.so" 'an expert, '
	checked 3 "$EXPERTS/norun.so" 'no entry point Run'
}

@test "what is no library for this machine is named" {
	cp "$EXPERTS/good.so" "$BATS_TEST_TMPDIR/arm.so"
	printf '\267' | dd of="$BATS_TEST_TMPDIR/arm.so" bs=1 seek=18 conv=notrunc status=none
	checked 3 "$BATS_TEST_TMPDIR/arm.so" 'built for arm64, this program is '
	checked 3 "$BATS_TEST_TMPDIR" 'a folder, not a shared object'
	checked 3 "$BATS_TEST_TMPDIR/gone.dll" 'No such file'
	echo hello >"$BATS_TEST_TMPDIR/text.dll"
	checked 3 "$BATS_TEST_TMPDIR/text.dll" 'not a shared object'
}

@test "a Windows expert that only lacks an entry point, or its name, is told" {
	checked 3 "$(dll norun.dll x86_64 -DNO_RUN)" 'no entry point Run'
	checked 3 "$(dll decorated.dll i686)" 'it exports Register@4, which is looked for as Register'
	head -c 2000 "$(dll whole.dll x86_64)" >"$BATS_TEST_TMPDIR/cut.dll"
	checked 3 "$BATS_TEST_TMPDIR/cut.dll" 'cut short: 2000 of at least '
}

@test "a Windows expert that a run can't load costs a line, and the others run" {
	run_json 3 "$(capture 100)" -e "$EXPERTS/good.so" -e "$(dll norun.dll x86_64 -DNO_RUN)" -e "$EXPERTS/frames.so"
	[ "$(value '[.[]|select(.event_type=="expert_end").expert.verdict]|join(" ")')" = 'done load_failed done' ]
	[[ $(value '[.[]|select(.event_type=="expert_end")][1].expert.reason') == 'no entry point Run'* ]]
}

# bad NAME CHANGE: a good expert for Windows, changed; CHANGE is Python, with `b` for its bytes and `pe`
# for where its header begins.
bad() {
	python3 - "$BATS_TEST_TMPDIR/whole.dll" "$BATS_TEST_TMPDIR/$1.dll" "$2" <<-'END'
		import struct, sys
		b = bytearray(open(sys.argv[1], 'rb').read())
		pe = struct.unpack_from('<I', b, 60)[0]
		exec(sys.argv[3])
		open(sys.argv[2], 'wb').write(b)
	END
}

@test "whatever is wrong with a file for Windows, a run says which, and goes on" {
	local args=() name text
	dll whole.dll x86_64 >/dev/null
	bad arm 'struct.pack_into("<H", b, pe + 4, 0x1c4)'
	bad arm64 'struct.pack_into("<H", b, pe + 4, 0xaa64)'
	bad driver 'struct.pack_into("<H", b, pe + 24 + 68, 1)'
	bad net 'struct.pack_into("<II", b, pe + 24 + 112 + 14 * 8, 0x1000, 72)'
	bad cut 'del b[3000:]'
	bad head 'del b[2:]'
	bad silent 'b[pe + 24 + 112:pe + 24 + 120] = bytes(8)'
	bad packed 'b[pe + 24 + 112:pe + 24 + 120] = bytes(8); s = pe + 24 + b[pe + 20] + 256 * b[pe + 21]; b[s:s + 8] = b"UPX0\0\0\0\0"'
	dll norun.dll x86_64 -DNO_RUN >/dev/null
	dll decorated.dll i686 >/dev/null
	while read -r name text; do
		args+=(-e "$BATS_TEST_TMPDIR/$name.dll")
	done < <(wrong)
	run_json 3 "$(capture 100)" "${args[@]}" -e "$EXPERTS/good.so"
	[ "$(value '[.[]|select(.event_type=="expert_end").expert.verdict]|last')" = done ]
	while read -r name text; do
		[[ $(value '.[]|select(.event_type=="expert_end" and .expert.name=="'"$name"'").expert|"\(.verdict) \(.reason)"') == \
			"load_failed $text"* ]] || { echo "$name"; return 1; }
	done < <(wrong)
}

wrong() {
	cat <<-'ROWS'
		arm a library for Windows on 32-bit ARM: what runs here is for x86-64 or 32-bit x86
		arm64 a library for Windows on arm64: what runs here is for x86-64 or 32-bit x86
		driver a driver of Windows' kernel
		net a .NET assembly: its code is for no processor, and no expert is made so
		cut cut short: 3000 of at least
		head cut short in its first header
		silent no entry points Register and Run: not an expert, or they are not exported
		packed packed, as the names of its sections say
		norun no entry point Run: not an expert, or it is not exported
		decorated it exports Register@4, which is looked for as Register
	ROWS
}

@test "a library that a Windows expert needs and that is not there is named by a run" {
	can_have_guests
	[ -x /usr/lib/wine/wine64 ] || skip 'needs the package wine64'
	echo '__declspec(dllexport) int gone_away(void) { return 1; }' >"$BATS_TEST_TMPDIR/gone.c"
	x86_64-w64-mingw32-gcc -shared -o "$BATS_TEST_TMPDIR/gone.dll" "$BATS_TEST_TMPDIR/gone.c" \
		"-Wl,--out-implib,$BATS_TEST_TMPDIR/gone.lib"
	sed 's/return info != NULL/return info != NULL \&\& gone_away()/; 1i int gone_away(void);' "$BATS_FILE_TMPDIR/old.c" \
		>"$BATS_TEST_TMPDIR/needs.c"
	x86_64-w64-mingw32-gcc -shared -o "$BATS_TEST_TMPDIR/needs.dll" "$BATS_TEST_TMPDIR/needs.c" "$BATS_TEST_TMPDIR/gone.lib"
	rm "$BATS_TEST_TMPDIR/gone.dll"
	run_json 3 "$(capture 100)" -e "$BATS_TEST_TMPDIR/needs.dll" -e "$EXPERTS/good.so"
	[ "$(value '[.[]|select(.event_type=="expert_end").expert.verdict]|join(" ")')" = 'load_failed done' ]
	[[ $(value '[.[]|select(.event_type=="expert_end")][0].expert.reason') == *'gone.dll'* ]]
}

@test "a Windows expert can't run in this process, and a line says so" {
	run_json 3 "$(capture 100)" --in-process -e "$(dll whole.dll x86_64)"
	[[ $(value '.[]|select(.event_type=="expert_end").expert.reason') == \
		'an expert for Windows, x86-64; it can only run under Wine, in a process of its own' ]]
}

# ---- run under Wine -------------------------------------------------------------------------

# need_worker [ARCHITECTURE]: what 'make windows' leaves, or a skip.
need_worker() {
	can_have_guests
	ARCH=${1:-x86_64}
	WORKER=$BATS_TEST_DIRNAME/../../build-windows/$ARCH
	"$BATS_TEST_DIRNAME/../../tools/wine-run" --has "$ARCH" || skip "needs Wine for $ARCH"
	[ -e "$WORKER/worker/nmapi-worker.exe" ] || skip "needs what 'make windows' builds"
}

# Of an expert: TRUE when it could send a datagram.
SENDS='WSADATA d; struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = 0x0900 };
	a.sin_addr.s_addr = inet_addr("127.0.0.1"); WSAStartup(0x202, &d);
	return sendto(socket(AF_INET, SOCK_DGRAM, 0), "x", 1, 0, (void *)&a, sizeof a) == 1;'

# Of an expert: TRUE when it could begin another process, after it asked for what Wine begins one for.
BEGINS='char me[300]; STARTUPINFOA i = { sizeof i }; PROCESS_INFORMATION p; GetDesktopWindow();
	GetModuleFileNameA(NULL, me, sizeof me);
	return CreateProcessA(me, NULL, NULL, NULL, FALSE, 0, NULL, NULL, &i, &p);'

# The same by calls of Linux, past Wine: TRUE when a socket to programs here could be made; TRUE when fork() is
# refused by EPERM.
RAW_SOCKET='long long r = 0; int args[3] = { 1, 1, 0 }; (void)args;
	#ifdef _WIN64
	__asm__ volatile("syscall" : "=a"(r) : "a"(41LL), "D"(1LL), "S"(1LL), "d"(0LL) : "rcx", "r11", "memory");
	#else
	int n; __asm__ volatile("int $0x80" : "=a"(n) : "a"(102), "b"(1), "c"(args) : "memory"); r = n;
	#endif
	return r >= 0;'
RAW_FORK='long long r = 0;
	#ifdef _WIN64
	__asm__ volatile("syscall" : "=a"(r) : "a"(57LL) : "rcx", "r11", "memory");
	#else
	int n; __asm__ volatile("int $0x80" : "=a"(n) : "a"(2) : "memory"); r = n;
	#endif
	return r == -1;'

# The same: TRUE when it could cut the page that it shares with the command, whose name is the last word.
RAW_CUT='char *path = strrchr(GetCommandLineA(), 58) + 1; long long r = 0;
	for (char *c = path; *c; c++) if (*c == 92) *c = 47;
	path[strcspn(path, " \"")] = 0;
	__asm__ volatile("syscall" : "=a"(r) : "a"(76LL), "D"(path), "S"(0LL) : "rcx", "r11", "memory");
	return r == 0;'

# The same: TRUE when the heap of Wine itself ends below the page that Windows shares with each program.
RAW_HEAP='long long r = 0;
	__asm__ volatile("syscall" : "=a"(r) : "a"(12LL), "D"(0LL) : "rcx", "r11", "memory");
	return r > 0 && r <= 0x7ffe0000LL;'

# windows_expert NAME BODY [OPTION...]: an expert whose Run has that body.
windows_expert() {
	local to=$BATS_TEST_TMPDIR/$1.dll
	cat >"$BATS_TEST_TMPDIR/$1.c" <<-END
		#include <winsock2.h>
		#include <netmon.h>
		#include <stdio.h>
		NMAPI_EXPORT BOOL WINAPI Register(PEXPERTENUMINFO i) { strcpy(i->szName, "$1"); return TRUE; }
		NMAPI_EXPORT BOOL WINAPI Run(HEXPERTKEY key, PEXPERTCONFIG c, PEXPERTSTARTUPINFO s, DWORD f, HWND w)
		{ $2 }
	END
	"$ARCH-w64-mingw32-gcc" -shared -O1 -w -Wl,--kill-at -I "$BATS_TEST_DIRNAME/../../include" -o "$to" \
		"$BATS_TEST_TMPDIR/$1.c" "$WORKER/src/api/nmapi.lib" "${@:3}"
	echo "$to"
}

# ended VERDICT STATUS EXPERT [OPTION...]: how it ends, and that nothing of it is left.
ended() {
	local want=$1 status=$2 expert=$3
	shift 3
	run_json "$status" "$(capture 100)" -e "$expert" "$@"
	[ "$(value '.[]|select(.event_type=="expert_end").expert.verdict')" = "$want" ] ||
		{ value '.[]|select(.event_type=="expert_end")'; return 1; }
	! pgrep -f "$expert" || return 1
}

reason() {
	value '.[]|select(.event_type=="expert_end").expert.reason'
}

# crashed_at EXCEPTION EXPERT INSTRUCTION: the reason names its module and how far into it that lies.
crashed_at() {
	local text dll=$BATS_TEST_TMPDIR/$2.dll at
	text=$(reason)
	[[ $text =~ ^"exception $1 ("[A-Z][A-Za-z\ ]*"), at $2.dll+0x"([0-9a-f]+)$ ]] || { echo "$text"; return 1; }
	at=$((16#$("$ARCH-w64-mingw32-objdump" -p "$dll" | awk '$1 == "ImageBase" { print $2 }') + 16#${BASH_REMATCH[1]}))
	"$ARCH-w64-mingw32-objdump" -d --start-address=$at --stop-address=$((at + 16)) "$dll" |
		grep -m 1 "^ *$(printf %x $at):" | grep -q "	$3 " || { echo "$text: there is no $3"; return 1; }
}

# That shipped experts built for Windows tell what those for Linux do.
tells_the_same() {
	local cap name
	cap=$(capture 2000)
	for name in topuser protdist tcpipe; do
		run_json 0 "$cap" -e "$name" --no-bill
		jq -c 'select(.event_type=="expert")' <<<"$output" >"$BATS_TEST_TMPDIR/linux"
		run_json 0 "$cap" -e "$WORKER/experts/$name.dll" --no-bill
		jq -c 'select(.event_type=="expert")' <<<"$output" >"$BATS_TEST_TMPDIR/windows"
		[ -s "$BATS_TEST_TMPDIR/linux" ]
		cmp "$BATS_TEST_TMPDIR/linux" "$BATS_TEST_TMPDIR/windows"
		[ "$(value '.[]|select(.event_type=="expert_end").expert.frames_seen')" = 2000 ]
	done
}

@test "a shipped expert built for Windows tells what the one for Linux does" {
	need_worker
	tells_the_same
}

@test "so does one built for 32-bit Windows" {
	need_worker i686
	tells_the_same
}

@test "a 32-bit expert ends as one of 64 bits does, and has no network" {
	need_worker i686
	[ "$(id -u)" != 0 ] || chmod 755 "$BATS_RUN_TMPDIR" "$BATS_FILE_TMPDIR" "$BATS_TEST_TMPDIR"
	ended done 0 "$(windows_expert good 'return TRUE;')"
	ended crashed 3 "$(windows_expert wild '*(volatile int *)16 = 1; return TRUE;')"
	crashed_at 0xc0000005 wild movl
	ended exited 3 "$(windows_expert leaves 'ExitProcess(77);')"
	ended timed_out 3 "$(windows_expert loops 'for (;;) ;')" --timeout 1
	ended returned_false 3 "$(windows_expert writes 'return fopen("Z:\\\\tmp\\\\nmapi-escaped", "w") != NULL;')"
	[ ! -e /tmp/nmapi-escaped ]
	# Functions that leave their arguments on the stack, against the convention.
	i686-w64-mingw32-gcc -shared -o "$BATS_TEST_TMPDIR/cdecl.dll" "$BATS_FILE_TMPDIR/old.c" -D__stdcall=__cdecl
	ended done 0 "$BATS_TEST_TMPDIR/cdecl.dll"
	# A datagram to this machine, which a network that is there takes without anybody listening.
	ended returned_false 3 "$(windows_expert sends "$SENDS" -lws2_32)"
	"$NETMON" run --sandbox=off -T json -e "$BATS_TEST_TMPDIR/sends.dll" "$(capture 100)" | grep -q '"verdict":"done"'
}

# begins_none: whatever it is asked, Wine begins no process for an expert in the sandbox, and the system none
# and no socket, either.
begins_none() {
	local dll
	[ "$(id -u)" != 0 ] || chmod 755 "$BATS_RUN_TMPDIR" "$BATS_FILE_TMPDIR" "$BATS_TEST_TMPDIR"
	dll=$(windows_expert begins "$BEGINS" -luser32)
	ended returned_false 3 "$dll"
	ended done 0 "$dll" --sandbox=off
	ended done 0 "$(windows_expert forks "$RAW_FORK")"
	dll=$(windows_expert connects "$RAW_SOCKET")
	ended returned_false 3 "$dll"
	ended done 0 "$dll" --sandbox=off
}

@test "a Windows expert begins no process and makes no socket" {
	need_worker
	begins_none
}

@test "nor does a 32-bit one" {
	need_worker i686
	begins_none
}

@test "settings and filters are those of any expert" {
	need_worker
	run_json 0 "$(capture 2000)" -e topuser:top=3 --no-bill -Y tcp
	jq -c 'select(.event_type=="expert")' <<<"$output" >"$BATS_TEST_TMPDIR/linux"
	run_json 0 "$(capture 2000)" -e "$WORKER/experts/topuser.dll:top=3" --no-bill -Y tcp
	jq -c 'select(.event_type=="expert")' <<<"$output" >"$BATS_TEST_TMPDIR/windows"
	cmp "$BATS_TEST_TMPDIR/linux" "$BATS_TEST_TMPDIR/windows"
}

@test "each way of a Windows expert to end has its verdict" {
	need_worker
	ended done 0 "$(windows_expert good 'return TRUE;')"
	ended returned_false 3 "$(windows_expert no 'return FALSE;')"
	ended crashed 3 "$(windows_expert wild '*(volatile int *)16 = 1; return TRUE;')"
	crashed_at 0xc0000005 wild movl
	ended crashed 3 "$(windows_expert zero 'volatile int a = 5, z = 0; return a / z;')"
	crashed_at 0xc0000094 zero idiv
	ended timed_out 3 "$(windows_expert sleeps 'Sleep(INFINITE); return TRUE;')" --stall 1
	[[ $(reason) == 'no sign of life for 1 s: no new frame, event or status' ]]
	# abort() of Windows' own C library, which a library built by Visual C has.
	ended crashed 3 "$(windows_expert aborts '((void (*)(void))GetProcAddress(LoadLibraryA("ucrtbase.dll"), "abort"))();')"
	[[ $(reason) =~ ^'exception 0x40000015 (Aborted), at '[a-z]+.dll'+0x'[0-9a-f]+$ ]]
	ended exited 3 "$(windows_expert leaves 'ExitProcess(77);')"
	ended timed_out 3 "$(windows_expert loops 'for (;;) ;')" --timeout 1
}

# told CAPTURE OPTION...: the events of topuser, whatever the capture is called.
told() {
	"$NETMON" run -T json --no-bill "$@" | jq -c 'select(.event_type=="expert" and .expert.name=="topuser")|del(.pcap_filename)'
}

@test "a Windows expert reads a stream" {
	need_worker
	local dll=$WORKER/experts/topuser.dll cap
	cap=$(capture 2000)
	told "$cap" -e topuser >"$BATS_TEST_TMPDIR/linux"
	[ -s "$BATS_TEST_TMPDIR/linux" ]
	told - -e "$dll" -e "$EXPERTS/good.so" <"$cap" | cmp - "$BATS_TEST_TMPDIR/linux"
	cat "$cap" | told - -e "$dll" -e "$EXPERTS/good.so" | cmp - "$BATS_TEST_TMPDIR/linux"
	mkfifo "$BATS_TEST_TMPDIR/pipe"
	cat "$cap" >"$BATS_TEST_TMPDIR/pipe" &
	told "$BATS_TEST_TMPDIR/pipe" -e "$dll" | cmp - "$BATS_TEST_TMPDIR/linux"
	gzip -c "$cap" | told - -e "$dll" | cmp - "$BATS_TEST_TMPDIR/linux"
}

@test "a Windows expert is told each frame of a stream once it is there" {
	need_worker
	local dll=$WORKER/tests/experts/frames.dll cap out=$BATS_TEST_TMPDIR/out pid
	[ -f "$dll" ] || skip "make windows did not build the tests"
	cap=$(capture 3)
	mkfifo "$BATS_TEST_TMPDIR/pipe"
	timeout 60 "$NETMON" run -q --no-bill -o "$out" - -e "$dll" <"$BATS_TEST_TMPDIR/pipe" 5>&- &
	pid=$!
	exec 5>"$BATS_TEST_TMPDIR/pipe"
	head -c -1 "$cap" >&5 # the last frame lacks a byte
	until_has "$out" 'a frame *2$'
	! grep -q 'a frame *3$' "$out" || false
	tail -c 1 "$cap" >&5
	until_has "$out" 'a frame *3$'
	exec 5>&-
	wait "$pid"
	grep -q 'saw frames 1-3 of 3' "$out"
}

@test "what a Windows expert prints is no part of the report" {
	need_worker
	ended done 0 "$(windows_expert talks 'printf("hello from %s\n", s->szCaptureFile); return TRUE;')"
	[[ $stderr == *'hello from Z:'* ]]
}

@test "a Windows expert can't reach the network or write where it must not" {
	need_worker
	[ "$(id -u)" != 0 ] || chmod 755 "$BATS_RUN_TMPDIR" "$BATS_FILE_TMPDIR" "$BATS_TEST_TMPDIR"
	ended returned_false 3 "$(windows_expert writes 'return fopen("Z:\\\\tmp\\\\nmapi-escaped", "w") != NULL;')"
	[ ! -e /tmp/nmapi-escaped ]
}

@test "a Windows expert that cuts the page it shares harms itself" {
	need_worker
	run_json 3 "$(capture 100)" --timeout 2 -e "$(windows_expert cuts "$RAW_CUT")" -e "$EXPERTS/good.so"
	[ "$(value '[.[]|select(.event_type=="expert_end")][1].expert.verdict')" = done ]
}

@test "Wine's heap stays clear of the page that no Windows program can begin without" {
	need_worker
	setarch -R true 2>/dev/null || skip "addresses can't be kept from being random here"
	ended done 0 "$(windows_expert near "$RAW_HEAP")"
}

@test "where there is no room for a Windows expert's files a line says so" {
	need_worker
	[ "$(id -u)" = 0 ] || skip "not root"
	local full=$BATS_TEST_TMPDIR/full
	chmod 755 "$BATS_RUN_TMPDIR" "$BATS_FILE_TMPDIR" "$BATS_TEST_TMPDIR"
	mkdir "$full"
	mount -t tmpfs -o size=16k,mode=1777 none "$full" 2>/dev/null || skip "no tmpfs can be mounted"
	TMPDIR=$full run_json 3 "$(capture 100)" -e "$(windows_expert good 'return TRUE;')" || { umount "$full"; return 1; }
	umount "$full"
	[ "$(reason)" = "it could not be started: No space left on device" ]
}

@test "without Wine for its bits a line names the package, and the run goes on" {
	local a b
	a=$(dll wide.dll x86_64)
	b=$(dll narrow.dll i686 -Wl,--kill-at)
	NETMON_WINE=$BATS_TEST_TMPDIR run_json 3 "$(capture 100)" -e "$a" -e "$b" -e "$EXPERTS/good.so"
	[ "$(value '[.[]|select(.event_type=="expert_end").expert.verdict]|join(" ")')" = 'load_failed load_failed done' ]
	[[ $(value '[.[]|select(.event_type=="expert_end")][0].expert.reason') == \
		'an expert for Windows, x86-64; it runs here once the package wine64 is installed' ]]
	[[ $(value '[.[]|select(.event_type=="expert_end")][1].expert.reason') == \
		'an expert for Windows, 32-bit x86; it runs here once the package wine32:i386 '*' is installed' ]]
	NETMON_WINE=$BATS_TEST_TMPDIR checked 3 "$b" 'an expert for Windows, 32-bit x86; it runs here once the package wine32:i386 '
}

@test "Wine is taken from the folder that NETMON_WINE names" {
	need_worker
	[ -x /usr/lib/wine/wine64 ] || skip 'needs the package wine64'
	local root=$BATS_TEST_TMPDIR/wine
	[ "$(id -u)" != 0 ] || chmod 755 "$BATS_RUN_TMPDIR" "$BATS_FILE_TMPDIR" "$BATS_TEST_TMPDIR"
	mkdir -p "$root/bin" "$root/lib64"
	ln -s /usr/lib/wine/wine64 "$root/bin/wine64"
	ln -s /usr/lib/x86_64-linux-gnu/wine "$root/lib64/wine"
	NETMON_WINE=$root ended host_failed 3 "$(windows_expert good 'return TRUE;')"
	ln -s /usr/lib/wine/wineserver64 "$root/bin/wineserver"
	NETMON_WINE=$root ended done 0 "$BATS_TEST_TMPDIR/good.dll"
}

@test "without Wine's worker a line says what is missing, and the run goes on" {
	[ -x /usr/lib/wine/wine64 ] || skip 'needs the package wine64'
	NETMON_WINDOWS=$BATS_TEST_TMPDIR run_json 3 "$(capture 100)" -e "$(dll old.dll x86_64)" -e "$EXPERTS/good.so"
	[ "$(value '[.[]|select(.event_type=="expert_end").expert.verdict]|join(" ")')" = 'load_failed done' ]
	[[ $(value '[.[]|select(.event_type=="expert_end")][0].expert.reason') == *'nmapi-worker.exe'* ]]
}
