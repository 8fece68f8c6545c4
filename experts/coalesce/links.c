/* SPDX-License-Identifier: MIT */
/* MAC types where there are any, names of protocols where not. */
#include "links.h"

#include <string.h>

static const struct {
	const char *name;
	enum link link;
} named[] = {
	{ "SLL", LINK_COOKED },
	{ "SLL2", LINK_COOKED2 },
	{ "NULL", LINK_NULL },
	{ "PPP", LINK_PPP },
	{ "CHDLC", LINK_CHDLC },
	{ "FRELAY", LINK_FRAME_RELAY },
	{ "WLAN", LINK_WLAN },
	{ "RADIOTAP", LINK_RADIOTAP },
	{ "PPI", LINK_PPI },
	{ "PRISM", LINK_PRISM },
	{ "AVS", LINK_AVS },
	{ "IP", LINK_IP },
	{ "IP6", LINK_IP },
};

void links_init(struct links *l, HCAPTURE capture)
{
	*l = (struct links){ .names = GetEnabledProtocols(capture) };
}

bool links_join(enum link link)
{
	return link < LINK_WLAN;
}

static enum link by_name(const struct links *l, unsigned protocol)
{
	const PROTOCOLINFO *info;

	if (protocol == 0 || !l->names || protocol > l->names->nProtocols)
		return LINKS;
	info = GetProtocolInfo(l->names->hProtocol[protocol - 1]);
	for (size_t i = 0; info && i < sizeof named / sizeof *named; i++)
		if (strncmp((const char *)info->ProtocolName, named[i].name,
			sizeof info->ProtocolName) == 0)
			return named[i].link;
	return LINKS;
}

static enum link by_number(struct links *l, unsigned protocol)
{
	if (protocol >= LINK_NUMBERS)
		return LINKS;
	if (!l->known[protocol])
		l->known[protocol] = (uint8_t)(by_name(l, protocol) + 1);
	return (enum link)(l->known[protocol] - 1);
}

/* What stands before all others is the frame itself, in hosts that count it. */
static enum link by_stack(struct links *l, const RECOGNIZEDATATABLE *stack)
{
	enum link link = LINKS;

	for (unsigned i = 0; i < 2 && i < stack->nRecognizeDatas && link == LINKS; i++)
		link = by_number(l, stack->RecognizeData[i].ProtocolID);
	return link;
}

enum link links_find(struct links *l, uint32_t mac, const RECOGNIZEDATATABLE *stack)
{
	switch (mac) {
	case MAC_TYPE_ETHERNET: return LINK_ETHERNET;
	case MAC_TYPE_TOKENRING: return LINK_TOKENRING;
	case MAC_TYPE_FDDI: return LINK_FDDI;
	case MAC_TYPE_ATM: return LINK_ATM;
	case MAC_TYPE_1394: return LINK_1394;
	default: return stack ? by_stack(l, stack) : LINKS;
	}
}
