#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""tools/gen-unsupported.py: what it finds in sources, and what it refuses. TAP."""
import importlib.util
import os
import sys
import tempfile

from abi_facts import ROOT, Tap, apitable

SPEC = importlib.util.spec_from_file_location("gen", os.path.join(ROOT, "tools", "gen-unsupported.py"))
GEN = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(GEN)

TABLE = ("name\tkind\treturn\tparameters\tcallconv\tgroup\tmodule\tfailure\talso\tsymbol\n"
         "One\texport\tDWORD\tHFRAME hFrame\tWINAPI\tframe\tnmapi\t0\t-\t-\n"
         "Two\texport\tLPVOID\tDWORD *pError\tWINAPI\texpert\tnmapi\tNULL\t*pError = NMERR_NOT_SUPPORTED\t-\n"
         "Three\texport\tVOID\tLPSTR format,...\tNMAPI_CDECL\tutil\tnmsupp\t-\t-\tNmThree\n"
         "Plain\texport\tHFRAME\tVOID\t-\tfilter\tnmapi\tNULL\t-\t-\n"
         "Table\tdata\tBYTE\t-\t-\tutil\tparser.lib\t-\t-\t-\n"
         "Door\tprivate\t-\t-\t-\thost\tnmapi\t-\t-\t-\n"
         "Hook\tplugin\tDWORD\tVOID\tNMAPI_CDECL\tnpp\tnpp\t-\t-\t-\n")
DATA = "BYTE Table[16] = { 1 };\n"
ONE = "DWORD WINAPI One(HFRAME h)\n{\n\treturn h ? 1 : 0;\n}\n"

# name; sources; exported functions that stay unsupported, or None when it must be refused
CASES = [
    ("nothing defined: every exported function is unsupported", [DATA], ["One", "Two", "Three", "Plain"]),
    ("a definition takes its function off the list", [DATA + ONE], ["Two", "Three", "Plain"]),
    ("a declaration does not", [DATA + "DWORD WINAPI One(HFRAME h);\n"], ["One", "Two", "Three", "Plain"]),
    ("a call does not", [DATA + "static int f(void)\n{\n\treturn One(0) == 0;\n}\n"], ["One", "Two", "Three", "Plain"]),
    ("a comment does not", [DATA + "/* " + ONE + " */\n// DWORD WINAPI One(HFRAME h) {\n"],
     ["One", "Two", "Three", "Plain"]),
    ("a string does not", [DATA + 'static const char *s = "DWORD WINAPI One(HFRAME h) { }";\n'],
     ["One", "Two", "Three", "Plain"]),
    ("a macro does not", [DATA + "#define X \\\n\tDWORD WINAPI One(HFRAME h) { }\n"], ["One", "Two", "Three", "Plain"]),
    ("a static function of the same name does not", [DATA + "static " + ONE], ["One", "Two", "Three", "Plain"]),
    ("a head over several lines is found", [DATA + "NMAPI_API DWORD WINAPI One(\n    HFRAME h)\n{\n}\n"],
     ["Two", "Three", "Plain"]),
    ("a pointer result is found", [DATA + "void *WINAPI Two(DWORD *e)\n{\n\treturn e;\n}\n"], ["One", "Three", "Plain"]),
    ("a function is found by its symbol", [DATA + "VOID NMAPI_CDECL NmThree(LPSTR f, ...)\n{\n}\n"],
     ["One", "Two", "Plain"]),
    ("a function without a convention in the list needs none", [DATA + "HFRAME Plain(VOID)\n{\n\treturn 0;\n}\n"],
     ["One", "Two", "Three"]),
    ("initializers and nested braces do not hide what follows",
     [DATA + "static const int t[2][2] = { { 1, 2 }, { 3, 4 } };\nstruct s { int x; };\n" + ONE],
     ["Two", "Three", "Plain"]),
    ("helpers of any name may be there", [DATA + "int nm_help(void)\n{\n\treturn 1;\n}\n"], ["One", "Two", "Three", "Plain"]),
    ("the private door may be there", [DATA + "int Door(void)\n{\n\treturn 1;\n}\n"], ["One", "Two", "Three", "Plain"]),
    ("two definitions in two sources are refused", [DATA + ONE, ONE], None),
    ("an unknown function with a convention is refused", [DATA + "DWORD WINAPI Onne(HFRAME h)\n{\n}\n"], None),
    ("a plug-in's function is refused", [DATA + "DWORD NMAPI_CDECL Hook(VOID)\n{\n}\n"], None),
    ("a lost convention is refused", [DATA + "DWORD One(HFRAME h)\n{\n}\n"], None),
    ("the wrong convention is refused", [DATA + "DWORD NMAPI_CDECL One(HFRAME h)\n{\n}\n"], None),
    ("missing data is refused", [ONE], None),
]

