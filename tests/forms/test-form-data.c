// SPDX-License-Identifier: Apache-2.0
#include "fixture.h"

#include <string.h>

/* Each form, and a birth date that fits it. */
static const char *const forms[][2] = { { "pension.exemption", "1985-04-01" },
                                        { "care.certification", "1946-03-07" },
                                        { "lem.certificate", "1948-01-15" } };

#define INTAKE "0198c0de-0000-7000-8000-000000000001"

static void
for_each_row (MdFormData *data, void (*check) (MdEntry *entry))
{
  GListModel *sections = md_form_data_get_sections (data);

  for (guint s = 0; s < g_list_model_get_n_items (sections); s++)
    {
      g_autoptr (GListModel) section = g_list_model_get_item (sections, s);

      for (guint i = 0; i < g_list_model_get_n_items (section); i++)
        {
          g_autoptr (MdEntry) entry = g_list_model_get_item (section, i);

          check (entry);
        }
    }
}

static void
assert_no_number (MdEntry *entry)
{
  g_assert_cmpint (md_field_get_sensitivity (md_entry_get_field (entry)), !=, MD_CLASS_MY_NUMBER);
}

static void
assert_covered (MdEntry *entry)
{
  if (!md_field_is_process_item (md_entry_get_field (entry)))
    g_assert_cmpint (md_entry_get_view (entry), <=, MD_VIEW_PRESENCE);
}

static void
test_complete (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (forms); i++)
    {
      g_autoptr (MdFormData) data = fixture_data (forms[i][0], MD_ROLE_CLERK_NUMBER);

      g_assert_cmpuint (g_list_model_get_n_items (md_form_data_get_missing (data)), >, 5);
      fixture_fill (data, forms[i][1]);
      fixture_assert_valid (data);
      g_assert_cmpuint (g_list_model_get_n_items (md_form_data_get_missing (data)), ==, 0);
    }
}

static void
test_every_required_field_stops (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (forms); i++)
    {
      g_autoptr (MdFormData) whole = fixture_data (forms[i][0], MD_ROLE_CLERK_NUMBER);
      GListModel *missing = md_form_data_get_missing (whole);
      guint n = g_list_model_get_n_items (missing);

      for (guint k = 0; k < n; k++)
        {
          g_autoptr (MdEntry) wanted = g_list_model_get_item (missing, k);
          g_autoptr (MdFormData) data = fixture_data (forms[i][0], MD_ROLE_CLERK_NUMBER);
          MdEntry *entry = md_form_data_get_entry (data, md_entry_get_id (wanted));
          g_autoptr (GError) error = NULL;

          fixture_fill (data, forms[i][1]);
          if (md_entry_get_locked (entry))
            g_assert_true (md_entry_unlock (entry, "カードの記載が古い", &error));
          md_entry_clear (entry);
          fixture_assert_stops_at (data, md_entry_get_id (wanted));
        }
    }
}

static void
test_card_values_are_locked (void)
{
  g_autoptr (MdFormData) data = fixture_data ("pension.exemption", MD_ROLE_CLERK_NUMBER);
  MdEntry *name = md_form_data_get_entry (data, "p.name");
  g_autoptr (GError) error = NULL;
  g_autofree char *card = NULL;

  fixture_fill (data, "1985-04-01");
  g_assert_true (md_entry_get_locked (name));
  g_assert_cmpint (md_entry_get_source (name), ==, MD_SOURCE_CARD);
  g_assert_cmpint (md_entry_get_view (name), ==, MD_VIEW_READABLE);
  md_entry_set_text (name, "別人");
  g_assert_cmpstr (md_entry_get_display (name), ==, "田中 太郎");

  g_assert_false (md_entry_unlock (name, "", &error));
  g_assert_error (error, MD_FORMS_ERROR, MD_FORMS_ERROR_VALUE);
  g_clear_error (&error);
  g_assert_true (md_entry_unlock (name, "婚姻による改姓", &error));
  fixture_type (data, "p.name", "鈴木 太郎");
  g_assert_true (md_entry_get_corrected (name));
  g_object_get (name, "card-display", &card, NULL);
  g_assert_cmpstr (card, ==, "田中 太郎");
  g_assert_cmpstr (md_form_data_get_reason (data, "p.name"), ==, "婚姻による改姓");
}

