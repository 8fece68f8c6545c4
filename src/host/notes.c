/* SPDX-License-Identifier: MIT */
/* What the engine tells of a capture beside its frames. */
#include "host/host_int.h"

#include <stdlib.h>

#define TEXTS_FIRST 16u

void nm_crew_notes_done(struct nm_crew_notes *x)
{
	for (unsigned i = 0; i < x->n; i++)
		free(x->texts[i].text);
	free(x->texts);
	free(x->noted);
	free(x->processes);
	*x = (struct nm_crew_notes){ 0 };
}

bool nm_crew_notes_take(struct nm_crew_notes *x, struct nm_cur *cur)
{
	struct nm_digest_text t;
	unsigned room = x->room ? x->room * 2 : TEXTS_FIRST;
	struct nm_crew_text *p;

	if (!nm_cur_note(cur, &t) || x->n == NM_DIGEST_TEXTS * NM_DIGEST_PARTS)
		return false;
	if (x->n == x->room) {
		p = realloc(x->texts, room * sizeof *p);
		if (!p)
			return false;
		x->texts = p;
		x->room = room;
	}
	x->texts[x->n] =
	    (struct nm_crew_text){ t.owner, t.number, t.code, t.value, strdup(t.text) };
	return x->texts[x->n].text && ++x->n;
}

static const char *name_of_block(uint32_t type, bool pcapng)
{
	if (type == NM_NOTE_USER_DATA && !pcapng)
		return "user data";
	if (type == NM_NOTE_NETWORK_INFO && !pcapng)
		return "network info";
	switch (type) {
	case 4: return "name resolution";
	case 5: return "interface statistics";
	case 9: return "systemd journal";
	case 10: return "decryption secrets";
	case 0xbad:
	case 0x40000bad: return "custom";
	case 0x80000001: return "process event"; /* Darwin's */
	default: return "";
	}
}

static void set_interface(struct nm_interface_facts *f, const struct nm_crew_text *t)
{
	switch (t->code) {
	case NM_NOTE_COMMENT: f->comment = t->text; break;
	case NM_NOTE_DESCRIPTION: f->description = t->text; break;
	case NM_NOTE_FILTER: f->filter = t->text; break;
	case NM_NOTE_HARDWARE: f->hardware = t->text; break;
	case NM_NOTE_OS: f->os = t->text; break;
	case NM_NOTE_MAC: f->mac = t->text; break;
	case NM_NOTE_SPEED: f->speed_bps = t->value; break;
	default: break;
	}
}

static void set_once(const char **to, const char *text)
{
	if (!*to)
		*to = text;
}

/* For the capture, the first of several sections that says it. */
static void set_section(struct nm_capture_notes *n, const struct nm_crew_text *t)
{
	struct nm_section_facts unlisted,
	    *s = t->number < NM_SECTIONS_LISTED ? &n->section[t->number] : &unlisted;

	switch (t->code) {
	case NM_NOTE_HARDWARE:
		set_once(&n->hardware, t->text);
		s->hardware = t->text;
		break;
	case NM_NOTE_OS:
		set_once(&n->os, t->text);
		s->os = t->text;
		break;
	case NM_NOTE_APPLICATION:
		set_once(&n->application, t->text);
		s->application = t->text;
		break;
	default: break;
	}
}

/* The texts of one kind, from `at` on; returns what is behind the last. */
static struct nm_noted *gather(const struct nm_crew_notes *x, enum nm_note_owner owner,
    enum nm_note_code code, struct nm_noted *at, const struct nm_noted **ret, uint32_t *ret_n)
{
	*ret = at;
	*ret_n = 0;
	for (unsigned i = 0; i < x->n; i++) {
		const struct nm_crew_text *t = &x->texts[i];

		if (t->owner != owner || t->code != code)
			continue;
		*at = (struct nm_noted){ .number = t->number, .text = t->text };
		at++;
		++*ret_n;
	}
	return at;
}

/* A process begins with its path. */
static void gather_processes(
    const struct nm_crew_notes *x, struct nm_process_facts *list, uint32_t *ret_n)
{
	struct nm_process_facts unnamed, *p = &unnamed;

	for (unsigned i = 0; i < x->n; i++) {
		const struct nm_crew_text *t = &x->texts[i];

		if (t->owner != NM_NOTE_OF_PROCESS)
			continue;
		switch (t->code) {
		case NM_NOTE_NAME:
			p = &list[(*ret_n)++];
			*p = (struct nm_process_facts){ .path = t->text, .icon_format = "" };
			break;
		case NM_NOTE_PROCESS_ID: p->pid = (uint32_t)t->value; break;
		case NM_NOTE_LOCAL:
			p->local = t->text;
			p->local_port = (uint16_t)t->value;
			break;
		case NM_NOTE_REMOTE:
			p->remote = t->text;
			p->remote_port = (uint16_t)t->value;
			break;
		case NM_NOTE_ICON:
			p->icon_format = t->text;
			p->icon_bytes = t->value;
			break;
		default: break;
		}
	}
}

