/* SPDX-License-Identifier: MIT */
/* Property Distribution: in how many frames a property is, and with which values.
 *
 * Without a property it counts in how many frames each protocol is, for which nothing has to
 * be attached. docs/propdist.md says what counts as what.
 */
#include "../common/visit.h"
#include "report.h"

#include <inttypes.h>
#include <stdio.h>

#define TOP_DEFAULT    20
#define MEMORY_DEFAULT 32 /* MiB */
#define NAME_BYTES     128

/* The EXPERTCONFIG of this expert. A shorter one leaves the rest at its default. */
struct config {
	DWORD RawConfigLength;
	DWORD Top;                 /* values in the report; 0: all */
	DWORD MemoryMiB;           /* limit of what is remembered; 0: the default */
	char Property[NAME_BYTES]; /* "TCP:Source Port"; empty: none */
};

#define FIELD(member) NMAPI_FIELD(struct config, member)

NMAPI_EXPORT const NMEXPERTFIELD NmExpertFields[] = {
	{ "top", NMFIELD_UINT32, FIELD(Top), "20", NULL, "values listed; 0: all" },
	{ "memory", NMFIELD_UINT32, FIELD(MemoryMiB), "32", "0..65536",
	    "MiB remembered at most; 0: the default" },
	{ "property", NMFIELD_STRING, FIELD(Property), "", NULL,
	    "protocol:property or a name such as tcp.srcport, as netmon protocols NAME lists them; "
	    "empty: in which frames protocols are" },
	{ NULL, 0, 0, 0, NULL, NULL, NULL },
};

struct walk {
	struct visitor visitor;
	struct budget budget;
	struct counts counts;
};

static void read_config(const EXPERTCONFIG *raw, struct config *ret)
{
	*ret = (struct config){ .Top = TOP_DEFAULT, .MemoryMiB = MEMORY_DEFAULT };
	visit_config(raw, &ret->RawConfigLength, sizeof *ret / sizeof(DWORD));
	if (ret->MemoryMiB == 0)
		ret->MemoryMiB = MEMORY_DEFAULT;
	ret->Property[sizeof ret->Property - 1] = '\0';
}

/* ---- values ---------------------------------------------------------------------------------- */

static bool is_number(const PROPERTYINFO *p)
{
	switch (p->DataType) {
	case PROP_TYPE_BYTE:
	case PROP_TYPE_WORD:
	case PROP_TYPE_DWORD:
	case PROP_TYPE_LARGEINT:
	case PROP_TYPE_BYTESWAPPED_WORD:
	case PROP_TYPE_BYTESWAPPED_DWORD:
	case PROP_TYPE_VAR_LEN_SMALL_INT: return p->DataQualifier != PROP_QUAL_ARRAY;
	default: return false;
	}
}

/* At most 8 bytes. */
static uint64_t number_of(const PROPERTYINST *p, const uint8_t *bytes, uint32_t n)
{
	bool big = p->IFlags & IFLAG_SWAPPED ||
		   p->lpPropertyInfo->DataType == PROP_TYPE_BYTESWAPPED_WORD ||
		   p->lpPropertyInfo->DataType == PROP_TYPE_BYTESWAPPED_DWORD;
	uint64_t v = 0;

	for (uint32_t i = 0; i < n; i++)
		v = v << 8 | bytes[big ? i : n - 1 - i];
	return v;
}

/* "Source Port = 80 (0x50)" means 80 (0x50). */
static void text_of(struct value *v, const struct seen *f, PROPERTYINST *p, uint64_t number)
{
	const char *label = p->lpPropertyInfo->Label;
	char text[256], *value = text;
	size_t n;

	if (!GetPropertyText(f->handle, p, text, sizeof text))
		(void)snprintf(text, sizeof text, "%" PRIu64, number);
	n = label ? strlen(label) : 0;
	if (n && strncmp(text, label, n) == 0 && strncmp(text + n, " = ", 3) == 0)
		value = text + n + 3;
	value[strcspn(value, "\n")] = '\0';
	(void)snprintf(v->text, sizeof v->text, "%.63s", value);
}

