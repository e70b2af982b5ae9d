#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Prints what the test runner counted, as one line: 'tests: N passed, N failed, N skipped'.

Of several logs, the tests of all; those in a log NAME-again.json were run again alone: they count as passed if they passed
there, and are named before; where they skipped there they have failed. What was skipped, a whole test or a part of one, is named
unless it stands below. The status is 1 where anything failed or is so named. With --failed: the names of those that failed in a
log, a line each."""

import json
import re
import sys

# (test, part): why it may be skipped.
ALLOWED = {("process-guard", "/process/guard/" + part): "a sanitizer has an allocator of its own; the check runs it without, too"
           for part in ("free", "realloc", "realloc-shrinks", "slices")}
# GLib's "ok 2 /a/part # SKIP why", unittest's "test_it (...) ... skipped 'why'", and its last line where it names none.
PARTS = re.compile(r"^(?:not )?ok \d+ (\S+) # SKIP|^(\S+) .*\.\.\. skipped |^OK \(.*(skipped=\d+)", re.MULTILINE)
COUNTED = {"OK": "passed", "EXPECTEDFAIL": "passed", "SKIP": "skipped"}


def results(path):
    """{name: "passed", "failed" or "skipped"}"""
    with open(path, encoding="utf-8") as log:
        runs = [json.loads(line) for line in log]
    return {run["name"].rsplit(" / ", 1)[-1]: COUNTED.get(run["result"], "failed") for run in runs}


def skips(path):
    """[(test, part)] of what was skipped and is not allowed to be; part: "" for all of it."""
    found = set()
    with open(path, encoding="utf-8") as log:
        for run in map(json.loads, log):
            name = run["name"].rsplit(" / ", 1)[-1]
            if run["result"] == "SKIP":
                found.add((name, ""))
            for part in PARTS.finditer(run.get("stdout", "") + "\n" + run.get("stderr", "")):
                found.add((name, next(filter(None, part.groups()))))
    return sorted(found - ALLOWED.keys())


def main(words):
    if words[0] == "--failed":
        for name in (name for name, result in results(words[1]).items() if result == "failed"):
            print(name)
        return 0
    found = {}
    for path in words:
        for name, result in results(path).items():
            again = path.endswith("-again.json")
            if again and result == "passed":
                print(f"alone: {name} failed beside other tests and passed when run again alone: one of the two is a fault")
            elif name in found and not again:
                raise ValueError(f"{name} is in two logs")
            found[name] = "failed" if again and result == "skipped" else result
    unexpected = [one for path in words for one in skips(path)]
    for name, part in unexpected:
        print(f"skipped: {name} {part}".rstrip() + ": nothing was shown by it, and it is not among those that may be")
    counts = {word: list(found.values()).count(word) for word in ("passed", "failed", "skipped")}
    print("tests: {passed} passed, {failed} failed, {skipped} skipped".format(**counts))
    return 1 if unexpected or counts["failed"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
