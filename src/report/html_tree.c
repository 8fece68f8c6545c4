/* SPDX-License-Identifier: MIT */
/* A frame as lists in lists, and its bytes, from what a line of JSON says of it. */
#include "report/html.h"

#include <inttypes.h>
#include <jansson.h>
#include <string.h>

#define TREE_MOST 32768u /* bytes of a page that a frame's fields may take */
#define LEVEL_OFF 15     /* a field that is not shown */

struct tree {
	struct nm_buf *b;
	size_t end;     /* where no more fields are begun */
	unsigned depth; /* lists that are open in the layer */
	uint64_t left;  /* fields that found no room */
};

static const char *text_in(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s ? s : "";
}

static uint64_t number_in(const json_t *o, const char *key)
{
	json_int_t n = json_integer_value(json_object_get(o, key));

	return n > 0 ? (uint64_t)n : 0;
}

static void begin_item(
    struct nm_buf *b, const char *text, uint64_t from, uint64_t bytes, bool error)
{
	nm_buf_puts(b, "<li");
	if (bytes)
		nm_buf_printf(b, " data-b=%" PRIu64 "-%" PRIu64, from, bytes);
	nm_buf_puts(b, error ? " class=e>" : ">");
	nm_html_text(b, text);
	if (error)
		nm_buf_puts(b, " [error]");
}

/* Lists are opened one by one, however far a level jumps. */
static void go_to(struct tree *t, unsigned level)
{
	for (; t->depth > level; t->depth--)
		nm_buf_puts(t->b, "</ul>");
	if (t->depth < level) {
		nm_buf_puts(t->b, "<ul>");
		t->depth++;
	}
}

static void write_field(struct tree *t, const json_t *field)
{
	const char *text = text_in(field, "text");
	uint64_t level = number_in(field, "level");

	if (!*text || level == LEVEL_OFF)
		return;
	if (t->b->n >= t->end) {
		t->left++;
		return;
	}
	go_to(t, level == 0 ? 1 : level < LEVEL_OFF ? (unsigned)level : LEVEL_OFF);
	begin_item(t->b, text, number_in(field, "offset"), number_in(field, "length"),
	    json_is_true(json_object_get(field, "error")));
}

/* From a layer to the one behind it; 0 when that begins with it. */
static uint64_t bytes_of(const json_t *layers, size_t i, uint64_t captured)
{
	uint64_t from = number_in(json_array_get(layers, i), "offset"), to = captured;

	if (i + 1 < json_array_size(layers))
		to = number_in(json_array_get(layers, i + 1), "offset");
	return to > from ? to - from : 0;
}

static void write_layer(struct tree *t, const json_t *layers, size_t i, uint64_t captured)
{
	const json_t *layer = json_array_get(layers, i), *fields, *field;
	const char *summary = text_in(layer, "summary");
	size_t k;

	if (t->b->n >= t->end) {
		t->left++;
		return;
	}
	begin_item(t->b, text_in(layer, "protocol"), number_in(layer, "offset"),
	    bytes_of(layers, i, captured), json_is_true(json_object_get(layer, "error")));
	if (*summary) {
		nm_buf_puts(t->b, ": ");
		nm_html_text(t->b, summary);
	}
	fields = json_object_get(layer, "properties");
	json_array_foreach(fields, k, field)
	{
		write_field(t, field);
	}
	go_to(t, 0);
	nm_buf_puts(t->b, "\n");
}

static void write_tree(struct nm_buf *b, const json_t *frame)
{
	const json_t *layers = json_object_get(frame, "layers");
	struct tree t = { .b = b, .end = b->n + TREE_MOST };

	nm_buf_puts(b, "<ul class=tree>\n");
	for (size_t i = 0; i < json_array_size(layers); i++)
		write_layer(&t, layers, i, number_in(frame, "captured"));
	nm_buf_puts(b, "</ul>\n");
	if (t.left) {
		nm_buf_puts(b, "<p>");
		nm_buf_count(b, t.left);
		nm_buf_puts(b, " more fields and layers have no room in this page.\n");
	}
}

static void write_bytes(struct nm_buf *b, const json_t *frame)
{
	const char *hex = text_in(frame, "bytes");
	uint64_t shown = strlen(hex) / 2, captured = number_in(frame, "captured");

	if (shown == 0 || strspn(hex, "0123456789abcdef") != 2 * shown)
		return;
	nm_buf_printf(b, "<pre class=bytes>%s</pre>\n", hex);
	if (shown == captured)
		return;
	nm_buf_puts(b, "<p>These are the first ");
	nm_buf_count(b, shown);
	nm_buf_puts(b, " of ");
	nm_buf_count(b, captured);
	nm_buf_puts(b, " bytes.\n");
}

static void write_heading(struct nm_buf *b, const json_t *frame)
{
	uint64_t length = number_in(frame, "length"), captured = number_in(frame, "captured");

	nm_buf_printf(b, "<summary>Frame %" PRIu64 " <small>", number_in(frame, "frame"));
	nm_html_text(b, text_in(frame, "protocol"));
	nm_buf_puts(b, ": ");
	nm_html_text(b, text_in(frame, "info"));
	nm_buf_puts(b, "</small></summary>\n<p>");
	nm_html_text(b, text_in(frame, "time"));
	nm_buf_puts(b, " ");
	nm_html_text(b, text_in(frame, "source"));
	nm_buf_puts(b, " &rarr; ");
	nm_html_text(b, text_in(frame, "destination"));
	nm_buf_puts(b, ", ");
	nm_buf_count(b, length);
	nm_buf_puts(b, length == 1 ? " byte" : " bytes");
	if (captured < length) {
		nm_buf_puts(b, ", of which ");
		nm_buf_count(b, captured);
		nm_buf_puts(b, " were captured");
	}
	nm_buf_puts(b, "\n");
}

uint32_t nm_html_tree(struct nm_buf *b, unsigned capture, const char *line, size_t n)
{
	json_t *frame = json_loadb(line, n, 0, NULL);
	uint64_t number = number_in(frame, "frame");

	if (number == 0 || number > NM_NO_FRAME) {
		json_decref(frame);
		return NM_NO_FRAME;
	}
	nm_buf_printf(b, "<details class=frame id=f%u-%" PRIu64 ">", capture, number);
	write_heading(b, frame);
	write_tree(b, frame);
	write_bytes(b, frame);
	nm_buf_puts(b, "</details>\n");
	json_decref(frame);
	return (uint32_t)number - 1;
}
