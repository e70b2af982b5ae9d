// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <glib/gi18n.h>
#include <json-glib/json-glib.h>
#include <string.h>

#include <md-base.h>

#include "md-catalogue.h"
#include "md-form-private.h"
#include "md-guide-private.h"

#define FIELDS_FILE "fields.json"
#define SETS_FILE "sets.json"
#define GUIDE_FILE "guide.json"

struct _MdCatalogue
{
  GObject parent_instance;

  GHashTable *fields; /* id -> MdField */
  MdFormSets *sets;   /* while it is loaded */
  gboolean strict;    /* so, too: for whoever writes definitions */
  GPtrArray *forms;   /* MdForm */
  GListStore *events; /* MdLifeEvent */
};

static void catalogue_list_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (MdCatalogue, md_catalogue, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, catalogue_list_init))

static GType
catalogue_get_item_type (GListModel *list)
{
  return MD_TYPE_FORM;
}

static guint
catalogue_get_n_items (GListModel *list)
{
  return MD_CATALOGUE (list)->forms->len;
}

static gpointer
catalogue_get_item (GListModel *list, guint i)
{
  MdCatalogue *self = MD_CATALOGUE (list);

  return i < self->forms->len ? g_object_ref (g_ptr_array_index (self->forms, i)) : NULL;
}

static void
catalogue_list_init (GListModelInterface *iface)
{
  iface->get_item_type = catalogue_get_item_type;
  iface->get_n_items = catalogue_get_n_items;
  iface->get_item = catalogue_get_item;
}

static void
md_catalogue_finalize (GObject *object)
{
  MdCatalogue *self = MD_CATALOGUE (object);

  g_object_unref (self->events);
  g_hash_table_unref (self->fields);
  g_ptr_array_unref (self->forms);
  G_OBJECT_CLASS (md_catalogue_parent_class)->finalize (object);
}

static void
md_catalogue_class_init (MdCatalogueClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = md_catalogue_finalize;
}

static void
md_catalogue_init (MdCatalogue *self)
{
  self->fields = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_object_unref);
  self->forms = g_ptr_array_new_with_free_func (g_object_unref);
  self->events = g_list_store_new (MD_TYPE_LIFE_EVENT);
}

static GBytes *
read_file (const char *path, GError **error)
{
  char *contents;
  gsize length;
  g_autoptr (GError) cause = NULL;

  if (g_file_get_contents (path, &contents, &length, &cause))
    return g_bytes_new_take (contents, length);
  g_set_error (error, MD_FORMS_ERROR, MD_FORMS_ERROR_UNREADABLE,
               _ ("A form definition cannot be read: %s. Install the forms again."),
               cause->message);
  return NULL;
}

static MdCharacterSet
read_characters (MdJson *json, JsonObject *root)
{
  const char *id = md_json_string_or (json, root, "characters", "unicode");
  MdCharacterSet set = MD_CHARACTERS_UNICODE;

  if (id && !md_character_set_from_id (id, &set))
    md_json_fail (json, "characters",
                  _ ("There is no character set \"%s\". Use unicode, windows-31j, jis-x-0208 or "
                     "jis-x-0213."),
                  id);
  return set;
}

/* The file at PATH as JSON, its faults told as those of SOURCE: OUT_ROOT is NULL where it is none.
 * NULL where it cannot be read. */
static MdJson *
open_json (const char *path, const char *source, JsonObject **out_root, GError **error)
{
  g_autoptr (GBytes) bytes = read_file (path, error);
  MdJson *json;

  if (!bytes)
    return NULL;
  json = md_json_new (source, MD_FORMS_ERROR, MD_FORMS_ERROR_DEFINITION);
  *out_root = md_json_parse (json, bytes, MD_LIMIT_FORM_FILE);
  return json;
}

