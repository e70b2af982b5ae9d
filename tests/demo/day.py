#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A day at the counter of the invented ward, on real parts.

Usage (inside tests/isolated): day.py [--auto [--looks]] --build DIR [--root DIR] --pictures DIR
--root is where the programs are installed; without it they are taken from the build directory. --looks: afterwards every
screen in both languages, light and dark, small and large, in DIR/looks.

With --auto: a private screen, the window driven over the accessibility interface and the keyboard. Takes in three
applications (one of them while the gateway is stopped), has a supervisor approve them, waits until the back office
has them, opens them there, and counts at both ends; an auditor checks the log. Without: the window on your display,
and a prompt in this terminal that puts cards on the readers."""

import argparse
import contextlib
import json
import os
import re
import select
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.realpath(__file__))
sys.dont_write_bytecode = True
sys.path[:0] = [os.path.join(HERE, "..", "window"), os.path.join(HERE, "..", "world"),
                os.path.join(HERE, "..", "memory"), HERE]


class Day:
    """The steps of the day, each printed with its time and left as a picture."""

    def __init__(self, office, screen, robot, pictures):
        from clerk import Clerk

        self.office = office
        self.screen = screen
        self.pictures = pictures
        self.number = 0
        self.since = time.monotonic()
        self.clerk = Clerk(office, robot, self.picture)

    def picture(self, name):
        self.number += 1
        self.screen.picture(os.path.join(self.pictures, "%02d-%s.png" % (self.number, name)))

    def step(self, words):
        now = time.monotonic()
        print("demo: %6.1f s  %s" % (now - self.since, words), flush=True)
        self.since = now

    def run(self):
        from people import DAY

        office, clerk = self.office, self.clerk
        clerk.see_login()
        self.picture("login")
        clerk.log_in("S0001")
        self.step("the clerk logged in with card and password")
        receipts = []
        for index, case in enumerate(DAY):
            if index == 1:
                office.stop_gateway()
                self.step("the gateway stopped; intake goes on")
            receipts.append(clerk.take_in(case))
            self.step("taken in: %s, receipt %s" % (case["procedure"], receipts[-1]))
        clerk.show_queue()
        self.step("the queue shows what waits for the line")
        office.start_gateway()
        self.step("the gateway is back")
        clerk.lock()
        self.step("the staff card left, the screen locked")
        clerk.log_in("S0101")
        self.step("the supervisor logged in")
        for receipt in receipts:
            clerk.approve(receipt, "S0101")
            self.step("approved: %s" % receipt)
        clerk.wait_drained()
        self.step("everything is with the back office, nothing unsent")
        clerk.show_rest()
        self.step("the rest of the rail looked at")
        clerk.lock()
        clerk.log_in("S0901")
        clerk.check_log()
        self.step("the auditor logged in and checked the log")
        return receipts


def count(office, receipts):
    """What the two ends say; prints what the back office opened. Returns the exit status and the last line."""
    audit = office.ctl("audit", "list", "--limit", "1000")
    taken = sum(1 for record in audit if record["event"] == "submit" and record["outcome"] == "done")
    approved = sum(1 for record in audit if record["event"] == "decide" and record["outcome"] == "done")
    cases = json.loads(office.backoffice("list", "--json"))
    arrived = [case["receipt_number"] for case in cases if case["state"] == "approved"]
    for case in cases:
        opened = json.loads(office.backoffice("open", case["intake"], "--json"))
        print("demo: back office opened %s %s: %s" % (
            case["receipt_number"], case["procedure"],
            ", ".join("%s=%s" % (field, value) for field, value in sorted(opened["values"].items())
                      if field[0] in "pnkl")))
    lost = len(set(receipts) - set(arrived))
    twice = len(arrived) - len(set(arrived))
    exact = taken == approved == len(receipts) == len(arrived) and lost == 0 and twice == 0
    return 0 if exact else 1, "demo: %d taken in, %d approved, %d delivered, %d lost, %d twice" % (
        taken, approved, len(set(arrived)), lost, twice)


def search(office):
    """Looks for residents and passwords in everything the programs have written. Returns what was found where."""
    from people import DAY

    secrets = [facts["password"] for facts in office.staff.values()]
    for case in DAY:
        person = office.people[case["resident"]]
        secrets += [person["number"], person["name"], person["address"], *case["answers"].values()]
    needles = [secret.encode() for secret in secrets if len(secret.encode()) >= 8]
    found, files = [], 0
    for folder in ("terminal", "gateway", "run"):
        for path, _, names in os.walk(office.at(folder)):
            for name in names:
                if not os.path.isfile(os.path.join(path, name)):
                    continue  # a socket
                files += 1
                with open(os.path.join(path, name), "rb") as file:
                    content = file.read()
                found += ["%s/%s" % (folder, name) for needle in needles if needle in content]
    print("demo: %d files of terminal, gateway and logs searched for residents and passwords, %d found"
          % (files, len(found)))
    return found


def personal(office):
    """name -> what the day had to do with and what must be gone: residents, answers, PINs, passwords. A PIN of a few
    digits alone is everywhere in a memory; a card's VERIFY command with it is not."""
    from memory import Verify, forms
    from people import DAY

    with open(os.path.join(HERE, "..", "..", "data", "forms", "fields.json"), encoding="utf-8") as file:
        definitions = file.read()  # options and examples are in the programs anyway
    needles = {}
    for staff, facts in office.staff.items():
        needles["password of " + staff] = facts["password"].encode()
        needles["PIN of " + staff] = Verify(facts["pin"], 8)
    for case in DAY:
        who, person = case["resident"], office.people[case["resident"]]
        for what in ("number", "name", "address"):
            needles.update({"%s's %s, form %d" % (who, what, n): form for n, form in enumerate(forms(person[what]))})
        for field, value in case["answers"].items():
            if len(value.encode()) >= 8 and value not in definitions:
                needles["%s's %s" % (who, field)] = value.encode()
        for pin in ("text", "auth"):
            needles["%s's PIN %s" % (who, pin)] = Verify(person["pins"][pin], 4)
    return needles


