#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What the service brings for the system: its unit is as closed as the best ones (systemd-analyze's exposure at most 1.0), the
bus policy keeps strangers out, the manual pages are well-formed and name every verb and exit code."""

import os
import re
import subprocess
import unittest
import xml.etree.ElementTree as xml

SOURCE = os.environ['MADOGUCHI_SOURCE']
BUILD = os.environ['MADOGUCHI_BUILD']


def read(*path):
    with open(os.path.join(SOURCE, *path), encoding='utf-8') as f:
        return f.read()


def settings(text):
    """Section, name and value of each line of a unit."""
    found, section = [], None
    for line in text.splitlines():
        if line.startswith('['):
            section = line.strip('[]')
        elif '=' in line and not line.startswith('#'):
            found.append((section, *line.split('=', 1)))
    return found


class Unit(unittest.TestCase):
    def test_exposure(self):
        for unit in ('madoguchid.service', 'madoguchi-gateway.service'):
            result = subprocess.run(['systemd-analyze', 'security', '--offline=true', '--no-pager',
                                     os.path.join(BUILD, 'data', unit)], capture_output=True, text=True)
            exposure = re.search(r'Overall exposure level for \S+: ([0-9.]+)', result.stdout)
            self.assertIsNotNone(exposure, result.stdout + result.stderr)
            self.assertLessEqual(float(exposure.group(1)), 1.0, result.stdout)

    def test_nobody_from_elsewhere_unless_named(self):
        """Neither by the service nor by the socket that it is handed."""
        with open(os.path.join(BUILD, 'data', 'madoguchi-gateway.service'), encoding='utf-8') as f:
            service = settings(f.read())
        for section, unit in (('Service', service), ('Socket', settings(read('data/madoguchi-gateway.socket')))):
            self.assertEqual([(name, value) for place, name, value in unit if place == section and name.startswith('IPAddress')],
                             [('IPAddressDeny', 'any'), ('IPAddressAllow', 'localhost')], section)

    def test_each_is_tried_until_it_runs(self):
        """A disk, or the server of the gateway's ledger, may be up long after it: no number of vain starts is the last."""
        for name in ('madoguchid.service', 'madoguchi-gateway.service'):
            with open(os.path.join(BUILD, 'data', name), encoding='utf-8') as f:
                unit = settings(f.read())
            self.assertIn(('Unit', 'StartLimitIntervalSec', '0'), unit, name)
            self.assertIn(('Service', 'Restart', 'always'), unit, name)
            self.assertTrue([pause for _, key, pause in unit if key == 'RestartSec' and int(pause) >= 1], name)
        after, = [value.split() for section, name, value in unit if (section, name) == ('Unit', 'After')]
        self.assertIn('postgresql.service', after)


class Bus(unittest.TestCase):
    def test_strangers_are_denied(self):
        root = xml.parse(os.path.join(SOURCE, 'data/org.madoguchi.Terminal1.conf')).getroot()
        default = root.find("policy[@context='default']")
        self.assertEqual({tuple(e.attrib.items())[0] for e in default.findall('deny')},
                         {('own', 'org.madoguchi.Terminal1'), ('send_destination', 'org.madoguchi.Terminal1')})
        self.assertEqual([p.get('user') for p in root.findall('policy') if p.find('allow[@own]') is not None], ['madoguchi'])

    def test_every_error_is_documented(self):
        """Each error name that the interface's comments promise exists, and the other way round."""
        promised = set()
        for names in re.findall(r'Errors: ([^.]+)\.', read('data/org.madoguchi.Terminal1.xml')):
            promised |= set(re.findall(r'[A-Z]\w+', re.sub(r'\([^)]*\)', '', names)))
        known = set(re.findall(r'NAME \("(\w+)"\)', read('src/bus/md-bus-error.c')))
        self.assertLessEqual(promised - {'Errors'}, known)


class Manual(unittest.TestCase):
    def test_well_formed(self):
        for page in ('madoguchictl.1', 'madoguchid.8', 'madoguchi-backoffice.8', 'madoguchi-gateway.8'):
            result = subprocess.run(['groff', '-man', '-ww', '-z', '-Kutf8', os.path.join(SOURCE, 'data/man', page)],
                                    capture_output=True, text=True)
            self.assertEqual(result.stderr, '')

    def test_names_every_verb_and_code(self):
        main = read('src/ctl/main.c')
        page = read('data/man/madoguchictl.1').replace('\\-', '-')
        verbs = re.findall(r'^  \{ "(\w+)", (?:"([\w-]+)"|NULL)', main, re.M)
        self.assertGreater(len(verbs), 6)
        for noun, verb in verbs:
            self.assertRegex(page, rf'(?m)^\.B[IR]? "?{noun}' + (f' {verb}' if verb else '$'))
        for code in re.findall(r'STATUS_\w+ = (\d)', read('src/ctl/verb.h')):
            self.assertRegex(page, rf'(?m)^\.B {code}$')


if __name__ == '__main__':
    unittest.main()
