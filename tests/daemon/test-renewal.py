#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The real service with a certificate that ends in ten days: what it does about it, and what it and the administrator's tool say.
Run inside tests/isolated and dbus-run-session."""

import json
import os
import re
import subprocess
import sys
import time
import unittest

SOURCE = os.environ['MADOGUCHI_SOURCE']
sys.dont_write_bytecode = True
sys.path[:0] = [os.path.join(SOURCE, 'tests', name) for name in ('world', 'protocol', 'gateway')]

import wire  # noqa: E402
import world as worlds  # noqa: E402
import renewing  # noqa: E402

DAY = 86400
ward = renewing.ward = wire.Ward()
world = ward.world


def ctl(*words):
    result = subprocess.run([world.program('src/ctl/madoguchictl'), '--session', '--json', *words], capture_output=True, text=True,
                            timeout=120, check=False)
    return result.returncode, result.stdout


def attention():
    said = subprocess.run(['gdbus', 'call', '--session', '--dest', 'org.madoguchi.Terminal1', '--object-path',
                           '/org/madoguchi/Terminal1', '--method', 'org.freedesktop.DBus.Properties.Get', 'org.madoguchi.Terminal1',
                           'Attention'], capture_output=True, text=True, check=True)
    return said.stdout


def renewals():
    code, text = ctl('audit', 'list', '--limit', '1000')
    assert code == 0, text
    return [(record['outcome'], record['detail']) for record in json.loads(text) if record['event'] == 'renew']


def terminal_row():
    checks = json.loads(ctl('doctor')[1])
    return next(row for row in checks if row['check'] == 'certificate terminal')


def start_service():
    world.start('madoguchid', [world.program('src/daemon/madoguchid'), '--config', world.at('terminal/terminal.ini'), '--session'])
    worlds.wait_until(lambda: world.check('madoguchid') and ctl('line', 'status')[0] == 0, 'madoguchid with a line')


def setUpModule():
    form = '%y%m%d%H%M%SZ'
    now = time.time()
    renewing.issue('ending', *(time.strftime(form, time.gmtime(now + days * DAY)) for days in (-300, 10)))
    path = world.at('terminal/terminal.ini')
    with open(path, encoding='utf-8') as f:
        text = f.read()
    with open(path, 'w', encoding='utf-8') as f:
        f.write(re.sub(r'^(certificate|key)=.*/pki/terminal\.(crt|key)$', lambda m: f'{m[1]}={world.at("pki", "ending")}.{m[2]}', text,
                       flags=re.M))
    ward.start_gateway()
    renewing.install_keys(ward.key_of('ending'))
    start_service()


def tearDownModule():
    world.close()


class Renewal(unittest.TestCase):
    def test_from_the_words_to_the_new_pair(self):
        worlds.wait_until(lambda: renewals() == [('done', 'what=renewal-asked')], 'it asks')
        self.assertIn('14', attention())
        row = terminal_row()
        self.assertIn('9', row['what'], row)
        status = json.loads(ctl('line', 'status')[1])
        self.assertTrue(status['gateway_until'] > status['certificate_until'] > '2', status)

        (key, state), = [(key, state) for key, (_, state, _) in renewing.listed().items()]
        self.assertEqual(state, 'open')
        with open(renewing.path('next', 'csr'), 'wb') as f:
            f.write(renewing.ask_openssl('req', '-outform', 'DER', input=renewing.run('requests', key)[1].encode()))
        renewing.sign('next')
        self.assertEqual(renewing.run('certify', renewing.path('next', 'crt'))[0], 0)
        renewing.install_keys(ward.key_of('ending'), key)
        worlds.wait_until(lambda: renewals()[-1] == ('done', 'what=renewal-accepted'), 'it goes over', 240)
        self.assertEqual([detail for _, detail in renewals()],
                         [f'what=renewal-{stage}' for stage in ('asked', 'received', 'accepted')])
        renewing.install_keys(key)
        self.assertEqual(ctl('queue', 'retry')[0], 0)
        worlds.wait_until(lambda: ctl('line', 'status')[0] == 0, 'the line')
        self.assertNotIn('14', attention())
        self.assertIn('36', terminal_row()['what'])
        held = world.at('terminal/state/line', key)
        self.assertEqual([oct(os.stat(held + kind).st_mode & 0o777) for kind in ('.key', '.crt')], ['0o600'] * 2)
        world.stop('madoguchid')
        start_service()
        self.assertEqual(len(renewals()), 3)


if __name__ == '__main__':
    unittest.main(verbosity=2)
