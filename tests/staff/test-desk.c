// SPDX-License-Identifier: Apache-2.0
/* Logins and sessions with the invented ward's policy and keys, on a clock that the test moves. Run
 * by with-world. */
#include <string.h>
#include <sqlite3.h>
#include <glib/gstdio.h>

#include "md-staff.h"

#define OWNER ":1.7"
#define OTHER ":1.8"
#define SECOND G_GINT64_CONSTANT (1000000)

typedef struct
{
  char *dir;
  char *path;
  MdTestClock *clock;
  MdDb *db;
  MdAudit *audit;
  MdPolicy *policy;
  MdStaffDesk *desk;
  GString *ended; /* reasons, in order */
} Fixture;

static const char password[] = "correct horse";

static char *
in_world (const char *folder, const char *name)
{
  return g_build_filename (g_getenv ("MADOGUCHI_WORLD"), folder, name, NULL);
}

static void
ended_cb (const MdStaffSession *session, const char *reason, gpointer user_data)
{
  Fixture *f = user_data;

  g_string_append_printf (f->ended, "%s ", reason);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autofree char *bundle = in_world ("policy", "policy.cms");
  g_autofree char *anchor = in_world ("pki", "policy-root.crt");
  g_autoptr (MdSecret) secret = md_secret_new_from_text (password);
  MdPolicyExpect expect = { 0 };
  g_autoptr (GError) error = NULL;

  f->dir = g_dir_make_tmp ("md-staff-XXXXXX", NULL);
  f->path = g_build_filename (f->dir, "terminal.db", NULL);
  f->clock = md_test_clock_new (g_get_real_time ());
  f->db = md_db_open (f->path, MD_DB_READ_WRITE, NULL);
  g_assert_true (md_audit_migrate (f->db, NULL) && md_staff_migrate (f->db, NULL));
  f->audit = md_audit_new (f->db, "139998", "T001", MD_CLOCK (f->clock));
  f->policy = md_policy_load (bundle, anchor, &expect, &error);
  g_assert_no_error (error);
  f->desk = md_staff_desk_new (f->db, f->audit, MD_CLOCK (f->clock));
  f->ended = g_string_new ("");
  md_staff_desk_set_ended (f->desk, ended_cb, f);
  md_staff_desk_set_policy (f->desk, f->policy, TRUE);
  g_assert_true (md_staff_desk_set_password (f->desk, "S0001", secret, "test", NULL));
  g_assert_true (md_staff_desk_set_password (f->desk, "S0101", secret, "test", NULL));
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  const char *suffixes[] = { "", "-wal", "-shm" };
  MdAuditReport report;

  g_assert_true (md_audit_verify (f->db, &report, NULL));
  g_assert_cmpint (report.verdict, ==, MD_AUDIT_INTACT);
  md_staff_desk_free (f->desk);
  md_audit_free (f->audit);
  md_db_close (f->db);
  g_object_unref (f->policy);
  g_object_unref (f->clock);
  g_string_free (f->ended, TRUE);
  for (gsize i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *file = g_strconcat (f->path, suffixes[i], NULL);

      g_unlink (file);
    }
  g_assert_cmpint (g_rmdir (f->dir), ==, 0);
  g_free (f->path);
  g_free (f->dir);
}

static char *
begin (Fixture *f, const char *owner, const char *staff, GBytes **out_challenge, GError **error)
{
  g_autofree char *name = g_strconcat (staff, "-auth.crt", NULL);
  g_autofree char *path = in_world ("pki/staff", name);
  g_autoptr (MdCertificate) certificate = md_certificate_new_from_file (path, NULL);
  char *login = NULL;

  return md_staff_desk_begin (f->desk, owner, md_certificate_get_der (certificate), &login,
                              out_challenge, error)
             ? login
             : NULL;
}

static GBytes *
answer (const char *staff, GBytes *challenge)
{
  g_autofree char *name = g_strconcat (staff, "-auth.key", NULL);
  g_autofree char *path = in_world ("pki/staff", name);
  g_autoptr (MdKey) key = md_key_new_from_file (path, NULL, NULL);
  g_autofree char *hex = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, challenge);
  g_autoptr (GBytes) digest = md_hex_decode (hex, NULL);

  return md_key_sign_digest (key, g_bytes_get_data (digest, NULL), NULL);
}

