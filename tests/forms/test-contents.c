// SPDX-License-Identifier: Apache-2.0
/* What the forms of data/forms ask for at all, whatever is typed: nothing that is another section's
 * business, no number where none belongs, and what every form of a kind has to ask. classes.tsv
 * says what is sensitive of it. */
#include "fixture.h"

#include <string.h>

/* What the work of each section needs to know of people, and nothing else; a group or a field. */
static const struct
{
  const char *domain, *fields[12];
} duties[] = {
  { "pension.", { "p.", "m.", "e.", "a.", "n.", "inc.", "b.", "k.sw_" } },
  { "care.", { "p.", "m.", "e.", "a.", "k.", "d.", "h.", "inc.", "b.", "n.spouse_" } },
  { "lem.",
    { "p.", "m.", "e.", "a.", "l.", "d.", "h.", "inc.", "b.", "k.savings", "n.dead_mynum" } },
  { "health.", { "p.", "m.", "e.", "a.", "s.", "h.", "inc.tax", "k.sw_start", "j.recv_way" } },
  { "juki.", { "p.", "m.", "e.", "a.", "j." } },
  { "common.", { "p.", "m.", "e.", "a.", "q.", "g.", "j.recv_way" } },
};

static gboolean
belongs_to_duty (const char *form, const char *field)
{
  guint d = 0;

  while (d < G_N_ELEMENTS (duties) && !g_str_has_prefix (form, duties[d].domain))
    d++;
  g_assert_cmpuint (d, <, G_N_ELEMENTS (duties));
  for (guint i = 0; duties[d].fields[i]; i++)
    if (g_str_has_prefix (field, duties[d].fields[i]))
      return TRUE;
  g_test_message ("%s in %s", field, form);
  return FALSE;
}

/* Forms of before are kept beside the newest, and read as they were. */
static gboolean
is_newest (MdForm *form)
{
  return md_catalogue_get_form (fixture_catalogue (), md_form_get_id (form)) == form;
}

static guint
count_newest (void)
{
  GListModel *forms = G_LIST_MODEL (fixture_catalogue ());
  guint n = 0;

  for (guint f = 0; f < g_list_model_get_n_items (forms); f++)
    {
      g_autoptr (MdForm) form = g_list_model_get_item (forms, f);

      n += is_newest (form) ? 1 : 0;
    }
  return n;
}

/* R-FORM-49: no form asks what another section's work needs. */
static void
test_fields_of_the_duty (void)
{
  GListModel *forms = G_LIST_MODEL (fixture_catalogue ());

  for (guint f = 0; f < g_list_model_get_n_items (forms); f++)
    {
      g_autoptr (MdForm) form = g_list_model_get_item (forms, f);
      g_autofree const char **ids = md_form_list_fields (form);

      for (guint i = 0; ids[i]; i++)
        g_assert_true (belongs_to_duty (md_form_get_id (form), ids[i]));
    }
}

/* The sensitive classes that the form asks for, in their order. */
static char *
join_classes (MdForm *form)
{
  static const MdSensitivity classes[]
      = { MD_CLASS_MY_NUMBER, MD_CLASS_HEALTH, MD_CLASS_INCOME, MD_CLASS_WELFARE };
  g_autofree const char **ids = md_form_list_fields (form);
  g_autoptr (GString) words = g_string_new (NULL);

  for (guint k = 0; k < G_N_ELEMENTS (classes); k++)
    for (guint i = 0; ids[i]; i++)
      if (md_field_get_sensitivity (md_form_get_field (form, ids[i])) == classes[k])
        {
          g_string_append_printf (words, " %s", md_sensitivity_to_id (classes[k]));
          break;
        }
  return g_strdup (words->len > 0 ? words->str + 1 : "-");
}