BAD_TABLES = [
    ("a name that stands in the list twice is refused", TABLE + "One\texport\tDWORD\tVOID\tWINAPI\tx\tnmapi\t0\t-\t-\n"),
    ("a row with a column missing is refused", TABLE + "Four\texport\tDWORD\n"),
]


def put(directory, name, text):
    path = os.path.join(directory, name)
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)
    return path


def quiet(arguments):
    keep, sys.stderr = sys.stderr, open(os.devnull, "w", encoding="utf-8")
    try:
        return GEN.main(arguments)
    finally:
        sys.stderr.close()
        sys.stderr = keep


def generate(directory, table, texts):
    """(status, C, map) of a run over sources."""
    out = [os.path.join(directory, n) for n in ("out.c", "out.map", "out.md", "test.c")]
    for path in out:
        if os.path.exists(path):
            os.unlink(path)
    sources = [put(directory, f"s{i}.c", t) for i, t in enumerate(texts)]
    status = quiet(["--table", put(directory, "t.tsv", table), "--c", out[0], "--map", out[1], "--list", out[2],
                    "--test", out[3], *sources])
    read = [open(p, encoding="utf-8").read() if os.path.exists(p) else "" for p in out]
    return status, read


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory() as d:
        for name, texts, want in CASES:
            status, (c, _, listing, test) = generate(d, TABLE, texts)
            got = [n for n in ("One", "Two", "Three", "Plain") if f"- {n}\n" in listing + "\n"]
            if want is None:
                tap.row(status == 1 and not c, name, [f"status {status}"])
            else:
                same = all((f"{s}(" in c) == (n in want) == (f"{n} fails" in test)
                           for n, s in (("One", "One"), ("Two", "Two"), ("Three", "NmThree"), ("Plain", "Plain")))
                tap.row(status == 0 and got == want and same, name, [f"status {status}, got {got}"])
        for name, text in BAD_TABLES:
            tap.row(generate(d, text, [DATA])[0] == 1, name)
        _, (c, version, _, _) = generate(d, TABLE, [DATA])
        tap.row("\tOne;\n" in version and "\tNmThree;\n" in version and "\tDoor;\n" in version and
                "\tTable;\n" in version and "Hook" not in version and "\tThree;" not in version,
                "the version script has functions, data and the private door, by symbol")
        tap.row("return NULL;" in c and "\tif (pError)\n\t\t*pError = NMERR_NOT_SUPPORTED;\n" in c,
                "a placeholder stores and returns what the list says")
    rows = apitable.functions(os.path.join(ROOT, "src", "api", "functions.tsv")).values()
    tap.row(all((r.failure == "-") == (r.ret in ("VOID", "void")) for r in rows if r.kind == "export"),
            "in the real list every function that returns something has a failure value")
    with tempfile.TemporaryDirectory() as d:
        lines = put(d, "t.tsv", TABLE + "Far\texport\tDWORD\tHFRAME h,__int64 t,__int64 *p\tWINAPI\tframe\tnmapi\t0\t-\t-\n")
        imports = GEN.imports_file(apitable.functions(lines)).split("\n")
    tap.row(imports == ["EXPORTS", "\tDoor", "\tFar@16", "\tOne@4", "\tPlain", "\tTable DATA", "\tThree", "\tTwo@4", ""],
            "imports of 32-bit Windows have the bytes of their arguments, where the function takes them off", imports)
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
