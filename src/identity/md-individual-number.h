// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_IDENTITY_INSIDE) && !defined(MD_IDENTITY_COMPILATION)
#error "include <md-identity.h>, not this file"
#endif

#include <glib-object.h>
#include <md-base.h>

G_BEGIN_DECLS

#define MD_IDENTITY_ERROR (md_identity_error_quark ())
GQuark md_identity_error_quark (void);

typedef enum
{
  MD_IDENTITY_ERROR_NUMBER_FORM,  // not twelve digits
  MD_IDENTITY_ERROR_NUMBER_CHECK, // the check digit does not fit, or all zero
  MD_IDENTITY_ERROR_MALFORMED,    // evidence that is not what it should be
  MD_IDENTITY_ERROR_CHALLENGE,    // a challenge that cannot be made (a part is missing or too long)
  MD_IDENTITY_ERROR_PICTURE,      // a picture that is damaged, or not one that cards have
} MdIdentityError;

// A 個人番号 from the twelve digits of a card or of a form: md_number_parse() in the words of this
// module. Refuses a wrong check digit and 000000000000. MD_IDENTITY_ERROR. (transfer full)
MdNumber *md_individual_number_parse (const MdSecret *digits,
                                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
