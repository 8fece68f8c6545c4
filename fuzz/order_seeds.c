/* SPDX-License-Identifier: MIT */
/* order_seeds FOLDER -- write orders as a supervisor gives them into FOLDER, as the first corpus of
 * fuzz_order: a task of each kind, with and without settings, parsers, a filter and a configuration. */
#include "wire/order.h"

#include <stdio.h>
#include <string.h>

static uint8_t bytes[1 << 16];

static int put(const char *folder, const char *name, const struct nm_order *o)
{
	struct nm_enc e = { .p = bytes, .cap = sizeof bytes };
	char path[4200];
	FILE *f;

	nm_enc_order(&e, o);
	(void)snprintf(path, sizeof path, "%s/%s", folder, name);
	f = e.full ? NULL : fopen(path, "wb");
	if (!f || fwrite(e.p, 1, e.n, f) != e.n || fclose(f) != 0) {
		perror(path);
		return 1;
	}
	return 0;
}

int main(int argc, char **argv)
{
	static const uint8_t config[] = { 8, 0, 0, 0, 1, 2, 3, 4 };
	struct nm_order o = { .filter = "",
		.config = config,
		.start = {
		    .task = NM_TASK_RUN, .path = "Z:\\old\\expert.dll", .capture = "Z:\\a.pcap" } };
	int failed = 0;

	if (argc != 2)
		return 1;
	failed |= put(argv[1], "plain", &o);
	o.filter = "tcp && ip.ttl < 5";
	o.start.config_bytes = sizeof config;
	o.start.heap_bytes = UINT64_C(1) << 30;
	failed |= put(argv[1], "filter-and-configuration", &o);
	o.n_settings = 2;
	o.settings[0].name = "";
	o.settings[0].text = "[Parsers]\nTCP=no\n";
	o.settings[1].name = "DNS";
	o.settings[1].text = "";
	o.n_parsers = 2;
	o.parsers[0] = "Z:\\parsers\\ip.dll";
	o.parsers[1] = "Z:\\parsers\\mine.dll";
	failed |= put(argv[1], "everything", &o);
	o.start.task = NM_TASK_CONFIGURE;
	o.start.capture = "";
	failed |= put(argv[1], "configure", &o);
	return failed;
}
