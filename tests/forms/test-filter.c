// SPDX-License-Identifier: Apache-2.0
/* The privacy filter over everything: roles x classes x profiles x steps x situations x states of
 * the field. */
#include "fixture.h"

#include <json-glib/json-glib.h>
#include <string.h>

#define N_SITUATIONS 16u
#define N_STATES 16u /* writable, filled, revealed, covered */

static MdFilterQuestion
make_question (guint profile, guint sensitivity, guint step, MdRoles roles, guint situation,
               guint state)
{
  return (MdFilterQuestion){ .viewer = { .table = fixture_visibility (),
                                         .roles = roles,
                                         .situation = (MdSituation)situation },
                             .profile = (MdProfile)profile,
                             .step = (MdFilterStep)step,
                             .sensitivity = (MdSensitivity)sensitivity,
                             .in_procedure = TRUE,
                             .writable = (state & 1) != 0,
                             .filled = (state & 2) != 0,
                             .revealed = (state & 4) != 0,
                             .covered = (state & 8) != 0 };
}

typedef void (*Property) (const MdFilterQuestion *question, MdView view, MdGrant grant);

static guint
for_everything (Property property)
{
  guint n = 0;

  for (guint profile = 0; profile < MD_N_PROFILES; profile++)
    for (guint sensitivity = 0; sensitivity < MD_N_CLASSES; sensitivity++)
      for (guint step = 0; step < MD_N_STEPS; step++)
        for (guint role = 0; role < MD_N_ROLES; role++)
          for (guint situation = 0; situation < N_SITUATIONS; situation++)
            for (guint state = 0; state < N_STATES; state++, n++)
              {
                MdFilterQuestion q
                    = make_question (profile, sensitivity, step, MD_ROLES (role), situation, state);
                MdGrant grant
                    = md_visibility_lookup_roles (q.viewer.table, q.profile, q.sensitivity, NULL,
                                                  q.viewer.roles, q.viewer.situation);

                property (&q, md_filter (&q), grant);
              }
  return n;
}

/* Who is granted nothing finds nothing, wherever and whatever. */
static void
nothing_stays_nothing (const MdFilterQuestion *q, MdView view, MdGrant grant)
{
  if (grant == MD_GRANT_NONE)
    g_assert_cmpint (view, ==, MD_VIEW_HIDDEN);
}

/* Nobody ever sees more than was granted. */
static void
never_more_than_granted (const MdFilterQuestion *q, MdView view, MdGrant grant)
{
  if (grant == MD_GRANT_PRESENCE)
    g_assert_cmpint (view, <=, MD_VIEW_PRESENCE);
  if (grant == MD_GRANT_MASKED)
    g_assert_cmpint (view, <=, MD_VIEW_MASKED);
  /* Covered until it is revealed, except that an empty field may be typed into. */
  if (grant == MD_GRANT_REVEAL && !q->revealed
      && !(q->step == MD_STEP_ENTRY && q->writable && !q->filled))
    g_assert_cmpint (view, <=, MD_VIEW_MASKED);
}

/* The number: readable only while revealed, never in lists and notices; in a file whole because it
 * was asked for, or not at all; on paper and to the resident its last four digits. */
static void
number_is_kept (const MdFilterQuestion *q, MdView view, MdGrant grant)
{
  if (q->sensitivity != MD_CLASS_MY_NUMBER)
    return;
  if (view >= MD_VIEW_READABLE && q->filled)
    g_assert_true (q->revealed
                   && (q->step == MD_STEP_ENTRY || q->step == MD_STEP_CONFIRM
                       || q->step == MD_STEP_APPROVAL || q->step == MD_STEP_DESK
                       || q->step == MD_STEP_EXPORT));
  if (q->step == MD_STEP_LIST || q->step == MD_STEP_NOTICE
      || (q->step == MD_STEP_EXPORT && (!q->revealed || q->covered)))
    g_assert_cmpint (view, ==, MD_VIEW_HIDDEN);
  if (q->step == MD_STEP_PRINT || q->step == MD_STEP_RESIDENT)
    g_assert_cmpint (view, <=, MD_VIEW_MASKED);
}

