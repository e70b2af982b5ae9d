#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The real widgets on a real screen, read over the accessibility interface as a screen reader would: everything that acts has
a name and can be pressed, what is hidden is not there at all, a PIN leaves nothing but how many digits there are.

Usage: screens.py PREVIEW (inside tests/isolated)"""

import os
import subprocess
import sys
import time
import warnings

sys.dont_write_bytecode = True
warnings.simplefilter("ignore", DeprecationWarning)
sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
from screen import Screen  # noqa: E402

PERSON = ["田中", "タナカ", "昭和55", "若葉", "9018"]
ACTION = "org.a11y.atspi.Action"
BUTTONS = ["push button", "toggle button"]
ACTING = {"push button", "toggle button", "check box", "text", "combo box", "radio button"}


class Shown:
    """One scene of the preview on the screen, seen by `robot`."""

    def __init__(self, screen, preview, scene):
        from robot import Robot

        self.process = subprocess.Popen([preview, scene], env=screen.env)
        self.robot = Robot(lambda: self.process, screen.env, patience=90)

    def __enter__(self):
        self.robot.find("frame")
        return self.robot

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(10)


def check_names(robot, scene):
    wrong, widgets = [], robot.all()
    roles = {widget.path: widget.role for widget in widgets}
    # the inside of a drop-down speaks through the drop-down
    acting = [widget for widget in widgets if widget.role in ACTING and roles.get(widget.parent) != "combo box"]
    for widget in acting:
        if not widget.name or widget.name.startswith(("Gtk", "Counter")):
            wrong.append(f"{scene}: a {widget.role} has no name ({widget.name!r})")
    actions = robot.facts([widget.path for widget in acting if widget.role == "push button"], ACTION, "NActions")
    wrong += [f"{scene}: {widget.name} cannot be pressed" for widget in acting
              if widget.role == "push button" and not actions.get(widget.path)]
    if not acting:
        wrong.append(f"{scene}: nothing on it acts")
    return wrong


def check_hidden(robot, scene):
    words = " ".join(robot.texts())
    return [f"{scene}: {part} can still be read" for part in PERSON if part in words]


def check_curtain(robot):
    """F9 over an open intake: nobody can read on; F9 again: all is as before."""
    wrong = []
    if "田中" not in " ".join(robot.texts()):
        wrong.append("confirm: the person is not on the screen")
    robot.key("F9")
    robot.find("label", "画面を隠しています")
    wrong += check_hidden(robot, "curtain")
    robot.key("F9")
    robot.find("label", "来庁者に読み上げてください")
    return wrong


def check_resident(robot):
    """The screen is turned: no key leads out of it, nothing of the clerk's is even hidden behind it, and with the answer nothing
    of the person is left."""
    wrong = []
    for key in ("Escape", "F1", "F2", "F3", "F4", "F6", "F7", "F8", "F9", "question", "ctrl+p", "ctrl+Return", "alt+F4", "F10"):
        robot.key(key)
    robot.find("label", "この内容で申請します")
    said = robot.everything()
    wrong += ["resident: the clerk's %s is still there" % word for word in ("受付 花子", "施錠", "暗証番号で署名", "職員カード")
              if word in said]
    robot.press(BUTTONS, "やさしい日本語")
    robot.find("label", lambda name: name.startswith("あなたが"))
    robot.press(BUTTONS, "大きな字")
    robot.press("push button", "はい、だいじょうぶです")
    robot.find("label", lambda name: name.startswith("ありがとうございました"))
    said = robot.everything()
    wrong += ["resident: %s is left" % part for part in PERSON if part in said]
    for key in ("Escape", "F9", "F3"):
        robot.key(key)
    robot.find("label", lambda name: name.startswith("ありがとうございました"))
    return wrong


def check_pin(robot):
    """Digits from the keys on screen and from the keyboard; nothing tells which."""
    wrong = []
    before = sorted(robot.texts())
    robot.press("push button", "7")
    robot.key("3")
    robot.find("label", "2桁入力済み")
    after = sorted(robot.texts())
    if [w for w in before if "桁入力済み" not in w] != [w for w in after if "桁入力済み" not in w]:
        wrong.append("pin: more than the count of digits changed in what can be read")
    robot.key("BackSpace")
    robot.find("label", "1桁入力済み")
    robot.key("F9")
    robot.find("label", "画面を隠しています")
    robot.key("F9")
    robot.find("label", "0桁入力済み")  # wiped when it left the screen
    return wrong


def check_keys(robot):
    """F1 and ? over the content, and away again with Esc; F3 goes to the approvals."""
    robot.key("F1")
    robot.find(None, "手順3：内容")
    robot.key("Escape")
    robot.gone(None, "手順3：内容")
    robot.key("F3")
    robot.find("label", "承認を待っている申請はありません。")
    return []


def check_typing(robot):
    """A field takes text over the accessibility interface and says what is wrong under it, in words."""
    robot.write("ﾀﾅｶ ｲﾁﾛｳ", "text", "氏名カナ")
    robot.gone("push button", "氏名カナ")  # no longer among what is missing
    robot.press("push button", "訂正する：氏名")
    robot.write("戸籍の字と違う", "text", "訂正の理由")
    robot.press("push button", "入力できるようにする")
    robot.find("text", "氏名")
    return []


def check_findings(robot):
    """What stops the form stands in one list, from which the keyboard goes to each field and back; a line goes as soon as it
    is put right, and what is said under a field is said there, too."""
    def line(label, words="入力してください。"):
        return "%s：%s" % (label, words)

    robot.find("label", "直すところが10件あります")
    wait_for(lambda: focused(robot) == line("氏名カナ"), "asking to go on")
    assert not robot.all(None, "まだ必要な項目"), "two lists of what is missing"
    for part in ("本人", "住所・連絡先", "年金・世帯", "申請の内容"):
        assert robot.find("label", part)
    robot.key("Return")
    wait_for(lambda: focused(robot) == "氏名カナ", "Return on the first line")
    robot.write("ﾀﾅｶ ｲﾁﾛｳ", "text", "氏名カナ")
    robot.find("label", "直すところが9件あります")
    robot.gone("push button", line("氏名カナ"))
    robot.key("F5")
    wait_for(lambda: focused(robot) == line("電話番号"), "F5")
    robot.key("Down")
    wait_for(lambda: focused(robot) == line("基礎年金番号"), "Down")
    robot.key("Return")  # in another part of the form
    wait_for(lambda: focused(robot) == "基礎年金番号", "Return on another line")
    robot.type("123")
    robot.key("Tab")
    robot.find("push button", lambda name: name.startswith(line("基礎年金番号", "")) and "3桁" in name)
    robot.press("push button", line("世帯主氏名"))
    wait_for(lambda: focused(robot) == "世帯主氏名", "the pointer on a line")
    time.sleep(1)  # the line has let go of the keyboard a moment later, as no person notices
    robot.key("F5")
    wait_for(lambda: focused(robot) == line("世帯主氏名"), "F5 from a field")
    return []


def check_rows(robot):
    """Rows of a group come and go by the keyboard: the focus goes where one types next."""
    assert robot.find("text", "世帯員1：世帯員氏名")
    robot.press("push button", "追加：世帯員")
    robot.find("text", "世帯員2：世帯員氏名")
    wait_for(lambda: focused(robot) == "世帯員2：世帯員氏名", "adding a row")
    robot.find("push button", "世帯員2：世帯員氏名")  # among what is missing
    robot.type("Hanako")
    robot.gone("push button", "世帯員2：世帯員氏名")
    robot.press("push button", "世帯員2：世帯員続柄：配偶者")
    robot.find("text", "世帯員2：世帯員個人番号")  # only of a spouse
    robot.press("push button", "削除：世帯員1")
    robot.gone("text", "世帯員2：世帯員氏名")
    robot.gone("push button", "世帯員1：世帯員氏名")  # what was typed is the first row's now
    wait_for(lambda: focused(robot) == "追加：世帯員", "removing a row")
    robot.key("Return")
    wait_for(lambda: focused(robot) == "世帯員2：世帯員氏名", "Return on the button")
    robot.key("ctrl+Page_Up")
    for kind in ("種別：手すり", "種別：段差"):  # several of a list
        robot.press("push button", kind)
    wait_for(lambda: all(is_on(robot, kind) for kind in ("種別：手すり", "種別：段差")), "ticking two")
    robot.press("push button", "種別：手すり")
    wait_for(lambda: [is_on(robot, kind) for kind in ("種別：手すり", "種別：段差")] == [False, True], "ticking off")
    return []


def check_declaration(robot):
    """The whole text stands there before it is answered; in the other language it is asked anew, and an answer can be taken
    back."""
    answer = "資産調査同意：同意する"

    def is_missing(name):
        return name == "資産調査同意"

    robot.find("label", lambda name: name.startswith("介護保険負担限度額の認定のために") and name.endswith("かまいません。"))
    robot.press("push button", answer)
    robot.gone("push button", is_missing)  # among what is missing
    assert is_on(robot, answer)
    robot.press("push button", "英語で示す")
    robot.find("label", lambda name: name.startswith("Where the burden limit"))
    robot.find("push button", is_missing)
    assert not is_on(robot, answer)
    robot.press("push button", answer)
    robot.gone("push button", is_missing)
    robot.press("push button", answer)
    robot.find("push button", is_missing)
    return []


def focused(robot):
    """The name of what has the focus."""
    from sight import FOCUSED

    return next((widget.name for widget in robot.all() if widget.has(FOCUSED)), None)


def is_on(robot, name):
    from sight import ON

    return robot.find("push button", name).has(ON)


def extents(robot, name):
    """Left edge and width of a picture in the window."""
    left, _, width, _ = robot.extents(robot.find("image", name))
    return left, width


def check_print(robot):
    """An address wider than the screen is brought into sight by the keyboard, and made larger."""
    robot.find("label", "右に続きがあります")
    robot.key("shift+Tab")  # from the answers
    name = "カードに印刷された住所"
    left, width = extents(robot, name)
    assert width > 1100, "an address of 901 columns on %d" % width
    for key, moved in (("End", True), ("Home", False)):
        robot.key(key)
        wait_for(lambda: (extents(robot, name)[0] < left - 100) == moved, key)
    robot.key("plus")
    wait_for(lambda: extents(robot, name)[1] > width + 100, "plus")
    robot.key("minus")
    wait_for(lambda: extents(robot, name)[1] == width, "minus")
    return []


def wait_for(happened, what):
    deadline = time.monotonic() + 90
    while not happened():
        assert time.monotonic() < deadline, "%s did nothing" % what
        time.sleep(0.1)


EXTRA = {"face-long": check_print, "confirm": check_curtain, "pin": check_pin, "content": [check_typing, check_keys],
         "content-wrong": check_findings, "resident": check_resident,
         "content-rows": check_rows, "content-declaration": check_declaration}


def main(preview):
    complaints = []
    with Screen(1366, 768) as screen:
        screen.env["MADOGUCHI_LANG"] = "ja"
        screen.env["MADOGUCHI_LOCALEDIR"] = os.path.join(os.environ["MADOGUCHI_BUILD"], "po")
        screen.env["G_DEBUG"] = "fatal-criticals"
        os.environ.pop("G_DEBUG", None)  # for the window, not for those who look at it
        os.environ.update({k: screen.env[k] for k in ("DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "XDG_RUNTIME_DIR")})
        from robot import NotFound

        scenes = subprocess.run([preview, "--list"], capture_output=True, text=True, check=True).stdout.split()
        for scene in scenes:
            with Shown(screen, preview, scene) as robot:
                try:
                    complaints += check_names(robot, scene)
                    checks = EXTRA.get(scene, [])
                    for check in checks if isinstance(checks, list) else [checks]:
                        complaints += check(robot)
                    if scene in ("curtain", "login-password", "home"):
                        complaints += check_hidden(robot, scene)
                except NotFound as error:
                    complaints.append(f"{scene}: {error}")
        print("\n".join(complaints) or f"{len(scenes)} screens looked at")
    return 1 if complaints or len(scenes) < 15 else 0


sys.exit(main(os.path.realpath(sys.argv[1])))
