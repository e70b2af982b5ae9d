// SPDX-License-Identifier: Apache-2.0
/* Suspended intakes at the service: sealed to their clerk alone or not stored, seen by nobody else,
 * and gone with the intake, by hand or after their time. */
#include <string.h>

#include "md-db.h"
#include "service-fixture.h"

#define MARKER "draft-of-S0001"

static GBytes *
seal_to (Fixture *f, const char *const *whom, const char *text)
{
  g_autoptr (GPtrArray) list
      = g_ptr_array_new_with_free_func ((GDestroyNotify)md_certificate_unref);
  g_autoptr (GError) error = NULL;
  GBytes *sealed;

  for (guint i = 0; whom[i] != NULL; i++)
    g_ptr_array_add (list,
                     md_certificate_new_from_der (
                         md_policy_get_staff (f->desk->policy, whom[i])->key_agreement, NULL));
  sealed = md_cms_seal ((const guint8 *)text, strlen (text), list, &error);
  g_assert_no_error (error);
  return sealed;
}

static GBytes *
seal (Fixture *f)
{
  return seal_to (f, (const char *const[]){ "S0001", NULL }, MARKER);
}

static char *
reserve (Fixture *f)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reservation = desk_reserve_only (f->desk, "pension.exemption", &error);
  char *intake = NULL;

  g_assert_no_error (error);
  g_assert_true (g_variant_lookup (reservation, "intake", "s", &intake));
  return intake;
}

static gboolean
keep (Fixture *f, const char *intake, GBytes *body, GError **error)
{
  g_autoptr (GUnixFDList) fds = g_unix_fd_list_new ();
  GVariant *handle = md_bus_payload_append (fds, body, error);

  return md_bus_terminal1_call_keep_draft_sync (f->desk->proxy, f->desk->session, intake, handle,
                                                fds, NULL, NULL, error);
}

static char *
suspend (Fixture *f, const char *intake, GBytes *body, GError **error)
{
  g_autoptr (GUnixFDList) fds = g_unix_fd_list_new ();
  GVariant *handle = md_bus_payload_append (fds, body, error);
  g_autofree char *until = NULL;
  char *id = NULL;

  if (!md_bus_terminal1_call_suspend_intake_sync (f->desk->proxy, f->desk->session, intake, handle,
                                                  fds, &id, &until, NULL, NULL, error))
    return NULL;
  g_assert_cmpuint (strlen (until), >, 0);
  return id;
}

static char *
suspend_new (Fixture *f)
{
  g_autofree char *intake = reserve (f);
  g_autoptr (GBytes) body = seal (f);
  g_autoptr (GError) error = NULL;
  char *draft = suspend (f, intake, body, &error);

  g_assert_no_error (error);
  return draft;
}

static GVariant *
list (Fixture *f)
{
  g_autoptr (GError) error = NULL;
  GVariant *drafts = NULL;

  md_bus_terminal1_call_list_drafts_sync (f->desk->proxy, f->desk->session, &drafts, NULL, &error);
  g_assert_no_error (error);
  return drafts;
}

static gsize
count (Fixture *f)
{
  g_autoptr (GVariant) drafts = list (f);

  return g_variant_n_children (drafts);
}

static gboolean
get (Fixture *f, const char *draft, GError **error)
{
  g_autoptr (GUnixFDList) fds = NULL;
  g_autoptr (GVariant) handle = NULL, info = NULL;

  return md_bus_terminal1_call_get_draft_sync (f->desk->proxy, f->desk->session, draft, NULL,
                                               &handle, &info, &fds, NULL, error);
}

/* The only one that waits is this. */
static void
assert_opens_to (Fixture *f, GBytes *body)
{
  g_autoptr (GVariant) drafts = list (f), first = NULL, handle = NULL, info = NULL;
  g_autoptr (GUnixFDList) fds = NULL;
  g_autoptr (GBytes) stored = NULL;
  g_autoptr (GError) error = NULL;
  const char *draft = NULL;

  g_assert_cmpuint (g_variant_n_children (drafts), ==, 1);
  first = g_variant_get_child_value (drafts, 0);
  g_assert_true (g_variant_lookup (first, "draft", "&s", &draft));
  md_bus_terminal1_call_get_draft_sync (f->desk->proxy, f->desk->session, draft, NULL, &handle,
                                        &info, &fds, NULL, &error);
  g_assert_no_error (error);
  stored = md_bus_payload_get (fds, handle, MD_LIMIT_CMS, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (stored, body));
}

