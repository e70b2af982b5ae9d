#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The form of every procedure, with everything that it can ask for, by Tab alone: each section in reading order, which is the order of
the form, and every field that can be filled in is come to.

Usage (inside tests/isolated): tab-order.py PREVIEW"""

import os
import subprocess
import sys

HERE = os.path.dirname(os.path.realpath(__file__))
sys.dont_write_bytecode = True
sys.path.insert(0, HERE)
from screen import Screen  # noqa: E402

LEAST = 1500  # fields, of all of them


def main(preview):
    folder = os.path.join(os.environ["MADOGUCHI_SOURCE"], "data", "forms", "procedures")
    procedures = sorted(name[:-len(".json")] for name in os.listdir(folder) if name.endswith(".json") and "@" not in name)
    with Screen(1366, 768) as screen:
        env = dict(screen.env, MADOGUCHI_LANG="ja", G_DEBUG="fatal-warnings",
                   MADOGUCHI_LOCALEDIR=os.path.join(os.environ["MADOGUCHI_BUILD"], "po"))
        orders = "".join("form:%s 1366x768 light\n" % name for name in procedures)
        done = subprocess.run([os.path.realpath(preview), "--inspect"], env=env, input=orders, text=True, stdout=subprocess.PIPE,
                              check=False)
    lines = done.stdout.splitlines()
    complaints = [line[2:] for line in lines if line.startswith("! ")]
    fields = sum(int(line.split()[1]) for line in lines if line.startswith("fields "))
    walked = [line.split(":")[1] for line in lines if line.startswith("done form:")]
    if done.returncode != 0 or walked != procedures:
        complaints.append("preview ended with %d after %d of %d procedures" % (done.returncode, len(walked), len(procedures)))
    if fields < LEAST:
        complaints.append("only %d fields" % fields)
    print("\n".join(complaints) or "%d procedures, %d fields" % (len(walked), fields))
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
