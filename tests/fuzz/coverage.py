#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""coverage.py BAR BUILD PROGRAM...: runs each BUILD/covered-TARGET over its corpus, as it is and nothing else, and prints
how many lines of src/apdu and src/card were reached, with the numbers of those that were not. Fails below BAR percent of
the lines of either folder."""

import collections
import json
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
SOURCE = HERE.parent.parent
FOLDERS = ("src/apdu", "src/card")


def replay(programs):
    for program in programs:
        corpus = HERE / "corpus" / pathlib.Path(program).name.removeprefix("covered-")
        subprocess.run([program, corpus, "0"], check=True, stdout=subprocess.DEVNULL)


def read_lines(build, counters):
    """{file: {line: how often}}; a line that stands in several functions counts for all of them."""
    lines = collections.defaultdict(lambda: collections.defaultdict(int))
    told = subprocess.run(["gcov", "--json-format", "--stdout", *counters], cwd=build, check=True,
                          stdout=subprocess.PIPE).stdout
    for report in told.decode().splitlines():
        tree = json.loads(report)
        for file in tree["files"]:
            path = os.path.relpath(os.path.join(tree["current_working_directory"], file["file"]), SOURCE)
            if os.path.dirname(path) in FOLDERS:
                for line in file["lines"]:
                    lines[path][line["line_number"]] += line["count"]
    return lines


def ranges(numbers):
    """[1, 2, 3, 7]: "1-3 7"."""
    found = []
    for number in sorted(numbers):
        if found and number == found[-1][1] + 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return " ".join(str(first) if first == last else f"{first}-{last}" for first, last in found)


def main():
    bar, build, programs = float(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3:]
    for path in build.glob("*.p/*.gcda"):
        path.unlink()
    replay(programs)
    lines = read_lines(build, sorted(build.glob("libcovered-*.p/*.gcda")))
    good = True
    for folder in FOLDERS:
        sources = [str(path.relative_to(SOURCE)) for path in (SOURCE / folder).glob("*.c")]
        total = missing = 0
        for path in sorted(sources):
            missed = [number for number, count in lines[path].items() if count == 0]
            if not lines[path]:
                sys.exit(f"{path}: no counters")
            if missed:
                print(f"{path}: {len(missed)} of {len(lines[path])}: {ranges(missed)}")
            total += len(lines[path])
            missing += len(missed)
        share = 100 * (total - missing) / total
        good = good and share >= bar
        print(f"coverage: {folder}: {share:.1f} % of {total} lines, bar {bar:.0f} %")
    sys.exit(0 if good else 1)


main()
