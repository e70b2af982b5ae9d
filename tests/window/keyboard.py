#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""An application taken in and approved without a mouse: everything is reached with Tab and the keys of the window, and done with
Space, Enter and Ctrl+Enter. The accessibility interface only reads, and puts in what an input method would (kana, kanji).

Usage (inside tests/isolated): keyboard.py --build DIR"""

import argparse
import os
import sys
import time

HERE = os.path.dirname(os.path.realpath(__file__))
sys.dont_write_bytecode = True
sys.path[:0] = [HERE, os.path.join(HERE, "..", "world"), os.path.join(HERE, "..", "demo")]

LAST = 2  # in people.DAY: the shortest form
STOPS = 120  # more than any screen has


def hands(process, env):
    """A robot with a keyboard only."""
    from robot import NotFound
    from sight import Atspi, Sight

    class Hands(Sight):
        def focused(self):
            found = [widget for widget in self.all() if widget.has([Atspi.StateType.FOCUSED])]
            return found[-1] if found else None

        def tab(self, before):
            """One Tab; returns what has the focus then."""
            self.key("Tab")
            deadline = time.monotonic() + self.patience
            while True:
                now = self.focused()
                if now is not None and (before is None or now.path != before.path):
                    return now
                if time.monotonic() > deadline:
                    raise NotFound("Tab does not leave %s %r" % (before.role if before else None, before and before.name))
                time.sleep(0.02)

        def go_to(self, target):
            """Tab until the focus is there; as long as it takes, but not in a circle for ever."""
            now, passed = self.focused(), []
            while now is None or (now.path != target.path and target.path not in now.children):
                if len(passed) > STOPS:
                    raise NotFound("Tab does not come to %s %r, only to:\n%s"
                                   % (target.role, target.name, "\n".join(passed)))
                now = self.tab(now)
                passed.append("  %s: %s" % (now.role, now.name))

        def press(self, role=None, name=None, where=None, patience=None):
            target = self.find(role, name)
            self.go_to(target)
            self.key("space")
            return target

        def activate(self, widget):
            self.go_to(widget)
            self.key("Return")

        def write(self, text, role="text", name=None, where=None):
            target = self.find(role, name)
            self.go_to(target)
            if not text.isascii():
                return super().write(text, role, name)
            self.key("ctrl+a")
            self.type(text)
            return target

    return Hands(process, env, patience=60)


def run():
    from screen import Screen

    with Screen() as screen:
        screen.env["G_DEBUG"] = "fatal-criticals"
        os.environ.update(screen.env)
        os.environ.pop("G_DEBUG")  # libatspi, which we look with, warns of objects that go while it looks
        from clerk import Clerk
        from office import Office
        from people import DAY

        with Office(None, screen.env) as office:
            office.start_all()
            robot = hands(lambda: office.processes["window"], screen.env)
            clerk = Clerk(office, robot, lambda name: None)
            try:
                clerk.log_in("S0001")
                receipt = clerk.take_in(DAY[LAST])
                clerk.lock()
                clerk.log_in("S0101")
                clerk.approve(receipt, "S0101")
            except BaseException:
                print("%s\n--- window\n%s" % (robot.describe(), office.log_of("window")[-2000:]), file=sys.stderr)
                raise
            decided = [record["outcome"] for record in office.ctl("audit", "list", "--limit", "1000")
                       if record["event"] == "decide"]
            assert decided == ["done"], decided
    return 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    os.environ["MADOGUCHI_BUILD"] = parser.parse_args().build  # before the first import of world
    import world

    world.main_guard(run)


if __name__ == "__main__":
    main()
