# SPDX-License-Identifier: Apache-2.0
"""Reads tests/card/traces (whose README says what stands there) for what a fuzzer may begin with: conversations as scripts
of fuzz-card, and the commands, answers, files, answers to reset, PINs and keypads in them."""

import pathlib
import re

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "card" / "traces"


class Step:
    """One call of the library, and the lines of its exchanges: their kind, and the bytes or the error."""

    def __init__(self, words):
        self.words = words
        self.lines = []

    def files(self):
        """What READ BINARY gave of each file that was selected."""
        data, command = b"", b""
        for kind, value in self.lines:
            if kind == "=":
                command = b""
            elif kind == ">":
                if value[:2] == b"\x00\xa4" and data:
                    yield data
                    data = b""
                command = value
            elif kind == "<" and command[:2] == b"\x00\xb0":
                data += value[:-2]
        if data:
            yield data


class Trace:
    """A file of the folder."""

    def __init__(self, path, parts):
        self.name = path.stem
        self.head = {}
        self.talks = []
        for line in path.read_text(encoding="utf-8").split("\n"):
            if line[:1] in (">", "<", "="):
                filled = re.sub(r"\{([^}]*)\}", lambda found: part_of(parts, found[1]), line[1:])
                self.talks[-1][-1].lines.append((line[0], bytes.fromhex(filled.replace("..", "00"))))
            elif line[:1] == "!":
                self.talks[-1][-1].lines.append(("!", line[1:].strip()))
            elif line[:1] not in ("", "#"):
                self.read_key(*line.split(": ", 1))

    def read_key(self, key, value):
        if key == "talk":
            self.talks.append([])
        elif key == "do":
            self.talks[-1].append(Step(value.split(" ")))
        elif key != "expect":
            self.head.setdefault(key, []).append(value)

    def atrs(self):
        return [bytes.fromhex(atr) for atr in self.head["atr"] if atr != "none"]


def part_of(parts, inside):
    name, *numbers = inside.split(" ")
    start, *size = map(int, numbers or [0])
    data = parts[name]
    return data[start:start + size[0] if size else len(data)].hex()


def read_parts():
    parts, name = {}, None
    for line in (FOLDER / "parts.txt").read_text(encoding="utf-8").split("\n"):
        if line.endswith(":") and not line.startswith("#"):
            name = line[:-1]
            parts[name] = b""
        elif line.startswith(" "):
            parts[name] += bytes.fromhex(line)
    return parts


def read_all():
    parts = read_parts()
    return [Trace(path, parts) for path in sorted(FOLDER.glob("*.trace"))]
