// SPDX-License-Identifier: Apache-2.0
/* Who files for whom, as the forms ask it: the person compared with the register, the relation of
 * everybody on the form, and whether the person is insured here. */
#include "fixture.h"

#include <string.h>

static MdFormData *
filled (const char *form, const char *birth, const char *kind)
{
  static const char *const filer[][2]
      = { { "a.name", "届出 花子" },   { "a.kana", "とどけで はなこ" },
          { "a.birth", "S60.4.1" },    { "a.addr", "架空県あおぞら区本町1-2-3" },
          { "a.tel", "03-0000-0909" }, { "a.relation", "child" } };
  MdFormData *data = fixture_data (form, MD_ROLE_CLERK_NUMBER);

  fixture_fill (data, birth);
  fixture_type (data, "a.kind", kind);
  for (guint i = 0; i < G_N_ELEMENTS (filer); i++)
    fixture_type (data, filer[i][0], filer[i][1]);
  return data;
}

static const char *const compared[]
    = { "a.same_name", "a.same_birth", "a.same_addr", "a.same_sex" };

/* R-IDN-03: one by one, and one difference stops until it is written down what the agent said. */
static void
test_compared (void)
{
  g_autoptr (MdFormData) data = filled ("pension.exemption", "1985-04-01", "agent");
  MdEntry *record = md_form_data_get_entry (data, "a.mismatch");

  fixture_type (data, "a.authority", "delegation");
  for (guint i = 0; i < G_N_ELEMENTS (compared); i++)
    {
      fixture_assert_stops_at (data, compared[i]);
      fixture_type (data, compared[i], "same");
    }
  fixture_assert_valid (data);
  for (guint i = 0; i < G_N_ELEMENTS (compared); i++)
    {
      fixture_type (data, compared[i], "different");
      fixture_assert_stops_at (data, "a.mismatch");
      fixture_type (data, "a.mismatch", "転居の届出が先週あったとのこと");
      fixture_assert_valid (data);
      md_entry_clear (record);
      fixture_type (data, compared[i], "same");
      fixture_assert_valid (data);
    }
}

/* Nobody is asked it who files for themselves, or for the household. */
static void
test_compared_for_agents_alone (void)
{
  g_autoptr (MdFormData) data = filled ("pension.exemption", "1985-04-01", "head");

  fixture_type (data, "p.relation", "child");
  for (guint i = 0; i < G_N_ELEMENTS (compared); i++)
    g_assert_false (md_entry_get_visible (md_form_data_get_entry (data, compared[i])));
  fixture_assert_valid (data);
  fixture_type (data, "a.kind", "self");
  g_assert_false (md_entry_get_visible (md_form_data_get_entry (data, "a.mismatch")));
  fixture_assert_valid (data);
}

/* What was typed for an agent who turns out to be the person is out of sight, and judged no more.
 */
static void
test_out_of_sight (void)
{
  g_autoptr (MdFormData) data = filled ("pension.exemption", "1985-04-01", "agent");

  fixture_type (data, "a.authority", "delegation");
  for (guint i = 0; i < G_N_ELEMENTS (compared); i++)
    fixture_type (data, compared[i], "same");
  fixture_type (data, "a.birth", "R8.11.21");
  fixture_assert_stops_at (data, "a.birth");
  fixture_type (data, "a.kind", "self");
  g_assert_false (md_entry_get_visible (md_form_data_get_entry (data, "a.birth")));
  g_assert_true (md_form_data_validate (data));
  fixture_type (data, "a.kind", "agent");
  fixture_assert_stops_at (data, "a.birth");
}

