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
  return q->step != MD_STEP_NOTICE;
}

static gboolean
before_officer (const MdFilterQuestion *q)
{
  return q->step == MD_STEP_ENTRY || q->step == MD_STEP_CONFIRM || q->step == MD_STEP_APPROVAL
         || q->step == MD_STEP_DESK;
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
      return q->revealed && (before_officer (q) || q->step == MD_STEP_EXPORT) ? MD_VIEW_READABLE
                                                                              : MD_VIEW_MASKED;
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
  if (q->covered && !q->process_item)
    view = MIN (view, MD_VIEW_PRESENCE);
  /* Whole, because it was asked for, or not at all: a file has no last four digits. */
  if (q->step == MD_STEP_EXPORT && q->sensitivity == MD_CLASS_MY_NUMBER)
    return view == MD_VIEW_READABLE ? view : MD_VIEW_HIDDEN;
  return view;
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
ask_copied (const Field *field, guint role, guint situation)
{
  MdField *definition = md_form_get_field (field->form, field->id);
  MdFilterQuestion q = { .viewer = { .table = fixture_visibility (),
                                     .roles = MD_ROLES (role),
                                     .situation = (MdSituation)situation },
                         .profile = md_form_get_profile (field->form),
                         .step = MD_STEP_ENTRY,
                         .field_id = field->id,
                         .sensitivity = md_field_get_sensitivity (definition),
                         .process_item = md_field_is_process_item (definition),
                         .in_procedure = TRUE,
                         .writable = TRUE,
                         .filled = TRUE };
  const gboolean there = md_filter (&q) == MD_VIEW_EDITABLE;

  q.step = MD_STEP_EXPORT;
  if (there)
    g_assert_cmpint (md_filter (&q), ==, MD_VIEW_READABLE);
  if (q.sensitivity == MD_CLASS_MY_NUMBER)
    g_assert_false (there);
}

static void
test_what_can_be_copied (void)
{
  GListModel *forms = G_LIST_MODEL (fixture_catalogue ());
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint f = 0; f < g_list_model_get_n_items (forms); f++)
    {
      g_autoptr (MdForm) form = g_list_model_get_item (forms, f);
      g_autofree const char **ids = md_form_list_fields (form);

      for (guint i = 0; ids[i]; i++)
        if (is_new (seen, form, ids[i]))
          for (guint role = 0; role < MD_N_ROLES; role++)
            for (guint situation = 0; situation < N_SITUATIONS; situation++)
              ask_copied (&(Field){ form, ids[i], class_of (ids[i]) }, role, situation);
    }
}

/* --- at a form that is filled in --- */

typedef struct
{
  MdForm *form;
  guint role, situation;
  guint n[MD_N_FIELD_TYPES]; /* fields of each type that were filled in and left */
} Desk;

static MdFormData *
open_form (const Desk *desk)
{
  const MdViewer viewer = { .table = fixture_visibility (),
                            .roles = MD_ROLES (desk->role),
                            .situation = (MdSituation)desk->situation };

  return md_form_data_new (desk->form, &viewer, MD_STEP_ENTRY, FIXTURE_TODAY);
}

static gboolean
only_while_held (const Desk *desk, MdEntry *entry)
{
  const char *id = md_field_get_id (md_entry_get_field (entry));
  const MdProfile profile = md_form_get_profile (desk->form);
  const MdFilterQuestion q
      = { .sensitivity = md_field_get_sensitivity (md_entry_get_field (entry)) };

  return letter_for (&q, granted ((guint)profile, class_of (id), id, desk->role, desk->situation))
         == 'R';
}

/* Something that the field takes, typed and left; NULL: nothing is. */
static const char *
fill_in (MdEntry *entry)
{
  static const char *const texts[] = { "true", "2026-10-01", "2026-10", "1", "あおぞら" };
  const char *const *labels = NULL;
  const char *const *choices = md_entry_get_choices (entry, &labels);

  md_entry_show_declaration (entry, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      const char *text = choices ? choices[0] : texts[i];

      md_entry_set_text (entry, text);
      g_assert_nonnull (md_entry_get_text (entry)); /* until it is left, it can be gone on with */
      if (md_entry_commit (entry))
        return text;
    }
  return NULL;
}

static void
fill_in_number (MdEntry *entry)
{
  g_autoptr (MdSecret) number = md_secret_new_from_text ("123456789018");
  g_autoptr (GError) error = NULL;

  g_assert_true (md_entry_set_secret (entry, number, &error));
  g_assert_no_error (error);
}

static void
assert_covered (MdEntry *entry)
{
  const char *id = md_entry_get_id (entry);
  g_autofree char *property = NULL;
  gboolean may_reveal = FALSE;

  g_object_get (entry, "text", &property, "may-reveal", &may_reveal, NULL);
  if (md_entry_get_text (entry) || property || md_entry_get_view (entry) != MD_VIEW_MASKED)
    g_error ("%s stands open after it was left", id);
  g_assert_true (strchr (md_entry_get_display (entry), '*') != NULL);
  g_assert_true (may_reveal);
}

