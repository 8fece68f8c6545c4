/* SPDX-License-Identifier: MIT */
/* crew_seeds FOLDER -- write scripts of runs that go well, and of some that don't,
 * into FOLDER, as the first corpus of fuzz_crew. */
#include "crew_script.h"

#include "wire/wire.h"

#include <stdio.h>
#include <string.h>

static uint8_t bytes[1 << 16];
static size_t n_bytes;

static void put(const void *p, size_t n)
{
	memcpy(bytes + n_bytes, p, n);
	n_bytes += n;
}

static void put_step(uint8_t step, int job, const struct nm_enc *o)
{
	uint8_t head[4] = { step, (uint8_t)job, (uint8_t)o->n, (uint8_t)(o->n >> 8) };

	put(head, job < 0 ? 1 : 2);
	put(head + 2, 2);
	put(o->p, o->n);
}

static uint8_t buf[NM_CTL_MAX];

static struct nm_enc empty(void)
{
	return (struct nm_enc){ .p = buf, .cap = sizeof buf };
}

static void put_opened(enum nm_ctl type, uint32_t frames)
{
	struct nm_ctl_opened m = { .facts = { .format = NM_FORMAT_PCAP, .frames = frames } };
	struct nm_enc o = empty();

	nm_enc_opened(&o, type, &m);
	put_step(STEP_PACKET, -1, &o);
}

static void put_started(uint32_t job)
{
	struct nm_enc o = empty();

	nm_enc_started(&o, job, 0);
	put_step(STEP_PACKET, -1, &o);
}

static void put_message(int job, struct nm_enc *o)
{
	(void)nm_msg_finish(o);
	put_step(STEP_EVENTS, job, o);
}

/* What a good worker writes. */
static void put_life(int job, bool result)
{
	struct nm_sandbox_report box = { .landlock_abi = 7 };
	struct nm_msg_registered r = { .name = "Name", .vendor = "V", .description = "" };
	struct nm_msg_end e = { .result = result, .events = 2 };
	NMEVENTDATA ev = { .EventIdent = 9, .szDescription = (char[]){ "hello" } };
	struct nm_enc o = empty();

	nm_msg_begin(&o, NM_MSG_BOX);
	nm_enc_box(&o, &box);
	put_message(job, &o);
	o = empty();
	nm_msg_begin(&o, NM_MSG_REGISTERED);
	nm_enc_registered(&o, &r);
	put_message(job, &o);
	for (int i = 0; i < 2; i++) {
		o = empty();
		nm_msg_begin(&o, NM_MSG_EVENT);
		nm_enc_event(&o, &ev);
		put_message(job, &o);
	}
	o = empty();
	nm_msg_begin(&o, NM_MSG_END);
	nm_enc_end(&o, &e);
	put_message(job, &o);
}

static void put_gone(int job, uint16_t wait_status)
{
	uint8_t s[4] = { STEP_GONE, (uint8_t)job, (uint8_t)wait_status,
		(uint8_t)(wait_status >> 8) };

	put(s, sizeof s);
}

static void put_log(int job, const char *text)
{
	struct nm_enc o = empty();

	nm_enc_bytes(&o, text, strlen(text));
	put_step(STEP_LOG, job, &o);
}

static void begin(void)
{
	n_bytes = 0;
	put_opened(NM_CTL_OPENED, 10);
	put_started(0);
	put_started(1);
	put_opened(NM_CTL_INDEXED, 10);
}

static void all_goes_well(void)
{
	begin();
	for (int i = 0; i < CREW_JOBS; i++) {
		put_life(i, true);
		put_log(i, "a line\nand a half");
		put_gone(i, 77 << 8);
	}
}

static void one_crashes_one_fails(void)
{
	begin();
	put_life(0, false);
	put_gone(0, 77 << 8);
	put_gone(1, 11);
	put_life(2, true);
	put_gone(2, 0);
}

static void one_floods(void)
{
	NMEVENTDATA ev = { .EventIdent = 1, .szEventName = (char[]){ "again" } };
	struct nm_enc o = empty();

	begin();
	put_life(0, true);
	n_bytes -= 8 + 4; /* its end is cut off: it goes on */
	nm_msg_begin(&o, NM_MSG_EVENT);
	nm_enc_event(&o, &ev);
	(void)nm_msg_finish(&o);
	put_step(STEP_FLOOD, 0, &o);
	put_step(STEP_FLOOD, 0, &o);
	put_gone(0, 9);
}

static void the_user_stops_it(void)
{
	uint8_t twice[2] = { STEP_CANCEL, STEP_CANCEL };

	begin();
	put_life(1, true);
	put(twice, 2);
}

static void it_can_not_be_opened(void)
{
	struct nm_ctl_opened m = { .code = 77 };
	struct nm_enc o = empty();

	n_bytes = 0;
	(void)nm_diag_set(&m.facts.damage, 77, 3, "no capture");
	nm_enc_opened(&o, NM_CTL_OPENED, &m);
	put_step(STEP_PACKET, -1, &o);
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*make)(void);
	} seeds[] = {
		{ "well", all_goes_well },
		{ "crash", one_crashes_one_fails },
		{ "flood", one_floods },
		{ "stop", the_user_stops_it },
		{ "unreadable", it_can_not_be_opened },
	};

	for (size_t i = 0; argc == 2 && i < sizeof seeds / sizeof *seeds; i++) {
		char path[4096];
		FILE *f;

		seeds[i].make();
		(void)snprintf(path, sizeof path, "%s/%s", argv[1], seeds[i].name);
		f = fopen(path, "wb");
		if (!f || fwrite(bytes, 1, n_bytes, f) != n_bytes || fclose(f) != 0) {
			perror(path);
			return 1;
		}
	}
	if (argc != 2)
		(void)fprintf(stderr, "usage: crew_seeds FOLDER\n");
	return argc != 2;
}
