/* SPDX-License-Identifier: MIT */
/* Property Distribution on a host in the same process. */
#include "misfortune.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(a)   (sizeof(a) / sizeof *(a))
#define FRAMES_MAX 20000
#define INSTS_MAX  4

struct config {
	DWORD length, top, memory_mib;
	char property[128];
};

static const char *const protocols[] = { "ETHERNET", "TCP", NULL };
static char port_label[] = "Source Port", name_label[] = "Name";
static PROPERTYINFO properties[] = {
	{ .Label = port_label, .DataType = PROP_TYPE_WORD },
	{ .Label = name_label, .DataType = PROP_TYPE_STRING },
	{ .Label = NULL },
};

static const char *const filter_names[] = { "tcp.srcport", "tcp.name", NULL };

/* Of each frame: up to INSTS_MAX values; a letter or a number, with ! swapped, "-" cut. */
static const char *lines[FRAMES_MAX];

static PROPERTYINST *instance(PROPERTYINST *p, const char *value, uint8_t *bytes)
{
	unsigned number = (unsigned)atoi(value);
	bool swapped = value[strlen(value) - 1] == '!';

	*p = (PROPERTYINST){ .lpPropertyInfo = &properties[1], .lpData = bytes };
	memcpy(bytes, value, strlen(value));
	p->DataLength = (WORD)strlen(value);
	if ((*value < '0' || *value > '9') && *value != '-')
		return p;
	p->lpPropertyInfo = &properties[0];
	p->DataLength = *value == '-' ? 0 : 2;
	bytes[swapped] = (uint8_t)number;
	bytes[!swapped] = (uint8_t)(number >> 8);
	if (swapped)
		p->IFlags = IFLAG_SWAPPED;
	return p;
}

static PROPERTYTABLE *attach(const struct fake_host *h, DWORD frame)
{
	static PROPERTYINST list[INSTS_MAX];
	static uint8_t bytes[INSTS_MAX][64];
	static PROPERTYTABLE table;
	char line[128], *at = line, *value;

	(void)h;
	table = (PROPERTYTABLE){ .lpFirstPropertyInst = list };
	(void)snprintf(line, sizeof line, "%s", lines[frame]);
	while ((value = strsep(&at, " ")) != NULL)
		if (*value)
			(void)instance(&list[table.nTotalPropertyInsts], value,
			    bytes[table.nTotalPropertyInsts]),
			    table.nTotalPropertyInsts++;
	return &table;
}

static struct fake_host host_of(const char *const *text)
{
	static struct fake_frame frames[FRAMES_MAX];
	static const WORD stack[] = { 1, 2, 2, 0 }, other[] = { 1, 0 };
	static const uint8_t byte;
	struct fake_host h = { .frames = frames,
		.capture_mac = MAC_TYPE_ETHERNET,
		.protocols = protocols,
		.properties = properties,
		.names = filter_names,
		.attach = attach };

	for (; text[h.n_frames]; h.n_frames++) {
		lines[h.n_frames] = text[h.n_frames];
		frames[h.n_frames] = (struct fake_frame){ .mac_type = MAC_TYPE_ETHERNET,
			.wire = 1,
			.len = 1,
			.bytes = &byte,
			.stack = *text[h.n_frames] ? stack : other };
	}
	return h;
}

static BOOL run(struct fake_host *h, const char *property, DWORD top, DWORD memory)
{
	struct config c = { sizeof c, top, memory, "" };

	(void)snprintf(c.property, sizeof c.property, "%s", property);
	return fake_run(h, (const EXPERTCONFIG *)(const void *)&c);
}

static const char *const ports[] = { "80", "80 443", "", "443 443 a", "80!", "-", "b", NULL };

static const struct rule {
	const char *name, *property;
	DWORD top;
	const char *want[8]; /* all events */
} rules[] = {
	{ "numbers", "TCP:Source Port", 20,
	    { "1|0|Property|Protocol=TCP|Property=Source Port|# of Frames=5|% of Frames=71|"
	      "Instances=7|Values=2|First Frame=1",
		"4|0|Numbers|Protocol=TCP|Property=Source Port|Count=6|Min=80|Max=443|Mean=262|"
		"Median=80",
		"2|0|Value|Protocol=TCP|Property=Source Port|Value=80|# of Frames=3|% of Frames=42|"
		"First Frame=1",
		"2|0|Value|Protocol=TCP|Property=Source Port|Value=443|# of Frames=2|% of "
		"Frames=28|"
		"First Frame=2",
		"3|0|1 instances without a value" } },
	{ "text, and the most frequent only", "tcp:name", 1,
	    { "1|0|Property|Protocol=tcp|Property=Name|# of Frames=2|% of Frames=28|Instances=2|"
	      "Values=2|First Frame=4",
		"2|0|Value|Protocol=tcp|Property=Name|Value=a|# of Frames=1|% of Frames=14|First "
		"Frame=4",
		"3|0|1 values not listed" } },
	{ "no property: protocols", "", 20,
	    { "1|0|Property|Protocol=ETHERNET|Property=|# of Frames=7|% of Frames=100",
		"1|0|Property|Protocol=TCP|Property=|# of Frames=6|% of Frames=85" } },
};

