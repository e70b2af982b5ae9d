// SPDX-License-Identifier: Apache-2.0
#include <md-card.h>

#include <glib/gi18n.h>
#include <locale.h>
#include <string.h>

// Each error has words of its own: no two codes share a title, none is empty, none shows a code or
// a digit of a PIN.
static void
test_every_error_has_its_own_words (void)
{
  g_autoptr (GHashTable) titles = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (int code = 0; code <= MD_CARD_ERROR_FAILED; code++)
    {
      g_autoptr (GError) error = NULL;
      md_card_error_set (&error, (MdCardError)code);
      g_autoptr (MdCardText) text = md_card_text_for_error (error);
      g_assert_cmpuint (strlen (text->title), >, 8);
      g_assert_cmpuint (strlen (text->meaning), >, 8);
      g_assert_cmpuint (strlen (text->action), >, 8);
      g_assert_true (g_hash_table_add (titles, g_strdup (text->title)));
      g_assert_cmpstr (md_card_error_nick ((MdCardError)code), !=, "");
    }
}

// Of what is printed on the card: one sentence after the other, and no bracket within a bracket.
static void
test_printed_digits (void)
{
  g_autoptr (GError) error = NULL;
  md_card_error_set_pin (&error, MD_CARD_ERROR_PIN_WRONG, MD_CARD_PIN_FACE_A, 9);
  g_autoptr (MdCardText) text = md_card_text_for_error (error);
  g_assert_cmpstr (text->title, ==,
                   "These digits do not belong to this card. 9 more tries are possible.");
  const char *bracket = strchr (text->meaning, '(');
  g_assert_nonnull (bracket);
  g_assert_null (strchr (bracket + 1, '('));
}

static void
test_tries_are_named (void)
{
  g_autoptr (GError) error = NULL;
  md_card_error_set_pin (&error, MD_CARD_ERROR_PIN_WRONG, MD_CARD_PIN_AUTH, 2);
  g_autoptr (MdCardText) two = md_card_text_for_error (error);
  g_assert_cmpstr (two->title, ==,
                   "The PIN of the user certificate is not right. 2 more tries are possible.");

  g_clear_error (&error);
  md_card_error_set_pin (&error, MD_CARD_ERROR_PIN_WRONG, MD_CARD_PIN_TEXT, 1);
  g_autoptr (MdCardText) one = md_card_text_for_error (error);
  g_assert_cmpstr (one->title, ==,
                   "The PIN for the card's personal data is not right. One last try is left.");

  g_clear_error (&error);
  md_card_error_set_pin (&error, MD_CARD_ERROR_PIN_SAME, MD_CARD_PIN_TEXT, 2);
  g_autoptr (MdCardText) same = md_card_text_for_error (error);
  g_assert_nonnull (strstr (same->title, "It was not sent again; 2 tries are left."));

  g_autofree char *three = md_card_text_for_tries (3);
  g_autofree char *last = md_card_text_for_tries (1);
  g_autofree char *locked = md_card_text_for_tries (0);
  g_assert_cmpstr (three, ==, "3 tries left");
  g_assert_cmpstr (last, ==, "Last try");
  g_assert_cmpstr (locked, ==, "Locked");
}

static void
test_holder_is_named (void)
{
  g_autoptr (GError) error = NULL;
  md_card_error_set (&error, MD_CARD_ERROR_BUSY);
  md_card_error_set_holder (error, "scdaemon");
  g_autoptr (GError) copy = g_error_copy (error);
  g_autoptr (MdCardText) text = md_card_text_for_error (copy);
  g_assert_nonnull (strstr (text->meaning, "scdaemon"));
}

static void
test_staff_pin_has_other_help (void)
{
  g_autoptr (GError) resident = NULL;
  g_autoptr (GError) staff = NULL;
  md_card_error_set_pin (&resident, MD_CARD_ERROR_PIN_BLOCKED, MD_CARD_PIN_AUTH, 0);
  md_card_error_set_pin (&staff, MD_CARD_ERROR_PIN_BLOCKED, MD_CARD_PIN_STAFF, 0);
  g_autoptr (MdCardText) one = md_card_text_for_error (resident);
  g_autoptr (MdCardText) other = md_card_text_for_error (staff);
  g_assert_cmpstr (one->action, !=, other->action);
}

