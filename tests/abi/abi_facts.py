#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Proves the facts of the tables beside this file against a header, by a compiler alone.

Each fact is one line of C that compiles only where it holds; a line that does not names its group.
Nothing is run, so that a cross compiler proves as much as the native one. TAP: one line for each
structure, section of constants and group of functions."""
import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, "tools"))
import apitable  # noqa: E402

WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Werror"]
HEADER = os.path.join(ROOT, "include", "netmon.h")


class Facts:
    """Lines of C, each of a group."""

    def __init__(self):
        self.lines, self.groups = [], []

    def add(self, group, line):
        self.lines.append(line)
        self.groups.append(group)

    def names(self):
        return list(dict.fromkeys(self.groups))


def table(name):
    return apitable.read(os.path.join(HERE, name))


def omitted(kind, name):
    return any(r.kind == kind and re.fullmatch(r.pattern, name) for r in table("omitted.tsv"))


def sections():
    """Constant name -> heading of the part of <netmon.h> that defines it."""
    out, title = {}, "start"
    with open(HEADER, encoding="utf-8") as f:
        for line in f:
            m = re.match(r"/\* ---- (.*?) -*(?: \*/)?$", line)
            if m:
                title = m.group(1)
                continue
            m = re.match(r"#define (\w+)(?!\()\b|\t(?:NMAPI_NAME\()?(\w+)\)?(?: = \w+)?,?(?: +/\*.*)?$", line)
            if m:
                out.setdefault(m.group(1) or m.group(2), title)
    return out


def static_assertion(a, condition, name):
    # No macro for the keyword: gcc would give the macro's line.
    return f"{'static_assert' if a.cxx else '_Static_assert'}({condition}, \"{name}\");"


def constant_facts(facts, a):
    where = sections()
    for r in table("constants.tsv"):
        if a.theirs and r.origin in ("docs", "private"):
            continue
        if r.kind != "string":
            value = r.value_x86 if a.x86 and r.value_x86 else r.value
            facts.add(f"constants: {where.get(r.name, 'not in the header')}",
                      static_assertion(a, f"(long long)({r.name}) == {value}LL", r.name))
    for r in table("macros.tsv"):
        facts.add("constants: function-like macros",
                  static_assertion(a, f"(long long)({r.expression}) == {r.value}LL", r.macro))


def layout_facts(facts, a):
    rows = table("layout-x86.tsv" if a.x86 else "layout-x64.tsv")
    structures = {r.name.split(".")[0] for r in rows if "." in r.name}
    for r in rows:
        top, _, member = r.name.partition(".")
        if a.cxx and re.fullmatch(r"I(DelaydC|RTC|Stats)(Vtbl)?", top):
            continue  # a class there; vtable.cc looks at its slots
        if a.theirs and omitted("addition", top):
            continue
        expression = {
            "sizeof": f"sizeof({top})",
            "alignof": f"{'alignof' if a.cxx else '_Alignof'}({top})",
            "offsetof": f"offsetof({top}, {member})",
            "memsize": f"sizeof((({top} *)0)->{member})",
        }.get(r.kind)
        if expression:
            group = f"layout: {top}" if top in structures else "layout: basic types"
            facts.add(group, static_assertion(a, f"{expression} == {r.value}", f"{r.name} {r.kind}"))


def declaration(r, star, name):
    conv = "" if r.callconv == "-" else r.callconv
    params = apitable.split_parameters(r.parameters)
    return f"{r.ret} ({conv} {star}{name})({', '.join(params) or 'void'})"


def prototype_facts(facts, a):
    rows = apitable.functions(os.path.join(ROOT, "src", "api", "functions.tsv"))
    for i, r in enumerate(rows.values()):
        if r.kind in ("omitted", "private") or a.theirs and omitted("difference", r.name):
            continue
        group, var = f"prototypes: {r.group}, {r.kind}", f"chk{i}"
        if r.kind in ("export", "plugin", "inline"):
            name = apitable.symbol(r) if not a.windows else r.name
            facts.add(group, f"USED static {declaration(r, '*const ', var)} = {name};")
        elif r.kind == "callback":
            facts.add(group, f"USED static {declaration(r, '**', var)} = ({r.name} *)0;")
        elif r.kind == "data":
            star = "BYTE (*{})[]" if r.ret == "BYTE" else "const IID *{}"
            if not (a.cxx and r.ret == "BYTE"):  # C++17 has no pointer to an unbounded array
                facts.add(group, f"USED static {star.format('const ' + var)} = &{r.name};")
        elif r.kind == "com":
            com_fact(facts, a, r, group, var)


def com_fact(facts, a, r, group, var):
    interface, method = r.name.split("::")
    params = apitable.split_parameters(r.parameters)
    if a.cxx:
        decl = f"{r.ret} (WINAPI {interface}::*const {var})({', '.join(params[1:])})"
        facts.add(group, f"USED static {decl} = &{interface}::{method};")
    else:
        decl = declaration(r, "**", var)
        facts.add(group, f"USED static {decl} = &((struct {interface}Vtbl *)0)->{method};")


PROLOGUE = """{before}
#define USED __attribute__((unused))
#include <stddef.h>
"""

THEIRS = """#include <windows.h>
#include <netmon.h>
#define AdjustOperatorPrecedence nmsupp_AdjustOperatorPrecedence
#define NormalizeAddress nmsupp_NormalizeAddress
#define NormalizeAddressTable nmsupp_NormalizeAddressTable
#include <nmsupp.h>
#undef AdjustOperatorPrecedence
#undef NormalizeAddress
#undef NormalizeAddressTable
#undef try
#undef except
#define NMAPI_CDECL __cdecl"""


