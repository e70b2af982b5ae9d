#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""kill -9 of the real window, the terminal's service and the gateway at random moments of the demonstration's work.

Usage (inside tests/isolated): kill9.py [--windows N] [--seed N] --build DIR
The window dies N times (default 16), service and gateway at least as often. Clerk and supervisor do what the screen asks for;
after a death they start the window again, log in again, look what is there, and repeat what is not. In the end both
ends are counted: what got a receipt number is at the back office exactly once and approved, every number is accounted for,
nothing personal is written down anywhere, no process is left. The seed is printed; it repeats the plan of deaths."""

import argparse
import json
import os
import random
import re
import sqlite3
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.realpath(__file__))
sys.dont_write_bytecode = True
sys.path[:0] = [os.path.join(HERE, "..", "window"), os.path.join(HERE, "..", "world"), HERE]

OURS = ("madoguchi", "vcard", "pcscd", "Xvfb")
TO_OPEN = 30  # at most so many are opened by the back office in the end


class Day:
    """A day's work that is interrupted all the time."""

    def __init__(self, office, reaper, worker, dice, enough):
        self.office, self.reaper, self.worker, self.dice, self.enough = office, reaper, worker, dice, enough
        self.known = []  # receipt numbers of all intakes the clerk knows to be taken in
        self.found_again = 0

    def committed(self):
        return [number for number, in self.rows("SELECT receipt_number FROM intake WHERE state NOT IN"
                                                " ('reserved', 'abandoned') ORDER BY id")]

    def rows(self, query):
        path = self.office.at("terminal", "state", "terminal.db")
        with sqlite3.connect("file:%s?mode=ro" % path, uri=True, timeout=30) as db:
            return db.execute(query).fetchall()

    # --- after a death ---

    def start_again(self):
        if not self.reaper.window_was_killed():
            raise AssertionError("the window ended by itself: %s" % self.office.log_of("window")[-2000:])
        self.assert_card_closed("staff")
        self.assert_card_closed("resident")
        self.office.start_window()
        self.worker.until(lambda: self.worker.look()[0] in ("home", "list"), "login after a death")

    def assert_card_closed(self, role):
        """The dead window's PIN opens nothing any more: PC/SC has reset the card."""
        reader = self.office.facts["readers"][role]["name"]
        deadline = time.monotonic() + 90
        while role in self.worker.laid:
            asked = subprocess.run(["opensc-tool", "-r", reader, "-c", "default", "-s", "00:20:00:80"], text=True,
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False).stdout
            if "SW1=0x" in asked and "SW1=0x90" not in asked:
                return
            if time.monotonic() > deadline:
                raise AssertionError("the %s card is still open after its window died: %s" % (role, asked))
            time.sleep(0.1)

    def look_what_is_there(self):
        """The clerk at the home screen: what was taken in after all? The screen and the terminal have to agree."""
        committed = self.committed()
        new = [number for number in committed if number not in self.known]
        if len(new) > 1:
            raise AssertionError("more was taken in than anybody did: %s" % new)

        def shown():
            scene, text = self.worker.look()
            return scene == "home" and (not committed or committed[-1] in text)

        self.worker.until(shown, "today's list with %s" % committed[-1:])
        stranger = [number for number in re.findall(r"\d{3}-\d{6}-\d", self.worker.look()[1]) if number not in committed]
        if stranger:
            raise AssertionError("the screen lists what is not there: %s" % stranger)
        if new:
            self.known += new
            self.found_again += 1
        return bool(new)

    # --- the work ---

    def persist(self, act):
        """Does `act` again until it went through; None when it turned out to be done already."""
        from sight import Gone

        dead = False
        while True:
            try:
                if dead and self.recover():
                    return None
                dead = False
                return act()
            except Gone:
                dead = True

    def recover(self):
        """A new window up to the home screen; whether the intake in hand was taken in after all."""
        case, self.worker.case = self.worker.case, None
        self.start_again()
        done = self.worker.officer == "S0001" and self.look_what_is_there()
        self.worker.case = case
        return done

    def take_in(self, case):
        before = len(self.known)
        self.worker.case = case
        number = self.persist(lambda: self.worker.take_in(case))
        if number:
            self.known.append(number)
        check(len(self.known) == before + 1, "one application became %s" % self.known[before:])

    def round(self, cases):
        worker = self.worker
        self.persist(lambda: worker.change_officer("S0001"))
        for case in cases:
            self.take_in(case)
        self.persist(lambda: worker.change_officer("S0101"))
        while self.rows("SELECT 1 FROM intake WHERE state = 'received'"):
            self.persist(worker.approve_all)

    def run(self):
        from people import DAY

        self.worker.officer = "S0001"
        rounds = 0
        while not self.reaper.finished() or len(self.known) < self.enough:
            cases = [DAY[(rounds + 2) % len(DAY)]] + ([DAY[2]] if self.dice.random() < 0.5 else [])
            self.round(cases)
            rounds += 1
            print("kill9: round %d: %d taken in, killed: %s, %d deaths to come"
                  % (rounds, len(self.known), self.reaper.counts, len(self.reaper.plan)), flush=True)
        self.drain()

    def drain(self):
        deadline = time.monotonic() + 180
        while self.office.ctl("line", "status")["unsent"] > 0:
            if time.monotonic() > deadline:
                raise AssertionError("still unsent: %s" % self.office.ctl("queue", "list"))
            self.office.run("madoguchictl", "--session", "queue", "retry")
            time.sleep(0.2)


