/* SPDX-License-Identifier: MIT */
/* netmon.h -- the Network Monitor 2.x interface for experts and parsers.
 *
 * One header for everything that a plug-in sees: types, constants, functions
 * and the entry points that it exports. C11 and C++17. Link with -lnmapi.
 *
 * Life of an expert:
 *   load -> [DllMain(h, DLL_PROCESS_ATTACH, NULL)] -> Register(info)
 *        -> [Configure(key, ...)]   when a person asks for it, with its own key
 *        -> Run(key, ...)           any number of Expert* calls with this key
 *        -> the key and all memory taken with it end when Run returns -> unload
 *
 *     #include <netmon.h>
 *     #include <string.h>
 *
 *     NMAPI_EXPORT BOOL WINAPI Register(PEXPERTENUMINFO info)
 *     {
 *             strcpy(info->szName, "Frame counter");
 *             return TRUE;
 *     }
 *
 *     NMAPI_EXPORT BOOL WINAPI Run(HEXPERTKEY key, PEXPERTCONFIG config,
 *         PEXPERTSTARTUPINFO startup, DWORD flags, HWND window)
 *     {
 *             EXPERTFRAMEDESCRIPTOR f = { .FrameNumber = INVALID_FRAME_NUMBER };
 *             NMEVENTDATA ev = { .Flags = NMEVENTFLAG_EXPERT };
 *             DWORD frames = 0;
 *
 *             while (ExpertGetFrame(key, GET_FRAME_NEXT_FORWARD, 0, f.FrameNumber,
 *                        NULL, &f) == NMERR_SUCCESS)
 *                     frames++;
 *             ev.szEventName = frames ? "frames seen" : "no frames";
 *             return ExpertSubmitEvent(key, &ev) == NMERR_SUCCESS;
 *     }
 *
 *     cc -shared -fPIC -o counter.so counter.c -lnmapi
 *
 * Rules for every function, unless its own comment says otherwise:
 * - Numbers. Frames count from 0. Lengths and offsets are bytes. Frame time
 *   stamps are signed microseconds since the capture began.
 * - Errors. DWORD functions return an NMERR_ code, 0 for success. Functions that
 *   return a handle, pointer, offset or BOOL return the failure value named, and
 *   set the thread's last error (BhGetLastError). Success leaves it alone. What a
 *   failing call was to fill in stays as it was.
 * - Handles are checked: a stale or made-up HCAPTURE, HFRAME, HPROTOCOL,
 *   HPROPERTY, HFILTER or key gives an error, never a crash.
 * - Ownership. Strings and structures passed in are borrowed for the call and
 *   copied where they are kept. Pointers handed out belong to the library and are
 *   read only; the comment says how long they live.
 * - Threads. Any thread may call any function. A key or handle may be used from
 *   several threads; the library locks. Calls that belong to a parser entry point
 *   must come from the thread that the entry point was called on.
 * - Text is UTF-8.
 * - A function that this version does not carry out yet fails in its documented
 *   way with NMERR_NOT_SUPPORTED as the code or last error.
 * - "(R)" marks a rule that the published documentation leaves open and that this
 *   implementation has settled.
 *
 * Macros to define before including it:
 *   NETMON_NO_GENERIC_NAMES  the short names (IP, TCP, SET, ECHO, FORMAT, ...) get
 *                            the prefix NETMON_; use it when another header has
 *                            types or enumerators of the same names. Other
 *                            headers' macros of these names need nothing: they
 *                            keep their meaning, whichever header comes first.
 *   NETMON_WANT_DPRINTF      call NmDprintf by its old name, dprintf (see there).
 *   COBJMACROS, CINTERFACE   as for every COM header.
 */
#ifndef NETMON_H
#define NETMON_H

#if defined(_WIN32)
#include <windows.h>
#include <objbase.h>
#include <unknwn.h>
#endif
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* ---- compiler ------------------------------------------------------------ */

/* NMAPI_API marks what libnmapi exports; NMAPI_EXPORT what a plug-in exports. */
#if defined(_WIN32)
#if defined(NMAPI_BUILDING)
#define NMAPI_API __declspec(dllexport)
#else
#define NMAPI_API __declspec(dllimport)
#endif
#define NMAPI_VISIBLE __declspec(dllexport)
#define NMAPI_CDECL   __cdecl
#else
#define NMAPI_API     __attribute__((visibility("default")))
#define NMAPI_VISIBLE __attribute__((visibility("default")))
#define NMAPI_CDECL
#endif

#if defined(__cplusplus)
#define NMAPI_EXPORT extern "C" NMAPI_VISIBLE
#else
#define NMAPI_EXPORT NMAPI_VISIBLE
#endif

/* Frame bytes lie at any address and are read through any type: the pointee of
 * every ULP type has alignment 1 and may alias. NMAPI_EXT goes before what the
 * ABI needs and ISO C lacks: arrays of length 0, bit-fields in a byte. */
#if defined(__GNUC__)
#define NMAPI_UNALIGNED __attribute__((aligned(1), may_alias)) /* a scalar */
#define NMAPI_ANYWHERE  __attribute__((aligned(1)))            /* a structure */
#define NMAPI_OVERLAY   __attribute__((may_alias))             /* its definition */
#define NMAPI_EXT       __extension__
#define NMAPI_INLINE    static __inline__ __attribute__((unused))
/* Around a structure with such an array inside another member: g++ minds. */
#define NMAPI_NESTED_BEGIN                                                                         \
	_Pragma("GCC diagnostic push") _Pragma("GCC diagnostic ignored \"-Wpedantic\"")
#define NMAPI_NESTED_END _Pragma("GCC diagnostic pop")
#else
#define NMAPI_UNALIGNED
#define NMAPI_ANYWHERE
#define NMAPI_OVERLAY
#define NMAPI_EXT
#define NMAPI_INLINE static __inline
#define NMAPI_NESTED_BEGIN
#define NMAPI_NESTED_END
#endif

/* ---- short names --------------------------------------------------------- */

#if defined(NETMON_NO_GENERIC_NAMES)
#define NMAPI_NAME(n) NETMON_##n
#else
#define NMAPI_NAME(n) n
#endif

/* Macros of the same name, <termios.h>'s ECHO for one, step aside while this
 * header is read and are back at its end. */
#pragma push_macro("AC") /* of <netinet/if_tr.h>; a member here */
#undef AC
#pragma push_macro("ADDRESS")
#undef ADDRESS
#pragma push_macro("FRAME")
#undef FRAME
#pragma push_macro("STATISTICS")
#undef STATISTICS
#pragma push_macro("LINK")
#undef LINK
#pragma push_macro("RANGE")
#undef RANGE
#pragma push_macro("SET")
#undef SET
#pragma push_macro("REGISTER")
#undef REGISTER
#pragma push_macro("DEREGISTER")
#undef DEREGISTER
#pragma push_macro("RECOGNIZEFRAME")
#undef RECOGNIZEFRAME
#pragma push_macro("ATTACHPROPERTIES")
#undef ATTACHPROPERTIES
#pragma push_macro("FORMATPROPERTIES")
#undef FORMATPROPERTIES
#pragma push_macro("FORMAT")
#undef FORMAT
#pragma push_macro("EXPRESSION")
#undef EXPRESSION
#pragma push_macro("TRIGGER")
#undef TRIGGER
#pragma push_macro("ETHERNET")
#undef ETHERNET
#pragma push_macro("TOKENRING")
#undef TOKENRING
#pragma push_macro("FDDI")
#undef FDDI
#pragma push_macro("LLC")
#undef LLC
#pragma push_macro("MACFRAME")
#undef MACFRAME
#pragma push_macro("IP")
#undef IP
#pragma push_macro("PSUHDR")
#undef PSUHDR
#pragma push_macro("ReqReply")
#undef ReqReply
#pragma push_macro("ParmProb")
#undef ParmProb
#pragma push_macro("TS")
#undef TS
#pragma push_macro("RouterAH")
#undef RouterAH
#pragma push_macro("RouterAE")
#undef RouterAE
#pragma push_macro("ICMP")
#undef ICMP
#pragma push_macro("TCP")
#undef TCP
#pragma push_macro("ECHO_REPLY")
#undef ECHO_REPLY
#pragma push_macro("DESTINATION_UNREACHABLE")
#undef DESTINATION_UNREACHABLE
#pragma push_macro("SOURCE_QUENCH")
#undef SOURCE_QUENCH
#pragma push_macro("REDIRECT")
#undef REDIRECT
#pragma push_macro("ECHO")
#undef ECHO
#pragma push_macro("ROUTER_ADVERTISEMENT")
#undef ROUTER_ADVERTISEMENT
#pragma push_macro("ROUTER_SOLICITATION")
#undef ROUTER_SOLICITATION
#pragma push_macro("TIME_EXCEEDED")
#undef TIME_EXCEEDED
#pragma push_macro("PARAMETER_PROBLEM")
#undef PARAMETER_PROBLEM
#pragma push_macro("TIMESTAMP")
#undef TIMESTAMP
#pragma push_macro("TIMESTAMP_REPLY")
#undef TIMESTAMP_REPLY
#pragma push_macro("INFORMATION_REQUEST")
#undef INFORMATION_REQUEST
#pragma push_macro("INFORMATION_REPLY")
#undef INFORMATION_REPLY
#pragma push_macro("ADDRESS_MASK_REQUEST")
#undef ADDRESS_MASK_REQUEST
#pragma push_macro("ADDRESS_MASK_REPLY")
#undef ADDRESS_MASK_REPLY
#pragma push_macro("TCP_FLAG_URGENT")
#undef TCP_FLAG_URGENT
#pragma push_macro("TCP_FLAG_ACK")
#undef TCP_FLAG_ACK
#pragma push_macro("TCP_FLAG_PUSH")
#undef TCP_FLAG_PUSH
#pragma push_macro("TCP_FLAG_RESET")
#undef TCP_FLAG_RESET
#pragma push_macro("TCP_FLAG_SYN")
#undef TCP_FLAG_SYN
#pragma push_macro("TCP_FLAG_FIN")
#undef TCP_FLAG_FIN
/* ---- types of Windows, where there is no <windows.h> --------------------- */

#if !defined(_WIN32)

#if !defined(VOID)
#define VOID void
#endif
#if !defined(TRUE)
#define TRUE 1
#endif
#if !defined(FALSE)
#define FALSE 0
#endif
#if !defined(CONST)
#define CONST const
#endif

/* Calling conventions: there is one. */
#define WINAPI
#define WINAPIV
#define APIENTRY
#define CALLBACK
#define UNALIGNED
#if !defined(__cdecl)
#define __cdecl
#endif
#if !defined(_cdecl)
#define _cdecl
#endif
#if !defined(__stdcall)
#define __stdcall
#endif
#if !defined(__int64)
#define __int64 long long
#endif

typedef uint8_t BYTE;
typedef uint8_t UCHAR;
typedef uint8_t BOOLEAN; /* one byte; BOOL is four */
typedef char CHAR;
typedef int16_t SHORT;
typedef uint16_t WORD;
typedef uint16_t USHORT;
typedef int32_t INT;
typedef uint32_t UINT;
typedef int32_t LONG; /* 32 bits, unlike long */
typedef uint32_t ULONG;
typedef uint32_t DWORD;
typedef int32_t BOOL; /* any value but 0 is true */
typedef int32_t WINBOOL;
typedef int32_t HRESULT;
typedef long long LONGLONG;
typedef unsigned long long ULONGLONG;
typedef double DOUBLE;
typedef float FLOAT;
typedef size_t SIZE_T;
typedef uintptr_t DWORD_PTR;
typedef uintptr_t UINT_PTR;
typedef uintptr_t ULONG_PTR;
typedef intptr_t INT_PTR;
typedef intptr_t LONG_PTR;

/* UTF-16 code unit; a u"" literal, never L"". */
#if defined(__cplusplus)
typedef char16_t WCHAR;
#else
typedef uint16_t WCHAR;
#endif

typedef void *PVOID, *LPVOID;
typedef const void *LPCVOID;
typedef BYTE *PBYTE, *LPBYTE;
typedef WORD *PWORD, *LPWORD;
typedef DWORD *PDWORD, *LPDWORD;
typedef LONG *PLONG, *LPLONG;
typedef BOOL *PBOOL, *LPBOOL;
typedef CHAR *PSTR, *LPSTR;
typedef const CHAR *PCSTR, *LPCSTR;
typedef WCHAR *PWSTR, *LPWSTR;
typedef const WCHAR *PCWSTR, *LPCWSTR;
typedef DWORD_PTR *PDWORD_PTR;

/* HANDLE is untyped, as on Windows: DllMain is written with HANDLE or HINSTANCE. */
typedef void *HANDLE;
typedef struct HWND__ *HWND; /* always NULL: there are no windows */
typedef struct HINSTANCE__ *HINSTANCE;
typedef HINSTANCE HMODULE;
typedef struct HKEY__ *HKEY;

typedef union _LARGE_INTEGER {
	NMAPI_EXT struct {
		DWORD LowPart;
		LONG HighPart;
	};
	struct {
		DWORD LowPart;
		LONG HighPart;
	} u;
	LONGLONG QuadPart;
} NMAPI_OVERLAY LARGE_INTEGER, *PLARGE_INTEGER;

typedef union _ULARGE_INTEGER {
	NMAPI_EXT struct {
		DWORD LowPart;
		DWORD HighPart;
	};
	struct {
		DWORD LowPart;
		DWORD HighPart;
	} u;
	ULONGLONG QuadPart;
} ULARGE_INTEGER, *PULARGE_INTEGER;

/* 100 ns since 1601-01-01T00:00:00Z. */
typedef struct _FILETIME {
	DWORD dwLowDateTime;
	DWORD dwHighDateTime;
} FILETIME, *PFILETIME, *LPFILETIME;

typedef struct _SYSTEMTIME {
	WORD wYear;
	WORD wMonth;     /* 1 to 12 */
	WORD wDayOfWeek; /* 0: Sunday */
	WORD wDay;
	WORD wHour;
	WORD wMinute;
	WORD wSecond;
	WORD wMilliseconds;
} NMAPI_OVERLAY SYSTEMTIME, *PSYSTEMTIME, *LPSYSTEMTIME;

typedef struct _GUID {
	DWORD Data1;
	WORD Data2;
	WORD Data3;
	BYTE Data4[8];
} GUID;
typedef GUID IID, CLSID;

#if defined(__cplusplus)
#define REFGUID  const GUID &
#define REFIID   const IID &
#define REFCLSID const CLSID &
#else
#define REFGUID  const GUID *
#define REFIID   const IID *
#define REFCLSID const CLSID *
#endif

#define MAX_PATH           260
#define DLL_PROCESS_DETACH 0
#define DLL_PROCESS_ATTACH 1
#define DLL_THREAD_ATTACH  2
#define DLL_THREAD_DETACH  3
#define CREATE_NEW         1
#define OPEN_EXISTING      3
#define HEAP_ZERO_MEMORY   0x8

#define MAKEWORD(a, b)                                                                             \
	((WORD)(((BYTE)((DWORD_PTR)(a)&0xff)) | (WORD)((BYTE)((DWORD_PTR)(b)&0xff) << 8)))
#define MAKELONG(a, b)                                                                             \
	((LONG)(((DWORD)(WORD)((DWORD_PTR)(a)&0xffff)) |                                           \
		((DWORD)(WORD)((DWORD_PTR)(b)&0xffff) << 16)))
#define LOWORD(l) ((WORD)((DWORD_PTR)(l)&0xffff))
#define HIWORD(l) ((WORD)(((DWORD_PTR)(l) >> 16) & 0xffff))
#define LOBYTE(w) ((BYTE)((DWORD_PTR)(w)&0xff))
#define HIBYTE(w) ((BYTE)(((DWORD_PTR)(w) >> 8) & 0xff))

#define FIELD_OFFSET(type, field) ((LONG)offsetof(type, field))
#define ZeroMemory(p, n)          memset((p), 0, (n))
#define CopyMemory(d, s, n)       memcpy((d), (s), (n))
#define MoveMemory(d, s, n)       memmove((d), (s), (n))

#define S_OK             ((HRESULT)0)
#define S_FALSE          ((HRESULT)1)
#define NOERROR          0
#define E_NOINTERFACE    ((HRESULT)0x80004002)
#define SEVERITY_SUCCESS 0
#define SEVERITY_ERROR   1
#define FACILITY_ITF     4
#define SUCCEEDED(hr)    ((HRESULT)(hr) >= 0)
#define FAILED(hr)       ((HRESULT)(hr) < 0)
#define HRESULT_CODE(hr) ((hr)&0xFFFF)
#define MAKE_HRESULT(sev, fac, c)                                                                  \
	((HRESULT)(((DWORD)(sev) << 31) | ((DWORD)(fac) << 16) | (DWORD)(c)))

/* The process heap, for ParserAutoInstallInfo and the BLOB tables: malloc and
 * free, so that the host can free what a plug-in allocated. */
NMAPI_INLINE HANDLE GetProcessHeap(VOID)
{
	return NULL;
}

NMAPI_INLINE LPVOID HeapAlloc(HANDLE hHeap, DWORD dwFlags, SIZE_T dwBytes)
{
	(void)hHeap;
	return dwFlags & HEAP_ZERO_MEMORY ? calloc(1, dwBytes ? dwBytes : 1) : malloc(dwBytes);
}

NMAPI_INLINE BOOL HeapFree(HANDLE hHeap, DWORD dwFlags, LPVOID lpMem)
{
	(void)hHeap;
	(void)dwFlags;
	free(lpMem);
	return TRUE;
}

#if defined(__cplusplus) && !defined(CINTERFACE)
extern "C++" {
struct IUnknown {
	virtual HRESULT WINAPI QueryInterface(REFIID riid, void **ppvObject) = 0;
	virtual ULONG WINAPI AddRef(void) = 0;
	virtual ULONG WINAPI Release(void) = 0;
};
}
#else
typedef struct IUnknown IUnknown;
#endif

#endif /* !_WIN32 */

