/* SPDX-License-Identifier: MIT */
/* The manifest of a capsule as JSON. Frames count from 1 there, as in reports. */
#include "host/manifest.h"

#include "system/files.h"

#include <errno.h>
#include <jansson.h>
#include <netmon.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FORMAT_VERSION 2
#define PATH_MOST      4096
#define TEXT_MOST      65536

static const char *const slices[NM_SLICES] = { "none", "last", "all" };
static const char *const heaps[] = { "normal", "guard", "guard-under" };

const char *nm_slice_word(enum nm_slice s)
{
	return (unsigned)s < NM_SLICES ? slices[s] : "none";
}

const char *nm_frames_name(const struct nm_manifest *m)
{
	return m->netmon ? "frames.cap" : "frames.pcapng";
}

/* ---- writing -------------------------------------------------------------------------- */

/* A string of any bytes: what is not UTF-8 becomes '?'. */
static json_t *text(const char *s)
{
	json_t *j = json_string(s);
	char *copy;

	if (j || !s)
		return j;
	copy = strdup(s);
	for (char *p = copy; p && *p; p++)
		if ((unsigned char)*p >= 0x80)
			*p = '?';
	j = copy ? json_string(copy) : NULL;
	free(copy);
	return j;
}

static json_t *number(uint64_t n)
{
	return json_integer((json_int_t)(n > INT64_MAX ? INT64_MAX : n));
}

static json_t *frame_number(uint32_t frame)
{
	return frame == NM_NO_FRAME ? json_null() : json_integer((json_int_t)frame + 1);
}

static json_t *build(const struct nm_manifest *m)
{
	return json_pack("{s:i, s:s, s:{s:o, s:o, s:s}, s:{s:o, s:s, s:s, s:o, s:o, s:b}, "
			 "s:{s:o, s:o, s:o, s:o, s:o, s:s, s:i, s:i, s:b, s:b, s:i, s:s}, "
			 "s:{s:s, s:s, s:i, s:o, s:o, s:o}}",
	    "capsule", FORMAT_VERSION, "netmon", nm_version(), /* */
	    "expert", "path", text(m->expert_path), "name", text(m->expert_name), "sha256",
	    m->expert_sha256, /* */
	    "frames", "capture", text(m->capture), "file", nm_frames_name(m), "slice",
	    nm_slice_word(m->slice), "first", frame_number(m->first), "last", frame_number(m->last),
	    "tried", m->tried, /* */
	    "settings", "timeout_ms", number(m->timeout_ms), "stall_ms", number(m->stall_ms),
	    "memory_bytes", number(m->memory_bytes), "max_events", number(m->max_events),
	    "fail_alloc", number(m->fail_alloc), "heap", heaps[m->heap_guard], "rest_blocks",
	    (int)m->rest_blocks, "max_threads", (int)m->max_threads, "trace_memory",
	    m->trace_memory, "config", m->config, "grants", (int)m->grants, "parsers_sha256",
	    m->parsers_sha256, /* */
	    "end", "verdict", nm_verdict_word(m->end.verdict), "phase", nm_phase_word(m->end.phase),
	    "signal", m->end.signal, "frame", frame_number(m->end.frame), "reason", text(m->reason),
	    "backtrace", text(m->backtrace));
}

int nm_manifest_write(const struct nm_manifest *m, int fd)
{
	json_t *j = build(m);
	int err = 0;

	if (!j)
		return ENOMEM;
	errno = 0;
	if (json_dumpfd(j, fd, JSON_INDENT(2)) < 0 || write(fd, "\n", 1) != 1)
		err = errno ? errno : EIO;
	json_decref(j);
	return err;
}

/* ---- reading -------------------------------------------------------------------------- */

struct reader {
	json_t *at;       /* borrowed; the object that members are taken from */
	const char *name; /* of that object */
	struct nm_diag *d;
	bool bad;
};