/* The whole login; MATCHES stands for the password. */
static const MdStaffSession *
login (Fixture *f, const char *owner, const char *staff, gboolean matches, GError **error)
{
  g_autoptr (GBytes) challenge = NULL;
  g_autoptr (GBytes) signature = NULL;
  g_autofree char *id = begin (f, owner, staff, &challenge, error);
  g_autoptr (MdStaffCheck) check = NULL;

  if (id == NULL)
    return NULL;
  signature = answer (staff, challenge);
  check = md_staff_desk_check_card (f->desk, owner, id, signature, error);
  return check != NULL ? md_staff_desk_conclude (f->desk, owner, check->staff, matches, error)
                       : NULL;
}

static void
advance_s (Fixture *f, gint64 seconds)
{
  md_test_clock_advance_us (f->clock, seconds * SECOND);
}

static void
test_login (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  const MdStaffSession *session = login (f, OWNER, "S0001", TRUE, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (session->staff, ==, "S0001");
  g_assert_cmpuint (strlen (session->id), ==, 32);
  g_assert_null (md_staff_desk_get_last_login (f->desk));
  g_assert_nonnull (md_staff_desk_use (f->desk, OWNER, session->id, NULL));
  g_assert_null (md_staff_desk_use (f->desk, OTHER, session->id, &error));
  g_assert_error (error, MD_STAFF_ERROR, MD_STAFF_ERROR_NO_SESSION);
}

static void
test_lockout_ends (Fixture *f, gconstpointer data)
{
  for (guint i = 0; i < MD_STAFF_MAX_FAILURES; i++)
    g_assert_null (login (f, OWNER, "S0001", FALSE, NULL));
  {
    g_autoptr (GError) error = NULL;

    advance_s (f, MD_STAFF_LOCKOUT_S - 1);
    g_assert_null (login (f, OWNER, "S0001", TRUE, &error));
    g_assert_error (error, MD_STAFF_ERROR, MD_STAFF_ERROR_LOCKED_OUT);
  }
  advance_s (f, 1);
  g_assert_nonnull (login (f, OWNER, "S0001", TRUE, NULL));
}

/* A clock set back does not lock for years. */
static void
test_lockout_and_clock (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < MD_STAFF_MAX_FAILURES; i++)
    g_assert_null (login (f, OWNER, "S0001", FALSE, NULL));
  md_test_clock_set_wall_us (f->clock, md_clock_get_wall_us (MD_CLOCK (f->clock)) - 3600 * SECOND);
  g_assert_null (md_staff_desk_conclude (f->desk, OWNER, "S0001", TRUE, &error));
  g_assert_error (error, MD_STAFF_ERROR, MD_STAFF_ERROR_LOCKED_OUT);
  g_assert_nonnull (strstr (error->message, "15"));
}

static void
test_success_clears_failures (Fixture *f, gconstpointer data)
{
  for (guint i = 0; i < MD_STAFF_MAX_FAILURES - 1; i++)
    g_assert_null (login (f, OWNER, "S0001", FALSE, NULL));
  g_assert_nonnull (login (f, OWNER, "S0001", TRUE, NULL));
  g_assert_cmpuint (md_staff_desk_get_failed_since (f->desk), ==, MD_STAFF_MAX_FAILURES - 1);
  g_assert_null (login (f, OWNER, "S0001", FALSE, NULL));
  g_assert_nonnull (login (f, OWNER, "S0001", TRUE, NULL));
  g_assert_nonnull (md_staff_desk_get_last_login (f->desk));
}

/* Tries that are computed side by side do not get past the count. */
static void
test_tries_at_the_same_time (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < MD_STAFF_MAX_FAILURES; i++)
    g_assert_null (md_staff_desk_conclude (f->desk, OWNER, "S0001", FALSE, NULL));
  g_assert_null (md_staff_desk_conclude (f->desk, OWNER, "S0001", TRUE, &error));
  g_assert_error (error, MD_STAFF_ERROR, MD_STAFF_ERROR_LOCKED_OUT);
}

