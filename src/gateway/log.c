// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "log.h"

#include <json-glib/json-glib.h>
#include <md-base.h>
#include <stdio.h>
#include <string.h>

/* Members of their own may not be taken for the three that every line has. */
static gboolean
is_name (const char *text, gsize size)
{
  static const char *const ours[] = { "time", "level", "message" };

  for (gsize i = 0; i < size; i++)
    if (!g_ascii_islower (text[i]) && text[i] != '_')
      return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (ours); i++)
    if (strlen (ours[i]) == size && memcmp (ours[i], text, size) == 0)
      return FALSE;
  return size > 0;
}

static void
add_members (JsonObject *line, const char *message)
{
  g_auto (GStrv) words = g_strsplit (message, " ", 64);

  for (guint i = 0; words[i] != NULL; i++)
    {
      const char *equals = strchr (words[i], '=');
      g_autofree char *name
          = equals != NULL ? g_strndup (words[i], (gsize)(equals - words[i])) : NULL;

      if (name != NULL && is_name (name, strlen (name)) && !json_object_has_member (line, name))
        json_object_set_string_member (line, name, equals + 1);
    }
}

static GLogWriterOutput
write_line (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autoptr (JsonObject) line = json_object_new ();
  g_autofree char *time = md_time_format_rfc3339 (g_get_real_time ());
  g_autofree char *text = NULL;
  const char *message = "";

  for (gsize i = 0; i < n_fields; i++)
    if (strcmp (fields[i].key, "MESSAGE") == 0)
      message = fields[i].value;
  if (level > G_LOG_LEVEL_MESSAGE)
    return G_LOG_WRITER_HANDLED;
  json_object_set_string_member (line, "time", time);
  json_object_set_string_member (line, "level",
                                 level < G_LOG_LEVEL_MESSAGE ? "warning" : "message");
  json_object_set_string_member (line, "message", message);
  add_members (line, message);
  json_node_set_object (node, line);
  text = json_to_string (node, FALSE);
  fprintf (stderr, "%s\n", text);
  return G_LOG_WRITER_HANDLED;
}

void
log_as_json (void)
{
  g_log_set_writer_func (write_line, NULL, NULL);
}
