// SPDX-License-Identifier: Apache-2.0
/* Events, a changed log, bad policies, a damaged database. Run by with-world, which sets
 * MADOGUCHI_WORLD. */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../await.h"
#include "md-db.h"
#include "service-fixture.h"

static void
test_events (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  service_login (f, "S0001");
  md_bus_terminal1_call_record_event_sync (
      f->desk->proxy, f->desk->session,
      g_variant_new_parsed ("{'event': <'identification'>, 'outcome': <'refused'>,"
                            " 'detail': <'verdict=expired'>, 'subject': <b'0123456789'>}"),
      NULL, &error);
  g_assert_no_error (error);
  service_assert_recorded (f, "identification", "refused", "verdict=expired");
  g_assert_false (md_bus_terminal1_call_record_event_sync (
      f->desk->proxy, f->desk->session,
      g_variant_new_parsed ("{'event': <'reference'>, 'detail': <'number=123456789018'>}"), NULL,
      &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_false (md_bus_terminal1_call_record_event_sync (
      f->desk->proxy, f->desk->session, g_variant_new_parsed ("{'event': <'submit'>}"), NULL,
      &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_INVALID);
}

/* What is asked for in vain leaves a trace too; what was typed wrongly is not in it. */
static void
test_refusals_are_recorded (Fixture *f, gconstpointer data)
{
  const char *strange = "0192a000-0000-7000-8000-000000000000";
  g_autoptr (GVariant) reservation = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *intake = NULL;

  service_login (f, "S0001");
  g_assert_false (md_bus_terminal1_call_get_intake_sync (f->desk->proxy, f->desk->session, strange,
                                                         NULL, NULL, NULL, NULL, NULL, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_UNKNOWN_INTAKE);
  service_assert_recorded (f, "reference", "refused", "cause=unknown-intake");
  g_clear_error (&error);
  reservation = desk_reserve (f->desk, "pension.exemption", NULL);
  g_variant_lookup (reservation, "intake", "s", &intake);
  g_assert_false (md_bus_terminal1_call_abandon_intake_sync (
      f->desk->proxy, f->desk->session, intake, "born 19800101", NULL, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_INVALID);
  service_assert_recorded (f, "abandon", "refused", "cause=not-abandoned");
}

static void
test_sees_a_changed_log (Fixture *f, gconstpointer data)
{
  g_autofree char *database = g_build_filename (f->state, "terminal.db", NULL);
  g_autoptr (GVariant) result = NULL;
  MdDb *db;
  const char *verdict;
  guint64 first_bad;

  service_login (f, "S0001");
  service_stop (f, SIGTERM);
  db = md_db_open (database, MD_DB_READ_WRITE, NULL);
  g_assert_true (md_db_exec (db,
                             "DROP TRIGGER audit_no_update; UPDATE audit SET staff_id = 'S9'"
                             " WHERE seq = 2",
                             NULL));
  md_db_close (db);
  service_start (f);
  g_assert_true (md_bus_terminal1_call_audit_verify_sync (f->desk->proxy, &result, NULL, NULL));
  g_variant_lookup (result, "verdict", "&s", &verdict);
  g_variant_lookup (result, "first_bad", "t", &first_bad);
  g_assert_cmpstr (verdict, ==, "broken");
  g_assert_cmpuint (first_bad, ==, 2);
}

static void
test_bad_policies (Fixture *f, gconstpointer data)
{
  static const struct
  {
    const char *bundle;
    const char *recorded;
  } bad[] = {
    { "policy-expired.cms", "cause=expired" },    { "policy-production.cms", "cause=foreign" },
    { "policy-foreign.cms", "cause=foreign" },    { "policy-one.cms", "cause=signature" },
    { "policy-stranger.cms", "cause=signature" }, { "policy.json", "cause=unreadable" },
    { "missing.cms", "cause=unavailable" }
  };

  service_login (f, "S0001");
  g_free (service_take_in (f));
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *bundle = g_build_filename (f->desk->world, "policy", bad[i].bundle, NULL);

      service_set_in_settings (f, "policy", "bundle", bundle);
      service_restart (f, SIGTERM);
      /* Told, recorded; the last good policy stays at work and the queue is unharmed. */
      g_assert_cmpstr (md_bus_terminal1_get_trouble (f->desk->proxy), !=, "");
      g_assert_cmpuint (md_bus_terminal1_get_policy_version (f->desk->proxy), ==, 1);
      g_assert_cmpuint (service_queue_length (f), ==, 1);
      service_assert_recorded (f, "policy", "refused", bad[i].recorded);
      service_login (f, "S0001");
    }
}

static void
test_newer_policy_and_no_way_back (Fixture *f, gconstpointer data)
{
  g_autofree char *newer = g_build_filename (f->desk->world, "policy", "policy-v2.cms", NULL);
  g_autofree char *older = g_build_filename (f->desk->world, "policy", "policy.cms", NULL);

  service_set_in_settings (f, "policy", "bundle", newer);
  service_restart (f, SIGTERM);
  g_assert_cmpuint (md_bus_terminal1_get_policy_version (f->desk->proxy), ==, 2);
  g_assert_cmpstr (md_bus_terminal1_get_trouble (f->desk->proxy), ==, "");
  service_set_in_settings (f, "policy", "bundle", older);
  service_restart (f, SIGTERM);
  g_assert_cmpuint (md_bus_terminal1_get_policy_version (f->desk->proxy), ==, 2);
  g_assert_cmpstr (md_bus_terminal1_get_trouble (f->desk->proxy), !=, "");
  service_assert_recorded (f, "policy", "refused", "cause=older");
}

/* Somebody else's certificate answers where the gateway should: said, recorded, nothing is sent,
 * and the queue is unharmed. */
static void
test_wrong_peer (Fixture *f, gconstpointer data)
{
  g_autofree char *pki = g_build_filename (f->desk->world, "pki", NULL);
  g_autofree char *foreign = g_build_filename (pki, "foreign-ca.crt", NULL);
  g_autofree char *certificate = g_build_filename (pki, "gateway.crt", NULL);
  g_autofree char *key = g_build_filename (pki, "gateway.key", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) peer = g_subprocess_new (
      G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error, "openssl",
      "s_server", "-quiet", "-accept", "8443", "-cert", certificate, "-key", key, "-tls1_3", NULL);
  gboolean seen = FALSE;

  g_assert_no_error (error);
  service_login (f, "S0001");
  g_free (service_take_in (f));
  service_set_in_settings (f, "line", "ca", foreign);
  service_restart (f, SIGTERM);
  for (guint i = 0; i < 1800 && !seen; i++)
    {
      g_autoptr (GVariant) status = NULL;
      const char *state = "";

      g_usleep (50000);
      g_assert_true (md_bus_terminal1_call_line_status_sync (f->desk->proxy, &status, NULL, NULL));
      g_variant_lookup (status, "state", "&s", &state);
      seen = g_str_equal (state, "attention");
      if (seen)
        g_assert_true (g_variant_lookup (status, "reason", "&s", &state)
                       && g_str_equal (state, "not-our-gateway"));
    }
  g_assert_true (seen);
  service_assert_recorded (f, "line", "refused", "cause=not-our-gateway");
  g_assert_cmpuint (service_queue_length (f), ==, 1);
  g_subprocess_force_exit (peer);
}

static void
test_damaged_database (Fixture *f, gconstpointer data)
{
  g_autofree char *database = g_build_filename (f->state, "terminal.db", NULL);
  g_autofree char *junk = g_strnfill (8192, 'x');
  g_autoptr (GError) error = NULL;

  service_stop (f, SIGTERM);
  g_assert_true (g_file_set_contents (database, junk, -1, NULL));
  service_start (f);
  g_assert_cmpstr (md_bus_terminal1_get_trouble (f->desk->proxy), !=, "");
  g_assert_false (desk_login (f->desk, "S0001", &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_DATABASE);
}

static void
set_outbox_version (const char *database, const char *change)
{
  g_autoptr (MdDb) db = md_db_open (database, MD_DB_READ_WRITE, NULL);

  g_assert_true (md_db_exec (db, change, NULL));
}

/* Of a newer release nothing is read or written; the release it belongs to finds all of it. */
static void
test_newer_schema (Fixture *f, gconstpointer data)
{
  g_autofree char *database = g_build_filename (f->state, "terminal.db", NULL);
  g_autoptr (GError) error = NULL;

  service_login (f, "S0001");
  g_free (service_take_in (f));
  service_stop (f, SIGTERM);
  set_outbox_version (database, "UPDATE schema_version SET version = version + 900"
                                " WHERE component = 'outbox'");
  service_start (f);
  g_assert_nonnull (
      strstr (md_bus_terminal1_get_trouble (f->desk->proxy), "written by a newer release"));
  g_assert_false (desk_login (f->desk, "S0001", &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_DATABASE);
  service_stop (f, SIGTERM);
  set_outbox_version (database, "UPDATE schema_version SET version = version - 900"
                                " WHERE component = 'outbox'");
  service_start (f);
  service_login (f, "S0001");
  g_assert_cmpuint (service_queue_length (f), ==, 1);
}

/* A page that nobody reads at the start goes bad, and nothing else tells of it. */
static void
rot (const char *path)
{
  MdDb *db = md_db_open (path, MD_DB_READ_ONLY, NULL);
  struct stat before;
  struct timespec times[2];
  gint64 page = 0, size = 0;
  int fd = -1;

  g_assert_true (
      md_db_get_int (db, "SELECT rootpage FROM sqlite_schema WHERE name = 'letter_elsewhere'",
                     &page, NULL)
      && md_db_get_int (db, "PRAGMA page_size", &size, NULL));
  md_db_close (db);
  g_assert_cmpint (stat (path, &before), ==, 0);
  fd = open (path, O_WRONLY | O_CLOEXEC);
  g_assert_cmpint (pwrite (fd, "rotten", 6, (off_t)((page - 1) * size)), ==, 6);
  times[0] = before.st_atim;
  times[1] = before.st_mtim;
  g_assert_cmpint (futimens (fd, times), ==, 0);
  close (fd);
}

/* After a good end all pages are read beside the work, and after a bad one before it: either way
 * what is damaged is found, told in words, and nothing is taken in any more. */
static void
test_rotten_page (Fixture *f, gconstpointer data)
{
  g_autofree char *database = g_build_filename (f->state, "terminal.db", NULL);
  g_autofree char *mark = g_build_filename (f->state, "closed", NULL);
  const char *trouble = "";
  g_autoptr (GError) error = NULL;

  g_assert_false (g_file_test (mark, G_FILE_TEST_EXISTS));
  service_login (f, "S0001");
  g_free (service_take_in (f));
  service_stop (f, SIGTERM);
  g_assert_true (g_file_test (mark, G_FILE_TEST_EXISTS));
  rot (database);
  service_start (f);
  g_assert_false (g_file_test (mark, G_FILE_TEST_EXISTS));
  for (guint i = 0; i < 1800 && *trouble == '\0'; i++)
    {
      g_usleep (50000);
      while (g_main_context_iteration (NULL, FALSE))
        ;
      trouble = md_bus_terminal1_get_trouble (f->desk->proxy);
    }
  g_assert_nonnull (strstr (trouble, "database"));
  g_assert_false (desk_login (f->desk, "S0001", &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_DATABASE);
  service_stop (f, SIGTERM);
  g_assert_false (g_file_test (mark, G_FILE_TEST_EXISTS));
  service_start (f);
  g_assert_cmpstr (md_bus_terminal1_get_trouble (f->desk->proxy), !=, "");
}

/* Killed, it leaves no mark; ended well, it does, and all that was taken in is there. */
static void
test_mark_of_a_good_end (Fixture *f, gconstpointer data)
{
  g_autofree char *mark = g_build_filename (f->state, "closed", NULL);

  service_login (f, "S0001");
  g_free (service_take_in (f));
  service_stop (f, SIGKILL);
  g_assert_false (g_file_test (mark, G_FILE_TEST_EXISTS));
  service_start (f);
  service_stop (f, SIGTERM);
  g_assert_true (g_file_test (mark, G_FILE_TEST_EXISTS));
  service_start (f);
  service_login (f, "S0001");
  g_assert_cmpuint (service_queue_length (f), ==, 1);
}

/* The second says whose process has it. */
static void
test_two_services (Fixture *f, gconstpointer data)
{
  g_autofree char *program
      = g_build_filename (g_getenv ("MADOGUCHI_BUILD"), "src/daemon/madoguchid", NULL);
  g_autofree char *said = NULL;
  g_autofree char *holder = g_strdup_printf ("(process %s) works with %s already",
                                             g_subprocess_get_identifier (f->daemon), f->state);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) second
      = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_PIPE,
                          &error, program, "--config", f->settings, "--session", NULL);

  g_assert_no_error (error);
  g_assert_true (g_subprocess_communicate_utf8 (second, NULL, NULL, NULL, &said, &error));
  g_assert_no_error (error);
  g_assert_cmpint (g_subprocess_get_exit_status (second), !=, 0);
  if (strstr (said, holder) == NULL)
    g_error ("%s, not: %s", holder, said);
  service_login (f, "S0001");
  g_assert_cmpuint (service_queue_length (f), ==, 0);
}

static void
test_disk_full (Fixture *f, gconstpointer data)
{
  g_autoptr (GVariant) reservation = NULL;
  g_autoptr (GVariant) verdict = NULL;
  g_autoptr (GBytes) container = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *intake = NULL;
  g_autofree char *number = NULL;
  const char *word;

  if (!service_move_to_small_disk (f))
    return;
  service_login (f, "S0001");
  g_free (service_take_in (f));
  reservation = desk_reserve (f->desk, "pension.exemption", NULL);
  container = desk_seal (f->desk, reservation, 1u << 20, NULL, NULL);
  g_variant_lookup (reservation, "intake", "s", &intake);
  service_fill_disk (f, 256 * 1024);

  /* Said clearly, nothing half stored, the queue unharmed. */
  g_assert_false (desk_submit (f->desk, intake, container, &number, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_DISK_FULL);
  g_assert_cmpuint (service_queue_length (f), ==, 1);
  /* Somebody made room: the same container goes in, and nothing has to be restarted. */
  g_clear_error (&error);
  service_make_room (f);
  desk_submit (f->desk, intake, container, &number, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (service_queue_length (f), ==, 2);
  g_assert_true (desk_logout (f->desk, NULL));
  g_assert_true (md_bus_terminal1_call_audit_verify_sync (f->desk->proxy, &verdict, NULL, NULL));
  g_variant_lookup (verdict, "verdict", "&s", &word);
  g_assert_cmpstr (word, ==, "intact");
  service_leave_small_disk (f);
}

/* --- A disk that is nearly full --- */

static gboolean
lies_there (Fixture *f, const char *name)
{
  g_autofree char *path = g_build_filename (f->state, "small", name, NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static void
assert_nothing_begins (Fixture *f)
{
  g_autoptr (GVariant) reservation = NULL;
  g_autoptr (GError) error = NULL;

  reservation = desk_reserve_only (f->desk, "pension.exemption", &error);
  g_assert_null (reservation);
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_DISK_FULL);
  g_assert_nonnull (strstr (error->message, "another terminal"));
}

static void
assert_room (Fixture *f, const char *word)
{
  g_autoptr (GVariant) health = NULL;
  g_autoptr (GError) error = NULL;
  const char *room = NULL;

  g_assert_true (md_bus_terminal1_call_health_sync (f->desk->proxy, &health, NULL, &error));
  g_assert_true (g_variant_lookup (health, "room", "&s", &room));
  g_assert_cmpstr (room, ==, word);
}

/* Before the last byte nothing new is begun; what was taken in arrives and is erased, though others
 * fill the disk; and then all goes on by itself. */
static void
test_disk_nearly_full (Fixture *f, gconstpointer data)
{
  g_autofree char *first = NULL;
  g_autoptr (GVariant) begun = NULL;
  g_autoptr (GVariant) reservation = NULL;
  g_autoptr (GBytes) container = NULL;
  g_autofree char *intake = NULL;
  g_autofree char *number = NULL;
  g_autoptr (GError) error = NULL;
  GSubprocess *gateway = NULL;

  if (!service_move_to_small_disk (f))
    return;
  service_login (f, "S0001");
  assert_room (f, "ok");
  g_assert_true (lies_there (f, "reserve"));
  first = service_take_in (f);
  begun = desk_reserve (f->desk, "pension.exemption", NULL);
  container = desk_seal (f->desk, begun, 64u << 10, NULL, NULL);
  g_variant_lookup (begun, "intake", "s", &intake);

  service_fill_disk (f, 600 * 1024);
  assert_nothing_begins (f);
  assert_room (f, "none");
  service_assert_recorded (f, "reserve", "refused", "cause=disk-nearly-full");
  await (strstr (md_bus_terminal1_get_attention (f->desk->proxy), "nearly full") != NULL);
  g_assert_true (lies_there (f, "reserve"));
  service_free_disk (f, 800 * 1024); /* a little more is no room yet */
  assert_nothing_begins (f);
  assert_room (f, "none");
  /* what was begun is ended as ever, and approved */
  desk_submit (f->desk, intake, container, &number, &error);
  g_assert_no_error (error);
  service_login (f, "S0101");
  desk_decide (f->desk, first, MD_DECISION_APPROVE, &error);
  g_assert_no_error (error);
  service_login (f, "S0001");

  service_make_room (f);
  service_fill_disk (f, 16 * 1024);
  assert_nothing_begins (f);
  g_assert_false (lies_there (f, "reserve"));
  gateway = service_start_gateway (f);
  service_await_delivered (f);
  service_stop_gateway (gateway);
  service_assert_recorded (f, "erase", "done", "count=1 by=policy version=1");
  assert_nothing_begins (f);

  service_make_room (f);
  reservation = desk_reserve (f->desk, "pension.exemption", &error);
  g_assert_no_error (error);
  g_assert_true (lies_there (f, "reserve"));
  assert_room (f, "ok");
  service_leave_small_disk (f);
}

/* A backup takes nothing of what is kept for applications: it is not begun, and that is said. */
static void
test_backup_without_room (Fixture *f, gconstpointer data)
{
  g_autofree char *vault
      = g_build_filename (g_getenv ("MADOGUCHI_WORLD"), "pki", "vault.crt", NULL);
  g_autoptr (GVariant) made = NULL;
  g_autoptr (GError) error = NULL;

  if (!service_move_to_small_disk (f))
    return;
  service_fill_disk (f, 1400 * 1024); /* more than the database, less than that and what is kept */
  service_stop (f, SIGTERM);
  service_set_in_settings (f, "backup", "certificate", vault);
  service_start (f);
  g_assert_false (md_bus_terminal1_call_create_backup_sync (f->desk->proxy, &made, NULL, &error));
  g_assert_nonnull (strstr (error->message, "no room for a backup"));
  service_assert_recorded (f, "backup", "failed", "cause=disk-full");
  assert_room (f, "little");
  g_clear_error (&error);
  service_make_room (f);
  g_assert_true (md_bus_terminal1_call_create_backup_sync (f->desk->proxy, &made, NULL, &error));
  g_assert_no_error (error);
  service_leave_small_disk (f);
}

#define ADD(name, function)                                                                        \
  g_test_add ("/daemon/trouble/" name, Fixture, NULL, service_set_up, function, service_tear_down)
#define ADD_BROKEN(name, function)                                                                 \
  g_test_add ("/daemon/trouble/" name, Fixture, "broken", service_set_up, function,                \
              service_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("events", test_events);
  ADD ("refusals-are-recorded", test_refusals_are_recorded);
  ADD_BROKEN ("sees-a-changed-log", test_sees_a_changed_log);
  ADD ("bad-policies", test_bad_policies);
  ADD ("newer-policy-and-no-way-back", test_newer_policy_and_no_way_back);
  ADD ("wrong-peer", test_wrong_peer);
  ADD_BROKEN ("damaged-database", test_damaged_database);
  ADD ("newer-schema", test_newer_schema);
  ADD_BROKEN ("rotten-page", test_rotten_page);
  ADD ("mark-of-a-good-end", test_mark_of_a_good_end);
  ADD ("two-services", test_two_services);
  ADD ("disk-full", test_disk_full);
  ADD ("disk-nearly-full", test_disk_nearly_full);
  ADD ("backup-without-room", test_backup_without_room);
  return service_run ();
}
