/* SPDX-License-Identifier: MIT */
/* Frames of any bytes as people and programs get them: lines, trees with bytes, JSON, and fields.
 * Everything goes through the pipe that a worker has, and is taken as the supervisor takes it.
 * Properties: each message is text that harms no terminal; a line is one line for each frame,
 * fields have their separators, JSON is an object; and frames come out the same twice.
 *
 * Input: how (1 byte), link type (2 bytes), MAC type (1), then the frame. */
#include "engine/show.h"
#include "base/bytes.h"

#include <assert.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

#define RECORD    16u
#define FRAME_MAX 2048u
#define TEXT_MAX  (8u << 20)

static const char *const families[] = { PARSERS };
static const char *const names[] = { "frame.number", "frame.protocols", "ip.src", "tcp.flags.syn",
	"dns.qry.name", "_ws.col.Info", "_ws.col.Protocol", "TCP", "http.request.uri", "ip.addr" };

#define N_NAMES ((unsigned)(sizeof names / sizeof *names))

static const struct nm_door *door;
static struct nm_speaker speaker;
static struct nm_show *show;
static int pipe_fds[2];
static char text[2][TEXT_MAX]; /* of the first time, and the second */
static size_t text_n[2];

static void begin(void)
{
	struct nm_diag d;

	door = nm_door(NM_DOOR_VERSION);
	show = calloc(1, sizeof *show);
	assert(door && show && pipe2(pipe_fds, O_CLOEXEC | O_NONBLOCK) == 0);
	assert(fcntl(pipe_fds[0], F_SETPIPE_SZ, 1 << 20) >= 0);
	for (size_t i = 0; i < sizeof families / sizeof *families; i++)
		if (!door->parsers_load(families[i], -1, &d)) {
			(void)fprintf(stderr, "%s: %s\n", families[i], d.text);
			abort();
		}
	door->parsers_seal();
	assert(nm_speaker_init(&speaker, pipe_fds[1]));
}

/* What is in the pipe, as the supervisor takes it: whole messages. */
static void take(unsigned turn, bool colour)
{
	static uint8_t in[2 << 20];
	static size_t in_n;
	size_t at = 0, n_text;
	uint32_t length;
	enum nm_msg type;
	const char *p;
	ssize_t got;

	while ((got = read(pipe_fds[0], in + in_n, sizeof in - in_n)) > 0)
		in_n += (size_t)got;
	while (in_n - at >= NM_WIRE_HEADER) {
		struct nm_cur c;

		assert(nm_msg_header(in + at, &type, &length) && type == NM_MSG_TEXT);
		assert(length <= in_n - at - NM_WIRE_HEADER);
		c = nm_cur_over(in + at + NM_WIRE_HEADER, length);
		assert(nm_cur_text(&c, colour, &p, &n_text) && n_text <= TEXT_MAX - text_n[turn]);
		memcpy(text[turn] + text_n[turn], p, n_text);
		text_n[turn] += n_text;
		at += NM_WIRE_HEADER + length;
	}
	assert(at == in_n);
	in_n = 0;
}

static void put(const struct nm_shown *f)
{
	switch (show->how->format) {
	case NM_FRAMES_JSON: nm_show_json(show, f); return;
	case NM_FRAMES_FIELDS: nm_show_fields(show, f); return;
	default:
		if (show->how->tree)
			nm_show_tree(show, f);
		else
			nm_show_line(show, f);
		if (show->how->bytes)
			nm_show_bytes(show, f);
	}
}

/* From what is known before the first frame to the end of the text. */
static void run(const struct nm_frames_options *how, const struct nm_frame *frame, unsigned turn)
{
	struct nm_shown f = { .ns = 1, .before_ns = NM_NO_TIME, .shown_before_ns = NM_NO_TIME };
	struct nm_diag d;

	memset(show, 0, offsetof(struct nm_show, text));
	show->door = door;
	show->how = how;
	text_n[turn] = 0;
	nm_page_init(&show->page, &speaker, how->colour);
	assert(nm_show_init(show, &d));
	nm_show_header(show);
	assert(nm_show_attach(show, (HFRAME)(uintptr_t)1, frame, &f));
	put(&f);
	assert(nm_page_flush(&show->page));
	take(turn, how->colour);
	nm_show_done(show);
}

static unsigned count(char c)
{
	unsigned n = 0;

	for (size_t i = 0; i < text_n[0]; i++)
		n += text[0][i] == c;
	return n;
}

static void check(const struct nm_frames_options *how)
{
	unsigned lines = 1 + (how->header && how->format == NM_FRAMES_FIELDS);
	json_t *object;

	assert(text_n[0] && text[0][text_n[0] - 1] == '\n');
	assert(text_n[0] == text_n[1] && memcmp(text[0], text[1], text_n[0]) == 0);
	if (how->tree || how->bytes)
		return;
	assert(count('\n') == lines);
	if (how->format == NM_FRAMES_FIELDS)
		assert(count('\t') == lines * (N_NAMES - 1));
	if (how->format != NM_FRAMES_JSON)
		return;
	object = json_loadb(text[0], text_n[0] - 1, JSON_REJECT_DUPLICATES, NULL);
	assert(json_is_object(object));
	json_decref(object);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct nm_frames_options how = { .size = sizeof how,
		.fields = names,
		.separator = '\t',
		.aggregator = ',',
		.occurrence = 'a' };
	struct nm_frame frame = { .number = 6 };
	uint8_t *record;

	if (!door)
		begin();
	if (n < 4 || n - 4 > FRAME_MAX)
		return 0;
	how.format = (enum nm_frames_format)(p[0] % NM_FRAMES_FORMATS);
	how.n_fields = how.format == NM_FRAMES_FIELDS ? N_NAMES : 0;
	how.clock = (enum nm_frames_clock)((p[0] >> 2) % NM_FRAMES_CLOCKS);
	how.tree = how.format == NM_FRAMES_TEXT && p[0] & 32;
	how.bytes = how.format == NM_FRAMES_TEXT && p[0] & 64;
	how.colour = how.header = p[0] & 128;
	frame.link_type = nm_le16(p + 1);
	frame.mac_type = p[3];
	frame.record = record = calloc(1, RECORD + n - 4); /* exactly */
	assert(record);
	nm_put_le32(record + 8, (uint32_t)n - 4);
	nm_put_le32(record + 12, (uint32_t)n - 4);
	memcpy(record + RECORD, p + 4, n - 4);
	run(&how, &frame, 0);
	run(&how, &frame, 1);
	check(&how);
	free(record);
	return 0;
}