/* R-PRIV-02: clerk, inquiry, media, administrator, auditor, other section. */
static void
number_is_absent (const MdFilterQuestion *q, MdView view, MdGrant grant)
{
  const MdRoles without = MD_ROLES (MD_ROLE_CLERK) | MD_ROLES (MD_ROLE_INQUIRY)
                          | MD_ROLES (MD_ROLE_SYNC) | MD_ROLES (MD_ROLE_ADMIN)
                          | MD_ROLES (MD_ROLE_AUDITOR) | MD_ROLES (MD_ROLE_REFERENCE);

  if (q->sensitivity == MD_CLASS_MY_NUMBER && (q->viewer.roles & without))
    g_assert_cmpint (view, ==, MD_VIEW_HIDDEN);
  if (q->sensitivity == MD_CLASS_MY_NUMBER && q->profile == MD_PROFILE_V4)
    g_assert_cmpint (view, ==, MD_VIEW_HIDDEN);
}

static void
only_entry_writes (const MdFilterQuestion *q, MdView view, MdGrant grant)
{
  if (view == MD_VIEW_EDITABLE)
    g_assert_true (q->step == MD_STEP_ENTRY && q->writable && !q->covered);
}

static void
covered_shows_nothing (const MdFilterQuestion *q, MdView view, MdGrant grant)
{
  if (q->covered)
    g_assert_cmpint (view, <=, MD_VIEW_PRESENCE);
}

/* Notifications, titles and logs know nothing about a person. */
static void
notices_are_empty (const MdFilterQuestion *q, MdView view, MdGrant grant)
{
  if (q->step == MD_STEP_NOTICE)
    g_assert_cmpint (view, ==, MD_VIEW_HIDDEN);
}

/* A reveal shows something only where the button is offered, and never where nothing was granted.
 */
static void
reveal_is_honest (const MdFilterQuestion *q, MdView view, MdGrant grant)
{
  MdFilterQuestion held = *q, rest = *q;

  held.revealed = TRUE;
  rest.revealed = FALSE;
  if (md_filter_may_reveal (q))
    g_assert_true (grant >= MD_GRANT_REVEAL && q->filled && md_filter (&held) == MD_VIEW_READABLE);
  else if (q->filled)
    g_assert_cmpint (md_filter (&held), ==, md_filter (&rest));
}

/* Another role on top never takes anything away. */
static void
roles_only_add (const MdFilterQuestion *q, MdView view, MdGrant grant)
{
  MdFilterQuestion more = *q;

  for (guint role = 0; role < MD_N_ROLES; role++)
    {
      more.viewer.roles = q->viewer.roles | MD_ROLES (role);
      g_assert_cmpint (md_filter (&more), >=, view);
    }
}

static void
outside_the_procedure (const MdFilterQuestion *q, MdView view, MdGrant grant)
{
  MdFilterQuestion outside = *q;

  outside.in_procedure = FALSE;
  g_assert_cmpint (md_filter (&outside), ==, MD_VIEW_HIDDEN);
}

/* What md_filter_render hands out holds no more of the value than the view says. */
static void
rendering_keeps_the_view (const MdFilterQuestion *q, MdView view, MdGrant grant)
{
  gboolean number = q->sensitivity == MD_CLASS_MY_NUMBER;
  const char *value = number ? "123456789018" : "marker-of-a-person";
  g_autofree char *shown = md_filter_render (view, q->sensitivity, value);

  if (view == MD_VIEW_HIDDEN)
    g_assert_null (shown);
  else if (view == MD_VIEW_PRESENCE)
    g_assert_null (strstr (shown, "r-of-a") ? shown : strstr (shown, "9018"));
  else if (view == MD_VIEW_MASKED)
    g_assert_cmpstr (shown, ==, number ? "********9018" : "***");
  else
    g_assert_cmpstr (shown, ==, value);
}

