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
 * A form is only left for another when one of the first records is impossible by it, they
 * don't lie one behind the other by it (where that record merely holds odd figures they
 * do; read by a form that they don't have, the second is hundreds of megabytes long), and by the other all that are looked at are possible, have bytes (zeros fit any form),
 * and lie one behind the other up to the last of them or to the very end of the file.
 */
#include "capture/pcap_form.h"

#define WIRE_MAX UINT32_C(262144) /* no link of that time had longer frames */
#define MICROS   UINT32_C(1000000)

static const struct {
	uint8_t said, other;
} others[] = { { 16, 24 }, { 16, 20 }, { 24, 28 } };

enum verdict { POSSIBLE, IMPOSSIBLE, AT_END, CUT };

/* A form by which records are judged: the bytes of their heads, and whether their figures
 * must be those of a frame, or only lengths that lead on. */
struct form {
	uint32_t head, snap_len;
	bool figures;
};

static enum verdict judge(
    const struct nm_capture *c, const struct form *f, uint64_t *at, uint64_t *bytes)
{
	uint64_t left = c->file_bytes - *at;
	bool swapped = c->u.pcap.swapped;
	uint32_t frac, stored, wire;
	uint8_t r[16];

	if (left == 0)
		return AT_END;
	if (left < f->head || nm_source_pread(c->source, r, sizeof r, *at) != sizeof r)
		return CUT;
	frac = swapped ? nm_be32(r + 4) : nm_le32(r + 4);
	stored = swapped ? nm_be32(r + 8) : nm_le32(r + 8);
	wire = swapped ? nm_be32(r + 12) : nm_le32(r + 12);
	if (stored > NM_FRAME_MAX_BYTES ||
	    (f->figures && (frac >= MICROS || stored > wire || wire > WIRE_MAX ||
			       (f->snap_len && stored > f->snap_len))))
		return IMPOSSIBLE;
	if (stored > left - f->head)
		return CUT;
	*at += f->head + stored;
	*bytes += stored;
	return POSSIBLE;
}

/* How the first records look by a form. */
static enum verdict follow(const struct nm_capture *c, const struct form *f, uint64_t *ret_bytes)
{
	uint64_t at = c->begin.offset;
	enum verdict v = POSSIBLE;

	*ret_bytes = 0;
	for (unsigned n = 0; n < NM_FORM_RECORDS && v == POSSIBLE; n++)
		v = judge(c, f, &at, ret_bytes);
	return v;
}

static bool leads_on(enum verdict v)
{
	return v == POSSIBLE || v == AT_END;
}

uint32_t nm_pcap_form(const struct nm_capture *c, uint32_t head, uint32_t snap_len)
{
	const struct form said = { head, snap_len, true }, merely = { head, snap_len, false };
	uint64_t bytes;

	/* A pipe is not waited for; those that write such files are long gone. */
	if (c->file_bytes == NM_BYTES_UNKNOWN || c->u.pcap.ns_per_tick != 1000 ||
	    follow(c, &said, &bytes) != IMPOSSIBLE || leads_on(follow(c, &merely, &bytes)))
		return head;
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		const struct form other = { others[i].other, snap_len, true };

		if (others[i].said == head && leads_on(follow(c, &other, &bytes)) && bytes > 0)
			return other.head;
	}
	return head;
}
