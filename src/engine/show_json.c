/* SPDX-License-Identifier: MIT */
/* A frame as a JSON object in one line; docs/json.md has its members. */
#include "base/utf8.h"
#include "engine/show.h"

/* As much of n bytes as is wanted. */
static size_t brief(const struct nm_show *s, size_t n)
{
	return s->how->brief && n > s->how->brief ? s->how->brief : n;
}

static void put_string(struct nm_show *s, const char *text)
{
	size_t n = strlen(text);

	nm_page_json(&s->page, text, nm_utf8_cut(text, n, brief(s, n)));
}

static void put_key(struct nm_show *s, const char *key)
{
	nm_page_puts(&s->page, ",\"");
	nm_page_puts(&s->page, key);
	nm_page_puts(&s->page, "\":");
}

static void put_time(struct nm_show *s, const struct nm_shown *f)
{
	put_key(s, "time");
	if (f->ns == NM_NO_TIME) {
		nm_page_puts(&s->page, "null,\"relative\":null");
		return;
	}
	nm_page_puts(&s->page, "\"");
	nm_show_iso_time(s, f->ns);
	nm_page_puts(&s->page, "\"");
	put_key(s, "relative");
	nm_show_clock(s, f, NM_CLOCK_RELATIVE);
}

/* Each of its names with what that means. */
static void put_fields(struct nm_show *s, uint32_t protocol, const PROPERTYINST *i)
{
	size_t n = 0;
	const struct nm_field *f = s->door->fields_of(protocol, (HPROPERTY)i->lpPropertyInfo, &n);

	if (!n)
		return;
	put_key(s, "fields");
	for (size_t k = 0; k < n; k++) {
		nm_page_puts(&s->page, k ? "," : "{");
		put_string(s, f[k].name);
		nm_page_puts(&s->page, ":");
		nm_show_value(s, i, &f[k], true);
	}
	nm_page_puts(&s->page, "}");
}

/* The bytes of the frame that stand for it, if any do. */
static void put_place(struct nm_show *s, const struct nm_shown *f, const PROPERTYINST *i)
{
	bool extended = i->DataLength == 0xFFFF;
	const uint8_t *p = extended ? i->lpPropertyInstEx->lpData : i->lpByte;
	unsigned n = extended ? i->lpPropertyInstEx->Length : i->DataLength;

	if (!p)
		return;
	put_key(s, "offset");
	nm_page_number(&s->page, (uint64_t)(p - f->data));
	put_key(s, "length");
	nm_page_number(&s->page, n);
}

static void put_property(
    struct nm_show *s, const struct nm_shown *f, uint32_t protocol, const PROPERTYINST *i)
{
	const char *label = i->lpPropertyInfo->Label;

	nm_page_puts(&s->page, "{\"label\":");
	put_string(s, label ? label : "");
	put_key(s, "level");
	nm_page_number(&s->page, i->Level);
	put_key(s, "text");
	put_string(s, nm_show_text(s, i));
	if (!s->how->brief)
		put_fields(s, protocol, i);
	put_place(s, f, i);
	if (i->IFlags & IFLAG_ERROR) {
		put_key(s, "error");
		nm_page_puts(&s->page, "true");
	}
	nm_page_puts(&s->page, "}");
}

static void put_layer(struct nm_show *s, const struct nm_shown *f, unsigned i)
{
	const RECOGNIZEDATA *r = &f->protocols->RecognizeData[i];
	unsigned n, k = 0;
	const PROPERTYINST *p = nm_show_instances(f, i, &n);

	nm_page_puts(&s->page, i ? ",{\"protocol\":" : "{\"protocol\":");
	put_string(s, s->roles[r->ProtocolID].name);
	put_key(s, "name");
	put_string(s, s->roles[r->ProtocolID].second);
	put_key(s, "offset");
	nm_page_number(&s->page, r->nProtocolOffset);
	if (n && p->Level == 0) {
		put_key(s, "summary");
		put_string(s, nm_show_text(s, p));
		if (p->IFlags & IFLAG_ERROR)
			nm_page_puts(&s->page, ",\"error\":true");
		k = 1;
	}
	put_key(s, "properties");
	nm_page_puts(&s->page, "[");
	for (unsigned first = k; k < n && !nm_page_is_broken(&s->page); k++) {
		nm_page_puts(&s->page, k > first ? "," : "");
		put_property(s, f, r->ProtocolID, &p[k]);
	}
	nm_page_puts(&s->page, "]}");
}

static void put_column(
    struct nm_show *s, const struct nm_shown *f, const char *key, enum nm_column_kind column)
{
	put_key(s, key);
	nm_show_column(s, f, column, true);
}

void nm_show_json(struct nm_show *s, const struct nm_shown *f)
{
	nm_page_puts(&s->page, "{\"frame\":");
	nm_page_number(&s->page, (uint64_t)f->number + 1);
	put_time(s, f);
	put_column(s, f, "length", NM_SHOW_LENGTH);
	put_key(s, "captured");
	nm_page_number(&s->page, f->stored);
	put_column(s, f, "source", NM_SHOW_SOURCE);
	put_column(s, f, "destination", NM_SHOW_DESTINATION);
	put_column(s, f, "protocol", NM_SHOW_PROTOCOL);
	put_column(s, f, "info", NM_SHOW_INFO);
	put_key(s, "malformed");
	nm_page_puts(&s->page, nm_show_is_malformed(f) ? "true" : "false");
	put_key(s, "layers");
	nm_page_puts(&s->page, "[");
	for (unsigned i = 0; i < f->protocols->nRecognizeDatas; i++)
		put_layer(s, f, i);
	nm_page_puts(&s->page, "]");
	if (s->how->bytes) {
		put_key(s, "bytes");
		nm_page_puts(&s->page, "\"");
		nm_page_hex(&s->page, f->data, brief(s, f->stored), 0);
		nm_page_puts(&s->page, "\"");
	}
	nm_page_puts(&s->page, "}\n");
}
