// SPDX-License-Identifier: Apache-2.0
#include "fixture.h"

#include <string.h>

/* Each form, and a birth date that fits it. */
static const char *const forms[][2] = { { "pension.exemption", "1985-04-01" },
                                        { "care.certification", "1946-03-07" },
                                        { "lem.certificate", "1948-01-15" } };

#define INTAKE "0198c0de-0000-7000-8000-000000000001"

static void
print_findings (MdFormData *data)
{
  GListModel *findings = md_form_data_get_findings (data);

  for (guint i = 0; i < g_list_model_get_n_items (findings); i++)
    {
      g_autoptr (MdFinding) finding = g_list_model_get_item (findings, i);
      MdEntry *entry = md_finding_get_entry (finding);

      g_test_message ("%s: %s", entry ? md_entry_get_id (entry) : "-",
                      md_finding_get_message (finding));
    }
}

/* TRUE when the last validation found something at this field that stops (or, with stops FALSE,
 * that warns). */
static gboolean
has_finding (MdFormData *data, const char *field, gboolean stops)
{
  GListModel *findings = md_form_data_get_findings (data);

  for (guint i = 0; i < g_list_model_get_n_items (findings); i++)
    {
      g_autoptr (MdFinding) finding = g_list_model_get_item (findings, i);
      MdEntry *entry = md_finding_get_entry (finding);

      if (g_strcmp0 (entry ? md_entry_get_id (entry) : NULL, field) == 0
          && md_finding_get_stops (finding) == stops)
        return TRUE;
    }
  return FALSE;
}

static void
assert_valid (MdFormData *data)
{
  gboolean valid = md_form_data_validate (data);

  print_findings (data);
  g_assert_true (valid);
}

static void
assert_stops_at (MdFormData *data, const char *field)
{
  g_assert_false (md_form_data_validate (data));
  print_findings (data);
  g_assert_true (has_finding (data, field, TRUE));
  g_assert_nonnull (md_entry_get_error (md_form_data_get_entry (data, field)));
}

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
      assert_valid (data);
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
          assert_stops_at (data, md_entry_get_id (wanted));
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
  assert_valid (data);
  prefill (data, "田中 太郎", "123456789018");
  g_assert_cmpstr (md_form_data_get_value (data, "p.name"), ==, "鈴木 太郎");
  g_assert_true (md_entry_get_corrected (name) && !md_entry_has_reason (name));
  assert_stops_at (data, "p.name");
  g_assert_true (md_entry_unlock (name, "婚姻による改姓", &error));
  assert_valid (data);
  prefill (data, "鈴木 太郎", "123456789018");
  g_assert_true (md_entry_get_locked (name) && !md_entry_get_corrected (name));
  assert_valid (data);
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
  assert_valid (data);
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
  assert_valid (data);
  type_number (number, another);
  g_assert_true (md_entry_get_corrected (number));
  g_assert_null (strstr (md_entry_get_error (number), "9018"));
  assert_stops_at (data, "p.mynum");
  type_number (number, card);
  g_assert_false (md_entry_get_corrected (number));
  g_assert_true (md_entry_holds_number (number, card) && !md_entry_holds_number (number, another));
  assert_valid (data);
  type_number (number, another);
  g_assert_true (md_entry_restore_card (number));
  g_assert_true (md_entry_holds_number (number, card) && md_entry_get_locked (number));
  assert_valid (data);
  md_form_data_wipe (data);
  g_assert_true (md_form_data_is_empty (data));
}

static void
test_conditions (void)
{
  g_autoptr (MdFormData) data = fixture_data ("pension.exemption", MD_ROLE_CLERK_NUMBER);
  MdEntry *lost = md_form_data_get_entry (data, "n.unemp_date");
  MdEntry *agent = md_form_data_get_entry (data, "a.name");
  MdEntry *again = md_form_data_get_entry (data, "n.ex_cont");

  fixture_fill (data, "1985-04-01");
  g_assert_false (md_entry_get_visible (lost));
  fixture_type (data, "n.ex_special", "unemployment");
  g_assert_true (md_entry_get_visible (lost) && md_entry_get_required (lost));
  assert_stops_at (data, "n.unemp_date");
  fixture_type (data, "n.unemp_date", "R8.3.31");
  assert_valid (data);

  g_assert_true (md_entry_get_visible (again));
  fixture_type (data, "n.ex_kind", "half");
  g_assert_false (md_entry_get_visible (again));

  g_assert_false (md_entry_get_visible (agent));
  fixture_type (data, "a.kind", "agent");
  g_assert_true (md_entry_get_visible (agent) && md_entry_get_required (agent));
  assert_stops_at (data, "a.authority");
}

