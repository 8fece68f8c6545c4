/* SPDX-License-Identifier: MIT */
/* fakehost.h -- a host for one expert that is linked into the test.
 *
 * It implements the Expert* and frame functions that experts use, over frames
 * in memory, and can make any of them fail. Every frame is handed out in a block
 * of exactly its size that is gone with the next call, so that sanitizers see an
 * expert read one byte too many or one call too late.
 *
 * Owns:     what it hands out, until fake_done().
 * Threads:  one host at a time, one thread.
 */
#ifndef FAKEHOST_H
#define FAKEHOST_H

#include <netmon.h>

#include <stdbool.h>

struct fake_frame {
	DWORD mac_type;
	DWORD wire;           /* bytes on the wire */
	DWORD len;            /* bytes stored */
	const uint8_t *bytes; /* borrowed */
	int64_t time;         /* microseconds since the capture began */
	const WORD *stack;    /* numbers of its protocols, 0 behind the last; NULL: none */
};

struct fake_host {
	/* given; counts are of calls and begin with 1, 0 is never */
	const struct fake_frame *frames;
	DWORD n_frames;
	DWORD capture_mac;
	SYSTEMTIME start;             /* of the capture */
	const char *capture;          /* its name; NULL: "" */
	const char *const *protocols; /* names of 1, 2 ..., NULL behind the last; NULL: none */
	/* What can be attached, of every protocol, Label NULL behind the last; and what is, to a
	 * frame. NULL: none. */
	PROPERTYINFO *properties;
	const char *const *names; /* of filters, of the same; NULL where one has none; NULL: none */
	/* What a person points at: an instance and the number of its protocol; and Run's flags. */
	PROPERTYINST *focus;
	DWORD focus_protocol, flags;
	PROPERTYTABLE *(*attach)(const struct fake_host *h, DWORD frame);
	unsigned refuse_alloc; /* which allocation is refused */
	bool refuse_rest;      /* and every one after it */
	unsigned terminate_at; /* from this call on, everything says NMERR_EXPERT_TERMINATE */
	unsigned refuse_event; /* which event is refused, */
	DWORD event_error;     /* and with what */
	DWORD read_error_at; /* the frame that can't be read; 0 is frame 0 when read_error is set */
	DWORD read_error;

	/* what happened */
	unsigned calls, allocs, mac_calls, total_calls, status_calls;
	unsigned after_terminate; /* calls that were not frees after the first refusal */
	size_t live_blocks, live_bytes, peak_bytes;
	unsigned bad_frees;
	LONG percent;
	EXPERTSTATUSENUMERATION status;
	DWORD substatus;
	char status_text[260];
	char **events; /* one line each: ident|severity|name|column=value|... */
	unsigned n_events;

	void *record; /* the frame handed out last */
	RECOGNIZEDATATABLE *table;
	PROTOCOLTABLE *enabled;
	PROTOCOLINFO info;
};

/* Call the expert's Run. Fills what happened. */
BOOL fake_run(struct fake_host *h, const EXPERTCONFIG *config);
void fake_done(struct fake_host *h);

/* The expert gave everything back, freed nothing else, and called nothing once it was told to end. */
BOOL fake_left_nothing(const struct fake_host *h);

/* The entry points of the expert under test. */
BOOL WINAPI Register(PEXPERTENUMINFO pExpertInfo);
BOOL WINAPI Run(HEXPERTKEY hExpertKey, PEXPERTCONFIG pConfig, PEXPERTSTARTUPINFO pExpertStartupInfo,
    DWORD StartupFlags, HWND hWndParent);

#endif
