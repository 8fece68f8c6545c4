#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""same_facts JSON CSV DB -- hold three reports of one run against one another.

Every event of the JSON report must be in the table and in the database, in the same order and
with the same values; every end of an expert and every capture likewise. Prints what differs.
"""
import csv
import json
import sqlite3
import sys

BY_TEXT = {"yesno": ("No", "Yes"), "onoff": ("Off", "On"), "truefalse": ("False", "True")}


def plain(value):
    """Text as a person's report has it is not compared letter by letter: what is escaped
    or replaced there differs."""
    return isinstance(value, str) and value.isascii() and value.isprintable()


class Differences:
    def __init__(self):
        self.n = 0
        self.compared = 0

    def same(self, what, *values):
        self.compared += 1
        if any(v != values[0] for v in values[1:]):
            self.n += 1
            print(f"{what}: {values}")


def read_json(path):
    with open(path, encoding="utf-8") as f:
        return [json.loads(line) for line in f]


def read_csv(path):
    with open(path, encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f))


def text_of(value):
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


def column_names(columns):
    seen = {}
    for c in columns:
        nth = seen[c["name"]] = seen.get(c["name"], -1) + 1
        yield c["name"] + (f" ({nth + 1})" if nth else ""), nth


def compare_event(d, event, row, db_row, db_columns):
    e = event["expert"]
    what = f"event {db_row['id']}"
    d.same(what + " ident", e["ident"], int(row["ident"]), db_row["ident"])
    d.same(what + " severity", e["severity_num"], db_row["severity_num"])
    d.same(what + " word", e.get("severity"), db_row["severity"])
    d.same(what + " flags", e["flags"], db_row["flags"])
    d.same(what + " time", event.get("timestamp"), db_row["timestamp"])
    d.same(what + " offset", e.get("offset_ms"), db_row["offset_ms"])
    d.same(what + " frame", event.get("pcap_cnt"), db_row["frame"])
    for key in ("title", "description", "source", "machine", "justification"):
        d.same(f"{what} {key}", e.get(key), text_of(db_row[key]))
    if plain(e.get("title", "")):
        d.same(what + " title", e.get("title", ""), row["event"].removeprefix("'"))
    d.same(what + " columns", len(e["columns"]), len(db_columns))
    for c, (name, nth), b in zip(e["columns"], column_names(e["columns"]), db_columns):
        value = c["value"]
        d.same(f"{what} {name}", (c["name"], nth, c["type"]), (text_of(b["name"]), b["nth"], b["type"]))
        d.same(f"{what} {name}", int(value) if isinstance(value, bool) else value, text_of(b["value"]))
        if c["type"] in BY_TEXT:
            d.same(f"{what} {name}", BY_TEXT[c["type"]][value], row[name])
        elif isinstance(value, int):
            d.same(f"{what} {name}", str(value), row[name])
        elif c["type"] == "string" and plain(value):
            d.same(f"{what} {name}", value, row[name].removeprefix("'"))


def main():
    lines, rows = read_json(sys.argv[1]), read_csv(sys.argv[2])
    db = sqlite3.connect(sys.argv[3])
    db.row_factory = sqlite3.Row
    d = Differences()
    events = [x for x in lines if x["event_type"] == "expert"]
    table = [x for x in rows if x["record"] == "event"]
    stored = list(db.execute("SELECT * FROM events ORDER BY id"))
    d.same("number of events", len(events), len(table), len(stored))
    for event, row, db_row in zip(events, table, stored):
        columns = db.execute("SELECT * FROM columns WHERE event = ? ORDER BY position", (db_row["id"],))
        compare_event(d, event, row, db_row, list(columns))
    ends = [x["expert"] for x in lines if x["event_type"] == "expert_end"]
    ends_table = [x for x in rows if x["record"] == "expert_end"]
    ends_stored = list(db.execute("SELECT * FROM ends ORDER BY expert"))
    d.same("number of ends", len(ends), len(ends_table), len(ends_stored))
    for end, row, db_row in zip(ends, ends_table, ends_stored):
        d.same("verdict", end["verdict"], row["event"], db_row["verdict"])
        for key in ("frames_seen", "frames_total", "events", "events_dropped"):
            d.same(key, end[key], int(row[key]), db_row[key])
        for key in ("coverage_percent", "signal", "at_frame", "wall_ms", "peak_kib", "heap_allocs"):
            d.same(key, end.get(key), db_row[key])
    captures = [x["capture"] for x in lines if x["event_type"] == "capture"]
    for c, db_row in zip(captures, db.execute("SELECT * FROM captures ORDER BY id"), strict=True):
        for key in ("frames", "file_bytes", "wire_bytes", "earliest", "latest", "duration_s", "format"):
            d.same(key, c.get(key), db_row[key])
    run = [x["run"] for x in lines if x["event_type"] == "run_end"][0]
    stored_run = db.execute("SELECT * FROM run").fetchone()
    for key in stored_run.keys():
        v = run.get(key)
        d.same(key, int(v) if isinstance(v, bool) else v, stored_run[key])
    for (view, n) in db.execute("SELECT view, events FROM kinds").fetchall():
        rows_of = db.execute(f'SELECT * FROM "{view}"').fetchall()
        d.same("rows of " + view, n, len(rows_of))
    d.same("integrity", "ok", db.execute("PRAGMA integrity_check").fetchone()[0])
    print(f"{d.compared} values compared, {d.n} differ")
    return d.n != 0 or d.compared < 20


if __name__ == "__main__":
    sys.exit(main())
