/* SPDX-License-Identifier: MIT */
/* IPsec: authentication header (RFC 4302) and encapsulating security payload (RFC 4303). */
#include "tcpip.h"

#define AH_HEADER  12u
#define ESP_HEADER 8u

/* ---- authentication header ------------------------------------------------------------------ */

enum { AH_SUMMARY, AH_NEXT, AH_LENGTH, AH_RESERVED, AH_SPI, AH_SEQUENCE, AH_ICV, AH_FIELDS };

static void format_ah(LPPROPERTYINST i, HFRAME frame);

static struct field ah_fields[] = {
	[AH_SUMMARY] = { "Summary of the authentication header", "ah", SUMMARY,
	    .format = format_ah },
	[AH_NEXT] = { "Next Header", "ah.next_header", U8(0), LABELED(ip_protocols) },
	[AH_LENGTH] = { "Payload Length", "ah.length", U8(1) },
	[AH_RESERVED] = { "Reserved", "ah.reserved", BYTES(2, 2) },
	[AH_SPI] = { "Security Parameters Index", "ah.spi", U32(4) },
	[AH_SEQUENCE] = { "Sequence Number", "ah.sequence", U32(8) },
	[AH_ICV] = { "Integrity Check Value", "ah.icv", BYTES(AH_HEADER, 0) },
};

static DWORD ah_bytes(const uint8_t *p)
{
	return (p[1] + 2u) * 4;
}

RECOGNIZE(recognize_ah)
{
	DWORD_PTR told = *instance;
	DWORD bytes;

	left = bounded(left, told);
	if (left < AH_HEADER || ah_bytes(p) < AH_HEADER)
		return rest_is_mine(status);
	bytes = ah_bytes(p);
	p = hand_on(p, bytes, left, ip_next(p[0]), status, next, instance);
	*instance = told > bytes ? told - bytes : *instance;
	return p;
}

ATTACH(attach_ah)
{
	struct header h = { frame, p, bounded(left, instance) };
	DWORD bytes = h.left >= 2 ? ah_bytes(p) : AH_HEADER;
	bool bad = bytes < AH_HEADER;

	field_attach_at(&h, &ah_fields[AH_SUMMARY], 0, bad ? AH_HEADER : bytes, 0);
	fields_attach(&h, &ah_fields[AH_NEXT], 1);
	field_attach_at(&h, &ah_fields[AH_LENGTH], 1, 1, bad ? IFLAG_ERROR : 0);
	fields_attach(&h, &ah_fields[AH_RESERVED], AH_ICV - AH_RESERVED);
	if (bytes > AH_HEADER)
		field_attach_at(&h, &ah_fields[AH_ICV], AH_HEADER, bytes - AH_HEADER, 0);
	return NULL;
}

static void format_ah(LPPROPERTYINST i, HFRAME frame)
{
	(void)frame;
	if (i->DataLength < AH_HEADER)
		text_put(i, "Cut short");
	else
		text_put(i, "SPI 0x%08X, sequence %u", be32(i->lpByte + 4), be32(i->lpByte + 8));
}

/* ---- encapsulating security payload ------------------------------------------------------------ */

enum { ESP_SUMMARY, ESP_SPI, ESP_SEQUENCE, ESP_DATA, ESP_FIELDS };

static void format_esp(LPPROPERTYINST i, HFRAME frame);

static struct field esp_fields[] = {
	[ESP_SUMMARY] = { "Summary of the encapsulating security payload", "esp", SUMMARY,
	    .format = format_esp },
	[ESP_SPI] = { "Security Parameters Index", "esp.spi", U32(0) },
	[ESP_SEQUENCE] = { "Sequence Number", "esp.sequence", U32(4) },
	[ESP_DATA] = { "Encrypted Data", NULL, BYTES(ESP_HEADER, 0) },
};

RECOGNIZE(recognize_esp)
{
	(void)p;
	(void)left;
	(void)next;
	(void)instance;
	return rest_is_mine(status);
}

ATTACH(attach_esp)
{
	const struct header h = { frame, p, bounded(left, instance) };

	field_attach_at(
	    &h, &esp_fields[ESP_SUMMARY], 0, h.left, h.left < ESP_HEADER ? IFLAG_ERROR : 0);
	fields_attach(&h, &esp_fields[ESP_SPI], ESP_FIELDS - ESP_SPI);
	return NULL;
}

static void format_esp(LPPROPERTYINST i, HFRAME frame)
{
	(void)frame;
	if (i->DataLength < ESP_HEADER)
		text_put(i, "Cut short");
	else
		text_put(i, "SPI 0x%08X, sequence %u, %u bytes", be32(i->lpByte),
		    be32(i->lpByte + 4), i->DataLength);
}

static const struct place ah_places[] = { { TCPIP_INI, "IP_HandoffSet", 51, false } };
static const struct place esp_places[] = { { TCPIP_INI, "IP_HandoffSet", 50, false } };

struct parser ah_parser = {
	.name = "AH",
	.comment = "IPsec authentication header (RFC 4302)",
	.fields = ah_fields,
	.n_fields = AH_FIELDS,
	.recognize = recognize_ah,
	.attach = attach_ah,
	.places = ah_places,
	.n_places = COUNT(ah_places),
};

struct parser esp_parser = {
	.name = "ESP",
	.comment = "IPsec encapsulating security payload (RFC 4303)",
	.fields = esp_fields,
	.n_fields = ESP_FIELDS,
	.recognize = recognize_esp,
	.attach = attach_esp,
	.places = esp_places,
	.n_places = COUNT(esp_places),
};
