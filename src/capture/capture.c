/* SPDX-License-Identifier: MIT */
/* Opening a capture: content decides which format it is. */
#include "capture/capture_int.h"
#include "capture/unpack.h"

#include <netmon.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct nm_format_ops *const formats[] = {
	&nm_pcap_ops,
	&nm_pcapng_ops,
	&nm_netmon_ops,
};

/* Files people take for captures, and what to tell them. */
static const struct {
	uint8_t n;
	char magic[9];
	const char *what;
} others[] = {
	{ 3, "BZh", "it is compressed with bzip2: unpack it first" },
	{ 4, "PK\3\4", "it is a ZIP archive: unpack it first" },
	{ 8, "snoop\0\0", "it is a Sun snoop capture; convert it to pcap first" },
	{ 4,
	    "\x7f"
	    "ELF",
	    "it is a program or library" },
	{ 4, "%PDF", "it is a PDF document" },
};

static bool is_text(const struct nm_head *h)
{
	for (size_t i = 0; i < h->n; i++)
		if (h->p[i] < 0x20 && h->p[i] != '\n' && h->p[i] != '\r' && h->p[i] != '\t')
			return false;
	return true;
}

static uint32_t not_a_capture(const struct nm_head *h, struct nm_diag *d)
{
	static const char want[] = "expected pcap, pcapng or Network Monitor";
	const uint8_t *p = h->p;

	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		if (h->n >= others[i].n && memcmp(p, others[i].magic, others[i].n) == 0)
			return nm_diag_set(d, NMERR_INVALID_FILE_FORMAT, 0,
			    "not a capture: %s (%s)", others[i].what, want);
	if (h->n < 4)
		return nm_diag_set(d, NMERR_INVALID_FILE_FORMAT, 0,
		    "not a capture: it has only %zu bytes (%s)", h->n, want);
	if (is_text(h))
		return nm_diag_set(d, NMERR_INVALID_FILE_FORMAT, 0,
		    "not a capture: it starts with text (%s)", want);
	return nm_diag_set(d, NMERR_INVALID_FILE_FORMAT, 0,
	    "not a capture: it starts with the bytes %02x %02x %02x %02x (%s)", p[0], p[1], p[2],
	    p[3], want);
}

void nm_facts_note(struct nm_capture_facts *f, uint64_t offset, const char *fmt, ...)
{
	char text[NM_DIAG_TEXT];
	va_list ap;

	if (f->note.code != 0)
		return;
	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	(void)nm_diag_set(&f->note, NMERR_INVALID_FILE_FORMAT, offset, "%s", text);
}

ssize_t nm_capture_read(const struct nm_capture *c, void *buf, size_t n, uint64_t offset)
{
	uint64_t total;

	(void)nm_source_await(c->source, offset, offset + n, offset + n, NM_WAIT, NULL, &total);
	return nm_source_pread(c->source, buf, n, offset);
}

static uint32_t choose_format(struct nm_capture *c, const struct nm_head *h, struct nm_diag *d)
{
	struct nm_diag why = { .code = NMERR_INVALID_FILE_FORMAT };

	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
		switch (formats[i]->probe(h, &why)) {
		case NM_PROBE_NO: continue;
		case NM_PROBE_BROKEN: return nm_diag_set(d, why.code, why.offset, "%s", why.text);
		case NM_PROBE_YES: c->ops = formats[i]; return NMERR_SUCCESS;
		}
	}
	return not_a_capture(h, d);
}

bool nm_capture_begins_so(const uint8_t *p, size_t n)
{
	const struct nm_head h = { .p = p, .n = n, .file_bytes = NM_BYTES_UNKNOWN };
	struct nm_diag why;

	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
		if (formats[i]->probe(&h, &why) != NM_PROBE_NO)
			return true;
	return nm_unpack_detect(p, n) != NULL;
}

/* A Network Monitor file can only be read when its end is there: it says where
 * the frames are. */
static void take_in_all(struct nm_capture *c)
{
	uint64_t total;

	nm_source_keep(c->source);
	(void)nm_source_await(
	    c->source, NM_BYTES_UNKNOWN, NM_BYTES_UNKNOWN, NM_BYTES_UNKNOWN, NM_WAIT, NULL, &total);
	c->file_bytes = total;
}

/* No more of a stream is waited for than its format needs. */
static ssize_t read_head(const struct nm_capture *c, uint8_t bytes[NM_HEAD_BYTES])
{
	struct nm_head h = { .p = bytes };
	struct nm_diag why;
	uint64_t total;
	ssize_t got;

	(void)nm_source_await(c->source, 0, NM_HEAD_LEAST, NM_HEAD_BYTES, NM_WAIT, NULL, &total);
	got = nm_source_pread(c->source, bytes, NM_HEAD_BYTES, 0);
	h.n = got > 0 ? (size_t)got : 0;
	if (nm_netmon_ops.probe(&h, &why) == NM_PROBE_BROKEN)
		got = nm_capture_read(c, bytes, NM_HEAD_BYTES, 0);
	return got;
}

