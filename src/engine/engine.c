/* SPDX-License-Identifier: MIT */
/* The capture: opened, indexed a piece at a time, and what is known of it told. */
#include "engine/serve.h"
#include "system/files.h"

#define INDEX_WINDOWS 16   /* windows indexed between two looks at the conversation */
#define FACTS_EVERY   100  /* ms between figures of a capture that is being indexed */
#define COMMENT_SENT  4096 /* bytes of the capture comment that the supervisor shows */

bool nm_engine_send(const struct nm_engine *e, const struct nm_enc *o)
{
	return !o->full && nm_channel_send(&e->cfg->ctl, o->p, o->n, NULL, 0);
}

bool nm_engine_tell_capture(
    struct nm_engine *e, enum nm_ctl type, uint32_t code, const struct nm_diag *diag)
{
	uint8_t buf[NM_CTL_MAX];
	char comment[COMMENT_SENT];
	struct nm_enc o = { .p = buf, .cap = sizeof buf };
	struct nm_ctl_opened m = { .code = code };
	const char *full = e->capture ? e->cfg->door->capture_comment(e->capture) : NULL;

	if (e->capture)
		e->cfg->door->capture_facts(e->capture, &m.facts);
	if (code)
		m.facts.damage = *diag;
	if (full) {
		(void)strncpy(comment, full, sizeof comment - 1);
		comment[sizeof comment - 1] = '\0';
		m.comment = comment;
	}
	nm_enc_opened(&o, type, &m);
	return nm_engine_send(e, &o);
}

bool nm_engine_open(struct nm_engine *e)
{
	struct nm_diag diag = { 0 };
	uint32_t code;

	e->cfg->door->capture_use_temporary(e->cfg->full_fd, e->cfg->read_fd);
	code = e->cfg->door->capture_open(e->cfg->capture_fd, &e->capture, &diag);
	if (!code) {
		/* In this process it is indexed first, and experts walk behind that. */
		if (e->cfg->in_process || e->cfg->keep)
			e->cfg->door->capture_keep(e->capture);
		else
			e->cfg->door->capture_expect_readers(e->capture, true);
		code = e->cfg->door->session_open(e->capture);
		if (code)
			nm_diag_set(&diag, code, NM_NO_OFFSET, "not enough memory to read it");
	} else {
		e->capture = NULL;
	}
	return nm_engine_tell_capture(e, NM_CTL_OPENED, code, &diag);
}

bool nm_engine_index_some(struct nm_engine *e)
{
	uint64_t now = nm_prim_now_ms();

	if (!e->cfg->door->capture_index(e->capture, INDEX_WINDOWS)) {
		if (now - e->facts_ms < FACTS_EVERY)
			return true;
		e->facts_ms = now;
		return nm_engine_tell_capture(e, NM_CTL_OPENED, 0, NULL);
	}
	e->indexed = true;
	return nm_engine_tell_capture(e, NM_CTL_INDEXED, 0, NULL);
}

bool nm_engine_index_all(struct nm_engine *e)
{
	while (e->capture && !e->indexed) {
		nm_engine_await_input(e);
		if (!nm_engine_index_some(e))
			return false;
	}
	return true;
}
