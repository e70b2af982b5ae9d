// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <glib/gstdio.h>

#include "md-bus.h"

static void
test_round_trip (void)
{
  const gsize sizes[] = { 0, 1, 4095, 4096, 100000 };

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr (GUnixFDList) fds = g_unix_fd_list_new ();
      g_autofree char *contents = g_strnfill (sizes[i], 'x');
      g_autoptr (GBytes) bytes = g_bytes_new (contents, sizes[i]);
      g_autoptr (GVariant) handle = g_variant_ref_sink (md_bus_payload_append (fds, bytes, NULL));
      g_autoptr (GBytes) back = NULL;
      g_autoptr (GError) error = NULL;

      back = md_bus_payload_get (fds, handle, sizes[i], &error);
      g_assert_no_error (error);
      g_assert_true (g_bytes_equal (bytes, back));
    }
}

/* Nobody can change what was handed over, not even its sender. */
static void
test_is_sealed (void)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static ("sealed", 6);
  int fd = md_bus_payload_to_fd (bytes, NULL);

  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (pwrite (fd, "x", 1, 0), ==, -1);
  g_assert_cmpint (ftruncate (fd, 1), ==, -1);
  g_assert_cmpint (fcntl (fd, F_ADD_SEALS, 0), ==, -1);
  close (fd);
}

static void
test_limit (void)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static ("seven b", 7);
  int fd = md_bus_payload_to_fd (bytes, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (md_bus_payload_from_fd (fd, 6, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_TOO_LARGE);
  close (fd);
}

/* A pipe that never ends, a file that changes, a memory file without its seals. */
static void
test_refuses_other_files (void)
{
  g_autofree char *path = NULL;
  int ends[2];
  int files[3];

  files[0] = g_file_open_tmp ("md-bus-XXXXXX", &path, NULL);
  files[1] = memfd_create ("open", MFD_ALLOW_SEALING);
  g_assert_cmpint (pipe (ends), ==, 0);
  files[2] = ends[0];
  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_cmpint (files[i], >=, 0);
      g_assert_null (md_bus_payload_from_fd (files[i], 100, &error));
      g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_INVALID);
      close (files[i]);
    }
  close (ends[1]);
  g_unlink (path);
}

static void
test_handle_without_descriptor (void)
{
  g_autoptr (GUnixFDList) fds = g_unix_fd_list_new ();
  const gint32 handles[] = { 0, -1, 7 };

  for (gsize i = 0; i < G_N_ELEMENTS (handles); i++)
    {
      g_autoptr (GVariant) handle = g_variant_ref_sink (g_variant_new_handle (handles[i]));
      g_autoptr (GError) error = NULL;

      g_assert_cmpint (md_bus_handle_dup (fds, handle, &error), ==, -1);
      g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_INVALID);
    }
  {
    g_autoptr (GVariant) handle = g_variant_ref_sink (g_variant_new_handle (0));

    g_assert_cmpint (md_bus_handle_dup (NULL, handle, NULL), ==, -1);
  }
}

static void
test_secret (void)
{
  g_autoptr (GUnixFDList) fds = g_unix_fd_list_new ();
  g_autofree char *longest = g_strnfill (MD_LIMIT_PASSWORD, 'p');
  const char *texts[] = { "", "correct horse", longest };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (MdSecret) secret = md_secret_new_from_text (texts[i]);
      g_autoptr (GVariant) handle = g_variant_ref_sink (md_bus_secret_append (fds, secret, NULL));
      g_autoptr (MdSecret) back = NULL;
      int fd = md_bus_handle_dup (fds, handle, NULL);

      back = md_bus_secret_from_fd (fd, NULL);
      close (fd);
      g_assert_nonnull (back);
      g_assert_true (md_secret_equal (secret, back));
    }
}

static void
test_secret_too_long (void)
{
  g_autofree char *text = g_strnfill (MD_LIMIT_PASSWORD + 1, 'p');
  g_autoptr (GError) error = NULL;
  int ends[2];

  g_assert_cmpint (pipe (ends), ==, 0);
  g_assert_cmpint (write (ends[1], text, strlen (text)), ==, (gssize)strlen (text));
  close (ends[1]);
  g_assert_null (md_bus_secret_from_fd (ends[0], &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_INVALID);
  close (ends[0]);
}

/* Whoever keeps the pipe open does not hold us up for as long. */
static void
test_secret_that_never_ends (void)
{
  g_autoptr (GError) error = NULL;
  gint64 start = g_get_monotonic_time ();
  int ends[2];

  g_assert_cmpint (pipe (ends), ==, 0);
  g_assert_cmpint (write (ends[1], "half", 4), ==, 4);
  g_assert_null (md_bus_secret_from_fd (ends[0], &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_INVALID);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 60 * G_USEC_PER_SEC);
  close (ends[0]);
  close (ends[1]);
}

static void
test_errors_keep_their_cause (void)
{
  for (gint code = MD_BUS_ERROR_FAILED; code <= MD_BUS_ERROR_NOT_DELEGATED; code++)
    {
      g_autoptr (GError) sent = g_error_new_literal (MD_BUS_ERROR, code, "what happened");
      g_autofree char *name = g_dbus_error_encode_gerror (sent);
      g_autoptr (GError) received = g_dbus_error_new_for_dbus_error (name, sent->message);

      g_assert_true (g_str_has_prefix (name, "org.madoguchi.Terminal1.Error."));
      g_dbus_error_strip_remote_error (received);
      g_assert_error (received, MD_BUS_ERROR, code);
      g_assert_cmpstr (received->message, ==, "what happened");
      g_assert_false (md_bus_error_is_absent (received));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bus/payload/round-trip", test_round_trip);
  g_test_add_func ("/bus/payload/is-sealed", test_is_sealed);
  g_test_add_func ("/bus/payload/limit", test_limit);
  g_test_add_func ("/bus/payload/refuses-other-files", test_refuses_other_files);
  g_test_add_func ("/bus/payload/handle-without-descriptor", test_handle_without_descriptor);
  g_test_add_func ("/bus/payload/secret", test_secret);
  g_test_add_func ("/bus/payload/secret-too-long", test_secret_too_long);
  g_test_add_func ("/bus/payload/secret-that-never-ends", test_secret_that_never_ends);
  g_test_add_func ("/bus/payload/errors-keep-their-cause", test_errors_keep_their_cause);
  return g_test_run ();
}