static gboolean
load_fields (MdCatalogue *self, const char *directory, GError **error)
{
  static const char *const members[] = { "schema", "version", "characters", "fields", NULL };
  g_autofree char *path = g_build_filename (directory, FIELDS_FILE, NULL);
  JsonObject *root = NULL, *fields;
  g_autoptr (MdJson) json = open_json (path, FIELDS_FILE, &root, error);
  g_autoptr (GList) ids = NULL;
  MdCharacterSet set;
  const char *schema;

  if (!json)
    return FALSE;
  md_json_only (json, root, members);
  schema = md_json_string (json, root, "schema");
  if (schema && !g_str_equal (schema, "madoguchi-fields/1"))
    md_json_fail (json, "schema", _ ("This must be \"madoguchi-fields/1\"."));
  (void)md_json_int (json, root, "version", 1, G_MAXINT32);
  set = read_characters (json, root);
  fields = md_json_object (json, root, "fields");
  ids = fields ? json_object_get_members (fields) : NULL;
  md_json_enter (json, "fields");
  for (GList *l = ids; l && !md_json_failed (json); l = l->next)
    {
      JsonObject *object = md_json_object (json, fields, l->data);
      MdField *field;

      md_json_enter (json, "%s", (const char *)l->data);
      field = _md_field_read (l->data, json, object);
      field->characters = set;
      g_hash_table_insert (self->fields, field->id, field);
      md_json_leave (json);
    }
  return md_json_finish (json, error);
}

/* A folder need not have any. */
static gboolean
load_sets (MdCatalogue *self, const char *directory, GError **error)
{
  g_autofree char *path = g_build_filename (directory, SETS_FILE, NULL);
  g_autoptr (MdJson) json = NULL;
  JsonObject *root = NULL;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;
  json = open_json (path, SETS_FILE, &root, error);
  if (!json)
    return FALSE;
  if (root)
    _md_form_sets_read (self->sets, json, root, self->fields);
  return md_json_finish (json, error);
}

/* Versions of one id count apart, and their days do not meet. */
static void
check_versions (GPtrArray *forms, MdForm *form, MdJson *json)
{
  for (guint i = 0; i < forms->len; i++)
    {
      MdForm *other = g_ptr_array_index (forms, i);

      if (!g_str_equal (other->id, form->id))
        continue;
      if (other->version == form->version)
        md_json_fail (json, "version", _ ("Another file has this version already. Count on."));
      if ((!other->to || strcmp (form->from, other->to) <= 0)
          && (!form->to || strcmp (other->from, form->to) <= 0))
        md_json_fail (
            json, "effective",
            _ ("Version %u is in force on some of these days, too. Let it end (\"to\") on the "
               "day before."),
            other->version);
    }
}

/* "ID.json", or "ID@2.json" for a further version of it. */
static void
check_name (MdJson *json, MdForm *form, const char *name)
{
  g_autofree char *plain = g_strconcat (form->id, ".json", NULL);
  g_autofree char *numbered = g_strdup_printf ("%s@%u.json", form->id, form->version);

  if (g_str_equal (name, plain) || g_str_equal (name, numbered))
    return;
  md_json_fail (json, "id", _ ("The file must be named \"%s\" or \"%s\" after its id and version."),
                plain, numbered);
}

/* What it amends is another procedure of the same folder. */
static void
check_amended (MdJson *json, MdForm *form, const char *directory)
{
  g_autofree char *name = g_strconcat (form->amends, ".json", NULL);
  g_autofree char *path = g_build_filename (directory, name, NULL);

  if (g_strcmp0 (form->amends, form->id) == 0 || !g_file_test (path, G_FILE_TEST_IS_REGULAR))
    md_json_fail (json, "amends", _ ("There is no other procedure \"%s\" here. Name one."),
                  form->amends);
}

static gboolean
load_form (MdCatalogue *self, const char *directory, const char *name, const char *source,
           GError **error)
{
  g_autofree char *path = g_build_filename (directory, name, NULL);
  JsonObject *root = NULL;
  g_autoptr (MdJson) json = open_json (path, source, &root, error);
  g_autoptr (MdForm) form = NULL;

  if (!json)
    return FALSE;
  if (root)
    form = _md_form_read (json, root, self->fields, self->sets, self->strict);
  if (form && form->id)
    check_name (json, form, name);
  if (form && form->amends)
    check_amended (json, form, directory);
  if (form && !md_json_failed (json))
    check_versions (self->forms, form, json);
  if (!md_json_finish (json, error))
    return FALSE;
  g_ptr_array_add (self->forms, g_steal_pointer (&form));
  return TRUE;
}

