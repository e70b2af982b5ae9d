// SPDX-License-Identifier: Apache-2.0
// Inquiries that stand for a paper, and the numbers of their results.
#include "config.h"

#include <glib/gi18n.h>
#include <md-base.h>
#include <string.h>

#include "md-inquiry.h"

#define DIGITS 10u /* of the year and of the number in it */

static const struct
{
  const char *id, *letters, *label;
} inquiries[MD_N_INQUIRIES] = {
  [MD_INQUIRY_TAX] = { "tax", "TX", N_ ("Tax records") },
  [MD_INQUIRY_REGISTER] = { "register", "RR", N_ ("Resident register") },
  [MD_INQUIRY_WELFARE] = { "welfare", "WF", N_ ("Public assistance") },
  [MD_INQUIRY_CARE] = { "care", "KC", N_ ("Long-term care insurance") },
  [MD_INQUIRY_INSURANCE] = { "insurance", "HI", N_ ("Medical insurance") },
  [MD_INQUIRY_DISABILITY] = { "disability", "DH", N_ ("Disability handbooks") },
};

const char *
md_inquiry_to_id (MdInquiry inquiry)
{
  return inquiries[inquiry].id;
}

const char *
md_inquiry_get_letters (MdInquiry inquiry)
{
  return inquiries[inquiry].letters;
}

const char *
md_inquiry_get_label (MdInquiry inquiry)
{
  return gettext (inquiries[inquiry].label);
}

gboolean
md_inquiry_from_id (const char *id, MdInquiry *out_inquiry)
{
  for (guint i = 0; i < MD_N_INQUIRIES; i++)
    if (g_strcmp0 (id, inquiries[i].id) == 0)
      {
        *out_inquiry = (MdInquiry)i;
        return TRUE;
      }
  return FALSE;
}

gboolean
md_inquiry_read_number (const char *text, MdInquiry *out_inquiry)
{
  static const char shape[] = "AA-0000-000000-0";
  char digits[DIGITS + 2] = "";
  guint n = 0;

  if (!text || strlen (text) != strlen (shape))
    return FALSE;
  for (gsize i = 0; shape[i]; i++)
    {
      if (shape[i] == '-' ? text[i] != '-' : shape[i] == '0' && !g_ascii_isdigit (text[i]))
        return FALSE;
      if (shape[i] == '0')
        digits[n++] = text[i];
    }
  if (digits[0] != '2' || digits[DIGITS] != md_digits_modulus10 (digits, DIGITS))
    return FALSE;
  for (guint i = 0; i < MD_N_INQUIRIES; i++)
    if (strncmp (text, inquiries[i].letters, 2) == 0)
      {
        *out_inquiry = (MdInquiry)i;
        return TRUE;
      }
  return FALSE;
}