def command(a, *more):
    out = a.cc.split() + [f"-std={a.std}"] + WARNINGS + list(more)
    if "clang" in a.cc:
        out.append("-ferror-limit=0")
    if a.theirs:
        out.append("-O1")  # without optimization it leaves its inline functions out
    else:
        out += ["-I" + os.path.dirname(HEADER), "-DNMAPI_BUILDING"]
    return out


def compile_text(a, text, directory, *more):
    """(exit status, {line of the text: first message}, [messages elsewhere])."""
    path = os.path.join(directory, "facts.cc" if a.cxx else "facts.c")
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)
    p = subprocess.run(command(a, *more, path), capture_output=True, text=True,
                       env=dict(os.environ, LC_ALL="C"), check=False)
    here, elsewhere = {}, []
    for line in p.stderr.splitlines():
        m = re.match(r"(.+?):(\d+):\d+: (?:fatal )?error: (.*)", line)
        if m and m.group(1) == path:
            here.setdefault(int(m.group(2)), m.group(3))
        elif m or "error:" in line:
            elsewhere.append(line)
    return p.returncode, here, elsewhere


def strings_differ(a, prologue, directory):
    """Names of string constants whose tokens are not what the table says."""
    rows = [r for r in table("constants.tsv")
            if r.kind == "string" and not (a.theirs and r.origin in ("docs", "private"))]
    path = os.path.join(directory, "strings.c")
    with open(path, "w", encoding="utf-8") as f:
        f.write(prologue + "".join(f"@@{i}@@ {r.name}\n" for i, r in enumerate(rows)))
    p = subprocess.run(command(a, "-E", "-P", "-x", "c++" if a.cxx else "c", path),
                       capture_output=True, text=True, check=False)
    got = dict(re.findall(r"@@ ?(\d+) ?@@\s*(.*)", p.stdout))
    return [r.name for i, r in enumerate(rows) if got.get(str(i), "").strip() != r.value], len(rows)


def bits(a):
    """(name, first bit, number of bits) of every bit-field."""
    found = {}
    for r in table("layout-x86.tsv" if a.x86 else "layout-x64.tsv"):
        if r.kind in ("bitpos", "bitsize"):
            found.setdefault(r.name, {})[r.kind] = int(r.value)
    return [(n, v["bitpos"], v["bitsize"]) for n, v in found.items()]


