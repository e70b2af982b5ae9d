#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Where the window's word about revocation comes from, at the real window in a network of its own, which has nothing in it: the bus
alone. By the responder that the policy names, asked by the service; then by nobody; then by a list that came meanwhile. Run
inside tests/isolated."""

import os
import sys

HERE = os.path.dirname(os.path.realpath(__file__))
sys.path[0:0] = [HERE, os.path.join(HERE, "..", "demo")]
sys.dont_write_bytecode = True


def settle(office, **values):
    """Other values in terminal.ini."""
    path = office.at("terminal", "terminal.ini")
    with open(path, encoding="utf-8") as f:
        lines = f.read().splitlines()
    with open(path, "w", encoding="utf-8") as f:
        for line in lines:
            key = line.partition("=")[0]
            f.write((key + "=" + values[key] if key in values else line) + "\n")


def identified(office):
    """Verdict and source of the last identification in the log."""
    rows = [row for row in office.ctl("audit", "list", "--limit", "1000") if row["event"] == "identification"]
    return dict(word.split("=") for word in rows[-1]["detail"].split() if "=" in word)


def begin(clerk):
    """A new intake, of a procedure that lets revocation be asked later, until the card is asked for."""
    clerk.robot.key("F2")
    clerk.see("どの手続きですか")
    clerk.robot.write("国民年金")
    clerk.primary()
    clerk.see("説明")
    clerk.primary()
    clerk.see("カードを置いてください")


def identify(clerk, office, who, verdict, source):
    import world
    from residents import end, show

    before = office.ctl("audit", "list", "--limit", "1000")[-1]["seq"]
    begin(clerk)
    show(clerk, office, who)
    world.wait_until(lambda: any(row["event"] == "identification"
                                 for row in office.ctl("audit", "list", "--after", str(before))), "a record")
    found = identified(office)
    assert (found["verdict"], found["revocation"]) == (verdict, source), found
    end(clerk, office)
    return found


def main():
    from screen import Screen

    with Screen() as screen:
        screen.env["G_DEBUG"] = "fatal-criticals"
        os.environ.update(screen.env)
        os.environ.pop("G_DEBUG")  # libatspi, which we look with, warns of objects that go while it looks
        from clerk import Clerk
        from office import Office
        from robot import Robot

        with Office(None, screen.env) as office:
            settle(office, bundle=office.at("policy", "policy-service.cms"), crl_dir=office.at("run", "lists"))
            office.start_cards()
            office.start_ocsp(["auth"])
            office.start_daemon()
            office.set_passwords()
            office.start_window(["unshare", "--net"])
            clerk = Clerk(office, Robot(["madoguchi"], screen.env), lambda name: None)
            clerk.log_in("S0001")
            with open("/proc/%d/net/dev" % office.processes["window"].pid, encoding="ascii") as f:
                assert [line.split(":")[0].strip() for line in f.readlines()[2:]] == ["lo"], "the window has a network"
            assert os.readlink("/proc/%d/ns/net" % office.processes["window"].pid) != os.readlink("/proc/self/ns/net")

            identify(clerk, office, "stay", "valid", "ocsp")
            office.stop("ocsp-auth")
            found = identify(clerk, office, "stay", "deferred", "none")
            assert found["cause"] == "no-answer", found
            # the window has run since before the list was there
            assert office.ctl("crl", "add", office.at("crl", "jpki-auth.crl"))["outcome"] == "taken"
            identify(clerk, office, "stay", "valid", "crl")
    return 0


if __name__ == "__main__":
    sys.exit(main())