static void refuse(struct reader *r, const char *member, const char *what)
{
	if (!r->bad)
		(void)nm_diag_set(r->d, NMERR_INVALID_DATA, NM_NO_OFFSET, "%s%s%s %s", r->name,
		    *r->name ? "." : "", member, what);
	r->bad = true;
}

static uint64_t take_number(struct reader *r, const char *member, uint64_t most)
{
	json_t *j = r->bad ? NULL : json_object_get(r->at, member);
	json_int_t n = json_integer_value(j);

	if (!json_is_integer(j) || n < 0 || (uint64_t)n > most) {
		refuse(r, member, "is no number of its range");
		return 0;
	}
	return (uint64_t)n;
}

static bool take_bool(struct reader *r, const char *member)
{
	json_t *j = r->bad ? NULL : json_object_get(r->at, member);

	if (!json_is_boolean(j))
		refuse(r, member, "is neither true nor false");
	return json_is_true(j);
}

static uint32_t take_frame(struct reader *r, const char *member)
{
	uint64_t n;

	if (!r->bad && json_is_null(json_object_get(r->at, member)))
		return NM_NO_FRAME;
	n = take_number(r, member, UINT32_MAX);
	if (n == 0)
		refuse(r, member, "is no frame number");
	return (uint32_t)(n - 1);
}

/* Borrowed from the JSON value; "" when it is none. */
static const char *take_string(struct reader *r, const char *member, size_t most)
{
	json_t *j = r->bad ? NULL : json_object_get(r->at, member);
	const char *s = json_string_value(j);

	if (!s || json_string_length(j) > most || strlen(s) != json_string_length(j)) {
		refuse(r, member, "is no string, or a longer one than can be");
		return "";
	}
	return s;
}

static char *take_copy(struct reader *r, const char *member, size_t most)
{
	char *s = strdup(take_string(r, member, most));

	if (!s)
		refuse(r, member, "is more than there is memory for");
	return s;
}

/* Which of the words it is; names past the last are NULL. */
static unsigned take_word(
    struct reader *r, const char *member, const char *(*word)(unsigned), unsigned n)
{
	const char *s = take_string(r, member, 64);

	for (unsigned i = 0; i < n && !r->bad; i++)
		if (strcmp(word(i), s) == 0)
			return i;
	refuse(r, member, "is none of its words");
	return 0;
}

static const char *slice_word(unsigned i)
{
	return slices[i];
}

static const char *heap_word(unsigned i)
{
	return heaps[i];
}

static const char *verdict_word(unsigned i)
{
	return nm_verdict_word((enum nm_verdict)i);
}

static const char *phase_word(unsigned i)
{
	return nm_phase_word((enum nm_phase)i);
}

static const char *file_word(unsigned i)
{
	return nm_frames_name(&(struct nm_manifest){ .netmon = i == 1 });
}

static struct reader part(const struct reader *all, const char *name)
{
	struct reader r = *all;

	r.at = r.bad ? NULL : json_object_get(all->at, name);
	if (!json_is_object(r.at))
		refuse(&r, name, "is no object");
	r.name = name;
	return r;
}

static void take_hash(struct reader *r, const char *name, char ret[NM_HASH_TEXT])
{
	const char *hex = take_string(r, name, NM_HASH_TEXT - 1);

	if (strlen(hex) != NM_HASH_TEXT - 1 || strspn(hex, "0123456789abcdef") != NM_HASH_TEXT - 1)
		refuse(r, name, "is no hash");
	(void)strncpy(ret, hex, NM_HASH_TEXT - 1);
}

static void read_expert(struct reader *r, struct nm_manifest *m)
{
	take_hash(r, "sha256", m->expert_sha256);
	m->expert_path = take_copy(r, "path", PATH_MOST);
	if (m->expert_path && !nm_path_is_absolute(m->expert_path))
		refuse(r, "path", "is no path from the root");
	m->expert_name = take_copy(r, "name", PATH_MOST);
}

