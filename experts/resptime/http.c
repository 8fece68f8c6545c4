/* SPDX-License-Identifier: MIT */
/* HTTP/1 (RFC 9112): where messages begin and end. */
#include "stream.h"

#include <strings.h>

enum state {
	START, /* a line that begins a message, or an empty one before it */
	HEADERS,
	BODY,
	CHUNK_SIZE,
	CHUNK,
	TRAILER,
	TO_END /* of the connection */
};

#define METHOD_MOST 16u
#define VERSION     7u /* "HTTP/1." */

static bool is_answer(const uint8_t *p, size_t n)
{
	return n > VERSION && memcmp(p, "HTTP/1.", VERSION) == 0;
}

/* A word of capital letters, a blank, and what a path or an address begins with. */
static bool is_request(const uint8_t *p, size_t n)
{
	size_t i = 0;

	while (i < n && i < METHOD_MOST && ((p[i] >= 'A' && p[i] <= 'Z') || p[i] == '_'))
		i++;
	if (i < 3 || i + 1 >= n || p[i] != ' ')
		return false;
	return p[i + 1] == '/' || p[i + 1] == '*' || memcmp(p, "CONNECT", i) == 0 ||
	       (n - i > 5 && strncasecmp((const char *)p + i + 1, "http", 4) == 0);
}

bool http_begins(const uint8_t *p, size_t n, bool *ret_answer)
{
	*ret_answer = is_answer(p, n);
	return *ret_answer || is_request(p, n);
}

/* ---- messages ------------------------------------------------------------------------------- */

static void lost(struct side *s)
{
	s->lost = true;
	s->state = START;
	s->n_held = 0;
	s->left = 0;
}

static void end_message(struct reading *r)
{
	reading_end(r);
	r->side->state = START;
}

static void begin_request(struct reading *r, const uint8_t *p, size_t n)
{
	uint8_t flags = 0;

	if (n > 5 && memcmp(p, "HEAD ", 5) == 0)
		flags = REQUEST_HEAD;
	else if (n > 8 && memcmp(p, "CONNECT ", 8) == 0)
		flags = REQUEST_CONNECT;
	reading_ask(r, HTTP, ANY_ID, flags);
}

/* "HTTP/1.1 200" */
static void begin_answer(struct reading *r, const uint8_t *p, size_t n)
{
	uint32_t request = exchanges_waiting(r->x, r->c, HTTP, ANY_ID);
	uint8_t flags = request ? request_at(r->x, request)->flags : 0;
	unsigned code = 0;

	for (size_t i = VERSION + 2; i < n && i < VERSION + 5; i++)
		code = code * 10 + (p[i] - '0') % 10u;
	r->side->bodiless = code < 200 || code == 204 || code == 304 || (flags & REQUEST_HEAD) != 0;
	if (code >= 100 && code < 200 && code != 101)
		return;
	reading_answer(r, HTTP, ANY_ID);
	if (code == 101 || (flags & REQUEST_CONNECT && code < 300))
		r->c->protocol = NONE;
}

static void first_line(struct reading *r, const uint8_t *p, size_t n)
{
	struct side *s = r->side;

	s->chunked = s->has_length = s->bodiless = false;
	s->left = 0;
	if (!http_begins(p, n, &s->answer)) {
		lost(s);
		return;
	}
	s->state = HEADERS;
	if (s->answer)
		begin_answer(r, p, n);
	else
		begin_request(r, p, n);
}

/* ---- headers ---------------------------------------------------------------------------------- */

static bool is_named(const uint8_t *p, size_t n, const char *name)
{
	size_t k = strlen(name);

	return n > k && strncasecmp((const char *)p, name, k) == 0;
}

static void header(struct side *s, const uint8_t *p, size_t n)
{
	size_t at = sizeof "Content-Length:" - 1;

	if (is_named(p, n, "Transfer-Encoding:")) {
		for (size_t i = 0; i + 7 <= n; i++)
			s->chunked |= strncasecmp((const char *)p + i, "chunked", 7) == 0;
	} else if (is_named(p, n, "Content-Length:")) {
		while (at < n && (p[at] == ' ' || p[at] == '\t'))
			at++;
		s->left = 0;
		s->has_length = true;
		for (; at < n && p[at] >= '0' && p[at] <= '9'; at++)
			s->left = s->left > UINT64_MAX / 16 ? s->left : s->left * 10 + p[at] - '0';
	}
}

