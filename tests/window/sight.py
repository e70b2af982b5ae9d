# SPDX-License-Identifier: Apache-2.0
"""A robot with quick eyes, for tests that look very often and whose window may be killed while they look: asks for all children
of a level at once, and for names, roles and states of everything in one message. The window is known by its process, so
that one that was killed and its successor are never confused.
"""

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, Gio, GLib  # noqa: E402
from robot import NotFound, Robot, tries  # noqa: E402

ACCESSIBLE = "org.a11y.atspi.Accessible"
ROOT = "/org/a11y/atspi/accessible/root"
CACHE = "/org/a11y/atspi/cache"
SHOWING = [Atspi.StateType.SHOWING, Atspi.StateType.VISIBLE]
READY = [Atspi.StateType.SENSITIVE, Atspi.StateType.ENABLED]


class Gone(Exception):
    """The window's process has ended."""


class Seen:
    """One widget as it was when it was looked at."""

    def __init__(self, path, name, role, states, children):
        self.path, self.name, self.role, self.children = path, name, role, children
        self.states = states[0] | (states[1] << 32 if len(states) > 1 else 0)

    def has(self, states):
        return any(self.states >> int(state) & 1 for state in states)


class Sight(Robot):
    """`process()` gives the window's process (subprocess.Popen) of the moment."""

    def __init__(self, process, env, patience=30.0):
        super().__init__([], env, patience)
        self.process = process
        self.known = (None, None)
        session = Gio.bus_get_sync(Gio.BusType.SESSION)
        address = session.call_sync("org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus", "GetAddress", None, None, 0, -1, None)
        flags = Gio.DBusConnectionFlags
        self.bus = Gio.DBusConnection.new_for_address_sync(
            address.unpack()[0], flags.AUTHENTICATION_CLIENT | flags.MESSAGE_BUS_CONNECTION, None, None)

    # --- the line to the window ---

    def call(self, name, path, interface, method, arguments=None):
        return self.bus.call_sync(name, path, interface, method, arguments, None, 0, 30000, None).unpack()

    def owner(self):
        """The window's name on the accessibility bus, None while it is not there yet."""
        process = self.process()
        if process.poll() is not None:
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

    def children_of(self, name, paths):
        """The children of many widgets at once: {path: [path]}."""
        found, waiting = {}, [len(paths)]

        def answered(bus, result, path):
            waiting[0] -= 1
            try:
                found[path] = [child for _, child in bus.call_finish(result).unpack()[0]]
            except GLib.Error:
                found[path] = []  # gone meanwhile

        for path in paths:
            self.bus.call(name, path, ACCESSIBLE, "GetChildren", None, None, 0, 30000, None, answered, path)
        while waiting[0]:
            GLib.MainContext.default().iteration(True)
        return found

    def look(self):
        """Everything there is, in reading order: [Seen]."""
        name = self.owner()
        if name is None:
            return []
        children, level = {}, [ROOT]
        while level:
            found = self.children_of(name, level)
            children.update(found)
            level = [child for path in level for child in found[path] if child not in children]
        try:
            rows = self.call(name, CACHE, "org.a11y.atspi.Cache", "GetItems")[0]
        except GLib.Error:
            self.owner()  # tells if it is gone
            return []
        facts = {row[0][1]: row for row in rows if row[0][1] in children}
        widgets, stack = [], [ROOT]
        while stack:
            path = stack.pop()
            if path in facts:
                row = facts[path]
                widgets.append(Seen(path, row[6], Atspi.role_get_name(Atspi.Role(row[7])), row[9], children[path]))
            stack += reversed(children[path])
        return widgets

    def seen(self, path):
        """One widget alone and the path of what it is a part of: (Seen, path); its children are not asked for."""
        name = self.owner()

        def fact(which):
            return self.call(name, path, "org.freedesktop.DBus.Properties", "Get", GLib.Variant("(ss)", (ACCESSIBLE, which)))[0]

        role = self.call(name, path, ACCESSIBLE, "GetRole")[0]
        states = self.call(name, path, ACCESSIBLE, "GetState")[0]
        return Seen(path, fact("Name"), Atspi.role_get_name(Atspi.Role(role)), states, []), fact("Parent")[1]

    # --- what a Robot can, on what was seen ---

    def all(self, role=None, name=None, where=None):
        roles = [role] if isinstance(role, str) else role
        return [widget for widget in (self.look() if where is None else where)
                if widget.has(SHOWING) and (roles is None or widget.role in roles)
                and (name is None or (name(widget.name) if callable(name) else name in widget.name))]

    def find(self, role=None, name=None, where=None, patience=None):
        for _ in tries(patience or self.patience):
            found = self.all(role, name)
            if found:
                return ([widget for widget in found if widget.name == name] or found)[0]
        raise NotFound("no %s named %r on the screen; there is:\n%s" % (role, name, self.describe()))

    def texts(self, where=None):
        """All words to be read on the screen; not what stands in entries."""
        return [widget.name for widget in self.all() if widget.name]

    def describe(self):
        return "\n".join("  %s: %s" % (widget.role, widget.name.replace("\n", " / ")[:100])
                         for widget in self.all() if widget.name)

    def below(self, widgets, top):
        """Those of `widgets` that stand below `top`."""
        by_path = {widget.path: widget for widget in widgets}
        inside, stack = [], list(reversed(top.children))
        while stack:
            widget = by_path.get(stack.pop())
            if widget is not None:
                inside.append(widget)
                stack += reversed(widget.children)
        return inside

    def primary_ready(self, widgets=None):
        widgets = self.all() if widgets is None else widgets
        parents = {child: widget for widget in widgets for child in widget.children}
        for label in widgets:
            node = label if label.role == "label" and "Ctrl+Enter" in label.name else None
            while node is not None and node.role not in ("push button", "button"):
                node = parents.get(node.path)
            if node is not None and node.has(READY):
                return True
        return False

    def rows(self, list_name):
        widgets = self.all()
        return [row for top in widgets if top.name == list_name for row in self.below(widgets, top)
                if row.role in ("push button", "button", "list item")]

    def row_names(self, list_name):
        return [row.name for row in self.rows(list_name)]

    def press_row(self, list_name, name):
        for row in self.rows(list_name):
            if row.name == name:
                return self.activate(row)
        raise NotFound("no row %r in %r" % (name, list_name))

    # --- acting ---

    def act(self, widget, interface, method, arguments):
        try:
            return self.call(self.owner(), widget.path, "org.a11y.atspi." + interface, method, arguments)[0]
        except GLib.Error:
            self.owner()
            return False

    def press(self, role=None, name=None, where=None, patience=None):
        for _ in tries(patience or self.patience):
            widget = self.find(role, name, None, patience)
            if widget.has(READY) and self.act(widget, "Action", "DoAction", GLib.Variant("(i)", (0,))):
                return widget
        raise NotFound("%s named %r cannot be pressed" % (role, name))

    def activate(self, widget):
        if not self.act(widget, "Action", "DoAction", GLib.Variant("(i)", (0,))):
            raise NotFound("%r cannot be pressed" % widget.name)

    def write(self, text, role="text", name=None, where=None):
        widget = self.find(role, name)
        if not self.act(widget, "EditableText", "SetTextContents", GLib.Variant("(s)", (text,))):
            raise NotFound("%r takes no text" % name)
        return widget


