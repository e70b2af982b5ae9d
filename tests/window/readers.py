#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Whom each card reader is for, chosen at the real window without an administrator: on the login page, where nobody can log
in before a reader is for the staff card, and in the settings. A wrong choice is put right there, a choice holds at once, when
the readers go and come back, and after a restart; what terminal.ini fixes goes first, and before it the office's policy, which may
name the readers that are registered for the terminal. Run inside tests/isolated. --pictures FOLDER: leaves the screens."""

import os
import re
import sys
import time

sys.dont_write_bytecode = True
from stage import options, perform, stage, terminal  # noqa: E402

from revocation import renew_policy  # noqa: E402
from sight import ON, READY  # noqa: E402

CHOICE = ["toggle button", "push button"]
FIRST, SECOND = "Virtual PCD 00 00", "Virtual PCD 00 01"
FOR_STAFF, FOR_RESIDENTS, NOT_USED = "職員用", "住民用", "使わない"
WANTED = "職員カード用のリーダーが見つかりません"


def fix_readers(office, fixed):
    """Rewrites terminal.ini with or without the names of the readers."""
    path = office.at("terminal", "terminal.ini")
    with open(path, encoding="utf-8") as file:
        text = re.sub(r"(?m)^(resident|staff)_reader=.*\n", "", file.read())
    with open(path, "w", encoding="utf-8") as file:
        file.write(text.replace("[card]\n", "[card]\n" + "".join("%s_reader=%s\n" % line for line in fixed.items())))


def choose(clerk, reader, role):
    clerk.robot.press(CHOICE, "%s：%s" % (reader, role))


def chosen(robot, reader, role):
    """Whether the window shows this as the choice."""
    return robot.find(CHOICE, "%s：%s" % (reader, role)).has(ON)


def await_chosen(robot, reader, role):
    for _ in robot.tries(robot.patience):
        if chosen(robot, reader, role):
            return
    raise AssertionError("%s is not %s" % (reader, role))


def password(clerk, office):
    clerk.see("パスワードを入力してください")
    clerk.robot.type(office.staff["S0001"]["password"])
    clerk.primary()
    clerk.see("今日の受付")


def recorded(office, *choices):
    """The log has these choices as its newest, soon: who, and what of the detail."""
    def newest():
        rows = [row for row in office.ctl("audit", "list", "--limit", "1000") if row["event"] == "reader-role"]
        return [(row["staff"], row["detail"]) for row in rows[-len(choices):]]

    deadline = time.monotonic() + 90
    while True:
        said = newest()
        if len(said) == len(choices) and all(who == row[0] and all(word in row[1].split() for word in words.split())
                                             for (who, words), row in zip(choices, said)):
            return said
        assert time.monotonic() < deadline, "the log says %r, wanted %r" % (said, choices)
        time.sleep(0.2)


def at_login(clerk, office, picture):
    """Two readers, and nobody said anything: the page asks. The wrong one first, while the service is away and cannot
    write it down; then the right one. Nobody is logged in: the log has the user."""
    clerk.see(WANTED)
    picture("readers-wanted")
    office.stop("daemon")
    choose(clerk, FIRST, FOR_STAFF)
    await_chosen(clerk.robot, FIRST, FOR_STAFF)
    office.start_daemon()
    uid = "uid=%d" % os.getuid()
    late = recorded(office, ("", "role=staff reader=Virtual_PCD_00_00 " + uid))[0][1]
    assert " since=" in late, "what was chosen before the service was there has no time of its own: %s" % late
    clerk.see("職員カードを置いてください")
    office.insert("staff", "staff-S0001")  # on the other reader: nothing comes of it
    await_chosen(clerk.robot, FIRST, FOR_STAFF)
    choose(clerk, SECOND, FOR_STAFF)
    await_chosen(clerk.robot, SECOND, FOR_STAFF)
    now = recorded(office, ("", "role=staff reader=Virtual_PCD_00_01 " + uid))[0][1]
    assert "since=" not in now, now
    password(clerk, office)


def at_work(clerk, office, picture):
    """The settings show it; the other reader serves residents without a word; an intake keeps them as they are."""
    clerk.robot.press(["push button", "toggle button"], "設定")
    await_chosen(clerk.robot, FIRST, FOR_RESIDENTS)
    await_chosen(clerk.robot, SECOND, FOR_STAFF)
    picture("readers-settings")
    for role, word in ((NOT_USED, "none"), (FOR_RESIDENTS, "resident")):
        choose(clerk, FIRST, role)
        await_chosen(clerk.robot, FIRST, role)
        recorded(office, ("S0001", "role=%s reader=Virtual_PCD_00_00" % word))
    clerk.ask_for_card("保険料免除")
    office.insert("resident", "tanaka")
    clerk.see("2つのうち1つめ")
    clerk.robot.press(["push button", "toggle button"], "設定")
    clerk.see("受付の途中は、リーダーの役割を変えられません")
    assert not clerk.robot.find(CHOICE, "%s：%s" % (FIRST, FOR_STAFF)).has(READY)


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
        line = next(line for line in file if line.startswith("reader-roles="))
        assert "'Virtual PCD 01': 'staff'" in line and "'Virtual PCD 00': 'resident'" in line, line
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


def registered(clerk, office, picture):
    """The office registers the staff reader alone. The other one, fixed as it is, is not used any more: the settings say so, the
    intake says what to do, the doctor names it, and it is in the log."""
    renew_policy(office, "policy-readers", 2)
    clerk.see("登録されていません")
    clerk.see("この端末では使えません")
    picture("readers-registered")
    recorded(office, ("S0001", "role=unregistered reader=Virtual_PCD_00_00"))
    clerk.robot.press(["push button", "toggle button"], "原因を調べる")
    clerk.see("このリーダーは、この端末に登録されていません")
    said = [row for row in office.ctl("doctor", "--card") if row["reader"] == FIRST and row["state"] not in ("unknown", "ok")]
    assert [(row["layer"], row["state"]) for row in said] == [("permission", "warning")], said
    assert "terminals[].readers" in said[0]["advice"], said
    office.insert("resident", "tanaka")
    clerk.choose("国民年金")
    clerk.primary()
    clerk.see("つながっているカードリーダーは、この端末に登録されていません")
    picture("readers-refused")
    no_pin_there(office)


def no_pin_there(office):
    """Nor does the program that changes a PIN use it."""
    import world

    try:
        office.run("madoguchictl", "--session", "card", "change-pin", "auth")
    except world.Failure as failure:
        said = str(failure)
    else:
        raise AssertionError("it was used")
    assert "登録されていません" in said or "not registered" in said, said


def start(office):
    """Nobody has fixed anything yet."""
    fix_readers(office, {})
    terminal(office)


def main():
    with stage(start, staff=None, pictures=options().pictures, GSETTINGS_BACKEND="keyfile",
               GSETTINGS_SCHEMA_DIR=os.path.join(os.environ["MADOGUCHI_BUILD"], "data")) as play:
        clerk, office, picture = play.clerk, play.office, play.picture
        office.give_password("S0001")
        at_login(clerk, office, picture)
        at_work(clerk, office, picture)
        plugged_in_again(clerk, office)
        restarted(clerk, office, play.screen)
        fixed(clerk, office, picture)
        registered(clerk, office, picture)
    return 0


if __name__ == "__main__":
    perform(main)