static void set_counters(struct nm_interface_facts *f, const struct nm_counters *c)
{
	f->counters_known = c->known;
	f->received = c->n[NM_COUNT_RECEIVED];
	f->dropped = c->n[NM_COUNT_DROPPED];
	f->accepted = c->n[NM_COUNT_ACCEPTED];
	f->os_dropped = c->n[NM_COUNT_OS_DROPPED];
	f->delivered = c->n[NM_COUNT_DELIVERED];
	f->counter_times_known = c->known_times;
	f->counted_ns = c->times[NM_COUNTS_TAKEN];
	f->started_ns = c->times[NM_COUNTS_STARTED];
	f->ended_ns = c->times[NM_COUNTS_ENDED];
}

/* As Windows writes them: three little-endian numbers, then bytes. */
static void print_guid(char *dst, size_t room, const uint8_t *p)
{
	(void)snprintf(dst, room, "%08x-%04x-%04x-%02x%02x-%02x%02x%02x%02x%02x%02x", nm_le32(p),
	    nm_le16(p + 4), nm_le16(p + 6), p[8], p[9], p[10], p[11], p[12], p[13], p[14], p[15]);
}

static void set_frames(struct nm_capture_notes *n, const struct nm_digest *d)
{
	n->n_links = d->n_links;
	for (uint32_t i = 0; i < d->n_links; i++) {
		const char *name = nm_link_type_name(d->links[i].type);

		n->links[i] =
		    (struct nm_link_facts){ d->links[i].type, name ? name : "", d->links[i].n };
	}
	n->other_links = d->other_links;
	n->n_providers = d->n_providers;
	for (uint32_t i = 0; i < d->n_providers; i++) {
		print_guid(n->providers[i].id, sizeof n->providers[i].id, d->providers[i].id);
		n->providers[i].events = d->providers[i].n;
	}
	n->other_events = d->other_events;
	n->cut_frames = d->cut_frames;
	n->cut_min = d->cut_min;
	n->cut_max = d->cut_max;
}

static void set_numbers(struct nm_capture_notes *n, const struct nm_digest *d, bool pcapng)
{
	n->sections = d->sections;
	n->all_frame_comments = d->frame_comments;
	n->all_processes = d->processes;
	n->frame_drops = d->frame_drops;
	n->other_blocks = d->other_blocks;
	n->texts_left_out = d->texts_left_out;
	n->cut = d->cut;
	n->names_ipv4 = d->names_ipv4;
	n->names_ipv6 = d->names_ipv6;
	n->n_blocks = d->n_blocks;
	for (uint32_t i = 0; i < d->n_blocks; i++)
		n->blocks[i] = (struct nm_block_facts){ d->blocks[i].type,
			name_of_block(d->blocks[i].type, pcapng), d->blocks[i].n };
}

void nm_crew_notes_report(
    struct nm_crew_notes *x, struct nm_interface_facts *interfaces, struct nm_capture_report *r)
{
	struct nm_capture_notes *n = &x->notes;
	struct nm_noted *at;

	if (!x->done || !r->readable)
		return;
	at = x->noted = calloc(x->n + 1u, sizeof *x->noted);
	x->processes = calloc(x->n + 1u, sizeof *x->processes);
	if (!at || !x->processes)
		return;
	at = gather(x, NM_NOTE_OF_SECTION, NM_NOTE_COMMENT, at, &n->comments, &n->n_comments);
	at = gather(
	    x, NM_NOTE_OF_FRAME, NM_NOTE_COMMENT, at, &n->frame_comments, &n->n_frame_comments);
	gather_processes(x, x->processes, &n->n_processes);
	n->processes = x->processes;
	(void)gather(x, NM_NOTE_OF_FRAME, NM_NOTE_RECORD, at, &n->records, &n->n_records);
	for (unsigned i = 0; i < x->n; i++) {
		const struct nm_crew_text *t = &x->texts[i];

		if (t->owner == NM_NOTE_OF_SECTION)
			set_section(n, t);
		else if (t->owner == NM_NOTE_OF_INTERFACE && t->number < r->n_listed)
			set_interface(&interfaces[t->number], t);
	}
	for (uint32_t i = 0; i < r->n_listed; i++) {
		set_counters(&interfaces[i], &x->digest.counters[i]);
		interfaces[i].frames = x->digest.frames[i];
	}
	set_numbers(n, &x->digest, strcmp(r->format, "pcapng") == 0);
	set_frames(n, &x->digest);
	r->notes = n;
}
