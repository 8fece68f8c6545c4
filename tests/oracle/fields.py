#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""fields.py -- values of fields beside tshark's, over the shared captures. Prints TAP.

Every second name of a property that both programs know is compared on every frame of
every capture in dev/; of what has no value for tshark (FT_NONE), how often it is there.
Captures are in ../shared beside the source tree or in $NMAPI_SHARED; without them all is
skipped. What differs for a reason is a row of fields.tsv: fields and captures (patterns),
frames of a capture that differ at the most, why.

fields.sums keeps what tshark said: for each capture and field the frames in which both
programs have a value, and a checksum of these values; behind it the frames that differ.
Where there is no tshark of the release that it was made with, our values are held to
that. "fields.py --write" makes it anew.
"""
import fnmatch
import json
import os
import re
import shutil
import subprocess
import sys
import zlib

KEY = "frame.number"
LEAST = 100  # fields that have to be compared
RELEASE = "4.0."  # of tshark
AT_ONCE = 250  # fields of one command
NETMON = os.path.join(os.environ.get("NMAPI_BUILD", "build"), "src/cli/netmon")
SOURCE = os.environ.get("NMAPI_SOURCE", ".")
SHARED = os.environ.get("NMAPI_SHARED", os.path.join(SOURCE, "../shared"))
DEV = os.path.join(SHARED, "captures/dev")
HERE = os.path.dirname(os.path.abspath(__file__))
TABLE = os.path.join(HERE, "fields.tsv")
SUMS = os.path.join(HERE, "fields.sums")
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


TIME = re.compile(r"([a-z]{3}) +(\d+), (\d{4}) ([0-9:]{8})\.(\d{3})\d* utc$")
MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()


def date_of(m):
    """As we show it, to the millisecond."""
    return f"{m.group(3)}-{MONTHS.index(m.group(1)) + 1:02}-{int(m.group(2)):02}t{m.group(4)}.{m.group(5)}z"


def normal(value, kind):
    """One spelling for numbers, truth values, bytes, GUIDs and times."""
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
    if kind == "FT_ABSOLUTE_TIME" and TIME.match(v):
        return date_of(TIME.match(v))
    if kind == "FT_ABSOLUTE_TIME" and v == "null":  # a time of 0
        return "0000-00-00t00:00:00.000z"
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


class Field:
    """What was found of a field: frames that have it, and by capture those that differ and the sum of the others."""

    def __init__(self, kind):
        self.kind, self.seen, self.bad, self.sums = kind, 0, {}, {}

    def add(self, capture, number, value):
        """A value that holds; none is nothing."""
        v = values(value, self.kind)
        if v:
            n, crc = self.sums.get(capture, (0, 0))
            self.sums[capture] = n + 1, zlib.crc32(f"{number}={v}\n".encode(), crc)

    def compare(self, capture, number, mine, theirs):
        if not mine and not theirs:
            return
        self.seen += 1
        if values(mine, self.kind) != values(theirs, self.kind):
            self.bad.setdefault(capture, []).append((int(number), mine, theirs))
        else:
            self.add(capture, number, mine)


def compare(path, fields, result):
    ours = rows([NETMON, "frames"], path, fields)
    theirs = rows(["tshark", "-n"] + [w for o in PLAIN for w in ("-o", o)], path, fields)
    none = [""] * len(fields)
    for number in sorted(ours.keys() | theirs.keys(), key=int):
        for field, a, b in zip(fields, ours.get(number, none), theirs.get(number, none)):
            result[field].compare(os.path.basename(path), number, a, b)


def exceptions():
    """The rows of the table."""
    table = []
    with open(TABLE, encoding="utf-8") as f:
        for line in f:
            if line.strip() and not line.startswith("#"):
                field, capture, most, why = line.rstrip("\n").split("\t")
                table.append({"field": field, "capture": capture, "most": int(most), "why": why, "used": False})
    return table


def excused(table, field, capture, n):
    for e in table:
        fits = any(fnmatch.fnmatch(field, f) for f in e["field"].split("|"))
        fits &= any(fnmatch.fnmatch(capture, c) for c in e["capture"].split("|"))
        if fits and n <= e["most"]:
            e["used"] = True
            return True
    return False


def judge(name, field, table):
    """Lines about what nothing excuses."""
    lines = []
    for capture, bad in sorted(field.bad.items()):
        if not excused(table, name, capture, len(bad)):
            lines.append(f"{capture}: {len(bad)} frames, as {bad[0][0]}: {bad[0][1]!r}, tshark {bad[0][2]!r}")
    return lines


# ---- what tshark said, kept -----------------------------------------------------------------


def ranges(numbers):
    """Of frames: "1-3,7"; none: "-"."""
    parts = []
    for n in numbers:
        if parts and parts[-1][1] == n - 1:
            parts[-1][1] = n
        else:
            parts.append([n, n])
    return ",".join(str(a) if a == b else f"{a}-{b}" for a, b in parts) or "-"


def numbers_of(text):
    pairs = [p.split("-") for p in text.split(",")] if text != "-" else []
    return {n for p in pairs for n in range(int(p[0]), int(p[-1]) + 1)}


def sums_of(result):
    """The lines of fields.sums."""
    lines = {}
    for name, field in result.items():
        for capture in field.sums.keys() | field.bad.keys():
            n, crc = field.sums.get(capture, (0, 0))
            frames = ranges(b[0] for b in field.bad.get(capture, []))
            lines.setdefault(capture, []).append(f"{name}\t{field.kind[3:]}\t{n}\t{crc:08x}\t{frames}")
    return [line for c in sorted(lines) for line in ["= " + c] + sorted(lines[c])]


def kept():
    """By capture: rows of field, type, frames, sum, frames that differ."""
    by_capture, here = {}, None
    with open(SUMS, encoding="utf-8") as f:
        for line in f.read().splitlines():
            if line.startswith("= "):
                here = by_capture.setdefault(line[2:], [])
            elif not line.startswith("#"):
                here.append(line.split("\t"))
    return by_capture


def write(result):
    with open(SUMS, "w", encoding="utf-8") as f:
        f.write("# SPDX-License-Identifier: MIT\n# Written by fields.py --write; see there.\n")
        f.writelines(line + "\n" for line in sums_of(result))


def is_fresh(result):
    with open(SUMS, encoding="utf-8") as f:
        return [line for line in f.read().splitlines() if not line.startswith("#")] == sums_of(result)


# ---- the two ways ----------------------------------------------------------------------------


def captures():
    return sorted(f for f in os.listdir(DEV) if f.rsplit(".", 1)[-1] in ("cap", "pcap", "pcapng"))


def beside_tshark():
    ours, kinds = our_fields(), their_fields()
    fields = sorted((ours.keys() & kinds.keys()) - {KEY})
    result = {f: Field(kinds[f]) for f in fields}
    for c in captures():
        path = os.path.join(DEV, c)
        there = protocols_in(path)
        some = [f for f in fields if ours[f] & there]
        for at in range(0, len(some), AT_ONCE):
            compare(path, some[at:at + AT_ONCE], result)
    return {f: r for f, r in result.items() if r.seen}


def hold_to_tshark(result):
    """Whether all of it holds."""
    table, held = exceptions(), True
    print(f"1..{len(result) + 2}")
    for i, (name, field) in enumerate(result.items(), 1):
        lines = judge(name, field, table)
        print(f"{'not ok' if lines else 'ok'} {i} - {name} ({field.seen} frames)")
        for line in lines[:5]:
            print("#", line)
        held &= not lines
    enough, fresh = len(result) >= LEAST, is_fresh(result)
    print(f"{'ok' if enough else 'not ok'} {len(result) + 1} - {len(result)} fields were compared")
    print(f"{'ok' if fresh else 'not ok'} {len(result) + 2} - fields.sums is what they are (--write)")
    for e in table:
        if not e["used"]:
            print("# nothing needs", e["field"], e["capture"], e["why"])
    return held and enough and fresh


def sums_that_differ(capture, lines):
    """Names of fields whose values are not what was kept."""
    names, bad = [line[0] for line in lines], []
    table = {}
    for at in range(0, len(names), AT_ONCE):
        some = names[at:at + AT_ONCE]
        for number, cells in rows([NETMON, "frames"], os.path.join(DEV, capture), some).items():
            table.setdefault(number, []).extend(cells)
    for i, (name, kind, n, crc, frames) in enumerate(lines):
        field, differ = Field("FT_" + kind), numbers_of(frames)
        for number, cells in table.items():
            if int(number) not in differ:
                field.add(capture, number, cells[i])
        if field.sums.get(capture, (0, 0)) != (int(n), int(crc, 16)):
            bad.append(name)
    return bad


def hold_to_sums():
    """Whether all of it holds."""
    sums, held = kept(), True
    there = [c for c in captures() if c in sums]
    n = len({line[0] for c in there for line in sums[c]})
    print(f"1..{len(there) + 1}")
    for i, c in enumerate(there, 1):
        bad = sums_that_differ(c, sums[c])
        print(f"{'not ok' if bad else 'ok'} {i} - {c}: {len(sums[c])} fields are what tshark said")
        if bad:
            print("# not", " ".join(bad[:20]))
        held &= not bad
    print(f"{'ok' if n >= LEAST else 'not ok'} {len(there) + 1} - {n} fields were compared")
    return held and n >= LEAST


def has_tshark():
    return shutil.which("tshark") and f"TShark (Wireshark) {RELEASE}" in output(["tshark", "--version"])


def main():
    if not os.path.isdir(DEV):
        skip("no shared captures")
    if not has_tshark():
        print(f"# no tshark {RELEASE}x: values are held to what one said")
        sys.exit(not hold_to_sums())
    result = beside_tshark()
    if "--write" in sys.argv[1:]:
        write(result)
    sys.exit(not hold_to_tshark(result))


if __name__ == "__main__":
    main()
