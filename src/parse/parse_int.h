/* SPDX-License-Identifier: MIT */
/* parse/parse_int.h -- shared by the files of src/parse, and nobody else. */
#ifndef NM_PARSE_PARSE_INT_H
#define NM_PARSE_PARSE_INT_H

#include "parse/guard.h"
#include "parse/parse.h"
#include "system/memory.h"

#include <stdatomic.h>
#include <string.h>

#define NAME_BYTES 16u          /* of a protocol, with the NUL */
#define PAGE_BYTES NM_PAGE_MOST /* protected alone anywhere */

/* ---- registry.c ---------------------------------------------------------------------- */

/* What goes on changing after the registry is sealed. */
struct protocol_state {
	_Atomic bool enabled;      /* false: tried no more, after too many offences */
	_Atomic uint32_t offences; /* in this process; see guard.h */
	void *cc;                  /* SetCCInstPtr */
};

/* Nobody writes it after the registry is sealed: its pages are read-only then. */
struct protocol {
	ENTRYPOINTS ep;
	HPROTOCOL handle;
	struct protocol_state *state;
	struct protocol **follow;       /* in the store; resolved when sealed, NULL at the end */
	const struct nm_header *header; /* likewise: header.h; NULL: it has to be asked */
	PROTOCOLINFO info;
	bool alive;
	uint32_t room;   /* of info.PropertyDatabase */
	unsigned object; /* number of the shared object it came with */
};

/* By id. Whole pages of their own, on any machine. */
#define PROTOCOLS_BYTES                                                                            \
	(((NM_PROTOCOLS_MAX + 1) * sizeof(struct protocol) + PAGE_BYTES - 1) & ~(PAGE_BYTES - 1))
extern union nm_protocol_pages {
	struct protocol list[NM_PROTOCOLS_MAX + 1];
	uint8_t pages[PROTOCOLS_BYTES];
} nm_protocol_pages;
#define nm_protocols nm_protocol_pages.list
extern uint32_t nm_n_protocols; /* highest id so far */

static inline bool nm_is_enabled(const struct protocol *p)
{
	return atomic_load_explicit(&p->state->enabled, memory_order_relaxed);
}

/* Is any protocol off? Until one is, nobody has to be looked at. */
extern _Atomic bool nm_some_off;

static inline bool nm_all_enabled(void)
{
	return !atomic_load_explicit(&nm_some_off, memory_order_relaxed);
}

/* It is tried no more. */
void nm_switch_off(struct protocol *p);

struct protocol *nm_protocol_of(HPROTOCOL h); /* NULL: not alive */

static inline HPROTOCOL nm_handle_of(const struct protocol *p)
{
	return p->handle;
}

/* Every property's handle, by its hash; at most a quarter full. An entry that is free holds
 * what is never looked for there. */
extern struct nm_handles {
	HPROPERTY *h; /* in the store */
	uint32_t *protocol;
	uint32_t mask, n;
} nm_handles;

static inline uint32_t nm_hash_of(HPROPERTY h)
{
	return (uint32_t)((uint64_t)h * UINT64_C(0x9e3779b97f4a7c15) >> 32);
}

/* Is this number a property's handle? The first look tells nearly always. */
static inline bool nm_property_is_quickly(HPROPERTY h)
{
	return nm_handles.h[nm_hash_of(h) & nm_handles.mask] == h;
}

bool nm_property_is(HPROPERTY h);

/* ---- store.c ------------------------------------------------------------------------- */

/* Zeroed; NULL: no more, or it is sealed. Given back by clearing only. */
void *nm_store_alloc(size_t n);
bool nm_store_has(const void *p);
void nm_store_seal(bool on);
void nm_store_clear(void);

/* What was registered can be taken back. */
void nm_registry_unseal(void);
/* Forget every protocol, setting and name: as at the start of the process. */
void nm_registry_clear(void);

/* ---- settings.c: follow sets and hand-off sets, as parsers and people put them ---------- */

/* Key and value in a section of an INI file, "" for parser.ini; a person's is kept
 * against a parser's, the first of two parsers' stays. False: out of memory. */
bool nm_setting_put(
    const char *file, const char *section, const char *key, const char *value, bool person);
/* Add a name to a comma list, once. */
bool nm_setting_append(const char *section, const char *key, const char *name);
const char *nm_setting_get(const char *file, const char *section, const char *key);
/* Every key of a section in the order they came; false from `each` ends it. */
void nm_settings_each(const char *file, const char *section,
    bool (*each)(void *arg, const char *key, const char *value), void *arg);
void nm_settings_clear(void);

/* May the shared object with this file name have the protocol? Section PARSERS of
 * parser.ini decides between several: "tcpip.so = 0: IP, TCP". */
bool nm_setting_allows(const char *file, const char *protocol);

/* What ParserAutoInstallInfo returned becomes settings; nothing of it is freed. */
bool nm_install(const PF_PARSERDLLINFO *info);

