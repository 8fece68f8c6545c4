/* SPDX-License-Identifier: MIT */
/* Counts to events. */
#include "report.h"
#include "../common/row.h"

#include <inttypes.h>
#include <stdio.h>

#define END_MAX (ADDRESS_TEXT_MAX + 8)

static char source[] = "Protocol Coalesce";

/* Arrays, not literals: the interface takes text as char *. */
static char frames_name[] = "Frames", bytes_name[] = "Bytes", from_name[] = "From",
	    to_name[] = "To";
static char first_name[] = "First Frame", last_name[] = "Last Frame", frame_name[] = "Frame";
static char same_name[] = "Bytes twice", differs_name[] = "Differing bytes";
static char gaps_name[] = "Gaps", gap_bytes_name[] = "Bytes missing", again_name[] = "Bytes again";
static char segments_name[] = "Segments", joined_name[] = "Joined", fragments_name[] = "Fragments";

static void address_text(const struct address *a, bool v6, char text[static ADDRESS_TEXT_MAX])
{
	if (v6)
		address_ipv6_text(a, text);
	else
		address_ipv4_text(a, text);
}

static void end_text(const struct stream_row *r, unsigned way, char text[static END_MAX])
{
	char address[ADDRESS_TEXT_MAX];

	address_text(&r->address[way], r->v6, address);
	(void)snprintf(text, END_MAX, r->v6 ? "[%s]:%u" : "%s:%u", address, r->port[way]);
}

/* ---- what became of it -------------------------------------------------------------------- */

static DWORD report_file(const struct result *r, HEXPERTKEY key)
{
	static char name[] = "New capture", file[] = "File", made[] = "Joined frames";
	static char copied[] = "Copied frames";
	union row row;

	row_begin(&row, source, IDENT_WRITTEN, name);
	row_severity(&row, NMEVENT_SEVERITY_INFORMATIONAL);
	row_text(&row, file, (char *)(uintptr_t)r->output->name);
	row_count(&row, frames_name, r->output->frames);
	row_count(&row, bytes_name, r->output->at);
	row_count(&row, made, r->stage->counts.joined);
	row_count(&row, copied, r->stage->counts.copied);
	return ExpertSubmitEvent(key, &row.ev);
}

static DWORD report_datagrams(const struct datagram_counts *c, char *name, HEXPERTKEY key)
{
	static char lost[] = "Not whole", refused[] = "Refused";
	union row row;

	if (c->fragments == 0)
		return NMERR_SUCCESS;
	row_begin(&row, source, IDENT_TOTALS, name);
	row_count(&row, fragments_name, c->fragments);
	row_count(&row, joined_name, c->joined);
	row_count(&row, bytes_name, c->bytes);
	row_count(&row, lost, c->lost);
	row_count(&row, refused, c->refused);
	row_count(&row, same_name, c->same);
	row_count(&row, differs_name, c->differs);
	return ExpertSubmitEvent(key, &row.ev);
}

static void stream_columns(union row *row, const struct stream_counts *c)
{
	static char cut[] = "Bytes not captured", acks[] = "Left out";

	row_count(row, segments_name, c->segments);
	row_count(row, frames_name, c->frames);
	row_count(row, bytes_name, c->bytes);
	row_count(row, gaps_name, c->gaps);
	row_count(row, gap_bytes_name, c->gap_bytes);
	row_count(row, cut, c->cut_bytes);
	row_count(row, again_name, c->again);
	row_count(row, same_name, c->same);
	row_count(row, differs_name, c->differs);
	row_count(row, acks, c->acks);
}

static DWORD report_totals(const struct result *r, HEXPERTKEY key)
{
	static char v4[] = "IPv4 datagrams", v6[] = "IPv6 datagrams", tcp[] = "TCP conversations";
	DWORD err = report_datagrams(&r->datagrams->counts[DATAGRAMS_V4], v4, key);
	union row row;

	if (!err)
		err = report_datagrams(&r->datagrams->counts[DATAGRAMS_V6], v6, key);
	if (err || r->streams->n == 0)
		return err;
	row_begin(&row, source, IDENT_TOTALS, tcp);
	row_count(&row, joined_name, r->streams->n);
	stream_columns(&row, &r->streams->counts);
	return ExpertSubmitEvent(key, &row.ev);
}

