// SPDX-License-Identifier: Apache-2.0
#include "fuzz.h"

#include <md-base.h>
#include <md-card.h>

#include <string.h>

/* Whatever lies in a file of a card: each parser gives a value within its own rules, or an error of
 * its domain. */
static void
check_texts (const guint8 *data, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MdSecret) number = md_card_parse_number (data, size, NULL);
  g_autoptr (MdCardAttributes) attributes = md_card_parse_attributes (data, size, &error);

  if (number != NULL)
    g_assert_true (md_digits_is (md_secret_get_text (number), 12));
  g_assert_true ((attributes == NULL) == (error != NULL));
  if (attributes == NULL)
    {
      g_assert_true (error->domain == MD_CARD_ERROR);
      return;
    }
  g_assert_true (g_utf8_validate (md_card_attributes_get_name (attributes), -1, NULL));
  g_assert_true (g_utf8_validate (md_card_attributes_get_address (attributes), -1, NULL));
  g_assert_true (md_digits_is (md_card_attributes_get_birth (attributes), 8));
  g_assert_nonnull (md_card_attributes_get_digest (attributes));
}

static void
check_bytes (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) certificate = md_card_parse_certificate (data, size, NULL);
  g_autoptr (GBytes) piv = md_card_parse_piv_certificate (data, size, NULL);
  g_autoptr (GBytes) response = md_card_parse_piv_response (data, size, NULL);

  g_assert_true (certificate == NULL || g_bytes_get_size (certificate) <= size);
  g_assert_true (piv == NULL || g_bytes_get_size (piv) <= size);
  g_assert_true (response == NULL || g_bytes_get_size (response) <= size);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  MdCardIntegrity integrity;
  MdCardIssuer issuer;
  MdCardCommon common;
  gboolean sign_present;
  gboolean auth_present;
  gsize total = 0;
  g_autofree char *label = NULL;

  check_texts (data, size);
  check_bytes (data, size);
  if (md_card_parse_integrity (data, size, &integrity, NULL))
    g_assert_cmpuint (size, >=, sizeof integrity.signed_part + sizeof integrity.signature);
  if (md_card_parse_issuer (data, size, &issuer, NULL))
    g_assert_cmpuint (size, >=, sizeof issuer.signed_part + sizeof issuer.signature);
  if (md_card_measure_file (data, size, &total))
    g_assert_true (total >= 2 && total <= MD_CARD_FILE_MAX);
  (void)md_card_parse_token_label (data, size, &label);
  g_assert_true (label == NULL || g_utf8_validate (label, -1, NULL));
  if (md_card_parse_certificate_flags (data, size, &sign_present, &auth_present))
    g_assert_cmpuint (size, >, 0);
  if (md_card_parse_common (data, size, &common, NULL))
    {
      g_assert_true (memchr (common.serial, 0, sizeof common.serial) != NULL);
      g_assert_true (md_digits_is (common.expiry, 8));
    }
  return 0;
}
