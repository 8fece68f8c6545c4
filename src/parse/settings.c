/* SPDX-License-Identifier: MIT */
/* PARSER.INI and the hand-off sets, in memory: what parsers say of themselves, and
 * over it what a person's files say. */
#include "parse/parse_int.h"

#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define MAX_LINE        200u           /* as inih takes them */
#define BYTE_ORDER_MARK "\xef\xbb\xbf" /* what editors on Windows begin UTF-8 with */

struct setting {
	char *file, *section, *key, *value; /* owned */
	bool person;
};

static struct {
	struct setting *all; /* owned; in the order they came */
	size_t n, room;
} the;

void nm_settings_clear(void)
{
	for (size_t i = 0; i < the.n; i++) {
		free(the.all[i].file);
		free(the.all[i].section);
		free(the.all[i].key);
		free(the.all[i].value);
	}
	free(the.all);
	memset(&the, 0, sizeof the);
}

/* Keys of hand-off sets are numbers: "0x50" and "80" are told apart by their base, which
 * the reader knows; leading zeros are not. */
static struct setting *find(const char *file, const char *section, const char *key)
{
	for (size_t i = 0; i < the.n; i++)
		if (strcasecmp(the.all[i].key, key) == 0 &&
		    strcasecmp(the.all[i].section, section) == 0 &&
		    strcasecmp(the.all[i].file, file) == 0)
			return &the.all[i];
	return NULL;
}

static bool add(struct setting s)
{
	if (the.n == the.room) {
		size_t room = the.room ? 2 * the.room : 256;
		struct setting *all = realloc(the.all, room * sizeof *all);

		if (!all)
			return false;
		the.all = all;
		the.room = room;
	}
	the.all[the.n++] = s;
	return true;
}

bool nm_setting_put(
    const char *file, const char *section, const char *key, const char *value, bool person)
{
	struct setting *old = find(file, section, key);
	struct setting s = { strdup(file), strdup(section), strdup(key), strdup(value), person };

	if (old && s.value && person) {
		char *was = old->value;

		old->value = s.value;
		old->person = true;
		s.value = was;
	} else if (!old && s.file && s.section && s.key && s.value && add(s)) {
		return true;
	}
	free(s.file);
	free(s.section);
	free(s.key);
	free(s.value);
	return old != NULL;
}

const char *nm_setting_get(const char *file, const char *section, const char *key)
{
	const struct setting *s = find(file, section, key);

	return s ? s->value : NULL;
}

void nm_settings_each(const char *file, const char *section,
    bool (*each)(void *arg, const char *key, const char *value), void *arg)
{
	for (size_t i = 0; i < the.n; i++)
		if (strcasecmp(the.all[i].section, section) == 0 &&
		    strcasecmp(the.all[i].file, file) == 0 &&
		    !each(arg, the.all[i].key, the.all[i].value))
			return;
}

static bool list_has(const char *list, const char *name)
{
	size_t n = strlen(name);

	for (const char *c = list; *c; c += strcspn(c, ","), c += strspn(c, ", \t"))
		if (strcspn(c, ", \t") == n && strncasecmp(c, name, n) == 0)
			return true;
	return false;
}

bool nm_setting_append(const char *section, const char *key, const char *name)
{
	struct setting *s = find("", section, key);
	size_t n;
	char *value;

	if (!s)
		return nm_setting_put("", section, key, name, false);
	if (s->person || list_has(s->value, name))
		return true; /* what a person wrote stands as it is */
	n = strlen(s->value);
	value = malloc(n + 2 + strlen(name) + 1);
	if (!value)
		return false;
	(void)sprintf(value, "%s%s%s", s->value, n ? ", " : "", name);
	free(s->value);
	s->value = value;
	return true;
}

/* ---- what people write ------------------------------------------------------------------ */

/* Quotes around a comment are not of it. */
static char *unquoted(const char *value)
{
	size_t n = strlen(value);
	bool quoted = n >= 2 && value[0] == '"' && value[n - 1] == '"';

	return quoted ? strndup(value + 1, n - 2) : strdup(value);
}

static int take_line(void *arg, const char *section, const char *key, const char *value)
{
	char *plain = unquoted(value ? value : "");
	bool ok = plain && nm_setting_put(arg, section, key, plain, true);

	free(plain);
	return ok;
}

/* The end of a number in base 10 or 16, 0x allowed; NULL: it is none that a key can be. */
static bool is_number(const char *key, size_t n)
{
	size_t k = n > 2 && key[0] == '0' && (key[1] | 32) == 'x' ? 2 : 0;

	return n > k && n - k <= 10 && strspn(key + k, "0123456789abcdefABCDEF") >= n - k;
}

static bool ends_with(const char *s, size_t n, const char *end)
{
	size_t k = strlen(end);

	return n >= k && strncasecmp(s + n - k, end, k) == 0;
}

/* Why a line, without the blanks around it, says nothing; NULL: it says something, or is
 * none. *handoff: the section is a hand-off set. */
static const char *problem(const char *line, size_t n, bool *handoff, bool *begun)
{
	size_t equals = 0;

	if (n == 0 || line[0] == ';' || line[0] == '#')
		return NULL;
	if (line[0] == '[') {
		const char *close = memchr(line, ']', n);

		if (!close || close == line + 1)
			return "a section without a closing bracket, or without a name";
		*begun = true;
		*handoff = ends_with(line + 1, (size_t)(close - line - 1), "_HandoffSet");
		return NULL;
	}
	while (equals < n && line[equals] != '=' && line[equals] != ':')
		equals++;
	if (equals == n)
		return "neither a section, nor a key and its value: there is no '='";
	if (!*begun)
		return "it stands before the first section";
	while (equals > 0 && (line[equals - 1] == ' ' || line[equals - 1] == '\t'))
		equals--;
	if (equals == 0)
		return "there is no key before '='";
	if (*handoff && !is_number(line, equals))
		return "the key of a hand-off set is not a number";
	return n >= MAX_LINE ? "longer than 199 bytes" : NULL;
}

