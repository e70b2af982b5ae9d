#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Holds data/protocol/openapi.yaml against the code: test-openapi.py OPENAPI TEST-PROBLEM-PROGRAM.

The program prints the tables that both ends of the wire are compiled with; whatever stands on one side only, or differs,
fails."""

import re
import subprocess
import sys

import yaml


def from_code(program):
    facts = set()
    for line in subprocess.run([program, '--print-wire'], check=True, capture_output=True, text=True).stdout.splitlines():
        facts.add(tuple(line.split(' ')))
    return facts


def resolve(spec, node):
    while '$ref' in node:
        target = spec
        for step in node['$ref'].removeprefix('#/').split('/'):
            target = target[step]
        node = target
    return node


def operations(spec):
    for path, item in spec['paths'].items():
        for method, operation in item.items():
            yield path, method.upper(), operation


def routes(spec):
    return {('route', method, path) for path, method, operation in operations(spec) if operation['x-status'] == 'now'}


def problems(spec):
    codes = spec['components']['schemas']['Problem']['properties']['code']['x-codes']
    return {('problem', name, str(status), blame) for name, (status, blame) in codes.items()}


def limits(spec):
    return {('limit', name, str(value)) for name, value in spec['x-limits'].items()}


def types(spec):
    put = spec['paths']['/v1/intakes/{id}']['put']
    decision = spec['paths']['/v1/intakes/{id}/decisions/{n}']['put']
    policy = spec['paths']['/v1/policy']['get']
    ocsp = spec['paths']['/v1/ocsp']['post']
    only = {'container': put['requestBody']['content'], 'decision': decision['requestBody']['content'],
            'receipt': resolve(spec, put['responses']['201'])['content'], 'policy': policy['responses']['200']['content'],
            'problem': resolve(spec, put['responses']['400'])['content'],
            'ocsp-request': ocsp['requestBody']['content'], 'ocsp-response': ocsp['responses']['200']['content'],
            'numbers': spec['paths']['/v1/numbers']['post']['requestBody']['content'],
            'renewal': spec['paths']['/v1/renewal']['post']['requestBody']['content'],
            'certificate': spec['paths']['/v1/renewal']['post']['responses']['200']['content'],
            'letter': spec['paths']['/v1/letters/{number}']['get']['responses']['200']['content'],
            'chunk': spec['paths']['/v1/intakes/{id}/uploads/{digest}/{offset}']['put']['requestBody']['content'],
            'upload': resolve(spec, spec['paths']['/v1/intakes/{id}/uploads/{digest}']['get']['responses']['200'])['content'],
            'inbox': spec['paths']['/v1/offices/{office}/inbox']['get']['responses']['200']['content'],
            'crl': spec['paths']['/v1/crls/{name}']['get']['responses']['200']['content']}
    return {('type', name, media) for name, content in only.items() for media in content}


def headers(spec):
    nonce, = spec['components']['headers']
    chunk = spec['paths']['/v1/intakes/{id}/uploads/{digest}/{offset}']['put']['parameters']
    policy = spec['paths']['/v1/policy']['get']['parameters']
    refused, = [parameter['name'] for parameter in policy if parameter['name'] != 'If-None-Match']
    length, = [parameter['name'] for parameter in chunk if parameter.get('in') == 'header']
    return {('header', 'digest', spec['components']['parameters']['ContentDigest']['name']), ('header', 'nonce', nonce),
            ('header', 'upload-length', length), ('header', 'policy-refused', refused)}


def inner_faults(spec):
    """What the description must hold within itself."""
    statuses = {str(status) for status, _ in spec['components']['schemas']['Problem']['properties']['code']['x-codes'].values()}
    sizes = spec['x-limits']
    for path, method, operation in operations(spec):
        if operation['x-status'] not in ('now', 'later'):
            yield f'{method} {path}: x-status {operation["x-status"]}'
        for status, answer in operation['responses'].items():
            if status >= '400' and status not in statuses:
                yield f'{method} {path}: {status} is the status of no problem code'
    for path, name in (('/v1/intakes/{id}', 'container'), ('/v1/intakes/{id}/uploads/{digest}/{offset}', 'chunk')):
        content, = spec['paths'][path]['put']['requestBody']['content'].values()
        if content['schema']['maxLength'] != sizes[name]:
            yield f'{path}: maxLength is not the limit "{name}"'
    n = resolve(spec, spec['paths']['/v1/intakes/{id}/decisions/{n}']['put']['parameters'][1])['schema']
    if (n['minimum'], n['maximum']) != (sizes['first-decision'], sizes['last-decision']):
        yield 'decision numbers differ from the limits'
    pattern = spec['components']['parameters']['IntakeId']['schema']['pattern']
    for text, good in (('0193a5a0-1c2d-7e3f-8a4b-5c6d7e8f9a0b', True), ('0193a5a0-1c2d-4e3f-8a4b-5c6d7e8f9a0b', False)):
        if bool(re.search(pattern, text)) != good:
            yield f'the pattern of intake ids judges {text} wrongly'


def main(path, program):
    with open(path, encoding='utf-8') as file:
        spec = yaml.safe_load(file)
    code = from_code(program)
    described = routes(spec) | problems(spec) | limits(spec) | types(spec) | headers(spec)
    faults = list(inner_faults(spec))
    faults += [f'only in the code: {" ".join(fact)}' for fact in sorted(code - described)]
    faults += [f'only in the description: {" ".join(fact)}' for fact in sorted(described - code)]
    for fault in faults:
        print(fault)
    if len(code) < 30:
        faults.append('the program printed too little')
    print(f'{len(code)} facts compared, {len(faults)} faults')
    return 1 if faults else 0


sys.exit(main(*sys.argv[1:]))
