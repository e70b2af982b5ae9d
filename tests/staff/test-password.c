// SPDX-License-Identifier: Apache-2.0
#include "md-staff.h"

static MdSecret *
secret (const char *text)
{
  return md_secret_new_from_text (text);
}

static void
test_matches (void)
{
  g_autoptr (MdSecret) right = secret ("correct horse");
  g_autoptr (MdSecret) wrong = secret ("correct horsf");
  g_autoptr (MdSecret) longer = secret ("correct horse ");
  g_autoptr (MdSecret) empty = secret ("");
  g_autoptr (MdPasswordVerifier) verifier = md_password_verifier_new (right, NULL);

  g_assert_nonnull (verifier);
  g_assert_true (md_password_verifier_matches (verifier, right));
  g_assert_false (md_password_verifier_matches (verifier, wrong));
  g_assert_false (md_password_verifier_matches (verifier, longer));
  g_assert_false (md_password_verifier_matches (verifier, empty));
}

static void
test_text_form (void)
{
  g_autoptr (MdSecret) right = secret ("correct horse");
  g_autoptr (MdPasswordVerifier) one = md_password_verifier_new (right, NULL);
  g_autoptr (MdPasswordVerifier) two = md_password_verifier_new (right, NULL);
  g_autofree char *text = md_password_verifier_to_string (one);
  g_autofree char *other = md_password_verifier_to_string (two);
  g_autoptr (MdPasswordVerifier) again = md_password_verifier_parse (text, NULL);

  g_assert_true (g_str_has_prefix (text, "scrypt$32768$8$1$"));
  g_assert_cmpstr (text, !=, other); /* another salt */
  g_assert_null (g_strstr_len (text, -1, "horse"));
  g_assert_nonnull (again);
  g_assert_true (md_password_verifier_matches (again, right));
}

/* Made with Python's hashlib.scrypt: the same parameters give the same bytes elsewhere. */
static const char scrypt_row[] = "scrypt$16384$8$1$000102030405060708090a0b0c0d0e0f$5"
                                 "31604fe738df33ae62cd2b994bfe3f573ed28c0d9e5547f875b6413189ce59a";

static void
test_row_made_elsewhere (void)
{
  g_autoptr (MdSecret) right = secret ("pleaseletmein");
  g_autoptr (GError) error = NULL;
  g_autoptr (MdPasswordVerifier) verifier = md_password_verifier_parse (scrypt_row, &error);

  g_assert_no_error (error);
  g_assert_true (md_password_verifier_matches (verifier, right));
}

static void
test_refuses_damaged_rows (void)
{
  const char *bad[] = {
    NULL,
    "",
    "scrypt",
    "plain$32768$8$1$00112233445566778899aabbccddeeff$00",
    "scrypt$32768$8$1$00112233445566778899aabbccddeeff$00",
    "scrypt$32767$8$1$00112233445566778899aabbccddeeff$"
    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
    "scrypt$1073741824$8$1$00112233445566778899aabbccddeeff$"
    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
    "scrypt$32768$4096$1$00112233445566778899aabbccddeeff$"
    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
    "scrypt$32768$8$1$00112233445566778899aabbccddeeff$"
    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f$more",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (md_password_verifier_parse (bad[i], &error));
      g_assert_error (error, MD_STAFF_ERROR, MD_STAFF_ERROR_FAILED);
    }
}

static void
test_acceptable (void)
{
  const char *bad[] = { "",         "short",    "aaaaaaaaaa", "12345678",
                        "87654321", "abcdefgh", "S0001xyz",   "あああああああああ" };
  const char *good[] = { "correct horse", "Uketsuke#2026", "窓口は九時に開きます", "12345679" };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (MdSecret) password = secret (bad[i]);
      g_autoptr (GError) error = NULL;

      g_assert_false (md_password_is_acceptable (password, "s0001XYZ", &error));
      g_assert_error (error, MD_STAFF_ERROR, MD_STAFF_ERROR_WEAK);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr (MdSecret) password = secret (good[i]);
      g_autoptr (GError) error = NULL;

      g_assert_true (md_password_is_acceptable (password, "S0001", &error));
      g_assert_no_error (error);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/staff/password/matches", test_matches);
  g_test_add_func ("/staff/password/text-form", test_text_form);
  g_test_add_func ("/staff/password/row-made-elsewhere", test_row_made_elsewhere);
  g_test_add_func ("/staff/password/refuses-damaged-rows", test_refuses_damaged_rows);
  g_test_add_func ("/staff/password/acceptable", test_acceptable);
  return g_test_run ();
}
