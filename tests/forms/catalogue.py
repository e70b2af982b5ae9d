#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Holds data/forms to the catalogue of forms in catalogue.tsv: each procedure has every field that the catalogue gives it, as
required, filed by whom, with which eyes; each field its type, class and source. catalogue-differs.tsv says where not, and why."""

import copy
import glob
import json
import os
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
FORMS = os.path.join(os.environ['MADOGUCHI_SOURCE'], 'data', 'forms')
KINDS = ('missing', 'extra', 'optional', 'conditional', 'terminal', 'stricter', 'type', 'class', 'source', 'spi', 'profile', 'retention', 'more-filers', 'fewer-filers')


def table(name):
    with open(os.path.join(HERE, name), encoding='utf-8') as file:
        return [line.rstrip('\n').split('\t') for line in file if line.strip() and not line.startswith('#')]


class Catalogue:
    """catalogue.tsv: fields by id, procedures by id, each with its fields and whether they are required."""

    def __init__(self):
        sets = {}
        self.fields, self.procedures = {}, {}
        for kind, name, *rest in table('catalogue.tsv'):
            if kind == 'field':
                self.fields[name] = dict(zip(('type', 'source', 'spi', 'class'), rest, strict=True))
            elif kind == 'set':
                sets[name] = rest[0].split()
            else:
                _, profile, retention, filers, used, own = rest
                names = [field for one in used.split() for field in sets[one]] + own.split()
                self.procedures[name] = {'profile': profile, 'retention': retention, 'filers': set(filers.split()),
                                         'fields': {field.rstrip('*'): field.endswith('*') for field in names}}


def how_required(item):
    rule = item.get('required', False)
    return {True: 'required', False: 'optional', None: 'optional'}[rule] if not isinstance(rule, dict) else 'conditional'


class Forms:
    """data/forms as it is read there, without its rules."""

    def __init__(self, folder=FORMS):
        def load(path):
            with open(os.path.join(folder, path), encoding='utf-8') as file:
                return json.load(file)

        self.fields = load('fields.json')['fields']
        self.sets = load('sets.json')['sets']
        self.procedures = {}
        for path in sorted(glob.glob(os.path.join(folder, 'procedures', '*.json'))):
            form = load(path)
            if '@' not in os.path.basename(path):
                self.procedures[form['id']] = form

    def expand(self, items):
        for item in items:
            if isinstance(item, str):
                yield {'field': item}
            elif 'use' in item:
                for one in self.expand(self.sets[item['use']]['fields']):
                    if one['field'] not in item.get('without', []):
                        yield {**one, **item.get('change', {}).get(one['field'], {})}
            else:
                yield item

    def required(self, form):
        """Every field of a form: required, conditional (by a rule), optional, or terminal (filled in by the program)."""
        fields = {}
        for section in form['sections']:
            for item in self.expand(section['fields']):
                fields[item['field']] = how_required(item)
                for column in item.get('columns', []):
                    fields[column['field']] = how_required(column) if item.get('required') is True else 'optional'
        for item in self.expand(form['system']):
            fields[item['field']] = 'terminal'
        return fields


def same_type(wanted, there):
    return wanted == there or (wanted, there) == ('code', 'number')


def differences(catalogue, forms):
    """(procedure or *, field or -, kind) of everything in which the forms are not as the catalogue."""
    found = set()
    for name, wanted in catalogue.fields.items():
        there = forms.fields.get(name)
        if there is None:
            found.add(('*', name, 'missing'))
            continue
        if not same_type(wanted['type'], there['type']):
            found.add(('*', name, 'type'))
        if set(wanted['source'].split()) != set(there['source']):
            found.add(('*', name, 'source'))
        found |= {('*', name, kind) for kind in ('class', 'spi') if wanted[kind] != there[kind]}
    found |= {('*', name, 'extra') for name in forms.fields if name not in catalogue.fields}
    for name, wanted in catalogue.procedures.items():
        if name not in forms.procedures:
            found.add((name, '-', 'missing'))
            continue
        form = forms.procedures[name]
        there = forms.required(form)
        found |= {(name, '-', kind) for kind in ('profile', 'retention') if wanted[kind] != form[kind]}
        found |= {(name, '-', kind) for kind, some in (('more-filers', set(form['may_file']) - wanted['filers']),
                                                      ('fewer-filers', wanted['filers'] - set(form['may_file']))) if some}
        for field, required in wanted['fields'].items():
            if field not in there:
                found.add((name, field, 'missing'))
            elif required and there[field] != 'required':
                found.add((name, field, there[field]))
            elif not required and there[field] == 'required':
                found.add((name, field, 'stricter'))
        found |= {(name, field, 'extra') for field in there if field not in wanted['fields']}
    # What changes or ends a registration is part of the procedure that it amends.
    found |= {(name, '-', 'extra') for name, form in forms.procedures.items()
              if name not in catalogue.procedures and form.get('amends') not in catalogue.procedures}
    return found


def unexplained(found, reasons):
    """What no line explains, and the lines that explain nothing. * stands for every procedure, and for the dictionary."""
    used = set()
    left = set()
    for procedure, field, kind in found:
        lines = {(procedure, field, kind), ('*', field, kind)} & reasons
        used |= lines
        if not lines:
            left.add((procedure, field, kind))
    return left, reasons - used


class Held(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.catalogue, cls.forms = Catalogue(), Forms()
        cls.lines = table('catalogue-differs.tsv')
        cls.reasons = {tuple(line[:3]) for line in cls.lines}

    def test_table(self):
        self.assertEqual((len(self.catalogue.procedures), len(self.catalogue.fields)), (84, 512))

    def test_reasons(self):
        for line in self.lines:
            self.assertEqual(len(line), 4, line)
            self.assertIn(line[2], KINDS, line)
            self.assertGreater(len(line[3].split()), 4, f'no reason: {line}')
        self.assertEqual(len(self.lines), len(self.reasons), 'a line is there twice')

    def test_forms(self):
        left, idle = unexplained(differences(self.catalogue, self.forms), self.reasons)
        self.assertEqual(sorted(left), [], 'not as the catalogue, and no reason in catalogue-differs.tsv')
        self.assertEqual(sorted(idle), [], 'lines of catalogue-differs.tsv that explain nothing any more')

    def test_would_fail(self):
        """Each kind of difference is found when it is made."""
        def sections(forms, name):
            return forms.procedures[name]['sections']

        def drop(forms):
            sections(forms, 'pension.loss')[:] = [one for one in sections(forms, 'pension.loss') if one['id'] != 'contact']

        def loosen(forms):
            for item in next(one for one in sections(forms, 'care.delivery') if one['id'] == 'setting')['fields']:
                item.pop('required', None)

        def other_class(forms):
            forms.fields['s.he_b']['class'] = 'other'

        def other_type(forms):
            forms.fields['n.ex_year']['type'] = 'text'

        def unlisted(forms):
            forms.procedures['common.gift'] = copy.deepcopy(forms.procedures['common.inquiry_slip'])

        def gone(forms):
            del forms.procedures['lem.funeral']

        def anybody(forms):
            forms.procedures['health.precise']['may_file'].append('anyone')

        for change, wanted in ((drop, ('pension.loss', 'p.addr', 'missing')), (loosen, ('care.delivery', 'd.reason', 'optional')),
                               (other_class, ('*', 's.he_b', 'class')), (other_type, ('*', 'n.ex_year', 'type')),
                               (unlisted, ('common.gift', '-', 'extra')), (gone, ('lem.funeral', '-', 'missing')),
                               (anybody, ('health.precise', '-', 'more-filers'))):
            forms = copy.deepcopy(self.forms)
            change(forms)
            left, _ = unexplained(differences(self.catalogue, forms), self.reasons)
            self.assertIn(wanted, left, change.__name__)


if __name__ == '__main__':
    unittest.main(verbosity=2)
