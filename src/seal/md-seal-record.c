// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <string.h>
#include "md-seal-record-private.h"

char **
md_seal_text_at (const MdSealTextRow *row, gconstpointer record)
{
  return (char **)((guintptr)record + row->offset);
}

void
md_seal_texts_copy (const MdSealTexts *texts, gconstpointer from, gpointer to)
{
  for (gsize i = 0; i < texts->n_rows; i++)
    {
      char **place = md_seal_text_at (&texts->rows[i], to);

      g_free (*place);
      *place = g_strdup (*md_seal_text_at (&texts->rows[i], from));
    }
}

void
md_seal_texts_clear (const MdSealTexts *texts, gpointer record)
{
  for (gsize i = 0; i < texts->n_rows; i++)
    g_clear_pointer (md_seal_text_at (&texts->rows[i], record), g_free);
}

const char *
md_seal_texts_find_wrong (const MdSealTexts *texts, gconstpointer record)
{
  for (gsize i = 0; i < texts->n_rows; i++)
    if (!md_seal_text_fits (*md_seal_text_at (&texts->rows[i], record), texts->rows[i].kind))
      return texts->rows[i].name;
  return NULL;
}

void
md_seal_texts_write (const MdSealTexts *texts, gconstpointer record, JsonBuilder *builder)
{
  for (gsize i = 0; i < texts->n_rows; i++)
    md_seal_json_add (builder, texts->rows[i].name, *md_seal_text_at (&texts->rows[i], record));
}

void
md_seal_texts_read (const MdSealTexts *texts, gpointer record, MdSealJson *json)
{
  for (gsize i = 0; i < texts->n_rows; i++)
    {
      char **place = md_seal_text_at (&texts->rows[i], record);

      g_free (*place);
      *place = md_seal_json_text (json, texts->rows[i].name, texts->rows[i].kind);
    }
}

/* --- Entries --- */

GBytes *
md_seal_entry_encode (const MdSealEntry *entry, gconstpointer record, GError **error)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  if (!entry->check (record, error))
    return NULL;
  json_builder_begin_object (builder);
  md_seal_json_add (builder, "schema", entry->schema);
  entry->write (record, builder);
  json_builder_end_object (builder);
  return md_seal_json_write (builder);
}

/* "madoguchi-thing/2", where ours is "madoguchi-thing/1". */
static gboolean
is_later_schema (const char *given, const char *ours)
{
  const gsize name = (gsize)(strrchr (ours, '/') - ours) + 1;
  guint64 later = 0;

  return strncmp (given, ours, name) == 0
         && g_ascii_string_to_unsigned (given + name, 10, 1, G_MAXUINT16, &later, NULL)
         && later > g_ascii_strtoull (ours + name, NULL, 10);
}

/* What a newer release says can be read once this one is updated. */
static gboolean
is_newer (const MdSealEntry *entry, const MdSealJson *json, GError **error)
{
  MdSealJson look = { .object = json->object };
  g_autofree char *schema = md_seal_json_text (&look, "schema", MD_SEAL_TEXT_WORD);
  const char *newer = json->newer;

  if (entry->known == NULL)
    return FALSE;
  if (schema != NULL && is_later_schema (schema, entry->schema))
    newer = "schema";
  if (newer != NULL)
    g_set_error (error, MD_SEAL_ERROR, MD_SEAL_ERROR_NEWER, "\"%s\"",
                 md_seal_text_fits (newer, MD_SEAL_TEXT_WORD) ? newer : "?");
  return newer != NULL;
}

gboolean
md_seal_entry_parse (const MdSealEntry *entry, GBytes *bytes, gpointer record, GError **error)
{
  g_autoptr (JsonNode) root = md_seal_json_parse (bytes, error);
  g_autoptr (GBytes) again = NULL;
  MdSealJson json;

  if (root == NULL)
    return FALSE;
  md_seal_json_open (&json, json_node_get_object (root));
  if (entry->known != NULL)
    md_seal_json_know (&json, json.object, entry->known);
  (void)md_seal_json_is (&json, "schema", entry->schema);
  entry->read (record, &json);
  if (is_newer (entry, &json, error) || !md_seal_json_finish (&json, error))
    return FALSE;
  again = md_seal_entry_encode (entry, record, error);
  return again != NULL && md_seal_json_matches (bytes, again, error);
}

gboolean
md_seal_nothing_wrong (const char *wrong, const char *of, GError **error)
{
  if (wrong == NULL)
    return TRUE;
  g_set_error (error, MD_SEAL_ERROR, MD_SEAL_ERROR_MALFORMED,
               "\"%s\" is missing or impossible in the %s", wrong, of);
  return FALSE;
}