static void
test_property (gconstpointer property)
{
  guint n = for_everything ((Property)(guintptr)property);

  g_test_message ("%u questions", n);
  g_assert_cmpuint (
      n, ==, MD_N_PROFILES * MD_N_CLASSES * MD_N_STEPS * MD_N_ROLES * N_SITUATIONS * N_STATES);
}

/* Every field of every form for every role, against the entries that a form's data hands out. */
static void
test_forms (void)
{
  GListModel *forms = G_LIST_MODEL (fixture_catalogue ());

  for (guint f = 0; f < g_list_model_get_n_items (forms); f++)
    for (guint role = 0; role < MD_N_ROLES; role++)
      {
        g_autoptr (MdForm) form = g_list_model_get_item (forms, f);
        g_autoptr (MdFormData) data = fixture_data (md_form_get_id (form), (MdRole)role);
        MdViewer viewer = fixture_viewer ((MdRole)role);

        for (guint s = 0; s < g_list_model_get_n_items (md_form_data_get_sections (data)); s++)
          {
            g_autoptr (GListModel) section
                = g_list_model_get_item (md_form_data_get_sections (data), s);

            for (guint i = 0; i < g_list_model_get_n_items (section); i++)
              {
                g_autoptr (MdEntry) entry = g_list_model_get_item (section, i);
                MdField *field = md_entry_get_field (entry);

                g_assert_cmpint (md_visibility_lookup_roles (
                                     viewer.table, md_form_get_profile (form),
                                     md_field_get_sensitivity (field), md_field_get_id (field),
                                     viewer.roles, viewer.situation),
                                 >, MD_GRANT_NONE);
              }
          }
      }
}

static MdFilterQuestion
question_of (MdForm *form, MdField *field, MdRole role, MdFilterStep step)
{
  return (MdFilterQuestion){ .viewer = fixture_viewer (role),
                             .profile = md_form_get_profile (form),
                             .step = step,
                             .field_id = md_field_get_id (field),
                             .sensitivity = md_field_get_sensitivity (field),
                             .process_item = md_field_is_process_item (field),
                             .in_procedure = TRUE,
                             .filled = TRUE };
}

/* What must hold of every field of every procedure, columns of rows, too, for every role at every
 * step: by the field's own class and id, which may have a rule of its own. */
static void
assert_kept (MdForm *form, MdField *field, MdRole role, MdFilterStep step)
{
  const MdFilterQuestion q = question_of (form, field, role, step);
  const MdGrant grant = md_visibility_lookup_roles (q.viewer.table, q.profile, q.sensitivity,
                                                    q.field_id, q.viewer.roles, q.viewer.situation);
  const MdView view = md_filter (&q);

  nothing_stays_nothing (&q, view, grant);
  never_more_than_granted (&q, view, grant);
  number_is_kept (&q, view, grant);
  number_is_absent (&q, view, grant);
  only_entry_writes (&q, view, grant);
  outside_the_procedure (&q, view, grant);
  if (!q.process_item)
    notices_are_empty (&q, view, grant);
}

static void
test_every_field (void)
{
  GListModel *forms = G_LIST_MODEL (fixture_catalogue ());
  guint n = 0;

  for (guint f = 0; f < g_list_model_get_n_items (forms); f++)
    {
      g_autoptr (MdForm) form = g_list_model_get_item (forms, f);
      g_autofree const char **ids = md_form_list_fields (form);

      for (guint i = 0; ids[i]; i++)
        for (guint role = 0; role < MD_N_ROLES; role++)
          for (guint step = 0; step < MD_N_STEPS; step++, n++)
            assert_kept (form, md_form_get_field (form, ids[i]), (MdRole)role, (MdFilterStep)step);
    }
  g_test_message ("%u questions", n);
  g_assert_cmpuint (n, >, g_list_model_get_n_items (forms) * MD_N_ROLES * MD_N_STEPS * 10);
}

static void
test_masks (void)
{
  static const char *const odd[] = { "1", "12345678901", "1234567890123", "12345678901a" };

  for (guint i = 0; i < G_N_ELEMENTS (odd); i++)
    {
      g_autofree char *shown = md_filter_render (MD_VIEW_MASKED, MD_CLASS_MY_NUMBER, odd[i]);

      g_assert_cmpstr (shown, ==, "************");
    }
  g_assert_null (md_filter_render (MD_VIEW_MASKED, MD_CLASS_MY_NUMBER, NULL));
  g_assert_null (md_filter_render (MD_VIEW_MASKED, MD_CLASS_BASIC, ""));
}

