#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""An application taken in and approved without a mouse: everything is reached with Tab and the keys of the window, and done with
Space, Enter and Ctrl+Enter. The accessibility interface only reads, and puts in what an input method would (kana, kanji).

Usage (inside tests/isolated): keyboard.py --build DIR"""

import sys
import time

sys.dont_write_bytecode = True
from stage import everything, options, perform, stage  # noqa: E402

LAST = 2  # in people.DAY: the shortest form
STOPS = 120  # more than any screen has


def hands(office, env):
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

    return Hands(lambda: office.processes["window"], env, patience=60)


def main():
    options()
    with stage(everything, make_robot=hands) as play:
        from people import DAY

        receipt = play.clerk.take_in(DAY[LAST])
        play.clerk.lock()
        play.clerk.log_in("S0101")
        play.clerk.approve(receipt, "S0101")
        decided = [record["outcome"] for record in play.office.ctl("audit", "list", "--limit", "1000")
                   if record["event"] == "decide"]
        assert decided == ["done"], decided
    return 0


if __name__ == "__main__":
    perform(main)