def check(condition, what):
    if not condition:
        raise AssertionError(what)


def count(day):
    """Both ends, the log, and what the people at the window saw. Prints the last line."""
    office = day.office
    committed = day.committed()
    cases = json.loads(office.backoffice("list", "--json"))
    arrived = [case["receipt_number"] for case in cases]
    check(sorted(day.known) == sorted(committed), "seen at the window %s, in the terminal %s" % (day.known, committed))
    check(set(day.worker.seen + day.worker.decided) <= set(committed), "a number was shown and is not there")
    lost, twice = set(committed) - set(arrived), len(arrived) - len(set(arrived))
    check(not lost and not twice and set(arrived) <= set(committed), "taken in %s, arrived %s" % (committed, arrived))
    check({case["state"] for case in cases} <= {"approved"}, "not all approved: %s" % cases)
    for case in cases[:TO_OPEN]:
        check(json.loads(office.backoffice("open", case["intake"], "--json"))["values"], "%s opens empty" % case)
    check_log(day, len(committed))
    abandoned = day.rows("SELECT count(*) FROM intake WHERE state = 'abandoned'")[0][0]
    counts = day.reaper.counts
    print("kill9: killed: window %(window)d times, service %(service)d, gateway %(gateway)d" % counts)
    print("kill9: %d taken in (%d of them found again after a death), %d approved, %d begun and given up, %d delivered, "
          "%d lost, %d twice" % (len(committed), day.found_again, len(cases), abandoned, len(arrived), len(lost), twice))


def check_log(day, taken):
    """Each act has one record, each receipt number its end, and the local copies are gone."""
    def objects(event):
        return sorted(day.rows("SELECT object_id FROM audit WHERE event = '%s' AND outcome = 'done'" % event))

    def intakes(states):
        return sorted(day.rows("SELECT id FROM intake WHERE state IN (%s)" % states))

    check(len(intakes("'approved'")) == taken, "not all approved in the terminal")
    check(objects("submit") == intakes("'approved'"), "records of submissions")
    check(objects("decide") == intakes("'approved'"), "records of decisions")
    check(objects("abandon") == intakes("'abandoned'"), "records of what was given up")
    check(not intakes("'reserved'"), "numbers that nobody accounts for: %s" % intakes("'reserved'"))
    numbers = sorted(int(number[4:10]) for number, in day.rows("SELECT receipt_number FROM intake"))
    check(len(objects("reserve")) == len(numbers), "records of reservations")
    # One follows upon the other, but where a block whose answer a kill took away is given up for the next.
    fresh = {int(detail.split("from=")[1].split()[0]) for detail, in
             day.rows("SELECT detail FROM audit WHERE event = 'numbers' AND detail LIKE '%cause=fresh'")}
    check(all(n == numbers[0] or n - 1 in numbers or n in fresh for n in numbers), "numbers without an intake: %s" % numbers)
    check(not day.rows("SELECT 1 FROM payload"), "sealed copies left after delivery")
    day.office.run("madoguchictl", "--session", "audit", "verify")  # fails when it does not hold


