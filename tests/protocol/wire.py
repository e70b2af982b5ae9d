# SPDX-License-Identifier: Apache-2.0
"""What the tests of gateway, line and back office share: a running gateway, items to put, a client that can misbehave."""

import base64
import hashlib
import http.client
import json
import os
import secrets
import socket
import ssl
import subprocess
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), '..', 'world'))

import world  # noqa: E402
from mdworld import office  # noqa: E402

PORT = 8443
CONTAINER = 'application/vnd.etsi.asic-e+zip'
CHUNK = 1 << 14  # the smallest that is not the last


def new_intake():
    """A UUID of version 7."""
    stamp = int(time.time() * 1000)
    raw = bytearray(stamp.to_bytes(6, 'big') + secrets.token_bytes(10))
    raw[6] = 0x70 | raw[6] & 0x0F
    raw[8] = 0x80 | raw[8] & 0x3F
    text = raw.hex()
    return '-'.join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def receipt_number(count, serial=1):
    digits = f'{serial:03}{count:06}'
    total = 0
    for index, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if index % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return f'{digits[:3]}-{digits[3:]}-{-total % 10}'


def moment(seconds=0.0):
    """So many seconds from now, as manifests write it."""
    return time.strftime('%Y-%m-%dT%H:%M:%S.000Z', time.gmtime(time.time() + seconds))


def digest(body):
    return 'sha-256=:' + base64.b64encode(hashlib.sha256(body).digest()).decode() + ':'