static void
test_challenge_is_good_once (Fixture *f, gconstpointer data)
{
  g_autoptr (GBytes) challenge = NULL;
  g_autofree char *id = begin (f, OWNER, "S0001", &challenge, NULL);
  g_autoptr (GBytes) signature = answer ("S0001", challenge);
  g_autoptr (MdStaffCheck) first = md_staff_desk_check_card (f->desk, OWNER, id, signature, NULL);
  g_autoptr (MdStaffCheck) second = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (first);
  second = md_staff_desk_check_card (f->desk, OWNER, id, signature, &error);
  g_assert_null (second);
  g_assert_error (error, MD_STAFF_ERROR, MD_STAFF_ERROR_LOGIN_UNKNOWN);
}

static void
test_challenge_grows_old (Fixture *f, gconstpointer data)
{
  g_autoptr (GBytes) challenge = NULL;
  g_autofree char *id = begin (f, OWNER, "S0001", &challenge, NULL);
  g_autoptr (GBytes) signature = answer ("S0001", challenge);
  g_autoptr (GError) error = NULL;

  advance_s (f, 121);
  g_assert_null (md_staff_desk_check_card (f->desk, OWNER, id, signature, &error));
  g_assert_error (error, MD_STAFF_ERROR, MD_STAFF_ERROR_LOGIN_UNKNOWN);
}

static void
test_challenge_of_another_caller (Fixture *f, gconstpointer data)
{
  g_autoptr (GBytes) challenge = NULL;
  g_autofree char *id = begin (f, OWNER, "S0001", &challenge, NULL);
  g_autoptr (GBytes) signature = answer ("S0001", challenge);

  g_assert_null (md_staff_desk_check_card (f->desk, OTHER, id, signature, NULL));
}

static void
test_answer_to_another_challenge (Fixture *f, gconstpointer data)
{
  g_autoptr (GBytes) old = NULL;
  g_autoptr (GBytes) challenge = NULL;
  g_autofree char *first = begin (f, OWNER, "S0001", &old, NULL);
  g_autofree char *id = begin (f, OWNER, "S0001", &challenge, NULL);
  g_autoptr (GBytes) signature = answer ("S0001", old);
  g_autoptr (GError) error = NULL;

  g_assert_false (g_bytes_equal (old, challenge));
  g_assert_null (md_staff_desk_check_card (f->desk, OWNER, id, signature, &error));
  g_assert_error (error, MD_STAFF_ERROR, MD_STAFF_ERROR_CARD_MISMATCH);
}

static void
test_password_unset (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (login (f, OWNER, "S0002", TRUE, &error));
  g_assert_error (error, MD_STAFF_ERROR, MD_STAFF_ERROR_PASSWORD_UNSET);
}

static void
test_no_policy (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  md_staff_desk_set_policy (f->desk, NULL, FALSE);
  g_assert_null (login (f, OWNER, "S0001", TRUE, &error));
  g_assert_error (error, MD_STAFF_ERROR, MD_STAFF_ERROR_NO_POLICY);
}

static void
test_expired_card (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  advance_s (f, G_GINT64_CONSTANT (20) * 365 * 86400);
  g_assert_null (login (f, OWNER, "S0001", TRUE, &error));
  g_assert_error (error, MD_STAFF_ERROR, MD_STAFF_ERROR_CARD_UNKNOWN);
}

static void
test_idle_and_too_long (Fixture *f, gconstpointer data)
{
  const MdPolicyLimits *limits = md_policy_get_limits (f->policy);
  g_autofree char *first = g_strdup (login (f, OWNER, "S0001", TRUE, NULL)->id);
  g_autofree char *second = NULL;

  for (guint i = 0; i < 3; i++)
    {
      advance_s (f, 2 * (gint64)limits->idle_lock_s);
      md_staff_desk_expire (f->desk);
      g_assert_nonnull (md_staff_desk_use (f->desk, OWNER, first, NULL));
    }
  advance_s (f, 2 * (gint64)limits->idle_lock_s + 1);
  md_staff_desk_expire (f->desk);
  g_assert_cmpstr (f->ended->str, ==, "idle ");
  second = g_strdup (login (f, OWNER, "S0001", TRUE, NULL)->id);
  for (gint64 s = 0; s <= limits->max_hours * 3600; s += limits->idle_lock_s)
    {
      advance_s (f, limits->idle_lock_s);
      md_staff_desk_expire (f->desk);
      if (md_staff_desk_use (f->desk, OWNER, second, NULL) == NULL)
        break;
    }
  g_assert_cmpstr (f->ended->str, ==, "idle expired ");
}

