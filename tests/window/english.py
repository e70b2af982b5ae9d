#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The real window in English, dark, at 1920x1080: an application is taken in and approved, and on no screen of it stands a
Japanese word but what comes from the card and from the person.

The clerk of the demonstration reads Japanese; what the window says is translated back for it, by the same catalogues.
Usage (inside tests/isolated): english.py --build DIR [--pictures DIR]"""

import glob
import json
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.realpath(__file__))
SOURCE = os.path.join(HERE, "..", "..")
sys.dont_write_bytecode = True
from stage import everything, options, perform, stage  # noqa: E402

LAST = 2  # in people.DAY: the shortest form
JAPANESE = re.compile("[\u3041-\u30ff\u4e00-\u9fff]")
PLACE = re.compile(r"%(?:\d+\$)?[-0-9.]*l*[sdu]")
ENTRY = re.compile(r'^msgid "(.*)"\n(?:msgid_plural "(.*)"\n)?msgstr(?:\[0\])? "(.*)"$', re.MULTILINE)


def unquote(text):
    return text.replace("\\n", "\n").replace('\\"', '"').replace("\\\\", "\\")


def pairs_of(node):
    """English and Japanese of every text in a form's or a table's JSON."""
    if isinstance(node, dict):
        if isinstance(node.get("en"), str) and isinstance(node.get("ja"), str):
            yield node["en"], node["ja"]
        for child in node.values():
            yield from pairs_of(child)
    elif isinstance(node, list):
        for child in node:
            yield from pairs_of(child)


class Back:
    """From what the window says in English to what it says in Japanese."""

    def __init__(self):
        self.known, self.patterns = {}, []
        for path in sorted(glob.glob(os.path.join(SOURCE, "data", "forms", "*.json"))):
            with open(path, encoding="utf-8") as file:
                self.known.update(pairs_of(json.load(file)))
        catalogue = subprocess.run(["msgcat", "--no-wrap", os.path.join(SOURCE, "po", "ja.po")], text=True, check=True,
                                   stdout=subprocess.PIPE).stdout
        for one, many, japanese in ENTRY.findall(catalogue):
            for english in filter(None, (unquote(one), unquote(many))):
                self.add(english, unquote(japanese))

    def add(self, english, japanese):
        places = PLACE.findall(english)
        if not places:
            self.known[english] = japanese
        elif re.search("[a-z]{3}", PLACE.sub("", english)):
            pattern = "(.+?)".join(re.escape(part) for part in PLACE.split(english))
            self.patterns.append((re.compile(pattern + r"\Z", re.DOTALL), japanese))

    def translate(self, text):
        if text not in self.known:
            self.known[text] = self.by_pattern(text)
        return self.known[text]

    def by_pattern(self, text):
        if "\n" in text:
            return "\n".join(self.translate(line) for line in text.split("\n"))
        head, colon, tail = text.partition(": ")
        if colon and head in self.known and tail in self.known:
            return self.known[head] + "：" + self.known[tail]
        for pattern, japanese in self.patterns:
            match = pattern.match(text)
            if match:
                values = iter(match.groups())
                return PLACE.sub(lambda _: next(values, ""), japanese)
        return text


def reader(office, env):
    """A robot that reads English as if it were Japanese, and keeps what it has read."""
    from robot import Robot

    class Reader(Robot):
        back, read = Back(), set()

        def look(self):
            widgets = super().look()
            for widget in widgets:
                if widget.name:
                    self.read.add(widget.name)
                    widget.name = self.back.translate(widget.name)
            return widgets

    return Reader(lambda: office.processes["window"], env, patience=90)


def strange(read, person, answers):
    """What stands there in Japanese and does not come from the person."""
    own = [person["name"], person["address"], *(person[key] for key in ("kana",) if key in person), *answers.values()]
    words = {part for text in own for part in re.split(r"[\s　]+", text) if part}
    left = []
    for text in sorted(read):
        rest = text
        for word in sorted(words, key=len, reverse=True):
            rest = rest.replace(word, "")
        if JAPANESE.search(rest):
            left.append(text)
    return left


def main():
    with stage(everything, (1920, 1080), make_robot=reader, pictures=options().pictures, MADOGUCHI_LANG="en",
               ADW_DEBUG_COLOR_SCHEME="prefer-dark") as play:
        from people import DAY

        clerk, case = play.clerk, DAY[LAST]
        clerk.picture = play.picture
        receipt = clerk.take_in(case)
        clerk.show_queue()
        clerk.lock()
        clerk.log_in("S0101")
        clerk.approve(receipt, "S0101")
        clerk.show_rest()
        found = strange(play.robot.read, play.office.people[case["resident"]], case["answers"])
        print("\n".join(found) or "%d texts read" % len(play.robot.read))
        return 1 if found or len(play.robot.read) < 100 else 0


if __name__ == "__main__":
    perform(main)
