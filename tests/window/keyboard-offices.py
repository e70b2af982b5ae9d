#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A form of each of the five offices filled in without a mouse, as keyboard.py does it with the shortest: rows of a household, an account,
a declaration, notes of several lines, papers that are ticked, and one procedure that is begun from the guide.

Usage (inside tests/isolated): keyboard-offices.py [--office NAME,NAME]"""

import sys

sys.dont_write_bytecode = True
from stage import BUTTONS, options, perform, stage, terminal  # noqa: E402

from keyboard import hands  # noqa: E402
from offices import OFFICES, fill, markers  # noqa: E402

WHO = "trace"
PAPERS = {"pension": "口座名義人の同意（届出印）", "juki": "正しい内容の分かる書類"}
EVENT, QUESTION, TITLE = "就職", "保険料を口座振替で納めていますか", "国民年金保険料 口座振替納付申出"


def begin_from_guide(clerk):
    """What is due after an event, by one answer to its questions."""
    robot = clerk.robot
    robot.key("F2")
    clerk.see("どの手続きですか")
    robot.press(BUTTONS, "手続きナビ")
    clerk.see("何がありましたか")
    robot.press(BUTTONS, EVENT)
    clerk.see(QUESTION)
    robot.press(BUTTONS, QUESTION + "：はい")
    clerk.see(TITLE)
    clerk.primary()
    clerk.see("利用目的を説明し")


def take_in(clerk, name):
    case, robot = OFFICES[name], clerk.robot
    if name == "pension":
        begin_from_guide(clerk)
    else:
        clerk.choose(case["search"])
    clerk.identify({"resident": WHO})
    clerk.see(clerk.office.people[WHO]["name"].split("　")[0])
    clerk.primary()
    clerk.see("申請書のまとまり")
    fill(clerk, case)
    assert not clerk.missing(), clerk.missing()
    if name in PAPERS:
        robot.press("check box", PAPERS[name])
    clerk.primary()
    clerk.see("読み上げて", "見比べて")
    said = robot.everything()  # all that is read out, further down too
    for what in [text for field, text in markers(case).items() if field in ("b.holder", "h.name 0", "h.name 1", "j.corr_reason")]:
        assert what.split("　")[-1] in said, "%s is not read out: %s" % (what, said)
    clerk.type_staff_pin("S0001")
    clerk.primary()
    clerk.see("受け付けました")
    receipt = robot.receipt_number()
    clerk.office.remove_card("resident")
    clerk.primary()
    clerk.see("今日の受付")
    return receipt


def main():
    chosen = options(("office", ",".join(OFFICES)))
    with stage(terminal, make_robot=hands, pictures=chosen.pictures) as play:
        receipts = [take_in(play.clerk, name) for name in chosen.office.split(",")]
        handed = [record for record in play.office.ctl("audit", "list", "--limit", "1000")
                  if record["event"] == "submit" and record["outcome"] == "done"]
        assert len(handed) == len(set(receipts)) == len(chosen.office.split(",")), (receipts, handed)
    return 0


if __name__ == "__main__":
    perform(main)
