/* SPDX-License-Identifier: MIT */
/* common/fields.h -- parsers as tables: a protocol is a list of fields.
 *
 * For the shipped parsers, on nothing but <netmon.h>; docs/parsers.md explains it with an
 * example. A shared object holds a family of protocols: each is a struct parser in a file
 * of its own, and the family's file lists them in `library`. What a plug-in has to export
 * (DllMain, ParserAutoInstallInfo, ParserFieldNames) is in library.c.
 *
 * Threads:  tables are written once, by Register; entry points only read them.
 * Trust:    frame bytes are hostile: nothing at or beyond `left` is read.
 */
#ifndef PARSERS_COMMON_FIELDS_H
#define PARSERS_COMMON_FIELDS_H

#include <netmon.h>

#include <stdbool.h>
#include <stdint.h>

/* ---- a field --------------------------------------------------------------------------- */

struct field {
	const char *label; /* as Network Monitor would call it: "Time to Live" */
	const char *name;  /* as Wireshark does: "ip.ttl"; several, by blanks; NULL: none */
	uint8_t type;      /* PROP_TYPE_* */
	uint8_t qualifier; /* PROP_QUAL_* */
	uint8_t level;     /* indentation; 0 means 1, the level of a header's fields */
	uint8_t flags;     /* IFLAG_* that every instance has */
	bool fixed;        /* ALWAYS: fields_attach attaches it in every header: see library.c */
	uint16_t at;       /* bytes from the start of the header */
	uint16_t size;     /* bytes; 0: to be told when it is attached */
	uint32_t mask;     /* these bits of a big-endian number; 0: all */
	uint8_t times;     /* the bits count in so many; 0: 1 */
	uint16_t text;     /* FormatStringSize; 0: what suits most */
	const void *set;   /* SET or RANGE, as the qualifier says */
	void (*format)(LPPROPERTYINST i, HFRAME frame); /* NULL: the generic formatter */

	PROPERTYINFO info; /* filled in by Register: info.hProperty is the handle */
	DWORD row;         /* the host's number for it; 0: it has none */
};

/* What follows label and name in a row. Numbers are big-endian; LE_ ones are not. */
#define SUMMARY     .type = PROP_TYPE_SUMMARY, .text = 256
#define U8(at_)     .type = PROP_TYPE_BYTE, .at = (at_), .size = 1
#define U16(at_)    .type = PROP_TYPE_WORD, .at = (at_), .size = 2, .flags = IFLAG_SWAPPED
#define U32(at_)    .type = PROP_TYPE_DWORD, .at = (at_), .size = 4, .flags = IFLAG_SWAPPED
#define U64(at_)    .type = PROP_TYPE_LARGEINT, .at = (at_), .size = 8, .flags = IFLAG_SWAPPED
#define LE_U16(at_) .type = PROP_TYPE_WORD, .at = (at_), .size = 2
#define LE_U32(at_) .type = PROP_TYPE_DWORD, .at = (at_), .size = 4
#define LE_U64(at_) .type = PROP_TYPE_LARGEINT, .at = (at_), .size = 8
/* Some bits of a big-endian number: the value is what they are, shifted down. */
#define BITS8(at_, mask_)  .type = PROP_TYPE_BYTE, .at = (at_), .size = 1, .mask = (mask_)
#define BITS16(at_, mask_) .type = PROP_TYPE_WORD, .at = (at_), .size = 2, .mask = (mask_)
#define BITS32(at_, mask_) .type = PROP_TYPE_DWORD, .at = (at_), .size = 4, .mask = (mask_)
#define MAC(at_)           .type = PROP_TYPE_ETHERNET_ADDRESS, .at = (at_), .size = 6
#define IP4(at_)           .type = PROP_TYPE_IP_ADDRESS, .at = (at_), .size = 4
#define IPV6(at_)          .type = PROP_TYPE_IP6_ADDRESS, .at = (at_), .size = 16
#undef TEXT /* of Windows */
#define TEXT(at_, size_)  .type = PROP_TYPE_STRING, .at = (at_), .size = (size_), .text = 512
#define BYTES(at_, size_) .type = PROP_TYPE_RAW_DATA, .at = (at_), .size = (size_)
/* A hostile frame has more elements than properties are taken for: of lists, so many are
 * attached, and of messages those that begin so early. */
