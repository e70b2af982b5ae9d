# SPDX-License-Identifier: Apache-2.0
"""What a clerk and a supervisor do at the window, in their own words: log in, take in, approve."""

import json
import os
import time

from sight import FOCUSED

HERE = os.path.dirname(os.path.realpath(__file__))
FIELDS = os.path.join(HERE, "..", "..", "data", "forms", "fields.json")
MISSING = "まだ必要な項目"
BUTTONS = ["push button", "button", "toggle button"]


class Clerk:
    """Works at the window `robot` sees, with the cards of `office`."""

    def __init__(self, office, robot, picture):
        self.office = office
        self.robot = robot
        self.picture = picture
        with open(FIELDS, encoding="utf-8") as file:
            self.fields = json.load(file)["fields"]

    # --- small acts ---

    def see(self, *words, patience=None):
        """Waits until one of these words can be read on the screen; returns it."""
        for _ in self.robot.tries(patience or self.robot.patience):
            found = self.robot.said(*words)
            if found:
                return found
        raise AssertionError("the screen does not say %s; it says:\n%s" % (" or ".join(words), "\n".join(self.robot.texts())))

    def primary(self):
        """The one act that matters, by its key; waits until it can be done."""
        for _ in self.robot.tries(self.robot.patience):
            if self.robot.has_primary(self.robot.glance()) or self.robot.primary_ready():
                return self.robot.key("ctrl+Return")
        raise AssertionError("the primary act stays closed; the screen says:\n%s" % self.robot.describe())

    def type_pin(self, pin):
        self.robot.key(*pin)

    def type_staff_pin(self, staff):
        """The PIN of the officer's card, once the card has said how many tries are left and the keys are there."""
        self.robot.await_state(FOCUSED, "panel", "暗証番号のキー")
        self.type_pin(self.office.staff[staff]["pin"])

    # --- the day ---

    def see_login(self):
        self.see("職員カードを置いてください")

    def log_in(self, staff):
        self.see_login()
        self.office.give_password(staff)
        self.office.insert("staff", "staff-" + staff)
        self.see("パスワードを入力してください")
        self.robot.type(self.office.staff[staff]["password"])
        self.primary()
        self.see("今日の受付")
        self.picture("home")

    def lock(self):
        """The officer leaves with the card."""
        self.office.remove_card("staff")
        self.see_login()
        self.picture("locked")

    def show_queue(self):
        self.robot.key("F4")
        self.see("送信")
        self.picture("queue")

    def wait_drained(self):
        """Until the top bar and the queue have nothing unsent."""
        self.robot.key("F4")
        deadline = time.monotonic() + 90
        while self.office.ctl("line", "status")["unsent"] > 0:
            if time.monotonic() > deadline:
                raise AssertionError("still unsent after 90 s: %s" % self.office.ctl("queue", "list"))
            time.sleep(0.2)
        self.picture("queue-empty")

    def show_rest(self):
        """What is left of the rail for this role."""
        for name, word in (("returned", "差戻し"), ("log", "記録"), ("settings", "設定")):
            if self.robot.all(BUTTONS, word):
                self.robot.press(BUTTONS, word)
                time.sleep(0.6)
                self.picture(name)

    def check_log(self):
        """An auditor's work: the log page, its chain computed again, the day's records below."""
        self.robot.press(BUTTONS, "記録")
        self.see("この端末の記録")
        self.primary()
        self.see("改ざんなし")
        self.picture("log-checked")

    def take_in(self, case):
        """One application from choosing the procedure to the receipt number, which it returns."""
        self.robot.key("F2")
        self.see("どの手続きですか")
        self.robot.type(case["search"]) if case["search"].isascii() else self.robot.write(case["search"])
        time.sleep(0.3)
        self.picture("procedure")
        self.primary()
        return self.take_in_chosen(case)

    def take_in_chosen(self, case):
        """The same from the explanation on: the procedure is chosen."""
        self.fill_in_chosen(case)
        return self.hand_in()

    def sign(self, said="受け付けました"):
        """From the filled form to the receipt number, which it returns."""
        self.primary()
        self.see("読み上げて", "見比べて")
        self.picture("confirm")
        self.type_staff_pin("S0001")
        self.primary()
        self.see(said)
        self.picture("done")
        return self.robot.receipt_number()

    def hand_in(self):
        """The same, and the card goes back."""
        receipt = self.sign()
        self.office.remove_card("resident")
        self.primary()
        return receipt

    def choose(self, search):
        """From the home page to the explanation of the procedure that is found first."""
        self.robot.key("F2")
        self.see("どの手続きですか")
        self.robot.write(search)
        self.primary()
        self.see("説明")

    def ask_for_card(self, search):
        """The same, until the card is asked for."""
        self.choose(search)
        self.primary()
        self.see("カードを置いてください")

    def fill_in_chosen(self, case):
        """From the explanation to the filled form: the resident is identified by card and PINs."""
        person = self.office.people[case["resident"]]
        self.identify(case)
        self.see(person["name"].split("　")[0])
        self.picture("identified")
        self.primary()
        self.see("申請書のまとまり")
        self.picture("form")
        self.fill(case["answers"])
        self.picture("content")

    def identify(self, case):
        """From the explanation to what came of it."""
        self.see("説明")
        self.picture("notice")
        self.primary()
        self.see("マイナンバーカードを置いてください", "カードを置いてください")
        self.picture("card")
        self.show(case["resident"])

    def show(self, resident):
        """Puts the card there; the resident types both PINs."""
        pins = self.office.people[resident]["pins"]
        self.office.insert("resident", resident)
        self.type_pins(pins["text"], pins["auth"])

    def type_pins(self, text, auth):
        self.see("2つのうち1つめ")
        self.picture("pin")
        self.type_pin(text)
        self.primary()
        self.see("2つのうち2つめ")
        self.type_pin(auth)
        self.primary()

    def fill(self, answers):
        """Follows the list of what is missing until nothing is."""
        by_label = {self.fields[field]["ja"]: (field, value) for field, value in answers.items()}
        rows = self.robot.rows(MISSING)
        for _ in range(3 * len(answers)):
            if not rows:
                return
            label = rows[0].name
            field, value = by_label[max((known for known in by_label if known in label), key=len)]
            self.robot.activate(rows[0])
            time.sleep(0.2)
            self.answer(field, value, label)
            rows = self.wait_answered(label)
        raise AssertionError("still missing: %s" % self.missing())

    def missing(self):
        return self.robot.row_names(MISSING)

    def wait_answered(self, label):
        """The list shrinks a moment after the answer, on a busy machine a long one. Returns its rows."""
        for _ in self.robot.tries(self.robot.patience):
            rows = self.robot.rows(MISSING)
            if label not in [row.name for row in rows]:
                break
        return rows

    def answer(self, field, value, label=None):
        """label: what the field is called where there are several of them, as in rows. A list has one code or several."""
        entry = self.fields[field]
        label = label or entry["ja"]
        if entry["type"] not in ("enum", "bool", "declaration", "list"):
            self.robot.write(value, role=["text", "password text"] if entry["type"] == "mynum" else "text", name=label)
            self.robot.key("Tab")
            return
        yes, no = ("同意する", "同意しない") if entry["type"] == "declaration" else ("はい", "いいえ")
        options = entry.get("options") or [{"code": "true", "ja": yes}, {"code": "false", "ja": no}]
        for code in [value] if isinstance(value, str) else value:
            word = next(option["ja"] for option in options if option["code"] == code)
            self.robot.press(BUTTONS, lambda name: name.startswith(label) and name.endswith(word))

    def give_up(self):
        """The intake is ended before its time, and the question whether it is meant answered."""
        self.robot.press("push button", "受付を終わる")
        question = self.robot.around("この受付を終わりますか", "受付を続ける")
        self.robot.press("push button", "受付を終わる", where=question)
        self.see("今日の受付")

    def send_away(self):
        """The same, and the card goes back."""
        self.give_up()
        self.office.remove_card("resident")

    def open_waiting(self, receipt):
        """A row that is pressed while the list comes anew goes with the old list: it is pressed once more."""
        opened = "暗証番号で申請を開いて"
        self.robot.press(BUTTONS, receipt)
        try:
            self.see(opened, patience=20)
        except AssertionError:
            if self.robot.all(BUTTONS, receipt):
                self.robot.press(BUTTONS, receipt)
            self.see(opened)

    def tick_differences(self):
        """Each as seen, by the keys; without that there is no approving."""
        for tick in [widget.name for widget in self.robot.all("check box", "確認しました") if "原本" not in widget.name]:
            for _ in range(40):
                if self.robot.find("check box", tick).has(FOCUSED):
                    break
                self.robot.key("Tab")
            self.robot.key("space")

    def approve(self, receipt, staff, sees=()):
        """Opens one application, compares (and sees these words, too), approves with the officer's own card."""
        self.robot.key("F3")
        self.robot.find(BUTTONS, receipt)
        self.picture("approvals")
        self.open_waiting(receipt)
        self.picture("unlock")
        self.type_staff_pin(staff)
        self.primary()
        self.see("見比べてから選んで")
        for words in [sees] if isinstance(sees, str) else sees:
            self.see(words)
        self.picture("compare")
        self.tick_differences()
        self.robot.press(BUTTONS, lambda name: name == "承認する" or name == "承認")
        self.see("署名して承認する")
        self.picture("approve")
        self.type_staff_pin(staff)
        self.primary()
        self.see("承認しました")
        self.primary()