static void count_instance(struct walk *s, const struct seen *f, PROPERTYINST *p)
{
	struct counts *c = &s->counts;
	uint32_t n = p->DataLength == 0xffff ? p->lpPropertyInstEx->LengthEx : p->DataLength;
	const uint8_t *bytes = GetPropertyInstanceData(p);
	uint64_t number = 0;
	struct value *v;
	bool is_new;

	c->instances++;
	if (!bytes || (c->is_number && (n == 0 || n > sizeof number))) {
		c->unreadable++;
		return;
	}
	if (c->is_number) {
		number = number_of(p, bytes, n);
		numbers_add(&c->numbers, number);
	}
	/* In either byte order a number is the same. */
	v = c->is_number ? values_count(&c->values, (const uint8_t *)&number,
			       (uint32_t)sizeof number, f->number, &is_new)
			 : values_count(&c->values, bytes, n, f->number, &is_new);
	if (is_new)
		text_of(v, f, p, number);
}

static DWORD count_property(struct visitor *v, const struct seen *f)
{
	struct walk *s = (struct walk *)v;
	struct counts *c = &s->counts;
	uint64_t before = c->instances;

	c->all_frames++;
	for (DWORD i = 0; f->properties && i < f->properties->nTotalPropertyInsts; i++) {
		PROPERTYINST *p = &f->properties->lpFirstPropertyInst[i];

		if (p->lpPropertyInfo == c->property)
			count_instance(s, f, p);
	}
	if (c->instances != before && c->frames++ == 0)
		c->first = f->number;
	return s->budget.error == NMERR_EXPERT_TERMINATE ? NMERR_EXPERT_TERMINATE : NMERR_SUCCESS;
}

/* ---- protocols ------------------------------------------------------------------------------- */

static bool stands_before(const RECOGNIZEDATATABLE *t, unsigned at)
{
	for (unsigned i = 0; i < at; i++)
		if (t->RecognizeData[i].ProtocolID == t->RecognizeData[at].ProtocolID)
			return true;
	return false;
}

static DWORD count_protocols(struct visitor *v, const struct seen *f)
{
	struct counts *c = &((struct walk *)v)->counts;

	c->all_frames++;
	for (unsigned i = 0; f->stack && i < f->stack->nRecognizeDatas; i++) {
		unsigned id = f->stack->RecognizeData[i].ProtocolID;

		if (id < c->n_present && !stands_before(f->stack, i))
			c->present[id]++;
	}
	return NMERR_SUCCESS;
}

/* ---- the run ----------------------------------------------------------------------------------- */

static void progress(const struct visitor *v, char *text, size_t n)
{
	const struct counts *c = &((const struct walk *)v)->counts;

	(void)snprintf(
	    text, n, "%" PRIu64 " frames, %" PRIu32 " values", c->all_frames, c->values.n);
}

static void name_of(HPROTOCOL h, char protocol[static 17])
{
	const PROTOCOLINFO *info = h ? GetProtocolInfo(h) : NULL;

	(void)snprintf(protocol, 17, "%.16s", info ? (const char *)info->ProtocolName : "");
}

/* "tcp.srcport", of whichever protocol has it. NULL: none has. */
static LPPROPERTYINFO property_named(char *name, HCAPTURE capture, char protocol[static 17])
{
	const PROTOCOLTABLE *all = strchr(name, '.') ? GetEnabledProtocols(capture) : NULL;

	for (DWORD i = 0; all && i < all->nProtocols; i++) {
		HPROPERTY property = GetProperty(all->hProtocol[i], name);

		if (!property)
			continue;
		name_of(all->hProtocol[i], protocol);
		return GetPropertyInfo(property);
	}
	return NULL;
}

/* "TCP:Source Port", "tcp.srcport". NULL: no such. */
static LPPROPERTYINFO property_of(char *name, HCAPTURE capture, char protocol[static 17])
{
	char *label = strchr(name, ':');
	HPROPERTY property;
	HPROTOCOL h;

	if (!label)
		return property_named(name, capture, protocol);
	(void)snprintf(protocol, 17, "%.*s", (int)(label - name), name);
	h = GetProtocolFromName(protocol);
	property = h ? GetProperty(h, label + 1) : 0;
	return property ? GetPropertyInfo(property) : NULL;
}

