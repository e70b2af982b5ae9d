#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Prints what the test runner counted, as one line: 'tests: N passed, N failed, N skipped'.

With a second log, of tests that were run again alone, those that passed there count as passed and are named before.
With --failed: the names of those that failed, a line each."""

import json
import sys

COUNTED = {"OK": "passed", "EXPECTEDFAIL": "passed", "SKIP": "skipped"}


def results(path):
    """{name: "passed", "failed" or "skipped"}"""
    with open(path, encoding="utf-8") as log:
        runs = [json.loads(line) for line in log]
    return {run["name"].rsplit(" / ", 1)[-1]: COUNTED.get(run["result"], "failed") for run in runs}


def main(words):
    if words[0] == "--failed":
        for name in (name for name, result in results(words[1]).items() if result == "failed"):
            print(name)
        return 0
    found = results(words[0])
    for name, result in results(words[1]).items() if len(words) > 1 else ():
        if found.get(name) == "failed" and result == "passed":
            print(f"alone: {name} failed beside other tests and passed when run again alone: one of the two is a fault")
        found[name] = result
    counts = {word: list(found.values()).count(word) for word in ("passed", "failed", "skipped")}
    print("tests: {passed} passed, {failed} failed, {skipped} skipped".format(**counts))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
