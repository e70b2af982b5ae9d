// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <string.h>
#include <unistd.h>

#include <md-base.h>
#include <md-policy.h>

#include "md-catalogue.h"
#include "md-form-bundle-private.h"
#include "md-form-private.h"

#define MAX_BUNDLE (16u << 20)

/* --- what came, looked at --- */

/* Nothing but a definition's own place. */
static gboolean
is_place (const char *name)
{
  static const char pattern[] = "^" MD_BUNDLE_PROCEDURES "/[a-z]+\\.[a-z0-9_]+(@[0-9]+)?\\.json$";

  for (guint i = 0; i < MD_BUNDLE_SHARED; i++)
    if (g_str_equal (name, _md_bundle_shared[i]))
      return TRUE;
  return g_regex_match_simple (pattern, name, G_REGEX_DOLLAR_ENDONLY, 0);
}

static void
check_file (MdJson *json, JsonObject *file)
{
  static const char *const members[] = { "name", "sha256", "text", NULL };
  const char *name = md_json_string (json, file, "name");
  const char *sha256 = md_json_string (json, file, "sha256");
  const char *text = md_json_string (json, file, "text");
  g_autofree char *digest = text ? _md_bundle_digest (text) : NULL;

  if (md_json_failed (json))
    return;
  md_json_only (json, file, members);
  if (!is_place (name))
    md_json_fail (json, "name", _ ("\"%s\" is no file of definitions. Have it exported again."),
                  name);
  else if (!g_str_equal (digest, sha256))
    md_json_fail (json, "sha256",
                  _ ("%s is not as it was exported. Have it exported and brought again."), name);
}

static void
check_digests (MdJson *json, JsonObject *bundle)
{
  JsonArray *files = md_json_array (json, bundle, "files");

  for (guint i = 0; files && i < json_array_get_length (files) && !md_json_failed (json); i++)
    {
      JsonObject *file = md_json_element_object (json, files, i);

      md_json_enter (json, "files[%u]", i);
      if (file)
        check_file (json, file);
      md_json_leave (json);
    }
  for (guint i = 0; i < MD_BUNDLE_NEEDED && !md_json_failed (json); i++)
    {
      JsonObject *digests = md_json_object (json, bundle, _md_bundle_needed[i]);
      g_autoptr (GList) names = digests ? json_object_get_members (digests) : NULL;

      md_json_enter (json, "%s", _md_bundle_needed[i]);
      for (GList *name = names; name; name = name->next)
        (void)md_json_string (json, digests, name->data);
      md_json_leave (json);
    }
}

static void
check_bundle (MdJson *json, JsonObject *bundle)
{
  static const char *const members[] = { "schema", "files", "fields", "sets", "sha256", NULL };
  const char *schema = md_json_string (json, bundle, "schema");
  const char *sha256 = md_json_string (json, bundle, "sha256");

  md_json_only (json, bundle, members);
  if (schema && !g_str_equal (schema, MD_BUNDLE_SCHEMA))
    md_json_fail (json, "schema", _ ("This is no export of definitions (\"%s\")."),
                  MD_BUNDLE_SCHEMA);
  check_digests (json, bundle);
  if (!md_json_failed (json))
    {
      g_autofree char *digest = _md_bundle_digest_all (bundle);

      if (!g_str_equal (digest, sha256))
        md_json_fail (json, "sha256",
                      _ ("Something of the export is missing or was added. Have it exported and "
                         "brought again."));
    }
}

static gboolean
has_file (JsonObject *bundle, const char *name)
{
  JsonArray *files = json_object_get_array_member (bundle, "files");

  for (guint i = 0; i < json_array_get_length (files); i++)
    if (g_str_equal (
            json_object_get_string_member (json_array_get_object_element (files, i), "name"), name))
      return TRUE;
  return FALSE;
}