class Focus:
    """Where the keyboard's focus is, as the window tells it: nothing is looked for while it tells."""

    def __init__(self, eyes):
        self.eyes, self.path, self.moves = eyes, None, 0
        eyes.bus.signal_subscribe(None, "org.a11y.atspi.Event.Object", "StateChanged", None, "focused", 0, self.told)

    def told(self, bus, sender, path, interface, signal, parameters):
        if parameters.unpack()[1] == 1 and sender == self.eyes.owner():
            self.path, self.moves = path, self.moves + 1

    def listen(self):
        """Takes what was told meanwhile."""
        context = GLib.MainContext.default()
        while context.iteration(False):
            pass

    def await_move(self, act, patience=2.0):
        """Does ACT, and waits until the focus has moved or, where that moves nothing, for PATIENCE seconds."""
        self.listen()
        context, before, over = GLib.MainContext.default(), self.moves, []
        act()
        timer = GLib.timeout_add(int(patience * 1000), over.append, True)
        while self.moves == before and not over:
            context.iteration(True)
        if not over:
            GLib.source_remove(timer)

    def family(self, most=3):
        """The widget that has the focus and what it is a part of, up to MOST; nothing while it moves."""
        self.listen()
        found, path = [], self.path
        try:
            while path is not None and path != ROOT and len(found) < most:
                widget, path = self.eyes.seen(path)
                found.append(widget)
        except GLib.Error:
            return []  # gone meanwhile
        return found if found and found[0].has([Atspi.StateType.FOCUSED]) else []