#if defined(__cplusplus)
extern "C" {
#endif

/* The byte layout is that of the original: no padding at all for 32-bit x86 on
 * Windows, natural alignment elsewhere, and what stands between a push and a
 * pop below is the same on every target. */
#if defined(_WIN32) && (defined(_X86_) || defined(_M_IX86) || defined(__i386__))
#pragma pack(push, 1)
#else
#pragma pack(push, 8)
#endif

/* ---- handles and basic types --------------------------------------------- */

/* Each points to a structure that only the library knows. */
typedef struct _CAPTURE *HCAPTURE;    /* a loaded capture */
typedef struct _CAPFRAMEDESC *HFRAME; /* a frame of a capture; lives as long as that */
typedef struct _FILTER *HFILTER;      /* a display filter: really a FILTERDESC2 */
typedef struct _PROTOCOL *HPROTOCOL;  /* a protocol that a parser registered */
typedef struct _PARSER *HPARSER;      /* a loaded parser */
typedef struct _ADDRESSDB *HADDRESSDB;
typedef struct _TIMER *HTIMER;
typedef DWORD_PTR HPROPERTY; /* a number, not a pointer; 0 is none */
typedef const void *HBLOB;
typedef LPVOID HOBJECTHEAP;
typedef LPVOID HPASSWORD;
typedef HPROTOCOL *LPHPROTOCOL;
typedef HFILTER *LPHFILTER;

typedef DWORD OBJECTTYPE; /* HANDLE_TYPE_* */
typedef LPSTR JTYPE;      /* the justification text of an event */

/* Pointers into a frame. Safe to dereference at any address. */
typedef BYTE NMAPI_U_BYTE NMAPI_UNALIGNED;
typedef WORD NMAPI_U_WORD NMAPI_UNALIGNED;
typedef DWORD NMAPI_U_DWORD NMAPI_UNALIGNED;
typedef SYSTEMTIME NMAPI_U_SYSTEMTIME NMAPI_ANYWHERE;
typedef LARGE_INTEGER NMAPI_U_LARGE_INTEGER NMAPI_ANYWHERE;
typedef VOID *ULPVOID;
typedef NMAPI_U_BYTE *ULPBYTE;
typedef NMAPI_U_WORD *ULPWORD;
typedef NMAPI_U_DWORD *ULPDWORD;
typedef CHAR *ULPSTR;
typedef NMAPI_U_SYSTEMTIME *ULPSYSTEMTIME;
typedef NMAPI_U_LARGE_INTEGER *ULPLARGEINT;
typedef LARGE_INTEGER *LPLARGEINT;
typedef SYSTEMTIME *LPTIME;
typedef NMAPI_U_SYSTEMTIME *ULPTIME;

#define INLINE static __inline
#define BHAPI  WINAPI

/* Two bytes or two words into one number, the first one lowest. */
#define MAKE_WORD(l, h)      (((WORD)(l)) | (((WORD)(h)) << 8))
#define MAKE_LONG(l, h)      (((DWORD)(l)) | (((DWORD)(h)) << 16))
#define MAKE_SIG(a, b, c, d) MAKE_LONG(MAKE_WORD(a, b), MAKE_WORD(c, d))

/* Four characters as they lie in memory. */
#if !defined(MAKE_IDENTIFIER)
#define MAKE_IDENTIFIER(a, b, c, d) ((DWORD)MAKELONG(MAKEWORD(a, b), MAKEWORD(c, d)))
#endif

#define HANDLE_TYPE_INVALID   MAKE_IDENTIFIER(-1, -1, -1, -1)
#define HANDLE_TYPE_CAPTURE   MAKE_IDENTIFIER('C', 'A', 'P', '$')
#define HANDLE_TYPE_PARSER    MAKE_IDENTIFIER('P', 'S', 'R', '$')
#define HANDLE_TYPE_ADDRESSDB MAKE_IDENTIFIER('A', 'D', 'R', '$')
#define HANDLE_TYPE_PROTOCOL  MAKE_IDENTIFIER('P', 'R', 'T', '$')
#define HANDLE_TYPE_BUFFER    MAKE_IDENTIFIER('B', 'U', 'F', '$')
#define HANDLE_TYPE_PASSWORD  MAKE_IDENTIFIER('P', 'W', 'D', '$')

/* Bytes of a table: its fixed part and n elements. */
#define GetTableSize(TableBaseSize, nElements, ElementSize)                                        \
	((TableBaseSize) + ((nElements) * (ElementSize)))

/* Swap the bytes of a WORD or a DWORD: network order to native and back on a
 * little-endian machine. SWAPBYTES and SWAPWORDS change the variable itself. */
#define XCHG(x)      MAKEWORD(HIBYTE(x), LOBYTE(x))
#define DXCHG(x)     MAKELONG(XCHG(HIWORD(x)), XCHG(LOWORD(x)))
#define SWAPBYTES(w) ((w) = XCHG(w))
#define SWAPWORDS(d) ((d) = DXCHG(d))

/* The halves of a byte, and the digit of the low one. */
#define LONIBBLE(b) ((BYTE)((b)&0x0F))
#define HINIBBLE(b) ((BYTE)((b) >> 4))
#define HEX(b)      (HexTable[LONIBBLE(b)])

/* "0123456789ABCDEF": 16 bytes, no NUL. Read only. */
NMAPI_API extern BYTE HexTable[];

/* ---- error codes --------------------------------------------------------- */

/* 43 to 45, 52, 68, 140 to 999, 1018 to 1999, 2001 to 3015 are not assigned. */
#define NMERR_SUCCESS                     (0) /* no error */
#define NMERR_MEMORY_MAPPED_FILE_ERROR    (1) /* the capture file could not be mapped into memory */
#define NMERR_INVALID_HFILTER             (2) /* this is not a live display filter */
#define NMERR_CAPTURING                   (3) /* a capture is already running */
#define NMERR_NOT_CAPTURING               (4) /* no capture is running */
#define NMERR_NO_MORE_FRAMES              (5) /* there are no more frames */
#define NMERR_BUFFER_TOO_SMALL            (6) /* the caller's buffer is too small */
#define NMERR_FRAME_NOT_RECOGNIZED        (7) /* no parser recognized the frame */
#define NMERR_FILE_ALREADY_EXISTS         (8) /* the file exists already */
#define NMERR_DRIVER_NOT_FOUND            (9) /* the capture driver is missing */
#define NMERR_ADDRESS_ALREADY_EXISTS      (10) /* the address is in the database already */
#define NMERR_INVALID_HFRAME              (11) /* this is not a frame of a loaded capture */
#define NMERR_INVALID_HPROTOCOL           (12) /* this is not a registered protocol */
#define NMERR_INVALID_HPROPERTY           (13) /* this is not a registered property */
#define NMERR_LOCKED                      (14) /* the object is locked */
#define NMERR_STACK_EMPTY                 (15) /* the filter takes an operand that is not there */
#define NMERR_STACK_OVERFLOW              (16) /* the filter has too many objects */
#define NMERR_TOO_MANY_PROTOCOLS          (17) /* no more protocols can be registered */
#define NMERR_FILE_NOT_FOUND              (18) /* the file was not found */
#define NMERR_OUT_OF_MEMORY               (19) /* there is not enough memory */
#define NMERR_CAPTURE_PAUSED              (20) /* the capture is paused */
#define NMERR_NO_BUFFERS                  (21) /* there are no capture buffers */
#define NMERR_BUFFERS_ALREADY_EXIST       (22) /* the capture buffers exist already */
#define NMERR_NOT_LOCKED                  (23) /* the object is not locked for this call */
#define NMERR_OUT_OF_RANGE                (24) /* the value lies outside of its range */
#define NMERR_LOCK_NESTING_TOO_DEEP       (25) /* the lock was taken too many times */
#define NMERR_LOAD_PARSER_FAILED          (26) /* the parser could not be loaded */
#define NMERR_UNLOAD_PARSER_FAILED        (27) /* the parser could not be unloaded */
#define NMERR_INVALID_HADDRESSDB          (28) /* this is not an address database */
#define NMERR_ADDRESS_NOT_FOUND           (29) /* the address is not in the database */
#define NMERR_NETWORK_NOT_PRESENT         (30) /* there is no network */
#define NMERR_NO_PROPERTY_DATABASE        (31) /* the protocol has no property database */
#define NMERR_PROPERTY_NOT_FOUND          (32) /* the protocol has no such property */
#define NMERR_INVALID_HPROPERTYDB         (33) /* this is not a property database */
#define NMERR_PROTOCOL_NOT_ENABLED        (34) /* the protocol is switched off */
#define NMERR_PROTOCOL_NOT_FOUND          (35) /* the protocol is unknown or not in the frame */
#define NMERR_INVALID_PARSER_DLL          (36) /* the file is not a parser */
#define NMERR_NO_ATTACHED_PROPERTIES      (37) /* the frame has no properties */
#define NMERR_NO_FRAMES                   (38) /* the capture has no frames */
#define NMERR_INVALID_FILE_FORMAT         (39) /* the file is not in a known format */
#define NMERR_COULD_NOT_CREATE_TEMPFILE   (40) /* a temporary file could not be created */
#define NMERR_OUT_OF_DOS_MEMORY           (41) /* there is not enough memory below one megabyte */
#define NMERR_NO_PROTOCOLS_ENABLED        (42) /* every protocol is switched off */
#define NMERR_UNKNOWN_MACTYPE             (46) /* the kind of network is unknown */
#define NMERR_ROUTING_INFO_NOT_PRESENT    (47) /* the frame has no routing information */
#define NMERR_INVALID_HNETWORK            (48) /* this is not an open network */
#define NMERR_NETWORK_ALREADY_OPENED      (49) /* the network is open already */
#define NMERR_NETWORK_NOT_OPENED          (50) /* the network is not open */
#define NMERR_FRAME_NOT_FOUND             (51) /* there is no such frame */
#define NMERR_NO_HANDLES                  (53) /* there are no handles left */
#define NMERR_INVALID_NETWORK_ID          (54) /* there is no network of this number */
#define NMERR_INVALID_HCAPTURE            (55) /* this is not a loaded capture */
#define NMERR_PROTOCOL_ALREADY_ENABLED    (56) /* a protocol of this name is registered already */
#define NMERR_FILTER_INVALID_EXPRESSION   (57) /* the filter makes no sense */
#define NMERR_TRANSMIT_ERROR              (58) /* sending failed */
#define NMERR_INVALID_HBUFFER             (59) /* this is not a capture buffer */
#define NMERR_INVALID_DATA                (60) /* the data is not valid */
#define NMERR_MSDOS_DRIVER_NOT_LOADED     (61) /* the MS-DOS network driver is not loaded */
#define NMERR_WINDOWS_DRIVER_NOT_LOADED   (62) /* the Windows network driver is not loaded */
#define NMERR_MSDOS_DRIVER_INIT_FAILURE   (63) /* the MS-DOS network driver did not start */
#define NMERR_WINDOWS_DRIVER_INIT_FAILURE (64) /* the Windows network driver did not start */
#define NMERR_NETWORK_BUSY                (65) /* the network is busy */
#define NMERR_CAPTURE_NOT_PAUSED          (66) /* the capture is not paused */
#define NMERR_INVALID_PACKET_LENGTH       (67) /* the packet is too short or too long */
#define NMERR_INTERNAL_EXCEPTION          (69) /* a fault happened inside */
#define NMERR_PROMISCUOUS_MODE_NOT_SUPPORTED                                                       \
	(70) /* the card can't receive other stations' frames */
#define NMERR_MAC_DRIVER_OPEN_FAILURE         (71)  /* the card's driver could not be opened */
#define NMERR_RUNAWAY_PROTOCOL                (72)  /* a parser does not come to an end */
#define NMERR_PENDING                         (73)  /* the operation is still going on */
#define NMERR_ACCESS_DENIED                   (74)  /* access was denied */
#define NMERR_INVALID_HPASSWORD               (75)  /* this is not a password handle */
#define NMERR_INVALID_PARAMETER               (76)  /* an argument is not valid */
#define NMERR_FILE_READ_ERROR                 (77)  /* the file could not be read */
#define NMERR_FILE_WRITE_ERROR                (78)  /* the file could not be written */
#define NMERR_PROTOCOL_NOT_REGISTERED         (79)  /* the protocol is not registered */
#define NMERR_IP_ADDRESS_NOT_FOUND            (80)  /* the IP address is unknown */
#define NMERR_TRANSMIT_CANCELLED              (81)  /* sending was cancelled */
#define NMERR_LOCKED_FRAMES                   (82)  /* the frame is in use */
#define NMERR_NO_TRANSMITS_PENDING            (83)  /* nothing is waiting to be sent */
#define NMERR_PATH_NOT_FOUND                  (84)  /* the folder was not found */
#define NMERR_WINDOWS_ERROR                   (85)  /* the operating system reported an error */
#define NMERR_NO_FRAME_NUMBER                 (86)  /* the frame has no number */
#define NMERR_FRAME_HAS_NO_CAPTURE            (87)  /* the frame belongs to no capture */
#define NMERR_FRAME_ALREADY_HAS_CAPTURE       (88)  /* the frame belongs to a capture already */
#define NMERR_NAL_IS_NOT_REMOTE               (89)  /* the provider is not a remote one */
#define NMERR_NOT_SUPPORTED                   (90)  /* this is not supported */
#define NMERR_DISCARD_FRAME                   (91)  /* the frame is to be dropped */
#define NMERR_CANCEL_SAVE_CAPTURE             (92)  /* saving the capture was cancelled */
#define NMERR_LOST_CONNECTION                 (93)  /* the connection was lost */
#define NMERR_INVALID_MEDIA_TYPE              (94)  /* the kind of network is not valid here */
#define NMERR_AGENT_IN_USE                    (95)  /* the remote agent is in use */
#define NMERR_TIMEOUT                         (96)  /* it took too long */
#define NMERR_DISCONNECTED                    (97)  /* the connection is closed */
#define NMERR_SETTIMER_FAILED                 (98)  /* the timer could not be started */
#define NMERR_NETWORK_ERROR                   (99)  /* the network failed */
#define NMERR_INVALID_FRAMESPROC              (100) /* there is no callback for frames */
#define NMERR_UNKNOWN_CAPTURETYPE             (101) /* the kind of capture is unknown */
#define NMERR_NOT_CONNECTED                   (102) /* not connected to a network */
#define NMERR_ALREADY_CONNECTED               (103) /* connected to a network already */
#define NMERR_INVALID_REGISTRY_CONFIGURATION  (104) /* the stored settings are not valid */
#define NMERR_DELAYED                         (105) /* connected for capturing to a file */
#define NMERR_NOT_DELAYED                     (106) /* not connected for capturing to a file */
#define NMERR_REALTIME                        (107) /* connected for real-time capture */
#define NMERR_NOT_REALTIME                    (108) /* not connected for real-time capture */
#define NMERR_STATS_ONLY                      (109) /* connected for statistics only */
#define NMERR_NOT_STATS_ONLY                  (110) /* not connected for statistics only */
#define NMERR_TRANSMIT                        (111) /* connected for sending */
#define NMERR_NOT_TRANSMIT                    (112) /* not connected for sending */
#define NMERR_TRANSMITTING                    (113) /* frames are being sent */
#define NMERR_DISK_NOT_LOCAL_FIXED            (114) /* the capture folder is not on a local disk */
#define NMERR_COULD_NOT_CREATE_DIRECTORY      (115) /* the folder could not be created */
#define NMERR_NO_DEFAULT_CAPTURE_DIRECTORY    (116) /* no capture folder is configured */
#define NMERR_UPLEVEL_CAPTURE_FILE            (117) /* the capture file is of a newer version */
#define NMERR_LOAD_EXPERT_FAILED              (118) /* the expert could not be loaded */
#define NMERR_EXPERT_REPORT_FAILED            (119) /* the event could not be delivered */
#define NMERR_REG_OPERATION_FAILED            (120) /* the stored settings could not be changed */
#define NMERR_NO_DLLS_FOUND                   (121) /* no plug-ins were found */
#define NMERR_NO_CONVERSATION_STATS           (122) /* statistics of conversations are switched off */
#define NMERR_SECURITY_BREACH_CAPTURE_DELETED (123)  /* a security monitor deleted the capture */
#define NMERR_FRAME_FAILED_FILTER             (124)  /* the filter rejects the frame */
#define NMERR_EXPERT_TERMINATE                (125)  /* the run was told to end */
#define NMERR_REMOTE_NOT_A_SERVER             (126)  /* the remote computer is no server */
#define NMERR_REMOTE_VERSION_OUTOFSYNC        (127)  /* the remote computer has another version */
#define NMERR_INVALID_EXPERT_GROUP            (128)  /* there is no such group of experts */
#define NMERR_INVALID_EXPERT_NAME             (129)  /* there is no expert of this name */
#define NMERR_INVALID_EXPERT_HANDLE           (130)  /* this is not the key of a running expert */
#define NMERR_GROUP_NAME_ALREADY_EXISTS       (131)  /* there is a group of this name already */
#define NMERR_INVALID_GROUP_NAME              (132)  /* the name of the group is not valid */
#define NMERR_EXPERT_ALREADY_IN_GROUP         (133)  /* the expert is in the group already */
#define NMERR_EXPERT_NOT_IN_GROUP             (134)  /* the expert is not in the group */
#define NMERR_NOT_INITIALIZED                 (135)  /* it has to be configured first */
#define NMERR_INVALID_GROUP_ROOT              (136)  /* the root of the groups is not valid */
#define NMERR_BAD_VERSION                     (137)  /* the structure's version is not supported */
#define NMERR_ESP                             (138)  /* connected for an ESP capture */
#define NMERR_NOT_ESP                         (139)  /* not connected for an ESP capture */
#define NMERR_BLOB_NOT_INITIALIZED            (1000) /* there is no BLOB */
#define NMERR_INVALID_BLOB                    (1001) /* this is not a live BLOB */
#define NMERR_UPLEVEL_BLOB                    (1002) /* the BLOB is of a newer version */
#define NMERR_BLOB_ENTRY_ALREADY_EXISTS       (1003) /* the BLOB has this entry already */
#define NMERR_BLOB_ENTRY_DOES_NOT_EXIST       (1004) /* the BLOB has no such entry */
#define NMERR_AMBIGUOUS_SPECIFIER             (1005) /* a tag needs its category, and a category its owner */
#define NMERR_BLOB_OWNER_NOT_FOUND            (1006) /* the BLOB has no such owner */
#define NMERR_BLOB_CATEGORY_NOT_FOUND         (1007) /* the BLOB has no such category */
#define NMERR_UNKNOWN_CATEGORY                (1008) /* a category is not understood */
#define NMERR_UNKNOWN_TAG                     (1009) /* a tag is not understood */
#define NMERR_BLOB_CONVERSION_ERROR           (1010) /* the entry's value has another form */
#define NMERR_ILLEGAL_TRIGGER                 (1011) /* the trigger makes no sense */
#define NMERR_BLOB_STRING_INVALID             (1012) /* a name or value is not a valid string */
#define NMERR_UNABLE_TO_LOAD_LIBRARY          (1013) /* a library could not be loaded */
#define NMERR_UNABLE_TO_GET_PROCADDR          (1014) /* a library lacks an entry point */
#define NMERR_CLASS_NOT_REGISTERED            (1015) /* the class is unknown */
#define NMERR_INVALID_REMOTE_COMPUTERNAME     (1016) /* the remote computer's name is not valid */
#define NMERR_RPC_REMOTE_FAILURE              (1017) /* the remote call failed */
#define NMERR_NO_NPPS                         (3016) /* there are no network packet providers */
#define NMERR_NO_MATCHING_NPPS                (3017) /* no network card passes the filter */
#define NMERR_NO_NPP_SELECTED                 (3018) /* no network card was chosen */
#define NMERR_NO_INPUT_BLOBS                  (3019) /* the table has no BLOBs */
#define NMERR_NO_NPP_DLLS                     (3020) /* the providers' folder is empty */
#define NMERR_NO_VALID_NPP_DLLS               (3021) /* no file in the providers' folder is a provider */

/* Private value (R): the documentation names it and gives none. */
#define NMERR_MONITOR_CONFIG_FAILED (2000)

/* Other spellings that the documentation uses for codes above. */
#define NMERR_INTERNAL_ERROR          NMERR_INTERNAL_EXCEPTION
#define NMERR_INVALID_HPOTOCOL        NMERR_INVALID_HPROTOCOL
#define NMERR_MAC_TYPE_UNKNOWN        NMERR_UNKNOWN_MACTYPE
#define NMERR_NO_NPP_DLL              NMERR_NO_NPP_DLLS
#define NMERR_OUT_OF_MEMOR            NMERR_OUT_OF_MEMORY
#define NMERR_COULD_NOT_CREATE_MEMORY NMERR_OUT_OF_MEMORY

/* COM results: S_OK for 0, else 0x80040000 with the code in the low 16 bits. */
NMAPI_INLINE HRESULT NMERR_TO_HRESULT(DWORD nmerror)
{
	if (nmerror == NMERR_SUCCESS)
		return NOERROR;
	return MAKE_HRESULT(SEVERITY_ERROR, FACILITY_ITF, (WORD)nmerror);
}

/* The low 16 bits; 0 for S_OK. */
NMAPI_INLINE DWORD HRESULT_TO_NMERR(HRESULT hResult)
{
	return (DWORD)HRESULT_CODE(hResult);
}

/* ---- MAC types and addresses --------------------------------------------- */

#define MAC_TYPE_UNKNOWN   (0)
#define MAC_TYPE_ETHERNET  (1) /* 802.3 and DIX */
#define MAC_TYPE_TOKENRING (2) /* 802.5 */
#define MAC_TYPE_FDDI      (3) /* X3T9.5 */
#define MAC_TYPE_ATM       (4) /* behind a 16-byte pseudo header */
#define MAC_TYPE_1394      (5)

#define MACHINE_NAME_LENGTH    (16)
#define USER_NAME_LENGTH       (32)
#define ADAPTER_COMMENT_LENGTH (32)
#define MAX_NAME_SIZE          (32)
#define MAX_NAME_LENGTH        (16)
#define MAX_ADDR_LENGTH        (6)
#define IP_ADDRESS_SIZE        (4)
#define MAC_ADDRESS_SIZE       (6)
#define IP6_ADDRESS_SIZE       (16)
#define MAX_ADDRESS_SIZE       (16)

#define ADDRESS_TYPE_ETHERNET     (0)
#define ADDRESS_TYPE_IP           (1)
#define ADDRESS_TYPE_IPX          (2)
#define ADDRESS_TYPE_TOKENRING    (3)
#define ADDRESS_TYPE_FDDI         (4)
#define ADDRESS_TYPE_XNS          (5)
#define ADDRESS_TYPE_ANY          (6) /* equals every address */
#define ADDRESS_TYPE_ANY_GROUP    (7) /* equals every MAC address with the group bit */
#define ADDRESS_TYPE_FIND_HIGHEST (8) /* GetFrame*Address: the highest layer there is */
#define ADDRESS_TYPE_VINES_IP     (9)
#define ADDRESS_TYPE_LOCAL_ONLY   (10)
#define ADDRESS_TYPE_ATM          (11)
#define ADDRESS_TYPE_1394         (12)
#define ADDRESS_TYPE_IP6          (13)

#define ADDRESSTYPE_FLAGS_NORMALIZE   (0x1) /* clear group and routing bits */
#define ADDRESSTYPE_FLAGS_BIT_REVERSE (0x2) /* Token Ring: reverse the bits of each byte */

/* AND byte 0 with these to clear the group or routing bit. */
#define FRAME_MASK_ETHERNET  ((BYTE)~0x1)
#define FRAME_MASK_TOKENRING ((BYTE)~0x80)
#define FRAME_MASK_FDDI      ((BYTE)~0x1)

#pragma pack(push, 1)

typedef struct _VINES_IP_ADDRESS {
	DWORD NetID;
	WORD SubnetID;
} VINES_IP_ADDRESS;
typedef VINES_IP_ADDRESS *LPVINES_IP_ADDRESS;
#define VINES_IP_ADDRESS_SIZE (sizeof(VINES_IP_ADDRESS))

typedef struct _IPX_ADDR {
	BYTE Subnet[4];
	BYTE Address[6];
} IPX_ADDR;
typedef IPX_ADDR *LPIPX_ADDR;
typedef IPX_ADDR XNS_ADDRESS;
typedef IPX_ADDR *LPXNS_ADDRESS;
#define IPX_ADDR_SIZE (sizeof(IPX_ADDR))

/* Views of the flag bits in a MAC address, from the lowest bit of byte 0 up. */
typedef struct _ETHERNET_SRC_ADDRESS {
	NMAPI_EXT BYTE RoutingBit : 1;
	NMAPI_EXT BYTE LocalBit : 1;
	NMAPI_EXT BYTE Byte0 : 6;
	BYTE Reserved[5];
} ETHERNET_SRC_ADDRESS;
typedef ETHERNET_SRC_ADDRESS *LPETHERNET_SRC_ADDRESS;

typedef struct _ETHERNET_DST_ADDRESS {
	NMAPI_EXT BYTE GroupBit : 1;
	NMAPI_EXT BYTE AdminBit : 1;
	NMAPI_EXT BYTE Byte0 : 6;
	BYTE Reserved[5];
} ETHERNET_DST_ADDRESS;
typedef ETHERNET_DST_ADDRESS *LPETHERNET_DST_ADDRESS;

typedef ETHERNET_SRC_ADDRESS FDDI_SRC_ADDRESS;
typedef ETHERNET_DST_ADDRESS FDDI_DST_ADDRESS;
typedef FDDI_SRC_ADDRESS *LPFDDI_SRC_ADDRESS;
typedef FDDI_DST_ADDRESS *LPFDDI_DST_ADDRESS;

typedef struct _TOKENRING_SRC_ADDRESS {
	NMAPI_EXT BYTE Byte0 : 6;
	NMAPI_EXT BYTE LocalBit : 1;
	NMAPI_EXT BYTE RoutingBit : 1;
	BYTE Byte1;
	NMAPI_EXT BYTE Byte2 : 7;
	NMAPI_EXT BYTE Functional : 1;
	BYTE Reserved[3];
} TOKENRING_SRC_ADDRESS;
typedef TOKENRING_SRC_ADDRESS *LPTOKENRING_SRC_ADDRESS;

typedef struct _TOKENRING_DST_ADDRESS {
	NMAPI_EXT BYTE Byte0 : 6;
	NMAPI_EXT BYTE AdminBit : 1;
	NMAPI_EXT BYTE GroupBit : 1;
	BYTE Reserved[5];
} TOKENRING_DST_ADDRESS;
typedef TOKENRING_DST_ADDRESS *LPTOKENRING_DST_ADDRESS;

/* An address of any type, bytes in wire order. 22 bytes on every target. */
typedef struct _ADDRESS2 {
	DWORD Type; /* ADDRESS_TYPE_* */
	union {
		BYTE MACAddress[MAC_ADDRESS_SIZE];
		BYTE IPAddress[IP_ADDRESS_SIZE];
		BYTE IP6Address[IP6_ADDRESS_SIZE];
		BYTE IPXRawAddress[IPX_ADDR_SIZE];
		IPX_ADDR IPXAddress;
		BYTE VinesIPRawAddress[VINES_IP_ADDRESS_SIZE];
		VINES_IP_ADDRESS VinesIPAddress;
		ETHERNET_SRC_ADDRESS EthernetSrcAddress;
		ETHERNET_DST_ADDRESS EthernetDstAddress;
		TOKENRING_SRC_ADDRESS TokenringSrcAddress;
		TOKENRING_DST_ADDRESS TokenringDstAddress;
		FDDI_SRC_ADDRESS FddiSrcAddress;
		FDDI_DST_ADDRESS FddiDstAddress;
	};
	WORD Flags; /* no meaning assigned; 0 (R) */
} ADDRESS2;
typedef ADDRESS2 *LPADDRESS2;
#define ADDRESS2_SIZE sizeof(ADDRESS2)

/* The obsolete 16-byte form, without room for IPv6. No function here takes it,
 * except Set/GetNPPAddressFilter. */
typedef struct _ADDRESS {
	DWORD Type;
	union {
		BYTE MACAddress[MAC_ADDRESS_SIZE];
		BYTE IPAddress[IP_ADDRESS_SIZE];
		BYTE IPXRawAddress[IPX_ADDR_SIZE];
		IPX_ADDR IPXAddress;
		BYTE VinesIPRawAddress[VINES_IP_ADDRESS_SIZE];
		VINES_IP_ADDRESS VinesIPAddress;
		ETHERNET_SRC_ADDRESS EthernetSrcAddress;
		ETHERNET_DST_ADDRESS EthernetDstAddress;
		TOKENRING_SRC_ADDRESS TokenringSrcAddress;
		TOKENRING_DST_ADDRESS TokenringDstAddress;
		FDDI_SRC_ADDRESS FddiSrcAddress;
		FDDI_DST_ADDRESS FddiDstAddress;
	};
	WORD Flags;
} NMAPI_NAME(ADDRESS);
typedef struct _ADDRESS *LPADDRESS;
#define ADDRESS_SIZE sizeof(struct _ADDRESS)

#pragma pack(pop)

#define ADDRESS_FLAGS_MATCH_DST      (0x1) /* the destination must be equal */
#define ADDRESS_FLAGS_MATCH_SRC      (0x2) /* the source must be equal */
#define ADDRESS_FLAGS_EXCLUDE        (0x4) /* a match rejects the frame */
#define ADDRESS_FLAGS_DST_GROUP_ADDR (0x8) /* look only at the destination's group bit */
#define ADDRESS_FLAGS_MATCH_BOTH     (0x3)
#define ADDRESS_FLAGS_EXCLUDED       ADDRESS_FLAGS_EXCLUDE   /* the documentation's spelling */
#define ADDRESS_FLAGS_MATCH_SOURCE   ADDRESS_FLAGS_MATCH_SRC /* the same */

typedef struct _ADDRESSPAIR2 {
	WORD AddressFlags; /* ADDRESS_FLAGS_* */
	WORD NalReserved;
	ADDRESS2 DstAddress;
	ADDRESS2 SrcAddress;
} ADDRESSPAIR2;
typedef ADDRESSPAIR2 *LPADDRESSPAIR2;
#define ADDRESSPAIR2_SIZE sizeof(ADDRESSPAIR2)

typedef struct _ADDRESSPAIR {
	WORD AddressFlags;
	WORD NalReserved;
	struct _ADDRESS DstAddress;
	struct _ADDRESS SrcAddress;
} ADDRESSPAIR;
typedef ADDRESSPAIR *LPADDRESSPAIR;
#define ADDRESSPAIR_SIZE sizeof(ADDRESSPAIR)

#define MAX_ADDRESS_PAIRS (8)

typedef struct _ADDRESSTABLE2 {
	DWORD nAddressPairs;       /* used entries, 0 to 8 */
	DWORD nNonMacAddressPairs; /* of these, pairs of network-layer addresses */
	ADDRESSPAIR2 AddressPair[MAX_ADDRESS_PAIRS];
} ADDRESSTABLE2;
typedef ADDRESSTABLE2 *LPADDRESSTABLE2;
#define ADDRESSTABLE2_SIZE sizeof(ADDRESSTABLE2)

typedef struct _ADDRESSTABLE {
	DWORD nAddressPairs;
	DWORD nNonMacAddressPairs;
	ADDRESSPAIR AddressPair[MAX_ADDRESS_PAIRS];
} ADDRESSTABLE;
typedef ADDRESSTABLE *LPADDRESSTABLE;
#define ADDRESSTABLE_SIZE sizeof(ADDRESSTABLE)

/* An address with a name. Name is UTF-16. */
typedef struct _ADDRESSINFO2 {
	ADDRESS2 Address;
	WCHAR Name[MAX_NAME_SIZE];
	DWORD Flags; /* SORT_*, PERMANENT_NAME */
	LPVOID lpAddressInstData;
} ADDRESSINFO2;
typedef struct _ADDRESSINFO2 *LPADDRESSINFO2;
#define ADDRESSINFO2_SIZE sizeof(ADDRESSINFO2)

typedef struct _ADDRESSINFO {
	struct _ADDRESS Address;
	WCHAR Name[MAX_NAME_SIZE];
	DWORD Flags;
	LPVOID lpAddressInstData;
} ADDRESSINFO;
typedef struct _ADDRESSINFO *LPADDRESSINFO;
#define ADDRESSINFO_SIZE sizeof(ADDRESSINFO)

typedef struct _ADDRESSINFOTABLE2 {
	DWORD nAddressInfos;
	NMAPI_EXT LPADDRESSINFO2 lpAddressInfo[0];
} ADDRESSINFOTABLE2;
typedef ADDRESSINFOTABLE2 *LPADDRESSINFOTABLE2;
#define ADDRESSINFOTABLE2_SIZE sizeof(ADDRESSINFOTABLE2)

typedef struct _ADDRESSINFOTABLE {
	DWORD nAddressInfos;
	NMAPI_EXT LPADDRESSINFO lpAddressInfo[0];
} ADDRESSINFOTABLE;
typedef ADDRESSINFOTABLE *LPADDRESSINFOTABLE;
#define ADDRESSINFOTABLE_SIZE sizeof(ADDRESSINFOTABLE)

#define SORT_BYADDRESS (0)
#define SORT_BYNAME    (1)
#define PERMANENT_NAME (0x100)

/* ---- frames -------------------------------------------------------------- */

#define MINIMUM_FRAME_SIZE (32)

/* A frame with its header: 16 bytes, then nBytesAvail bytes of the frame, MAC
 * header first, no checksum. sizeof is larger on most targets: take 16, or
 * offsetof(FRAME, MacFrame). Also the record header of 2.x capture files. */
typedef struct _FRAME {
	__int64 TimeStamp; /* us since the capture began */
	DWORD FrameLength; /* bytes on the wire */
	DWORD nBytesAvail; /* bytes stored, at most FrameLength in a sane capture */
	BYTE MacFrame[1];
} NMAPI_OVERLAY NMAPI_NAME(FRAME);
typedef struct _FRAME *LPFRAME;
typedef struct _FRAME NMAPI_U_FRAME NMAPI_ANYWHERE;
typedef NMAPI_U_FRAME *ULPFRAME;
#define FRAME_SIZE (sizeof(struct _FRAME))

/* Where the driver says that a protocol starts; see FRAME_DESCRIPTOR. */
#define OFFSET_BASIS_RELATIVE_TO_FRAME              (0) /* first byte of the frame */
#define OFFSET_BASIS_RELATIVE_TO_EFFECTIVE_PROTOCOL (1) /* after MAC, LLC and SNAP (R) */
#define OFFSET_BASIS_RELATIVE_TO_IPX                (2)
#define OFFSET_BASIS_RELATIVE_TO_IP                 (3)
#define OFFSET_BASIS_RELATIVE_TO_IP6                (4)

#define LOW_PROTOCOL_IPX     (OFFSET_BASIS_RELATIVE_TO_IPX)
#define LOW_PROTOCOL_IP      (OFFSET_BASIS_RELATIVE_TO_IP)
#define LOW_PROTOCOL_IP6     (OFFSET_BASIS_RELATIVE_TO_IP6)
#define LOW_PROTOCOL_UNKNOWN ((BYTE)-1)

/* A frame as a real-time provider delivers it. Etype to HighProtocolOffset are
 * filled only for a BLOB with NPP:Config:WantProtocolInfo. */
typedef struct _FRAME_DESCRIPTOR {
	LPBYTE FramePointer;
	__int64 TimeStamp; /* us since the capture began */
	DWORD FrameLength;
	DWORD nBytesAvail;
	WORD Etype;
	BYTE Sap;
	BYTE LowProtocol;       /* LOW_PROTOCOL_* */
	WORD LowProtocolOffset; /* bytes from the frame's start */
	union {
		WORD Reserved;
		BYTE IPPort;
		WORD ByteSwappedIPXPort;
	} HighPort;
	WORD HighProtocolOffset;
} FRAME_DESCRIPTOR;
typedef FRAME_DESCRIPTOR *LPFRAME_DESCRIPTOR;
#define FRAME_DESCRIPTOR_SIZE (sizeof(FRAME_DESCRIPTOR))

/* A ring: visit FrameCount entries, (StartIndex + i) % FrameTableLength (R). */
typedef struct _FRAMETABLE {
	DWORD FrameTableLength; /* entries that there is room for */
	DWORD StartIndex;
	DWORD EndIndex;
	DWORD FrameCount;
	FRAME_DESCRIPTOR Frames[1];
} FRAMETABLE;
typedef FRAMETABLE *LPFRAMETABLE;

/* ---- statistics, network cards, stations --------------------------------- */

#define CONNECTION_FLAGS_WANT_CONVERSATION_STATS (0x1)

typedef struct _TRANSMITSTATS {
	DWORD TotalFramesSent;
	DWORD TotalBytesSent;
	DWORD TotalTransmitErrors;
} TRANSMITSTATS;
typedef TRANSMITSTATS *LPTRANSMITSTATS;
#define TRANSMITSTATS_SIZE (sizeof(TRANSMITSTATS))

/* What a capture driver counted; 88 bytes, also stored in capture files. */
typedef struct _STATISTICS {
	__int64 TimeElapsed; /* us */
	DWORD TotalFramesCaptured;
	DWORD TotalBytesCaptured;
	DWORD TotalFramesFiltered; /* that passed the capture filter */
	DWORD TotalBytesFiltered;
	DWORD TotalMulticastsFiltered; /* obsolete, as the next one */
	DWORD TotalBroadcastsFiltered;
	DWORD TotalFramesSeen;
	DWORD TotalBytesSeen;
	DWORD TotalMulticastsReceived; /* obsolete, as the next one */
	DWORD TotalBroadcastsReceived;
	DWORD TotalFramesDropped;
	DWORD TotalFramesDroppedFromBuffer;
	DWORD MacFramesReceived;
	DWORD MacCRCErrors;
	__int64 MacBytesReceivedEx;
	DWORD MacFramesDropped_NoBuffers;
	DWORD MacMulticastsReceived;
	DWORD MacBroadcastsReceived;
	DWORD MacFramesDropped_HwError;
} NMAPI_NAME(STATISTICS);
typedef struct _STATISTICS *LPSTATISTICS;
#define STATISTICS_SIZE (sizeof(struct _STATISTICS))

#define NETWORKINFO_FLAGS_PMODE_NOT_SUPPORTED  (0x1)
#define NETWORKINFO_FLAGS_REMOTE_NAL           (0x4)
#define NETWORKINFO_FLAGS_REMOTE_NAL_CONNECTED (0x8)
#define NETWORKINFO_FLAGS_REMOTE_CARD          (0x10)
#define NETWORKINFO_FLAGS_RAS                  (0x20)
#define NETWORKINFO_RESERVED_FIELD_SIZE        (FIELD_OFFSET(ADDRESS2, IPXAddress) + sizeof(IPX_ADDR))

/* A network card. In a capture file 116 bytes, or 114 from a 32-bit writer. */
typedef struct _NETWORKINFO {
	BYTE PermanentAddr[6];
	BYTE CurrentAddr[6];
	BYTE Reserved[NETWORKINFO_RESERVED_FIELD_SIZE];
	DWORD LinkSpeed; /* Mbit/s */
	DWORD MacType;
	DWORD MaxFrameSize;
	DWORD Flags;                /* NETWORKINFO_FLAGS_* */
	DWORD TimestampScaleFactor; /* 1: 1 ms, 10: 0.1 ms, 1000: 1 us */
	BYTE NodeName[32];
	WINBOOL PModeSupported;
	BYTE Comment[ADAPTER_COMMENT_LENGTH];
} NETWORKINFO;
typedef NETWORKINFO *LPNETWORKINFO;
#define NETWORKINFO_SIZE sizeof(NETWORKINFO)

#define STATIONSTATS_FLAGS_INITIALIZED (0x1)
#define STATIONSTATS_FLAGS_EVENTPOSTED (0x2)
#define STATIONSTATS_POOL_SIZE         (100)

/* One station; NextStationStats and SessionPartnerList are indexes. */
typedef struct _STATIONSTATS {
	DWORD NextStationStats;
	DWORD SessionPartnerList;
	DWORD Flags; /* STATIONSTATS_FLAGS_* */
	BYTE StationAddress[6];
	WORD Pad;
	DWORD TotalPacketsReceived;
	DWORD TotalDirectedPacketsSent;
	DWORD TotalBroadcastPacketsSent;
	DWORD TotalMulticastPacketsSent;
	DWORD TotalBytesReceived;
	DWORD TotalBytesSent;
} STATIONSTATS;
typedef STATIONSTATS *LPSTATIONSTATS;
#define STATIONSTATS_SIZE (sizeof(STATIONSTATS))

#define SESSION_FLAGS_INITIALIZED (0x1)
#define SESSION_FLAGS_EVENTPOSTED (0x2)
#define SESSION_POOL_SIZE         (100)

/* What StationOwner sent to StationPartner; both, and NextSession, are indexes. */
typedef struct _SESSIONSTATS {
	DWORD NextSession;
	DWORD StationOwner;
	DWORD StationPartner;
	DWORD Flags; /* SESSION_FLAGS_* */
	DWORD TotalPacketsSent;
} SESSIONSTATS;
typedef SESSIONSTATS *LPSESSIONSTATS;
#define SESSIONSTATS_SIZE (sizeof(SESSIONSTATS))

#define MAX_SESSIONS (100)
#define MAX_STATIONS (100)

typedef struct _STATISTICSPARAM {
	DWORD StatisticsSize;
	struct _STATISTICS Statistics;
	DWORD StatisticsTableEntries;
	STATIONSTATS StatisticsTable[100];
	DWORD SessionTableEntries;
	SESSIONSTATS SessionTable[100];
} STATISTICSPARAM;
typedef STATISTICSPARAM *LPSTATISTICSPARAM;
#define STATISTICSPARAM_SIZE (sizeof(STATISTICSPARAM))

/* Private values (R): the documentation names them and gives none. */
#define STATIONQUERY_FLAGS_LOADED       (0)
#define STATIONQUERY_FLAGS_RUNNING      (0x1)
#define STATIONQUERY_FLAGS_CAPTURING    (0x2)
#define STATIONQUERY_FLAGS_TRANSMITTING (0x4)

#pragma pack(push, 1)
/* A computer on the subnet that runs the product. */
typedef struct _STATIONQUERY {
	DWORD Flags; /* STATIONQUERY_FLAGS_* */
	BYTE BCDVerMinor;
	BYTE BCDVerMajor;
	DWORD LicenseNumber;
	BYTE MachineName[16];
	BYTE UserName[32];
	BYTE Reserved[32];
	BYTE AdapterAddress[6];
	WCHAR WMachineName[16];
	WCHAR WUserName[32];
} STATIONQUERY;
typedef STATIONQUERY *LPSTATIONQUERY;
#define STATIONQUERY_SIZE (sizeof(STATIONQUERY))
#pragma pack(pop)

typedef struct _QUERYTABLE {
	DWORD nStationQueries; /* in: room; out: found */
	STATIONQUERY StationQuery[1];
} QUERYTABLE;
typedef QUERYTABLE *LPQUERYTABLE;
#define QUERYTABLE_SIZE (sizeof(QUERYTABLE))

typedef struct _LINK *LPLINK;
typedef struct _LINK {
	LPLINK PrevLink;
	LPLINK NextLink;
} NMAPI_NAME(LINK);

/* ---- capture files ------------------------------------------------------- */

#define CAPTUREFILE_VERSION_MAJOR (2)
#define CAPTUREFILE_VERSION_MINOR (0)
#define CAPTUREFILE_OPEN          OPEN_EXISTING
#define CAPTUREFILE_CREATE        CREATE_NEW

#define MakeVersion(Major, Minor)        ((DWORD)MAKEWORD(Minor, Major))
#define GetCurrentVersion()              MakeVersion(CAPTUREFILE_VERSION_MAJOR, CAPTUREFILE_VERSION_MINOR)
#define NETMON_1_0_CAPTUREFILE_SIGNATURE MAKE_IDENTIFIER('R', 'T', 'S', 'S')
#define NETMON_2_0_CAPTUREFILE_SIGNATURE MAKE_IDENTIFIER('G', 'M', 'B', 'U')

#pragma pack(push, 1)

/* The start of a file. Offsets and lengths are bytes; little-endian on disk. */
typedef struct _CAPTUREFILE_HEADER_VALUES {
	DWORD Signature;
	BYTE BCDVerMinor;
	BYTE BCDVerMajor;
	WORD MacType;
	SYSTEMTIME TimeStamp; /* local time, zone unknown */
	DWORD FrameTableOffset;
	DWORD FrameTableLength; /* four per frame */
	DWORD UserDataOffset;
	DWORD UserDataLength;
	DWORD CommentDataOffset;
	DWORD CommentDataLength;
	DWORD StatisticsOffset;
	DWORD StatisticsLength;
	DWORD NetworkInfoOffset;
	DWORD NetworkInfoLength;
	DWORD ConversationStatsOffset; /* never used, as the next one */
	DWORD ConversationStatsLength;
} CAPTUREFILE_HEADER_VALUES;
typedef CAPTUREFILE_HEADER_VALUES *LPCAPTUREFILE_HEADER_VALUES;
#define CAPTUREFILE_HEADER_VALUES_SIZE (sizeof(CAPTUREFILE_HEADER_VALUES))

typedef struct _CAPTUREFILE_HEADER {
	union {
		CAPTUREFILE_HEADER_VALUES ActualHeader;
		BYTE Buffer[72];
	};
	BYTE Reserved[56];
} CAPTUREFILE_HEADER;
typedef CAPTUREFILE_HEADER *LPCAPTUREFILE_HEADER;
#define CAPTUREFILE_HEADER_SIZE (sizeof(CAPTUREFILE_HEADER))

/* MAC headers of the statistics frame that ends a capture. */
typedef struct _EFRAMEHDR {
	BYTE SrcAddress[6];
	BYTE DstAddress[6];
	WORD Length;
	BYTE DSAP;
	BYTE SSAP;
	BYTE Control;
	BYTE ProtocolID[3];
	WORD EtherType;
} EFRAMEHDR;

typedef struct _TRFRAMEHDR {
	BYTE AC;
	BYTE FC;
	BYTE SrcAddress[6];
	BYTE DstAddress[6];
	BYTE DSAP;
	BYTE SSAP;
	BYTE Control;
	BYTE ProtocolID[3];
	WORD EtherType;
} TRFRAMEHDR;

typedef struct _FDDIFRAMEHDR {
	BYTE FC;
	BYTE SrcAddress[6];
	BYTE DstAddress[6];
	BYTE DSAP;
	BYTE SSAP;
	BYTE Control;
	BYTE ProtocolID[3];
	WORD EtherType;
} FDDIFRAMEHDR;

typedef struct _ATMFRAMEHDR {
	BYTE SrcAddress[6];
	BYTE DstAddress[6];
	WORD Vpi;
	WORD Vci;
} ATMFRAMEHDR;

#define DEFAULT_TR_AC     (0)
#define DEFAULT_TR_FC     (0x40)
#define DEFAULT_SAP       (0xaa)
#define DEFAULT_CONTROL   (0x3)
#define DEFAULT_ETHERTYPE (0x8419)
#define DEFAULT_FDDI_FC   (0x10)

typedef struct _FDDISTATFRAME {
	__int64 TimeStamp;
	DWORD FrameLength;
	DWORD nBytesAvail;
	FDDIFRAMEHDR FrameHeader;
	BYTE FrameID[4];
	DWORD Flags;
	DWORD FrameType; /* STATS_FRAME_TYPE */
	WORD StatsDataLen;
	DWORD StatsVersion; /* STATISTICS_VERSION_* */
	struct _STATISTICS Statistics;
} NMAPI_OVERLAY FDDISTATFRAME;
typedef FDDISTATFRAME *LPFDDISTATFRAME;
typedef FDDISTATFRAME NMAPI_U_FDDISTATFRAME NMAPI_ANYWHERE;
typedef NMAPI_U_FDDISTATFRAME *ULPFDDISTATFRAME;
#define FDDISTATFRAME_SIZE (sizeof(FDDISTATFRAME))

typedef struct _ATMSTATFRAME {
	__int64 TimeStamp;
	DWORD FrameLength;
	DWORD nBytesAvail;
	ATMFRAMEHDR FrameHeader;
	BYTE FrameID[4];
	DWORD Flags;
	DWORD FrameType;
	WORD StatsDataLen;
	DWORD StatsVersion;
	struct _STATISTICS Statistics;
} NMAPI_OVERLAY ATMSTATFRAME;
typedef ATMSTATFRAME *LPATMSTATFRAME;
typedef ATMSTATFRAME NMAPI_U_ATMSTATFRAME NMAPI_ANYWHERE;
typedef NMAPI_U_ATMSTATFRAME *ULPATMSTATFRAME;
#define ATMSTATFRAME_SIZE (sizeof(ATMSTATFRAME))

typedef struct _TRSTATFRAME {
	__int64 TimeStamp;
	DWORD FrameLength;
	DWORD nBytesAvail;
	TRFRAMEHDR FrameHeader;
	BYTE FrameID[4];
	DWORD Flags;
	DWORD FrameType;
	WORD StatsDataLen;
	DWORD StatsVersion;
	struct _STATISTICS Statistics;
} NMAPI_OVERLAY TRSTATFRAME;
typedef TRSTATFRAME *LPTRSTATFRAME;
typedef TRSTATFRAME NMAPI_U_TRSTATFRAME NMAPI_ANYWHERE;
typedef NMAPI_U_TRSTATFRAME *ULPTRSTATFRAME;
#define TRSTATFRAME_SIZE (sizeof(TRSTATFRAME))

typedef struct _ESTATFRAME {
	__int64 TimeStamp;
	DWORD FrameLength;
	DWORD nBytesAvail;
	EFRAMEHDR FrameHeader;
	BYTE FrameID[4];
	DWORD Flags;
	DWORD FrameType;
	WORD StatsDataLen;
	DWORD StatsVersion;
	struct _STATISTICS Statistics;
} NMAPI_OVERLAY ESTATFRAME;
typedef ESTATFRAME *LPESTATFRAME;
typedef ESTATFRAME NMAPI_U_ESTATFRAME NMAPI_ANYWHERE;
typedef NMAPI_U_ESTATFRAME *ULPESTATFRAME;
#define ESTATFRAME_SIZE (sizeof(ESTATFRAME))

#pragma pack(pop)

#define STATISTICS_VERSION_1_0 (0)
#define STATISTICS_VERSION_2_0 (0x20)
#define MAX_STATSFRAME_SIZE    (sizeof(TRSTATFRAME))
#define STATS_FRAME_TYPE       (103)
/* ---- properties ---------------------------------------------------------- */

#define PROP_TYPE_VOID              (0)
#define PROP_TYPE_SUMMARY           (1) /* one line for the whole protocol, attached first, level 0 */
#define PROP_TYPE_BYTE              (2)
#define PROP_TYPE_WORD              (3)
#define PROP_TYPE_DWORD             (4)
#define PROP_TYPE_LARGEINT          (5)
#define PROP_TYPE_ADDR              (6) /* a MAC address, 6 bytes */
#define PROP_TYPE_TIME              (7) /* a SYSTEMTIME */
#define PROP_TYPE_STRING            (8) /* text, length from the instance */
#define PROP_TYPE_IP_ADDRESS        (9)
#define PROP_TYPE_IPX_ADDRESS       (10)
#define PROP_TYPE_BYTESWAPPED_WORD  (11) /* obsolete: PROP_TYPE_WORD and IFLAG_SWAPPED */
#define PROP_TYPE_BYTESWAPPED_DWORD (12) /* obsolete: PROP_TYPE_DWORD and IFLAG_SWAPPED */
#define PROP_TYPE_TYPED_STRING      (13) /* obsolete: PROP_TYPE_STRING */
#define PROP_TYPE_RAW_DATA          (14)
#define PROP_TYPE_COMMENT           (15)
#define PROP_TYPE_SRCFRIENDLYNAME   (16) /* the sender's name */
#define PROP_TYPE_DSTFRIENDLYNAME   (17) /* the receiver's name */
#define PROP_TYPE_TOKENRING_ADDRESS (18)
#define PROP_TYPE_FDDI_ADDRESS      (19)
#define PROP_TYPE_ETHERNET_ADDRESS  (20)
#define PROP_TYPE_OBJECT_IDENTIFIER (21) /* BER-encoded */
#define PROP_TYPE_VINES_IP_ADDRESS  (22)
#define PROP_TYPE_VAR_LEN_SMALL_INT (23) /* 1 to 8 bytes */
#define PROP_TYPE_ATM_ADDRESS       (24)
#define PROP_TYPE_1394_ADDRESS      (25)
#define PROP_TYPE_IP6_ADDRESS       (26)

#define PROP_QUAL_NONE             (0)
#define PROP_QUAL_RANGE            (1)  /* lpRange: what is expected */
#define PROP_QUAL_SET              (2)  /* lpSet: values that are expected */
#define PROP_QUAL_BITFIELD         (3)  /* obsolete */
#define PROP_QUAL_LABELED_SET      (4)  /* lpSet: values and their names */
#define PROP_QUAL_LABELED_BITFIELD (8)  /* obsolete: PROP_QUAL_FLAGS */
#define PROP_QUAL_CONST            (9)  /* Value: the only one that is right */
#define PROP_QUAL_FLAGS            (10) /* lpSet of LABELED_BIT: one line per bit */
#define PROP_QUAL_ARRAY            (11) /* as many elements as the length holds */

typedef struct _RANGE {
	DWORD MinValue;
	DWORD MaxValue;
} NMAPI_NAME(RANGE);
typedef struct _RANGE *LPRANGE;

/* A value and its name. Sets of them give PROP_QUAL_LABELED_SET its text. */
typedef struct _LABELED_BYTE {
	BYTE Value;
	LPSTR Label;
} LABELED_BYTE;
typedef LABELED_BYTE *LPLABELED_BYTE;

typedef struct _LABELED_WORD {
	WORD Value;
	LPSTR Label;
} LABELED_WORD;
typedef LABELED_WORD *LPLABELED_WORD;

typedef struct _LABELED_DWORD {
	DWORD Value;
	LPSTR Label;
} LABELED_DWORD;
typedef LABELED_DWORD *LPLABELED_DWORD;

typedef struct _LABELED_LARGEINT {
	LARGE_INTEGER Value;
	LPSTR Label;
} LABELED_LARGEINT;
typedef LABELED_LARGEINT *LPLABELED_LARGEINT;

typedef struct _LABELED_SYSTEMTIME {
	SYSTEMTIME Value;
	LPSTR Label;
} LABELED_SYSTEMTIME;
typedef LABELED_SYSTEMTIME *LPLABELED_SYSTEMTIME;

/* One line of PROP_QUAL_FLAGS; bits that no entry names are not shown. */
typedef struct _LABELED_BIT {
	BYTE BitNumber; /* 0: least significant */
	LPSTR LabelOff;
	LPSTR LabelOn;
} LABELED_BIT;
typedef LABELED_BIT *LPLABELED_BIT;

#define TYPED_STRING_NORMAL  (1)
#define TYPED_STRING_UNICODE (2)
#define TYPED_STRING_EXFLAG  (1)

/* Obsolete with PROP_TYPE_TYPED_STRING. */
typedef struct _TYPED_STRING {
	NMAPI_EXT BYTE StringType : 7;
	NMAPI_EXT BYTE fStringEx : 1;
	LPSTR lpString;
	NMAPI_EXT BYTE Byte[0];
} TYPED_STRING;
typedef TYPED_STRING *LPTYPED_STRING;

typedef struct _OBJECT_IDENTIFIER {
	DWORD Length; /* sub-identifiers at lpIdentifier (R) */
	LPDWORD lpIdentifier;
} OBJECT_IDENTIFIER;
typedef OBJECT_IDENTIFIER *LPOBJECT_IDENTIFIER;

/* A table of nEntries elements of the kind that the property's type and
 * qualifier call for. */
typedef struct _SET {
	DWORD nEntries;
	union {
		LPVOID lpVoidTable;
		LPBYTE lpByteTable;
		LPWORD lpWordTable;
		LPDWORD lpDwordTable;
		LPLARGEINT lpLargeIntTable;
		LPSYSTEMTIME lpSystemTimeTable;
		LPLABELED_BYTE lpLabeledByteTable;
		LPLABELED_WORD lpLabeledWordTable;
		LPLABELED_DWORD lpLabeledDwordTable;
		LPLABELED_LARGEINT lpLabeledLargeIntTable;
		LPLABELED_SYSTEMTIME lpLabeledSystemTimeTable;
		LPLABELED_BIT lpLabeledBit;
	};
} NMAPI_NAME(SET);
typedef struct _SET *LPSET;

typedef struct _STRINGTABLE {
	DWORD nStrings;
	NMAPI_EXT LPSTR String[0];
} STRINGTABLE;
typedef STRINGTABLE *LPSTRINGTABLE;
#define STRINGTABLE_SIZE sizeof(STRINGTABLE)

/* A property that a protocol can have: what AddProperty registers. */
typedef struct _PROPERTYINFO {
	HPROPERTY hProperty; /* 0; AddProperty stores the handle here */
	DWORD Version;       /* 0 */
	LPSTR Label;
	LPSTR Comment;
	BYTE DataType;      /* PROP_TYPE_* */
	BYTE DataQualifier; /* PROP_QUAL_*: which member of the union counts */
	union {
		LPVOID lpExtendedInfo;
		LPRANGE lpRange;
		LPSET lpSet;
		DWORD Bitmask;
		DWORD Value;
	};
	WORD FormatStringSize; /* bytes for the text, all lines together */
	LPVOID InstanceData;   /* the parser's own; usually a FORMAT routine */
} PROPERTYINFO;
typedef PROPERTYINFO *LPPROPERTYINFO;
#define PROPERTYINFO_SIZE (sizeof(PROPERTYINFO))

NMAPI_NESTED_BEGIN
/* A value that does not lie in the frame as it is shown. LengthEx bytes follow. */
typedef struct _PROPERTYINSTEX {
	WORD Length;    /* bytes that the property covers in the frame */
	WORD LengthEx;  /* bytes of the value */
	ULPVOID lpData; /* the covered bytes; NULL when there are none */
	union {
		BYTE Byte[1];
		WORD Word[1];
		DWORD Dword[1];
		LARGE_INTEGER LargeInt[1];
		SYSTEMTIME SysTime[1];
		TYPED_STRING TypedString;
	};
} NMAPI_OVERLAY PROPERTYINSTEX;
NMAPI_NESTED_END
typedef PROPERTYINSTEX *LPPROPERTYINSTEX;
typedef PROPERTYINSTEX NMAPI_U_PROPERTYINSTEX NMAPI_ANYWHERE;
typedef NMAPI_U_PROPERTYINSTEX *ULPPROPERTYINSTEX;
#define PROPERTYINSTEX_SIZE sizeof(PROPERTYINSTEX)

/* A property as found in a frame. */
typedef struct _PROPERTYINST {
	LPPROPERTYINFO lpPropertyInfo;
	LPSTR szPropertyText; /* NULL until formatted */
	union {
		LPVOID lpData;
		ULPBYTE lpByte;
		ULPWORD lpWord;
		ULPDWORD lpDword;
		ULPLARGEINT lpLargeInt;
		ULPSYSTEMTIME lpSysTime;
		LPPROPERTYINSTEX lpPropertyInstEx;
	};
	WORD DataLength;          /* 0xFFFF: lpPropertyInstEx counts */
	NMAPI_EXT WORD Level : 4; /* indentation; 15: not shown, only for filters */
	NMAPI_EXT WORD HelpID : 12;
	DWORD IFlags; /* IFLAG_* */
} PROPERTYINST;
typedef PROPERTYINST *LPPROPERTYINST;
#define PROPERTYINST_SIZE sizeof(PROPERTYINST)

#define IFLAG_ERROR   (0x1) /* the value breaks the protocol's rules */
#define IFLAG_SWAPPED (0x2) /* numbers are big-endian */
#define IFLAG_UNICODE (0x4) /* text is UTF-16 */

/* Where the instances of one protocol lie in the array of all. */
typedef struct _PROPERTYINSTTABLE {
	WORD nPropertyInsts;
	WORD nPropertyInstIndex;
} PROPERTYINSTTABLE;
typedef PROPERTYINSTTABLE *LPPROPERTYINSTTABLE;
#define PROPERTYINSTTABLE_SIZE (sizeof(PROPERTYINSTTABLE))

/* All properties of a frame, one PropertyInstTable per RECOGNIZEDATA entry, in
 * the same order (R). */
typedef struct _PROPERTYTABLE {
	LPVOID lpFormatBuffer;
	DWORD FormatBufferLength;
	DWORD nTotalPropertyInsts;
	LPPROPERTYINST lpFirstPropertyInst; /* nTotalPropertyInsts of them */
	BYTE nPropertyInstTables;
	NMAPI_EXT PROPERTYINSTTABLE PropertyInstTable[0];
} PROPERTYTABLE;
typedef PROPERTYTABLE *LPPROPERTYTABLE;
#define PROPERTYTABLE_SIZE sizeof(PROPERTYTABLE)

typedef struct _PROPERTYDATABASE {
	DWORD nProperties;
	NMAPI_EXT LPPROPERTYINFO PropertyInfo[0];
} PROPERTYDATABASE;
typedef PROPERTYDATABASE *LPPROPERTYDATABASE;
#define PROPERTYDATABASE_SIZE sizeof(PROPERTYDATABASE)

/* The value of an instance: in the frame, or the extended bytes. Borrowed. */
NMAPI_INLINE LPVOID GetPropertyInstanceData(LPPROPERTYINST PropertyInst)
{
	if (PropertyInst->DataLength != (WORD)-1)
		return PropertyInst->lpData;
	return (LPVOID)PropertyInst->lpPropertyInstEx->Byte;
}
#define GetPropertyInstanceDataValue(p, type) ((type *)GetPropertyInstanceData(p))[0]

/* Bytes that the instance covers in the frame. */
NMAPI_INLINE DWORD GetPropertyInstanceFrameDataLength(LPPROPERTYINST PropertyInst)
{
	if (PropertyInst->DataLength != (WORD)-1)
		return PropertyInst->DataLength;
	return PropertyInst->lpPropertyInstEx->Length;
}

/* Bytes of the extended value; 0xFFFF when there is none. The original header
 * returns 0xFFFF for all: a slip (R). */
NMAPI_INLINE DWORD GetPropertyInstanceExDataLength(LPPROPERTYINST PropertyInst)
{
	if (PropertyInst->DataLength == (WORD)-1)
		return PropertyInst->lpPropertyInstEx->LengthEx;
	return (WORD)-1;
}

/* ---- what a parser exports and registers --------------------------------- */

#define MAX_PROTOCOL_COMMENT_LEN     (256)
#define NETMON_MAX_PROTOCOL_NAME_LEN (16) /* with the NUL */
#undef MAX_PROTOCOL_NAME_LEN
#define MAX_PROTOCOL_NAME_LEN (NETMON_MAX_PROTOCOL_NAME_LEN)

#define PROTOCOL_STATUS_RECOGNIZED     (0) /* go on with this protocol's follow set */
#define PROTOCOL_STATUS_NOT_RECOGNIZED (1) /* somebody else's: try the next candidate */
#define PROTOCOL_STATUS_CLAIMED        (2) /* the rest of the frame is mine */
#define PROTOCOL_STATUS_NEXT_PROTOCOL  (3) /* go on with *phNext */

/* Where one protocol starts in a frame. */
typedef struct _RECOGNIZEDATA {
	WORD ProtocolID;
	WORD nProtocolOffset; /* bytes from the start of the frame */
	LPVOID InstData;      /* what was passed into this protocol's RecognizeFrame (R) */
} RECOGNIZEDATA;
typedef RECOGNIZEDATA *LPRECOGNIZEDATA;

/* The protocols of a frame, outermost first. */
typedef struct _RECOGNIZEDATATABLE {
	WORD nRecognizeDatas;
	NMAPI_EXT RECOGNIZEDATA RecognizeData[0];
} RECOGNIZEDATATABLE;
typedef RECOGNIZEDATATABLE *LPRECOGNIZEDATATABLE;

/* The five entry points of a parser, handed over in ENTRYPOINTS. The host calls
 * them on one thread per capture reader, frames in any order.
 *
 * Register: create the property database and handoff tables. Deregister: undo it. */
typedef VOID(WINAPI *NMAPI_NAME(REGISTER))(HPROTOCOL hProtocol);
typedef VOID(WINAPI *NMAPI_NAME(DEREGISTER))(HPROTOCOL hProtocol);

/* Is what starts at pProtocol this protocol? Set *pStatus to PROTOCOL_STATUS_*;
 * return the first byte after what was recognized, pProtocol when not
 * recognized, NULL when claimed. nBytesLeft counts stored bytes (R), so that
 * pProtocol[nBytesLeft - 1] can be read. *phNext only with NEXT_PROTOCOL.
 * *pInstData: in from the previous protocol, out to the next. No side effects. */
typedef LPBYTE(WINAPI *NMAPI_NAME(RECOGNIZEFRAME))(HFRAME hFrame, ULPBYTE pMacFrame,
    ULPBYTE pProtocol, DWORD MacType, DWORD nBytesLeft, HPROTOCOL hPrevious, DWORD nPreviousOffset,
    LPDWORD pStatus, LPHPROTOCOL phNext, PDWORD_PTR pInstData);

/* Attach the properties of what RecognizeFrame recognized. InstData is what it
 * was passed. The returned pointer is ignored (R). */
typedef LPBYTE(WINAPI *NMAPI_NAME(ATTACHPROPERTIES))(HFRAME hFrame, ULPBYTE pMacFrame,
    ULPBYTE pProtocol, DWORD MacType, DWORD nBytesLeft, HPROTOCOL hPrevious, DWORD nPreviousOffset,
    DWORD_PTR InstData);

/* Write the text of nPropertyInsts instances. The returned value is ignored (R). */
typedef DWORD(WINAPI *NMAPI_NAME(FORMATPROPERTIES))(HFRAME hFrame, ULPBYTE pMacFrame,
    ULPBYTE pProtocol, DWORD nPropertyInsts, LPPROPERTYINST pPropertyInsts);

/* A routine that formats one instance: usually PROPERTYINFO.InstanceData. Writes
 * at most FormatStringSize bytes to szPropertyText; lines end with a NUL, the
 * last with two. Some parsers pass the HFRAME as second argument. */
typedef VOID(WINAPIV *NMAPI_NAME(FORMAT))(LPPROPERTYINST, ...);

typedef struct _ENTRYPOINTS {
	NMAPI_NAME(REGISTER) Register;
	NMAPI_NAME(DEREGISTER) Deregister;
	NMAPI_NAME(RECOGNIZEFRAME) RecognizeFrame;
	NMAPI_NAME(ATTACHPROPERTIES) AttachProperties;
	NMAPI_NAME(FORMATPROPERTIES) FormatProperties; /* NULL: never displayed */
} ENTRYPOINTS;
typedef ENTRYPOINTS *LPENTRYPOINTS;
#define ENTRYPOINTS_SIZE sizeof(ENTRYPOINTS)

typedef struct _PROTOCOLINFO {
	DWORD ProtocolID; /* as in RECOGNIZEDATA; of this session only */
	LPPROPERTYDATABASE PropertyDatabase;
	BYTE ProtocolName[16];
	BYTE HelpFile[16];
	BYTE Comment[128];
} PROTOCOLINFO;
typedef PROTOCOLINFO *LPPROTOCOLINFO;
#define PROTOCOLINFO_SIZE sizeof(PROTOCOLINFO)

typedef struct _PROTOCOLTABLE {
	DWORD nProtocols;
	HPROTOCOL hProtocol[1];
} PROTOCOLTABLE;
typedef PROTOCOLTABLE *LPPROTOCOLTABLE;
typedef PROTOCOLTABLE PROTOCOLTABLETYPE;
typedef PROTOCOLTABLETYPE *LPPROTOCOLTABLETYPE;
#define PROTOCOLTABLE_SIZE (sizeof(PROTOCOLTABLE) - sizeof(HPROTOCOL))
#define PROTOCOLTABLE_ACTUAL_SIZE(p)                                                               \
	GetTableSize(PROTOCOLTABLE_SIZE, (p)->nProtocols, sizeof(HPROTOCOL))

#define HOT_SIGNATURE MAKE_IDENTIFIER('H', 'O', 'T', '$')
#define HOE_SIGNATURE MAKE_IDENTIFIER('H', 'O', 'E', '$')

/* A handoff table: number -> protocol. Opaque to parsers. */
typedef struct _HANDOFFENTRY {
	DWORD hoe_sig;
	DWORD hoe_ProtIdentNumber;
	HPROTOCOL hoe_ProtocolHandle;
	DWORD hoe_ProtocolData; /* zero-extended to instance data */
} HANDOFFENTRY;
typedef HANDOFFENTRY *LPHANDOFFENTRY;

typedef struct _HANDOFFTABLE {
	DWORD hot_sig;
	DWORD hot_NumEntries;
	LPHANDOFFENTRY hot_Entries;
} HANDOFFTABLE;
typedef struct _HANDOFFTABLE *LPHANDOFFTABLE;

#define INI_PATH_LENGTH          (256)
#define MAX_HANDOFF_ENTRY_LENGTH (80)
#define MAX_PROTOCOL_NAME        (40)
#define NUMALLOCENTRIES          (10)
#define RAW_INI_STR_LEN          (200)
#define PARSERS_SUBDIR           "PARSERS"
#define INI_EXTENSION            "INI"
#define BASE10_FORMAT_STR        "%ld=%s %ld"
#define BASE16_FORMAT_STR        "%lx=%s %lx"

typedef enum _PF_HANDOFFVALUEFORMATBASE {
	HANDOFF_VALUE_FORMAT_BASE_UNKNOWN = 0, /* read as decimal (R) */
	HANDOFF_VALUE_FORMAT_BASE_DECIMAL = 10,
	HANDOFF_VALUE_FORMAT_BASE_HEX = 16
} PF_HANDOFFVALUEFORMATBASE;

typedef struct _PF_HANDOFFENTRY {
	char szIniFile[260];
	char szIniSection[260];
	char szProtocol[16]; /* empty: the protocol of the PF_PARSERINFO (R) */
	DWORD dwHandOffValue;
	PF_HANDOFFVALUEFORMATBASE ValueFormatBase;
} PF_HANDOFFENTRY;
typedef PF_HANDOFFENTRY *PPF_HANDOFFENTRY;

typedef struct _PF_HANDOFFSET {
	DWORD nEntries;
	NMAPI_EXT PF_HANDOFFENTRY Entry[0];
} PF_HANDOFFSET;
typedef PF_HANDOFFSET *PPF_HANDOFFSET;

typedef struct _PF_FOLLOWENTRY {
	char szProtocol[16];
} PF_FOLLOWENTRY;
typedef PF_FOLLOWENTRY *PPF_FOLLOWENTRY;

typedef struct _PF_FOLLOWSET {
	DWORD nEntries;
	NMAPI_EXT PF_FOLLOWENTRY Entry[0];
} PF_FOLLOWSET;
typedef PF_FOLLOWSET *PPF_FOLLOWSET;

/* Each set may be NULL. */
typedef struct _PF_PARSERINFO {
	char szProtocolName[NETMON_MAX_PROTOCOL_NAME_LEN];
	char szComment[MAX_PROTOCOL_COMMENT_LEN];
	char szHelpFile[MAX_PATH];
	PPF_FOLLOWSET pWhoCanPrecedeMe;
	PPF_FOLLOWSET pWhoCanFollowMe;
	PPF_HANDOFFSET pWhoHandsOffToMe;
	PPF_HANDOFFSET pWhoDoIHandOffTo;
} PF_PARSERINFO;
typedef PF_PARSERINFO *PPF_PARSERINFO;

typedef struct _PF_PARSERDLLINFO {
	DWORD nParsers;
	NMAPI_EXT PF_PARSERINFO ParserInfo[0];
} PF_PARSERDLLINFO;
typedef PF_PARSERDLLINFO *PPF_PARSERDLLINFO;

/* Exported by name from a parser (optional): where its protocols belong. All
 * blocks from HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, n); the host frees
 * the structure and every set. NULL: nothing to install. */
typedef PPF_PARSERDLLINFO(WINAPI *PPARSERAUTOINSTALLINFOPROC)(void);

/* A second name of a property, as people know it from elsewhere. Not of the original
 * interface. */
typedef struct _PARSERFIELDNAME {
	LPSTR Label; /* the property, by PROPERTYINFO.Label; NULL: the protocol itself */
	LPSTR Name;  /* "ip.ttl"; several are separated by blanks: "ip.src ip.addr" */
	DWORD Mask;  /* the name means these bits of a number, shifted down; 0: all of it */
	DWORD Type;  /* PROP_TYPE_*, as which it is read from the value's first byte on, compares and
		      * is shown; PROP_TYPE_VOID: as the property */
} PARSERFIELDNAME;

/* Exported by name as ParserFieldNames from a parser (optional): the second names of a
 * protocol's properties, for `netmon protocols` and for display filters. Called after
 * Register, once a protocol. Returns the number of rows at *ppNames, which stay until
 * Deregister; 0: none. Several rows may have one name: then it means any of them. */
typedef DWORD(WINAPI *PPARSERFIELDNAMESPROC)(HPROTOCOL hProtocol, const PARSERFIELDNAME **ppNames);

/* A property that stands at one place of every header of its protocol. */
typedef struct _PARSERFIXEDFIELD {
	LPSTR Label; /* of the property */
	WORD Offset; /* bytes from the protocol's first */
	WORD Length; /* bytes */
	DWORD IFlags;
	DWORD Flags; /* PARSERFIXED_* */
} PARSERFIXEDFIELD;
typedef PARSERFIXEDFIELD *PPARSERFIXEDFIELD;

/* A value that RecognizeFrame was handed as instance data and that is not 0 says how many of
 * the bytes are the protocol's. */
#define PARSERFIXED_WITHIN_INSTANCE (0x1)

/* Exported by name as ParserFixedFields from a parser (optional): a promise that display
 * filters go by. Wherever the protocol is recognized and has all bytes of the field,
 * AttachProperties attaches the property once, from there, with these flags and no value of
 * its own. Called after Register, once a protocol; as ParserFieldNames otherwise. */
typedef DWORD(WINAPI *PPARSERFIXEDFIELDSPROC)(
    HPROTOCOL hProtocol, const PARSERFIXEDFIELD **ppFields);

/* How a property is attached again and again: what AttachPropertyInstance would be told each
 * time. Not of the original interface. */
typedef struct _PARSERROW {
	HPROPERTY hProperty;
	WORD Offset; /* bytes from the header's first */
	WORD Length; /* bytes; 0: up to the end of what is there */
	DWORD Level;
	DWORD IFlags;
	/* 0: the bytes are the value. Else AttachRows attaches a value of the row's own, of Length
	 * bytes (1, 2, 4): these bits of the big-endian number there, shifted down, times Factor. */
	DWORD Mask;
	DWORD Factor; /* 0: 1 */
} PARSERROW;
typedef PARSERROW *PPARSERROW;

/* Only from AttachProperties of hFrame, as AttachPropertyInstance. */
typedef struct _PARSERROWCALLS {
	/* nRows rows in order, from number Row on, of a header of which BytesLeft bytes at lpHeader
	 * are there. FALSE: nothing was attached, the last error is left alone, and
	 * AttachPropertyInstance does it row by row, or says why not; also if not every row lies in
	 * these bytes, with a byte at least. */
	WINBOOL(WINAPI *AttachRows)(
	    HFRAME hFrame, DWORD Row, DWORD nRows, ULPVOID lpHeader, DWORD BytesLeft);
	/* The property of row Row, over Length bytes at lpData, with further IFLAG_*: whatever
	 * AttachPropertyInstance would do and return. NMERR_INVALID_PARAMETER: no such row. */
	WINBOOL(WINAPI *AttachRow)(
	    HFRAME hFrame, DWORD Row, ULPVOID lpData, DWORD Length, DWORD IFlags);
} PARSERROWCALLS;

/* Exported by name as ParserRows from a parser (optional): the host takes the rows of a
 * protocol, checks them once, and attaches many with one call. Called after Register, once a
 * protocol. Returns the number of rows at *ppRows, which are read before anything else of the
 * parser is called; 0: none. They get numbers from FirstRow (never 0) on; none does when one of
 * them has no property, or a mask over what is no number. *pCalls stays. */
typedef DWORD(WINAPI *PPARSERROWSPROC)(HPROTOCOL hProtocol, DWORD FirstRow,
    const PARSERROWCALLS *pCalls, const PARSERROW **ppRows);

/* Of the number of 2 bytes at Offset, the bits in Mask are Value (not shifted). */
typedef struct _PARSERCONDITION {
	WORD Offset; /* bytes from the header's first */
	WORD Mask, Value;
} PARSERCONDITION;

#define PARSERHEADER_CONDITIONS (2)

/* What nearly every header of a protocol is like, so that the host recognizes it without a
 * call. Not of the original interface. A header is such a one when
 *  - Least bytes are there, and at the start of a frame its MAC type is MacType (0: any);
 *  - every condition holds (one that is all 0 does);
 *  - its length (PARSERHEADER_LENGTH: the bits LengthMask of the byte at LengthOffset, shifted
 *    down, times LengthFactor; else Least) is Least at least;
 *  - the number of NextLength (1, 2) bytes at NextOffset is NextLeast at least;
 *  - with PARSERHEADER_TOTAL, the number of 2 bytes at TotalOffset is not 0, and with TotalPlus
 *    added more than that length: it tells how many bytes header and payload have.
 * Then RecognizeFrame, were it called, would recognize the protocol and: claim the rest, when
 * the header takes all that is there of it; otherwise tell that it goes on behind the header
 * with what hTable has for that number (nobody: with its follow set), and hand on as instance
 * data how many bytes are behind the header. About any other header RecognizeFrame is asked. All
 * numbers are big-endian, and lie in the first Least bytes, two from each place. */
typedef struct _PARSERHEADER {
	DWORD Flags; /* PARSERHEADER_* */
	DWORD MacType;
	WORD Least; /* bytes */
	WORD LengthOffset;
	BYTE LengthMask, LengthFactor;
	WORD TotalOffset, TotalPlus;
	WORD NextOffset, NextLength, NextLeast;
	PARSERCONDITION Conditions[PARSERHEADER_CONDITIONS];
	LPHANDOFFTABLE hTable; /* made by Register */
	/* Of such a header of Least bytes behind which there is something, AttachProperties would
	 * attach these rows of ParserRows, with AttachRows and all bytes of header and payload as
	 * BytesLeft, and nothing else. nRows 0: it is called. */
	DWORD FirstRow, nRows;
} PARSERHEADER;
typedef PARSERHEADER *PPARSERHEADER;

#define PARSERHEADER_WITHIN_INSTANCE (0x1) /* as PARSERFIXED_WITHIN_INSTANCE */
#define PARSERHEADER_LENGTH          (0x2)
#define PARSERHEADER_TOTAL           (0x4)
/* Hand on what the total tells, also of what is not there. */
#define PARSERHEADER_TELLS (0x8)
/* A second number stands behind the first: the table is asked for the lower one, then for the
 * other. */
#define PARSERHEADER_LOWER_FIRST (0x10)

/* Exported by name as ParserHeader from a parser (optional): TRUE and *pHeader for a protocol that
 * has one. Called after Register, once a protocol. What makes no sense, or names a table that
 * CreateHandoffTable has not made in Register, is passed over. */
typedef WINBOOL(WINAPI *PPARSERHEADERPROC)(HPROTOCOL hProtocol, PPARSERHEADER pHeader);

/* Exported by name from an expert or parser (optional for an expert): Command is
 * DLL_PROCESS_ATTACH after loading and DLL_PROCESS_DETACH before unloading.
 * FALSE on attach ends the load. */
typedef BOOL(WINAPI *PDLLMAINPROC)(HINSTANCE hInstance, ULONG Command, LPVOID Reserved);

/* ---- display filters: types ---------------------------------------------- */

typedef DWORD FILTERACTIONTYPE;
typedef DWORD VALUETYPE;
typedef DWORD FILTERBITS;
typedef FILTERBITS *LPFILTERBITS;

#define PROTOCOL_NUM_ANY    (-1)
#define FILTERFREEPOOLSTART (20)
#define INVALIDELEMENT      (-1)
#define INVALIDVALUE        ((VALUETYPE)-9999)

/* Results of FilterFrame. */
#define FILTER_FAIL_WITH_ERROR (-1)
#define FILTER_PASSED          (TRUE)
#define FILTER_FAILED          (FALSE)

/* Results and directions of FilterFindFrame. */
#define FILTER_NO_MORE_FRAMES (0xffffffff)
#define FILTER_CANCELED       (0xfffffffe)
#define FILTER_DIRECTION_NEXT (TRUE)
#define FILTER_DIRECTION_PREV (FALSE)

/* What one object of the postfix stack does. NC: not case-sensitive. */
#define FILTERACTION_INVALID         (0)
#define FILTERACTION_PROPERTY        (1) /* push hProperty */
#define FILTERACTION_VALUE           (2) /* push Value */
#define FILTERACTION_STRING          (3) /* push text at lpArray, ByteCount bytes; 0: to the NUL */
#define FILTERACTION_ARRAY           (4) /* push ByteCount bytes at lpArray */
#define FILTERACTION_AND             (5)
#define FILTERACTION_OR              (6)
#define FILTERACTION_XOR             (7)
#define FILTERACTION_PROPERTYEXIST   (8) /* the frame has hProperty */
#define FILTERACTION_CONTAINSNC      (9)
#define FILTERACTION_CONTAINS        (10)
#define FILTERACTION_NOT             (11)
#define FILTERACTION_EQUALNC         (12)
#define FILTERACTION_EQUAL           (13)
#define FILTERACTION_NOTEQUALNC      (14)
#define FILTERACTION_NOTEQUAL        (15)
#define FILTERACTION_GREATERNC       (16)
#define FILTERACTION_GREATER         (17)
#define FILTERACTION_LESSNC          (18)
#define FILTERACTION_LESS            (19)
#define FILTERACTION_GREATEREQUALNC  (20)
#define FILTERACTION_GREATEREQUAL    (21)
#define FILTERACTION_LESSEQUALNC     (22)
#define FILTERACTION_LESSEQUAL       (23)
#define FILTERACTION_PLUS            (24)
#define FILTERACTION_MINUS           (25)
#define FILTERACTION_ADDRESS         (26) /* push lpAddress */
#define FILTERACTION_ADDRESSANY      (27)
#define FILTERACTION_FROM            (28) /* right operand is the source, left the destination */
#define FILTERACTION_TO              (29) /* left operand is the source, right the destination */
#define FILTERACTION_FROMTO          (30) /* either way */
#define FILTERACTION_AREBITSON       (31) /* all bits of the mask are set */
#define FILTERACTION_AREBITSOFF      (32) /* no bit of the mask is set */
#define FILTERACTION_PROTOCOLSEXIST  (33) /* any of lpProtocolTable is in the frame */
#define FILTERACTION_PROTOCOLEXIST   (34) /* hProtocol is in the frame */
#define FILTERACTION_ARRAYEQUAL      (35)
#define FILTERACTION_DEREFPROPERTY   (36) /* push the bytes ByteOffset into hProtocol */
#define FILTERACTION_LARGEINT        (37) /* push lpLargeInt */
#define FILTERACTION_TIME            (38) /* push lpTime */
#define FILTERACTION_ADDR_ETHER      (39)
#define FILTERACTION_ADDR_TOKEN      (40)
#define FILTERACTION_ADDR_FDDI       (41)
#define FILTERACTION_ADDR_IPX        (42)
#define FILTERACTION_ADDR_IP         (43)
#define FILTERACTION_OID             (44) /* push lpOID */
#define FILTERACTION_OID_CONTAINS    (45)
#define FILTERACTION_OID_BEGINS_WITH (46)
#define FILTERACTION_OID_ENDS_WITH   (47)
#define FILTERACTION_ADDR_VINES      (48)
#define FILTERACTION_ADDR_IP6        (49)
#define FILTERACTION_EXPRESSION      (97) /* no effect: a bracket of the user interface */
#define FILTERACTION_BOOL            (98) /* push Value as a truth value */
#define FILTERACTION_NOEVAL          (99) /* switched off: counts as true */

/* One operand or operator of a display filter. */
typedef struct _FILTEROBJECT2 {
	FILTERACTIONTYPE Action; /* FILTERACTION_*: which members count */
	HPROPERTY hProperty;
	union {
		VALUETYPE Value;
		HPROTOCOL hProtocol;
		LPVOID lpArray;
		LPPROTOCOLTABLETYPE lpProtocolTable;
		LPADDRESS2 lpAddress;
		ULPLARGEINT lpLargeInt;
		ULPTIME lpTime;
		LPOBJECT_IDENTIFIER lpOID;
	};
	union {
		WORD ByteCount;
		WORD ByteOffset;
	};
	struct _FILTEROBJECT2 *pNext; /* the library's */
} FILTEROBJECT2;
typedef FILTEROBJECT2 *LPFILTEROBJECT2;
#define FILTERINFO_SIZE (sizeof(FILTEROBJECT2))

/* What an HFILTER points to. Look, and change only UIInstanceData. */
typedef struct _FILTERDESC2 {
	WORD NumEntries;
	WORD Flags;
	LPFILTEROBJECT2 lpStack;    /* first object */
	LPFILTEROBJECT2 lpKeepLast; /* last object */
	LPVOID UIInstanceData;      /* the caller's */
	LPFILTERBITS lpFilterBits;  /* one bit per frame: the cached result */
	LPFILTERBITS lpCheckBits;   /* one bit per frame: there is a cached result */
} FILTERDESC2;
typedef FILTERDESC2 *LPFILTERDESC2;
#define FILTERDESC2_SIZE sizeof(FILTERDESC2)

/* The obsolete forms, with the 16-byte ADDRESS. */
typedef struct _FILTEROBJECT {
	FILTERACTIONTYPE Action;
	HPROPERTY hProperty;
	union {
		VALUETYPE Value;
		HPROTOCOL hProtocol;
		LPVOID lpArray;
		LPPROTOCOLTABLETYPE lpProtocolTable;
		LPADDRESS lpAddress;
		ULPLARGEINT lpLargeInt;
		ULPTIME lpTime;
		LPOBJECT_IDENTIFIER lpOID;
	};
	union {
		WORD ByteCount;
		WORD ByteOffset;
	};
	struct _FILTEROBJECT *pNext;
} FILTEROBJECT;
typedef FILTEROBJECT *LPFILTEROBJECT;

typedef struct _FILTERDESC {
	WORD NumEntries;
	WORD Flags;
	LPFILTEROBJECT lpStack;
	LPFILTEROBJECT lpKeepLast;
	LPVOID UIInstanceData;
	LPFILTERBITS lpFilterBits;
	LPFILTERBITS lpCheckBits;
} FILTERDESC;
typedef FILTERDESC *LPFILTERDESC;
#define FILTERDESC_SIZE sizeof(FILTERDESC)

/* A pointer that the filter carries for its owner. */
#define FilterGetUIInstanceData(hfilt)       (((LPFILTERDESC2)hfilt)->UIInstanceData)
#define FilterSetUIInstanceData(hfilt, inst) (((LPFILTERDESC2)hfilt)->UIInstanceData = (LPVOID)inst)

/* A test of one frame that an application supplies. */
typedef DWORD(WINAPI *FILTERPROC)(HCAPTURE hCapture, HFRAME hFrame, LPVOID lpInstData);

/* Called during a filter search, on the searching thread. Return non-zero to go
 * on, 0 to cancel (R). */
typedef WINBOOL(WINAPI *STATUSPROC)(
    DWORD nFrame, HCAPTURE hCapture, HFILTER hFilter, LPVOID UIInstance);

/* ---- experts: types ------------------------------------------------------ */

#define EXPERTSTRINGLENGTH    (260)
#define EXPERTGROUPNAMELENGTH (25)

/* One activation (a Configure or a Run) of an expert. Never keep it. */
typedef LPVOID HEXPERTKEY;
typedef HEXPERTKEY *PHEXPERTKEY;
typedef LPVOID HEXPERT; /* a listed expert */
typedef HEXPERT *PHEXPERT;
typedef LPVOID HRUNNINGEXPERT;
typedef HRUNNINGEXPERT *PHRUNNINGEXPERT;
typedef struct _EXPERTENUMINFO *PEXPERTENUMINFO;
typedef struct _EXPERTCONFIG *PEXPERTCONFIG;
typedef struct _EXPERTSTARTUPINFO *PEXPERTSTARTUPINFO;

/* The names under which an expert exports its entry points. */
#define EXPERTENTRY_REGISTER  "Register"
#define EXPERTENTRY_CONFIGURE "Configure"
#define EXPERTENTRY_RUN       "Run"

/* Register: fill *pExpertInfo, which comes zeroed. FALSE: not to be listed. */
typedef WINBOOL(WINAPI *PEXPERTREGISTERPROC)(PEXPERTENUMINFO pExpertInfo);

/* Configure: only with EXPERT_ENUM_FLAG_CONFIGURABLE. *ppConfig is the stored
 * configuration or NULL; grow it with ExpertReallocMemory or put a block from
 * ExpertAllocMemory there. TRUE: keep *ppConfig. FALSE: keep what was stored. */
typedef WINBOOL(WINAPI *PEXPERTCONFIGPROC)(HEXPERTKEY hExpertKey, PEXPERTCONFIG *ppConfig,
    PEXPERTSTARTUPINFO pExpertStartupInfo, DWORD StartupFlags, HWND hWnd);

/* Run: the analysis, on a thread of its own. pConfig is a private copy of the
 * stored configuration or NULL. TRUE: done. FALSE: failed or aborted. */
typedef WINBOOL(WINAPI *PEXPERTRUNPROC)(HEXPERTKEY hExpertKey, PEXPERTCONFIG pConfig,
    PEXPERTSTARTUPINFO pExpertStartupInfo, DWORD StartupFlags, HWND hWndParent);

typedef struct _EXPERTENUMINFO {
	char szName[EXPERTSTRINGLENGTH]; /* empty: the file's base name (R) */
	char szVendor[EXPERTSTRINGLENGTH];
	char szDescription[EXPERTSTRINGLENGTH];
	DWORD Version; /* must be 0 */
	DWORD Flags;   /* EXPERT_ENUM_FLAG_* */
	/* The host's from here on. */
	char szDllName[MAX_PATH];
	HEXPERT hExpert;
	HINSTANCE hModule;
	PEXPERTREGISTERPROC pRegisterProc;
	PEXPERTCONFIGPROC pConfigProc;
	PEXPERTRUNPROC pRunProc;
} EXPERTENUMINFO;

#define EXPERT_ENUM_FLAG_CONFIGURABLE             (0x1)  /* exports Configure */
#define EXPERT_ENUM_FLAG_VIEWER_PRIVATE           (0x2)  /* events in a view of its own */
#define EXPERT_ENUM_FLAG_NO_VIEWER                (0x4)  /* sends no events */
#define EXPERT_ENUM_FLAG_ADD_ME_TO_RMC_IN_SUMMARY (0x10) /* in the frame list's context menu */
#define EXPERT_ENUM_FLAG_ADD_ME_TO_RMC_IN_DETAIL  (0x20) /* in the property tree's context menu */

/* What had the focus when the expert was started. */
typedef struct _EXPERTSTARTUPINFO {
	DWORD Flags;       /* the same as the StartupFlags argument (R) */
	HCAPTURE hCapture; /* the capture to analyse */
	char szCaptureFile[MAX_PATH];
	DWORD dwFrameNumber;           /* INVALID_FRAME_NUMBER: none */
	HPROTOCOL hProtocol;           /* NULL: none */
	LPPROPERTYINST lpPropertyInst; /* NULL: none */
	struct {
		BYTE BitNumber; /* only for PROP_QUAL_FLAGS */
		WINBOOL bOn;
	} sBitfield;
} EXPERTSTARTUPINFO;

#define EXPERT_STARTUP_FLAG_USE_STARTUP_DATA_OVER_CONFIG_DATA (0x1)

/* An expert lays its own structure over this; the first member is the length. */
typedef struct _EXPERTCONFIG {
	DWORD RawConfigLength; /* bytes, with these four */
	NMAPI_EXT BYTE RawConfigData[0];
} EXPERTCONFIG;

/* Settings by name, an addition of this implementation: a table of what the expert's blob
 * holds, for people who set it ("netmon run -e topuser:top=20", netmon configure). */

/* Type of an NMEXPERTFIELD: what lies at Offset, and how people write it. */
#define NMFIELD_UINT32      (1) /* a DWORD: "20". Range "1..1000"; NULL: any */
#define NMFIELD_BOOL        (2) /* a DWORD, 1 or 0: "yes", "no" */
#define NMFIELD_CHOICE      (3) /* a DWORD, the word's place in Range "a|b|c", from 0: "b" */
#define NMFIELD_FLAGS       (4) /* a DWORD, bit n for word n of Range "a|b|c": "a,c" or "" */
#define NMFIELD_STRING      (5) /* char[Size], ends with a zero, which counts, and zeros: "text" */
#define NMFIELD_UINT16_LIST (6) /* WORD[Size / 2], zeros behind the last: "80,8080" or "" */

#define NMFIELD_MAX 64 /* rows of a table, with the last */

typedef struct _NMEXPERTFIELD {
	LPCSTR Name;    /* "top": lower-case letters, digits and '-', a letter first; 31 at most */
	DWORD Type;     /* NMFIELD_* */
	DWORD Offset;   /* bytes from RawConfigData; fields don't overlap or pass 65,532 */
	DWORD Size;     /* bytes: 4, or those of the array, 4,096 at most */
	LPCSTR Default; /* as people write it: "20", "yes", "80,8080"; NULL: "" */
	LPCSTR Range;   /* as Type says; else NULL */
	LPCSTR Help;    /* one line: what it is, and its unit */
} NMEXPERTFIELD;
typedef const NMEXPERTFIELD *PNMEXPERTFIELD;

/* Offset and Size of a member of the structure that an expert lays over its EXPERTCONFIG:
 * { "top", NMFIELD_UINT32, NMAPI_FIELD(struct config, Top), "10", "1..1000", "rows" }. */
#define NMAPI_FIELD(type, member)                                                                  \
	(DWORD)(offsetof(type, member) - sizeof(DWORD)), (DWORD)sizeof(((type *)0)->member)

/* An expert that has such a table exports it under this name (optional), as
 *     NMAPI_EXPORT const NMEXPERTFIELD NmExpertFields[] = { ..., { NULL } };
 * It is read once the file is loaded and the expert has registered. Configure and Run then
 * always get a blob, as long as the fields need, in whole DWORDs: defaults, where something
 * is stored that, and what was given by name. All the same an expert checks its length and
 * values: other programs know no table, and NULL or a shorter blob means defaults. An expert
 * with a table needs no Configure. */
#define EXPERTENTRY_FIELDS "NmExpertFields"

typedef struct _CONFIGUREDEXPERT {
	HEXPERT hExpert;
	DWORD StartupFlags;
	PEXPERTCONFIG pConfig;
} CONFIGUREDEXPERT;
typedef CONFIGUREDEXPERT *PCONFIGUREDEXPERT;

/* What ExpertGetFrame fills. Pointers are good until the next ExpertGetFrame
 * with the same key; hFrame as long as the capture. */
typedef struct _EXPERTFRAMEDESCRIPTOR {
	DWORD FrameNumber; /* 0 for the first */
	HFRAME hFrame;
	ULPFRAME pFrame;
	LPRECOGNIZEDATATABLE lpRecognizeDataTable;
	LPPROPERTYTABLE lpPropertyTable; /* NULL without FLAGS_ATTACH_PROPERTIES */
} EXPERTFRAMEDESCRIPTOR;
typedef EXPERTFRAMEDESCRIPTOR *LPEXPERTFRAMEDESCRIPTOR;

/* Direction of ExpertGetFrame. */
#define GET_SPECIFIED_FRAME     (0)
#define GET_FRAME_NEXT_FORWARD  (1)
#define GET_FRAME_NEXT_BACKWARD (2)

/* RequestFlags of ExpertGetFrame. */
#define FLAGS_DEFER_TO_UI_FILTER (0x1)
#define FLAGS_ATTACH_PROPERTIES  (0x2)

/* Spellings of the documentation's samples. */
#define EXPERT_GET_SPECIFIED_FRAME GET_SPECIFIED_FRAME
#define EXPERT_DEFER_TO_UI_FILTER  FLAGS_DEFER_TO_UI_FILTER
#define EXPERT_ATTACH_PROPERTIES   FLAGS_ATTACH_PROPERTIES

#define INVALID_FRAME_NUMBER ((DWORD)-1)

typedef enum _EXPERTSTATUSENUMERATION {
	EXPERTSTATUS_INACTIVE = 0, /* never started */
	EXPERTSTATUS_STARTING,
	EXPERTSTATUS_RUNNING,
	EXPERTSTATUS_PROBLEM, /* stopped by a problem; the sub-status says which */
	EXPERTSTATUS_ABORTED, /* stopped by the host */
	EXPERTSTATUS_DONE
} EXPERTSTATUSENUMERATION;

/* With EXPERTSTATUS_ABORTED. */
#define EXPERTSUBSTATUS_ABORTED_USER        (0x1)
#define EXPERTSUBSTATUS_ABORTED_LOAD_FAIL   (0x2)
#define EXPERTSUBSTATUS_ABORTED_THREAD_FAIL (0x4)
#define EXPERTSUBSTATUS_ABORTED_BAD_ENTRY   (0x8)

typedef struct _EXPERTSTATUS {
	EXPERTSTATUSENUMERATION Status;
	DWORD SubStatus;
	DWORD PercentDone; /* 0 to 100 */
	DWORD Frame;       /* last one that ExpertGetFrame returned (R) */
	char szStatusText[260];
} EXPERTSTATUS;
typedef EXPERTSTATUS *PEXPERTSTATUS;

/* ---- events -------------------------------------------------------------- */

#pragma pack(push, 8)

/* The type of a column, and the member of Value that counts. */
typedef enum _NMCOLUMNTYPE {
	NMCOLUMNTYPE_UINT8 = 0,
	NMCOLUMNTYPE_SINT8,
	NMCOLUMNTYPE_UINT16,
	NMCOLUMNTYPE_SINT16,
	NMCOLUMNTYPE_UINT32,
	NMCOLUMNTYPE_SINT32,
	NMCOLUMNTYPE_FLOAT64,
	NMCOLUMNTYPE_FRAME, /* a frame number from 0, shown from 1 */
	NMCOLUMNTYPE_YESNO,
	NMCOLUMNTYPE_ONOFF,
	NMCOLUMNTYPE_TRUEFALSE,
	NMCOLUMNTYPE_MACADDR,
	NMCOLUMNTYPE_IPXADDR,
	NMCOLUMNTYPE_IPADDR,  /* bytes in wire order */
	NMCOLUMNTYPE_VARTIME, /* days since 1899-12-30 00:00 */
	NMCOLUMNTYPE_STRING
} NMCOLUMNTYPE;

typedef struct _NMCOLUMNVARIANT {
	NMCOLUMNTYPE Type;
	union {
		BYTE Uint8Val;
		char Sint8Val; /* read as a signed char */
		WORD Uint16Val;
		short Sint16Val;
		DWORD Uint32Val;
		LONG Sint32Val;
		DOUBLE Float64Val;
		DWORD FrameVal;
		WINBOOL YesNoVal;
		WINBOOL OnOffVal;
		WINBOOL TrueFalseVal;
		BYTE MACAddrVal[6];
		IPX_ADDR IPXAddrVal;
		DWORD IPAddrVal;
		DOUBLE VarTimeVal;
		LPCSTR pStringVal; /* NULL is shown empty */
	} Value;
} NMCOLUMNVARIANT;

typedef struct _NMCOLUMNINFO {
	LPSTR szColumnName;
	NMCOLUMNVARIANT VariantData;
} NMCOLUMNINFO;
typedef NMCOLUMNINFO *PNMCOLUMNINFO;

/* One line of a report. Any string may be NULL: it is shown empty. */
typedef struct _NMEVENTDATA {
	LPSTR pszReserved;
	BYTE Version;     /* 0 */
	DWORD EventIdent; /* names the reference page: <expert file name><EventIdent>.htm */
	DWORD Flags;      /* NMEVENTFLAG_* */
	DWORD Severity;   /* NMEVENT_SEVERITY_* */
	BYTE NumColumns;  /* entries in Column */
	LPSTR szSourceName;
	LPSTR szEventName;
	LPSTR szDescription;
	LPSTR szMachine;
	JTYPE Justification; /* text for below the table */
	PVOID pvReserved;
	SYSTEMTIME SysTime;
	NMAPI_EXT NMCOLUMNINFO Column[0];
} NMEVENTDATA;
typedef NMEVENTDATA *PNMEVENTDATA;

#pragma pack(pop)

#define NMEVENTFLAG_EXPERT                       (0x1)
#define NMEVENTFLAG_DO_NOT_DISPLAY_SEVERITY      (0x80000000)
#define NMEVENTFLAG_DO_NOT_DISPLAY_SOURCE        (0x40000000)
#define NMEVENTFLAG_DO_NOT_DISPLAY_EVENT_NAME    (0x20000000)
#define NMEVENTFLAG_DO_NOT_DISPLAY_DESCRIPTION   (0x10000000)
#define NMEVENTFLAG_DO_NOT_DISPLAY_MACHINE       (0x8000000)
#define NMEVENTFLAG_DO_NOT_DISPLAY_TIME          (0x4000000)
#define NMEVENTFLAG_DO_NOT_DISPLAY_DATE          (0x2000000)
#define NMEVENTFLAG_DO_NOT_DISPLAY_FIXED_COLUMNS (0xfe000000)       /* all seven */
#define EVENT_FLAG_EXPERT                        NMEVENTFLAG_EXPERT /* the documentation's spelling */

enum _NMEVENT_SEVERITIES {
	NMEVENT_SEVERITY_INFORMATIONAL = 0,
	NMEVENT_SEVERITY_WARNING,
	NMEVENT_SEVERITY_STRONG_WARNING,
	NMEVENT_SEVERITY_ERROR,
	NMEVENT_SEVERITY_SEVERE_ERROR,
	NMEVENT_SEVERITY_CRITICAL_ERROR
};

/* ---- protocol headers as they lie in frames ---------------------------------
 *
 * Numbers of more than one byte are big-endian in the frame: XCHG and DXCHG turn
 * them, or use the functions below, which work on any machine. Read these
 * structures through their ULP pointers; check the length first. */

#define ETHERNET_HEADER_LENGTH (14)
#define ETHERNET_DATA_LENGTH   (0x5dc) /* most bytes after the header */
#define ETHERNET_FRAME_LENGTH  (0x5ea)
#define ETHERNET_FRAME_TYPE    (0x600) /* Length below this is an 802.3 length */

typedef struct _ETHERNET {
	BYTE DstAddr[MAX_ADDR_LENGTH];
	BYTE SrcAddr[MAX_ADDR_LENGTH];
	union {
		WORD Length;
		WORD Type;
	};
	NMAPI_EXT BYTE Info[0];
} NMAPI_OVERLAY NMAPI_NAME(ETHERNET);
typedef struct _ETHERNET *LPETHERNET;
typedef struct _ETHERNET NMAPI_U_ETHERNET NMAPI_ANYWHERE;
typedef NMAPI_U_ETHERNET *ULPETHERNET;
#define ETHERNET_SIZE sizeof(struct _ETHERNET)

/* Not what captures hold: there VPI and VCI have 16 bits (R). */
typedef struct _NM_ATM {
	UCHAR DstAddr[6];
	UCHAR SrcAddr[6];
	ULONG Vpi;
	ULONG Vci;
} NM_ATM;
typedef NM_ATM *PNM_ATM;
typedef NM_ATM *UPNM_ATM;
#define NM_ATM_HEADER_LENGTH sizeof(NM_ATM)

#pragma pack(push, 1)

typedef struct _NM_1394 {
	UCHAR DstAddr[6];
	UCHAR SrcAddr[6];
	ULONGLONG VcId;
} NMAPI_OVERLAY NM_1394;
typedef NM_1394 *PNM_1394;
typedef NM_1394 *UPNM_1394;
#define NM_1394_HEADER_LENGTH sizeof(NM_1394)

NMAPI_NESTED_BEGIN
typedef struct _TOKENRING {
	BYTE AccessCtrl;
	BYTE FrameCtrl;
	BYTE DstAddr[MAX_ADDR_LENGTH];
	BYTE SrcAddr[MAX_ADDR_LENGTH];
#if defined(__cplusplus) && defined(__clang__)
	/* A union of these would take a byte there. */
	NMAPI_EXT BYTE Info[0];
	NMAPI_EXT WORD RoutingInfo[0];
#else
	union {
		NMAPI_EXT BYTE Info[0];
		NMAPI_EXT WORD RoutingInfo[0];
	};
#endif
} NMAPI_OVERLAY NMAPI_NAME(TOKENRING);
NMAPI_NESTED_END
typedef struct _TOKENRING *LPTOKENRING;
typedef struct _TOKENRING NMAPI_U_TOKENRING NMAPI_ANYWHERE;
typedef NMAPI_U_TOKENRING *ULPTOKENRING;
#define TOKENRING_SIZE            sizeof(struct _TOKENRING)
#define TOKENRING_HEADER_LENGTH   (14)
#define TOKENRING_SA_ROUTING_INFO (0x80)
#define TOKENRING_SA_LOCAL        (0x40)
#define TOKENRING_DA_LOCAL        (0x40)
#define TOKENRING_DA_GROUP        (0x80)
#define TOKENRING_RC_LENGTHMASK   (0x1f)
#define TOKENRING_BC_MASK         (0xe0)
#define TOKENRING_TYPE_MAC        (0)
#define TOKENRING_TYPE_LLC        (0x40)

/* Does a Token Ring header at f have routing information, and how many bytes? */
#define IsRoutingInfoPresent(f)                                                                    \
	((((ULPTOKENRING)(f))->SrcAddr[0] & TOKENRING_SA_ROUTING_INFO) ? TRUE : FALSE)
#define GetRoutingInfoLength(f)                                                                    \
	(IsRoutingInfoPresent(f) ? (((ULPTOKENRING)(f))->RoutingInfo[0] & TOKENRING_RC_LENGTHMASK) \
				 : 0)

typedef struct _FDDI {
	BYTE FrameCtrl;
	BYTE DstAddr[MAX_ADDR_LENGTH];
	BYTE SrcAddr[MAX_ADDR_LENGTH];
	NMAPI_EXT BYTE Info[0];
} NMAPI_OVERLAY NMAPI_NAME(FDDI);
typedef struct _FDDI *LPFDDI;
typedef struct _FDDI NMAPI_U_FDDI NMAPI_ANYWHERE;
typedef NMAPI_U_FDDI *ULPFDDI;
#define FDDI_SIZE              sizeof(struct _FDDI)
#define FDDI_HEADER_LENGTH     (13)
#define FDDI_TYPE_MAC          (0)
#define FDDI_TYPE_LLC          (0x10)
#define FDDI_TYPE_LONG_ADDRESS (0x40)

typedef struct _LLC {
	BYTE dsap;
	BYTE ssap;
	struct {
		union {
			BYTE Command;
			BYTE NextSend;
		};
		union {
			BYTE NextRecv;
			BYTE Data[1];
		};
	} ControlField;
} NMAPI_OVERLAY NMAPI_NAME(LLC);
typedef struct _LLC *LPLLC;
typedef struct _LLC NMAPI_U_LLC NMAPI_ANYWHERE;
typedef NMAPI_U_LLC *ULPLLC;
#define LLC_SIZE (sizeof(struct _LLC))

#pragma pack(pop)

typedef union _MACFRAME {
	LPBYTE MacHeader;
	LPETHERNET Ethernet;
	LPTOKENRING Tokenring;
	LPFDDI Fddi;
} NMAPI_NAME(MACFRAME);
typedef union _MACFRAME *LPMACFRAME;

#define ETYPE_LOOP          (0x9000)
#define ETYPE_3COM_NETMAP1  (0x9001)
#define ETYPE_3COM_NETMAP2  (0x9002)
#define ETYPE_IBM_RT        (0x80d5)
#define ETYPE_NETWARE       (0x8137)
#define ETYPE_XNS1          (0x600)
#define ETYPE_XNS2          (0x807)
#define ETYPE_3COM_NBP0     (0x3c00)
#define ETYPE_3COM_NBP1     (0x3c01)
#define ETYPE_3COM_NBP2     (0x3c02)
#define ETYPE_3COM_NBP3     (0x3c03)
#define ETYPE_3COM_NBP4     (0x3c04)
#define ETYPE_3COM_NBP5     (0x3c05)
#define ETYPE_3COM_NBP6     (0x3c06)
#define ETYPE_3COM_NBP7     (0x3c07)
#define ETYPE_3COM_NBP8     (0x3c08)
#define ETYPE_3COM_NBP9     (0x3c09)
#define ETYPE_3COM_NBP10    (0x3c0a)
#define ETYPE_IP            (0x800)
#define ETYPE_ARP1          (0x806)
#define ETYPE_ARP2          (0x807)
#define ETYPE_RARP          (0x8035)
#define ETYPE_TRLR0         (0x1000)
#define ETYPE_TRLR1         (0x1001)
#define ETYPE_TRLR2         (0x1002)
#define ETYPE_TRLR3         (0x1003)
#define ETYPE_TRLR4         (0x1004)
#define ETYPE_TRLR5         (0x1005)
#define ETYPE_PUP           (0x200)
#define ETYPE_PUP_ARP       (0x201)
#define ETYPE_APPLETALK_ARP (0x80f3)
#define ETYPE_APPLETALK_LAP (0x809b)
#define ETYPE_SNMP          (0x814c)

#define SAP_SNAP        (0xaa)
#define SAP_BPDU        (0x42)
#define SAP_IBM_NM      (0xf4)
#define SAP_IBM_NETBIOS (0xf0)
#define SAP_SNA1        (0x4)
#define SAP_SNA2        (0x5)
#define SAP_SNA3        (0x8)
#define SAP_SNA4        (0xc)
#define SAP_NETWARE1    (0x10)
#define SAP_NETWARE2    (0xe0)
#define SAP_NETWARE3    (0xfe)
#define SAP_IP          (0x6)
#define SAP_X25         (0x7e)
#define SAP_RPL1        (0xf8)
#define SAP_RPL2        (0xfc)
#define SAP_UB          (0xfa)
#define SAP_XNS         (0x80)

#pragma pack(push, 1)

typedef struct _IP {
	union {
		BYTE Version; /* high nibble */
		BYTE HdrLen;  /* low nibble, in units of 4 bytes */
	};
	BYTE ServiceType;
	WORD TotalLen;
	WORD ID;
	union {
		WORD Flags;
		WORD FragOff;
	};
	BYTE TimeToLive;
	BYTE Protocol;
	WORD HdrChksum;
	DWORD SrcAddr;
	DWORD DstAddr;
	NMAPI_EXT BYTE Options[0];
} NMAPI_OVERLAY NMAPI_NAME(IP);
typedef struct _IP *LPIP;
typedef struct _IP NMAPI_U_IP NMAPI_ANYWHERE;
typedef NMAPI_U_IP *ULPIP;

/* The pseudo header of the TCP and UDP checksums. */
typedef struct _PSUHDR {
	DWORD ph_SrcIP;
	DWORD ph_DstIP;
	UCHAR ph_Zero;
	UCHAR ph_Proto;
	WORD ph_ProtLen;
} NMAPI_OVERLAY NMAPI_NAME(PSUHDR);
typedef struct _PSUHDR NMAPI_U_PSUHDR NMAPI_ANYWHERE;
typedef NMAPI_U_PSUHDR *LPPSUHDR;

#define IP_VERSION_MASK     ((BYTE)0xf0)
#define IP_VERSION_SHIFT    (4)
#define IP_HDRLEN_MASK      ((BYTE)0x0f)
#define IP_HDRLEN_SHIFT     (0)
#define IP_PRECEDENCE_MASK  ((BYTE)0xE0)
#define IP_PRECEDENCE_SHIFT (5)
#define IP_TOS_MASK         ((BYTE)0x1E)
#define IP_TOS_SHIFT        (1)
#define IP_DELAY_MASK       ((BYTE)0x10)
#define IP_THROUGHPUT_MASK  ((BYTE)0x08)
#define IP_RELIABILITY_MASK ((BYTE)0x04)
#define IP_FLAGS_MASK       ((BYTE)0xE0)
#define IP_FLAGS_SHIFT      (13)
#define IP_DF_MASK          ((BYTE)0x40) /* of the first byte of Flags, as the next two */
#define IP_MF_MASK          ((BYTE)0x20)
#define IP_MF_SHIFT         (5)
#define IP_FRAGOFF_MASK     ((WORD)0x1FFF)
#define IP_FRAGOFF_SHIFT    (3)
#define IP_TCC_MASK         ((DWORD)0xFFFFFF00)
#define IP_TIME_OPTS_MASK   ((BYTE)0x0F)
#define IP_MISS_STNS_MASK   ((BYTE)0xF0)
#define IP_TIME_OPTS_SHIFT  (0)
#define IP_MISS_STNS_SHIFT  (4)
#define IP_CHKSUM_OFF       10 /* bytes into the header */

/* Fields of an IPv4 header in native order; 20 bytes at pIP must be there. */
NMAPI_INLINE BYTE IP_Version(ULPIP pIP)
{
	return (BYTE)((pIP->Version & IP_VERSION_MASK) >> IP_VERSION_SHIFT);
}

/* Bytes, 0 to 60: check that it is at least 20. */
NMAPI_INLINE DWORD IP_HdrLen(ULPIP pIP)
{
	return (DWORD)((pIP->HdrLen & IP_HDRLEN_MASK) >> IP_HDRLEN_SHIFT) << 2;
}

/* Bytes, 0 to 65528. */
NMAPI_INLINE WORD IP_FragOff(ULPIP pIP)
{
	const BYTE *p = (const BYTE *)pIP;

	return (WORD)((((p[6] << 8) | p[7]) & IP_FRAGOFF_MASK) << IP_FRAGOFF_SHIFT);
}

/* Bytes, header included. */
NMAPI_INLINE DWORD IP_TotalLen(ULPIP pIP)
{
	const BYTE *p = (const BYTE *)pIP;

	return (DWORD)((p[2] << 8) | p[3]);
}

/* 1 when more fragments follow, else 0. */
NMAPI_INLINE DWORD IP_MoreFragments(ULPIP pIP)
{
	const BYTE *p = (const BYTE *)pIP;

	return (DWORD)((p[6] & IP_MF_MASK) >> IP_MF_SHIFT);
}

#define PORT_TCPMUX          (1)
#define PORT_RJE             (5)
#define PORT_ECHO            (7)
#define PORT_DISCARD         (9)
#define PORT_USERS           (11)
#define PORT_DAYTIME         (13)
#define PORT_NETSTAT         (15)
#define PORT_QUOTE           (17)
#define PORT_CHARGEN         (19)
#define PORT_FTPDATA         (20)
#define PORT_FTP             (21)
#define PORT_TELNET          (23)
#define PORT_SMTP            (25)
#define PORT_NSWFE           (27)
#define PORT_MSGICP          (29)
#define PORT_MSGAUTH         (31)
#define PORT_DSP             (33)
#define PORT_PRTSERVER       (35)
#define PORT_TIME            (37)
#define PORT_RLP             (39)
#define PORT_GRAPHICS        (41)
#define PORT_NAMESERVER      (42)
#define PORT_NICNAME         (43)
#define PORT_MPMFLAGS        (44)
#define PORT_MPM             (45)
#define PORT_MPMSND          (46)
#define PORT_NIFTP           (47)
#define PORT_LOGIN           (49)
#define PORT_LAMAINT         (51)
#define PORT_DOMAIN          (53)
#define PORT_ISIGL           (55)
#define PORT_ANYTERMACC      (57)
#define PORT_ANYFILESYS      (59)
#define PORT_NIMAIL          (61)
#define PORT_VIAFTP          (63)
#define PORT_TACACSDS        (65)
#define PORT_BOOTPS          (67)
#define PORT_BOOTPC          (68)
#define PORT_TFTP            (69)
#define PORT_NETRJS1         (71)
#define PORT_NETRJS2         (72)
#define PORT_NETRJS3         (73)
#define PORT_NETRJS4         (74)
#define PORT_ANYDIALOUT      (75)
#define PORT_ANYRJE          (77)
#define PORT_FINGER          (79)
#define PORT_HTTP            (80)
#define PORT_HOSTS2NS        (81)
#define PORT_MITMLDEV1       (83)
#define PORT_MITMLDEV2       (85)
#define PORT_ANYTERMLINK     (87)
#define PORT_SUMITTG         (89)
#define PORT_MITDOV          (91)
#define PORT_DCP             (93)
#define PORT_SUPDUP          (95)
#define PORT_SWIFTRVF        (97)
#define PORT_TACNEWS         (98)
#define PORT_METAGRAM        (99)
#define PORT_NEWACCT         (100)
#define PORT_HOSTNAME        (101)
#define PORT_ISOTSAP         (102)
#define PORT_X400            (103)
#define PORT_X400SND         (104)
#define PORT_CSNETNS         (105)
#define PORT_RTELNET         (107)
#define PORT_POP2            (109)
#define PORT_POP3            (110)
#define PORT_SUNRPC          (111)
#define PORT_AUTH            (113)
#define PORT_SFTP            (115)
#define PORT_UUCPPATH        (117)
#define PORT_NNTP            (119)
#define PORT_ERPC            (121)
#define PORT_NTP             (123)
#define PORT_LOCUSMAP        (125)
#define PORT_LOCUSCON        (127)
#define PORT_PWDGEN          (129)
#define PORT_CISCOFNA        (130)
#define PORT_CISCOTNA        (131)
#define PORT_CISCOSYS        (132)
#define PORT_STATSRV         (133)
#define PORT_INGRESNET       (134)
#define PORT_LOCSRV          (135)
#define PORT_PROFILE         (136)
#define PORT_NETBIOSNS       (137)
#define PORT_NETBIOSDGM      (138)
#define PORT_NETBIOSSSN      (139)
#define PORT_EMFISDATA       (140)
#define PORT_EMFISCNTL       (141)
#define PORT_BLIDM           (142)
#define PORT_IMAP2           (143)
#define PORT_NEWS            (144)
#define PORT_UAAC            (145)
#define PORT_ISOTP0          (146)
#define PORT_ISOIP           (147)
#define PORT_CRONUS          (148)
#define PORT_AED512          (149)
#define PORT_SQLNET          (150)
#define PORT_HEMS            (151)
#define PORT_BFTP            (152)
#define PORT_SGMP            (153)
#define PORT_NETSCPROD       (154)
#define PORT_NETSCDEV        (155)
#define PORT_SQLSRV          (156)
#define PORT_KNETCMP         (157)
#define PORT_PCMAILSRV       (158)
#define PORT_NSSROUTING      (159)
#define PORT_SGMPTRAPS       (160)
#define PORT_SNMP            (161)
#define PORT_SNMPTRAP        (162)
#define PORT_CMIPMANAGE      (163)
#define PORT_CMIPAGENT       (164)
#define PORT_XNSCOURIER      (165)
#define PORT_SNET            (166)
#define PORT_NAMP            (167)
#define PORT_RSVD            (168)
#define PORT_SEND            (169)
#define PORT_PRINTSRV        (170)
#define PORT_MULTIPLEX       (171)
#define PORT_CL1             (172)
#define PORT_XYPLEXMUX       (173)
#define PORT_MAILQ           (174)
#define PORT_VMNET           (175)
#define PORT_GENRADMUX       (176)
#define PORT_XDMCP           (177)
#define PORT_NEXTSTEP        (178)
#define PORT_BGP             (179)
#define PORT_RIS             (180)
#define PORT_UNIFY           (181)
#define PORT_UNISYSCAM       (182)
#define PORT_OCBINDER        (183)
#define PORT_OCSERVER        (184)
#define PORT_REMOTEKIS       (185)
#define PORT_KIS             (186)
#define PORT_ACI             (187)
#define PORT_MUMPS           (188)
#define PORT_QFT             (189)
#define PORT_GACP            (190)
#define PORT_PROSPERO        (191)
#define PORT_OSUNMS          (192)
#define PORT_SRMP            (193)
#define PORT_IRC             (194)
#define PORT_DN6NLMAUD       (195)
#define PORT_DN6SMMRED       (196)
#define PORT_DLS             (197)
#define PORT_DLSMON          (198)
#define PORT_ATRMTP          (201)
#define PORT_ATNBP           (202)
#define PORT_AT3             (203)
#define PORT_ATECHO          (204)
#define PORT_AT5             (205)
#define PORT_ATZIS           (206)
#define PORT_AT7             (207)
#define PORT_AT8             (208)
#define PORT_SURMEAS         (243)
#define PORT_LINK            (245)
#define PORT_DSP3270         (246)
#define PORT_LDAP1           (389)
#define PORT_ISAKMP          (500)
#define PORT_REXEC           (512)
#define PORT_RLOGIN          (513)
#define PORT_RSH             (514)
#define PORT_LPD             (515)
#define PORT_RIP             (520)
#define PORT_TEMPO           (526)
#define PORT_COURIER         (530)
#define PORT_NETNEWS         (532)
#define PORT_UUCPD           (540)
#define PORT_KLOGIN          (543)
#define PORT_KSHELL          (544)
#define PORT_DSF             (555)
#define PORT_REMOTEEFS       (556)
#define PORT_CHSHELL         (562)
#define PORT_METER           (570)
#define PORT_PCSERVER        (600)
#define PORT_NQS             (607)
#define PORT_HMMP_INDICATION (612)
#define PORT_HMMP_OPERATION  (613)
#define PORT_MDQS            (666)
#define PORT_LPD721          (721)
#define PORT_LPD722          (722)
#define PORT_LPD723          (723)
#define PORT_LPD724          (724)
#define PORT_LPD725          (725)
#define PORT_LPD726          (726)
#define PORT_LPD727          (727)
#define PORT_LPD728          (728)
#define PORT_LPD729          (729)
#define PORT_LPD730          (730)
#define PORT_LPD731          (731)
#define PORT_RFILE           (750)
#define PORT_PUMP            (751)
#define PORT_QRH             (752)
#define PORT_RRH             (753)
#define PORT_TELL            (754)
#define PORT_NLOGIN          (758)
#define PORT_CON             (759)
#define PORT_NS              (760)
#define PORT_RXE             (761)
#define PORT_QUOTAD          (762)
#define PORT_CYCLESERV       (763)
#define PORT_OMSERV          (764)
#define PORT_WEBSTER         (765)
#define PORT_PHONEBOOK       (767)
#define PORT_VID             (769)
#define PORT_RTIP            (771)
#define PORT_CYCLESERV2      (772)
#define PORT_SUBMIT          (773)
#define PORT_RPASSWD         (774)
#define PORT_ENTOMB          (775)
#define PORT_WPAGES          (776)
#define PORT_WPGS            (780)
#define PORT_MDBSDAEMON      (800)
#define PORT_DEVICE          (801)
#define PORT_MAITRD          (997)
#define PORT_BUSBOY          (998)
#define PORT_GARCON          (999)
#define PORT_NFS             (2049)
#define PORT_LDAP2           (3268)
#define PORT_PPTP            (5678)

/* Parts of ICMP messages. */
typedef struct _RequestReplyFields {
	WORD ID;
	WORD SeqNo;
} NMAPI_NAME(ReqReply);

typedef struct _ParameterProblemFields {
	BYTE Pointer;
	BYTE junk[3];
} NMAPI_NAME(ParmProb);

typedef struct _TimestampFields {
	DWORD tsOrig;
	DWORD tsRecv;
	DWORD tsXmit;
} NMAPI_NAME(TS);

typedef struct _RouterAnnounceHeaderFields {
	BYTE NumAddrs;
	BYTE AddrEntrySize;
	WORD Lifetime;
} NMAPI_NAME(RouterAH);

typedef struct _RouterAnnounceEntry {
	DWORD Address;
	DWORD PreferenceLevel;
} NMAPI_NAME(RouterAE);

NMAPI_NESTED_BEGIN
typedef struct _ICMP {
	BYTE Type; /* ECHO_REPLY, ... */
	BYTE Code;
	WORD Checksum;
	union {
		DWORD Unused;
		DWORD Address;
		struct _RequestReplyFields RR;
		struct _ParameterProblemFields PP;
		struct _RouterAnnounceHeaderFields RAH;
	};
	union {
		struct _TimestampFields Time;
		struct _IP IP;
		NMAPI_EXT struct _RouterAnnounceEntry RAE[0];
	};
} NMAPI_OVERLAY NMAPI_NAME(ICMP);
NMAPI_NESTED_END
typedef struct _ICMP *LPICMP;
typedef struct _ICMP NMAPI_U_ICMP NMAPI_ANYWHERE;
typedef NMAPI_U_ICMP *ULPICMP;
#define ICMP_HEADER_LENGTH  (8)
#define ICMP_IP_DATA_LENGTH (8)

/* ICMP.Type. No macros, so that <termios.h> can define its ECHO after this. */
enum _NMAPI_ICMP_TYPES {
	NMAPI_NAME(ECHO_REPLY) = 0,
	NMAPI_NAME(DESTINATION_UNREACHABLE) = 3,
	NMAPI_NAME(SOURCE_QUENCH) = 4,
	NMAPI_NAME(REDIRECT) = 5,
	NMAPI_NAME(ECHO) = 8,
	NMAPI_NAME(ROUTER_ADVERTISEMENT) = 9,
	NMAPI_NAME(ROUTER_SOLICITATION) = 10,
	NMAPI_NAME(TIME_EXCEEDED) = 11,
	NMAPI_NAME(PARAMETER_PROBLEM) = 12,
	NMAPI_NAME(TIMESTAMP) = 13,
	NMAPI_NAME(TIMESTAMP_REPLY) = 14,
	NMAPI_NAME(INFORMATION_REQUEST) = 15,
	NMAPI_NAME(INFORMATION_REPLY) = 16,
	NMAPI_NAME(ADDRESS_MASK_REQUEST) = 17,
	NMAPI_NAME(ADDRESS_MASK_REPLY) = 18
};

typedef struct _HOST_ADDRESS {
	UCHAR ha_address[6];
} HOST_ADDRESS;

typedef struct _IPXADDRESS {
	ULONG ipx_NetNumber;
	HOST_ADDRESS ipx_HostAddr;
} NMAPI_OVERLAY IPXADDRESS;
typedef IPXADDRESS NMAPI_U_IPXADDRESS NMAPI_ANYWHERE;
typedef NMAPI_U_IPXADDRESS *PIPXADDRESS;

typedef struct _NET_ADDRESS {
	IPXADDRESS na_IPXAddr;
	USHORT na_socket;
} NMAPI_OVERLAY NET_ADDRESS;
typedef NET_ADDRESS NMAPI_U_NET_ADDRESS NMAPI_ANYWHERE;
typedef NMAPI_U_NET_ADDRESS *UPNET_ADDRESS;

typedef struct _IPX_HDR {
	USHORT ipx_checksum;
	USHORT ipx_length;
	UCHAR ipx_xport_control;
	UCHAR ipx_packet_type;
	NET_ADDRESS ipx_dest;
	NET_ADDRESS ipx_source;
} NMAPI_OVERLAY IPX_HDR;
typedef IPX_HDR NMAPI_U_IPX_HDR NMAPI_ANYWHERE;
typedef NMAPI_U_IPX_HDR *ULPIPX_HDR;

typedef struct _SPX_HDR {
	IPX_HDR spx_idp_hdr;
	UCHAR spx_conn_ctrl;
	UCHAR spx_data_type;
	USHORT spx_src_conn_id;
	USHORT spx_dest_conn_id;
	USHORT spx_sequence_num;
	USHORT spx_ack_num;
	USHORT spx_alloc_num;
} NMAPI_OVERLAY SPX_HDR;
typedef SPX_HDR NMAPI_U_SPX_HDR NMAPI_ANYWHERE;
typedef NMAPI_U_SPX_HDR *PSPX_HDR;

typedef struct _TCP {
	WORD SrcPort;
	WORD DstPort;
	DWORD SeqNum;
	DWORD AckNum;
	BYTE DataOff; /* high nibble, in units of 4 bytes */
	BYTE Flags;   /* TCP_FLAG_* */
	WORD Window;
	WORD Chksum;
	WORD UrgPtr;
} NMAPI_OVERLAY NMAPI_NAME(TCP);
typedef struct _TCP *LPTCP;
typedef struct _TCP NMAPI_U_TCP NMAPI_ANYWHERE;
typedef NMAPI_U_TCP *ULPTCP;

#pragma pack(pop)

/* Fields of a TCP header in native order; 20 bytes at pTCP must be there.
 * Header length in bytes, 0 to 60: check that it is at least 20. */
NMAPI_INLINE DWORD TCP_HdrLen(ULPTCP pTCP)
{
	return (DWORD)((pTCP->DataOff & 0xf0) >> 2);
}

NMAPI_INLINE DWORD TCP_SrcPort(ULPTCP pTCP)
{
	const BYTE *p = (const BYTE *)pTCP;

	return (DWORD)((p[0] << 8) | p[1]);
}

NMAPI_INLINE DWORD TCP_DstPort(ULPTCP pTCP)
{
	const BYTE *p = (const BYTE *)pTCP;

	return (DWORD)((p[2] << 8) | p[3]);
}

#define TCP_OPTION_ENDOFOPTIONS   (0)
#define TCP_OPTION_NOP            (1)
#define TCP_OPTION_MAXSEGSIZE     (2)
#define TCP_OPTION_WSCALE         (3)
#define TCP_OPTION_SACK_PERMITTED (4)
#define TCP_OPTION_SACK           (5)
#define TCP_OPTION_TIMESTAMPS     (8)

/* TCP.Flags. No macros: <linux/tcp.h> has enumerators of the same names. */
enum _NMAPI_TCP_FLAGS {
	NMAPI_NAME(TCP_FLAG_FIN) = 0x1,
	NMAPI_NAME(TCP_FLAG_SYN) = 0x2,
	NMAPI_NAME(TCP_FLAG_RESET) = 0x4,
	NMAPI_NAME(TCP_FLAG_PUSH) = 0x8,
	NMAPI_NAME(TCP_FLAG_ACK) = 0x10,
	NMAPI_NAME(TCP_FLAG_URGENT) = 0x20
};
#define TCP_RESERVED_MASK (0xfc0) /* of the native WORD at DataOff */

/* ---- experts: functions -----------------------------------------------------
 *
 * The first argument is the key that Configure or Run was given, good only while
 * that call lasts and on any thread of the expert. A key that is NULL, stale or
 * made up: NMERR_INVALID_EXPERT_HANDLE (R). Checks come in this order: key,
 * pending abort, other arguments, resources (R). Once the run was told to end,
 * the calls that can say so return NMERR_EXPERT_TERMINATE every time: release what
 * you hold and return from Run at once. */

/* A frame into *pEFrameDescriptor (the caller's; its pointers are borrowed until
 * the next ExpertGetFrame with this key).
 *
 * Direction: GET_SPECIFIED_FRAME, RequestedFrameNumber itself.
 *   GET_FRAME_NEXT_FORWARD, the first frame after it; INVALID_FRAME_NUMBER starts
 *   at frame 0 (R). GET_FRAME_NEXT_BACKWARD, the last frame before it;
 *   INVALID_FRAME_NUMBER, or any number past the end, starts at the last (R).
 * RequestFlags: FLAGS_DEFER_TO_UI_FILTER, only frames that pass the display
 *   filter the run was started with. FLAGS_ATTACH_PROPERTIES, with properties
 *   (slow; texts are NULL, see GetPropertyText). Other bits are ignored (R).
 * hFilter: only frames that pass it; NULL for all.
 *
 * NMERR_SUCCESS; NMERR_EXPERT_TERMINATE; NMERR_NO_MORE_FRAMES at the end and for
 * an empty capture; NMERR_FRAME_NOT_FOUND, a specified frame past the end (R);
 * NMERR_FRAME_FAILED_FILTER, a specified frame that a filter rejects (R);
 * NMERR_INVALID_PARAMETER, Direction unknown or no descriptor (R);
 * NMERR_INVALID_HFILTER (R); NMERR_FILTER_INVALID_EXPRESSION (R);
 * NMERR_INVALID_HCAPTURE, no capture in this activation (R);
 * NMERR_FILE_READ_ERROR (R); NMERR_OUT_OF_MEMORY. */
NMAPI_API DWORD WINAPI ExpertGetFrame(HEXPERTKEY hExpertKey, DWORD Direction, DWORD RequestFlags,
    DWORD RequestedFrameNumber, HFILTER hFilter, LPEXPERTFRAMEDESCRIPTOR pEFrameDescriptor);

/* nBytes bytes, zeroed and aligned to 16 (R), that live until ExpertFreeMemory or
 * the end of the activation, however it ends. 0 bytes give a block of size 0 (R).
 * NULL with *pError (which may be NULL, R): NMERR_OUT_OF_MEMORY when the quota or
 * the machine refuses, NMERR_EXPERT_TERMINATE. On success *pError is 0. */
NMAPI_API LPVOID WINAPI ExpertAllocMemory(HEXPERTKEY hExpertKey, SIZE_T nBytes, DWORD *pError);

/* The block with nBytes bytes, perhaps elsewhere: contents kept up to the smaller
 * size, added bytes zero (R). pOriginalMemory NULL: as ExpertAllocMemory (R).
 * nBytes 0: a block of size 0, not a free (R). NULL with *pError (may be NULL)
 * and the old block untouched (R): as ExpertAllocMemory, and
 * NMERR_INVALID_PARAMETER for what is no live block of this key (R). */
NMAPI_API LPVOID WINAPI ExpertReallocMemory(
    HEXPERTKEY hExpertKey, LPVOID pOriginalMemory, SIZE_T nBytes, DWORD *pError);

/* Give a block back. NULL does nothing (R). NMERR_SUCCESS;
 * NMERR_EXPERT_TERMINATE, and the block is freed all the same (R);
 * NMERR_INVALID_PARAMETER for a freed, interior, foreign or made-up pointer, and
 * nothing has changed (R). An NMERR code in a SIZE_T. */
NMAPI_API SIZE_T WINAPI ExpertFreeMemory(HEXPERTKEY hExpertKey, LPVOID pMemory);

/* The bytes last requested for a live block of this key; 0 for everything else (R). */
NMAPI_API SIZE_T WINAPI ExpertMemorySize(HEXPERTKEY hExpertKey, LPVOID pOriginalMemory);

/* Say how the run is getting on; every expert has to, now and then. Shown to
 * people. Status outside 0 to 5 counts as RUNNING (R); the final state is the
 * host's (R). SubStatus is shown as a number. szText is copied, cut at 259 bytes;
 * NULL keeps the text before, "" clears it (R). PercentDone 0 to 99; others keep
 * the value before. NMERR_SUCCESS; NMERR_EXPERT_TERMINATE. */
NMAPI_API DWORD WINAPI ExpertIndicateStatus(HEXPERTKEY hExpertKey, EXPERTSTATUSENUMERATION Status,
    DWORD SubStatus, const char *szText, LONG PercentDone);

/* One event into the report, in order of submission. Copied with all its strings
 * before the call returns (R). NMERR_SUCCESS; NMERR_EXPERT_TERMINATE;
 * NMERR_INVALID_PARAMETER, NULL or a column of unknown type (R);
 * NMERR_BAD_VERSION, Version is not 0 (R); NMERR_EXPERT_REPORT_FAILED, registered
 * with NO_VIEWER, or from Configure, or nobody receives it (R);
 * NMERR_OUT_OF_MEMORY. */
NMAPI_API DWORD WINAPI ExpertSubmitEvent(HEXPERTKEY hExpertKey, PNMEVENTDATA pExpertEvent);

/* A copy of what Configure or Run was started with. NMERR_SUCCESS;
 * NMERR_INVALID_PARAMETER for NULL (R). Never NMERR_EXPERT_TERMINATE (R). */
NMAPI_API DWORD WINAPI ExpertGetStartupInfo(
    HEXPERTKEY hExpertKey, PEXPERTSTARTUPINFO pExpertStartupInfo);

/* ---- captures ---------------------------------------------------------------
 *
 * A bad HCAPTURE: the failure value, last error NMERR_INVALID_HCAPTURE (R).
 * Pointers returned live as long as the capture. */

/* When capturing began, local time of the capturing machine (the file keeps no
 * zone; R). Borrowed, read only. NULL on failure. */
NMAPI_API LPSYSTEMTIME WINAPI GetCaptureTimeStamp(HCAPTURE hCapture);

/* MAC_TYPE_* of the file; MAC_TYPE_UNKNOWN on failure (R). */
NMAPI_API DWORD WINAPI GetCaptureMacType(HCAPTURE hCapture);

/* Frames in the capture; 0 on failure. May wait until they are counted; an expert
 * that is asked to stop meanwhile gets how many there are so far (R). */
NMAPI_API DWORD WINAPI GetCaptureTotalFrames(HCAPTURE hCapture);

/* The comment, NUL-terminated, borrowed, not to be changed; NULL when there is
 * none or on failure. */
NMAPI_API LPSTR WINAPI GetCaptureComment(HCAPTURE hCapture);

/* The comment of a capture file into lpComment, BufferSize bytes with the NUL, cut
 * to fit (R); "" when it has none (R). NMERR_SUCCESS; NMERR_FILE_NOT_FOUND;
 * NMERR_FILE_READ_ERROR; NMERR_INVALID_FILE_FORMAT; NMERR_INVALID_PARAMETER, a
 * NULL pointer or size 0. */
NMAPI_API DWORD WINAPI GetCaptureCommentFromFilename(
    LPSTR lpFilename, LPSTR lpComment, DWORD BufferSize);

/* The protocols enabled for the capture. Borrowed, read only;
 * PROTOCOLTABLE_ACTUAL_SIZE bytes. NULL on failure. */
NMAPI_API LPPROTOCOLTABLE WINAPI GetEnabledProtocols(HCAPTURE hCapture);

/* Frame FrameNumber, counted from 0. NULL on failure, also past the end (last
 * error NMERR_FRAME_NOT_FOUND, R). */
NMAPI_API HFRAME WINAPI GetFrame(HCAPTURE hCapture, DWORD FrameNumber);

/* Put FrameLength bytes (copied) in the place of a frame, stored and wire length
 * both FrameLength (R), TimeStamp in us since the capture began. In memory only,
 * until the capture is saved (R). The old HFRAME dies; the number stays; what was
 * recognized is forgotten. The new handle, or NULL and the old frame as it was
 * (R): last error NMERR_FRAME_NOT_FOUND, NMERR_INVALID_PARAMETER,
 * NMERR_LOCKED_FRAMES while a parser works on the frame, NMERR_OUT_OF_MEMORY. */
NMAPI_API HFRAME WINAPI ModifyFrame(
    HCAPTURE hCapture, DWORD FrameNumber, LPBYTE FrameData, DWORD FrameLength, __int64 TimeStamp);

/* The next frame after hCurrentFrame (the one before it) in which ProtocolName was
 * recognized and, where given, whose addresses equal *lpDestAddress and
 * *lpSrcAddress. Looks no further than nHighestFrame (nLowestFrame) and not more
 * than MAXLOOKBACK frames (1000, or as Nmapi.ini says) from OriginalFrameNumber.
 * *ProtocolOffset: where the protocol starts, bytes into the frame. To go on,
 * pass the result with the same OriginalFrameNumber. NULL: last error
 * NMERR_FRAME_NOT_FOUND (R), NMERR_INVALID_HFRAME, NMERR_INVALID_PARAMETER (no
 * protocol name or offset, R), NMERR_INTERNAL_EXCEPTION. May be called from a
 * parser. */
NMAPI_API HFRAME WINAPI FindNextFrame(HFRAME hCurrentFrame, LPSTR ProtocolName,
    LPADDRESS2 lpDestAddress, LPADDRESS2 lpSrcAddress, LPWORD ProtocolOffset,
    DWORD OriginalFrameNumber, DWORD nHighestFrame);
NMAPI_API HFRAME WINAPI FindPreviousFrame(HFRAME hCurrentFrame, LPSTR ProtocolName,
    LPADDRESS2 lpDstAddress, LPADDRESS2 lpSrcAddress, LPWORD ProtocolOffset,
    DWORD OriginalFrameNumber, DWORD nLowestFrame);

/* ---- frames: functions ------------------------------------------------------
 *
 * A bad HFRAME: the failure value, last error NMERR_INVALID_HFRAME (R). */

/* The capture that owns the frame; NULL on failure. */
NMAPI_API HCAPTURE WINAPI GetFrameCaptureHandle(HFRAME hFrame);

/* Its number, counted from 0; 0xFFFFFFFF on failure. */
NMAPI_API DWORD WINAPI GetFrameNumber(HFRAME hFrame);

/* Bytes on the wire; 0 on failure. */
NMAPI_API DWORD WINAPI GetFrameLength(HFRAME hFrame);

/* Bytes stored, fewer than on the wire when the frame was cut; 0 on failure. */
NMAPI_API DWORD WINAPI GetFrameStoredLength(HFRAME hFrame);

/* Microseconds since the capture began; can be negative. -1 on failure: look at
 * the last error too (R). */
NMAPI_API __int64 WINAPI GetFrameTimeStamp(HFRAME hFrame);

/* MAC_TYPE_* of this frame; MAC_TYPE_UNKNOWN on failure (R). */
NMAPI_API DWORD WINAPI GetFrameMacType(HFRAME hFrame);

/* Bytes before the network layer or LLC, with Token Ring routing information (R);
 * 0 on failure and for an unknown MAC type. */
NMAPI_API DWORD WINAPI GetFrameMacHeaderLength(HFRAME hFrame);

/* The FRAME header with the bytes behind it, unaligned; good until the next call
 * that reads another frame of the capture on this thread. NULL on failure. The
 * functions above are the better way. */
NMAPI_API ULPFRAME WINAPI GetFrameFromFrameHandle(HFRAME hFrame);

/* Which protocols the frame holds and where; parses it when that was not done
 * yet (R). Borrowed until the next such call on this thread. NULL on failure. */
NMAPI_API LPRECOGNIZEDATATABLE WINAPI GetFrameRecognizeData(HFRAME hFrame);

/* The first byte of another frame, for a parser that needs to look at it: good
 * until the parser's entry point returns (R). NULL on failure. */
NMAPI_API ULPBYTE WINAPI ParserTemporaryLockFrame(HFRAME hFrame);

/* Bytes from the frame's start to its destination (source) address of
 * AddressType; *AddressLength (may be NULL, R) gets the address's length. The
 * first instance of the protocol counts (R); the destination of type ETHERNET is
 * always 0. 0xFFFFFFFF when the frame has no such address or on failure. ANY,
 * ANY_GROUP, FIND_HIGHEST and LOCAL_ONLY are no valid types here (R). */
NMAPI_API DWORD WINAPI GetFrameDstAddressOffset(
    HFRAME hFrame, DWORD AddressType, LPDWORD AddressLength);
NMAPI_API DWORD WINAPI GetFrameSrcAddressOffset(
    HFRAME hFrame, DWORD AddressType, LPDWORD AddressLength);

/* The destination (source) address of AddressType into *lpAddress, which is then
 * of the type found. FIND_HIGHEST takes IPX, XNS, IP, IP6, VINES IP or the MAC
 * address, the first there is. Flags: ADDRESSTYPE_FLAGS_*. NMERR_SUCCESS;
 * NMERR_PROTOCOL_NOT_FOUND, no such address in this frame; NMERR_INVALID_HFRAME;
 * NMERR_INVALID_PARAMETER for NULL (R). */
NMAPI_API DWORD WINAPI GetFrameDestAddress(
    HFRAME hFrame, LPADDRESS2 lpAddress, DWORD AddressType, DWORD Flags);
NMAPI_API DWORD WINAPI GetFrameSourceAddress(
    HFRAME hFrame, LPADDRESS2 lpAddress, DWORD AddressType, DWORD Flags);

/* TRUE when the frame's address of lpAddress->Type equals *lpAddress; FALSE when
 * not, when the frame has none, and on failure. */
NMAPI_API WINBOOL WINAPI CompareFrameDestAddress(HFRAME hFrame, LPADDRESS2 lpAddress);
NMAPI_API WINBOOL WINAPI CompareFrameSourceAddress(HFRAME hFrame, LPADDRESS2 lpAddress);

/* Bytes from the frame's start to the first instance of a protocol, by name (case
 * does not count, R) or handle. 0 is a good answer: 0xFFFFFFFF when the protocol
 * is not in the frame (R) or on failure. */
NMAPI_API DWORD WINAPI GetProtocolStartOffset(HFRAME hFrame, LPSTR ProtocolName);
NMAPI_API DWORD WINAPI GetProtocolStartOffsetHandle(HFRAME hFrame, HPROTOCOL hProtocol);

/* The last instance of a protocol that starts before dwStartOffset (R: strictly),
 * bytes into the frame, into *pdwPreviousOffset. NMERR_SUCCESS;
 * NMERR_PROTOCOL_NOT_FOUND; NMERR_INVALID_HFRAME; NMERR_INVALID_PARAMETER for a
 * NULL pointer (R). */
NMAPI_API DWORD WINAPI GetPreviousProtocolOffsetByName(
    HFRAME hFrame, DWORD dwStartOffset, LPSTR szProtocolName, DWORD *pdwPreviousOffset);

/* ---- addresses: functions ------------------------------------------------ */

/* 0 when equal, else negative or positive: by Type, then bytes (R). ANY equals
 * everything, ANY_GROUP every MAC address with the group bit (R). Flags do not
 * count (R). NULL sorts first (R). */
NMAPI_API int WINAPI CompareAddresses(LPADDRESS2 lpAddress1, LPADDRESS2 lpAddress2);

/* ADDRESS_TYPE_* of a MAC_TYPE_*; 0xFFFFFFFF for others. */
NMAPI_API DWORD WINAPI MacTypeToAddressType(DWORD MacType);

/* MAC_TYPE_* of an ADDRESS_TYPE_*; MAC_TYPE_UNKNOWN for others (R). */
NMAPI_API DWORD WINAPI AddressTypeToMacType(DWORD AddressType);

/* Clear the group and routing bit of a MAC address in place, by Type, and return
 * it (R). Other types are left alone; NULL gives NULL. */
NMAPI_API LPADDRESS2 WINAPI NormalizeAddress(LPADDRESS2 Address);

/* NormalizeAddress for both sides of every used pair; returns its argument (R). */
NMAPI_API LPADDRESSTABLE2 WINAPI NormalizeAddressTable(LPADDRESSTABLE2 AddressTable);

/* Sort the used pairs so that those with ADDRESS_FLAGS_EXCLUDE come first, order
 * otherwise kept; returns its argument (R). */
NMAPI_API LPADDRESSTABLE2 WINAPI AdjustOperatorPrecedence(LPADDRESSTABLE2 AddressTable);

/* 6 bytes to 12 upper-case hex digits and a NUL (R); returns string. */
NMAPI_API LPSTR WINAPI AddressToString(LPSTR string, BYTE *lpAddress);

/* 12 hex digits to 6 bytes; '-', ':', '.' and ' ' are skipped, missing digits are 0
 * (R). Returns lpAddress. */
NMAPI_API LPBYTE WINAPI StringToAddress(BYTE *lpAddress, LPSTR string);

/* 16 bytes to IPv6 text (RFC 5952). S has room for 46 units with the NUL. Returns
 * the place of the NUL (R). W: UTF-16. */
NMAPI_API LPSTR WINAPI NMRtlIpv6AddressToStringA(const BYTE IP6Addr[], LPSTR S);
NMAPI_API LPWSTR WINAPI NMRtlIpv6AddressToStringW(const BYTE IP6Addr[], LPWSTR S);

/* IPv6 text to 16 bytes. 0 and *Terminator behind what was read; not 0 for text
 * that is no address, and IP6Addr is untouched (R). W: UTF-16. */
NMAPI_API ULONG WINAPI NMRtlIpv6StringToAddressA(LPCSTR S, LPCSTR *Terminator, BYTE IP6Addr[]);
NMAPI_API ULONG WINAPI NMRtlIpv6StringToAddressW(LPCWSTR S, LPCWSTR *Terminator, BYTE IP6Addr[]);

/* ---- protocols and handoff tables: functions ----------------------------- */

/* Register a protocol: from a parser's DllMain, once per protocol. Name and entry
 * points are copied (R). The handle is good until DestroyProtocol. NULL, which a
 * parser has to put up with: last error NMERR_INVALID_PARAMETER, cbEntryPoints is
 * not ENTRYPOINTS_SIZE, or the name is empty or longer than 15 bytes (R);
 * NMERR_INVALID_PARSER_DLL, no RecognizeFrame or AttachProperties (R);
 * NMERR_PROTOCOL_ALREADY_ENABLED (R); NMERR_TOO_MANY_PROTOCOLS. */
NMAPI_API HPROTOCOL WINAPI CreateProtocol(
    LPSTR ProtocolName, LPENTRYPOINTS lpEntryPoints, DWORD cbEntryPoints);

/* Undo CreateProtocol, from DllMain. NULL does nothing (R). */
NMAPI_API VOID WINAPI DestroyProtocol(HPROTOCOL hProtocol);

/* A protocol by name (case does not count, R); NULL and last error
 * NMERR_PROTOCOL_NOT_FOUND (R) when there is none. */
NMAPI_API HPROTOCOL WINAPI GetProtocolFromName(LPSTR ProtocolName);

/* Name, number, comment and properties. Borrowed until DestroyProtocol, read
 * only. NULL and last error NMERR_INVALID_HPROTOCOL on failure (R). */
NMAPI_API LPPROTOCOLINFO WINAPI GetProtocolInfo(HPROTOCOL hProtocol);

/* Read section secName of a parser's INI file: lines "<number> = <PROTOCOL>[,
 * <instance>]", numbers of the given base (10 or 16, R). iniFile is a path or a
 * bare name, resolved as BuildINIPath does (R). Unknown protocols are left out,
 * the first of equal numbers wins, lines after nMaxProtocolEntries are ignored
 * (R). Usable entries, and *hTable for DestroyHandoffTable; 0 and *hTable NULL on
 * failure (R): last error NMERR_FILE_NOT_FOUND, NMERR_INVALID_PARAMETER,
 * NMERR_OUT_OF_MEMORY. */
NMAPI_API DWORD WINAPI CreateHandoffTable(
    LPSTR secName, LPSTR iniFile, LPHANDOFFTABLE *hTable, DWORD nMaxProtocolEntries, DWORD base);

/* The protocol for a number; *lpInstData (may be NULL, R) gets its instance value,
 * 0 when the line had none (R), and stays as it was on a miss (R). NULL on a miss
 * or for a bad table. */
NMAPI_API HPROTOCOL WINAPI GetProtocolFromTable(
    LPHANDOFFTABLE hTable, DWORD ItemToFind, PDWORD_PTR lpInstData);

/* NULL does nothing (R). */
NMAPI_API VOID WINAPI DestroyHandoffTable(LPHANDOFFTABLE hTable);

/* TRUE when key CurProtocol of the section is a number other than 0 (R). */
NMAPI_API BOOLEAN WINAPI IsRawIPXEnabled(LPSTR secName, LPSTR iniFile, LPSTR CurProtocol);

/* The path of a parser's INI file into FullPath, INI_PATH_LENGTH bytes: the
 * parsers' folder, and IniFileName with INI for its extension (R). Returns
 * FullPath; NULL for a bad or too long name. */
NMAPI_API LPSTR NMAPI_CDECL BuildINIPath(char *FullPath, char *IniFileName);

/* The built-in protocol numbers and descriptions, *TableSize entries; may be empty
 * (R). Static. */
NMAPI_API LPLABELED_WORD WINAPI GetProtocolDescriptionTable(LPDWORD TableSize);

/* The entry of that table for one number, or NULL (R). */
NMAPI_API LPLABELED_WORD WINAPI GetProtocolDescription(DWORD ProtocolID);

/* ---- properties: functions ----------------------------------------------- */

/* Room for nProperties properties of a protocol (more can be added, R): only from
 * its Register. NMERR_SUCCESS; NMERR_INVALID_HPROTOCOL; NMERR_OUT_OF_MEMORY;
 * NMERR_INTERNAL_EXCEPTION, there is one with properties already (R). */
NMAPI_API DWORD WINAPI CreatePropertyDatabase(HPROTOCOL hProtocol, DWORD nProperties);

/* Give it back: only from Deregister. NMERR_SUCCESS; NMERR_INVALID_HPROTOCOL;
 * NMERR_NO_PROPERTY_DATABASE (R). */
NMAPI_API DWORD WINAPI DestroyPropertyDatabase(HPROTOCOL hProtocol);

/* Add one property. *PropertyInfo is kept, not copied (R): it must stay until
 * Deregister. The handle, also in PropertyInfo->hProperty; 0 on failure: last
 * error NMERR_NO_PROPERTY_DATABASE, NMERR_INVALID_HPROTOCOL,
 * NMERR_INVALID_HPROPERTY, NMERR_OUT_OF_MEMORY. */
NMAPI_API HPROPERTY WINAPI AddProperty(HPROTOCOL hProtocol, LPPROPERTYINFO PropertyInfo);

/* A property by its label: exactly, else without regard to case (R); else, an addition of
 * this implementation, by a name that its parser gave it for filters, "tcp.srcport", when
 * that stands for one property and all of its bits. 0 and last error
 * NMERR_PROPERTY_NOT_FOUND (R) when there is none. */
NMAPI_API HPROPERTY WINAPI GetProperty(HPROTOCOL hProtocol, LPSTR PropertyName);

/* What AddProperty was given. Borrowed. NULL on failure. */
NMAPI_API LPPROPERTYINFO WINAPI GetPropertyInfo(HPROPERTY hProperty);

/* Attach a property that covers Length bytes at lpData in the frame: only from
 * AttachProperties of that frame. HelpID 0 to 4095 (more is cut, R). Level 0 to
 * 14 indents, 15 hides. IFlags: IFLAG_*. Shown in the order of the calls. A Length
 * past the stored bytes is cut, with IFLAG_ERROR (R). FALSE: last error
 * NMERR_INVALID_HFRAME, NMERR_INVALID_HPROPERTY, NMERR_OUT_OF_MEMORY,
 * NMERR_NOT_LOCKED outside of AttachProperties (R), NMERR_OUT_OF_RANGE for data
 * outside of the frame (R). */
NMAPI_API WINBOOL WINAPI AttachPropertyInstance(HFRAME hFrame, HPROPERTY hProperty, DWORD Length,
    ULPVOID lpData, DWORD HelpID, DWORD Level, DWORD IFlags);

/* The same with a value of its own: ExLength bytes at lpExData, copied before the
 * call returns. Length 0 and lpData NULL when nothing in the frame stands for it.
 * ExLength 0 or lpExData NULL: as AttachPropertyInstance. */
NMAPI_API WINBOOL WINAPI AttachPropertyInstanceEx(HFRAME hFrame, HPROPERTY hProperty, DWORD Length,
    ULPVOID lpData, DWORD ExLength, ULPVOID lpExData, DWORD HelpID, DWORD Level, DWORD IFlags);

/* The first instance of a property in a frame; attaches properties when that was
 * not done yet (R). Borrowed until another frame's properties are attached on this
 * thread. NULL: last error NMERR_NO_ATTACHED_PROPERTIES (R), NMERR_INVALID_HFRAME,
 * NMERR_INVALID_HPROPERTY. */
NMAPI_API LPPROPERTYINST WINAPI FindPropertyInstance(HFRAME hFrame, HPROPERTY hProperty);

/* The next instance (DirForward FALSE: the one before) after *lpRestartKey, which
 * becomes the result; *lpRestartKey or lpRestartKey NULL: from the frame's edge
 * (R). NULL at the end and on failure. */
NMAPI_API LPPROPERTYINST WINAPI FindPropertyInstanceRestart(
    HFRAME hFrame, HPROPERTY hProperty, LPPROPERTYINST *lpRestartKey, WINBOOL DirForward);

/* The text of an instance, as its parser formats it, into szBuffer, BufferSize
 * bytes with the NUL, cut to fit; lines are separated by line feeds (R). Returns
 * szBuffer; NULL on failure. */
NMAPI_API LPSTR WINAPI GetPropertyText(
    HFRAME hFrame, LPPROPERTYINST lpPI, LPSTR szBuffer, DWORD BufferSize);

/* Change the length of an instance from nOrgLen to nNewLen bytes. NMERR_SUCCESS;
 * NMERR_INVALID_PARAMETER when it is not nOrgLen (R). */
NMAPI_API DWORD WINAPI ResetPropertyInstanceLength(
    LPPROPERTYINST lpProp, WORD nOrgLen, WORD nNewLen);

/* ---- formatting -------------------------------------------------------------
 *
 * Formatters of instances write "Label = value" to szPropertyText, never more than
 * the property's FormatStringSize. Numbers are "10 (0xA)" (R). */

/* The generic formatter: by type and qualifier. NMERR_SUCCESS;
 * NMERR_INVALID_PARAMETER for NULL; NMERR_INVALID_HPROPERTY. Further arguments are
 * ignored. */
NMAPI_API DWORD WINAPIV FormatPropertyInstance(LPPROPERTYINST lpPropertyInst, ...);

/* Numbers of 1, 2, 4 and 8 bytes. Base 16 pads to the type's width (R).
 * IFLAG_SWAPPED counts. */
NMAPI_API VOID WINAPIV FormatPropertyDataAsByte(LPPROPERTYINST lpPropertyInst, DWORD Base);
NMAPI_API VOID WINAPIV FormatPropertyDataAsWord(LPPROPERTYINST lpPropertyInst, DWORD Base);
NMAPI_API VOID WINAPIV FormatPropertyDataAsDword(LPPROPERTYINST lpPropertyInst, DWORD Base);
NMAPI_API VOID WINAPIV FormatPropertyDataAsInt64(LPPROPERTYINST lpPropertyInst, DWORD Base);

/* A SYSTEMTIME, text, and two hex digits a byte (R). */
NMAPI_API VOID WINAPIV FormatPropertyDataAsTime(LPPROPERTYINST lpPropertyInst);
NMAPI_API VOID WINAPIV FormatPropertyDataAsString(LPPROPERTYINST lpPropertyInst);
NMAPI_API VOID WINAPIV FormatPropertyDataAsHexString(LPPROPERTYINST lpPropertyInst);

/* The label of the value in the property's set, or the number. */
NMAPI_API VOID WINAPIV FormatLabeledByteSet(LPPROPERTYINST lpPropertyInst);
NMAPI_API VOID WINAPIV FormatLabeledWordSet(LPPROPERTYINST lpPropertyInst);
NMAPI_API VOID WINAPIV FormatLabeledDwordSet(LPPROPERTYINST lpPropertyInst);

/* One line for each bit that the property's set names. */
NMAPI_API VOID WINAPIV FormatLabeledByteSetAsFlags(LPPROPERTYINST lpPropertyInst);
NMAPI_API VOID WINAPIV FormatLabeledWordSetAsFlags(LPPROPERTYINST lpPropertyInst);
NMAPI_API VOID WINAPIV FormatLabeledDwordSetAsFlags(LPPROPERTYINST lpPropertyInst);

/* The picture of the bits of BitMask, dots for the others, most significant first:
 * 8, 16 or 32 characters and a NUL. Returns the characters written (R). */
NMAPI_API DWORD WINAPIV FormatByteFlags(LPSTR string, DWORD ByteValue, DWORD BitMask);
NMAPI_API DWORD WINAPIV FormatWordFlags(LPSTR string, DWORD WordValue, DWORD BitMask);
NMAPI_API DWORD WINAPIV FormatDwordFlags(LPSTR string, DWORD DwordValue, DWORD BitMask);

/* "M/D/YYYY H:MM:SS.mmm" (R): at most 32 bytes with the NUL. Returns string. */
NMAPI_API LPSTR WINAPIV FormatTimeAsString(SYSTEMTIME *time, LPSTR string);

/* 8, 16 or 32 digits '0' and '1' and a NUL. Returns the digits written (R). */
NMAPI_API DWORD WINAPI ByteToBinary(LPSTR string, DWORD ByteValue);
NMAPI_API DWORD WINAPI WordToBinary(LPSTR string, DWORD WordValue);
NMAPI_API DWORD WINAPI DwordToBinary(LPSTR string, DWORD DwordValue);

/* len bytes at hex as pairs of hex digits and a NUL: 2 * len + 1 bytes at dest (R). */
NMAPI_API VOID WINAPI CanonicalizeHexString(LPSTR hex, LPSTR dest, DWORD len);

/* iLen bytes as hex digits and a NUL, behind "0x" when fOx: 2 * iLen + 3 bytes (R). */
NMAPI_API void WINAPI CanonHex(UCHAR *pDest, UCHAR *pSource, int iLen, WINBOOL fOx);

/* The label of a value: first match in the set's table; NULL when there is none.
 * Points to the label itself. */
NMAPI_API LPBYTE WINAPI LookupByteSetString(LPSET lpSet, BYTE Value);
NMAPI_API LPBYTE WINAPI LookupWordSetString(LPSET lpSet, WORD Value);
NMAPI_API LPBYTE WINAPI LookupDwordSetString(LPSET lpSet, DWORD Value);

/* ---- help for parsers -------------------------------------------------------
 *
 * Memory tied to the capture, and a pointer per protocol and capture (R): inside a
 * parser's entry points only; elsewhere the failure value, last error
 * NMERR_NOT_LOCKED (R). Freed when the capture closes. */

/* dwBytes bytes (0 is a size, R), zeroed on request; NULL on failure. */
NMAPI_API LPVOID WINAPI CCHeapAlloc(DWORD dwBytes, WINBOOL bZeroInit);

/* NULL on failure, and lpMem stays. bZeroInit zeroes what was added (R). */
NMAPI_API LPVOID WINAPI CCHeapReAlloc(LPVOID lpMem, DWORD dwBytes, WINBOOL bZeroInit);

/* FALSE for what is no block of the capture, NULL included (R). */
NMAPI_API WINBOOL WINAPI CCHeapFree(LPVOID lpMem);

/* The bytes requested; 0 on failure. */
NMAPI_API SIZE_T WINAPI CCHeapSize(LPVOID lpMem);

/* NULL when never set. */
NMAPI_API LPVOID WINAPI GetCCInstPtr(VOID);
NMAPI_API VOID WINAPI SetCCInstPtr(LPVOID lpCurCaptureInst);

/* BER: *pHeaderLength is tag and length octets, *pDataLength the contents. Tags of
 * one octet, definite lengths of up to four octets; FALSE for others (R). At most 6
 * octets are read: the caller makes sure that they are there, and checks
 * *pDataLength against what is left.
 * Header: *ppNext is the start of the contents. Integer and String: *ppValuePointer
 * is that, *ppNext the byte after them. */
NMAPI_API WINBOOL NMAPI_CDECL BERGetHeader(ULPBYTE pCurrentPointer, ULPBYTE pTag,
    LPDWORD pHeaderLength, LPDWORD pDataLength, ULPBYTE *ppNext);
NMAPI_API WINBOOL NMAPI_CDECL BERGetInteger(ULPBYTE pCurrentPointer, ULPBYTE *ppValuePointer,
    LPDWORD pHeaderLength, LPDWORD pDataLength, ULPBYTE *ppNext);
NMAPI_API WINBOOL NMAPI_CDECL BERGetString(ULPBYTE pCurrentPointer, ULPBYTE *ppValuePointer,
    LPDWORD pHeaderLength, LPDWORD pDataLength, ULPBYTE *ppNext);

/* An integer of ValueLen bytes, little-endian unless fIsByteswapped, into *lpDword:
 * the low 32 bits of longer ones, 0 for none (R). Returns lpDword. */
NMAPI_API LPDWORD WINAPI VarLenSmallIntToDword(
    LPBYTE pValue, WORD ValueLen, WINBOOL fIsByteswapped, LPDWORD lpDword);

/* Facts of raw header bytes; the caller makes sure that the header is there.
 * MAC header: 14, 14 and the routing information, 13, 16 bytes; 0 for an unknown
 * type (R). LLC: 3 bytes, or 4 with sequence numbers (R). Etype: from DIX or SNAP,
 * 0 when none (R). Saps: DSAP in the low byte, SSAP in the next; 0 when none (R). */
NMAPI_API DWORD WINAPI GetMacHeaderLength(LPVOID MacHeader, DWORD MacType);
NMAPI_API DWORD WINAPI GetLLCHeaderLength(LPLLC Frame);
NMAPI_API DWORD WINAPI GetEtype(LPVOID MacHeader, DWORD MacType);
NMAPI_API DWORD WINAPI GetSaps(LPVOID MacHeader, DWORD MacType);
NMAPI_API WINBOOL WINAPI IsLLCPresent(LPVOID MacHeader, DWORD MacType);

/* Add microseconds to a time, in place; returns its argument (R). */
NMAPI_API SYSTEMTIME *WINAPI AdjustSystemTime(SYSTEMTIME *SystemTime, __int64 TimeDelta);

/* ---- display filters: functions ---------------------------------------------
 *
 * A filter is a stack of objects in postfix order. What is documented is
 * FilterAddObject and the objects; the rest is (R). A filter may be used by one
 * thread at a time. */

/* An empty filter, which passes every frame. NULL: out of memory. */
NMAPI_API HFILTER WINAPI CreateFilter(VOID);

/* NMERR_SUCCESS; NMERR_INVALID_HFILTER. */
NMAPI_API DWORD WINAPI DestroyFilter(HFILTER hFilter);

/* A copy with all its objects; cached results are not copied. NULL on failure. */
NMAPI_API HFILTER WINAPI FilterDuplicate(HFILTER hFilter);

/* Append a copy of an object, with what it points to. Syntax is not checked.
 * NMERR_SUCCESS; NMERR_INVALID_PARAMETER, a bad handle or object;
 * NMERR_STACK_OVERFLOW past 65535 objects; NMERR_OUT_OF_MEMORY. */
NMAPI_API DWORD WINAPI FilterAddObject(HFILTER hFilter, LPFILTEROBJECT2 lpFilterObject);

/* Switch the objects that belong to the protocols of a parser's shared object off (they
 * then count as true) and on (R). hParser is the instance that its DllMain was given, or
 * the HPROTOCOL of any of these protocols. NMERR_SUCCESS, whether there are such objects
 * or not; NMERR_INVALID_HFILTER; NMERR_INVALID_HPROTOCOL, no such parser;
 * NMERR_INVALID_PARAMETER, the user's filter, which is text. */
NMAPI_API DWORD WINAPI DisableParserFilter(HFILTER hFilter, HPARSER hParser);
NMAPI_API DWORD WINAPI EnableParserFilter(HFILTER hFilter, HPARSER hParser);

/* Forget cached results. */
NMAPI_API VOID WINAPI FilterFlushBits(HFILTER hFilter);

/* FILTER_PASSED, FILTER_FAILED, or FILTER_FAIL_WITH_ERROR: last error
 * NMERR_INVALID_HFILTER, NMERR_INVALID_HFRAME, NMERR_FILTER_INVALID_EXPRESSION,
 * NMERR_STACK_EMPTY, NMERR_OUT_OF_MEMORY. */
NMAPI_API DWORD WINAPI FilterFrame(HFRAME hFrame, HFILTER hFilter, HCAPTURE hCapture);

/* TRUE when the filter looks at properties, which makes it slower. */
NMAPI_API WINBOOL WINAPI FilterAttachesProperties(HFILTER hFilter);

/* The first frame that passes, at or after nFrame (FilterDirection
 * FILTER_DIRECTION_NEXT) or at or before it. StatusProc (may be NULL) is called
 * every TimeDelta milliseconds (0: never). FILTER_NO_MORE_FRAMES, also on an error,
 * with the last error; FILTER_CANCELED. */
NMAPI_API DWORD WINAPI FilterFindFrame(HFILTER hFilter, HCAPTURE hCapture, DWORD nFrame,
    STATUSPROC StatusProc, LPVOID UIInstance, DWORD TimeDelta, WINBOOL FilterDirection);

/* From hFrame on, among the frames that pass hMasterFilter (NULL: all), the first
 * property instance after (FilterForward FALSE: before) *lpPropRestartKey for which
 * hInstanceFilter is true. The frame, with *lpPropRestartKey the instance, borrowed
 * as from FindPropertyInstance; NULL when there is none or it was cancelled.
 * *lpPropRestartKey NULL starts at the frame's edge. */
NMAPI_API HFRAME FilterFindPropertyInstance(HFRAME hFrame, HFILTER hMasterFilter, HCAPTURE hCapture,
    HFILTER hInstanceFilter, LPPROPERTYINST *lpPropRestartKey, STATUSPROC StatusProc,
    LPVOID UIInstance, DWORD TimeDelta, WINBOOL FilterForward);

/* The display filter of the user interface, which FLAGS_DEFER_TO_UI_FILTER means.
 * Borrowed, not copied; NULL is none. */
NMAPI_API VOID WINAPI SetCurrentFilter(HFILTER hFilter);
NMAPI_API HFILTER WINAPI GetCurrentFilter(VOID);

/* ---- capture filters --------------------------------------------------------
 *
 * What a driver keeps: a frame has to pass the type, the address and the pattern
 * section; a section that is not there passes everything. */

#define MAX_PATTERN_LENGTH (16)
#define MAX_PATTERNS       (4)

#define PATTERN_MATCH_FLAGS_NOT            (0x1) /* pass when the bytes differ */
#define PATTERN_MATCH_FLAGS_RESERVED_1     (0x2)
#define PATTERN_MATCH_FLAGS_PORT_SPECIFIED (0x8) /* only behind IP or IPX: Port must match */

typedef union _GENERIC_PORT {
	BYTE NextHeader;         /* IPv6 */
	BYTE IPPort;             /* IP: the protocol field */
	WORD ByteSwappedIPXPort; /* IPX: the socket, big-endian */
} GENERIC_PORT;

typedef struct _PATTERNMATCH {
	DWORD Flags;      /* PATTERN_MATCH_FLAGS_* */
	BYTE OffsetBasis; /* OFFSET_BASIS_* */
	GENERIC_PORT Port;
	WORD Offset; /* bytes */
	WORD Length; /* bytes, at most 16 */
	BYTE PatternToMatch[16];
} PATTERNMATCH;
typedef PATTERNMATCH *LPPATTERNMATCH;
#define PATTERNMATCH_SIZE (sizeof(PATTERNMATCH))

/* In spite of its name: true when any of its patterns matches. */
typedef struct _ANDEXP {
	DWORD nPatternMatches;
	PATTERNMATCH PatternMatch[4];
} ANDEXP;
typedef ANDEXP *LPANDEXP;
#define ANDEXP_SIZE (sizeof(ANDEXP))

/* True when all of its terms are. At most MAX_PATTERNS patterns together. */
typedef struct _EXPRESSION {
	DWORD nAndExps;
	ANDEXP AndExp[4];
} NMAPI_NAME(EXPRESSION);
typedef struct _EXPRESSION *LPEXPRESSION;
#define EXPRESSION_SIZE (sizeof(struct _EXPRESSION))

#define TRIGGER_TYPE_PATTERN_MATCH                     (1)
#define TRIGGER_TYPE_BUFFER_CONTENT                    (2)
#define TRIGGER_TYPE_PATTERN_MATCH_THEN_BUFFER_CONTENT (3)
#define TRIGGER_TYPE_BUFFER_CONTENT_THEN_PATTERN_MATCH (4)

#define TRIGGER_FLAGS_FRAME_RELATIVE (0)
#define TRIGGER_FLAGS_DATA_RELATIVE  (0x1)

#define TRIGGER_ACTION_NOTIFY (0)
#define TRIGGER_ACTION_STOP   (0x2)
#define TRIGGER_ACTION_PAUSE  (0x3)

#define TRIGGER_BUFFER_FULL_25_PERCENT  (0)
#define TRIGGER_BUFFER_FULL_50_PERCENT  (1)
#define TRIGGER_BUFFER_FULL_75_PERCENT  (2)
#define TRIGGER_BUFFER_FULL_100_PERCENT (3)

#define BUFFER_FULL_25_PERCENT  (0)
#define BUFFER_FULL_50_PERCENT  (1)
#define BUFFER_FULL_75_PERCENT  (2)
#define BUFFER_FULL_100_PERCENT (3)

/* Fires once per start (R). The command line is never carried out (R). */
typedef struct _TRIGGER {
	WINBOOL TriggerActive;
	BYTE TriggerType;   /* TRIGGER_TYPE_* */
	BYTE TriggerAction; /* TRIGGER_ACTION_* */
	DWORD TriggerFlags; /* TRIGGER_FLAGS_* */
	PATTERNMATCH TriggerPatternMatch;
	DWORD TriggerBufferSize; /* TRIGGER_BUFFER_FULL_* */
	DWORD TriggerReserved;
	char TriggerCommandLine[260];
} NMAPI_NAME(TRIGGER);
typedef struct _TRIGGER *LPTRIGGER;
#define TRIGGER_SIZE (sizeof(struct _TRIGGER))

#define CAPTUREFILTER_FLAGS_INCLUDE_ALL_SAPS   (0x1) /* the SAPs listed are the exceptions */
#define CAPTUREFILTER_FLAGS_INCLUDE_ALL_ETYPES (0x2) /* likewise */
#define CAPTUREFILTER_FLAGS_TRIGGER            (0x4) /* obsolete */
#define CAPTUREFILTER_FLAGS_LOCAL_ONLY         (0x8) /* not promiscuous */
#define CAPTUREFILTER_FLAGS_DISCARD_COMMENTS   (0x10)
#define CAPTUREFILTER_FLAGS_KEEP_RAW           (0x20) /* also SMT and Token Ring MAC frames */
#define CAPTUREFILTER_FLAGS_INCLUDE_ALL        (0x3)

typedef struct _CAPTUREFILTER {
	DWORD FilterFlags;   /* CAPTUREFILTER_FLAGS_* */
	LPBYTE lpSapTable;   /* nSaps */
	LPWORD lpEtypeTable; /* nEtypes, native order */
	WORD nSaps;
	WORD nEtypes;
	LPADDRESSTABLE2 AddressTable; /* NULL: no address section */
	struct _EXPRESSION FilterExpression;
	struct _TRIGGER Trigger;
	DWORD nFrameBytesToCopy; /* 0: whole frames */
	DWORD Reserved;
} CAPTUREFILTER;
typedef CAPTUREFILTER *LPCAPTUREFILTER;
#define CAPTUREFILTER_SIZE sizeof(CAPTUREFILTER)

/* Build an expression in place (all R). Initialize: zero it; a pattern then gets
 * offset and up to 16 of the length bytes at ptr, counted from the frame's start.
 * And: one more term with this pattern. Or: one more pattern in the last term.
 * Negate: switch PATTERN_MATCH_FLAGS_NOT. Each returns its first argument; NULL for
 * a NULL argument or when there is no room. */
NMAPI_API LPEXPRESSION WINAPI InitializeExpression(LPEXPRESSION Expression);
NMAPI_API LPPATTERNMATCH WINAPI InitializePattern(
    LPPATTERNMATCH Pattern, LPVOID ptr, DWORD offset, DWORD length);
NMAPI_API LPEXPRESSION WINAPI AndExpression(LPEXPRESSION Expression, LPPATTERNMATCH Pattern);
NMAPI_API LPEXPRESSION WINAPI OrExpression(LPEXPRESSION Expression, LPPATTERNMATCH Pattern);
NMAPI_API LPPATTERNMATCH WINAPI NegatePattern(LPPATTERNMATCH Pattern);

/* ---- events of a network packet provider --------------------------------- */

#define UPDATE_EVENT_TERMINATE_THREAD       (0)
#define UPDATE_EVENT_NETWORK_STATUS         (0x1)
#define UPDATE_EVENT_RTC_INTERVAL_ELAPSED   (0x2)
#define UPDATE_EVENT_RTC_FRAME_TABLE_FULL   (0x3)
#define UPDATE_EVENT_RTC_BUFFER_FULL        (0x4)
#define UPDATE_EVENT_TRIGGER_BUFFER_CONTENT (0x5)
#define UPDATE_EVENT_TRIGGER_PATTERN_MATCH  (0x6)
#define UPDATE_EVENT_TRIGGER_BUFFER_PATTERN (0x7)
#define UPDATE_EVENT_TRIGGER_PATTERN_BUFFER (0x8)
#define UPDATE_EVENT_TRANSMIT_STATUS        (0x9)
#define UPDATE_EVENT_SECURITY_BREACH        (0xa)
#define UPDATE_EVENT_REMOTE_FAILURE         (0xb)

#define UPDATE_ACTION_TERMINATE_THREAD  (0)
#define UPDATE_ACTION_NOTIFY            (0x1)
#define UPDATE_ACTION_STOP_CAPTURE      (0x2)
#define UPDATE_ACTION_PAUSE_CAPTURE     (0x3)
#define UPDATE_ACTION_RTC_BUFFER_SWITCH (0x4)

#define MAX_SECURITY_BREACH_REASON_SIZE (100)
#define MAX_SIGNATURE_LENGTH            (128)
#define MAX_USER_NAME_LENGTH            (256)

#pragma pack(push, 1)
typedef struct _SECURITY_PERMISSION_RESPONSE {
	UINT Version;
	DWORD RandomNumber;
	BYTE MachineName[16];
	BYTE Address[6];
	BYTE UserName[256];
	BYTE Reason[100];
	DWORD SignatureLength;
	BYTE Signature[128];
} SECURITY_PERMISSION_RESPONSE;
typedef SECURITY_PERMISSION_RESPONSE *LPSECURITY_PERMISSION_RESPONSE;
typedef SECURITY_PERMISSION_RESPONSE NMAPI_U_SECURITY_PERMISSION_RESPONSE NMAPI_ANYWHERE;
typedef NMAPI_U_SECURITY_PERMISSION_RESPONSE *ULPSECURITY_PERMISSION_RESPONSE;
#define SECURITY_PERMISSION_RESPONSE_SIZE (sizeof(SECURITY_PERMISSION_RESPONSE))
#pragma pack(pop)

typedef struct _UPDATE_EVENT {
	USHORT Event; /* UPDATE_EVENT_* */
	DWORD Action; /* UPDATE_ACTION_* */
	DWORD Status;
	DWORD Value;
	__int64 TimeStamp; /* us */
	DWORD_PTR lpUserContext;
	DWORD_PTR lpReserved;
	UINT FramesDropped;
	union {
		DWORD Reserved;
		LPFRAMETABLE lpFrameTable;
		DWORD_PTR lpPacketQueue;
		SECURITY_PERMISSION_RESPONSE SecurityResponse;
	};
	LPSTATISTICS lpFinalStats; /* when a capture stops, else NULL */
} UPDATE_EVENT;
typedef UPDATE_EVENT *PUPDATE_EVENT;

/* Status and frames callbacks of a provider, on the provider's thread. The event
 * comes by value; what it points to lives until the callback returns. */
typedef DWORD(WINAPI *LPNETWORKCALLBACKPROC)(UPDATE_EVENT);

#define NETWORKSTATUS_STATE_VOID      (0) /* not connected or not started */
#define NETWORKSTATUS_STATE_INIT      (1)
#define NETWORKSTATUS_STATE_CAPTURING (2)
#define NETWORKSTATUS_STATE_PAUSED    (3)

#define NETWORKSTATUS_FLAGS_TRIGGER_PENDING (0x1)

typedef struct _NETWORKSTATUS {
	DWORD State; /* NETWORKSTATUS_STATE_* */
	DWORD Flags; /* NETWORKSTATUS_FLAGS_* */
} NETWORKSTATUS;
typedef NETWORKSTATUS *LPNETWORKSTATUS;
#define NETWORKSTATUS_SIZE (sizeof(NETWORKSTATUS))

/* ---- BLOBs ------------------------------------------------------------------
 *
 * A BLOB keeps strings under owner, category and tag. It names a network card and
 * its configuration, or filters such BLOBs, or lists what was wrong with one (an
 * error BLOB; NULL where it is not wanted, R).
 *
 * All functions, where nothing else is said: NMERR_SUCCESS;
 * NMERR_BLOB_NOT_INITIALIZED, the handle is NULL (R); NMERR_INVALID_BLOB, no live
 * BLOB (R); NMERR_BLOB_STRING_INVALID, a name is NULL, empty, or has ':', '=' or
 * control characters (R); NMERR_OUT_OF_MEMORY (R); NMERR_INVALID_PARAMETER, another
 * pointer is NULL (R). Names compare without regard to case (R). Each BLOB has a
 * lock of its own: several threads may use it. Strings handed out belong to the
 * BLOB and live until their entry changes or the BLOB goes (R). */

#define INITIAL_RESTART_KEY (0xffffffff)

typedef struct _BLOB_TABLE {
	DWORD dwNumBlobs;
	HBLOB hBlobs[1];
} BLOB_TABLE;
typedef BLOB_TABLE *PBLOB_TABLE;

typedef struct _MBLOB {
	DWORD size;
	BYTE *pBytes;
} MBLOB;

typedef struct _MBLOB_TABLE {
	DWORD dwNumBlobs;
	MBLOB mBlobs[1];
} MBLOB_TABLE;
typedef MBLOB_TABLE *PMBLOB_TABLE;

/* Bytes of a table of n (one element too many, as in the original). */
NMAPI_INLINE DWORD BLOB_TABLE_SIZE(DWORD dwNumBlobs)
{
	return (DWORD)(sizeof(BLOB_TABLE) + dwNumBlobs * sizeof(HBLOB));
}

NMAPI_INLINE DWORD MBLOB_TABLE_SIZE(DWORD dwNumBlobs)
{
	return (DWORD)(sizeof(MBLOB_TABLE) + dwNumBlobs * sizeof(MBLOB));
}

/* A zeroed table from the process heap, to be given to HeapFree; NULL when out of
 * memory. */
NMAPI_INLINE PBLOB_TABLE AllocBlobTable(DWORD dwNumBlobs)
{
	return (PBLOB_TABLE)HeapAlloc(
	    GetProcessHeap(), HEAP_ZERO_MEMORY, BLOB_TABLE_SIZE(dwNumBlobs));
}

NMAPI_INLINE PMBLOB_TABLE AllocMBlobTable(DWORD dwNumBlobs)
{
	return (PMBLOB_TABLE)HeapAlloc(
	    GetProcessHeap(), HEAP_ZERO_MEMORY, MBLOB_TABLE_SIZE(dwNumBlobs));
}

/* A new empty BLOB into *phBlob, for DestroyBlob. */
NMAPI_API DWORD NMAPI_CDECL CreateBlob(HBLOB *phBlob);
NMAPI_API DWORD NMAPI_CDECL DestroyBlob(HBLOB hBlob);

/* A deep copy into *hBlobThatWillBeCreated. */
NMAPI_API DWORD NMAPI_CDECL DuplicateBlob(HBLOB hSrcBlob, HBLOB *hBlobThatWillBeCreated);

/* Every entry of hSrcBlob into hDstBlob, over equal ones. */
NMAPI_API DWORD NMAPI_CDECL MergeBlob(HBLOB hDstBlob, HBLOB hSrcBlob);

/* Create or overwrite an entry with a copy of pString. */
NMAPI_API DWORD NMAPI_CDECL SetStringInBlob(HBLOB hBlob, const char *pOwnerName,
    const char *pCategoryName, const char *pTagName, const char *pString);

/* An entry into *ppString, borrowed. NMERR_BLOB_ENTRY_DOES_NOT_EXIST. */
NMAPI_API DWORD NMAPI_CDECL GetStringFromBlob(HBLOB hBlob, const char *pOwnerName,
    const char *pCategoryName, const char *pTagName, const char **ppString);

/* The entries below what is asked for (NULL: all), one a call, borrowed.
 * *pRestartKey: 0 or INITIAL_RESTART_KEY to start (R), then as the call left it.
 * NMERR_BLOB_ENTRY_DOES_NOT_EXIST at the end, and after a change of the BLOB (R);
 * NMERR_AMBIGUOUS_SPECIFIER, a tag without its category, a category without its
 * owner. */
NMAPI_API DWORD NMAPI_CDECL GetStringsFromBlob(HBLOB hBlob, const char *pRequestedOwnerName,
    const char *pRequestedCategoryName, const char *pRequestedTagName,
    const char **ppReturnedOwnerName, const char **ppReturnedCategoryName,
    const char **ppReturnedTagName, const char **ppReturnedString, DWORD *pRestartKey);

/* Remove an entry, a category (pTagName NULL) or an owner (pCategoryName NULL too).
 * NMERR_AMBIGUOUS_SPECIFIER; NMERR_BLOB_OWNER_NOT_FOUND;
 * NMERR_BLOB_CATEGORY_NOT_FOUND; NMERR_BLOB_ENTRY_DOES_NOT_EXIST. */
NMAPI_API DWORD NMAPI_CDECL RemoveFromBlob(
    HBLOB hBlob, const char *pOwnerName, const char *pCategoryName, const char *pTagName);

/* Typed entries: decimal (Get also takes 0x), TRUE or FALSE (Get also YES, NO, 1,
 * 0), 12 hex digits, a CLSID in braces, UTF-16 as hex digits. Get:
 * NMERR_BLOB_ENTRY_DOES_NOT_EXIST; NMERR_BLOB_CONVERSION_ERROR for a text of
 * another form (R). GetWStringFromBlob allocates: free with FreeMemory (R). */
NMAPI_API DWORD NMAPI_CDECL SetDwordInBlob(HBLOB hBlob, const char *pOwnerName,
    const char *pCategoryName, const char *pTagName, DWORD Dword);
NMAPI_API DWORD NMAPI_CDECL GetDwordFromBlob(HBLOB hBlob, const char *pOwnerName,
    const char *pCategoryName, const char *pTagName, DWORD *pDword);
NMAPI_API DWORD NMAPI_CDECL SetBoolInBlob(HBLOB hBlob, const char *pOwnerName,
    const char *pCategoryName, const char *pTagName, WINBOOL Bool);
NMAPI_API DWORD NMAPI_CDECL GetBoolFromBlob(HBLOB hBlob, const char *pOwnerName,
    const char *pCategoryName, const char *pTagName, WINBOOL *pBool);
NMAPI_API DWORD NMAPI_CDECL SetMacAddressInBlob(HBLOB hBlob, const char *pOwnerName,
    const char *pCategoryName, const char *pTagName, const BYTE *pMacAddress);
NMAPI_API DWORD NMAPI_CDECL GetMacAddressFromBlob(HBLOB hBlob, const char *pOwnerName,
    const char *pCategoryName, const char *pTagName, BYTE *pMacAddress);
NMAPI_API DWORD NMAPI_CDECL SetClassIDInBlob(HBLOB hBlob, const char *pOwnerName,
    const char *pCategoryName, const char *pTagName, const CLSID *pClsID);
NMAPI_API DWORD NMAPI_CDECL GetClassIDFromBlob(HBLOB hBlob, const char *pOwnerName,
    const char *pCategoryName, const char *pTagName, CLSID *pClsID);
NMAPI_API DWORD NMAPI_CDECL SetWStringInBlob(HBLOB hBlob, const char *pOwnerName,
    const char *pCategoryName, const char *pTagName, const WCHAR *pwString);
NMAPI_API DWORD NMAPI_CDECL GetWStringFromBlob(HBLOB hBlob, const char *pOwnerName,
    const char *pCategoryName, const char *pTagName, WCHAR **ppwString);

/* UTF-16 to hex digits, four a unit, and back; the result is allocated: free with
 * FreeMemory (R). No BLOB: NMERR_SUCCESS; NMERR_INVALID_PARAMETER;
 * NMERR_BLOB_CONVERSION_ERROR; NMERR_OUT_OF_MEMORY. */
NMAPI_API DWORD NMAPI_CDECL ConvertWStringToHexString(const WCHAR *pwsz, char **ppsz);
NMAPI_API DWORD NMAPI_CDECL ConvertHexStringToWString(CHAR *psz, WCHAR **ppwsz);

/* A network card as entries of NPP:NetworkInfo, and back; what is missing leaves
 * zeros (R). NMERR_BLOB_ENTRY_DOES_NOT_EXIST, no such category (R). */
NMAPI_API DWORD NMAPI_CDECL SetNetworkInfoInBlob(HBLOB hBlob, LPNETWORKINFO lpNetworkInfo);
NMAPI_API DWORD NMAPI_CDECL GetNetworkInfoFromBlob(HBLOB hBlob, LPNETWORKINFO lpNetworkInfo);

/* NPP:NetworkInfo:MacType as MAC_TYPE_*; MAC_TYPE_UNKNOWN when missing (R). */
NMAPI_API DWORD NMAPI_CDECL GetNPPMacTypeAsNumber(HBLOB hBlob, LPDWORD lpMacType);

/* TRUE when the card is another computer's. */
NMAPI_API WINBOOL NMAPI_CDECL IsRemoteNPP(HBLOB hBLOB);

/* The parts of a capture filter as entries, and back. Get fills hErrorBlob with
 * what it could not read: NMERR_BLOB_ENTRY_DOES_NOT_EXIST,
 * NMERR_BLOB_CONVERSION_ERROR, NMERR_ILLEGAL_TRIGGER. GetNPPEtypeSapFilter
 * allocates both tables: free with FreeMemory (R). */
NMAPI_API DWORD NMAPI_CDECL SetNPPAddressFilterInBlob(HBLOB hBlob, LPADDRESSTABLE pAddressTable);
NMAPI_API DWORD NMAPI_CDECL GetNPPAddressFilterFromBlob(
    HBLOB hBlob, LPADDRESSTABLE pAddressTable, HBLOB hErrorBlob);
NMAPI_API DWORD NMAPI_CDECL SetNPPAddress2FilterInBlob(HBLOB hBlob, LPADDRESSTABLE2 pAddressTable);
NMAPI_API DWORD NMAPI_CDECL GetNPPAddress2FilterFromBlob(
    HBLOB hBlob, LPADDRESSTABLE2 pAddressTable, HBLOB hErrorBlob);
NMAPI_API DWORD NMAPI_CDECL SetNPPPatternFilterInBlob(
    HBLOB hBlob, LPEXPRESSION pExpression, HBLOB hErrorBlob);
NMAPI_API DWORD NMAPI_CDECL GetNPPPatternFilterFromBlob(
    HBLOB hBlob, LPEXPRESSION pExpression, HBLOB hErrorBlob);
NMAPI_API DWORD NMAPI_CDECL SetNPPTriggerInBlob(HBLOB hBlob, LPTRIGGER pTrigger, HBLOB hErrorBlob);
NMAPI_API DWORD NMAPI_CDECL GetNPPTriggerFromBlob(
    HBLOB hBlob, LPTRIGGER pTrigger, HBLOB hErrorBlob);
NMAPI_API DWORD NMAPI_CDECL SetNPPEtypeSapFilter(HBLOB hBlob, WORD nSaps, WORD nEtypes,
    LPBYTE lpSapTable, LPWORD lpEtypeTable, DWORD FilterFlags, HBLOB hErrorBlob);
NMAPI_API DWORD NMAPI_CDECL GetNPPEtypeSapFilter(HBLOB hBlob, WORD *pnSaps, WORD *pnEtypes,
    LPBYTE *ppSapTable, LPWORD *ppEtypeTable, DWORD *pFilterFlags, HBLOB hErrorBlob);

/* TRUE when every entry of FilterBlob has an equal one in hBlob (R). */
NMAPI_API WINBOOL NMAPI_CDECL FilterNPPBlob(HBLOB hBlob, HBLOB FilterBlob);

/* Copy what is not in a NULL-terminated list of known names to another BLOB.
 * NMERR_UNKNOWN_CATEGORY, NMERR_UNKNOWN_TAG when there was something (R). */
NMAPI_API DWORD NMAPI_CDECL FindUnknownBlobCategories(HBLOB hBlob, const char *pOwnerName,
    const char *pKnownCategoriesTable[], HBLOB hUnknownCategoriesBlob);
NMAPI_API DWORD NMAPI_CDECL FindUnknownBlobTags(HBLOB hBlob, const char *pOwnerName,
    const char *pCategoryName, const char *pKnownTagsTable[], HBLOB hUnknownTagsBlob);

/* Take and leave the BLOB's lock; may be nested. NMERR_TIMEOUT after 5 s (R);
 * NMERR_NOT_LOCKED (R). */
NMAPI_API DWORD NMAPI_CDECL LockBlob(HBLOB hBlob);
NMAPI_API DWORD NMAPI_CDECL UnlockBlob(HBLOB hBlob);

/* Text form, one line per entry: Owner:Category:Tag=Value. Read makes a new BLOB.
 * NMERR_FILE_NOT_FOUND, NMERR_FILE_READ_ERROR, NMERR_FILE_WRITE_ERROR,
 * NMERR_INVALID_FILE_FORMAT (all R). */
NMAPI_API DWORD NMAPI_CDECL WriteBlobToFile(HBLOB hBlob, const char *pFileName);
NMAPI_API DWORD NMAPI_CDECL ReadBlobFromFile(HBLOB *phBlob, const char *pFileName);

/* To *pSize bytes at *ppBytes, allocated (free with FreeMemory, R), and back into
 * a new BLOB. NMERR_UPLEVEL_BLOB. */
NMAPI_API DWORD NMAPI_CDECL MarshalBlob(HBLOB hBlob, DWORD *pSize, BYTE **ppBytes);
NMAPI_API DWORD NMAPI_CDECL UnMarshalBlob(HBLOB *phBlob, DWORD Size, BYTE *pBytes);

/* Under a registry key. NMERR_REG_OPERATION_FAILED (R). */
NMAPI_API DWORD NMAPI_CDECL RegCreateBlobKey(HKEY hkey, const char *szBlobName, HBLOB hBlob);
NMAPI_API DWORD NMAPI_CDECL RegOpenBlobKey(HKEY hkey, const char *szBlobName, HBLOB *phBlob);

/* Well-known owners, categories and tags. */
#define OWNER_NPP                      "NPP"
#define CATEGORY_NETWORKINFO           "NetworkInfo"
#define TAG_MACTYPE                    "MacType"
#define TAG_CURRENTADDRESS             "CurrentAddress"
#define TAG_LINKSPEED                  "LinkSpeed"
#define TAG_MAXFRAMESIZE               "MaxFrameSize"
#define TAG_FLAGS                      "Flags"
#define TAG_TIMESTAMPSCALEFACTOR       "TimeStampScaleFactor"
#define TAG_COMMENT                    "Comment"
#define TAG_NODENAME                   "NodeName"
#define TAG_NAME                       "Name"
#define TAG_FAKENPP                    "Fake"
#define TAG_PROMISCUOUS_MODE           "PMode"
#define CATEGORY_LOCATION              "Location"
#define TAG_RAS                        "Dial-up Connection"
#define TAG_MACADDRESS                 "MacAddress"
#define TAG_CLASSID                    "ClassID"
#define TAG_CONNECTIONNAME             "Connection Name"
#define TAG_FRIENDLYNAME               "Friendly Name"
#define CATEGORY_CONFIG                "Config"
#define TAG_FRAME_SIZE                 "FrameSize"
#define TAG_UPDATE_FREQUENCY           "UpdateFreq"
#define TAG_BUFFER_SIZE                "BufferSize"
#define TAG_PATTERN_DESIGNATOR         "PatternMatch"
#define TAG_PATTERN                    "Pattern"
#define TAG_ADDRESS_PAIR               "AddressPair"
#define TAG_CONNECTIONFLAGS            "ConnectionFlags"
#define TAG_ETYPES                     "Etypes"
#define TAG_SAPS                       "Saps"
#define TAG_NO_CONVERSATION_STATS      "NoConversationStats"
#define TAG_NO_STATS_FRAME             "NoStatsFrame"
#define TAG_DONT_DELETE_EMPTY_CAPTURE  "DontDeleteEmptyCapture"
#define TAG_WANT_PROTOCOL_INFO         "WantProtocolInfo"
#define TAG_INTERFACE_DELAYED_CAPTURE  "IDdC"
#define TAG_INTERFACE_REALTIME_CAPTURE "IRTC"
#define TAG_INTERFACE_STATS            "ISts"
#define TAG_INTERFACE_TRANSMIT         "IXmt"
#define TAG_LOCAL_ONLY                 "LocalOnly"
#define TAG_IS_REMOTE                  "IsRemote"
#define CATEGORY_TRIGGER               "Trigger"
#define TAG_TRIGGER                    "Trigger"
#define CATEGORY_FINDER                "Finder"
#define TAG_ROOT                       "Root"
#define TAG_PROCNAME                   "ProcName"
#define TAG_DISP_STRING                "Display"
#define TAG_DLL_FILENAME               "DLLName"
#define TAG_GET_SPECIAL_BLOBS          "Specials"
#define CATEGORY_REMOTE                "Remote"
#define TAG_REMOTECOMPUTER             "RemoteComputer"
#define TAG_REMOTECLASSID              "ClassID"
#define TAG_REMOTE_MACHINE_NAME        TAG_REMOTECOMPUTER /* a sample's spelling, as the next one */
#define TAG_INTERFACE_REMOTE           TAG_IS_REMOTE
#define TAG_INTERFACE_ESP              "IESP"

/* Words of their values. */
#define PROTOCOL_STRING_ETHERNET_TXT   "ETHERNET"
#define PROTOCOL_STRING_TOKENRING_TXT  "TOKENRING"
#define PROTOCOL_STRING_FDDI_TXT       "FDDI"
#define PROTOCOL_STRING_ATM_TXT        "ATM"
#define PROTOCOL_STRING_1394_TXT       "IP/1394"
#define PROTOCOL_STRING_IP_TXT         "IP"
#define PROTOCOL_STRING_IP6_TXT        "IP6"
#define PROTOCOL_STRING_IPX_TXT        "IPX"
#define PROTOCOL_STRING_XNS_TXT        "XNS"
#define PROTOCOL_STRING_VINES_IP_TXT   "VINES IP"
#define PROTOCOL_STRING_ICMP_TXT       "ICMP"
#define PROTOCOL_STRING_TCP_TXT        "TCP"
#define PROTOCOL_STRING_UDP_TXT        "UDP"
#define PROTOCOL_STRING_SPX_TXT        "SPX"
#define PROTOCOL_STRING_NCP_TXT        "NCP"
#define PROTOCOL_STRING_ANY_TXT        "ANY"
#define PROTOCOL_STRING_ANY_GROUP_TXT  "ANY GROUP"
#define PROTOCOL_STRING_HIGHEST_TXT    "HIGHEST"
#define PROTOCOL_STRING_LOCAL_ONLY_TXT "LOCAL ONLY"
#define PROTOCOL_STRING_UNKNOWN_TXT    "UNKNOWN"
#define PROTOCOL_STRING_DATA_TXT       "DATA"
#define PROTOCOL_STRING_FRAME_TXT      "FRAME"
#define PROTOCOL_STRING_NONE_TXT       "NONE"
#define PROTOCOL_STRING_EFFECTIVE_TXT  "EFFECTIVE"
#define ADDRESS_PAIR_INCLUDE_TXT       "INCLUDE"
#define ADDRESS_PAIR_EXCLUDE_TXT       "EXCLUDE"
#define INCLUDE_ALL_EXCEPT_TXT         "INCLUDE ALL EXCEPT"
#define EXCLUDE_ALL_EXCEPT_TXT         "EXCLUDE ALL EXCEPT"
#define PATTERN_MATCH_OR_TXT           "OR("
#define PATTERN_MATCH_AND_TXT          "AND("
#define TRIGGER_PATTERN_TXT            "PATTERN MATCH"
#define TRIGGER_BUFFER_TXT             "BUFFER CONTENT"
#define TRIGGER_NOTIFY_TXT             "NOTIFY"
#define TRIGGER_STOP_TXT               "STOP"
#define TRIGGER_PAUSE_TXT              "PAUSE"
#define TRIGGER_25_PERCENT_TXT         "25 PERCENT"
#define TRIGGER_50_PERCENT_TXT         "50 PERCENT"
#define TRIGGER_75_PERCENT_TXT         "75 PERCENT"
#define TRIGGER_100_PERCENT_TXT        "100 PERCENT"
#define PATTERN_MATCH_NOT_TXT          "NOT"

/* ---- network packet providers -------------------------------------------- */

/* The cards of all providers that pass hFilterBlob (NULL: all, R), into a table
 * whose BLOBs are for DestroyBlob and which is for HeapFree (R).
 * NMERR_NO_NPP_DLLS; NMERR_NO_VALID_NPP_DLLS; NMERR_NO_MATCHING_NPPS;
 * NMERR_OUT_OF_MEMORY. */
NMAPI_API DWORD NMAPI_CDECL GetNPPBlobTable(HBLOB hFilterBlob, PBLOB_TABLE *ppBlobTable);

/* Let a person choose a card, of all or of a table. Without a window: the one that
 * matches, when it is the only one (R). NMERR_NO_NPP_SELECTED; NMERR_NO_INPUT_BLOBS
 * for an empty table (R). ExU: with a help file (R). */
NMAPI_API DWORD NMAPI_CDECL GetNPPBlobFromUI(HWND hwnd, HBLOB hFilterBlob, HBLOB *phBlob);
NMAPI_API DWORD NMAPI_CDECL GetNPPBlobFromUIExU(
    HWND hwnd, HBLOB hFilterBlob, HBLOB *phBlob, char *szHelpFileName);
NMAPI_API DWORD NMAPI_CDECL SelectNPPBlobFromTable(HWND hwnd, PBLOB_TABLE pBlobTable, HBLOB *hBlob);
NMAPI_API DWORD NMAPI_CDECL SelectNPPBlobFromTableExU(
    HWND hwnd, PBLOB_TABLE pBlobTable, HBLOB *hBlob, char *szHelpFileName);

/* The provider that NPP:Location:ClassID names, as an interface below: Release it.
 * NMERR_BLOB_ENTRY_DOES_NOT_EXIST; NMERR_CLASS_NOT_REGISTERED; NMERR_NOT_SUPPORTED
 * (all R). */
NMAPI_API DWORD NMAPI_CDECL CreateNPPInterface(HBLOB hBlob, REFIID iid, void **ppvObject);

/* Log an event of a monitor. FALSE on failure (R). */
NMAPI_API WINBOOL NMAPI_CDECL RaiseNMEvent(HINSTANCE hInstance, WORD EventType, DWORD EventID,
    WORD nStrings, const char **aInsertStrs, LPVOID lpvData, DWORD dwDataSize);

/* What a provider exports: GetNPPBlobs, its cards; GetConfigBlob, its default
 * configuration. Not in this library. */
DWORD NMAPI_CDECL GetNPPBlobs(PBLOB_TABLE *ppBlobTable);
DWORD NMAPI_CDECL GetConfigBlob(HBLOB *phBlob);

typedef DWORD(NMAPI_CDECL *BLOBSPROC)(PBLOB_TABLE *ppBlobTable);
typedef DWORD(NMAPI_CDECL *GETCFGBLOB)(HBLOB hBlob, HBLOB *phBlob);
typedef DWORD(NMAPI_CDECL *CFGPROC)(HWND hwnd, HBLOB SpecialBlob, PBLOB_TABLE *ppBlobTable);

#define DEFAULT_DELAYED_BUFFER_SIZE (1) /* MB (R) */
#define USE_DEFAULT_DRIVE_LETTER    (0)
#define RTC_FRAME_SIZE_FULL         (0)
#define DEFAULT_RTC_BUFFER_SIZE     (0x100000) /* bytes */

/* Private values (R): the documentation of monitors names them and gives none. */
#define MCS_CREATE_ONE_PER_NETCARD    (0x1)
#define MCS_CREATE_CONFIGS_BY_DEFAULT (0x2)
#define MCS_CREATE_PMODE_NOT_REQUIRED (0x4)

/* Interfaces of a provider object: IDelaydC captures to a file, IRTC hands frames to
 * a callback, IStats only counts. Methods return NMERR_TO_HRESULT of their code.
 *
 *   Created -Connect-> Connected -Start-> Capturing <-Pause, Resume-> Paused
 *   Capturing, Paused -Stop-> Stopped -Configure-> Connected
 *   Connected, Stopped -Disconnect-> Created
 *
 * All but Connect, QueryStatus and QueryStations: NMERR_NOT_CONNECTED;
 * NMERR_NOT_DELAYED, NMERR_NOT_REALTIME or NMERR_NOT_STATS_ONLY for an object that
 * was connected through another interface. The IIDs are private values (R). */
NMAPI_API extern const IID IID_IDelaydC;
NMAPI_API extern const IID IID_IRTC;
NMAPI_API extern const IID IID_IStats;

#if !defined(__cplusplus) || defined(CINTERFACE)
#if !defined(_WIN32)
typedef struct IUnknownVtbl {
	HRESULT(WINAPI *QueryInterface)(IUnknown *This, REFIID riid, void **ppvObject);
	ULONG(WINAPI *AddRef)(IUnknown *This);
	ULONG(WINAPI *Release)(IUnknown *This);
} IUnknownVtbl;
struct IUnknown {
	const struct IUnknownVtbl *lpVtbl;
};
#endif
#endif

typedef struct IDelaydC IDelaydC;
#if defined(__cplusplus) && !defined(CINTERFACE)
extern "C++" {
struct IDelaydC : public IUnknown {
	/* Attach to the card that hInputBlob names and configure it. NMERR_ALREADY_CONNECTED,
	 * NMERR_TIMEOUT, NMERR_NO_DEFAULT_CAPTURE_DIRECTORY, NMERR_OUT_OF_MEMORY, a BLOB's
	 * errors, and the entries to blame in hErrorBlob. */
	virtual HRESULT WINAPI Connect(
	    HBLOB hInputBlob, LPVOID StatusCallbackProc, LPVOID UserContext, HBLOB hErrorBlob) = 0;
	/* NMERR_CAPTURING. */
	virtual HRESULT WINAPI Disconnect(void) = 0;
	/* At any time. NMERR_INVALID_PARAMETER. */
	virtual HRESULT WINAPI QueryStatus(NETWORKSTATUS *pNetworkStatus) = 0;
	/* Needed before every further Start. NMERR_CAPTURING, NMERR_INVALID_PARAMETER,
	 * NMERR_DISK_NOT_LOCAL_FIXED, a BLOB's errors. */
	virtual HRESULT WINAPI Configure(HBLOB hConfigurationBlob, HBLOB hErrorBlob) = 0;
	/* A new file; its name into pFileName, MAX_PATH bytes (R). NMERR_CAPTURING,
	 * NMERR_CAPTURE_PAUSED. */
	virtual HRESULT WINAPI Start(char *pFileName) = 0;
	/* NMERR_NOT_CAPTURING, NMERR_CAPTURE_PAUSED. */
	virtual HRESULT WINAPI Pause(void) = 0;
	/* NMERR_CAPTURE_NOT_PAUSED. */
	virtual HRESULT WINAPI Resume(void) = 0;
	/* Close the file and fill *lpStats. NMERR_NOT_CAPTURING. */
	virtual HRESULT WINAPI Stop(LPSTATISTICS lpStats) = 0;
	/* *IsRunnning is true also while paused. */
	virtual HRESULT WINAPI GetControlState(WINBOOL *IsRunnning, WINBOOL *IsPaused) = 0;
	/* NMERR_NOT_CAPTURING. */
	virtual HRESULT WINAPI GetTotalStatistics(
	    LPSTATISTICS lpStats, WINBOOL fClearAfterReading) = 0;
	/* Counts: in, room; out, entries. NMERR_NOT_CAPTURING, NMERR_NO_CONVERSATION_STATS. */
	virtual HRESULT WINAPI GetConversationStatistics(DWORD *nSessions,
	    LPSESSIONSTATS lpSessionStats, DWORD *nStations, LPSTATIONSTATS lpStationStats,
	    WINBOOL fClearAfterReading) = 0;
	/* A frame of the provider's own into a file (R). NMERR_NOT_SUPPORTED. */
	virtual HRESULT WINAPI InsertSpecialFrame(
	    DWORD FrameType, DWORD Flags, BYTE *pUserData, DWORD UserDataLength) = 0;
	/* Takes some seconds; no stations here (R). NMERR_OUT_OF_MEMORY. */
	virtual HRESULT WINAPI QueryStations(QUERYTABLE *lpQueryTable) = 0;
};
}
#else
typedef struct IDelaydCVtbl {
	HRESULT(WINAPI *QueryInterface)(IDelaydC *This, REFIID riid, void **ppvObject);
	ULONG(WINAPI *AddRef)(IDelaydC *This);
	ULONG(WINAPI *Release)(IDelaydC *This);
	HRESULT(WINAPI *Connect)
	(IDelaydC *This, HBLOB hInputBlob, LPVOID StatusCallbackProc, LPVOID UserContext,
	    HBLOB hErrorBlob);
	HRESULT(WINAPI *Disconnect)(IDelaydC *This);
	HRESULT(WINAPI *QueryStatus)(IDelaydC *This, NETWORKSTATUS *pNetworkStatus);
	HRESULT(WINAPI *Configure)(IDelaydC *This, HBLOB hConfigurationBlob, HBLOB hErrorBlob);
	HRESULT(WINAPI *Start)(IDelaydC *This, char *pFileName);
	HRESULT(WINAPI *Pause)(IDelaydC *This);
	HRESULT(WINAPI *Resume)(IDelaydC *This);
	HRESULT(WINAPI *Stop)(IDelaydC *This, LPSTATISTICS lpStats);
	HRESULT(WINAPI *GetControlState)(IDelaydC *This, WINBOOL *IsRunnning, WINBOOL *IsPaused);
	HRESULT(WINAPI *GetTotalStatistics)
	(IDelaydC *This, LPSTATISTICS lpStats, WINBOOL fClearAfterReading);
	HRESULT(WINAPI *GetConversationStatistics)
	(IDelaydC *This, DWORD *nSessions, LPSESSIONSTATS lpSessionStats, DWORD *nStations,
	    LPSTATIONSTATS lpStationStats, WINBOOL fClearAfterReading);
	HRESULT(WINAPI *InsertSpecialFrame)
	(IDelaydC *This, DWORD FrameType, DWORD Flags, BYTE *pUserData, DWORD UserDataLength);
	HRESULT(WINAPI *QueryStations)(IDelaydC *This, QUERYTABLE *lpQueryTable);
} IDelaydCVtbl;
struct IDelaydC {
	const struct IDelaydCVtbl *lpVtbl;
};
#if defined(COBJMACROS)
#define IDelaydC_QueryInterface(This, riid, ppvObject)                                             \
	(This)->lpVtbl->QueryInterface(This, riid, ppvObject)
#define IDelaydC_AddRef(This)  (This)->lpVtbl->AddRef(This)
#define IDelaydC_Release(This) (This)->lpVtbl->Release(This)
#define IDelaydC_Connect(This, hInputBlob, StatusCallbackProc, UserContext, hErrorBlob)            \
	(This)->lpVtbl->Connect(This, hInputBlob, StatusCallbackProc, UserContext, hErrorBlob)
#define IDelaydC_Disconnect(This)                  (This)->lpVtbl->Disconnect(This)
#define IDelaydC_QueryStatus(This, pNetworkStatus) (This)->lpVtbl->QueryStatus(This, pNetworkStatus)
#define IDelaydC_Configure(This, hConfigurationBlob, hErrorBlob)                                   \
	(This)->lpVtbl->Configure(This, hConfigurationBlob, hErrorBlob)
#define IDelaydC_Start(This, pFileName) (This)->lpVtbl->Start(This, pFileName)
#define IDelaydC_Pause(This)            (This)->lpVtbl->Pause(This)
#define IDelaydC_Resume(This)           (This)->lpVtbl->Resume(This)
#define IDelaydC_Stop(This, lpStats)    (This)->lpVtbl->Stop(This, lpStats)
#define IDelaydC_GetControlState(This, IsRunnning, IsPaused)                                       \
	(This)->lpVtbl->GetControlState(This, IsRunnning, IsPaused)
#define IDelaydC_GetTotalStatistics(This, lpStats, fClearAfterReading)                             \
	(This)->lpVtbl->GetTotalStatistics(This, lpStats, fClearAfterReading)
#define IDelaydC_GetConversationStatistics(                                                        \
    This, nSessions, lpSessionStats, nStations, lpStationStats, fClearAfterReading)                \
	(This)->lpVtbl->GetConversationStatistics(                                                 \
	    This, nSessions, lpSessionStats, nStations, lpStationStats, fClearAfterReading)