static void rule_holds(void **state)
{
	const struct rule *r = *state;
	struct fake_host h = host_of(ports);
	unsigned n = 0;

	assert_true(run(&h, r->property, r->top, 0));
	for (; n < COUNT(r->want) && r->want[n]; n++) {
		assert_in_range(n + 1, 1, h.n_events);
		assert_string_equal(h.events[n], r->want[n]);
	}
	assert_int_equal(h.n_events, n);
	assert_true(fake_left_nothing(&h));
	fake_done(&h);
}

/* As by its label; and what a person points at goes before or behind it. */
static void a_property_is_chosen_by_name_and_by_focus(void **state)
{
	static const DWORD over = EXPERT_STARTUP_FLAG_USE_STARTUP_DATA_OVER_CONFIG_DATA;
	static const struct {
		const char *property;
		bool points;
		DWORD flags;
		const char *begins;
	} rows[] = {
		{ "tcp.srcport", false, 0, "1|0|Property|Protocol=TCP|Property=Source Port|" },
		{ "TCP.Name", false, 0, "1|0|Property|Protocol=TCP|Property=Name|" },
		{ "", true, 0, "1|0|Property|Protocol=TCP|Property=Name|" },
		{ "tcp.srcport", true, 0, "1|0|Property|Protocol=TCP|Property=Source Port|" },
		{ "tcp.srcport", true, over, "1|0|Property|Protocol=TCP|Property=Name|" },
		{ "tcp.nosuch", true, over, "1|0|Property|Protocol=TCP|Property=Name|" },
		{ "tcp.srcport", false, over, "1|0|Property|Protocol=TCP|Property=Source Port|" },
	};
	PROPERTYINST focus = { .lpPropertyInfo = &properties[1] };

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct fake_host h = host_of(ports);

		h.focus = rows[i].points ? &focus : NULL;
		h.focus_protocol = rows[i].points ? 2 : 0;
		h.flags = rows[i].flags;
		assert_true(run(&h, rows[i].property, 5, 0));
		assert_memory_equal(h.events[0], rows[i].begins, strlen(rows[i].begins));
		assert_true(fake_left_nothing(&h));
		fake_done(&h);
	}
}

static void an_unknown_property_is_told(void **state)
{
	static const char *const unknown[] = { "TCP:Nothing", "NOTHING:Source Port", "Source Port",
		":", "tcp.nosuch", "tcp" };

	(void)state;
	for (size_t i = 0; i < COUNT(unknown); i++) {
		struct fake_host h = host_of(ports);

		assert_false(run(&h, unknown[i], 0, 0));
		assert_int_equal(h.n_events, 1);
		assert_memory_equal(h.events[0], "3|3|No such property: ", 22);
		assert_true(fake_left_nothing(&h));
		fake_done(&h);
	}
}

/* One value in every other frame, among ever new ones that memory does not hold. */
static void frequent_values_stay_when_rare_ones_are_forgotten(void **state)
{
	static const char *text[FRAMES_MAX];
	static char made[FRAMES_MAX][16];
	struct fake_host h;

	(void)state;
	for (unsigned i = 0; i + 1 < FRAMES_MAX; i++) {
		(void)snprintf(made[i], sizeof made[i], i % 2 ? "x" : "n%u", i);
		text[i] = made[i];
	}
	h = host_of(text);
	assert_true(run(&h, "TCP:Name", 1, 1));
	assert_memory_equal(
	    h.events[1], "2|0|Value|Protocol=TCP|Property=Name|Value=x|# of Frames=9999|", 62);
	assert_non_null(strstr(h.events[1], "|At most besides=0|"));
	assert_non_null(strstr(h.events[h.n_events - 1], "rare values forgotten"));
	assert_true(h.peak_bytes <= 1 << 20);
	assert_true(fake_left_nothing(&h));
	fake_done(&h);
}

static void each_allocation_fails_in_turn(void **state)
{
	static const char *const names[] = { "TCP:Source Port", "" };

	(void)state;
	for (size_t k = 0; k < COUNT(names); k++)
		for (unsigned i = 1; i < 6; i++) {
			struct fake_host h = host_of(ports);
			BOOL done;

			h.refuse_alloc = i;
			h.refuse_rest = true;
			done = run(&h, names[k], 0, 0);
			assert_true(done || strncmp(h.events[0], "3|3|Stopped early", 17) == 0);
			assert_true(fake_left_nothing(&h));
			fake_done(&h);
		}
}

static struct fake_host a_host(void)
{
	return host_of(ports);
}

static BOOL run_it(struct fake_host *h)
{
	return run(h, "TCP:Source Port", 0, 0);
}

static const struct victim victim = { a_host, run_it };

static void the_host_ends_it_at_any_call(void **state)
{
	(void)state;
	end_at_each_call(&victim);
}

static void a_frame_that_cannot_be_read_is_told(void **state)
{
	(void)state;
	break_off_at_frame(&victim, 2, "3|3|Stopped early");
}

int main(void)
{
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(an_unknown_property_is_told),
		cmocka_unit_test(a_property_is_chosen_by_name_and_by_focus),
		cmocka_unit_test(frequent_values_stay_when_rare_ones_are_forgotten),
		cmocka_unit_test(each_allocation_fails_in_turn),
		cmocka_unit_test(the_host_ends_it_at_any_call),
		cmocka_unit_test(a_frame_that_cannot_be_read_is_told),
	};

	return run_with_rules(
	    "propdist", others, COUNT(others), rule_holds, rules, COUNT(rules), sizeof *rules);
}
