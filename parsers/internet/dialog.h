/* SPDX-License-Identifier: MIT */
/* internet/dialog.h -- protocols in which lines of requests and responses alternate.
 *
 * Which of the two a line is, only the line itself tells; one that is neither is data,
 * as the text of a mail is.
 */
#ifndef PARSERS_INTERNET_DIALOG_H
#define PARSERS_INTERNET_DIALOG_H

#include "internet.h"

/* The rows that each of them begins its table with. */
enum {
	DIALOG_SUMMARY,
	DIALOG_IS_REQUEST,
	DIALOG_IS_RESPONSE,
	DIALOG_REQUEST,
	DIALOG_RESPONSE,
	DIALOG_DATA,
	DIALOG_FIELDS
};

enum speech { SPEECH_DATA, SPEECH_REQUEST, SPEECH_RESPONSE };

struct dialog {
	const struct field *fields;
	enum speech (*what)(const struct header *h, struct part line);
	void (*request)(const struct header *h, struct part line);
	void (*response)(const struct header *h, struct part line);
	bool says_no; /* both of IS_REQUEST and IS_RESPONSE are attached, true or not */
};

void dialog_attach(const struct header *h, const struct dialog *d);

/* Three digits, and a blank, a hyphen or nothing. */
bool is_reply(const struct header *h, struct part line);

/* The code, and the text behind it: rows `first` and `first` + 1. */
void reply_attach(const struct header *h, const struct field *first, struct part line);

/* A word, and what is behind it: rows `first` and `first` + 1. */
void words_attach(const struct header *h, const struct field *first, struct part line);

/* A first word of three to ten letters, and nothing but text. */
bool is_command(const struct header *h, struct part line);

#endif
