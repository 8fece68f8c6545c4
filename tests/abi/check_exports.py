#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""check_exports.py LIBRARY: its dynamic symbols are those of src/api/functions.tsv, and no more. TAP."""
import os
import subprocess
import sys

from abi_facts import ROOT, Tap, apitable


def main(argv):
    p = subprocess.run(["nm", "-D", "--defined-only", argv[0]], capture_output=True, text=True, check=True)
    found = {}
    for line in p.stdout.splitlines():
        kind, name = line.split()[-2:]
        if kind != "A":  # the version's own name
            found[name.split("@")[0]] = kind
    rows = [r for r in apitable.functions(os.path.join(ROOT, "src", "api", "functions.tsv")).values()
            if r.kind in ("export", "data", "private")]
    tap = Tap()
    for group in sorted({r.group for r in rows}):
        lost = [apitable.symbol(r) for r in rows if r.group == group and apitable.symbol(r) not in found]
        tap.row(not lost, f"every function of the group is exported: {group}", lost)
    odd = sorted(set(found) - {apitable.symbol(r) for r in rows})
    tap.row(not odd, "nothing else is exported", odd)
    wrong = [r.name for r in rows if r.kind == "export" and found.get(apitable.symbol(r), "T") not in "TWi"]
    wrong += [r.name for r in rows if r.kind == "data" and found.get(r.name, "D") not in "DRBV"]
    tap.row(not wrong, "functions are code and data is data", wrong)
    return tap.end()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
