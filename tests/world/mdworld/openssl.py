# SPDX-License-Identifier: Apache-2.0
"""Thin hands on the openssl command: keys, certificates, and the RSA arithmetic of the card's own records."""

import base64
import concurrent.futures
import hashlib
import os
import shutil
import subprocess

from . import der

CONFIG = '''
[req]
distinguished_name=dn
prompt=no
string_mask=nombstr
[dn]
[ca]
default_ca=here
[here]
database={db}/index.txt
serial={db}/serial
crlnumber={db}/crlnumber
new_certs_dir={db}/issued
default_md=sha256
string_mask=nombstr
policy=any
unique_subject=no
copy_extensions=none
default_crl_days=7
[any]
countryName=optional
organizationName=optional
organizationalUnitName=optional
localityName=optional
commonName=optional
[ext]
{ext}
'''


def run(*args, stdin=None):
    """Runs openssl, returns its output; raises with its complaint."""
    done = subprocess.run(['openssl', *args], input=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if done.returncode != 0:
        raise RuntimeError('openssl ' + ' '.join(args) + '\n' + done.stderr.decode(errors='replace'))
    return done.stdout


def write(path, data):
    """Every file of the world is private to its owner: most hold keys, and the others lose nothing by it."""
    if isinstance(data, str):
        data = data.encode()
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'wb', opener=lambda p, flags: os.open(p, flags, 0o600)) as f:
        f.write(data)
    return path


def config(scratch, ext, db='.'):
    """Writes a one-use configuration and returns its path; ext is {extension: value}."""
    lines = '\n'.join(f'{k}={v}' for k, v in ext.items())
    key = hashlib.sha256((db + lines).encode()).hexdigest()[:24]
    path = os.path.join(scratch, key + '.cnf')
    if not os.path.exists(path):
        write(path, CONFIG.format(db=db, ext=lines))
    return path


def pem_to_der(pem):
    if isinstance(pem, bytes):
        pem = pem.decode()
    lines, inside = [], False
    for line in pem.splitlines():
        if line.startswith('-----BEGIN'):
            inside = True
        elif line.startswith('-----END'):
            break
        elif inside:
            lines.append(line)
    return base64.b64decode(''.join(lines))


def cert_der(path):
    with open(path) as f:
        return pem_to_der(f.read())


def spki_sha256(path):
    """What the policy pins of a certificate: the digest of its public key."""
    return hashlib.sha256(pem_to_der(run('x509', '-in', path, '-noout', '-pubkey'))).hexdigest()


class KeyPool:
    """Generates keys on all processors while the rest of the world is being written."""

    def __init__(self):
        self._executor = concurrent.futures.ThreadPoolExecutor(max_workers=os.cpu_count() or 1)
        self._jobs, self._shared = {}, {}

    def want(self, *paths):
        for path in paths:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            self._jobs[path] = self._executor.submit(
                run, 'genpkey', '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048', '-out', path)

    def want_p384(self, *paths):
        for path in paths:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            self._jobs[path] = self._executor.submit(
                run, 'genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-384', '-out', path)

    def share(self, path, other):
        """PATH will hold the same key as OTHER: where nothing depends on there being two."""
        self._shared[path] = other

    def get(self, path):
        """Waits for the key at this path and returns the path."""
        if path in self._shared:
            shutil.copy(self.get(self._shared[path]), path)
        else:
            self._jobs[path].result()
        os.chmod(path, 0o600)
        return path

    def close(self):
        for path in [*self._jobs, *self._shared]:
            self.get(path)
        self._executor.shutdown()


class RsaKey:
    """An RSA private key as numbers, for blocks that no signature command makes."""

    def __init__(self, path):
        with open(path) as f:
            pkcs8 = der.children(der.read_tlv(pem_to_der(f.read()))[1])
        numbers = [int.from_bytes(v, 'big') for _, v in der.children(der.read_tlv(pkcs8[2][1])[1])]
        _, self.n, self.e, _, self._p, self._q, self._dp, self._dq, self._qinv = numbers[:9]

    def sign_block(self, payload):
        """PKCS#1 v1.5 type-1 padding around the payload, whatever it is."""
        block = b'\x00\x01' + b'\xff' * (253 - len(payload)) + b'\x00' + payload
        m = int.from_bytes(block, 'big')
        a, b = pow(m % self._p, self._dp, self._p), pow(m % self._q, self._dq, self._q)
        return (b + (self._qinv * (a - b) % self._p) * self._q).to_bytes(256, 'big')

    def sign_sha256(self, data):
        info = der.seq(der.seq(der.oid('2.16.840.1.101.3.4.2.1'), b'\x05\x00'),
                       der.tlv(0x04, hashlib.sha256(data).digest()))
        return self.sign_block(info)

    def sign_digests(self, digests):
        """Several SHA-256 digests side by side in one DigestInfo, as the card's face has them."""
        info = der.seq(der.seq(der.oid('2.16.840.1.101.3.4.2.1'), b'\x05\x00'), der.tlv(0x04, b''.join(digests)))
        return self.sign_block(info)

    def card_public(self):
        """The public half as the card stores it: 90 03 exponent, 91 82 0100 modulus (265 bytes)."""
        return b'\x90\x03' + self.e.to_bytes(3, 'big') + b'\x91\x82\x01\x00' + self.n.to_bytes(256, 'big')


def ec_certificate(scratch, out, subject, ext, days=825, ca=None, key=None):
    """A P-256 key (that of another one with key) and its certificate (self-signed without ca) in one go: out.key, out.crt."""
    os.makedirs(os.path.dirname(out), exist_ok=True)
    made = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', out + '.key']
    args = ['req', '-x509', '-sha256', '-out', out + '.crt', '-subj', subject, '-days', str(days),
            '-config', config(scratch, ext), '-extensions', 'ext', *(['-key', key + '.key'] if key else made)]
    if key:
        shutil.copyfile(key + '.key', out + '.key')
    if ca:
        args += ['-CA', ca + '.crt', '-CAkey', ca + '.key']
    run(*args)
    os.chmod(out + '.key', 0o600)
    return out + '.crt'
