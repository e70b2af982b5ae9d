// SPDX-License-Identifier: Apache-2.0
#include <glib/gstdio.h>
#include <sys/mount.h>
#include <sys/statvfs.h>

#include "../policy-sign.h"
#include "md-audit.h"
#include "service-fixture.h"

#define MADOGUCHID "src/daemon/madoguchid"
#define PATIENCE_S 150

/* --- The service --- */

static void
write_settings (Fixture *f)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *from
      = g_build_filename (g_getenv ("MADOGUCHI_WORLD"), "terminal", "terminal.ini", NULL);

  g_assert_true (g_key_file_load_from_file (file, from, G_KEY_FILE_NONE, NULL));
  g_key_file_set_string (file, "terminal", "state_dir", f->state);
  g_assert_true (g_key_file_save_to_file (file, f->settings, NULL));
}

void
service_set_in_settings (Fixture *f, const char *group, const char *key, const char *value)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();

  g_assert_true (g_key_file_load_from_file (file, f->settings, G_KEY_FILE_NONE, NULL));
  g_key_file_set_string (file, group, key, value);
  g_assert_true (g_key_file_save_to_file (file, f->settings, NULL));
}

static void
appeared_cb (GDBusConnection *connection, const char *name, const char *owner, gpointer user_data)
{
  g_main_loop_quit (user_data);
}

static void
wait_for_name (void)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  guint watch = g_bus_watch_name (G_BUS_TYPE_SESSION, MD_BUS_NAME, G_BUS_NAME_WATCHER_FLAGS_NONE,
                                  appeared_cb, NULL, loop, NULL);

  g_main_loop_run (loop);
  g_bus_unwatch_name (watch);
}

void
service_start (Fixture *f)
{
  g_autofree char *program = g_build_filename (g_getenv ("MADOGUCHI_BUILD"), MADOGUCHID, NULL);
  g_autoptr (GSubprocessLauncher) launcher
      = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE);
  g_autoptr (GError) error = NULL;

  /* What systemd gives it under /run: a restart leaves it. */
  g_subprocess_launcher_setenv (launcher, "RUNTIME_DIRECTORY", f->state, TRUE);
  f->daemon = g_subprocess_launcher_spawn (launcher, &error, program, "--config", f->settings,
                                           "--session", NULL);
  g_assert_no_error (error);
  wait_for_name ();
  f->desk = desk_new (&error);
  g_assert_no_error (error);
}

void
service_stop (Fixture *f, int signal_number)
{
  g_subprocess_send_signal (f->daemon, signal_number);
  g_assert_true (g_subprocess_wait (f->daemon, NULL, NULL));
  /* Not before: a window that leaves the bus gives up what it had begun. */
  g_clear_pointer (&f->desk, desk_free);
  if (signal_number == SIGTERM)
    g_assert_cmpint (g_subprocess_get_exit_status (f->daemon), ==, 0);
  g_clear_object (&f->daemon);
}

void
service_restart (Fixture *f, int signal_number)
{
  Desk *window = g_steal_pointer (&f->desk); /* stays on the bus */

  service_stop (f, signal_number);
  service_start (f);
  desk_free (f->desk);
  desk_meet_again (window);
  f->desk = window;
}

void
service_give_password (Fixture *f, const char *staff)
{
  g_autofree char *password = desk_password (f->desk, staff);
  g_autoptr (GError) error = NULL;

  if (f->with_password == NULL)
    f->with_password = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  if (!g_hash_table_add (f->with_password, g_strdup (staff)))
    return;
  desk_set_password (f->desk, staff, password, &error);
  g_assert_no_error (error);
}

void
service_set_up (Fixture *f, gconstpointer data)
{
  f->state = g_dir_make_tmp ("madoguchid-XXXXXX", NULL);
  f->settings = g_build_filename (f->state, "terminal.ini", NULL);
  write_settings (f);
  service_start (f);
  service_give_password (f, "S0001");
}

static void
remove_state (Fixture *f)
{
  g_autoptr (GDir) dir = g_dir_open (f->state, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (f->state, name, NULL);

      g_unlink (path);
    }
  g_assert_cmpint (g_rmdir (f->state), ==, 0);
}

void
service_tear_down (Fixture *f, gconstpointer data)
{
  g_autofree char *database = g_build_filename (f->state, "terminal.db", NULL);
  g_autoptr (MdDb) db = NULL;
  MdAuditReport report;

  if (f->daemon != NULL)
    service_stop (f, SIGTERM);
  /* Whatever a test did: the log holds. */
  db = md_db_open (database, MD_DB_READ_ONLY, NULL);
  if (db != NULL && data == NULL)
    {
      g_assert_true (md_audit_verify (db, &report, NULL));
      g_assert_cmpint (report.verdict, ==, MD_AUDIT_INTACT);
    }
  g_clear_pointer (&db, md_db_close);
  remove_state (f);
  g_clear_pointer (&f->with_password, g_hash_table_unref);
  g_free (f->state);
  g_free (f->settings);
}

