/* SPDX-License-Identifier: MIT */
/* Event reference pages as text: what is kept, what is left out, where lines end. */
#include "base/eventpage.h"
#include "base/utf8.h"
#include "check.h"

#include <stdlib.h>
#include <string.h>

static const struct {
	const char *what, *html, *text;
} rows[] = {
	{ "nothing", "", "" },
	{ "blanks only", " \n\t ", "" },
	{ "words", "one  two\n three", "    one two three" },
	{ "paragraphs", "<p>one</p><p>two</p>", "    one\n\n    two" },
	{ "a heading", "<h1>Head</h1><p>text</p>", "Head\n\n    text" },
	{ "headings after text", "<p>a</p><h2>B</h2>c", "    a\n\nB\n    c" },
	{ "a list", "<p>a</p><ul><li>b<li>c</ul>d", "    a\n\n    - b\n    - c\n\n    d" },
	{ "a list in a list", "<ul><li>a<ul><li>b</ul></ul>", "    - a\n      - b" },
	{ "a list closed too often", "</ul></ul><p>a", "    a" },
	{ "lines", "a<br>b<BR/>c", "    a\n    b\n    c" },
	{ "a table", "<table><tr><th>a<th>b</tr><tr><td>c</td><td>d</td></tr></table>",
	    "    a b\n    c d" },
	{ "lines as they are", "<pre>a\nb</pre>", "    a\n    b" },
	{ "elements inside a word", "<p>a<em>b</em>, c", "    ab, c" },
	{ "an unknown element", "<marquee>a</marquee>", "    a" },
	{ "an attribute with a mark in it", "<p title='a > b'>c", "    c" },
	{ "a quote that is never closed", "a<p title='b>c", "    a" },
	{ "a script", "a<script>alert('<p>b')</script>c", "    ac" },
	{ "a script in capitals", "a<SCRIPT>b</ScRiPt >c", "    ac" },
	{ "a script without end", "a<script>b<p>c", "    a" },
	{ "a style and a title", "<title>a</title><style>b</style>c", "    c" },
	{ "a comment", "a<!-- b > <script> -->c", "    ac" },
	{ "a comment without end", "a<!-- b", "    a" },
	{ "a declaration", "<!DOCTYPE html><?xml?>a", "    a" },
	{ "a mark that begins no tag", "a < b <3", "    a < b <3" },
	{ "characters by name", "&lt;b&gt; &amp;amp; &quot;&apos;", "    <b> &amp; \"'" },
	{ "characters by number", "&#65;&#x42;&#8211;", "    AB\xe2\x80\x93" },
	{ "no such character", "&nosuch; &; & &#; &#x; &#xzz;",
	    "    &nosuch; &; & &#; &#x; &#xzz;" },
	{ "a number that is no character", "&#xd800; &#1114112;", "    \xef\xbf\xbd \xef\xbf\xbd" },
	{ "a control character by number", "&#27;[31m", "    \xef\xbf\xbd[31m" },
	{ "a control character", "\x1b[31m", "    \xef\xbf\xbd[31m" },
	{ "what is no UTF-8", "a\xff\xc3", "    a\xef\xbf\xbd\xef\xbf\xbd" },
	{ "UTF-8",
	    "gr\xc3\xbc\xc3\x9f"
	    "e",
	    "    gr\xc3\xbc\xc3\x9f"
	    "e" },
	{ "a cut tag", "a<em", "    a" },
};

static void pages_become_text(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char *text = nm_event_page_text(rows[i].html, strlen(rows[i].html), 80);

		assert_non_null(text);
		if (strcmp(text, rows[i].text) != 0)
			fail_msg("%s: '%s'", rows[i].what, text);
		free(text);
	}
}

static const struct {
	const char *what, *html, *content; /* NULL: none */
} metas[] = {
	{ "none", "<p>warning", NULL },
	{ "one", "<meta name=\"severity\" content=\"info, warning\">", "info, warning" },
	{ "behind others",
	    "<!DOCTYPE html><meta charset='utf-8'><p>a < b<meta name='severity' content='info'>",
	    "info" },
	{ "the other way round, closed", "<META CONTENT=info NAME=Severity />", "info" },
	{ "without quotes at the end", "<meta name=severity content=info>", "info" },
	{ "empty", "<meta name=severity content=''>", "" },
	{ "the first of two", "<meta name=severity content=a><meta name=severity content=b>", "a" },
	{ "another name", "<meta name=severities content=a>", NULL },
	{ "a part of the name", "<meta name=sever content=a>", NULL },
	{ "another element", "<metal name=severity content=a>", NULL },
	{ "no content", "<meta name=severity>", NULL },
	{ "no name", "<meta content=severity>", NULL },
	{ "content without value", "<meta name=severity content>", NULL },
	{ "the name as a value of another", "<meta data-name='name=severity' content=a>", NULL },
	{ "nothing but marks", "<meta == =' \"", NULL },
	{ "cut in its content", "<meta name=severity content='inf", "inf" },
	{ "in a comment", "<!-- <meta name=severity content=a> -->", NULL },
	{ "in a script", "<script><meta name=severity content=a></script>", NULL },
};

static void a_page_says_it_of_itself(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof metas / sizeof *metas; i++) {
		char *got = nm_event_page_meta(metas[i].html, strlen(metas[i].html), "severity");

		if (!got != !metas[i].content || (got && strcmp(got, metas[i].content) != 0))
			fail_msg("%s: '%s'", metas[i].what, got ? got : "none");
		free(got);
	}
}

static void lines_are_as_long_as_words_allow(void **state)
{
	static const char html[] = "<p>aaaa bbbb cccc gr\xc3\xbc\xc3\x9f dddddddddddddddddddd e";
	static const char want[] =
	    "    aaaa bbbb\n    cccc gr\xc3\xbc\xc3\x9f\n    dddddddddddddddddddd\n    e";
	char *text = nm_event_page_text(html, sizeof html - 1, 13);

	(void)state;
	assert_non_null(text);
	assert_string_equal(text, want);
	free(text);
}

/* Every prefix of a page with everything in it, and each with one byte changed, in blocks of
 * their own size. */
static void no_page_is_read_past_its_end(void **state)
{
	static const char html[] =
	    "<!-- c --><h1>a</h1><p t=\"x\">&lt;b &#65; &#x41;<script>s</script>"
	    "<ul><li>gr\xc3\xbc</ul><pre>q\nr</pre>";
	static const char marks[] = { '<', '>', '&', ';', '"', '!', '-', '/', '#', '\xff', ' ' };

	(void)state;
	for (size_t n = 0; n < sizeof html; n++)
		for (size_t m = 0; m < sizeof marks; m++) {
			char *page = malloc(n ? n : 1), *text;

			assert_non_null(page);
			memcpy(page, html, n);
			if (n)
				page[n / 2] = marks[m];
			text = nm_event_page_text(page, n, 20);
			assert_non_null(text);
			assert_true(nm_utf8_is_clean(text, strlen(text), false));
			free(text);
			free(page);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pages_become_text),
		cmocka_unit_test(a_page_says_it_of_itself),
		cmocka_unit_test(lines_are_as_long_as_words_allow),
		cmocka_unit_test(no_page_is_read_past_its_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
