#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Every screen in Japanese and English, light and dark, at 1366x768 and 1920x1080: nothing beyond the edge, cut, too pale or
in the other language, no scrolling sideways, no Japanese line that ends inside a phrase; by Tab alone all of it in reading
order, with the focus to be seen. preview --inspect measures; this asks for all of it.

Usage (inside tests/isolated): looks.py PREVIEW LANGUAGE [--pictures DIR]"""

import os
import subprocess
import sys

HERE = os.path.dirname(os.path.realpath(__file__))
sys.dont_write_bytecode = True
sys.path.insert(0, HERE)
from screen import Screen  # noqa: E402

# Of each language, size and look every pair once; by keyboard on the small dark screen and, where there is most to walk
# through, on the large light one.
WALKED_LARGE = ("home", "failed", "face-entry", "face-long", "content-wrong", "compare", "settings")
PASSES = {
    "ja": [("1366x768", "light", ()), ("1920x1080", "dark", ())],
    "en": [("1366x768", "dark", None), ("1920x1080", "light", WALKED_LARGE)],
}


def passes(language, scenes, pictures):
    """The orders for one preview: its lines of standard input."""
    for size, look, walked in PASSES[language]:
        for scene in scenes:
            walk = "+walk" if walked is None or scene in walked else ""
            name = "%s-%s-%s-%s.png" % (scene, language, size, look)
            yield "%s %s %s%s%s" % (scene, size, look, walk, " " + os.path.join(pictures, name) if pictures else "")


def inspect(preview, language, screen, pictures=None):
    """Returns what is wrong, a line each, and how many screens were looked at."""
    env = dict(screen.env, MADOGUCHI_LANG=language, G_DEBUG="fatal-warnings",
               MADOGUCHI_LOCALEDIR=os.path.join(os.environ["MADOGUCHI_BUILD"], "po"))
    env.setdefault("MADOGUCHI_SOURCE", os.path.join(HERE, "..", ".."))
    scenes = subprocess.run([preview, "--list"], capture_output=True, text=True, check=True).stdout.split()
    if pictures:
        os.makedirs(pictures, exist_ok=True)
    orders = list(passes(language, scenes, pictures))
    done = subprocess.run([preview, "--inspect"], env=env, input="".join(order + "\n" for order in orders), text=True,
                          stdout=subprocess.PIPE, check=False)
    complaints, found, walked = [], [], 0
    for line in done.stdout.splitlines():
        if line.startswith("! "):
            found.append(line[2:])
        elif line.startswith("tab "):
            walked += int(line[4:]) > 0
        elif line.startswith("done "):
            complaints += ["%s: %s" % (orders[0], complaint) for complaint in found]
            found = []
            del orders[0]
    if done.returncode != 0 or orders:
        complaints.append("preview ended with %d before: %s" % (done.returncode, "; ".join(orders[:1])))
    if language == "en" and walked < len(scenes):
        complaints.append("only %d screens were walked through" % walked)
    return complaints, len(scenes) * len(PASSES[language]) - len(orders)


def main(preview, language, pictures=None):
    with Screen(1920, 1080) as screen:
        complaints, count = inspect(os.path.realpath(preview), language, screen, pictures)
    print("\n".join(complaints) or "%d screens looked at" % count)
    return 1 if complaints or count < 50 else 0


if __name__ == "__main__":
    arguments = [argument for argument in sys.argv[1:] if argument != "--pictures"]
    sys.exit(main(*arguments))