static void
prefill (MdFormData *data, const char *name, const char *number)
{
  g_autoptr (MdSecret) secret = md_secret_new_from_text (number);
  const MdCardValues values = { .name = name, .number = secret };

  md_form_data_prefill_card (data, &values);
}

static void
type_number (MdEntry *number, MdSecret *digits)
{
  g_autoptr (GError) error = NULL;

  md_entry_clear (number);
  g_assert_true (md_entry_set_secret (number, digits, &error));
  g_assert_no_error (error);
}

/* What stood there before the card stays until the clerk decides, with a reason or without. */
static void
test_card_does_not_overrule (void)
{
  g_autoptr (MdFormData) data = fixture_data ("pension.exemption", MD_ROLE_CLERK_NUMBER);
  MdEntry *name = md_form_data_get_entry (data, "p.name");
  g_autoptr (GError) error = NULL;

  fixture_fill (data, "1985-04-01");
  g_assert_false (md_entry_restore_card (name));
  g_assert_true (md_entry_unlock (name, "婚姻による改姓", &error));
  fixture_type (data, "p.name", "鈴木 太郎");
  fixture_assert_valid (data);
  prefill (data, "田中 太郎", "123456789018");
  g_assert_cmpstr (md_form_data_get_value (data, "p.name"), ==, "鈴木 太郎");
  g_assert_true (md_entry_get_corrected (name) && !md_entry_has_reason (name));
  fixture_assert_stops_at (data, "p.name");
  g_assert_true (md_entry_unlock (name, "婚姻による改姓", &error));
  fixture_assert_valid (data);
  prefill (data, "鈴木 太郎", "123456789018");
  g_assert_true (md_entry_get_locked (name) && !md_entry_get_corrected (name));
  fixture_assert_valid (data);
}

/* The card writes a wide blank and wide digits, a keyboard plain ones: nobody corrects that, and
 * nobody is asked why. */
static void
test_width_is_no_correction (void)
{
  g_autoptr (MdFormData) data = fixture_data ("pension.exemption", MD_ROLE_CLERK_NUMBER);
  MdEntry *name = md_form_data_get_entry (data, "p.name");
  g_autoptr (GError) error = NULL;

  fixture_fill (data, "1985-04-01");
  g_assert_true (md_entry_unlock (name, "書き写し", &error));
  fixture_type (data, "p.name", "田中");
  fixture_type (data, "p.name", "田中 太郎");
  prefill (data, "田中　太郎", "123456789018");
  g_assert_true (md_entry_get_locked (name) && !md_entry_get_corrected (name));
  g_assert_cmpstr (md_form_data_get_value (data, "p.name"), ==, "田中　太郎");
  fixture_assert_valid (data);
  g_assert_true (md_entry_unlock (name, "書き写し", &error));
  fixture_type (data, "p.name", "田中 太郎");
  g_assert_false (md_entry_get_corrected (name));
  fixture_type (data, "p.name", "田 中太郎");
  g_assert_true (md_entry_get_corrected (name));
}

/* R-CARD-02: a number that is not the card's stops, whatever the reason; to say nothing of it takes
 * the reason why it is missing. */
static void
test_another_number_stops (void)
{
  g_autoptr (MdFormData) data = fixture_data ("pension.exemption", MD_ROLE_CLERK_NUMBER);
  MdEntry *number = md_form_data_get_entry (data, "p.mynum");
  g_autoptr (MdSecret) another = md_secret_new_from_text ("111111111118");
  g_autoptr (MdSecret) card = md_secret_new_from_text ("123456789018");
  g_autoptr (GError) error = NULL;

  fixture_fill (data, "1985-04-01");
  prefill (data, "田中 太郎", "123456789018");
  g_assert_true (md_entry_unlock (number, "書き写し", &error));
  fixture_assert_valid (data);
  type_number (number, another);
  g_assert_true (md_entry_get_corrected (number));
  g_assert_null (strstr (md_entry_get_error (number), "9018"));
  fixture_assert_stops_at (data, "p.mynum");
  type_number (number, card);
  g_assert_false (md_entry_get_corrected (number));
  g_assert_true (md_entry_holds_number (number, card) && !md_entry_holds_number (number, another));
  fixture_assert_valid (data);
  type_number (number, another);
  g_assert_true (md_entry_restore_card (number));
  g_assert_true (md_entry_holds_number (number, card) && md_entry_get_locked (number));
  fixture_assert_valid (data);
  md_form_data_wipe (data);
  g_assert_true (md_form_data_is_empty (data));
}

