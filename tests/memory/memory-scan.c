// SPDX-License-Identifier: Apache-2.0
#include "memory-scan.h"

#include <string.h>

/* The forms a text can have in memory. Units are kept and compared masked. */
#define MASK 0xa5a5a5a5u
#define MAX_UNITS 64u
#define MAX_TOLD 8u /* places in one region */
/* Larger ones are the sanitizers' own. */
#define MAX_REGION ((gsize)4 << 30)

typedef struct
{
  guint32 masked[MAX_UNITS];
  gsize n;
  gsize unit; /* bytes */
  const char *name;
} Form;

static void
add_unit (Form *form, guint32 unit)
{
  g_assert_cmpuint (form->n, <, MAX_UNITS);
  form->masked[form->n++] = unit ^ MASK;
}

static void
make_forms (const char *text, Form forms[3])
{
  forms[0] = (Form){ .unit = 1, .name = "UTF-8" };
  forms[1] = (Form){ .unit = 2, .name = "UTF-16" };
  forms[2] = (Form){ .unit = 4, .name = "UCS-4" };
  for (const char *p = text; *p != '\0'; p++)
    add_unit (&forms[0], (guint8)*p);
  for (const char *p = text; *p != '\0'; p = g_utf8_find_next_char (p, NULL))
    {
      const gunichar c = g_utf8_get_char (p);

      g_assert_cmpuint (c, <, 0x10000); /* no surrogates needed */
      add_unit (&forms[1], c);
      add_unit (&forms[2], c);
    }
}

/* Inlined once for each unit, so that the copy is one load. */
static inline gboolean
form_is_at (const Form *form, const guint8 *place, gsize unit)
{
  for (gsize i = 0; i < form->n; i++, place += unit)
    {
      guint32 there = 0;

      memcpy (&there, place, unit);
      if ((there ^ MASK) != form->masked[i])
        return FALSE;
    }
  return TRUE;
}

static gboolean
is_at (const Form *form, const guint8 *place)
{
  switch (form->unit)
    {
    case 1:
      return form_is_at (form, place, 1);
    case 2:
      return form_is_at (form, place, 2);
    default:
      return form_is_at (form, place, 4);
    }
}

/* With MEMORY_SCAN_CONTEXT set, for whoever looks for the cause: what stands around it. */
static void
tell (const Form *form, const guint8 *place, const guint8 *from, const guint8 *to, const char *name)
{
  GString *around = g_string_new (NULL);
  const guint8 *first = (gsize)(place - from) < 48 ? from : place - 48;
  const guint8 *last = (gsize)(to - place) < 112 ? to : place + 112;

  for (const guint8 *p = first; p < last && g_getenv ("MEMORY_SCAN_CONTEXT") != NULL; p++)
    if (*p >= 0x20 && *p != 0x7f)
      g_string_append_c (around, (char)*p);
    else
      g_string_append_c (around, '.');
  g_test_message ("found as %s at %p in %s %s", form->name, (const void *)place, name, around->str);
  memset (around->str, 0, around->len);
  g_string_free (around, TRUE);
}

static guint
scan_region (const Form *form, const guint8 *from, const guint8 *to, const char *name)
{
  const gsize length = form->n * form->unit;
  guint count = 0;

  for (const guint8 *place = from; (gsize)(to - place) >= length; place += form->unit)
    if (is_at (form, place) && count++ < MAX_TOLD)
      tell (form, place, from, to, name);
  return count;
}

/* One line of /proc/self/maps: from-to rights offset device inode, blanks, name. */
static guint
scan_line (const char *line, const char *text, const Form forms[3])
{
  char *end = NULL;
  const gsize from = (gsize)g_ascii_strtoull (line, &end, 16);
  const gsize to = *end == '-' ? (gsize)g_ascii_strtoull (end + 1, &end, 16) : 0;
  const char *name = strrchr (line, ' ');
  guint count = 0;

  if (!g_str_has_prefix (end, " rw-p ") || to - from > MAX_REGION)
    return 0;
  g_assert_false ((gsize)text >= from && (gsize)text < to); /* it would find itself */
  for (guint i = 0; i < 3; i++)
    count += scan_region (&forms[i], GSIZE_TO_POINTER (from), GSIZE_TO_POINTER (to), name);
  return count;
}

guint
memory_scan (const char *text)
{
  Form forms[3];
  g_autofree char *maps = NULL;
  g_auto (GStrv) lines = NULL;
  g_autoptr (GError) error = NULL;
  guint count = 0;

  make_forms (text, forms);
  g_assert_true (g_file_get_contents ("/proc/self/maps", &maps, NULL, &error));
  lines = g_strsplit (maps, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    count += scan_line (lines[i], text, forms);
  return count;
}

char *
memory_flags_of (gconstpointer place)
{
  const gsize address = (gsize)place;
  g_autofree char *maps = NULL;
  g_auto (GStrv) lines = NULL;
  gboolean inside = FALSE;

  g_assert_true (g_file_get_contents ("/proc/self/smaps", &maps, NULL, NULL));
  lines = g_strsplit (maps, "\n", -1);
  for (char **line = lines; *line != NULL; line++)
    {
      char *end = NULL;
      const guint64 from = g_ascii_strtoull (*line, &end, 16);

      if (*end == '-')
        inside = address >= from && address < g_ascii_strtoull (end + 1, NULL, 16);
      if (inside && g_str_has_prefix (*line, "VmFlags:"))
        return g_strdup (*line);
    }
  return NULL;
}