/* R-FORM-49: of what is sensitive a form asks for what its line names, and each form has one. */
static void
test_classes_of_the_duty (void)
{
  enum
  {
    WORD_PROCEDURE,
    WORD_CLASSES
  };
  g_autoptr (GPtrArray) lines = fixture_load_lines ("classes.tsv");

  g_assert_cmpuint (lines->len, ==, count_newest ());
  for (guint i = 0; i < lines->len; i++)
    {
      const FixtureLine *line = g_ptr_array_index (lines, i);
      MdForm *form = md_catalogue_get_form (fixture_catalogue (), line->words[WORD_PROCEDURE]);
      g_autofree char *classes = NULL;

      g_test_message ("%s", line->words[WORD_PROCEDURE]);
      g_assert_nonnull (form);
      classes = join_classes (form);
      g_assert_cmpstr (classes, ==, line->words[WORD_CLASSES]);
    }
}

/* Every paper of every form has its class, and the one that its line names. */
static void
test_classes_of_papers (void)
{
  enum
  {
    WORD_FORM,
    WORD_PAPER,
    WORD_CLASS
  };
  g_autoptr (GPtrArray) lines = fixture_load_lines ("papers.tsv");
  GListModel *forms = G_LIST_MODEL (fixture_catalogue ());
  guint count = 0;

  for (guint f = 0; f < g_list_model_get_n_items (forms); f++)
    {
      g_autoptr (MdForm) form = g_list_model_get_item (forms, f);
      g_autofree const char **papers = md_form_list_paper_ids (form);

      for (guint i = 0; is_newest (form) && papers[i]; i++)
        count++;
    }
  g_assert_cmpuint (lines->len, ==, count);
  for (guint i = 0; i < lines->len; i++)
    {
      const FixtureLine *line = g_ptr_array_index (lines, i);
      MdForm *form = md_catalogue_get_form (fixture_catalogue (), line->words[WORD_FORM]);
      g_autofree char *label = NULL;

      g_test_message ("%s: %s", line->words[WORD_FORM], line->words[WORD_PAPER]);
      g_assert_nonnull (form);
      label = md_form_dup_paper_label (form, line->words[WORD_PAPER]);
      g_assert_nonnull (label);
      g_assert_cmpstr (
          md_sensitivity_to_id (md_form_get_paper_class (form, line->words[WORD_PAPER])), ==,
          line->words[WORD_CLASS]);
    }
}

/* R-FORM-34: what is decided is not the counter's to write: of a claim's own items each is typed
 * there or follows from what is (but the class of the limit, which was there before), and none is
 * called so. */
static void
test_claims_hold_no_decision (void)
{
  static const char *const ids[] = { "lem.medical_expense", "lem.high_cost", "lem.combined",
                                     "lem.transport",       "lem.funeral",   NULL };
  static const char *const words[] = { "決定", "判定", "認定", "裁定", "審査", "支給額", "可否" };

  for (guint f = 0; ids[f]; f++)
    {
      MdForm *form = md_catalogue_get_form (fixture_catalogue (), ids[f]);
      g_autofree const char **fields = NULL;

      g_assert_nonnull (form);
      fields = md_form_list_fields (form);
      for (guint i = 0; fields[i]; i++)
        if (g_str_has_prefix (fields[i], "l.") && !g_str_equal (fields[i], "l.limit_kind"))
          {
            g_test_message ("%s in %s", fields[i], ids[f]);
            g_assert_cmpuint (md_field_get_sources (md_form_get_field (form, fields[i]))
                                  & (MD_SOURCE_TYPED | MD_SOURCE_SYSTEM),
                              !=, 0);
          }
      for (guint i = 0; fields[i]; i++)
        for (guint w = 0; w < G_N_ELEMENTS (words); w++)
          g_assert_null (
              strstr (md_field_get_label_in (md_form_get_field (form, fields[i]), TRUE), words[w]));
    }
}

/* R-FORM-36: what screenings found is on health's own forms alone. Of the class health another form
 * has items of its own duty alone (pension n., care k., late-elderly l.), and those of juki and
 * common none; classes.tsv says which form has any. */