static DWORD report_conversation(const struct stream_row *r, HEXPERTKEY key)
{
	static char name[] = "Conversation";
	char from[END_MAX], to[END_MAX];
	union row row;

	row_begin(&row, source, IDENT_CONVERSATION, name);
	end_text(r, 0, from);
	end_text(r, 1, to);
	row_text(&row, from_name, from);
	row_text(&row, to_name, to);
	stream_columns(&row, &r->counts);
	row_frame(&row, first_name, r->first);
	row_frame(&row, last_name, r->last);
	return ExpertSubmitEvent(key, &row.ev);
}

/* ---- what was wrong --------------------------------------------------------------------------- */

static DWORD report_lost(const struct lost_datagram *d, HEXPERTKEY key)
{
	static char name[] = "Datagram not whole", id[] = "Identification", protocol[] = "Protocol";
	static char missing[] = "Bytes missing";
	static char why[] =
	    "Not all fragments of this packet are in the capture: one was lost on the way, which "
	    "costs the whole packet, or the capture missed it. The fragments that are there were "
	    "copied as they are. Without a number of missing bytes the last fragment is missing.";
	char from[ADDRESS_TEXT_MAX], to[ADDRESS_TEXT_MAX];
	union row row;

	row_begin(&row, source, IDENT_DATAGRAM, name);
	row_severity(&row, NMEVENT_SEVERITY_WARNING);
	address_text(&d->src, d->v6, from);
	address_text(&d->dst, d->v6, to);
	row_text(&row, from_name, from);
	row_text(&row, to_name, to);
	row_count(&row, id, d->id);
	row_count(&row, protocol, d->protocol);
	row_count(&row, fragments_name, d->fragments);
	row_count(&row, bytes_name, d->bytes);
	if (d->missing)
		row_count(&row, missing, d->missing);
	row_frame(&row, first_name, d->first);
	row_frame(&row, last_name, d->last);
	row.ev.Justification = why;
	return ExpertSubmitEvent(key, &row.ev);
}

static DWORD report_differing(const struct differing *d, HEXPERTKEY key)
{
	static char tcp[] = "TCP bytes twice, and not the same";
	static char ip[] = "Fragments twice, and not the same";
	static char why[] =
	    "This frame brings bytes for a place that was filled before, and others than those. "
	    "The first ones stand in the new capture; a receiver may have taken the second ones. A "
	    "damaged frame or a faulty sender does this, and so does who wants a firewall to read "
	    "something else than the receiver.";
	char from[ADDRESS_TEXT_MAX], to[ADDRESS_TEXT_MAX];
	union row row;

	row_begin(&row, source, IDENT_DIFFERS, d->tcp ? tcp : ip);
	row_severity(&row, NMEVENT_SEVERITY_WARNING);
	address_text(&d->src, d->v6, from);
	address_text(&d->dst, d->v6, to);
	row_text(&row, from_name, from);
	row_text(&row, to_name, to);
	row_count(&row, differs_name, d->bytes);
	row_frame(&row, frame_name, d->frame);
	row.ev.Justification = why;
	return ExpertSubmitEvent(key, &row.ev);
}

/* The number stands in the name: the row has no columns, so that it ends a table of any. */
static DWORD left_out(HEXPERTKEY key, DWORD severity, uint64_t n, const char *what, char *why)
{
	char name[120];
	union row r;

	if (n == 0)
		return NMERR_SUCCESS;
	(void)snprintf(name, sizeof name, "%" PRIu64 " %s", n, what);
	row_begin(&r, source, IDENT_INCOMPLETE, name);
	row_severity(&r, severity);
	r.ev.Justification = why;
	return ExpertSubmitEvent(key, &r.ev);
}

static DWORD report_limits(const struct result *r, HEXPERTKEY key)
{
	static char memory[] = "What was not touched for longest was given up to stay within the "
			       "memory setting. Raise "
			       "it, or analyse a part of the capture.";
	static char link[] =
	    "Nothing tells what kind of link header these frames begin with, so they can't be "
	    "copied. Records of Network Monitor that are no frames, such as events, are among "
	    "them.";
	static char bare[] =
	    "Nothing tells what kind of link header these frames begin with: they were copied from "
	    "their IP header on.";
	const struct counts *c = &r->stage->counts;
	const struct datagram_counts *d = r->datagrams->counts;
	const struct {
		DWORD severity;
		uint64_t n;
		const char *what;
		char *why;
	} rows[] = {
		{ NMEVENT_SEVERITY_WARNING, d[0].evicted + d[1].evicted,
		    "datagrams given up to stay within memory", memory },
		{ NMEVENT_SEVERITY_WARNING, r->streams->evicted,
		    "conversations closed early to stay within memory", memory },
		{ NMEVENT_SEVERITY_WARNING, r->streams->hurried,
		    "bytes written with a gap before them to stay within memory", memory },
		{ NMEVENT_SEVERITY_WARNING, c->no_memory,
		    "frames written as they came, since there was no memory to join them", memory },
		{ NMEVENT_SEVERITY_INFORMATIONAL, c->late,
		    "joined frames behind their place in the order of time", memory },
		{ NMEVENT_SEVERITY_WARNING, c->no_link, "frames left out: their link has no number",
		    link },
		{ NMEVENT_SEVERITY_INFORMATIONAL, c->link_cut, "frames without their link header",
		    bare },
	};
	DWORD err = NMERR_SUCCESS;

	for (size_t i = 0; i < sizeof rows / sizeof *rows && !err; i++)
		err = left_out(key, rows[i].severity, rows[i].n, rows[i].what, rows[i].why);
	return err;
}

