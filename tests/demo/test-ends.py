#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""packaging/demo told to end at any moment, as by Ctrl-C, by kill or by closing its terminal: every process that it started is
gone, and so is all that it made but the pictures.

Runs inside tests/isolated, so that the processes seen are its own and the demonstration's. The script is the real one in a
house of its own, where "meson" stands for a build that is done already."""

import os
import pty
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

HERE = os.path.dirname(os.path.realpath(__file__))
sys.dont_write_bytecode = True
sys.path[:0] = [os.path.join(HERE, "..", "window")]

from screen import Screen  # noqa: E402

PATIENCE = 240
BUILD = os.environ["MADOGUCHI_BUILD"]
MESON = """#!/bin/sh
[ "$1" != compile ] || [ ! -e "$HOUSE/slow" ] || { touch "$HOUSE/building"; sleep 1000; }
[ "$1" != install ] || for program in "$MADOGUCHI_BUILD"/src/*/madoguchi*; do
  [ -d "$program" ] || ln -sf "$program" "$HOUSE/build/demo-root/bin/"
done
"""


def processes():
    """pid -> command line of everything that runs here, dead ones that wait for their parent aside."""
    found = {}
    for name in os.listdir("/proc"):
        try:
            with open("/proc/%s/cmdline" % name, "rb") as file:
                line = file.read().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if name.isdigit() and line:
            found[int(name)] = line
    return found


class Ends(unittest.TestCase):
    def setUp(self):
        self.house = tempfile.mkdtemp(prefix="house-", dir=os.path.join(BUILD, "tests", "demo"))  # TMPDIR is hidden inside
        self.addCleanup(shutil.rmtree, self.house)
        for folder in ("packaging", "bin", "build/demo-root/bin"):
            os.makedirs(os.path.join(self.house, folder))
        shutil.copy(os.path.join(HERE, "..", "..", "packaging", "demo"), os.path.join(self.house, "packaging"))
        os.symlink(os.path.realpath(os.path.join(HERE, "..")), os.path.join(self.house, "tests"))
        self.write("packaging/deps", "#!/bin/sh\n")
        self.write("bin/meson", MESON)
        self.env = dict(os.environ, HOUSE=self.house, PATH=os.path.join(self.house, "bin") + ":" + os.environ["PATH"],
                        MADOGUCHI_LOCALEDIR=os.path.join(BUILD, "po"))
        self.env.pop("MADOGUCHI_WORLD_STORE", None)  # it makes its world, as by hand
        os.symlink(BUILD, os.path.join(self.house, "build", "demo-build"))
        self.processes = processes()
        self.places = {place: sorted(os.listdir(place)) for place in (tempfile.gettempdir(), "/run")}
        self.output = open(os.path.join(self.house, "output"), "w+")
        self.addCleanup(self.output.close)

    def write(self, name, text):
        with open(os.path.join(self.house, name), "w") as file:
            file.write(text)
        os.chmod(file.name, 0o755)

    # --- the demonstration ---

    def begin(self):
        """As a shell with job control would: in a process group of its own."""
        demo = subprocess.Popen(["packaging/demo", "--auto"], cwd=self.house, env=self.env, stdin=subprocess.DEVNULL,
                                stdout=self.output, stderr=self.output, start_new_session=True)
        self.addCleanup(demo.kill)
        return demo

    def begin_by_hand(self, screen):
        """In a terminal. Returns the process and the terminal's other end."""
        env = dict(screen.env, **{k: self.env[k] for k in ("HOUSE", "PATH", "MADOGUCHI_LOCALEDIR")})
        env.pop("DBUS_SESSION_BUS_ADDRESS")  # as under sudo
        pid, terminal = pty.fork()
        if pid == 0:
            os.chdir(self.house)
            os.execve("packaging/demo", ["packaging/demo"], env)
        return pid, terminal

    def said(self):
        with open(self.output.name, errors="replace") as file:
            return file.read()

    def until(self, demo, condition, what):
        end = time.monotonic() + PATIENCE
        while not condition():
            self.assertIsNone(demo.poll(), self.said())
            self.assertLess(time.monotonic(), end, "%s; it said:\n%s" % (what, self.said()))
            time.sleep(0.02)

    def picture(self, name):
        """Whether the demonstration has come to the screen of this name."""
        folder = os.path.join(self.house, "build", "demo")
        return os.path.isdir(folder) and any(file.endswith("-%s.png" % name) for file in os.listdir(folder))

    def running(self, word):
        return any(word in line for line in processes().values())

    # --- how it ended ---

    def check_ended(self, demo):
        self.assertNotEqual(demo.wait(PATIENCE), 0, self.said())
        self.check_nothing_left(self.said())

    def check_nothing_left(self, said):
        self.assertNotIn("Traceback", said)
        left = {pid: line for pid, line in processes().items() if pid not in self.processes and pid != os.getpid()}
        self.assertEqual(left, {})
        for place, before in self.places.items():
            self.assertEqual(sorted(os.listdir(place)), before)

    # --- the moments ---

    def test_kill_while_building(self):
        self.write("slow", "")
        demo = self.begin()
        self.until(demo, lambda: os.path.exists(os.path.join(self.house, "building")), "the build did not begin")
        demo.terminate()
        self.check_ended(demo)

    def test_interrupt_while_making_the_world(self):
        demo = self.begin()
        self.until(demo, lambda: self.running("make-world"), "no world was made")
        os.killpg(demo.pid, signal.SIGINT)
        self.check_ended(demo)
        self.assertEqual(demo.returncode, 128 + signal.SIGINT)

    def test_hangup_at_the_login(self):
        demo = self.begin()
        self.until(demo, lambda: self.picture("login"), "the window did not come")
        demo.send_signal(signal.SIGHUP)
        self.check_ended(demo)

    def test_kill_in_the_middle_of_an_intake(self):
        demo = self.begin()
        self.until(demo, lambda: self.picture("pin"), "no intake was begun")
        demo.terminate()
        demo.terminate()  # once more, as the impatient do
        self.check_ended(demo)

    def read(self, terminal, until):
        """What is said in the terminal, to the words `until` or to its end (None)."""
        said, end = b"", time.monotonic() + PATIENCE
        while until is None or until not in said:
            self.assertLess(time.monotonic(), end, said)
            try:
                if select.select([terminal], [], [], 1)[0]:
                    said += os.read(terminal, 4096)
            except OSError:  # the last one there has gone
                self.assertIsNone(until, said.decode(errors="replace"))
                break
        return said.decode(errors="replace")

    def end_in_terminal(self, end):
        """By hand, up to the prompt; then `end(terminal)`. Returns what was said."""
        with Screen() as screen:
            while not self.running("openbox") or self.processes != processes():
                self.processes = processes()  # the screen's own settle
                time.sleep(0.5)
            self.places = {place: sorted(os.listdir(place)) for place in self.places}
            pid, terminal = self.begin_by_hand(screen)
            said = self.read(terminal, b"card> ")
            said += end(terminal) or ""
            os.close(terminal)
            self.assertNotEqual(os.waitpid(pid, 0)[1], 0)
            self.check_nothing_left(said)

    def test_interrupt_at_the_prompt(self):
        def press(terminal):
            os.write(terminal, b"\x03")
            return self.read(terminal, None)

        self.end_in_terminal(press)

    def test_terminal_closed(self):
        self.end_in_terminal(lambda terminal: None)


if __name__ == "__main__":
    unittest.main()