/* Left, shown while it is held, and emptied to be filled in anew. */
static void
try_field (Desk *desk, MdFormData *data, MdEntry *entry)
{
  const MdFieldType type = md_field_get_field_type (md_entry_get_field (entry));
  const char *text = NULL;

  if (md_entry_is_group (entry)) /* how many there are; what they say is in its columns */
    return;
  if (md_entry_get_view (entry) != MD_VIEW_EDITABLE)
    {
      g_assert_null (md_entry_get_text (entry));
      return;
    }
  if (type == MD_FIELD_MYNUM)
    fill_in_number (entry);
  else if (!(text = fill_in (entry)))
    g_error ("nothing fits %s in %s", md_entry_get_id (entry), md_form_get_id (desk->form));
  assert_covered (entry);
  md_entry_set_revealed (entry, TRUE);
  g_assert_cmpint (md_entry_get_view (entry), ==, MD_VIEW_READABLE);
  g_assert_null (md_entry_get_text (entry));
  md_entry_set_revealed (entry, FALSE);
  assert_covered (entry);
  md_entry_clear (entry);
  g_assert_cmpint (md_entry_get_view (entry), ==, MD_VIEW_EDITABLE);
  g_assert_false (md_entry_get_filled (entry));
  if (text) /* and where nothing tells the field itself that it was left */
    {
      md_entry_set_text (entry, text);
      md_form_data_leave (data, NULL);
      assert_covered (entry);
    }
  desk->n[type]++;
}

static void
try_form (Desk *desk)
{
  g_autoptr (MdFormData) data = open_form (desk);
  GListModel *sections = md_form_data_get_sections (data);

  for (guint s = 0; s < g_list_model_get_n_items (sections); s++)
    {
      g_autoptr (GListModel) section = g_list_model_get_item (sections, s);

      for (guint i = 0; i < g_list_model_get_n_items (section); i++)
        {
          g_autoptr (MdEntry) entry = g_list_model_get_item (section, i);

          if (md_entry_is_group (entry) && md_entry_get_n_rows (entry) == 0)
            (void)md_entry_add_row (entry); /* its columns come next */
          if (only_while_held (desk, entry))
            try_field (desk, data, entry);
        }
    }
}

/* Whatever its type: of a field that these eyes may see only while they hold it, nothing is given
 * once it was filled in and left. */
static void
test_left (void)
{
  static const guint at_counters[]
      = { MD_ROLE_CLERK_NUMBER, MD_ROLE_CLERK, MD_ROLE_INQUIRY, MD_ROLE_BRANCH };
  static const MdFieldType held[]
      = { MD_FIELD_ENUM, MD_FIELD_BOOL, MD_FIELD_LIST,  MD_FIELD_TEXT, MD_FIELD_DATE,
          MD_FIELD_YM,   MD_FIELD_INT,  MD_FIELD_MYNUM, MD_FIELD_DEC };
  GListModel *forms = G_LIST_MODEL (fixture_catalogue ());
  Desk desk = { 0 };

  for (guint f = 0; f < g_list_model_get_n_items (forms); f++)
    for (guint role = 0; role < G_N_ELEMENTS (at_counters); role++)
      for (guint others = 0; others < 2; others++)
        {
          g_autoptr (MdForm) form = g_list_model_get_item (forms, f);

          desk.form = form;
          desk.role = at_counters[role];
          desk.situation = others ? MD_SITUATION_OFFICE | MD_SITUATION_NUMBER : N_SITUATIONS - 1;
          try_form (&desk);
        }
  for (guint i = 0; i < G_N_ELEMENTS (held); i++)
    g_assert_cmpuint (desk.n[held[i]], >, 0);
}

/* Where the focus says nothing, something else does: another field, the end of it, the cover. */
static void
test_left_otherwise (void)
{
  g_autoptr (MdFormData) data = fixture_data ("health.hepatitis", MD_ROLE_CLERK_NUMBER);
  MdEntry *one = md_form_data_get_entry (data, "s.he_b");
  MdEntry *other = md_form_data_get_entry (data, "s.he_c");

  md_entry_set_text (one, "positive");
  g_assert_cmpstr (md_entry_get_text (one), ==, "positive");
  md_entry_set_text (one, "negative");
  g_assert_cmpstr (md_entry_get_text (one), ==, "negative");
  md_entry_set_text (other, "high");
  assert_covered (one);
  g_assert_cmpstr (md_entry_get_text (other), ==, "high");
  (void)md_form_data_validate (data);
  assert_covered (other);
  g_assert_cmpstr (md_form_data_get_value (data, "s.he_b"), ==, "negative");
  g_assert_cmpstr (md_form_data_get_value (data, "s.he_c"), ==, "high");
  md_entry_clear (other);
  md_entry_set_text (other, "low");
  md_form_data_set_covered (data, TRUE);
  md_form_data_set_covered (data, FALSE);
  assert_covered (other);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/forms/eyes/as-the-policy-says", test_as_the_policy_says);
  g_test_add_func ("/forms/eyes/every-number", test_every_number);
  g_test_add_func ("/forms/eyes/what-can-be-copied", test_what_can_be_copied);
  g_test_add_func ("/forms/eyes/left", test_left);
  g_test_add_func ("/forms/eyes/left-otherwise", test_left_otherwise);
  return g_test_run ();
}
