/* SPDX-License-Identifier: MIT */
/* wire/: what is encoded decodes to the same, and nothing else decodes. */
#include "check.h"
#include "base/utf8.h"
#include "wire/order.h"

#include <math.h>
#include <stdlib.h>

static uint8_t buf[NM_WIRE_HEADER + NM_WIRE_MAX];

/* An event with a column of every type, as an expert would build it. */
static NMEVENTDATA *full_event(void)
{
	static char name[] = "col", text[] = "a string", source[] = "src", ev_name[] = "name",
		    desc[] = "what happened", why[] = "because\nof this";
	NMEVENTDATA *ev = calloc(1, sizeof *ev + NM_COL_TYPES * sizeof(NMCOLUMNINFO));

	assert_non_null(ev);
	ev->EventIdent = 7;
	ev->Flags = NMEVENTFLAG_DO_NOT_DISPLAY_TIME;
	ev->Severity = NMEVENT_SEVERITY_ERROR;
	ev->NumColumns = NM_COL_TYPES;
	ev->szSourceName = source;
	ev->szEventName = ev_name;
	ev->szDescription = desc;
	ev->Justification = why;
	ev->SysTime.wYear = 1998;
	ev->SysTime.wMilliseconds = 47;
	for (unsigned i = 0; i < NM_COL_TYPES; i++) {
		ev->Column[i].szColumnName = i % 2 ? name : NULL;
		ev->Column[i].VariantData.Type = (NMCOLUMNTYPE)i;
		memset(
		    &ev->Column[i].VariantData.Value, 0xfe, sizeof ev->Column[i].VariantData.Value);
	}
	ev->Column[NM_COL_YESNO].VariantData.Value.YesNoVal = 0;
	ev->Column[NM_COL_FLOAT64].VariantData.Value.Float64Val = -0.5;
	ev->Column[NM_COL_VARTIME].VariantData.Value.VarTimeVal = NAN;
	ev->Column[NM_COL_STRING].VariantData.Value.pStringVal = text;
	return ev;
}

static size_t encode(const NMEVENTDATA *ev)
{
	struct nm_enc o = { .p = buf, .cap = sizeof buf };

	nm_msg_begin(&o, NM_MSG_EVENT);
	nm_enc_event(&o, ev);
	assert_true(nm_msg_finish(&o));
	return o.n;
}

static bool decode(const uint8_t *p, size_t n, struct nm_column *columns, struct nm_event *ret)
{
	struct nm_cur c = nm_cur_over(p, n);

	return nm_cur_event(&c, columns, ret);
}

static void an_event_comes_back_whole(void **state)
{
	struct nm_column col[NM_EVENT_COLUMNS];
	NMEVENTDATA *ev = full_event();
	size_t n = encode(ev);
	struct nm_event e;

	(void)state;
	assert_true(decode(buf + NM_WIRE_HEADER, n - NM_WIRE_HEADER, col, &e));
	assert_int_equal(e.ident, 7);
	assert_int_equal(e.severity, 3);
	assert_int_equal(e.flags, NMEVENTFLAG_DO_NOT_DISPLAY_TIME | NMEVENTFLAG_EXPERT);
	assert_string_equal(e.source, "src");
	assert_string_equal(e.description, "what happened");
	assert_string_equal(e.justification, "because\nof this");
	assert_null(e.machine);
	assert_int_equal(e.time.year, 1998);
	assert_int_equal(e.time.ms, 47);
	assert_int_equal(e.n_columns, NM_COL_TYPES);
	assert_string_equal(col[0].name, "");
	assert_string_equal(col[1].name, "col");
	assert_true(col[NM_COL_UINT8].v.u == 0xfe);
	assert_true(col[NM_COL_SINT8].v.s == -2);
	assert_true(col[NM_COL_UINT16].v.u == 0xfefe);
	assert_true(col[NM_COL_SINT16].v.s == (int16_t)0xfefe);
	assert_true(col[NM_COL_UINT32].v.u == 0xfefefefe);
	assert_true(col[NM_COL_SINT32].v.s == (int32_t)0xfefefefe);
	assert_true(col[NM_COL_FLOAT64].v.d == -0.5);
	assert_true(col[NM_COL_FRAME].v.u == 0xfefefefe);
	assert_true(col[NM_COL_YESNO].v.u == 0);
	assert_true(col[NM_COL_ONOFF].v.u == 1);
	assert_int_equal(col[NM_COL_MACADDR].v.b[5], 0xfe);
	assert_int_equal(col[NM_COL_MACADDR].v.b[6], 0);
	assert_int_equal(col[NM_COL_IPXADDR].v.b[9], 0xfe);
	assert_int_equal(col[NM_COL_IPADDR].v.b[3], 0xfe);
	assert_true(isnan(col[NM_COL_VARTIME].v.d));
	assert_string_equal(col[NM_COL_STRING].v.str, "a string");
	free(ev);
}

static void null_strings_are_empty_and_absent(void **state)
{
	struct nm_column col[NM_EVENT_COLUMNS];
	NMEVENTDATA ev = { 0 };
	struct nm_event e;
	size_t n = encode(&ev);

	(void)state;
	assert_true(decode(buf + NM_WIRE_HEADER, n - NM_WIRE_HEADER, col, &e));
	assert_string_equal(e.source, "");
	assert_string_equal(e.name, "");
	assert_string_equal(e.description, "");
	assert_null(e.machine);
	assert_null(e.justification);
}

