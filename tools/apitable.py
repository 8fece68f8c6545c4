# SPDX-License-Identifier: MIT
"""Reads src/api/functions.tsv and the tables of tests/abi: tab-separated, '#' lines are comments,
the first other line names the columns."""
import collections
import re


class TableError(Exception):
    pass


def read(path):
    """The rows of a table, in file order, as named tuples."""
    with open(path, encoding="utf-8") as f:
        lines = [(i, l.rstrip("\n")) for i, l in enumerate(f, 1) if l.strip() and l[0] != "#"]
    row = collections.namedtuple("row", [c if c != "return" else "ret" for c in lines[0][1].split("\t")])
    out = []
    for number, line in lines[1:]:
        cells = line.split("\t")
        if len(cells) != len(row._fields):
            raise TableError(f"{path}:{number}: {len(cells)} columns, not {len(row._fields)}")
        out.append(row(*cells))
    return out


def functions(path):
    """functions.tsv as a dict by name; refuses a name that stands there twice."""
    out = {}
    for r in read(path):
        if r.name in out:
            raise TableError(f"{path}: {r.name} twice")
        out[r.name] = r
    return out


def symbol(r):
    """The row's name in an ELF library."""
    return r.name if r.symbol == "-" else r.symbol


def parameters(r):
    """[(declaration, name)]; a parameter that the table leaves unnamed gets one, '...' has none."""
    out = []
    for i, p in enumerate(split_parameters(r.parameters)):
        if p == "...":
            out.append((p, ""))
            continue
        m = re.match(r"^(.*[\s*])(\w+)((?:\[\])?)$", p)
        if m and m.group(1).strip() not in ("const", "struct", "unsigned"):
            out.append((p, m.group(2)))
        else:
            out.append((f"{p} arg{i}", f"arg{i}"))
    return out


def split_parameters(text):
    text = text.strip()
    return [] if text in ("", "-", "VOID", "void") else [p.strip() for p in text.split(",")]
