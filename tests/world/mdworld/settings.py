# SPDX-License-Identifier: Apache-2.0
"""The signed policy, the programs' ini files, and world.json for test drivers."""

import base64
import datetime
import json
import os
import secrets

from . import day, jpki, office
from .openssl import cert_der, spki_sha256, write
from .people import OFFICE, PEOPLE, STAFF

TERMINAL = 'T001'
OFFICE_NAME = {'ja': 'あおぞら区', 'en': 'Aozora Ward'}
COUNTER = {'ja': '1番窓口', 'en': 'Counter 1'}
GATEWAY_PORT = 8443
READERS = {'resident': ('Virtual PCD 00 00', 35963), 'staff': ('Virtual PCD 00 01', 35964)}
FORMS = os.path.join(os.path.dirname(__file__), '..', '..', '..', 'data', 'forms', 'procedures')
# What the person takes home at once waits for no check.
AT_ONCE = ('lem.certificate',)
# Where the signature certificate may be used, too.
BY_SIGNATURE = ('pension.exemption',)
# What may also come by post, with copies of the documents.
BY_POST = ('pension.exemption',)
# By what a person may be identified, from the highest assurance to the lowest; the lower end is the procedure's.
METHODS = {'card-key': ('jpki-auth',), 'card-face': ('card-face',), 'photo-document': ('photo-document', 'notice-card'),
           'two-documents': ('two-documents',)}
# Where nobody is identified: what institutions and sections hand in, what the office does of itself, what anybody asks.
NOBODY = {'identification': ['none'], 'assurance': 'none', 'allow_deferred': False}
DEFAULTS = os.path.join(os.path.dirname(__file__), '..', '..', '..', 'data', 'policy')


def time(moment):
    return moment.astimezone(datetime.timezone.utc).strftime('%Y-%m-%dT%H:%M:%S.000Z')


def moment(text):
    """What time() wrote."""
    return datetime.datetime.fromisoformat(text.replace('Z', '+00:00'))


def certificate(pki, name):
    return base64.b64encode(cert_der(os.path.join(pki, name + '.crt'))).decode()


CARD_AUTHORITIES = (('9000033', 'text-ca'), ('9000023', 'visual-ca'))


def card_authority(pki, ident, name):
    with open(os.path.join(pki, 'cv', name + '.spki'), 'rb') as f:
        return {'id': ident, 'key': base64.b64encode(f.read()).decode()}


def forms():
    """The procedures as they are shipped."""
    for name in sorted(os.listdir(FORMS)):
        with open(os.path.join(FORMS, name), encoding='utf-8') as f:
            form = json.load(f)
        if '@' not in name:
            yield form


def policy(pki, now, **changes):
    """The demonstration ward's policy; changes replace whole members."""
    def cert(name):
        return certificate(pki, name)

    def default(name):
        with open(os.path.join(DEFAULTS, name + '.json'), encoding='utf-8') as f:
            return json.load(f)

    def rules(form):
        minimum = form.get('assurance', 'card-key')
        approval = form.get('approval', {})
        two = {'approvers': approval['roles'], 'checks': 2} if approval.get('checks') == 2 else {}
        roles = {'clerks': ['clerk-number', 'clerk', 'branch'], 'approvers': ['supervisor'], **two}
        if minimum == 'none':
            return {**roles, **NOBODY}
        levels = list(METHODS)
        methods = [m for level in levels[:levels.index(minimum) + 1] for m in METHODS[level]]
        signature = ['jpki-sign'] if form['id'] in BY_SIGNATURE else []
        posted = ['posted-copies'] if form['id'] in BY_POST else []
        return {**roles, 'identification': methods + signature + posted, 'assurance': minimum,
                'allow_deferred': form['id'] not in AT_ONCE}

    result = {
        'schema': 'madoguchi-policy/1', 'version': 1, 'issued': time(now - datetime.timedelta(days=1)),
        'not_after': time(now + datetime.timedelta(days=364)), 'environment': 'test',
        'office': {'code': OFFICE, 'name': OFFICE_NAME},
        'terminals': [{'id': TERMINAL, 'serial': 1, 'counter': COUNTER, 'receipt_pool': {'from': 1, 'to': 99999},
                       'keys': [spki_sha256(os.path.join(pki, 'terminal.crt'))]}],
        'staff': [{'id': o.id, 'name': {'ja': o.name_ja, 'en': o.name_en},
                   'department': {'ja': o.department_ja, 'en': o.department_en}, 'roles': o.roles,
                   'certificates': {n: cert(f'staff/{o.id}-{n}') for n in ('auth', 'sign', 'km')}}
                  for o in STAFF],
        'recipients': {'business': cert('business'), 'vault': cert('vault')},
        'trust': {'jpki_auth': [cert('jpki-auth-ca'), cert('jpki-auth-p384-ca')],
                  'jpki_sign': [cert('jpki-sign-ca'), cert('jpki-sign-p384-ca')],
                  'staff': [cert('staff-ca')], 'receipt': [cert('receipt')], 'notice': [cert('notice')],
                  'card': [card_authority(pki, id, name) for id, name in CARD_AUTHORITIES]},
        'jpki': {'issuer_organizations': [jpki.ORGANISATION],
                 'policy_oids': {line: [oid] for line, oid in jpki.POLICY.items()},
                 'algorithms': {'keys': ['rsa-2048', 'ecdsa-p384'], 'hashes': ['sha256', 'sha384']},
                 'ocsp_allowed': list(jpki.OCSP.values()), 'ocsp_timeout_s': 30, 'ocsp_max_age_hours': 24, 'crl_max_age_hours': 48},
        'visibility': default('visibility'), 'documents': default('documents'),
        'holds': default('holds'),
        'procedures': {form['id']: rules(form) for form in forms()},
        'limits': {'container_bytes': 16777216, 'unsent': 10000, 'receipts_low': 100},
        'session': {'idle_lock_s': 300, 'max_hours': 10, 'reveal_s': 20}}
    result.update(changes)
    return result


