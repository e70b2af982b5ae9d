// SPDX-License-Identifier: Apache-2.0
// The invented ward (MADOGUCHI_WORLD) as the tests of the identification flow need it.
#pragma once

#include <md-identity.h>

G_BEGIN_DECLS

#define WARD_BOTH_PINS                                                                             \
  (MD_IDENTIFY_CONFIRMS (MD_CARD_PIN_TEXT) | MD_IDENTIFY_CONFIRMS (MD_CARD_PIN_AUTH))

#define WARD_RESIDENT_READER "Virtual PCD 00 00"
#define WARD_STAFF_READER "Virtual PCD 00 01"

// A path in the ward. (transfer full)
char *ward_path (const char *first, ...) G_GNUC_NULL_TERMINATED;

// Trust in the sandbox JPKI; ALLOW_TEST FALSE: as in production. (transfer full)
MdTrust *ward_trust (gboolean allow_test);

// The same in the line for signatures. (transfer full)
MdTrust *ward_signature_trust (gboolean allow_test);

typedef enum
{
  WARD_OCSP,    // the responder named in the certificates
  WARD_CRL,     // nobody answers, a CRL is at hand
  WARD_NOTHING, // nobody answers, nothing at hand
} WardRevocation;

// (transfer full)
MdRevocation *ward_revocation (WardRevocation how);

// (transfer full)
MdIdentifier *ward_identifier (WardRevocation how, gboolean allow_test);

// (transfer full)
MdPolicy *ward_policy (void);

// As the counter has it: trust and authorities out of the policy, a revocation list at hand.
// (transfer full)
MdIdentifier *ward_counter_identifier (void);

// (transfer full)
MdPresenceChallenge *ward_challenge (void);

// A request that reads everything. The PINs are those of tanaka and of every mishap unless given.
// (transfer full: clear with md_identify_request_clear())
MdIdentifyRequest ward_request (const char *text_pin, const char *auth_pin);
// By the signature certificate: its password unless given; TEXT_PIN NULL: the text is not read.
MdIdentifyRequest ward_signature_request (const char *text_pin, const char *password);

G_END_DECLS
