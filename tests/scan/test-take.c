// SPDX-License-Identifier: Apache-2.0
/* A file comes in: from where, how large, and what the virus scanner says. */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <md-scan.h>
#include <sys/stat.h>
#include <unistd.h>
#include "samples.h"

#define LARGEST 4096u

typedef struct
{
  char *folder;
  MdScanSettings settings;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  self->folder = g_dir_make_tmp ("scan-XXXXXX", &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_autoptr (GDir) dir = g_dir_open (self->folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (self->folder, name, NULL);

      g_assert_cmpint (g_unlink (path), ==, 0);
    }
  g_assert_cmpint (g_rmdir (self->folder), ==, 0);
  g_free (self->folder);
  g_strfreev (self->settings.virus_scanner);
}

static char *
write_file (Fixture *self, const char *name, gconstpointer data, gsize size)
{
  char *path = g_build_filename (self->folder, name, NULL);

  g_assert_true (g_file_set_contents (path, data, (gssize)size, NULL));
  return path;
}

static void
taken_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **)data = g_object_ref (result);
}

static MdScanDocument *
take (Fixture *self, const char *path, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  md_scan_take_async (path, LARGEST, &self->settings, NULL, taken_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return md_scan_take_finish (result, error);
}

static void
expect (Fixture *self, const char *path, int code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (take (self, path, &error));
  g_assert_error (error, MD_SCAN_ERROR, code);
  /* The file's name may be a person's. */
  g_assert_null (strstr (error->message, "secret-name"));
}

static void
test_file (Fixture *self, gconstpointer data)
{
  g_autofree char *path = write_file (self, "secret-name.pdf", sample_jpeg, sizeof sample_jpeg);
  g_autoptr (GError) error = NULL;
  g_autoptr (MdScanDocument) document = take (self, path, &error);
  g_autofree char *sum
      = g_compute_checksum_for_data (G_CHECKSUM_SHA256, sample_jpeg, sizeof sample_jpeg);
  g_autofree char *words = NULL;

  g_assert_no_error (error);
  g_assert_cmpint (md_scan_document_get_facts (document)->kind, ==, MD_SCAN_JPEG);
  g_assert_cmpstr (md_scan_document_get_sha256 (document), ==, sum);
  g_assert_null (md_scan_document_get_scanner (document));
  g_assert_false (md_scan_document_has_source (document)); /* it is not of the scan folder */
  words = md_scan_document_describe (document);
  g_assert_cmpstr (words, ==, "JPEG, 1 page, 1 KB, about 1 second on the line");
  md_scan_document_wipe (document);
  g_assert_null (md_scan_document_get_bytes (document));
}

static void
test_refused (Fixture *self, gconstpointer data)
{
  g_autofree guint8 *large = g_malloc0 (LARGEST + 1);
  g_autofree char *big = write_file (self, "secret-name-1", large, LARGEST + 1);
  g_autofree char *empty = write_file (self, "secret-name-2", "", 0);
  g_autofree char *good = write_file (self, "secret-name-3", sample_jpeg, sizeof sample_jpeg);
  g_autofree char *link = g_build_filename (self->folder, "secret-name-4", NULL);
  g_autofree char *missing = g_build_filename (self->folder, "secret-name-5", NULL);

  g_assert_cmpint (symlink (good, link), ==, 0);
  expect (self, big, MD_SCAN_ERROR_TOO_MUCH);
  expect (self, empty, MD_SCAN_ERROR_SIZE);
  expect (self, link, MD_SCAN_ERROR_READ);
  expect (self, missing, MD_SCAN_ERROR_READ);
  expect (self, self->folder, MD_SCAN_ERROR_READ);
  expect (self, "/dev/zero", MD_SCAN_ERROR_READ);
}

static void
use_scanner (Fixture *self, const char *command)
{
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&self->settings.virus_scanner, g_strfreev);
  g_assert_true (g_shell_parse_argv (command, NULL, &self->settings.virus_scanner, &error));
  g_assert_no_error (error);
}