static uint32_t open_format(struct nm_capture *c, struct nm_diag *d)
{
	uint8_t bytes[NM_HEAD_BYTES];
	struct nm_head h = { .p = bytes, .file_bytes = c->file_bytes };
	ssize_t got = read_head(c, bytes);
	struct nm_diag why = { .code = 0 };
	uint32_t err;

	if (got <= 0 && !nm_source_harm(c->source))
		return nm_diag_set(d, NMERR_FILE_READ_ERROR, 0, "cannot be read: %s",
		    got < 0 ? strerror((int)-got) : "it holds nothing");
	h.n = got > 0 ? (size_t)got : 0;
	err = choose_format(c, &h, d);
	if (err && nm_source_harm(c->source)) /* which is why it is no capture */
		return nm_diag_set(d, nm_source_harm(c->source)->code, NM_NO_OFFSET, "%s",
		    nm_source_harm(c->source)->text);
	if (err)
		return err;
	if (c->ops == &nm_netmon_ops && c->file_bytes == NM_BYTES_UNKNOWN)
		take_in_all(c);
	err = c->ops->open(c, &h, &why);
	if (err)
		return nm_diag_set(d, err, why.offset, "%s", why.text);
	return NMERR_SUCCESS;
}

static void tell_source(struct nm_capture *c)
{
	const char *packing = nm_source_packing(c->source);

	c->file_bytes = nm_source_input_bytes(c->source);
	c->facts.file_bytes = c->file_bytes;
	c->facts.streamed = nm_source_is_stream(c->source);
	if (c->facts.streamed)
		c->file_bytes = NM_BYTES_UNKNOWN;
	if (packing)
		(void)snprintf(c->facts.packing, sizeof c->facts.packing, "%s", packing);
}

uint32_t nm_capture_open(int fd, struct nm_capture **ret_c, struct nm_diag *ret_diag)
{
	return nm_capture_open_growing(fd, NULL, ret_c, ret_diag);
}

uint32_t nm_capture_open_growing(
    int fd, const _Atomic uint32_t *coming, struct nm_capture **ret_c, struct nm_diag *ret_diag)
{
	struct nm_capture *c = nm_prim_alloc(sizeof *c);
	uint32_t err;

	if (!c)
		return nm_diag_set(ret_diag, NMERR_OUT_OF_MEMORY, NM_NO_OFFSET, "no memory");
	*c = (struct nm_capture){ .begin.section = UINT32_MAX };
	err = nm_source_open_growing(fd, coming, &c->source, ret_diag);
	if (!err) {
		tell_source(c);
		err = open_format(c, ret_diag);
	}
	if (!err)
		err = nm_index_new(c, ret_diag);
	if (err) {
		nm_capture_close(c);
		return err;
	}
	nm_index_find_start(c);
	nm_index_begin(c);
	*ret_c = c;
	return NMERR_SUCCESS;
}

void nm_capture_keep_heads(struct nm_capture *c)
{
	c->keep_heads = true;
	if (c->ops == &nm_pcap_ops)
		c->u.pcap.pseudo_head = 0;
}

int nm_capture_input(const struct nm_capture *c)
{
	return nm_source_input(c->source);
}

int nm_capture_fd(const struct nm_capture *c)
{
	return nm_source_fd(c->source);
}

void nm_capture_close(struct nm_capture *c)
{
	if (!c)
		return;
	nm_index_free(c->index);
	nm_source_close(c->source);
	nm_prim_free(c->comment);
	nm_prim_free(c);
}

const char *nm_capture_comment(const struct nm_capture *c)
{
	return c->comment;
}

void nm_capture_keep(struct nm_capture *c)
{
	nm_source_keep(c->source);
}

void nm_capture_expect_readers(struct nm_capture *c, bool expected)
{
	nm_source_expect_readers(c->source, expected);
}

void nm_capture_reader_begin(struct nm_capture *c, unsigned reader)
{
	nm_source_reader_begin(c->source, reader);
}

void nm_capture_reader_end(struct nm_capture *c, unsigned reader)
{
	nm_source_reader_end(c->source, reader);
}

void nm_capture_serve(struct nm_capture *c)
{
	nm_source_serve(c->source);
}

void nm_capture_use_temporary(int full_fd, int read_fd)
{
	nm_source_use_temporary(full_fd, read_fd);
}
