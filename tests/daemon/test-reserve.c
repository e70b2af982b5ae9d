// SPDX-License-Identifier: Apache-2.0
/* Every receipt number that was given is accounted for: submitted, or abandoned with a record. Run
 * by with-world. */
#include "md-db.h"
#include "service-fixture.h"

/* A reservation as it stands on a window's screen, and the container that window could hand in. */
typedef struct
{
  char *intake;
  GBytes *container;
} Begun;

static Begun
begin (Desk *desk)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reservation = desk_reserve (desk, "pension.exemption", &error);
  Begun begun;

  g_assert_no_error (error);
  g_variant_lookup (reservation, "intake", "s", &begun.intake);
  begun.container = desk_seal (desk, reservation, 4096, NULL, &error);
  g_assert_no_error (error);
  return begun;
}

static void
begun_clear (Begun *begun)
{
  g_free (begun->intake);
  g_bytes_unref (begun->container);
}

static void
assert_submits (Fixture *f, const Begun *begun, gboolean wanted)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *number = NULL;

  if (desk_submit (f->desk, begun->intake, begun->container, &number, &error))
    g_assert_true (wanted);
  else if (wanted)
    g_assert_no_error (error);
  else
    g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_WRONG_STATE);
}

/* Killed between the number and the submission. */
static void
test_window_vanishes (Fixture *f, gconstpointer data)
{
  gint64 end = g_get_monotonic_time () + 90 * G_USEC_PER_SEC;
  Desk *gone = desk_new (NULL);
  gboolean in = FALSE;
  Begun begun;

  g_assert_true (desk_login (gone, "S0001", NULL));
  begun = begin (gone);
  desk_free (gone);
  while (!in && g_get_monotonic_time () < end)
    in = desk_login (f->desk, "S0001", NULL);
  g_assert_true (in);
  service_assert_recorded (f, "abandon", "done", "cause=vanished");
  assert_submits (f, &begun, FALSE);
  begun_clear (&begun);
}

static GBytes *
seal_draft (Desk *desk)
{
  const MdPolicyStaff *staff = md_policy_get_staff (desk->policy, "S0001");
  g_autoptr (GPtrArray) whom
      = g_ptr_array_new_with_free_func ((GDestroyNotify)md_certificate_unref);
  g_autoptr (GError) error = NULL;
  GBytes *sealed;

  g_ptr_array_add (whom, md_certificate_new_from_der (staff->key_agreement, NULL));
  sealed = md_cms_seal ((const guint8 *)"draft", 5, whom, &error);
  g_assert_no_error (error);
  return sealed;
}

static void
keep_draft (Desk *desk, const char *intake)
{
  g_autoptr (GUnixFDList) fds = g_unix_fd_list_new ();
  g_autoptr (GBytes) sealed = seal_draft (desk);
  g_autoptr (GError) error = NULL;
  GVariant *handle = md_bus_payload_append (fds, sealed, &error);

  (void)md_bus_terminal1_call_keep_draft_sync (desk->proxy, desk->session, intake, handle, fds,
                                               NULL, NULL, &error);
  g_assert_no_error (error);
}

/* The one draft that waits; NULL: none does. */
static char *
find_draft (Fixture *f)
{
  g_autoptr (GVariant) drafts = NULL;
  g_autoptr (GVariant) first = NULL;
  char *id = NULL;

  g_assert_true (md_bus_terminal1_call_list_drafts_sync (f->desk->proxy, f->desk->session, &drafts,
                                                         NULL, NULL));
  if (g_variant_n_children (drafts) == 0)
    return NULL;
  g_assert_cmpuint (g_variant_n_children (drafts), ==, 1);
  first = g_variant_get_child_value (drafts, 0);
  g_assert_true (g_variant_lookup (first, "draft", "s", &id));
  return id;
}

/* Window and service are killed, and the machine runs on: what was typed waits for its clerk at
 * once. */
