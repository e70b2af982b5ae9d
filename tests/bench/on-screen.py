#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Runs a command on a private screen. Usage (inside tests/isolated): on-screen.py COMMAND [ARGUMENT...]"""

import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "window"))
from screen import Screen  # noqa: E402

if __name__ == "__main__":
    with Screen() as screen:
        sys.exit(subprocess.run(sys.argv[1:], env=dict(screen.env, GTK_A11Y="none"), check=False).returncode)
