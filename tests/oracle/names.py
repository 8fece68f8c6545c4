#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""names.py -- every header field that tshark shows is known, or left out for a reason. Prints TAP.

names.seen keeps which fields tshark 4.0 shows of the shared captures in dev/, of protocols
of which a parser knows a field. Each of them has to be a second name of a property of the shipped parsers, or a row of
names.tsv: fields (patterns, | between them), why they are left out. That needs neither
tshark nor captures. Where both are there, names.seen is compared with what tshark shows;
"names.py --write" makes it anew. Whether the values agree is fields.py's matter.

"names.py --where NAME..."
tells a capture and a frame that show the fields so named (patterns).
"""
import fnmatch
import os
import re
import subprocess
import sys

import fields

TABLE = os.path.join(fields.HERE, "names.tsv")
SEEN = os.path.join(fields.HERE, "names.seen")
LEAST = 800  # fields that have to be held
# Protocols that are told of and not held yet: their fields are not all there.
OPEN = ("cdp", "ipx", "stp")

FIELD = re.compile(r'\s*<field name="([^"]+)"')


def names_in(path):
    """Names of the fields that tshark shows of a capture, each with the first frame that has it."""
    argv = ["tshark", "-n"] + [w for o in fields.PLAIN for w in ("-o", o)] + ["-r", path, "-T", "pdml"]
    seen, frame = {}, 0
    with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as p:
        for line in p.stdout:
            if line.startswith(b"<packet>"):
                frame += 1
                continue
            m = FIELD.match(line[:200].decode("utf-8", "replace"))
            if m:
                seen.setdefault(m.group(1), frame)
    return seen


def their_protocols():
    """Names of fields, each with its protocol."""
    lines = (line.split("\t") for line in fields.output(["tshark", "-G", "fields"]).splitlines())
    return {f[2]: f[4] for f in lines if f[0] == "F"}


def seen_by_tshark(ours):
    """By protocol, the names of what tshark shows of all captures; of ours."""
    of, by_protocol = their_protocols(), {}
    for c in fields.captures():
        for name in names_in(os.path.join(fields.DEV, c)):
            if name in of:
                by_protocol.setdefault(of[name], set()).add(name)
    return {p: names for p, names in by_protocol.items() if names & ours}


def lines_of(by_protocol):
    """The lines of names.seen."""
    return [line for p in sorted(by_protocol) for line in ["= " + p] + sorted(by_protocol[p])]


def kept():
    with open(SEEN, encoding="utf-8") as f:
        return [line for line in f.read().splitlines() if not line.startswith("#")]


def by_protocol_of(lines):
    by_protocol, here = {}, None
    for line in lines:
        if line.startswith("= "):
            here = by_protocol.setdefault(line[2:], set())
        else:
            here.add(line)
    return by_protocol


def write(by_protocol):
    with open(SEEN, "w", encoding="utf-8") as f:
        f.write("# SPDX-License-Identifier: MIT\n# Written by names.py --write; see there.\n")
        f.writelines(line + "\n" for line in lines_of(by_protocol))


def left_out():
    """The rows of the table: patterns, why."""
    rows = []
    with open(TABLE, encoding="utf-8") as f:
        for line in f:
            if line.strip() and not line.startswith("#"):
                patterns, why = line.rstrip("\n").split("\t")
                rows.append({"patterns": patterns.split("|"), "why": why, "used": False})
    return rows


def is_left_out(rows, name):
    """Whether a row says so."""
    for row in rows:
        if any(fnmatch.fnmatchcase(name, p) for p in row["patterns"]):
            row["used"] = True
            return True
    return False


def hold(by_protocol, ours):
    """Whether every field of our protocols is known or left out for a reason."""
    rows, held, n = left_out(), True, 0
    print(f"1..{len(by_protocol) + 2}")
    for i, protocol in enumerate(sorted(by_protocol), 1):
        missing = sorted(name for name in by_protocol[protocol] - ours if not is_left_out(rows, name))
        opened = protocol in OPEN
        bad = missing and not opened
        held &= not bad
        n += 0 if opened else len(by_protocol[protocol])
        print(f"{'not ok' if bad else 'ok'} {i} - {protocol}: {len(by_protocol[protocol])} fields")
        if missing:
            print(f"# not known yet: {len(missing)}:" if opened else "# neither known nor left out:", " ".join(missing))
    print(f"{'ok' if n >= LEAST else 'not ok'} {len(by_protocol) + 1} - {n} fields are held")
    unused = [r for r in rows if not r["used"]]
    print(f"{'not ok' if unused else 'ok'} {len(by_protocol) + 2} - names.tsv leaves out what there is, and is not known")
    for r in unused:
        print("# nothing needs", "|".join(r["patterns"]), "-", r["why"])
    return held and n >= LEAST and not unused


def tell_where(patterns):
    of = their_protocols()
    for c in fields.captures():
        for name, frame in sorted(names_in(os.path.join(fields.DEV, c)).items()):
            if name in of and any(fnmatch.fnmatchcase(name, p) for p in patterns):
                print(name, c, frame, sep="\t")


def main():
    with_tshark = os.path.isdir(fields.DEV) and fields.has_tshark()
    if sys.argv[1:2] == ["--where"]:
        tell_where(sys.argv[2:])
        return
    fresh, ours = True, set(fields.our_fields())
    if with_tshark:
        by_protocol = seen_by_tshark(ours)
        if "--write" in sys.argv[1:]:
            write(by_protocol)
        fresh = lines_of(by_protocol) == kept()
    held = hold(by_protocol_of(kept()), ours)
    if not with_tshark:
        print("# no shared captures, or no tshark", fields.RELEASE + "x: names.seen is taken for what it shows")
    elif not fresh:
        print("# names.seen is not what tshark shows (--write)")
    sys.exit(not (held and fresh))


if __name__ == "__main__":
    main()
