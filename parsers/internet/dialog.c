/* SPDX-License-Identifier: MIT */
/* Lines of requests and responses. */
#include "dialog.h"

#define LETTERS_LEAST 3u
#define LETTERS_MOST  10u

static bool is_letter(uint8_t c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

bool is_command(const struct header *h, struct part line)
{
	struct part word = word_take(h, &line);

	if (word.size < LETTERS_LEAST || word.size > LETTERS_MOST || !part_is_text(h, line))
		return false;
	for (DWORD i = 0; i < word.size; i++)
		if (!is_letter(h->p[word.at + i]))
			return false;
	return true;
}

bool is_reply(const struct header *h, struct part line)
{
	const uint8_t *p = h->p + line.at;

	for (DWORD i = 0; i < 3; i++)
		if (i >= line.size || p[i] < '0' || p[i] > '9')
			return false;
	return line.size == 3 || p[3] == ' ' || p[3] == '-';
}

void reply_attach(const struct header *h, const struct field *first, struct part line)
{
	part_attach(h, first, (struct part){ line.at, 3 }, 0);
	if (line.size > 4)
		part_attach(h, first + 1, (struct part){ line.at + 4, line.size - 4 }, 0);
}

void words_attach(const struct header *h, const struct field *first, struct part line)
{
	struct part word = word_take(h, &line);

	part_attach(h, first, word, 0);
	if (line.size)
		part_attach(h, first + 1, line, 0);
}

static void attach_line(const struct header *h, const struct dialog *d, const struct line *line)
{
	enum speech what = d->what(h, line->text);
	unsigned row = what == SPEECH_REQUEST    ? DIALOG_REQUEST
		       : what == SPEECH_RESPONSE ? DIALOG_RESPONSE
						 : DIALOG_DATA;

	field_attach_at(h, &d->fields[row], line->text.at, line->next - line->text.at, 0);
	if (what == SPEECH_REQUEST)
		d->request(h, line->text);
	else if (what == SPEECH_RESPONSE)
		d->response(h, line->text);
}

static void attach_truth(
    const struct header *h, const struct dialog *d, unsigned row, DWORD size, uint8_t is_true)
{
	if (is_true || d->says_no)
		field_attach_value(h, &d->fields[row], 0, size, &is_true, 1, 0);
}

void dialog_attach(const struct header *h, const struct dialog *d)
{
	enum speech what = SPEECH_DATA;
	struct line line;

	field_attach_at(h, &d->fields[DIALOG_SUMMARY], 0, h->left, 0);
	if (line_at(h, 0, &line))
		what = d->what(h, line.text);
	if (what == SPEECH_DATA) {
		field_attach_at(h, &d->fields[DIALOG_DATA], 0, h->left, 0);
		return;
	}
	attach_truth(h, d, DIALOG_IS_REQUEST, line.text.size, what == SPEECH_REQUEST);
	attach_truth(h, d, DIALOG_IS_RESPONSE, line.text.size, what == SPEECH_RESPONSE);
	for (DWORD i = 0, at = 0; i < ELEMENTS_MOST && line_at(h, at, &line); i++, at = line.next)
		attach_line(h, d, &line);
}
