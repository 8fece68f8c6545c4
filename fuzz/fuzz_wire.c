/* SPDX-License-Identifier: MIT */
/* Any bytes as messages from a worker and as control packets. Properties: what
 * decodes lies inside the input, and an event that decodes encodes again to a
 * message of the same meaning. */
#include "wire/wire.h"

#include <assert.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static void inside(const char *s, const uint8_t *p, size_t n)
{
	if (s && *s) {
		assert((const uint8_t *)s >= p && (const uint8_t *)s < p + n);
		assert((const uint8_t *)s + strlen(s) < p + n);
	}
}

static void try_event(const uint8_t *p, size_t n)
{
	struct nm_column columns[NM_EVENT_COLUMNS];
	struct nm_cur c = nm_cur_over(p, n);
	struct nm_event ev;

	if (!nm_cur_event(&c, columns, &ev))
		return;
	inside(ev.source, p, n);
	inside(ev.name, p, n);
	inside(ev.description, p, n);
	inside(ev.machine, p, n);
	inside(ev.justification, p, n);
	for (uint32_t i = 0; i < ev.n_columns; i++) {
		assert(columns[i].type < NM_COL_TYPES);
		inside(columns[i].name, p, n);
		if (columns[i].type == NM_COL_STRING)
			inside(columns[i].v.str, p, n);
	}
}

static void try_frames(const uint8_t *p, size_t n)
{
	static struct nm_frames_room room;
	struct nm_cur c = nm_cur_over(p, n);
	struct nm_frames_options f;
	struct nm_frame_range range;
	const char *text;
	size_t n_text;

	if (nm_cur_frames(&c, &room, &f)) {
		for (unsigned i = 0; i < f.n_fields; i++)
			inside(f.fields[i], p, n);
		for (uint32_t i = 1; i < f.n_only; i++)
			assert(f.only[i] > f.only[i - 1]);
	}
	c = nm_cur_over(p, n);
	while (nm_cur_range(&c, &range))
		assert(range.first <= range.last);
	c = nm_cur_over(p, n);
	if (nm_cur_text(&c, true, &text, &n_text))
		for (size_t i = 0; i < n_text; i++)
			assert((uint8_t)text[i] >= 0x20 || strchr("\n\t\x1b", text[i]));
}

static void try_protocols(const uint8_t *p, size_t n)
{
	struct nm_msg_protocol protocol;
	struct nm_msg_property property;
	struct nm_cur c = nm_cur_over(p, n);

	if (nm_cur_protocol(&c, &protocol)) {
		inside(protocol.path, p, n);
		for (uint32_t i = 0; i < protocol.n_names; i++)
			inside(protocol.names[i].name, p, n);
	}
	c = nm_cur_over(p, n);
	if (nm_cur_property(&c, &property)) {
		inside(property.value_label, p, n);
		for (uint32_t i = 0; i < property.n_names; i++)
			inside(property.names[i].name, p, n);
	}
}

static void try_settings(const uint8_t *p, size_t n)
{
	static uint8_t blob[NM_SETTINGS_BYTES];
	NMEXPERTFIELD rows[NM_SETTINGS_MOST];
	struct nm_cur c = nm_cur_over(p, n);
	char text[NM_SETTING_TEXT];
	unsigned n_rows;

	if (!nm_cur_settings(&c, rows, &n_rows))
		return;
	assert(nm_settings_length(rows, n_rows) <= sizeof blob);
	(void)nm_settings_fill(rows, n_rows, p, n, blob); /* any bytes may have been stored */
	for (unsigned i = 0; i < n_rows; i++) {
		inside(rows[i].Name, p, n);
		inside(rows[i].Help, p, n);
		(void)nm_setting_text(&rows[i], blob, text);
		/* What is shown can be set. */
		assert(nm_setting_put(&rows[i], text, blob, NULL));
	}
}

static void try_messages(const uint8_t *p, size_t n)
{
	struct nm_msg_registered r;
	struct nm_msg_fail f;
	struct nm_sandbox_report b;
	const uint8_t *config;
	struct nm_msg_end e;
	uint32_t n_config;
	enum nm_msg type;
	uint32_t len;

	if (n >= NM_WIRE_HEADER && nm_msg_header(p, &type, &len))
		assert(len <= NM_WIRE_MAX);
	struct nm_cur c = nm_cur_over(p, n);
	if (nm_cur_registered(&c, &r))
		inside(r.name, p, n);
	c = nm_cur_over(p, n);
	if (nm_cur_fail(&c, &f)) {
		inside(f.reason, p, n);
		assert(f.phase < NM_PHASES && f.verdict != NM_VERDICT_DONE);
	}
	c = nm_cur_over(p, n);
	(void)nm_cur_end(&c, &e);
	c = nm_cur_over(p, n);
	if (nm_cur_config(&c, &config, &n_config) && n_config)
		assert(config >= p && config + n_config == p + n && nm_is_config(config, n_config));
	c = nm_cur_over(p, n);
	if (nm_cur_box(&c, &b))
		for (unsigned i = 0; i < NM_LAYERS; i++)
			assert(b.state[i] <= NM_LAYER_UNUSED);
}

static void try_control(const uint8_t *p, size_t n)
{
	struct nm_cur c = nm_cur_over(p, n);
	struct nm_ctl_opened o;
	struct nm_target_format target;
	struct nm_ctl_exited x;
	struct nm_ctl_start s;
	uint32_t index;

	switch (nm_cur_ctl(&c)) {
	case NM_CTL_START:
		if (nm_cur_start(&c, &s))
			inside(s.path, p, n);
		break;
	case NM_CTL_OPENED:
	case NM_CTL_INDEXED:
		if (nm_cur_opened(&c, &o)) {
			inside(o.comment, p, n);
			assert(o.facts.format <= NM_FORMAT_NETMON2);
			assert(strlen(o.facts.damage.text) < sizeof o.facts.damage.text);
		}
		break;
	case NM_CTL_CONVERT: (void)nm_cur_convert(&c, &target); break;
	case NM_CTL_EXITED: (void)nm_cur_exited(&c, &x); break;
	default: (void)nm_cur_ctl_index(&c, &index); break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	try_event(p, n);
	try_messages(p, n);
	try_protocols(p, n);
	try_settings(p, n);
	try_frames(p, n);
	try_control(p, n);
	return 0;
}
