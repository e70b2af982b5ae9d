#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Start to first frame, as a ratio to gtk4-widget-factory in the same run on the same private screen.

Usage (inside tests/isolated, with-world): start.py FIRST-FRAME MADOGUCHI
Ours and theirs alternate; the medians of the runs are compared.
"""

import os
import statistics
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "window"))
from screen import Screen  # noqa: E402

RUNS = 7
BAR = 1.5


def main(first_frame, madoguchi):
    settings = os.path.join(os.environ["MADOGUCHI_WORLD"], "terminal", "terminal.ini")
    times = {(madoguchi, "--session", "--config", settings): [], ("gtk4-widget-factory",): []}
    with Screen() as screen:
        env = dict(screen.env, GTK_A11Y="none")
        for run in range(RUNS + 1):
            for program, found in times.items():
                line = subprocess.run([first_frame, *program], env=env, stdout=subprocess.PIPE,
                                      stderr=subprocess.DEVNULL, text=True, check=True).stdout
                if run > 0:  # the first round only warms the page cache
                    found.append(float(line))
    ours, theirs = (statistics.median(found) for found in times.values())
    print("start: madoguchi %.0f ms, gtk4-widget-factory %.0f ms, ratio %.2f (medians of %d)"
          % (ours, theirs, ours / theirs, RUNS))
    if ours / theirs > BAR:
        print("start: above the bar of %.2f" % BAR)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