def write_policies(world, pki, now):
    """policy.json/.cms, and every way a bundle can be wrong, each under its own name."""
    tomorrow = now + datetime.timedelta(days=1)
    procedures = policy(pki, now)['procedures']
    # What one officer decides elsewhere, two have to agree on here.
    by_two = {**procedures, 'pension.exemption': {**procedures['pension.exemption'], 'checks': 2,
                                                  'approvers': ['checker', 'supervisor']}}
    by_service = {**policy(pki, now)['jpki'], 'ocsp_url': 'http://127.0.0.1:8888/'}
    by_line = {**policy(pki, now)['jpki'], 'ocsp_url': '/v1/ocsp', 'crl_urls': ['/v1/crls/jpki-auth.crl']}
    by_readers = [{**terminal, 'readers': ['Virtual PCD 00 01']} for terminal in policy(pki, now)['terminals']]
    both = 'policy-signer', 'policy-second'
    variants = {'policy': ({}, *both),
                'policy-line': ({'version': 3, 'jpki': by_line}, *both),
                'policy-service': ({'version': 2, 'jpki': by_service}, *both),
                'policy-idle': ({'version': 2, 'session': {'idle_lock_s': 10, 'max_hours': 10, 'reveal_s': 20}}, *both),
                'policy-patient': ({'version': 3, 'session': {**policy(pki, now)['session'], 'card_away_s': 300}}, *both),
                'policy-hasty': ({'version': 4, 'session': {**policy(pki, now)['session'], 'card_away_s': 2}}, *both),
                'policy-readers': ({'version': 2, 'terminals': by_readers}, *both),
                'policy-two-officers': ({'version': 2, 'procedures': by_two}, *both),
                'policy-v2': ({'version': 2}, *both),
                'policy-expired': ({'not_after': time(now - datetime.timedelta(hours=1))}, *both),
                'policy-production': ({'environment': 'production', 'version': 3}, *both),
                'policy-foreign': ({'office': {'code': '131016', 'name': OFFICE_NAME}}, *both),
                'policy-one': ({'version': 2}, 'policy-signer'),
                'policy-renewed': ({'version': 2}, 'policy-signer', 'policy-renewed'),
                'policy-renamed': ({'version': 2}, 'policy-signer', 'policy-renamed'),
                'policy-half': ({'version': 2}, 'policy-signer', 'stranger-policy-second'),
                'policy-stranger': ({'not_after': time(tomorrow)}, 'stranger-policy-signer', 'stranger-policy-second')}
    for name, (changes, *signers) in variants.items():
        text = json.dumps(policy(pki, now, **changes), ensure_ascii=False, indent=1)
        path = write(os.path.join(world, 'policy', name + '.json'), text + '\n')
        office.sign_policy(pki, signers, path, os.path.join(world, 'policy', name + '.cms'))


