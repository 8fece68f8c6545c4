/* SPDX-License-Identifier: MIT */
/* parse/parse.h -- protocols, their properties, and what a frame holds of them.
 *
 * Two halves. The *registry* is what parsers registered: built once, sealed
 * before workers are forked, read without locks from then on. A *parse* is one
 * frame at a time: set it, then ask for the protocols (recognition), for their
 * properties (attachment) and for text; each is done when first asked for and
 * kept until the next frame is set.
 *
 * Owns:     the registry; in each parse the tables, instances and texts. Frames
 *           are borrowed until the next one is set.
 * Uses:     capture/ for struct nm_frame, heap/, base/, the types of <netmon.h>.
 * Threads:  the registry: one until it is sealed, then any. A parse: one at a time.
 * Trust:    frames are hostile. Parsers are foreign code in our process: what
 *           they return is clamped; what containment can and can't do: guard.h.
 */
#ifndef NM_PARSE_PARSE_H
#define NM_PARSE_PARSE_H

#include "capture/capture.h"
#include "netmon.h"

#include <stdbool.h>
#include <stddef.h>

#define NM_PROTOCOLS_MAX  1023u /* ids 1 to this; 1 is FRAME, which is built in */
#define NM_FRAME_PROTOCOL 1u
#define NM_STEPS_MAX      100u   /* protocols in a frame, without FRAME */
#define NM_INSTANCES_MAX  65535u /* properties in a frame */

/* ---- registry: loading ---------------------------------------------------------- */

/* Load a parser's shared object: constructors, DllMain, ParserAutoInstallInfo. file_fd
 * as for nm_object_load. False and a sentence when it is none; then nothing of it is
 * registered. Only before sealing. */
bool nm_parsers_load(const char *path, int file_fd, struct nm_diag *ret_diag);

/* Register of all, follow sets resolved; nothing can be added afterwards. Again: no-op. */
void nm_parsers_seal(void);
bool nm_parsers_sealed(void);

/* Deregister and unload everything. For tests, which begin anew afterwards. */
void nm_parsers_unload(void);

/* A person's settings, from text in INI form: parser.ini (name NULL), or the hand-off
 * sets of the INI file `name`. What they say replaces what parsers said. Before any
 * parser is loaded. A line that says nothing is passed over, and `say` (may be NULL) is
 * told of it, with a sentence. False: out of memory. */
bool nm_parsers_settings(const char *name, const char *text,
    void (*say)(void *ctx, unsigned line, const char *why), void *ctx);

/* ---- registry: protocols ---------------------------------------------------------- */

/* What CreateProtocol and its companions do; NULL or an NMERR code and the last error. */
HPROTOCOL nm_protocol_create(const char *name, const ENTRYPOINTS *ep);
void nm_protocol_destroy(HPROTOCOL h);
HPROTOCOL nm_protocol_by_name(const char *name);
uint32_t nm_protocol_id(HPROTOCOL h);       /* 0: no live protocol; the last error is left alone */
HPROTOCOL nm_protocol_from_id(uint32_t id); /* NULL: none */
PROTOCOLINFO *nm_protocol_info(HPROTOCOL h);
PROTOCOLTABLE *nm_protocols_enabled(void); /* after sealing; static */
/* The number of the shared object that a protocol came with, 0 for none; and of the one that an
 * HPARSER is: what its DllMain got as its instance, or a handle of one of its protocols.
 * NM_NO_OBJECT: there is no such handle; the last error is left alone. */
#define NM_NO_OBJECT UINT32_MAX
uint32_t nm_protocol_object(HPROTOCOL h);
uint32_t nm_parser_object(HPARSER h);
const char *nm_protocol_path(uint32_t id); /* of its shared object; "": built in, or no protocol */

/* ---- registry: properties ----------------------------------------------------------- */

uint32_t nm_database_create(HPROTOCOL h, uint32_t n);
uint32_t nm_database_destroy(HPROTOCOL h);
HPROPERTY nm_property_add(HPROTOCOL h, PROPERTYINFO *info);
HPROPERTY nm_property_by_label(HPROTOCOL h, const char *label);
PROPERTYINFO *nm_property_info(HPROPERTY h);
HPROTOCOL nm_property_protocol(HPROPERTY h); /* NULL: no property */

/* ---- registry: second names ------------------------------------------------------------ */

/* A name of ParserFieldNames, split and resolved. Sorted by name, case ignored; several
 * rows may have one name ("ip.addr"). */
struct nm_field {
	const char *name;   /* "ip.ttl" */
	uint32_t protocol;  /* id */
	HPROPERTY property; /* 0: the protocol itself */
	uint32_t mask;      /* these bits of the value, shifted down; 0: all */
	uint32_t order;     /* place among all rows, as parsers gave them */
	/* Where it always is, see PARSERFIXEDFIELD; 0 bytes: attaching tells. */
	uint16_t fixed_at, fixed_bytes;
	bool within_instance;
	DWORD fixed_flags;
	uint8_t type; /* PROP_TYPE_*, as which it compares */
};

/* All of them, after sealing. */
const struct nm_field *nm_fields(size_t *ret_n);
/* The rows of one name, *ret_n of them; NULL: none. */
const struct nm_field *nm_field_find(const char *name, size_t *ret_n);
/* The property of a protocol that a name stands for; 0 when it stands for none, several or only
 * some of its bits. */
