# SPDX-License-Identifier: Apache-2.0
"""What the officer can do while the window waits: nothing keeps them. To be mixed into a story of the window that has `office`,
`robot` and `clerk`."""

import contextlib
import signal

from sight import FOCUSED

BUTTONS = ["push button", "button", "toggle button"]
STOP = "待つのをやめる"


class Waiting:
    @contextlib.contextmanager
    def service_hangs(self):
        """The service is there and answers nothing."""
        daemon = self.office.processes["daemon"]
        daemon.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            daemon.send_signal(signal.SIGCONT)

    @contextlib.contextmanager
    def card_is_slow(self):
        """The staff card thinks for seconds over each command from now on."""
        self.office.send("staff", "clear-log")
        self.office.send("staff", "fault delay 1500 every")
        try:
            yield
        finally:
            self.office.send("staff", "clear-faults")

    def type_pin(self, pin):
        """On the keyboard, once the pad has the focus: it comes there without a hand."""
        self.robot.await_state(FOCUSED, "panel", "暗証番号のキー")
        self.clerk.type_pin(pin)

    def card_signed(self):
        """Whether the staff card was asked for a signature (key 9C) since clear-log."""
        return any(line.split()[2] == "87" and line.split()[4] == "9C" for line in self.office.send("staff", "log"))

    def give_up_fetching(self, receipt, listed):
        """Opened while the service hangs: waiting can be ended, and opened again later."""
        with self.service_hangs():
            self.robot.press(BUTTONS, receipt)
            self.clerk.see("申請を取り出しています")
            self.robot.press(BUTTONS, STOP)
            self.clerk.see(listed)
            self.robot.gone("label", "申請を取り出しています")

    def give_up_card(self, pin, waits, before):
        """Typed, and thought better of it: the card's work ends, the question is open again."""
        with self.card_is_slow():
            self.type_pin(pin)
            self.clerk.primary()
            self.clerk.see(waits)
            self.robot.press(BUTTONS, STOP)
            self.clerk.see(before)
        assert not self.card_signed(), "the card was asked to sign although the officer gave up"

    def lock_over_card(self, pin, waits, staff, page):
        """Locked in the middle of the card's work: that ends too, nothing is signed, and the
        page of before is there after the next login."""
        with self.card_is_slow():
            self.type_pin(pin)
            self.clerk.primary()
            self.clerk.see(waits)
            self.robot.key("ctrl+l")
            self.robot.gone("label", waits)
            self.clerk.see("画面は施錠されています", "パスワードを入力してください", "職員カードを")
        self.clerk.lock()
        assert not self.card_signed(), "the card was asked to sign for a locked window"
        self.office.insert("staff", "staff-" + staff)
        self.clerk.see("パスワードを入力してください")
        self.robot.type(self.office.staff[staff]["password"])
        self.clerk.primary()
        self.clerk.see(page)

    def give_up_filing(self, pin, waits, listed):
        """Signed, and the service does not answer: the officer may leave, and is told where to look."""
        with self.service_hangs():
            self.type_pin(pin)
            self.clerk.primary()
            self.clerk.see(waits)
            self.robot.press(BUTTONS, STOP)
            self.clerk.see("登録されている場合があります")
        self.clerk.see(listed)
