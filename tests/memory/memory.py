# SPDX-License-Identifier: Apache-2.0
"""Looks for texts in the memory of a running program: heap, stacks, data, locked pages, freed blocks included."""

import array
import itertools
import os

LARGEST = 4 << 30  # beyond it are the sanitizers' own tables
STEP = 64 << 20
OVERLAP = 4096
PAGE = 4096
THERE = 3 << 62  # in a page's entry


# What ASan is told, so that it does with freed blocks as our programs do without it.
ASAN_WIPES = "max_free_fill_size=1073741824:free_fill_byte=0"


def forms(text):
    """How a text can stand in memory: UTF-8 and, where that says enough, UTF-16 and UCS-4."""
    found = [text.encode()]
    if len(text) > 4:
        found += [text.encode("utf-16-le"), text.encode("utf-32-le")]
    return found


class Verify:
    """A card's VERIFY command with this PIN, whatever its reference."""

    def __init__(self, pin, length):
        self.end = bytes([length]) + pin.encode()

    def places(self, content):
        for start, end in places(content, self.end):
            if content[max(0, start - 4):start - 1] == bytes([0, 0x20, 0]):
                yield start - 4, end


def places(content, needle):
    if isinstance(needle, Verify):
        yield from needle.places(content)
        return
    at = content.find(needle)
    while at >= 0:
        yield at, at + len(needle)
        at = content.find(needle, at + 1)


def regions(pid):
    with open("/proc/%d/maps" % pid) as maps:
        for line in maps:
            words = line.split()
            start, end = (int(part, 16) for part in words[0].split("-"))
            if words[1].startswith("rw") and end - start <= LARGEST:
                yield start, end, words[5] if len(words) > 5 else "no file"


def secret_pages(pid):
    """Where the pages of secrets begin: no others are wiped in a fork."""
    begins = set()
    with open("/proc/%d/smaps" % pid) as maps:
        for line in maps:
            words = line.split()
            if "-" in words[0] and not words[0].endswith(":"):
                start = int(words[0].split("-")[0], 16)
            elif words[0] == "VmFlags:" and "wf" in words:
                begins.add(start)
    return begins


def there(pagemap, start, end):
    """Which of these pages there are, in memory or swapped out, as runs; the others have never been written."""
    entries = array.array("Q", os.pread(pagemap, (end - start) // PAGE * 8, start // PAGE * 8))
    at = start
    for present, run in itertools.groupby(entries, THERE.__and__):
        length = sum(1 for _ in run) * PAGE
        if present:
            yield at, at + length
        at += length


def pieces(pid, but=()):
    """(content, where) of all of its writable memory. but: where what is not looked at begins."""
    memory, pagemap = (os.open("/proc/%d/%s" % (pid, name), os.O_RDONLY) for name in ("mem", "pagemap"))
    try:
        for start, end, where in regions(pid):
            if start in but:
                continue
            for first, last in there(pagemap, start, end):
                for begin in range(first, last, STEP):
                    try:
                        yield os.pread(memory, min(STEP + OVERLAP, last - begin), begin), where
                    except OSError:
                        continue  # gone by now, or a device
    finally:
        os.close(memory)
        os.close(pagemap)


def scan(pid, needles, but=()):
    """needles: name -> bytes or Verify. Returns a list of (name, where, what stands around it)."""
    return [hit for content, where in pieces(pid, but) for hit in look(content, needles, where)]


def written(content):
    """The parts of it that hold something, with a page more on either side: most of a memory is nothing but zeros."""
    parts, nothing = [], bytes(PAGE)
    for at in range(0, len(content), PAGE):
        if content[at:at + PAGE] != nothing[:len(content) - at]:
            if parts and at - PAGE <= parts[-1][1]:
                parts[-1][1] = at + 2 * PAGE
            else:
                parts.append([max(0, at - PAGE), at + 2 * PAGE])
    return parts


def look(content, needles, where):
    for first, last in written(content):
        part = content[first:last]
        for name, needle in needles.items():
            for start, end in places(part, needle):
                if first + start < STEP:
                    yield name, where, part[max(0, start - 64):end + 64]
