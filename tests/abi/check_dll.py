#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""check_dll.py NMAPI_DLL OBJDUMP: its export table is src/api/functions.tsv, undecorated, and no more. TAP."""
import os
import re
import subprocess
import sys

from abi_facts import ROOT, Tap, apitable


def exported(dll, objdump):
    """The names in the export table, as the file has them."""
    text = subprocess.run([objdump, "-p", dll], capture_output=True, text=True, check=True).stdout
    table = text.partition("[Ordinal/Name Pointer] Table")[2].partition("\n\n")[0]
    return re.findall(r"^\s*\[\s*\d+\]\s+(?:\+base\[\s*\d+\]\s+\S+\s+)?(\S+)\s*$", table, flags=re.M)


def main(argv):
    names = exported(argv[0], argv[1])
    rows = [r for r in apitable.functions(os.path.join(ROOT, "src", "api", "functions.tsv")).values()
            if r.kind in ("export", "data", "private")]
    tap = Tap()
    for group in sorted({r.group for r in rows}):
        lost = [r.name for r in rows if r.group == group and r.name not in names]
        tap.row(not lost, f"the DLL exports every function of the group: {group}", lost)
    odd = sorted(set(names) - {r.name for r in rows})
    tap.row(not odd, "it exports nothing else", odd)
    decorated = [n for n in names if "@" in n or n.startswith("_")]
    tap.row(not decorated, "no name is decorated", decorated)
    return tap.end()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
