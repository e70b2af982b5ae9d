# SPDX-License-Identifier: Apache-2.0
"""A clerk who does at each moment what the screen asks for, and so can take work up again wherever it broke off: the
window may lock, the service may go and come, and the window itself may die (sight.Gone) under any key."""

import json
import os
import re
import time

from clerk import BUTTONS, MISSING, Clerk
from robot import NotFound

FORMS = os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", "..", "data", "forms", "procedures")
LIST = "手続きの一覧"
SEARCH = "手続きを探す"
NUMBER = re.compile(r"\b\d{3}-\d{6}-\d\b")
TYPED = re.compile(r"^(\d+)桁入力済み$")
NOTHING_WAITS = "承認を待っている申請はありません"

# What tells each scene, first match; what matches none is a moment in between.
SCENES = [
    ("no-service", "端末のサービスから応答がありません"),
    ("staff-card", "職員カードを置いてください"),
    ("password", "パスワードを入力してください"),
    ("home", "この窓口の今日の受付"),
    ("again", "もう一度渡す"),
    ("procedure", "どの手続きですか"),
    ("notice", "利用目的を説明し"),
    ("text-pin", "2つのうち1つめ"),
    ("auth-pin", "2つのうち2つめ"),
    ("card", "カードを置いてください"),
    ("refused", "リーダーから外してください"),
    ("content", "申請書のまとまり"),
    ("confirm", "読み上げて"),
    ("done", "受け付けました"),
    ("identified", "そろいました"),
    ("decided", "承認しました"),
    ("unlock", "暗証番号で申請を開いて"),
    ("sign", "署名して承認する"),
    ("compare", "見比べてから選んで"),
    ("list", "承認待ち"),
]