// After a PIN went out nobody can say that no try was used; before it, everybody can.
static void
test_a_lost_answer (void)
{
  static const MdCardError broken[]
      = { MD_CARD_ERROR_REMOVED, MD_CARD_ERROR_TIMEOUT, MD_CARD_ERROR_SERVICE_LOST,
          MD_CARD_ERROR_FAILED,  MD_CARD_ERROR_MUTE,    MD_CARD_ERROR_PROTOCOL };
  for (gsize i = 0; i < G_N_ELEMENTS (broken); i++)
    {
      g_autoptr (GError) error = NULL;
      md_card_error_set (&error, broken[i]);
      g_assert_false (md_card_error_is_unanswered (error));
      g_autoptr (MdCardText) before = md_card_text_for_error (error);
      g_assert_null (strstr (before->meaning, "counts as one wrong entry"));

      md_card_error_set_unanswered (&error, MD_CARD_PIN_SIGN);
      g_autoptr (GError) copy = g_error_copy (error);
      g_assert_true (md_card_error_is_unanswered (copy));
      g_autoptr (MdCardText) after = md_card_text_for_error (copy);
      g_assert_cmpstr (after->title, ==, before->title);
      g_assert_null (strstr (after->meaning, "does not count"));
      g_assert_nonnull (strstr (after->meaning, "counts as one wrong entry"));
      g_assert_nonnull (strstr (after->meaning, "password of the signature certificate"));
      g_assert_cmpint (strstr (before->meaning, "does not count") != NULL, ==, i < 4);
    }
}

static void
test_detail_travels (void)
{
  g_autoptr (GError) error = NULL;
  md_card_error_set_detail (&error, MD_CARD_ERROR_PROTOCOL, "%04x", 0x6985);
  g_autoptr (GError) copy = g_error_copy (error);
  g_assert_cmpstr (md_card_error_get_detail (copy), ==, "6985");
  g_assert_null (strstr (copy->message, "6985"));
  g_assert_cmpint (md_card_error_get_tries (copy), ==, MD_CARD_TRIES_UNKNOWN);
}

static void
test_cancelled (void)
{
  g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "x");
  g_autoptr (MdCardText) text = md_card_text_for_error (error);
  g_assert_cmpstr (text->title, ==, "Reading the card was stopped.");
  g_assert_cmpstr (text->meaning, ==, "Nothing was recorded.");
  // While a PIN was on its way.
  md_card_error_set_unanswered (&error, MD_CARD_PIN_AUTH);
  g_assert_error (error, MD_CARD_ERROR, MD_CARD_ERROR_STOPPED);
  g_autoptr (MdCardText) after = md_card_text_for_error (error);
  g_assert_cmpstr (after->title, !=, text->title);
  g_assert_nonnull (strstr (after->meaning, "counts as one wrong entry"));
  g_assert_nonnull (strstr (after->meaning, "PIN of the user certificate"));
}

// What travels with our errors is simply not there in those of others.
static void
test_foreign (void)
{
  g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CLOSED, "closed");
  g_assert_cmpint (md_card_error_get_tries (error), ==, MD_CARD_TRIES_UNKNOWN);
  g_assert_cmpint (md_card_error_get_pin (error), ==, MD_CARD_PIN_NONE);
  g_assert_null (md_card_error_get_detail (error));
  g_assert_null (md_card_error_get_holder (error));
  md_card_error_set_unanswered (&error, MD_CARD_PIN_AUTH);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  g_assert_false (md_card_error_is_unanswered (error));
}

// In a program with words of its own, the card's are found in their catalogue all the same.
static void
test_in_another_program (void)
{
  g_autofree char *catalogue = g_build_filename (g_getenv ("MADOGUCHI_BUILD"), "po", NULL);
  g_autoptr (GError) error = NULL;
  g_setenv ("LANGUAGE", "ja", TRUE);
  setlocale (LC_ALL, "C.UTF-8");
  bindtextdomain ("madoguchi", catalogue);
  bind_textdomain_codeset ("madoguchi", "UTF-8");
  g_assert_cmpstr (textdomain (NULL), ==, "messages");
  md_card_error_set_pin (&error, MD_CARD_ERROR_PIN_WRONG, MD_CARD_PIN_AUTH, 2);
  g_autoptr (MdCardText) text = md_card_text_for_error (error);
  g_assert_cmpstr (text->title, ==,
                   "利用者証明用電子証明書の暗証番号が違います。あと2回入力できます。");
  g_assert_cmpstr (error->message, !=, "");
  g_unsetenv ("LANGUAGE");
  setlocale (LC_ALL, "");
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add_func ("/card/card-text/" name, func)
  ADD ("foreign", test_foreign);
  ADD ("every-error-has-its-own-words", test_every_error_has_its_own_words);
  ADD ("printed-digits", test_printed_digits);
  ADD ("tries-are-named", test_tries_are_named);
  ADD ("holder-is-named", test_holder_is_named);
  ADD ("staff-pin-has-other-help", test_staff_pin_has_other_help);
  ADD ("a-lost-answer", test_a_lost_answer);
  ADD ("detail-travels", test_detail_travels);
  ADD ("cancelled", test_cancelled);
#undef ADD
  g_test_add_func ("/card/card-text/in-another-program", test_in_another_program);
  return g_test_run ();
}