static char *
resume (Fixture *f, const char *draft, GError **error)
{
  g_autoptr (GVariant) reservation = NULL;
  char *intake = NULL;

  if (!md_bus_terminal1_call_resume_intake_sync (f->desk->proxy, f->desk->session, draft,
                                                 &reservation, NULL, error))
    return NULL;
  g_assert_true (g_variant_lookup (reservation, "intake", "s", &intake));
  return intake;
}

static gboolean
erase (Fixture *f, const char *draft, GError **error)
{
  return md_bus_terminal1_call_erase_draft_sync (f->desk->proxy, f->desk->session, draft, NULL,
                                                 error);
}

/* kill -9 of the window, and S0001 logs in at another one. */
static void
vanish (Fixture *f)
{
  const gint64 end = g_get_monotonic_time () + 90 * G_USEC_PER_SEC;
  gboolean in = FALSE;

  desk_free (f->desk);
  f->desk = desk_new (NULL);
  while (!in && g_get_monotonic_time () < end) /* until the bus has told the service */
    {
      in = desk_login (f->desk, "S0001", NULL);
      if (!in)
        g_usleep (20 * 1000);
    }
  g_assert_true (in);
}

/* Only what the clerk's own card opens is stored. */
static void
test_sealed_to_clerk (Fixture *f, gconstpointer data)
{
  g_autofree char *intake = NULL;
  g_autoptr (GBytes) plain = g_bytes_new_static (MARKER, sizeof MARKER), other = NULL, both = NULL;
  g_autoptr (GBytes) own = NULL;
  GBytes *bad[3];

  service_login (f, "S0001");
  intake = reserve (f);
  other = seal_to (f, (const char *const[]){ "S0002", NULL }, MARKER);
  both = seal_to (f, (const char *const[]){ "S0001", "S0101", NULL }, MARKER);
  bad[0] = plain, bad[1] = other, bad[2] = both;
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (suspend (f, intake, bad[i], &error));
      g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_CONTAINER_INVALID);
      g_clear_error (&error);
      g_assert_false (keep (f, intake, bad[i], &error));
      g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_CONTAINER_INVALID);
    }
  service_assert_recorded (f, "suspend", "refused", "cause=not-sealed");
  g_assert_cmpuint (count (f), ==, 0);
  own = seal (f);
  g_assert_true (keep (f, intake, own, NULL));
  g_assert_cmpuint (count (f), ==, 0); /* it is worked on */
}

