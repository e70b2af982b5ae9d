#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""madoguchictl against the real service, gateway, pcscd and virtual cards: what each verb says, as text and as JSON, and how it
ends. Run inside tests/isolated and dbus-run-session."""

import concurrent.futures
import contextlib
import datetime
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import unittest

SOURCE = os.environ['MADOGUCHI_SOURCE']
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(SOURCE, 'tests/world'))

import world as worlds  # noqa: E402

world = None


def ctl(*words, stdin='', json_wanted=True, **environment):
    """(exit status, parsed output or text, standard error)."""
    command = [world.program('src/ctl/madoguchictl'), '--session', *(['--json'] if json_wanted else []), *words]
    result = subprocess.run(command, input=stdin, capture_output=True, text=True, timeout=180,
                            env={**os.environ, **environment})
    output = json.loads(result.stdout) if json_wanted and result.stdout else result.stdout
    return result.returncode, output, result.stderr


def start_service():
    world.start('madoguchid', [world.program('src/daemon/madoguchid'), '--config', world.at('terminal/terminal.ini'),
                               '--session'])
    worlds.wait_until(lambda: world.check('madoguchid') and ctl('queue', 'list')[0] == 0, 'madoguchid')


class Verbs(unittest.TestCase):
    def setUp(self):
        self.addCleanup(world.stop, 'gateway')
        start_service()
        self.addCleanup(world.stop, 'madoguchid')

    def start_gateway(self):
        world.start('gateway', [world.program('src/gateway/madoguchi-gateway'), '--config', world.at('gateway/gateway.ini')])
        worlds.wait_until(lambda: world.check('gateway') and worlds.is_bound(8443), 'gateway')

    def test_queue_list(self):
        code, rows, _ = ctl('queue', 'list')
        self.assertEqual((code, rows), (0, []))
        for words in (('park', '001-000001-7', 'in-doubt'), ('release', '001-000001-7')):
            code, _, said = ctl('queue', *words)
            self.assertEqual(code, 5)
            self.assertIn('no application with that receipt number', said)

    def test_line_status(self):
        code, status, _ = ctl('line', 'status')
        self.assertEqual((code, status['state']), (1, 'offline'))
        self.assertTrue(status['detail'])
        worlds.wait_until(lambda: ctl('line', 'status')[1]['reason'] == 'no-answer', 'that nobody answers')
        advice, = [row['advice'] for row in ctl('doctor')[1] if row['check'] == 'line']
        self.assertIn('systemctl status madoguchi-gateway', advice)
        self.start_gateway()
        ctl('queue', 'retry')
        worlds.wait_until(lambda: ctl('line', 'status')[0] == 0, 'the line')
        status = ctl('line', 'status')[1]
        self.assertEqual((status['reason'], status['detail']), ('ok', ''))

    def test_second_address(self):
        """Nobody is at the first one: the second is used, which is shown, and recorded once."""
        path = world.at('terminal/terminal.ini')
        shutil.copy(path, path + '.kept')
        self.addCleanup(os.replace, path + '.kept', path)
        with open(path, encoding='utf-8') as f:
            settings = f.read()
        with open(path, 'w', encoding='utf-8') as f:
            f.write(settings.replace('https://127.0.0.1:8443', 'https://127.0.0.1:8442; https://127.0.0.1:8443'))
        world.stop('madoguchid')
        self.start_gateway()
        start_service()
        worlds.wait_until(lambda: ctl('line', 'status')[0] == 0, 'the line')
        status = ctl('line', 'status')[1]
        self.assertEqual([status[name] for name in ('url', 'address', 'addresses')], ['https://127.0.0.1:8443', 2, 2])
        state, = [row['state'] for row in ctl('doctor')[1] if row['check'] == 'line']
        self.assertEqual(state, 'warning')
        said = [row['detail'] for row in ctl('audit', 'list', '--limit', '2000')[1] if row['event'] == 'line']
        self.assertEqual(said[-1:], ['cause=silent address=2'])

    def test_audit_list(self):
        code, rows, _ = ctl('audit', 'list', '--limit', '2000')
        self.assertEqual(code, 0)
        self.assertEqual([r['seq'] for r in rows], list(range(1, len(rows) + 1)))
        self.assertEqual(rows[-1]['event'], 'audit-list', 'looking is recorded before it shows anything')
        self.assertEqual(rows[-1]['detail'], 'by=administrator', 'and who looked')
        code, later, _ = ctl('audit', 'list', '--after', '1', '--limit', '1')
        self.assertEqual([r['seq'] for r in later], [2])

    def test_json_is_utf8_in_every_locale(self):
        ctl('staff', 'set-password', 'S0001', stdin='correct horse\n')
        _, expected, _ = ctl('audit', 'list', '--limit', '2000')
        code, rows, _ = ctl('audit', 'list', '--limit', '2000', LC_ALL='C')
        self.assertEqual(code, 0)
        self.assertEqual(rows[:len(expected)], expected)
        self.assertTrue(any(not row['staff_name'].isascii() for row in rows), 'an officer has done something')

    def test_retention_list(self):
        code, rows, _ = ctl('retention', 'list')
        self.assertEqual(code, 0)
        periods = {row['kind']: (row['number'], row['unit']) for row in rows}
        self.assertEqual((periods['queue'], periods['draft'], periods['identity'], periods['work-record'], periods['log']),
                         ((0, 'hours'), (24, 'hours'), (365, 'days'), (5, 'years'), (0, 'always')))
        code, text, _ = ctl('retention', 'list', json_wanted=False, LANGUAGE='ja', LC_ALL='C.UTF-8')
        self.assertIn('365日', text)
        self.assertIn('監査記録', text)

    def suspended(self, marker):
        """An intake that was suspended, and whose time is over since an hour; the service is not running."""
        world.stop('madoguchid')
        with contextlib.closing(sqlite3.connect(world.at('terminal/state/terminal.db'))) as db, db:
            over = int(datetime.datetime.now().timestamp() * 1000) - 3600_000
            db.execute("INSERT INTO draft (id, procedure, clerk, begun, until_ms, body) VALUES ('draft',"
                       " 'pension.exemption', 'S0001', '2026-11-20T00:00:00.000Z', ?2, ?1)", (marker.encode(), over))

    def lies_on_disk(self, marker):
        folder, found = world.at('terminal/state'), []
        for name in os.listdir(folder):
            if name.startswith('terminal.db'):
                with open(os.path.join(folder, name), 'rb') as file:
                    found += [name] if marker.encode() in file.read() else []
        return found

    def test_what_is_over_goes_by_itself(self):
        self.suspended('text-that-is-over-1')
        self.assertTrue(self.lies_on_disk('text-that-is-over-1'))
        start_service()
        code, rows, _ = ctl('erasures', 'list')
        self.assertEqual(code, 0)
        last = rows[-1]
        self.assertEqual((last['by'], last['kind'], last['count']), ('automatic, policy 1', 'draft', 1))
        self.assertLess(abs(datetime.datetime.now(datetime.timezone.utc).timestamp()
                            - datetime.datetime.fromisoformat(last['time'].replace('Z', '+00:00')).timestamp()), 60)
        self.assertNotIn('S0001', last['contents'])
        worlds.wait_until(lambda: not self.lies_on_disk('text-that-is-over-1'), 'the raw files to be without it')
        _, later, _ = ctl('erasures', 'list', '--after', str(last['seq']))
        self.assertEqual(later, [])

    def test_a_clock_set_ahead_erases_nothing(self):
        world.stop('madoguchid')
        seen = int(datetime.datetime.now().timestamp() * 1000) - 5 * 365 * 86400_000
        with contextlib.closing(sqlite3.connect(world.at('terminal/state/terminal.db'))) as db, db:
            db.execute("INSERT OR REPLACE INTO meta (name, number) VALUES ('clock-seen', ?)", (seen,))
        start_service()
        self.suspended('text-that-is-over-2')
        start_service()
        _, rows, _ = ctl('audit', 'list', '--limit', '2000')
        self.assertEqual([r['detail'] for r in rows if r['event'] == 'clock'], ['cause=clock-ahead'])
        self.assertTrue(self.lies_on_disk('text-that-is-over-2'))
        # The gateway has the same time: from then on it is believed.
        self.start_gateway()
        worlds.wait_until(lambda: not self.lies_on_disk('text-that-is-over-2'), 'the raw files to be without it')
        _, rows, _ = ctl('audit', 'list', '--limit', '2000')
        self.assertEqual([r['detail'] for r in rows if r['event'] == 'clock'], ['cause=clock-ahead', 'cause=confirmed'])

    def test_audit_verify(self):
        code, result, _ = ctl('audit', 'verify')
        self.assertEqual((code, result['verdict'], result['first_bad']), (0, 'intact', 0))
        code, again, _ = ctl('audit', 'verify', '--database', world.at('terminal/state/terminal.db'))
        self.assertEqual((code, again['count']), (0, result['count'] + 1))

    def test_audit_verify_of_a_changed_copy(self):
        world.stop('madoguchid')
        copy = world.at('run', 'copy.db')
        with open(world.at('terminal/state/terminal.db'), 'rb') as source, open(copy, 'wb') as target:
            target.write(source.read())
        with sqlite3.connect(copy) as db:
            db.execute('DROP TRIGGER audit_no_update')
            db.execute("UPDATE audit SET detail = 'version=7' WHERE seq = 1")
        code, result, _ = ctl('audit', 'verify', '--database', copy)
        self.assertEqual((code, result['verdict'], result['first_bad'], result['detail']), (1, 'broken', 1, 'altered'))
        self.assertEqual(ctl('audit', 'verify', '--database', world.at('run', 'nothing.db'))[0], 5)

    def test_set_password(self):
        code, answer, _ = ctl('staff', 'set-password', 'S0001', stdin='correct horse\n')
        self.assertEqual((code, answer), (0, {'staff': 'S0001', 'changed': True}))
        code, _, said = ctl('staff', 'set-password', 'S0001', stdin='12345678\n')
        self.assertEqual(code, 5)
        self.assertIn('easy to guess', said)
        code, _, said = ctl('staff', 'set-password', 'S9999', stdin='correct horse\n')
        self.assertEqual(code, 5)
        self.assertIn('S9999', said)
        _, rows, _ = ctl('audit', 'list', '--limit', '2000')
        self.assertIn(('password', 'S0001', 'done'), [(r['event'], r['staff'], r['outcome']) for r in rows])
        self.assertNotIn('horse', json.dumps(rows))
        with open(world.at('terminal/state/terminal.db'), 'rb') as db:
            self.assertNotIn(b'horse', db.read())

    def change_pin(self, which, *typed):
        """What is written into the log of it, and whether it was changed and says that it is there."""
        _, before, _ = ctl('audit', 'list', '--limit', '2000')
        code, said, _ = ctl('card', 'change-pin', which, stdin=''.join(line + '\n' for line in typed))
        _, rows, _ = ctl('audit', 'list', '--limit', '2000')
        self.assertEqual(code, 0 if said else 5)
        told = [(r['outcome'], r['detail'].split(' uid=')[0]) for r in rows[len(before):] if r['event'] == 'card-pin']
        for row in rows[len(before):]:
            for pin in typed:
                self.assertNotIn(pin, row['detail'].split(' uid=')[0], row)
        self.assertTrue(all(f' uid={os.getuid()} peer=:' in r['detail'] for r in rows if r['event'] == 'card-pin'), 'who it was')
        return told, (said['changed'], said['recorded']) if said else None

    def test_changed_pins_are_in_the_log(self):
        """Nobody need be logged in, and the card is not named; what did not come to the card is nothing to write down."""
        pins = world.people['tanaka']['pins']
        world.insert('resident', 'tanaka')
        self.addCleanup(world.remove_card, 'resident')
        self.assertEqual(self.change_pin('auth', pins['auth'], '8642', '8642'), ([('done', 'pin=auth')], (True, True)))
        self.assertEqual(self.change_pin('auth', pins['auth'], '1470', '1470'),
                         ([('refused', 'cause=pin-wrong pin=auth')], None))
        self.assertEqual(self.change_pin('auth', '8642', '1470', '1471'), ([], None))
        world.send('resident', 'fault remove-after ins 24 at 1')
        self.assertEqual(self.change_pin('auth', '8642', pins['auth'], pins['auth']),
                         ([('failed', 'cause=old-or-new pin=auth')], None))
        world.insert('resident', 'tanaka')
        self.assertEqual(self.change_pin('sign', pins['sign'], 'HASHI2026', 'HASHI2026'), ([('done', 'pin=sign')], (True, True)))
        self.assertEqual(self.change_pin('sign', 'HASHI2026', pins['sign'], pins['sign'])[1], (True, True))
        world.stop('madoguchid')
        code, said, beside = ctl('card', 'change-pin', 'auth', stdin=f"{pins['auth']}\n8642\n8642\n")
        self.assertEqual((code, said['recorded']), (0, False))
        self.assertIn('not in the log', beside)
        self.assertEqual(ctl('card', 'change-pin', 'auth', stdin=f"8642\n{pins['auth']}\n{pins['auth']}\n")[0], 0)

    def test_service_absent(self):
        world.stop('madoguchid')
        for words in (('queue', 'list'), ('line', 'status'), ('audit', 'list'), ('audit', 'verify'), ('crl', 'list'),
                      ('crl', 'fetch')):
            code, _, said = ctl(*words)
            self.assertEqual(code, 3, words)
            self.assertIn('systemctl start madoguchid', said)
        code, rows, _ = ctl('doctor')
        self.assertEqual(code, 1)
        self.assertEqual([r['state'] for r in rows if r['check'] == 'service'], ['bad'])

    def test_wrong_words(self):
        for words in ((), ('queue',), ('queue', 'eat'), ('doctor', 'who'), ('staff', 'set-password'), ('--after', '-1', 'audit', 'list'),
                      ('--nonsense',)):
            code, _, said = ctl(*words, json_wanted=False)
            self.assertEqual(code, 2, words)
            self.assertIn('queue list', said)

    def test_help_names_the_exit_codes(self):
        code, text, _ = ctl('--help', json_wanted=False)
        self.assertEqual(code, 0)
        self.assertIn('3 the service does not answer', text)

    def test_japanese(self):
        code, text, _ = ctl('queue', 'list', json_wanted=False, LC_ALL='C.UTF-8', LANGUAGE='ja')
        self.assertEqual(code, 0)
        self.assertIn('送信待ち', text)


class Cards(unittest.TestCase):
    def tearDown(self):
        for role in ('resident', 'staff'):
            try:
                world.remove_card(role)
            except worlds.Failure:
                pass

    def test_card_info(self):
        world.insert('resident', 'tanaka')
        world.insert('staff', 'staff-S0001')
        code, rows, _ = ctl('card', 'info')
        self.assertEqual(code, 0)
        kinds = {r['kind']: r for r in rows}
        self.assertEqual(set(kinds), {'my-number', 'staff'})
        self.assertEqual([kinds['my-number'][k] for k in ('auth_pin_tries', 'text_pin_tries', 'sign_pin_tries')], [3, 3, 5])
        self.assertEqual(kinds['my-number']['auth_certificate_state'], 'valid')
        self.assertEqual(kinds['my-number']['applications'], 'JPKI, TEXT, VISUAL, JUKI, COMMON')
        self.assertEqual([kinds['my-number'][k] for k in ('token', 'card_state', 'municipality', 'face_b_tries')],
                         ['card', 'valid', '13999', 10])
        self.assertRegex(kinds['my-number']['card_expires'], r'^20\d\d$')  # the day would be the birthday
        self.assertEqual(kinds['staff']['applications'], 'PIV')
        self.assertEqual(kinds['staff']['login_certificate_state'], 'valid')
        self.assertEqual(kinds['staff']['sign_certificate_state'], 'valid')
        told = json.dumps(rows, ensure_ascii=False)
        for secret in (world.people['tanaka']['name'], world.people['tanaka']['number']):
            self.assertNotIn(secret, told)

    def test_card_info_costs_no_try(self):
        world.insert('resident', 'tanaka')
        before = ctl('card', 'info')[1]
        self.assertEqual(before, ctl('card', 'info')[1])

    def test_expired_locked_and_unknown(self):
        for card, key, value in (('expired', 'auth_certificate_state', 'expired'), ('locked', 'auth_pin_tries', 0),
                                 ('unknown', 'kind', 'unknown'), ('cardexpired', 'card_state', 'expired'),
                                 ('stay', 'card_state', 'ends-soon'), ('iphone', 'token', 'iphone')):
            world.insert('resident', card)
            _, rows, _ = ctl('card', 'info')
            self.assertIn(value, [r.get(key) for r in rows], card)
            world.remove_card('resident')

    def test_trouble_is_not_absence(self):
        world.insert('resident', 'nocert')
        self.assertEqual([r.get('auth_certificate_state') for r in ctl('card', 'info')[1] if r['kind'] == 'my-number'], ['absent'])
        world.insert('resident', 'tanaka')
        world.send('resident', 'fault sw 6F00 ins B0 every')
        row = [r for r in ctl('card', 'info')[1] if r['kind'] == 'my-number'][0]
        world.send('resident', 'clear-faults')
        self.assertEqual(row['auth_certificate_state'], 'unreadable')
        self.assertEqual(row['auth_pin_tries'], 3)
        self.assertTrue(row['trouble'])

    def test_a_card_that_says_nothing(self):
        world.insert('resident', 'tanaka')
        world.insert('staff', 'staff-S0001')
        world.send('resident', 'fault mute ins B0 at 1')
        _, rows, _ = ctl('card', 'info')
        self.assertEqual(sorted(r['kind'] for r in rows), ['staff', 'unknown'])
        self.assertTrue([r for r in rows if r['kind'] == 'unknown'][0]['trouble'])
        self.assertNotIn('trouble', [r for r in rows if r['kind'] == 'staff'][0])
        world.send('resident', 'clear-faults')

    def test_a_service_that_says_nothing(self):
        """Stopped in the middle of everything, as a driver that hangs stops it: whoever asks it says so, and ends."""
        world.processes['pcscd'].send_signal(signal.SIGSTOP)
        try:
            with concurrent.futures.ThreadPoolExecutor() as both:  # each waits for twenty seconds
                info, doctor = both.submit(ctl, 'card', 'info'), both.submit(ctl, 'doctor')
                (code, _, said), (_, rows, _) = info.result(), doctor.result()
        finally:
            world.processes['pcscd'].send_signal(signal.SIGCONT)
        self.assertEqual((code, said.count('\n')), (5, 1))
        self.assertIn('does not answer', said)
        row = [r for r in rows if r['check'] == 'pcscd'][0]
        self.assertEqual(row['state'], 'bad')
        self.assertIn('systemctl restart pcscd', row['advice'])

    def test_empty_readers(self):
        # pcscd notices within half a second that the last card went.
        worlds.wait_until(lambda: [r['kind'] for r in ctl('card', 'info')[1]] == ['none', 'none'], 'empty readers')
        self.assertEqual(ctl('card', 'info')[0], 0)


class Doctor(unittest.TestCase):
    CHECKS = ['pcscd', 'readers', 'clock', 'service', 'database', 'policy', 'line', 'queue', 'certificate terminal',
              'certificate line-ca', 'certificate policy-anchor', 'receipt numbers', 'disk', 'revocation lists', 'backup']

    def setUp(self):
        start_service()
        self.addCleanup(world.stop, 'madoguchid')

    def states(self):
        _, rows, _ = ctl('doctor')
        for row in rows:
            if row['state'] == 'bad':
                self.assertTrue(row['what'], row)
        return {r['check']: r['state'] for r in rows}

    def test_checks_everything(self):
        states = self.states()
        self.assertEqual(list(states), self.CHECKS)
        for check in ('pcscd', 'readers', 'service', 'database', 'policy', 'queue', 'certificate terminal', 'receipt numbers',
                      'revocation lists'):
            self.assertEqual(states[check], 'ok', check)
        self.assertEqual(states['line'], 'warning')

    def test_card_service_stopped(self):
        world.stop('pcscd')
        try:
            code, rows, _ = ctl('doctor')
            found = {r['check']: r for r in rows}
            self.assertEqual((code, found['pcscd']['state'], found['readers']['state']), (1, 'bad', 'bad'))
            self.assertIn('pcscd', found['pcscd']['advice'])
        finally:
            for role in ('resident', 'staff'):
                world.stop('vcard-' + role)
            world.start_cards()

    def test_bad_policy(self):
        world.stop('madoguchid')
        path = world.at('policy/policy.cms')
        with open(path, 'rb') as f:
            good = f.read()
        try:
            with open(path, 'wb') as f:
                f.write(good[:-20])
            start_service()
            self.assertEqual(self.states()['policy'], 'bad')
        finally:
            with open(path, 'wb') as f:
                f.write(good)
        world.processes['madoguchid'].send_signal(signal.SIGHUP)
        worlds.wait_until(lambda: self.states()['policy'] == 'ok', 'the good policy')

    def test_report(self):
        """For the help desk: what was said, in a file of one's own, and nothing of a person who was here."""
        report = world.at('run', 'doctor.txt')
        staff, person = world.staff['S0001'], world.people['tanaka']
        world.insert('resident', 'tanaka')
        self.addCleanup(world.remove_card, 'resident')
        code, said, _ = ctl('doctor', '--report', report, json_wanted=False)
        with open(report, encoding='utf-8') as f:
            heading, empty, text = f.read().split('\n', 2)
        self.assertRegex(heading, r'^madoguchictl \S+, \d{4}-\d\d-\d\dT\S+Z$')
        self.assertEqual((empty, text), ('', said))
        for check in self.CHECKS:
            self.assertIn(f'  {check} ', text)
        self.assertEqual(os.stat(report).st_mode & 0o777, 0o600)
        for secret in (person['name'], person['number'], person['address'], staff['password'], 'S0001', '受付'):
            self.assertNotIn(secret, text)
        with_json, rows, _ = ctl('doctor', '--report', report)
        self.assertEqual(code, with_json)
        with open(report, encoding='utf-8') as f:
            self.assertEqual(len(f.read().splitlines()), len(rows) + 2)

    def test_report_that_cannot_be_written(self):
        code, _, said = ctl('doctor', '--report', world.at('nowhere', 'doctor.txt'), json_wanted=False)
        self.assertEqual(code, 5)
        self.assertIn('nowhere', said)

    def test_missing_certificate(self):
        path = world.at('pki/line-ca.crt')
        os.rename(path, path + '.away')
        try:
            self.assertEqual(self.states()['certificate line-ca'], 'bad')
        finally:
            os.rename(path + '.away', path)


