/* SPDX-License-Identifier: MIT */
/* What is done with all of a capture at once. Nothing else is served meanwhile: the supervisor
 * asks for no workers then, and ends it by ending this process. */
#include "engine/serve.h"

bool nm_engine_convert(struct nm_engine *e, int fd, int picks_fd, struct nm_target_format *t)
{
	uint8_t buf[1024 + NM_DIAG_TEXT];
	struct nm_enc o = { .p = buf, .cap = sizeof buf };
	struct nm_ctl_converted m = { .text = "" };
	struct nm_diag diag = { 0 };

	if (!e->capture)
		return true; /* it was told that nothing could be opened */
	e->cfg->door->capture_expect_readers(e->capture, false);
	if (picks_fd >= 0)
		t->picks = e->cfg->door->picks_new(picks_fd);
	if (picks_fd >= 0 && !t->picks)
		m.code = nm_diag_set(&diag, NMERR_OUT_OF_MEMORY, NM_NO_OFFSET, "no memory");
	else
		m.code = e->cfg->door->capture_convert(e->capture, fd, t, &m.lost, &diag);
	e->cfg->door->picks_free(t->picks);
	m.text = diag.text;
	e->indexed = true;
	nm_enc_converted(&o, &m);
	return nm_engine_tell_capture(e, NM_CTL_INDEXED, 0, NULL) && nm_engine_send(e, &o);
}

/* ---- notes --------------------------------------------------------------------------- */

struct telling {
	struct nm_engine *e;
	bool failed;
};

static bool tell_note(void *ctx, const struct nm_digest_text *note)
{
	uint8_t buf[64 + NM_DIGEST_TEXT];
	struct nm_enc o = { .p = buf, .cap = sizeof buf };
	struct telling *t = ctx;

	nm_enc_note(&o, note);
	t->failed = !nm_engine_send(t->e, &o);
	return !t->failed;
}

bool nm_engine_inspect(struct nm_engine *e)
{
	uint8_t buf[NM_CTL_MAX];
	struct nm_enc o = { .p = buf, .cap = sizeof buf };
	struct telling t = { .e = e };
	struct nm_digest digest;

	if (!e->capture)
		return true;
	e->cfg->door->capture_expect_readers(e->capture, false);
	if (!nm_engine_index_all(e))
		return false;
	/* What could not be read is missing; the facts say where the damage is. */
	(void)e->cfg->door->capture_digest(e->capture, tell_note, &t, &digest);
	nm_enc_inspected(&o, &digest);
	return !t.failed && nm_engine_send(e, &o);
}
