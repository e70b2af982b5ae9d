// SPDX-License-Identifier: Apache-2.0
#include "md-individual-number.h"

#include <glib/gi18n.h>
#include <string.h>

#define DIGITS 12
#define SHOWN 4

G_DEFINE_QUARK (md_identity_error_quark, md_identity_error)

struct _MdIndividualNumber
{
  gatomicrefcount count;
  MdSecret *digits;
  char masked[DIGITS + 1];
};

G_DEFINE_BOXED_TYPE (MdIndividualNumber, md_individual_number, md_individual_number_ref,
                     md_individual_number_unref)

// Twelve ASCII digits from what a card, a form or an IME gives. (transfer full, wiped by the
// caller)
static char *
tidy (const MdSecret *text)
{
  char *tidied = md_text_to_digits (md_secret_get_text (text));
  if (tidied == NULL)
    return NULL;
  gsize to = 0;
  for (gsize from = 0; tidied[from] != '\0'; from++)
    if (tidied[from] != '-')
      tidied[to++] = tidied[from];
  tidied[to] = '\0';
  return tidied;
}

static gboolean
check (const char *digits, GError **error)
{
  if (digits == NULL || !md_digits_is (digits, DIGITS))
    {
      g_set_error_literal (error, MD_IDENTITY_ERROR, MD_IDENTITY_ERROR_NUMBER_FORM,
                           _ ("The individual number has twelve digits."));
      return FALSE;
    }
  // All zero satisfies the formula, and is nobody's number.
  if (!md_individual_number_is_valid (digits) || strspn (digits, "0") == DIGITS)
    {
      g_set_error_literal (error, MD_IDENTITY_ERROR, MD_IDENTITY_ERROR_NUMBER_CHECK,
                           _ ("One of the digits of the individual number is not right. Please "
                              "compare it with the card once more."));
      return FALSE;
    }
  return TRUE;
}

MdIndividualNumber *
md_individual_number_parse (const MdSecret *digits, GError **error)
{
  g_return_val_if_fail (digits != NULL, NULL);
  char *tidied = tidy (digits);
  MdIndividualNumber *self = NULL;
  if (check (tidied, error))
    {
      self = g_new0 (MdIndividualNumber, 1);
      g_atomic_ref_count_init (&self->count);
      self->digits = md_secret_new_from_text (tidied);
      memset (self->masked, '*', DIGITS - SHOWN);
      memcpy (self->masked + DIGITS - SHOWN, tidied + DIGITS - SHOWN, SHOWN);
    }
  md_wipe_free_text (tidied);
  return self;
}

MdIndividualNumber *
md_individual_number_ref (MdIndividualNumber *self)
{
  g_atomic_ref_count_inc (&self->count);
  return self;
}

void
md_individual_number_unref (MdIndividualNumber *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->count))
    return;
  md_secret_unref (self->digits);
  md_wipe (self, sizeof *self);
  g_free (self);
}

const char *
md_individual_number_get_masked (const MdIndividualNumber *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return self->masked;
}

const MdSecret *
md_individual_number_get_digits (const MdIndividualNumber *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return self->digits;
}

gboolean
md_individual_number_equal (const MdIndividualNumber *a, const MdIndividualNumber *b)
{
  g_return_val_if_fail (a != NULL && b != NULL, FALSE);
  return md_secret_equal (a->digits, b->digits);
}
