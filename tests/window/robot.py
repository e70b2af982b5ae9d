# SPDX-License-Identifier: Apache-2.0
"""A person at the window: finds widgets by accessible role and name, presses them, types keys.

The process that imports this module must have DBUS_SESSION_BUS_ADDRESS and DISPLAY of the screen in its own
environment before the import, since libatspi connects once.
"""

import re
import subprocess
import time

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi  # noqa: E402
from gi.repository import GLib  # noqa: E402

Atspi.set_timeout(3000, 10000)


class NotFound(AssertionError):
    """What the robot waited for did not appear in time."""


def tries(patience):
    """Yields as often as it is worth to look again within PATIENCE seconds. The pauses grow: whoever asks a window all the
    time keeps it from what it is waited for."""
    deadline, pause = time.monotonic() + patience, 0.1
    while True:
        yield
        if time.monotonic() > deadline:
            return
        time.sleep(pause)
        pause = min(1.5 * pause, 0.7)


class Robot:
    """Drives one application, known by its accessible name or process id."""

    def __init__(self, app_names, env, patience=20.0):
        self.app_names = app_names
        self.env = env
        self.patience = patience
        self.window_id = None

    # --- looking ---

    def app(self):
        desktop = Atspi.get_desktop(0)
        for index in range(desktop.get_child_count()):
            child = desktop.get_child_at_index(index)
            if child is not None and child.get_name() in self.app_names:
                return child
        return None

    def _walk(self, node, depth=0):
        if node is None or depth > 40:
            return
        yield node
        try:
            count = node.get_child_count()
        except GLib.Error:
            return
        for index in range(count):
            try:
                child = node.get_child_at_index(index)
            except GLib.Error:
                continue
            yield from self._walk(child, depth + 1)

    @staticmethod
    def showing(node):
        states = node.get_state_set()
        return states.contains(Atspi.StateType.SHOWING) or states.contains(Atspi.StateType.VISIBLE)

    def all(self, role=None, name=None, where=None):
        """Every showing widget that fits; `name` may be a string, a part of the name, or a predicate."""
        found = []
        for node in self._walk(where or self.app()):
            try:
                if role is not None and node.get_role_name() not in ([role] if isinstance(role, str) else role):
                    continue
                text = node.get_name() or ""
                if callable(name):
                    if not name(text):
                        continue
                elif name is not None and name not in text:
                    continue
                if self.showing(node):
                    found.append(node)
            except GLib.Error:
                continue
        return found

    @staticmethod
    def _best(found, name):
        """The one of exactly that name, if there is one; a widget may go while it is asked."""
        for node in found:
            try:
                if node.get_name() == name:
                    return node
            except GLib.Error:
                continue
        return found[0]

    def find(self, role=None, name=None, where=None, patience=None):
        for _ in tries(patience or self.patience):
            found = self.all(role, name, where)
            if found:
                return self._best(found, name)
        raise NotFound("no %s named %r on the screen; there is:\n%s" % (role, name, self.describe()))

    def gone(self, role=None, name=None, patience=None):
        for _ in tries(patience or self.patience):
            if not self.all(role, name):
                return
        raise NotFound("%s named %r is still on the screen" % (role, name))

    def describe(self):
        """The screen in words, for a failure's message."""
        lines = []
        for node in self._walk(self.app()):
            try:
                if node.get_name() and self.showing(node):
                    lines.append("  %s: %s" % (node.get_role_name(), node.get_name().replace("\n", " / ")[:100]))
            except GLib.Error:
                continue
        return "\n".join(lines[:200])

    def texts(self, where=None):
        """All words to be read on the screen or below one widget, in reading order."""
        words = []
        for node in self._walk(where or self.app()):
            try:
                if not self.showing(node):
                    continue
                if node.get_name():
                    words.append(node.get_name())
                text = node.get_text_iface()
                if text is not None:
                    content = Atspi.Text.get_text(node, 0, -1)
                    if content and content != node.get_name():
                        words.append(content)
            except GLib.Error:
                continue
        return words

    # --- what our own window looks like ---

    def primary_ready(self):
        """Whether the one act that matters, the button with Ctrl+Enter on it, can be done."""
        for label in self.all("label", "Ctrl+Enter"):
            button = label.get_parent()
            while button is not None and button.get_role_name() not in ("push button", "button"):
                button = button.get_parent()
            if button is not None and self.sensitive(button):
                return True
        return False

    @staticmethod
    def sensitive(node):
        states = node.get_state_set()
        return states.contains(Atspi.StateType.SENSITIVE) or states.contains(Atspi.StateType.ENABLED)

    def rows(self, list_name):
        """The buttons of one list, known by its accessible name, in order."""
        lists = [node for node in self.all(None, list_name) if node.get_name() == list_name]
        return [row for node in lists for row in self.all(["push button", "button", "list item"], where=node)]

    def row_names(self, list_name):
        """What the rows of a list say; a row that goes while we look is left out."""
        names = []
        for row in self.rows(list_name):
            try:
                names.append(row.get_name())
            except GLib.Error:
                continue
        return names

    def press_row(self, list_name, name):
        for row in self.rows(list_name):
            try:
                if row.get_name() == name:
                    return self.activate(row)
            except GLib.Error:
                continue
        raise NotFound("no row %r in %r" % (name, list_name))

    def receipt_number(self):
        """The receipt number on the screen (NNN-NNNNNN-C)."""
        found = [re.search(r"\b\d{3}-\d{6}-\d\b", text) for text in self.texts()]
        numbers = [match.group(0) for match in found if match]
        if not numbers:
            raise NotFound("no receipt number on the screen; there is:\n%s" % self.describe())
        return numbers[0]

    # --- acting ---

    def press(self, role=None, name=None, where=None, patience=None):
        """Activates a button, row or switch by its accessible action."""
        for _ in tries(patience or self.patience):
            node = self.find(role, name, where, patience)
            if self.sensitive(node) and node.get_action_iface() is not None and Atspi.Action.do_action(node, 0):
                return node
        raise NotFound("%s named %r cannot be pressed" % (role, name))

    def activate(self, node):
        """Does what a press on this widget does."""
        if node.get_action_iface() is None or not Atspi.Action.do_action(node, 0):
            raise NotFound("%r cannot be pressed" % node.get_name())

    def write(self, text, role="text", name=None, where=None):
        """Replaces the content of a text entry."""
        node = self.find(role, name, where)
        if node.get_editable_text_iface() is None:
            raise NotFound("%r takes no text" % name)
        Atspi.EditableText.set_text_contents(node, text)
        return node

    def key(self, *keys):
        """Types keys (X key names, e.g. 'ctrl+Return', 'F2') to the window that has the focus."""
        subprocess.run(["xdotool", "key", "--clearmodifiers", *keys], env=self.env, check=True)

    def type(self, text):
        subprocess.run(["xdotool", "type", "--clearmodifiers", "--delay", "20", text], env=self.env, check=True)

    def focus(self, role=None, name=None, where=None):
        node = self.find(role, name, where)
        Atspi.Component.grab_focus(node)
        return node
