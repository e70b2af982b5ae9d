// SPDX-License-Identifier: Apache-2.0
/* What a terminal works by, installed wrongly: forms, certificates, settings. Each is told, is in
 * the log, and leaves the queue as it was. Run by with-world, which sets MADOGUCHI_WORLD. */
#include <glib/gstdio.h>
#include <string.h>

#include "service-fixture.h"

#define PATIENCE (60 * G_USEC_PER_SEC)

/* --- forms --- */

static void
write_file (const char *folder, const char *name, const char *contents)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_true (g_file_set_contents (path, contents, -1, NULL));
}

static void
remove_file (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_cmpint (g_remove (path), ==, 0);
}

static void
copy_fields (Fixture *f)
{
  g_autofree char *from
      = g_build_filename (g_getenv ("MADOGUCHI_SOURCE"), "data", "forms", "fields.json", NULL);
  g_autofree char *contents = NULL;

  g_assert_true (g_file_get_contents (from, &contents, NULL, NULL));
  write_file (f->state, "fields.json", contents);
}

static void
assert_forms (Fixture *f, const char *recorded)
{
  service_restart (f, SIGTERM);
  g_assert_cmpstr (md_bus_terminal1_get_trouble (f->desk->proxy), !=, "");
  g_assert_nonnull (strstr (md_bus_terminal1_get_attention (f->desk->proxy), "forms"));
  service_assert_recorded (f, "forms", "failed", recorded);
  g_assert_cmpuint (service_queue_length (f), ==, 1);
}

static gboolean
is_well (Fixture *f)
{
  return g_str_equal (md_bus_terminal1_get_trouble (f->desk->proxy), "");
}

static void
wait_until (Fixture *f, gboolean (*condition) (Fixture *f))
{
  gint64 end = g_get_monotonic_time () + PATIENCE;

  while (!condition (f))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      g_usleep (20000);
      while (g_main_context_iteration (NULL, FALSE))
        ;
    }
}

static void
test_forms (Fixture *f, gconstpointer data)
{
  g_autofree char *procedures = g_build_filename (f->state, "procedures", NULL);

  service_login (f, "S0001");
  g_free (service_take_in (f));
  service_set_in_settings (f, "terminal", "forms_dir", f->state);
  assert_forms (f, "cause=unreadable file=fields.json");
  write_file (f->state, "fields.json", "{ no form");
  assert_forms (f, "cause=definition file=fields.json");
  copy_fields (f);
  assert_forms (f, "cause=unreadable");
  g_assert_cmpint (g_mkdir (procedures, 0700), ==, 0);
  write_file (procedures, "broken.json", "{}");
  assert_forms (f, "cause=definition file=procedures/broken.json");
  /* Read again as it is: in the log already. Mended: well without a restart. */
  g_subprocess_send_signal (f->daemon, SIGHUP);
  g_assert_cmpuint (
      service_count_recorded (f, "forms", "failed", "cause=definition file=procedures"), ==, 1);
  remove_file (procedures, "broken.json");
  g_subprocess_send_signal (f->daemon, SIGHUP);
  wait_until (f, is_well);
  g_assert_cmpstr (md_bus_terminal1_get_attention (f->desk->proxy), ==, "");
  g_assert_cmpuint (
      service_count_recorded (f, "forms", "failed", "cause=definition file=procedures"), ==, 1);
  /* A name that could hold anything stays out of the log. */
  write_file (procedures, "19800101.json", "{}");
  assert_forms (f, "cause=definition");
  remove_file (procedures, "19800101.json");
  g_assert_cmpint (g_rmdir (procedures), ==, 0);
}

/* --- certificates --- */

static gboolean
needs_attention (Fixture *f)
{
  return g_str_equal (md_bus_terminal1_get_line_state (f->desk->proxy), "attention");
}

