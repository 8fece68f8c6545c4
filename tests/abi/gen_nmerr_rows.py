#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The NMERR_ constants of constants.tsv as rows of C, for test_nmerr.c. Usage: OUTPUT"""
import sys

from abi_facts import table


def main(argv):
    rows = [r for r in table("constants.tsv")
            if r.name.startswith("NMERR_") and (r.origin == "netmon.h" or r.name == "NMERR_MONITOR_CONFIG_FAILED")]
    with open(argv[0], "w", encoding="utf-8") as f:
        f.writelines(f'{{ "{r.name}", {r.value}u, {r.name} }},\n' for r in rows)


if __name__ == "__main__":
    main(sys.argv[1:])