#define IDelaydC_InsertSpecialFrame(This, FrameType, Flags, pUserData, UserDataLength)             \
	(This)->lpVtbl->InsertSpecialFrame(This, FrameType, Flags, pUserData, UserDataLength)
#define IDelaydC_QueryStations(This, lpQueryTable) (This)->lpVtbl->QueryStations(This, lpQueryTable)
#endif
#endif

typedef struct IRTC IRTC;
#if defined(__cplusplus) && !defined(CINTERFACE)
extern "C++" {
struct IRTC : public IUnknown {
	/* Attach to the card that hInputBlob names and configure it. At least one callback:
	 * NMERR_INVALID_FRAMESPROC (R). NMERR_ALREADY_CONNECTED,
	 * NMERR_TIMEOUT, NMERR_NO_DEFAULT_CAPTURE_DIRECTORY, NMERR_OUT_OF_MEMORY, a BLOB's
	 * errors, and the entries to blame in hErrorBlob. */
	virtual HRESULT WINAPI Connect(HBLOB hInputBlob, LPVOID StatusCallbackProc,
	    LPVOID FramesCallbackProc, LPVOID UserContext, HBLOB hErrorBlob) = 0;
	virtual HRESULT WINAPI Disconnect(void) = 0;
	virtual HRESULT WINAPI QueryStatus(NETWORKSTATUS *pNetworkStatus) = 0;
	virtual HRESULT WINAPI Configure(HBLOB hConfigurationBlob, HBLOB hErrorBlob) = 0;
	/* NMERR_CAPTURING, NMERR_CAPTURE_PAUSED. */
	virtual HRESULT WINAPI Start(void) = 0;
	virtual HRESULT WINAPI Pause(void) = 0;
	virtual HRESULT WINAPI Resume(void) = 0;
	/* NMERR_NOT_CAPTURING. */
	virtual HRESULT WINAPI Stop(void) = 0;
	virtual HRESULT WINAPI GetControlState(WINBOOL *IsRunnning, WINBOOL *IsPaused) = 0;
	virtual HRESULT WINAPI GetTotalStatistics(
	    LPSTATISTICS lpStats, WINBOOL fClearAfterReading) = 0;
	virtual HRESULT WINAPI GetConversationStatistics(DWORD *nSessions,
	    LPSESSIONSTATS lpSessionStats, DWORD *nStations, LPSTATIONSTATS lpStationStats,
	    WINBOOL fClearAfterReading) = 0;
	virtual HRESULT WINAPI InsertSpecialFrame(
	    DWORD FrameType, DWORD Flags, BYTE *pUserData, DWORD UserDataLength) = 0;
	virtual HRESULT WINAPI QueryStations(QUERYTABLE *lpQueryTable) = 0;
};
}
#else
typedef struct IRTCVtbl {
	HRESULT(WINAPI *QueryInterface)(IRTC *This, REFIID riid, void **ppvObject);
	ULONG(WINAPI *AddRef)(IRTC *This);
	ULONG(WINAPI *Release)(IRTC *This);
	HRESULT(WINAPI *Connect)
	(IRTC *This, HBLOB hInputBlob, LPVOID StatusCallbackProc, LPVOID FramesCallbackProc,
	    LPVOID UserContext, HBLOB hErrorBlob);
	HRESULT(WINAPI *Disconnect)(IRTC *This);
	HRESULT(WINAPI *QueryStatus)(IRTC *This, NETWORKSTATUS *pNetworkStatus);
	HRESULT(WINAPI *Configure)(IRTC *This, HBLOB hConfigurationBlob, HBLOB hErrorBlob);
	HRESULT(WINAPI *Start)(IRTC *This);
	HRESULT(WINAPI *Pause)(IRTC *This);
	HRESULT(WINAPI *Resume)(IRTC *This);
	HRESULT(WINAPI *Stop)(IRTC *This);
	HRESULT(WINAPI *GetControlState)(IRTC *This, WINBOOL *IsRunnning, WINBOOL *IsPaused);
	HRESULT(WINAPI *GetTotalStatistics)
	(IRTC *This, LPSTATISTICS lpStats, WINBOOL fClearAfterReading);
	HRESULT(WINAPI *GetConversationStatistics)
	(IRTC *This, DWORD *nSessions, LPSESSIONSTATS lpSessionStats, DWORD *nStations,
	    LPSTATIONSTATS lpStationStats, WINBOOL fClearAfterReading);
	HRESULT(WINAPI *InsertSpecialFrame)
	(IRTC *This, DWORD FrameType, DWORD Flags, BYTE *pUserData, DWORD UserDataLength);
	HRESULT(WINAPI *QueryStations)(IRTC *This, QUERYTABLE *lpQueryTable);
} IRTCVtbl;
struct IRTC {
	const struct IRTCVtbl *lpVtbl;
};
#if defined(COBJMACROS)
#define IRTC_QueryInterface(This, riid, ppvObject)                                                 \
	(This)->lpVtbl->QueryInterface(This, riid, ppvObject)
