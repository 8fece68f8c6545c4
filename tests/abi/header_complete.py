#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The other way round: <netmon.h> declares nothing public that the tables lack, says what it
exports and says it once, and leaves out exactly what omitted.tsv gives a reason for. TAP."""
import os
import re
import subprocess
import sys

from abi_facts import HEADER, ROOT, Tap, apitable, omitted, table

# Parts of the header that are Windows' or the compiler's, not Network Monitor's.
FOREIGN = ("start", "compiler", "short names", "types of Windows, where there is no <windows.h>")
# The names that only this implementation has.
PRIVATE = r"NMAPI_\w+|NETMON_H|MAX_PROTOCOL_NAME_LEN"
# Aliases of keywords, and macros that have arguments: macros.tsv or a use in the tests.
MACROS = r"INLINE|BHAPI|dprintf|I(DelaydC|RTC|Stats)_\w+"


def parts():
    with open(HEADER, encoding="utf-8") as f:
        text = f.read()
    title, out = "start", {}
    for line in text.splitlines():
        m = re.match(r"/\* ---- (.*?) -*(?: \*/)?$", line)
        if m:
            title = m.group(1)
        out.setdefault(title, []).append(line)
    return text, out


def defines(lines):
    return [m.groups() for m in (re.match(r"#define (\w+)(\()?", l) for l in lines) if m]


def words(text):
    return text.split()


def main():
    tap = Tap()
    text, by_title = parts()
    constants = {r.name for r in table("constants.tsv")}
    rows = apitable.functions(os.path.join(ROOT, "src", "api", "functions.tsv"))
    macros = {r.macro for r in table("macros.tsv")} | {
        "PROTOCOLTABLE_ACTUAL_SIZE", "FilterGetUIInstanceData", "FilterSetUIInstanceData", "HEX",
        "IsRoutingInfoPresent", "GetRoutingInfoLength", "SWAPBYTES", "SWAPWORDS",
        "GetPropertyInstanceDataValue"}
    for title, lines in by_title.items():
        if title in FOREIGN:
            continue
        lost = [n for n, args in defines(lines)
                if n not in (macros if args else constants) and not re.fullmatch(f"{PRIVATE}|{MACROS}", n)]
        tap.row(not lost, f"every constant is in a table: {title}", lost)
    code = re.sub(r"/\*.*?\*/|^#.*?$", "", text, flags=re.S | re.M)
    declared = re.findall(r"NMAPI_API (?!extern)[\w\s*]*?(\w+)\(", code)
    # On Windows NmDprintf has its documented name.
    exported = {apitable.symbol(r) for r in rows.values() if r.kind == "export"} | {"dprintf"}
    tap.row(sorted(declared) == sorted(exported), "the exported functions are those of the list, each once",
            sorted(set(declared) ^ exported) + [n for n in declared if declared.count(n) > 1])
    left_out = [r.name for r in rows.values() if r.kind == "omitted"]
    tap.row(all(omitted("function", n) for n in left_out), "what is left out has a reason")
    tap.row(not any(re.search(rf"\b{n}\b", code) for n in left_out), "what is left out is not declared")
    with open(os.path.join(ROOT, "man", "netmon.h.3.scd"), encoding="utf-8") as f:
        page = f.read()
    unnamed = [n for n in sorted(exported - {"dprintf"}) if f"*{n}*" not in page]
    tap.row(not unnamed, "the manual page names every exported function", unnamed)
    examples = [words(re.search(r"#include <netmon\.h>\n.*?ExpertSubmitEvent\(.*?\n[ *]*\}", t, flags=re.S).group(0))
                for t in (re.sub(r"^ \*", "", text, flags=re.M), page)]
    tap.row(examples[0] == examples[1], "the example in the header is that of the manual page")
    example = re.search(r"# EXAMPLE\n\n```\n(.*?)```", page, flags=re.S).group(1)
    run = subprocess.run(["cc", "-std=c11", "-Wall", "-Wpedantic", "-Werror", "-fsyntax-only", "-x", "c",
                          "-I" + os.path.dirname(HEADER), "-"], input=example, capture_output=True, text=True, check=False)
    tap.row(run.returncode == 0, "the example compiles", run.stderr.splitlines())
    lonely = []
    for m in re.finditer(r"\n([^\n]*)\nNMAPI_API ", text):
        above = m.group(1)
        if not re.search(r"\*/$|;$|,$|^#|\)$", above):
            lonely.append(above)
    tap.row(not lonely, "every exported function stands under its contract", lonely)
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
