# SPDX-License-Identifier: Apache-2.0
"""The invented ward with its terminal and its back office running: World, and the three programs on top."""

import json
import os
import subprocess
import sys

for folder in ("world", "memory"):
    sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", folder))
import world  # noqa: E402
from memory import ASAN_WIPES  # noqa: E402

NAME = "org.madoguchi.Terminal1"
OBJECT = "/org/madoguchi/Terminal1"


class Office(world.World):
    """`root` is where the programs are installed (None: taken from the build directory), `bus_env` the environment of
    the private session bus."""

    def __init__(self, root, bus_env):
        super().__init__()
        self.root = root
        self.bus_env = bus_env
        self.with_password = set()

    def installed(self, name):
        if self.root:
            places = [os.path.join(self.root, folder) for folder in ("bin", "libexec")]
        else:
            sources = os.path.join(world.BUILD, "src")
            places = [os.path.join(sources, folder) for folder in os.listdir(sources)]
        for place in places:
            path = os.path.join(place, name)
            if os.path.isfile(path) and os.access(path, os.X_OK):
                return path
        raise world.Failure("%s is not there, neither installed nor built" % name)

    def start_all(self):
        self.start_cards()
        self.start_ocsp()
        self.start_gateway()
        self.start_daemon()
        self.start_window()

    # --- The back office ---

    def start_gateway(self):
        self.start("gateway", [self.installed("madoguchi-gateway"), "--config", self.at("gateway", "gateway.ini")])
        port = 8443
        world.wait_until(lambda: self.check("gateway") and world.is_bound(port), "madoguchi-gateway on port %d" % port)

    def stop_gateway(self):
        self.stop("gateway")

    def backoffice(self, *words):
        """One call of madoguchi-backoffice, for a reason; returns what it printed."""
        return self.run("madoguchi-backoffice", "--config", self.at("backoffice", "backoffice.ini"), "--reason", "D01", *words)

    # --- The terminal ---

    def start_daemon(self, within=()):
        """`within`: a command that runs it."""
        self.start("daemon", [*within, self.installed("madoguchid"), "--session", "--config",
                              self.at("terminal", "terminal.ini")], env=dict(self.bus_env, LANGUAGE="ja",
                                   ASAN_OPTIONS=os.environ.get("ASAN_OPTIONS", "") + ":" + ASAN_WIPES))
        world.wait_until(lambda: self.check("daemon") and self.daemon_answers(), "madoguchid on the bus")

    def daemon_answers(self):
        return subprocess.run(
            ["gdbus", "call", "--session", "--dest", NAME, "--object-path", OBJECT,
             "--method", "org.freedesktop.DBus.Peer.Ping"],
            env=self.bus_env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode == 0

    def give_password(self, staff):
        """Sets it, unless that was done: each costs time, and hardly any play has all officers at work."""
        if staff not in self.with_password:
            subprocess.run([self.installed("madoguchictl"), "--session", "staff", "set-password", staff],
                           input=self.staff[staff]["password"] + "\n", text=True, env=self.bus_env, check=True,
                           stdout=subprocess.DEVNULL)
            self.with_password.add(staff)

    def ctl(self, *words):
        return json.loads(self.run("madoguchictl", "--session", "--json", *words))

    def run(self, program, *words):
        done = subprocess.run([self.installed(program), *words], env=self.bus_env, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        if done.returncode != 0:
            raise world.Failure("%s %s ended with %d: %s" % (program, " ".join(words), done.returncode, done.stderr))
        return done.stdout

    # --- The window ---

    def start_window(self, under=(), **more):
        """under: words before the command, as unshare(1); more: for its environment."""
        env = dict(self.bus_env, MADOGUCHI_LANG=self.bus_env.get("MADOGUCHI_LANG", "ja"),
                   ASAN_OPTIONS=os.environ.get("ASAN_OPTIONS", "") + ":" + ASAN_WIPES)
        if not self.root:
            env["MADOGUCHI_LOCALEDIR"] = os.path.join(world.BUILD, "po")
            env["MADOGUCHI_LIBEXECDIR"] = os.path.join(world.BUILD, "src", "page")
        if "LD_PRELOAD" in more:  # a sanitizer wants to be first
            env["ASAN_OPTIONS"] += ":verify_asan_link_order=0"
        self.start("window", [*under, self.installed("madoguchi"), "--session",
                              "--config=" + self.at("terminal", "terminal.ini")], env=dict(env, **more))