/* In an exact-size copy, so that a read past the end is seen. */
static void no_prefix_of_an_event_is_an_event(void **state)
{
	struct nm_column col[NM_EVENT_COLUMNS];
	NMEVENTDATA *ev = full_event();
	size_t n = encode(ev) - NM_WIRE_HEADER;
	struct nm_event e;

	(void)state;
	for (size_t cut = 0; cut < n; cut++) {
		uint8_t *copy = malloc(cut ? cut : 1);

		memcpy(copy, buf + NM_WIRE_HEADER, cut);
		assert_false(decode(copy, cut, col, &e));
		free(copy);
	}
	free(ev);
}

/* A changed byte gives another event or none, never a stray read: strings end
 * inside the message. */
static void changed_bytes_never_lead_outside(void **state)
{
	struct nm_column col[NM_EVENT_COLUMNS];
	NMEVENTDATA *ev = full_event();
	size_t n = encode(ev) - NM_WIRE_HEADER, total = 0;
	struct nm_event e;

	(void)state;
	for (size_t i = 0; i < n; i++)
		for (unsigned v = 0; v < 256; v += 5) {
			uint8_t *copy = malloc(n);

			memcpy(copy, buf + NM_WIRE_HEADER, n);
			copy[i] = (uint8_t)v;
			if (decode(copy, n, col, &e)) {
				total += strlen(e.source) + strlen(e.description);
				for (uint32_t c = 0; c < e.n_columns; c++) {
					assert_true(col[c].type < NM_COL_TYPES);
					total += strlen(col[c].name);
				}
			}
			free(copy);
		}
	assert_true(total > 0);
	free(ev);
}

static void long_strings_are_cut_and_huge_events_refused(void **state)
{
	struct nm_column col[NM_EVENT_COLUMNS];
	NMEVENTDATA *ev = full_event();
	struct nm_enc o = { .p = buf, .cap = sizeof buf };
	char *text = malloc(200000);
	struct nm_event e;
	size_t n;

	(void)state;
	memset(text, 'x', 199999);
	text[199999] = '\0';
	ev->szDescription = text;
	n = encode(ev);
	assert_true(decode(buf + NM_WIRE_HEADER, n - NM_WIRE_HEADER, col, &e));
	assert_int_equal(strlen(e.description), NM_TEXT_MAX);
	for (unsigned i = 0; i < NM_COL_TYPES; i++)
		ev->Column[i].szColumnName = text;
	nm_msg_begin(&o, NM_MSG_EVENT);
	nm_enc_event(&o, ev);
	assert_false(nm_msg_finish(&o));
	free(text);
	free(ev);
}

static const struct {
	const char *name;
	uint8_t head[NM_WIRE_HEADER];
	bool ok;
} heads[] = {
	{ "an event of no bytes", { 0, 0, 0, 0, 2, 0, 0, 0 }, true },
	{ "the longest message", { 0, 0, 16, 0, 4, 0, 0, 0 }, true },
	{ "one byte more", { 1, 0, 16, 0, 4, 0, 0, 0 }, false },
	{ "type 0", { 0, 0, 0, 0, 0, 0, 0, 0 }, false },
	{ "an unknown type", { 0, 0, 0, 0, NM_MSGS, 0, 0, 0 }, false },
	{ "reserved bits set", { 0, 0, 0, 0, 2, 0, 1, 0 }, false },
	{ "a length of 4 GB", { 255, 255, 255, 255, 2, 0, 0, 0 }, false },
};

static void headers_are_checked(void **state)
{
	enum nm_msg type;
	uint32_t len;

	(void)state;
	for (size_t i = 0; i < COUNT(heads); i++) {
		print_message("# %s\n", heads[i].name);
		assert_int_equal(nm_msg_header(heads[i].head, &type, &len), heads[i].ok);
	}
}

static void a_configuration_comes_back_or_is_refused(void **state)
{
	static const uint8_t good[] = { 6, 0, 0, 0, 'a', 'b' };
	struct nm_enc o = { .p = buf, .cap = sizeof buf };
	const uint8_t *p = NULL;
	uint32_t n = 99;
	struct nm_cur c;

	(void)state;
	nm_enc_config(&o, good, sizeof good);
	for (size_t cut = 0; cut <= o.n; cut++) {
		c = nm_cur_over(buf, cut);
		assert_int_equal(nm_cur_config(&c, &p, &n), cut == o.n);
	}
	assert_int_equal(n, sizeof good);
	assert_memory_equal(p, good, sizeof good);
	c = nm_cur_over(buf, o.n + 1);
	assert_false(nm_cur_config(&c, &p, &n));
	for (unsigned length = 0; length < 256; length++) {
		buf[4] = (uint8_t)length; /* RawConfigLength */
		c = nm_cur_over(buf, o.n);
		assert_int_equal(nm_cur_config(&c, &p, &n), length == sizeof good);
	}
	o.n = 0;
	nm_enc_config(&o, NULL, 0);
	c = nm_cur_over(buf, o.n);
	assert_true(nm_cur_config(&c, &p, &n));
	assert_int_equal(n, 0);
	assert_false(nm_is_config(good, 3));
}

static const struct nm_msg_protocol a_protocol = {
	.name = "IP", .comment = "Internet", .path = "", .n_names = 1, .names = { { "ip", 0, 0 } }
};
static const struct nm_msg_property a_property = { .label = "Flags",
	.comment = "",
	.type = 2,
	.qualifier = 4,
	.has_value = true,
	.value = UINT64_MAX - 1,
	.value_label = "all",
	.n_names = 2,
	.names = { { "ip.flags", 0xE0, 2 }, { "ip.flags.df", 0x40, 2 } } };

