# SPDX-License-Identifier: Apache-2.0
"""Whoever writes down what leaves the programs: every message on the session's bus, every notification (there is a service
that takes them), the titles of all windows."""

import json
import os
import subprocess
import sys
import threading

SERVICE = "org.freedesktop.Notifications"
INTERFACE = """<node><interface name="%s">
  <method name="GetCapabilities"><arg type="as" direction="out"/></method>
  <method name="GetServerInformation"><arg type="s" direction="out"/><arg type="s" direction="out"/>
    <arg type="s" direction="out"/><arg type="s" direction="out"/></method>
  <method name="Notify"><arg type="s" direction="in"/><arg type="u" direction="in"/><arg type="s" direction="in"/>
    <arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="as" direction="in"/>
    <arg type="a{sv}" direction="in"/><arg type="i" direction="in"/><arg type="u" direction="out"/></method>
  <method name="CloseNotification"><arg type="u" direction="in"/></method>
</interface></node>""" % SERVICE


class Listener:
    """Keeps what a program prints, in memory: a file of it would be found as one of theirs."""

    def __init__(self, argv, env):
        self.heard = b""
        self.process = subprocess.Popen(argv, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        for piece in iter(lambda: os.read(self.process.stdout.fileno(), 1 << 16), b""):
            self.heard += piece

    def end(self):
        self.process.terminate()
        self.process.wait()


class Witness:
    """`bus`: the bytes of all messages; `notifications`: [summary, body, ...] of each; titles() as they are now."""

    def __init__(self, env):
        self.env = env
        self.monitor = Listener(["dbus-monitor", "--session", "--binary"], env)
        self.service = Listener([sys.executable, os.path.realpath(__file__)], env)

    @property
    def bus(self):
        return self.monitor.heard

    @property
    def notifications(self):
        return [json.loads(line) for line in self.service.heard.split(b"\n")[:-1] if line.startswith(b"[")]

    def is_ready(self):
        return SERVICE.encode() in self.monitor.heard and b"\n" in self.service.heard

    def titles(self):
        """Of all windows, those of dialogs and hidden ones, too: names, icons' names and classes."""
        tree = subprocess.run(["xwininfo", "-root", "-tree"], env=self.env, stdout=subprocess.PIPE, check=True).stdout
        ids = [word for word in tree.decode(errors="replace").split() if word.startswith("0x")]
        named = [subprocess.run(["xprop", "-id", each, "_NET_WM_NAME", "_NET_WM_ICON_NAME"], env=self.env, stdout=subprocess.PIPE,
                                stderr=subprocess.DEVNULL, check=False).stdout for each in ids[:40]]
        return b"\n".join([tree] + named)

    def end(self):
        self.monitor.end()
        self.service.end()


def serve():
    """The service: one line when it is there, one for each notification."""
    from gi.repository import Gio, GLib

    def called(bus, sender, path, interface, method, arguments, invocation):
        answer = {"GetCapabilities": lambda: GLib.Variant("(as)", (["body"],)),
                  "GetServerInformation": lambda: GLib.Variant("(ssss)", ("witness", "tests", "1", "1.2")),
                  "Notify": lambda: GLib.Variant("(u)", (1,))}.get(method, lambda: None)()
        if method == "Notify":
            print(json.dumps(arguments.unpack(), default=str), flush=True)
        invocation.return_value(answer)

    def owned(bus, name):
        bus.register_object("/org/freedesktop/Notifications", Gio.DBusNodeInfo.new_for_xml(INTERFACE).interfaces[0], called, None, None)
        print("ready", flush=True)

    Gio.bus_own_name(Gio.BusType.SESSION, SERVICE, 0, owned, lambda *_: None, lambda *_: None)
    GLib.MainLoop().run()


if __name__ == "__main__":
    serve()