static void
test_office_fields_are_read_only (void)
{
  g_autoptr (MdFormData) data = fixture_data ("pension.exemption", MD_ROLE_CLERK_NUMBER);
  MdEntry *total = md_form_data_get_entry (data, "inc.total");
  g_autoptr (GError) error = NULL;

  g_assert_false (md_entry_get_visible (total));
  md_entry_set_text (total, "100");
  g_assert_null (md_form_data_get_value (data, "inc.total"));
  g_assert_true (md_form_data_set_system (data, "inc.total", "1234567", &error));
  g_assert_true (md_entry_get_visible (total));
  g_assert_cmpint (md_entry_get_view (total), ==, MD_VIEW_READABLE);
  g_assert_cmpstr (md_entry_get_display (total), ==, "¥1,234,567");
  g_assert_cmpint (md_entry_get_source (total), ==, MD_SOURCE_OFFICE);
}

static void
test_number_without_permission (void)
{
  g_autoptr (MdFormData) data = fixture_data ("lem.certificate", MD_ROLE_CLERK);
  g_autoptr (MdSecret) application = NULL;
  g_autoptr (GError) error = NULL;

  fixture_fill (data, "1948-01-15");
  g_assert_null (md_form_data_get_entry (data, "p.mynum"));
  for_each_row (data, assert_no_number);
  fixture_assert_valid (data);
  application = md_form_data_to_application (data, INTAKE, &error);
  g_assert_no_error (error);
  g_assert_null (strstr (md_secret_get_text (application), "123456789018"));
  g_assert_null (md_form_data_to_number (data, INTAKE, &error));
  g_assert_no_error (error);
}

static void
test_number_entry (void)
{
  g_autoptr (MdFormData) data = fixture_data ("pension.exemption", MD_ROLE_CLERK_NUMBER);
  MdEntry *spouse = md_form_data_get_entry (data, "n.spouse_mynum");
  MdEntry *own = md_form_data_get_entry (data, "p.mynum");
  g_autoptr (MdSecret) wrong = md_secret_new_from_text ("123456789012");
  g_autoptr (MdSecret) zeros = md_secret_new_from_text ("000000000000");
  g_autoptr (MdSecret) right = md_secret_new_from_text ("１２３４-5678-9018");
  g_autoptr (GError) error = NULL;

  fixture_fill (data, "1985-04-01");
  fixture_type (data, "n.spouse_name", "田中 花子");
  fixture_type (data, "n.spouse_birth", "S61.5.5");
  g_assert_cmpint (md_entry_get_view (own), ==, MD_VIEW_MASKED);
  g_assert_cmpstr (md_entry_get_display (own), ==, "********9018");
  md_entry_set_revealed (own, TRUE);
  g_assert_cmpstr (md_entry_get_display (own), ==, "123456789018");
  md_entry_set_revealed (own, FALSE);
  g_assert_cmpint (md_entry_get_view (spouse), ==, MD_VIEW_EDITABLE);
  md_entry_set_text (spouse, "123456789018");
  g_assert_false (md_entry_get_filled (spouse));
  g_assert_false (md_entry_set_secret (spouse, wrong, &error));
  g_assert_error (error, MD_FORMS_ERROR, MD_FORMS_ERROR_VALUE);
  g_clear_error (&error);
  g_assert_false (md_entry_set_secret (spouse, zeros, &error));
  g_assert_nonnull (strstr (md_entry_get_error (spouse), "zeros"));
  g_clear_error (&error);
  g_assert_true (md_entry_set_secret (spouse, right, &error));
  g_assert_cmpint (md_entry_get_view (spouse), ==, MD_VIEW_MASKED);
  g_assert_cmpstr (md_entry_get_display (spouse), ==, "********9018");
  g_assert_null (md_entry_get_text (spouse));
  fixture_assert_stops_at (data, "n.spouse_mynum"); /* the person's own number again */
  md_entry_clear (spouse);
  fixture_assert_valid (data);
}

