// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <errno.h>
#include <stdio.h>

#include <json-glib/json-glib.h>
#include <glib/gi18n.h>
#include "md-base.h"

#include "output.h"

#define GAP 2u

void
output_json (GVariant *value)
{
  g_autoptr (GVariant) held = g_variant_ref_sink (value);
  g_autoptr (JsonNode) node = json_gvariant_serialize (held);
  g_autofree char *text = json_to_string (node, TRUE);

  /* JSON is UTF-8 whatever the terminal speaks: g_print() would convert it. */
  if (fputs (text, stdout) < 0 || fputc ('\n', stdout) < 0 || fflush (stdout) != 0)
    g_printerr ("madoguchictl: %s\n", g_strerror (errno));
}

gboolean
output_report (const char *path, const char *text, GError **error)
{
  gint64 now = md_clock_get_wall_us (md_clock_get_system ());
  g_autofree char *time = md_time_format_rfc3339 (now);
  g_autofree char *report = g_strdup_printf ("madoguchictl %s, %s\n\n%s", MD_VERSION, time, text);

  return g_file_set_contents_full (path, report, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, error);
}

char *
output_text (GVariant *dict, const char *key)
{
  g_autoptr (GVariant) value = g_variant_lookup_value (dict, key, NULL);

  if (value == NULL)
    return g_strdup ("");
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    return g_variant_dup_string (value, NULL);
  return g_variant_print (value, FALSE);
}

static void
print_padded (const char *text, gsize width)
{
  gsize columns = md_text_columns (text);

  g_print ("%s%*s", text, (int)(width > columns ? width - columns : 0), "");
}

static gsize
column_width (GVariant *rows, const Column *column)
{
  gsize width = md_text_columns (gettext (column->heading));

  for (gsize i = 0; i < g_variant_n_children (rows); i++)
    {
      g_autoptr (GVariant) row = g_variant_get_child_value (rows, i);
      g_autofree char *text = output_text (row, column->key);

      width = MAX (width, md_text_columns (text));
    }
  return width + GAP;
}

void
output_table (GVariant *rows, const Column *columns)
{
  gsize widths[16] = { 0 };
  gsize n = 0;

  for (; columns[n].key != NULL; n++)
    {
      g_assert (n < G_N_ELEMENTS (widths));
      widths[n] = column_width (rows, &columns[n]);
    }
  for (gsize c = 0; c < n; c++)
    print_padded (gettext (columns[c].heading), c + 1 < n ? widths[c] : 0);
  g_print ("\n");
  for (gsize i = 0; i < g_variant_n_children (rows); i++)
    {
      g_autoptr (GVariant) row = g_variant_get_child_value (rows, i);

      for (gsize c = 0; c < n; c++)
        {
          g_autofree char *text = output_text (row, columns[c].key);

          g_strdelimit (text, "\n", ' ');
          print_padded (text, c + 1 < n ? widths[c] : 0);
        }
      g_print ("\n");
    }
}

void
output_fields (GVariant *dict, const Column *columns)
{
  gsize width = 0;

  for (const Column *c = columns; c->key != NULL; c++)
    width = MAX (width, md_text_columns (gettext (c->heading)));
  for (const Column *c = columns; c->key != NULL; c++)
    {
      g_autofree char *text = output_text (dict, c->key);

      g_strdelimit (text, "\n", ' ');
      print_padded (gettext (c->heading), width + GAP);
      g_print ("%s\n", text);
    }
}
