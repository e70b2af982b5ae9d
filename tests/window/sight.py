# SPDX-License-Identifier: Apache-2.0
"""Eyes for a robot, quick ones: the whole window in one message, and no look before the window has told that something
changed. The window is known by its process, so that one that was killed and its successor are never confused.

Every message keeps the window from what it is waited for, and there are thousands of widgets: who asks each of them by
itself, again and again, takes most of the machine.
"""

import functools
import time

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, Gio, GLib  # noqa: E402

ACCESSIBLE = "org.a11y.atspi.Accessible"
EVENTS = "org.a11y.atspi.Event.Object"
PROPERTIES = "org.freedesktop.DBus.Properties"
TEXT = "org.a11y.atspi.Text"
ROOT = "/org/a11y/atspi/accessible/root"
CACHE = "/org/a11y/atspi/cache"
SHOWING = [Atspi.StateType.SHOWING, Atspi.StateType.VISIBLE]
READY = [Atspi.StateType.SENSITIVE, Atspi.StateType.ENABLED]
FOCUSED = [Atspi.StateType.FOCUSED]
ON = [Atspi.StateType.PRESSED, Atspi.StateType.CHECKED]

QUIET = 0.04  # seconds without a word from the window: what it does has an end
LONGEST = 0.7  # seconds between two looks at a window that tells nothing


class Gone(Exception):
    """The window's process has ended."""


class Seen:
    """One widget as it was when it was looked at. `place`: its number among what its parent shows, `count`: how many it shows
    itself."""

    def __init__(self, path, name, role, states, parent):
        self.path, self.name, self.states, self.parent = path, name, states, parent
        self.role = role_name(role)
        self.place, self.count, self.children, self.interfaces = 0, 0, [], ()

    def has(self, states):
        return any(self.states >> int(state) & 1 for state in states)


@functools.lru_cache(None)
def role_name(role):
    return Atspi.role_get_name(Atspi.Role(role))


def bits(states):
    return sum(states.get_child_value(index).get_uint32() << 32 * index for index in range(states.n_children()))


def read(row, child=GLib.Variant.get_child_value, text=GLib.Variant.get_string):
    """A row of what Cache.GetItems tells. Taken apart by hand: a look has hundreds, and unpack() is slow."""
    widget = Seen(text(child(child(row, 0), 1)), text(child(row, 6)), child(row, 7).get_uint32(), bits(child(row, 9)),
                  text(child(child(row, 2), 1)))
    widget.place, widget.count = child(row, 3).get_int32(), child(row, 4).get_int32()
    widget.interfaces = child(row, 5).get_strv()
    return widget


