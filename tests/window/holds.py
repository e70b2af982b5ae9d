#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""An intake that something stopped, at the real window: no button and no key gets past it, nothing on the screen tells the
person at the counter why, and only the supervisor's own card lets it go on. Run inside tests/isolated. --pictures FOLDER:
leaves the screens."""

import json
import signal
import sys
import time

sys.dont_write_bytecode = True
from stage import BUTTONS, everything, options, perform, stage  # noqa: E402

from people import DAY  # noqa: E402
from sight import READY  # noqa: E402

STILL = "確認に少しお時間をいただきます"
KIND = "支援措置の対象の方"
REASON = "別室で本人に確認した"
# What ends the intake, ends the session or is the way out that is tested by itself.
SPARED = ("受付を終わる", "責任者が来ました", "施錠", "画面を隠す", "ログアウト")
KEYS = ("Escape", "F2", "F3", "Escape", "F4", "F6", "F6", "F6", "Return", "space", "Tab", "ctrl+p", "alt+Left", "BackSpace",
        "ctrl+w", "question", "Escape", "F1", "Escape", "Down", "Up", "Home", "End", "Page_Down", "ctrl+Page_Down")


class Held:
    def __init__(self, clerk, office, picture):
        self.clerk, self.office, self.picture = clerk, office, picture
        self.robot = clerk.robot

    def stop(self):
        """The clerk was told by the register's own terminal."""
        self.robot.press("push button", "確認を求める…")
        self.clerk.see("何の確認が必要ですか")
        self.picture("held-question")
        self.robot.press("push button", KIND)
        self.clerk.see(STILL)
        self.picture("held")

    def tells_nothing(self):
        said = "\n".join(self.robot.texts())
        for word in ("支援措置", "DV", "死亡", "同姓同名", self.office.people[DAY[0]["resident"]]["address"]):
            assert word not in said, "the screen says %r:\n%s" % (word, said)

    def audit(self, *events):
        return ["%s %s" % (r["outcome"], r["detail"]) for r in self.office.ctl("audit", "list", "--limit", "1000")
                if r["event"] in events]

    def stands(self):
        """Back at the intake, it waits as before, and nothing has been handed in."""
        self.robot.key("Escape")
        deadline = time.monotonic() + 90
        while not any(STILL in text for text in self.robot.names()):
            assert time.monotonic() < deadline, self.robot.describe()
            self.robot.key("F2")
            self.robot.rest()
        assert self.audit("submit", "release") == []

    def every_button(self):
        names = [widget.name for widget in self.robot.all(BUTTONS)]
        assert any("内容" in name for name in names), names
        for name in dict.fromkeys(names):
            if not name or any(word in name for word in SPARED) or name.isdigit():
                continue
            found = self.robot.all(BUTTONS, name)
            if found and found[0].has(READY):
                self.robot.activate(found[0])
                time.sleep(0.3)
            self.stands()

    def service_killed(self):
        """In the midst of it, without a word: it is started anew, and knows that the intake is stopped."""
        self.office.stop("daemon", how=signal.SIGKILL)
        self.office.start_daemon()
        self.back_at_work()
        self.stands()

    def window_killed(self, case):
        """The window is gone in the midst of it, and with it the intake; opened again, the person is stopped again."""
        done = self.audit("submit")
        self.begin(case)
        self.clerk.identify(case)
        self.clerk.see(self.office.people[case["resident"]]["name"].split("　")[0])
        self.stop()
        self.office.stop("window", how=signal.SIGKILL)
        deadline = time.monotonic() + 90
        while self.audit("abandon")[-1:] != ["done cause=vanished held=1"]:
            assert time.monotonic() < deadline, self.audit("abandon")
            time.sleep(0.2)
        self.office.remove_card("staff")
        self.office.remove_card("resident")
        self.office.start_window()
        self.clerk.log_in("S0001")
        self.begin(case)
        self.clerk.identify(case)
        self.clerk.see(STILL)
        self.tells_nothing()
        assert self.audit("submit") == done, self.audit("submit")
        self.clerk.send_away()

    def begin(self, case):
        """Up to the explanation."""
        self.clerk.choose(case["search"])

    def every_key(self):
        for key in KEYS:
            self.robot.key(key)
            time.sleep(0.1)
        self.stands()

    def for_staff_only(self):
        """What it is can be read while the clerk asks for it, and is gone with the next look elsewhere."""
        self.tells_nothing()
        self.robot.press(BUTTONS, "職員用の表示")
        self.clerk.see(KIND)
        self.clerk.see("別室でお話を伺ってもらいます", self.office.people[DAY[0]["resident"]]["address"])
        self.picture("held-for-staff")
        self.robot.key("F4")
        self.clerk.see("送信")
        self.stands()
        self.tells_nothing()

    def call(self):
        self.clerk.primary()
        self.clerk.see("責任者がご自分の職員カードを置き")
        assert not self.robot.primary_ready(), "released without a reason and a PIN"
        self.tells_nothing()

    def enter(self, pin):
        """Reason and PIN; digits that came before the focus was there are typed again."""
        for _ in range(5):
            self.robot.press(BUTTONS, lambda name: name.startswith(REASON))
            time.sleep(0.5)
            self.clerk.type_pin(pin)
            for _ in self.robot.tries(5):
                if any("%d桁入力済み" % len(pin) in text for text in self.robot.names()):
                    return
            for _ in pin:
                self.robot.key("BackSpace")
        raise AssertionError(self.robot.describe())

    def try_card(self, card, pin, *says):
        """Another card in place of what lies there; None: the clerk's, which lies there already."""
        if card:
            self.office.remove_card("staff")
            time.sleep(0.5)
            self.office.insert("staff", card)
            time.sleep(1)
        self.enter(pin)
        self.clerk.primary()
        self.clerk.see(*says)
        assert self.audit("submit") == []

    def back_at_work(self):
        """The desk has locked: the clerk's card was away."""
        self.robot.gone("label", "責任者がご自分の職員カードを置き")  # that page speaks of a card, too
        self.clerk.see("職員カード", "パスワード")
        self.office.remove_card("staff")
        self.clerk.see_login()
        self.office.insert("staff", "staff-S0001")
        self.clerk.see("パスワードを入力してください")
        self.robot.type(self.office.staff["S0001"]["password"])
        self.clerk.primary()