class WhereTheyDiffer(unittest.TestCase):
    """R-APPR-04: form and policy that ask for different numbers of officers. Last of all: the later policy stays."""

    def test_it_is_said(self):
        def lint(policy):
            run = subprocess.run([world.program('src/ctl/madoguchictl'), '--policy', world.at('policy', policy + '.json'), 'forms', 'lint',
                                  os.path.join(os.environ['MADOGUCHI_SOURCE'], 'data', 'forms')], capture_output=True, text=True, timeout=180)
            return run.returncode, [line for line in run.stdout.splitlines() if 'officers' in line or 'opening desk' in line]

        self.assertEqual(lint('policy'), (0, []))
        # What the policy keeps from the opening desk may be meant, so that it is said alone.
        with open(world.at('policy', 'policy.json'), encoding='utf-8') as f:
            narrow = {**json.load(f), 'desk': ['clerk']}
        with open(world.at('policy', 'policy-narrow.json'), 'w', encoding='utf-8') as f:
            json.dump(narrow, f)
        code, said = lint('policy-narrow')
        self.assertEqual(code, 0)
        self.assertRegex('\n'.join(said), r'care\.certification: the policy keeps \d+ of its fields from the opening desk \(\S+, ')
        self.assertFalse([line for line in said if 'officers' in line])
        code, said = lint('policy-two-officers')
        self.assertEqual((code, [line.split(':')[0] for line in said]), (1, ['pension.exemption']))
        self.assertIn('policy asks for two', said[0])
        self.assertEqual(lint('policy-none')[0], 5)
        self.check_versions()
        shutil.copyfile(world.at('policy', 'policy-two-officers.cms'), world.at('policy', 'policy.cms'))
        start_service()
        self.addCleanup(world.stop, 'madoguchid')
        row, = [row for row in ctl('doctor')[1] if row['check'] == 'officers']
        self.assertEqual(row['state'], 'warning')
        self.assertIn('pension.exemption', row['what'])

    def check_versions(self):
        """A version that the policy does not take is told from 30 days before: what is filled in by it would not arrive."""
        def lint(*versions):
            with open(world.at('policy', 'policy.json')) as f:
                policy = json.load(f)
            policy['procedures']['pension.exemption']['versions'] = versions
            with tempfile.NamedTemporaryFile('w', suffix='.json') as f:
                json.dump(policy, f)
                f.flush()
                run = subprocess.run([world.program('src/ctl/madoguchictl'), '--policy', f.name, 'forms', 'lint',
                                      os.path.join(os.environ['MADOGUCHI_SOURCE'], 'data', 'forms')], capture_output=True, text=True, timeout=180)
            return run.returncode, run.stdout.splitlines()[:-1]

        def day(days):
            return (datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=9))) + datetime.timedelta(days)).strftime('%Y-%m-%d')

        now = {'version': '1', 'from': '2020-01-01'}
        self.assertNotIn('versions', ''.join(lint(now)[1]))
        self.assertNotIn('versions', ''.join(lint(dict(now, until=day(40)))[1]))
        for versions, first in (((dict(now, until=day(20)), {'version': '2', 'from': day(21)}), day(21)), (({'version': '9', 'from': '2020-01-01'},), day(0))):
            code, said = lint(*versions)
            line, = [line for line in said if '"versions"' in line]
            self.assertEqual((code, line.split(':')[0]), (1, 'pension.exemption'))
            self.assertIn(f'from {first} on', line)


def main():
    global world
    with worlds.World() as world:
        world.start_cards()
        return 0 if unittest.main(exit=False).result.wasSuccessful() else 1


if __name__ == '__main__':
    worlds.main_guard(main)