/* Dictionary and sets here say the same of what it needs. */
static gboolean
check_needed (JsonObject *bundle, const char *directory, GError **error)
{
  for (guint i = 0; i < MD_BUNDLE_NEEDED; i++)
    {
      JsonObject *digests = json_object_get_object_member (bundle, _md_bundle_needed[i]);
      g_autoptr (GList) names = json_object_get_members (digests);
      g_autoptr (JsonNode) root = NULL;
      JsonObject *here = _md_bundle_open (directory, _md_bundle_needed[i], &root);

      for (GList *name = names; name; name = name->next)
        {
          g_autofree char *digest = _md_bundle_digest_definition (here, name->data);

          if (g_strcmp0 (digest, json_object_get_string_member (digests, name->data)) != 0)
            {
              g_set_error (error, MD_FORMS_ERROR, MD_FORMS_ERROR_DEFINITION,
                           _ ("%s.json has no such \"%s\", or another one. Bring it there first, "
                              "or import the whole folder."),
                           _md_bundle_needed[i], (const char *)name->data);
              return FALSE;
            }
        }
    }
  return TRUE;
}

/* --- import --- */

static void
remove_folder (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir && (name = g_dir_read_name (dir)))
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        remove_folder (path);
      else
        (void)g_unlink (path);
    }
  (void)g_rmdir (folder);
}

/* A file on its way to its place, and where it is until all are there. */
typedef struct
{
  const char *name, *text;
  guint64 version;
  char *path, *part;
  gboolean placed;
} Arrival;

static void
arrival_clear (gpointer data)
{
  Arrival *self = data;

  g_free (self->path);
  g_free (self->part);
}

/* Former versions first, so that a newer one is never there without them. */
static gint
compare_arrivals (gconstpointer a, gconstpointer b)
{
  const Arrival *one = a, *two = b;

  return (one->version > two->version) - (one->version < two->version);
}

static GArray *
list_arrivals (const char *directory, JsonArray *files)
{
  GArray *arrivals = g_array_new (FALSE, TRUE, sizeof (Arrival));

  g_array_set_clear_func (arrivals, arrival_clear);
  for (guint i = 0; i < json_array_get_length (files); i++)
    {
      JsonObject *file = json_array_get_object_element (files, i);
      Arrival arrival = { .name = json_object_get_string_member (file, "name"),
                          .text = json_object_get_string_member (file, "text") };
      const char *version = strchr (arrival.name, '@');

      arrival.version = version ? g_ascii_strtoull (version + 1, NULL, 10) : 1;
      arrival.path = g_build_filename (directory, arrival.name, NULL);
      g_array_append_val (arrivals, arrival);
    }
  g_array_sort (arrivals, compare_arrivals);
  return arrivals;
}

static gboolean
refuse_place (const Arrival *arrival, GError **error)
{
  return _md_bundle_refuse (
      error,
      _ ("%s is there already. Remove it first, or give the new one another name or "
         "version."),
      arrival->name);
}

/* A file as it was, beside its place, under a name that nothing has. */
static gboolean
write_part (Arrival *arrival, GError **error)
{
  g_autofree char *part = g_strconcat (arrival->path, ".XXXXXX", NULL);
  g_autoptr (GError) cause = NULL;
  int file;

  if (g_file_test (arrival->path, G_FILE_TEST_EXISTS))
    return refuse_place (arrival, error);
  file = g_mkstemp_full (part, O_WRONLY | O_CLOEXEC, 0644);
  if (file < 0)
    return _md_bundle_refuse (error, "%s", g_strerror (errno));
  (void)g_close (file, NULL);
  arrival->part = g_steal_pointer (&part);
  if (!g_file_set_contents_full (arrival->part, arrival->text, -1, G_FILE_SET_CONTENTS_CONSISTENT,
                                 0644, &cause))
    return _md_bundle_refuse (error, "%s", cause->message);
  return TRUE;
}

/* A link, which takes no place that something else has by now. */
static gboolean
place_part (Arrival *arrival, GError **error)
{
  arrival->placed = link (arrival->part, arrival->path) == 0;
  if (arrival->placed)
    return TRUE;
  return errno == EEXIST ? refuse_place (arrival, error)
                         : _md_bundle_refuse (error, "%s", g_strerror (errno));
}

