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

void cli_print_origin(const struct nm_capture_notes *n)
{
	if (n->application)
		cli_print_text("Application:", n->application);
	if (n->os)
		cli_print_text("System:", n->os);
	if (n->hardware)
		cli_print_text("Hardware:", n->hardware);
	for (uint32_t i = 0; i < n->n_comments; i++)
		cli_print_text("Comment:", n->comments[i].text);
}

static void print_count(const char *name, uint64_t n)
{
	char number[CLI_TEXT];

	(void)printf("%-15s %s\n", name, cli_count(number, n));
}

static void print_list(
    const char *what, const struct nm_noted *list, uint32_t n, uint32_t from, uint64_t all)
{
	char name[64], number[CLI_TEXT];
	uint32_t shown = n < SHOWN ? n : SHOWN;

	for (uint32_t i = 0; i < shown; i++) {
		(void)snprintf(
		    name, sizeof name, "  %s%" PRIu64 ":", what, (uint64_t)list[i].number + from);
		cli_print_text(name, list[i].text);
	}
	if (shown < all)
		(void)printf("%-15s and %s more\n", "", cli_count(number, all - shown));
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

void cli_print_notes(const struct nm_capture_notes *n)
{
	if (n->sections > 1)
		print_count("Sections:", n->sections);
	if (n->frame_drops)
		print_count("Dropped:", n->frame_drops);
	if (n->all_frame_comments) {
		print_count("Frame comments:", n->all_frame_comments);
		print_list(
		    "frame ", n->frame_comments, n->n_frame_comments, 1, n->all_frame_comments);
	}
	if (n->all_processes) {
		print_count("Processes:", n->all_processes);
		print_list("", n->processes, n->n_processes, 0, n->all_processes);
	}
	print_blocks(n);
	if (n->cut)
		(void)printf("%-15s comments or processes can't be read to their end\n", "Note:");
}