static void
test_both_killed (Fixture *f, gconstpointer data)
{
  Desk *gone = desk_new (NULL);
  g_autofree char *draft = NULL;
  Begun begun;

  g_assert_true (desk_login (gone, "S0001", NULL));
  begun = begin (gone);
  keep_draft (gone, begun.intake);
  service_stop (f, SIGKILL);
  desk_free (gone);
  service_start (f);
  service_login (f, "S0001");
  draft = find_draft (f);
  g_assert_nonnull (draft);
  service_assert_recorded (f, "abandon", "done", "cause=vanished");
  assert_submits (f, &begun, FALSE);
  begun_clear (&begun);
}

/* Only the service was killed: the window goes on with it, and nobody else does; once the window is
 * gone, though nobody has logged in since, it waits. */
static void
test_window_outlives (Fixture *f, gconstpointer data)
{
  gint64 end = g_get_monotonic_time () + 90 * G_USEC_PER_SEC;
  Desk *lives = desk_new (NULL);
  g_autofree char *draft = NULL;
  Begun begun;

  g_assert_true (desk_login (lives, "S0001", NULL));
  begun = begin (lives);
  keep_draft (lives, begun.intake);
  service_restart (f, SIGKILL);
  service_login (f, "S0001");
  draft = find_draft (f);
  g_assert_null (draft);
  desk_free (lives);
  while (draft == NULL && g_get_monotonic_time () < end)
    {
      g_usleep (100000);
      draft = find_draft (f);
    }
  g_assert_nonnull (draft);
  begun_clear (&begun);
}

/* The window gives up what another officer had begun; so does the service. */
static void
test_other_officer (Fixture *f, gconstpointer data)
{
  Begun begun;

  service_login (f, "S0001");
  begun = begin (f->desk);
  g_assert_true (
      md_bus_terminal1_call_lock_sync (f->desk->proxy, f->desk->session, "card", NULL, NULL));
  service_login (f, "S0101");
  service_assert_recorded (f, "abandon", "done", "cause=other-officer");
  g_assert_true (desk_logout (f->desk, NULL));
  service_login (f, "S0001");
  assert_submits (f, &begun, FALSE);
  begun_clear (&begun);
}

/* What the same officer goes on with is not touched: after a lock, after a death of the service. */
static void
test_same_officer (Fixture *f, gconstpointer data)
{
  Begun begun;

  service_login (f, "S0001");
  begun = begin (f->desk);
  g_assert_true (
      md_bus_terminal1_call_lock_sync (f->desk->proxy, f->desk->session, "card", NULL, NULL));
  service_login (f, "S0001");
  service_restart (f, SIGKILL);
  service_login (f, "S0001");
  assert_submits (f, &begun, TRUE);
  begun_clear (&begun);
}

/* No window lives as long as that. */
static void
test_machine_restarted (Fixture *f, gconstpointer data)
{
  g_autofree char *database = g_build_filename (f->state, "terminal.db", NULL);
  g_autoptr (MdDb) db = NULL;
  Begun begun;

  service_login (f, "S0001");
  begun = begin (f->desk);
  service_stop (f, SIGKILL);
  db = md_db_open (database, MD_DB_READ_WRITE, NULL);
  g_assert_true (md_db_exec (db, "UPDATE intake SET boot_id = 'yesterday'", NULL));
  g_clear_pointer (&db, md_db_close);
  service_start (f);
  service_login (f, "S0001");
  service_assert_recorded (f, "abandon", "done", "cause=restart");
  begun_clear (&begun);
}

#define ADD(name, function)                                                                        \
  g_test_add ("/daemon/reserve/" name, Fixture, NULL, service_set_up, function, service_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("window-vanishes", test_window_vanishes);
  ADD ("both-killed", test_both_killed);
  ADD ("window-outlives", test_window_outlives);
  ADD ("other-officer", test_other_officer);
  ADD ("same-officer", test_same_officer);
  ADD ("machine-restarted", test_machine_restarted);
  return service_run ();
}
