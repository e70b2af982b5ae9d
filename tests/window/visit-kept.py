#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A visit of two applications at the real window on real parts, whose window is killed twice: after the first application, and
while the second is filled in. Each time what was planned and done is there again for the clerk's card and the same person,
nothing of it can be read on the disk meanwhile, and one slip says both in the end.

Usage (inside tests/isolated): visit-kept.py [--pictures DIR]"""

import sys

sys.dont_write_bytecode = True
from stage import BUTTONS, options, perform, stage  # noqa: E402

from paper import everything_with_tray  # noqa: E402
from suspend import LIST, Crash, on_disk  # noqa: E402
from visit import FIRST, PERSON, PLAN, SECOND, TEL, Story, cases  # noqa: E402

JOINT = "この来庁の受付票を"


class Killed(Story):
    kept = Crash.kept

    def kill(self):
        """Until it lies sealed with the service; then the window is gone, and so are the cards."""
        office = self.office
        for _ in self.robot.tries(90):
            if self.kept():
                break
        office.processes["window"].kill()
        office.processes["window"].wait()
        found = on_disk(office.at("terminal"), self.person["name"], TEL)
        assert not found, "something of the person stands in %s" % found
        office.remove_card("resident")
        office.remove_card("staff")
        office.start_window()
        self.clerk.log_in("S0001")

    def take_up(self, procedure):
        """The one that waits is the next of the visit; the plan says what is done."""
        clerk, robot = self.clerk, self.robot
        robot.find(BUTTONS, "中断中")
        rows = robot.row_names(LIST)
        assert len(rows) == 1 and procedure in rows[0], rows
        robot.activate(robot.rows(LIST)[0])
        clerk.see("暗証番号で、中断した受付を開いて")
        clerk.type_staff_pin("S0001")
        clerk.primary()

    def run(self):
        clerk, robot = self.clerk, self.robot
        one, two = cases()
        self.plan()
        receipts = [self.first(one)]
        assert not robot.all(BUTTONS, JOINT), "one slip is offered before the visit is at its end"
        self.kill()
        self.take_up(SECOND)
        self.play.picture("visit-taken-up")
        clerk.identify(two)
        clerk.see(self.person["name"].split("　")[0])
        clerk.primary()
        clerk.see("申請書のまとまり")
        answers = dict(two["answers"], **{"p.kana": "さとう よし", "p.tel": TEL})
        clerk.fill(answers)
        self.kill()
        self.take_up(SECOND)
        clerk.see("カードを置いてください")
        clerk.show(PERSON)
        clerk.see(self.person["name"].split("　")[0])
        clerk.primary()
        clerk.see("申請書のまとまり")
        clerk.fill(answers)  # nothing is missing
        receipts.append(clerk.sign())
        clerk.see(PLAN)
        for word in (FIRST, SECOND, receipts[0]):
            assert word in self.words(), "%s is missing: %s" % (word, self.words())
        assert self.words().count("受付済み") >= 2, self.words()
        self.play.picture("visit-kept-end")
        self.joint_slip()
        self.office.remove_card("resident")
        clerk.primary()
        clerk.see("今日の受付")
        robot.gone(BUTTONS, "中断中")
        assert not self.kept(), "something of the visit is kept after it"


def check(office):
    records = office.ctl("audit", "list", "--limit", "1000")
    visits = {record["object"] for record in records if record["event"] == "guide"}
    assert len(visits) == 1, "one visit has several names: %s" % visits
    assert sum(record["detail"].startswith("what=joint-slip sheets=") for record in records) == 1, records
    assert sum(record["event"] == "resume" and record["outcome"] == "done" for record in records) == 2, records


def main():
    chosen = options()
    with stage(everything_with_tray, pictures=chosen.pictures) as play:
        Killed(play).run()
        check(play.office)
    return 0


if __name__ == "__main__":
    perform(main)
