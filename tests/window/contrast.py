#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Every text colour of the style sheets stands at 7:1 or more on every ground it is used on, in light, dark and the two
high contrasts; lines that carry meaning (field borders, marks of a state) at 3:1. A sheet inherits what it does not set."""

import os
import re
import sys

UI = os.path.join(os.environ["MADOGUCHI_SOURCE"], "ui")

TEXTS = [  # text, ground
    ("window_fg_color", "window_bg_color"),
    ("window_fg_color", "md_frame"),
    ("window_fg_color", "md_tint"),
    ("view_fg_color", "view_bg_color"),
    ("card_fg_color", "card_bg_color"),
    ("popover_fg_color", "popover_bg_color"),
    ("md_quiet", "window_bg_color"),
    ("md_quiet", "md_frame"),
    ("md_quiet", "card_bg_color"),
    ("md_quiet", "md_tint"),
    ("accent_fg_color", "accent_bg_color"),
    ("accent_color", "window_bg_color"),
    ("accent_color", "card_bg_color"),
    ("accent_color", "md_frame"),
    ("accent_color", "md_tint"),
    ("md_amber", "md_amber_bg"),
    ("md_amber", "card_bg_color"),
    ("md_amber", "md_frame"),
    ("md_red", "md_red_bg"),
    ("md_red", "card_bg_color"),
    ("md_red", "window_bg_color"),
    ("destructive_color", "card_bg_color"),
    ("card_fg_color", "md_amber_bg"),
    ("md_quiet", "md_amber_bg"),
    ("card_fg_color", "md_red_bg"),
]
LINES = [
    ("md_field_line", "view_bg_color"),
    ("md_field_line", "window_bg_color"),
    ("md_amber_line", "card_bg_color"),
    ("md_red_line", "card_bg_color"),
    ("accent_bg_color", "window_bg_color"),
]
SHEETS = {
    "light": ["style.css"],
    "dark": ["style.css", "style-dark.css"],
    "high contrast": ["style.css", "style-hc.css"],
    "high contrast, dark": ["style.css", "style-dark.css", "style-hc.css", "style-hc-dark.css"],
}


def colours(names):
    found = {}
    for name in names:
        with open(os.path.join(UI, name), encoding="utf-8") as sheet:
            found.update(re.findall(r"@define-color (\w+) (#[0-9a-f]{6});", sheet.read()))
    return found


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    parts = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def ratio(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def main():
    complaints = []
    count = 0
    for look, names in SHEETS.items():
        known = colours(names)
        for pairs, least in ((TEXTS, 7.0), (LINES, 3.0)):
            for text, ground in pairs:
                count += 1
                found = ratio(known[text], known[ground])
                if found < least:
                    complaints.append(f"{look}: {text} on {ground} has {found:.2f}:1, less than {least}:1")
    print("\n".join(complaints) or f"{count} pairs of colours have enough contrast")
    return 1 if complaints or count < 100 else 0


sys.exit(main())
