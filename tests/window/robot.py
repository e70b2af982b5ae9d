# SPDX-License-Identifier: Apache-2.0
"""A person at the window: finds widgets by accessible role and name, presses them, types keys. The window is read over the
accessibility interface as a screen reader would (sight.py)."""

import contextlib
import re
import subprocess

from sight import ACCESSIBLE, FOCUSED, PROPERTIES, READY, SHOWING, TEXT, Atspi, Eyes, GLib, Gone

BUTTONS = ("push button", "button")
COMPONENT = "org.a11y.atspi.Component"
EVERYTHING = GLib.Variant("(ii)", (0, -1))  # of a text


class NotFound(AssertionError):
    """What the robot waited for did not appear in time."""


class Robot(Eyes):
    """Drives one window. `where`, wherever it is asked for, is a widget: only what stands below it counts."""

    def __init__(self, process, env, patience=90.0):
        super().__init__(process, env)
        self.env = env
        self.patience = patience
        self.has_keys = None  # the process whose window has the keyboard

    # --- looking ---

    def all(self, role=None, name=None, where=None):
        """Every showing widget that fits; `name` may be a string, a part of the name, or a predicate."""
        return self.fitting(self.look(), role, name, where)

    def fitting(self, widgets, role=None, name=None, where=None):
        roles = [role] if isinstance(role, str) else role
        return [widget for widget in self.below(widgets, where)
                if widget.has(SHOWING) and (roles is None or widget.role in roles)
                and (name is None or (name(widget.name) if callable(name) else name in widget.name))]

    @staticmethod
    def below(widgets, top):
        """Those of `widgets` that stand below `top`, all of them without one."""
        if top is None:
            return widgets
        by_path = {widget.path: widget for widget in widgets}
        inside, stack = [], [child for widget in widgets if widget.path == top.path for child in reversed(widget.children)]
        while stack:
            widget = by_path.get(stack.pop())
            if widget is not None:
                inside.append(widget)
                stack += reversed(widget.children)
        return inside

    def find(self, role=None, name=None, where=None, patience=None):
        for _ in self.tries(patience or self.patience):
            found = self.fitting(self.glance(), role, name, where) or self.all(role, name, where)
            if found:
                return next((widget for widget in found if widget.name == name), found[0])
        raise NotFound("no %s named %r on the screen; there is:\n%s" % (role, name, self.describe()))

    def around(self, name, inside):
        """The smallest part of the screen that has both what begins with `name` and a button named `inside`."""
        self.find(None, lambda text: text.startswith(name))
        widgets = self.all()
        by_path = {widget.path: widget for widget in widgets}
        part = next((widget for widget in widgets if widget.name.startswith(name)), None)
        while part is not None and not any(each.role in BUTTONS and inside in each.name for each in self.below(widgets, part)):
            part = by_path.get(part.parent)
        if part is None:
            raise NotFound("no %r with %r" % (inside, name))
        return part

    def gone(self, role=None, name=None, patience=None):
        for _ in self.tries(patience or self.patience):
            if not self.all(role, name):
                return
        raise NotFound("%s named %r is still on the screen" % (role, name))

    def await_state(self, states, role, name, wanted=True):
        """Until this widget has one of the states, or none of them."""
        for _ in self.tries(self.patience):
            if self.find(role, name).has(states) == wanted:
                return
        raise NotFound("%s named %r does not become so; there is:\n%s" % (role, name, self.describe()))

    def describe(self):
        """The screen in words, for a failure's message."""
        try:
            return "\n".join("  %s: %s" % (widget.role, widget.name.replace("\n", " / ")[:100])
                             for widget in self.all() if widget.name)
        except Gone:
            return "  no window any more"

    def names(self):
        """What a look shows, in reading order: every name; not what stands in entries."""
        return [widget.name for widget in self.all() if widget.name]

    def said(self, *words):
        """Which of these words can be read, in a name or an entry, or None."""
        for widgets in (self.fitting(self.glance()), None):
            widgets = self.all() if widgets is None else widgets
            text = "\n".join(widget.name for widget in widgets)
            for word in words:
                if word in text:
                    return word
        entries = [widget.path for widget in widgets if TEXT in widget.interfaces and widget.role != "label"]
        contents = "\n".join(self.ask_all(entries, TEXT, "GetText", EVERYTHING).values())
        return next((word for word in words if word in contents), None)

    def texts(self, where=None):
        """All words to be read on the screen or below one widget, in reading order, with what stands in entries."""
        widgets, words = self.all(where=where), []
        asked = [widget.path for widget in widgets if TEXT in widget.interfaces]
        contents = self.ask_all(asked, TEXT, "GetText", EVERYTHING)
        for widget in widgets:
            words.append(widget.name)
            words += [content for content in [contents.get(widget.path)] if content != widget.name]
        return [word for word in words if word]

    def everything(self):
        """The names, texts and descriptions of all there is in the accessibility tree, hidden or not."""
        widgets = self.look()
        asked = [widget.path for widget in widgets if TEXT in widget.interfaces]
        words = [widget.name for widget in widgets] + list(self.ask_all(asked, TEXT, "GetText", EVERYTHING).values())
        described = GLib.Variant("(ss)", (ACCESSIBLE, "Description"))
        words += self.ask_all([widget.path for widget in widgets], PROPERTIES, "Get", described).values()
        return "\n".join(str(word) for word in words)

    def extents(self, widget):
        """(left, top, width, height) in the window."""
        return self.ask(widget.path, COMPONENT, "GetExtents", GLib.Variant("(u)", (Atspi.CoordType.WINDOW,)))

    # --- what our own window looks like ---

    def primary_ready(self):
        """Whether the one act that matters, the button with Ctrl+Enter on it, can be done."""
        return self.has_primary(self.all())

    @staticmethod
    def has_primary(widgets):
        by_path = {widget.path: widget for widget in widgets}
        for label in widgets:
            node = label if label.role == "label" and "Ctrl+Enter" in label.name else None
            while node is not None and node.role not in BUTTONS:
                node = by_path.get(node.parent)
            if node is not None and node.has(READY):
                return True
        return False

    def rows(self, list_name):
        """The rows of a list known by its accessible name, in order."""
        widgets = self.all()
        return [row for top in widgets if top.name == list_name for row in self.below(widgets, top)
                if row.role in BUTTONS + ("list item",)]

    def row_names(self, list_name):
        return [row.name for row in self.rows(list_name)]

    def press_row(self, list_name, name):
        for _ in self.tries(self.patience):
            for row in self.rows(list_name):
                if row.name == name:
                    return self.activate(row)
        raise NotFound("no row %r in %r" % (name, list_name))

    def receipt_number(self):
        """The receipt number on the screen (NNN-NNNNNN-C)."""
        for _ in self.tries(self.patience):
            found = [re.search(r"\b\d{3}-\d{6}-\d\b", text) for text in self.names()]
            numbers = [match.group(0) for match in found if match]
            if numbers:
                return numbers[0]
        raise NotFound("no receipt number on the screen; there is:\n%s" % self.describe())

    # --- acting ---

    def act(self, widget, interface, method, arguments):
        self.forget()
        return self.ask(widget.path, "org.a11y.atspi." + interface, method, arguments)

    def press(self, role=None, name=None, where=None, patience=None):
        """Activates a button, row or switch by its accessible action."""
        for _ in self.tries(patience or self.patience):
            widget = self.find(role, name, where, patience)
            if widget.has(READY) and self.act(widget, "Action", "DoAction", GLib.Variant("(i)", (0,))):
                return widget
        raise NotFound("%s named %r cannot be pressed" % (role, name))

    def activate(self, widget):
        """Does what a press on this widget does."""
        if not self.act(widget, "Action", "DoAction", GLib.Variant("(i)", (0,))):
            raise NotFound("%r cannot be pressed" % widget.name)

    def write(self, text, role="text", name=None, where=None):
        """Replaces the content of a text entry."""
        widget = self.find(role, name, where)
        if not self.act(widget, "EditableText", "SetTextContents", GLib.Variant("(s)", (text,))):
            raise NotFound("%r takes no text" % name)
        # The window's end of this line keeps a message until one as long has come: typed by hand, it would not be there.
        self.ask(widget.path, PROPERTIES, "Get", GLib.Variant("(ss)", (" " * (len(text.encode()) + 256), "")))
        return widget

    def await_keys(self):
        """Until the window manager has given the keyboard to the window, which it does once; before, keys go nowhere."""
        for _ in self.tries(self.patience):
            self.owner()  # tells if the window is gone
            if self.has_keys == self.process().pid:
                return
            asked = subprocess.run(["xdotool", "getwindowfocus", "getwindowpid"], env=self.env, capture_output=True, text=True)
            self.has_keys = int(asked.stdout) if asked.returncode == 0 and asked.stdout.strip() else None
        raise NotFound("the keyboard is not the window's")

    def active_window(self):
        """Which of the window's own windows has the keyboard."""
        self.await_keys()
        return subprocess.run(["xdotool", "getactivewindow"], env=self.env, capture_output=True, text=True).stdout.strip()

    def key(self, *keys):
        """Types keys (X key names, e.g. 'ctrl+Return', 'F2') to the window that has the focus."""
        self.await_keys()
        self.forget()
        subprocess.run(["xdotool", "key", "--clearmodifiers", *keys], env=self.env, check=True)

    @contextlib.contextmanager
    def holding(self, key):
        """The key is down for as long as this lasts."""
        self.await_keys()
        self.forget()
        subprocess.run(["xdotool", "keydown", key], env=self.env, check=True)
        try:
            yield
        finally:
            subprocess.run(["xdotool", "keyup", key], env=self.env, check=True)
            self.forget()

    def tab_to(self, role, name):
        """With the keyboard."""
        for _ in self.tries(90):
            if self.find(role, name).has(FOCUSED):
                return
            self.key("Tab")
        raise AssertionError("the keyboard does not come to %s" % name)

    def type(self, text):
        self.await_keys()
        self.forget()
        subprocess.run(["xdotool", "type", "--clearmodifiers", "--delay", "20", text], env=self.env, check=True)
