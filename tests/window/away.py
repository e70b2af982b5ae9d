#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""R-CARD-10 where it is not the card that leaves: in the middle of an intake the reader is unplugged, the bus is reset under it,
the machine sleeps, and the card service stops. Each time nothing of the resident is left to be read, the screen says what is
gone, and the same card brings the intake back as it was, without a PIN. Run inside tests/isolated. --pictures FOLDER: leaves the
screens."""

import sys

sys.dont_write_bytecode = True
from stage import options, perform, stage  # noqa: E402

from keypad import begin, start  # noqa: E402
from residents import assert_nobody, wait_wiped  # noqa: E402
from revocation import renew_policy  # noqa: E402


def to_the_contents(clerk, office, person):
    """Identified at the reader's own keys, and a telephone number begun."""
    begin(clerk, office, "tanaka")
    clerk.see("暗証番号はリーダーのキーで入力します。")
    clerk.primary()
    clerk.see("券面事項入力補助用の暗証番号")
    office.order("resident", "type " + person["pins"]["text"])
    clerk.see("利用者証明用電子証明書の暗証番号")
    office.order("resident", "type " + person["pins"]["auth"])
    clerk.see(person["name"].split("　")[0])
    clerk.primary()
    back(clerk, person)


def back(clerk, person):
    """Where it was, with everything that was read, and nothing asked again."""
    clerk.see("申請書のまとまり")
    clerk.see(person["name"].split("　")[0])
    clerk.see(person["address"])


def unplugged(clerk, office, person, picture):
    office.order("resident", "unplug")
    clerk.see("カードリーダーが外れました。つなぎ直して同じカードを置くと、続けられます。")
    assert_nobody(clerk, person)
    picture("away-reader")
    wait_wiped(office, "tanaka", but_secrets=True)
    office.order("resident", "plug")
    back(clerk, person)


def bus_reset(clerk, office, person):
    """Too short to be seen, perhaps; but what was verified is gone from the card, and nothing is sent to it."""
    sent = office.order("resident", "status").split("sent=")[1].split()[0]
    office.order("resident", "reset")
    back(clerk, person)
    assert office.order("resident", "status").split("sent=")[1].split()[0] == sent, "a PIN was sent again"


def asleep(clerk, office, person):
    """The machine slept; the card lies there still."""
    office.order("resident", "sleep")
    back(clerk, person)


def service_stopped(clerk, office, person, picture):
    """Both readers go with it: the desk locks, and nothing of the resident is behind the lock. Whoever logs in again reads that the
    card is wanted, and goes on with it."""
    for name in ("vcard-resident", "vcard-staff", "pcscd"):
        office.stop(name)
    clerk.see("カードの読み取り機能", "カードサービス", "見つかりません", "動いていません")
    assert_nobody(clerk, person)
    picture("away-service")
    wait_wiped(office, "tanaka", but_secrets=True)
    office.start_pads()
    office.start_vcards()
    clerk.see("職員カードを置いてください")
    office.insert("staff", "staff-S0001")
    clerk.see("パスワードを入力してください")
    clerk.robot.type(office.staff["S0001"]["password"])
    clerk.primary()
    clerk.see("カードが離れました")
    assert_nobody(clerk, person)
    office.insert("resident", "tanaka")
    back(clerk, person)


def main():
    with stage(start, pictures=options().pictures) as play:
        clerk, office, picture = play.clerk, play.office, play.picture
        person = office.people["tanaka"]
        renew_policy(office, "policy-patient", 3)
        to_the_contents(clerk, office, person)
        unplugged(clerk, office, person, picture)
        bus_reset(clerk, office, person)
        asleep(clerk, office, person)
        service_stopped(clerk, office, person, picture)
    return 0


if __name__ == "__main__":
    perform(main)