class Worker(Clerk):
    """`at(moment)` is told each scene that is about to be acted on, and "scene!" when its one act was just done."""

    def __init__(self, office, robot, at):
        super().__init__(office, robot, lambda name: None)
        self.at = at
        self.officer = None
        self.laid = {}
        self.case = None
        self.scene = None
        self.seen = []  # receipt numbers that the screen confirmed
        self.decided = []
        self.opened = None

    # --- looking ---

    def look(self):
        """Returns (scene or None, the screen's words)."""
        text = "\n".join(self.robot.names())
        return next((name for name, word in SCENES if word in text), None), text

    def until(self, goal, what, patience=600):
        """Works until goal(), a moment at a time; the same act again only when nothing came of it for long."""
        acted, again, deadline = None, 0, time.monotonic() + patience
        while not goal():
            if time.monotonic() > deadline:
                raise AssertionError("%s: nothing came of it in %d s; the screen says:\n%s"
                                     % (what, patience, self.robot.describe()))
            scene, _ = self.look()
            if scene is None or scene == acted and time.monotonic() < again:
                self.robot.rest()
                continue
            self.scene, acted, again = scene, scene, time.monotonic() + 10
            self.at(scene)
            try:
                if getattr(self, "at_" + scene.replace("-", "_"))():
                    acted = None
            except AssertionError as error:
                if not isinstance(error, NotFound) and "stays closed" not in str(error):
                    raise
                acted = None  # the screen went on under our hands

    def press_primary(self):
        self.primary()
        self.at(self.scene + "!")

    def wait(self, condition, what, patience=10):
        for _ in self.robot.tries(patience):
            if condition():
                return
        raise NotFound(what)

    def lay(self, role, card):
        if self.laid.get(role) == card:
            return
        if role in self.laid:
            self.take_off(role)
        self.office.insert(role, card)
        self.laid[role] = card

    def take_off(self, role):
        self.office.remove_card(role)
        self.laid.pop(role, None)

    def typed(self):
        """How many digits the pad has taken."""
        found = [TYPED.match(text) for text in self.robot.names()]
        counts = [int(match.group(1)) for match in found if match]
        if not counts:
            raise NotFound("the pad has gone")
        return counts[0]

    def enter(self, pin):
        count = self.typed()
        if count:
            self.robot.key(*["BackSpace"] * count)
            self.wait(lambda: self.typed() == 0, "digits stay")
        self.robot.key(*pin)
        self.wait(lambda: self.typed() == len(pin), "digits are missing")
        self.press_primary()

    # --- one act for each scene; true: what comes next may look the same ---

    def at_no_service(self):
        pass

    def at_staff_card(self):
        if self.laid.get("staff") == "staff-" + self.officer:
            return  # it is about to be read
        self.lay("staff", "staff-" + self.officer)

    def at_password(self):
        if self.laid.get("staff") != "staff-" + self.officer:
            self.take_off("staff")
            return True
        self.robot.key("ctrl+a")
        self.robot.type(self.office.staff[self.officer]["password"])
        self.press_primary()

    def at_home(self):
        if self.officer == "S0101":
            self.robot.key("F3")
        elif self.case:
            self.robot.key("F2")

    def at_procedure(self):
        with open(os.path.join(FORMS, self.case["procedure"] + ".json"), encoding="utf-8") as file:
            title = json.load(file)["title"]["ja"]
        self.robot.write(self.case["search"], name=SEARCH)
        self.wait(lambda: self.robot.row_names(LIST)[:1] and self.robot.row_names(LIST)[0].startswith(title),
                  "the procedure is not the first of the list")
        self.press_primary()

    def at_notice(self):
        self.press_primary()

    def at_card(self):
        self.lay("resident", self.case["resident"])

    def at_text_pin(self):
        if self.laid.get("resident") != self.case["resident"]:
            self.take_off("resident")
            return True
        self.enter(self.office.people[self.case["resident"]]["pins"]["text"])

    def at_auth_pin(self):
        self.enter(self.office.people[self.case["resident"]]["pins"]["auth"])

    def at_refused(self):
        raise RuntimeError("a good card was refused; the screen says:\n%s" % self.robot.describe())

    def at_identified(self):
        self.press_primary()

    def at_content(self):
        """Answers what is missing, one after the other, then goes on."""
        by_label = {self.fields[field]["ja"]: (field, value) for field, value in self.case["answers"].items()}
        for _ in range(3 * len(by_label)):
            rows = self.robot.rows(MISSING)
            if not rows:
                break
            known = [answer for label, answer in by_label.items() if label in rows[0].name]
            if known:
                name = rows[0].name
                self.robot.activate(rows[0])
                self.answer(*known[0])
                # The list follows a moment later; looked at before, it would name what is answered already.
                self.wait(lambda: name not in self.robot.row_names(MISSING), name + " stays missing")
        self.press_primary()

    def at_confirm(self):
        self.enter(self.office.staff[self.officer]["pin"])

    def at_again(self):
        self.press_primary()

    def at_done(self):
        number = self.robot.receipt_number()
        if number not in self.seen:
            self.seen.append(number)
            self.case = None
            self.take_off("resident")
        self.press_primary()

    def at_list(self):
        if NOTHING_WAITS in self.look()[1]:
            return
        row = self.robot.press(BUTTONS, lambda name: NUMBER.search(name) is not None)
        self.opened = NUMBER.search(row.name).group(0)

    def at_unlock(self):
        self.enter(self.office.staff[self.officer]["pin"])

    def at_compare(self):
        self.robot.press(BUTTONS, "承認")

    def at_sign(self):
        self.enter(self.office.staff[self.officer]["pin"])

    def at_decided(self):
        self.decided.append(self.opened)
        self.press_primary()

    # --- the work ---

    def change_officer(self, staff):
        """The one at work leaves with the card, the other one sits down."""
        self.officer = staff
        if self.laid.get("staff") not in (None, "staff-" + staff):
            self.take_off("staff")
            self.wait(lambda: self.look()[0] in ("staff-card", "no-service"), "the screen stays open", patience=60)
        self.until(lambda: self.look()[0] in ("home", "list", "procedure"), "login of " + staff)

    def take_in(self, case):
        """From what is on the screen to a receipt number."""
        self.case = case
        self.until(lambda: self.case is None and self.look()[0] != "done", "intake of " + case["procedure"])
        return self.seen[-1]

    def approve_all(self):
        """Until the list of the second officer is empty."""
        def nothing_waits():
            scene, text = self.look()
            return scene == "list" and NOTHING_WAITS in text

        self.until(nothing_waits, "approvals")
