// SPDX-License-Identifier: Apache-2.0
#include "fuzz.h"

#include <md-base.h>
#include <md-card.h>

#include <string.h>

/* The same values, stored and read again. */
static void
check_copy (MdCardAttributes *attributes)
{
  static const guint8 nothing[32] = { 0 };
  g_autoptr (MdCardAttributes) same = md_card_attributes_ref (attributes);
  g_autoptr (MdCardAttributes) copy = md_card_attributes_new (
      md_card_attributes_get_name (attributes), md_card_attributes_get_address (attributes),
      md_card_attributes_get_birth (attributes), md_card_attributes_get_sex_code (attributes));

  g_assert_cmpint (md_card_attributes_get_sex (copy), ==, md_card_attributes_get_sex (same));
  g_assert_true (md_card_attributes_has_digest (same, md_card_attributes_get_digest (attributes)));
  g_assert_false (md_card_attributes_has_digest (same, nothing));
}

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
  check_copy (attributes);
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

/* A signature as the key's certificate can verify it, in the DER that everybody reads. */
static void
check_signature (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) answer = g_bytes_new (data, size);
  const MdCardProfile *profile;

  for (guint i = 0; (profile = md_card_profile_get (i)) != NULL; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) signature = md_card_profile_read_signature (profile, answer, &error);
      g_autoptr (GBytes) again = NULL;

      g_assert_true (profile == md_card_profile_find (profile->name));
      g_assert_true ((signature == NULL) == (error != NULL));
      if (signature == NULL)
        continue;
      again = md_card_profile_read_signature (profile, signature, NULL);
      g_assert_true (again != NULL && g_bytes_equal (again, signature));
    }
  g_assert_null (md_card_profile_find ("none"));
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
  check_signature (data, size);
  if (md_card_measure_file (data, size, &total))
    g_assert_true (total >= 2 && total <= MD_CARD_FILE_MAX);
  if (md_card_measure_attributes (data, size, &total))
    g_assert_true (total >= 3 && total <= MD_CARD_FILE_MAX);
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