class Ward:
    """A world with a gateway; use as `with`."""

    def __init__(self):
        self.world = world.World()
        self.count = 0
        self.scratch = self.at('run')

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.world.close()

    def at(self, *parts):
        return self.world.at(*parts)

    def settings(self, **more):
        """Adds lines to gateway.ini (before the gateway starts)."""
        with open(self.at('gateway', 'gateway.ini'), 'a', encoding='utf-8') as f:
            for name, value in more.items():
                f.write(f'{name}={value}\n')

    def start_gateway(self):
        process = self.world.start('gateway', [self.world.program('src', 'gateway', 'madoguchi-gateway'), '--config',
                                               self.at('gateway', 'gateway.ini')], env={'G_DEBUG': 'fatal-warnings'})
        world.wait_until(lambda: self.world.check('gateway') and world.is_bound(PORT), 'gateway')
        return process

    def stop_gateway(self, **how):
        return self.world.stop('gateway', **how)

    # --- Policies ---

    def sign_policy(self, policy, signers=('policy-signer', 'policy-second')):
        """Puts this JSON, signed, where the programs look for their policy."""
        path = self.at('policy', 'policy.cms')
        with open(path + '.json', 'w', encoding='utf-8') as f:
            json.dump(policy, f, ensure_ascii=False)
        office.sign_policy(self.at('pki'), signers, path + '.json', path + '.new')
        os.replace(path + '.new', path)

    def current_policy(self):
        """The last policy put there, as JSON; the world's own before any other was."""
        path = self.at('policy', 'policy.cms.json')
        with open(path if os.path.exists(path) else self.at('policy', 'policy.json'), encoding='utf-8') as f:
            return json.load(f)

    def install_policy(self, policy):
        """Puts a policy into force under the next version; returns its version and digest."""
        path = self.at('policy', 'policy.cms')
        policy['version'] = max(self.current_policy()['version'], policy['version']) + 1
        self.sign_policy(policy)
        with open(path, 'rb') as f:
            bundle = f.read()
        world.wait_until(lambda: self.request('GET', '/v1/policy')[2] == bundle, 'the policy is in force')
        with open(path + '.json', 'rb') as f:
            return policy['version'], hashlib.sha256(f.read()).hexdigest()

    def key_of(self, name):
        """What the policy pins of a certificate: SHA-256 of its public key."""
        pem = subprocess.run(['openssl', 'x509', '-in', self.at('pki', name + '.crt'), '-noout', '-pubkey'], check=True,
                             capture_output=True).stdout.decode()
        return hashlib.sha256(base64.b64decode(''.join(pem.splitlines()[1:-1]))).hexdigest()

    def without(self, officer, roles=None, card=None):
        """The policy in force as JSON, in which this officer is not named, or has these roles, or this certificate to sign."""
        policy = self.current_policy()
        if card:
            with open(self.at('pki', card + '.crt'), 'rb') as f:
                card = ''.join(f.read().decode().split('-----')[2].split())
        for person in policy['staff']:
            if person['id'] == officer:
                person['roles'] = roles or person['roles']
                person['certificates']['sign'] = card or person['certificates']['sign']
        if not roles and not card:
            policy['staff'] = [person for person in policy['staff'] if person['id'] != officer]
        return policy

    def another_card(self, officer, days):
        """Another signing certificate of this officer, for so many days from now (-1: over already); its name under pki/."""
        name = f'staff/{officer}-card-{secrets.token_hex(3)}'
        path = self.at('pki', name)
        with open(path + '.ext', 'w', encoding='ascii') as f:
            f.write('keyUsage=critical,digitalSignature,nonRepudiation\n')
        quiet = {'check': True, 'capture_output': True}
        subprocess.run(['openssl', 'req', '-new', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout',
                        path + '.key', '-out', path + '.csr', '-subj',
                        f'/C=JP/O=Aozora Ward (demonstration)/OU=Staff/CN={officer}/serialNumber={officer}'], **quiet)
        subprocess.run(['openssl', 'x509', '-req', '-in', path + '.csr', '-CA', self.at('pki', 'staff-ca.crt'), '-CAkey',
                        self.at('pki', 'staff-ca.key'), '-days', str(days), '-sha256', '-extfile', path + '.ext', '-out',
                        path + '.crt'], **quiet)
        return name

    # --- Items ---

    def nonce(self, **how):
        """A new nonce of the gateway, in base64."""
        return self.request('GET', '/healthz', **how)[1]['Madoguchi-Nonce']

    def make(self, what, **options):
        out = os.path.join(self.scratch, f'item-{secrets.token_hex(6)}')
        args = [self.world.program('tests', 'protocol', 'make-item'), '--world', self.world.path, '--out', out]
        for name, value in options.items():
            for one in value if isinstance(value, list) else [value]:
                args += ['--' + name.replace('_', '-'), str(one)]
        subprocess.run(args + [what], check=True)
        with open(out, 'rb') as f:
            return f.read()

    def text(self, name, content):
        path = os.path.join(self.scratch, f'{name}-{secrets.token_hex(6)}.json')
        with open(path, 'w', encoding='utf-8') as f:
            json.dump(content, f, ensure_ascii=False)
        return path

    def intake(self, intake, values=None, number='123456789018', evidence=None, procedure='pension.exemption', papers=None, **more):
        """The bytes of a container for a new intake id."""
        self.count += 1
        application = {'schema': 'madoguchi-application/1', 'intake': intake, 'procedure': procedure,
                       'procedure_version': '1', 'values': values or {'p.name': '窓口 試子'},
                       **({'papers': papers} if papers else {})}
        parts = {'application': self.text('application', application),
                 'evidence': self.text('evidence', evidence or {'schema': 'madoguchi-evidence/1', 'intake': intake})}
        if number:
            parts['number'] = self.text('number', {'schema': 'madoguchi-number/1', 'intake': intake,
                                                   'values': number if isinstance(number, dict) else {'p.mynum': number}})
        if evidence and 'named_salt' in evidence:
            more.setdefault('named_salt', evidence['named_salt'])
        if 'named_by' in more:
            more['named_by'] = self.text('named', {**application, 'values': more['named_by']})
        more.setdefault('receipt_number', receipt_number(self.count))
        if evidence and 'challenge' in evidence:
            more.setdefault('wall', evidence['challenge']['time'])
            more.setdefault('nonce', evidence['challenge']['nonce'])
            more.setdefault('nonce_state', evidence['challenge']['nonce_state'])
            more.setdefault('method', evidence['method'])
            more.setdefault('verdict', evidence['verdict'])
            more.setdefault('revocation', evidence['revocation']['source'])
        return self.make('intake', intake=intake, procedure=procedure, **parts, **more)

    def release(self, intake, hold=1, signer=None, **more):
        """release.json and its signature, made without a line of our C; of more, what is not as it should be."""
        with open(self.at('policy', 'policy.json'), 'rb') as f:
            policy = hashlib.sha256(f.read()).hexdigest()
        officer = more.get('officer', 'S0101')
        content = {'schema': 'madoguchi-release/1', 'hold': hold, 'intake': intake, 'raised': 'a' * 64, 'reason': 'b' * 64,
                   'officer': officer, 'role': 'supervisor', 'office': '139998', 'terminal': 'T001',
                   'policy_digest': policy, 'time': moment(60), 'policy_version': 1}
        text = json.dumps({**content, **more}, separators=(',', ':')).encode()
        name = self.at('pki', signer or f'staff/{officer}-sign')
        signature = subprocess.run(['openssl', 'cms', '-sign', '-binary', '-cades', '-md', 'sha256', '-outform', 'DER',
                                    '-signer', name + '.crt', '-inkey', name + '.key'], input=text, check=True,
                                   capture_output=True).stdout
        return text, signature

    def releases(self, *pairs):
        """The file that make-item takes them from."""
        path = os.path.join(self.scratch, f'releases-{secrets.token_hex(6)}')
        with open(path, 'w', encoding='ascii') as f:
            for pair in pairs:
                f.write(' '.join(base64.b64encode(part).decode() for part in pair) + '\n')
        return path

    def decision(self, container, *after, **more):
        """The body of a decision upon `container`, which follows the decisions with the bodies `after`."""
        more['after'] = []
        for body in after:
            more['after'].append(os.path.join(self.scratch, f'after-{secrets.token_hex(6)}'))
            with open(more['after'][-1], 'wb') as f:
                f.write(body)
        path = os.path.join(self.scratch, f'container-{secrets.token_hex(6)}')
        with open(path, 'wb') as f:
            f.write(container)
        return self.make('decision', container=path, **more)

    def forge(self, message, changes, signer, more=None, digest='sha256'):
        """Alters decision00N.json, repairs names and digests in the manifest and signs
        anew with another officer's key: what our own tools refuse to make."""
        decision = base64.b64decode(message['decision'])
        manifest = base64.b64decode(message['manifest'])
        content = json.loads(decision)
        made_as, place = content['n'], changes.get('n', content['n'])
        assert set(changes) <= set(content), changes
        content.update(changes, **(more or {}))
        altered = json.dumps(content, separators=(',', ':')).encode()
        old, new = (base64.b64encode(hashlib.sha256(d).digest()) for d in (decision, altered))
        assert old in manifest
        manifest = manifest.replace(old, new)
        for name in ('decision%03d.json', 'signature%03d.p7s'):
            assert (name % made_as).encode() in manifest
            manifest = manifest.replace((name % made_as).encode(), (name % place).encode())
        key = self.at('pki', 'staff', f'{signer}-sign')
        signature = subprocess.run(['openssl', 'cms', '-sign', '-binary', '-cades', '-md', digest, '-outform', 'DER',
                                    '-signer', key + '.crt', '-inkey', key + '.key'], input=manifest, check=True,
                                   capture_output=True).stdout
        return json.dumps({'decision': base64.b64encode(altered).decode(), 'manifest': base64.b64encode(manifest).decode(),
                           'signature': base64.b64encode(signature).decode()}).encode()

    # --- The client's side ---

    def context(self, name='terminal', ca='line-ca', version=None):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(self.at('pki', ca + '.crt'))
        if name:
            context.load_cert_chain(self.at('pki', name + '.crt'), self.at('pki', name + '.key'))
        if version:
            context.maximum_version = version
        return context

    def connect(self, **how):
        connection = http.client.HTTPSConnection('127.0.0.1', PORT, context=self.context(**how), timeout=90)
        connection.connect()
        # http.client sends head and body apart; without this each request waits 40 ms for an acknowledgement.
        connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection

    def request(self, method, path, body=None, headers=None, connection=None, **how):
        """One request on a connection of its own (or on `connection`). Returns (status, headers, body)."""
        own = connection or self.connect(**how)
        try:
            own.request(method, path, body=body, headers=headers or {})
            answer = own.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            if not connection:
                own.close()

    def put(self, path, body, content_type=CONTAINER, **how):
        headers = {'Content-Type': content_type, 'Content-Digest': digest(body)}
        headers.update(how.pop('headers', {}))
        return self.request('PUT', path, body, {k: v for k, v in headers.items() if v is not None}, **how)

    def put_intake(self, intake, body, **how):
        return self.put(f'/v1/intakes/{intake}', body, **how)

    def put_decision(self, intake, n, body, **how):
        return self.put(f'/v1/intakes/{intake}/decisions/{n}', body, content_type='application/json', **how)

    def upload(self, intake, body, offset=None, size=None, digest=None, headers=None, **how):
        """Asks where the upload of this container stands, or puts of it the chunk from `offset` on."""
        path = f'/v1/intakes/{intake}/uploads/{digest or hashlib.sha256(body).hexdigest()}'
        if offset is None:
            return self.request('GET', path, **how)
        piece = body[offset:offset + (size or CHUNK)]
        return self.put(f'{path}/{offset}', piece, 'application/octet-stream',
                        headers={'Upload-Length': str(len(body)), **(headers or {})}, **how)

    def finish(self, intake, body, digest=None, **how):
        return self.request('POST', f'/v1/intakes/{intake}/uploads/{digest or hashlib.sha256(body).hexdigest()}/finish', b'', **how)

    def raw(self, data, seconds=90.0, pause=0.0, **how):
        """Sends bytes as they are over TLS and returns whatever comes back until the end or the time is up."""
        with socket.create_connection(('127.0.0.1', PORT), seconds) as plain:
            with self.context(**how).wrap_socket(plain, server_hostname='127.0.0.1') as line:
                got = b''
                try:
                    if pause:
                        for byte in data:
                            line.sendall(bytes((byte,)))
                            time.sleep(pause)
                    else:
                        line.sendall(data)
                    while True:
                        more = line.recv(65536)
                        if not more:
                            break
                        got += more
                except (ConnectionError, ssl.SSLError, TimeoutError):
                    pass
                return got

    # --- The other end ---

    def open_receipt(self, cms, signer='receipt'):
        """OpenSSL as the independent judge of a receipt. Returns its JSON."""
        run = subprocess.run(['openssl', 'cms', '-verify', '-inform', 'DER', '-binary', '-CAfile',
                              self.at('pki', signer + '.crt'), '-partial_chain', '-purpose', 'any'], input=cms,
                             capture_output=True)
        if run.returncode != 0:
            raise AssertionError(run.stderr.decode())
        return json.loads(run.stdout)

    def metrics(self):
        status, _, body = self.request('GET', '/metrics')
        assert status == 200, status
        return {name: int(value) for name, value in
                (line.rsplit(' ', 1) for line in body.decode().splitlines() if not line.startswith('#'))}


def broken_record(db):
    """The first record of the audit chain that does not fit, or None: a verifier that shares nothing with ours."""
    previous, number = bytes(32), 0
    for row in db.execute('SELECT seq, processed_at, staff_id, staff_name, section_code, office_code, terminal_id, event, outcome,'
                          ' reason_code, reason_text, subject_no, object_id, object_digest, detail, peer_time, prev_hash, hash'
                          ' FROM audit ORDER BY seq'):
        number += 1
        text = b'madoguchi audit record v1\0' + row[0].to_bytes(8, 'big')
        for column in row[1:16]:
            data = column.encode()
            text += len(data).to_bytes(4, 'big') + data
        if row[0] != number or row[16] != previous or row[17] != hashlib.sha256(text + previous).digest():
            return row[0]
        previous = row[17]
    return None if number else 0


def problem(answer):
    """The code of a problem document, after holding it to its form."""
    status, headers, body = answer
    assert headers['Content-Type'] == 'application/problem+json', headers['Content-Type']
    content = json.loads(body)
    assert content['status'] == status and content['type'] == 'urn:madoguchi:problem:' + content['code'], content
    return status, content['code']