static void
test_lock (Fixture *f, gconstpointer data)
{
  const MdStaffSession *session = login (f, OWNER, "S0001", TRUE, NULL);
  g_autofree char *id = g_strdup (session->id);
  g_autoptr (GError) error = NULL;

  g_assert_true (md_staff_desk_lock (f->desk, OWNER, id, "card-removed", NULL));
  g_assert_null (md_staff_desk_use (f->desk, OWNER, id, &error));
  g_assert_error (error, MD_STAFF_ERROR, MD_STAFF_ERROR_SESSION_LOCKED);
  g_assert_null (md_staff_desk_peek (f->desk, OWNER));
  session = login (f, OWNER, "S0001", TRUE, NULL);
  g_assert_cmpstr (session->id, ==, id);
  g_assert_cmpstr (f->ended->str, ==, "");
  g_assert_true (md_staff_desk_lock (f->desk, OWNER, id, "away", NULL));
  session = login (f, OTHER, "S0101", TRUE, NULL);
  g_assert_cmpstr (session->id, !=, id);
  g_assert_cmpstr (f->ended->str, ==, "replaced ");
}

static void
test_busy_and_vanished (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (login (f, OWNER, "S0001", TRUE, NULL));
  g_assert_null (login (f, OTHER, "S0101", TRUE, &error));
  g_assert_error (error, MD_STAFF_ERROR, MD_STAFF_ERROR_BUSY);
  md_staff_desk_owner_vanished (f->desk, OWNER);
  g_assert_cmpstr (f->ended->str, ==, "vanished ");
  g_assert_nonnull (login (f, OTHER, "S0101", TRUE, NULL));
}

/* A window that was killed while its password was being checked leaves no session behind that would
 * shut the next one out. */
static void
test_vanished_during_the_check (Fixture *f, gconstpointer data)
{
  g_autoptr (GBytes) challenge = NULL;
  g_autofree char *id = begin (f, OWNER, "S0001", &challenge, NULL);
  g_autoptr (GBytes) signature = answer ("S0001", challenge);
  g_autoptr (MdStaffCheck) check = md_staff_desk_check_card (f->desk, OWNER, id, signature, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (check);
  md_staff_desk_owner_vanished (f->desk, OWNER);
  g_assert_null (md_staff_desk_conclude (f->desk, OWNER, check->staff, TRUE, &error));
  g_assert_error (error, MD_STAFF_ERROR, MD_STAFF_ERROR_LOGIN_UNKNOWN);
  g_assert_nonnull (login (f, OTHER, "S0001", TRUE, NULL));
  g_assert_cmpstr (f->ended->str, ==, "");
}

static int
fail_all_writes (const char *sql, gpointer user_data)
{
  return g_str_has_prefix (sql, "BEGIN") ? SQLITE_FULL : 0;
}

/* What cannot be written down does not happen. */
static void
test_no_record_no_login (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  md_db_set_fault (f->db, fail_all_writes, NULL);
  g_assert_null (login (f, OWNER, "S0001", TRUE, &error));
  g_assert_error (error, MD_DB_ERROR, MD_DB_ERROR_FULL);
  md_db_set_fault (f->db, NULL, NULL);
  g_assert_null (md_staff_desk_peek (f->desk, OWNER));
}

#define ADD(name, function)                                                                        \
  g_test_add ("/staff/desk/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("login", test_login);
  ADD ("lockout-ends", test_lockout_ends);
  ADD ("lockout-and-clock", test_lockout_and_clock);
  ADD ("success-clears-failures", test_success_clears_failures);
  ADD ("tries-at-the-same-time", test_tries_at_the_same_time);
  ADD ("challenge-is-good-once", test_challenge_is_good_once);
  ADD ("challenge-grows-old", test_challenge_grows_old);
  ADD ("challenge-of-another-caller", test_challenge_of_another_caller);
  ADD ("answer-to-another-challenge", test_answer_to_another_challenge);
  ADD ("password-unset", test_password_unset);
  ADD ("no-policy", test_no_policy);
  ADD ("expired-card", test_expired_card);
  ADD ("idle-and-too-long", test_idle_and_too_long);
  ADD ("lock", test_lock);
  ADD ("busy-and-vanished", test_busy_and_vanished);
  ADD ("vanished-during-the-check", test_vanished_during_the_check);
  ADD ("no-record-no-login", test_no_record_no_login);
  return g_test_run ();
}
