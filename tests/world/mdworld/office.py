# SPDX-License-Identifier: Apache-2.0
"""The office's own PKI (all ECDSA P-256): line, receipts, policy signer, staff cards, the back office's opening keys."""

import os

from .openssl import ec_certificate, run

ROOT = {'basicConstraints': 'critical,CA:TRUE', 'keyUsage': 'critical,keyCertSign,cRLSign',
        'subjectKeyIdentifier': 'hash'}
LEAF = {'basicConstraints': 'critical,CA:FALSE', 'authorityKeyIdentifier': 'keyid', 'subjectKeyIdentifier': 'hash'}
BASE = '/C=JP/O=Aozora Ward (demonstration)/OU='


def leaf(usage, **more):
    return {**LEAF, 'keyUsage': 'critical,' + usage, **more}


def terminal_uri(office, terminal):
    return f'urn:madoguchi:office:{office}:terminal:{terminal}'


def make_line(scratch, pki, office, terminal):
    """Line CA, the terminal (T001), an unregistered terminal (T999), the gateway; a stranger's line CA."""
    ca = os.path.join(pki, 'line-ca')
    ec_certificate(scratch, ca, BASE + 'Line CA', ROOT, 3650)
    stranger = os.path.join(pki, 'stranger-line-ca')
    ec_certificate(scratch, stranger, BASE + 'Line CA', ROOT, 3650)
    client = 'clientAuth'
    for name, ident, issuer in (('terminal', terminal, ca), ('terminal-unregistered', 'T999', ca),
                                ('terminal-stranger', terminal, stranger)):
        ext = leaf('digitalSignature', extendedKeyUsage=client, subjectAltName='URI:' + terminal_uri(office, ident))
        ec_certificate(scratch, os.path.join(pki, name), BASE + f'Terminals/CN={ident}', ext, ca=issuer)
    for name, issuer in (('gateway', ca), ('gateway-stranger', stranger)):
        ext = leaf('digitalSignature', extendedKeyUsage='serverAuth', subjectAltName='DNS:localhost,IP:127.0.0.1')
        ec_certificate(scratch, os.path.join(pki, name), BASE + 'Gateway/CN=localhost', ext, ca=issuer)
    ec_certificate(scratch, os.path.join(pki, 'receipt'), BASE + 'Gateway/CN=receipt signer',
                   leaf('digitalSignature,nonRepudiation'), ca=ca)


def make_policy_signers(scratch, pki):
    for prefix in ('policy', 'stranger-policy'):
        root = os.path.join(pki, prefix + '-root')
        ec_certificate(scratch, root, BASE + 'Policy/CN=policy root', ROOT, 3650)
        # The first signer as two people too: renewed, with another key, and by another name, with the same key.
        for name, text in (('signer', 'policy signer'), ('second', 'second policy signer'), ('renewed', 'policy signer'),
                           ('renamed', 'third policy signer')):
            ec_certificate(scratch, os.path.join(pki, prefix + '-' + name), BASE + 'Policy/CN=' + text,
                           leaf('digitalSignature,nonRepudiation', extendedKeyUsage='emailProtection'), ca=root,
                           key=os.path.join(pki, prefix + '-signer') if name == 'renamed' else None)


def make_opening_keys(scratch, pki):
    for name, text in (('business', 'business system'), ('vault', 'number vault')):
        ec_certificate(scratch, os.path.join(pki, name), BASE + f'Back office/CN={text}', leaf('keyAgreement'))
    ec_certificate(scratch, os.path.join(pki, 'notice'), BASE + 'Back office/CN=notice signer',
                   leaf('digitalSignature,nonRepudiation'))


# Which certificate lies in which slot of a staff card: name of the file, PIV slot, key usage.
# "auth" proves the card at login and asks no PIN; "pin" is PIV's own authentication key, which the terminal does not use.
SLOTS = (('auth', '9e', 'digitalSignature'), ('sign', '9c', 'digitalSignature,nonRepudiation'),
         ('km', '9d', 'keyAgreement'), ('pin', '9a', 'digitalSignature'))


def make_staff(scratch, pki, officers):
    ca = os.path.join(pki, 'staff-ca')
    ec_certificate(scratch, ca, BASE + 'Staff CA', ROOT, 3650)
    for officer in officers:
        for name, _, usage in SLOTS:
            ec_certificate(scratch, os.path.join(pki, 'staff', f'{officer.id}-{name}'),
                           BASE + f'Staff/CN={officer.id}/serialNumber={officer.id}', leaf(usage), ca=ca)


def sign_policy(pki, signers, text_path, out):
    """CMS SignedData, attached, DER, with each signer's certificate inside and ESS signing-certificate-v2."""
    words = []
    for signer in signers:
        words += ['-signer', os.path.join(pki, signer + '.crt'), '-inkey', os.path.join(pki, signer + '.key')]
    run('cms', '-sign', '-nodetach', '-binary', '-cades', '-md', 'sha256', '-outform', 'DER', '-in', text_path, *words,
        '-out', out)