#define ELEMENTS_MOST 4096u
#define MESSAGES_END  32768u
#define HIDDEN        15                        /* a level: found by name, not shown */
#define GROUP         .type = PROP_TYPE_COMMENT /* a heading for what stands one level deeper */
/* To be added: filters need not attach it, since every header has it, once, at `at`. */
#define ALWAYS .fixed = true
/* To be added: labels for values, or a line for each bit. */
#define LABELED(set_) .qualifier = PROP_QUAL_LABELED_SET, .set = &(set_)
#define FLAGS(set_)   .qualifier = PROP_QUAL_FLAGS, .set = &(set_), .text = 512

/* SET of a table: static struct _SET protocols = SET_OF(Byte, protocol_names); */
#define SET_OF(kind, table)                                                                        \
	{                                                                                          \
		.nEntries = sizeof(table) / sizeof *(table), .lpLabeled##kind##Table = (table)     \
	}
#define BITS_OF(table)                                                                             \
	{                                                                                          \
		.nEntries = sizeof(table) / sizeof *(table), .lpLabeledBit = (table)               \
	}
#define L(text_) (char *)(uintptr_t)(text_) /* a literal where the interface says LPSTR */

/* ---- attaching -------------------------------------------------------------------------------- */

/* A header in a frame. */
struct header {
	HFRAME frame;
	const uint8_t *p;
	DWORD left; /* bytes at p that may be read and are this protocol's */
};

/* n fields of a table, in their order: each where it stands in the header. What lies
 * beyond `left` is left out, what is cut by it is attached with IFLAG_ERROR. A field of
 * size 0 goes to the end of `left`. */
void fields_attach(const struct header *h, const struct field *f, unsigned n);

/* A field at a place of its own. */
struct placed {
	uint16_t field, at, size; /* as in struct field */
};

/* The fields that the parser lists as placed, in one go; false: not all of them are there,
 * or the host has no rows, and nothing was attached. */
struct parser;
bool placed_attach(const struct parser *p, const struct header *h);

/* One field, at another place or of another length, with further IFLAG_*. */
void field_attach_at(
    const struct header *h, const struct field *f, DWORD at, DWORD size, DWORD flags);

/* One field with a value that the frame does not show; the bytes at `at` stand for it. */
void field_attach_value(const struct header *h, const struct field *f, DWORD at, DWORD size,
    const void *value, DWORD value_size, DWORD flags);

/* What the host attaches rows with; before a field has a number of a row. */
void fields_take_calls(const PARSERROWCALLS *calls);

/* ---- text --------------------------------------------------------------------------------------- */

