// SPDX-License-Identifier: Apache-2.0
#include <md-card.h>
#include <string.h>

// Every row can be sent in a short command and its answer asked for.
static void
test_rows (void)
{
  guint count = 0;
  for (const MdCardProfile *row; (row = md_card_profile_get (count)) != NULL; count++)
    {
      g_assert_true (md_card_profile_find (row->name) == row);
      g_assert_cmpint (g_checksum_type_get_length (row->hash), ==, (gssize)row->digest_size);
      g_assert_cmpuint (row->prefix_size + row->digest_size, <=, 255);
      g_assert_cmpuint (row->expected, <=, 256);
      g_assert_true ((row->signature_size == 0) != (row->component_size == 0));
    }
  g_assert_cmpuint (count, >=, 2);
  g_assert_null (md_card_profile_find ("dsa"));
  g_assert_null (md_card_profile_find (NULL));
}

static GBytes *
read_filled (const char *name, gsize size, guint8 fill, GError **error)
{
  g_autofree guint8 *data = g_malloc (size);
  memset (data, fill, size);
  g_autoptr (GBytes) answer = g_bytes_new (data, size);
  return md_card_profile_read_signature (md_card_profile_find (name), answer, error);
}

static void
test_rsa_size (void)
{
  g_autoptr (GBytes) good = read_filled ("rsa-2048", 256, 7, NULL);
  g_assert_cmpuint (g_bytes_get_size (good), ==, 256);
  for (gsize size = 1; size < 300; size += 50)
    {
      g_autoptr (GError) error = NULL;
      g_assert_null (read_filled ("rsa-2048", size, 7, &error));
      g_assert_error (error, MD_CARD_ERROR, MD_CARD_ERROR_PROTOCOL);
    }
}

// r and s side by side become DER: shortest form, a zero before a set top bit.
static void
test_ecdsa_plain (void)
{
  guint8 plain[96] = { 0 };
  plain[0] = 0x80;  // r: top bit set
  plain[95] = 0x05; // s: 5
  g_autoptr (GBytes) answer = g_bytes_new (plain, sizeof plain);
  g_autoptr (GBytes) der
      = md_card_profile_read_signature (md_card_profile_find ("ecdsa-p384"), answer, NULL);
  gsize size = 0;
  const guint8 *data = g_bytes_get_data (der, &size);
  g_assert_cmpuint (size, ==, 2 + 2 + 49 + 3);
  g_assert_cmphex (data[0], ==, 0x30);
  g_assert_cmphex (data[1], ==, size - 2);
  g_assert_cmphex (data[2], ==, 0x02);
  g_assert_cmphex (data[3], ==, 49);
  g_assert_cmphex (data[4], ==, 0x00);
  g_assert_cmphex (data[5], ==, 0x80);
  g_assert_cmphex (data[size - 1], ==, 0x05);

  // What was made is itself taken as it stands.
  g_autoptr (GBytes) again
      = md_card_profile_read_signature (md_card_profile_find ("ecdsa-p384"), der, NULL);
  g_assert_true (g_bytes_equal (der, again));
}

static void
test_ecdsa_refused (void)
{
  static const char *const hex[] = {
    "",
    "30",
    "3000",
    "3006020101020101ff",
    "300602018102010 1",
    "30070202000102 0101",
    "3003020101",
    "3009020101020101020101",
    "308106020101020101",    // a length that would fit into one byte
    "30080281010102810101",  // the same inside
    "3008000002010102 0101", // filler is for files
    "3006020100020101",      // no signature has a zero
  };
  for (gsize i = 0; i < G_N_ELEMENTS (hex); i++)
    {
      g_auto (GStrv) words = g_strsplit (hex[i], " ", -1);
      g_autofree char *text = g_strjoinv ("", words);
      g_autoptr (GBytes) answer = md_hex_decode (text, NULL);
      g_autoptr (GError) error = NULL;
      g_assert_null (
          md_card_profile_read_signature (md_card_profile_find ("ecdsa-p384"), answer, &error));
      g_assert_error (error, MD_CARD_ERROR, MD_CARD_ERROR_PROTOCOL);
    }
}

// Two components of which one is zero are no signature, in whatever form.
static void
test_ecdsa_zero (void)
{
  g_autoptr (GError) error = NULL;
  g_assert_null (read_filled ("ecdsa-p384", 96, 0, &error));
  g_assert_error (error, MD_CARD_ERROR, MD_CARD_ERROR_PROTOCOL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/card/card-profile/rows", test_rows);
  g_test_add_func ("/card/card-profile/rsa-size", test_rsa_size);
  g_test_add_func ("/card/card-profile/ecdsa-plain", test_ecdsa_plain);
  g_test_add_func ("/card/card-profile/ecdsa-refused", test_ecdsa_refused);
  g_test_add_func ("/card/card-profile/ecdsa-zero", test_ecdsa_zero);
  return g_test_run ();
}
