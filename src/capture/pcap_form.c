/* SPDX-License-Identifier: MIT */
/* Telling forms of pcap by their first records.
 *
 * Patched versions of libpcap wrote longer record heads without another magic
 * number, or used the number of one patch for another:
 *   magic     HEAD  WRITTEN BY
 *   a1b2c3d4    16  everybody
 *               24  libpcap of 1999-04-17 with Kuznetzov's patches (SuSE 6.3)
 *               20  Nokia's firewalls
 *   a1b2cd34    24  Kuznetzov's patches
 *               28  those of 1999-09-15 (Red Hat 6.1)
 *
 * A form is only left for another when one of the first records is impossible by it,
 * and by the other all that are looked at are possible, have bytes (zeros fit any form),
 * and lie one behind the other up to the last of them or to the very end of the file.
 */
#include "capture/pcap_form.h"

#define WIRE_MAX UINT32_C(262144) /* no link of that time had longer frames */
#define MICROS   UINT32_C(1000000)

static const struct {
	uint8_t said, other;
} others[] = { { 16, 24 }, { 16, 20 }, { 24, 28 } };

enum verdict { POSSIBLE, IMPOSSIBLE, AT_END, CUT };

static enum verdict judge(
    const struct nm_capture *c, uint32_t head, uint32_t snap_len, uint64_t *at, uint64_t *bytes)
{
	uint64_t left = c->file_bytes - *at;
	bool swapped = c->u.pcap.swapped;
	uint32_t frac, stored, wire;
	uint8_t r[16];

	if (left == 0)
		return AT_END;
	if (left < head || nm_source_pread(c->source, r, sizeof r, *at) != sizeof r)
		return CUT;
	frac = swapped ? nm_be32(r + 4) : nm_le32(r + 4);
	stored = swapped ? nm_be32(r + 8) : nm_le32(r + 8);
	wire = swapped ? nm_be32(r + 12) : nm_le32(r + 12);
	if (frac >= MICROS || stored > wire || wire > WIRE_MAX || (snap_len && stored > snap_len))
		return IMPOSSIBLE;
	if (stored > left - head)
		return CUT;
	*at += head + stored;
	*bytes += stored;
	return POSSIBLE;
}

/* How the first records look by a form. */
static enum verdict follow(
    const struct nm_capture *c, uint32_t head, uint32_t snap_len, uint64_t *ret_bytes)
{
	uint64_t at = c->begin.offset;
	enum verdict v = POSSIBLE;

	*ret_bytes = 0;
	for (unsigned n = 0; n < NM_FORM_RECORDS && v == POSSIBLE; n++)
		v = judge(c, head, snap_len, &at, ret_bytes);
	return v;
}

uint32_t nm_pcap_form(const struct nm_capture *c, uint32_t head, uint32_t snap_len)
{
	uint64_t bytes;

	/* A pipe is not waited for; those that write such files are long gone. */
	if (c->file_bytes == NM_BYTES_UNKNOWN || c->u.pcap.ns_per_tick != 1000 ||
	    follow(c, head, snap_len, &bytes) != IMPOSSIBLE)
		return head;
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		enum verdict v;

		if (others[i].said != head)
			continue;
		v = follow(c, others[i].other, snap_len, &bytes);
		if ((v == POSSIBLE || v == AT_END) && bytes > 0)
			return others[i].other;
	}
	return head;
}