static DWORD report_wrongs(const struct result *r, HEXPERTKEY key)
{
	static char why[] = "Only the first ones are listed; the totals count all.";
	const struct datagram_counts *d = r->datagrams->counts;
	DWORD err = NMERR_SUCCESS;

	for (uint32_t i = 0; i < r->datagrams->n_lost && !err; i++)
		err = report_lost(&r->datagrams->lost[i], key);
	if (!err)
		err = left_out(key, NMEVENT_SEVERITY_INFORMATIONAL,
		    d[0].lost + d[1].lost - r->datagrams->n_lost, "more datagrams not whole", why);
	for (uint32_t i = 0; i < r->stage->n_shown && !err; i++)
		err = report_differing(&r->stage->shown[i], key);
	if (!err)
		err = left_out(key, NMEVENT_SEVERITY_INFORMATIONAL,
		    r->stage->counts.differing - r->stage->n_shown,
		    "more frames with differing bytes", why);
	return err;
}

DWORD report_result(const struct result *r, HEXPERTKEY key)
{
	static char why[] = "Only the largest are listed. The top setting asks for more.";
	DWORD err = report_file(r, key);

	if (!err)
		err = report_totals(r, key);
	for (uint32_t i = 0; i < r->streams->rows.n && !err; i++)
		err =
		    report_conversation((const struct stream_row *)r->streams->rows.rows + i, key);
	if (!err)
		err = left_out(key, NMEVENT_SEVERITY_INFORMATIONAL,
		    r->streams->n - r->streams->rows.n, "conversations not listed", why);
	if (!err)
		err = report_wrongs(r, key);
	return err ? err : report_limits(r, key);
}

/* ---- when there is no result ------------------------------------------------------------------ */

static DWORD one_event(
    HEXPERTKEY key, DWORD ident, DWORD severity, char *name, const char *text, char *why)
{
	union row r;

	row_begin(&r, source, ident, name);
	row_severity(&r, severity);
	r.ev.szDescription = (char *)(uintptr_t)text;
	r.ev.Flags &= ~(DWORD)NMEVENTFLAG_DO_NOT_DISPLAY_DESCRIPTION;
	r.ev.Justification = why;
	return ExpertSubmitEvent(key, &r.ev);
}

DWORD report_no_folder(HEXPERTKEY key)
{
	static char name[] = "No folder to write to";
	static char text[] =
	    "Give --output-dir DIR for a capture with fragments and segments joined";

	return one_event(key, IDENT_NO_FOLDER, NMEVENT_SEVERITY_INFORMATIONAL, name, text, NULL);
}

DWORD report_not_written(HEXPERTKEY key, const char *why)
{
	static char name[] = "New capture not written";
	static char text[] = "Nothing was left in the output folder. Look at its free space, and "
			     "whether who runs the "
			     "experts may write there: started as root, that is nobody.";

	return one_event(key, IDENT_NOT_WRITTEN, NMEVENT_SEVERITY_ERROR, name, why, text);
}

DWORD report_stopped(HEXPERTKEY key, DWORD error, DWORD last_frame)
{
	static char why[] =
	    "The host could not give the next frame. Nothing was left in the output folder.";
	char name[64];
	union row r;

	(void)snprintf(name, sizeof name, "Stopped early: error %u", (unsigned)error);
	row_begin(&r, source, IDENT_NOT_WRITTEN, name);
	row_severity(&r, NMEVENT_SEVERITY_ERROR);
	r.ev.Justification = why;
	if (last_frame != INVALID_FRAME_NUMBER)
		row_frame(&r, last_name, last_frame);
	return ExpertSubmitEvent(key, &r.ev);
}
