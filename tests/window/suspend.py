#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A clerk suspends an intake with one key while the person fetches a paper, leaves, logs in again and goes on with it, at the
real window on real parts. What was typed is nowhere on the disk meanwhile, and comes back only for the card of the same person.

Usage (inside tests/isolated): suspend.py [--pictures DIR]"""

import contextlib
import os
import sqlite3
import sys
import time

sys.dont_write_bytecode = True
from stage import BUTTONS, options, perform, stage  # noqa: E402

LIST = "中断中の受付"
HEAD = "夢見草 まぼろし"


def on_disk(folder, *needles):
    """The files below `folder` in which one of the needles stands."""
    found = []
    for top, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(top, name)
            try:
                with open(path, "rb") as file:
                    content = file.read()
            except OSError:  # a socket, or gone by now
                continue
            found += [path for needle in needles if needle.encode() in content]
    return found


class Story:
    def __init__(self, play, case):
        self.play, self.office, self.robot, self.clerk, self.case = play, play.office, play.robot, play.clerk, case

    def fill_in(self):
        robot = self.robot
        robot.key("F2")
        self.clerk.see("どの手続きですか")
        robot.type(self.case["search"]) if self.case["search"].isascii() else robot.write(self.case["search"])
        self.clerk.primary()
        self.clerk.fill_in_chosen(self.case)

    def suspend(self):
        """The card is lifted, too: the person takes it along."""
        self.robot.key("F8")
        self.clerk.see("受付を中断しました")
        self.office.remove_card("resident")
        assert len(self.robot.rows(LIST)) == 1, self.robot.row_names(LIST)
        self.play.picture("suspended")
        left = [word for word in self.robot.texts() if HEAD in word or "田中" in word]
        assert not left, "the screen still says %s" % left

    def check_disk(self):
        found = on_disk(os.path.dirname(self.office.at("any")), HEAD)
        assert not found, "what was typed stands in %s" % found

    def resume(self):
        clerk, robot = self.clerk, self.robot
        robot.activate(robot.rows(LIST)[0])
        clerk.see("暗証番号で、中断した受付を開いて")
        self.play.picture("draft")
        clerk.type_staff_pin("S0001")
        clerk.primary()
        clerk.see("カードを置いてください")
        self.play.picture("resumed")

    def show_card(self, who):
        clerk, person = self.clerk, self.office.people[who]
        self.office.insert("resident", who)
        clerk.see("2つのうち1つめ")
        clerk.type_pin(person["pins"]["text"])
        clerk.primary()
        clerk.see("2つのうち2つめ")
        clerk.type_pin(person["pins"]["auth"])
        clerk.primary()

    def finish(self):
        """Where it was: the contents, filled in."""
        clerk, robot = self.clerk, self.robot
        clerk.see(self.office.people[self.case["resident"]]["name"].split("　")[0])
        clerk.primary()
        clerk.see("申請書のまとまり", "読み上げて")
        if not robot.said("読み上げて"):
            clerk.primary()
        clerk.see("読み上げて")
        assert HEAD in "\n".join(robot.texts()), "what was typed did not come back"
        clerk.type_staff_pin("S0001")
        clerk.primary()
        clerk.see("受け付けました")
        self.office.remove_card("resident")
        clerk.primary()
        clerk.see("今日の受付")
        robot.gone(BUTTONS, "中断中")

    def run(self):
        clerk = self.clerk
        self.fill_in()
        self.suspend()
        self.check_disk()
        clerk.lock()
        clerk.log_in("S0001")
        self.resume()
        self.show_card("suzuki")
        clerk.see("中断した受付の方ではありません")
        self.play.picture("another-person")
        self.office.remove_card("resident")
        self.show_card(self.case["resident"])
        self.finish()
        self.check_disk()


class Crash(Story):
    """The window is killed in the middle of it; whoever logs in again is offered what was typed."""

    def run(self):
        clerk, office = self.clerk, self.office
        self.fill_in()
        for _ in self.robot.tries(90):
            if self.kept():
                break
        office.processes["window"].kill()
        office.processes["window"].wait()
        self.check_disk()
        office.remove_card("resident")
        office.remove_card("staff")
        office.start_window()
        clerk.log_in("S0001")
        self.robot.find(BUTTONS, "中断中")
        self.play.picture("after-the-crash")
        self.resume()
        self.show_card(self.case["resident"])
        self.finish()
        self.check_disk()

    def kept(self):
        """Whether what was typed lies sealed in the service's database by now."""
        time.sleep(4)  # the last key, too
        database = self.office.at("terminal", "state", "terminal.db")
        with contextlib.closing(sqlite3.connect("file:%s?mode=ro" % database, uri=True)) as db:
            return db.execute("SELECT count (*) FROM draft").fetchone()[0] == 1


def check(office):
    events = [record["event"] for record in office.ctl("audit", "list", "--limit", "1000") if record["outcome"] == "done"]
    for wanted in ("suspend", "resume", "submit"):
        assert events.count(wanted) == 1, (wanted, events)


def main():
    from people import DAY

    chosen = options()
    case = dict(DAY[0], answers=dict(DAY[0]["answers"], **{"p.hh_head": HEAD}))
    with stage(pictures=chosen.pictures) as play:
        Story(play, case).run()
        check(play.office)
        Crash(play, case).run()
    return 0


if __name__ == "__main__":
    perform(main)
