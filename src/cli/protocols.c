/* SPDX-License-Identifier: MIT */
/* netmon protocols: what is parsed, by which names it can be asked for, and whose parser it is. */
#include "cli/cli.h"

#include "system/files.h"
#include "system/interrupt.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <jansson.h>
#include <libsmartcols.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { OPT_PARSER_PATH = 256, OPT_SANDBOX };

static const struct cli_option options[] = {
	{ 'T', "format", "FORMAT", "text or json; text without it" },
	{ OPT_PARSER_PATH, "parser-path", "DIR", "look for parsers in DIR first" },
	{ OPT_SANDBOX, "sandbox", "MODE", "need a sandbox: require, best-effort or off" },
	{ 0 },
};

/* A protocol asked for by one of its names. */
struct wanted {
	const char *name;
	bool found;
};

struct list {
	struct nm_run_options options;
	const char **paths;    /* owned: what the options point to */
	struct wanted *wanted; /* owned */
	unsigned n_wanted, n;  /* shown */
	bool json;
	struct libscols_table *tb; /* the table, while it is filled */
	char **known;              /* owned: the names there are, NULL at the end */
	size_t n_known;
	int err; /* errno value: out of memory, or output that failed */
};

/* ---- filters by example ----------------------------------------------------- */

/* What stands for any value of a type; NULL: only presence can be asked for. */
static const char *any_value(const char *type)
{
	static const struct {
		const char *type, *text;
	} values[] = {
		{ "uint8", "== 1" },
		{ "uint16", "== 1" },
		{ "uint32", "== 1" },
		{ "uint64", "== 1" },
		{ "uint", "== 1" },
		{ "mac", "== 00:00:5e:00:53:01" },
		{ "ipv4", "== 192.0.2.1" },
		{ "ipv6", "== 2001:db8::1" },
		{ "text", "contains \"example\"" },
		{ "bytes", "contains 01:02" },
	};

	for (unsigned i = 0; type && i < sizeof values / sizeof values[0]; i++)
		if (strcmp(values[i].type, type) == 0)
			return values[i].text;
	return NULL;
}

/* "ip.proto == 6"; the name alone where there is nothing to compare with. */
static void example(
    char s[CLI_TEXT], const struct nm_property_info *p, const struct nm_field_name *f)
{
	const char *value = any_value(nm_property_type_word(f->type));

	if (p->has_value && !f->mask)
		(void)snprintf(s, CLI_TEXT, "%s == %" PRIu64, f->name, p->value);
	else if (value)
		(void)snprintf(s, CLI_TEXT, "%s %s", f->name, value);
	else
		(void)snprintf(s, CLI_TEXT, "%s", f->name);
}

/* ---- tables ------------------------------------------------------------------- */

static int new_table(struct list *l, const char *const *headings, unsigned n)
{
	l->tb = scols_new_table();
	if (!l->tb || scols_table_enable_noencoding(l->tb, 1) != 0 ||
	    scols_table_set_column_separator(l->tb, "  ") != 0)
		return ENOMEM;
	for (unsigned i = 0; i < n; i++)
		if (!scols_table_new_column(l->tb, headings[i], 0,
			strcmp(headings[i], "Properties") == 0 ? SCOLS_FL_RIGHT : 0))
			return ENOMEM;
	return 0;
}

static int add_row(struct list *l, const char *const *cells, unsigned n)
{
	struct libscols_line *line = scols_table_new_line(l->tb, NULL);
	int bad = line ? 0 : ENOMEM;

	for (unsigned i = 0; i < n && !bad; i++)
		bad = scols_line_set_data(line, i, cells[i]);
	return bad ? ENOMEM : 0;
}

static int print_table(struct list *l)
{
	int err = cli_print_table(l->tb);

	scols_unref_table(l->tb);
	l->tb = NULL;
	return err;
}

static const char *base_name(const char *path)
{
	return *path ? path + nm_path_folder(path) : "built in";
}

static int show_row(struct list *l, const struct nm_protocol_info *p)
{
	char count[24];
	const char *cells[] = { p->name, p->n_names ? p->names[0] : "", count, base_name(p->path),
		p->comment };

	(void)snprintf(count, sizeof count, "%u", p->n_properties);
	return add_row(l, cells, sizeof cells / sizeof cells[0]);
}

