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

// 個人番号. Immutable, counted, its digits in an MdSecret; there is no way to print it but the
// masked form.
#define MD_TYPE_INDIVIDUAL_NUMBER (md_individual_number_get_type ())
typedef struct _MdIndividualNumber MdIndividualNumber;

GType md_individual_number_get_type (void);

// From the twelve digits of a card or of a form: any width, blanks and dashes between them are
// passed over. Refuses a wrong check digit and 000000000000. MD_IDENTITY_ERROR. (transfer full)
MdIndividualNumber *md_individual_number_parse (const MdSecret *digits,
                                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

MdIndividualNumber *md_individual_number_ref (MdIndividualNumber *self);
void md_individual_number_unref (MdIndividualNumber *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdIndividualNumber, md_individual_number_unref)

// "********7188" (transfer none).
const char *md_individual_number_get_masked (const MdIndividualNumber *self);

// The twelve digits, for sealing and nothing else (transfer none).
const MdSecret *md_individual_number_get_digits (const MdIndividualNumber *self);

// In constant time.
gboolean md_individual_number_equal (const MdIndividualNumber *a,
                                     const MdIndividualNumber *b) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