/* All, or none: nothing is called a definition before the last of them is on the disk. */
static gboolean
write_files (const char *directory, JsonArray *files, GError **error)
{
  g_autoptr (GArray) arrivals = list_arrivals (directory, files);
  gboolean done = TRUE;

  for (guint i = 0; done && i < arrivals->len; i++)
    done = write_part (&g_array_index (arrivals, Arrival, i), error);
  for (guint i = 0; done && i < arrivals->len; i++)
    done = place_part (&g_array_index (arrivals, Arrival, i), error);
  for (guint i = 0; i < arrivals->len; i++)
    {
      const Arrival *arrival = &g_array_index (arrivals, Arrival, i);

      if (arrival->part)
        (void)g_unlink (arrival->part);
      if (arrival->placed && !done)
        (void)g_unlink (arrival->path);
    }
  return done;
}

/* A folder beside DIRECTORY, on the same disk, that may take its name; NULL: refused. */
static char *
make_beside (const char *directory, GError **error)
{
  g_autofree char *folder = g_strconcat (directory, ".XXXXXX", NULL);
  g_autofree char *procedures = NULL;

  if (!g_mkdtemp_full (folder, 0755))
    {
      _md_bundle_refuse (error, _ ("Nothing can be written beside \"%s\"."), directory);
      return NULL;
    }
  procedures = g_build_filename (folder, MD_BUNDLE_PROCEDURES, NULL);
  (void)g_mkdir (procedures, 0755);
  return g_steal_pointer (&folder);
}

/* What is in DIRECTORY by now. */
static gboolean
copy_files (const char *directory, const char *folder, GError **error)
{
  g_autofree char *procedures = g_build_filename (directory, MD_BUNDLE_PROCEDURES, NULL);
  g_autoptr (GDir) dir = g_dir_open (procedures, 0, NULL);
  g_autoptr (JsonArray) files = json_array_new ();
  const char *name;

  if (!_md_bundle_add_shared (files, directory, error))
    return FALSE;
  while (dir && (name = g_dir_read_name (dir)))
    {
      g_autofree char *place = g_build_filename (MD_BUNDLE_PROCEDURES, name, NULL);

      if (g_str_has_suffix (name, ".json") && !_md_bundle_add_file (files, directory, place, error))
        return FALSE;
    }
  return write_files (folder, files, error);
}

/* What `forms lint` says of the files that came; what was there before may be of a former time. */
static gboolean
lint_files (const char *folder, JsonArray *files, GError **error)
{
  g_autoptr (GPtrArray) errors = g_ptr_array_new_with_free_func ((GDestroyNotify)g_error_free);
  g_autoptr (MdCatalogue) catalogue = md_catalogue_lint (folder, errors);

  for (guint i = 0; i < errors->len; i++)
    for (guint k = 0; k < json_array_get_length (files); k++)
      {
        const GError *one = g_ptr_array_index (errors, i);
        JsonObject *file = json_array_get_object_element (files, k);

        if (g_strcmp0 (md_forms_error_get_file (one), json_object_get_string_member (file, "name"))
            == 0)
          {
            g_propagate_error (error, g_error_copy (one));
            return FALSE;
          }
      }
  return TRUE;
}

/* The folder as it would be is in order, and what came is as `forms lint` wants it (STRICT). */
static gboolean
try_folder (const char *directory, JsonArray *files, gboolean whole, gboolean strict,
            GError **error)
{
  g_autofree char *folder = make_beside (directory, error);
  g_autoptr (MdCatalogue) catalogue = NULL;
  gboolean done;

  if (!folder)
    return FALSE;
  done = (whole || copy_files (directory, folder, error)) && write_files (folder, files, error);
  catalogue = done ? md_catalogue_load (folder, error) : NULL;
  done = catalogue != NULL && (!strict || lint_files (folder, files, error));
  if (done && whole && g_rename (folder, directory) == 0)
    return TRUE;
  if (done && whole)
    done = _md_bundle_refuse (error, "%s", g_strerror (errno));
  remove_folder (folder);
  return done;
}

