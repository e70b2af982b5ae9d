// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_IDENTITY_INSIDE) && !defined(MD_IDENTITY_COMPILATION)
#error "include <md-identity.h>, not this file"
#endif

#include <md-pki.h>

G_BEGIN_DECLS

// Who signed, where a person is identified by the signature certificate: only the applicant and a
// delegate whom the office accepts may.
typedef enum
{
  MD_SIGNER_APPLICANT,
  MD_SIGNER_DELEGATE,     // named in the form, with the paper that such a filer needs
  MD_SIGNER_NO_AUTHORITY, // named in the form, and that paper is missing or another
  MD_SIGNER_OTHER,        // neither
} MdSigner;

// The form's value of FIELD ("p.name"); NULL or "" where there is none. Borrowed until the next.
typedef const char *(*MdSignerLookup) (const char *field, gpointer form);

// Compares name, birth date and address (md-match.h): p.* are the applicant's, a.* the filer's. The
// same in another form will do; what the form leaves out does not, but for the address of a filer.
MdSigner md_signer_find (const MdHolder *signer, MdSignerLookup look_up, gpointer form);

gboolean md_signer_may_file (MdSigner signer);

// "applicant", "delegate", "no-authority", "other".
const char *md_signer_to_string (MdSigner signer);

// For people, translated, static.
const char *md_signer_get_label (MdSigner signer);

G_END_DECLS