/* Whether REVIEW says something that stops of this field. */
static gboolean
is_left (MdFormData *data, const char *field)
{
  g_autoptr (GPtrArray) left = md_form_data_review (data);

  for (guint i = 0; i < left->len; i++)
    {
      MdEntry *entry = md_finding_get_entry (g_ptr_array_index (left, i));

      if (entry && md_finding_get_stops (g_ptr_array_index (left, i))
          && g_str_equal (md_entry_get_id (entry), field))
        return TRUE;
    }
  return FALSE;
}

/* R-FORM-08: the list of errors, while they are mended. */
static void
test_list_of_errors (void)
{
  g_autoptr (MdFormData) data = fixture_data ("pension.exemption", MD_ROLE_CLERK_NUMBER);
  MdEntry *until = md_form_data_get_entry (data, "n.ex_to");
  MdEntry *kana = md_form_data_get_entry (data, "p.kana");

  fixture_fill (data, "1985-04-01");
  fixture_type (data, "p.kana", NULL);
  fixture_type (data, "n.ex_to", "2027-07");
  g_assert_true (is_left (data, "p.kana"));   /* what is missing needs no asking */
  g_assert_false (is_left (data, "n.ex_to")); /* a check does */
  g_assert_null (md_entry_get_error (kana));
  g_assert_false (md_form_data_validate (data));
  g_assert_true (is_left (data, "p.kana") && is_left (data, "n.ex_to"));

  md_entry_set_text (kana, "漢字"); /* still typing */
  g_assert_true (is_left (data, "p.kana"));
  g_assert_false (md_entry_commit (kana));
  g_assert_true (is_left (data, "p.kana"));
  fixture_type (data, "p.kana", "たなか");
  g_assert_false (is_left (data, "p.kana"));
  g_assert_true (is_left (data, "n.ex_to"));

  md_entry_set_text (until, "2027-08"); /* no better */
  g_assert_null (md_entry_get_error (until));
  g_assert_true (is_left (data, "n.ex_to"));
  g_assert_nonnull (md_entry_get_error (until));
  md_form_data_set_covered (data, TRUE);
  g_assert_null (md_form_data_review (data));
  md_form_data_set_covered (data, FALSE);
  fixture_type (data, "n.ex_year", "2027"); /* put right at another field */
  g_assert_false (is_left (data, "n.ex_to"));
  g_assert_null (md_entry_get_error (until));
  g_assert_false (md_form_data_validate (data)); /* which puts another wrong */
  g_assert_true (is_left (data, "n.ex_from"));
}

static void
test_errors_come_when_they_help (void)
{
  g_autoptr (MdFormData) data = fixture_data ("pension.exemption", MD_ROLE_CLERK_NUMBER);
  MdEntry *birth = md_form_data_get_entry (data, "a.birth");
  MdEntry *memo = md_form_data_get_entry (data, "m.memo");

  fixture_type (data, "a.kind", "agent");
  md_entry_set_text (birth, "S25.3");
  g_assert_null (md_entry_get_error (birth)); /* still typing */
  g_assert_false (md_entry_commit (birth));
  g_assert_nonnull (md_entry_get_error (birth));
  md_entry_set_text (birth, "S25.3.7");
  g_assert_null (md_entry_get_error (birth)); /* taken back at once */
  g_assert_true (md_entry_commit (birth));
  g_assert_cmpstr (md_form_data_get_value (data, "a.birth"), ==, "1950-03-07");
  g_assert_cmpstr (md_entry_get_text (birth), ==, "1950-03-07");

  fixture_type (data, "m.memo", "番号は 1234-5678-9018 です");
  g_assert_nonnull (md_entry_get_error (memo));
  g_assert_null (md_form_data_get_value (data, "m.memo"));
}

