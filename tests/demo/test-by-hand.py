#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The demonstration on a person's own desktop: without --auto the window opens there and cards come from a prompt.

Runs inside tests/isolated, whose screen stands for the desktop; the demonstration gets namespaces of its own in it."""

import os
import subprocess
import sys
import time
import unittest

HERE = os.path.dirname(os.path.realpath(__file__))
sys.dont_write_bytecode = True
sys.path[:0] = [os.path.join(HERE, "..", "window")]

from screen import Screen  # noqa: E402

PATIENCE = 240


class ByHand(unittest.TestCase):
    def begin(self, screen, display=None):
        env = dict(screen.env, MADOGUCHI_SCREEN="1", DISPLAY=display or screen.env["DISPLAY"])
        env.pop("DBUS_SESSION_BUS_ADDRESS")  # as under sudo
        return subprocess.Popen(
            [os.path.join(HERE, "..", "isolated"), "/usr/bin/python3", os.path.join(HERE, "day.py"),
             "--build", os.environ["MADOGUCHI_BUILD"], "--pictures", screen.home],
            env=env, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def windows(self, screen):
        found = subprocess.run(["xdotool", "search", "--onlyvisible", "--class", "madoguchi"], env=screen.env,
                               capture_output=True, text=True)
        return found.stdout.split()

    def await_window(self, screen, demo):
        end = time.monotonic() + PATIENCE
        while not self.windows(screen):
            self.assertIsNone(demo.poll())
            self.assertLess(time.monotonic(), end, "the window did not open")
            time.sleep(0.1)
        return self.windows(screen)

    def test_window_opens_and_takes_cards(self):
        with Screen() as screen:
            demo = self.begin(screen)
            self.await_window(screen, demo)
            output, _ = demo.communicate("staff S0001\nnonsense\nresident tanaka\nout staff\nquit\n", PATIENCE)
            self.assertEqual(demo.returncode, 0, output)
            self.assertIn("S0001  password", output)
            self.assertIn("card> card> Cards:", output)  # what was done is not commented
            self.assertTrue(output.endswith("card> card> card> \n"), output[-200:])
            self.assertEqual(output.count("Residents:"), 2)  # at the start, and for what was not understood

    def test_window_closed_by_the_person(self):
        with Screen() as screen:
            demo = self.begin(screen)
            window = self.await_window(screen, demo)[-1]
            subprocess.run(["xdotool", "windowclose", window], env=screen.env, check=True)
            demo.wait(PATIENCE)  # while the prompt still waits for an order
            output, _ = demo.communicate()
            self.assertNotIn("Traceback", output)

    def test_no_such_screen(self):
        with Screen() as screen:
            demo = self.begin(screen, ":4711")
            self.assertNotEqual(demo.wait(PATIENCE), 0)  # while the prompt still waits for an order
            output, _ = demo.communicate()
            self.assertIn("cannot open display", output)


if __name__ == "__main__":
    unittest.main()
