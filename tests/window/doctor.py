#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The reader doctor on the settings page of the real window: says that all is well, names a locked PIN, and saves what it
found; looks once at a time, and never while an intake needs the cards. A second window on the terminal only shows the first. Run inside
tests/isolated."""

import hashlib
import os
import subprocess
import sys

sys.dont_write_bytecode = True
from stage import BUTTONS, perform, stage  # noqa: E402


def ready(robot):
    """Whether the doctor can be asked."""
    from sight import READY

    return robot.find(["push button", "button"], "原因を調べる").has(READY)


def await_ready(robot, wanted):
    for _ in robot.tries(robot.patience):
        if ready(robot) == wanted:
            return
    raise AssertionError("the button is %sready" % ("not " if wanted else ""))


def save(clerk, robot, path):
    """Answers the question where to, once that has the keyboard."""
    main, taken = robot.active_window(), False
    robot.press(["push button", "button"], "結果を保存")
    robot.find(["push button", "button"], "保存する")
    for _ in robot.tries(robot.patience):
        taken = robot.active_window() not in ("", main)
        if taken:
            break
    assert taken, "the keyboard stays with the page"
    robot.key("ctrl+a")
    robot.type(path)
    robot.key("Return")


def check_report(office, clerk, robot, folder):
    """What was found is kept in a file that says what the screen says and nothing of a person; where it cannot be
    written, what to do is said."""
    person = office.people["locked"]
    path = os.path.join(folder, "report.txt")
    save(clerk, robot, "/proc/report.txt")
    clerk.see("点検結果を保存できませんでした")
    clerk.see("ほかの場所を選んでください")
    save(clerk, robot, path)
    clerk.see("点検結果を保存しました：" + path)
    with open(path, encoding="utf-8") as file:
        report = file.read()
    assert "このカードで次の番号がロックされています：利用者証明用電子証明書" in report and "Virtual PCD 00 00" in report, report
    personal = [person["name"], person["number"], person["birth"], person["address"], *person["pins"].values(),
                person["reference_b"], "%015d" % card_serial("locked"), "E9AGCIEG"]
    for secret in personal:
        assert secret not in report, "the report says %r" % secret
    os.unlink(path)


def check_line(clerk):
    """There is no gateway in this house: which end of the line is silent is said, and what becomes of the work."""
    clerk.see("受付サーバー応答なし - 受付は続けられます")
    clerk.see("受付サーバーから応答がありません。")


def card_serial(who):
    """As the invented ward numbers its cards."""
    return int(hashlib.sha256(who.encode()).hexdigest()[:10], 16)


def check_one_at_a_time(office, clerk, robot):
    """While it looks at a slow card, the button is closed; what the resident's card says then comes all the same."""
    office.insert("resident", "tanaka")
    office.send("resident", "fault delay 500 every")
    robot.press(["push button", "button"], "原因を調べる")
    clerk.see("リーダーを点検しています")
    assert not ready(robot), "it can be asked twice"
    office.send("resident", "clear-faults")
    clerk.see("異常は見つかりませんでした。")
    await_ready(robot, True)
    office.remove_card("resident")


def check_mute(office, clerk, robot):
    """A card that never answers is given up, and what is at fault is said; the button is open again."""
    office.insert("resident", "tanaka")
    office.send("resident", "fault mute at 5")
    robot.press(["push button", "button"], "原因を調べる")
    clerk.see("カードの応答に時間がかかりすぎました", patience=120)
    await_ready(robot, True)
    office.remove_card("resident")
    office.send("resident", "clear-faults")


def check_not_in_an_intake(clerk, robot):
    robot.key("F2")
    clerk.see("どの手続きですか")
    robot.press(["push button", "button", "toggle button"], "設定")
    clerk.see("受付の途中で、カードを使用しています")
    await_ready(robot, False)


def check_one_window(office, screen, robot):
    """A second madoguchi leaves at once; the first goes on."""
    first = office.processes["window"]
    second = subprocess.Popen([office.installed("madoguchi"), "--session", "--config=" + office.at("terminal", "terminal.ini")],
                              env=dict(screen.env, ASAN_OPTIONS=os.environ.get("ASAN_OPTIONS", "")))
    try:
        assert second.wait(60) == 0, "the second window failed"
    finally:
        second.kill()
    assert first.poll() is None, "the first window has gone"
    assert len(robot.all("frame")) == 1, "two windows"


def main():
    with stage() as play:
        office, robot, clerk = play.office, play.robot, play.clerk
        check_line(clerk)
        robot.press(BUTTONS, "設定")
        for card, words in (("tanaka", "異常は見つかりませんでした。"), ("locked", "このカードで次の番号がロックされています：利用者証明用電子証明書")):
            office.insert("resident", card)
            robot.press(BUTTONS, "原因を調べる")
            clerk.see(words)
            print("doctor: %s: %s" % (card, words))
            if card == "locked":
                check_report(office, clerk, robot, play.screen.home)
            office.remove_card("resident")
        check_one_at_a_time(office, clerk, robot)
        check_mute(office, clerk, robot)
        check_not_in_an_intake(clerk, robot)
        check_one_window(office, play.screen, robot)
    return 0


if __name__ == "__main__":
    perform(main)
