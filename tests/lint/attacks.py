#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Holds tests/attacks.tsv to its ids, its states and the tests that exist; prints the count of each state."""

import sys
from collections import Counter

import tree
from known_tests import existing_tests

sys.dont_write_bytecode = True

LAST = 36  # X01 to X36
# state: whether tests are named, whether something is said to be open
STATES = {"shown": (True, False), "part": (True, True), "open": (False, True)}


def names_in(cell):
    return [name.strip() for name in cell.split(",") if name.strip()]


def check_row(row, tests):
    if len(row) != 6:
        yield f"has {len(row)} columns, not 6"
        return
    _, state, refused, twin, attempt, missing = row
    if state not in STATES:
        yield f"has the unknown state '{state}'"
        return
    named, said = STATES[state]
    for cell, what in ((refused, "refused"), (twin, "positive twin")):
        if bool(names_in(cell)) != named:
            yield f"is '{state}' and names {'no' if named else 'a'} test ({what})"
        for name in names_in(cell):
            if name not in tests:
                yield f"names the test {name}, which does not exist"
    if bool(missing.strip()) != said:
        yield f"is '{state}' and says {'not what' if said else 'that something'} is open"
    if not attempt.strip():
        yield "does not say what is attempted"


def main():
    lines = (tree.ROOT / "tests/attacks.tsv").read_text(encoding="utf-8").splitlines()
    rows = [(n, line.split("\t")) for n, line in enumerate(lines, 1) if line and not line.startswith("#")]
    tests = existing_tests()
    wanted = [f"X{n:02}" for n in range(1, LAST + 1)]
    ids = Counter(row[0] for _, row in rows)
    complaints = [f"{i} is missing" for i in wanted if i not in ids]
    complaints += [f"{i} is there {n} times" for i, n in ids.items() if n > 1]
    complaints += [f"{i} is no id of the attack list" for i in ids if i not in wanted]
    for number, row in rows:
        complaints += [f"attacks.tsv:{number}: {row[0]} {c}" for c in check_row(row, tests)]
    counts = Counter(row[1] for _, row in rows if len(row) > 1)
    print("attacks: " + ", ".join(f"{counts[state]} {state}" for state in STATES) + f", {len(rows)} in all")
    tree.finish(complaints, rows)


main()
