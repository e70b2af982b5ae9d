// SPDX-License-Identifier: Apache-2.0
// A file comes in: read into the pages of a secret, looked at, and shown to the virus scanner.
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "md-scan-private.h"
#include "md-scan-run.h"
#include "md-scan-take.h"

#define GROUP "scanning"
#define CHECK_S 60u
#define MEDIUM_S 3600u
#define FOUND_MAX 30u

/* --- settings --- */

void
md_scan_settings_free (MdScanSettings *self)
{
  if (self == NULL)
    return;
  g_free (self->folder);
  g_strfreev (self->virus_scanner);
  g_strfreev (self->medium_scanner);
  g_free (self);
}

MdScanSettings *
md_scan_settings_copy (const MdScanSettings *self)
{
  MdScanSettings *copy = g_new0 (MdScanSettings, 1);

  if (self == NULL)
    return copy;
  copy->folder = g_strdup (self->folder);
  copy->remove_kept = self->remove_kept;
  copy->virus_scanner = g_strdupv (self->virus_scanner);
  copy->medium_scanner = g_strdupv (self->medium_scanner);
  return copy;
}

static gboolean
read_command (GKeyFile *file, const char *name, char ***out_command, GError **error)
{
  g_autofree char *command = g_key_file_get_string (file, GROUP, name, NULL);

  if (command == NULL || *command == '\0' || g_shell_parse_argv (command, NULL, out_command, error))
    return TRUE;
  g_prefix_error (error, "[scanning] %s: ", name);
  return FALSE;
}

MdScanSettings *
md_scan_settings_read (GKeyFile *file, GError **error)
{
  g_autoptr (MdScanSettings) self = g_new0 (MdScanSettings, 1);
  g_autofree char *folder = g_key_file_get_string (file, GROUP, "folder", NULL);
  g_autoptr (GError) local = NULL;

  /* As the folder of a file in it is called, without a slash at its end. */
  if (folder != NULL && *folder != '\0')
    self->folder = g_canonicalize_filename (folder, NULL);
  self->remove_kept = g_key_file_get_boolean (file, GROUP, "remove_kept", &local);
  if (g_error_matches (local, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_INVALID_VALUE))
    {
      g_propagate_prefixed_error (error, g_steal_pointer (&local), "[scanning] remove_kept: ");
      return NULL;
    }
  if (!read_command (file, "virus_scanner", &self->virus_scanner, error)
      || !read_command (file, "medium_scanner", &self->medium_scanner, error))
    return NULL;
  return g_steal_pointer (&self);
}

/* --- the file --- */

static MdSecret *
read_all (int fd, gsize size)
{
  g_autoptr (MdSecret) bytes = md_secret_new (size);
  guint8 *place = md_secret_resize (bytes, size);
  gsize done = 0;

  while (done < size)
    {
      const ssize_t n = read (fd, place + done, size - done);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        return NULL;
      done += (gsize)n;
    }
  return g_steal_pointer (&bytes);
}

static MdSecret *
read_file (const char *path, gsize max_bytes, struct stat *out_stat, GError **error)
{
  const int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
  MdSecret *bytes = NULL;
  MdScanError code = MD_SCAN_ERROR_READ;

  if (fd >= 0 && fstat (fd, out_stat) == 0 && S_ISREG (out_stat->st_mode))
    {
      if (out_stat->st_size <= 0)
        code = MD_SCAN_ERROR_SIZE;
      else if ((guint64)out_stat->st_size > MIN (max_bytes, MD_LIMIT_SECRET))
        code = MD_SCAN_ERROR_TOO_MUCH;
      else
        bytes = read_all (fd, (gsize)out_stat->st_size);
    }
  if (fd >= 0)
    (void)close (fd);
  if (bytes == NULL)
    (void)_md_scan_refuse (error, code);
  return bytes;
}

/* --- the virus scanner --- */

static gboolean
check (char **command, MdScanDocument *document, GCancellable *cancellable, GError **error)
{
  const MdScanRun run
      = { .argv = command, .input = md_scan_document_get_bytes (document), .seconds = CHECK_S };
  g_autofree char *name = g_path_get_basename (command[0]);
  const int status = _md_scan_run (&run, cancellable);

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  if (status == 1)
    return _md_scan_refuse (error, MD_SCAN_ERROR_VIRUS);
  if (status != 0)
    return _md_scan_refuse (error, MD_SCAN_ERROR_CHECK);
  md_scan_document_set_scanner (document, name);
  return TRUE;
}