class Eyes:
    """`process()` gives the window's process (subprocess.Popen) of the moment, `env` has the session bus."""

    def __init__(self, process, env):
        self.process = process
        self.known = (None, None)
        flags = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION
        session = Gio.DBusConnection.new_for_address_sync(env["DBUS_SESSION_BUS_ADDRESS"], flags, None, None)
        address = session.call_sync("org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus", "GetAddress", None, None, 0, -1, None)
        self.bus = Gio.DBusConnection.new_for_address_sync(address.unpack()[0], flags, None, None)
        self.told = 0
        self.last = ([], None)  # what the last look found, and how often the window had told of a change by then
        self.took = QUIET  # seconds for a look
        for interface in (EVENTS, "org.a11y.atspi.Cache"):
            self.bus.signal_subscribe(None, interface, None, None, None, 0, self.listen)

    # --- the line to the window ---

    def call(self, name, path, interface, method, arguments=None):
        return self.bus.call_sync(name, path, interface, method, arguments, None, 0, 30000, None).unpack()

    def ask(self, path, interface, method, arguments=None):
        """One question to the window about one widget; None when that has gone."""
        try:
            return self.call(self.owner(), path, interface, method, arguments)[0]
        except GLib.Error:
            self.owner()  # tells if the window is gone
            return None

    def ask_all(self, paths, interface, method, arguments=None):
        """The same about many at once: {path: answer}; those that have gone are not in it."""
        name, found, waiting = self.owner(), {}, [len(paths)]

        def answered(bus, result, path):
            waiting[0] -= 1
            try:
                found[path] = bus.call_finish(result).unpack()[0]
            except GLib.Error:
                pass

        for path in paths:
            self.bus.call(name, path, interface, method, arguments, None, 0, 30000, None, answered, path)
        while waiting[0]:
            GLib.MainContext.default().iteration(True)
        return found

    def owner(self):
        """The window's name on the accessibility bus, None while it is not there yet."""
        process = self.process()
        if process is None or process.poll() is not None:
            raise Gone()
        if self.known[0] == process.pid:
            return self.known[1]
        bus = "org.freedesktop.DBus"
        for name, _ in self.call("org.a11y.atspi.Registry", ROOT, ACCESSIBLE, "GetChildren")[0]:
            try:
                pid = self.call(bus, "/org/freedesktop/DBus", bus, "GetConnectionUnixProcessID", GLib.Variant("(s)", (name,)))[0]
            except GLib.Error:
                continue  # of one that was killed before
            if pid == process.pid:
                self.known = (pid, name)
                return name
        return None

    # --- waiting for it ---

    def listen(self, *_):
        self.told += 1

    def await_word(self, heard, patience):
        """Listens until heard() or for PATIENCE seconds."""
        context, over = GLib.MainContext.default(), []
        timer = GLib.timeout_add(int(patience * 1000), over.append, True)
        while not over and not heard():
            context.iteration(True)
        if not over:
            GLib.source_remove(timer)

    def rest(self):
        """Until the window has told of a change and of no other for a moment."""
        before = self.told
        self.await_word(lambda: self.told != before, LONGEST)
        for _ in range(10):
            before = self.told
            self.await_word(lambda: self.told != before, max(QUIET, self.took))
            if self.told == before:
                return

    def forget(self):
        """Something was done to the window: what it showed says nothing any more."""
        self.last = ([], None)

    def hear(self):
        """Takes what was told meanwhile."""
        context = GLib.MainContext.default()
        while context.iteration(False):
            pass

    def tries(self, patience):
        """Yields as often as it is worth to look again within PATIENCE seconds."""
        deadline = time.monotonic() + patience
        while True:
            self.hear()  # what was told before we look
            yield
            if time.monotonic() > deadline:
                return
            self.rest()

    # --- looking ---

    def look(self):
        """Everything there is, in reading order: [Seen]."""
        name, began, told = self.owner(), time.monotonic(), self.told
        if name is None:
            return []
        try:
            for _ in range(4):
                rows = self.items(name)
                children = self.tree(rows)
                if all(child in rows for inside in children.values() for child in inside):
                    break  # or some were asked for the first time: now they have a row
        except GLib.Error:
            self.owner()  # tells if it is gone
            return []
        widgets, stack = [], [(path, ROOT) for path in reversed(children[ROOT])]
        while stack:
            path, parent = stack.pop()
            if path in rows:
                widget = rows[path]
                widget.parent, widget.children = parent, children[path]
                widgets.append(widget)
                stack += [(child, path) for child in reversed(widget.children)]
        self.last, self.took = (widgets, told), time.monotonic() - began
        return widgets

    def glance(self):
        """What the last look found, if nobody has done anything since and the window has told of nothing: enough to find what
        is there, never to say that something is not."""
        self.hear()
        self.owner()
        widgets, told = self.last
        return widgets if told == self.told else []

    def items(self, name):
        """A widget for each row that the window keeps, hidden ones too: {path: Seen}."""
        answer = self.bus.call_sync(name, CACHE, "org.a11y.atspi.Cache", "GetItems", None, None, 0, 30000, None)
        rows = answer.get_child_value(0)
        widgets = [read(rows.get_child_value(index)) for index in range(rows.n_children())]
        return {widget.path: widget for widget in widgets}

    def tree(self, rows):
        """What stands in what: {path: [path]}. Where the rows leave that open, the window is asked."""
        places, children, level = {}, {}, [ROOT]
        for path, row in rows.items():
            places.setdefault(row.parent, []).append((row.place, path))
        while level:
            open_ones = []
            for path in level:
                inside = sorted(places.get(path, []))
                if self.is_told(rows, path, inside):
                    children[path] = [child for _, child in inside]
                else:
                    open_ones.append(path)
            for path, found in self.ask_all(open_ones, ACCESSIBLE, "GetChildren").items():
                children[path] = [child for _, child in found]
            children.update((path, []) for path in open_ones if path not in children)
            level = [child for path in level for child in children[path]]
        return children

    @staticmethod
    def is_told(rows, path, inside):
        """Whether the rows say what stands in this widget. One that is hidden has a row, too, and its place is that of the next
        one; and a stack and its pages, panels in panels, tell places of each other's."""
        if path not in rows:
            return False
        widget = rows[path]
        near = [rows.get(widget.parent)] + [rows[child] for _, child in inside]
        if widget.role == "panel" and any(row is not None and row.role == "panel" for row in near):
            return False
        return [place for place, _ in inside] == list(range(widget.count))

    def facts(self, paths, interface, name):
        """A property of many at once: {path: value}."""
        return self.ask_all(paths, PROPERTIES, "Get", GLib.Variant("(ss)", (interface, name)))

    def seen(self, path):
        """One widget alone, or None; its children are not asked for."""
        def fact(name):
            return self.ask(path, PROPERTIES, "Get", GLib.Variant("(ss)", (ACCESSIBLE, name)))

        facts = [fact("Name"), self.ask(path, ACCESSIBLE, "GetRole"), self.ask(path, ACCESSIBLE, "GetState"), fact("Parent")]
        if None in facts:
            return None
        name, role, states, parent = facts
        return Seen(path, name, role, states[0] | states[1] << 32, parent[1])


class Focus:
    """Where the keyboard's focus is, as the window tells it: nothing is looked for while it tells."""

    def __init__(self, eyes):
        self.eyes, self.path, self.moves = eyes, None, 0
        eyes.bus.signal_subscribe(None, EVENTS, "StateChanged", None, "focused", 0, self.told)

    def told(self, bus, sender, path, interface, signal, parameters):
        if parameters.unpack()[1] == 1 and sender == self.eyes.owner():
            self.path, self.moves = path, self.moves + 1

    def await_move(self, act, patience=2.0):
        """Does ACT, and waits until the focus has moved or, where that moves nothing, for PATIENCE seconds. Returns whether
        it has."""
        self.eyes.hear()
        before = self.moves
        act()
        self.eyes.await_word(lambda: self.moves != before, patience)
        return self.moves != before

    def family(self, most=3):
        """The widget that has the focus and what it is a part of, up to MOST; nothing while it moves."""
        self.eyes.hear()
        found, path = [], self.path
        while path not in (None, ROOT) and len(found) < most:
            widget = self.eyes.seen(path)
            if widget is None:
                return []  # gone meanwhile
            found.append(widget)
            path = widget.parent
        return found if found and found[0].has(FOCUSED) else []