/* ---- one ------------------------------------------------------------------------ */

static void print_field(const char *name, const char *text)
{
	if (*text)
		(void)printf("%-9s %s\n", name, text);
}

/* A row for each name that it has, the label on the first. */
static int add_property(struct list *l, const struct nm_property_info *p)
{
	const char *type = nm_property_type_word(p->type);
	const char *cells[5] = { p->label, "", type ? type : "unknown", "", "" };
	char filter[CLI_TEXT];
	int err = 0;

	if (!p->n_names)
		return add_row(l, cells, 5);
	for (unsigned i = 0; i < p->n_names && !err; i++) {
		const struct nm_field_name *f = &p->names[i];
		char bits[24] = "";

		if (f->mask)
			(void)snprintf(bits, sizeof bits, "0x%" PRIX32, f->mask);
		type = nm_property_type_word(f->type);
		example(filter, p, f);
		cells[0] = i ? "" : p->label;
		cells[1] = f->name;
		cells[2] = type ? type : "unknown";
		cells[3] = bits;
		cells[4] = filter;
		err = add_row(l, cells, 5);
	}
	return err;
}

static int show_details(struct list *l, const struct nm_protocol_info *p)
{
	static const char *const headings[] = { "Property", "Name", "Type", "Bits", "Filter" };
	int err;

	if (l->n++ > 0)
		(void)printf("\n");
	print_field("Protocol:", p->name);
	for (unsigned i = 0; i < p->n_names; i++)
		print_field(i ? "" : "Name:", p->names[i]);
	print_field("Comment:", p->comment);
	print_field("File:", *p->path ? p->path : "built in");
	(void)printf("\n");
	err = new_table(l, headings, 5);
	for (unsigned i = 0; i < p->n_properties && !err; i++)
		err = add_property(l, &p->properties[i]);
	return err ? err : print_table(l);
}

/* ---- json ------------------------------------------------------------------------- */

static json_t *json_name(const struct nm_property_info *p, const struct nm_field_name *f)
{
	const char *type = nm_property_type_word(f->type);
	char filter[CLI_TEXT];
	json_t *o;

	example(filter, p, f);
	o = json_pack("{s:o,s:s,s:o}", "name", cli_json_text(f->name), "type",
	    type ? type : "unknown", "filter", cli_json_text(filter));
	if (f->mask)
		(void)json_object_set_new(o, "mask", json_integer(f->mask));
	return o;
}

static json_t *json_property(const struct nm_property_info *p)
{
	const char *type = nm_property_type_word(p->type);
	json_t *names = json_array();
	json_t *o = json_pack("{s:o,s:o,s:s,s:o}", "label", cli_json_text(p->label), "comment",
	    cli_json_text(p->comment), "type", type ? type : "unknown", "names", names);

	for (unsigned i = 0; i < p->n_names; i++)
		(void)json_array_append_new(names, json_name(p, &p->names[i]));
	return o;
}

static int show_json(const struct nm_protocol_info *p)
{
	json_t *names = json_array(), *properties = json_array();
	json_t *o = json_pack("{s:o,s:o,s:o,s:o,s:b,s:o}", "protocol", cli_json_text(p->name),
	    "names", names, "comment", cli_json_text(p->comment), "path", cli_json_text(p->path),
	    "built_in", !*p->path, "properties", properties);
	int bad = o ? 0 : ENOMEM;

	for (unsigned i = 0; i < p->n_names; i++)
		bad |= json_array_append_new(names, cli_json_text(p->names[i]));
	for (unsigned i = 0; i < p->n_properties; i++)
		bad |= json_array_append_new(properties, json_property(&p->properties[i]));
	if (!bad && json_dumpf(o, stdout, JSON_COMPACT) == 0)
		(void)putchar('\n');
	json_decref(o);
	return bad ? ENOMEM : 0;
}

/* ---- all ---------------------------------------------------------------------------- */

static bool is_called(const struct nm_protocol_info *p, const char *name)
{
	bool yes = strcasecmp(p->name, name) == 0;

	for (unsigned i = 0; i < p->n_names; i++)
		yes |= strcasecmp(p->names[i], name) == 0;
	return yes;
}

