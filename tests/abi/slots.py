#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A provider object written in C++ is called from C through the structure of pointers, and the
other way round: each of the 16 slots must reach the method of its name. TAP."""
import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile

from abi_facts import HEADER, ROOT, WARNINGS, Tap, apitable

INTERFACES = ("IDelaydC", "IRTC", "IStats")


def methods():
    """{interface: [(result, name, [parameter declarations without This])]} in slot order."""
    out = {i: [] for i in INTERFACES}
    for r in apitable.functions(os.path.join(ROOT, "src", "api", "functions.tsv")).values():
        if r.kind == "com":
            interface, name = r.name.split("::")
            params = [p for p, _ in apitable.parameters(r)][1:]
            out[interface].append((r.ret, name, params))
    return out


def argument(param, cxx):
    if "REFIID" in param:
        return "IID_IRTC" if cxx else "&IID_IRTC"
    return "0" if "*" not in param and not re.search(r"HBLOB|LP", param) else "NULL"


def calls(interface, rows, cxx):
    out = ""
    for i, (_, name, params) in enumerate(rows):
        args = [argument(p, cxx) for p in params]
        call = f"o->{name}({', '.join(args)})" if cxx else f"{interface}_{name}({', '.join(['o'] + args)})"
        out += f"\tbad += static_cast<int>({call}) != {i};\n" if cxx else f"\tbad += (int){call} != {i};\n"
    return out


def unnamed(param):
    """The parameter's type alone."""
    return re.sub(r"\w+$", "", param) if " " in param else param


CXX_HEAD = """#include <netmon.h>
#include <cstdio>
extern "C" const IID IID_IRTC = { 1, 2, 3, { 4 } };
extern "C" int from_c(int which, void *object);
extern "C" void *made_in_c(int which);
static void row(int number, const char *interface, const char *how, int bad)
{
	std::printf("%sok %d - %s: %s\\n", bad ? "not " : "", number, interface, how);
}
"""


def cxx_source(table):
    out, main_body = CXX_HEAD, ""
    for k, (interface, rows) in enumerate(table.items()):
        out += f"struct My{interface} : public {interface} {{\n"
        for i, (ret, name, params) in enumerate(rows):
            types = ", ".join(unnamed(p) for p in params)
            out += f"\t{ret} WINAPI {name}({types}) override {{ return {i}; }}\n"
        out += (f"}};\nstatic int use(My{interface} &)\n{{\n\tint bad = 0;\n"
                f"\t{interface} *o = static_cast<{interface} *>(made_in_c({k}));\n"
                f"{calls(interface, rows, True)}\treturn bad;\n}}\n")
        main_body += (f"\tMy{interface} m{k};\n"
                      f'\trow({2 * k + 1}, "{interface}", "C calls C++", from_c({k}, static_cast<{interface} *>(&m{k})));\n'
                      f'\trow({2 * k + 2}, "{interface}", "C++ calls C", use(m{k}));\n')
    return out + f'int main()\n{{\n{main_body}\tstd::printf("1..{2 * len(table)}\\n");\n}}\n'


def c_source(table):
    out = "#define COBJMACROS\n#include <netmon.h>\nint from_c(int which, void *object);\nvoid *made_in_c(int which);\n"
    for interface, rows in table.items():
        for i, (ret, name, params) in enumerate(rows):
            names = [f"a{j}" for j in range(len(params))]
            decl = ", ".join([f"{interface} *This"] + [f"{unnamed(p)} {n}" for p, n in zip(params, names)])
            unused = "".join(f"\t(void){n};\n" for n in ["This"] + names)
            out += f"static {ret} WINAPI {interface}{name}({decl})\n{{\n{unused}\treturn {i};\n}}\n"
        slots = ", ".join(f"{interface}{name}" for _, name, _ in rows)
        out += (f"static const {interface}Vtbl {interface}_vtbl = {{ {slots} }};\n"
                f"static {interface} {interface}_object = {{ &{interface}_vtbl }};\n"
                f"static int {interface}_calls({interface} *o)\n{{\n\tint bad = 0;\n\n{calls(interface, rows, False)}\treturn bad;\n}}\n")
    out += "int from_c(int which, void *object)\n{\n"
    out += "".join(f"\tif (which == {k})\n\t\treturn {i}_calls(object);\n" for k, i in enumerate(table))
    out += "\treturn 1;\n}\nvoid *made_in_c(int which)\n{\n"
    out += "".join(f"\tif (which == {k})\n\t\treturn &{i}_object;\n" for k, i in enumerate(table))
    return out + "\treturn NULL;\n}\n"


def main(argv):
    p = argparse.ArgumentParser()
    p.add_argument("--cc", required=True)
    p.add_argument("--cxx", required=True)
    a = p.parse_args(argv)
    if not shutil.which(a.cc) or not shutil.which(a.cxx):
        print(f"1..0 # SKIP no {a.cc} or {a.cxx}")
        return 0
    table = methods()
    assert all(len(rows) == 16 for rows in table.values())
    with tempfile.TemporaryDirectory() as d:
        paths = {n: os.path.join(d, n) for n in ("slots.c", "slots.cc", "c.o", "cc.o", "slots")}
        for name, text in (("slots.c", c_source(table)), ("slots.cc", cxx_source(table))):
            with open(paths[name], "w", encoding="utf-8") as f:
                f.write(text)
        include = ["-I" + os.path.dirname(HEADER)]
        for command in ([a.cc, "-std=c11", *WARNINGS, *include, "-c", "-o", paths["c.o"], paths["slots.c"]],
                        [a.cxx, "-std=c++17", *WARNINGS, *include, "-c", "-o", paths["cc.o"], paths["slots.cc"]],
                        [a.cxx, "-o", paths["slots"], paths["c.o"], paths["cc.o"]]):
            run = subprocess.run(command, capture_output=True, text=True, check=False)
            if run.returncode:
                tap = Tap()
                tap.row(False, "the objects compile and link", run.stderr.splitlines())
                return tap.end()
        return subprocess.run([paths["slots"]], check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