static gint
compare_forms (gconstpointer a, gconstpointer b)
{
  MdForm *one = *(MdForm *const *)a, *two = *(MdForm *const *)b;
  guint d1 = _md_form_get_domain (one), d2 = _md_form_get_domain (two);
  int order
      = d1 != d2 ? (d1 < d2 ? -1 : 1) : g_strcmp0 (md_form_get_id (one), md_form_get_id (two));

  return order != 0 ? order : (one->version > two->version) - (one->version < two->version);
}

static void
note (GPtrArray *errors, GError *error, const char *file)
{
  _md_forms_error_set_file (error, file);
  g_ptr_array_add (errors, error);
}

static gint
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

/* The definitions in the folder, in the order of their names; NULL when it cannot be read. */
static GPtrArray *
list_names (const char *folder, GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) cause = NULL;
  g_autoptr (GDir) dir = g_dir_open (folder, 0, &cause);
  const char *name;

  if (!dir)
    {
      g_set_error (
          error, MD_FORMS_ERROR, MD_FORMS_ERROR_UNREADABLE,
          _ ("The folder of form definitions cannot be read: %s. Install the forms again."),
          cause->message);
      return NULL;
    }
  while ((name = g_dir_read_name (dir)))
    if (g_str_has_suffix (name, ".json"))
      g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);
  return g_steal_pointer (&names);
}

/* Goes on after a file that is wrong when ALL is wanted. */
static void
load_forms (MdCatalogue *self, const char *directory, gboolean all, GPtrArray *errors)
{
  g_autofree char *path = g_build_filename (directory, "procedures", NULL);
  GError *error = NULL;
  g_autoptr (GPtrArray) names = list_names (path, &error);

  if (!names)
    note (errors, error, NULL);
  for (guint i = 0; names && i < names->len && (all || errors->len == 0); i++)
    {
      const char *name = g_ptr_array_index (names, i);
      g_autofree char *source = g_strdup_printf ("procedures/%s", name);

      error = NULL;
      if (!load_form (self, path, name, source, &error))
        note (errors, error, source);
    }
  g_ptr_array_sort (self->forms, compare_forms);
}

/* A folder need not have one. */
static gboolean
load_guide (MdCatalogue *self, const char *directory, GError **error)
{
  g_autofree char *path = g_build_filename (directory, GUIDE_FILE, NULL);
  g_autoptr (MdJson) json = NULL;
  JsonObject *root = NULL;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;
  json = open_json (path, GUIDE_FILE, &root, error);
  if (!json)
    return FALSE;
  _md_guide_read (self, json, root, self->events);
  return md_json_finish (json, error);
}

static MdCatalogue *
load (const char *directory, gboolean all, GPtrArray *errors)
{
  MdCatalogue *self = g_object_new (MD_TYPE_CATALOGUE, NULL);
  GError *error = NULL;

  self->sets = _md_form_sets_new ();
  self->strict = all;
  if (!load_fields (self, directory, &error))
    note (errors, error, FIELDS_FILE);
  else if (!load_sets (self, directory, &error))
    note (errors, error, SETS_FILE);
  else
    load_forms (self, directory, all, errors);
  if (errors->len == 0 && !load_guide (self, directory, &error))
    note (errors, error, GUIDE_FILE);
  g_clear_pointer (&self->sets, _md_form_sets_free);
  return self;
}

MdCatalogue *
md_catalogue_load (const char *directory, GError **error)
{
  g_autoptr (GPtrArray) errors = g_ptr_array_new_with_free_func ((GDestroyNotify)g_error_free);
  g_autoptr (MdCatalogue) self = load (directory, FALSE, errors);

  if (errors->len == 0)
    return g_steal_pointer (&self);
  g_propagate_error (error, g_error_copy (g_ptr_array_index (errors, 0)));
  return NULL;
}