static bool is_wanted(struct list *l, const struct nm_protocol_info *p)
{
	bool yes = l->n_wanted == 0;

	for (unsigned i = 0; i < l->n_wanted; i++)
		if (is_called(p, l->wanted[i].name))
			yes = l->wanted[i].found = true;
	return yes;
}

/* For a suggestion, should a name be none. */
static int remember(struct list *l, const char *name)
{
	char **more = realloc(l->known, (l->n_known + 2) * sizeof *more);

	if (!more)
		return ENOMEM;
	l->known = more;
	l->known[l->n_known] = strdup(name);
	l->known[l->n_known + 1] = NULL;
	return l->known[l->n_known++] ? 0 : ENOMEM;
}

static int on_protocol(void *ctx, const struct nm_protocol_info *p)
{
	struct list *l = ctx;

	l->err = remember(l, p->name);
	for (unsigned i = 0; i < p->n_names && !l->err; i++)
		l->err = remember(l, p->names[i]);
	if (l->err || !is_wanted(l, p))
		return l->err;
	if (l->json)
		l->err = show_json(p);
	else if (l->n_wanted)
		l->err = show_details(l, p);
	else
		l->err = show_row(l, p);
	return l->err;
}

/* False when each name is a protocol's, else the user was told. */
static bool miss(const struct list *l)
{
	bool any = false;

	for (unsigned i = 0; i < l->n_wanted; i++) {
		const char *name = l->wanted[i].name, *near;

		if (l->wanted[i].found)
			continue;
		near = l->known ? cli_suggest(name, (const char *const *)l->known) : NULL;
		if (near)
			cli_say(
			    "protocols: there is no protocol '%s'; did you mean '%s'?", name, near);
		else
			cli_say(
			    "protocols: there is no protocol '%s'; 'netmon protocols' lists them",
			    name);
		any = true;
	}
	return any;
}

static int execute(struct list *l)
{
	static const char *const headings[] = { "Protocol", "Name", "Properties", "Parser file",
		"Comment" };
	bool table = !l->json && !l->n_wanted;
	int status = NM_EXIT_COMPLETE;

	if (table)
		l->err = new_table(l, headings, 5);
	l->options.message = cli_message;
	l->options.cancel_fd = nm_interrupt_begin();
	if (!l->err)
		status = nm_protocols_list(&l->options, on_protocol, l);
	nm_interrupt_end();
	if (!l->err && table && status == NM_EXIT_COMPLETE)
		l->err = print_table(l);
	scols_unref_table(l->tb);
	if (l->err) {
		cli_say("protocols: %s", strerror(l->err));
		return NM_EXIT_OUTPUT;
	}
	return status == NM_EXIT_COMPLETE && miss(l) ? NM_EXIT_USAGE : status;
}

static bool apply(void *ctx, int id, const char *name, const char *arg)
{
	struct list *l = ctx;

	switch (id) {
	case OPT_SANDBOX: return cli_parse_sandbox(name, arg, &l->options.sandbox);
	case 'T': return cli_parse_json(name, arg, &l->json);
	default: l->paths[l->options.n_parser_path++] = arg; return true;
	}
}

static int parse(struct list *l, int argc, char **argv)
{
	int id = cli_take_options(&cli_protocols, argc, argv, apply, l);

	for (int i = optind; id == CLI_END && i < argc; i++)
		l->wanted[l->n_wanted++].name = argv[i];
	return id;
}

static int protocols(const struct cli_command *self, int argc, char **argv)
{
	struct list l = { .paths = calloc((size_t)argc, sizeof *l.paths),
		.wanted = calloc((size_t)argc, sizeof *l.wanted) };
	int status = NM_EXIT_USAGE, parsed = CLI_BAD;

	(void)self;
	nm_run_options_init(&l.options);
	l.options.parser_path = l.paths;
	if (l.paths && l.wanted)
		parsed = parse(&l, argc, argv);
	if (parsed == CLI_HELP)
		status = NM_EXIT_COMPLETE;
	if (parsed == CLI_END)
		status = execute(&l);
	for (size_t i = 0; i < l.n_known; i++)
		free(l.known[i]);
	free(l.known);
	free(l.paths);
	free(l.wanted);
	return status;
}

const struct cli_command cli_protocols = { "protocols", "[NAME]...",
	"list the protocols that are parsed, or tell about some", options, protocols };