static bool takes(bool property, const uint8_t *p, size_t n)
{
	struct nm_msg_protocol protocol;
	struct nm_msg_property one;
	struct nm_cur c = nm_cur_over(p, n);

	return property ? nm_cur_property(&c, &one) : nm_cur_protocol(&c, &protocol);
}

static void protocols_and_properties_come_back(void **state)
{
	struct nm_enc o = { .p = buf, .cap = sizeof buf };
	struct nm_msg_protocol protocol;
	struct nm_msg_property property;
	struct nm_cur c;

	(void)state;
	nm_enc_protocol(&o, &a_protocol);
	c = nm_cur_over(buf, o.n);
	assert_true(nm_cur_protocol(&c, &protocol));
	assert_string_equal(protocol.name, "IP");
	assert_string_equal(protocol.path, "");
	assert_int_equal(protocol.n_names, 1);
	assert_string_equal(protocol.names[0].name, "ip");
	o.n = 0;
	nm_enc_property(&o, &a_property);
	c = nm_cur_over(buf, o.n);
	assert_true(nm_cur_property(&c, &property));
	assert_string_equal(property.label, "Flags");
	assert_true(property.has_value && property.value == UINT64_MAX - 1);
	assert_string_equal(property.value_label, "all");
	assert_int_equal(property.n_names, 2);
	assert_int_equal(property.names[1].mask, 0x40);
}

/* A table comes back; prefixes, a byte too many, and what is no table are refused. */
static void settings_come_back_or_are_refused(void **state)
{
	NMEXPERTFIELD rows[] = { { "top", NMFIELD_UINT32, 0, 4, "5", "1..9", "rows" },
		{ "name", NMFIELD_STRING, 4, 8, NULL, NULL, NULL } };
	NMEXPERTFIELD got[NM_SETTINGS_MOST];
	struct nm_enc o = { .p = buf, .cap = sizeof buf };
	struct nm_cur c;
	unsigned n;

	(void)state;
	nm_enc_settings(&o, rows, 2);
	c = nm_cur_over(buf, o.n);
	assert_true(nm_cur_settings(&c, got, &n));
	assert_int_equal(n, 2);
	assert_string_equal(got[0].Range, "1..9");
	assert_null(got[1].Default);
	for (size_t cut = 0; cut <= o.n + 1; cut++) {
		c = nm_cur_over(buf, cut);
		assert_int_equal(nm_cur_settings(&c, got, &n), cut == o.n);
	}
	rows[1].Offset = 3;
	o.n = 0;
	nm_enc_settings(&o, rows, 2);
	c = nm_cur_over(buf, o.n);
	assert_false(nm_cur_settings(&c, got, &n));
	nm_put_le32(buf, NM_SETTINGS_MOST + 1);
	c = nm_cur_over(buf, o.n);
	assert_false(nm_cur_settings(&c, got, &n));
}

/* Prefixes, a byte too many, too many names, a NULL for a text. */
static void what_is_no_protocol_or_property_is_refused(void **state)
{
	struct nm_msg_property no_label = a_property;

	(void)state;
	for (int property = 0; property < 2; property++) {
		struct nm_enc o = { .p = buf, .cap = sizeof buf };
		uint8_t *copy;

		if (property)
			nm_enc_property(&o, &a_property);
		else
			nm_enc_protocol(&o, &a_protocol);
		for (size_t cut = 0; cut <= o.n; cut++) {
			copy = malloc(cut + 1);
			memcpy(copy, buf, cut);
			assert_int_equal(takes(property, copy, cut), cut == o.n);
			free(copy);
		}
		assert_false(takes(property, buf, o.n + 1));
		o.n = 0;
		if (property) {
			no_label.label = NULL;
			nm_enc_property(&o, &no_label);
		} else {
			nm_enc_protocol(&o, &(struct nm_msg_protocol){ .name = "", .comment = "" });
		}
		assert_false(takes(property, buf, o.n));
	}
}

static void more_names_than_there_may_be_are_refused(void **state)
{
	struct nm_enc o = { .p = buf, .cap = sizeof buf };

	(void)state;
	nm_enc_str(&o, "a");
	nm_enc_str(&o, "b");
	nm_enc_str(&o, "c");
	nm_enc_u32(&o, NM_NAMES_MAX + 1);
	for (unsigned i = 0; i <= NM_NAMES_MAX; i++) {
		nm_enc_str(&o, "n");
		nm_enc_u32(&o, 0);
		nm_enc_u8(&o, 0);
	}
	assert_false(takes(false, buf, o.n));
}

static const char *const two_names[] = { "ip.src", "tcp" };
static const uint32_t three_frames[] = { 4, 5, 9 }, same_frames[] = { 4, 4 };
static const struct nm_frames_options frames_wanted = { .first = 3,
	.last = 9,
	.most = 2,
	.format = NM_FRAMES_FIELDS,
	.clock = NM_CLOCK_EPOCH,
	.bytes = true,
	.fields = two_names,
	.n_fields = 2,
	.separator = ';',
	.occurrence = 'l',
	.only = three_frames,
	.n_only = 3,
	.brief = 100 };

static uint32_t many_frames[NM_ONLY_MAX + 1];

