// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_IDENTITY_INSIDE) && !defined(MD_IDENTITY_COMPILATION)
#error "include <md-identity.h>, not this file"
#endif

#include <md-card.h>

G_BEGIN_DECLS

// How one item of the form stands to the card.
typedef enum
{
  MD_MATCH_SAME,      // character by character
  MD_MATCH_SAME_FORM, // the same but for width, blanks, dashes or compatibility characters: to be
                      // shown, not to stop
  MD_MATCH_DIFFERENT,
  MD_MATCH_UNKNOWN, // one side has nothing
} MdMatch;

typedef struct
{
  MdMatch name;
  MdMatch address;
  MdMatch birth;
  MdMatch sex;
} MdAttributeMatch;

// What the form says; NULL for what it does not have. BIRTH in any form that md_date_parse() reads;
// SEX as the card's code ("1", "2", "9").
typedef struct
{
  const char *name;
  const char *address;
  const char *birth;
  const char *sex;
} MdAttributeClaim;

void md_identity_compare (const MdCardAttributes *card, const MdAttributeClaim *claim,
                          MdAttributeMatch *out_match);

// FALSE when one item is DIFFERENT (R-IDN-03: one difference is enough).
gboolean md_attribute_match_holds (const MdAttributeMatch *match) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