/* Even a table that says "full" does not make a number readable by itself. */
static void
test_number_under_a_careless_table (void)
{
  g_autofree char *path
      = g_build_filename (g_getenv ("MADOGUCHI_SOURCE"), "data", "policy", "visibility.json", NULL);
  g_autofree char *text = NULL;
  g_autoptr (GString) careless = NULL;
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (MdVisibility) tables = NULL;
  g_autoptr (GError) error = NULL;
  MdFilterQuestion question = make_question (MD_PROFILE_V1, MD_CLASS_MY_NUMBER, MD_STEP_CONFIRM,
                                             MD_ROLES (MD_ROLE_CLERK_NUMBER), 0, 2);

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  careless = g_string_new (text);
  g_assert_cmpuint (
      g_string_replace (careless, "\"clerk-number\": \"R\"", "\"clerk-number\": \"F\"", 1), ==, 1);
  g_assert_true (json_parser_load_from_data (parser, careless->str, -1, NULL));
  tables
      = md_visibility_new_from_json (json_node_get_object (json_parser_get_root (parser)), &error);
  g_assert_no_error (error);
  question.viewer.table = tables;
  g_assert_cmpint (md_filter (&question), ==, MD_VIEW_MASKED);
  question.revealed = TRUE;
  g_assert_cmpint (md_filter (&question), ==, MD_VIEW_READABLE);
}

static void
test_who_can_take_in (void)
{
  static const struct
  {
    const char *form;
    MdRole role;
    gboolean can;
  } rows[] = {
    { "pension.exemption", MD_ROLE_CLERK_NUMBER, TRUE },
    { "pension.exemption", MD_ROLE_CLERK, FALSE },
    { "care.certification", MD_ROLE_CLERK_NUMBER, TRUE },
    { "care.certification", MD_ROLE_CLERK, FALSE },
    { "lem.certificate", MD_ROLE_CLERK_NUMBER, TRUE },
    { "lem.certificate", MD_ROLE_CLERK, TRUE },
    { "lem.certificate", MD_ROLE_AUDITOR, FALSE },
    { "lem.certificate", MD_ROLE_REFERENCE, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      MdViewer viewer = fixture_viewer (rows[i].role);
      const char *label = NULL;

      g_assert_cmpint (
          md_form_can_take_in (md_catalogue_get_form (fixture_catalogue (), rows[i].form), &viewer,
                               &label),
          ==, rows[i].can);
      g_assert_cmpint (label == NULL, ==, rows[i].can);
    }
}

#define ADD(name, property)                                                                        \
  g_test_add_data_func ("/forms/filter/" name, (gconstpointer)(guintptr)(property), test_property)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("nothing-stays-nothing", nothing_stays_nothing);
  ADD ("never-more-than-granted", never_more_than_granted);
  ADD ("number-is-kept", number_is_kept);
  ADD ("number-is-absent", number_is_absent);
  ADD ("only-entry-writes", only_entry_writes);
  ADD ("covered-shows-nothing", covered_shows_nothing);
  ADD ("notices-are-empty", notices_are_empty);
  ADD ("reveal-is-honest", reveal_is_honest);
  ADD ("roles-only-add", roles_only_add);
  ADD ("outside-the-procedure", outside_the_procedure);
  ADD ("rendering-keeps-the-view", rendering_keeps_the_view);
  g_test_add_func ("/forms/filter/forms", test_forms);
  g_test_add_func ("/forms/filter/every-field", test_every_field);
  g_test_add_func ("/forms/filter/masks", test_masks);
  g_test_add_func ("/forms/filter/number-under-a-careless-table",
                   test_number_under_a_careless_table);
  g_test_add_func ("/forms/filter/who-can-take-in", test_who_can_take_in);
  return g_test_run ();
}
