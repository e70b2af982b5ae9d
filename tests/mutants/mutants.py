# SPDX-License-Identifier: Apache-2.0
"""The twelve sabotages: what is taken away, where, and which test has to turn red. The first six are named in the reliability
programme (F17); the others are promises that nothing else would break the same day: a branch would work on, and lose.

Each change is a text of the source, which must be there exactly once, and what stands in its place."""

from collections import namedtuple

# target: the program that is linked anew, below the build folder. test: meson's name of what runs it. only: the one path or case.
Mutant = namedtuple('Mutant', 'name why source changes target test only env')


def mutant(name, why, source, changes, target, test, only, **env):
    return Mutant(name, why, source, changes, target, test, only, env)


FULL = '"PRAGMA synchronous=FULL"'

MUTANTS = [
    mutant('full-to-normal', 'a commit that was answered may be lost with the power', 'src/db/md-db-sqlite.c',
           [('PRAGMA synchronous=FULL; PRAGMA secure', 'PRAGMA synchronous=NORMAL; PRAGMA secure'),
            (f'light ? "PRAGMA synchronous=NORMAL" : {FULL}', 'light ? "PRAGMA synchronous=NORMAL" : "PRAGMA synchronous=NORMAL"'),
            (f'(db->handle, {FULL}', '(db->handle, "PRAGMA synchronous=NORMAL"')],
           'tests/power/test-power-cuts', 'power-cuts', '/power/cuts', MADOGUCHI_CUTS='1500'),
    mutant('no-fsync', 'nothing is ever synced', 'src/db/md-db-sqlite.c',
           [('PRAGMA synchronous=FULL; PRAGMA secure', 'PRAGMA synchronous=OFF; PRAGMA secure'),
            (f'light ? "PRAGMA synchronous=NORMAL" : {FULL}', 'light ? "PRAGMA synchronous=OFF" : "PRAGMA synchronous=OFF"'),
            (f'(db->handle, {FULL}', '(db->handle, "PRAGMA synchronous=OFF"')],
           'tests/power/test-power-cuts', 'power-cuts', '/power/cuts', MADOGUCHI_CUTS='1500'),
    mutant('receipt-unread', 'what the gateway says is believed', 'src/line/md-delivery-run.c',
           [('receipt = md_receipt_verify (receipt_cms, expected, trust, now, &error);',
             'receipt = md_receipt_new (); receipt->time = g_strdup ("");')],
           'tests/line/line-drive', 'line-peers', 'Lying.test_for_other_bytes'),
    mutant('approver-is-author', 'who took it in may approve it', 'src/seal/md-decision-sign.c',
           [('  const char *before_id = md_certificate_get_subject_cn (before);',
             '  if (officer != NULL) return TRUE;\n  const char *before_id = md_certificate_get_subject_cn (before);')],
           'tests/seal/test-seal-decision', 'seal-decision', '/seal/decision/two-persons-verified'),
    mutant('no-certificate-policies', 'certificates of another purpose pass', 'src/pki/md-path.c',
           [('question->flags | X509_V_FLAG_POLICY_CHECK | X509_V_FLAG_PARTIAL_CHAIN',
             'question->flags | X509_V_FLAG_PARTIAL_CHAIN'),
            ('    flags |= X509_V_FLAG_EXPLICIT_POLICY;', '    flags |= 0;')],
           'tests/pki/test-pki-pkits', 'pkits', '/pki/pkits/suite'),
    mutant('tag-ignored', 'what was altered under the seal is read', 'src/pki/md-cms-seal.c',
           [('if (chain == NULL || got < 0 || done != size || BIO_method_type (chain) != BIO_TYPE_CIPHER\n'
             '      || BIO_get_cipher_status (chain) <= 0)', 'if (chain == NULL)')],
           'tests/pki/test-pki-cms', 'pki-cms', '/pki/cms/every-byte-of-a-sealed-part'),
    mutant('act-unrecorded', 'what is done is not in the log', 'src/audit/md-audit-log.c',
           [('  return insert (self, record, error);', '  return record != NULL || insert (self, record, error);')],
           'tests/audit/test-audit-log', 'audit-log', '/audit/log/chain'),
    mutant('lease-never-ends', 'what was under way in a crash is never sent', 'src/outbox/md-outbox-delivery.c',
           [('want->pick == MD_OUTBOX_RETRY && !expire_leases (self, error)', 'self == NULL && !expire_leases (self, error)')],
           'tests/outbox/test-outbox-delivery', 'outbox-delivery', '/outbox/delivery/lease-runs-out'),
    mutant('erased-before-its-receipt', 'the only copy goes while it is on its way', 'src/outbox/md-outbox-delivery.c',
           [("o.state <> 'delivered') FROM intake i", "o.state = 'quarantined') FROM intake i")],
           'tests/outbox/test-outbox-delivery', 'outbox-delivery', '/outbox/delivery/decided-before-it-was-sent'),
    mutant('other-bytes-are-the-same', 'a receipt for bytes that were never stored', 'src/ledger/md-ledger-judge.c',
           [('return g_strcmp0 (md_db_column_text (query, 0), entry->digest) == 0 ? MD_LEDGER_PUT_SAME',
             'return query != NULL ? MD_LEDGER_PUT_SAME')],
           'tests/ledger/test-ledger-ledger', 'ledger-ledger', '/ledger/ledger/other-bytes-conflict'),
    mutant('older-policy', 'a policy that was replaced comes back', 'src/policy/md-policy-load.c',
           [('else if (self->version < expect->floor)', 'else if (self == NULL)')],
           'tests/policy/test-policy-policy', 'policy-policy', '/policy/policy/version-floor'),
    mutant('nonce-of-anybody', 'proof of presence over a nonce that no gateway made', 'src/gateway/nonces.c',
           [('if (CRYPTO_memcmp (mac, data + MD_NONCE_BODY_SIZE, sizeof mac) != 0)', 'if (key == NULL)')],
           'tests/gateway/test-gateway-nonces', 'gateway-nonces', '/gateway/nonces/forged'),
]