#define IRTC_AddRef(This)  (This)->lpVtbl->AddRef(This)
#define IRTC_Release(This) (This)->lpVtbl->Release(This)
#define IRTC_Connect(                                                                              \
    This, hInputBlob, StatusCallbackProc, FramesCallbackProc, UserContext, hErrorBlob)             \
	(This)->lpVtbl->Connect(                                                                   \
	    This, hInputBlob, StatusCallbackProc, FramesCallbackProc, UserContext, hErrorBlob)
#define IRTC_Disconnect(This)                  (This)->lpVtbl->Disconnect(This)
#define IRTC_QueryStatus(This, pNetworkStatus) (This)->lpVtbl->QueryStatus(This, pNetworkStatus)
#define IRTC_Configure(This, hConfigurationBlob, hErrorBlob)                                       \
	(This)->lpVtbl->Configure(This, hConfigurationBlob, hErrorBlob)
#define IRTC_Start(This)  (This)->lpVtbl->Start(This)
#define IRTC_Pause(This)  (This)->lpVtbl->Pause(This)
#define IRTC_Resume(This) (This)->lpVtbl->Resume(This)
#define IRTC_Stop(This)   (This)->lpVtbl->Stop(This)
#define IRTC_GetControlState(This, IsRunnning, IsPaused)                                           \
	(This)->lpVtbl->GetControlState(This, IsRunnning, IsPaused)
