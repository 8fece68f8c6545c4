/* SPDX-License-Identifier: MIT */
/* base/eventpage.h -- event reference pages, and what they say as text.
 *
 * The page on event N of an expert is the file <expert>N.htm beside it.
 *
 * Pages are HTML as people write by hand. What they say is kept, what they would do is
 * not: elements only decide where lines begin; scripts, styles and comments are left out.
 *
 * Owns:     nothing.
 * Uses:     utf8.h.
 * Threads:  any.
 * Trust:    every byte is hostile. Time and memory grow with the size of the page only.
 */
#ifndef NM_BASE_EVENTPAGE_H
#define NM_BASE_EVENTPAGE_H

#include <stddef.h>
#include <stdint.h>

#define NM_EVENT_PAGE_MAX ((size_t)1 << 20) /* bytes of a page that are worth reading */

/* The n bytes at html as lines of at most `width` characters, as far as words allow; NUL at
 * the end. Printable UTF-8 and line feeds, nothing else: what is no such character becomes
 * U+FFFD. The caller's, to be freed; NULL when out of memory. */
char *nm_event_page_text(const char *html, size_t n, unsigned width);

/* The page on an event of the expert whose files begin with `stem`, a folder and a name: the
 * caller's, to be freed; NULL, and in *ret_why a static text or one of strerror(). */
char *nm_event_page_read(const char *stem, uint32_t ident, unsigned width, const char **ret_why);

/* The page itself, *ret_n bytes: as above. */
char *nm_event_page_load(const char *stem, uint32_t ident, size_t *ret_n, const char **ret_why);

/* What the page says by <meta name="NAME" content="...">, as it stands between the quotes; the
 * first one of that name counts. The caller's, to be freed; NULL: nothing, or out of memory. */
char *nm_event_page_meta(const char *html, size_t n, const char *name);

/* "folder/topuser" of "folder/topuser.so": the caller's; NULL when out of memory. */
char *nm_event_page_stem(const char *expert_path);

#endif