static void check_lines(
    const char *text, void (*say)(void *ctx, unsigned line, const char *why), void *ctx)
{
	bool handoff = false, begun = false;

	for (unsigned number = 1; *text; number++) {
		size_t n = strcspn(text, "\n"), from = strspn(text, " \t\r"), end = n;
		const char *why;

		from = from < n ? from : n;
		while (end > from && strchr(" \t\r", text[end - 1]))
			end--;
		why = problem(text + from, end - from, &handoff, &begun);
		if (why)
			say(ctx, number, why);
		text += n + (text[n] == '\n');
	}
}

bool nm_parsers_settings(const char *name, const char *text,
    void (*say)(void *ctx, unsigned line, const char *why), void *ctx)
{
	char file[260] = "";

	if (name)
		(void)snprintf(file, sizeof file, "%s", name);
	file[strcspn(file, ".")] = '\0';
	if (strncmp(text, BYTE_ORDER_MARK, sizeof BYTE_ORDER_MARK - 1) == 0)
		text += sizeof BYTE_ORDER_MARK - 1;
	if (say)
		check_lines(text, say, ctx);
	return ini_parse_string(text, take_line, file) != -2;
}

/* ---- whose a protocol is --------------------------------------------------------------------- */

struct search {
	const char *protocol, *file;
	bool assigned, ours;
};

static size_t base_length(const char *file)
{
	const char *dot = strrchr(file, '.');

	return dot ? (size_t)(dot - file) : strlen(file);
}

/* "TCPIP.DLL = 0: IP, ICMP" */
static bool look_at_line(void *arg, const char *dll, const char *value)
{
	struct search *s = arg;
	const char *list = strchr(value, ':');
	size_t n = base_length(dll);

	list = list ? list + 1 : value;
	list += strspn(list, " \t");
	if (!list_has(list, s->protocol))
		return true;
	s->assigned = true;
	s->ours |= n == base_length(s->file) && strncasecmp(dll, s->file, n) == 0;
	return true;
}

bool nm_setting_allows(const char *file, const char *protocol)
{
	struct search s = { .protocol = protocol, .file = file };

	nm_settings_each("", "PARSERS", look_at_line, &s);
	return !s.assigned || s.ours;
}

/* ---- what parsers say ---------------------------------------------------------------------- */

static bool terminated(const char *s, size_t size)
{
	return memchr(s, '\0', size) != NULL;
}

static void install_follow(const PF_PARSERINFO *p)
{
	const PF_FOLLOWSET *before = p->pWhoCanPrecedeMe, *after = p->pWhoCanFollowMe;

	for (DWORD i = 0; before && i < before->nEntries && i < NM_PROTOCOLS_MAX; i++)
		if (terminated(before->Entry[i].szProtocol, NAME_BYTES))
			(void)nm_setting_append(
			    before->Entry[i].szProtocol, "FollowSet", p->szProtocolName);
	for (DWORD i = 0; after && i < after->nEntries && i < NM_PROTOCOLS_MAX; i++)
		if (terminated(after->Entry[i].szProtocol, NAME_BYTES))
			(void)nm_setting_append(
			    p->szProtocolName, "FollowSet", after->Entry[i].szProtocol);
}

static void install_handoff(const PF_PARSERINFO *p, const PF_HANDOFFSET *s)
{
	for (DWORD i = 0; s && i < s->nEntries && i < 65536; i++) {
		const PF_HANDOFFENTRY *e = &s->Entry[i];
		char file[sizeof e->szIniFile], key[16];
		const char *base;

		if (!terminated(e->szIniFile, sizeof e->szIniFile) ||
		    !terminated(e->szIniSection, sizeof e->szIniSection) ||
		    !terminated(e->szProtocol, sizeof e->szProtocol))
			continue;
		base = e->szIniFile + strlen(e->szIniFile);
		while (base > e->szIniFile && base[-1] != '/' && base[-1] != '\\')
			base--;
		(void)snprintf(file, sizeof file, "%s", base);
		file[strcspn(file, ".")] = '\0';
		(void)snprintf(key, sizeof key,
		    e->ValueFormatBase == HANDOFF_VALUE_FORMAT_BASE_HEX ? "%X" : "%u",
		    e->dwHandOffValue);
		(void)nm_setting_put(file, e->szIniSection, key,
		    e->szProtocol[0] ? e->szProtocol : p->szProtocolName, false);
	}
}

bool nm_install(const PF_PARSERDLLINFO *info)
{
	if (info->nParsers > NM_PROTOCOLS_MAX)
		return false;
	for (DWORD i = 0; i < info->nParsers; i++) {
		const PF_PARSERINFO *p = &info->ParserInfo[i];

		if (!terminated(p->szProtocolName, sizeof p->szProtocolName) ||
		    !terminated(p->szComment, sizeof p->szComment) ||
		    !terminated(p->szHelpFile, sizeof p->szHelpFile))
			return false;
		(void)nm_setting_put("", p->szProtocolName, "Comment", p->szComment, false);
		(void)nm_setting_put("", p->szProtocolName, "HelpFile", p->szHelpFile, false);
		install_follow(p);
		install_handoff(p, p->pWhoHandsOffToMe);
		install_handoff(p, p->pWhoDoIHandOffTo);
	}
	return true;
}
