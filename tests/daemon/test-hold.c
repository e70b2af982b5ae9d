// SPDX-License-Identifier: Apache-2.0
/* What stops an intake, and every way around it. Run by with-world, which sets MADOGUCHI_WORLD. */

#include "md-audit.h"
#include "hold-fixture.h"

static void
assert_held (Fixture *f, const Held *held, const MdReleaseFiles *release)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (held_submit (f, held, release, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_HELD);
  service_assert_recorded (f, "submit", "refused", "cause=held");
}

static void
test_released (Fixture *f, gconstpointer data)
{
  g_auto (Held) held = { NULL };
  g_autoptr (MdReleaseFiles) release = NULL;
  g_autoptr (GError) error = NULL;

  service_login (f, "S0001");
  held = held_new (f, NULL);
  service_assert_recorded (f, "hold", "done", "hold=1");
  release = desk_release (f->desk, held.reservation, held.raised, NULL, &error);
  g_assert_no_error (error);
  assert_held (f, &held, NULL);
  assert_held (f, &held, release); /* good, but nobody has given it to the service */
  service_restart (f, SIGKILL);
  service_login (f, "S0001");
  assert_held (f, &held, NULL);
  desk_send_release (f->desk, held.intake, release, &error);
  g_assert_no_error (error);
  service_assert_recorded (f, "release", "done", "hold=1");
  service_restart (f, SIGKILL);
  service_login (f, "S0001");
  desk_send_release (f->desk, held.intake, release, &error); /* the answer was lost */
  g_assert_no_error (error);
  g_assert_cmpuint (service_count_recorded (f, "release", "done", ""), ==, 1);
  /* The manifest has to say who released it. */
  g_assert_false (held_submit (f, &held, NULL, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_CONTAINER_INVALID);
  service_assert_recorded (f, "submit", "refused", "cause=releases");
  g_clear_error (&error);
  held_submit (f, &held, release, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (service_queue_length (f), ==, 1);
  desk_send_release (f->desk, held.intake, release, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (service_count_recorded (f, "release", "done", ""), ==, 1);
}

/* In the log it is the supervisor who released it, and nobody learns there what it was. */
static void
test_the_log (Fixture *f, gconstpointer data)
{
  g_auto (Held) held = { NULL };
  g_autoptr (MdReleaseFiles) release = NULL;
  g_autoptr (GPtrArray) log = NULL;
  guint found = 0;

  service_login (f, "S0001");
  held = held_new (f, NULL);
  release = desk_release (f->desk, held.reservation, held.raised, NULL, NULL);
  g_assert_true (desk_send_release (f->desk, held.intake, release, NULL));
  log = service_read_log (f);
  for (guint i = 0; i < log->len; i++)
    {
      const MdAuditRecord *record = g_ptr_array_index (log, i);

      if (!g_str_equal (record->event, "hold") && !g_str_equal (record->event, "release"))
        continue;
      found++;
      g_assert_cmpstr (record->staff, ==, g_str_equal (record->event, "hold") ? "S0001" : "S0101");
      g_assert_cmpstr (record->object, ==, held.intake);
      g_assert_cmpstr (record->detail, ==, "hold=1");
      g_assert_cmpstr (record->subject, ==, "");
      g_assert_cmpstr (record->reason, ==, "");
    }
  g_assert_cmpuint (found, ==, 2);
}

/* CAUSE: as recorded; NULL where so many are refused that not each has its record. */
static void
refused_release (Fixture *f, const Held *held, const DeskReleaseFlaws *flaws, MdBusError code,
                 const char *cause)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *detail = g_strdup_printf ("cause=%s", cause);
  g_autoptr (MdReleaseFiles) release
      = desk_release (f->desk, held->reservation, held->raised, flaws, &error);

  g_assert_no_error (error);
  g_assert_false (desk_send_release (f->desk, held->intake, release, &error));
  g_assert_error (error, MD_BUS_ERROR, (gint)code);
  if (cause != NULL)
    service_assert_recorded (f, "release", "refused", detail);
}

/* Everybody whom the policy knows, in every role they could claim, with their own card and with
 * another's. */
static void
test_nobody_else_releases (Fixture *f, gconstpointer data)
{
  static const char *const others[] = { "S0002", "S0801", "S0901" };
  static const char *const claimed[] = { "supervisor", "clerk", "admin", "auditor", "nothing" };
  g_auto (Held) held = { NULL };

  service_login (f, "S0001");
  held = held_new (f, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    for (gsize k = 0; k < G_N_ELEMENTS (claimed); k++)
      refused_release (f, &held, &(DeskReleaseFlaws){ .officer = others[i], .role = claimed[k] },
                       MD_BUS_ERROR_NOT_PERMITTED, i + k == 0 ? "not-permitted" : NULL);
  /* The clerk, be it as a supervisor, or with the supervisor's name. */
  for (gsize k = 0; k < G_N_ELEMENTS (claimed); k++)
    refused_release (f, &held, &(DeskReleaseFlaws){ .officer = "S0001", .role = claimed[k] },
                     MD_BUS_ERROR_SAME_OFFICER, k == 0 ? "same-officer" : NULL);
  refused_release (f, &held, &(DeskReleaseFlaws){ .signer = "S0001" }, MD_BUS_ERROR_RELEASE_INVALID,
                   "verification");
  refused_release (f, &held, &(DeskReleaseFlaws){ .signer = "S0801" }, MD_BUS_ERROR_RELEASE_INVALID,
                   "verification");
  /* The supervisor, but in a role that may not. */
  refused_release (f, &held, &(DeskReleaseFlaws){ .role = "checker" }, MD_BUS_ERROR_NOT_PERMITTED,
                   NULL);
  refused_release (f, &held, &(DeskReleaseFlaws){ .role = "admin" }, MD_BUS_ERROR_NOT_PERMITTED,
                   NULL);
  assert_held (f, &held, NULL);
}

static void
test_releases_this_hold_alone (Fixture *f, gconstpointer data)
{
  g_auto (Held) held = { NULL };
  g_autofree char *other = desk_raised ('b');

  service_login (f, "S0001");
  held = held_new (f, NULL);
  refused_release (f, &held,
                   &(DeskReleaseFlaws){ .intake = "01932c5e-7b2a-7c3d-8e4f-0123456789ac" },
                   MD_BUS_ERROR_RELEASE_INVALID, "other-intake");
  refused_release (f, &held, &(DeskReleaseFlaws){ .terminal = "T002" },
                   MD_BUS_ERROR_RELEASE_INVALID, "other-terminal");
  refused_release (f, &held, &(DeskReleaseFlaws){ .raised = other }, MD_BUS_ERROR_RELEASE_INVALID,
                   "other-hold");
  refused_release (f, &held, &(DeskReleaseFlaws){ .hold = 2 }, MD_BUS_ERROR_RELEASE_INVALID,
                   "other-hold");
  refused_release (f, &held, &(DeskReleaseFlaws){ .digest = other }, MD_BUS_ERROR_RELEASE_INVALID,
                   "policy-changed");
  refused_release (f, &held, &(DeskReleaseFlaws){ .later_s = 3600 }, MD_BUS_ERROR_RELEASE_INVALID,
                   "time");
  refused_release (f, &held, &(DeskReleaseFlaws){ .later_s = -3600 }, MD_BUS_ERROR_RELEASE_INVALID,
                   "time");
  assert_held (f, &held, NULL);
}

/* The first intake's release is of no use for the second, nor the first hold's for the next. */
static void
test_no_replay (Fixture *f, gconstpointer data)
{
  g_auto (Held) first = { NULL };
  g_auto (Held) second = { NULL };
  g_autofree char *again = desk_raised ('c');
  g_autoptr (MdReleaseFiles) release = NULL;
  g_autoptr (MdReleaseFiles) another = NULL;
  g_autoptr (GError) error = NULL;

  service_login (f, "S0001");
  first = held_new (f, NULL);
  release = desk_release (f->desk, first.reservation, first.raised, NULL, NULL);
  g_assert_true (desk_send_release (f->desk, first.intake, release, NULL));
  another = desk_release (f->desk, first.reservation, first.raised, NULL, NULL);
  g_assert_false (desk_send_release (f->desk, first.intake, another, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_CONFLICT);
  g_clear_error (&error);
  second = held_new (f, NULL);
  g_assert_false (desk_send_release (f->desk, second.intake, release, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_RELEASE_INVALID);
  g_clear_error (&error);
  assert_held (f, &second, release);
  /* Stopped once more for another reason. */
  g_assert_cmpuint (desk_raise (f->desk, first.intake, again, &error), ==, 2);
  assert_held (f, &first, release);
}

static GBytes *
flipped (GBytes *bytes, gsize at)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  g_autofree guint8 *copy = g_memdup2 (data, size);

  copy[at % size] ^= 1;
  return g_bytes_new (copy, size);
}

static void
test_an_altered_byte_anywhere (Fixture *f, gconstpointer data)
{
  g_auto (Held) held = { NULL };
  g_autoptr (MdReleaseFiles) release = NULL;

  service_login (f, "S0001");
  held = held_new (f, NULL);
  release = desk_release (f->desk, held.reservation, held.raised, NULL, NULL);
  for (gsize i = 0; i < 12; i++)
    {
      g_autoptr (GBytes) json = flipped (release->release, i * 53);
      g_autoptr (GBytes) signature = flipped (release->signature, i * 97 + 3);
      g_autoptr (MdReleaseFiles) one = md_release_files_new (json, release->signature);
      g_autoptr (MdReleaseFiles) two = md_release_files_new (release->release, signature);

      g_assert_false (desk_send_release (f->desk, held.intake, one, NULL));
      g_assert_false (desk_send_release (f->desk, held.intake, two, NULL));
    }
  assert_held (f, &held, NULL);
  g_assert_true (desk_send_release (f->desk, held.intake, release, NULL));
}

/* Nobody logged in, another's session, a locked one, one that is over; another clerk's intake. */
static void
test_whose_session (Fixture *f, gconstpointer data)
{
  g_auto (Held) held = { NULL };
  g_autoptr (MdReleaseFiles) release = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *session = NULL;

  service_login (f, "S0001");
  held = held_new (f, NULL);
  release = desk_release (f->desk, held.reservation, held.raised, NULL, NULL);
  session = g_strdup (f->desk->session);
  g_assert_true (md_bus_terminal1_call_lock_sync (f->desk->proxy, session, "card", NULL, NULL));
  g_assert_false (desk_send_release (f->desk, held.intake, release, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_SESSION_LOCKED);
  g_clear_error (&error);
  service_login (f, "S0001");
  g_assert_true (desk_logout (f->desk, NULL));
  g_assert_false (desk_send_release (f->desk, held.intake, release, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_NOT_LOGGED_IN);
  g_clear_error (&error);
  service_login (f, "S0101"); /* not even the supervisor in a session of their own */
  g_assert_false (desk_send_release (f->desk, held.intake, release, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  g_assert_cmpuint (desk_raise (f->desk, held.intake, held.raised, &error), ==, 0);
  g_assert_nonnull (error);
  g_assert_cmpuint (service_count_recorded (f, "release", "done", ""), ==, 0);
}

static void
test_raise (Fixture *f, gconstpointer data)
{
  g_auto (Held) held = { NULL };
  g_autoptr (GError) error = NULL;
  g_autofree char *upper = desk_raised ('A');
  const char *wrong[] = { "", "abc", "protected-person", upper };

  service_login (f, "S0001");
  held = held_new (f, NULL);
  g_assert_cmpuint (desk_raise (f->desk, held.intake, held.raised, NULL), ==, 1); /* the same */
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_assert_cmpuint (desk_raise (f->desk, held.intake, wrong[i], &error), ==, 0);
      g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_INVALID);
      g_clear_error (&error);
    }
  for (guint i = 2; i <= 5; i++)
    {
      g_autofree char *raised = desk_raised ((char)('0' + i));

      g_assert_cmpuint (desk_raise (f->desk, held.intake, raised, &error), ==, i < 5 ? i : 0);
    }
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_CONFLICT);
  g_clear_error (&error);
  g_assert_cmpuint (
      desk_raise (f->desk, "01932c5e-7b2a-7c3d-8e4f-0123456789ac", held.raised, &error), ==, 0);
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_UNKNOWN_INTAKE);
}

/* The window says that the authority does not know the certificate: nothing without a release, and
 * with one only where the procedure lets the check wait. */
static void
test_unknown_certificate (Fixture *f, gconstpointer data)
{
  g_auto (Held) held = { NULL };
  g_autoptr (GVariant) bare = NULL;
  g_autofree char *intake = NULL;
  g_autofree char *number = NULL;
  g_autoptr (MdReleaseFiles) release = NULL;
  g_autoptr (GPtrArray) releases = g_ptr_array_new ();
  g_autoptr (GBytes) container = NULL;
  DeskFlaws unknown = { .verdict = "revocation-unknown" };
  g_autoptr (GError) error = NULL;

  service_login (f, "S0001");
  bare = desk_reserve (f->desk, "pension.exemption", NULL);
  g_variant_lookup (bare, "intake", "s", &intake);
  container = desk_seal (f->desk, bare, 4096, &unknown, &error);
  g_assert_false (desk_submit (f->desk, intake, container, &number, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_CONTAINER_INVALID);
  service_assert_recorded (f, "submit", "refused", "cause=identification-stopped");
  g_clear_error (&error);
  g_clear_pointer (&container, g_bytes_unref);
  /* A release that nobody gave here does not help. */
  held = held_new (f, NULL);
  release = desk_release (f->desk, held.reservation, held.raised, NULL, NULL);
  g_ptr_array_add (releases, release);
  unknown.releases = releases;
  container = desk_seal (f->desk, held.reservation, 4096, &unknown, &error);
  g_assert_false (desk_submit (f->desk, held.intake, container, &number, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_HELD);
  g_clear_error (&error);
  g_assert_true (desk_send_release (f->desk, held.intake, release, &error));
  g_assert_true (desk_submit (f->desk, held.intake, container, &number, &error));
  g_assert_no_error (error);
}

/* What is with the second officer is not stopped here any more, and what is given up leaves its
 * record. */
static void
test_the_end (Fixture *f, gconstpointer data)
{
  g_auto (Held) held = { NULL };
  g_autofree char *submitted = NULL;
  g_autoptr (MdReleaseFiles) release = NULL;
  g_autoptr (GError) error = NULL;

  service_login (f, "S0001");
  submitted = service_take_in (f);
  held = held_new (f, NULL);
  g_assert_cmpuint (desk_raise (f->desk, submitted, held.raised, &error), ==, 0);
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_WRONG_STATE);
  g_clear_error (&error);
  held_abandon (f, &held);
  service_assert_recorded (f, "abandon", "done", "next-person held=1");
  release = desk_release (f->desk, held.reservation, held.raised, NULL, NULL);
  g_assert_false (desk_send_release (f->desk, held.intake, release, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_WRONG_STATE);
  g_assert_false (held_submit (f, &held, NULL, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, test)                                                                            \
  g_test_add ("/daemon/hold/" path, Fixture, NULL, service_set_up, test, service_tear_down)
  ADD ("released", test_released);
  ADD ("the-log", test_the_log);
  ADD ("nobody-else-releases", test_nobody_else_releases);
  ADD ("releases-this-hold-alone", test_releases_this_hold_alone);
  ADD ("no-replay", test_no_replay);
  ADD ("an-altered-byte-anywhere", test_an_altered_byte_anywhere);
  ADD ("whose-session", test_whose_session);
  ADD ("raise", test_raise);
  ADD ("unknown-certificate", test_unknown_certificate);
  ADD ("the-end", test_the_end);
#undef ADD
  return service_run ();
}