static void end_headers(struct reading *r)
{
	struct side *s = r->side;
	bool bodiless = s->bodiless || (s->has_length && s->left == 0) ||
			(!s->answer && !s->has_length && !s->chunked);

	if (bodiless) {
		s->left = 0;
		end_message(r);
	} else if (s->chunked) {
		s->left = 0;
		s->state = CHUNK_SIZE;
	} else {
		s->state = s->has_length ? BODY : TO_END;
	}
}

static void chunk_size(struct side *s, const uint8_t *p, size_t n)
{
	uint64_t size = 0;
	size_t i = 0;

	for (; i < n && i < 8; i++) {
		unsigned c = p[i] | 0x20u;

		if (c >= '0' && c <= '9')
			size = size * 16 + (c - '0');
		else if (c >= 'a' && c <= 'f')
			size = size * 16 + (c - 'a') + 10;
		else
			break;
	}
	if (i == 0) {
		lost(s);
		return;
	}
	s->left = size ? size + 2 : 0; /* with its line end */
	s->state = size ? CHUNK : TRAILER;
}

/* A line without its end; of a long one as much as is kept. */
static void line(struct reading *r, const uint8_t *p, size_t n)
{
	struct side *s = r->side;

	if (n > 0 && p[n - 1] == '\r')
		n--;
	switch ((enum state)s->state) {
	case START:
		if (n > 0)
			first_line(r, p, n);
		break;
	case HEADERS:
		if (n > 0)
			header(s, p, n);
		else
			end_headers(r);
		break;
	case CHUNK_SIZE: chunk_size(s, p, n); break;
	case TRAILER:
		if (n == 0)
			end_message(r);
		break;
	default: break;
	}
}

/* ---- bytes ------------------------------------------------------------------------------------- */

static void hold(struct side *s, const uint8_t *p, size_t n)
{
	size_t room = HELD_MOST - s->n_held;

	if (n > room)
		n = room;
	memcpy(s->held + s->n_held, p, n);
	s->n_held = (uint8_t)(s->n_held + n);
}

/* Up to and with the next line's end; returns how many bytes that are. */
static size_t read_line(struct reading *r, const uint8_t *p, size_t n)
{
	const uint8_t *end = memchr(p, '\n', n);
	struct side *s = r->side;
	size_t length = end ? (size_t)(end - p) : n;
	uint8_t held;

	if (s->state == START && s->n_held == 0)
		s->begin = r->at;
	if (!end || s->n_held)
		hold(s, p, length);
	if (!end)
		return n;
	held = s->n_held;
	s->n_held = 0;
	if (held)
		line(r, s->held, held);
	else
		line(r, p, length);
	return length + 1;
}

static void end_of_body(struct reading *r)
{
	if (r->side->state == CHUNK)
		r->side->state = CHUNK_SIZE;
	else
		end_message(r);
}

void http_read(struct reading *r, const uint8_t *p, size_t n)
{
	struct side *s = r->side;

	if (s->lost && !http_begins(p, n, &s->answer))
		return;
	s->lost = false;
	while (n > 0 && !s->lost && s->state != TO_END && r->c->protocol == HTTP) {
		bool body = s->state == BODY || s->state == CHUNK;
		size_t done = s->left < n ? (size_t)s->left : n;

		if (!body)
			done = read_line(r, p, n);
		else if ((s->left -= done) == 0)
			end_of_body(r);
		p += done;
		n -= done;
	}
}

bool http_skip(struct reading *r, uint32_t n)
{
	struct side *s = r->side;

	if (s->state == TO_END)
		return true;
	if ((s->state != BODY && s->state != CHUNK) || s->left < n)
		return false;
	s->left -= n;
	if (s->left == 0)
		end_of_body(r);
	return true;
}
