#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""手続きナビ at the real window, by the keyboard and by pressing: what happened, a few questions, and what is due; what is due
begins from there, and nothing of the answers is left for the next person.

Usage (inside tests/isolated): guide.py --build DIR [--pictures DIR]"""

import sys

sys.dont_write_bytecode = True
from stage import BUTTONS, options, perform, stage, terminal  # noqa: E402

from sight import FOCUSED, ON  # noqa: E402

ASK = "何がありましたか"
AGE = "その方の年齢："
DUE = "後期高齢者医療資格取得届（転入等）"
CARE = "介護保険資格取得・異動・喪失届"
ELSEWHERE = "転入届"


def words(robot):
    return "\n".join(robot.texts())


ROW = "check box"


def row_of(robot, title):
    """The row by which this procedure is taken in, None where there is none."""
    found = robot.all(ROW, lambda name: name.startswith(title))
    return found[0] if found else None


def tick(robot, title):
    """By the keyboard: it is there and focused, and its tick changes."""
    before = row_of(robot, title).has(ON)
    for _ in range(120):
        if row_of(robot, title).has(FOCUSED):
            break
        robot.key("Tab")
    robot.key("space")
    for _ in robot.tries(robot.patience):
        if row_of(robot, title).has(ON) != before:
            return
    raise AssertionError("%s cannot be ticked" % title)


def choose_event(clerk, robot, title, question):
    robot.press(BUTTONS, title)
    clerk.see(question)


def run(play):
    clerk, robot = play.clerk, play.robot
    robot.key("F2")
    clerk.see("どの手続きですか")
    robot.key("Tab", "Return")
    clerk.see(ASK, "ここに示します")
    play.picture("guide-begin")
    # What the list of names marked before is not what goes on here.
    clerk.see("手続きを選んでください")
    assert not robot.primary_ready(), "what is marked in a list that is not shown could be begun"
    choose_event(clerk, robot, "転入", AGE.rstrip("："))
    clerk.see("答えによる")
    robot.press(BUTTONS, AGE + "40歳から59歳")
    robot.gone(ROW, lambda name: name.startswith(DUE))
    robot.press(BUTTONS, AGE + "75歳以上")
    robot.find(ROW, lambda name: name.startswith(DUE) and "必要なもの" in name and name.endswith("必要"))
    clerk.see(ELSEWHERE, "住民記録の窓口", "異動のあった日から14日以内")
    assert row_of(robot, ELSEWHERE) is None, "what is done elsewhere looks as if it began here"
    play.picture("guide-due")
    robot.press(BUTTONS, AGE + "75歳以上")  # taken back
    robot.find(ROW, lambda name: name.startswith(DUE) and name.endswith("答えによる"))
    assert not row_of(robot, DUE).has(ON), "what is not certain is ticked"
    robot.press(BUTTONS, AGE + "75歳以上")

    # An answer holds for every event that asks for it.
    choose_event(clerk, robot, "区内の転居", "郵便を別の所へ")
    robot.find(ROW, lambda name: name.startswith(CARE) and name.endswith("必要"))
    choose_event(clerk, robot, "転入", "海外からの転入")

    # What is certain is ticked; the clerk has the last word.
    clerk.see("3件を続けて受け付けます")
    assert row_of(robot, CARE).has(ON) and row_of(robot, DUE).has(ON)
    tick(robot, CARE)
    clerk.see("2件を続けて受け付けます。はじめは：" + DUE)
    clerk.primary()
    clerk.see("後期高齢者医療の資格を記録し")
    clerk.give_up()

    robot.key("F2")
    clerk.see("どの手続きですか")
    robot.press(BUTTONS, "手続きナビ")
    clerk.see(ASK, "ここに示します")
    assert AGE.rstrip("：") not in words(robot), "the next person finds the answers of the last"
    robot.press(BUTTONS, "名前から探す")
    clerk.see("どの手続きですか")
    robot.write("後期高齢者")
    clerk.see(DUE)


def main():
    found = options()
    with stage(terminal, pictures=found.pictures) as play:
        run(play)
    return 0


if __name__ == "__main__":
    perform(main)
