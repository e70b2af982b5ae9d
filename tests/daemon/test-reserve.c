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
  ADD ("other-officer", test_other_officer);
  ADD ("same-officer", test_same_officer);
  ADD ("machine-restarted", test_machine_restarted);
  return service_run ();
}
