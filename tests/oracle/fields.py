#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""fields.py -- values of fields beside tshark's, over the shared captures. Prints TAP.

Every second name of a property that both programs know is compared on every frame of
every capture in dev/; of what has no value for tshark (FT_NONE), how often it is there. Captures are in ../shared beside the source tree or in
$NMAPI_SHARED; without them, or without a tshark of the release that the table was made
with, all is skipped. What differs for a reason is a row of fields.tsv: fields and captures
(patterns), frames of a capture that differ at the most, why. Lines with @ name the fields
that are held to that; of others differences are only told.
"""
import fnmatch
import json
import os
import re
import shutil
import subprocess
import sys

KEY = "frame.number"
LEAST = 100  # fields that have to be compared
RELEASE = "4.0."  # of tshark
AT_ONCE = 250  # fields of one command
NETMON = os.path.join(os.environ.get("NMAPI_BUILD", "build"), "src/cli/netmon")
SOURCE = os.environ.get("NMAPI_SOURCE", ".")
SHARED = os.environ.get("NMAPI_SHARED", os.path.join(SOURCE, "../shared"))
DEV = os.path.join(SHARED, "captures/dev")
TABLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "fields.tsv")
# What tshark makes out of several frames is nobody's field.
PLAIN = ["tcp.desegment_tcp_streams:FALSE", "tcp.relative_sequence_numbers:FALSE", "ip.defragment:FALSE",
         "ipv6.defragment:FALSE", "tcp.analyze_sequence_numbers:FALSE", "tcp.calculate_timestamps:FALSE"]


def skip(why):
    print("1..0 # SKIP", why)
    sys.exit(0)


def output(argv):
    return subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False).stdout.decode(
        "utf-8", "replace")


def our_fields():
    """Names of properties, each with the second names of its protocols."""
    names = {}
    for line in output([NETMON, "protocols", "-T", "json"]).splitlines():
        protocol = json.loads(line)
        for prop in protocol["properties"]:
            for n in prop["names"]:
                names.setdefault(n["name"], set()).update(protocol["names"])
    return names


def protocols_in(path):
    seen = {"frame"}
    for line in set(output([NETMON, "frames", "-e", "frame.protocols", path]).splitlines()):
        seen.update(line.split(":"))
    return seen


def their_fields():
    """Names and types."""
    lines = (line.split("\t") for line in output(["tshark", "-G", "fields"]).splitlines())
    return {f[2]: f[3] for f in lines if f[0] == "F"}


NUMBER = re.compile(r"-?(0x[0-9a-f]{1,16}|[1-9][0-9]{0,19}|0)$")
PAIRS = re.compile(r"([0-9a-f]{2}:)*[0-9a-f]{2}$")


GUID = re.compile(r"([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{12})$")


def bytes_of_guid(m):
    """As they stand in the frame: the first three numbers little-endian."""
    first = [bytes.fromhex(m.group(i))[::-1].hex() for i in (1, 2, 3)]
    return "".join(first) + m.group(4) + m.group(5)


def normal(value, kind):
    """One spelling for numbers, truth values, bytes and GUIDs."""
    v = value.lower().replace("\\x0d", "\\r").replace("\\x0a", "\\n").replace("\\x09", "\\t").strip()
    if v == "<missing>":  # no bytes
        return ""
    if v in ("true", "false"):
        return str(int(v == "true"))
    if NUMBER.match(v):
        n = int(v, 0)
        if kind == "FT_BOOLEAN":
            n = int(n != 0)
        return str(n % 2**32 if kind == "FT_INT32" else n)
    if GUID.match(v):
        return bytes_of_guid(GUID.match(v))
    if PAIRS.match(v):
        return v.replace(":", "")
    return v


def values(cell, kind):
    if kind == "FT_NONE":
        return len(cell.split("|")) if cell else 0
    all_of = [normal(v, kind) for v in cell.split("|")]
    return all_of if any(all_of) or len(all_of) > 1 else []


def rows(argv, path, fields):
    argv = argv + ["-r", path, "-T", "fields", "-E", "separator=/t", "-E", "aggregator=|", "-E", "occurrence=a"]
    for f in [KEY] + fields:
        argv += ["-e", f]
    table = {}
    for line in output(argv).split("\n"):
        cells = line.split("\t")
        if len(cells) == len(fields) + 1:
            table[cells[0]] = cells[1:]
    return table


def compare(path, fields, kinds, result):
    ours = rows([NETMON, "frames"], path, fields)
    theirs = rows(["tshark", "-n"] + [w for o in PLAIN for w in ("-o", o)], path, fields)
    for number, cells in theirs.items():
        mine = ours.get(number, [""] * len(fields))
        for field, a, b in zip(fields, mine, cells):
            if not a and not b:
                continue
            r = result[field]
            r["seen"] += 1
            if values(a, kinds[field]) != values(b, kinds[field]):
                name = os.path.basename(path)
                r["bad"].setdefault(name, []).append((number, a, b))


def exceptions():
    """The rows of the table, and the patterns of fields that are held to it."""
    table, held = [], []
    with open(TABLE, encoding="utf-8") as f:
        for line in f:
            if line.startswith("@"):
                held += line[1:].split()
            elif line.strip() and not line.startswith("#"):
                field, capture, most, why = line.rstrip("\n").split("\t")
                table.append({"field": field, "capture": capture, "most": int(most), "why": why, "used": False})
    return table, held


def excused(table, field, capture, n):
    for e in table:
        fits = any(fnmatch.fnmatch(field, f) for f in e["field"].split("|"))
        fits &= any(fnmatch.fnmatch(capture, c) for c in e["capture"].split("|"))
        if fits and n <= e["most"]:
            e["used"] = True
            return True
    return False


def judge(field, r, table):
    """Lines about what nothing excuses."""
    lines = []
    for capture, bad in sorted(r["bad"].items()):
        if not excused(table, field, capture, len(bad)):
            lines.append(f"{capture}: {len(bad)} frames, as {bad[0][0]}: {bad[0][1]!r}, tshark {bad[0][2]!r}")
    return lines


def main():
    if not os.path.isdir(DEV):
        skip("no shared captures")
    if not shutil.which("tshark"):
        skip("no tshark")
    if f"TShark (Wireshark) {RELEASE}" not in output(["tshark", "--version"]):
        skip(f"tshark is not {RELEASE}x")
    ours, kinds = our_fields(), their_fields()
    fields = sorted((ours.keys() & kinds.keys()) - {KEY})
    captures = sorted(f for f in os.listdir(DEV) if f.rsplit(".", 1)[-1] in ("cap", "pcap", "pcapng"))
    result = {f: {"seen": 0, "bad": {}} for f in fields}
    for c in captures:
        path = os.path.join(DEV, c)
        there = protocols_in(path)
        some = [f for f in fields if ours[f] & there]
        for at in range(0, len(some), AT_ONCE):
            compare(path, some[at:at + AT_ONCE], kinds, result)
    seen = [f for f in fields if result[f]["seen"]]
    table, held = exceptions()
    print(f"1..{len(seen) + 1}")
    failed = False
    for i, f in enumerate(seen, 1):
        lines = judge(f, result[f], table)
        bad = bool(lines) and any(fnmatch.fnmatch(f, h) for h in held)
        print(f"{'not ok' if bad else 'ok'} {i} - {f} ({result[f]['seen']} frames)")
        for line in lines[:5]:
            print("#" if bad else "# not held to it:", line)
        failed |= bad
    print(f"{'ok' if len(seen) >= LEAST else 'not ok'} {len(seen) + 1} - {len(seen)} fields were compared")
    for e in table:
        if not e["used"]:
            print("# nothing needs", e["field"], e["capture"], e["why"])
    sys.exit(failed or len(seen) < LEAST)


if __name__ == "__main__":
    main()
