// SPDX-License-Identifier: Apache-2.0
#include "bench-form.h"

#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <stdlib.h>
#include <unistd.h>

#define OF_SECTION 7 // what a heading may have

static char *
source_path (const char *folder, const char *name)
{
  return g_build_filename (g_getenv ("MADOGUCHI_SOURCE"), "data", folder, name, NULL);
}

char *
bench_forms_folder (void)
{
  return source_path ("forms", NULL);
}

MdCatalogue *
bench_load (const char *folder)
{
  g_autoptr (GError) error = NULL;
  MdCatalogue *catalogue = md_catalogue_load (folder, &error);

  if (!catalogue)
    g_error ("%s: %s", folder, error->message);
  return catalogue;
}

MdForm *
bench_largest (MdCatalogue *catalogue, guint *out_n)
{
  MdForm *found = NULL;

  *out_n = 0;
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (catalogue)); i++)
    {
      g_autoptr (MdForm) form = g_list_model_get_item (G_LIST_MODEL (catalogue), i);
      g_autofree const char **ids = md_form_list_fields (form);
      guint n = 0;

      while (ids[n])
        n++;
      if (n > *out_n)
        {
          found = form; // the catalogue keeps it
          *out_n = n;
        }
    }
  return found;
}

MdViewer
bench_viewer (void)
{
  static MdVisibility *tables;
  g_autofree char *path = source_path ("policy", "visibility.json");
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;

  if (!tables && json_parser_load_from_file (parser, path, &error))
    tables = md_visibility_new_from_json (json_node_get_object (json_parser_get_root (parser)),
                                          &error);
  if (!tables)
    g_error ("%s: %s", path, error->message);
  return (MdViewer){ .table = tables,
                     .roles = MD_ROLES (MD_ROLE_CLERK_NUMBER),
                     .situation
                     = (MdSituation)(MD_SITUATION_OFFICE | MD_SITUATION_OWN | MD_SITUATION_OPEN) };
}

guint
bench_count_shown (MdForm *form, const MdViewer *viewer)
{
  g_autoptr (MdFormData) data = md_form_data_new (form, viewer, MD_STEP_ENTRY, BENCH_DAY);
  GListModel *sections = md_form_data_get_sections (data);
  guint n = 0;

  for (guint i = 0; i < g_list_model_get_n_items (sections); i++)
    {
      g_autoptr (GListModel) section = g_list_model_get_item (sections, i);

      for (guint k = 0; k < g_list_model_get_n_items (section); k++)
        {
          g_autoptr (MdEntry) entry = g_list_model_get_item (section, k);

          n += md_entry_get_visible (entry) ? 1 : 0;
        }
    }
  return n;
}

void
bench_remove (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)))
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_DIR) && !g_file_test (path, G_FILE_TEST_IS_SYMLINK))
        bench_remove (path);
      else
        g_unlink (path);
    }
  g_rmdir (folder);
}

static JsonNode *
read_json (const char *path)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;

  if (!json_parser_load_from_file (parser, path, &error))
    g_error ("%s: %s", path, error->message);
  return json_parser_steal_root (parser);
}

// Typed, and no more than a value: what can be added to a form without a text or columns of its
// own.
static gboolean
is_plain (JsonObject *field)
{
  static const char *const others[] = { "rows", "blob", "declaration", "mynum", NULL };

  return !g_strv_contains (others, json_object_get_string_member (field, "type"))
         && g_str_equal (
             json_array_get_string_element (json_object_get_array_member (field, "source"), 0),
             "typed");
}

static JsonArray *
add_section (JsonArray *sections)
{
  JsonObject *section = json_object_new (), *title = json_object_new ();
  JsonArray *fields = json_array_new ();
  g_autofree char *id = g_strdup_printf ("more-%u", json_array_get_length (sections));

  json_object_set_string_member (title, "ja", id);
  json_object_set_string_member (title, "en", id);
  json_object_set_string_member (section, "id", id);
  json_object_set_object_member (section, "title", title);
  json_object_set_array_member (section, "fields", fields);
  json_array_add_object_element (sections, section);
  return fields;
}

// Every kind that is typed comes, in the order of the dictionary.
static void
widen (JsonObject *procedure, MdForm *form, guint shown)
{
  g_autofree char *path = source_path ("forms", "fields.json");
  g_autoptr (JsonNode) root = read_json (path);
  JsonObject *dictionary = json_object_get_object_member (json_node_get_object (root), "fields");
  g_autoptr (GList) ids = json_object_get_members (dictionary);
  JsonArray *fields = NULL;

  for (GList *id = ids; id && shown < BENCH_WIDE; id = id->next)
    {
      JsonObject *item = NULL;

      if (md_form_has_field (form, id->data)
          || !is_plain (json_object_get_object_member (dictionary, id->data)))
        continue;
      if (!fields || json_array_get_length (fields) == OF_SECTION)
        fields = add_section (json_object_get_array_member (procedure, "sections"));
      item = json_object_new ();
      json_object_set_string_member (item, "field", id->data);
      json_array_add_object_element (fields, item);
      shown++;
    }
}

MdCatalogue *
bench_load_wide (void)
{
  g_autofree char *folder = g_dir_make_tmp ("madoguchi-forms-XXXXXX", NULL);
  g_autofree char *procedures = g_build_filename (folder, "procedures", NULL);
  g_autofree char *forms = bench_forms_folder ();
  g_autoptr (MdCatalogue) ours = bench_load (forms);
  guint n = 0;
  MdForm *form = bench_largest (ours, &n);
  const MdViewer viewer = bench_viewer ();
  g_autofree char *file = g_strdup_printf ("%s.json", md_form_get_id (form));
  g_autofree char *from = g_build_filename (forms, "procedures", file, NULL);
  g_autofree char *to = g_build_filename (procedures, file, NULL);
  g_autoptr (JsonNode) root = read_json (from);
  g_autofree char *text = NULL;
  MdCatalogue *wide = NULL;

  g_mkdir (procedures, 0700);
  for (guint i = 0; i < 2; i++)
    {
      static const char *const names[] = { "fields.json", "sets.json" };
      g_autofree char *target = source_path ("forms", names[i]);
      g_autofree char *link = g_build_filename (folder, names[i], NULL);

      if (symlink (target, link) != 0)
        g_error ("%s: %s", link, g_strerror (errno));
    }
  widen (json_node_get_object (root), form, bench_count_shown (form, &viewer));
  text = json_to_string (root, TRUE);
  if (!g_file_set_contents (to, text, -1, NULL))
    g_error ("%s: cannot be written", to);
  wide = bench_load (folder);
  bench_remove (folder);
  return wide;
}

static int
compare (const void *a, const void *b)
{
  const double *left = a, *right = b;

  return (*left > *right) - (*left < *right);
}

double
bench_median (double *samples, guint n)
{
  qsort (samples, n, sizeof *samples, compare);
  return samples[n / 2];
}
