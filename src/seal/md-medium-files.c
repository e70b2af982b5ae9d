// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <md-base.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "md-medium-files.h"

/* A bundle has no more: its items, their receipts, and what is left of writing one. */
#define MAX_FILES (4u + 3u * MD_MEDIUM_MAX_ITEMS)

#define ID_SIZE 36u

/* No file of a bundle is larger. */
#define MOST_OVERWRITTEN ((gint64)64 << 20)

static gboolean
fail (GError **error, const char *name)
{
  const int code = errno;
  const GIOErrorEnum kind = g_io_error_from_errno (code);

  g_set_error (error, G_IO_ERROR, (gint)kind, "%s: %s", name, g_strerror (code));
  return FALSE;
}

int
md_medium_open (const char *path, GError **error)
{
  const int folder = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  if (folder < 0)
    (void)fail (error, path);
  return folder;
}

int
md_medium_open_in (int folder, const char *name, GError **error)
{
  const int inside = openat (folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

  if (inside < 0)
    (void)fail (error, name);
  return inside;
}

/* --- One file --- */

static GBytes *
read_all (int file, const char *name, gsize size, GError **error)
{
  g_autofree guint8 *data = g_malloc (MAX (size, 1));
  gsize got = 0;

  while (got < size)
    {
      const gssize n = read (file, data + got, size - got);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        {
          (void)fail (error, name);
          return NULL;
        }
      if (n == 0)
        break;
      got += (gsize)n;
    }
  return g_bytes_new_take (g_steal_pointer (&data), got);
}

GBytes *
md_medium_read (int folder, const char *name, gsize max, GError **error)
{
  /* A pipe would keep us waiting. */
  const int file = openat (folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  struct stat st = { 0 };
  GBytes *bytes = NULL;

  if (file < 0 || fstat (file, &st) != 0)
    (void)fail (error, name);
  else if (!S_ISREG (st.st_mode))
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE, "%s: no plain file", name);
  else if (st.st_size < 0 || (guint64)st.st_size > max)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE, "%s: too large", name);
  else
    bytes = read_all (file, name, (gsize)st.st_size, error);
  if (file >= 0)
    close (file);
  return bytes;
}

static gboolean
write_all (int file, GBytes *bytes)
{
  gsize size = 0;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  for (gsize done = 0; done < size;)
    {
      const gssize n = write (file, data + done, size - done);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        return FALSE;
      done += (gsize)n;
    }
  return fsync (file) == 0;
}

/* Some file systems sync no folders: then there is nothing to wait for. */
static gboolean
sync_folder (int folder)
{
  return fsync (folder) == 0 || errno == EINVAL || errno == ENOSYS;
}

