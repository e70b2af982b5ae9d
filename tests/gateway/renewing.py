# SPDX-License-Identifier: Apache-2.0
"""Requests for certificates of new keys, and the line's authority that signs them: openssl, as an office would use it."""

import hashlib
import os
import subprocess

import world

ward = None  # whoever uses this sets it

TYPE = {'Content-Type': 'application/pkcs10'}
URI = 'URI:urn:madoguchi:office:{}:terminal:{}'
P256 = ('ec', '-pkeyopt', 'ec_paramgen_curve:P-256')
CLIENT = 'keyUsage=critical,digitalSignature\nextendedKeyUsage=clientAuth\n'
QUIET = {'check': True, 'capture_output': True}


def path(name, kind):
    return ward.at('pki', f'{name}.{kind}')


def ask_openssl(*args, **how):
    return subprocess.run(('openssl', *args), **{**QUIET, **how}).stdout


def request(name, terminal='T001', office='139998', key=P256, names=None, digest='-sha256'):
    """A new key and a request with it, both under pki/; returns the request in DER."""
    names = names if names is not None else [URI.format(office, terminal)]
    more = ['-addext', 'subjectAltName=' + ','.join(names)] if names else []
    ask_openssl('req', '-new', '-newkey', *key, '-nodes', '-keyout', path(name, 'key'), '-subj', '/CN=' + terminal,
                '-outform', 'DER', '-out', path(name, 'csr'), *([digest] if digest else []), *more)
    with open(path(name, 'csr'), 'rb') as f:
        return f.read()


def sign(name, ca='line-ca', extensions=CLIENT, days=365, more=None):
    """What the line's authority makes of a request; its key is nowhere near the gateway."""
    with open(path(name, 'ext'), 'w', encoding='ascii') as f:
        f.write(extensions + (f'subjectAltName={more}\n' if more else ''))
    ask_openssl('x509', '-req', '-inform', 'DER', '-in', path(name, 'csr'), '-CA', path(ca, 'crt'), '-CAkey', path(ca, 'key'),
                '-days', str(days), '-sha256', '-extfile', path(name, 'ext'), '-out', path(name, 'crt'),
                *([] if more else ['-copy_extensions', 'copy']))


def key_in(request_der):
    public = ask_openssl('req', '-inform', 'DER', '-pubkey', '-noout', input=request_der)
    return hashlib.sha256(ask_openssl('pkey', '-pubin', '-outform', 'DER', input=public)).hexdigest()


def ask(body, **how):
    return ward.request('POST', '/v1/renewal', body, {**TYPE, **how.pop('headers', {})}, **how)


def run(*args):
    """One of the administrator's verbs, beside the gateway that serves."""
    done = subprocess.run([ward.world.program('src', 'gateway', 'madoguchi-gateway'), '--config', ward.at('gateway', 'gateway.ini'),
                           *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    return done.returncode, done.stdout, done.stderr


def listed():
    """Terminal, state and whether the policy lists it, by key."""
    code, text, words = run('requests')
    assert code == 0, words
    return {line.split('\t')[5]: tuple(line.split('\t')[1:4]) for line in text.splitlines()}


def install_keys(*keys):
    """A policy that lists these keys of T001."""
    policy = ward.current_policy()
    policy['version'] += 1
    policy['terminals'][0]['keys'] = list(keys)
    ward.sign_policy(policy)
    world.wait_until(lambda: f'policy version {policy["version"]} is in force' in ward.world.log_of('gateway'), 'the policy')


def decline_all():
    for key, (_, state, _) in listed().items():
        if state == 'open':
            assert run('decline', key)[0] == 0


def issue(name, start, end, terminal='T001', office='139998'):
    """A terminal's certificate of the line's CA with other dates, by `openssl ca`."""
    folder = ward.at('run', name)
    os.makedirs(folder)
    out = ward.at('pki', name)
    with open(os.path.join(folder, 'conf'), 'w') as f:
        f.write(f'[ca]\ndefault_ca=c\n[c]\ndatabase={folder}/index\nnew_certs_dir={folder}\nserial={folder}/serial\n'
                'default_md=sha256\npolicy=p\nunique_subject=no\nx509_extensions=e\n[p]\ncommonName=supplied\n'
                '[e]\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=clientAuth\n'
                f'subjectAltName=URI:urn:madoguchi:office:{office}:terminal:{terminal}\n')
    open(os.path.join(folder, 'index'), 'w').close()
    with open(os.path.join(folder, 'serial'), 'w') as f:
        f.write('4000\n')
    quiet = {'check': True, 'capture_output': True}
    subprocess.run(['openssl', 'req', '-new', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes',
                    '-keyout', out + '.key', '-out', folder + '/csr', '-subj', '/CN=' + terminal], **quiet)
    subprocess.run(['openssl', 'ca', '-batch', '-notext', '-config', folder + '/conf', '-cert',
                    ward.at('pki', 'line-ca.crt'), '-keyfile', ward.at('pki', 'line-ca.key'), '-startdate', start,
                    '-enddate', end, '-in', folder + '/csr', '-out', out + '.crt'], **quiet)
