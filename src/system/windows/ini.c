/* SPDX-License-Identifier: MIT */
/* INI files, as libinih reads them. */
#include <ctype.h>
#include <ini.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define LINE 200u /* with its NUL */
#define NAME 50u

struct reader {
	char section[NAME], name[NAME]; /* where we are; the last name, "" when there is none */
	ini_handler handler;
	void *user;
};

static char *strip(char *s)
{
	char *end = s + strlen(s);

	while (end > s && isspace((unsigned char)end[-1]))
		*--end = '\0';
	while (*s && isspace((unsigned char)*s))
		s++;
	return s;
}

/* The first of `ends`, or of a comment behind a blank, or the NUL. */
static char *find(char *s, const char *ends)
{
	bool blank = false;

	while (*s && !strchr(ends, *s) && !(blank && *s == ';')) {
		blank = isspace((unsigned char)*s);
		s++;
	}
	return s;
}

static char *uncommented(char *value)
{
	*find(value, "") = '\0';
	return strip(value);
}

static bool take_pair(struct reader *r, char *start)
{
	char *end = find(start, "=:");
	char *value = end + 1;

	if (*end != '=' && *end != ':')
		return false;
	*end = '\0';
	(void)snprintf(r->name, sizeof r->name, "%s", strip(start));
	return r->handler(r->user, r->section, r->name, uncommented(value)) != 0;
}

static bool take_section(struct reader *r, char *start)
{
	char *end = find(start + 1, "]");

	if (*end != ']')
		return false;
	*end = '\0';
	(void)snprintf(r->section, sizeof r->section, "%s", start + 1);
	r->name[0] = '\0';
	return true;
}

/* False: it says nothing. */
static bool take_line(struct reader *r, char *line)
{
	char *start = strip(line);

	if (*start == '\0' || *start == ';' || *start == '#')
		return true;
	if (r->name[0] && start > line)
		return r->handler(r->user, r->section, r->name, uncommented(start)) != 0;
	return *start == '[' ? take_section(r, start) : take_pair(r, start);
}

int ini_parse_string(const char *text, ini_handler handler, void *user)
{
	struct reader r = { .handler = handler, .user = user };
	int first = 0;

	if (strncmp(text, "\xef\xbb\xbf", 3) == 0)
		text += 3;
	for (int number = 1; *text; number++) {
		char line[LINE];
		size_t n = strcspn(text, "\n");

		n = n + (text[n] == '\n') < LINE - 1 ? n + (text[n] == '\n') : LINE - 1;
		memcpy(line, text, n);
		line[n] = '\0';
		text += n;
		if (!take_line(&r, line) && !first)
			first = number;
	}
	return first;
}