static void read_frames(struct reader *r, struct nm_manifest *m)
{
	m->capture = take_copy(r, "capture", PATH_MOST);
	m->netmon = take_word(r, "file", file_word, 2) == 1;
	m->slice = (enum nm_slice)take_word(r, "slice", slice_word, NM_SLICES);
	m->first = take_frame(r, "first");
	m->last = take_frame(r, "last");
	m->tried = take_bool(r, "tried");
	if (m->slice != NM_SLICE_NONE &&
	    (m->first == NM_NO_FRAME || m->last == NM_NO_FRAME || m->last < m->first))
		refuse(r, "last", "is before the first");
}

static void read_settings(struct reader *r, struct nm_manifest *m)
{
	m->timeout_ms = take_number(r, "timeout_ms", INT64_MAX / 1000000);
	m->stall_ms = take_number(r, "stall_ms", INT64_MAX / 1000000);
	m->memory_bytes = take_number(r, "memory_bytes", INT64_MAX);
	m->max_events = take_number(r, "max_events", INT64_MAX);
	m->fail_alloc = take_number(r, "fail_alloc", INT64_MAX);
	m->heap_guard = take_word(r, "heap", heap_word, 3);
	m->rest_blocks = (uint32_t)take_number(r, "rest_blocks", 65536);
	m->max_threads = (uint32_t)take_number(r, "max_threads", 65536);
	m->trace_memory = take_bool(r, "trace_memory");
	m->config = take_bool(r, "config");
	m->grants = (unsigned)take_number(r, "grants", 65536);
	take_hash(r, "parsers_sha256", m->parsers_sha256);
}

static void read_end(struct reader *r, struct nm_manifest *m)
{
	m->end.verdict = (enum nm_verdict)take_word(r, "verdict", verdict_word, NM_VERDICTS);
	m->end.phase = (enum nm_phase)take_word(r, "phase", phase_word, NM_PHASES);
	m->end.signal = (int)take_number(r, "signal", 128);
	m->end.frame = take_frame(r, "frame");
	m->reason = take_copy(r, "reason", TEXT_MOST);
	m->backtrace = take_copy(r, "backtrace", TEXT_MOST);
}

static bool read_all(struct reader *all, struct nm_manifest *m)
{
	static const struct {
		const char *name;
		void (*read)(struct reader *r, struct nm_manifest *m);
	} parts[] = {
		{ "expert", read_expert },
		{ "frames", read_frames },
		{ "settings", read_settings },
		{ "end", read_end },
	};

	if (take_number(all, "capsule", INT32_MAX) != FORMAT_VERSION)
		refuse(all, "capsule", "is a version that this netmon does not know");
	for (size_t i = 0; i < sizeof parts / sizeof *parts && !all->bad; i++) {
		struct reader r = part(all, parts[i].name);

		if (!r.bad)
			parts[i].read(&r, m);
		all->bad = r.bad;
	}
	return !all->bad;
}

bool nm_manifest_read(const char *bytes, size_t n, struct nm_manifest *ret, struct nm_diag *d)
{
	struct nm_manifest m = { 0 };
	struct reader r = { .name = "", .d = d };
	json_error_t e;

	r.at = json_loadb(bytes, n, JSON_REJECT_DUPLICATES, &e);
	if (!r.at) {
		(void)nm_diag_set(
		    d, NMERR_INVALID_DATA, NM_NO_OFFSET, "line %d: %s", e.line, e.text);
		return false;
	}
	if (!json_is_object(r.at))
		refuse(&r, "", "is no object");
	if (r.bad || !read_all(&r, &m)) {
		nm_manifest_done(&m);
		json_decref(r.at);
		return false;
	}
	json_decref(r.at);
	*ret = m;
	return true;
}

void nm_manifest_done(struct nm_manifest *m)
{
	free(m->expert_path);
	free(m->expert_name);
	free(m->capture);
	free(m->reason);
	free(m->backtrace);
	*m = (struct nm_manifest){ 0 };
}
