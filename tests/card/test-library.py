#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""src/card and src/apdu are a library that another project can take: what they say of themselves holds of what the compiler
made of them. Usage: test-library.py EXAMPLE ARCHIVE..."""

import os
import pathlib
import re
import subprocess
import sys
import unittest

EXAMPLE = sys.argv[1]
ARCHIVES = sys.argv[2:]
SOURCE = pathlib.Path(os.environ['MADOGUCHI_SOURCE'])

# What GLib registers once for a type, an error domain or a class; and what a sanitizer adds.
REGISTRATION = re.compile(r'(static_g_define_type_id|initialized|q)\.\d+|\w+_parent_class|\w+_private_offset|__odr_asan\..*'
                          r'|\.L.*|_ZL?\d*\.?.*asan.*')
DRAWING = re.compile(r'(gtk|gdk|adw|gsk|pango|cairo)_')


def output(*words):
    return subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True, timeout=60).stdout


def changeable(archive):
    """Symbols in memory that a program can write to; constants with pointers in them are sealed when it starts."""
    for line in output('objdump', '-t', archive).splitlines():
        words = line.split()
        if len(words) < 5 or words[2] in ('d', 'df') or words[-1].startswith('.'):
            continue
        if re.search(r'\s(\.t?bss|\.t?data|\*COM\*)(\.(?!rel\.ro)\S*)?\s', line) and '.data.rel.ro' not in line:
            yield words[-1]


def public_headers(module):
    umbrella = (SOURCE / f'src/{module}/md-{module}.h').read_text()
    return umbrella, re.findall(r'#include "(md-[a-z-]+\.h)"', umbrella)


class Library(unittest.TestCase):
    def test_no_global_state(self):
        for archive in ARCHIVES:
            kept = [name for name in changeable(archive) if not REGISTRATION.fullmatch(name)]
            self.assertEqual(kept, [], archive)
            self.assertIn('T ', output('nm', archive))

    def test_state_would_be_noticed(self):
        seen = {name for archive in ARCHIVES for name in changeable(archive)}
        self.assertIn('md_mynumber_card_parent_class', seen)
        for name in ('last_card', 'count.3', 'instance'):
            self.assertIsNone(REGISTRATION.fullmatch(name))

    def test_no_window(self):
        for archive in ARCHIVES:
            self.assertEqual([word for word in output('nm', archive).split() if DRAWING.match(word)], [], archive)
        self.assertNotRegex(output('ldd', EXAMPLE), r'lib(gtk|adwaita|gdk|cairo|pango)')

    def test_umbrella_tells_of_every_header(self):
        for module in ('apdu', 'card'):
            umbrella, headers = public_headers(module)
            self.assertGreater(len(headers), 4)
            for header in headers:
                if header != 'md-card-types.h':  # the names alone, for the others
                    self.assertRegex(umbrella, rf'(//|\*) +{re.escape(header)} +\S', header)

    def test_every_function_has_its_words(self):
        for module in ('apdu', 'card'):
            for header in public_headers(module)[1]:
                text = (SOURCE / f'src/{module}/{header}').read_text().split('G_BEGIN_DECLS')[1]
                for block in re.split(r'\n\s*\n', text):
                    names = [name for name in re.findall(r'\b(md_\w+) \(', block) if not name.endswith(('_free', '_unref'))]
                    if names and not re.search(r'G_DECLARE|AUTOPTR_CLEANUP|_get_type', block):
                        self.assertRegex(block, r'//|/\*', f'{header}: {names}')

    def test_example_has_thirty_lines(self):
        text = (SOURCE / 'tests/card/example.c').read_text()
        self.assertLessEqual(len(text[text.index('main ('):].rstrip().splitlines()), 30)


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1])
