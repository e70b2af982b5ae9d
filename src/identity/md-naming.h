// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_IDENTITY_INSIDE) && !defined(MD_IDENTITY_COMPILATION)
#error "include <md-identity.h>, not this file"
#endif

#include "md-identity-proof.h"

G_BEGIN_DECLS

// Whom an intake is of, as the terminal's service is told (NamePerson): digests, from which it
// makes pseudonyms for a day, to notice when two people of one name and birth date come. Names,
// dates and addresses in the form in which md_match() compares them, so that the same person
// written in another way is the same; what only a pair can say (substitute characters) is not
// noticed.
typedef struct
{
  const char *name, *birth, *address; // NULL or "" where it is not known
} MdNamed;

#define MD_NAMING_TAG_NUMBER "madoguchi number v1"

// SHA-256 as the interface has it; NULL where what it is made of is not known. (transfer full)
GBytes *md_naming_digest_who (const MdNamed *named) G_GNUC_WARN_UNUSED_RESULT;
GBytes *md_naming_digest_address (const MdNamed *named) G_GNUC_WARN_UNUSED_RESULT;

// What showed that it is NAMED: the certificate of a card that says the same name, or a document
// that the person themself showed. NULL where it is another's, as that of who files for somebody,
// and where it has no number. NAMED: NULL where only the proof can say who it is.
GBytes *md_naming_digest_shown (const MdNamed *named,
                                const MdIdentityProof *proof) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
