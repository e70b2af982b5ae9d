# SPDX-License-Identifier: Apache-2.0
"""data/protocol/openapi.yaml as a judge of answers: whether an answer is one that the contract has for that question."""

import base64
import json
import os
import re

import jsonschema
import yaml

METHODS = ('get', 'put', 'post', 'delete')


class Contract:
    def __init__(self):
        with open(os.path.join(os.environ['MADOGUCHI_SOURCE'], 'data', 'protocol', 'openapi.yaml'), encoding='utf-8') as f:
            self.spec = yaml.safe_load(f)
        self.codes = self.schema('Problem')['properties']['code']['x-codes']
        self.operations = {}  # operationId: (method, pattern of the path, the operation)
        for path, item in self.spec['paths'].items():
            pattern = re.compile(re.sub(r'\\\{\w+\\\}', '[^/]+', re.escape(path)))
            for method in METHODS:
                if method in item and item[method]['x-status'] == 'now':
                    self.operations[item[method]['operationId']] = method.upper(), pattern, item[method]
        self.answered = set()  # (operationId, status)
        self.told = set()  # problem codes

    def follow(self, node):
        """The node with every $ref in it replaced by what it means."""
        if isinstance(node, list):
            return [self.follow(one) for one in node]
        if not isinstance(node, dict):
            return node
        if '$ref' in node:
            there = self.spec
            for step in node['$ref'].removeprefix('#/').split('/'):
                there = there[step]
            return self.follow(there)
        return {name: self.follow(one) for name, one in node.items()}

    def schema(self, name):
        return self.follow(self.spec['components']['schemas'][name])

    def find(self, method, path):
        for name, (wanted, pattern, operation) in self.operations.items():
            if method == wanted and pattern.fullmatch(path.split('?')[0]):
                return name, operation
        return None, None

    def hold(self, method, path, answer):
        """Fails where the contract does not have this answer; remembers it otherwise. Returns the problem's code, if it is one."""
        status, headers, body = answer
        name, operation = self.find(method, path)
        what = f'{method} {path}: {status} {headers.get("Content-Type")} {body[:200]}'
        if operation is None:  # a place or a method that there is not
            assert status in (404, 405), what
            described = self.follow(self.spec['components']['responses']['Problem'])
        else:
            assert str(status) in operation['responses'], f'{what}: the contract has no such status here'
            described = self.follow(operation['responses'][str(status)])
            self.answered.add((name, status))
        self.hold_body(described, headers, body, what)
        if status < 300 and 'Madoguchi-Nonce' in described.get('headers', {}):
            assert len(base64.b64decode(headers.get('Madoguchi-Nonce') or '')) == self.spec['x-limits']['nonce'], what
        return self.hold_problem(status, headers, body, what) if status >= 400 else None

    def hold_body(self, described, headers, body, what):
        content = described.get('content')
        if not content:
            assert body == b'', f'{what}: a body where the contract has none'
            return
        media = headers['Content-Type'].split(';')[0]
        assert media in content, f'{what}: the contract has {list(content)}'
        schema = content[media]['schema']
        if media.endswith('json'):
            said = json.loads(body)
            jsonschema.Draft202012Validator(schema).validate(said)
        else:
            assert schema['type'] == 'string' and len(body) <= schema.get('maxLength', len(body)), what
            assert body, f'{what}: nothing'

    def hold_problem(self, status, headers, body, what):
        said = json.loads(body)
        assert set(said) <= set(self.schema('Problem')['properties']), what
        assert said['code'] in self.codes, f'{what}: a code that the contract does not have'
        assert self.codes[said['code']][0] == status == said['status'], what
        assert said['type'] == 'urn:madoguchi:problem:' + said['code'], what
        described = self.spec['components']['responses']['Problem']['headers']['Retry-After']
        if said['code'] in described['description']:
            assert int(headers['Retry-After']) >= described['schema']['minimum'], what
        self.told.add(said['code'])
        return said['code']

    def hold_json(self, name, said):
        """What travels inside of something else."""
        jsonschema.Draft202012Validator(self.schema(name)).validate(said)
