#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Prints what the test runner counted, as one line: 'tests: N passed, N failed, N skipped'."""

import json
import sys


def main(path):
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    with open(path, encoding="utf-8") as log:
        for line in log:
            result = json.loads(line)["result"]
            if result in ("OK", "EXPECTEDFAIL"):
                counts["passed"] += 1
            elif result == "SKIP":
                counts["skipped"] += 1
            else:
                counts["failed"] += 1
    print("tests: {passed} passed, {failed} failed, {skipped} skipped".format(**counts))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
