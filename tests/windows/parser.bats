#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# A parser as old ones are: DllMain is called by the system's loader, and no name of it is exported but that of
# what older hosts did without. tests/windows/e2e runs it.
bats_require_minimum_version 1.5.0
load ../e2e/helper

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return
	cat >old.c <<-'END'
		#include <netmon.h>
		static HPROTOCOL protocol;
		static PROPERTYINFO number = { .Label = "First Byte", .DataType = PROP_TYPE_BYTE, .FormatStringSize = 80 };
		static VOID WINAPI enroll(HPROTOCOL h)
		{
			if (CreatePropertyDatabase(h, 1) == NMERR_SUCCESS)
				AddProperty(h, &number);
		}
		static VOID WINAPI leave(HPROTOCOL h) { DestroyPropertyDatabase(h); }
		static LPBYTE WINAPI recognize(HFRAME f, ULPBYTE mac, ULPBYTE p, DWORD type, DWORD left, HPROTOCOL before, DWORD at,
		    LPDWORD status, LPHPROTOCOL next, PDWORD_PTR data)
		{
			*status = PROTOCOL_STATUS_CLAIMED;
			return NULL;
		}
		static LPBYTE WINAPI attach(HFRAME f, ULPBYTE mac, ULPBYTE p, DWORD type, DWORD left, HPROTOCOL before, DWORD at, DWORD_PTR data)
		{
			AttachPropertyInstance(f, number.hProperty, 1, p, 0, 0, 0);
			return NULL;
		}
		static DWORD WINAPI format(HFRAME f, ULPBYTE mac, ULPBYTE p, DWORD n, LPPROPERTYINST i)
		{
			while (n--)
				FormatPropertyInstance(i++, 0);
			return NMERR_SUCCESS;
		}
		BOOL WINAPI DllMain(HINSTANCE self, ULONG why, LPVOID reserved)
		{
			static ENTRYPOINTS entries = { enroll, leave, recognize, attach, format };
			static char name[] = "OLD1";
			if (why == DLL_PROCESS_ATTACH) {
				protocol = CreateProtocol(name, &entries, ENTRYPOINTS_SIZE);
				name[3]++; /* of a second call */
			}
			return ATTACHED;
		}
		__declspec(dllexport) int about = 1;
	END
	sed 's/ATTACHED/TRUE/' old.c >true.c
	sed 's/ATTACHED/FALSE/' old.c >false.c
	sed 's/AttachPropertyInstance(.*/ExitProcess(7);/; s/protocol = Create/CreateProtocol("A\\nB", \&entries, ENTRYPOINTS_SIZE);\n\t\t\t&/' true.c >ends.c
	build_expert ends.c ends
	build_expert true.c old
	build_expert false.c refuses
	mkdir -p parsers config/nmapi/parsers
	printf '[ETYPE_HandoffSet]\n88b5 = OLD1\n' >config/nmapi/parsers/mac.ini
	{
		printf '\xd4\xc3\xb2\xa1\2\0\4\0\0\0\0\0\0\0\0\0\xff\xff\0\0\1\0\0\0'
		printf '\1\0\0\0\0\0\0\0\x12\0\0\0\x12\0\0\0\2\0\0\0\0\1\2\0\0\0\0\2\x88\xb5\x2a\1\2\3'
	} >one.pcap
}

setup() {
	cd "$BATS_FILE_TMPDIR" || return
	rm -f parsers/*
	export XDG_CONFIG_HOME=$PWD/config
}

@test "it is loaded once, without a name for DllMain, and parses" {
	cp old.dll parsers/
	run --separate-stderr "$NETMON" protocols --parser-path parsers
	[ "$status" -eq 0 ]
	[ "$(grep -c '^ *OLD' <<<"$output")" -eq 1 ]
	run --separate-stderr "$NETMON" frames -V --parser-path parsers one.pcap
	[ "$status" -eq 0 ]
	[[ $output == *"OLD1"*"First Byte = 42"* ]]
	[ -z "$stderr" ]
}

@test "one whose DllMain returns FALSE is not loaded, and says so" {
	cp refuses.dll parsers/
	run --separate-stderr "$NETMON" frames -V --parser-path parsers one.pcap
	[ "$status" -eq 0 ]
	[[ $output != *OLD1* ]]
	[[ $stderr == *"refuses.dll is not loaded: DllMain returned FALSE"* ]]
}

@test "section PARSERS of parser.ini keeps it from a protocol while it is loaded" {
	cp old.dll parsers/
	printf '[PARSERS]\nOTHER.DLL = 0: OLD1\n' >config/nmapi/parser.ini
	run --separate-stderr "$NETMON" protocols --parser-path parsers
	rm config/nmapi/parser.ini
	[[ $output != *OLD1* ]]
	[[ $stderr == *"old.dll is not loaded: "* ]]
}

@test "one that ends the process is named, whatever names stand before its own" {
	cp ends.dll parsers/
	run --separate-stderr "$NETMON" frames -V --parser-path parsers one.pcap
	[[ $stderr == *"while the parser OLD1 (ends.dll) was at work"* ]]
}
