#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""test_page.py MAKE_PAGE -- the html report in a headless browser, as TAP.

Speaks WebDriver to chromedriver on loopback; skipped where that is not installed.
"""
import json
import os
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


def charts_are_drawn_with_names_for_everybody(browser, page):
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


def controls_and_columns_have_names(browser, page):
    assert browser.run("return document.documentElement.lang") == "en"
    assert browser.run("return [...document.querySelectorAll('input, select')]"
                       ".every(e => e.getAttribute('aria-label'))")
    assert browser.run("return [...document.querySelectorAll('th')].every(e => e.scope === 'col')")
    assert browser.run("return document.querySelectorAll('main, nav, h1').length") == 3


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


def ten_thousand_events_take_a_megabyte(browser, page):
    more = os.path.getsize(made(page, 2 * EVENTS)) - os.path.getsize(page)
    assert more < 1000000, more


TESTS = [
    nothing_is_reported_by_the_browser,
    text_stays_text,
    the_policy_forbids_what_is_added,
    the_summary_stands_first_and_the_worst_first_in_it,
    tables_begin_short_and_can_be_shown_whole,
    headings_sort_by_number_both_ways,
    the_keyboard_sorts_too,
    searching_leaves_what_matches,
    severities_can_be_left_out,
    charts_are_drawn_with_names_for_everybody,
    controls_and_columns_have_names,
    light_and_dark_differ,
    a_printed_page_has_all_rows_and_no_controls,
    it_reads_without_scripts,
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