static void what_is_wanted_of_frames_comes_back_or_is_refused(void **state)
{
	struct nm_enc o = { .p = buf, .cap = sizeof buf };
	struct nm_frames_options bad = frames_wanted, got;
	static struct nm_frames_room room;
	struct nm_cur c;

	(void)state;
	for (uint32_t i = 0; i <= NM_ONLY_MAX; i++)
		many_frames[i] = i;
	nm_enc_frames(&o, &frames_wanted);
	for (size_t cut = 0; cut <= o.n + 1; cut++) {
		c = nm_cur_over(buf, cut);
		assert_int_equal(nm_cur_frames(&c, &room, &got), cut == o.n);
	}
	c = nm_cur_over(buf, o.n);
	assert_true(nm_cur_frames(&c, &room, &got));
	assert_int_equal(got.first, 3);
	assert_int_equal(got.last, 9);
	assert_int_equal(got.most, 2);
	assert_int_equal(got.clock, NM_CLOCK_EPOCH);
	assert_true(got.bytes && !got.tree && !got.colour && !got.header);
	assert_int_equal(got.separator, ';');
	assert_int_equal(got.occurrence, 'l');
	assert_int_equal(got.n_fields, 2);
	assert_string_equal(got.fields[1], "tcp");
	assert_int_equal(got.brief, 100);
	assert_int_equal(got.n_only, 3);
	assert_memory_equal(got.only, three_frames, sizeof three_frames);
	for (unsigned i = 0; i < 6; i++) {
		bad = frames_wanted;
		bad.only = i == 3 ? same_frames : i == 4 ? many_frames : three_frames;
		bad.n_only = i == 3 ? 2 : i == 4 ? NM_ONLY_MAX + 1 : 3;
		if (i == 0)
			bad.format = NM_FRAMES_FORMATS;
		else if (i == 1)
			bad.clock = NM_FRAMES_CLOCKS;
		o.n = 0;
		nm_enc_frames(&o, &bad);
		if (i == 2)
			buf[15] = 2; /* `bytes` is no truth value */
		if (i == 5)
			buf[o.n - 17] = 0; /* there is no list, but it has frames */
		c = nm_cur_over(buf, o.n);
		assert_false(nm_cur_frames(&c, &room, &got));
	}
}

static void ranges_of_frames_come_back_or_are_refused(void **state)
{
	static const struct {
		struct nm_frame_range r;
		bool good;
	} cases[] = {
		{ { 0, 0 }, true },
		{ { 7, 9 }, true },
		{ { 0, UINT32_MAX }, true },
		{ { 9, 7 }, false },
		{ { UINT32_MAX, 0 }, false },
	};

	(void)state;
	for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct nm_enc o = { .p = buf, .cap = sizeof buf };
		struct nm_frame_range got;

		nm_enc_range(&o, &cases[i].r);
		for (size_t cut = 0; cut <= o.n; cut++) {
			struct nm_cur c = nm_cur_over(buf, cut);

			assert_int_equal(nm_cur_range(&c, &got), cut == o.n && cases[i].good);
		}
		assert_int_equal(got.first, cases[i].r.first);
		assert_int_equal(got.last, cases[i].r.last);
	}
}

static void text_that_could_harm_a_terminal_is_refused(void **state)
{
	static const struct {
		const char *text;
		bool good, coloured; /* without and with colours asked for */
	} cases[] = {
		{ "", true, true },
		{ "plain\ttext\n", true, true },
		{ "\xe2\x86\x92 \xc3\xa4", true, true },
		{ "\x1b[1;31mred\x1b[0m", false, true },
		{ "\x1b[2J", false, false },
		{ "\x1b]0;title\a", false, false },
		{ "\x1b[", false, false },
		{ "\x1b[111111111111111111m", false, false },
		{ "\r", false, false },
		{ "a\x7f", false, false },
		{ "\xc2\x9b"
		  "31m",
		    false, false },
		{ "\xe2\x80\xae", false, false },
		{ "half \xe2\x86", false, false },
		{ "\xff", false, false },
		{ "seven..\x01", false, false },
		{ "0123456789abcdef\x1b", false, false },
	};

	(void)state;
	for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++)
		for (int colour = 0; colour < 2; colour++) {
			size_t n = strlen(cases[i].text);
			char *copy = malloc(n + 1);
			struct nm_cur c;
			const char *p;

			memcpy(copy, cases[i].text, n);
			c = nm_cur_over(copy, n);
			if (nm_cur_text(&c, colour, &p, &n) !=
			    (colour ? cases[i].coloured : cases[i].good))
				fail_msg("text %u, colour %d", i, colour);
			free(copy);
		}
	assert_false(nm_utf8_is_clean("a\0b", 3, true));
}

