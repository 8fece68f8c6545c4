/* SPDX-License-Identifier: MIT */
/* Settings that an expert names, as a table and as JSON. */
#include "cli/cli.h"

#include <errno.h>
#include <jansson.h>
#include <libsmartcols.h>
#include <stdio.h>
#include <string.h>

/* "number 1..1000", "some of link|ipv4|ipv6", "yes or no". */
static void may_be(char s[CLI_TEXT], const struct nm_setting *x)
{
	(void)snprintf(
	    s, CLI_TEXT, "%s%s%s", x->kind, x->range ? " " : "", x->range ? x->range : "");
}

static int add_row(struct libscols_table *tb, const struct nm_setting *x)
{
	struct libscols_line *line = scols_table_new_line(tb, NULL);
	char range[CLI_TEXT], text[CLI_TEXT];
	const char *cells[] = { x->name, x->value, x->standard, range, x->help };
	int bad = line ? 0 : ENOMEM;

	may_be(range, x);
	for (unsigned i = 0; i < sizeof cells / sizeof *cells && !bad; i++)
		bad = scols_line_set_data(line, i, cli_clean(text, cells[i]));
	return bad ? ENOMEM : 0;
}

int cli_print_settings(const struct nm_expert_info *e)
{
	static const char *const headings[] = { "Setting", "Value", "Default", "May be",
		"What it is" };
	struct libscols_table *tb = scols_new_table();
	int err = 0;

	if (!tb || scols_table_enable_noencoding(tb, 1) != 0 ||
	    scols_table_set_column_separator(tb, "  ") != 0)
		err = ENOMEM;
	for (unsigned i = 0; i < sizeof headings / sizeof *headings && !err; i++)
		err = scols_table_new_column(tb, headings[i], 0, 0) ? 0 : ENOMEM;
	for (unsigned i = 0; i < e->n_settings && !err; i++)
		err = add_row(tb, &e->settings[i]);
	if (!err)
		err = cli_print_table(tb);
	scols_unref_table(tb);
	return err;
}

json_t *cli_json_settings(const struct nm_expert_info *e)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < e->n_settings; i++) {
		const struct nm_setting *x = &e->settings[i];
		json_t *o = json_pack("{s:o,s:s,s:o,s:o,s:o?,s:o,s:b}", "name",
		    cli_json_text(x->name), "kind", x->kind, "value", cli_json_text(x->value),
		    "default", cli_json_text(x->standard), "range",
		    x->range ? cli_json_text(x->range) : NULL, "help", cli_json_text(x->help),
		    "set", x->is_set);

		if (json_array_append_new(list, o) != 0) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}