static void
test_pension_checks (void)
{
  g_autoptr (MdFormData) data = fixture_data ("pension.exemption", MD_ROLE_CLERK_NUMBER);

  fixture_fill (data, "1985-04-01");
  fixture_type (data, "n.ex_to", "2026-06");
  assert_stops_at (data, "n.ex_to");
  fixture_type (data, "n.ex_to", "2027-07");
  assert_stops_at (data, "n.ex_to");
  fixture_type (data, "n.ex_to", "2027-06");
  assert_valid (data);
  fixture_type (data, "n.ex_from", "2026-06");
  assert_stops_at (data, "n.ex_from");

  /* CK-11: 2 years and 1 month back from November 2026 is October 2024. */
  fixture_type (data, "n.ex_year", "2024");
  fixture_type (data, "n.ex_to", "2025-06");
  fixture_type (data, "n.ex_from", "2024-10");
  assert_valid (data);
  fixture_type (data, "n.ex_from", "2024-09");
  assert_stops_at (data, "n.ex_from");
  fixture_type (data, "n.ex_from", "2024-10");
  fixture_type (data, "inc.declared", "not-yet");
  assert_valid (data);
  g_assert_true (has_finding (data, "inc.declared", FALSE));
}

/* 50 is reached on the day before the birthday; deferment is for the months before that one. */
static void
test_deferment_age (void)
{
  static const struct
  {
    const char *birth;
    gboolean valid;
  } rows[] = { { "1976-08-02", TRUE }, { "1976-08-01", FALSE }, { "1950-01-01", FALSE } };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (MdFormData) data = fixture_data ("pension.exemption", MD_ROLE_CLERK_NUMBER);

      fixture_fill (data, rows[i].birth);
      fixture_type (data, "n.ex_kind", "deferment");
      g_assert_cmpint (md_form_data_validate (data), ==, rows[i].valid);
      g_assert_cmpint (has_finding (data, "n.ex_kind", TRUE), ==, !rows[i].valid);
    }
}

/* R-FORM-24, R-FORM-25: the boundaries of 39/40 and 64/65, by the law's way of counting. */
static void
test_care_category (void)
{
  static const struct
  {
    const char *birth, *kind;
  } rows[] = { { "1986-11-23", NULL },     /* 40 tomorrow's morning: still 39 */
               { "1986-11-22", "second" }, /* 40 at the end of this day */
               { "1961-11-23", "second" },
               { "1961-11-22", "first" },
               { "1946-03-07", "first" } };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (MdFormData) data = fixture_data ("care.certification", MD_ROLE_CLERK_NUMBER);
      gboolean second = g_strcmp0 (rows[i].kind, "second") == 0;

      fixture_fill (data, rows[i].birth);
      g_assert_cmpstr (md_form_data_get_value (data, "k.kind"), ==, rows[i].kind);
      g_assert_cmpint (md_entry_get_required (md_form_data_get_entry (data, "k.spec_disease")), ==,
                       second);
      g_assert_cmpint (md_entry_get_required (md_form_data_get_entry (data, "k.mi_no")), ==,
                       second);
      g_assert_cmpint (md_form_data_validate (data), ==, g_strcmp0 (rows[i].kind, "first") == 0);
      g_assert_cmpint (has_finding (data, "k.kind", FALSE), ==, second);
      g_assert_cmpint (has_finding (data, "p.birth", TRUE), ==, rows[i].kind == NULL);
    }
}

