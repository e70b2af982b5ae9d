#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What a test of the suite `whole` starts is built by the target of that name, which is all that packaging/check builds without
sanitizers: another program would be the one of an earlier day, or none."""

import json
import os
import subprocess
import sys

BUILD = os.path.realpath(os.environ["MADOGUCHI_BUILD"])


def facts(name):
    with open(os.path.join(BUILD, "meson-info", name), encoding="utf-8") as file:
        return json.load(file)


def built():
    """The files that the target stands for."""
    lines = subprocess.run(["ninja", "-C", BUILD, "-t", "query", "whole"], check=True, capture_output=True, text=True).stdout.splitlines()
    return {os.path.join(BUILD, line.lstrip(" |")) for line in lines if line.startswith("    ")}


def main():
    files = {target["id"]: target["filename"] for target in facts("intro-targets.json")}
    tests = [test for test in facts("intro-tests.json") if any(suite.endswith(":whole") for suite in test["suite"])]
    there, wrong = built(), []
    for test in tests:
        wanted = {file for target in test["depends"] for file in files[target]}
        wrong += ["%s wants %s, which the target `whole` does not build" % (test["name"], os.path.relpath(file, BUILD))
                  for file in sorted(wanted - there)]
    print("\n".join(wrong) or "%d tests, %d files" % (len(tests), len(there)))
    return 1 if wrong or not tests or not there else 0


sys.exit(main())