def run(clerk, office, picture):
    held = Held(clerk, office, picture)
    pins = {staff: office.staff[staff]["pin"] for staff in office.staff}
    clerk.log_in("S0001")
    held.begin(DAY[0])
    clerk.fill_in_chosen(DAY[0])
    held.stop()
    held.for_staff_only()
    held.every_button()
    held.every_key()
    held.service_killed()
    held.call()
    held.try_card(None, pins["S0101"], "ご自分のカードです")
    held.try_card("staff-S0002", pins["S0002"], "解除できる方のものではありません")
    picture("held-wrong-card")
    # Called off while another's card lies there: the clerk proves to be there.
    clerk.robot.key("Escape")
    held.back_at_work()
    held.stands()
    held.call()
    held.try_card("staff-S0101", "000000", "暗証番号が違います")
    held.picture("held-wrong-pin")
    held.enter(pins["S0101"])
    clerk.primary()
    held.back_at_work()
    clerk.see("申請書のまとまり")
    assert held.audit("release")[-1] == "done hold=1", held.audit("release")
    receipt = clerk.hand_in()
    clerk.see("今日の受付")
    ended(clerk, office, held)
    held.window_killed(DAY[0])
    office.remove_card("staff")
    clerk.log_in("S0101")
    clerk.approve(receipt, "S0101", sees="解除した責任者 確認 誠")
    clerk.wait_drained()
    case = next(c for c in json.loads(office.backoffice("list", "--json")) if c["receipt_number"] == receipt)
    told = json.loads(office.backoffice("open", case["intake"], "--json"))
    assert [(h["kind"], h["reason"], h["officer"]) for h in told["holds"]] \
        == [("protected-person", "asked-and-verified", "S0101")], told["holds"]


def ended(clerk, office, held):
    """The intake is ended instead: the record says that it was stopped, and nothing else is left."""
    held.begin(DAY[0])
    held.stop()
    clerk.give_up()
    deadline = time.monotonic() + 90
    while held.audit("abandon")[-1:] != ["done next-person held=1"]:
        assert time.monotonic() < deadline, held.audit("abandon")
        time.sleep(0.2)


def main():
    with stage(everything, staff=None, pictures=options().pictures) as play:
        run(play.clerk, play.office, play.picture)
    return 0


if __name__ == "__main__":
    perform(main)
