// SPDX-License-Identifier: Apache-2.0
// Every outcome has words of its own, in English and in Japanese.
#include <md-identity.h>

#include <libintl.h>
#include <locale.h>
#include <string.h>

#define LAST_VERDICT MD_IDENTITY_BAD_DATA

static gboolean
has_japanese (const char *text)
{
  for (const char *p = text; *p != '\0'; p++)
    if ((guint8)*p >= 0xe3)
      return TRUE;
  return FALSE;
}

static void
assert_words (const MdCardText *text, GHashTable *titles, gboolean japanese)
{
  const char *const parts[] = { text->title, text->meaning, text->action };
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_assert_cmpuint (strlen (parts[i]), >, 8);
      if (has_japanese (parts[i]) != japanese)
        g_error ("not in the right language: %s", parts[i]);
    }
  if (!g_hash_table_add (titles, g_strdup (text->title)))
    g_error ("two outcomes share a title: %s", text->title);
}

static void
check_all (gboolean japanese)
{
  g_autoptr (GHashTable) titles = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (int verdict = 0; verdict <= LAST_VERDICT; verdict++)
    {
      g_autoptr (MdCardText) text = md_identity_text_for_verdict ((MdIdentityVerdict)verdict);
      assert_words (text, titles, japanese);
      g_assert_true (has_japanese (md_identity_verdict_get_label ((MdIdentityVerdict)verdict))
                     == japanese);
    }
  for (int code = 0; code <= MD_CARD_ERROR_PIN_SENT_BEFORE; code++)
    {
      g_autoptr (GError) error = NULL;
      md_card_error_set (&error, (MdCardError)code);
      g_autoptr (MdCardText) text = md_identity_text_for_error (error);
      assert_words (text, titles, japanese);
      g_assert_true (has_japanese (error->message) == japanese);
    }
  static const int identity_codes[]
      = { MD_IDENTITY_ERROR_NUMBER_CHECK, MD_IDENTITY_ERROR_CHALLENGE };
  for (gsize i = 0; i < G_N_ELEMENTS (identity_codes); i++)
    {
      g_autoptr (GError) error = g_error_new_literal (MD_IDENTITY_ERROR, identity_codes[i], "x");
      g_autoptr (MdCardText) text = md_identity_text_for_error (error);
      assert_words (text, titles, japanese);
    }
  g_autoptr (GError) cancelled = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "x");
  g_autoptr (MdCardText) text = md_identity_text_for_error (cancelled);
  assert_words (text, titles, japanese);
}

static void
test_english (void)
{
  check_all (FALSE);
}

static void
speak_japanese (void)
{
  // C.UTF-8 is not translated; any other locale name with LANGUAGE is. The catalogue comes from the
  // build directory.
  g_autofree char *catalogue = g_build_filename (g_getenv ("MADOGUCHI_BUILD"), "po", NULL);
  g_setenv ("LANGUAGE", "ja", TRUE);
  setlocale (LC_ALL, "C.UTF-8");
  bindtextdomain ("madoguchi", catalogue);
  bind_textdomain_codeset ("madoguchi", "UTF-8");
  textdomain ("madoguchi");
}

static void
test_japanese (void)
{
  speak_japanese ();
  g_assert_true (has_japanese (gettext ("The PIN is locked.")));
  check_all (TRUE);
  g_autoptr (GError) error = NULL;
  md_card_error_set_pin (&error, MD_CARD_ERROR_PIN_WRONG, MD_CARD_PIN_AUTH, 2);
  g_autoptr (MdCardText) text = md_card_text_for_error (error);
  g_assert_cmpstr (text->title, ==,
                   "利用者証明用電子証明書の暗証番号が違います。あと2回入力できます。");
}

static void
test_verdict_words (void)
{
  for (int i = 0; i <= LAST_VERDICT; i++)
    {
      MdIdentityVerdict verdict = MD_IDENTITY_VALID;
      const char *word = md_identity_verdict_to_string ((MdIdentityVerdict)i);
      g_assert_true (md_identity_verdict_from_string (word, &verdict));
      g_assert_cmpint (verdict, ==, i);
    }
  for (int i = 0; i <= MD_IDENTITY_CARD_EXPIRED; i++)
    g_assert_cmpint (
        md_policy_look_up_verdict (md_identity_verdict_to_string ((MdIdentityVerdict)i)), !=,
        MD_VERDICT_WORD_UNKNOWN);
  g_assert_cmpint (md_policy_look_up_verdict ("good"), ==, MD_VERDICT_WORD_UNKNOWN);
  MdIdentityVerdict verdict;
  g_assert_false (md_identity_verdict_from_string ("good", &verdict));
  g_assert_false (md_identity_verdict_from_string (NULL, &verdict));
}

// Only a valid card goes on without a word; a missing answer goes on marked; everything else stops,
// also a certificate that its own authority does not know.
static void
test_permissions (void)
{
  for (int i = 0; i <= LAST_VERDICT; i++)
    {
      MdIdentityPermission expected = MD_IDENTITY_STOP;
      if (i == MD_IDENTITY_VALID || i == MD_IDENTITY_LISTED)
        expected = MD_IDENTITY_PROCEED;
      else if (i == MD_IDENTITY_DEFERRED)
        expected = MD_IDENTITY_PROCEED_DEFERRED;
      g_assert_cmpint (md_identity_verdict_get_permission ((MdIdentityVerdict)i), ==, expected);
    }
}

static void
test_from_pki (void)
{
  static const struct
  {
    MdVerdictStatus status;
    MdIdentityVerdict verdict;
  } rows[] = {
    { MD_VERDICT_VALID, MD_IDENTITY_VALID },
    { MD_VERDICT_EXPIRED, MD_IDENTITY_EXPIRED },
    { MD_VERDICT_NOT_YET_VALID, MD_IDENTITY_NOT_YET_VALID },
    { MD_VERDICT_REVOKED, MD_IDENTITY_REVOKED },
    { MD_VERDICT_SUSPENDED, MD_IDENTITY_SUSPENDED },
    { MD_VERDICT_UNTRUSTED_ISSUER, MD_IDENTITY_UNTRUSTED_ISSUER },
    { MD_VERDICT_WRONG_PROFILE, MD_IDENTITY_WRONG_PROFILE },
    { MD_VERDICT_TEST_CERTIFICATE, MD_IDENTITY_TEST_CARD },
    { MD_VERDICT_BAD_SIGNATURE, MD_IDENTITY_BAD_CERTIFICATE },
    { MD_VERDICT_REVOCATION_UNKNOWN, MD_IDENTITY_REVOCATION_UNKNOWN },
    { MD_VERDICT_DEFERRED, MD_IDENTITY_DEFERRED },
  };
  g_assert_cmpuint (G_N_ELEMENTS (rows), ==, MD_N_VERDICT_STATUSES);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_cmpint (md_identity_verdict_from_pki (rows[i].status), ==, rows[i].verdict);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add_func ("/identity/identity-text/" name, func)
  ADD ("english", test_english);
  ADD ("verdict-words", test_verdict_words);
  ADD ("permissions", test_permissions);
  ADD ("from-pki", test_from_pki);
  ADD ("japanese", test_japanese); // last: it changes the language of the process
#undef ADD
  return g_test_run ();
}