/* R-IDN-05: a relation that this filer cannot have is refused. */
static void
test_relations (void)
{
  static const struct
  {
    const char *form, *birth, *kind, *authority;
    const char *good[7], *bad[7];
  } rows[] = {
    { "pension.exemption",
      "1985-04-01",
      "agent",
      "delegation",
      { "spouse", "child", "parent", "sibling", "provider", "other" },
      { "guardian" } },
    { "pension.exemption",
      "1985-04-01",
      "legal",
      "guardianship",
      { "parent", "guardian" },
      { "spouse", "child", "sibling", "provider", "other" } },
    { "pension.exemption",
      "1985-04-01",
      "head",
      NULL,
      { "spouse", "child", "parent", "sibling", "other" },
      { "guardian", "provider" } },
    { "care.certification",
      "1946-03-07",
      "member",
      NULL,
      { "spouse", "child", "parent", "sibling", "other" },
      { "guardian", "provider" } },
    { "care.certification",
      "1946-03-07",
      "care-manager",
      "delegation",
      { "provider" },
      { "spouse", "child", "parent", "sibling", "guardian", "other" } },
    { "care.certification",
      "1946-03-07",
      "facility",
      "delegation",
      { "provider" },
      { "spouse", "child", "parent", "sibling", "guardian", "other" } },
    { "lem.certificate",
      "1948-04-01",
      "legal",
      "guardianship",
      { "parent", "guardian" },
      { "other" } },
  };

  for (guint r = 0; r < G_N_ELEMENTS (rows); r++)
    {
      g_autoptr (MdFormData) data = filled (rows[r].form, rows[r].birth, rows[r].kind);

      if (rows[r].authority)
        fixture_type (data, "a.authority", rows[r].authority);
      for (guint i = 0; rows[r].authority && i < G_N_ELEMENTS (compared); i++)
        fixture_type (data, compared[i], "same");
      if (g_str_equal (rows[r].good[0], "provider"))
        fixture_type (data, "a.org", "架空居宅介護支援事業所");
      if (g_str_equal (rows[r].form, "pension.exemption"))
        fixture_type (data, "p.relation", "child");
      for (guint i = 0; rows[r].good[i]; i++)
        {
          fixture_type (data, "a.relation", rows[r].good[i]);
          fixture_assert_valid (data);
        }
      for (guint i = 0; rows[r].bad[i]; i++)
        {
          g_test_message ("%s %s %s", rows[r].form, rows[r].kind, rows[r].bad[i]);
          fixture_type (data, "a.relation", rows[r].bad[i]);
          fixture_assert_stops_at (data, "a.relation");
        }
    }
}

/* Names that a form may have, and the field that says who that is to the person; NULL: what it is
 * called says it. */
static const struct
{
  const char *name, *relation;
} persons[] = {
  { "p.name", NULL },        { "a.name", "a.relation" }, { "p.hh_head", "p.relation" },
  { "n.spouse_name", NULL }, { "d.name", NULL }, /* to whom it is sent */
};

static void
assert_has_relation (MdForm *form, const char *name)
{
  guint i = 0;

  g_test_message ("%s in %s", name, md_form_get_id (form));
  while (i < G_N_ELEMENTS (persons) && !g_str_equal (persons[i].name, name))
    i++;
  g_assert_cmpuint (i, <, G_N_ELEMENTS (persons));
  /* Where the head is asked for only when the head files, that relation says it. */
  if (persons[i].relation && !md_form_has_field (form, persons[i].relation))
    g_assert_true (g_str_equal (name, "p.hh_head") && md_form_has_field (form, "a.relation"));
}

/* R-IDN-05: whoever can be named on a form is somebody to the person. Another name does not come
 * into a form without a row above. */
static void
test_everybody_has_a_relation (void)
{
  GListModel *forms = G_LIST_MODEL (fixture_catalogue ());

  for (guint f = 0; f < g_list_model_get_n_items (forms); f++)
    {
      g_autoptr (MdForm) form = g_list_model_get_item (forms, f);
      g_autoptr (MdFormData) data = fixture_data (md_form_get_id (form), MD_ROLE_CLERK_NUMBER);
      GListModel *sections = md_form_data_get_sections (data);

      for (guint s = 0; s < g_list_model_get_n_items (sections); s++)
        {
          g_autoptr (GListModel) section = g_list_model_get_item (sections, s);

          for (guint i = 0; i < g_list_model_get_n_items (section); i++)
            {
              g_autoptr (MdEntry) entry = g_list_model_get_item (section, i);
              const char *id = md_entry_get_id (entry);

              if (g_str_has_suffix (id, ".name") || g_str_has_suffix (id, "_head")
                  || g_str_has_suffix (id, "spouse_name"))
                assert_has_relation (form, id);
            }
        }
    }
}

