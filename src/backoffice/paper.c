// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "paper.h"

#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gi18n.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static gboolean
read_all (int fd, guint8 *to, gsize limit, gsize *out_size)
{
  gsize size = 0;
  gssize n = 0;

  do
    {
      n = read (fd, to + size, limit - size);
      size += (gsize)MAX (n, 0);
    }
  while (n > 0 && size < limit);
  *out_size = size;
  return n >= 0;
}

/* Of what lies behind its length, or beyond the limit, one byte is read to know of it. */
static MdSecret *
read_open (int fd, const char *path, gsize limit, GError **error)
{
  g_autoptr (MdSecret) text = NULL;
  struct stat about = { 0 };
  gsize capacity = 0, size = 0;

  if (fd >= 0 && fstat (fd, &about) == 0 && S_ISREG (about.st_mode))
    {
      capacity = MIN ((gsize)about.st_size, limit) + 1;
      text = md_secret_new (capacity);
    }
  if (text == NULL || !read_all (fd, md_secret_resize (text, capacity), capacity, &size))
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                 _ ("%s cannot be read. Look whether the file is there and may be read."), path);
  else if (size == capacity)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                 _ ("%s is too long. Have it made in several files."), path);
  else
    {
      (void)md_secret_resize (text, size);
      return g_steal_pointer (&text);
    }
  return NULL;
}

MdSecret *
paper_read (const char *path, gsize limit, GError **error)
{
  const int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  MdSecret *text = read_open (fd, path, limit, error);

  if (fd >= 0)
    (void)close (fd);
  return text;
}

gboolean
paper_complain (const PaperPlace *at, const char *member, GError **error)
{
  if (at->entry == 0)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                 _ ("The file is not what it has to be (%s). Have it made as its schema says."),
                 member);
  else
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                 _ ("Entry %u of the file is not what it has to be (%s). Nothing of the file was "
                    "taken; correct the entry, and take the file in again."),
                 at->entry, member);
  return FALSE;
}

MdRecord *
paper_parse (const void *data, gsize size, const char *schema, const char *list, guint max,
             GError **error)
{
  const char *members[] = { "schema", list, NULL };
  PaperPlace at = { list, 0 };
  g_autoptr (GError) local = NULL;
  g_autoptr (MdRecord) root = md_record_parse (data, size, MD_LIMIT_WIRE_JSON, &local);
  const MdRecord *entries = md_record_get (root, list);

  if (root == NULL)
    (void)paper_complain (&at, local->message, error);
  else if (g_strcmp0 (md_record_get_text (root, "schema"), schema) != 0)
    (void)paper_complain (&at, "schema", error);
  else if (!md_record_has_only (root, members) || !md_record_is_list (entries)
           || md_record_get_size (entries) == 0 || md_record_get_size (entries) > max)
    (void)paper_complain (&at, list, error);
  else
    return g_steal_pointer (&root);
  return NULL;
}

static gboolean
is_plain (const char *text, const PaperText *rule)
{
  if (rule->allowed != NULL)
    return strspn (text, rule->allowed) == strlen (text);
  for (const char *p = text; *p != '\0'; p++)
    if (g_ascii_iscntrl (*p) && (rule->extra == NULL || strchr (rule->extra, *p) == NULL))
      return FALSE;
  return TRUE;
}

gboolean
paper_get_text (const PaperPlace *at, const MdRecord *object, const PaperText *rule,
                const char **out_text, GError **error)
{
  const MdRecord *value = md_record_get (object, rule->member);
  const char *text = md_record_as_text (value);

  *out_text = NULL;
  if (value == NULL || md_record_is_null (value))
    return !rule->required || paper_complain (at, rule->member, error);
  if (text == NULL || *text == '\0' || strlen (text) > rule->max || !is_plain (text, rule))
    return paper_complain (at, rule->member, error);
  if (rule->words && md_text_contains_individual_number (text))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                   _ ("In entry %u of the file an individual number is written (%s). Nothing of "
                      "the file was taken. Take the number out, and take the file in again; it "
                      "belongs into the field for it alone."),
                   at->entry, rule->member);
      return FALSE;
    }
  *out_text = text;
  return TRUE;
}
