#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Holds data/forms/ against its published JSON Schemas, and the schemas against definitions that are wrong."""

import copy
import json
import os
import re
import sys

import jsonschema

FORMS = os.path.join(os.environ['MADOGUCHI_SOURCE'], 'data', 'forms')


def load(*path):
    with open(os.path.join(FORMS, *path), encoding='utf-8') as file:
        return json.load(file)


def validator(name):
    schema = load('schema', name)
    jsonschema.Draft202012Validator.check_schema(schema)
    forms = load('schema', 'form.schema.json')
    return jsonschema.Draft202012Validator(schema, resolver=jsonschema.RefResolver.from_schema(schema, store={forms['$id']: forms}))


def changed(document, path, value):
    """A copy of document in which the member at path has another value, or (value None) is gone."""
    document = copy.deepcopy(document)
    place = document
    for key in path[:-1]:
        place = place[key]
    if value is None:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return document


WRONG_FIELDS = [(['fields', 'p.name', 'type'], 'string'), (['fields', 'p.name', 'max_length'], None),
                (['fields', 'p.mynum', 'class'], 'other'), (['fields', 'p.sex', 'options'], None),
                (['fields', 'p.zip', 'pattern'], None), (['fields', 'n.bpn', 'kind'], None),
                (['fields', 'n.bpn', 'kind'], 'individual'), (['fields', 'p.zip', 'kind'], 'basic-pension'),
                (['fields', 'k.lim_consent', 'kind'], None), (['fields', 'k.lim_consent', 'kind'], 'basic-pension'),
                (['fields', 'n.bpn', 'kind'], 'oath'), (['fields', 'k.lim_consent', 'source'], ['office']),
                (['fields', 'p.tel', 'basis'], []),
                (['fields', 'p.tel', 'colour'], 'red')]
# In these; the schema is the same for all.
CHANGED = ('care.certification.json', 'lem.certificate.json', 'pension.exemption.json')
WRONG_FORM = [(['sections', 0, 'fields'], [{'field': 'p.name'}] * 8), (['profile'], 'V5'), (['may_file'], ['nobody']),
              (['purpose'], None), (['title', 'en'], None), (['checks', 0, 'severity'], 'fatal'),
              (['checks', 0, 'assert'], {'loop': [1]}), (['checks', 0, 'assert'], {'<': [1, 2, 3]}),
              *[(['sections', 0, 'fields', 0], {'field': 'p.name', **more})
                for more in ({'requird': True}, {'decline': True}, {'declaration': {'ja': 'あ'}}, {'declaration': {'ja': 'あ' * 2001, 'en': 'a'}},
                             {'declaration': {'ja': 'あ\t', 'en': 'a'}})],
              *[(['sections', 0, 'fields', 0], {'use': 'person', **more})
                for more in ({'use': ''}, {'without': []}, {'change': {'p.name': {}}}, {'change': {'p.name': {'visibel': True}}}, {'field': 'p.name'})]]
WRONG_SETS = [(['schema'], 'madoguchi-sets/2'), (['sets', 'person', 'title'], None), (['sets', 'person', 'fields'], []),
              (['sets', 'Person'], {'title': {'ja': 'あ', 'en': 'a'}, 'fields': [{'field': 'p.name'}]}),
              (['sets', 'person', 'fields', 0], {'use': 'contact', 'with': 1}), (['sets', 'person', 'fields', 0, 'requird'], True),
              (['sets', 'person', 'fields', 0], {'use': 'contact', 'change': {'p.tel': {'field': 'p.zip'}}})]
WRONG_GUIDE = [(['events', 0, 'steps', 0, 'procedure'], None), (['events', 0, 'steps', 0, 'what'], {'ja': '届', 'en': 'Notice'}),
               (['events', 0, 'steps', 9, 'id'], None), (['events', 0, 'steps', 9, 'id'], 'Notice 1'),
               (['events', 0, 'steps', 0, 'basis'], []), (['events', 0, 'steps', 0, 'when'], True), (['events', 0, 'kana'], None),
               (['events', 0, 'ask'], ['age', 'age']), (['questions', 'age', 'options'], []), (['questions', 'age', 'type'], 'enum')]


SOURCE = re.compile(r'\d{3}:\d+(-\d+)?')


def looked_up():
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'articles.tsv'), encoding='utf-8') as file:
        return {line.split('\t')[0] for line in file if '\t' in line and not line.startswith('#')}


def unmarked(guide):
    """Steps of the guide that name a law which neither stands in the sources, nor was looked up, nor is marked as unconfirmed; and
    articles that were looked up and are not named."""
    articles, named = looked_up(), set()
    for event in guide['events']:
        for step in event['steps']:
            basis = step['basis']
            named |= articles & set(basis)
            if not any(SOURCE.fullmatch(entry) for entry in basis) and not all(entry.startswith('CK ') or entry in articles for entry in basis):
                yield '%s: %s' % (event['id'], basis)
    yield from ('articles.tsv: %s' % article for article in articles - named)


def main():
    errors = 0
    for place in unmarked(load('guide.json')):
        errors += 1
        print('guide.json: neither from the sources, nor looked up, nor marked CK: %s' % place)
    if not list(unmarked({'events': [{'id': 'a', 'steps': [{'basis': ['民法 1条']}]}]})):
        errors += 1
        print('guide.json: a law without a mark passes')
    fields, form = validator('fields.schema.json'), validator('form.schema.json')
    documents = [('fields.json', fields, load('fields.json'), WRONG_FIELDS),
                 ('sets.json', validator('sets.schema.json'), load('sets.json'), WRONG_SETS),
                 ('guide.json', validator('guide.schema.json'), load('guide.json'), WRONG_GUIDE)]
    for name in sorted(os.listdir(os.path.join(FORMS, 'procedures'))):
        documents.append((name, form, load('procedures', name), WRONG_FORM if name in CHANGED else ()))
    for name, schema, document, wrong in documents:
        for error in schema.iter_errors(document):
            errors += 1
            print('%s: %s: %s' % (name, error.json_path, error.message))
        for path, value in wrong:
            if schema.is_valid(changed(document, path, value)):
                errors += 1
                print('%s: the schema accepts %r at %s' % (name, value, path))
    print('schema: %d files, %d errors' % (len(documents), errors))
    return 1 if errors else 0


if __name__ == '__main__':
    sys.exit(main())
