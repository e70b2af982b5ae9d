#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""test-notices.py CLIENT: what the back office tells a terminal in writing, at the real service over a real gateway. The notices
are made with openssl and laid into the gateway's store, so that everything can be wrong with them that the gateway cannot see.
CLIENT (kill-client.c) plays the window until something is approved. Run inside tests/isolated and dbus-run-session."""

import hashlib
import json
import os
import sqlite3
import subprocess
import sys
import unittest

SOURCE = os.environ['MADOGUCHI_SOURCE']
CLIENT = sys.argv.pop(1)
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(SOURCE, 'tests', 'world'))

import world as worlds  # noqa: E402

world = None
PORT = 8443


def start_service():
    world.start('madoguchid', [world.program('src/daemon/madoguchid'), '--config', world.at('terminal/terminal.ini'),
                               '--session'])
    worlds.wait_until(lambda: world.check('madoguchid') and ctl('line', 'status')[0] == 0, 'madoguchid with a line')


def start_gateway():
    world.start('gateway', [world.program('src/gateway/madoguchi-gateway'), '--config', world.at('gateway/gateway.ini')])
    worlds.wait_until(lambda: world.check('gateway') and worlds.is_bound(PORT), 'gateway')


def ctl(*words, stdin=''):
    command = [world.program('src/ctl/madoguchictl'), '--session', '--json', *words]
    result = subprocess.run(command, input=stdin, capture_output=True, text=True, timeout=120, check=False)
    return result.returncode, result.stdout


def audit(event):
    """(outcome, object, detail) of its records, oldest first."""
    code, text = ctl('audit', 'list', '--limit', '2000')
    assert code == 0, text
    return [(record['outcome'], record['object'], record['detail']) for record in json.loads(text) if record['event'] == event]


def rows(query, *values):
    with sqlite3.connect(f'file:{world.at("terminal/state/terminal.db")}?mode=ro', uri=True, timeout=90) as db:
        return db.execute(query, values).fetchall()


def take_in():
    """Until some are approved and with the gateway. Returns (intake, receipt number, digest, procedure) of each."""
    for name in ('S0001', 'S0101'):
        assert ctl('staff', 'set-password', name, stdin=world.staff[name]['password'])[0] == 0
    world.start('client', [CLIENT, world.at('run', 'confirmed.log')], env={'MADOGUCHI_WORLD': world.path})

    def found():
        return rows("SELECT id, receipt_number, container_sha256, procedure FROM intake WHERE state = 'approved'"
                    ' AND erased_ms IS NOT NULL ORDER BY id')
    worlds.wait_until(lambda: world.check('client') and len(found()) >= 3, 'something approved and delivered', 240)
    world.stop('client')
    return found()


def sign(content, name='notice'):
    text = json.dumps(content, separators=(',', ':')).encode()
    path = world.at('pki', name)
    return subprocess.run(['openssl', 'cms', '-sign', '-nodetach', '-binary', '-cades', '-md', 'sha256', '-outform', 'DER',
                           '-signer', path + '.crt', '-inkey', path + '.key'], input=text, check=True,
                          capture_output=True).stdout


class Notices(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        global world
        world = worlds.World()
        start_gateway()
        start_service()
        cls.approved = take_in()

    @classmethod
    def tearDownClass(cls):
        world.close()

    def content(self, number, intake=0, previous='', **more):
        ident, receipt_number, digest, procedure = self.approved[intake]
        return {'schema': 'madoguchi-notice/1', 'number': number, 'office': '139998', 'terminal': 'T001', 'previous': previous,
                'intake': ident, 'receipt_number': receipt_number, 'procedure': procedure, 'container': digest,
                'officer': 'B0002', 'reason': 'number-check', 'time': '2026-11-22T05:00:00.123Z',
                'lines': [{'rule': 'number-changed', 'field': 'p.mynum'}], **more}

    def lay(self, number, body):
        """At the gateway, whatever it is, in place of what lies there under that number. Nobody asks for it before ask()."""
        world.stop('madoguchid')
        with sqlite3.connect(world.at('gateway', 'ledger.db'), timeout=90) as db:
            for trigger in ('update', 'delete'):
                db.execute(f'DROP TRIGGER IF EXISTS ledger_notices_no_{trigger}')
            db.execute('DELETE FROM ledger_notices WHERE number = ?', (number,))
            db.execute('INSERT INTO ledger_notices (office, terminal, number, intake, officer, reason, time, digest, body)'
                       " VALUES ('139998', 'T001', ?, ?, 'B0002', 'number-check', '2026-11-22T05:00:00.123Z', '', ?)",
                       (number, f'intake of {number}', body))

    def ask(self):
        """A service that begins asks at once."""
        world.stop('madoguchid')
        start_service()

    def kept(self):
        return rows('SELECT number, digest, intake FROM notice ORDER BY number')

    def returned(self):
        text = subprocess.run(['gdbus', 'call', '--session', '--dest', 'org.madoguchi.Terminal1', '--object-path',
                               '/org/madoguchi/Terminal1', '--method', 'org.freedesktop.DBus.Properties.Get',
                               'org.madoguchi.Terminal1', 'Returned'], check=True, capture_output=True, text=True).stdout
        return int(text.split()[-1].rstrip('>,)'))

    def refuse(self, number, body, cause):
        kept = self.kept()
        told = len(audit('notice'))
        self.lay(number, body)
        self.ask()
        worlds.wait_until(lambda: audit('notice')[told:][-1:] == [('refused', '', f'cause={cause}')], f'a record of {cause}')
        self.assertEqual(self.kept(), kept)

    def test_course(self):
        """One after the other, as the terminal asks for them: what is wrong changes nothing, what is right is kept once."""
        good = sign(self.content(1))
        self.assertEqual(self.returned(), 0)
        for body, cause in ((sign(self.content(1), 'receipt'), 'signer'),
                            (good[:-20] + bytes(20), 'signature'), (sign(self.content(1, name='x')), 'unreadable'),
                            (sign(self.content(1, terminal='T002')), 'terminal'),
                            (sign(self.content(2, previous='a' * 64)), 'number'),
                            (bytes(70000), 'unreadable')):  # larger than any notice: it holds up no delivery
            with self.subTest(cause=cause):
                self.refuse(1, body, cause)
        self.lay(1, good)
        self.ask()
        worlds.wait_until(lambda: self.kept() and self.returned() == 1, 'the notice')
        self.assertEqual(self.kept(), [(1, hashlib.sha256(good).hexdigest(), self.approved[0][0])])
        self.assertEqual(audit('notice')[-1], ('done', self.approved[0][0], 'notice=1'))
        told = len(audit('notice'))
        self.lay(2, good)  # replayed
        self.ask()
        worlds.wait_until(lambda: audit('notice')[told:] == [('refused', '', 'cause=number')], 'the replay refused')
        self.refuse(2, sign(self.content(2, 1, previous='a' * 64)), 'previous')
        self.lay(2, sign(self.content(2, 1, hashlib.sha256(good).hexdigest(), container='b' * 64)))
        self.lay(3, sign(self.content(3, 2, 'c' * 64)))  # it does not follow upon the second one as it is
        self.ask()
        worlds.wait_until(lambda: len(self.kept()) == 2 and audit('notice')[-1][2] == 'cause=previous', 'the third one')
        # About no intake of this terminal: kept, since the next one follows upon it, and nothing comes back.
        self.assertEqual(self.kept()[1][2], None)
        self.assertEqual(audit('notice')[-2], ('refused', '', 'cause=unknown-intake notice=2'))
        self.assertEqual(self.returned(), 1)
        self.lay(3, sign(self.content(3, 2, self.kept()[1][1])))
        self.ask()
        worlds.wait_until(lambda: self.returned() == 2, 'the third notice')
        world.stop('gateway')  # all that lies there is gone, and the terminal asks on where it was
        with sqlite3.connect(world.at('gateway', 'ledger.db'), timeout=90) as db:
            db.execute('DELETE FROM ledger_notices')
        start_gateway()
        self.ask()
        self.assertEqual((len(self.kept()), self.returned()), (3, 2))
        self.assertEqual(ctl('audit', 'verify')[0], 0)


if __name__ == '__main__':
    unittest.main()
