#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The application to be checked and the receipt slip at the real window, through GTK's own dialog and its printer that
writes a file: the printer is chosen once; counted in the log is what the print system has printed, not what was cancelled or
failed.

Usage (inside tests/isolated): paper.py [--pictures DIR]"""

import os
import sys
import time

sys.dont_write_bytecode = True
from stage import BUTTONS, everything, options, perform, stage  # noqa: E402

from sight import READY  # noqa: E402

SHORT = 2  # in people.DAY: the shortest form
PRINT, CANCEL = "印刷(_P)", "キャンセル(_C)"  # of GTK's dialog
DONE, FAILED = "受付票を印刷しました", "受付票を印刷できませんでした"


def tray():
    """Where GTK's printer puts its file."""
    return os.path.join(os.environ["HOME"], "tray")


def everything_with_tray(office):
    os.makedirs(tray())
    os.makedirs(os.environ["XDG_CONFIG_HOME"], exist_ok=True)
    with open(os.path.join(os.environ["XDG_CONFIG_HOME"], "user-dirs.dirs"), "w", encoding="utf-8") as file:
        file.write('XDG_DOCUMENTS_DIR="%s"\n' % tray())
    everything(office)


def choose_printer(robot):
    """By the keyboard, into the list of printers; there is one."""
    robot.find(None, "ファイルに出力する")
    for _ in range(20):
        if robot.find(BUTTONS, PRINT).has(READY):
            break
        robot.key("Tab")
        robot.key("Down")
        robot.key("space")
        time.sleep(0.3)
    robot.press(BUTTONS, PRINT)


class Story:
    def __init__(self, play):
        self.play, self.office, self.robot, self.clerk = play, play.office, play.robot, play.clerk

    def prints(self, guide=False):
        return [record for record in self.office.ctl("audit", "list", "--limit", "1000")
                if record["event"] == "print" and record["detail"].startswith("what=guide") == guide]

    def await_prints(self, n):
        deadline = time.monotonic() + 90
        while len(self.prints()) != n:
            assert time.monotonic() < deadline, "%d prints are recorded, not %d" % (len(self.prints()), n)
            time.sleep(0.3)
        return self.prints()

    def pages(self):
        return [os.path.join(tray(), name) for name in os.listdir(tray())]

    def cancelled(self):
        """No more is left of it than of the dialog."""
        self.robot.key("ctrl+p")
        self.robot.find(BUTTONS, CANCEL)
        assert not self.robot.all(BUTTONS, "プレビュー"), "the preview leaves a file with all of it"
        self.robot.press(BUTTONS, CANCEL)
        self.robot.gone(BUTTONS, CANCEL)
        assert not self.pages() and len(self.prints()) == 1, "cancelled, and yet printed"

    def printed(self):
        self.robot.key("ctrl+p")
        choose_printer(self.robot)
        self.clerk.see(DONE)
        record = next(record for record in self.await_prints(2) if record["detail"].startswith("what=slip"))
        assert record["outcome"] == "done" and record["object"] and record["detail"] == "what=slip sheets=1", record
        (page,) = self.pages()
        with open(page, "rb") as file:
            assert file.read(4) == b"%PDF", "no PDF was printed"
        return page

    def enter(self):
        """The printer of the last time is chosen already."""
        self.robot.key("ctrl+p")
        self.robot.await_state(READY, BUTTONS, PRINT)
        self.robot.key("Return")
        self.robot.gone(BUTTONS, CANCEL)

    def guide(self):
        """What is due, before anybody is named: of no intake, and nothing of it stays."""
        self.robot.key("F2")
        self.clerk.see("どの手続きですか")
        self.robot.press(BUTTONS, "手続きナビ")
        self.clerk.see("何がありましたか")
        self.robot.press(BUTTONS, "転入")
        self.clerk.see("ご案内を印刷する")
        self.play.picture("guide-print")
        self.robot.key("ctrl+p")
        choose_printer(self.robot)
        self.clerk.see("手続きのご案内を印刷しました")
        (record,) = self.prints(guide=True)
        assert record["outcome"] == "done" and not record["object"], record
        (page,) = self.pages()
        os.remove(page)
        self.clerk.give_up()

    def application(self):
        """Before it is signed: all of it on paper; its pages are counted, too."""
        self.robot.key("ctrl+p")
        choose_printer(self.robot)
        self.clerk.see("確認用に印刷しました")
        (record,) = self.await_prints(1)
        assert record["object"] and record["detail"].startswith("what=application sheets="), record
        (page,) = self.pages()
        os.remove(page)

    def again(self, page):
        os.remove(page)
        self.enter()
        self.await_prints(3)
        assert self.pages() == [page], "nothing was printed"

    def failed(self, page):
        """The printer is gone: said in words, not counted, and the next time it is chosen anew."""
        os.remove(page)
        os.rmdir(tray())
        self.enter()
        self.clerk.see(FAILED)
        self.play.picture("print-failed")
        self.robot.key("ctrl+p")
        self.robot.find(BUTTONS, CANCEL)
        os.mkdir(tray())
        assert len(self.prints()) == 3, "a print that failed is counted"

    def locked(self):
        """Whoever takes the officer's place finds no dialog that would print."""
        self.office.remove_card("staff")
        self.robot.gone(BUTTONS, CANCEL)
        self.clerk.see_login()
        self.robot.key("ctrl+p")
        time.sleep(1)
        assert not self.robot.all(BUTTONS, CANCEL), "the locked screen prints"
        assert len(self.prints()) == 3 and not self.pages()

    def run(self):
        self.play.picture("done")
        self.cancelled()
        page = self.printed()
        self.again(page)
        self.failed(page)
        self.locked()


def main():
    with stage(everything_with_tray, staff=None, pictures=options().pictures) as play:
        from people import DAY

        story = Story(play)
        play.clerk.log_in("S0001")
        story.guide()
        play.robot.key("F2")
        play.clerk.see("どの手続きですか")
        play.robot.type(DAY[SHORT]["search"])
        play.clerk.primary()
        play.clerk.fill_in_chosen(DAY[SHORT])
        play.clerk.primary()
        play.clerk.see("読み上げて")
        story.application()
        play.clerk.type_staff_pin("S0001")
        play.clerk.primary()
        play.clerk.see("受け付けました")
        story.run()
    return 0


if __name__ == "__main__":
    perform(main)