/* Append to the instance's text, within its bound. */
void text_put(LPPROPERTYINST i, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* "IP: " is put before a summary by who shows it. For the others: "Label = ". */
void text_label(LPPROPERTYINST i);

/* ---- numbers -------------------------------------------------------------------------------------- */

static inline uint16_t be16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static inline uint32_t be24(const uint8_t *p)
{
	return (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2];
}

static inline uint32_t be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static inline uint16_t le16(const uint8_t *p)
{
	return (uint16_t)(p[1] << 8 | p[0]);
}

static inline uint32_t le32(const uint8_t *p)
{
	return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

/* Instance data between our parsers is how many bytes are the next protocol's, as the
 * header before it says; 0: it says nothing. Else padding would be taken for payload. */
static inline DWORD bounded(DWORD left, DWORD_PTR told)
{
	return told && told < left ? (DWORD)told : left;
}

/* ---- entry points -------------------------------------------------------------------------------- */

#define UNUSED __attribute__((unused))

/* The documented arguments, of which most parsers use a few. */
#define RECOGNIZE(name_)                                                                           \
	static LPBYTE WINAPI name_(UNUSED HFRAME frame, UNUSED ULPBYTE mac, ULPBYTE p,             \
	    UNUSED DWORD mac_type, DWORD left, UNUSED HPROTOCOL before, UNUSED DWORD before_at,    \
	    LPDWORD status, LPHPROTOCOL next, PDWORD_PTR instance)
#define ATTACH(name_)                                                                              \
	static LPBYTE WINAPI name_(HFRAME frame, UNUSED ULPBYTE mac, ULPBYTE p,                    \
	    UNUSED DWORD mac_type, DWORD left, UNUSED HPROTOCOL before, UNUSED DWORD before_at,    \
	    DWORD_PTR instance)

/* What RecognizeFrame returns. The rest is mine: nothing follows, or it is malformed. */
static inline LPBYTE rest_is_mine(LPDWORD status)
{
	*status = PROTOCOL_STATUS_CLAIMED;
	return NULL;
}

/* For a protocol behind which nothing comes. */
LPBYTE WINAPI claim_rest(HFRAME frame, ULPBYTE mac, ULPBYTE p, DWORD mac_type, DWORD left,
    HPROTOCOL before, DWORD before_at, LPDWORD status, LPHPROTOCOL next, PDWORD_PTR instance);

static inline LPBYTE not_mine(ULPBYTE p, LPDWORD status)
{
	*status = PROTOCOL_STATUS_NOT_RECOGNIZED;
	return p;
}

/* My header has n of `left` bytes, the rest is `to`'s (NULL: it is not known whose). */
static inline LPBYTE hand_on(ULPBYTE p, DWORD n, DWORD left, HPROTOCOL to, LPDWORD status,
    LPHPROTOCOL next, PDWORD_PTR instance)
{
	if (n >= left)
		return rest_is_mine(status);
	*instance = left - n;
	*next = to;
	*status = to ? PROTOCOL_STATUS_NEXT_PROTOCOL : PROTOCOL_STATUS_RECOGNIZED;
	return p + n;
}

/* ---- a protocol ------------------------------------------------------------------------------------ */

/* Who hands off to it: a line `value = NAME` in a section of an INI file. */
struct place {
	const char *ini, *section;
	uint32_t value;
	bool hex; /* the table is read in base 16 */
};

#define TCPIP_INI "TCPIP.INI"
#define TCP_PORT(port_)                                                                            \
	{                                                                                          \
		TCPIP_INI, "TCP_HandoffSet", port_, false                                          \
	}
#define UDP_PORT(port_)                                                                            \
	{                                                                                          \
		TCPIP_INI, "UDP_HandoffSet", port_, false                                          \
	}

struct parser {
	const char *name, *comment;
	const struct parser *like; /* its fields are a copy of that one's; NULL: its own */
	struct field *fields;      /* the summary first */
	unsigned n_fields;
	RECOGNIZEFRAME recognize;
	ATTACHPROPERTIES attach;
	void (*begin)(void); /* NULL: none; after its properties are there: hand-off tables */
	void (*end)(void);
	const char *follows; /* in whose follow sets it stands: "TCP UDP"; NULL: nobody's */
	const struct place *places;
	unsigned n_places;
	const PARSERFIELDNAME *names; /* names that bits of a field have, and the like */
	unsigned n_names;
	/* What nearly every header has in this order: so many fields from the first, then those. */
	unsigned placed_fields;
	const struct placed *placed;
	unsigned n_placed;
	bool within_instance;       /* ALWAYS fields lie in bounded(left, instance) */
	const PARSERHEADER *header; /* what nearly every one is like; NULL: recognize is asked */
	LPHANDOFFTABLE *table;      /* of the header's, as `begin` has made it */
	unsigned header_rows; /* fields that attach attaches of such a header, from the first */

	HPROTOCOL handle; /* NULL: somebody else has the name */
	PARSERFIELDNAME *all_names;
	unsigned n_all_names;
	PARSERFIXEDFIELD *all_fixed;
	unsigned n_all_fixed;
	PARSERROW *all_rows;
	DWORD placed_row; /* the host's number for the first; 0: it has none */
};

#define COUNT(a) (sizeof(a) / sizeof *(a))

/* The protocols of a shared object; NULL at the end. */
extern struct parser *const library[];

#endif