def remember(office):
    """Looks for the residents, their answers, PINs and passwords in the memory of the running programs."""
    from memory import scan

    needles, found = personal(office), []
    for program, known in (("window", "S0101"), ("daemon", "S0101"), ("gateway", "139998")):
        pid = office.processes[program].pid
        if not scan(pid, {"known": known.encode()}):  # a staff id, the office: nobody's secret
            found.append("the scan of %s is blind" % program)
        there = scan(pid, needles)
        for name, where, around in there if os.environ.get("MEMORY_SCAN_CONTEXT") else []:
            print("%s: %s in %s: %r" % (program, name, where, around), file=sys.stderr)
        found += sorted({"%s has %s in %s" % (program, name, where) for name, where, _ in there})
    print("demo: the memory of window, daemon and gateway searched for residents, PINs and passwords, %d found"
          % len(found))
    return found


def look_around(arguments):
    """The same widgets with invented people, as other clerks have them. Returns how much is wrong with them."""
    from looks import inspect
    from screen import Screen

    wrong = []
    with Screen(1920, 1080) as screen:
        for language in ("ja", "en"):
            preview = os.path.join(arguments.build, "tests", "window", "preview")
            complaints, count = inspect(preview, language, screen, os.path.join(arguments.pictures, "looks"))
            print("demo: %d screens looked at in %s, light and dark, at 1366x768 and 1920x1080, %d complaints"
                  % (count, {"ja": "Japanese", "en": "English"}[language], len(complaints)), flush=True)
            wrong += complaints
    print("".join("demo: %s\n" % complaint for complaint in wrong), end="", file=sys.stderr)
    return len(wrong)


def automatic(arguments):
    status, line = work(arguments)
    wrong = look_around(arguments) if arguments.looks else 0
    print(line)
    return status or (1 if wrong else 0)