#define IRTC_GetTotalStatistics(This, lpStats, fClearAfterReading)                                 \
	(This)->lpVtbl->GetTotalStatistics(This, lpStats, fClearAfterReading)
#define IRTC_GetConversationStatistics(                                                            \
    This, nSessions, lpSessionStats, nStations, lpStationStats, fClearAfterReading)                \
	(This)->lpVtbl->GetConversationStatistics(                                                 \
	    This, nSessions, lpSessionStats, nStations, lpStationStats, fClearAfterReading)
#define IRTC_InsertSpecialFrame(This, FrameType, Flags, pUserData, UserDataLength)                 \
	(This)->lpVtbl->InsertSpecialFrame(This, FrameType, Flags, pUserData, UserDataLength)
#define IRTC_QueryStations(This, lpQueryTable) (This)->lpVtbl->QueryStations(This, lpQueryTable)
#endif
#endif

typedef struct IStats IStats;
#if defined(__cplusplus) && !defined(CINTERFACE)
extern "C++" {
struct IStats : public IUnknown {
	/* Attach to the card that hInputBlob names and configure it. NMERR_ALREADY_CONNECTED,
	 * NMERR_TIMEOUT, NMERR_NO_DEFAULT_CAPTURE_DIRECTORY, NMERR_OUT_OF_MEMORY, a BLOB's
	 * errors, and the entries to blame in hErrorBlob. */
	virtual HRESULT WINAPI Connect(
	    HBLOB hInputBlob, LPVOID StatusCallbackProc, LPVOID UserContext, HBLOB hErrorBlob) = 0;
	virtual HRESULT WINAPI Disconnect(void) = 0;
	virtual HRESULT WINAPI QueryStatus(NETWORKSTATUS *pNetworkStatus) = 0;
	virtual HRESULT WINAPI Configure(HBLOB hConfigurationBlob, HBLOB hErrorBlob) = 0;
	/* NMERR_CAPTURING, NMERR_CAPTURE_PAUSED. */
	virtual HRESULT WINAPI Start(void) = 0;
	virtual HRESULT WINAPI Pause(void) = 0;
	virtual HRESULT WINAPI Resume(void) = 0;
	/* NMERR_NOT_CAPTURING. */
	virtual HRESULT WINAPI Stop(void) = 0;
	virtual HRESULT WINAPI GetControlState(WINBOOL *IsRunnning, WINBOOL *IsPaused) = 0;
	virtual HRESULT WINAPI GetTotalStatistics(
	    LPSTATISTICS lpStats, WINBOOL fClearAfterReading) = 0;
	virtual HRESULT WINAPI GetConversationStatistics(DWORD *nSessions,
	    LPSESSIONSTATS lpSessionStats, DWORD *nStations, LPSTATIONSTATS lpStationStats,
	    WINBOOL fClearAfterReading) = 0;
	virtual HRESULT WINAPI InsertSpecialFrame(
	    DWORD FrameType, DWORD Flags, BYTE *pUserData, DWORD UserDataLength) = 0;
	virtual HRESULT WINAPI QueryStations(QUERYTABLE *lpQueryTable) = 0;
};
}
#else
typedef struct IStatsVtbl {
	HRESULT(WINAPI *QueryInterface)(IStats *This, REFIID riid, void **ppvObject);
	ULONG(WINAPI *AddRef)(IStats *This);
	ULONG(WINAPI *Release)(IStats *This);
	HRESULT(WINAPI *Connect)
	(IStats *This, HBLOB hInputBlob, LPVOID StatusCallbackProc, LPVOID UserContext,
	    HBLOB hErrorBlob);
	HRESULT(WINAPI *Disconnect)(IStats *This);
	HRESULT(WINAPI *QueryStatus)(IStats *This, NETWORKSTATUS *pNetworkStatus);
	HRESULT(WINAPI *Configure)(IStats *This, HBLOB hConfigurationBlob, HBLOB hErrorBlob);
	HRESULT(WINAPI *Start)(IStats *This);
	HRESULT(WINAPI *Pause)(IStats *This);
	HRESULT(WINAPI *Resume)(IStats *This);
	HRESULT(WINAPI *Stop)(IStats *This);
	HRESULT(WINAPI *GetControlState)(IStats *This, WINBOOL *IsRunnning, WINBOOL *IsPaused);
	HRESULT(WINAPI *GetTotalStatistics)
	(IStats *This, LPSTATISTICS lpStats, WINBOOL fClearAfterReading);
	HRESULT(WINAPI *GetConversationStatistics)
	(IStats *This, DWORD *nSessions, LPSESSIONSTATS lpSessionStats, DWORD *nStations,
	    LPSTATIONSTATS lpStationStats, WINBOOL fClearAfterReading);
	HRESULT(WINAPI *InsertSpecialFrame)
	(IStats *This, DWORD FrameType, DWORD Flags, BYTE *pUserData, DWORD UserDataLength);
	HRESULT(WINAPI *QueryStations)(IStats *This, QUERYTABLE *lpQueryTable);
} IStatsVtbl;
struct IStats {
	const struct IStatsVtbl *lpVtbl;
};
#if defined(COBJMACROS)
#define IStats_QueryInterface(This, riid, ppvObject)                                               \
	(This)->lpVtbl->QueryInterface(This, riid, ppvObject)
