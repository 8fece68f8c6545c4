/* SPDX-License-Identifier: MIT */
/* idle_parser.h -- the entry points of a parser that recognizes nothing and attaches nothing. */
#ifndef IDLE_PARSER_H
#define IDLE_PARSER_H

#include <netmon.h>

static inline LPBYTE WINAPI idle_recognize(HFRAME frame, ULPBYTE mac, ULPBYTE at, DWORD mac_type,
    DWORD left, HPROTOCOL before, DWORD before_at, LPDWORD status, LPHPROTOCOL next,
    PDWORD_PTR instance)
{
	(void)frame;
	(void)mac;
	(void)mac_type;
	(void)left;
	(void)before;
	(void)before_at;
	(void)next;
	(void)instance;
	*status = PROTOCOL_STATUS_NOT_RECOGNIZED;
	return at;
}

static inline LPBYTE WINAPI idle_attach(HFRAME frame, ULPBYTE mac, ULPBYTE at, DWORD mac_type,
    DWORD left, HPROTOCOL before, DWORD before_at, DWORD_PTR instance)
{
	(void)frame;
	(void)mac;
	(void)mac_type;
	(void)left;
	(void)before;
	(void)before_at;
	(void)instance;
	return at;
}

#endif