static void registrations_failures_and_ends_come_back(void **state)
{
	struct nm_msg_registered r = { .flags = 5, .name = "n", .vendor = "", .description = "d" },
				 r2;
	struct nm_msg_fail f = { .verdict = NM_VERDICT_REFUSED,
		.phase = NM_PHASE_REGISTER,
		.reason = "no" },
			   f2;
	struct nm_msg_end e = { true, false, 1, 2, 3, 4, 5, 6 }, e2;
	struct nm_sandbox_report b = { .state = { [NM_LAYER_LANDLOCK] = NM_LAYER_MISSING },
		.landlock_abi = 7 },
				 b2;
	struct nm_enc o = { .p = buf, .cap = sizeof buf };
	struct nm_cur c;

	(void)state;
	nm_enc_registered(&o, &r);
	for (size_t cut = 0; cut <= o.n; cut++) {
		c = nm_cur_over(buf, cut);
		assert_int_equal(nm_cur_registered(&c, &r2), cut == o.n);
	}
	assert_int_equal(r2.flags, 5);
	assert_string_equal(r2.description, "d");
	o.n = 0;
	nm_enc_fail(&o, &f);
	for (size_t cut = 0; cut <= o.n; cut++) {
		c = nm_cur_over(buf, cut);
		assert_int_equal(nm_cur_fail(&c, &f2), cut == o.n);
	}
	assert_string_equal(f2.reason, "no");
	buf[0] = NM_VERDICT_DONE; /* a worker may not declare itself done this way */
	c = nm_cur_over(buf, o.n);
	assert_false(nm_cur_fail(&c, &f2));
	o.n = 0;
	nm_enc_box(&o, &b);
	for (size_t cut = 0; cut <= o.n; cut++) {
		c = nm_cur_over(buf, cut);
		assert_int_equal(nm_cur_box(&c, &b2), cut == o.n);
	}
	assert_int_equal(b2.state[NM_LAYER_LANDLOCK], NM_LAYER_MISSING);
	assert_int_equal(b2.landlock_abi, 7);
	buf[0] = NM_LAYER_STATES;
	c = nm_cur_over(buf, o.n);
	assert_false(nm_cur_box(&c, &b2));
	o.n = 0;
	nm_enc_end(&o, &e);
	for (size_t cut = 0; cut <= o.n; cut++) {
		c = nm_cur_over(buf, cut);
		assert_int_equal(nm_cur_end(&c, &e2), cut == o.n);
	}
	assert_true(e2.result && !e2.told && e2.events_dropped == 6);
	buf[0] = 2;
	c = nm_cur_over(buf, o.n);
	assert_false(nm_cur_end(&c, &e2));
}

static void control_packets_come_back(void **state)
{
	static const enum nm_ctl indexed[] = { NM_CTL_KILL, NM_CTL_INSPECT, NM_CTL_SEAL,
		NM_CTL_SEALED };
	struct nm_ctl_start s = { .index = 3,
		.task = NM_TASK_CONFIGURE,
		.config_bytes = 24,
		.shipped = true,
		.heap_bytes = 4,
		.max_events = 5,
		.cpu_s = 6,
		.space_bytes = 7,
		.path = "/x.so",
		.capture = "a.pcap" },
			    s2;
	struct nm_ctl_exited x = { 9, -1, 10, 11, "TCP (tcpip.so)", 0 }, x2;
	struct nm_ctl_opened p = { .code = 0, .comment = "hello" }, p2;
	struct nm_enc o = { .p = buf, .cap = NM_CTL_MAX };
	struct nm_cur c;
	uint32_t index, pid;

	(void)state;
	p.facts.format = NM_FORMAT_PCAPNG;
	p.facts.frames = 77;
	p.facts.first_ns = -5;
	p.facts.n_interfaces = 40; /* more than are listed */
	for (unsigned i = 0; i < NM_FACTS_INTERFACES; i++)
		memset(p.facts.interfaces[i].name, 'n', sizeof p.facts.interfaces[i].name - 1);
	memset(p.facts.note.text, 'n', sizeof p.facts.note.text - 1);
	p.facts.note.code = NMERR_INVALID_FILE_FORMAT;
	(void)strcpy(p.facts.packing, "gzip");
	p.facts.unpacked_bytes = 1234567;
	memset(p.facts.damage.text, 'd', sizeof p.facts.damage.text - 1);
	nm_enc_start(&o, &s);
	c = nm_cur_over(buf, o.n);
	assert_int_equal(nm_cur_ctl(&c), NM_CTL_START);
	assert_true(nm_cur_start(&c, &s2));
	assert_string_equal(s2.path, "/x.so");
	assert_true(s2.task == NM_TASK_CONFIGURE && s2.config_bytes == 24 && s2.shipped &&
		    s2.max_events == 5 && s2.cpu_s == 6 && s2.space_bytes == 7);
	o.n = 0;
	nm_enc_exited(&o, &x);
	c = nm_cur_over(buf, o.n);
	assert_int_equal(nm_cur_ctl(&c), NM_CTL_EXITED);
	assert_true(nm_cur_exited(&c, &x2));
	assert_int_equal(x2.wait_status, -1);
	assert_string_equal(x2.parser, "TCP (tcpip.so)");
	o.n = 0;
	nm_enc_started(&o, 3, 4711);
	c = nm_cur_over(buf, o.n);
	assert_int_equal(nm_cur_ctl(&c), NM_CTL_STARTED);
	assert_true(nm_cur_started(&c, &index, &pid) && index == 3 && pid == 4711);
	for (size_t i = 0; i < COUNT(indexed); i++) {
		o.n = 0;
		nm_enc_ctl_index(&o, indexed[i], 9);
		c = nm_cur_over(buf, o.n);
		assert_int_equal(nm_cur_ctl(&c), indexed[i]);
		assert_true(nm_cur_ctl_index(&c, &index) && index == 9);
		c = nm_cur_over(buf, o.n - 1);
		(void)nm_cur_ctl(&c);
		assert_false(nm_cur_ctl_index(&c, &index));
	}
	o.n = 0;
	nm_enc_opened(&o, NM_CTL_INDEXED, &p);
	assert_false(o.full);
	for (size_t cut = 4; cut <= o.n; cut++) {
		c = nm_cur_over(buf, cut);
		assert_int_equal(nm_cur_ctl(&c), NM_CTL_INDEXED);
		assert_int_equal(nm_cur_opened(&c, &p2), cut == o.n);
	}
	assert_int_equal(p2.facts.frames, 77);
	assert_true(p2.facts.first_ns == -5);
	assert_int_equal(p2.facts.n_interfaces, 40);
	assert_string_equal(p2.facts.damage.text, p.facts.damage.text);
	assert_string_equal(p2.facts.note.text, p.facts.note.text);
	assert_int_equal(p2.facts.note.code, NMERR_INVALID_FILE_FORMAT);
	assert_string_equal(p2.facts.packing, "gzip");
	assert_int_equal(p2.facts.unpacked_bytes, 1234567);
	assert_string_equal(p2.comment, "hello");
	memset(buf, 0, 4);
	c = nm_cur_over(buf, o.n);
	assert_int_equal(nm_cur_ctl(&c), 0);
}

