#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A window that cannot work, started by hand: it says on the screen what is wrong and whom to call, the service's log has
it, and the window ends when it is closed. Run inside tests/isolated."""

import configparser
import os
import sys

sys.dont_write_bytecode = True
from stage import BUTTONS, perform, stage  # noqa: E402


class Start:
    def __init__(self, play):
        self.office, self.robot = play.office, play.robot
        self.settings = play.office.at("terminal", "terminal.ini")
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
        from world import wait_until

        self.office.start_window()
        for text in words + ["管理者に連絡してください。"]:
            self.robot.find("label", text)
        wait_until(lambda: self.last(event).startswith(recorded), "%s: %s" % (event, recorded))
        self.robot.press(BUTTONS, "閉じる")
        window = self.office.processes["window"]
        wait_until(lambda: window.poll() is not None, "the window has ended")
        assert window.returncode == 1, window.returncode
        self.office.stop("window")
        print("start: %s" % recorded)


def without_window(office):
    office.start_cards()
    office.start_daemon()


def main():
    with stage(without_window, staff=None) as play:
        office, start = play.office, Start(play)
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
    perform(main)