static void
test_health_stays_with_health (void)
{
  GListModel *forms = G_LIST_MODEL (fixture_catalogue ());
  static const char *const own[][2] = { { "pension.", "n." }, { "care.", "k." }, { "lem.", "l." } };

  for (guint f = 0; f < g_list_model_get_n_items (forms); f++)
    {
      g_autoptr (MdForm) form = g_list_model_get_item (forms, f);
      g_autofree const char **ids = md_form_list_fields (form);

      for (guint i = 0; ids[i]; i++)
        {
          gboolean may = g_str_has_prefix (md_form_get_id (form), "health.");

          g_test_message ("%s in %s", ids[i], md_form_get_id (form));
          for (guint k = 0; k < G_N_ELEMENTS (own); k++)
            may = may
                  || (g_str_has_prefix (md_form_get_id (form), own[k][0])
                      && g_str_has_prefix (ids[i], own[k][1]));
          if (g_str_has_prefix (ids[i], "s.")
              || md_field_get_sensitivity (md_form_get_field (form, ids[i])) == MD_CLASS_HEALTH)
            g_assert_true (may);
        }
    }
}

/* Whether the form tells what a screening found; the others ask for one, or for what it found. */
static gboolean
registers_a_screening (const char *form)
{
  static const char *const others[] = { "health.apply", "health.coupon", "health.fee_exemption",
                                        "health.result_provision", NULL };

  return g_str_has_prefix (form, "health.") && !g_strv_contains (others, form);
}

/* R-FORM-35: the thirteen items that every screening has. */
static void
test_screenings_have_common_items (void)
{
  static const char *const items[]
      = { "s.year", "s.date",    "s.age",      "s.age_fy", "s.no",       "s.note", "s.mode",
          "s.hosp", "s.section", "s.reg_date", "s.bill",   "s.ref_hosp", "s.place" };
  GListModel *forms = G_LIST_MODEL (fixture_catalogue ());
  guint screenings = 0;

  for (guint f = 0; f < g_list_model_get_n_items (forms); f++)
    {
      g_autoptr (MdForm) form = g_list_model_get_item (forms, f);
      g_autoptr (MdFormData) data = NULL;

      if (!registers_a_screening (md_form_get_id (form)))
        continue;
      screenings++;
      g_test_message ("%s", md_form_get_id (form));
      data = fixture_data (md_form_get_id (form), MD_ROLE_CLERK_NUMBER);
      for (guint i = 0; i < G_N_ELEMENTS (items); i++)
        g_assert_true (md_form_has_field (form, items[i]));
      fixture_type (data, "s.date", "R8.4.1");
      g_assert_cmpstr (md_form_data_get_value (data, "s.year"), ==, "2026");
      fixture_type (data, "s.date", "R8.3.31");
      g_assert_cmpstr (md_form_data_get_value (data, "s.year"), ==, "2025");
    }
  g_assert_cmpuint (screenings, >, 0);
}

static gboolean
may_hold_number (MdForm *form)
{
  g_autofree const char **ids = md_form_list_fields (form);

  for (guint i = 0; ids[i]; i++)
    if (md_field_get_sensitivity (md_form_get_field (form, ids[i])) == MD_CLASS_MY_NUMBER)
      return TRUE;
  return FALSE;
}

/* R-FORM-37: not a field of the request for it, and not in any of its texts. */
static void
test_no_number_on_disclosure (void)
{
  static const char *const ids[]
      = { "juki.disclosure", "juki.correction", "common.spi_request", NULL };

  for (guint f = 0; ids[f]; f++)
    {
      g_autoptr (MdFormData) data = fixture_data (ids[f], MD_ROLE_CLERK_NUMBER);
      MdForm *form = md_form_data_get_form (data);
      g_autofree const char **fields = md_form_list_fields (form);
      guint typed = 0;

      g_assert_false (may_hold_number (form));
      for (guint i = 0; fields[i]; i++)
        {
          MdEntry *entry = md_form_data_get_entry (data, fields[i]);

          if (!entry || md_entry_get_locked (entry)
              || md_field_get_field_type (md_entry_get_field (entry)) != MD_FIELD_TEXT)
            continue;
          md_entry_set_text (entry, "1234 5678 9018");
          g_assert_false (md_entry_commit (entry));
          md_entry_clear (entry);
          typed++;
        }
      g_assert_cmpuint (typed, >, 0);
    }
}

