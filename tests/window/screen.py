# SPDX-License-Identifier: Apache-2.0
"""A screen of its own: Xvfb, a window manager, a session bus with accessibility, all of it gone afterwards.

To be used inside tests/isolated, where the X socket directory is private to the run.
"""

import os
import shutil
import subprocess
import tempfile
import time


class Screen:
    """Starts Xvfb at the given size; `env` is what a program on it needs."""

    def __init__(self, width=1366, height=768, display=":77"):
        self.size = (width, height)
        self.display = display
        self.processes = []
        self.home = tempfile.mkdtemp(prefix="madoguchi-screen-")
        for name in [name for name in os.environ if name.startswith(("ADW_", "GDK_", "GSK_", "GTK_", "XMODIFIERS"))]:
            del os.environ[name]  # what the person at this machine likes
        self.env = dict(os.environ)
        self.env.update(
            DISPLAY=display,
            HOME=self.home,
            XDG_RUNTIME_DIR=os.path.join(self.home, "run"),
            XDG_CONFIG_HOME=os.path.join(self.home, "config"),
            XDG_CACHE_HOME=os.path.join(self.home, "cache"),
            XDG_DATA_HOME=os.path.join(self.home, "data"),
            GDK_BACKEND="x11",
            GSK_RENDERER="cairo",
            GTK_A11Y="atspi",
            GSETTINGS_BACKEND="memory",
            GIO_USE_VFS="local",
            NO_AT_BRIDGE="0",
            LC_ALL="C.UTF-8",
            TZ="Asia/Tokyo",
        )
        self.env.pop("WAYLAND_DISPLAY", None)

    def __enter__(self):
        os.makedirs("/tmp/.X11-unix", exist_ok=True)
        subprocess.run(["mount", "-t", "tmpfs", "tmpfs", "/tmp/.X11-unix"], check=True)
        os.makedirs(self.env["XDG_RUNTIME_DIR"], mode=0o700)
        self._spawn(
            # -r: where the machine is busy between a key's press and release, it would be repeated
            ["Xvfb", self.display, "-screen", "0", "%dx%dx24" % self.size, "-nolisten", "tcp", "-nolock", "-noreset", "-r"]
        )
        self._await("Xvfb", ["xdpyinfo"])
        self._start_bus()
        self._spawn(["openbox", "--sm-disable"])
        # A window that opens before has no keys.
        self._await("openbox", ["xprop", "-root", "_NET_SUPPORTING_WM_CHECK"], "window id")
        return self

    def __exit__(self, *_):
        for process in reversed(self.processes):
            process.terminate()
        for process in self.processes:
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        shutil.rmtree(self.home, ignore_errors=True)
        subprocess.run(["umount", "-l", "/tmp/.X11-unix"], check=False)

    def _spawn(self, argv, **more):
        process = subprocess.Popen(argv, env=self.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **more)
        self.processes.append(process)
        return process

    def _await(self, name, question, answer=""):
        """Until this command succeeds and says the answer."""
        deadline = time.monotonic() + 120
        while True:
            asked = subprocess.run(question, env=self.env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
            if asked.returncode == 0 and answer in asked.stdout:
                return
            if self.processes[-1].poll() is not None:
                raise RuntimeError("%s ended by itself, status %d" % (name, self.processes[-1].returncode))
            if time.monotonic() > deadline:
                raise TimeoutError("%s did not come up within 120 s" % name)
            time.sleep(0.05)

    def _start_bus(self):
        read, write = os.pipe()
        bus = subprocess.Popen(
            ["dbus-daemon", "--session", "--nofork", "--print-address=%d" % write],
            env=self.env, pass_fds=[write], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        os.close(write)
        self.processes.append(bus)
        with os.fdopen(read) as pipe:
            self.env["DBUS_SESSION_BUS_ADDRESS"] = pipe.readline().strip()

    def picture(self, path):
        """Leaves the whole screen as a PNG file at `path`."""
        os.makedirs(os.path.dirname(path), exist_ok=True)
        subprocess.run(["import", "-window", "root", path], env=self.env, check=True)