#define IStats_AddRef(This)  (This)->lpVtbl->AddRef(This)
#define IStats_Release(This) (This)->lpVtbl->Release(This)
#define IStats_Connect(This, hInputBlob, StatusCallbackProc, UserContext, hErrorBlob)              \
	(This)->lpVtbl->Connect(This, hInputBlob, StatusCallbackProc, UserContext, hErrorBlob)
#define IStats_Disconnect(This)                  (This)->lpVtbl->Disconnect(This)
#define IStats_QueryStatus(This, pNetworkStatus) (This)->lpVtbl->QueryStatus(This, pNetworkStatus)
#define IStats_Configure(This, hConfigurationBlob, hErrorBlob)                                     \
	(This)->lpVtbl->Configure(This, hConfigurationBlob, hErrorBlob)
#define IStats_Start(This)  (This)->lpVtbl->Start(This)
#define IStats_Pause(This)  (This)->lpVtbl->Pause(This)
#define IStats_Resume(This) (This)->lpVtbl->Resume(This)
#define IStats_Stop(This)   (This)->lpVtbl->Stop(This)
#define IStats_GetControlState(This, IsRunnning, IsPaused)                                         \
	(This)->lpVtbl->GetControlState(This, IsRunnning, IsPaused)
#define IStats_GetTotalStatistics(This, lpStats, fClearAfterReading)                               \
	(This)->lpVtbl->GetTotalStatistics(This, lpStats, fClearAfterReading)
