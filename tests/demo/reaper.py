# SPDX-License-Identifier: Apache-2.0
"""Kills (kill -9) the window, the terminal's service and the gateway at random moments of a day's work, and starts service
and gateway again as their supervisor would. The window is started again by whoever works with it."""

import queue
import threading
import time

# Scenes of worker.py at which something dies, and how often against each other; "!" is right after the one act of the scene.
MOMENTS = {
    "window": {
        "staff-card": 1, "password!": 3, "home": 1, "procedure!": 2, "notice!": 1, "card": 1, "text-pin!": 1, "auth-pin!": 2,
        "identified!": 1, "content": 2, "content!": 1, "confirm": 1, "confirm!": 6, "done": 1, "done!": 1,
        "list": 1, "unlock!": 2, "compare": 1, "sign": 1, "sign!": 6, "decided": 1,
    },
    "service": {
        "password!": 2, "home": 1, "procedure!": 2, "auth-pin!": 1, "content": 1, "confirm": 1, "confirm!": 5, "done": 1,
        "list": 1, "unlock!": 1, "sign": 1, "sign!": 5,
    },
}
UNTIL_SAID = -1  # the service stays away until the window has said so


LONGEST = 14  # weight of the moments that one death lets pass at most


class Strike:
    """One planned death: who, how much of the work's moments it lets pass, how far into the one that is hit, how long service
    and gateway stay away."""

    def __init__(self, dice, victims):
        self.victims = victims
        self.weights = MOMENTS["window" if "window" in victims else "service"]
        self.patience = dice.uniform(0, LONGEST)
        self.share = dice.uniform(0, 1)
        self.pause = dice.choice([0, 0.1, 0.5, UNTIL_SAID] if "service" in victims else [0, 0.1, 0.5])


class Reaper:
    """`windows` is how often the window dies; service and gateway at least as often."""

    def __init__(self, office, dice, windows):
        both, all_three = windows // 8, windows // 8
        victims = ([["window"]] * (windows - both - all_three) + [["window", "service"]] * both
                   + [["window", "service", "gateway"]] * all_three
                   + [["service"]] * (windows - both - all_three - windows // 6) + [["service", "gateway"]] * (windows // 6))
        dice.shuffle(victims)
        self.office = office
        self.plan = [Strike(dice, which) for which in victims]
        self.counts = {"window": 0, "service": 0, "gateway": 0}
        self.gateway_pauses = [(dice.uniform(0.1, 4.0), dice.choice([0, 0, 0.2, 2.0])) for _ in range(windows + windows // 2)]
        self.usual = {}  # seconds that follow a moment here and now
        self.last = (None, 0)
        self.due = queue.Queue()
        self.busy = threading.Event()
        self.killed = threading.Event()  # the window, and nobody has started it again yet
        self.said = threading.Event()
        self.gateway = threading.Lock()
        self.failure = None
        # Processes die with the thread that started them, so these never end.
        for loop in (self.strike_when_due, self.trouble_gateway):
            threading.Thread(target=self.guarded, args=(loop,), daemon=True).start()

    # --- asked by the work ---

    def at(self, moment):
        """The work has come to `moment`. Raises what went wrong in the background."""
        if self.failure:
            raise self.failure
        now = time.monotonic()
        before, since = self.last
        if before:
            self.usual[before] = 0.5 * self.usual.get(before, now - since) + 0.5 * (now - since)
        self.last = (moment, now)
        if moment == "no-service":
            self.said.set()
        if self.plan and not self.busy.is_set():
            self.plan[0].patience -= self.plan[0].weights.get(moment, 0)
            if self.plan[0].patience <= 0:
                self.busy.set()
                self.due.put((self.plan.pop(0), self.usual.get(moment, 1.0)))

    def window_was_killed(self):
        """Whether the window is dead by our hand; forgets it."""
        killed = self.killed.is_set()
        self.killed.clear()
        self.last = (None, 0)
        return killed

    def finished(self):
        if self.failure:
            raise self.failure
        return not self.plan and not self.gateway_pauses and not self.busy.is_set()

    # --- in the background ---

    def guarded(self, loop):
        try:
            loop()
        except BaseException as failure:
            self.failure = failure

    def kill(self, name):
        process = self.office.processes[{"service": "daemon"}.get(name, name)]
        if process.poll() is not None:
            raise AssertionError("%s had ended by itself with %d" % (name, process.returncode))
        if name == "window":
            self.killed.set()
        process.kill()
        process.wait()
        self.counts[name] += 1

    def strike_when_due(self):
        while True:
            strike, usual = self.due.get()
            time.sleep(min(strike.share * usual, 20))
            self.said.clear()
            if "gateway" in strike.victims:
                self.gateway.acquire()
            for name in strike.victims:
                self.kill(name)
            if strike.pause == UNTIL_SAID:
                if not self.said.wait(120):
                    raise AssertionError("the service was away, and the window did not say so")
            else:
                time.sleep(strike.pause)
            if "service" in strike.victims:
                self.office.start_daemon()
            if "gateway" in strike.victims:
                self.office.start_gateway()
                self.gateway.release()
            self.busy.clear()

    def trouble_gateway(self):
        while self.gateway_pauses:
            before, away = self.gateway_pauses[-1]
            time.sleep(before)
            with self.gateway:
                self.kill("gateway")
                time.sleep(away)
                self.office.start_gateway()
            self.gateway_pauses.pop()
        threading.Event().wait()
