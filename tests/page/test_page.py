#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""test_page.py MAKE_PAGE -- the html report in a headless browser, as TAP.

Speaks WebDriver to chromedriver on loopback; skipped where that is not installed.
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

EVENTS = 10000
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # WebDriver's key for a reference
ENTER = "\ue007"
UP, DOWN, LEFT, RIGHT, HOME, END = "\ue013", "\ue015", "\ue012", "\ue014", "\ue011", "\ue010"


class Browser:
    """A session of one browser, with what the tests ask of it."""

    def __init__(self, folder):
        self.driver = subprocess.Popen(
            ["chromedriver", "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.url = "http://127.0.0.1:%d" % self.port()
        arguments = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                     "--user-data-dir=" + os.path.join(folder, "profile")]
        session = self.call("POST", "/session", {"capabilities": {"alwaysMatch": {
            "browserName": "chrome",
            "goog:chromeOptions": {"args": arguments},
            "goog:loggingPrefs": {"browser": "ALL"}}}})
        self.url += "/session/" + session["sessionId"]

    def port(self):
        for line in self.driver.stdout:
            if "successfully on port" in line:
                return int(line.rstrip().rstrip(".").rsplit(" ", 1)[1])
        raise RuntimeError("chromedriver did not start")

    def call(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, {"Content-Type": "application/json"})
        request.get_method = lambda: method
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as e:
            raise RuntimeError(e.read().decode()) from e

    def open(self, path):
        self.call("POST", "/url", {"url": "file://" + path})

    def run(self, script, *args):
        return self.call("POST", "/execute/sync", {"script": script, "args": list(args)})

    def find(self, selector):
        return self.call("POST", "/element", {"using": "css selector", "value": selector})[ELEMENT]

    def type(self, selector, text):
        self.call("POST", "/element/%s/value" % self.find(selector), {"text": text})

    def click(self, selector):
        self.call("POST", "/element/%s/click" % self.find(selector), {})

    def keys(self, *keys):
        """Keys for what has the focus."""
        self.call("POST", "/actions", {"actions": [{"type": "key", "id": "keys", "actions": [
            {"type": what, "value": key} for key in keys for what in ("keyDown", "keyUp")]}]})

    def errors(self):
        return [e for e in self.call("POST", "/se/log", {"type": "browser"}) if e["level"] == "SEVERE"]

    def close(self):
        try:
            self.call("DELETE", "")
        except (RuntimeError, OSError):
            pass
        self.driver.terminate()
        self.driver.wait()


def made(page, events):
    """Another page, of so many events."""
    other = "%s-%d.html" % (page, events)
    subprocess.run([sys.argv[1], other, str(events)], check=True)
    return other


FLOOD = "document.querySelector('#e%d')"
SHOWN = "return [...%s.querySelectorAll('tbody tr')].filter(r => r.getClientRects().length).length"


def flood(browser):
    """The number of the last expert: the one with many events."""
    return browser.run("return document.querySelectorAll('section.expert').length")


def shown(browser):
    return browser.run(SHOWN % (FLOOD % flood(browser)))


def first_cells(browser, column, n=3):
    return browser.run(
        "const t = %s.querySelector('table');"
        "const i = [...t.tHead.rows[0].cells].findIndex(c => c.textContent.trim() === arguments[0]);"
        "return [...t.tBodies[0].rows].slice(0, arguments[1]).map(r => r.cells[i].textContent.trim())"
        % (FLOOD % flood(browser)), column, n)


def heading(browser, column):
    i = browser.run(
        "return [...%s.querySelector('table').tHead.rows[0].cells]"
        ".findIndex(c => c.textContent.trim() === arguments[0])" % (FLOOD % flood(browser)), column)
    return "#e%d thead th:nth-child(%d) button" % (flood(browser), i + 1)


def nothing_is_reported_by_the_browser(browser, page):
    assert browser.errors() == [], browser.errors()


def text_stays_text(browser, page):
    assert browser.run("return window.pwned === undefined")
    assert browser.run("return document.querySelectorAll('h1').length") == 1
    assert browser.run("return document.querySelectorAll('img, iframe, object, main script').length") == 0
    assert browser.run("return document.body.textContent.includes(arguments[0])",
                       "<script>window.pwned = 1</script>")


def the_policy_forbids_what_is_added(browser, page):
    browser.run("const s = document.createElement('script'); s.textContent = 'window.pwned = 1';"
                "document.body.append(s); s.remove();")
    assert browser.run("return window.pwned === undefined")
    browser.errors()  # which tell of that


def the_summary_stands_first_and_the_worst_first_in_it(browser, page):
    assert browser.run("return document.querySelector('main').firstElementChild.id") == "summary"
    words = browser.run("return [...document.querySelectorAll('.findings .s')].map(e => e.textContent)")
    order = ["critical", "severe", "error", "strong", "warning"]
    ranks = [order.index(w) for w in words]
    assert ranks and ranks == sorted(ranks), words
    assert browser.run("return [...document.querySelectorAll('.findings a')]"
                       ".every(a => document.querySelector(a.getAttribute('href')))")


def a_finding_leads_to_its_events(browser, page):
    browser.run("[...document.querySelectorAll('.findings a')].find(a => a.textContent.includes('Late')).click()")
    assert browser.run("return location.hash") == "#e%d" % flood(browser)
    assert browser.run("return document.querySelector('#e%d input').value" % flood(browser)) == "Late"
    assert browser.run("return [...document.querySelectorAll('#e%d tbody tr')].filter(r => !r.hidden)"
                       ".every(r => r.textContent.includes('Late'))" % flood(browser))
    browser.run("const i = document.querySelector('#e%d input'); i.value = '';"
                "i.dispatchEvent(new Event('input'))" % flood(browser))


def tables_begin_short_and_can_be_shown_whole(browser, page):
    assert shown(browser) == 200
    browser.click("#e%d .more" % flood(browser))
    assert shown(browser) == EVENTS


def headings_sort_by_number_both_ways(browser, page):
    browser.click(heading(browser, "Delay"))
    assert first_cells(browser, "Delay") == ["0", "0.125", "0.25"]
    browser.click(heading(browser, "Delay"))
    assert first_cells(browser, "Delay", 1) == ["%.3f" % ((EVENTS - 1) / 8)]
    assert browser.run("return document.querySelector('#e%d [aria-sort]').getAttribute('aria-sort')"
                       % flood(browser)) == "descending"


def the_keyboard_sorts_too(browser, page):
    browser.type(heading(browser, "Frame"), ENTER)
    assert first_cells(browser, "Frame") == ["1", "2", "3"]


def searching_leaves_what_matches(browser, page):
    box = "#e%d input" % flood(browser)
    browser.type(box, "LATE 1249.875")
    assert shown(browser) == 1, shown(browser)
    assert "1 of 10,000 rows" in browser.run(
        "return document.querySelector('#e%d .count').textContent" % flood(browser))
    browser.run("const i = document.querySelector(arguments[0]); i.value = '';"
                "i.dispatchEvent(new Event('input'))", box)
    assert shown(browser) == EVENTS


def severities_can_be_left_out(browser, page):
    browser.run("const s = document.querySelector(arguments[0]); s.value = '1';"
                "s.dispatchEvent(new Event('change'))", "#e%d select" % flood(browser))
    assert shown(browser) == EVENTS / 10


def frames(browser):
    """The number of the expert whose events name frames: see play_frames()."""
    return browser.run("return [...document.querySelectorAll('section.expert')]"
                       ".findIndex(s => s.querySelector('h3').textContent.startsWith('Frames')) + 1")


def frame_button(browser, number):
    """Selects the button that shows the frame of that number."""
    assert browser.run(
        "const b = [...document.querySelectorAll(arguments[0])].find(b => b.textContent === arguments[1]);"
        "if (b) b.id = 'frame-button'; return !!b", "#e%d .fr" % frames(browser), str(number))
    return "#frame-button"


def leave(browser):
    """As it was before."""
    browser.run("document.querySelectorAll(\".fr[aria-expanded='true']\").forEach(b => b.click());"
                "document.querySelectorAll('#frame-button').forEach(b => b.removeAttribute('id'))")


FOCUS = "return document.activeElement.textContent.split('\\n')[0]"
MARKED = "return [...document.querySelectorAll('.detail mark')].map(m => m.textContent)"


def an_event_opens_to_its_frame(browser, page):
    button = frame_button(browser, 1)
    assert browser.run("return document.querySelector('#frame-button').getAttribute('aria-expanded')") == "false"
    browser.click(button)
    shows = browser.run("const d = document.querySelector('.detail'), b = document.querySelector('#frame-button');"
                        "return [b.getAttribute('aria-expanded'), b.getAttribute('aria-controls') === "
                        "d.querySelector('.frame').id, b.closest('tr').nextElementSibling === d,"
                        "d.querySelector('.frame').getAttribute('aria-label'),"
                        "d.querySelector('.title').textContent,"
                        "[...d.querySelectorAll('.tree > li > span')].map(e => e.textContent),"
                        "d.querySelector('.bytes').textContent.split('\\n')[0]]")
    assert shows == ["true", True, True, "Frame 1", "Frame 1 TCP: a segment",
                     ["ETHERNET: type IP", "IP: to 10.0.0.2", "TCP\n"],
                     "0000  41 42 43 44 45 46 06 07 08 09 0a 0b 0c 0d 0e 0f   ABCDEF.........."], shows
    browser.click(button)
    assert browser.run("return document.querySelectorAll('.detail').length") == 0
    leave(browser)


def a_tree_is_walked_with_keys_and_marks_its_bytes(browser, page):
    browser.run("document.querySelector(arguments[0]).focus()", frame_button(browser, 1))
    browser.keys(ENTER)
    browser.keys("\ue004")  # tab: the tree is the next stop, or the row's second number
    browser.run("document.querySelector('.detail [role=treeitem][tabindex=\"0\"]').focus()")
    assert browser.run("return [...document.querySelectorAll('.detail [role=treeitem]')]"
                       ".filter(l => l.tabIndex === 0).length") == 1
    steps = [
        ((), "ETHERNET: type IP", ["41 42 43 44 45 46 06 07 08 09 0a 0b 0c 0d", "ABCDEF........"]),
        ((DOWN,), "IP: to 10.0.0.2", None),
        ((UP,), "ETHERNET: type IP", None),
        ((RIGHT,), "ETHERNET: type IP", None),  # opens it
        ((RIGHT,), "Destination", ["41 42 43 44 45 46", "ABCDEF"]),
        ((DOWN, DOWN), "IP: to 10.0.0.2", None),
        ((RIGHT, RIGHT, DOWN), "Fragment = no", ["14", "."]),
        ((LEFT,), "Flags", None),
        ((LEFT, DOWN), "Protocol = 6 [error]", ["17", "."]),  # closed: what is in it is passed over
        ((LEFT, LEFT, LEFT), "IP: to 10.0.0.2", None),
        ((END,), "TCP", None),
        ((HOME,), "ETHERNET: type IP", None),
    ]
    for keys, focus, marked in steps:
        browser.keys(*keys)
        now = browser.run("const li = document.activeElement;"
                          "return [li.getAttribute('role'), li.getAttribute('aria-selected'),"
                          "li.querySelector('span').textContent.trim()]")
        assert now == ["treeitem", "true", focus], (keys, now)
        if marked:
            assert browser.run(MARKED) == marked, (focus, browser.run(MARKED))
    assert browser.run("return [...document.querySelectorAll('.detail [role=treeitem]')].every(l =>"
                       "document.getElementById(l.getAttribute('aria-labelledby')).parentElement === l)")
    leave(browser)


def a_frame_stays_below_its_event(browser, page):
    browser.click(frame_button(browser, 3))
    browser.click("#e%d thead th:nth-child(3) button" % frames(browser))
    browser.click("#e%d thead th:nth-child(3) button" % frames(browser))
    below = ("return document.querySelector('.detail').previousElementSibling === "
             "document.querySelector('#frame-button').closest('tr')")
    assert browser.run(below)
    search = "#e%d input" % frames(browser)
    browser.type(search, "nothing like it")
    assert browser.run("return document.querySelector('.detail').hidden")
    browser.run("const i = document.querySelector(arguments[0]); i.value = '';"
                "i.dispatchEvent(new Event('input'))", search)
    assert browser.run("return !document.querySelector('.detail').hidden") and browser.run(below)
    leave(browser)


def frames_that_are_not_there_say_how_to_see_them(browser, page):
    missing = browser.run("const c = document.querySelector('.frames').dataset.capture;"
                          "return [...document.querySelectorAll(arguments[0])].map(b => b.textContent)"
                          ".find(n => !document.getElementById('f' + c + '-' + n))",
                          "#e%d .fr" % frames(browser))
    browser.click(frame_button(browser, missing))
    said = browser.run("return document.querySelector('.detail').textContent")
    assert said == ("Frame %s is not in this page. To see it: netmon frames -V -x -r 'it'\\''s frames.pcap'"
                    " --frames=%s" % (missing, missing)), said
    leave(browser)


def frames_have_a_section_that_opens(browser, page):
    browser.run("document.querySelector('details.frame').open = true")
    browser.call("POST", "/execute/async", {"script": "setTimeout(arguments[0], 50)", "args": []})
    assert browser.run("const d = document.querySelector('details.frame');"
                       "return [d.querySelector('.tree').getAttribute('role'),"
                       "d.querySelector('.bytes').getAttribute('aria-label')]") == ["tree", "Bytes of frame 1"]
    assert browser.run("return window.pwned === undefined")
    assert browser.errors() == []


def charts_are_drawn_with_names_for_everybody(browser, page):
    assert browser.errors() == []  # of odd figures too
    charts = browser.run("return [...document.querySelectorAll('#charts svg')].map(s =>"
                         "[s.getAttribute('role'), s.getAttribute('aria-label'), s.querySelectorAll('rect').length])")
    assert ["img", "Charts: Over time", 6] in charts, charts
    assert ["img", "Charts: Senders", 4] in charts, charts
    words = browser.run("return [...document.querySelectorAll('#charts svg')].map(s =>"
                        "s.querySelector('title').textContent + '. ' + s.querySelector('desc').textContent)")
    assert ("Charts: Over time. Stacked bars. The highest, 90, is from 3 to 4 s. In all: TCP 120, UDP 60."
            in words), words
    assert ("Charts: Retransmissions over time. Stacked bars. The highest, 6, is from 3 to 4 s."
            " In all: Retransmissions 6, Fast 3." in words), words
    assert browser.run("return [...document.querySelectorAll('#charts figure')].every(f => document"
                       ".querySelector(f.querySelector('figcaption a').getAttribute('href')).tagName === 'TABLE')")


def nothing_is_fetched(browser, page):
    assert browser.run("return performance.getEntriesByType('resource').map(e => e.name)") == []


def become_wide(browser, width):
    """The browser takes a new width when it comes to it."""
    end = time.monotonic() + 20
    while browser.run("return innerWidth") != width:
        assert time.monotonic() < end, width
        time.sleep(0.02)


def no_text_is_wider_than_the_page(browser, page):
    before = browser.run("return innerWidth")
    for width in 1200, 360:
        browser.call("POST", "/goog/cdp/execute", {"cmd": "Emulation.setDeviceMetricsOverride", "params": {
            "width": width, "height": 800, "deviceScaleFactor": 1, "mobile": False}})
        become_wide(browser, width)
        assert browser.run("return document.documentElement.scrollWidth <= innerWidth"), width
    browser.call("POST", "/goog/cdp/execute", {"cmd": "Emulation.clearDeviceMetricsOverride", "params": {}})
    become_wide(browser, before)


def long_texts_are_folded(browser, page):
    assert browser.run("return [...document.querySelectorAll('.findings li')]"
                       ".every(l => l.getBoundingClientRect().height < 150)")
    folded = browser.run("const d = document.querySelector('td details.long');"
                         "const closed = d.getBoundingClientRect().height; d.open = true;"
                         "const open = d.getBoundingClientRect().height; d.open = false;"
                         "return [d.parentElement.textContent.length, closed < 200, open > 1000]")
    assert folded == [60000, True, True], folded


def wide_tables_scroll_and_squeeze_nothing(browser, page):
    height = browser.run("const wide = document.createElement('div'); wide.className = 'wide';"
                         "wide.innerHTML = '<table><tr>' + '<td>203.0.113.187:443'.repeat(40) + '</table>';"
                         "document.querySelector('main').append(wide);"
                         "const height = wide.querySelector('td').getBoundingClientRect().height;"
                         "wide.remove(); return height")
    assert height < 40, height  # one line


def luminance(colour):
    parts = [int(colour[i:i + 2], 16) / 255 for i in (0, 2, 4)]
    r, g, b = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(browser, text, back):
    """As WCAG 2 computes it, of two custom properties."""
    values = browser.run("const s = getComputedStyle(document.documentElement);"
                         "return arguments[0].map(n => s.getPropertyValue('--' + n).trim())", [text, back])
    a, b = sorted(luminance("".join(2 * c for c in v[1:]) if len(v) == 4 else v[1:]) for v in values)
    return (b + 0.05) / (a + 0.05)


def text_stands_out_in_light_and_dark(browser, page):
    pairs = [(t, b) for t in ("text", "soft", "link", "s1", "s2", "s3", "s4", "s5") for b in ("back", "panel")]
    for scheme in "light", "dark":
        browser.call("POST", "/goog/cdp/execute", {"cmd": "Emulation.setEmulatedMedia", "params": {
            "features": [{"name": "prefers-color-scheme", "value": scheme}]}})
        for text, back in pairs + [("text", "mark"), ("text", "line")]:
            assert contrast(browser, text, back) >= 4.5, (scheme, text, back)
        for n in range(9):
            assert contrast(browser, "c%d" % n, "back") >= 3, (scheme, n)


def controls_and_columns_have_names(browser, page):
    regions = browser.run("return [...document.querySelectorAll('[role=region], [role=search], table')]"
                          ".map(e => e.getAttribute('aria-label'))")
    assert regions and all(regions), regions
    assert browser.run("return [...document.querySelectorAll('.wide')].every(e => e.tabIndex === 0)")
    assert browser.run("return document.documentElement.lang") == "en"
    assert browser.run("return [...document.querySelectorAll('input, select')]"
                       ".every(e => e.getAttribute('aria-label'))")
    assert browser.run("return [...document.querySelectorAll('thead th')].every(e => e.scope === 'col')")
    assert browser.run("return document.querySelectorAll('main, nav, h1').length") == 3


def every_row_has_its_own_kind_and_severity(browser, page):
    rows = browser.run("return [...document.querySelectorAll('#e%d tbody tr')].map(r =>"
                       "[r.querySelectorAll('th').length, r.dataset.s || '0', r.cells[0].textContent,"
                       " r.cells.length <= r.closest('table').tHead.rows[0].cells.length])" % flood(browser))
    assert len(rows) == EVENTS, len(rows)
    assert {r[0] for r in rows} == {2}, {r[0] for r in rows}
    assert {tuple(r[1:3]) for r in rows} == {("0", "info"), ("1", "warning")}, {tuple(r[1:3]) for r in rows}
    assert all(r[3] for r in rows)
    assert browser.run("return document.querySelectorAll('[rowspan]').length") == 0
    assert browser.run("const t = document.querySelector('#e%d table'), i = [...t.tHead.rows[0].cells].findIndex("
                       "c => c.classList.contains('r')); return getComputedStyle(t.tBodies[0].rows[1].cells[i])"
                       ".textAlign" % flood(browser)) == "right"


def light_and_dark_differ(browser, page):
    backs = []
    for scheme in "light", "dark":
        browser.call("POST", "/goog/cdp/execute", {"cmd": "Emulation.setEmulatedMedia", "params": {
            "features": [{"name": "prefers-color-scheme", "value": scheme}]}})
        backs.append(browser.run("return getComputedStyle(document.body).backgroundColor"))
    assert backs[0] != backs[1], backs


def a_printed_page_has_all_rows_and_no_controls(browser, page):
    browser.open(page)
    browser.call("POST", "/goog/cdp/execute", {"cmd": "Emulation.setEmulatedMedia", "params": {"media": "print"}})
    assert browser.run("return [...document.querySelectorAll('.tools, .more, nav')]"
                       ".every(e => getComputedStyle(e).display === 'none')")
    assert shown(browser) == EVENTS, shown(browser)


def it_reads_without_scripts(browser, page):
    browser.call("POST", "/goog/cdp/execute", {
        "cmd": "Emulation.setScriptExecutionDisabled", "params": {"value": True}})
    browser.open(page)
    text = browser.call("POST", "/goog/cdp/execute", {
        "cmd": "DOM.getDocument", "params": {"depth": 1}})
    assert text["root"]["childNodeCount"] >= 1
    rows = browser.call("POST", "/goog/cdp/execute", {
        "cmd": "DOM.performSearch", "params": {"query": "tbody tr"}})
    assert rows["resultCount"] > EVENTS, rows
    leads = browser.call("POST", "/goog/cdp/execute", {
        "cmd": "DOM.performSearch", "params": {"query": "tbody th[rowspan]"}})
    assert leads["resultCount"] > 0, leads


def many_rows_can_be_sorted(browser, page):
    browser.call("POST", "/goog/cdp/execute", {
        "cmd": "Emulation.setScriptExecutionDisabled", "params": {"value": False}})
    browser.call("POST", "/goog/cdp/execute", {"cmd": "Emulation.setEmulatedMedia", "params": {"media": ""}})
    large = made(page, 150000)
    with open(large, encoding="utf-8") as f:
        text = f.read()
    with open(large, "w", encoding="utf-8") as f:  # unseen, as laying it out takes long
        f.write(re.sub("<meta http-equiv=Content-Security-Policy [^>]*>", "<style>main { display: none }</style>",
                       text, count=1))
    browser.open(large)
    for _ in range(2):
        browser.run("document.querySelector(arguments[0]).click()", heading(browser, "Frame"))
    assert first_cells(browser, "Frame", 1) == ["150000"], first_cells(browser, "Frame", 1)
    assert browser.errors() == []


def ten_thousand_events_take_a_megabyte(browser, page):
    more = os.path.getsize(made(page, 2 * EVENTS)) - os.path.getsize(page)
    assert more < 1000000, more


TESTS = [
    nothing_is_reported_by_the_browser,
    text_stays_text,
    the_policy_forbids_what_is_added,
    the_summary_stands_first_and_the_worst_first_in_it,
    a_finding_leads_to_its_events,
    tables_begin_short_and_can_be_shown_whole,
    headings_sort_by_number_both_ways,
    the_keyboard_sorts_too,
    searching_leaves_what_matches,
    severities_can_be_left_out,
    an_event_opens_to_its_frame,
    a_tree_is_walked_with_keys_and_marks_its_bytes,
    a_frame_stays_below_its_event,
    frames_that_are_not_there_say_how_to_see_them,
    frames_have_a_section_that_opens,
    charts_are_drawn_with_names_for_everybody,
    nothing_is_fetched,
    no_text_is_wider_than_the_page,
    long_texts_are_folded,
    wide_tables_scroll_and_squeeze_nothing,
    text_stands_out_in_light_and_dark,
    controls_and_columns_have_names,
    every_row_has_its_own_kind_and_severity,
    light_and_dark_differ,
    a_printed_page_has_all_rows_and_no_controls,
    it_reads_without_scripts,
    many_rows_can_be_sorted,
    ten_thousand_events_take_a_megabyte,
]


def main():
    if not shutil.which("chromedriver") or not shutil.which("chromium"):
        print("1..0 # SKIP no chromium, or no chromedriver")
        return
    with tempfile.TemporaryDirectory() as folder:
        page = os.path.join(folder, "page.html")
        subprocess.run([sys.argv[1], page, str(EVENTS)], check=True)
        browser = Browser(folder)
        try:
            browser.open(page)
            print("1..%d" % len(TESTS))
            for i, test in enumerate(TESTS):
                name = test.__name__.replace("_", " ")
                try:
                    test(browser, page)
                    print("ok %d - %s" % (i + 1, name))
                except (AssertionError, RuntimeError) as e:
                    print("not ok %d - %s" % (i + 1, name))
                    print("# " + (str(e) or repr(e)).replace("\n", "\n# "))
                sys.stdout.flush()
        finally:
            browser.close()
            time.sleep(0.2)  # it writes to its profile to the last


main()