def ini(sections):
    return '\n'.join(f'[{name}]\n' + ''.join(f'{k}={v}\n' for k, v in keys.items())
                     for name, keys in sections.items())


def write_settings(world, forms_dir):
    def at(*parts):
        return os.path.join(world, *parts)

    def pair(prefix, name):
        return {f'{prefix}certificate': at('pki', name + '.crt'), f'{prefix}key': at('pki', name + '.key')}

    bundle, anchor = at('policy', 'policy.cms'), at('pki', 'policy-root.crt')
    files = {
        'terminal': {
            'terminal': {'id': TERMINAL, 'office': OFFICE, 'counter': COUNTER['ja'],
                         'state_dir': at('terminal', 'state'), 'forms_dir': forms_dir, 'environment': 'test',
                         'reserve_mib': 1},
            'policy': {'bundle': bundle, 'anchor': anchor},
            'line': {'url': f'https://127.0.0.1:{GATEWAY_PORT}', 'ca': at('pki', 'line-ca.crt'),
                     **pair('', 'terminal'), 'receipt_anchor': at('pki', 'receipt.crt')},
            'card': {'resident_reader': READERS['resident'][0], 'staff_reader': READERS['staff'][0]},
            'revocation': {'crl_dir': at('crl')}},
        'gateway': {
            'gateway': {'listen': '127.0.0.1', 'port': GATEWAY_PORT, 'ca': at('pki', 'line-ca.crt'),
                        **pair('', 'gateway'), **pair('receipt_', 'receipt'),
                        'ledger': 'sqlite:' + at('gateway', 'ledger.db'), 'policy': bundle, 'anchor': anchor}},
        'backoffice': {
            'confirmation': {'key': at('backoffice', 'confirmation.key')},
            'notice': pair('', 'notice'),
            'backoffice': {'ledger': 'sqlite:' + at('gateway', 'ledger.db'), 'policy': bundle, 'anchor': anchor,
                           **pair('business_', 'business'), **pair('vault_', 'vault'),
                           'staff_ca': at('pki', 'staff-ca.crt'), 'crl_dir': at('crl'), 'forms_dir': forms_dir}}}
    write(at('backoffice', 'confirmation.key'), secrets.token_hex(32) + '\n')
    for name, sections in files.items():
        write(at(name, name + '.ini'), ini(sections))
    os.makedirs(at('terminal', 'state'), mode=0o700)
    os.makedirs(at('run'), mode=0o700)


def resident(world, person, card_expiry):
    return {'card': os.path.join(world, 'cards', person.id), 'name': person.name, 'kana': person.kana,
            'number': person.number, 'birth': person.birth.isoformat(), 'sex': person.sex, 'address': person.address,
            'note': person.reason,
            'pins': {'auth': person.auth_pin, 'text': person.text_pin, 'sign': person.sign_pin,
                     'juki': person.juki_pin},
            'reference_a': person.number,
            'reference_b': person.reference_b(card_expiry)}


def write_world(world, now):
    """Everything a test driver needs to know and nobody else may: PINs, passwords, paths."""
    def at(*parts):
        return os.path.join(world, *parts)

    content = {
        'schema': 'madoguchi-world/1', 'made': time(now), 'office': OFFICE, 'terminal': TERMINAL,
        'people': {p.id: resident(world, p, jpki.validity(p, day.at_the_counter(now))[2]) for p in PEOPLE},
        'staff': {o.id: {'card': at('cards', 'staff-' + o.id), 'name': {'ja': o.name_ja, 'en': o.name_en},
                         'roles': o.roles, 'password': o.password, 'pin': o.pin} for o in STAFF},
        'readers': {role: {'name': name, 'port': port, 'control': at('run', f'vcard-{role}.sock')}
                    for role, (name, port) in READERS.items()},
        'ocsp': {line: {'url': jpki.OCSP[line], 'index': at('pki', 'db', f'jpki-{line}-ca', 'index.txt'),
                        'ca': at('pki', f'jpki-{line}-ca.crt'), 'certificate': at('pki', name + '.crt'),
                        'key': at('pki', name + '.key')}
                 for line, name in jpki.RESPONDER.items()},
        'gateway': {'url': f'https://127.0.0.1:{GATEWAY_PORT}'},
        'settings': {name: at(name, name + '.ini') for name in ('terminal', 'gateway', 'backoffice')}}
    write(at('world.json'), json.dumps(content, ensure_ascii=False, indent=1) + '\n')