/* Whether the form says this of itself ("check.X", "approval"). */
static gboolean
says (MdForm *form, const char *key)
{
  g_autoptr (GPtrArray) facts = md_form_list_facts (form);

  for (guint i = 0; i < facts->len; i++)
    if (g_str_equal (((const MdFormFact *)g_ptr_array_index (facts, i))->key, key))
      return TRUE;
  return FALSE;
}

/* Who approves and by what the person is identified is said of each, and when it is in force. */
static void
test_complete (void)
{
  static const char *const keys[]
      = { "title",     "kana",      "effective", "may_file", "profile",
          "retention", "assurance", "approval",  "basis",    "purpose" };
  GListModel *forms = G_LIST_MODEL (fixture_catalogue ());

  for (guint f = 0; f < g_list_model_get_n_items (forms); f++)
    {
      g_autoptr (MdForm) form = g_list_model_get_item (forms, f);

      for (guint k = 0; k < G_N_ELEMENTS (keys); k++)
        {
          g_test_message ("%s: %s", md_form_get_id (form), keys[k]);
          g_assert_true (says (form, keys[k]));
        }
    }
}

/* Where there is an account it may be one of Japan Post Bank, as the passbook has it. */
static void
test_accounts (void)
{
  static const char *const fields[]
      = { "b.at",           "b.bank",     "b.branch",     "b.kind",         "b.no",
          "b.yucho_symbol", "b.yucho_no", "b.yucho_kind", "b.yucho_branch", "b.yucho_account" };
  GListModel *forms = G_LIST_MODEL (fixture_catalogue ());
  guint n = 0;

  for (guint f = 0; f < g_list_model_get_n_items (forms); f++)
    {
      g_autoptr (MdForm) form = g_list_model_get_item (forms, f);

      if (!is_newest (form) || !md_form_has_field (form, "b.holder"))
        continue;
      g_test_message ("%s", md_form_get_id (form));
      for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
        g_assert_true (md_form_has_field (form, fields[i]));
      g_assert_true (says (form, "check.X-10-yucho-number"));
      g_assert_true (says (form, "check.X-10-yucho-check"));
      n++;
    }
  g_assert_cmpuint (n, ==, 20);
}

/* What a bank needs for a transfer follows from what the passbook says; and goes with it. */
static void
test_transfer (void)
{
  g_autoptr (MdFormData) data = fixture_data ("pension.account_transfer", MD_ROLE_CLERK_NUMBER);

  fixture_type (data, "b.at", "yucho");
  fixture_type (data, "b.yucho_symbol", "14030");
  g_assert_null (md_form_data_get_value (data, "b.yucho_account"));
  fixture_type (data, "b.yucho_no", "12345671");
  g_assert_cmpstr (md_form_data_get_value (data, "b.yucho_branch"), ==, "408");
  g_assert_cmpstr (md_form_data_get_value (data, "b.yucho_kind"), ==, "ordinary");
  g_assert_cmpstr (md_form_data_get_value (data, "b.yucho_account"), ==, "1234567");
  g_assert_false (md_entry_get_visible (md_form_data_get_entry (data, "b.no")));
  fixture_type (data, "b.yucho_symbol", "00190");
  fixture_type (data, "b.yucho_no", "566468");
  g_assert_cmpstr (md_form_data_get_value (data, "b.yucho_branch"), ==, "019");
  g_assert_cmpstr (md_form_data_get_value (data, "b.yucho_kind"), ==, "current");
  g_assert_cmpstr (md_form_data_get_value (data, "b.yucho_account"), ==, "0566468");
  fixture_type (data, "b.at", "bank");
  g_assert_false (md_entry_get_visible (md_form_data_get_entry (data, "b.yucho_account")));
}

