#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The lists of revoked certificates at the real service: fetched from a real HTTP server as the policy says, ahead of time,
kept where the window reads them, never a number back. Run inside tests/isolated and dbus-run-session."""

import contextlib
import datetime
import http.server
import json
import os
import stat
import subprocess
import sys
import tempfile
import threading
import unittest

import gi

gi.require_version('Gio', '2.0')
from gi.repository import Gio  # noqa: E402

SOURCE = os.environ['MADOGUCHI_SOURCE']
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(SOURCE, 'tests', 'world'))

import mdworld.jpki as jpki  # noqa: E402
import mdworld.office as ward_office  # noqa: E402
import mdworld.settings as settings  # noqa: E402
import world as worlds  # noqa: E402

PORT = 8889
SOURCE_URL = f'http://127.0.0.1:{PORT}/jpki-auth.crl'
HOUR = datetime.timedelta(hours=1)
world = None


def now():
    return datetime.datetime.now(datetime.timezone.utc)


class Server:
    """A web server that answers as told; what it was asked for is counted."""

    def __init__(self):
        self.answer, self.asked = (200, b''), 0
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                outer.asked += 1
                with contextlib.suppress(OSError):
                    outer.give(self)

            def log_message(self, *args):
                pass
        self.server = http.server.ThreadingHTTPServer(('127.0.0.1', PORT), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={'poll_interval': 0.02})
        self.thread.start()

    def give(self, handler):
        if callable(self.answer):
            self.answer(handler)
            return
        status, body = self.answer[:2]
        handler.send_response(status)
        for name, value in self.answer[2:]:
            handler.send_header(name, value)
        handler.send_header('Content-Length', str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    def close(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


def make_list(begins=None, ends=None):
    """The authority's next list: DER, and PEM. Its number is one more each time."""
    authority = jpki.Authority(world.at('run'), world.at('pki'), 'jpki-auth-ca', 'auth', 0)
    path = world.at('run', 'list.crl')
    begins, ends = begins or now() - HOUR, ends or now() + 24 * HOUR
    authority.crl(path, f'{begins:%Y%m%d%H%M%SZ}', f'{ends:%Y%m%d%H%M%SZ}')
    with open(path, 'rb') as der, open(path + '.pem', 'rb') as pem:
        return der.read(), pem.read()


def proxy():
    return Gio.DBusProxy.new_for_bus_sync(Gio.BusType.SESSION, Gio.DBusProxyFlags.NONE, None, 'org.madoguchi.Terminal1',
                                          '/org/madoguchi/Terminal1', 'org.madoguchi.Terminal1', None)


def start_service():
    world.start('madoguchid', [world.program('src/daemon/madoguchid'), '--config', world.at('terminal/terminal.ini'),
                               '--session'])
    worlds.wait_until(lambda: world.check('madoguchid') and ctl('queue', 'list')[0] == 0, 'madoguchid')


def ctl(*words):
    """(exit status, parsed output, standard error)."""
    command = [world.program('src/ctl/madoguchictl'), '--session', '--json', *words]
    result = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, check=False)
    return result.returncode, json.loads(result.stdout) if result.stdout else None, result.stderr


def file_of(data):
    with tempfile.NamedTemporaryFile(dir=world.at('run'), delete=False) as f:
        f.write(data)
    return f.name