/* A last digit that only usually fits: told once the field is left, and never in the way. */
static void
test_doubtful_number (void)
{
  g_autoptr (MdFormData) data = fixture_data ("lem.certificate", MD_ROLE_CLERK_NUMBER);
  MdEntry *insured = md_form_data_get_entry (data, "l.insured");
  GListModel *findings = md_form_data_get_findings (data);
  g_autofree char *cautions = NULL;

  fixture_fill (data, "1948-04-01");
  fixture_type (data, "l.insured", "12345674");
  g_assert_null (md_entry_get_warning (insured));
  md_entry_set_text (insured, "12345678");
  g_assert_null (md_entry_get_warning (insured)); /* still typing */
  g_assert_true (md_entry_commit (insured));
  g_assert_nonnull (md_entry_get_warning (insured));
  g_assert_null (md_entry_get_error (insured));
  fixture_assert_valid (data);
  g_assert_cmpuint (g_list_model_get_n_items (findings), >=, 1);
  cautions = md_form_data_dup_cautions (data);
  g_assert_true (g_str_has_prefix (cautions, "Insured number: The last digit"));
  g_assert_null (strstr (cautions, "1234"));
  md_entry_set_text (insured, "12345674");
  g_assert_null (md_entry_get_warning (insured));
  fixture_type (data, "l.insured", "12345678");
  md_form_data_wipe (data);
  g_assert_null (md_entry_get_warning (insured));
}

/* The office's code and its insurer's number have two check digits. */
static void
test_insurer_of_the_office (void)
{
  g_autoptr (MdFormData) data = fixture_data ("care.certification", MD_ROLE_CLERK_NUMBER);
  g_autoptr (GError) error = NULL;

  g_assert_true (md_form_data_set_system (data, "m.office", "131016", &error));
  g_assert_no_error (error);
  g_assert_cmpstr (md_form_data_get_value (data, "k.insurer"), ==, "131011");
}

/* Health under V1: what was typed is covered once the field is left, and may be revealed. */
static void
test_masked_after_leaving (void)
{
  g_autoptr (MdFormData) data = fixture_data ("lem.certificate", MD_ROLE_CLERK_NUMBER);
  MdEntry *hospital = md_form_data_get_entry (data, "l.hospital");
  gboolean may_reveal;

  md_entry_set_text (hospital, "青空");
  g_assert_cmpint (md_entry_get_view (hospital), ==, MD_VIEW_EDITABLE);
  md_entry_set_text (hospital, "青空病院");
  g_assert_true (md_entry_commit (hospital));
  g_assert_cmpint (md_entry_get_view (hospital), ==, MD_VIEW_MASKED);
  g_assert_cmpstr (md_entry_get_display (hospital), ==, "***");
  g_object_get (hospital, "may-reveal", &may_reveal, NULL);
  g_assert_true (may_reveal);
  md_entry_clear (hospital);
  g_assert_cmpint (md_entry_get_view (hospital), ==, MD_VIEW_EDITABLE);
}

static void
test_covered (void)
{
  g_autoptr (MdFormData) data = fixture_data ("pension.exemption", MD_ROLE_CLERK_NUMBER);

  fixture_fill (data, "1985-04-01");
  md_form_data_set_covered (data, TRUE);
  for_each_row (data, assert_covered);
  md_form_data_set_covered (data, FALSE);
  g_assert_cmpstr (md_entry_get_display (md_form_data_get_entry (data, "p.name")), ==, "田中 太郎");
}

