/* SPDX-License-Identifier: MIT */
/* The task PROTOCOLS: what is parsed, told to the supervisor. */
#include "engine/task.h"

#include <string.h>

static uint32_t take_names(const struct nm_door *door, uint32_t protocol, HPROPERTY property,
    struct nm_msg_name names[NM_NAMES_MAX])
{
	size_t n = 0;
	const struct nm_field *f = door->fields_of(protocol, property, &n);
	uint32_t taken = n < NM_NAMES_MAX ? (uint32_t)n : NM_NAMES_MAX;

	for (uint32_t i = 0; i < taken; i++)
		names[i] = (struct nm_msg_name){ f[i].name, f[i].mask, f[i].type };
	return taken;
}

static const char *or_empty(const char *s)
{
	return s ? s : "";
}

/* The first of a labeled set, as an example. */
static void take_value(const PROPERTYINFO *p, struct nm_msg_property *ret)
{
	const struct _SET *s = p->lpSet;

	ret->value_label = "";
	if (p->DataQualifier != PROP_QUAL_LABELED_SET || !s || !s->lpVoidTable || !s->nEntries)
		return;
	ret->has_value = true;
	switch (p->DataType) {
	case PROP_TYPE_BYTE:
		ret->value = s->lpLabeledByteTable->Value;
		ret->value_label = or_empty(s->lpLabeledByteTable->Label);
		return;
	case PROP_TYPE_WORD:
	case PROP_TYPE_BYTESWAPPED_WORD:
		ret->value = s->lpLabeledWordTable->Value;
		ret->value_label = or_empty(s->lpLabeledWordTable->Label);
		return;
	case PROP_TYPE_DWORD:
	case PROP_TYPE_BYTESWAPPED_DWORD:
		ret->value = s->lpLabeledDwordTable->Value;
		ret->value_label = or_empty(s->lpLabeledDwordTable->Label);
		return;
	case PROP_TYPE_LARGEINT:
		ret->value = (uint64_t)s->lpLabeledLargeIntTable->Value.QuadPart;
		ret->value_label = or_empty(s->lpLabeledLargeIntTable->Label);
		return;
	default: ret->has_value = false;
	}
}

static bool tell_property(
    struct nm_speaker *s, const struct nm_door *door, uint32_t protocol, const PROPERTYINFO *p)
{
	struct nm_enc o = nm_speaker_begin(s, NM_MSG_PROPERTY);
	struct nm_msg_property m = { .label = or_empty(p->Label),
		.comment = or_empty(p->Comment),
		.type = p->DataType,
		.qualifier = p->DataQualifier };

	take_value(p, &m);
	m.n_names = take_names(door, protocol, p->hProperty, m.names);
	nm_enc_property(&o, &m);
	return nm_speaker_send(s, &o);
}

static bool tell_protocol(struct nm_speaker *s, const struct nm_door *door, const PROTOCOLINFO *p)
{
	const PROPERTYDATABASE *db = p->PropertyDatabase;
	struct nm_enc o = nm_speaker_begin(s, NM_MSG_PROTOCOL);
	struct nm_msg_protocol m = { .name = (const char *)p->ProtocolName,
		.comment = (const char *)p->Comment,
		.path = door->protocol_path(p->ProtocolID) };
	bool going;

	m.n_names = take_names(door, p->ProtocolID, 0, m.names);
	nm_enc_protocol(&o, &m);
	going = nm_speaker_send(s, &o);
	for (uint32_t i = 0; db && going && i < db->nProperties; i++)
		going = tell_property(s, door, p->ProtocolID, db->PropertyInfo[i]);
	return going;
}

bool nm_task_protocols(const struct nm_worker *w, struct nm_speaker *s)
{
	const PROTOCOLTABLE *all = w->door->protocols_enabled();
	bool going = true;

	for (uint32_t i = 0; all && going && i < all->nProtocols; i++)
		going = tell_protocol(s, w->door, w->door->protocol_info(all->hProtocol[i]));
	return going;
}