HPROPERTY nm_property_by_name(HPROTOCOL h, const char *name);
/* The rows of one property, or with 0 those of the protocol itself, in the order in which
 * its parser gave them; *ret_n of them; NULL: none. After sealing. */
const struct nm_field *nm_fields_of(uint32_t protocol, HPROPERTY property, size_t *ret_n);

/* ---- hand-off tables ----------------------------------------------------------------------- */

uint32_t nm_handoff_create(
    const char *section, const char *ini, uint32_t most, uint32_t base, HANDOFFTABLE **ret);
HPROTOCOL nm_handoff_find(const HANDOFFTABLE *t, uint32_t item, DWORD_PTR *ret_inst);
void nm_handoff_destroy(HANDOFFTABLE *t);
/* The value of a key in a section of a parser's INI file; false: none. */
bool nm_ini_value(const char *ini, const char *section, const char *key, char *buf, size_t size);

/* ---- a frame ----------------------------------------------------------------------------------- */

struct nm_parse;

/* Takes address space for 65,535 instances, and memory as far as frames use it.
 * Seals the registry. NULL: out of memory. */
struct nm_parse *nm_parse_new(void);
void nm_parse_free(struct nm_parse *p);

/* From here on p is about this frame; what is known of another is forgotten. Cheap. */
void nm_parse_set(struct nm_parse *p, HFRAME h, const struct nm_frame *f);
HFRAME nm_parse_frame(const struct nm_parse *p);
const uint8_t *nm_parse_record(const struct nm_parse *p); /* as set; NULL: none */
uint32_t nm_parse_number(const struct nm_parse *p);       /* of the frame that is set, from 0 */

/* The protocols of the frame; never NULL. */
RECOGNIZEDATATABLE *nm_parse_recognize(struct nm_parse *p);
/* Until somebody reads the table, recognize nothing: it lies behind a page that faults,
 * nm_parse_fault recognizes the frame that is set and opens the page for good. Only
 * where the process's handler of SIGSEGV asks nm_parse_fault; one parse at a time. */
void nm_parse_be_lazy(struct nm_parse *p);
/* As nm_parse_recognize, or, while nobody has read the table, where it is. */
RECOGNIZEDATATABLE *nm_parse_shown(struct nm_parse *p);

/* One bit for each protocol id. */
struct nm_protocol_set {
	uint64_t bits[(NM_PROTOCOLS_MAX + 64) / 64];
};

static inline void nm_protocol_set_add(struct nm_protocol_set *s, uint32_t id)
{
	s->bits[id / 64] |= UINT64_C(1) << id % 64;
}

/* The properties of the frame; never NULL. `only` (may be NULL) attaches those of some
 * protocols: the others have none, and asking for more later attaches anew. */
PROPERTYTABLE *nm_parse_attach(struct nm_parse *p, const struct nm_protocol_set *only);

/* The first instance of a property behind `after` (NULL: of all), or before it. NULL:
 * none. Attaches nothing. */
PROPERTYINST *nm_parse_find(
    const struct nm_parse *p, HPROPERTY h, const PROPERTYINST *after, bool forward);

/* A property's value in the i-th protocol of the frame, by its parser's promise and without
 * attaching anything: NM_FIXED_THERE and *ret, an instance like the one that would be
 * attached; NM_FIXED_NONE: that is another protocol. NM_FIXED_CUT: not all of it is there,
 * and attaching tells what is. */
enum nm_fixed_answer { NM_FIXED_THERE, NM_FIXED_NONE, NM_FIXED_CUT };
enum nm_fixed_answer nm_parse_fixed(
    const struct nm_parse *p, const struct nm_field *f, unsigned i, PROPERTYINST *ret);

/* The same, but only where its bytes are. */
enum nm_fixed_answer nm_parse_fixed_bytes(
    const struct nm_parse *p, const struct nm_field *f, unsigned i, const uint8_t **ret);

/* The instance's text by its parser's FormatProperties, in UTF-8, lines separated by
 * line feeds, cut to size (> 0) with the NUL. False: not an instance of this frame. */
bool nm_parse_text(struct nm_parse *p, const PROPERTYINST *i, char *buf, size_t size);

/* ---- inside a parser's entry point ------------------------------------------------------------ */

/* The parse whose parser runs on this thread; NULL: none does. */
struct nm_parse *nm_parse_running(void);
uint32_t nm_parse_running_protocol(void); /* id; 0: none */

/* CCHeap* and Get/SetCCInstPtr, for the protocol that runs; outside of entry points they
 * fail with NMERR_NOT_LOCKED. */
void *nm_context_alloc(size_t n);
void *nm_context_realloc(void *p, size_t n);
bool nm_context_free(void *p);
size_t nm_context_size(const void *p);
void *nm_context_pointer(void);
void nm_context_set_pointer(void *value);

/* Behind AttachPropertyInstance and its companion. */
WINBOOL nm_attach(
    HFRAME h, HPROPERTY property, DWORD length, ULPVOID data, DWORD help, DWORD level, DWORD flags);
WINBOOL nm_attach_ex(HFRAME h, HPROPERTY property, DWORD length, ULPVOID data, DWORD ex_length,
    ULPVOID ex_data, DWORD help, DWORD level, DWORD flags);

#endif