/* Another clerk has nothing to do with it; a supervisor may erase it, and that is in the log. */
static void
test_others (Fixture *f, gconstpointer data)
{
  g_autofree char *draft = NULL;
  g_autoptr (GError) error = NULL;

  service_login (f, "S0001");
  draft = suspend_new (f);
  service_assert_recorded (f, "suspend", "done", "");
  g_assert_cmpuint (count (f), ==, 1);
  g_assert_true (desk_logout (f->desk, NULL));

  service_login (f, "S0002");
  g_assert_cmpuint (count (f), ==, 0);
  g_assert_false (get (f, draft, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_NOT_PERMITTED);
  g_clear_error (&error);
  g_assert_null (resume (f, draft, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_NOT_PERMITTED);
  g_clear_error (&error);
  g_assert_false (erase (f, draft, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_NOT_PERMITTED);
  g_clear_error (&error);
  g_assert_true (desk_logout (f->desk, NULL));

  service_login (f, "S0101");
  g_assert_cmpuint (count (f), ==, 1);
  g_assert_false (get (f, draft, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_NOT_PERMITTED);
  g_clear_error (&error);
  g_assert_true (erase (f, draft, &error));
  g_assert_no_error (error);
  service_assert_recorded (f, "erase-draft", "done", "by=supervisor");
  g_assert_false (erase (f, draft, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_UNKNOWN_INTAKE);
  g_assert_cmpuint (count (f), ==, 0);
}

/* R-SESS-03: resumed under another number; the window is gone, and it waits again; given up, it is
 * gone. */
static void
test_resume (Fixture *f, gconstpointer data)
{
  g_autofree char *draft = NULL, *intake = NULL, *again = NULL;
  g_autoptr (GError) error = NULL;

  service_login (f, "S0001");
  draft = suspend_new (f);
  g_assert_true (get (f, draft, &error));
  g_assert_no_error (error);
  intake = resume (f, draft, &error);
  g_assert_no_error (error);
  service_assert_recorded (f, "resume", "done", "");
  g_assert_cmpuint (count (f), ==, 0);
  g_assert_null (resume (f, draft, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_WRONG_STATE);
  g_clear_error (&error);

  vanish (f);
  g_assert_cmpuint (count (f), ==, 1);
  again = resume (f, draft, &error);
  g_assert_no_error (error);
  g_assert_true (md_bus_terminal1_call_abandon_intake_sync (f->desk->proxy, f->desk->session, again,
                                                            "next-person", NULL, &error));
  g_assert_false (get (f, draft, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_UNKNOWN_INTAKE);
}

/* What was kept without suspending waits after the window was killed, and after the service was. */
static void
test_kept_through_crash (Fixture *f, gconstpointer data)
{
  g_autofree char *intake = NULL;
  g_autoptr (GBytes) body = NULL;
  g_autoptr (GVariant) drafts = NULL, first = NULL;
  const char *procedure = NULL, *clerk = NULL;

  service_login (f, "S0001");
  intake = reserve (f);
  body = seal (f);
  g_assert_true (keep (f, intake, body, NULL));
  vanish (f);
  service_restart (f, SIGKILL);
  service_login (f, "S0001");
  drafts = list (f);
  g_assert_cmpuint (g_variant_n_children (drafts), ==, 1);
  first = g_variant_get_child_value (drafts, 0);
  g_assert_true (g_variant_lookup (first, "procedure", "&s", &procedure));
  g_assert_true (g_variant_lookup (first, "clerk", "&s", &clerk));
  g_assert_cmpstr (procedure, ==, "pension.exemption");
  g_assert_cmpstr (clerk, ==, "S0001");
}

/* Said clearly, the intake stays open, what was kept before stays whole; with room again it goes
 * on. */
static void
test_disk_full (Fixture *f, gconstpointer data)
{
  g_autofree char *large = g_strnfill (1u << 20, 'x');
  g_autofree char *intake = NULL;
  g_autoptr (GBytes) small = NULL, body = NULL;
  g_autoptr (GError) error = NULL;

  if (!service_move_to_small_disk (f))
    return;
  service_login (f, "S0001");
  intake = reserve (f);
  small = seal (f);
  body = seal_to (f, (const char *const[]){ "S0001", NULL }, large);
  g_assert_true (keep (f, intake, small, NULL));
  service_fill_disk (f, 256 * 1024);
  g_assert_false (keep (f, intake, body, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_DISK_FULL);
  g_clear_error (&error);
  g_assert_null (suspend (f, intake, body, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_DISK_FULL);
  g_clear_error (&error);
  service_make_room (f);
  vanish (f);
  assert_opens_to (f, small);
  service_leave_small_disk (f);
}

/* Another program holds the database for longer than the service waits. */
static void
test_locked (Fixture *f, gconstpointer data)
{
  g_autofree char *path = g_build_filename (f->state, "terminal.db", NULL);
  g_autofree char *intake = NULL, *draft = NULL;
  g_autoptr (GBytes) body = NULL;
  g_autoptr (GError) error = NULL;
  MdDb *db;

  service_login (f, "S0001");
  intake = reserve (f);
  body = seal (f);
  db = md_db_open (path, MD_DB_READ_WRITE, NULL);
  g_assert_true (md_db_exec (db, "BEGIN IMMEDIATE", NULL));
  g_assert_null (suspend (f, intake, body, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_DATABASE);
  g_clear_error (&error);
  g_assert_true (md_db_exec (db, "ROLLBACK", NULL));
  md_db_close (db);
  draft = suspend (f, intake, body, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (count (f), ==, 1);
}

static void
test_none_kept (Fixture *f, gconstpointer data)
{
  JsonObject *root = NULL;
  g_autoptr (JsonParser) parser = service_load_policy (7, 3600, &root);
  g_autofree char *intake = NULL;
  g_autoptr (GBytes) body = NULL;
  g_autoptr (GError) error = NULL;

  json_object_set_int_member (json_object_get_object_member (root, "limits"), "draft_hours", 0);
  service_put_policy (f, parser);
  service_restart (f, SIGTERM);
  service_login (f, "S0001");
  intake = reserve (f);
  body = seal (f);
  g_assert_null (suspend (f, intake, body, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_NOT_PERMITTED);
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *path;
    void (*func) (Fixture *, gconstpointer);
  } tests[] = { { "/daemon/draft/sealed-to-clerk", test_sealed_to_clerk },
                { "/daemon/draft/others", test_others },
                { "/daemon/draft/resume", test_resume },
                { "/daemon/draft/kept-through-crash", test_kept_through_crash },
                { "/daemon/draft/disk-full", test_disk_full },
                { "/daemon/draft/locked", test_locked },
                { "/daemon/draft/none-kept", test_none_kept } };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, service_set_up, tests[i].func, service_tear_down);
  return service_run ();
}
