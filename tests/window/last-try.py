#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A card with one try left for each of its two PINs, at the real window: each is asked about by its name before it is typed, and
who is sure gets on. What was read stands beside the number, for the clerk to look at. Run inside tests/isolated."""

import os
import sys

HERE = os.path.dirname(os.path.realpath(__file__))
sys.path[0:0] = [HERE, os.path.join(HERE, "..", "demo")]
sys.dont_write_bytecode = True

TEXT = "券面事項入力補助用の暗証番号は、残り1回だけです"
AUTH = "利用者証明用の暗証番号は、残り1回だけです"


def begin(clerk):
    clerk.robot.key("F2")
    clerk.see("どの手続きですか")
    clerk.robot.write("国民年金")
    clerk.primary()
    clerk.see("説明")
    clerk.primary()
    clerk.see("カードを置いてください")


def enter(clerk, question, step, pin):
    clerk.see(question)
    clerk.primary()
    clerk.see(step)
    clerk.type_pin(pin)
    clerk.primary()


def main():
    from screen import Screen

    with Screen() as screen:
        screen.env["G_DEBUG"] = "fatal-criticals"
        os.environ.update(screen.env)
        os.environ.pop("G_DEBUG")  # libatspi, which we look with, warns of objects that go while it looks
        from clerk import Clerk
        from office import Office
        from robot import Robot

        with Office(None, screen.env) as office:
            office.start_cards()
            office.start_daemon()
            office.set_passwords()
            office.start_window()
            clerk = Clerk(office, Robot(["madoguchi"], screen.env), lambda name: None)
            clerk.log_in("S0001")
            begin(clerk)
            person = office.people["lasttry"]
            office.insert("resident", "lasttry")
            clerk.see(TEXT)
            said = "\n".join(clerk.robot.texts())
            assert AUTH not in said, "both are asked about at once"
            enter(clerk, TEXT, "2つのうち1つめ", person["pins"]["text"])
            enter(clerk, AUTH, "2つのうち2つめ", person["pins"]["auth"])
            for words in (person["name"].split("　")[0], person["address"], "男" if person["sex"] == "1" else "女",
                          "********" + person["number"][-4:]):
                clerk.see(words)
            print("last-try: both PINs were asked about, and the person is known")
    return 0


if __name__ == "__main__":
    sys.exit(main())
