#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Two officers have to agree, at the real window on real parts: the checker's card checks what the clerk took in, and cannot
approve it; the supervisor sees who checked it and approves. The list, the log and the back office tell the same story.

Usage (inside tests/isolated): two-officers.py --build DIR [--pictures DIR]"""

import json
import shutil
import subprocess
import sys

sys.dont_write_bytecode = True
from stage import BUTTONS, everything, options, perform, stage  # noqa: E402

from sight import READY  # noqa: E402


def start(office):
    """Under the policy by which this procedure is decided by two."""
    shutil.copyfile(office.at("policy", "policy-two-officers.cms"), office.at("policy", "policy.cms"))
    everything(office)


def unlock(clerk, robot, receipt, officer):
    clerk.open_waiting(receipt)
    clerk.type_staff_pin(officer)
    clerk.primary()
    clerk.see("見比べてから選んで")


def check(play, receipt):
    """The first: it is called a check everywhere, and the list says that one has agreed."""
    clerk, robot = play.clerk, play.robot
    clerk.log_in("S0102")
    robot.key("F3")
    clerk.see("点検待ち（2名中0名）")
    play.picture("waiting")
    unlock(clerk, robot, receipt, "S0102")
    clerk.see("1人目が点検し")
    robot.key("F1")
    clerk.see("この申請は2名の職員で確認します")
    play.picture("help")
    robot.key("Escape")
    assert not robot.all(BUTTONS, "承認する"), "the first is offered the approval"
    clerk.tick_differences()
    robot.press(BUTTONS, lambda name: name == "点検")
    clerk.see("署名して点検する")
    play.picture("check")
    clerk.type_staff_pin("S0102")
    clerk.primary()
    clerk.see("続いて別の職員が承認します")
    clerk.primary()
    clerk.see("点検済み・承認待ち（2名中1名）")
    clerk.see("ご自身が点検済み")
    play.picture("checked")


def not_twice(play, receipt):
    """Who checked it opens it again: it can be sent back, and not approved."""
    clerk, robot = play.clerk, play.robot
    unlock(clerk, robot, receipt, "S0102")
    clerk.see("この申請は、ご自身が点検しました")
    buttons = robot.all(BUTTONS, lambda name: name == "承認")
    assert buttons and not buttons[-1].has(READY), "who checked it is offered the approval"
    play.picture("not-twice")
    robot.key("Escape")
    clerk.see("点検済み・承認待ち（2名中1名）")


def recorded(office):
    return [record["detail"] for record in office.ctl("audit", "list", "--limit", "1000")
            if record["event"] == "decide" and record["outcome"] == "done"]


def main():
    from people import DAY

    with stage(start, pictures=options().pictures) as play:
        clerk, office = play.clerk, play.office
        receipt = clerk.take_in(next(case for case in DAY if case["resident"] == "tanaka"))
        clerk.lock()
        check(play, receipt)
        not_twice(play, receipt)
        clerk.lock()
        clerk.log_in("S0101")
        play.robot.key("F3")
        clerk.see("点検：点検 優子")
        clerk.approve(receipt, "S0101", sees="1人目の点検")
        assert sorted(detail.split()[0] for detail in recorded(office)) == ["decision=approve", "decision=check"], recorded(office)
        clerk.wait_drained()
        told = subprocess.run([office.installed("madoguchi-backoffice"), "--config", office.at("backoffice", "backoffice.ini"),
                               "--officer", "B0002", "--reason", "C00", "--json", "open", receipt], env=office.bus_env, text=True, check=True,
                              stdout=subprocess.PIPE)
        opened = json.loads(told.stdout)
        assert (opened["state"], opened["checked_by"], opened["officer"]) == ("approved", "S0102", "S0101"), opened["state"]
        print("two-officers: %s was checked by one and approved by another" % receipt)
    return 0


if __name__ == "__main__":
    perform(main)
