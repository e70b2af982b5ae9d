# SPDX-License-Identifier: Apache-2.0
"""What every play at the real window stands on: a screen, the invented office with its programs running, and a clerk in front
of the window. To be used inside tests/isolated, after `sys.dont_write_bytecode = True`."""

import argparse
import contextlib
import os
import sys
import time

HERE = os.path.dirname(os.path.realpath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "world"), os.path.join(HERE, "..", "demo")]

BUTTONS = ["push button", "button", "toggle button"]


def terminal(office):
    """The terminal alone, with no line to a back office."""
    office.start_cards()
    office.start_daemon()
    office.start_window()


def everything(office):
    office.start_all()


def options(*more):
    """What the command line says: --pictures, --build, and `more` as (name, default)."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", help="the folder of the build, in place of MADOGUCHI_BUILD")
    parser.add_argument("--pictures", help="leaves the screens in this folder")
    for name, default in more:
        parser.add_argument("--" + name, default=default)
    found = parser.parse_args()
    if found.build:
        os.environ["MADOGUCHI_BUILD"] = found.build  # before the first import of world
    return found


def perform(main):
    """Runs main() and exits; whatever happens, what was started is ended."""
    import world

    world.main_guard(main)


class Stage:
    """`screen`, `office`, `robot`, `clerk`; picture(name) leaves the screen in the folder `pictures`, if there is one."""

    def __init__(self, screen, office, make_robot, pictures):
        from clerk import Clerk

        self.screen, self.office, self.pictures = screen, office, pictures
        self.robot = make_robot(office, screen.env)
        self.clerk = Clerk(office, self.robot, lambda name: None)

    def picture(self, name):
        if self.pictures:
            time.sleep(0.3)
            self.screen.picture(os.path.join(self.pictures, name + ".png"))


def robot_of(office, env):
    from robot import Robot

    return Robot(lambda: office.processes.get("window"), env)


@contextlib.contextmanager
def stage(start=terminal, size=(1366, 768), staff="S0001", make_robot=robot_of, pictures=None, **env):
    """start(office) brings up the programs; `staff` logs in, unless None; `env`: for the programs."""
    from screen import Screen

    with Screen(*size) as screen:
        screen.env.update(G_DEBUG="fatal-criticals", **env)
        os.environ.update(screen.env)
        os.environ.pop("G_DEBUG")  # for the window, not for those who look at it
        from office import Office

        with Office(None, screen.env) as office:
            start(office)
            play = Stage(screen, office, make_robot, pictures)
            try:
                if staff:
                    play.clerk.log_in(staff)
                yield play
            except BaseException:
                play.picture("failed")
                print("%s\n--- window\n%s" % (play.robot.describe(), office.log_of("window")[-2000:]), file=sys.stderr)
                raise
