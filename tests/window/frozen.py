#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The card service stops answering while the window is at work (SIGSTOP): the window says that it is the service, not the card
that lies badly, to the clerk and in the doctor; and it can be closed while the service hangs. Run inside tests/isolated."""

import contextlib
import signal
import sys
import time

sys.dont_write_bytecode = True
from stage import BUTTONS, perform, stage  # noqa: E402

SERVICE = "カードサービスが止まったか、応答しなくなりました。"
DOCTOR = "カードサービスが応答しません。"
CONTACT = "カードの応答に時間がかかりすぎました"
LONG = 120


@contextlib.contextmanager
def frozen(office):
    pcscd = office.processes["pcscd"]
    pcscd.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        pcscd.send_signal(signal.SIGCONT)


def in_an_intake(clerk, office):
    """The PINs are typed, and nothing comes back."""
    person = office.people["tanaka"]
    clerk.ask_for_card("資格確認書")
    office.insert("resident", "tanaka")
    clerk.see("2つのうち1つめ")
    clerk.type_pin(person["pins"]["text"])
    clerk.primary()
    clerk.see("2つのうち2つめ")
    clerk.type_pin(person["pins"]["auth"])
    with frozen(office):
        clerk.primary()
        clerk.see(SERVICE, CONTACT, patience=LONG)
        said = "\n".join(clerk.robot.texts())
        assert SERVICE in said and CONTACT not in said, said
    clerk.see("2つのうち1つめ", "カードを置いてください", patience=LONG)  # it goes on by itself
    clerk.give_up()


def at_the_doctor(clerk):
    clerk.robot.press(BUTTONS, "原因を調べる")
    clerk.see(DOCTOR, CONTACT, patience=LONG)
    said = "\n".join(clerk.robot.texts())
    assert DOCTOR in said and CONTACT not in said, said
    assert "管理者にカードサービスの再起動を依頼" in said and "systemctl" not in said, "what a clerk can do: " + said


def close(play):
    """As the window manager closes it; the service still hangs."""
    window = play.office.processes["window"]
    play.robot.key("alt+F4")
    deadline = time.monotonic() + 90
    while window.poll() is None:
        assert time.monotonic() < deadline, "the window is closed, and its process goes on"
        time.sleep(0.05)
    assert window.returncode == 0, window.returncode


def main():
    with stage() as play:
        in_an_intake(play.clerk, play.office)
        play.robot.press(BUTTONS, "設定")
        with frozen(play.office):
            at_the_doctor(play.clerk)
            close(play)
        play.office.stop("window")
    print("frozen: told as the service's trouble, and the window closed")
    return 0


if __name__ == "__main__":
    perform(main)