static void a_filter_comes_back(void **state)
{
	struct nm_ctl_filter m = { "tcp.port == 80", 3, 4 }, got;
	struct nm_enc o = { .p = buf, .cap = NM_CTL_MAX };
	struct nm_cur c;

	(void)state;
	nm_enc_filter(&o, NM_CTL_FILTER, &m);
	for (size_t cut = 4; cut <= o.n; cut++) {
		c = nm_cur_over(buf, cut);
		assert_int_equal(nm_cur_ctl(&c), NM_CTL_FILTER);
		assert_int_equal(nm_cur_filter(&c, &got), cut == o.n);
	}
	assert_string_equal(got.text, m.text);
	assert_true(got.at == 3 && got.n == 4);
}

static void a_conversion_comes_back(void **state)
{
	struct nm_ctl_converted m = { 78, "no room",
		{ 1, 2, 3, 4, true, false, true, 5, 6, 7, 8, 9 } },
				m2;
	struct nm_enc o = { .p = buf, .cap = NM_CTL_MAX };
	struct nm_cur c;
	struct nm_target_format t = { NM_FORMAT_PCAPNG, 7, NM_LAST_FRAME, NM_PACKING_XZ, NULL }, t2;

	(void)state;
	nm_enc_converted(&o, &m);
	for (size_t cut = 4; cut <= o.n; cut++) {
		c = nm_cur_over(buf, cut);
		assert_int_equal(nm_cur_ctl(&c), NM_CTL_CONVERTED);
		assert_int_equal(nm_cur_converted(&c, &m2), cut == o.n);
	}
	assert_int_equal(m2.code, 78);
	assert_string_equal(m2.text, "no room");
	assert_int_equal(m2.lost.first_left_out, 3);
	assert_int_equal(m2.lost.times_cut, 4);
	assert_true(m2.lost.comment_lost && !m2.lost.names_lost && m2.lost.snap_lost);
	assert_int_equal(m2.lost.frame_comments_lost, 5);
	assert_int_equal(m2.lost.processes_lost, 8);
	assert_int_equal(m2.lost.sections_lost, 9);
	o.n = 0;
	nm_enc_convert(&o, &t);
	for (size_t cut = 4; cut <= o.n; cut++) {
		c = nm_cur_over(buf, cut);
		assert_int_equal(nm_cur_ctl(&c), NM_CTL_CONVERT);
		assert_int_equal(nm_cur_convert(&c, &t2), cut == o.n);
	}
	assert_memory_equal(&t2, &t, sizeof t);
	t.to = NM_FORMAT_NETMON1; /* is not written */
	o.n = 0;
	nm_enc_convert(&o, &t);
	c = nm_cur_over(buf, o.n);
	(void)nm_cur_ctl(&c);
	assert_false(nm_cur_convert(&c, &t2));
	static const struct nm_target_format bad[] = {
		{ NM_FORMAT_NETMON2, 0, 1, NM_PACKING_GZIP,
		    NULL }, /* has its header written last */
		{ NM_FORMAT_PCAP, 0, 1, NM_PACKINGS, NULL },
	};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		o.n = 0;
		nm_enc_convert(&o, &bad[i]);
		c = nm_cur_over(buf, o.n);
		(void)nm_cur_ctl(&c);
		assert_false(nm_cur_convert(&c, &t2));
	}
}

