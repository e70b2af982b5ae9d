// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <glib/gi18n.h>
#include <json-glib/json-glib.h>
#include <string.h>

#include <md-base.h>

#include "md-catalogue.h"
#include "md-form-bundle-private.h"
#include "md-form-private.h"

/* Whole folders have these as well; the guide need not be there. */
const char *const _md_bundle_shared[MD_BUNDLE_SHARED]
    = { "fields.json", "sets.json", "guide.json" };

/* What a procedure needs of them, by name and digest of each. */
const char *const _md_bundle_needed[MD_BUNDLE_NEEDED] = { "fields", "sets" };

/* --- reading --- */

gboolean
_md_bundle_refuse (GError **error, const char *format, ...)
{
  va_list words;
  g_autofree char *text = NULL;

  va_start (words, format);
  text = g_strdup_vprintf (format, words);
  va_end (words);
  g_set_error_literal (error, MD_FORMS_ERROR, MD_FORMS_ERROR_DEFINITION, text);
  return FALSE;
}

char *
_md_bundle_read_text (const char *directory, const char *name, GError **error)
{
  g_autofree char *path = g_build_filename (directory, name, NULL);
  g_autoptr (GError) cause = NULL;
  char *text = NULL;

  if (!g_file_get_contents (path, &text, NULL, &cause))
    g_set_error_literal (error, MD_FORMS_ERROR, MD_FORMS_ERROR_UNREADABLE, cause->message);
  return text;
}

static JsonNode *
parse (const char *text, GError **error)
{
  g_autoptr (GError) cause = NULL;
  JsonNode *root = json_from_string (text, &cause);

  if (!root || !JSON_NODE_HOLDS_OBJECT (root))
    {
      g_clear_pointer (&root, json_node_unref);
      g_set_error (error, MD_FORMS_ERROR, MD_FORMS_ERROR_DEFINITION, _ ("The file is not JSON: %s"),
                   cause ? cause->message : "");
    }
  return root;
}

char *
_md_bundle_digest (const char *text)
{
  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);
}

/* The definitions of a dictionary or of the sets by their names; NULL where the file is none. */
JsonObject *
_md_bundle_open (const char *directory, const char *member, JsonNode **out_root)
{
  g_autofree char *file = g_strconcat (member, ".json", NULL);
  g_autofree char *text = _md_bundle_read_text (directory, file, NULL);
  JsonObject *root;

  *out_root = text ? parse (text, NULL) : NULL;
  root = *out_root ? json_node_get_object (*out_root) : NULL;
  return root && json_object_has_member (root, member)
             ? json_object_get_object_member (root, member)
             : NULL;
}

char *
_md_bundle_digest_definition (JsonObject *definitions, const char *name)
{
  JsonNode *node = definitions ? json_object_get_member (definitions, name) : NULL;
  g_autofree char *text = node ? json_to_string (node, FALSE) : NULL;

  return text ? _md_bundle_digest (text) : NULL;
}

/* --- one digest over all --- */

/* Every name with its digest, in their order. */
char *
_md_bundle_digest_all (JsonObject *bundle)
{
  g_autoptr (GString) lines = g_string_new (NULL);
  JsonArray *files = json_object_get_array_member (bundle, "files");

  for (guint i = 0; i < json_array_get_length (files); i++)
    {
      JsonObject *file = json_array_get_object_element (files, i);

      g_string_append_printf (lines, "%s %s\n", json_object_get_string_member (file, "name"),
                              json_object_get_string_member (file, "sha256"));
    }
  for (guint i = 0; i < MD_BUNDLE_NEEDED; i++)
    {
      JsonObject *digests = json_object_get_object_member (bundle, _md_bundle_needed[i]);
      g_autoptr (GList) names = json_object_get_members (digests);

      for (GList *name = names; name; name = name->next)
        g_string_append_printf (lines, "%s %s %s\n", _md_bundle_needed[i], (const char *)name->data,
                                json_object_get_string_member (digests, name->data));
    }
  return _md_bundle_digest (lines->str);
}

/* --- export --- */

gboolean
_md_bundle_add_file (JsonArray *files, const char *directory, const char *name, GError **error)
{
  g_autofree char *text = _md_bundle_read_text (directory, name, error);
  g_autofree char *digest = text ? _md_bundle_digest (text) : NULL;
  JsonObject *file;

  if (!text)
    return FALSE;
  file = json_object_new ();
  json_object_set_string_member (file, "name", name);
  json_object_set_string_member (file, "sha256", digest);
  json_object_set_string_member (file, "text", text);
  json_array_add_object_element (files, file);
  return TRUE;
}

char *
_md_bundle_name_file (const char *directory, MdForm *form)
{
  g_autofree char *name = g_strdup_printf ("%s/%s@%u.json", MD_BUNDLE_PROCEDURES,
                                           md_form_get_id (form), md_form_get_version (form));
  g_autofree char *path = g_build_filename (directory, name, NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS)
             ? g_steal_pointer (&name)
             : g_strdup_printf ("%s/%s.json", MD_BUNDLE_PROCEDURES, md_form_get_id (form));
}