gboolean
md_scan_check_medium (const MdScanSettings *settings, const char *path, GError **error)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (MdSecret) nothing = md_secret_new (1);
  MdScanRun run = { .input = nothing, .seconds = MEDIUM_S };
  int status = 0;

  if (settings->medium_scanner == NULL)
    return TRUE;
  for (char **word = settings->medium_scanner; *word != NULL; word++)
    g_ptr_array_add (argv, g_strdup (*word));
  g_ptr_array_add (argv, g_canonicalize_filename (path, NULL));
  g_ptr_array_add (argv, NULL);
  run.argv = (char **)argv->pdata;
  status = _md_scan_run (&run, NULL);
  return status == 0
         || _md_scan_refuse (error, status == 1 ? MD_SCAN_ERROR_VIRUS : MD_SCAN_ERROR_CHECK);
}

/* --- both --- */

typedef struct
{
  char *path;
  gsize max_bytes;
  MdScanSettings *settings;
} Taking;

static void
taking_free (gpointer data)
{
  Taking *taking = data;

  md_wipe_free_text (taking->path);
  md_scan_settings_free (taking->settings);
  g_free (taking);
}

static gboolean
is_in_folder (const Taking *taking)
{
  g_autofree char *folder = g_path_get_dirname (taking->path);

  return taking->settings->folder != NULL && g_strcmp0 (folder, taking->settings->folder) == 0;
}

static void
take_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Taking *taking = data;
  struct stat file;
  GError *error = NULL;
  g_autoptr (MdSecret) bytes = read_file (taking->path, taking->max_bytes, &file, &error);
  g_autoptr (MdScanDocument) document
      = bytes != NULL ? md_scan_document_new (bytes, cancellable, &error) : NULL;

  if (document == NULL
      || (taking->settings->virus_scanner != NULL
          && !check (taking->settings->virus_scanner, document, cancellable, &error)))
    {
      g_task_return_error (task, error);
      return;
    }
  if (is_in_folder (taking))
    md_scan_document_set_source (document, taking->path, &file);
  g_task_return_pointer (task, g_steal_pointer (&document), g_object_unref);
}

void
md_scan_take_async (const char *path, gsize max_bytes, const MdScanSettings *settings,
                    GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Taking *taking = g_new0 (Taking, 1);

  taking->path = g_strdup (path);
  taking->max_bytes = max_bytes;
  taking->settings = md_scan_settings_copy (settings);
  g_task_set_source_tag (task, md_scan_take_async);
  g_task_set_task_data (task, taking, taking_free);
  g_task_run_in_thread (task, take_thread);
}

MdScanDocument *
md_scan_take_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- the folder --- */

static void
found_free (gpointer data)
{
  MdScanFound *found = data;

  md_wipe_free_text (found->path);
  g_free (found);
}

static int
compare_found (gconstpointer a, gconstpointer b)
{
  const MdScanFound *one = *(const MdScanFound *const *)a, *other = *(const MdScanFound *const *)b;

  return one->time_s != other->time_s ? (one->time_s < other->time_s ? 1 : -1)
                                      : g_strcmp0 (one->path, other->path);
}

GPtrArray *
md_scan_list_folder (const MdScanSettings *settings)
{
  GPtrArray *list = g_ptr_array_new_with_free_func (found_free);
  const gboolean there = settings != NULL && settings->folder != NULL;
  g_autoptr (GDir) dir = there ? g_dir_open (settings->folder, 0, NULL) : NULL;
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (settings->folder, name, NULL);
      struct stat file;
      MdScanFound *found;

      if (*name == '.' || lstat (path, &file) != 0 || !S_ISREG (file.st_mode) || file.st_size <= 0)
        continue;
      found = g_new0 (MdScanFound, 1);
      found->path = g_steal_pointer (&path);
      found->time_s = (gint64)file.st_mtime;
      found->size = (gsize)file.st_size;
      g_ptr_array_add (list, found);
    }
  g_ptr_array_sort (list, compare_found);
  if (list->len > FOUND_MAX)
    g_ptr_array_set_size (list, FOUND_MAX);
  return list;
}
