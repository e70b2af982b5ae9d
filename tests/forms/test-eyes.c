// SPDX-License-Identifier: Apache-2.0
/* Every field of every procedure, at every step, in every situation and state, for every role: the
 * filter says what data/policy/visibility.json and the words of its headers say, both read here
 * once more and by other code. */
#include "fixture.h"

#include <json-glib/json-glib.h>
#include <string.h>

#define N_SITUATIONS 16u
#define N_STATES 16u /* writable, filled, revealed, covered */

static const char *const profiles[] = { "V1", "V2", "V3", "V4" };
static const char *const roles[] = { "clerk-number", "clerk", "inquiry", "checker", "supervisor",
                                     "branch",       "sync",  "admin",   "auditor", "reference" };
static const char *const conditions[] = { "office", "number", "own", "open" };

static JsonObject *
read_json (const char *folder, const char *name)
{
  static GPtrArray *kept; /* the parsers, and so their objects */
  g_autofree char *path
      = g_build_filename (g_getenv ("MADOGUCHI_SOURCE"), "data", folder, name, NULL);
  JsonParser *parser = json_parser_new ();
  g_autoptr (GError) error = NULL;

  if (!kept)
    kept = g_ptr_array_new_with_free_func (g_object_unref);
  g_ptr_array_add (kept, parser);
  json_parser_load_from_file (parser, path, &error);
  g_assert_no_error (error);
  return json_node_get_object (json_parser_get_root (parser));
}

/* --- the table, read by hand --- */

static gboolean
all_hold (const char *names, guint situation)
{
  g_auto (GStrv) wanted = g_strsplit (names, "+", -1);

  for (guint i = 0; wanted[i]; i++)
    for (guint c = 0; c < G_N_ELEMENTS (conditions); c++)
      if (g_str_equal (wanted[i], conditions[c]) && !(situation & (1u << c)))
        return FALSE;
  return TRUE;
}

/* The letter of a cell: the first of its rules whose conditions hold. */
static char
letter_of (const char *cell, guint situation)
{
  g_auto (GStrv) rules = g_strsplit (cell, ">", -1);

  for (guint i = 0; rules[i]; i++)
    if (rules[i][1] != '@' || all_hold (rules[i] + 2, situation))
      return rules[i][0];
  return '-';
}

/* A rule of its own for this field and role, or NULL. */
static const char *
own_cell (JsonObject *fields, const char *id, const char *role)
{
  g_autoptr (GList) keys = json_object_get_members (fields);

  for (GList *key = keys; key; key = key->next)
    {
      const char *name = key->data;
      JsonObject *cells = json_object_get_object_member (fields, name);
      gboolean fits = g_str_has_suffix (name, "*") ? strncmp (id, name, strlen (name) - 1) == 0
                                                   : g_str_equal (id, name);

      if (fits && json_object_has_member (cells, role))
        return json_object_get_string_member (cells, role);
    }
  return NULL;
}

static char
granted (guint profile, const char *sensitivity, const char *id, guint role, guint situation)
{
  static JsonObject *tables;
  JsonObject *table, *cells;
  const char *own;

  if (!tables)
    tables = read_json ("policy", "visibility.json");
  table = json_object_get_object_member (tables, profiles[profile]);
  own = own_cell (json_object_get_object_member (table, "fields"), id, roles[role]);
  cells = json_object_get_object_member (json_object_get_object_member (table, "classes"),
                                         sensitivity);
  return letter_of (own ? own : json_object_get_string_member (cells, roles[role]), situation);
}

/* --- what it means --- */

/* A number is never simply there to be read. */
static char
letter_for (const MdFilterQuestion *q, char letter)
{
  return q->sensitivity == MD_CLASS_MY_NUMBER && letter == 'F' ? 'R' : letter;
}

