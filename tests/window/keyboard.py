#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""An application taken in and approved without a mouse: everything is reached with Tab and the keys of the window, and done with
Space, Enter and Ctrl+Enter. The accessibility interface only reads, and puts in what an input method would (kana, kanji).

Usage (inside tests/isolated): keyboard.py --build DIR"""

import sys

sys.dont_write_bytecode = True
from stage import everything, options, perform, stage  # noqa: E402

LAST = 2  # in people.DAY: the shortest form
STOPS = 120  # more than any screen has


def hands(office, env):
    """A robot with a keyboard only."""
    from robot import NotFound, Robot
    from sight import FOCUSED, Focus

    class Hands(Robot):
        def __init__(self, *arguments, **more):
            super().__init__(*arguments, **more)
            self.focus = Focus(self)

        def go_to(self, target):
            """Tab until the focus is there; as long as it takes, but not in a circle for ever."""
            passed, ends = [], (target.path, target.parent)
            self.focus.path = next((widget.path for widget in reversed(self.all()) if widget.has(FOCUSED)), None)
            while self.focus.path not in ends:
                if len(passed) > STOPS:
                    raise NotFound("Tab does not come to %s %r, only to:\n%s"
                                   % (target.role, target.name, "\n".join(passed)))
                if not self.focus.await_move(lambda: self.key("Tab"), self.patience):
                    raise NotFound("Tab does not leave %s" % passed[-1:])
                passed += ["  %s: %s" % (now.role, now.name) for now in self.focus.family(1)]

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

    return Hands(lambda: office.processes["window"], env, patience=90)


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
