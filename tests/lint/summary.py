#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Prints what the test runner counted, as one line: 'tests: N passed, N failed, N skipped'.

Of several logs, the tests of all; those in a log NAME-again.json were run again alone: they count as passed if they passed
there, and are named before. With --failed: the names of those that failed in a log, a line each."""

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
    found = {}
    for path in words:
        for name, result in results(path).items():
            if path.endswith("-again.json") and result == "passed":
                print(f"alone: {name} failed beside other tests and passed when run again alone: one of the two is a fault")
            elif name in found and not path.endswith("-again.json"):
                raise ValueError(f"{name} is in two logs")
            found[name] = result
    counts = {word: list(found.values()).count(word) for word in ("passed", "failed", "skipped")}
    print("tests: {passed} passed, {failed} failed, {skipped} skipped".format(**counts))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
