#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A resident whose values stand nowhere else goes through a whole intake on real parts, from the explanation to the approval
and the papers on the printer. Afterwards nothing of them is in any file, in what any program said, on the bus, in a
notification, a title, the clipboard, nor on the screen of those who may not see it; and with the next person nothing is in the
memory of any program. Before that it is where it belongs, so that the search is known to find it.

Usage (inside tests/isolated): leak.py [--pictures DIR]"""

import os
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
from stage import HERE, options, perform, stage  # noqa: E402

from paper import choose_printer, everything_with_tray, tray  # noqa: E402
from revocation import is_online  # noqa: E402
from sight import FOCUSED  # noqa: E402
from witness import Witness  # noqa: E402

sys.path.append(os.path.join(HERE, "..", "memory"))
from traces import in_content, in_files, in_memory, in_open_files, needles  # noqa: E402

WHO = "trace"
TYPED = {"p.kana": "ぬえの　ふきお", "p.tel": "03-7061-4482", "k.insured": "0000070614", "k.doctor": "鵼田　萵苣", "k.hospital": "鵼森醍醐医院",
         "k.survey_place": "鵼橋の袂　平日", "k.survey_contact": "鵼川　090-7061-4484"}
FIRST, SECOND = "訪問調査希望場所・日時", "調査立会者連絡先"  # two lines on one screen
CARE = {"resident": WHO, "search": "要介護・要支援",
        "answers": dict(TYPED, **{"p.standing": "insured", "k.cert_kind": "new", "k.consent_info": "true"})}
WITHOUT_NUMBER = "資格確認書"  # a clerk without permission for numbers takes it in, too
OURS = ("window", "daemon", "gateway")
# Where anybody on the machine may leave something; what is below them is looked at if it is of this test's time.
EVERYBODYS = ("/var/tmp", "/run/user", "/var/spool", "/var/crash", "/var/lib/systemd/coredump")


class Story:
    def __init__(self, play, witness, since, typed=None):
        self.play, self.office, self.robot, self.clerk = play, play.office, play.robot, play.clerk
        self.witness, self.since = witness, since
        person = self.office.people[WHO]
        self.values = {key: person[key] for key in ("name", "number", "birth", "address")}
        self.values.update(TYPED if typed is None else typed)
        self.wanted = needles(self.values)
        self.may_not = None  # what the officer at the screen may not see of the resident
        self.looks = 0
        self.clerk.picture = self.look

    # --- what is looked at all the time ---

    def look(self, name):
        """At each step: what the whole tree says, hidden or not, and the titles."""
        self.looks += 1
        self.play.picture("leak-" + name)
        titles = in_content(self.witness.titles(), self.wanted)
        assert not titles, "%s: a title says %s" % (name, titles)
        said = self.robot.everything().encode()
        whole = in_content(said, needles({"number": self.values["number"]}))
        assert not whole, "%s: the whole number is there, and nobody asked for it" % name
        if self.may_not is not None:
            found = in_content(said, self.may_not)
            assert not found, "%s: who may not see it finds %s:\n%s" % (name, found, self.robot.describe())

    def with_eyes(self, values):
        self.may_not = None if values is None else {**needles(values), **{value.encode(): key for key, value in values.items()}}

    # --- what is looked at now and then ---

    def processes(self):
        return {name: self.office.processes[name].pid for name in OURS}

    def check_elsewhere(self):
        """No program but the window has ever had any of it in memory."""
        for name, pid in self.processes().items():
            if name != "window":
                found = in_memory(pid, self.values)
                assert not found, "%s knows %s" % (name, found)

    def in_window(self):
        return in_memory(self.processes()["window"], self.values)

    def wait_wiped(self):
        deadline = time.monotonic() + 90
        while self.in_window():
            assert time.monotonic() < deadline, "still in the window's memory: %s" % self.in_window()
            time.sleep(1)
        self.check_elsewhere()

    def check_files(self):
        """All that lies where the programs may write, but what the resident's card and the world itself are made of."""
        office = self.office
        made = [office.at("cards"), office.at("pki"), office.at("world.json")]
        left = in_files([tempfile.gettempdir()], self.wanted, but=made)
        left += in_files(EVERYBODYS, self.wanted, but=[self.play.pictures], since=self.since)
        for pid in self.processes().values():
            left += in_open_files(pid, self.wanted)
        assert not left, "on the disk: %s" % left
        assert in_files([office.at("cards", WHO)], self.wanted), "the search is blind"

    def check_said(self):
        assert b"org.madoguchi.Terminal1" in self.witness.bus, "the bus was not heard"
        on_bus = in_content(self.witness.bus, self.wanted)
        assert not on_bus, "on the bus: %s" % on_bus
        assert self.witness.notifications, "nothing was notified"
        told = in_content(repr(self.witness.notifications).encode(), self.wanted)
        assert not told, "notified: %s" % told

    # --- what happens ---

    def by_who_may_not(self):
        """The same resident before a clerk without permission for numbers: name and address, and nothing of the number, not
        masked and not in memory."""
        clerk, number = self.clerk, self.values["number"]
        clerk.log_in("S0002")
        self.with_eyes({"number": number})
        clerk.choose(WITHOUT_NUMBER)
        clerk.identify({"resident": WHO})
        clerk.see(self.values["name"].split("　")[0])
        self.look("without-number")
        clerk.primary()
        clerk.see("申請書のまとまり")
        self.look("form-without-number")
        assert "*" + number[-4:] not in self.robot.everything(), "its last digits are there"
        assert "address" in self.in_window() and "number" not in self.in_window(), self.in_window()
        clerk.send_away()
        self.with_eyes(self.values)
        self.look("sent-away")
        self.wait_wiped()
        clerk.lock()

    def focus(self, label):
        self.click(self.robot.find("text", label), 1)
        self.robot.await_state(FOCUSED, "text", label)

    def click(self, widget, button):
        """The window fills the screen."""
        left, top, width, height = self.robot.extents(widget)
        self.xdotool("mousemove", str(left + width // 2), str(top + height // 2), "click", str(button))

    def copy(self):
        """The clerk copies what was typed, and it can be pasted: into another line: it is read out twice."""
        self.focus(FIRST)
        self.robot.key("ctrl+a")
        self.robot.key("ctrl+c")
        self.focus(SECOND)
        self.robot.key("ctrl+a")
        self.robot.key("ctrl+v")
        self.robot.key("Tab")
        self.focus(FIRST)
        self.robot.key("ctrl+a")  # the selection is a clipboard of its own

    def notified(self):
        """The line breaks and comes back while another window has the clerk's eyes."""
        before = len(self.witness.notifications)
        self.office.stop_gateway()
        for _ in range(900):
            if not is_online(self.office):
                break
            time.sleep(0.1)
        self.robot.key("super")  # any key: the window has the keyboard
        window = self.robot.active_window()
        self.xdotool("windowminimize", window)
        self.office.start_gateway()
        for _ in range(900):
            if len(self.witness.notifications) > before:
                break
            time.sleep(0.1)
        else:
            raise AssertionError("that the line is back was not notified")
        self.xdotool("windowactivate", "--sync", window)


    def xdotool(self, *words):
        subprocess.run(["xdotool", *words], env=self.robot.env, check=True)

    def paper(self, done):
        """On the printer that writes a file: that one is handed over, and is no trace."""
        self.robot.key("ctrl+p")
        choose_printer(self.robot)
        self.clerk.see(done)
        pages = [os.path.join(tray(), name) for name in os.listdir(tray())]
        assert len(pages) == 1, pages
        os.remove(pages[0])

    def take_in(self):
        clerk = self.clerk
        clerk.log_in("S0001")
        self.with_eyes(None)
        clerk.choose(CARE["search"])
        clerk.fill_in_chosen(CARE)
        held = self.in_window()
        assert set(held) == set(self.values), "the search does not find %s" % sorted(set(self.values) - set(held))
        self.check_elsewhere()
        self.notified()
        self.copy()
        clerk.primary()
        clerk.see("読み上げて")
        self.look("confirm")
        said = "\n".join(self.robot.texts())
        assert said.count(TYPED["k.survey_place"].split("　")[0]) == 2, "what was copied cannot be pasted:\n%s" % said
        self.paper("確認用に印刷しました")
        clerk.type_staff_pin("S0001")
        clerk.primary()
        clerk.see("受け付けました")
        receipt = self.robot.receipt_number()
        self.paper("受付票を印刷しました")
        self.office.remove_card("resident")
        clerk.primary()
        clerk.see("今日の受付")
        self.with_eyes(self.values)
        self.look("next-person")
        self.wait_wiped()
        self.nothing_to_paste()
        clerk.lock()
        return receipt

    def nothing_to_paste(self):
        self.robot.key("F2")
        self.clerk.see("どの手続きですか")
        entry = self.robot.find("text", "")
        self.robot.key("ctrl+v")
        self.click(entry, 2)
        time.sleep(1)
        self.look("pasted")
        self.clerk.give_up()

    def approve(self, receipt):
        """Another officer sees it, and nothing of it is left afterwards."""
        self.with_eyes(None)
        self.clerk.log_in("S0101")
        self.clerk.approve(receipt, "S0101", sees=TYPED["k.survey_place"].split("　")[0])
        self.with_eyes(self.values)
        self.clerk.see("承認")
        self.look("approved")
        self.wait_wiped()
        self.clerk.lock()

    def others(self):
        """Whoever else logs in finds the application in lists and in the log, and nobody in it."""
        for staff in ("S0002", "S0801", "S0901"):
            self.clerk.log_in(staff)
            self.clerk.show_queue()
            self.clerk.show_rest()
            if staff == "S0901":
                self.clerk.check_log()
            self.look(staff)
            self.clerk.lock()

    def run(self):
        self.by_who_may_not()
        receipt = self.take_in()
        self.check_files()
        self.approve(receipt)
        self.others()
        self.wait_wiped()
        self.check_files()
        self.check_said()
        assert self.looks > 30, "only %d looks" % self.looks


def everything_that_talks(office):
    """The programs say all that they ever say. The window has no place for files but the session's own, in memory: on the way
    to the printer it wants one."""
    office.bus_env["G_MESSAGES_DEBUG"] = os.environ["G_MESSAGES_DEBUG"] = "all"
    everything_with_tray(office)
    office.stop("window")
    office.bus_env["TMPDIR"] = "/nowhere"
    office.start_window()
    for name in ("TMPDIR", "G_MESSAGES_DEBUG"):
        office.bus_env.pop(name)
    os.environ.pop("G_MESSAGES_DEBUG")


def main():
    since = time.time()
    with stage(everything_that_talks, staff=None, pictures=options().pictures) as play:
        witness = Witness(play.screen.env)
        try:
            for _ in play.robot.tries(90):
                if witness.is_ready():
                    break
            Story(play, witness, since).run()
        finally:
            witness.end()
    return 0


if __name__ == "__main__":
    perform(main)
