#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Whom each card reader is for, chosen at the real window without an administrator: on the login page, where nobody can log
in before a reader is for the staff card, and in the settings. A wrong choice is put right there, a choice holds at once, when
the readers go and come back, and after a restart; what terminal.ini fixes goes first. Run inside tests/isolated. --pictures
FOLDER: leaves the screens."""

import os
import re
import sys
import time

sys.dont_write_bytecode = True
from stage import options, perform, stage, terminal  # noqa: E402

CHOICE = ["toggle button", "push button"]
FIRST, SECOND = "Virtual PCD 00 00", "Virtual PCD 00 01"
FOR_STAFF, FOR_RESIDENTS = "職員用", "住民用"
WANTED = "職員カード用のリーダーが見つかりません"


def fix_readers(office, fixed):
    """Rewrites terminal.ini with or without the names of the readers."""
    path = office.at("terminal", "terminal.ini")
    with open(path, encoding="utf-8") as file:
        text = re.sub(r"(?m)^(resident|staff)_reader=.*\n", "", file.read())
    with open(path, "w", encoding="utf-8") as file:
        file.write(text.replace("[card]\n", "[card]\n" + "".join("%s_reader=%s\n" % line for line in fixed.items())))


def choose(clerk, reader, role):
    clerk.robot.press(CHOICE, "%s: %s" % (reader, role))


def chosen(robot, reader, role):
    """Whether the window shows this as the choice."""
    from gi.repository import Atspi

    states = robot.find(CHOICE, "%s: %s" % (reader, role)).get_state_set()
    return states.contains(Atspi.StateType.PRESSED) or states.contains(Atspi.StateType.CHECKED)


def await_chosen(robot, reader, role):
    deadline = time.monotonic() + robot.patience
    while not chosen(robot, reader, role):
        assert time.monotonic() < deadline, "%s is not %s" % (reader, role)
        time.sleep(0.05)


def password(clerk, office):
    clerk.see("パスワードを入力してください")
    clerk.robot.type(office.staff["S0001"]["password"])
    clerk.primary()
    clerk.see("今日の受付")


def at_login(clerk, office, picture):
    """Two readers, and nobody said anything: the page asks. The wrong one first, then the right one."""
    clerk.see(WANTED)
    picture("readers-wanted")
    choose(clerk, FIRST, FOR_STAFF)
    clerk.see("職員カードを置いてください")
    office.insert("staff", "staff-S0001")  # on the other reader: nothing comes of it
    await_chosen(clerk.robot, FIRST, FOR_STAFF)
    choose(clerk, SECOND, FOR_STAFF)
    await_chosen(clerk.robot, SECOND, FOR_STAFF)
    password(clerk, office)


def at_work(clerk, office, picture):
    """The settings show it; the other reader serves residents without a word; an intake keeps them as they are."""
    clerk.robot.press(["push button", "toggle button"], "設定")
    await_chosen(clerk.robot, FIRST, FOR_RESIDENTS)
    await_chosen(clerk.robot, SECOND, FOR_STAFF)
    picture("readers-settings")
    clerk.robot.key("F2")
    clerk.see("どの手続きですか")
    clerk.robot.write("国民年金")
    clerk.primary()
    clerk.see("説明")
    clerk.primary()
    clerk.see("カードを置いてください")
    office.insert("resident", "tanaka")
    clerk.see("2つのうち1つめ")
    clerk.robot.press(["push button", "toggle button"], "設定")
    clerk.see("受付の途中は、リーダーの役割を変えられません")
    assert not clerk.robot.sensitive(clerk.robot.find(CHOICE, "%s: %s" % (FIRST, FOR_STAFF)))


def plugged_in_again(clerk, office):
    """All readers go and come back: the desk locks, and everything is as it was."""
    for name in ("vcard-resident", "vcard-staff", "pcscd"):
        office.stop(name)
    clerk.see("カードの読み取り機能", "カードサービス", "見つかりません", "動いていません")
    office.start_cards()
    clerk.see("職員カードを置いてください")
    office.insert("staff", "staff-S0001")
    password_again(clerk, office)


def password_again(clerk, office):
    clerk.see("パスワードを入力してください")
    clerk.robot.type(office.staff["S0001"]["password"])
    clerk.primary()
    clerk.see("受付の途中", "設定")


def restarted(clerk, office, screen):
    """The next start knows it, and keeps nothing but the readers' names."""
    office.stop("window")
    kept = os.path.join(screen.env["XDG_CONFIG_HOME"], "glib-2.0", "settings", "keyfile")
    with open(kept, encoding="utf-8") as file:
        assert "reader-roles={'Virtual PCD 01': 'staff'}" in file.read()
    office.start_window()
    clerk.see("パスワードを入力してください")


def fixed(clerk, office, picture):
    """The administrator's word goes first, and is shown as that."""
    office.stop("window")
    fix_readers(office, {"resident": FIRST, "staff": SECOND})
    office.start_window()
    password(clerk, office)
    clerk.robot.press(["push button", "toggle button"], "設定")
    clerk.see("職員用（管理者が決めています）")
    assert not clerk.robot.all(CHOICE, FIRST), "it can be chosen all the same"
    picture("readers-fixed")


def start(office):
    """Nobody has fixed anything yet."""
    fix_readers(office, {})
    terminal(office)


def main():
    with stage(start, staff=None, pictures=options().pictures, GSETTINGS_BACKEND="keyfile",
               GSETTINGS_SCHEMA_DIR=os.path.join(os.environ["MADOGUCHI_BUILD"], "data")) as play:
        clerk, office, picture = play.clerk, play.office, play.picture
        at_login(clerk, office, picture)
        at_work(clerk, office, picture)
        plugged_in_again(clerk, office)
        restarted(clerk, office, play.screen)
        fixed(clerk, office, picture)
    return 0


if __name__ == "__main__":
    perform(main)
