# SPDX-License-Identifier: Apache-2.0
"""Looks for texts in the memory of a running program: heap, stacks, data, locked pages, freed blocks included."""

import os

LARGEST = 4 << 30  # beyond it are the sanitizers' own tables
STEP = 64 << 20


def forms(text):
    """How a text can stand in memory: UTF-8 and, where that says enough, UTF-16 and UCS-4."""
    found = [text.encode()]
    if len(text) > 4:
        found += [text.encode("utf-16-le"), text.encode("utf-32-le")]
    return found


def regions(pid):
    with open("/proc/%d/maps" % pid) as maps:
        for line in maps:
            words = line.split()
            start, end = (int(part, 16) for part in words[0].split("-"))
            if words[1].startswith("rw") and end - start <= LARGEST:
                yield start, end, words[5] if len(words) > 5 else "no file"


def scan(pid, needles):
    """needles: name -> bytes. Returns a list of (name, where, what stands around it)."""
    overlap = max(len(needle) for needle in needles.values())
    found = []
    memory = os.open("/proc/%d/mem" % pid, os.O_RDONLY)
    try:
        for start, end, where in regions(pid):
            for begin in range(start, end, STEP):
                try:
                    content = os.pread(memory, min(STEP + overlap, end - begin), begin)
                except OSError:
                    continue  # gone by now, or a device
                found += list(look(content, needles, where))
    finally:
        os.close(memory)
    return found


def look(content, needles, where):
    for name, needle in needles.items():
        at = content.find(needle)
        while at >= 0:
            if at < STEP:
                yield name, where, content[max(0, at - 64):at + len(needle) + 64]
            at = content.find(needle, at + 1)