MdCatalogue *
md_catalogue_lint (const char *directory, GPtrArray *out_errors)
{
  return load (directory, TRUE, out_errors);
}

MdForm *
md_catalogue_get_form (MdCatalogue *self, const char *id)
{
  MdForm *newest = NULL;

  for (guint i = 0; i < self->forms->len; i++)
    if (g_strcmp0 (md_form_get_id (g_ptr_array_index (self->forms, i)), id) == 0)
      newest = g_ptr_array_index (self->forms, i);
  return newest;
}

MdForm *
md_catalogue_get_form_version (MdCatalogue *self, const char *id, const char *version)
{
  for (guint i = 0; i < self->forms->len; i++)
    {
      MdForm *form = g_ptr_array_index (self->forms, i);
      g_autofree char *own = g_strdup_printf ("%u", form->version);

      if (g_strcmp0 (form->id, id) == 0 && g_strcmp0 (own, version) == 0)
        return form;
    }
  return NULL;
}

MdForm *
md_catalogue_get_form_on (MdCatalogue *self, const char *id, const char *day)
{
  for (guint i = 0; i < self->forms->len; i++)
    {
      MdForm *form = g_ptr_array_index (self->forms, i);

      if (g_strcmp0 (form->id, id) == 0 && md_form_is_in_force (form, day))
        return form;
    }
  return NULL;
}

MdField *
md_catalogue_get_field (MdCatalogue *self, const char *id)
{
  return g_hash_table_lookup (self->fields, id);
}

GListModel *
md_catalogue_get_events (MdCatalogue *self)
{
  return G_LIST_MODEL (self->events);
}

MdLifeEvent *
md_catalogue_get_event (MdCatalogue *self, const char *id)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->events)); i++)
    {
      g_autoptr (MdLifeEvent) event = g_list_model_get_item (G_LIST_MODEL (self->events), i);

      if (g_strcmp0 (md_life_event_get_id (event), id) == 0)
        return event;
    }
  return NULL;
}

/* Both sides in the same shape: width, case, blanks, and hiragana as katakana. */
static char *
search_key (const char *text)
{
  g_autofree char *kana = md_text_match_key (text);

  return kana ? g_steal_pointer (&kana) : g_strdup ("");
}

static guint
score_text (const char *candidate, const char *needle, guint weight)
{
  g_autofree char *key = candidate ? search_key (candidate) : NULL;
  const char *found = key ? strstr (key, needle) : NULL;

  if (!found)
    return 0;
  return found == key ? weight * 2 : weight;
}

static guint
score_form (MdForm *form, const char *needle)
{
  guint best;

  if (!needle[0])
    return 1;
  best = score_text (form->title.ja, needle, 8);

  best = MAX (best, score_text (form->kana, needle, 8));
  best = MAX (best, score_text (form->title.en, needle, 6));
  best = MAX (best, score_text (form->id, needle, 5));
  for (guint i = 0; form->keywords[i]; i++)
    best = MAX (best, score_text (form->keywords[i], needle, 4));
  return best;
}

GListModel *
md_catalogue_search (MdCatalogue *self, const char *text, const char *day)
{
  g_autofree char *needle = search_key (text ? text : "");
  GListStore *store = g_list_store_new (MD_TYPE_FORM);
  g_autofree guint *scores = g_new0 (guint, self->forms->len + 1);
  guint best = 0;

  for (guint i = 0; i < self->forms->len; i++)
    {
      MdForm *form = g_ptr_array_index (self->forms, i);

      scores[i] = !day || md_form_is_in_force (form, day) ? score_form (form, needle) : 0;
      best = MAX (best, scores[i]);
    }
  for (guint score = best; score > 0; score--)
    for (guint i = 0; i < self->forms->len; i++)
      if (scores[i] == score)
        g_list_store_append (store, g_ptr_array_index (self->forms, i));
  return G_LIST_MODEL (store);
}