static gboolean
is_wanted (MdForm *form, const char *procedure)
{
  const char *at = procedure ? strchr (procedure, '@') : NULL;
  const char *id = md_form_get_id (form);
  g_autofree char *version
      = at ? g_strdup_printf ("%s@%u", id, md_form_get_version (form)) : g_strdup (id);

  return !procedure || g_str_equal (procedure, version);
}

/* The sets that a file names anywhere. */
static void
need_sets (JsonNode *node, JsonObject *sets, JsonObject *out)
{
  if (JSON_NODE_HOLDS_ARRAY (node))
    {
      JsonArray *array = json_node_get_array (node);

      for (guint i = 0; i < json_array_get_length (array); i++)
        need_sets (json_array_get_element (array, i), sets, out);
    }
  else if (JSON_NODE_HOLDS_OBJECT (node))
    {
      JsonObject *object = json_node_get_object (node);
      const char *use = json_object_get_string_member_with_default (object, "use", NULL);
      g_autoptr (GList) members = json_object_get_values (object);
      g_autofree char *digest = use ? _md_bundle_digest_definition (sets, use) : NULL;

      if (digest && !json_object_has_member (out, use))
        {
          json_object_set_string_member (out, use, digest);
          need_sets (json_object_get_member (sets, use), sets, out);
        }
      for (GList *member = members; member; member = member->next)
        need_sets (member->data, sets, out);
    }
}

static void
need_fields (MdForm *form, JsonObject *fields, JsonObject *out)
{
  g_autofree const char **ids = md_form_list_fields (form);

  for (guint i = 0; ids[i]; i++)
    {
      g_autofree char *digest = _md_bundle_digest_definition (fields, ids[i]);

      if (digest)
        json_object_set_string_member (out, ids[i], digest);
    }
}

static gboolean
add_procedure (JsonObject *bundle, const char *directory, MdForm *form, GError **error)
{
  JsonArray *files = json_object_get_array_member (bundle, "files");
  g_autofree char *name = _md_bundle_name_file (directory, form);
  g_autoptr (JsonNode) fields_root = NULL, sets_root = NULL, root = NULL;
  JsonObject *fields = _md_bundle_open (directory, "fields", &fields_root);
  JsonObject *sets = _md_bundle_open (directory, "sets", &sets_root);
  const char *text;

  if (!_md_bundle_add_file (files, directory, name, error))
    return FALSE;
  text = json_object_get_string_member (
      json_array_get_object_element (files, json_array_get_length (files) - 1), "text");
  root = parse (text, error);
  if (!root)
    return FALSE;
  need_fields (form, fields, json_object_get_object_member (bundle, "fields"));
  need_sets (root, sets, json_object_get_object_member (bundle, "sets"));
  return TRUE;
}

gboolean
_md_bundle_add_shared (JsonArray *files, const char *directory, GError **error)
{
  for (guint i = 0; i < MD_BUNDLE_SHARED; i++)
    {
      g_autofree char *path = g_build_filename (directory, _md_bundle_shared[i], NULL);

      if (g_file_test (path, G_FILE_TEST_EXISTS)
          && !_md_bundle_add_file (files, directory, _md_bundle_shared[i], error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
add_procedures (JsonObject *bundle, const char *directory, MdCatalogue *catalogue,
                const char *procedure, GError **error)
{
  JsonArray *files = json_object_get_array_member (bundle, "files");
  guint found = 0;

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (catalogue)); i++)
    {
      g_autoptr (MdForm) form = g_list_model_get_item (G_LIST_MODEL (catalogue), i);
      g_autofree char *name = _md_bundle_name_file (directory, form);

      if (!is_wanted (form, procedure))
        continue;
      found++;
      if (procedure ? !add_procedure (bundle, directory, form, error)
                    : !_md_bundle_add_file (files, directory, name, error))
        return FALSE;
    }
  return found > 0
         || _md_bundle_refuse (error, _ ("There is no procedure \"%s\" here. Name one that is."),
                               procedure ? procedure : "");
}

char *
md_form_bundle_export (const char *directory, const char *procedure, GError **error)
{
  g_autoptr (MdCatalogue) catalogue = NULL;
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_OBJECT);
  JsonObject *bundle = json_object_new ();
  g_autofree char *digest = NULL;

  g_return_val_if_fail (directory, NULL);

  json_node_take_object (root, bundle);
  catalogue = md_catalogue_load (directory, error);
  if (!catalogue)
    return NULL;
  json_object_set_string_member (bundle, "schema", MD_BUNDLE_SCHEMA);
  json_object_set_array_member (bundle, "files", json_array_new ());
  for (guint i = 0; i < MD_BUNDLE_NEEDED; i++)
    json_object_set_object_member (bundle, _md_bundle_needed[i], json_object_new ());
  if ((!procedure
       && !_md_bundle_add_shared (json_object_get_array_member (bundle, "files"), directory, error))
      || !add_procedures (bundle, directory, catalogue, procedure, error))
    return NULL;
  digest = _md_bundle_digest_all (bundle);
  json_object_set_string_member (bundle, "sha256", digest);
  return json_to_string (root, TRUE);
}
