// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_IDENTITY_INSIDE) && !defined(MD_IDENTITY_COMPILATION)
#error "include <md-identity.h>, not this file"
#endif

#include "md-filer.h"
#include "md-signer.h"

G_BEGIN_DECLS

// Whether the form says of who files what was found when that person was identified.
typedef enum
{
  MD_FILER_FITS,
  MD_FILER_OTHER_KIND,  // the form names another kind of filer than the one who was identified
  MD_FILER_OTHER_PAPER, // or another proof of authority
  MD_FILER_NOT_HEAD,    // filed as the head of the household, and the form names another as such
  MD_FILER_APART,       // filed as of the same household, and lives elsewhere
  MD_N_FILER_FITS
} MdFilerFit;

// Of the last two nothing is said where the form holds a record of it ("a.mismatch"): the filer was
// asked. LOOK_UP as for md_signer_find().
MdFilerFit md_filer_find_fit (MdFilerKind identified, MdSignerLookup look_up, gpointer form);

// "fits", "kind", "paper", "head", "household".
const char *md_filer_fit_to_string (MdFilerFit fit);
// For people, translated, static.
const char *md_filer_fit_get_label (MdFilerFit fit);

G_END_DECLS