gboolean
md_form_bundle_import (const char *text, gsize length, const char *directory, GError **error)
{
  g_autoptr (MdJson) json = md_json_new (_ ("export"), MD_FORMS_ERROR, MD_FORMS_ERROR_DEFINITION);
  g_autoptr (GBytes) bytes = NULL;
  const gboolean there = g_file_test (directory, G_FILE_TEST_EXISTS);
  JsonObject *bundle;
  gboolean whole;

  g_return_val_if_fail (text && directory, FALSE);

  bytes = g_bytes_new (text, length);
  bundle = md_json_parse (json, bytes, MAX_BUNDLE);
  if (bundle)
    check_bundle (json, bundle);
  if (!md_json_finish (json, error))
    return FALSE;
  whole = has_file (bundle, _md_bundle_shared[0]);
  if (whole && there)
    return _md_bundle_refuse (error, _ ("\"%s\" is there already. Name a folder that is not."),
                              directory);
  if (!whole && !there)
    return _md_bundle_refuse (error, _ ("There is no folder \"%s\" to add the procedure to."),
                              directory);
  return check_needed (bundle, directory, error)
         && try_folder (directory, json_object_get_array_member (bundle, "files"), whole, TRUE,
                        error)
         && (whole
             || write_files (directory, json_object_get_array_member (bundle, "files"), error));
}

/* --- copy --- */

/* The text with another value of a member that is a line of its own at the head of the file. */
static char *
put_member (const char *text, const char *member, const char *value)
{
  g_autofree char *pattern = g_strdup_printf ("^  \"%s\": [^\\n]*,$", member);
  g_autofree char *line = g_strdup_printf ("  \"%s\": %s,", member, value);
  g_autoptr (GRegex) regex = g_regex_new (pattern, G_REGEX_MULTILINE, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  int start = 0, end = 0;

  if (!g_regex_match (regex, text, 0, &match) || !g_match_info_fetch_pos (match, 0, &start, &end))
    return NULL;
  return g_strdup_printf ("%.*s%s%s", start, text, line, text + end);
}

gboolean
md_form_bundle_copy (const char *directory, const char *id, const char *copy, GError **error)
{
  g_autoptr (MdCatalogue) catalogue = NULL;
  g_autoptr (JsonArray) files = json_array_new ();
  g_autofree char *name = g_strdup_printf ("%s/%s.json", MD_BUNDLE_PROCEDURES, copy);
  g_autofree char *from = NULL, *text = NULL, *quoted = NULL, *named = NULL, *first = NULL;
  JsonObject *file;
  MdForm *form;

  g_return_val_if_fail (directory && id && copy, FALSE);

  catalogue = md_catalogue_load (directory, error);
  form = catalogue ? md_catalogue_get_form (catalogue, id) : NULL;
  if (!catalogue)
    return FALSE;
  if (!form)
    return _md_bundle_refuse (error, _ ("There is no procedure \"%s\" here. Name one that is."),
                              id);
  if (!is_place (name) || strchr (copy, '@'))
    return _md_bundle_refuse (
        error, _ ("\"%s\" is no name for a procedure. Take one as care.delivery."), copy);
  from = _md_bundle_name_file (directory, form);
  text = _md_bundle_read_text (directory, from, error);
  if (!text)
    return FALSE;
  quoted = g_strdup_printf ("\"%s\"", copy);
  named = put_member (text, "id", quoted);
  first = named ? put_member (named, "version", "1") : NULL;
  if (!first)
    return _md_bundle_refuse (
        error, _ ("%s does not have its id and version in lines of their own."), from);
  file = json_object_new ();
  json_object_set_string_member (file, "name", name);
  json_object_set_string_member (file, "text", first);
  json_array_add_object_element (files, file);
  return try_folder (directory, files, FALSE, FALSE, error)
         && write_files (directory, files, error);
}
