#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A window that cannot work, started by hand: it says on the screen what is wrong and whom to call, the service's log has
it, and the window ends when it is closed. Run inside tests/isolated."""

import configparser
import os
import sys

HERE = os.path.dirname(os.path.realpath(__file__))
sys.path[0:0] = [HERE, os.path.join(HERE, "..", "demo")]
sys.dont_write_bytecode = True

BUTTONS = ["push button", "button"]


class Start:
    def __init__(self, office, screen):
        self.office, self.env = office, screen.env
        self.settings = office.at("terminal", "terminal.ini")
        with open(self.settings, encoding="utf-8") as f:
            self.good = f.read()

    def set(self, group, key, value):
        file = configparser.ConfigParser(interpolation=None)
        file.optionxform = str
        file.read_string(self.good)
        file[group][key] = value
        with open(self.settings, "w", encoding="utf-8") as f:
            file.write(f, space_around_delimiters=False)

    def last(self, event):
        """Outcome and detail of the newest record of an event."""
        found = [r for r in self.office.ctl("audit", "list") if r["event"] == event]
        return "%s %s" % (found[-1]["outcome"], found[-1]["detail"]) if found else "nothing"

    def fails(self, words, event, recorded):
        from robot import Robot
        from world import wait_until

        self.office.start_window()
        robot = Robot(["madoguchi"], self.env)
        for text in words + ["管理者に連絡してください。"]:
            robot.find("label", text)
        wait_until(lambda: self.last(event).startswith(recorded), "%s: %s" % (event, recorded))
        robot.press(BUTTONS, "閉じる")
        window = self.office.processes["window"]
        wait_until(lambda: window.poll() is not None, "the window has ended")
        assert window.returncode == 1, window.returncode
        self.office.stop("window")
        print("start: %s" % recorded)


def main():
    from screen import Screen

    with Screen() as screen:
        screen.env["G_DEBUG"] = "fatal-criticals"
        os.environ.update(screen.env)
        os.environ.pop("G_DEBUG")  # libatspi, which we look with, warns of objects that go while it looks
        from office import Office

        with Office(None, screen.env) as office:
            office.start_cards()
            office.start_daemon()
            start = Start(office, screen)
            forms = office.at("run", "forms <b>")
            os.makedirs(forms)
            start.set("terminal", "forms_dir", forms)
            start.fails(["申請書の定義を使えません"], "forms", "failed cause=unreadable uid=")
            with open(os.path.join(forms, "fields.json"), "w", encoding="utf-8") as f:
                f.write("{}")
            start.fails(["申請書の定義を使えません"], "forms", "failed cause=definition uid=")
            with open(start.settings, "w", encoding="utf-8") as f:
                f.write("no settings")
            start.fails(["端末の設定を読み取れません"], "settings", "failed cause=unreadable uid=")
    return 0


if __name__ == "__main__":
    sys.exit(main())
