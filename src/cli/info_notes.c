/* SPDX-License-Identifier: MIT */
/* netmon info: what captures hold beside frames. */
#include "cli/cli.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define SHOWN 20u /* comments of frames and processes that people are shown; json has more */

void cli_print_text(const char *name, const char *s)
{
	char line[CLI_TEXT], clean[CLI_TEXT];

	while (*s) {
		size_t n = strcspn(s, "\r\n");

		(void)snprintf(
		    line, sizeof line, "%.*s", (int)(n < CLI_TEXT ? n : CLI_TEXT - 1), s);
		for (char *tab = line; (tab = strchr(tab, '\t'));)
			*tab = ' ';
		(void)printf("%-15s %s\n", name, cli_clean(clean, line));
		name = "";
		s += n;
		s += strspn(s, "\r\n");
	}
}

static void print_origin(const struct nm_section_facts *s)
{
	if (s->application)
		cli_print_text("Application:", s->application);
	if (s->os)
		cli_print_text("System:", s->os);
	if (s->hardware)
		cli_print_text("Hardware:", s->hardware);
}

static void print_comments(const struct nm_capture_notes *n, bool all, uint32_t section)
{
	for (uint32_t i = 0; i < n->n_comments; i++)
		if (all || n->comments[i].number == section)
			cli_print_text("Comment:", n->comments[i].text);
}

/* Of one section, without naming it; of several, one after the other. */
void cli_print_origin(const struct nm_capture_notes *n)
{
	const struct nm_section_facts whole = { n->hardware, n->os, n->application };

	if (n->sections <= 1) {
		print_origin(&whole);
		print_comments(n, true, 0);
		return;
	}
	for (uint32_t i = 0; i < n->sections && i < NM_SECTIONS_LISTED; i++) {
		(void)printf("Section %" PRIu32 " of %" PRIu32 ":\n", i + 1, n->sections);
		print_origin(&n->section[i]);
		print_comments(n, false, i);
	}
	if (n->sections > NM_SECTIONS_LISTED)
		(void)printf("%-15s and more\n", "");
}

static void print_count(const char *name, uint64_t n)
{
	char number[CLI_TEXT];

	(void)printf("%-15s %s\n", name, cli_count(number, n));
}

static void print_list(const char *what, const struct nm_noted *list, uint32_t n, uint64_t all)
{
	char name[64], number[CLI_TEXT];
	uint32_t shown = n < SHOWN ? n : SHOWN;

	for (uint32_t i = 0; i < shown; i++) {
		(void)snprintf(
		    name, sizeof name, "  %s%" PRIu64 ":", what, (uint64_t)list[i].number + 1);
		cli_print_text(name, list[i].text);
	}
	if (shown < all)
		(void)printf("%-15s and %s more\n", "", cli_count(number, all - shown));
}

/* 192.0.2.1:80, [2001:db8::1]:80 */
static void print_end(char *dst, size_t room, const char *address, unsigned port)
{
	bool v6 = strchr(address, ':') != NULL;

	(void)snprintf(dst, room, "%s%s%s:%u", v6 ? "[" : "", address, v6 ? "]" : "", port);
}

static void print_process(const struct nm_process_facts *p)
{
	char name[64], text[3 * CLI_TEXT], local[CLI_TEXT], remote[CLI_TEXT], bytes[CLI_TEXT];
	size_t o;

	(void)snprintf(name, sizeof name, "  %" PRIu32 ":", p->pid);
	(void)snprintf(text, sizeof text, "%.*s", CLI_TEXT, p->path);
	if (p->local && p->remote) {
		print_end(local, sizeof local, p->local, p->local_port);
		print_end(remote, sizeof remote, p->remote, p->remote_port);
		o = strlen(text);
		(void)snprintf(text + o, sizeof text - o, ", %s to %s", local, remote);
	}
	o = strlen(text);
	if (p->icon_bytes)
		(void)snprintf(text + o, sizeof text - o, ", %s icon of %s bytes",
		    p->icon_format[0] ? p->icon_format : "unknown",
		    cli_count(bytes, p->icon_bytes));
	cli_print_text(name, text);
}

static void print_processes(const struct nm_capture_notes *n)
{
	char number[CLI_TEXT];
	uint32_t shown = n->n_processes < SHOWN ? n->n_processes : SHOWN;

	for (uint32_t i = 0; i < shown; i++)
		print_process(&n->processes[i]);
	if (shown < n->all_processes)
		(void)printf(
		    "%-15s and %s more\n", "", cli_count(number, n->all_processes - shown));
}

static void print_blocks(const struct nm_capture_notes *n)
{
	char number[CLI_TEXT];

	for (uint32_t i = 0; i < n->n_blocks; i++) {
		const struct nm_block_facts *b = &n->blocks[i];

		if (b->name[0])
			(void)printf("%-15s %s of %s\n",
			    i ? "" : "Other blocks:", cli_count(number, b->n), b->name);
		else
			(void)printf("%-15s %s of type 0x%08" PRIx32 "\n",
			    i ? "" : "Other blocks:", cli_count(number, b->n), b->type);
	}
	if (n->other_blocks)
		(void)printf("%-15s %s of further types\n", "", cli_count(number, n->other_blocks));
}

/* Where frames differ: how many of each. */
void cli_print_links(const struct nm_capture_notes *n)
{
	char number[CLI_TEXT], text[2 * CLI_TEXT], clean[CLI_TEXT];

	if (n->n_links < 2 && n->n_providers == 0)
		return;
	for (uint32_t i = 0; i < n->n_links; i++) {
		const struct nm_link_facts *l = &n->links[i];

		(void)snprintf(text, sizeof text, "%s of %s", cli_count(number, l->frames),
		    l->name[0] ? l->name : "unknown link");
		(void)printf("%-15s %s\n", i ? "" : "Link types:", cli_clean(clean, text));
	}
	if (n->other_links)
		(void)printf("%-15s %s of others\n", "", cli_count(number, n->other_links));
	for (uint32_t i = 0; i < n->n_providers; i++)
		(void)printf("%-15s %s of %s\n",
		    i ? "" : "Event records:", cli_count(number, n->providers[i].events),
		    n->providers[i].id);
	if (n->other_events)
		(void)printf("%-15s %s of others\n", "", cli_count(number, n->other_events));
}

static void print_names(const struct nm_capture_notes *n)
{
	char v4[CLI_TEXT], v6[CLI_TEXT];

	if (n->names_ipv4 || n->names_ipv6)
		(void)printf("%-15s %s of IPv4, %s of IPv6 addresses\n",
		    "Names:", cli_count(v4, n->names_ipv4), cli_count(v6, n->names_ipv6));
}

void cli_print_notes(const struct nm_capture_notes *n)
{
	if (n->frame_drops)
		print_count("Dropped:", n->frame_drops);
	if (n->all_frame_comments) {
		print_count("Frame comments:", n->all_frame_comments);
		print_list("frame ", n->frame_comments, n->n_frame_comments, n->all_frame_comments);
	}
	if (n->all_processes) {
		print_count("Processes:", n->all_processes);
		print_processes(n);
	}
	if (n->n_records) {
		print_count("Records:", n->n_records);
		print_list("frame ", n->records, n->n_records, n->n_records);
	}
	print_names(n);
	print_blocks(n);
	if (n->cut)
		(void)printf("%-15s comments or processes can't be read to their end\n", "Note:");
}
