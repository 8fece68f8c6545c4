/* SPDX-License-Identifier: MIT */
/* The data of DNS records, by their type. */
#include "../common/list.h"
#include "../common/times.h"
#include "dns.h"

#define STRINGS_MAX 256u /* in a record of texts */

/* A record's data: rows at its beginning, strings behind their lengths (two rows for each),
 * names, rows behind those. */
static const struct data_form {
	uint16_t type;
	uint16_t before, n_before;
	uint16_t string, n_strings;
	uint16_t name, n_names;
	uint16_t after, n_after;
} forms[] = {
	{ .type = TYPE_A, .before = DNS_ADDRESS, .n_before = 1 },
	{ .type = 2, .name = DNS_NS, .n_names = 1 },
	{ .type = 5, .name = DNS_CNAME, .n_names = 1 },
	{ .type = 6, .name = DNS_SOA_SERVER, .n_names = 2, .after = DNS_SOA_SERIAL, .n_after = 5 },
	{ .type = 12, .name = DNS_PTR, .n_names = 1 },
	{ .type = 13, .string = DNS_CPU_LENGTH, .n_strings = 2 },
	{ .type = 15, .before = DNS_MX_PREFERENCE, .n_before = 1, .name = DNS_MX, .n_names = 1 },
	{ .type = 17, .name = DNS_RP_MAILBOX, .n_names = 2 },
	{ .type = TYPE_AAAA, .before = DNS_ADDRESS_6, .n_before = 1 },
	{ .type = TYPE_SRV,
	    .before = DNS_SRV_PRIORITY,
	    .n_before = 3,
	    .name = DNS_SRV_TARGET,
	    .n_names = 1 },
	{ .type = 35,
	    .before = DNS_NAPTR_ORDER,
	    .n_before = 2,
	    .string = DNS_NAPTR_FLAGS_LENGTH,
	    .n_strings = 3,
	    .name = DNS_NAPTR_REPLACEMENT,
	    .n_names = 1 },
	{ .type = 37, .before = DNS_CERT_TYPE, .n_before = 4 },
	{ .type = 39, .name = DNS_DNAME, .n_names = 1 },
	{ .type = 43, .before = DNS_DS_TAG, .n_before = 4 },
	{ .type = 44, .before = DNS_SSHFP_ALGORITHM, .n_before = 3 },
	{ .type = 46,
	    .before = DNS_COVERED,
	    .n_before = 7,
	    .name = DNS_SIG_SIGNER,
	    .n_names = 1,
	    .after = DNS_SIGNATURE,
	    .n_after = 1 },
	{ .type = 47, .name = DNS_NSEC_NEXT, .n_names = 1, .after = DNS_NSEC_TYPES, .n_after = 1 },
	{ .type = 48, .before = DNS_KEY_FLAGS, .n_before = 4 },
	{ .type = 50,
	    .before = DNS_NSEC3_ALGORITHM,
	    .n_before = 3,
	    .string = DNS_NSEC3_SALT_LENGTH,
	    .n_strings = 2,
	    .after = DNS_NSEC_TYPES,
	    .n_after = 1 },
	{ .type = 51,
	    .before = DNS_NSEC3_ALGORITHM,
	    .n_before = 3,
	    .string = DNS_NSEC3_SALT_LENGTH,
	    .n_strings = 1 },
	{ .type = 52, .before = DNS_TLSA_USAGE, .n_before = 4 },
	{ .type = 59, .before = DNS_DS_TAG, .n_before = 4 },
	{ .type = 60, .before = DNS_KEY_FLAGS, .n_before = 4 },
	{ .type = 64,
	    .before = DNS_SVC_PRIORITY,
	    .n_before = 1,
	    .name = DNS_SVC_TARGET,
	    .n_names = 1 },
	{ .type = 65,
	    .before = DNS_SVC_PRIORITY,
	    .n_before = 1,
	    .name = DNS_SVC_TARGET,
	    .n_names = 1 },
	{ .type = 257,
	    .before = DNS_CAA_FLAGS,
	    .n_before = 1,
	    .string = DNS_CAA_TAG_LENGTH,
	    .n_strings = 1,
	    .after = DNS_CAA_VALUE,
	    .n_after = 1 },
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

/* n strings, each behind its length: rows `row` and `row` + 1, and from there `step` rows on
 * for the next one. Where they end. */
static DWORD attach_strings(
    const struct message *m, unsigned row, unsigned step, unsigned n, DWORD at, DWORD end)
{
	const struct header data = { m->h.frame, m->h.p, end };

	for (; n > 0 && at < end; n--, row += step) {
		DWORD size = data.p[at];

		field_attach_at(&data, &m->fields[row], at, 1, 0);
		field_attach_at(&data, &m->fields[row + 1], at + 1, size, 0);
		at += 1 + size;
	}
	return at < end ? at : end;
}

/* Fields one behind the other; times are seconds since 1970. */
static void attach_rows(const struct header *h, const struct field *f, unsigned n)
{
	for (; n > 0; n--, f++)
		if (f->type == PROP_TYPE_TIME && h->left >= (DWORD)f->at + f->size)
			time_attach(h, f, f->at, f->size, be32(h->p + f->at), 0);
		else
			fields_attach(h, f, 1);
}

/* Names may point to what was before the data. */
static void attach_form(const struct message *m, const struct data_form *f, DWORD at, DWORD end)
{
	const struct header whole = { m->h.frame, m->h.p, end };
	struct name name;

	if (f->n_before) {
		const struct header before = { m->h.frame, m->h.p + at, end - at };
		const struct field *last = &m->fields[f->before + f->n_before - 1];

		attach_rows(&before, &m->fields[f->before], f->n_before);
		at += (DWORD)last->at + last->size;
	}
	at = attach_strings(m, f->string, 2, f->n_strings, at < end ? at : end, end);
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
		(void)attach_strings(m, DNS_TEXT_LENGTH, 0, STRINGS_MAX, at, end);
	else if (f)
		attach_form(m, f, at, end);
	else
		field_attach_at(&m->h, &m->fields[DNS_DATA], at, end - at, 0);
}
