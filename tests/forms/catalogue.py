#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Holds data/forms to the catalogue of forms in catalogue.tsv: each procedure has every field that the catalogue gives it, as
required, filed by whom, with which eyes; each field its type, class and source; what the catalogue checks is done by what its
line names, with thresholds that it marks CK as settings; the papers, who approves, and how sure the identification is.
catalogue-differs.tsv says where not, and why. That each check does what it says is for test-procedures.c."""

import copy
import glob
import json
import os
import re
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
FORMS = os.path.join(os.environ['MADOGUCHI_SOURCE'], 'data', 'forms')
KINDS = ('missing', 'extra', 'optional', 'conditional', 'terminal', 'stricter', 'type', 'class', 'source', 'spi', 'profile', 'retention', 'more-filers', 'fewer-filers',
         'unchecked', 'constant', 'more-papers', 'papers', 'approval', 'assurance')
# What has no setting: nothing, one more or less, and the months of a year.
PLAIN = (-1, 0, 1, 12)


def table(name):
    with open(os.path.join(HERE, name), encoding='utf-8') as file:
        return [line.rstrip('\n').split('\t') for line in file if line.strip() and not line.startswith('#')]


class Catalogue:
    """catalogue.tsv: fields by id, procedures by id, each with its fields and whether they are required."""

    def __init__(self):
        sets = {}
        self.fields, self.procedures = {}, {}
        self.checks, self.papers, self.approval = [], {}, {}
        for kind, name, *rest in table('catalogue.tsv'):
            if kind == 'check':
                words, doers = rest
                self.checks.append((name, words, [] if doers == '-' else doers.split()))
            elif kind == 'papers':
                self.papers[name] = [] if rest[1] == '-' else rest[1].split()
            elif kind == 'approval':
                self.approval[name] = (int(rest[0]), rest[1].split(), rest[2])
            elif kind == 'field':
                self.fields[name] = dict(zip(('type', 'source', 'spi', 'class'), rest, strict=True))
            elif kind == 'set':
                sets[name] = rest[0].split()
            else:
                _, profile, retention, filers, used, own = rest
                names = [field for one in used.split() for field in sets[one]] + own.split()
                self.procedures[name] = {'profile': profile, 'retention': retention, 'filers': set(filers.split()),
                                         'identified': 'IDN' in used.split(), 'screening': 'SCREEN' in used.split() and 'IDN' not in used.split(),
                                         'fields': {field.rstrip('*'): field.endswith('*') for field in names}}


def how_required(item):
    rule = item.get('required', False)
    return {True: 'required', False: 'optional', None: 'optional'}[rule] if not isinstance(rule, dict) else 'conditional'


class Forms:
    """data/forms as it is read there, without its rules; of each procedure the newest version."""

    def __init__(self, folder=FORMS):
        def load(path):
            with open(os.path.join(folder, path), encoding='utf-8') as file:
                return json.load(file)

        self.fields = load('fields.json')['fields']
        self.sets = load('sets.json')['sets']
        self.procedures = {}
        for path in sorted(glob.glob(os.path.join(folder, 'procedures', '*.json'))):
            form = load(path)
            if form['version'] > self.procedures.get(form['id'], {'version': 0})['version']:
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


    def items(self, form):
        """Every item of a form by its field, those in rows, too."""
        items = {}
        for section in form['sections']:
            for item in self.expand(section['fields']):
                items[item['field']] = item
                items.update({column['field']: column for column in item.get('columns', [])})
        return items


def constants(rule):
    """The numbers and days that stand in a rule as they are."""
    if isinstance(rule, dict):
        for name, arguments in rule.items():
            if name not in ('var', 'filled', 'setting'):
                yield from constants(arguments)
    elif isinstance(rule, list):
        for one in rule:
            yield from constants(one)
    elif isinstance(rule, int) and not isinstance(rule, bool):
        if rule not in PLAIN:
            yield rule
    elif isinstance(rule, str) and re.fullmatch(r'[0-9]{4}(-[0-9]{2}){0,2}', rule):
        yield rule


def is_done(forms, form, doer):
    """Whether the form has what a line of the catalogue names: a check of it (its id), or KIND:NAME, where the field is required
    (at least by a rule), visible by a rule, derived, offered with less choices than the dictionary has, filled by the office
    alone, absent, or bounded by the dictionary (field); a paper of the form; so many approvals; its retention; or it is sent at once, the
    person is identified, or who may file is said (that it is the same is compared by itself)."""
    kind, _, name = doer.rpartition(':')
    whole = {'immediate': form.get('immediate', False), 'identification': form['assurance'] != 'none', 'filers': bool(form['may_file'])}
    if doer in whole:
        return whole[doer]
    items = forms.items(form)
    item = items.get(name, {})
    field = forms.fields.get(name, {})
    bounds = ('min', 'max', 'not_before', 'not_after', 'pattern', 'max_length', 'kind')
    return {
        '': name in {check['id'] for check in form['checks']},
        'required': bool(item.get('required')),
        'visible': isinstance(item.get('visible'), dict),
        'derive': 'derive' in item,
        'options': name in items and ('options' in item or 'options' in field),
        'office': name in items and field.get('source') == ['office'],
        'absent': name not in items,
        'field': name in items and any(bound in field for bound in bounds),
        'paper': name in {paper['id'] for paper in form['attachments']},
        'approvals': name == str(form['approval']['checks']),
        'retention': name == form['retention'],
    }[kind]


def rules_of(forms, form, doer):
    """What a check asks, or how a field is derived."""
    for check in form['checks']:
        if check['id'] == doer:
            yield check.get('when')
            yield check['assert']
    if doer.startswith('derive:'):
        yield forms.items(form)[doer.removeprefix('derive:')].get('derive')


def unlike(catalogue, forms):
    """Of checks, papers and approval: (procedure, what, kind) of everything that is not as in the catalogue."""
    found = set()
    for name, words, doers in catalogue.checks:
        form = forms.procedures.get(name)
        if form and (not doers or not all(is_done(forms, form, doer) for doer in doers)):
            found.add((name, words, 'unchecked'))
        elif form and 'CK' in words:
            found |= {(name, words, 'constant') for doer in doers for rule in rules_of(forms, form, doer) if list(constants(rule))}
    for name, papers in catalogue.papers.items():
        if name not in forms.procedures:
            continue
        there = {paper['id'] for paper in forms.procedures[name]['attachments']}
        found |= {(name, paper[1:], 'more-papers') for paper in papers if paper.startswith('+')}
        found |= {(name, paper, 'papers') for paper in there ^ {paper.lstrip('+') for paper in papers}}
    for name, wanted in catalogue.approval.items():
        if name not in forms.procedures:
            continue
        approval = forms.procedures[name]['approval']
        if wanted != (approval['checks'], approval['roles'], forms.procedures[name]['assurance']):
            found.add((name, '-', 'approval'))
        procedure = catalogue.procedures[name]
        if (wanted[2] == 'none') == procedure['identified']:
            found.add((name, '-', 'assurance'))
        two = procedure['screening'] or any(one == name and re.search(r'\btwo (persons|staff)', words) for one, words, _ in catalogue.checks)
        if wanted[0] != (2 if two else 1) or wanted[1] != (['checker', 'supervisor'] if two else ['supervisor']):
            found.add((name, '-', 'approval'))
    return found


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
    return found | unlike(catalogue, forms)


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
        for named in ({name for name, _, _ in self.catalogue.checks}, set(self.catalogue.papers), set(self.catalogue.approval)):
            self.assertEqual(named, set(self.catalogue.procedures))

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

        def unchecked(forms):
            checks = forms.procedures['lem.third_party']['checks']
            checks[:] = [check for check in checks if check['id'] != 'X-05']

        def fixed(forms):
            for check in forms.procedures['pension.claim_lump']['checks']:
                if check['id'] == 'CK-13':
                    check['assert'] = {'<': [{'var': 'p.death_date'}, '2026-04-01']}

        def fixed_months(forms):
            for check in forms.procedures['pension.exemption']['checks']:
                if check['id'] == 'CK-11-from':
                    check['assert'] = {'>=': [{'var': 'n.ex_from'}, {'ym': [{'var': 'n.ex_year'}, 7]}]}

        def no_paper(forms):
            forms.procedures['lem.transport']['attachments'].pop()

        def one_alone(forms):
            forms.procedures['care.nonresident']['approval']['checks'] = 1

        def nobody(forms):
            forms.procedures['care.delivery']['assurance'] = 'none'

        for change, wanted in ((drop, ('pension.loss', 'p.addr', 'missing')), (loosen, ('care.delivery', 'd.reason', 'optional')),
                               (other_class, ('*', 's.he_b', 'class')), (other_type, ('*', 'n.ex_year', 'type')),
                               (unlisted, ('common.gift', '-', 'extra')), (gone, ('lem.funeral', '-', 'missing')),
                               (anybody, ('health.precise', '-', 'more-filers')),
                               (unchecked, ('lem.third_party', 'l.tp_date ≤ filing', 'unchecked')),
                               (fixed, ('pension.claim_lump', 'within 2 years (CK-13)', 'constant')),
                               (fixed_months, ('pension.exemption', 'window CK-11', 'constant')),
                               (no_paper, ('lem.transport', 'passbook', 'papers')), (one_alone, ('care.nonresident', '-', 'approval')),
                               (nobody, ('care.delivery', '-', 'approval'))):
            forms = copy.deepcopy(self.forms)
            change(forms)
            left, _ = unexplained(differences(self.catalogue, forms), self.reasons)
            self.assertIn(wanted, left, change.__name__)


if __name__ == '__main__':
    unittest.main(verbosity=2)