static void notes_come_back(void **state)
{
	struct nm_digest_text t = { NM_NOTE_OF_FRAME, 7, NM_NOTE_COMMENT, "odd \xff", 9 }, t2;
	struct nm_digest d = { .sections = 2, .frame_comments = 5, .n_blocks = 1, .cut = true }, d2;
	struct nm_enc o = { .p = buf, .cap = NM_CTL_MAX };
	struct nm_cur c;

	(void)state;
	nm_enc_note(&o, &t);
	for (size_t cut = 4; cut <= o.n; cut++) {
		c = nm_cur_over(buf, cut);
		assert_int_equal(nm_cur_ctl(&c), NM_CTL_NOTE);
		assert_int_equal(nm_cur_note(&c, &t2), cut == o.n);
	}
	assert_int_equal(t2.number, 7);
	assert_string_equal(t2.text, t.text);
	nm_put_le32(buf + 4, NM_NOTE_OF_BLOCK + 1);
	c = nm_cur_over(buf, o.n);
	(void)nm_cur_ctl(&c);
	assert_false(nm_cur_note(&c, &t2));

	d.blocks[0].type = 4;
	d.blocks[0].n = 3;
	d.counters[31].n[NM_COUNT_DELIVERED] = 77;
	d.counters[31].known_times = 4;
	d.counters[31].times[NM_COUNTS_ENDED] = -5;
	d.frames[31] = 78;
	d.n_links = d.n_providers = 1;
	d.links[0].n = 79;
	d.providers[0].id[15] = 80;
	d.cut_max = 81;
	o.n = 0;
	nm_enc_inspected(&o, &d);
	for (size_t cut = 4; cut <= o.n; cut++) {
		c = nm_cur_over(buf, cut);
		assert_int_equal(nm_cur_ctl(&c), NM_CTL_INSPECTED);
		assert_int_equal(nm_cur_inspected(&c, &d2), cut == o.n);
	}
	assert_int_equal(d2.blocks[0].n, 3);
	assert_int_equal(d2.counters[31].n[NM_COUNT_DELIVERED], 77);
	assert_int_equal(d2.counters[31].known_times, 4);
	assert_true(d2.counters[31].times[NM_COUNTS_ENDED] == -5);
	assert_int_equal(d2.frames[31], 78);
	assert_int_equal(d2.links[0].n, 79);
	assert_int_equal(d2.providers[0].id[15], 80);
	assert_int_equal(d2.cut_max, 81);
	assert_true(d2.cut);
	d.n_blocks = NM_DIGEST_BLOCKS + 1;
	nm_put_le32(buf + 45, d.n_blocks);
	c = nm_cur_over(buf, o.n);
	(void)nm_cur_ctl(&c);
	assert_false(nm_cur_inspected(&c, &d2));
}

/* ---- orders --------------------------------------------------------------------------------- */

static const uint8_t order_config[6] = { 6, 0, 0, 0, 1, 2 };

/* An order of each kind that a supervisor gives. */
static const struct nm_order orders[] = {
	{ .start = { .task = NM_TASK_RUN,
	      .config_bytes = 6,
	      .path = "Z:\\e.dll",
	      .capture = "Z:\\c" },
	    .config = order_config,
	    .filter = "tcp",
	    .n_settings = 2,
	    .settings = { { "", "[FRAME]\n" }, { "ip.ini", "" } } },
	{ .start = { .task = NM_TASK_REGISTER, .path = "Z:\\e.dll", .capture = "" }, .filter = "" },
	{ .start = { .task = NM_TASK_PROTOCOLS, .path = "", .capture = "" },
	    .filter = "",
	    .n_parsers = 2,
	    .parsers = { "C:\\p\\tcpip.dll", "C:\\own\\mine.dll" } },
	{ .start = { .task = NM_TASK_JUDGE, .config_bytes = 6, .path = "", .capture = "C:\\c" },
	    .config = order_config,
	    .filter = "ip.ttl < 5",
	    .n_settings = 1,
	    .settings = { { "", "[NMAPI]\nOffences=1\n" } },
	    .n_parsers = 1,
	    .parsers = { "p" } },
};

static size_t encode_order(uint8_t *bytes, size_t cap, const struct nm_order *o)
{
	struct nm_enc e = { .p = bytes, .cap = cap };

	nm_enc_order(&e, o);
	assert_false(e.full);
	return e.n;
}

static void same_order(const struct nm_order *a, const struct nm_order *b)
{
	assert_int_equal(a->start.task, b->start.task);
	assert_string_equal(a->start.path, b->start.path);
	assert_string_equal(a->start.capture, b->start.capture);
	assert_string_equal(a->filter, b->filter);
	assert_int_equal(a->start.config_bytes, b->start.config_bytes);
	if (a->start.config_bytes)
		assert_memory_equal(a->config, b->config, a->start.config_bytes);
	assert_int_equal(a->n_settings, b->n_settings);
	for (unsigned i = 0; i < a->n_settings; i++) {
		assert_string_equal(a->settings[i].name, b->settings[i].name);
		assert_string_equal(a->settings[i].text, b->settings[i].text);
	}
	assert_int_equal(a->n_parsers, b->n_parsers);
	for (unsigned i = 0; i < a->n_parsers; i++)
		assert_string_equal(a->parsers[i], b->parsers[i]);
}

/* Cut anywhere, or with more behind it, it is none; changed, it is read within its bounds. In
 * copies of their exact size, so that a read past the end is seen. */
static void orders_are_read_whole_or_not(void **state)
{
	static struct nm_order got;
	uint8_t bytes[4096];

	(void)state;
	for (size_t k = 0; k < sizeof orders / sizeof *orders; k++) {
		size_t n = encode_order(bytes, sizeof bytes, &orders[k]);

		assert_true(nm_order_read(bytes, n, &got));
		same_order(&got, &orders[k]);
		for (size_t cut = 0; cut <= n + 1; cut++) {
			uint8_t *copy = malloc(cut ? cut : 1);

			memcpy(copy, bytes, cut < n ? cut : n);
			if (cut > n)
				copy[n] = 0;
			assert_int_equal(nm_order_read(copy, cut, &got), cut == n);
			free(copy);
		}
		for (size_t i = 0; i < n; i++)
			for (unsigned bit = 0; bit < 8; bit++) {
				uint8_t *copy = malloc(n);

				memcpy(copy, bytes, n);
				copy[i] ^= (uint8_t)(1u << bit);
				(void)nm_order_read(copy, n, &got);
				free(copy);
			}
	}
}