def check_files(office, home):
    """Neither the programs' folders nor the desktop's own hold anything personal."""
    from day import search

    found = search(office)
    pins = {pin for person in office.people.values() for pin in person["pins"].values()}
    pins |= {facts["pin"] for facts in office.staff.values()}
    wanted = re.compile(r"(?<![\w.:/-])(%s)(?![\w.:/-])" % "|".join(map(re.escape, sorted(pins))))
    for name in ("window", "daemon", "gateway"):
        found += ["PIN in %s.log" % name for line in office.log_of(name).splitlines() if wanted.search(line)]
    needles = [person[what].encode() for person in office.people.values() for what in ("name", "number", "address")]
    for path, _, names in os.walk(home):
        for name in filter(lambda name: os.path.isfile(os.path.join(path, name)), names):
            with open(os.path.join(path, name), "rb") as file:
                content = file.read()
            found += [os.path.join(path, name) for needle in needles if needle in content]
    check(not found, "personal information in the clear: %s" % found)


def left_over():
    """Names of processes of ours that still run."""
    names = []
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open("/proc/%s/stat" % entry, encoding="utf-8", errors="replace") as file:
                name, state = re.match(r"\d+ \((.*)\) (\w)", file.read()).groups()
        except OSError:
            continue
        if name.startswith(OURS) and state not in "ZX":
            names.append(name)
    return names


def work(arguments, screen):
    from office import Office
    from reaper import Reaper
    from robot import Robot
    from worker import Worker

    dice = random.Random(arguments.seed)
    with Office(None, screen.env) as office:
        office.start_all()
        for staff in ("S0001", "S0101"):
            office.give_password(staff)
        reaper = Reaper(office, dice, arguments.windows)
        robot = Robot(lambda: office.processes["window"], screen.env, patience=5.0)
        day = Day(office, reaper, Worker(office, robot, reaper.at), dice, arguments.windows / 4)
        began = time.monotonic()
        try:
            day.run()
            count(day)
            check_files(office, screen.home)
        except BaseException:
            if arguments.picture:
                screen.picture(arguments.picture)
            for name in ("window", "daemon", "gateway"):
                print("--- %s\n%s" % (name, office.log_of(name)[-3000:]), file=sys.stderr)
            raise
        print("kill9: %.0f s of work" % (time.monotonic() - began), flush=True)


def main():
    parser = argparse.ArgumentParser(description="A day at the counter on which everything dies.")
    parser.add_argument("--build", required=True)
    parser.add_argument("--windows", type=int, default=16)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    parser.add_argument("--picture", help="where to leave a picture of the screen if it fails")
    arguments = parser.parse_args()
    os.environ["MADOGUCHI_BUILD"] = arguments.build  # before the first import of world
    import world
    from screen import Screen

    def run():
        print("kill9: seed %d, the window dies %d times" % (arguments.seed, arguments.windows), flush=True)
        with Screen() as screen:
            screen.env["G_DEBUG"] = "fatal-criticals"
            os.environ.update(screen.env)
            os.environ.pop("G_DEBUG")
            work(arguments, screen)
        check(not left_over(), "processes are left: %s" % left_over())
        return 0

    world.main_guard(run)


if __name__ == "__main__":
    main()