def bit_complaints(a, prologue, directory):
    """Bit-fields that lie elsewhere: each is filled in an object of its own section, and read there."""
    fields = bits(a)
    text = prologue
    for i, (name, _, size) in enumerate(fields):
        top, member = name.split(".")
        text += (f'extern const {top} v{i};\n'
                 f'const {top} v{i} __attribute__((section(".bf{i}"))) = {{ .{member} = {(1 << size) - 1} }};\n')
    obj, out = os.path.join(directory, "bits.o"), os.path.join(directory, "bits.bin")
    status, here, elsewhere = compile_text(a, text, directory, "-c", "-o", obj,
                                           "-Wno-missing-field-initializers")
    if status:
        return list(here.values()) + elsewhere, len(fields)
    bad = []
    for i, (name, first, size) in enumerate(fields):
        subprocess.run([a.objcopy, "-O", "binary", f"--only-section=.bf{i}", obj, out], check=True)
        with open(out, "rb") as f:
            got = int.from_bytes(f.read(), "little")
        if got != ((1 << size) - 1) << first:
            bad.append(name)
    return bad, len(fields)


class Tap:
    def __init__(self):
        self.n, self.failed = 0, 0

    def row(self, ok, name, detail=()):
        self.n += 1
        self.failed += not ok
        print(f"{'ok' if ok else 'not ok'} {self.n} - {name}")
        for line in [] if ok else list(detail)[:20]:
            print(f"# {line}")

    def end(self):
        print(f"1..{self.n}")
        return 1 if self.failed else 0


def run(a, directory):
    tap, facts = Tap(), Facts()
    include = THEIRS if a.theirs else "#include <netmon.h>"
    prologue = PROLOGUE.format(before=include)
    status, here, elsewhere = compile_text(a, include + "\n", directory, "-fsyntax-only")
    tap.row(status == 0, "the header compiles alone, without a warning", list(here.values()) + elsewhere)
    constant_facts(facts, a)
    layout_facts(facts, a)
    prototype_facts(facts, a)
    first = prologue.count("\n") + 1
    text = prologue + "".join(l + "\n" for l in facts.lines)
    status, here, elsewhere = compile_text(a, text, directory, "-fsyntax-only")
    wrong = {}
    for line, message in here.items():
        if line >= first:
            wrong.setdefault(facts.groups[line - first], []).append(message)
        else:
            elsewhere.append(message)
    tap.row(not elsewhere and bool(status) == bool(wrong), "nothing goes wrong outside of the facts", elsewhere)
    for group in facts.names():
        count = facts.groups.count(group)
        tap.row(group not in wrong, f"{group} ({count} facts)", wrong.get(group, ()))
    bad, count = strings_differ(a, prologue, directory)
    tap.row(not bad and count > 0, f"constants: strings ({count} facts)", bad)
    if not a.cxx:
        bad, count = bit_complaints(a, prologue, directory)
        tap.row(not bad and count > 0, f"layout: bit-fields ({count} facts)", bad)
    return tap.end()


def main(argv):
    p = argparse.ArgumentParser()
    p.add_argument("--cc", required=True)
    p.add_argument("--std", required=True)
    p.add_argument("--objcopy", default="objcopy")
    p.add_argument("--x86", action="store_true", help="32-bit x86 Windows")
    p.add_argument("--windows", action="store_true", help="the compiler makes Windows code")
    p.add_argument("--theirs", metavar="FILE", help="look at the compiler's own <netmon.h>, which is FILE")
    a = p.parse_args(argv)
    a.cxx = "++" in a.cc
    if not shutil.which(a.cc.split()[0]):
        print(f"1..0 # SKIP no {a.cc}")
        return 0
    if a.theirs and not os.path.exists(a.theirs):
        print(f"1..0 # SKIP no {a.theirs}")
        return 0
    with tempfile.TemporaryDirectory() as directory:
        return run(a, directory)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
