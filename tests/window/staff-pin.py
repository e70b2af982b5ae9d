#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The PIN of the officer's own card at the real window, on a reader with keys of its own: the tries left stand there before
anything is typed, the reader's keys come first, the last try is asked about by name before it can be typed, and who likes the
keys of the screen better has them. A clerk signs so, a supervisor releases so what was stopped, opens and decides.

Usage (inside tests/isolated): staff-pin.py [--pictures DIR]"""

import re
import sys
import time

sys.dont_write_bytecode = True
from stage import BUTTONS, options, perform, stage  # noqa: E402

LAST = 2  # in people.DAY: the shortest form
AT_READER = "職員カードの暗証番号は、リーダーのキーで入力します。"
STILL_WAITS = "リーダーのキーが、まだ暗証番号の入力を待っています。"
STOP = "待つのをやめる"
TYPE_THERE = "職員用リーダーのキーで、職員カードの暗証番号を入力してください。"
QUESTION = "職員カードの暗証番号は、あと1回だけ入力できます。"
CANCELLED = "リーダーのキーで入力が取り消されました。"
KEYS = "暗証番号のキー"


def start(office):
    """The staff reader has keys; the resident's shows none."""
    from keypad import use_pads

    use_pads(office)
    office.order("resident", "features none")
    office.start_ocsp()
    office.start_daemon()
    office.start_window()


def no_keys(play):
    assert not play.robot.all("panel", KEYS), "the keys of the screen are there:\n%s" % play.robot.describe()


def enter(play, order):
    """Begins at the window, goes on at the reader."""
    play.clerk.see(AT_READER)
    no_keys(play)
    play.clerk.primary()
    play.clerk.see(TYPE_THERE)
    play.office.order("staff", order)


def given_up(play):
    """Waits no more, by the button and by Esc: it is said at once that the reader still does, and what is pressed there
    brings the question back."""
    for stop in (lambda: play.robot.press(name=STOP), lambda: play.robot.key("Escape")):
        play.clerk.see(AT_READER)
        play.clerk.primary()
        play.clerk.see(TYPE_THERE)
        stop()
        play.clerk.see(STILL_WAITS)
        no_keys(play)
        assert not play.robot.primary_ready(), "another entry can begin while the reader waits for the first"
        play.office.order("staff", "press cancel")
        play.clerk.see(AT_READER)
        play.robot.gone(None, STILL_WAITS)


def sign(play, case):
    """A clerk at the reader's keys: thinks better of it, is wrong twice, is asked, is right."""
    clerk, office = play.clerk, play.office
    clerk.choose(case["search"])
    clerk.fill_in_chosen(case)
    clerk.primary()
    clerk.see("読み上げて")
    clerk.see("あと3回")
    given_up(play)
    enter(play, "press cancel")
    clerk.see(CANCELLED)
    enter(play, "type 999999")
    clerk.see("あと2回")
    enter(play, "type 999998")
    clerk.see(QUESTION)
    no_keys(play)
    play.picture("last-try")
    clerk.primary()  # a word of its own; nothing is sent yet
    clerk.see(AT_READER)
    assert office.order("staff", "status").find("sent=2") > 0, "something went to the card before it was meant"
    enter(play, "type " + office.staff["S0001"]["pin"])
    clerk.see("受け付けました")
    receipt = clerk.robot.receipt_number()
    office.remove_card("resident")
    clerk.primary()
    return receipt


def asked_so_far(office):
    """How often the staff reader's keys were asked for something."""
    return re.search(r"asked=(\d+)", office.order("staff", "status")).group(1)


def change_card(play, card):
    play.office.remove_card("staff")
    time.sleep(0.5)
    play.office.insert("staff", card)


def release(play, case):
    """A supervisor at the reader's keys lets a stopped intake go on, on the clerk's desk. Of the clerk's own card the keys
    ask nothing."""
    from holds import REASON, Held

    clerk, office = play.clerk, play.office
    held = Held(clerk, office, play.picture)
    held.begin(case)
    held.stop()
    clerk.primary()
    clerk.see("責任者がご自分の職員カードを置き")
    asked = asked_so_far(office)
    clerk.see(AT_READER)
    no_keys(play)
    choose(play, REASON)
    clerk.primary()
    clerk.see("ご自分のカードです")
    change_card(play, "staff-S0101")
    clerk.see(AT_READER)
    assert asked_so_far(office) == asked, "the keys asked for a PIN that nothing could come of"
    enter_release(play, REASON, "press cancel")
    clerk.see(CANCELLED)
    enter_release(play, REASON, "type 999999")
    clerk.see("あと2回")
    enter_release(play, REASON, "type " + office.staff["S0101"]["pin"])
    held.back_at_work()
    clerk.see("説明")
    assert held.audit("release")[-1] == "done hold=1", held.audit("release")
    clerk.give_up()


def choose(play, reason):
    """Presses it and waits until it is the one chosen: GTK holds a button down for a quarter of a second first."""
    from sight import ON

    play.robot.press(BUTTONS, lambda name: name.startswith(reason))
    play.robot.await_state(ON, BUTTONS, lambda name: name.startswith(reason))


def enter_release(play, reason, order):
    choose(play, reason)
    enter(play, order)


def type_wrong(play, pin, left):
    play.robot.find("panel", KEYS)
    play.clerk.type_pin(pin)
    play.clerk.primary()
    play.clerk.see(left)


def approve(play, receipt):
    """A supervisor with the keys of the screen: wrong twice, asked, opens; decides, each time by the right PIN."""
    clerk, robot, office = play.clerk, play.robot, play.office
    asked = asked_so_far(office)
    robot.key("F3")
    robot.find(BUTTONS, receipt)
    robot.press(BUTTONS, receipt)
    clerk.see(AT_READER)
    robot.press(BUTTONS, "画面のキーを使う")
    type_wrong(play, "999999", "あと2回")
    type_wrong(play, "999998", QUESTION)
    no_keys(play)
    clerk.primary()
    clerk.type_staff_pin("S0101")
    clerk.primary()
    clerk.see("見比べてから選んで")
    robot.press(BUTTONS, lambda name: name == "承認する" or name == "承認")
    clerk.see("署名して承認する")
    clerk.see("あと3回")
    clerk.type_staff_pin("S0101")
    clerk.primary()
    clerk.see("承認しました")
    assert asked_so_far(office) == asked, "the reader's keys were used although the screen's were wanted"


def main():
    with stage(start, pictures=options().pictures) as play:
        from people import DAY

        receipt = sign(play, DAY[LAST])
        release(play, DAY[LAST])
        play.clerk.lock()
        play.clerk.log_in("S0101")
        approve(play, receipt)
        print("staff-pin: signed at the reader's keys, approved at the screen's, asked about each last try")
    return 0


if __name__ == "__main__":
    perform(main)