/* One piece before an order that is one. */
struct wrong_piece {
	const char *what;
	enum nm_ctl type;
	const char *path; /* NULL: the packet has no string */
	const char *then; /* a piece that follows it, with then_n bytes */
	size_t then_n;
	unsigned times;
	bool good;
};

static void what_an_order_may_not_hold_is_refused(void **state)
{
	static const struct wrong_piece rows[] = {
		{ "a parser", NM_CTL_PARSER, "p.dll", NULL, 0, 1, true },
		{ "a parser without a path", NM_CTL_PARSER, "", NULL, 0, 1, false },
		{ "a path that is none", NM_CTL_PARSER, NULL, NULL, 0, 1, false },
		{ "as many parsers as are loaded", NM_CTL_PARSER, "p", NULL, 0, NM_ORDER_PARSERS,
		    true },
		{ "one more", NM_CTL_PARSER, "p", NULL, 0, NM_ORDER_PARSERS + 1, false },
		{ "settings", NM_CTL_SETTINGS, "", "x", 2, 1, true },
		{ "settings without an end", NM_CTL_SETTINGS, "", "xy", 2, 1, false },
		{ "settings with one within", NM_CTL_SETTINGS, "", "x\0y", 4, 1, false },
		{ "settings of nothing", NM_CTL_SETTINGS, "", "", 0, 1, false },
		{ "as many settings as are taken", NM_CTL_SETTINGS, "", "", 1, NM_ORDER_SETTINGS,
		    true },
		{ "one more of them", NM_CTL_SETTINGS, "", "", 1, NM_ORDER_SETTINGS + 1, false },
		{ "what only an engine is told", NM_CTL_CONVERT, "", NULL, 0, 1, false },
		{ "what only a supervisor is told", NM_CTL_REFUSED, "", NULL, 0, 1, false },
	};
	static struct nm_order got;
	static uint8_t bytes[64u << 10];

	(void)state;
	for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
		struct nm_enc e = { .p = bytes, .cap = sizeof bytes };

		for (unsigned i = 0; i < rows[k].times; i++) {
			size_t at = e.n;

			nm_enc_u32(&e, 0);
			nm_enc_parser(
			    &e, rows[k].type, &(struct nm_ctl_parser){ .path = rows[k].path });
			nm_put_le32(bytes + at, (uint32_t)(e.n - at - 4));
			if (rows[k].then) {
				nm_enc_u32(&e, (uint32_t)rows[k].then_n);
				nm_enc_bytes(&e, rows[k].then, rows[k].then_n);
			}
		}
		e.n += encode_order(bytes + e.n, sizeof bytes - e.n, &orders[1]);
		if (nm_order_read(bytes, e.n, &got) != rows[k].good)
			fail_msg("%s", rows[k].what);
	}
}

/* A task that is new has to have a row. */
static void what_tasks_need(void **state)
{
	static const struct {
		bool expert, parsers, frames;
		unsigned fds;
	} rows[] = {
		[NM_TASK_RUN] = { true, true, true, NM_START_FDS },
		[NM_TASK_REGISTER] = { true, false, false, NM_START_FDS },
		[NM_TASK_CONFIGURE] = { true, false, false, NM_START_FDS },
		[NM_TASK_PROTOCOLS] = { false, true, false, NM_FD_FILE },
		[NM_TASK_FRAMES] = { false, true, true, NM_FD_FILE },
		[NM_TASK_JUDGE] = { false, true, true, NM_FD_FILE },
	};

	(void)state;
	assert_int_equal(sizeof rows / sizeof *rows, NM_TASKS);
	for (unsigned t = 0; t < NM_TASKS; t++) {
		assert_int_equal(nm_task_has_expert(t), rows[t].expert);
		assert_int_equal(nm_task_needs_parsers(t), rows[t].parsers);
		assert_int_equal(nm_task_needs_frames(t), rows[t].frames);
		assert_int_equal(nm_start_fds(t), rows[t].fds);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_event_comes_back_whole),
		cmocka_unit_test(null_strings_are_empty_and_absent),
		cmocka_unit_test(no_prefix_of_an_event_is_an_event),
		cmocka_unit_test(changed_bytes_never_lead_outside),
		cmocka_unit_test(long_strings_are_cut_and_huge_events_refused),
		cmocka_unit_test(headers_are_checked),
		cmocka_unit_test(a_configuration_comes_back_or_is_refused),
		cmocka_unit_test(protocols_and_properties_come_back),
		cmocka_unit_test(settings_come_back_or_are_refused),
		cmocka_unit_test(what_is_no_protocol_or_property_is_refused),
		cmocka_unit_test(more_names_than_there_may_be_are_refused),
		cmocka_unit_test(what_is_wanted_of_frames_comes_back_or_is_refused),
		cmocka_unit_test(ranges_of_frames_come_back_or_are_refused),
		cmocka_unit_test(text_that_could_harm_a_terminal_is_refused),
		cmocka_unit_test(registrations_failures_and_ends_come_back),
		cmocka_unit_test(control_packets_come_back),
		cmocka_unit_test(a_filter_comes_back),
		cmocka_unit_test(orders_are_read_whole_or_not),
		cmocka_unit_test(what_an_order_may_not_hold_is_refused),
		cmocka_unit_test(a_conversion_comes_back),
		cmocka_unit_test(notes_come_back),
		cmocka_unit_test(what_tasks_need),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