#define IStats_GetConversationStatistics(                                                          \
    This, nSessions, lpSessionStats, nStations, lpStationStats, fClearAfterReading)                \
	(This)->lpVtbl->GetConversationStatistics(                                                 \
	    This, nSessions, lpSessionStats, nStations, lpStationStats, fClearAfterReading)
#define IStats_InsertSpecialFrame(This, FrameType, Flags, pUserData, UserDataLength)               \
	(This)->lpVtbl->InsertSpecialFrame(This, FrameType, Flags, pUserData, UserDataLength)
#define IStats_QueryStations(This, lpQueryTable) (This)->lpVtbl->QueryStations(This, lpQueryTable)
#endif
#endif

/* ---- memory, errors, timers, services (from nmsupp.h) -------------------- */

/* The calling thread's NMERR code. Set returns the code set (R). */
NMAPI_API DWORD WINAPI BhGetLastError(VOID);
NMAPI_API DWORD WINAPI BhSetLastError(DWORD Error);

/* Process memory, zeroed, aligned to 16; 0 is a size (R). Realloc zeroes what it
 * adds; ptr NULL allocates; NULL on failure, and ptr stays (R). Free ignores NULL.
 * Size 0 for NULL (R). ptr must come from Alloc or Realloc, or from a function whose
 * comment names FreeMemory: unlike the expert's memory it is not checked. */
