#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What libnmapi does not carry out yet, found by looking.

Reads the list of all functions (src/api/functions.tsv) and the sources of src/api, and writes
  --c    a C file that defines every exported function the sources do not, failing as documented,
  --map  the linker's version script: every exported name and nothing else,
  --def  the same for linkers of Windows,
  --imports  the same for who links with the library on 32-bit Windows, with the bytes of arguments,
  --list the functions of --c, for people,
  --test a C file that calls each of them and checks value and last error (TAP).
Fails when two sources define a function, when a source defines an exported-looking function that
the list does not have, when one has lost its calling convention, and when exported data is missing.
"""
import argparse
import os
import re
import sys

import apitable

CONVENTIONS = ("WINAPI", "WINAPIV", "NMAPI_CDECL")
NOTE = "/* SPDX-License-Identifier: MIT */\n/* Made by tools/gen-unsupported.py. */\n"


def strip(text):
    """C without comments, preprocessor lines and the insides of literals; line breaks stay."""
    pattern = r"//[^\n]*|/\*.*?\*/|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'"

    def blank(m):
        s = m.group(0)
        keep = "\n" * s.count("\n")
        return s[0] + s[0] + keep if s[0] in "\"'" else " " + keep

    text = re.sub(pattern, blank, text, flags=re.S)
    return re.sub(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", "", text, flags=re.M)


def top_level(text):
    """What stands outside of braces, one string per definition or declaration, with its end."""
    depth, start, chunk = 0, 0, []
    for m in re.finditer(r"[{};]", text):
        if depth == 0:
            chunk.append(text[start:m.start()])
        c = m.group(0)
        if c == "{":
            if depth == 0:
                head = "".join(chunk).strip()
                if re.fullmatch(r'extern\s*""', head):
                    start, chunk = m.end(), []
                    continue
                yield head, "{"
                chunk = []
            depth += 1
        elif c == "}":
            depth = max(depth - 1, 0)
        elif depth == 0:
            yield "".join(chunk).strip(), ";"
            chunk = []
        start = m.end()


def definitions(text):
    """(name, calling convention or None, is data) of what a source defines with external linkage."""
    for head, end in top_level(strip(text)):
        words = re.findall(r"\w+", head)
        if not words or words[0] in ("typedef", "struct", "union", "enum") and "(" not in head:
            continue
        if "static" in words:
            continue
        data = re.search(r"(\w+)\s*(?:\[[^\]]*\]\s*)*=\s*$", head)
        if data:
            yield data.group(1), None, True
            continue
        f = re.match(r"^([\w\s*]+?[\s*])(\w+)\s*\((.*)\)\s*$", head, flags=re.S)
        if end == "{" and f:
            conv = [w for w in re.findall(r"\w+", f.group(1)) if w in CONVENTIONS]
            yield f.group(2), conv[0] if conv else None, False


def scan(table, sources):
    """({name: file}, [complaint])."""
    by_symbol = {apitable.symbol(r): r for r in table.values() if r.kind in ("export", "data", "private")}
    found, bad = {}, []
    for path in sources:
        with open(path, encoding="utf-8") as f:
            text = f.read()
        base = os.path.basename(path)
        for name, conv, data in definitions(text):
            r = by_symbol.get(name)
            if r is None:
                if conv:
                    bad.append(f"{base}: {name} is {conv} but no function of the list")
                continue
            want = None if r.callconv == "-" or data else r.callconv
            if r.kind == "export" and want and conv != want:
                bad.append(f"{base}: {name} must be {want}, not {conv or 'without a convention'}")
            if found.get(r.name, base) != base:
                bad.append(f"{r.name} is defined in {found[r.name]} and in {base}")
            found[r.name] = base
    for r in table.values():
        if r.kind == "data" and r.name not in found:
            bad.append(f"no source defines {r.name}")
    return found, bad


def missing(table, found):
    return [r for r in table.values() if r.kind == "export" and r.name not in found]


def placeholder(r):
    params = apitable.parameters(r)
    conv = "" if r.callconv == "-" else r.callconv + " "
    decl = ", ".join(p for p, _ in params) or "VOID"
    lines = [f"{r.ret} {conv}{apitable.symbol(r)}({decl})", "{"]
    lines += [f"\t(void){n};" for _, n in params if n]
    if r.also != "-":
        pointer = re.match(r"\*(\w+) =", r.also).group(1)
        lines += [f"\tif ({pointer})", f"\t\t{r.also};"]
    lines.append("\tnm_set_last_error(NMERR_NOT_SUPPORTED);")
    if r.failure != "-":
        lines.append(f"\treturn {r.failure};")
    return "\n".join(lines + ["}", ""])


def c_file(rows):
    head = NOTE + '#include "base/nmerr.h"\n\n#include <netmon.h>\n\n'
    # An ISO C translation unit may not be empty.
    return head + ("\n".join(placeholder(r) for r in rows) or "extern int nm_nothing_is_unsupported;\n")


def map_file(table):
    names = sorted(apitable.symbol(r) for r in table.values() if r.kind in ("export", "data", "private"))
    return "NMAPI_2.0 {\nglobal:\n" + "".join(f"\t{n};\n" for n in names) + "local:\n\t*;\n};\n"


def def_file(table):
    """For linkers of Windows, where every function goes by its documented name."""
    lines = []
    for r in sorted(table.values(), key=lambda r: r.name):
        if r.kind in ("export", "data", "private"):
            symbol = apitable.symbol(r)
            lines.append("\t" + r.name + (f" = {symbol}" if symbol != r.name else "") + (" DATA" if r.kind == "data" else ""))
    return "EXPORTS\n" + "\n".join(lines) + "\n"


def argument_bytes(r):
    """On the stack of a 32-bit machine."""
    return sum(8 if p.startswith("__int64") and "*" not in p else 4 for p, _ in apitable.parameters(r))


def imports_file(table):
    """Names as compilers for 32-bit Windows decorate them; dlltool --kill-at takes that back."""
    lines = []
    for r in sorted(table.values(), key=lambda r: r.name):
        if r.kind in ("export", "data", "private"):
            decorated = f"@{argument_bytes(r)}" if r.kind == "export" and r.callconv == "WINAPI" else ""
            lines.append("\t" + r.name + decorated + (" DATA" if r.kind == "data" else ""))
    return "EXPORTS\n" + "\n".join(lines) + "\n"


def list_file(rows):
    out = ["# Not carried out yet", "",
           f"{len(rows)} functions of <netmon.h> fail in their documented way with NMERR_NOT_SUPPORTED.", ""]
    for group in sorted({r.group for r in rows}):
        out += [f"## {group}", ""]
        out += [f"- {r.name}" for r in rows if r.group == group] + [""]
    return "\n".join(out)


def test_call(r, number):
    args = []
    for p, _ in apitable.parameters(r):
        if p != "...":
            by_value = "*" not in p and "[" not in p and p.split()[0] in ("EXPERTSTATUSENUMERATION",)
            args.append("EXPERTSTATUS_RUNNING" if by_value else "0")
    call = f"{apitable.symbol(r)}({', '.join(args)})"
    check = f"(int)({call} == ({r.ret}){r.failure})"
    if r.failure == "-":
        check = f"({call}, 1)"
    return (f"\tnm_set_last_error(0);\n\tok = {check} && nm_last_error() == NMERR_NOT_SUPPORTED;\n"
            f'\tfailed += !ok;\n'
            f'\tprintf("%sok {number} - {r.name} fails as documented\\n", ok ? "" : "not ");\n')


def test_file(rows):
    calls = "".join(test_call(r, i) for i, r in enumerate(rows, 1))
    return (NOTE + '#include "base/nmerr.h"\n\n#include <netmon.h>\n#include <stdio.h>\n\n'
            f"int main(void)\n{{\n\tint ok = 1, failed = 0;\n\n\tprintf(\"1..{len(rows)}\\n\");\n{calls}"
            "\treturn failed || !ok;\n}\n")


def write(path, text):
    if path:
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)


def main(argv):
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--table", required=True)
    for option in ("--c", "--map", "--list", "--test", "--def", "--imports"):
        p.add_argument(option)
    p.add_argument("sources", nargs="*")
    a = p.parse_args(argv)
    try:
        table = apitable.functions(a.table)
        found, bad = scan(table, a.sources)
    except (apitable.TableError, OSError) as e:
        bad = [str(e)]
    for line in bad:
        print(f"gen-unsupported: {line}", file=sys.stderr)
    if bad:
        return 1
    rows = missing(table, found)
    write(a.c, c_file(rows))
    write(a.map, map_file(table))
    write(a.list, list_file(rows))
    write(a.test, test_file(rows))
    write(getattr(a, "def"), def_file(table))
    write(a.imports, imports_file(table))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