def work(arguments):
    """The day itself. Returns the exit status and the last line."""
    from screen import Screen

    with Screen() as screen:
        screen.env["G_DEBUG"] = "fatal-criticals"
        os.environ.update(screen.env)
        os.environ.pop("G_DEBUG")  # for the window, not for those who look at it
        from office import Office
        from robot import Robot

        began = time.monotonic()
        with Office(arguments.root, screen.env) as office:
            print("demo: %6.1f s  the ward is made" % (time.monotonic() - began), flush=True)
            office.start_all()
            day = Day(office, screen, Robot(lambda: office.processes["window"], screen.env), arguments.pictures)
            try:
                receipts = day.run()
            except BaseException:
                day.picture("failed")
                for name in ("window", "daemon", "gateway"):
                    print("--- %s\n%s" % (name, office.log_of(name)[-2000:]), file=sys.stderr)
                raise
            found = search(office) + remember(office)
            if found:
                print("demo: personal information in the clear: %s" % ", ".join(found), file=sys.stderr)
            status, line = count(office, receipts)
            return status or (1 if found else 0), line


HELP = """Cards: staff S0001 (clerk), S0101 (supervisor), S0901 (auditor); resident NAME; out staff, out resident; quit.
Residents: %s
"""


@contextlib.contextmanager
def private_bus():
    """The environment of a session bus of its own: the desktop's may be out of reach, or have a Madoguchi already."""
    read, write = os.pipe()
    bus = subprocess.Popen(["dbus-daemon", "--session", "--nofork", "--print-address=%d" % write], pass_fds=[write],
                           stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(write)
    try:
        with os.fdopen(read) as pipe:
            yield dict(os.environ, DBUS_SESSION_BUS_ADDRESS=pipe.readline().strip())
    finally:
        bus.terminate()
        bus.wait()


def by_hand(arguments):
    from office import Office

    with private_bus() as env, Office(arguments.root, env) as office:
        office.start_all()
        for staff in office.staff:
            office.give_password(staff)
        print(HELP % ", ".join(office.people))
        for name, facts in office.staff.items():
            print("  %s  password %s  card PIN %s" % (name, facts["password"], facts["pin"]))
        for name, facts in office.people.items():
            print("  %-10s PINs: %s and %s  (%s)" % (name, facts["pins"]["text"], facts["pins"]["auth"], facts["note"]))
        serve_cards(office)
        if office.processes["window"].poll():
            office.check("window")  # says what it left behind
        return 0


def serve_cards(office):
    """Puts cards on the readers as the person at the prompt says, until the window ends."""
    gone = os.pidfd_open(office.processes["window"].pid)
    orders = open(0, "rb", buffering=0, closefd=False)  # what select() sees is all there is
    while True:
        print("card> ", end="", flush=True)
        ready, _, _ = select.select([orders, gone], [], [])
        words = [] if gone in ready else orders.readline().decode()
        if gone in ready or words in ("", "quit\n"):
            print()
            return
        obey(office, words.split())


def obey(office, words):
    from office import world

    try:
        if len(words) == 2 and words[0] == "out" and words[1] in ("staff", "resident"):
            office.remove_card(words[1])
        elif len(words) == 2 and words[0] == "staff" and words[1] in office.staff:
            office.insert("staff", "staff-" + words[1])
        elif len(words) == 2 and words[0] == "resident" and words[1] in office.people:
            office.insert("resident", words[1])
        elif words:
            print(HELP % ", ".join(office.people))
    except world.Failure as failure:
        print(failure)


def main():
    parser = argparse.ArgumentParser(description="A day at the counter of the invented ward.")
    parser.add_argument("--auto", action="store_true")
    parser.add_argument("--looks", action="store_true")
    parser.add_argument("--build", required=True)
    parser.add_argument("--root")
    parser.add_argument("--pictures", required=True)
    arguments = parser.parse_args()
    os.environ["MADOGUCHI_BUILD"] = arguments.build  # before the first import of world
    import world

    world.main_guard(lambda: automatic(arguments) if arguments.auto else by_hand(arguments))


if __name__ == "__main__":
    main()
