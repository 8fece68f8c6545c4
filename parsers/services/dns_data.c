/* SPDX-License-Identifier: MIT */
/* The data of DNS records, by their type. */
#include "../common/list.h"
#include "dns.h"

#define STRINGS_MAX 256u /* in a record of texts */

/* A record's data: rows at its beginning, names, rows behind those. */
static const struct data_form {
	uint16_t type;
	uint16_t before, n_before;
	uint16_t name, n_names;
	uint16_t after, n_after;
} forms[] = {
	{ TYPE_A, DNS_ADDRESS, 1, 0, 0, 0, 0 },
	{ 2, 0, 0, DNS_NS, 1, 0, 0 },
	{ 5, 0, 0, DNS_CNAME, 1, 0, 0 },
	{ 6, 0, 0, DNS_SOA_SERVER, 2, DNS_SOA_SERIAL, 5 },
	{ 12, 0, 0, DNS_PTR, 1, 0, 0 },
	{ 15, DNS_MX_PREFERENCE, 1, DNS_MX, 1, 0, 0 },
	{ TYPE_AAAA, DNS_ADDRESS_6, 1, 0, 0, 0, 0 },
	{ TYPE_SRV, DNS_SRV_PRIORITY, 3, DNS_SRV_TARGET, 1, 0, 0 },
	{ 39, 0, 0, DNS_DNAME, 1, 0, 0 },
	{ 43, DNS_DS_TAG, 4, 0, 0, 0, 0 },
	{ 46, DNS_COVERED, 7, DNS_SIG_SIGNER, 1, DNS_SIGNATURE, 1 },
	{ 47, 0, 0, DNS_NSEC_NEXT, 1, DNS_NSEC_TYPES, 1 },
	{ 48, DNS_KEY_FLAGS, 4, 0, 0, 0, 0 },
	{ 64, DNS_SVC_PRIORITY, 1, DNS_SVC_TARGET, 1, 0, 0 },
	{ 65, DNS_SVC_PRIORITY, 1, DNS_SVC_TARGET, 1, 0, 0 },
	{ 257, DNS_CAA_FLAGS, 2, 0, 0, 0, 0 },
};

static const struct data_form *form_of(uint16_t type)
{
	for (unsigned i = 0; i < COUNT(forms); i++)
		if (forms[i].type == type)
			return &forms[i];
	return NULL;
}

static const struct element options[] = {
	{ .type = 5, .first = DNS_ALGORITHM, .n = 1, .every = 1 },
	{ .type = 6, .first = DNS_DIGEST, .n = 1, .every = 1 },
	{ .type = 7, .first = DNS_HASH, .n = 1, .every = 1 },
	{ .type = 8, .first = DNS_SUBNET_FAMILY, .n = 4 },
	{ .type = 10, .first = DNS_OPT_DATA, .n = 3 },
	{ .type = 11, .first = DNS_KEEPALIVE, .n = 1 },
	{ .type = 12, .first = DNS_OPT_PADDING, .n = 1 },
	{ .type = 15, .first = DNS_ERROR_CODE, .n = 2 },
};

static const struct list option_list = {
	.type = DNS_OPT,
	.length = DNS_OPT_LENGTH,
	.also = DNS_OPT_WHOLE,
	.rest = DNS_OPT_DATA,
	.length_at = 2,
	.uncounted = 4,
	.elements = options,
	.n_elements = COUNT(options),
};

static const struct list service_list = {
	.type = DNS_SVC_KEY,
	.length = DNS_SVC_LENGTH,
	.rest = DNS_SVC_VALUE,
	.length_at = 2,
	.uncounted = 4,
};

static void attach_list(const struct message *m, const struct list *l, DWORD at, DWORD end)
{
	struct header data = { m->h.frame, m->h.p + at, end - at };
	struct list mine = *l;

	mine.fields = m->fields;
	list_attach(&mine, &data, 0, data.left);
}

/* Each behind its length. */
static void attach_texts(const struct message *m, DWORD at, DWORD end)
{
	const struct header data = { m->h.frame, m->h.p, end };

	for (unsigned i = 0; i < STRINGS_MAX && at < end; i++) {
		DWORD n = data.p[at];

		field_attach_at(&data, &m->fields[DNS_TEXT_LENGTH], at, 1, 0);
		field_attach_at(&data, &m->fields[DNS_TEXT], at + 1, n, 0);
		at += 1 + n;
	}
}

/* Names may point to what was before the data. */
static void attach_form(const struct message *m, const struct data_form *f, DWORD at, DWORD end)
{
	const struct header whole = { m->h.frame, m->h.p, end };
	struct name name;

	if (f->n_before) {
		const struct header before = { m->h.frame, m->h.p + at, end - at };
		const struct field *last = &m->fields[f->before + f->n_before - 1];

		fields_attach(&before, &m->fields[f->before], f->n_before);
		at += (DWORD)last->at + last->size;
	}
	for (unsigned i = 0; i < f->n_names && at < end; i++, at = name.end) {
		name_read(&whole, at, &name);
		name_attach(&whole, &m->fields[f->name + i], at, &name);
	}
	if (f->n_after && at < end) {
		const struct header after = { m->h.frame, m->h.p + at, end - at };

		fields_attach(&after, &m->fields[f->after], f->n_after);
	} else if (f->name == DNS_SVC_TARGET && at < end) {
		attach_list(m, &service_list, at, end);
	}
}

void dns_owner_attach(const struct message *m, DWORD at, const struct name *owner)
{
	const char *text = owner->text;

	for (unsigned i = 0; i < 3; i++) {
		const char *dot = i < 2 ? strchr(text, '.') : NULL;
		DWORD n = dot ? (DWORD)(dot - text) : (DWORD)strlen(text);

		field_attach_value(&m->h, &m->fields[DNS_SRV_SERVICE + i], at, owner->end - at,
		    text, n, owner->bad ? IFLAG_ERROR : 0);
		if (!dot)
			return;
		text = dot + 1;
	}
}

void dns_data_attach(const struct message *m, uint16_t type, DWORD at, DWORD end)
{
	const struct data_form *f = form_of(type);

	if (at >= end)
		return;
	if (type == TYPE_OPT)
		attach_list(m, &option_list, at, end);
	else if (type == TYPE_TXT)
		attach_texts(m, at, end);
	else if (f)
		attach_form(m, f, at, end);
	else
		field_attach_at(&m->h, &m->fields[DNS_DATA], at, end - at, 0);
}