class Lists(unittest.TestCase):
    def setUp(self):
        changes = settings.policy(world.at('pki'), now())['jpki']
        self.install({**changes, 'crl_urls': [SOURCE_URL], 'crl_max_age_hours': 48})
        self.folder = world.at('run', 'lists')
        self.server = Server()
        self.addCleanup(self.close_server)

    def install(self, rules):
        """A policy with these rules, a state of its own, and an empty folder of lists."""
        text = world.at('run', 'policy.json')
        with open(text, 'w', encoding='utf-8') as f:
            json.dump(settings.policy(world.at('pki'), now(), jpki=rules), f, ensure_ascii=False)
        ward_office.sign_policy(world.at('pki'), ('policy-signer', 'policy-second'), text, world.at('run', 'policy.cms'))
        ini = world.at('terminal', 'terminal.ini')
        with open(ini, encoding='utf-8') as f:
            lines = f.read().splitlines()
        state = tempfile.mkdtemp(dir=world.at('run'))
        new = {'bundle': world.at('run', 'policy.cms'), 'state_dir': state, 'crl_dir': world.at('run', 'lists')}
        lines = [f'{key}={new[key]}' if (key := line.partition('=')[0]) in new else line for line in lines]
        with open(ini, 'w', encoding='utf-8') as f:
            f.write('\n'.join(lines) + '\n')
        for name in os.listdir(world.at('run', 'lists')) if os.path.isdir(world.at('run', 'lists')) else ():
            os.unlink(world.at('run', 'lists', name))

    def close_server(self):
        if self.server:
            self.server.close()
        self.server = None

    def begin(self):
        start_service()
        self.addCleanup(world.stop, 'madoguchid')

    def list(self):
        """(number, state) of the one list; None while there is none."""
        lists = ctl('crl', 'list')[1]['lists']
        self.assertLessEqual(len(lists), 1)
        return (int(lists[0]['number'], 16), lists[0]['state']) if lists else None

    def source(self):
        source, = ctl('crl', 'list')[1]['sources']
        return source['state']

    def fetch(self):
        code, sources, said = ctl('crl', 'fetch')
        self.assertEqual(len(sources), 1, said)
        self.assertEqual(code, 0 if sources[0]['state'] == 'ok' else 1)
        return sources[0]['state']

    def log(self):
        return [(row['outcome'], row['detail']) for row in ctl('audit', 'list', '--limit', '1000')[1] if row['event'] == 'crl']

    def stamp(self):
        return proxy().get_cached_property('CrlStamp').unpack()

    def wait_for_list(self, condition, what):
        worlds.wait_until(lambda: condition(self.list()), what, 90)

    def test_fetched_by_itself_and_readable(self):
        self.server.answer = (200, make_list()[0])
        self.begin()
        self.wait_for_list(lambda entry: entry and entry[1] == 'ok', 'the first list')
        self.assertEqual(self.source(), 'ok')
        names = os.listdir(self.folder)
        self.assertEqual(len(names), 1)
        self.assertEqual(stat.S_IMODE(os.stat(os.path.join(self.folder, names[0])).st_mode), 0o644)
        self.assertEqual(stat.S_IMODE(os.stat(self.folder).st_mode), 0o755)
        before, (number, _) = self.stamp(), self.list()
        self.server.answer = (200, make_list()[0])
        self.assertEqual(self.fetch(), 'ok')
        self.assertEqual(self.list(), (number + 1, 'ok'))
        self.assertGreater(self.stamp(), before)
        self.assertEqual(self.log(), [], 'nothing was wrong')

    def test_refused_by_name_and_told_once(self):
        first, second = make_list()[0], make_list()[0]
        self.server.answer = (200, second)
        self.begin()
        self.wait_for_list(lambda entry: entry, 'the first list')
        good, stamp = self.list(), self.stamp()
        altered = bytearray(second)
        altered[-1] ^= 1
        with open(world.at('crl-stale', 'jpki-auth.crl'), 'rb') as f:
            stale = f.read()
        elsewhere = threading.Event()

        def redirect(handler):
            if handler.path != '/jpki-auth.crl':
                elsewhere.set()
            handler.send_response(302)
            handler.send_header('Location', f'http://127.0.0.1:{PORT}/other.crl')
            handler.send_header('Content-Length', '0')
            handler.end_headers()

        def endless(handler):
            handler.send_response(200)
            handler.end_headers()
            with contextlib.suppress(OSError):
                while True:
                    handler.wfile.write(bytes(1 << 20))
        rows = ((second, 'ok'), (first, 'number-back'), (b'<html>', 'unreadable'), (bytes(altered), 'foreign-signer'), (stale, 'stale'),
                (redirect, 'missing'), (endless, 'missing'))
        expected = []
        for what, state in rows:
            self.server.answer = (200, what) if isinstance(what, bytes) else what
            for _ in range(2):
                self.assertEqual(self.fetch(), state)
            self.assertEqual(self.list(), good)
            outcome = 'failed' if state == 'missing' else 'refused'
            if state != 'ok' and (outcome, f'cause={state} source=1') not in expected:
                expected.append((outcome, f'cause={state} source=1'))
        self.assertFalse(elsewhere.is_set(), 'followed a redirect')
        self.assertEqual(self.log(), expected)
        self.assertEqual(self.stamp(), stamp, 'nothing new lies there')
        self.server.answer = (200, make_list()[0])
        self.assertEqual(self.fetch(), 'ok')
        self.assertEqual(self.log(), expected + [('done', 'cause=valid source=1')])

    def test_slow_and_gone_and_back(self):
        self.server.answer = (200, make_list()[0])
        self.begin()
        self.wait_for_list(lambda entry: entry, 'the first list')
        good = self.list()
        over = threading.Event()

        def slow(handler):
            handler.send_response(200)
            handler.send_header('Content-Length', '10000')
            handler.end_headers()
            while not over.wait(0.5):
                handler.wfile.write(b'x')
        self.server.answer = slow
        self.assertEqual(self.fetch(), 'missing')
        over.set()
        self.close_server()
        self.assertEqual(self.fetch(), 'missing')
        self.assertEqual(self.list(), good)
        self.assertEqual(proxy().get_cached_property('Attention').unpack(), '', 'the list at hand will do')
        # a restart, and still nobody there
        world.stop('madoguchid')
        start_service()
        self.assertEqual(self.list(), good)
        self.server = Server()
        self.server.answer = (200, make_list()[0])
        self.assertEqual(self.fetch(), 'ok')
        self.assertEqual(self.list(), (good[0] + 1, 'ok'))

    def test_renewed_ahead_of_time(self):
        """A list for 100 seconds, of which half are gone: the next one is there before it ends, and nobody asked for it."""
        self.server.answer = (200, make_list(now() - datetime.timedelta(seconds=50), now() + datetime.timedelta(seconds=50))[0])
        self.begin()
        self.wait_for_list(lambda entry: entry, 'the first list')
        number, asked, ends = self.list()[0], self.server.asked, now() + datetime.timedelta(seconds=50)
        self.server.answer = (200, make_list(now() - datetime.timedelta(seconds=20))[0])
        self.wait_for_list(lambda entry: entry[0] == number + 1, 'the next list')
        self.assertLess(now(), ends, 'the first list had not ended')
        self.assertEqual(self.server.asked, asked + 1)

    def test_added_by_hand(self):
        self.close_server()
        first, second, third = make_list(), make_list(), make_list()
        self.begin()
        code, answer, _ = ctl('crl', 'add', file_of(second[1]))  # PEM
        self.assertEqual((code, answer['outcome']), (0, 'taken'))
        for data, outcome in ((second[0], 'same'), (first[0], 'number-back'), (b'x', 'unreadable')):
            code, answer, _ = ctl('crl', 'add', file_of(data))
            self.assertEqual((code, answer['outcome']), (0 if outcome == 'same' else 1, outcome))
        world.stop('madoguchid')
        start_service()
        self.assertEqual(ctl('crl', 'add', file_of(first[0]))[1]['outcome'], 'number-back')
        self.assertEqual(ctl('crl', 'add', file_of(third[0]))[1]['outcome'], 'taken')
        told = [detail for _, detail in self.log() if 'administrator' in detail]
        self.assertEqual(told, [f'cause={word} by=administrator' for word in
                                ('taken', 'same', 'number-back', 'unreadable', 'number-back', 'taken')])
        self.assertEqual(ctl('crl', 'add', world.at('run', 'nothing.crl'))[0], 5)

    def test_attention_before_the_age_is_reached(self):
        self.server.answer = (200, make_list(now() - 47.5 * HOUR, now() + 100 * HOUR)[0])
        self.begin()
        self.wait_for_list(lambda entry: entry and entry[1] == 'aging', 'the list')
        worlds.wait_until(lambda: 'can be used until' in proxy().get_cached_property('Attention').unpack(), 'a word about it')
        rows = ctl('doctor')[1]
        self.assertEqual([row['state'] for row in rows if row['check'] == 'revocation lists'], ['warning'])
        self.assertEqual(ctl('crl', 'list')[0], 1)

    def test_none_at_all(self):
        self.close_server()
        self.begin()
        worlds.wait_until(lambda: 'missing or too old' in proxy().get_cached_property('Attention').unpack(), 'a word about it')
        self.assertEqual(ctl('crl', 'list')[1]['lists'], [])


def main():
    global world
    with worlds.World() as world:
        result = unittest.main(argv=[sys.argv[0], '-v', *sys.argv[1:]], exit=False).result
    return 0 if result.wasSuccessful() else 1


worlds.main_guard(main)
