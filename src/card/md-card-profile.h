// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_CARD_INSIDE) && !defined(MD_CARD_COMPILATION)
#error "include <md-card.h>, not this file"
#endif

#include "md-card-error.h"

G_BEGIN_DECLS

// How one generation of cards signs. A new generation is a new row of the table in
// md-card-profile.c; nothing else of src/card asks which one it is.
struct _MdCardProfile
{
  const char *name;     // "rsa-2048", "ecdsa-p384"
  GChecksumType hash;   // of what is signed
  gsize digest_size;    // bytes of that hash
  const guint8 *prefix; // what stands before the digest in the command: a DigestInfo, or nothing
  gsize prefix_size;
  guint8 cla, ins, p1, p2; // the command
  gsize expected;          // its Le
  gsize signature_size;    // of an RSA signature; 0 for ECDSA, whose encoding varies
  gsize component_size;    // of r and of s; 0 for RSA
};

// By name; NULL when there is no such row. (transfer none)
const MdCardProfile *md_card_profile_find (const char *name) G_GNUC_WARN_UNUSED_RESULT;

// The rows in order, for tables and tests; NULL after the last. (transfer none)
const MdCardProfile *md_card_profile_get (guint index);

// What the card gave, as verifiers want it: RSA as it stands; ECDSA as a DER ECDSA-Sig-Value, also
// where the card gives r and s side by side. PROTOCOL for anything else. (transfer full)
GBytes *md_card_profile_read_signature (const MdCardProfile *self, GBytes *answer,
                                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