/* ---- link.c: the built-in FRAME --------------------------------------------------------- */

void nm_frame_protocol_create(void);
/* Its properties, which are attached first. */
void nm_frame_attach(struct nm_parse *p);
const PARSERFIELDNAME *nm_frame_names(uint32_t *ret_n);
/* Candidates for the first protocol on a link, NULL at the end: what FRAME's hand-off
 * set has for it, then FRAME's follow set. After sealing. */
struct protocol *const *nm_link_candidates(uint32_t link_type);
bool nm_links_seal(void);
void nm_links_clear(void);

/* ---- names.c ------------------------------------------------------------------------------- */

void nm_names_seal(void);
void nm_names_clear(void);

/* ---- rows.c: tables of properties, out of each shared object's ParserRows -------------------- */

void nm_rows_seal(void);
void nm_rows_clear(void);

/* Are these rows of this protocol, and lies each in so many bytes? */
bool nm_rows_fit(const struct protocol *p, uint32_t row, uint32_t n, uint32_t bytes);
/* Attach rows that fit. False: there is no room. */
bool nm_put_rows(struct nm_parse *p, uint32_t row, uint32_t n, const uint8_t *data, uint32_t left);

/* What PARSERROWCALLS leads to. */
WINBOOL WINAPI nm_attach_rows(HFRAME h, DWORD row, DWORD n, ULPVOID data, DWORD left);
WINBOOL WINAPI nm_attach_row(HFRAME h, DWORD row, ULPVOID data, DWORD length, DWORD flags);

/* ---- header.c: headers that are recognized without a call ------------------------------------- */

void nm_headers_seal(void);

/* ---- handoff.c ------------------------------------------------------------------------------- */

/* Of a table that was made before sealing: the ids of protocols by number, 0: nobody's, and how
 * many. NULL: it is no such table, or its numbers are too great for that. */
const uint16_t *nm_handoff_ids(const HANDOFFTABLE *t, uint32_t *ret_n);
void nm_handoffs_clear(void);

/* ---- context.c ----------------------------------------------------------------------------- */

void nm_context_clear(void);

/* ---- load.c ------------------------------------------------------------------------------------ */

/* Each shared object's ParserFieldNames; NULL: it has none. */
PPARSERFIELDNAMESPROC nm_object_field_names(unsigned object);
/* Likewise ParserFixedFields. */
PPARSERFIXEDFIELDSPROC nm_object_fixed_fields(unsigned object);
/* Likewise ParserRows. */
PPARSERROWSPROC nm_object_rows(unsigned object);
/* Likewise ParserHeader. */
PPARSERHEADERPROC nm_object_header(unsigned object);
/* Its file's base name; "" for what is built in. */
const char *nm_object_file(unsigned object);
/* Of the one whose DllMain runs; NULL: none does. */
const char *nm_object_loading(void);

/* ---- attach.c: the parse whose parser runs on this thread -------------------------------------- */

#define NM_TLS _Thread_local __attribute__((tls_model("initial-exec")))
extern NM_TLS struct nm_parse *nm_running;
extern NM_TLS struct nm_parse *nm_attaching; /* the one that attaches; else one without room */

/* ---- guard.c: whose entry point runs on this thread; NULL: none --------------------------------- */

extern NM_TLS struct nm_guard *nm_guarded;
extern _Atomic uint32_t *nm_inside; /* its id, where others can see it */

/* ---- recognize.c: the table at this address is read for the first time ---------------------------- */

bool nm_table_fault(const void *address);

/* Recognition. Begin forgets what was found, and goes as far as no parser has to be called.
 * True: that was not all, and walk goes on, under the caller's guard. */
bool nm_walk_begin(struct nm_parse *p);
void nm_walk(struct nm_parse *p);

/* Where recognition is. */
struct nm_walk {
	const uint8_t *at;                  /* NULL: at its end */
	uintptr_t instance;                 /* data of the next protocol */
	struct protocol *last;              /* that was found; never NULL */
	struct protocol *handed;            /* who is to be asked first; NULL: nobody */
	struct protocol *const *candidates; /* and who then, NULL at the end */
};

/* ---- recognize.c ------------------------------------------------------------------------------- */

struct nm_parse {
	/* what AttachPropertyInstance looks at */
	HFRAME frame; /* NULL: none set */
	const uint8_t *data;
	PROPERTYINST *instances;
	uint32_t clip; /* bytes at data, as far as a DataLength can tell */
	uint32_t n_instances;
	uint32_t room; /* for so many instances; 0 while no AttachProperties is running */
	uint32_t ex_used;
	uint8_t *ex; /* extended values */

	uint32_t stored; /* bytes at data */
	int at;          /* whose AttachProperties is running, of the table; -1: recognition */