static gboolean
has_a_place (const MdFilterQuestion *q)
{
  if (q->step == MD_STEP_LIST)
    return q->sensitivity == MD_CLASS_BASIC || q->sensitivity == MD_CLASS_OTHER;
  return q->step == MD_STEP_EXPORT ? q->sensitivity != MD_CLASS_MY_NUMBER
                                   : q->step != MD_STEP_NOTICE;
}

static gboolean
before_officer (const MdFilterQuestion *q)
{
  return q->step == MD_STEP_ENTRY || q->step == MD_STEP_CONFIRM || q->step == MD_STEP_APPROVAL;
}

static MdView
uncovered (const MdFilterQuestion *q, char letter)
{
  const gboolean entry = q->step == MD_STEP_ENTRY;

  switch (letter)
    {
    case 'P':
      return MD_VIEW_PRESENCE;
    case 'M':
      return MD_VIEW_MASKED;
    case 'F':
      return entry && q->writable ? MD_VIEW_EDITABLE : MD_VIEW_READABLE;
    case 'R':
      if (entry && q->writable && !q->filled)
        return MD_VIEW_EDITABLE;
      return q->revealed && before_officer (q) ? MD_VIEW_READABLE : MD_VIEW_MASKED;
    default:
      return MD_VIEW_HIDDEN;
    }
}

static MdView
expected (const MdFilterQuestion *q, char cell)
{
  const char letter = letter_for (q, cell);
  MdView view;

  if (q->internal && !before_officer (q))
    return MD_VIEW_HIDDEN;
  if (q->step == MD_STEP_NOTICE && q->process_item && letter == 'F')
    return MD_VIEW_READABLE;
  if (!has_a_place (q))
    return MD_VIEW_HIDDEN;
  view = uncovered (q, letter);
  return q->covered && !q->process_item ? MIN (view, MD_VIEW_PRESENCE) : view;
}

/* --- everything --- */

typedef struct
{
  MdForm *form;
  const char *id;
  const char *sensitivity; /* as fields.json has it */
} Field;

static guint64 asked;

static JsonObject *
definition_of (const char *id)
{
  static JsonObject *fields;

  if (!fields)
    fields = json_object_get_object_member (read_json ("forms", "fields.json"), "fields");
  return json_object_get_object_member (fields, id);
}

static const char *
class_of (const char *id)
{
  return json_object_get_string_member (definition_of (id), "class");
}

static gboolean
is_internal (const char *id)
{
  return json_object_get_boolean_member_with_default (definition_of (id), "internal", FALSE);
}

static void
ask (const Field *field, guint role, guint situation, char cell)
{
  MdField *definition = md_form_get_field (field->form, field->id);
  MdFilterQuestion q = { .viewer = { .table = fixture_visibility (),
                                     .roles = MD_ROLES (role),
                                     .situation = (MdSituation)situation },
                         .profile = md_form_get_profile (field->form),
                         .field_id = field->id,
                         .sensitivity = md_field_get_sensitivity (definition),
                         .process_item = md_field_is_process_item (definition),
                         .internal = is_internal (field->id),
                         .in_procedure = TRUE };

  for (guint step = 0; step < MD_N_STEPS; step++)
    for (guint state = 0; state < N_STATES; state++, asked++)
      {
        q.step = (MdFilterStep)step;
        q.writable = (state & 1) != 0;
        q.filled = (state & 2) != 0;
        q.revealed = (state & 4) != 0;
        q.covered = (state & 8) != 0;
        if (md_filter (&q) != expected (&q, cell))
          g_error ("%s in %s for %s: step %u, situation %u, state %u: view %d, not %d", field->id,
                   md_form_get_id (field->form), roles[role], step, situation, state,
                   md_filter (&q), expected (&q, cell));
      }
}

/* A field has the same answers in every procedure of one profile. */
static gboolean
is_new (GHashTable *seen, MdForm *form, const char *id)
{
  return g_hash_table_add (seen, g_strdup_printf ("%d %s", md_form_get_profile (form), id));
}