/* The head of the household who files is not the person, who then is not the head. */
static void
test_head (void)
{
  g_autoptr (MdFormData) data = filled ("pension.exemption", "1985-04-01", "head");
  g_autoptr (MdFormData) elderly = filled ("lem.certificate", "1948-04-01", "head");

  fixture_assert_stops_at (data, "p.relation"); /* "self", as it was filled */
  fixture_type (data, "p.relation", "spouse");
  fixture_assert_valid (data);
  md_entry_clear (md_form_data_get_entry (data, "p.relation"));
  fixture_assert_stops_at (data, "p.relation");

  fixture_assert_stops_at (elderly, "p.hh_head");
  fixture_type (elderly, "p.hh_head", "届出 花子");
  g_assert_true (md_form_data_validate (elderly));
}

/* R-IDN-06: looked up by name, address and birth date; who is not found is taken in only by a
 * decision that says why, and is warned of. */
static void
test_standing (void)
{
  static const char *const forms[][2]
      = { { "care.certification", "1946-03-07" }, { "lem.certificate", "1948-04-01" } };

  for (guint i = 0; i < G_N_ELEMENTS (forms); i++)
    {
      g_autoptr (MdFormData) data = fixture_data (forms[i][0], MD_ROLE_CLERK_NUMBER);

      fixture_fill (data, forms[i][1]);
      fixture_assert_valid (data);
      g_assert_false (fixture_has_finding (data, "p.standing", FALSE));
      md_entry_clear (md_form_data_get_entry (data, "p.standing"));
      fixture_assert_stops_at (data, "p.standing");
      fixture_type (data, "p.standing", "household");
      fixture_assert_valid (data);
      fixture_type (data, "p.standing", "not-found");
      fixture_assert_stops_at (data, "p.standing_why");
      fixture_type (data, "p.standing_why", "転入の手続き中");
      fixture_assert_valid (data);
      g_assert_true (fixture_has_finding (data, "p.standing", FALSE));
      g_assert_cmpstr (md_form_data_get_value (data, "p.standing_why"), ==, "転入の手続き中");
    }
}

/* R-IDN-18: whoever tells something about another person is named, with address and telephone. */
static void
test_informant (void)
{
  static const char *const asked[]
      = { "a.name", "a.kana", "a.birth", "a.addr", "a.tel", "a.relation" };
  g_autoptr (MdFormData) data = filled ("pension.exemption", "1985-04-01", "head");

  fixture_type (data, "p.relation", "child");
  fixture_assert_valid (data);
  for (guint i = 0; i < G_N_ELEMENTS (asked); i++)
    {
      g_autofree char *value = g_strdup (md_form_data_get_value (data, asked[i]));

      md_entry_clear (md_form_data_get_entry (data, asked[i]));
      fixture_assert_stops_at (data, asked[i]);
      fixture_type (data, asked[i], value);
      fixture_assert_valid (data);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/forms/filers/out-of-sight", test_out_of_sight);
  g_test_add_func ("/forms/filers/compared", test_compared);
  g_test_add_func ("/forms/filers/compared-for-agents-alone", test_compared_for_agents_alone);
  g_test_add_func ("/forms/filers/relations", test_relations);
  g_test_add_func ("/forms/filers/everybody-has-a-relation", test_everybody_has_a_relation);
  g_test_add_func ("/forms/filers/head", test_head);
  g_test_add_func ("/forms/filers/standing", test_standing);
  g_test_add_func ("/forms/filers/informant", test_informant);
  return g_test_run ();
}
