// SPDX-License-Identifier: Apache-2.0
/* What reads a document can do nothing but read it: tried from within madoguchi-page as it is
 * installed, in the place of each library that it gives a document to (hostile.c). */
#include <gio/gio.h>

#include "../md-test.h"

static const char *hostile, *program;

/* What came of each way, as the hostile one wrote it. */
static char *
run (gconstpointer data, gsize size)
{
  g_autoptr (GSubprocessLauncher) launcher
      = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_autoptr (GBytes) document = g_bytes_new (data, size), said = NULL;
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;

  g_subprocess_launcher_setenv (launcher, "LD_PRELOAD", hostile, TRUE);
  process = g_subprocess_launcher_spawn (launcher, &error, program, "0", "300", NULL);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_communicate (process, document, NULL, &said, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_if_exited (process));
  g_assert_cmpint (g_subprocess_get_exit_status (process), ==, 0);
  data = g_bytes_get_data (said, &length);
  return g_strndup (data, length);
}

static void
assert_fenced (gconstpointer data, gsize size)
{
  static const char *const ways[]
      = { "open", "socket", "local-socket", "create", "remove",     "run",
          "fork", "signal", "trace",        "limits", "memory-file" };
  g_autofree char *said = run (data, size);
  g_auto (GStrv) halves = g_strsplit (said, "begun 0\n", 2);
  g_autofree char *refused = g_strdup_printf (" %d", EPERM);
  g_auto (GStrv) lines = NULL;
  guint n;

  g_test_message ("%s", said);
  g_assert_cmpstr (halves[0], ==, "open 0\nsocket 0\nlocal-socket 0\n");
  g_assert_nonnull (halves[1]);
  lines = g_strsplit (g_strchomp (halves[1]), "\n", -1);
  for (n = 0; lines[n] != NULL; n++)
    g_assert_true (g_str_has_suffix (lines[n], refused));
  g_assert_cmpuint (n, >=, G_N_ELEMENTS (ways));
  for (guint i = 0; i < G_N_ELEMENTS (ways); i++)
    {
      g_autofree char *line = g_strconcat (ways[i], refused, NULL);

      g_assert_true (g_strv_contains ((const char *const *)lines, line));
    }
}

static void
test_nothing_gets_out (void)
{
  static const guint8 jpeg[] = { 0xff, 0xd8, 0xff, 0xe0, 0, 16, 'J', 'F', 'I', 'F', 0 };
  static const guint8 png[] = { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0, 0, 0, 13 };
  static const guint8 tiff[] = { 'I', 'I', 42, 0, 8, 0, 0, 0 };
  static const guint8 stream[] = { 0xff, 0x4f, 0xff, 0x51, 0, 41 };
  static const char pdf[] = "%PDF-1.4\n%%EOF\n";

  assert_fenced (pdf, sizeof pdf - 1);
  assert_fenced (tiff, sizeof tiff);
  assert_fenced (jpeg, sizeof jpeg);
  assert_fenced (png, sizeof png);
  assert_fenced (stream, sizeof stream);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 3);
  hostile = argv[1];
  program = argv[2];
  g_test_add_func ("/scan/fence/nothing-gets-out", test_nothing_gets_out);
  return g_test_run ();
}
