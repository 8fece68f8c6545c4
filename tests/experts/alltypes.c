/* SPDX-License-Identifier: MIT */
/* One event with a column of each type, and one with nothing in it. */
#include "testexpert.h"

#define TYPES (NMCOLUMNTYPE_STRING + 1)

TEST_REGISTER("alltypes", 0)

static char names[TYPES + 2][16] = {
	"uint8",
	"sint8",
	"uint16",
	"sint16",
	"uint32",
	"sint32",
	"float64",
	"frame",
	"yesno",
	"onoff",
	"truefalse",
	"macaddr",
	"ipxaddr",
	"ipaddr",
	"vartime",
	"string",
	"null",
	"",
};

static char source[] = "a source", event[] = "every type", description[] = "two lines\nof text";
static char machine[] = "a machine", justification[] = "The reason.\nIts second line.";

static void fill(NMCOLUMNINFO *c)
{
	static const BYTE mac[6] = { 0x00, 0x11, 0x22, 0xaa, 0xbb, 0xcc };
	static const BYTE ipx[10] = { 0x00, 0x00, 0x12, 0x34, 0x00, 0x11, 0x22, 0xaa, 0xbb, 0xcc };
	static const BYTE ip[4] = { 192, 0, 2, 1 };

	for (unsigned i = 0; i < TYPES; i++) {
		c[i].szColumnName = names[i];
		c[i].VariantData.Type = (NMCOLUMNTYPE)i;
	}
	c[NMCOLUMNTYPE_UINT8].VariantData.Value.Uint8Val = 200;
	c[NMCOLUMNTYPE_SINT8].VariantData.Value.Sint8Val = (char)-100;
	c[NMCOLUMNTYPE_UINT16].VariantData.Value.Uint16Val = 60000;
	c[NMCOLUMNTYPE_SINT16].VariantData.Value.Sint16Val = -30000;
	c[NMCOLUMNTYPE_UINT32].VariantData.Value.Uint32Val = 4000000000u;
	c[NMCOLUMNTYPE_SINT32].VariantData.Value.Sint32Val = -2000000000;
	c[NMCOLUMNTYPE_FLOAT64].VariantData.Value.Float64Val = 2.5;
	c[NMCOLUMNTYPE_FRAME].VariantData.Value.FrameVal = 0;
	c[NMCOLUMNTYPE_YESNO].VariantData.Value.YesNoVal = TRUE;
	c[NMCOLUMNTYPE_ONOFF].VariantData.Value.OnOffVal = FALSE;
	c[NMCOLUMNTYPE_TRUEFALSE].VariantData.Value.TrueFalseVal = 7; /* any value but 0 is true */
	memcpy(c[NMCOLUMNTYPE_MACADDR].VariantData.Value.MACAddrVal, mac, sizeof mac);
	memcpy(&c[NMCOLUMNTYPE_IPXADDR].VariantData.Value.IPXAddrVal, ipx, sizeof ipx);
	memcpy(&c[NMCOLUMNTYPE_IPADDR].VariantData.Value.IPAddrVal, ip, sizeof ip);
	c[NMCOLUMNTYPE_VARTIME].VariantData.Value.VarTimeVal = 36526.5; /* 2000-01-01 12:00 */
	c[NMCOLUMNTYPE_STRING].VariantData.Value.pStringVal = "text";
	c[TYPES] = (NMCOLUMNINFO){ names[TYPES], { .Type = NMCOLUMNTYPE_STRING } };
	c[TYPES + 1] = (NMCOLUMNINFO){ NULL, { .Type = NMCOLUMNTYPE_UINT8 } };
}

TEST_RUN
{
	NMEVENTDATA *ev =
	    ExpertAllocMemory(key, sizeof *ev + (TYPES + 2) * sizeof(NMCOLUMNINFO), NULL);
	DWORD err;

	TEST_UNUSED_ARGUMENTS;
	if (!ev)
		return FALSE;
	ev->EventIdent = 1;
	ev->Severity = NMEVENT_SEVERITY_CRITICAL_ERROR;
	ev->NumColumns = TYPES + 2;
	ev->szSourceName = source;
	ev->szEventName = event;
	ev->szDescription = description;
	ev->szMachine = machine;
	ev->Justification = justification;
	ev->SysTime = (SYSTEMTIME){ 1998, 4, 4, 2, 19, 0, 47, 0 };
	fill(test_column(ev, 0));
	err = ExpertSubmitEvent(key, ev);
	memset(ev, 0, sizeof *ev); /* the host has its copy */
	if (!err)
		err = ExpertSubmitEvent(key, ev);
	(void)ExpertFreeMemory(key, ev);
	return err == NMERR_SUCCESS;
}