/* --- A policy made to measure --- */

static char *
in_world (const char *folder, const char *name)
{
  return g_build_filename (g_getenv ("MADOGUCHI_WORLD"), folder, name, NULL);
}

JsonParser *
service_load_policy (guint version, gint64 life_s, JsonObject **out_root)
{
  g_autofree char *from = in_world ("policy", "policy.json");
  g_autofree char *until = md_time_format_rfc3339 (g_get_real_time () + life_s * G_USEC_PER_SEC);
  JsonParser *parser = json_parser_new ();

  g_assert_true (json_parser_load_from_file (parser, from, NULL));
  *out_root = json_node_get_object (json_parser_get_root (parser));
  json_object_set_int_member (*out_root, "version", version);
  json_object_set_string_member (*out_root, "not_after", until);
  return parser;
}

void
service_put_policy (Fixture *f, JsonParser *parser)
{
  g_autofree char *json = g_build_filename (f->state, "policy.json", NULL);
  g_autofree char *cms = g_build_filename (f->state, "policy.cms", NULL);
  g_autoptr (JsonGenerator) generator = json_generator_new ();

  json_generator_set_root (generator, json_parser_get_root (parser));
  g_assert_true (json_generator_to_file (generator, json, NULL));
  sign_policy (g_getenv ("MADOGUCHI_WORLD"), json, cms);
  service_set_in_settings (f, "policy", "bundle", cms);
}

void
service_read_policy (Fixture *f, guint version)
{
  gint64 end = g_get_monotonic_time () + PATIENCE_S * G_USEC_PER_SEC;

  g_subprocess_send_signal (f->daemon, SIGHUP);
  while (md_bus_terminal1_get_policy_version (f->desk->proxy) != version)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      g_usleep (20000);
      while (g_main_context_iteration (NULL, FALSE))
        ;
    }
}

/* --- What the log and the queue say --- */

/* Whether the last record of EVENT has this outcome and detail. */
void
service_assert_recorded (Fixture *f, const char *event, const char *outcome, const char *detail)
{
  g_autoptr (Desk) administrator = desk_new (NULL); /* not logged in, so the user id counts */
  g_autoptr (GVariant) rows = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *found = g_strdup ("nothing");

  md_bus_terminal1_call_audit_list_sync (administrator->proxy, 0, 1000, &rows, NULL, &error);
  g_assert_no_error (error);
  for (gsize i = 0; i < g_variant_n_children (rows); i++)
    {
      g_autoptr (GVariant) row = g_variant_get_child_value (rows, i);
      const char *e, *o, *d;

      g_variant_lookup (row, "event", "&s", &e);
      g_variant_lookup (row, "outcome", "&s", &o);
      g_variant_lookup (row, "detail", "&s", &d);
      if (g_str_equal (e, event))
        {
          g_free (found);
          found = g_strdup_printf ("%s %s", o, d);
        }
    }
  {
    g_autofree char *wanted = g_strdup_printf ("%s %s", outcome, detail);

    g_assert_cmpstr (found, ==, wanted);
  }
}

GPtrArray *
service_read_log (Fixture *f)
{
  g_autofree char *database = g_build_filename (f->state, "terminal.db", NULL);
  MdDb *db = md_db_open (database, MD_DB_READ_ONLY, NULL);
  g_autoptr (GError) error = NULL;
  GPtrArray *list = md_audit_list (db, 0, G_MAXINT, &error);

  g_assert_no_error (error);
  md_db_close (db);
  return list;
}

guint
service_count_recorded (Fixture *f, const char *event, const char *outcome, const char *detail)
{
  g_autoptr (GPtrArray) list = service_read_log (f);
  guint count = 0;

  for (guint i = 0; i < list->len; i++)
    {
      const MdAuditRecord *record = g_ptr_array_index (list, i);

      count += g_str_equal (record->event, event)
               && g_str_equal (md_audit_outcome_to_string (record->outcome), outcome)
               && g_str_has_prefix (record->detail, detail);
    }
  return count;
}

guint
service_queue_length (Fixture *f)
{
  g_autoptr (GVariant) rows = NULL;
  g_autoptr (GError) error = NULL;

  md_bus_terminal1_call_queue_list_sync (f->desk->proxy, &rows, NULL, &error);
  g_assert_no_error (error);
  return (guint)g_variant_n_children (rows);
}

