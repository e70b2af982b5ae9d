// SPDX-License-Identifier: Apache-2.0
#include "trace-file.h"

#include <string.h>

// Where in which file the reading is, to say so.
typedef struct
{
  const char *path;
  guint number;
  GHashTable *parts;
  Trace *trace;
  guint said; // bits of the keys of the head
} Reading;

static void
step_free (gpointer data)
{
  TraceStep *self = data;
  g_free (self->words);
  g_ptr_array_unref (self->expected);
  g_ptr_array_unref (self->lines);
  g_free (self);
}

static void
talk_free (gpointer data)
{
  TraceTalk *self = data;
  g_free (self->title);
  g_ptr_array_unref (self->steps);
  g_free (self);
}

void
trace_free (Trace *self)
{
  g_free (self->name);
  g_ptr_array_unref (self->atrs);
  g_ptr_array_unref (self->talks);
  g_free (self);
}

static G_GNUC_NORETURN void
fail (const Reading *reading, const char *what)
{
  g_error ("%s:%u: %s", reading->path, reading->number, what);
}

static char *
without_blanks (const char *text)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);
  return g_strjoinv ("", words);
}

static GStrv
read_lines (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  if (!g_file_get_contents (path, &text, NULL, &error))
    g_error ("%s", error->message);
  return g_strsplit (text, "\n", -1);
}

GHashTable *
trace_read_parts (const char *path)
{
  GHashTable *parts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_auto (GStrv) lines = read_lines (path);
  g_autofree char *name = NULL;
  for (gsize i = 0; lines[i] != NULL; i++)
    {
      if (g_str_has_suffix (lines[i], ":") && lines[i][0] != '#')
        {
          g_free (name);
          name = g_strndup (lines[i], strlen (lines[i]) - 1);
        }
      else if (lines[i][0] == ' ')
        {
          g_assert_nonnull (name);
          const char *before = g_hash_table_lookup (parts, name);
          g_hash_table_insert (parts, g_strdup (name),
                               g_strconcat (before != NULL ? before : "", lines[i] + 2, NULL));
        }
    }
  return parts;
}

// What stands between the braces: the whole part, from a byte on, or so many bytes of it.
static void
append_part (const Reading *reading, GString *text, const char *inside)
{
  g_auto (GStrv) words = g_strsplit (inside, " ", -1);
  const guint count = g_strv_length (words);
  const char *hex = count > 0 ? g_hash_table_lookup (reading->parts, words[0]) : NULL;
  if (hex == NULL || count > 3)
    fail (reading, "no such part");
  const gsize size = strlen (hex) / 2;
  const gsize from = count > 1 ? g_ascii_strtoull (words[1], NULL, 10) : 0;
  const gsize length = count > 2 ? g_ascii_strtoull (words[2], NULL, 10) : size - MIN (from, size);
  if (from > size || length > size - from || length == 0)
    fail (reading, "a part is not that long");
  g_string_append_len (text, hex + 2 * from, (gssize)(2 * length));
}

// The line with the bytes of the parts in it.
static char *
fill_in (const Reading *reading, const char *line)
{
  g_autoptr (GString) text = g_string_new (NULL);
  while (*line != '\0')
    {
      const char *end = *line == '{' ? strchr (line, '}') : NULL;
      if (end != NULL)
        {
          g_autofree char *inside = g_strndup (line + 1, (gsize)(end - line - 1));
          append_part (reading, text, inside);
          line = end;
        }
      else
        g_string_append_c (text, *line);
      line++;
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static gpointer
last_of (const Reading *reading, GPtrArray *array)
{
  if (array == NULL || array->len == 0)
    fail (reading, "out of place");
  return g_ptr_array_index (array, array->len - 1);
}

static TraceStep *
last_step (const Reading *reading)
{
  TraceTalk *talk = last_of (reading, reading->trace->talks);
  return last_of (reading, talk->steps);
}

static void
read_atr (Reading *reading, const char *value)
{
  g_ptr_array_add (reading->trace->atrs, without_blanks (g_str_equal (value, "none") ? "" : value));
}

static void
read_reader (Reading *reading, const char *value)
{
  if (!g_str_equal (value, "asked"))
    reading->trace->apdu_max = g_ascii_strtoull (value, NULL, 10);
}

static void
read_protocol (Reading *reading, const char *value)
{
  if (!g_str_equal (value, "T=0") && !g_str_equal (value, "T=1") && !g_str_equal (value, "none"))
    fail (reading, "no such protocol");
}

// For people: demanded, and not used.
static void
read_text (Reading *reading, const char *value)
{
  if (*value == '\0')
    fail (reading, "nothing said");
}

static void
read_source (Reading *reading, const char *value)
{
  if (value[0] != '[' || strchr ("ASIM", value[1]) == NULL || value[2] != ']')
    fail (reading, "a source without a mark");
}

static void
read_talk (Reading *reading, const char *value)
{
  TraceTalk *talk = g_new0 (TraceTalk, 1);
  talk->title = g_strdup (value);
  talk->steps = g_ptr_array_new_with_free_func (step_free);
  g_ptr_array_add (reading->trace->talks, talk);
}

static void
read_do (Reading *reading, const char *value)
{
  TraceTalk *talk = last_of (reading, reading->trace->talks);
  TraceStep *step = g_new0 (TraceStep, 1);
  step->words = g_strdup (value);
  step->number = reading->number;
  step->expected = g_ptr_array_new_with_free_func (g_free);
  step->lines = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (talk->steps, step);
}

static void
read_expect (Reading *reading, const char *value)
{
  g_ptr_array_add (last_step (reading)->expected, g_strdup (value));
}

static const struct
{
  const char *name;
  void (*read) (Reading *reading, const char *value);
  gboolean of_head; // and wanted there
} keys[] = {
  { "card", read_text, TRUE },
  { "source", read_source, TRUE },
  { "atr", read_atr, TRUE },
  { "protocol", read_protocol, TRUE },
  { "reader", read_reader, TRUE },
  { "talk", read_talk },
  { "do", read_do },
  { "expect", read_expect },
};

static void
read_key (Reading *reading, const char *line)
{
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      const gsize length = strlen (keys[i].name);
      if (!g_str_has_prefix (line, keys[i].name) || strncmp (line + length, ": ", 2) != 0)
        continue;
      if (keys[i].of_head && reading->trace->talks->len > 0)
        fail (reading, "the head is over");
      reading->said |= 1u << i;
      keys[i].read (reading, line + length + 2);
      return;
    }
  fail (reading, "no such line");
}

static void
read_line (Reading *reading, const char *line)
{
  if (line[0] == '\0' || line[0] == '#')
    return;
  if (strchr (">=<!", line[0]) == NULL)
    {
      read_key (reading, line);
      return;
    }
  g_autofree char *filled = fill_in (reading, line);
  g_ptr_array_add (last_step (reading)->lines, without_blanks (filled));
}

Trace *
trace_read (const char *path, GHashTable *parts)
{
  g_autoptr (Trace) self = g_new0 (Trace, 1);
  g_auto (GStrv) lines = read_lines (path);
  Reading reading = { .path = path, .parts = parts, .trace = self };
  self->name = g_path_get_basename (path);
  self->atrs = g_ptr_array_new_with_free_func (g_free);
  self->talks = g_ptr_array_new_with_free_func (talk_free);
  for (gsize i = 0; lines[i] != NULL; i++)
    {
      reading.number = (guint)i + 1;
      read_line (&reading, lines[i]);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    if ((reading.said & 1u << i) == 0)
      fail (&reading, keys[i].name);
  return g_steal_pointer (&self);
}