static void
test_virus (Fixture *self, gconstpointer data)
{
  g_autofree char *path = write_file (self, "secret-name.jpg", sample_jpeg, sizeof sample_jpeg);
  g_autofree char *compare = g_strdup_printf ("cmp -s - %s", path);
  g_autoptr (MdScanDocument) document = NULL;
  g_autoptr (GError) error = NULL;

  /* It gets the very bytes at its standard input, and nothing of our environment. */
  use_scanner (self, compare);
  document = take (self, path, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (md_scan_document_get_scanner (document), ==, "cmp");
  g_setenv ("SECRET_OF_OURS", "1", TRUE);
  use_scanner (self, "/bin/sh -c 'test -z \"$SECRET_OF_OURS\" || exit 2'");
  g_clear_object (&document);
  document = take (self, path, &error);
  g_assert_no_error (error);
  use_scanner (self, "false");
  expect (self, path, MD_SCAN_ERROR_VIRUS);
  use_scanner (self, "/bin/sh -c 'exit 2'");
  expect (self, path, MD_SCAN_ERROR_CHECK);
  use_scanner (self, "/bin/sh -c 'kill -9 $$'");
  expect (self, path, MD_SCAN_ERROR_CHECK);
  use_scanner (self, "/nowhere/scanner");
  expect (self, path, MD_SCAN_ERROR_CHECK);
}

/* A scanner that does not read to the end does not take the window with it. */
static void
test_impatient (Fixture *self, gconstpointer data)
{
  g_autoptr (GByteArray) two = g_byte_array_new ();
  g_autofree char *path = NULL;
  g_autoptr (MdScanDocument) document = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree guint8 *filler = g_malloc0 (65000);

  g_byte_array_append (two, sample_jpeg, 20);
  for (guint i = 0; i < 8; i++)
    {
      const guint8 comment[] = { 0xFF, 0xFE, 65002 >> 8, 65002 & 0xFF };

      g_byte_array_append (two, comment, sizeof comment);
      g_byte_array_append (two, filler, 65000);
    }
  g_byte_array_append (two, sample_jpeg + 20, sizeof sample_jpeg - 20);
  path = write_file (self, "large", two->data, two->len);
  use_scanner (self, "true");
  md_scan_take_async (path, 1000 * 1000, &self->settings, NULL, taken_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  document = md_scan_take_finish (result, &error);
  g_assert_no_error (error);
  g_assert_nonnull (document);
}

/* Whether a process is there, and has not ended. */
static gboolean
lives (int pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/stat", pid), *stat = NULL;

  return g_file_get_contents (path, &stat, NULL, NULL) && strstr (stat, ") Z ") == NULL;
}

/* Of the process that the scanner left behind, once it has written its number there. */
static int
read_pid (const char *path)
{
  g_autofree char *text = NULL;

  return g_file_get_contents (path, &text, NULL, NULL) && strchr (text, '\n') != NULL
             ? (int)g_ascii_strtoll (text, NULL, 10)
             : 0;
}

/* A scanner that leaves a process behind: it ends with the scanner. */
static void
test_left_behind (Fixture *self, gconstpointer data)
{
  g_autofree char *path = write_file (self, "scan.jpg", sample_jpeg, sizeof sample_jpeg);
  g_autofree char *pid_file = g_build_filename (self->folder, "pid", NULL);
  g_autofree char *command
      = g_strdup_printf ("/bin/sh -c 'sleep 600 & echo $! >%s; exit 0'", pid_file);
  g_autoptr (MdScanDocument) document = NULL;
  g_autoptr (GError) error = NULL;

  use_scanner (self, command);
  document = take (self, path, &error);
  g_assert_no_error (error);
  g_assert_cmpint (read_pid (pid_file), >, 0);
  while (lives (read_pid (pid_file)))
    g_usleep (1000);
}

static gboolean
again_cb (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

/* The next person is here: the scanner and what it started end at once, and nothing comes in. */
static void
test_cancelled (Fixture *self, gconstpointer data)
{
  g_autofree char *path = write_file (self, "scan.jpg", sample_jpeg, sizeof sample_jpeg);
  g_autofree char *pid_file = g_build_filename (self->folder, "pid", NULL);
  g_autofree char *command
      = g_strdup_printf ("/bin/sh -c 'sleep 600 & echo $! >%s; wait'", pid_file);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  const guint again = g_timeout_add (5, again_cb, NULL);

  use_scanner (self, command);
  md_scan_take_async (path, LARGEST, &self->settings, cancellable, taken_cb, &result);
  while (read_pid (pid_file) == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_null (result);
  g_cancellable_cancel (cancellable);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (again);
  g_assert_null (md_scan_take_finish (result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  while (lives (read_pid (pid_file)))
    g_usleep (1000);
}

/* The scan folder: newest first, and a file goes only if it is still the one that was read. */
static void
test_folder (Fixture *self, gconstpointer data)
{
  g_autofree char *path = write_file (self, "scan-1.jpg", sample_jpeg, sizeof sample_jpeg);
  g_autofree char *hidden = write_file (self, ".part", sample_jpeg, sizeof sample_jpeg);
  g_autofree char *empty = write_file (self, "empty", "", 0);
  g_autofree char *second = g_build_filename (self->folder, "new", NULL);
  g_autoptr (MdScanDocument) document = NULL, again = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) found = NULL;

  self->settings.folder = self->folder;
  found = md_scan_list_folder (&self->settings);
  g_assert_cmpuint (found->len, ==, 1);
  g_assert_cmpstr (((MdScanFound *)found->pdata[0])->path, ==, path);
  document = take (self, path, &error);
  g_assert_no_error (error);
  g_assert_true (md_scan_document_has_source (document));
  /* Another scan of the same name came meanwhile. */
  g_assert_true (g_file_set_contents (second, "x", 1, NULL));
  g_assert_cmpint (g_rename (second, path), ==, 0);
  g_assert_false (md_scan_document_remove_source (document));
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_set_contents (path, (const char *)sample_jpeg, sizeof sample_jpeg, NULL));
  again = take (self, path, &error);
  g_assert_no_error (error);
  g_assert_true (md_scan_document_remove_source (again));
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_false (md_scan_document_remove_source (again));
  self->settings.folder = NULL;
}

/* Into the very file, as of this time. */
static void
write_again (const char *path, gsize size, const struct timespec times[2])
{
  guint8 bytes[sizeof sample_jpeg + 1] = { 0 };
  const int fd = open (path, O_WRONLY | O_TRUNC | O_CLOEXEC);

  memcpy (bytes, sample_jpeg, sizeof sample_jpeg);
  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (write (fd, bytes, size), ==, (gssize)size);
  g_assert_cmpint (futimens (fd, times), ==, 0);
  g_assert_cmpint (close (fd), ==, 0);
}

/* The scanner wrote the next person's pages into the same file: they stay, though they are as many
 * bytes, and written in the same second. */
static void
test_written_again (Fixture *self, gconstpointer data)
{
  g_autofree char *path = write_file (self, "scan-1.jpg", sample_jpeg, sizeof sample_jpeg);
  const struct timespec first[] = { { 1000, 5 }, { 1000, 5 } },
                        next[] = { { 1000, 6 }, { 1000, 6 } };
  g_autoptr (MdScanDocument) longer = NULL, later = NULL, same = NULL;

  self->settings.folder = self->folder;
  g_assert_cmpint (utimensat (AT_FDCWD, path, first, 0), ==, 0);
  longer = take (self, path, NULL);
  write_again (path, sizeof sample_jpeg + 1, first);
  g_assert_false (md_scan_document_remove_source (longer));
  write_again (path, sizeof sample_jpeg, first);
  later = take (self, path, NULL);
  write_again (path, sizeof sample_jpeg, next);
  g_assert_false (md_scan_document_remove_source (later));
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  same = take (self, path, NULL);
  g_assert_true (md_scan_document_remove_source (same));
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  self->settings.folder = NULL;
}

/* An administrator may write the folder with a slash at its end. */
static void
test_slash (Fixture *self, gconstpointer data)
{
  g_autofree char *path = write_file (self, "scan-1.jpg", sample_jpeg, sizeof sample_jpeg);
  g_autofree char *folder = g_strconcat (self->folder, "/./", NULL);
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (MdScanSettings) settings = NULL;
  g_autoptr (MdScanDocument) document = NULL;
  g_autoptr (GPtrArray) found = NULL;

  g_key_file_set_string (file, "scanning", "folder", folder);
  settings = md_scan_settings_read (file, NULL);
  g_assert_cmpstr (settings->folder, ==, self->folder);
  found = md_scan_list_folder (settings);
  g_assert_cmpuint (found->len, ==, 1);
  self->settings.folder = settings->folder;
  document = take (self, ((MdScanFound *)found->pdata[0])->path, NULL);
  g_assert_true (md_scan_document_has_source (document));
  g_assert_true (md_scan_document_remove_source (document));
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  self->settings.folder = NULL;
}

static void
test_settings (void)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (MdScanSettings) none = md_scan_settings_read (file, &error), some = NULL;
  g_autoptr (GPtrArray) found = md_scan_list_folder (none);

  g_assert_no_error (error);
  g_assert_null (none->folder);
  g_assert_null (none->virus_scanner);
  g_assert_false (none->remove_kept);
  g_assert_cmpuint (found->len, ==, 0);
  g_key_file_set_string (file, "scanning", "folder", "/srv/scan");
  g_key_file_set_string (file, "scanning", "remove_kept", "true");
  g_key_file_set_string (file, "scanning", "virus_scanner", "/usr/bin/clamdscan --no-summary -");
  some = md_scan_settings_read (file, &error);
  g_assert_no_error (error);
  g_assert_true (some->remove_kept);
  g_assert_cmpstr (some->folder, ==, "/srv/scan");
  g_assert_cmpuint (g_strv_length (some->virus_scanner), ==, 3);
  g_key_file_set_string (file, "scanning", "virus_scanner", "\"half");
  g_assert_null (md_scan_settings_read (file, &error));
  g_assert_error (error, G_SHELL_ERROR, G_SHELL_ERROR_BAD_QUOTING);
  g_clear_error (&error);
  g_key_file_set_string (file, "scanning", "remove_kept", "perhaps");
  g_assert_null (md_scan_settings_read (file, &error));
  g_assert_error (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_INVALID_VALUE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)
  ADD ("/scan/take/file", test_file);
  ADD ("/scan/take/refused", test_refused);
  ADD ("/scan/take/virus", test_virus);
  ADD ("/scan/take/impatient", test_impatient);
  ADD ("/scan/take/left-behind", test_left_behind);
  ADD ("/scan/take/cancelled", test_cancelled);
  ADD ("/scan/take/folder", test_folder);
  ADD ("/scan/take/written-again", test_written_again);
  ADD ("/scan/take/slash", test_slash);
  g_test_add_func ("/scan/take/settings", test_settings);
  return g_test_run ();
}