	bool recognized, attached, partly;
	bool closed; /* nobody has read the table so far: see nm_parse_be_lazy */
	uint32_t mac_type, link_type;
	struct protocol *const *candidates; /* of known_link */
	uint32_t known_link;

	struct nm_walk walk;
	/* For each protocol of the table, as nm_header_found has it; 0: its parser was asked. */
	uint32_t usual[NM_STEPS_MAX + 1];
	RECOGNIZEDATATABLE *table; /* a page of its own */
	PROPERTYTABLE *properties;
	char *text;  /* TEXT_BYTES, for one instance's formatting */
	char *lines; /* as many: what came of it */

	struct nm_guard guard;
};

/* The parse itself, a gap, the page of the table, the instances, extended values, the
 * text, a gap, lines, in this order. A parser that writes beyond the room for its text
 * runs into a gap, and into nothing of ours. */
#define TABLE_BYTES     PAGE_BYTES
#define PROPS_BYTES     4096u
#define INSTANCES_BYTES ((NM_INSTANCES_MAX + 1) * (uint32_t)sizeof(PROPERTYINST))
#define EX_BYTES        (4u << 20)
#define TEXT_BYTES      (128u << 10) /* FormatStringSize is a WORD */
#define FILLED_BYTES    (TABLE_BYTES + PROPS_BYTES + INSTANCES_BYTES + EX_BYTES)
#define GAP_AT          ((2 * PAGE_BYTES + FILLED_BYTES + TEXT_BYTES + PAGE_BYTES - 1) & ~(PAGE_BYTES - 1))
#define MEMORY_BYTES    (GAP_AT + PAGE_BYTES + TEXT_BYTES)

/* An entry point runs that was called for this parse: it can't be worked on. */
static inline bool nm_is_busy(const struct nm_parse *p)
{
	return nm_guarded == &p->guard;
}

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "as Level and HelpID are put together");

#define NM_EXTENDED  0xFFFFu /* DataLength of an instance with a value of its own */
#define NM_EX_LEAST  32u     /* bytes of a PROPERTYINSTEX */
#define NM_EX_HEAD   offsetof(PROPERTYINSTEX, Byte)
#define NM_LEVEL_MAX 15u
#define NM_HELP_MAX  0xFFFu

/* One more instance, for which there is room: its length, level, help and flags in one
 * store. */
static inline PROPERTYINST *nm_next_instance(
    struct nm_parse *p, HPROPERTY property, DWORD length, DWORD help, DWORD level, DWORD flags)
{
	PROPERTYINST *i = &p->instances[p->n_instances++];
	uint64_t tail = length | (uint64_t)(level & NM_LEVEL_MAX) << 16 |
			(uint64_t)(help & NM_HELP_MAX) << 20 | (uint64_t)flags << 32;

	i->lpPropertyInfo = (PROPERTYINFO *)property;
	i->szPropertyText = NULL;
	memcpy(&i->DataLength, &tail, sizeof tail);
	return i;
}

/* The next extended value, of so many bytes in all, for which there is room. */
static inline PROPERTYINSTEX *nm_next_value(struct nm_parse *p, size_t bytes)
{
	PROPERTYINSTEX *ex = (PROPERTYINSTEX *)(void *)(p->ex + p->ex_used);

	bytes = bytes < NM_EX_LEAST ? NM_EX_LEAST : bytes;
	p->ex_used += (uint32_t)((bytes + 15) & ~(size_t)15);
	return ex;
}

/* ---- guard.c -------------------------------------------------------------------------------------- */

/* A parser's entry point is about to be called: the turn is what the timer looks at. */
static inline void nm_enter_parser(struct nm_guard *g, struct protocol *protocol)
{
	g->running = protocol;
	g->turn++;
	atomic_store_explicit(nm_inside, protocol->info.ProtocolID, memory_order_relaxed);
}

/* No parser runs any more; who ran before it on this thread does again. */
static inline void nm_leave_parsers(struct nm_guard *g, struct nm_guard *outer)
{
	g->armed = false;
	g->running = NULL;
	nm_guarded = outer;
	atomic_store_explicit(nm_inside,
	    outer && outer->running ? outer->running->info.ProtocolID : 0, memory_order_relaxed);
}

/* g->running did what it must not. */
void nm_offend(struct nm_guard *g, enum nm_offence why);
/* Switch off after so many; 0: never. */
void nm_guard_allow(uint32_t offences);

/* Call fn, which calls entry points of p (NULL: of a parser that has none yet) that are
 * about no frame. What it did wrong; NONE: fn returned. */
enum nm_offence nm_guard_call(
    struct protocol *p, enum nm_entry entry, void (*fn)(void *arg), void *arg);

/* Between these the parser that runs must not be left: something of ours is half done.
 * A jump that is due is made at the release. */
void nm_guard_hold(void);
void nm_guard_release(void);

/* Remember where the code of a protocol's shared object lies. */
void nm_guard_code(struct protocol *p);
void nm_guard_clear(void);

#endif
