#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The reader doctor on the settings page of the real window: says that all is well, and names a locked PIN. Run inside
tests/isolated."""

import os
import sys

HERE = os.path.dirname(os.path.realpath(__file__))
sys.path[0:0] = [HERE, os.path.join(HERE, "..", "demo")]
sys.dont_write_bytecode = True


def main():
    from screen import Screen

    with Screen() as screen:
        screen.env["G_DEBUG"] = "fatal-criticals"
        os.environ.update(screen.env)
        os.environ.pop("G_DEBUG")  # libatspi, which we look with, warns of objects that go while it looks
        from clerk import BUTTONS, Clerk
        from office import Office
        from robot import Robot

        with Office(None, screen.env) as office:
            office.start_cards()
            office.start_daemon()
            office.set_passwords()
            office.start_window()
            robot = Robot(["madoguchi"], screen.env)
            clerk = Clerk(office, robot, lambda name: None)
            clerk.log_in("S0001")
            robot.press(BUTTONS, "設定")
            for card, words in (("tanaka", "異常は見つかりませんでした。"), ("locked", "このカードの暗証番号がロックされています。")):
                office.insert("resident", card)
                robot.press(BUTTONS, "原因を調べる")
                clerk.see(words)
                print("doctor: %s: %s" % (card, words))
                office.remove_card("resident")
    return 0


if __name__ == "__main__":
    sys.exit(main())
