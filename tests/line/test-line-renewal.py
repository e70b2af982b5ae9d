#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A terminal whose certificate ends: it asks for the next over the line, goes over to it, and delivers all the while, whatever
dies or is refused in between; the authority is openssl. Run inside tests/isolated."""

import os
import sqlite3
import stat
import sys
import tempfile
import time
import unittest

sys.dont_write_bytecode = True
sys.path.append(os.path.join(os.path.dirname(os.path.realpath(__file__)), '..', 'gateway'))

from drive import LineCase, stored, ward, world  # noqa: E402
import renewing  # noqa: E402

renewing.ward = ward
YEAR = 365 * 86400


def issue(name, start, end):
    form = '%y%m%d%H%M%SZ'
    now = time.time()
    renewing.issue(name, *(time.strftime(form, time.gmtime(now + seconds)) for seconds in (start, end)))


class Renewal(LineCase):
    count = 0

    def setUp(self):
        super().setUp()
        Renewal.count += 1
        self.own = f'due-{Renewal.count}'
        issue(self.own, -YEAR, 60 * 86400)
        self.folder = tempfile.mkdtemp(dir=ward.at('run'))
        os.rmdir(self.folder)
        self.old = ward.key_of(self.own)
        renewing.install_keys(self.old)

    def tearDown(self):
        super().tearDown()
        renewing.decline_all()

    def terminal(self, **more):
        """A terminal that asks again every second or two."""
        drive = self.drive(**{'certificate': self.own, 'pairs': self.folder, 'probe': 200, **more})
        return drive.start()

    def names(self, kind):
        return sorted(name.split('.')[0] for name in os.listdir(self.folder) if name.endswith('.' + kind)) if os.path.isdir(
            self.folder) else []

    def asked(self):
        """The key of the request that waits; its PEM is where the authority can sign it."""
        waiting = [key for key, (_, state, _) in renewing.listed().items() if state == 'open']
        return waiting[0] if waiting else None

    def certify(self, **how):
        """The administrator: has it signed, and two people list the key. Returns the key."""
        world.wait_until(self.asked, 'the request')
        key = self.asked()
        code, pem, _ = renewing.run('requests', key)
        self.assertEqual(code, 0)
        name = 'signed-' + key[:8]
        with open(renewing.path(name, 'csr'), 'wb') as f:
            f.write(renewing.ask_openssl('req', '-outform', 'DER', input=pem.encode()))
        renewing.sign(name, **how)
        self.assertEqual(renewing.run('certify', renewing.path(name, 'crt'))[0], 0)
        renewing.install_keys(self.old, key)
        return key

    def delivers(self, drive):
        intake, = drive.add_intakes(1)
        drive.order('rescan')
        drive.wait(f'acknowledged {intake}')
        self.assertEqual(stored(intake), 1)

    def assertWhole(self):
        """Whatever happened: each file is nobody else's, and what is certified belongs together."""
        for name in os.listdir(self.folder) if os.path.isdir(self.folder) else []:
            found = os.lstat(os.path.join(self.folder, name))
            self.assertEqual(stat.S_IMODE(found.st_mode), 0o600, name)
        if os.path.isdir(self.folder):
            self.assertEqual(stat.S_IMODE(os.stat(self.folder).st_mode), 0o700)
        for name in self.names('used'):
            public = [renewing.ask_openssl(*args, os.path.join(self.folder, f'{name}.{kind}')) for args, kind in
                      ((('pkey', '-pubout', '-in'), 'key'), (('x509', '-noout', '-pubkey', '-in'), 'crt'))]
            self.assertEqual(*public)

    def test_without_a_visit(self):
        drive = self.terminal()
        drive.wait('renewal asked')
        pending, = self.names('key')
        self.delivers(drive)
        key = self.certify()
        self.assertEqual(pending, key)
        drive.wait('renewal received')
        drive.wait('renewal accepted')
        self.delivers(drive)
        renewing.install_keys(key)  # the old key is out
        time.sleep(1)
        self.delivers(drive)
        self.assertEqual((self.names('key'), self.names('crt'), self.names('used')), ([key],) * 3)
        self.assertNotIn('attention', ' '.join(drive.seen))
        self.assertWhole()
        drive.stop()
        self.delivers(self.terminal())  # and so does the one that is started anew

    def test_again_and_the_old_key_is_destroyed(self):
        """The one that came over the line before ends, too."""
        issue('aged', -YEAR + 86400, 30 * 86400)
        self.old = aged = ward.key_of('aged')
        os.mkdir(self.folder, 0o700)
        for kind in ('key', 'crt'):
            with open(renewing.path('aged', kind), 'rb') as f:
                content = f.read()
            with open(os.path.join(self.folder, f'{aged}.{kind}'), 'xb', opener=lambda path, flags: os.open(path, flags, 0o600)) as f:
                f.write(content)
        renewing.install_keys(aged)
        watched = os.open(os.path.join(self.folder, f'{aged}.key'), os.O_RDONLY)
        drive = self.terminal()
        drive.wait('renewal accepted')
        self.delivers(drive)
        key = self.certify()
        drive.wait('renewal accepted')
        world.wait_until(lambda: [self.names(kind) for kind in ('key', 'crt', 'used')] == [[key]] * 3, 'the one before is gone')
        self.assertEqual(set(os.pread(watched, 4096, 0)), {0}, 'and its bytes with it')
        os.close(watched)
        self.delivers(drive)
        self.assertWhole()

    def test_what_comes_is_not_the_one(self):
        """A gateway that somebody has taken over hands out something else: nothing of it is used."""
        drive = self.terminal()
        drive.wait('renewal asked')
        issue('strange', -60, YEAR)
        key = self.asked()
        der = renewing.ask_openssl('x509', '-in', renewing.path('strange', 'crt'), '-outform', 'DER')
        ward.stop_gateway()
        with sqlite3.connect(ward.at('gateway', 'ledger.db')) as db:
            db.execute("UPDATE ledger_renewals SET state = 'certified', certificate = ? WHERE key = ?", (der, key))
        ward.start_gateway()
        renewing.install_keys(self.old, key)
        drive.wait('renewal wrong')
        self.assertEqual(self.names('crt'), [])
        self.assertEqual(self.names('key'), [], 'the gateway has no other answer for that key')
        self.delivers(drive)

    def test_declined(self):
        drive = self.terminal()
        drive.wait('renewal asked')
        self.assertEqual(renewing.run('decline', self.asked())[0], 0)
        drive.wait('renewal declined')
        self.assertEqual(self.names('key'), [])
        self.delivers(drive)

    def test_the_new_one_is_refused_for_a_while(self):
        """One that the policy lists no more (or another gateway not yet): the one before goes on, and it is tried again."""
        drive = self.terminal()
        key = self.certify()
        drive.wait('renewal accepted')
        renewing.install_keys(self.old)
        time.sleep(1)
        self.delivers(drive)
        renewing.install_keys(key)
        time.sleep(3)
        self.delivers(drive)
        self.assertNotIn('attention', ' '.join(drive.seen))

    def test_neither_is_taken(self):
        drive = self.terminal()
        self.certify()
        drive.wait('renewal accepted')
        renewing.install_keys('0' * 64)
        drive.wait('state attention key-refused')
        renewing.install_keys(self.old)
        drive.wait('state online')
        self.delivers(drive)

    def test_not_before_its_time(self):
        issue('young', -60, YEAR)
        renewing.install_keys(ward.key_of('young'))
        drive = self.terminal(certificate='young')
        drive.wait('state online')
        self.assertNotIn('renewal', ' '.join(drive.drain(5)))
        self.assertEqual(self.names('key'), [])

    def test_the_power_is_cut_at_every_step(self):
        """At each step on the disk, from the first to the last: there is always a pair, and it goes on from there."""
        deaths = 0
        for die in range(1, 100):
            drive = self.terminal(die=die)
            died = self.go_on(drive)
            self.assertWhole()
            if not died:
                break
            deaths += 1
            again = self.terminal()
            self.assertFalse(self.go_on(again))
            self.delivers(again)
            again.stop()
            self.assertEqual([self.names(kind) for kind in ('key', 'crt', 'used')], [[self.key]] * 3, die)
            self.assertEqual(len(os.listdir(self.folder)), 3, 'nothing half-written is left')
            for name in os.listdir(self.folder):
                os.remove(os.path.join(self.folder, name))
            renewing.install_keys(self.old)
        print(f'line-renewal: {deaths} deaths')
        self.assertGreaterEqual(deaths, 9)

    def go_on(self, drive):
        """The administrator does what is to be done until the terminal has its certificate, or dies: TRUE."""
        end = time.monotonic() + 60
        while time.monotonic() < end:
            if drive.process.poll() is not None:
                self.assertEqual(drive.process.returncode, 9)
                return True
            if self.names('key') and self.asked():
                self.key = self.certify()
            if self.names('used'):
                drive.drain(0.5)
                if drive.process.poll() is None:
                    return False
            time.sleep(0.1)
        raise AssertionError(f'nothing comes of it: {drive.seen}')


if __name__ == '__main__':
    unittest.main(verbosity=2)