/* R-FORM-30: 64/65 and 74/75. */
static void
test_lem_age (void)
{
  static const struct
  {
    const char *birth;
    gboolean valid, warns;
  } rows[] = { { "1961-11-23", FALSE, FALSE },
               { "1961-11-22", TRUE, TRUE },
               { "1951-11-23", TRUE, TRUE },
               { "1951-11-22", TRUE, FALSE } };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (MdFormData) data = fixture_data ("lem.certificate", MD_ROLE_CLERK_NUMBER);

      fixture_fill (data, rows[i].birth);
      g_assert_cmpint (md_form_data_validate (data), ==, rows[i].valid);
      g_assert_cmpint (has_finding (data, "p.birth", FALSE), ==, rows[i].warns);
    }
}

static void
test_lem_kind_is_derived (void)
{
  g_autoptr (MdFormData) data = fixture_data ("lem.certificate", MD_ROLE_CLERK_NUMBER);
  g_autoptr (GError) error = NULL;

  fixture_fill (data, "1948-01-15");
  g_assert_cmpstr (md_form_data_get_value (data, "l.cert_kind"), ==, "certificate");
  g_assert_true (md_form_data_set_system (data, "l.card_state", "registered", &error));
  g_assert_cmpstr (md_form_data_get_value (data, "l.cert_kind"), ==, "notice");
  fixture_type (data, "l.cert_reason", "special-care");
  g_assert_cmpstr (md_form_data_get_value (data, "l.cert_kind"), ==, "certificate");
  fixture_type (data, "a.kind", "ex-officio");
  assert_stops_at (data, "a.kind");
}

/* R-FORM-16 */
static void
test_exemption_kinds (void)
{
  g_autoptr (MdFormData) data = fixture_data ("pension.exemption", MD_ROLE_CLERK_NUMBER);
  MdEntry *kind = md_form_data_get_entry (data, "n.ex_kind");
  const char *const *labels;
  const char *const *codes = md_entry_get_choices (kind, &labels);
  const char *const expected[] = { "full", "three-quarters", "half", "quarter", "deferment", NULL };

  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    g_assert_cmpstr (codes[i], ==, expected[i]);
  g_assert_cmpuint (g_strv_length ((char **)(guintptr)labels), ==, 5);
  fixture_fill (data, "1985-04-01");
  fixture_type (data, "n.ex_kind", "student");
  assert_stops_at (data, "n.ex_kind");
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
  assert_valid (data);
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
  assert_stops_at (data, "n.spouse_mynum"); /* the person's own number again */
  md_entry_clear (spouse);
  assert_valid (data);
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
  assert_valid (data);
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
  assert_valid (data);
  g_assert_true (has_finding (data, NULL, FALSE));
  md_attachment_set_handed_in (slip, TRUE);
  assert_valid (data);
  g_assert_false (has_finding (data, NULL, FALSE));
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
  g_test_add_func ("/forms/form-data/conditions", test_conditions);
  g_test_add_func ("/forms/form-data/pension-checks", test_pension_checks);
  g_test_add_func ("/forms/form-data/deferment-age", test_deferment_age);
  g_test_add_func ("/forms/form-data/care-category", test_care_category);
  g_test_add_func ("/forms/form-data/lem-age", test_lem_age);
  g_test_add_func ("/forms/form-data/lem-kind-is-derived", test_lem_kind_is_derived);
  g_test_add_func ("/forms/form-data/exemption-kinds", test_exemption_kinds);
  g_test_add_func ("/forms/form-data/office-fields-are-read-only",
                   test_office_fields_are_read_only);
  g_test_add_func ("/forms/form-data/number-without-permission", test_number_without_permission);
  g_test_add_func ("/forms/form-data/number-entry", test_number_entry);
  g_test_add_func ("/forms/form-data/errors-come-when-they-help", test_errors_come_when_they_help);
  g_test_add_func ("/forms/form-data/doubtful-number", test_doubtful_number);
  g_test_add_func ("/forms/form-data/insurer-of-the-office", test_insurer_of_the_office);
  g_test_add_func ("/forms/form-data/masked-after-leaving", test_masked_after_leaving);
  g_test_add_func ("/forms/form-data/covered", test_covered);
  g_test_add_func ("/forms/form-data/wipe", test_wipe);
  g_test_add_func ("/forms/form-data/attachments", test_attachments);
  return g_test_run ();
}