/* Nowhere but in locked pages while nobody may see it; then as it was, half a word included. */
static void
test_park (void)
{
  g_autoptr (MdFormData) data = fixture_data ("pension.exemption", MD_ROLE_CLERK_NUMBER);
  MdEntry *name = md_form_data_get_entry (data, "p.name");
  MdEntry *date = md_form_data_get_entry (data, "n.unemp_date");

  fixture_fill (data, "1985-04-01");
  fixture_type (data, "n.ex_special", "unemployment");
  md_entry_set_text (date, "R8.3.");
  md_form_data_set_covered (data, TRUE);
  g_assert_true (md_form_data_park (data));
  g_assert_true (md_form_data_park (data));
  for_each_row (data, assert_covered);
  g_assert_null (md_form_data_get_value (data, "p.name"));
  g_assert_false (md_form_data_is_empty (data));
  md_form_data_unpark (data);
  for_each_row (data, assert_covered);
  md_form_data_set_covered (data, FALSE);
  md_form_data_unpark (data);
  g_assert_cmpstr (md_entry_get_display (name), ==, "田中 太郎");
  g_assert_cmpstr (md_entry_get_text (date), ==, "R8.3.");
  fixture_type (data, "n.unemp_date", "R8.3.31");
  fixture_assert_valid (data);
  /* And gone with everything else. */
  md_form_data_set_covered (data, TRUE);
  g_assert_true (md_form_data_park (data));
  md_form_data_wipe (data);
  md_form_data_unpark (data);
  md_form_data_set_covered (data, FALSE);
  g_assert_true (md_form_data_is_empty (data));
}

static void
test_wipe (void)
{
  g_autoptr (MdFormData) data = fixture_data ("pension.exemption", MD_ROLE_CLERK_NUMBER);

  fixture_fill (data, "1985-04-01");
  g_assert_false (md_form_data_is_empty (data));
  md_form_data_wipe (data);
  g_assert_true (md_form_data_is_empty (data));
  g_assert_null (md_entry_get_display (md_form_data_get_entry (data, "p.name")));
}

static void
test_attachments (void)
{
  g_autoptr (MdFormData) data = fixture_data ("pension.exemption", MD_ROLE_CLERK_NUMBER);
  g_autoptr (MdAttachment) slip = g_list_model_get_item (md_form_data_get_attachments (data), 0);
  g_autoptr (MdSecret) application = NULL;
  g_autoptr (GError) error = NULL;

  fixture_fill (data, "1985-04-01");
  g_assert_false (md_attachment_get_due (slip));
  fixture_type (data, "n.ex_special", "unemployment");
  fixture_type (data, "n.unemp_date", "2026-03-31");
  g_assert_true (md_attachment_get_due (slip));
  fixture_assert_valid (data);
  g_assert_true (fixture_has_finding (data, "-", FALSE));
  md_attachment_set_handed_in (slip, TRUE);
  fixture_assert_valid (data);
  g_assert_false (fixture_has_finding (data, "-", FALSE));
  application = md_form_data_to_application (data, INTAKE, &error);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (md_secret_get_text (application), "\"m.attach\":[\"separation\"]"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/forms/form-data/complete", test_complete);
  g_test_add_func ("/forms/form-data/every-required-field-stops", test_every_required_field_stops);
  g_test_add_func ("/forms/form-data/card-values-are-locked", test_card_values_are_locked);
  g_test_add_func ("/forms/form-data/card-does-not-overrule", test_card_does_not_overrule);
  g_test_add_func ("/forms/form-data/width-is-no-correction", test_width_is_no_correction);
  g_test_add_func ("/forms/form-data/another-number-stops", test_another_number_stops);
  g_test_add_func ("/forms/form-data/office-fields-are-read-only",
                   test_office_fields_are_read_only);
  g_test_add_func ("/forms/form-data/number-without-permission", test_number_without_permission);
  g_test_add_func ("/forms/form-data/number-entry", test_number_entry);
  g_test_add_func ("/forms/form-data/list-of-errors", test_list_of_errors);
  g_test_add_func ("/forms/form-data/errors-come-when-they-help", test_errors_come_when_they_help);
  g_test_add_func ("/forms/form-data/doubtful-number", test_doubtful_number);
  g_test_add_func ("/forms/form-data/insurer-of-the-office", test_insurer_of_the_office);
  g_test_add_func ("/forms/form-data/masked-after-leaving", test_masked_after_leaving);
  g_test_add_func ("/forms/form-data/covered", test_covered);
  g_test_add_func ("/forms/form-data/park", test_park);
  g_test_add_func ("/forms/form-data/wipe", test_wipe);
  g_test_add_func ("/forms/form-data/attachments", test_attachments);
  return g_test_run ();
}