/* What a person points at comes first when the program says so, or nothing is set. */
static LPPROPERTYINFO chosen(
    struct config *cfg, const EXPERTSTARTUPINFO *startup, DWORD flags, char protocol[static 17])
{
	bool first = flags & EXPERT_STARTUP_FLAG_USE_STARTUP_DATA_OVER_CONFIG_DATA;

	if (!startup->lpPropertyInst || (*cfg->Property && !first))
		return property_of(cfg->Property, startup->hCapture, protocol);
	name_of(startup->hProtocol, protocol);
	return startup->lpPropertyInst->lpPropertyInfo;
}

static bool prepare(struct walk *s, HCAPTURE capture)
{
	struct counts *c = &s->counts;

	if (c->property) {
		c->is_number = is_number(c->property);
		s->visitor.frame = count_property;
		return values_init(&c->values, &s->budget, visit_seed(s));
	}
	c->protocols = GetEnabledProtocols(capture);
	c->n_present = c->protocols ? c->protocols->nProtocols + 1u : 1u;
	c->present = budget_take(&s->budget, c->n_present * sizeof *c->present);
	s->visitor.frame = count_protocols;
	return c->present != NULL;
}

static DWORD report(struct walk *s, DWORD end, DWORD last, DWORD top)
{
	const struct expert_gap gap = report_gap(s->visitor.key);
	DWORD err = report_counts(&s->counts, s->visitor.key, top);
	char text[160];

	(void)snprintf(text, sizeof text, "%" PRIu64 " frames, %" PRIu32 " values",
	    s->counts.all_frames, s->counts.values.n);
	return err ? err : expert_end(&gap, end, last, text);
}

/* NMERR_NO_MORE_FRAMES when all is counted and told. */
static DWORD distribute(struct walk *s, HCAPTURE capture, DWORD top)
{
	const struct expert_gap gap = report_gap(s->visitor.key);
	DWORD last = INVALID_FRAME_NUMBER, end, err;

	if (!prepare(s, capture)) {
		if (s->budget.error != NMERR_EXPERT_TERMINATE)
			(void)expert_stopped(&gap, NMERR_OUT_OF_MEMORY, last);
		return NMERR_OUT_OF_MEMORY;
	}
	end =
	    visit_frames_with(&s->visitor, s->counts.property ? FLAGS_ATTACH_PROPERTIES : 0, &last);
	if (end == NMERR_EXPERT_TERMINATE)
		return end;
	err = report(s, end, last, top);
	return err ? err : end;
}

NMAPI_EXPORT BOOL WINAPI Register(PEXPERTENUMINFO pExpertInfo)
{
	return expert_register(pExpertInfo, "Property Distribution",
	    "In how many frames a property is, and with which values");
}

NMAPI_EXPORT BOOL WINAPI Run(HEXPERTKEY hExpertKey, PEXPERTCONFIG pConfig,
    PEXPERTSTARTUPINFO pExpertStartupInfo, DWORD StartupFlags, HWND hWndParent)
{
	struct walk s;
	struct config cfg;
	DWORD end;

	(void)hWndParent;
	read_config(pConfig, &cfg);
	s = (struct walk){ .visitor = { hExpertKey, 0, NULL, progress },
		.budget = { .key = hExpertKey, .left = (size_t)cfg.MemoryMiB << 20 } };
	s.counts.property = chosen(&cfg, pExpertStartupInfo, StartupFlags, s.counts.protocol);
	if (*cfg.Property && !s.counts.property) {
		(void)report_unknown(hExpertKey, cfg.Property);
		return FALSE;
	}
	end = distribute(&s, pExpertStartupInfo->hCapture, cfg.Top);
	values_done(&s.counts.values);
	budget_give(&s.budget, s.counts.present, s.counts.n_present * sizeof *s.counts.present);
	return end == NMERR_NO_MORE_FRAMES;
}
