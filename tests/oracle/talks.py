#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""talks.py -- the conversations that Top Users lists beside those of tshark. Prints TAP.

Of every capture in dev/ each pair of IPv4 and of IPv6 addresses has the same number of frames
in each direction. Captures are in ../shared beside the source tree or in $NMAPI_SHARED;
without them, or without a tshark of the release that the exceptions were made with, all is
skipped.
"""
import json
import os
import re
import shutil
import subprocess
import sys

RELEASE = "4.0."  # of tshark
NETMON = os.path.join(os.environ.get("NMAPI_BUILD", "build"), "src/cli/netmon")
SOURCE = os.environ.get("NMAPI_SOURCE", ".")
SHARED = os.environ.get("NMAPI_SHARED", os.path.join(SOURCE, "../shared"))
DEV = os.path.join(SHARED, "captures/dev")
ROW = re.compile(r"^(\S+)\s+<->\s+(\S+)\s+(\d+) .*?(?: bytes| [kMG]B)\s+(\d+) ")

# Captures in which they differ, and why.
FRAGMENTS = "tshark leaves IPv6 fragments but the last of a packet out"
EXCEPTIONS = {
    "ms-MS-CCROD_Example1.cap": FRAGMENTS,
    "zeek-ipv6-fragmented-dns.pcap": FRAGMENTS,
}


def skip(why):
    print("1..0 # SKIP", why)
    sys.exit(0)


def run(argv):
    return subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False, timeout=300)


def add(talks, a, b, forth, back):
    """Frames from the lesser address and to it."""
    if a > b:
        a, b, forth, back = b, a, back, forth
    if a == b:  # tshark counts in either column
        forth, back = forth + back, 0
    old = talks.get((a, b), (0, 0))
    talks[a, b] = (old[0] + forth, old[1] + back)


def tshark_talks(path):
    talks = {}
    done = run(["tshark", "-n", "-q", "-r", path, "-z", "conv,ip", "-z", "conv,ipv6"])
    for line in done.stdout.decode().splitlines():
        row = ROW.match(line)
        if row:
            add(talks, row[1], row[2], int(row[4]), int(row[3]))
    return talks


def our_talks(path):
    talks = {}
    done = run([NETMON, "run", "-q", "-T", "json", "-e", "topuser:top=0", path])
    for line in done.stdout.decode().splitlines():
        event = json.loads(line).get("expert", {})
        if event.get("ident") in (6, 7):
            c = {column["name"]: column["value"] for column in event["columns"]}
            add(talks, c["Address A"], c["Address B"], c["Frames A to B"], c["Frames B to A"])
    return talks


def captures():
    found = []
    for folder, _, files in os.walk(DEV):
        if os.path.basename(folder) != "malformed":
            found += [os.path.join(folder, name) for name in files if not name.endswith(".tsv")]
    return sorted(found)


def main():
    if not os.path.isdir(DEV):
        skip("no captures in " + DEV)
    if not shutil.which("tshark"):
        skip("no tshark")
    version = run(["tshark", "--version"]).stdout.decode().split()[2]
    if not version.startswith(RELEASE):
        skip("tshark is %s, the exceptions are for %s" % (version, RELEASE))
    paths = captures()
    print("1..%d" % (len(paths) + 1))
    pairs = 0
    for i, path in enumerate(paths):
        name = os.path.basename(path)
        theirs, ours = tshark_talks(path), our_talks(path)
        pairs += len(theirs)
        differ = [key for key in theirs.keys() | ours.keys() if theirs.get(key) != ours.get(key)]
        reason = EXCEPTIONS.get(name)
        ok = not differ if reason is None else bool(differ)
        print("%s %d - %s: %d pairs%s" % ("ok" if ok else "not ok", i + 1, name, len(theirs),
                                          " but for: " + reason if reason else ""))
        if not ok:
            for key in sorted(differ)[:5]:
                print("# %s %s: tshark %s, ours %s" % (*key, theirs.get(key), ours.get(key)))
    print("%s %d - there were pairs to compare: %d" % ("ok" if pairs else "not ok", len(paths) + 1, pairs))


main()
