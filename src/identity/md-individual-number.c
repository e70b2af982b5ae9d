// SPDX-License-Identifier: Apache-2.0
#include "md-individual-number.h"

#include <glib/gi18n.h>

G_DEFINE_QUARK (md_identity_error_quark, md_identity_error)

MdNumber *
md_individual_number_parse (const MdSecret *digits, GError **error)
{
  g_autoptr (GError) cause = NULL;
  MdNumber *number;

  g_return_val_if_fail (digits != NULL, NULL);

  number = md_number_parse (MD_NUMBER_INDIVIDUAL, md_secret_get_text (digits), &cause);
  if (number != NULL)
    return number;
  if (g_error_matches (cause, MD_NUMBER_ERROR, MD_NUMBER_ERROR_LENGTH)
      || g_error_matches (cause, MD_NUMBER_ERROR, MD_NUMBER_ERROR_CHARACTER))
    g_set_error_literal (error, MD_IDENTITY_ERROR, MD_IDENTITY_ERROR_NUMBER_FORM,
                         _ ("The individual number has twelve digits."));
  else
    g_set_error_literal (error, MD_IDENTITY_ERROR, MD_IDENTITY_ERROR_NUMBER_CHECK,
                         _ ("One of the digits of the individual number is not right. Please "
                            "compare it with the card once more."));
  return NULL;
}
