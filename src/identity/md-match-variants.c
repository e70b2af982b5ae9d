// SPDX-License-Identifier: Apache-2.0
// variants.tsv as a table in memory, read once.
#include "md-match-private.h"

#include "md-match-resources.h"

#include <string.h>

static gunichar
only_character (const char *text)
{
  return g_utf8_strlen (text, -1) == 1 ? g_utf8_get_char (text) : 0;
}

static GHashTable *
read_table (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) file = g_resource_lookup_data (
      md_match_get_resource (), "/org/madoguchi/identity/variants.tsv", 0, &error);
  GHashTable *table = g_hash_table_new (NULL, NULL);
  gsize size;
  const char *data;
  g_auto (GStrv) lines = NULL;
  g_autofree char *text = NULL;

  if (file == NULL)
    g_error ("the table of character forms is missing: %s", error->message);
  data = g_bytes_get_data (file, &size);
  text = g_strndup (data, size);
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_auto (GStrv) columns = g_strsplit (lines[i], "\t", -1);

      if (lines[i][0] == '#' || g_strv_length (columns) != 3)
        continue;
      g_hash_table_insert (table, GUINT_TO_POINTER (only_character (columns[0])),
                           GUINT_TO_POINTER (only_character (columns[1])));
    }
  return table;
}

gunichar
_md_match_variant (gunichar c)
{
  static gsize once;
  static GHashTable *table;
  gpointer found;

  if (g_once_init_enter (&once))
    {
      table = read_table ();
      g_once_init_leave (&once, 1);
    }
  found = g_hash_table_lookup (table, GUINT_TO_POINTER (c));
  return found != NULL ? GPOINTER_TO_UINT (found) : c;
}
