// SPDX-License-Identifier: Apache-2.0
#include "memory-scan.h"

#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The forms a text can have in memory. Units are kept and compared masked. */
#define MASK 0xa5a5a5a5u
#define MAX_UNITS 64u
#define MAX_TOLD 8u /* places in one region */
/* Larger ones are the sanitizers' own. */
#define MAX_REGION ((gsize)4 << 30)
#define PAGE 4096u
#define PIECE (64u * PAGE)
#define OVERLAP 256u /* the longest form: MAX_UNITS of 4 bytes */

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
tell (const Form *form, const guint8 *place, const guint8 *from, const guint8 *to, gsize address,
      const char *name)
{
  GString *around = g_string_new (NULL);
  const guint8 *first = (gsize)(place - from) < 48 ? from : place - 48;
  const guint8 *last = (gsize)(to - place) < 112 ? to : place + 112;

  for (const guint8 *p = first; p < last && g_getenv ("MEMORY_SCAN_CONTEXT") != NULL; p++)
    if (*p >= 0x20 && *p != 0x7f)
      g_string_append_c (around, (char)*p);
    else
      g_string_append_c (around, '.');
  g_test_message ("found as %s at %p in %s %s", form->name, GSIZE_TO_POINTER (address), name,
                  around->str);
  memset (around->str, 0, around->len);
  g_string_free (around, TRUE);
}

/* The kernel copies: it refuses memory that another thread has given back meanwhile, where a look
 * would end the program. Not by the library's function, at which the sanitizer stops whoever reads
 * what was freed. */
static gsize
copy_to (int file, gsize at, gsize from, gsize length)
{
  const long done = syscall (SYS_pwrite64, file, from, length, at);

  return done > 0 ? (gsize)done : 0;
}

/* A page that has gone holds nothing. */
static void
read_piece (int file, guint8 *piece, gsize from, gsize length)
{
  if (copy_to (file, 0, from, length) == length)
    return;
  memset (piece, 0, length);
  for (gsize at = 0; at < length; at += PAGE)
    (void)copy_to (file, at, from + at, MIN (PAGE, length - at));
}

static guint
scan_piece (const Form *form, const guint8 *piece, gsize length, gsize here, const char *name)
{
  const gsize last = MIN (length, PIECE - OVERLAP);
  guint count = 0;

  for (gsize at = 0; at < last && at + form->n * form->unit <= length; at += form->unit)
    if (is_at (form, piece + at) && count++ < MAX_TOLD)
      tell (form, piece + at, piece, piece + length, here + at, name);
  return count;
}

/* By pieces, in a place that is shared and so is no memory that is looked at. */
static guint
scan_region (const Form forms[3], gsize from, gsize to, const char *name)
{
  int file = memfd_create ("scan", MFD_CLOEXEC);
  guint8 *piece = NULL;
  guint count = 0;

  g_assert_cmpint (file, >=, 0);
  g_assert_cmpint (ftruncate (file, PIECE), ==, 0);
  piece = mmap (NULL, PIECE, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  g_assert_true (piece != MAP_FAILED);
  for (gsize at = from; at < to; at += PIECE - OVERLAP)
    {
      const gsize length = MIN (PIECE, to - at);

      read_piece (file, piece, at, length);
      for (guint i = 0; i < 3; i++)
        count += scan_piece (&forms[i], piece, length, at, name);
    }
  munmap (piece, PIECE);
  close (file);
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

  if (!g_str_has_prefix (end, " rw-p ") || to - from > MAX_REGION)
    return 0;
  g_assert_false ((gsize)text >= from && (gsize)text < to); /* it would find itself */
  return scan_region (forms, from, to, name);
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
