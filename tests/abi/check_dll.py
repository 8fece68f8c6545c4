#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""check_dll.py PREFIX NMAPI_DLL NMAPI_LIB [PLUGIN_DLL...] -- [PROGRAM...]: export tables and the import library, as the
binutils of PREFIX show them. nmapi.dll exports src/api/functions.tsv, undecorated, and no more; the import
library asks for functions with as many bytes of arguments as the DLL's take; plug-ins export entry points
by their documented names. Each of them, and the programs after "--", has the guard of system/windows/guard.c. TAP."""
import os
import re
import subprocess
import sys

from abi_facts import ROOT, Tap, apitable

ENTRIES = {"experts": {"Register", "Run"}, "parsers": {"ParserAutoInstallInfo"}}


def output(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def exported(dll, prefix):
    """The names in the export table, as the file has them."""
    text = output(prefix + "objdump", "-p", dll)
    table = text.partition("[Ordinal/Name Pointer] Table")[2].partition("\n\n")[0]
    return re.findall(r"^\s*\[\s*\d+\]\s+(?:\+base\[\s*\d+\]\s+\S+\s+)?(\S+)\s*$", table, flags=re.M)


def defined(path, prefix):
    """Symbols of an object, decorated as compilers do it."""
    return set(re.findall(r"^[0-9a-f]* [TDBR] (\S+)$", output(prefix + "nm", path), flags=re.M))


def is_decorated(name):
    return "@" in name or name.startswith("_")


def check_library(tap, dll, prefix):
    names = exported(dll, prefix)
    rows = [r for r in apitable.functions(os.path.join(ROOT, "src", "api", "functions.tsv")).values()
            if r.kind in ("export", "data", "private")]
    for group in sorted({r.group for r in rows}):
        lost = [r.name for r in rows if r.group == group and r.name not in names]
        tap.row(not lost, f"the DLL exports every function of the group: {group}", lost)
    odd = sorted(set(names) - {r.name for r in rows})
    tap.row(not odd, "it exports nothing else", odd)
    tap.row(not any(map(is_decorated, names)), "no name is decorated", list(filter(is_decorated, names)))
    return rows


def check_imports(tap, rows, dll, lib, prefix):
    renamed = {apitable.symbol(r): r.name for r in rows}
    have = defined(dll, prefix)
    have |= {s.replace(a, b) for a, b in renamed.items() if a != b for s in have if s.lstrip("_") == a}
    asked = {s for s in defined(lib, prefix) if s.lstrip("_").partition("@")[0] in renamed.values()}
    tap.row(len(asked) >= len([r for r in rows if r.kind == "export"]), "the import library has every function", len(asked))
    odd = sorted(asked - have)
    tap.row(not odd, "it asks for each as the DLL has it, with its bytes of arguments", odd)


def check_plugin(tap, path, prefix):
    names = set(exported(path, prefix))
    want = ENTRIES[os.path.basename(os.path.dirname(path))]
    bad = sorted(want - names) + list(filter(is_decorated, names))
    tap.row(not bad, f"{os.path.basename(path)} exports its entry points, undecorated", bad)


def check_guard(tap, images, prefix):
    """That of libssp asks CryptoAPI, with Wine's whole TLS behind it, each time that an image is loaded."""
    asking = [os.path.basename(i) for i in images if "CryptAcquireContext" in output(prefix + "objdump", "-p", i)]
    tap.row(not asking, "nothing asks CryptoAPI for the value of its guard", asking)


def main(argv):
    prefix, dll, lib, *rest = argv
    plugins, programs = rest[:rest.index("--")], rest[rest.index("--") + 1:]
    tap = Tap()
    rows = check_library(tap, dll, prefix)
    check_imports(tap, rows, dll, lib, prefix)
    for p in plugins:
        check_plugin(tap, p, prefix)
    check_guard(tap, [dll, *plugins, *programs], prefix)
    return tap.end()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