/* R-FORM-44: letters may go elsewhere, from a day on and until one; the address of the register
 * stays what it is, and both are sealed. */
static void
test_delivery_is_apart (void)
{
  static const char *const forms[] = { "care.delivery", "lem.delivery" };

  for (guint f = 0; f < G_N_ELEMENTS (forms); f++)
    {
      g_autoptr (MdFormData) data = fixture_data (forms[f], MD_ROLE_CLERK_NUMBER);
      g_autofree char *registered = NULL;
      g_autoptr (GError) error = NULL;

      fixture_fill (data, "1946-03-07");
      registered = g_strdup (md_form_data_get_value (data, "p.addr"));
      fixture_type (data, "d.addr", registered);
      fixture_assert_stops_at (data, "d.addr");
      fixture_type (data, "d.addr", "架空県みどり町9-9");
      fixture_type (data, "d.name", "届出 花子");
      fixture_type (data, "d.until", FIXTURE_TODAY);
      fixture_assert_stops_at (data, "d.until");
      fixture_type (data, "d.until", "2027-03-31");
      g_assert_cmpstr (md_form_data_get_value (data, "p.addr"), ==, registered);
      g_assert_cmpstr (md_form_data_get_value (data, "p.name"), !=, "届出 花子");
      g_assert_cmpstr (md_form_data_get_value (data, "d.addr"), ==, "架空県みどり町9-9");
      g_assert_cmpstr (md_form_data_get_value (data, "d.until"), ==, "2027-03-31");
      g_assert_null (md_form_data_get_value (data, "d.reg_date"));
      g_assert_true (md_form_data_set_system (data, "m.recv_date", FIXTURE_TODAY, &error));
      g_assert_cmpstr (md_form_data_get_value (data, "d.reg_date"), ==, FIXTURE_TODAY);
    }
}

/* R-FORM-45, R-FORM-46: who is not in the register has items of their own, external characters
 * counted and kana to search by among them. */
static void
test_not_in_the_register (void)
{
  static const char *const items[]
      = { "p.hh_no",     "p.relation",   "p.nationality", "p.city_code", "p.zip",
          "p.kana_norm", "p.gaiji_name", "p.gaiji_addr",  "p.gaiji_flag" };
  g_autoptr (MdFormData) data = fixture_data ("care.nonresident", MD_ROLE_CLERK_NUMBER);

  for (guint i = 0; i < G_N_ELEMENTS (items); i++)
    g_assert_true (md_form_has_field (md_form_data_get_form (data), items[i]));
  fixture_type (data, "p.name", "渡邉\xf3\xa0\x84\x82 \xf0\xa0\xae\xb7子");
  fixture_type (data, "p.kana", "わたなべ　ぎょうこ");
  fixture_type (data, "p.addr", "架空県あおぞら区本町1-2-3");
  g_assert_cmpstr (md_form_data_get_value (data, "p.kana_norm"), ==, "ワタナヘキヨウコ");
  g_assert_cmpstr (md_form_data_get_value (data, "p.gaiji_name"), ==, "2");
  g_assert_cmpstr (md_form_data_get_value (data, "p.gaiji_addr"), ==, "0");
  g_assert_cmpstr (md_form_data_get_value (data, "p.gaiji_flag"), ==, "true");
  fixture_type (data, "p.name", "渡辺 髙子");
  g_assert_cmpstr (md_form_data_get_value (data, "p.gaiji_name"), ==, "0");
  g_assert_cmpstr (md_form_data_get_value (data, "p.gaiji_flag"), ==, "false");
}

/* 外字: named where they are read, by their codes, and kept; never to eyes that may not read it. */
static void
test_external_characters (void)
{
  const char *name = "\xf0\xa0\xae\xb7野 太郎";
  g_autoptr (MdFormData) data = fixture_data ("pension.exemption", MD_ROLE_CLERK_NUMBER);
  MdEntry *entry = md_form_data_get_entry (data, "p.name");
  g_autofree char *none = NULL, *named = NULL, *covered = NULL;

  fixture_type (data, "p.name", "髙野 太郎");
  none = md_entry_dup_external (entry);
  g_assert_null (none);
  fixture_type (data, "p.name", name);
  named = md_entry_dup_external (entry);
  g_assert_cmpstr (named, ==, "\xf0\xa0\xae\xb7 (U+20BB7)");
  g_assert_cmpstr (md_form_data_get_value (data, "p.name"), ==, name);
  md_form_data_set_covered (data, TRUE);
  covered = md_entry_dup_external (entry);
  g_assert_null (covered);
}

