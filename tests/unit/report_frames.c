/* SPDX-License-Identifier: MIT */
/* nm_frames() that makes frames up. */
#include "report_frames.h"
#include "report_events.h"

#include <stdio.h>
#include <unistd.h>

struct fake_frames fake_frames;

#define LARGE_FIELDS 2000u
#define LARGE_BYTES  2048u

static void ordinary(FILE *f, uint32_t n)
{
	(void)fprintf(f,
	    "{\"frame\":%u,\"time\":\"2026-09-20T10:11:12.000000Z\",\"length\":60,\"captured\":60,"
	    "\"source\":\"10.0.0.1\",\"destination\":\"10.0.0.2\",\"protocol\":\"TCP\","
	    "\"info\":\"a segment\",\"layers\":["
	    "{\"protocol\":\"ETHERNET\",\"offset\":0,\"summary\":\"type IP\",\"properties\":["
	    "{\"level\":1,\"text\":\"Destination\",\"offset\":0,\"length\":6},"
	    "{\"level\":1,\"text\":\"Source\",\"offset\":6,\"length\":6}]},"
	    "{\"protocol\":\"IP\",\"offset\":14,\"summary\":\"to 10.0.0.2\",\"properties\":["
	    "{\"level\":1,\"text\":\"Flags\",\"offset\":20,\"length\":1},"
	    "{\"level\":2,\"text\":\"Fragment = no\",\"offset\":20,\"length\":1},"
	    "{\"level\":15,\"text\":\"not shown\"},"
	    "{\"level\":1,\"text\":\"Protocol = 6\",\"offset\":23,\"length\":1,\"error\":true}]},"
	    "{\"protocol\":\"TCP\",\"offset\":34,\"properties\":[]}],\"bytes\":\"",
	    n + 1);
	for (unsigned i = 0; i < 60; i++)
		(void)fprintf(f, "%02x", i < 6 ? 0x41 + i : i);
	(void)fputs("\"}\n", f);
}

static void markup(FILE *f, uint32_t n)
{
	static const char text[] = "<script>window.pwned = 1</script>\\u0007\\n"
				   "</ul></details><img src=x onerror='window.pwned=1'>\\u202e";

	(void)fprintf(f,
	    "{\"frame\":%u,\"time\":\"%s\",\"length\":9,\"captured\":3,\"source\":\"%s\","
	    "\"destination\":\"%s\",\"protocol\":\"%s\",\"info\":\"%s\",\"layers\":["
	    "{\"protocol\":\"%s\",\"offset\":-7,\"summary\":\"%s\",\"error\":true,\"properties\":["
	    "{\"level\":9,\"text\":\"%s\",\"offset\":4000000000,\"length\":4000000000},"
	    "{\"level\":14,\"text\":\"deep\"},{\"level\":1e9,\"text\":7},null,[],"
	    "{\"level\":99999999999,\"text\":\"deepest\"},{\"level\":2,\"text\":\"back\"}]},7,{}],"
	    "\"bytes\":\"zz<script>\"}\n",
	    n + 1, text, text, text, text, text, text, text, text);
}

static void large(FILE *f, uint32_t n)
{
	(void)fprintf(f,
	    "{\"frame\":%u,\"length\":9000,\"captured\":9000,\"protocol\":\"X\",\"layers\":["
	    "{\"protocol\":\"X\",\"offset\":0,\"properties\":[",
	    n + 1);
	for (unsigned i = 0; i < LARGE_FIELDS; i++)
		(void)fprintf(
		    f, "%s{\"level\":1,\"text\":\"A field with some text\"}", i ? "," : "");
	(void)fputs("]}],\"bytes\":\"", f);
	for (unsigned i = 0; i < LARGE_BYTES; i++)
		(void)fputs("00", f);
	(void)fputs("\"}\n", f);
}

static void one(FILE *f, uint32_t n)
{
	switch (n % 8) {
	case FAKE_FRAME_MARKUP: markup(f, n); break;
	case FAKE_FRAME_BROKEN: (void)fputs("{\"frame\":1,\n", f); break;
	case FAKE_FRAME_LARGE: large(f, n); break;
	case FAKE_FRAME_OTHER: ordinary(f, n + 100000); break;
	default: ordinary(f, n); break;
	}
}

int play_frames(const struct nm_sink *s, unsigned kinds, unsigned each, uint32_t step)
{
	struct nm_capture_report c = a_capture("it's frames.pcap", 100000);
	struct nm_expert_info e = an_expert("frames", "Frames");
	struct nm_expert_end end = an_end(100000, kinds * each);
	int err;

	c.again = "again";
	err = s->capture_begin(s->ctx, &c);
	err = err ? err : s->expert_begin(s->ctx, &e);
	for (unsigned i = 0; i < kinds * each && !err; i++) {
		const struct nm_column columns[] = { { "Frame", NM_COL_FRAME, { .u = step * i } },
			{ "Not there", NM_COL_FRAME, { .u = NM_NO_FRAME } },
			{ "Beyond", NM_COL_FRAME, { .u = 100000 } } };
		const struct nm_event ev = { .ident = i / each,
			.severity = i / each < 5 ? 5 - i / each : 0,
			.source = "",
			.name = "Names a frame",
			.description = "",
			.n_columns = 3,
			.columns = columns };

		err = s->event(s->ctx, &ev);
	}
	err = err ? err : s->expert_end(s->ctx, &e, &end);
	return err ? err : s->capture_end(s->ctx, &c);
}

int nm_frames(const struct nm_run_options *o, const struct nm_frames_options *how, int fd)
{
	FILE *f = fdopen(dup(fd), "w");

	fake_frames.calls++;
	fake_frames.asked = how->n_only;
	fake_frames.captures = o->captures[0];
	if (fake_frames.say && o->message)
		o->message(o->message_ctx, fake_frames.say);
	if (!f)
		return NM_EXIT_OUTPUT;
	for (uint32_t i = 0; i < how->n_only && !fake_frames.nothing; i++)
		one(f, how->only[i]);
	return fclose(f) ? NM_EXIT_OUTPUT : NM_EXIT_COMPLETE;
}

/* No capture is ever open. */
int nm_frames_of(struct nm_open_capture *capture, const struct nm_run_options *o,
    const struct nm_frames_options *how, int fd)
{
	(void)capture;
	return nm_frames(o, how, fd);
}
