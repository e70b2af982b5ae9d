#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Nothing polls: a clerk is at work, the home page stands, a card lies on a reader, pcscd runs, and nothing happens.
Counts how often any thread of the window wakes up (context switches, as the kernel counts them), and what processor
time it takes. Run inside tests/isolated.

What may wake it: the clock once a minute, the look whether the clerk is still there once in ten seconds. A program that
polled twice a second would be at 20 in each window of 10 seconds."""

import os
import sys
import time

sys.dont_write_bytecode = True
from stage import perform, stage  # noqa: E402
WINDOW_S, WINDOWS, MOST = 10, 8, 6


def counted(pid):
    """Context switches of each thread so far, and clock ticks of processor time of all."""
    switches = {}
    for thread in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{thread}/status") as status:
            switches[thread] = sum(int(line.split()[1]) for line in status if "voluntary_ctxt_switches" in line)
    with open(f"/proc/{pid}/stat") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return switches, int(fields[11]) + int(fields[12])


def measure(pid):
    """(wake-ups, ticks) of the quietest of some windows: what others do to the machine must not count."""
    found = []
    before = counted(pid)
    for _ in range(WINDOWS):
        time.sleep(WINDOW_S)
        now = counted(pid)
        found.append((sum(count - before[0].get(thread, 0) for thread, count in now[0].items()), now[1] - before[1]))
        before = now
        if found[-1][0] <= MOST and found[-1][1] == 0:
            break
    print("wake-ups and clock ticks in windows of %d s: %s" % (WINDOW_S, found), flush=True)
    return min(found)


def main():
    with stage() as play:
        play.office.insert("resident", "tanaka")
        wakeups, ticks = measure(play.office.processes["window"].pid)
    assert wakeups <= MOST, "%d wake-ups in %d s" % (wakeups, WINDOW_S)
    assert ticks <= 1, "%d clock ticks of processor time" % ticks
    return 0


if __name__ == "__main__":
    perform(main)
