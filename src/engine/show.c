/* SPDX-License-Identifier: MIT */
/* What is known of protocols and columns before the first frame is shown. */
#include "engine/show.h"

static bool is_address(uint8_t type)
{
	switch (type) {
	case PROP_TYPE_ADDR:
	case PROP_TYPE_IP_ADDRESS:
	case PROP_TYPE_IPX_ADDRESS:
	case PROP_TYPE_TOKENRING_ADDRESS:
	case PROP_TYPE_FDDI_ADDRESS:
	case PROP_TYPE_ETHERNET_ADDRESS:
	case PROP_TYPE_VINES_IP_ADDRESS:
	case PROP_TYPE_IP6_ADDRESS: return true;
	default: return false;
	}
}

static bool ends_in(const char *name, const char *end)
{
	size_t n = strlen(name), e = strlen(end);

	return n > e && strcmp(name + n - e, end) == 0;
}

/* "ip.src", "wlan.sa", "sll.src.eth": what a frame came from or goes to, by its second name. */
static void note_side(struct nm_show_role *r, const struct nm_field *f)
{
	if (!is_address(f->type) || f->mask)
		return;
	if (!r->source &&
	    (ends_in(f->name, ".src") || ends_in(f->name, ".sa") || ends_in(f->name, ".src.eth")))
		r->source = f->property;
	if (!r->destination && (ends_in(f->name, ".dst") || ends_in(f->name, ".da")))
		r->destination = f->property;
}

static void note_protocol(struct nm_show *s, const PROTOCOLINFO *p)
{
	struct nm_show_role *r = &s->roles[p->ProtocolID];
	const PROPERTYDATABASE *db = p->PropertyDatabase;
	size_t n = 0;
	const struct nm_field *names = s->door->fields_of(p->ProtocolID, 0, &n);

	r->name = r->second = (const char *)p->ProtocolName;
	if (n)
		r->second = names->name;
	r->quotes = strcmp(r->second, "icmp") == 0 || strcmp(r->second, "icmpv6") == 0;
	for (uint32_t i = 0; db && i < db->nProperties; i++) {
		names = s->door->fields_of(p->ProtocolID, db->PropertyInfo[i]->hProperty, &n);
		for (size_t k = 0; k < n; k++)
			note_side(r, &names[k]);
	}
}

/* A line has nothing of what FRAME attaches, which breaks no rules either. */
static void need_all_but_frame(struct nm_show *s)
{
	for (uint32_t id = NM_FRAME_PROTOCOL + 1; id <= NM_PROTOCOLS_MAX; id++)
		nm_protocol_set_add(&s->needed, id);
}

bool nm_show_init(struct nm_show *s, struct nm_diag *d)
{
	const PROTOCOLTABLE *all;

	s->parse = s->door->parse_new();
	s->filter = s->door->filter_current();
	all = s->door->protocols_enabled();
	if (!s->parse || !all) {
		(void)nm_diag_set(d, NMERR_OUT_OF_MEMORY, NM_NO_OFFSET, "there is no memory");
		return false;
	}
	for (uint32_t i = 0; i < all->nProtocols; i++)
		note_protocol(s, s->door->protocol_info(all->hProtocol[i]));
	s->number_width = 5;
	s->time_width = s->fine ? 14 : 11;
	s->source_width = s->destination_width = 15; /* of IPv4, at the most */
	s->protocol_width = 8;
	s->needs_all = s->how->format == NM_FRAMES_JSON || s->how->tree;
	if (s->how->format == NM_FRAMES_TEXT && !s->how->tree)
		need_all_but_frame(s);
	return nm_show_find_fields(s, d);
}

void nm_show_done(struct nm_show *s)
{
	s->door->parse_free(s->parse);
	s->parse = NULL;
}

static unsigned innermost(const struct nm_show *s, const RECOGNIZEDATATABLE *t)
{
	unsigned i = 0;

	while (i + 1u < t->nRecognizeDatas && !s->roles[t->RecognizeData[i].ProtocolID].quotes)
		i++;
	return i;
}

bool nm_show_attach(struct nm_show *s, HFRAME h, const struct nm_frame *f, struct nm_shown *ret)
{
	bool passed = true;

	s->door->parse_set(s->parse, h, f);
	if (s->filter && (s->door->filter_test(s->filter, s->parse, NULL, &passed) || !passed))
		return false;
	ret->number = f->number;
	ret->data = f->record + 16;
	ret->wire = nm_le32(f->record + 8);
	ret->stored = nm_le32(f->record + 12);
	ret->link_type = f->link_type;
	ret->protocols = s->door->parse_recognize(s->parse);
	ret->innermost = innermost(s, ret->protocols);
	ret->properties = s->door->parse_attach(s->parse, s->needs_all ? NULL : &s->needed);
	return true;
}