void
service_login (Fixture *f, const char *staff)
{
  g_autoptr (GError) error = NULL;

  service_give_password (f, staff);
  desk_login (f->desk, staff, &error);
  g_assert_no_error (error);
}

char *
service_take_in (Fixture *f)
{
  g_autoptr (GError) error = NULL;
  char *intake = desk_take_in (f->desk, "pension.exemption", &error);

  g_assert_no_error (error);
  return intake;
}

/* --- A small disk --- */

#define SMALL (8u << 20)

static char *
small_disk (Fixture *f)
{
  return g_build_filename (f->state, "small", NULL);
}

static char *
filler (Fixture *f)
{
  return g_build_filename (f->state, "small", "filler", NULL);
}

gboolean
service_move_to_small_disk (Fixture *f)
{
  g_autofree char *disk = small_disk (f);
  g_autofree char *password = desk_password (f->desk, "S0001");

  g_assert_cmpint (g_mkdir (disk, 0700), ==, 0);
  if (mount ("tmpfs", disk, "tmpfs", MS_NOSUID | MS_NODEV, "size=8m") != 0)
    {
      g_rmdir (disk);
      g_test_skip ("no right to mount a small disk");
      return FALSE;
    }
  service_stop (f, SIGTERM);
  service_set_in_settings (f, "terminal", "state_dir", disk);
  service_start (f);
  g_assert_true (desk_set_password (f->desk, "S0001", password, NULL));
  return TRUE;
}

void
service_leave_small_disk (Fixture *f)
{
  g_autofree char *disk = small_disk (f);

  service_stop (f, SIGTERM);
  g_assert_cmpint (umount (disk), ==, 0);
  g_assert_cmpint (g_rmdir (disk), ==, 0);
}

void
service_fill_disk (Fixture *f, gsize leave)
{
  g_autofree char *disk = small_disk (f);
  g_autofree char *file = filler (f);
  g_autofree char *junk = g_strnfill (SMALL, 'x');
  struct statvfs st;
  gsize room;

  g_assert_cmpint (statvfs (disk, &st), ==, 0);
  room = (gsize)st.f_bavail * st.f_frsize;
  g_assert_cmpuint (room, >, leave);
  g_assert_true (g_file_set_contents (file, junk, (gssize)(room - leave), NULL));
}

void
service_free_disk (Fixture *f, gsize bytes)
{
  g_autofree char *file = filler (f);
  GStatBuf st;

  g_assert_cmpint (g_stat (file, &st), ==, 0);
  g_assert_cmpint (truncate (file, st.st_size - (off_t)bytes), ==, 0);
}

void
service_make_room (Fixture *f)
{
  g_autofree char *file = filler (f);

  g_assert_cmpint (g_unlink (file), ==, 0);
}

void
service_write_database (const char *path, const char *sql)
{
  g_autoptr (GError) error = NULL;
  MdDb *db = md_db_open (path, MD_DB_READ_WRITE, &error);

  g_assert_no_error (error);
  g_assert_true (md_db_exec (db, sql, &error));
  g_assert_no_error (error);
  md_db_close (db);
}

/* --- With a gateway --- */

GSubprocess *
service_start_gateway (Fixture *f)
{
  g_autofree char *program
      = g_build_filename (g_getenv ("MADOGUCHI_BUILD"), "src/gateway/madoguchi-gateway", NULL);
  g_autofree char *settings = g_build_filename (f->desk->world, "gateway", "gateway.ini", NULL);
  g_autoptr (GError) error = NULL;
  GSubprocess *gateway = g_subprocess_new (G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error, program,
                                           "--config", settings, NULL);

  g_assert_no_error (error);
  return gateway;
}

void
service_stop_gateway (GSubprocess *gateway)
{
  g_subprocess_send_signal (gateway, SIGTERM);
  g_assert_true (g_subprocess_wait (gateway, NULL, NULL));
  g_object_unref (gateway);
}

void
service_await_delivered (Fixture *f)
{
  const gint64 end = g_get_monotonic_time () + PATIENCE_S * G_USEC_PER_SEC;

  while (service_queue_length (f) > 0)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      g_usleep (100000);
    }
}

void
service_become_another (Fixture *f)
{
  static const char *const names[] = { "terminal.db", "terminal.db-wal", "terminal.db-shm" };

  service_stop (f, SIGTERM);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (f->state, names[i], NULL);

      (void)g_unlink (path);
    }
  g_clear_pointer (&f->with_password, g_hash_table_unref);
  service_start (f);
}

int
service_run (void)
{
  g_autoptr (GTestDBus) bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  int status;

  g_test_dbus_up (bus);
  status = g_test_run ();
  g_test_dbus_down (bus);
  return status;
}
