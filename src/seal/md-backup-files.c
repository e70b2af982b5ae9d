// SPDX-License-Identifier: Apache-2.0
#include "md-backup-files.h"

#include <string.h>

#include <glib/gstdio.h>
#include <md-base.h>

#define SUFFIX ".mdbackup"
#define MOMENT "0123456789TZ"

char *
md_backup_dup_name (const MdBackupHead *head)
{
  g_autoptr (GString) moment = g_string_new (NULL);

  for (const char *p = head->time; *p != '\0'; p++)
    if (g_ascii_isalnum (*p))
      g_string_append_c (moment, *p);
  return g_strdup_printf ("%s-%s" SUFFIX, head->terminal, moment->str);
}

static gint
compare_names (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (*(char *const *)a, *(char *const *)b);
}

/* The id of another terminal may begin as this one's does. */
static gboolean
is_of (const char *name, const char *terminal, const char *suffix)
{
  const gsize size = strlen (terminal);
  gsize moment;

  if (strncmp (name, terminal, size) != 0 || name[size] != '-')
    return FALSE;
  moment = strspn (name + size + 1, MOMENT);
  return moment > 0 && g_str_equal (name + size + 1 + moment, suffix);
}

static GPtrArray *
list (const char *folder, const char *terminal, const char *suffix)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (is_of (name, terminal, suffix))
      g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);
  return names;
}

GPtrArray *
md_backup_list (const char *folder, const char *terminal)
{
  return list (folder, terminal, SUFFIX);
}

static gint64
time_of (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (MdBackupHead) head = md_backup_read_head (path, NULL);
  gint64 when = 0;

  return head != NULL && md_time_parse_rfc3339 (head->time, &when, NULL) ? when : 0;
}

gint64
md_backup_find_last (const char *folder, const char *terminal, gint64 now_us)
{
  g_autoptr (GPtrArray) names = md_backup_list (folder, terminal);

  for (guint i = names->len; i > 0; i--)
    {
      const gint64 when = time_of (folder, names->pdata[i - 1]);

      if (when != 0 && when <= now_us + G_TIME_SPAN_HOUR)
        return when;
    }
  return 0;
}

static guint
remove_name (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  return g_unlink (path) == 0 ? 1 : 0;
}

/* The first that says that it is of a time to come. */
static guint
find_future (const GPtrArray *names, const char *terminal, gint64 now_us)
{
  g_autofree char *time = md_time_format_rfc3339 (now_us + G_TIME_SPAN_HOUR);
  const MdBackupHead head = { .terminal = (char *)(gsize)terminal, .time = time };
  g_autofree char *limit = md_backup_dup_name (&head);
  guint i = 0;

  while (i < names->len && strcmp (names->pdata[i], limit) <= 0)
    i++;
  return i;
}

guint
md_backup_remove_old (const char *folder, const char *terminal, guint keep, const char *made,
                      gint64 now_us, guint *out_kept)
{
  g_autoptr (GPtrArray) names = md_backup_list (folder, terminal);
  const guint future = find_future (names, terminal, now_us);
  const guint over = names->len > keep ? names->len - keep : 0;
  guint tried = 0;
  guint removed = 0;

  for (guint i = 0; i < names->len && tried < over; i++)
    {
      const char *name = names->pdata[(future + i) % names->len];

      if (g_str_equal (name, made))
        continue;
      removed += remove_name (folder, name);
      tried++;
    }
  *out_kept = names->len - removed;
  return removed;
}

void
md_backup_remove_parts (const char *folder, const char *terminal)
{
  g_autoptr (GPtrArray) names = list (folder, terminal, SUFFIX MD_BACKUP_PART);

  for (guint i = 0; i < names->len; i++)
    (void)remove_name (folder, names->pdata[i]);
}
