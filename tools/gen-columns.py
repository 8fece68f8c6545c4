#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""gen-columns.py -- how many columns each character takes on a terminal, as text of C.

From Python's Unicode data, by the rules of the GNU C library (its unicode-gen/utf8_gen.py), so
that tables look the same where the C library knows no wcwidth. Runs of equal width; what is not
in them is no character that can be shown.
"""
import unicodedata

# Wide although Unicode calls them neutral or ambiguous.
WIDE = (range(0x3248, 0x3250), range(0x4DC0, 0x4E00))
# Vowels and final consonants of Hangul join the consonant before them.
JOINING = (range(0x1160, 0x1200), range(0xD7B0, 0xD7FC))
# Marks that stand before the digits they are for, and the soft hyphen, show by themselves.
SHOWN = (*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD, 0xAD)


def columns(cp):
    c = chr(cp)
    kind = unicodedata.category(c)
    if kind in ("Cc", "Cs", "Cn", "Zl", "Zp"):
        return -1
    if any(cp in r for r in WIDE):
        return 2
    if cp in SHOWN:
        return 1
    if kind in ("Mn", "Me", "Cf") or any(cp in r for r in JOINING):
        return 0
    return 2 if unicodedata.east_asian_width(c) in "WF" else 1


def main():
    runs = []
    for cp in range(0x110000):
        n = columns(cp)
        if n < 0:
            continue
        if runs and runs[-1][1] == cp - 1 and runs[-1][2] == n:
            runs[-1][1] = cp
        else:
            runs.append([cp, cp, n])
    for first, last, n in runs:
        print(f"{{ 0x{first:x}, 0x{last:x}, {n} }},")


main()
