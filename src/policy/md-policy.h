// SPDX-License-Identifier: Apache-2.0
#pragma once

/* policy: the signed policy bundle of an office, and the questions everybody asks it.
 *
 * policy.cms is CMS SignedData (DER) with the JSON below as its content, signed by two people, each
 * with a certificate that leads to the policy anchor. Unknown members are refused, so that a
 * spelling mistake cannot switch a rule off. Times: RFC 3339, UTC, "Z". */

/* clang-format off */
/* { "schema": "madoguchi-policy/1", "version": 1,
 *   "issued": "2026-11-21T00:00:00.000Z", "not_after": "2027-11-21T00:00:00.000Z",
 *   "environment": "test" | "production",
 *   "office": { "code": "139998", "name": { "ja": "あおぞら区", "en": "Aozora Ward" } },
 *   "terminals": [ { "id": "T001",
 *       "serial": 1,                                 first three digits of receipt numbers, 1..999;
 *                                                    none of another terminal in a new policy
 *       "counter": { "ja": "1番窓口", "en": "Counter 1" },
 *       "receipt_pool": { "from": 1, "to": 99999 },  1..999999, from <= to: what the gateway cuts the
 *                                                    terminal's blocks from
 *       "keys": ["5f0c..."] } ],                     SHA-256 of the public key (SubjectPublicKeyInfo)
 *                                                    of its line certificate; two during a renewal
 *   "staff": [ { "id": "S0001", "name": { "ja": ..., "en": ... }, "department": { "ja": ..., "en": ... },
 *       "roles": ["clerk-number"],
 *       "number": false,                             optional: the extra number right of a branch clerk
 *       "sections": ["pension", "lem"],              optional: whose procedures, by what stands before the
 *                                                    dot in their ids; without it, of every section.
 *                                                    Of the others this person takes nothing in, decides
 *                                                    nothing, releases nothing, and can open nothing
 *       "certificates": { "auth": b64der, "sign": b64der, "km": b64der } } ],
 *   "recipients": { "business": b64der, "vault": b64der },
 *   "trust": { "jpki_auth": [b64der], "jpki_sign": [b64der], "staff": [b64der], "receipt": [b64der],
 *                                                    each at least one; and, optional,
 *     "notice": [b64der],                          signers of the back office's notices to terminals
 *     "card": [ { "id": "5000033",                 authorities of the cards' own records, by the seven
 *         "key": b64der } ] }                      digits of their key: SubjectPublicKeyInfo
 *   "jpki": { "issuer_organizations": ["JPKI-SANDBOX"],
 *       "policy_oids": { "auth": ["1.2.392..."], "sign": ["1.2.392..."] },
 *       "algorithms": { "keys": ["rsa-2048", "ecdsa-p384"], "hashes": ["sha256", "sha384"] },
 *                                                    optional: the permitted list, by the ids of
 *                                                    src/pki/md-algorithms.h; without it, all those
 *       "ocsp_url": "http://127.0.0.1:8888/",        optional, http: whom to ask about every
 *                                                    certificate; or "/v1/ocsp": whom the gateway
 *                                                    asks, for terminals with no other way out
 *       "ocsp_allowed": ["http://127.0.0.1:8888/"],  optional, http: without ocsp_url, which of the
 *                                                    responders that certificates name are asked; with
 *                                                    neither nobody is, and the lists have to do
 *       "crl_urls": ["http://127.0.0.1:8889/jpki-auth.crl"],         optional, http: where the
 *                                                    service fetches revocation lists; or
 *                                                    "/v1/crls/NAME": through the gateway
 *       "ocsp_timeout_s": 5, "ocsp_max_age_hours": 24, "crl_max_age_hours": 48 },
 *   "visibility": { ... },                           see md-visibility.h; data/policy/visibility.json
 *                                                    is the ward's default, copy it in
 *   "desk": ["supervisor"],                          optional: with the eyes of which roles the back office's
 *                                                    program opens and hands over what arrived, by that
 *                                                    table; without it, a supervisor's
 *   "documents": [ { "id": "licence", "name": { "ja": ..., "en": ... },
 *       "counts": "alone",                           or "with-another", "not"
 *       "expires": true, "number": false } ],        optional; data/policy/documents.json is the ward's
 *                                                    default, copy it in
 *   "holds": { "roles": ["supervisor"],              optional: who may release what stops an intake, and
 *       "reasons": [ { "code": "asked-and-verified",  for which reasons; without it a supervisor, for
 *           "name": { "ja": ..., "en": ... },         none. data/policy/holds.json is the ward's
 *           "kinds": ["protected-person"] } ] },      default, copy it in; kinds: md-policy-holds.h. A name
 *                                                    stands on the screen at the counter: it must not
 *                                                    tell the kind
 *   "procedures": { "pension.exemption": {
 *       "clerks": ["clerk-number", "clerk", "branch"], "approvers": ["supervisor"],
 *       "checks": 2,                                 optional, 1 without it: how many different officers
 *                                                    must agree, the clerk not counted. Of two the first
 *                                                    checks, the second approves; where "approvers" names
 *                                                    the supervisor beside others, he approves, they check
 *       "identification": ["jpki-auth"],             accepted methods, see md-policy-documents.h;
 *                                                    "jpki-sign" adds the signature certificate with
 *                                                    its password, "card-face" adds the comparison of the card's
 *                                                    face where no PIN can be used, "photo-document",
 *                                                    "two-documents" and "notice-card" documents,
 *                                                    "posted-copies" copies of them that came by post;
 *                                                    "none", alone: nobody is identified. What an
 *                                                    institution or a section hands in, or the office
 *                                                    does of itself
 *       "assurance": "photo-document",               optional: at least this; none listed may be below.
 *                                                    "none" where "identification" is that, and only there
 *       "allow_deferred": true,                      go on when revocation could not be asked
 *       "versions": [ { "version": "2",              optional: which versions of its form may be taken in,
 *           "from": "2026-04-01",                    and on which days; without it every one, on every day.
 *           "until": "2027-03-31" } ] }, ... },      optional. What was begun by then is good later, too: set
 *                                                    it past the day when the last terminal has the next form
 *   "limits": { "container_bytes": 16777216, "unsent": 10000, "receipts_low": 100,
 *       "renewal_months": 3, "register_months": 3,                         optional, 3 without them: how long before the end of
 *                                                    a card or certificate the clerk is told; 0: never.
 *                                                    From when the office renews; nationally, once less
 *                                                    than three months are left.
 *                                                    register_months: how long after its day a
 *                                                    certificate of a register (family register,
 *                                                    registered guardianship) shows who may file; 0:
 *                                                    without limit. 3 is the custom of offices, no law
 *       "post_days": 90,                             optional, 90 without it: how long ago what came by
 *                                                    post may have been received when it is taken in.
 *                                                    An earlier day is a mistyped one: what is judged by
 *                                                    it (documents, letters of delegation) would be
 *                                                    judged by a day of the clerk's choice
 *       "letter_months": 12,                         optional, no limit without it: how long a letter of
 *                                                    delegation may hold. An office's own rule, no law
 *       "letter_days": 90,                           optional, 90 without it and never less than
 *                                                    post_days: for how long after its last day a
 *                                                    terminal knows an accepted letter
 *       "draft_hours": 24,                           optional, 24 without it, at most 168: how long a
 *                                                    suspended intake waits, sealed to its clerk,
 *                                                    before it is erased. 0: none is kept
 *       "attachments": 20,                           optional, 20 without it, at most 40: scanned
 *                                                    documents of one intake. 0: none are taken
 *       "attachment_bytes": 3000000,                 optional, 3 million bytes without it: one of them
 *       "attachments_bytes": 8000000,                optional, 8 million without it, at most 16 million:
 *                                                    all of one intake; container_bytes must leave
 *                                                    room for them },
 *   "session": { "idle_lock_s": 300, "max_hours": 10, "reveal_s": 20,
 *       "card_away_s": 60 },                         optional, 60 without it, at most 300: how long what was read
 *                                                    from a resident's card waits, covered, for the card that
 *                                                    was lifted before the application was handed in; then
 *                                                    it is erased. 0: at once
 *   "retention": { "document-rule": { "years": 5,   optional: how long each kind of data is kept, and
 *           "source": "文書規程第29条" },            on which rule that is based. The kinds, each with
 *       "queue": { "hours": 8, "source": ... },      its unit, what holds where nothing is said, and the
 *       "notice": { "days": 90, ... },               bounds, outside of which a policy is refused: see
 *       "file-care": { "always": true, ... } } }     madoguchid(8), RETENTION */
/* clang-format on */

/* A policy is immutable and may be used from any thread. Strings and structs returned "const" live
 * as long as it does. */

#define MD_POLICY_INSIDE
#include "md-policy-types.h"
#include "md-json.h"
#include "md-visibility.h"
#include "md-policy-object.h"
#include "md-policy-rights.h"
#include "md-policy-retention.h"
#include "md-policy-agreement.h"
#include "md-policy-days.h"
#include "md-policy-documents.h"
#include "md-policy-holds.h"
#include "md-policy-versions.h"
#include "md-policy-history.h"
#include "md-policy-identification.h"
#undef MD_POLICY_INSIDE