static void
ask_all (const Field *field)
{
  const MdProfile profile = md_form_get_profile (field->form);

  for (guint role = 0; role < MD_N_ROLES; role++)
    for (guint situation = 0; situation < N_SITUATIONS; situation++)
      ask (field, role, situation,
           granted ((guint)profile, field->sensitivity, field->id, role, situation));
}

static void
test_as_the_policy_says (void)
{
  GListModel *forms = G_LIST_MODEL (fixture_catalogue ());
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guint fields = 0;

  asked = 0;
  for (guint f = 0; f < g_list_model_get_n_items (forms); f++)
    {
      g_autoptr (MdForm) form = g_list_model_get_item (forms, f);
      g_autofree const char **ids = md_form_list_fields (form);

      for (guint i = 0; ids[i]; i++, fields++)
        if (is_new (seen, form, ids[i]))
          {
            const Field field = { form, ids[i], class_of (ids[i]) };

            ask_all (&field);
          }
    }
  g_test_message ("%u fields, %u of them different: %" G_GUINT64_FORMAT " questions", fields,
                  g_hash_table_size (seen), asked);
  g_assert_cmpuint (fields, >, g_list_model_get_n_items (forms) * 10);
  g_assert_cmpuint (asked, ==,
                    (guint64)g_hash_table_size (seen) * MD_N_ROLES * N_SITUATIONS * MD_N_STEPS
                        * N_STATES);
}

/* R-PRIV-22: of somebody who has died as of anybody alive, and so of whoever else a form names:
 * whatever holds an individual number is of the one class that is kept. */
static void
test_every_number (void)
{
  GListModel *forms = G_LIST_MODEL (fixture_catalogue ());
  guint dead = 0;

  for (guint f = 0; f < g_list_model_get_n_items (forms); f++)
    {
      g_autoptr (MdForm) form = g_list_model_get_item (forms, f);
      g_autofree const char **ids = md_form_list_fields (form);

      for (guint i = 0; ids[i]; i++)
        {
          MdField *field = md_form_get_field (form, ids[i]);
          const gboolean number = md_field_get_field_type (field) == MD_FIELD_MYNUM;

          g_assert_cmpint (md_field_get_sensitivity (field) == MD_CLASS_MY_NUMBER, ==, number);
          dead += number && g_str_equal (ids[i], "n.dead_mynum");
        }
    }
  g_assert_cmpuint (dead, >, 0);
}

/* What is typed may be copied: whatever is there to be copied from a line is what an export may
 * have. A number is not. */
static void
test_what_can_be_copied (void)
{
  for (guint profile = 0; profile < MD_N_PROFILES; profile++)
    for (guint sensitivity = 0; sensitivity < MD_N_CLASSES; sensitivity++)
      for (guint role = 0; role < MD_N_ROLES; role++)
        for (guint situation = 0; situation < N_SITUATIONS; situation++)
          {
            MdFilterQuestion q = { .viewer = { .table = fixture_visibility (),
                                               .roles = MD_ROLES (role),
                                               .situation = (MdSituation)situation },
                                   .profile = (MdProfile)profile,
                                   .step = MD_STEP_ENTRY,
                                   .sensitivity = (MdSensitivity)sensitivity,
                                   .in_procedure = TRUE,
                                   .writable = TRUE,
                                   .filled = TRUE };
            const gboolean there = md_filter (&q) == MD_VIEW_EDITABLE;

            q.step = MD_STEP_EXPORT;
            if (there)
              g_assert_cmpint (md_filter (&q), ==, MD_VIEW_READABLE);
            if (sensitivity == MD_CLASS_MY_NUMBER)
              g_assert_false (there);
          }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/forms/eyes/as-the-policy-says", test_as_the_policy_says);
  g_test_add_func ("/forms/eyes/every-number", test_every_number);
  g_test_add_func ("/forms/eyes/what-can-be-copied", test_what_can_be_copied);
  return g_test_run ();
}