gboolean
md_medium_write (int folder, const char *name, GBytes *bytes, GError **error)
{
  g_autofree char *part = g_strconcat (name, MD_MEDIUM_PART, NULL);
  gboolean written = FALSE;
  int file = -1, code = 0;

  (void)unlinkat (folder, part, 0);
  file = openat (folder, part, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (file < 0)
    return fail (error, name);
  written = write_all (file, bytes);
  code = errno;
  if (close (file) != 0 && written)
    {
      written = FALSE;
      code = errno;
    }
  if (written && renameat (folder, part, folder, name) == 0 && sync_folder (folder))
    return TRUE;
  if (written)
    code = errno;
  (void)unlinkat (folder, part, 0);
  errno = code;
  return fail (error, name);
}

/* --- Folders of bundles --- */

static char *
make_name (const char *bundle, gboolean part)
{
  return g_strconcat (part ? "." : "", MD_MEDIUM_FOLDER, bundle, part ? MD_MEDIUM_PART : NULL,
                      NULL);
}

/* The names in FOLDER that TAKES; NULL with errno, for more than MOST E2BIG. */
static GPtrArray *
list_names (int folder, gboolean (*takes) (const char *name), guint most)
{
  const int own = openat (folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *dir = own >= 0 ? fdopendir (own) : NULL;
  GPtrArray *names = NULL;

  if (dir == NULL)
    {
      if (own >= 0)
        close (own);
      return NULL;
    }
  names = g_ptr_array_new_with_free_func (g_free);
  for (const struct dirent *entry = readdir (dir); entry != NULL && names->len <= most;
       entry = readdir (dir))
    if (takes (entry->d_name))
      g_ptr_array_add (names, g_strdup (entry->d_name));
  closedir (dir);
  if (names->len <= most)
    return names;
  g_ptr_array_unref (names);
  errno = E2BIG;
  return NULL;
}

static gboolean
is_inside (const char *name)
{
  return strcmp (name, ".") != 0 && strcmp (name, "..") != 0;
}

static gboolean
is_bundle (const char *name)
{
  return g_str_has_prefix (name, MD_MEDIUM_FOLDER)
         && md_uuid7_is_valid (name + strlen (MD_MEDIUM_FOLDER));
}

static gboolean
is_part (const char *name)
{
  const gsize size = strlen (name), end = strlen (MD_MEDIUM_PART);
  g_autofree char *whole = *name == '.' && size > end ? g_strndup (name + 1, size - 1 - end) : NULL;

  return whole != NULL && g_str_has_suffix (name, MD_MEDIUM_PART) && is_bundle (whole);
}

/* Zeros in place of what a plain file holds; whether that works or not, it is removed. */
static void
overwrite (int folder, const char *name)
{
  static const guint8 zeros[65536];
  const int file = openat (folder, name, O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  struct stat st = { 0 };
  gint64 left = 0;

  if (file < 0)
    return;
  if (fstat (file, &st) == 0 && S_ISREG (st.st_mode))
    left = MIN ((gint64)st.st_size, MOST_OVERWRITTEN);
  while (left > 0)
    {
      const gssize n = write (file, zeros, MIN ((gsize)left, sizeof zeros));

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        break;
      left -= n;
    }
  (void)fdatasync (file);
  close (file);
}

/* Files only: a bundle has no folders in it, and one that was put there is not ours to remove. */
static gboolean
remove_folder (int medium, const char *name)
{
  const int folder = openat (medium, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  g_autoptr (GPtrArray) names = folder >= 0 ? list_names (folder, is_inside, MAX_FILES) : NULL;
  gboolean removed = names != NULL;

  for (guint i = 0; names != NULL && i < names->len; i++)
    {
      overwrite (folder, names->pdata[i]);
      removed = unlinkat (folder, names->pdata[i], 0) == 0 && removed;
    }
  if (folder >= 0)
    close (folder);
  return removed && unlinkat (medium, name, AT_REMOVEDIR) == 0;
}

int
md_medium_begin (int medium, const char *bundle, GError **error)
{
  g_autofree char *name = make_name (bundle, TRUE);

  if (mkdirat (medium, name, 0700) != 0)
    {
      (void)fail (error, name);
      return -1;
    }
  return md_medium_open_in (medium, name, error);
}

gboolean
md_medium_finish (int medium, const char *bundle, GError **error)
{
  g_autofree char *part = make_name (bundle, TRUE);
  g_autofree char *name = make_name (bundle, FALSE);

  return (renameat (medium, part, medium, name) == 0 && sync_folder (medium)) || fail (error, name);
}

static gboolean
is_gone (int medium, const char *name)
{
  struct stat st;

  return fstatat (medium, name, &st, AT_SYMLINK_NOFOLLOW) != 0 && errno == ENOENT;
}

gboolean
md_medium_give_up (int medium, const char *bundle)
{
  g_autofree char *part = make_name (bundle, TRUE);
  g_autofree char *name = make_name (bundle, FALSE);

  (void)remove_folder (medium, part);
  (void)remove_folder (medium, name);
  return sync_folder (medium) && is_gone (medium, part) && is_gone (medium, name);
}

gboolean
md_medium_remove (int medium, const char *bundle, GError **error)
{
  g_autofree char *name = make_name (bundle, FALSE);

  return (remove_folder (medium, name) && sync_folder (medium)) || fail (error, name);
}

static gint
compare (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

static GPtrArray *
list_or_fail (int folder, gboolean (*takes) (const char *name), guint most, GError **error)
{
  GPtrArray *names = list_names (folder, takes, most);

  if (names == NULL && errno == E2BIG)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE, "more than %u files or folders",
                 most);
  else if (names == NULL)
    (void)fail (error, ".");
  return names;
}

GPtrArray *
md_medium_list_files (int folder, guint most, GError **error)
{
  return list_or_fail (folder, is_inside, most, error);
}

/* The ids in the names that TAKES, each behind so many bytes. */
static GPtrArray *
list_ids (int medium, gboolean (*takes) (const char *name), gsize before, GError **error)
{
  GPtrArray *names = list_or_fail (medium, takes, MD_MEDIUM_MAX_BUNDLES, error);

  if (names == NULL)
    return NULL;
  g_ptr_array_sort (names, compare);
  for (guint i = 0; i < names->len; i++)
    {
      char *name = names->pdata[i];

      names->pdata[i] = g_strndup (name + before, ID_SIZE);
      g_free (name);
    }
  return names;
}

GPtrArray *
md_medium_list_bundles (int medium, GError **error)
{
  return list_ids (medium, is_bundle, strlen (MD_MEDIUM_FOLDER), error);
}

GPtrArray *
md_medium_list_parts (int medium, GError **error)
{
  return list_ids (medium, is_part, 1 + strlen (MD_MEDIUM_FOLDER), error);
}