/* R-PRN-10: ten yen for each disclosure, by the form's own setting; nothing else has a fee. */
static void
test_fee (void)
{
  GListModel *forms = G_LIST_MODEL (fixture_catalogue ());
  g_autoptr (MdFormData) data = fixture_data ("juki.disclosure", MD_ROLE_CLERK_NUMBER);

  g_assert_null (md_form_data_get_value (data, "j.fee"));
  fixture_type (data, "j.count", "1");
  g_assert_cmpstr (md_form_data_get_value (data, "j.fee"), ==, "10");
  fixture_type (data, "j.count", "3");
  g_assert_cmpstr (md_form_data_get_value (data, "j.fee"), ==, "30");
  fixture_type (data, "j.count", "");
  g_assert_null (md_form_data_get_value (data, "j.fee"));
  fixture_assert_stops_at (data, "j.count");
  for (guint f = 0; f < g_list_model_get_n_items (forms); f++)
    {
      g_autoptr (MdForm) form = g_list_model_get_item (forms, f);

      g_assert_cmpint (md_form_has_field (form, "j.fee"), ==,
                       g_str_equal (md_form_get_id (form), "juki.disclosure"));
    }
}

/* R-PRN-11: what is to be known of a card that is issued: kind, reason, date, place, what became of
 * the old one, and until when it holds. */
static void
test_card_issue (void)
{
  static const char *const facts[][2] = {
    { "k.card_kind", "temporary" },     { "k.card_reason", "damaged" },
    { "k.card_date", FIXTURE_TODAY },   { "k.card_place", "1番窓口" },
    { "k.card_ret", "破損のため回収" }, { "k.card_exp", "2027-07-31" },
  };
  g_autoptr (MdFormData) data = fixture_data ("care.card_reissue", MD_ROLE_CLERK_NUMBER);

  for (gsize i = 0; i < G_N_ELEMENTS (facts); i++)
    {
      fixture_type (data, facts[i][0], facts[i][1]);
      g_assert_cmpstr (md_form_data_get_value (data, facts[i][0]), ==, facts[i][1]);
    }
  fixture_type (data, "k.card_ret", "");
  fixture_assert_stops_at (data, "k.card_ret");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/forms/contents/fields-of-the-duty", test_fields_of_the_duty);
  g_test_add_func ("/forms/contents/classes-of-the-duty", test_classes_of_the_duty);
  g_test_add_func ("/forms/contents/classes-of-papers", test_classes_of_papers);
  g_test_add_func ("/forms/contents/no-number-on-disclosure", test_no_number_on_disclosure);
  g_test_add_func ("/forms/contents/claims-hold-no-decision", test_claims_hold_no_decision);
  g_test_add_func ("/forms/contents/health-stays-with-health", test_health_stays_with_health);
  g_test_add_func ("/forms/contents/screenings-have-common-items",
                   test_screenings_have_common_items);
  g_test_add_func ("/forms/contents/delivery-is-apart", test_delivery_is_apart);
  g_test_add_func ("/forms/contents/not-in-the-register", test_not_in_the_register);
  g_test_add_func ("/forms/contents/external-characters", test_external_characters);
  g_test_add_func ("/forms/contents/complete", test_complete);
  g_test_add_func ("/forms/contents/accounts", test_accounts);
  g_test_add_func ("/forms/contents/transfer", test_transfer);
  g_test_add_func ("/forms/contents/fee", test_fee);
  g_test_add_func ("/forms/contents/card-issue", test_card_issue);
  return g_test_run ();
}