NMAPI_API LPVOID WINAPI AllocMemory(SIZE_T size);
NMAPI_API LPVOID WINAPI ReallocMemory(LPVOID ptr, SIZE_T NewSize);
NMAPI_API VOID WINAPI FreeMemory(LPVOID ptr);
NMAPI_API SIZE_T WINAPI MemorySize(LPVOID ptr);

/* Does nothing (R). */
NMAPI_API VOID WINAPI TestMemory(LPVOID ptr);

/* The pointer itself (R). */
NMAPI_API HANDLE WINAPI MemoryHandle(LPBYTE ptr);

/* Zeroed process memory aligned to a page; NULL on failure (R). Free returns NULL
 * and ignores NULL (R). */
NMAPI_API LPVOID WINAPI BhAllocSystemMemory(DWORD nBytes);
NMAPI_API LPVOID WINAPI BhFreeSystemMemory(LPVOID ptr);

/* Obsolete: NULL (R). */
NMAPI_API LPVOID WINAPI BhGetNetworkRequestAddress(DWORD NalRequestType);

/* Heaps of objects of one size (all R). ObjectProc (may be NULL) is called for each
 * new object, on the thread that takes it. Create, Alloc: NULL when out of memory.
 * Destroy, FreeObject: NULL. Grow: objects in the heap afterwards. */
typedef VOID(WINAPI *OBJECTPROC)(HOBJECTHEAP hObjectHeap, LPVOID ObjectMemory);
NMAPI_API HOBJECTHEAP WINAPI CreateObjectHeap(DWORD ObjectSize, OBJECTPROC ObjectProc);
NMAPI_API HOBJECTHEAP WINAPI DestroyObjectHeap(HOBJECTHEAP hObjectHeap);
NMAPI_API LPVOID WINAPI AllocObject(HOBJECTHEAP hObjectHeap);
NMAPI_API LPVOID WINAPI FreeObject(HOBJECTHEAP hObjectHeap, LPVOID ObjectMemory);
NMAPI_API DWORD WINAPI GrowObjectHeap(HOBJECTHEAP hObjectHeap, DWORD nObjects);
NMAPI_API DWORD WINAPI GetObjectHeapSize(HOBJECTHEAP hObjectHeap);
NMAPI_API VOID WINAPI PurgeObjectHeap(HOBJECTHEAP hObjectHeap);

/* Call TimerProc(InstData) every TimeOut milliseconds until BhKillTimer, on a
 * thread of the library (R). NULL: last error NMERR_SETTIMER_FAILED (R). */
typedef VOID(WINAPI *BHTIMERPROC)(LPVOID InstData);
NMAPI_API HTIMER WINAPI BhSetTimer(BHTIMERPROC TimerProc, LPVOID InstData, DWORD TimeOut);
NMAPI_API VOID WINAPI BhKillTimer(HTIMER hTimer);

#define WINDOWS_VERSION_UNKNOWN (0)
#define WINDOWS_VERSION_WIN32S  (1)
#define WINDOWS_VERSION_WIN32C  (2)
#define WINDOWS_VERSION_WIN32   (3)

/* WINDOWS_VERSION_WIN32, and TRUE: what old plug-ins take for Windows NT (R). */
NMAPI_API DWORD WINAPI BhGetWindowsVersion(VOID);
NMAPI_API WINBOOL WINAPI IsDaytona(VOID);

/* A line for developers, to standard error (R). Its documented name is dprintf,
 * which belongs to <stdio.h> where POSIX rules: exporting that name would take the
 * C library's away from the whole process. */
#if defined(_WIN32)
NMAPI_API VOID NMAPI_CDECL dprintf(LPSTR format, ...);
#else
NMAPI_API VOID NMAPI_CDECL NmDprintf(LPSTR format, ...);
#if defined(NETMON_WANT_DPRINTF)
#define dprintf NmDprintf
#endif
#endif

/* Obsolete passwords and services (all R): NULL, nothing, full access, NULL,
 * nothing, NMERR_NOT_SUPPORTED, NMERR_NOT_SUPPORTED. */
typedef enum _ACCESSRIGHTS {
	AccessRightsNoAccess,
	AccessRightsMonitoring,
	AccessRightsUserAccess,
	AccessRightsAllAccess
} ACCESSRIGHTS;
typedef ACCESSRIGHTS *PACCESSRIGHTS;
NMAPI_API HPASSWORD WINAPI CreatePassword(LPSTR password);
NMAPI_API VOID WINAPI DestroyPassword(HPASSWORD hPassword);
NMAPI_API ACCESSRIGHTS WINAPI ValidatePassword(HPASSWORD hPassword);
NMAPI_API HANDLE WINAPI BhOpenService(LPSTR ServiceName);
NMAPI_API VOID WINAPI BhCloseService(HANDLE ServiceHandle);
NMAPI_API DWORD WINAPI BhStartService(HANDLE ServiceHandle);
NMAPI_API DWORD WINAPI BhStopService(HANDLE ServiceHandle);

/* The place after the first character of p1 that is also in p2; NULL when there is
 * none (R). Borrowed from p1. */
NMAPI_API LPCSTR NMAPI_CDECL FindOneOf(LPCSTR p1, LPCSTR p2);

/* Registration of COM servers (R). recursiveDeleteKey: 0 or a system error. */
NMAPI_API LONG NMAPI_CDECL recursiveDeleteKey(HKEY hKeyParent, const char *lpszKeyChild);
NMAPI_API WINBOOL NMAPI_CDECL SubkeyExists(const char *pszPath, const char *szSubkey);
NMAPI_API WINBOOL NMAPI_CDECL setKeyAndValue(
    const char *szKey, const char *szSubkey, const char *szValue, const char *szName);

/* ---- spellings of 1.x ---------------------------------------------------- */

#define BHERR_SUCCESS                         NMERR_SUCCESS
#define BHERR_MEMORY_MAPPED_FILE_ERROR        NMERR_MEMORY_MAPPED_FILE_ERROR
#define BHERR_INVALID_HFILTER                 NMERR_INVALID_HFILTER
#define BHERR_CAPTURING                       NMERR_CAPTURING
#define BHERR_NOT_CAPTURING                   NMERR_NOT_CAPTURING
#define BHERR_NO_MORE_FRAMES                  NMERR_NO_MORE_FRAMES
#define BHERR_BUFFER_TOO_SMALL                NMERR_BUFFER_TOO_SMALL
#define BHERR_FRAME_NOT_RECOGNIZED            NMERR_FRAME_NOT_RECOGNIZED
#define BHERR_FILE_ALREADY_EXISTS             NMERR_FILE_ALREADY_EXISTS
#define BHERR_DRIVER_NOT_FOUND                NMERR_DRIVER_NOT_FOUND
#define BHERR_ADDRESS_ALREADY_EXISTS          NMERR_ADDRESS_ALREADY_EXISTS
#define BHERR_INVALID_HFRAME                  NMERR_INVALID_HFRAME
#define BHERR_INVALID_HPROTOCOL               NMERR_INVALID_HPROTOCOL
#define BHERR_INVALID_HPROPERTY               NMERR_INVALID_HPROPERTY
#define BHERR_LOCKED                          NMERR_LOCKED
#define BHERR_STACK_EMPTY                     NMERR_STACK_EMPTY
#define BHERR_STACK_OVERFLOW                  NMERR_STACK_OVERFLOW
#define BHERR_TOO_MANY_PROTOCOLS              NMERR_TOO_MANY_PROTOCOLS
#define BHERR_FILE_NOT_FOUND                  NMERR_FILE_NOT_FOUND
#define BHERR_OUT_OF_MEMORY                   NMERR_OUT_OF_MEMORY
#define BHERR_CAPTURE_PAUSED                  NMERR_CAPTURE_PAUSED
#define BHERR_NO_BUFFERS                      NMERR_NO_BUFFERS
#define BHERR_BUFFERS_ALREADY_EXIST           NMERR_BUFFERS_ALREADY_EXIST
#define BHERR_NOT_LOCKED                      NMERR_NOT_LOCKED
#define BHERR_OUT_OF_RANGE                    NMERR_OUT_OF_RANGE
#define BHERR_LOCK_NESTING_TOO_DEEP           NMERR_LOCK_NESTING_TOO_DEEP
#define BHERR_LOAD_PARSER_FAILED              NMERR_LOAD_PARSER_FAILED
#define BHERR_UNLOAD_PARSER_FAILED            NMERR_UNLOAD_PARSER_FAILED
#define BHERR_INVALID_HADDRESSDB              NMERR_INVALID_HADDRESSDB
#define BHERR_ADDRESS_NOT_FOUND               NMERR_ADDRESS_NOT_FOUND
#define BHERR_NETWORK_NOT_PRESENT             NMERR_NETWORK_NOT_PRESENT
#define BHERR_NO_PROPERTY_DATABASE            NMERR_NO_PROPERTY_DATABASE
#define BHERR_PROPERTY_NOT_FOUND              NMERR_PROPERTY_NOT_FOUND
#define BHERR_INVALID_HPROPERTYDB             NMERR_INVALID_HPROPERTYDB
#define BHERR_PROTOCOL_NOT_ENABLED            NMERR_PROTOCOL_NOT_ENABLED
#define BHERR_PROTOCOL_NOT_FOUND              NMERR_PROTOCOL_NOT_FOUND
#define BHERR_INVALID_PARSER_DLL              NMERR_INVALID_PARSER_DLL
#define BHERR_NO_ATTACHED_PROPERTIES          NMERR_NO_ATTACHED_PROPERTIES
#define BHERR_NO_FRAMES                       NMERR_NO_FRAMES
#define BHERR_INVALID_FILE_FORMAT             NMERR_INVALID_FILE_FORMAT
#define BHERR_COULD_NOT_CREATE_TEMPFILE       NMERR_COULD_NOT_CREATE_TEMPFILE
#define BHERR_OUT_OF_DOS_MEMORY               NMERR_OUT_OF_DOS_MEMORY
#define BHERR_NO_PROTOCOLS_ENABLED            NMERR_NO_PROTOCOLS_ENABLED
#define BHERR_UNKNOWN_MACTYPE                 NMERR_UNKNOWN_MACTYPE
#define BHERR_ROUTING_INFO_NOT_PRESENT        NMERR_ROUTING_INFO_NOT_PRESENT
#define BHERR_INVALID_HNETWORK                NMERR_INVALID_HNETWORK
#define BHERR_NETWORK_ALREADY_OPENED          NMERR_NETWORK_ALREADY_OPENED
#define BHERR_NETWORK_NOT_OPENED              NMERR_NETWORK_NOT_OPENED
#define BHERR_FRAME_NOT_FOUND                 NMERR_FRAME_NOT_FOUND
#define BHERR_NO_HANDLES                      NMERR_NO_HANDLES
#define BHERR_INVALID_NETWORK_ID              NMERR_INVALID_NETWORK_ID
#define BHERR_INVALID_HCAPTURE                NMERR_INVALID_HCAPTURE
#define BHERR_PROTOCOL_ALREADY_ENABLED        NMERR_PROTOCOL_ALREADY_ENABLED
#define BHERR_FILTER_INVALID_EXPRESSION       NMERR_FILTER_INVALID_EXPRESSION
#define BHERR_TRANSMIT_ERROR                  NMERR_TRANSMIT_ERROR
#define BHERR_INVALID_HBUFFER                 NMERR_INVALID_HBUFFER
#define BHERR_INVALID_DATA                    NMERR_INVALID_DATA
#define BHERR_MSDOS_DRIVER_NOT_LOADED         NMERR_MSDOS_DRIVER_NOT_LOADED
#define BHERR_WINDOWS_DRIVER_NOT_LOADED       NMERR_WINDOWS_DRIVER_NOT_LOADED
#define BHERR_MSDOS_DRIVER_INIT_FAILURE       NMERR_MSDOS_DRIVER_INIT_FAILURE
#define BHERR_WINDOWS_DRIVER_INIT_FAILURE     NMERR_WINDOWS_DRIVER_INIT_FAILURE
#define BHERR_NETWORK_BUSY                    NMERR_NETWORK_BUSY
#define BHERR_CAPTURE_NOT_PAUSED              NMERR_CAPTURE_NOT_PAUSED
#define BHERR_INVALID_PACKET_LENGTH           NMERR_INVALID_PACKET_LENGTH
#define BHERR_INTERNAL_EXCEPTION              NMERR_INTERNAL_EXCEPTION
#define BHERR_PROMISCUOUS_MODE_NOT_SUPPORTED  NMERR_PROMISCUOUS_MODE_NOT_SUPPORTED
#define BHERR_MAC_DRIVER_OPEN_FAILURE         NMERR_MAC_DRIVER_OPEN_FAILURE
#define BHERR_RUNAWAY_PROTOCOL                NMERR_RUNAWAY_PROTOCOL
#define BHERR_PENDING                         NMERR_PENDING
#define BHERR_ACCESS_DENIED                   NMERR_ACCESS_DENIED
#define BHERR_INVALID_HPASSWORD               NMERR_INVALID_HPASSWORD
#define BHERR_INVALID_PARAMETER               NMERR_INVALID_PARAMETER
#define BHERR_FILE_READ_ERROR                 NMERR_FILE_READ_ERROR
#define BHERR_FILE_WRITE_ERROR                NMERR_FILE_WRITE_ERROR
#define BHERR_PROTOCOL_NOT_REGISTERED         NMERR_PROTOCOL_NOT_REGISTERED
#define BHERR_IP_ADDRESS_NOT_FOUND            NMERR_IP_ADDRESS_NOT_FOUND
#define BHERR_TRANSMIT_CANCELLED              NMERR_TRANSMIT_CANCELLED
#define BHERR_LOCKED_FRAMES                   NMERR_LOCKED_FRAMES
#define BHERR_NO_TRANSMITS_PENDING            NMERR_NO_TRANSMITS_PENDING
#define BHERR_PATH_NOT_FOUND                  NMERR_PATH_NOT_FOUND
#define BHERR_WINDOWS_ERROR                   NMERR_WINDOWS_ERROR
#define BHERR_NO_FRAME_NUMBER                 NMERR_NO_FRAME_NUMBER
#define BHERR_FRAME_HAS_NO_CAPTURE            NMERR_FRAME_HAS_NO_CAPTURE
#define BHERR_FRAME_ALREADY_HAS_CAPTURE       NMERR_FRAME_ALREADY_HAS_CAPTURE
#define BHERR_NAL_IS_NOT_REMOTE               NMERR_NAL_IS_NOT_REMOTE
#define BHERR_NOT_SUPPORTED                   NMERR_NOT_SUPPORTED
#define BHERR_DISCARD_FRAME                   NMERR_DISCARD_FRAME
#define BHERR_CANCEL_SAVE_CAPTURE             NMERR_CANCEL_SAVE_CAPTURE
#define BHERR_LOST_CONNECTION                 NMERR_LOST_CONNECTION
#define BHERR_INVALID_MEDIA_TYPE              NMERR_INVALID_MEDIA_TYPE
#define BHERR_AGENT_IN_USE                    NMERR_AGENT_IN_USE
#define BHERR_TIMEOUT                         NMERR_TIMEOUT
#define BHERR_DISCONNECTED                    NMERR_DISCONNECTED
#define BHERR_SETTIMER_FAILED                 NMERR_SETTIMER_FAILED
#define BHERR_NETWORK_ERROR                   NMERR_NETWORK_ERROR
#define BHERR_INVALID_FRAMESPROC              NMERR_INVALID_FRAMESPROC
#define BHERR_UNKNOWN_CAPTURETYPE             NMERR_UNKNOWN_CAPTURETYPE
#define BHERR_NOT_CONNECTED                   NMERR_NOT_CONNECTED
#define BHERR_ALREADY_CONNECTED               NMERR_ALREADY_CONNECTED
#define BHERR_INVALID_REGISTRY_CONFIGURATION  NMERR_INVALID_REGISTRY_CONFIGURATION
#define BHERR_DELAYED                         NMERR_DELAYED
#define BHERR_NOT_DELAYED                     NMERR_NOT_DELAYED
#define BHERR_REALTIME                        NMERR_REALTIME
#define BHERR_NOT_REALTIME                    NMERR_NOT_REALTIME
#define BHERR_STATS_ONLY                      NMERR_STATS_ONLY
#define BHERR_NOT_STATS_ONLY                  NMERR_NOT_STATS_ONLY
#define BHERR_TRANSMIT                        NMERR_TRANSMIT
#define BHERR_NOT_TRANSMIT                    NMERR_NOT_TRANSMIT
#define BHERR_TRANSMITTING                    NMERR_TRANSMITTING
#define BHERR_DISK_NOT_LOCAL_FIXED            NMERR_DISK_NOT_LOCAL_FIXED
#define BHERR_COULD_NOT_CREATE_DIRECTORY      NMERR_COULD_NOT_CREATE_DIRECTORY
#define BHERR_NO_DEFAULT_CAPTURE_DIRECTORY    NMERR_NO_DEFAULT_CAPTURE_DIRECTORY
#define BHERR_UPLEVEL_CAPTURE_FILE            NMERR_UPLEVEL_CAPTURE_FILE
#define BHERR_LOAD_EXPERT_FAILED              NMERR_LOAD_EXPERT_FAILED
#define BHERR_EXPERT_REPORT_FAILED            NMERR_EXPERT_REPORT_FAILED
#define BHERR_REG_OPERATION_FAILED            NMERR_REG_OPERATION_FAILED
#define BHERR_NO_DLLS_FOUND                   NMERR_NO_DLLS_FOUND
#define BHERR_NO_CONVERSATION_STATS           NMERR_NO_CONVERSATION_STATS
#define BHERR_SECURITY_BREACH_CAPTURE_DELETED NMERR_SECURITY_BREACH_CAPTURE_DELETED
#define BHERR_FRAME_FAILED_FILTER             NMERR_FRAME_FAILED_FILTER
#define BHERR_EXPERT_TERMINATE                NMERR_EXPERT_TERMINATE
#define BHERR_REMOTE_NOT_A_SERVER             NMERR_REMOTE_NOT_A_SERVER
#define BHERR_REMOTE_VERSION_OUTOFSYNC        NMERR_REMOTE_VERSION_OUTOFSYNC
#define BHERR_INVALID_EXPERT_GROUP            NMERR_INVALID_EXPERT_GROUP
#define BHERR_INVALID_EXPERT_NAME             NMERR_INVALID_EXPERT_NAME
#define BHERR_INVALID_EXPERT_HANDLE           NMERR_INVALID_EXPERT_HANDLE
#define BHERR_GROUP_NAME_ALREADY_EXISTS       NMERR_GROUP_NAME_ALREADY_EXISTS
#define BHERR_INVALID_GROUP_NAME              NMERR_INVALID_GROUP_NAME
#define BHERR_EXPERT_ALREADY_IN_GROUP         NMERR_EXPERT_ALREADY_IN_GROUP
#define BHERR_EXPERT_NOT_IN_GROUP             NMERR_EXPERT_NOT_IN_GROUP
#define BHERR_NOT_INITIALIZED                 NMERR_NOT_INITIALIZED
#define BHERR_INVALID_GROUP_ROOT              NMERR_INVALID_GROUP_ROOT
#define BHERR_BAD_VERSION                     NMERR_BAD_VERSION
#define BHERR_ESP                             NMERR_ESP
#define BHERR_NOT_ESP                         NMERR_NOT_ESP
#define BHERR_BLOB_NOT_INITIALIZED            NMERR_BLOB_NOT_INITIALIZED
#define BHERR_INVALID_BLOB                    NMERR_INVALID_BLOB
#define BHERR_UPLEVEL_BLOB                    NMERR_UPLEVEL_BLOB
#define BHERR_BLOB_ENTRY_ALREADY_EXISTS       NMERR_BLOB_ENTRY_ALREADY_EXISTS
#define BHERR_BLOB_ENTRY_DOES_NOT_EXIST       NMERR_BLOB_ENTRY_DOES_NOT_EXIST
#define BHERR_AMBIGUOUS_SPECIFIER             NMERR_AMBIGUOUS_SPECIFIER
#define BHERR_BLOB_OWNER_NOT_FOUND            NMERR_BLOB_OWNER_NOT_FOUND
#define BHERR_BLOB_CATEGORY_NOT_FOUND         NMERR_BLOB_CATEGORY_NOT_FOUND
#define BHERR_UNKNOWN_CATEGORY                NMERR_UNKNOWN_CATEGORY
#define BHERR_UNKNOWN_TAG                     NMERR_UNKNOWN_TAG
#define BHERR_BLOB_CONVERSION_ERROR           NMERR_BLOB_CONVERSION_ERROR
#define BHERR_ILLEGAL_TRIGGER                 NMERR_ILLEGAL_TRIGGER
#define BHERR_BLOB_STRING_INVALID             NMERR_BLOB_STRING_INVALID
#define BHERR_UNABLE_TO_LOAD_LIBRARY          NMERR_UNABLE_TO_LOAD_LIBRARY
#define BHERR_UNABLE_TO_GET_PROCADDR          NMERR_UNABLE_TO_GET_PROCADDR
#define BHERR_CLASS_NOT_REGISTERED            NMERR_CLASS_NOT_REGISTERED
#define BHERR_INVALID_REMOTE_COMPUTERNAME     NMERR_INVALID_REMOTE_COMPUTERNAME
#define BHERR_RPC_REMOTE_FAILURE              NMERR_RPC_REMOTE_FAILURE
#define BHERR_NO_NPPS                         NMERR_NO_NPPS
#define BHERR_NO_MATCHING_NPPS                NMERR_NO_MATCHING_NPPS
#define BHERR_NO_NPP_SELECTED                 NMERR_NO_NPP_SELECTED
#define BHERR_NO_INPUT_BLOBS                  NMERR_NO_INPUT_BLOBS
#define BHERR_NO_NPP_DLLS                     NMERR_NO_NPP_DLLS
#define BHERR_NO_VALID_NPP_DLLS               NMERR_NO_VALID_NPP_DLLS
#define BHERR_INTERNAL_ERROR                  NMERR_INTERNAL_EXCEPTION
#define BHERR_INVALID_HPARSER                 NMERR_INVALID_HPROTOCOL

#pragma pack(pop)

#if defined(__cplusplus)
} /* extern "C" */
#endif

#pragma pop_macro("AC")
#pragma pop_macro("ADDRESS")
#pragma pop_macro("FRAME")
#pragma pop_macro("STATISTICS")
#pragma pop_macro("LINK")
#pragma pop_macro("RANGE")
#pragma pop_macro("SET")
#pragma pop_macro("REGISTER")
#pragma pop_macro("DEREGISTER")
#pragma pop_macro("RECOGNIZEFRAME")
#pragma pop_macro("ATTACHPROPERTIES")
#pragma pop_macro("FORMATPROPERTIES")
#pragma pop_macro("FORMAT")
#pragma pop_macro("EXPRESSION")
#pragma pop_macro("TRIGGER")
#pragma pop_macro("ETHERNET")
#pragma pop_macro("TOKENRING")
#pragma pop_macro("FDDI")
#pragma pop_macro("LLC")
#pragma pop_macro("MACFRAME")
#pragma pop_macro("IP")
#pragma pop_macro("PSUHDR")
#pragma pop_macro("ReqReply")
#pragma pop_macro("ParmProb")
#pragma pop_macro("TS")
#pragma pop_macro("RouterAH")
#pragma pop_macro("RouterAE")
#pragma pop_macro("ICMP")
#pragma pop_macro("TCP")
#pragma pop_macro("ECHO_REPLY")
#pragma pop_macro("DESTINATION_UNREACHABLE")
#pragma pop_macro("SOURCE_QUENCH")
#pragma pop_macro("REDIRECT")
#pragma pop_macro("ECHO")
#pragma pop_macro("ROUTER_ADVERTISEMENT")
#pragma pop_macro("ROUTER_SOLICITATION")
#pragma pop_macro("TIME_EXCEEDED")
#pragma pop_macro("PARAMETER_PROBLEM")
#pragma pop_macro("TIMESTAMP")
#pragma pop_macro("TIMESTAMP_REPLY")
#pragma pop_macro("INFORMATION_REQUEST")
#pragma pop_macro("INFORMATION_REPLY")
#pragma pop_macro("ADDRESS_MASK_REQUEST")
#pragma pop_macro("ADDRESS_MASK_REPLY")
#pragma pop_macro("TCP_FLAG_URGENT")
#pragma pop_macro("TCP_FLAG_ACK")
#pragma pop_macro("TCP_FLAG_PUSH")
#pragma pop_macro("TCP_FLAG_RESET")
#pragma pop_macro("TCP_FLAG_SYN")
#pragma pop_macro("TCP_FLAG_FIN")
#endif /* NETMON_H */