static void
test_certificates (Fixture *f, gconstpointer data)
{
  static const char *const keys[] = { "certificate", "key", "ca" };
  g_autofree char *junk = g_build_filename (f->state, "junk.pem", NULL);

  service_login (f, "S0001");
  g_free (service_take_in (f));
  write_file (f->state, "junk.pem", "no certificate\n");
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      g_autoptr (GKeyFile) file = g_key_file_new ();
      g_autofree char *good = NULL;

      g_assert_true (g_key_file_load_from_file (file, f->settings, G_KEY_FILE_NONE, NULL));
      good = g_key_file_get_string (file, "line", keys[i], NULL);
      service_set_in_settings (f, "line", keys[i], junk);
      service_restart (f, SIGTERM);
      wait_until (f, needs_attention);
      g_assert_cmpstr (md_bus_terminal1_get_line_detail (f->desk->proxy), !=, "");
      g_assert_cmpuint (service_count_recorded (f, "line", "refused", "cause=settings"), ==, i + 1);
      g_assert_cmpuint (service_queue_length (f), ==, 1);
      service_set_in_settings (f, "line", keys[i], good);
    }
}

static void
test_anchor (Fixture *f, gconstpointer data)
{
  g_autofree char *junk = g_build_filename (f->state, "junk.pem", NULL);

  service_login (f, "S0001");
  g_free (service_take_in (f));
  service_set_in_settings (f, "policy", "anchor", junk);
  service_restart (f, SIGTERM);
  g_assert_cmpstr (md_bus_terminal1_get_trouble (f->desk->proxy), !=, "");
  service_assert_recorded (f, "policy", "refused", "cause=unavailable of=copy");
  write_file (f->state, "junk.pem", "no certificate\n");
  service_restart (f, SIGTERM);
  g_assert_cmpstr (md_bus_terminal1_get_trouble (f->desk->proxy), !=, "");
  service_assert_recorded (f, "policy", "refused", "cause=unreadable of=copy");
  g_assert_cmpuint (service_queue_length (f), ==, 1);
}

/* --- settings --- */

static void
start_in_vain (Fixture *f)
{
  g_autofree char *program
      = g_build_filename (g_getenv ("MADOGUCHI_BUILD"), "src", "daemon", "madoguchid", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) daemon
      = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_PIPE,
                          &error, program, "--config", f->settings, "--session", NULL);
  g_autofree char *words = NULL;

  g_assert_no_error (error);
  g_assert_true (g_subprocess_communicate_utf8 (daemon, NULL, NULL, NULL, &words, NULL));
  g_assert_cmpint (g_subprocess_get_exit_status (daemon), ==, 2);
  g_assert_cmpstr (words, !=, "");
}

static void
test_settings (Fixture *f, gconstpointer data)
{
  static const struct
  {
    const char *group, *key, *value, *recorded;
  } wrong[] = { { "line", "url", "", "cause=missing key=line.url" },
                { "terminal", "environment", "demo", "cause=invalid key=terminal.environment" } };

  service_login (f, "S0001");
  g_free (service_take_in (f));
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GKeyFile) file = g_key_file_new ();
      g_autofree char *good = NULL;

      g_assert_true (g_key_file_load_from_file (file, f->settings, G_KEY_FILE_NONE, NULL));
      good = g_key_file_get_string (file, wrong[i].group, wrong[i].key, NULL);
      service_set_in_settings (f, wrong[i].group, wrong[i].key, wrong[i].value);
      start_in_vain (f); /* beside the one at work: its log is left alone */
      g_assert_cmpuint (service_count_recorded (f, "settings", "failed", wrong[i].recorded), ==, 0);
      service_stop (f, SIGTERM);
      /* Started again and again, it is in the log once. */
      for (guint k = 0; k < 3; k++)
        start_in_vain (f);
      g_assert_cmpuint (service_count_recorded (f, "settings", "failed", wrong[i].recorded), ==, 1);
      service_set_in_settings (f, wrong[i].group, wrong[i].key, good);
      service_start (f);
      g_assert_cmpuint (service_queue_length (f), ==, 1);
    }
}

#define ADD(name, function)                                                                        \
  g_test_add ("/daemon/installed/" name, Fixture, NULL, service_set_up, function, service_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("forms", test_forms);
  ADD ("certificates", test_certificates);
  ADD ("anchor", test_anchor);
  ADD ("settings", test_settings);
  return service_run ();
}
