// SPDX-License-Identifier: Apache-2.0
/* Who releases while the policy changes, and what is held while something ends: an officer who has
 * gone, who lost the role or the card, whose certificate is over, who takes in themself; a window
 * and a service that are killed. Run by with-world, which sets MADOGUCHI_WORLD. */

#include "hold-fixture.h"

#define LIFE_S 3600
#define OFFICER "S0101"

/* --- Cards --- */

static char *
at_pki (const char *name)
{
  return g_build_filename (g_getenv ("MADOGUCHI_WORLD"), "pki", name, NULL);
}

static void
run (const char *const *words)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process = g_subprocess_newv (
      words, G_SUBPROCESS_FLAGS_STDERR_SILENCE | G_SUBPROCESS_FLAGS_STDOUT_SILENCE, &error);

  g_assert_no_error (error);
  g_assert_true (g_subprocess_wait_check (process, NULL, &error));
}

/* Another card of OFFICER by the office's own authority, under the name NAME-sign, for so many days
 * from now; of less than none it is over already. */
static void
issue_card (const char *name, const char *days)
{
  g_autofree char *base = g_strdup_printf ("staff/%s-sign", name);
  g_autofree char *path = at_pki (base);
  g_autofree char *certificate = g_strconcat (path, ".crt", NULL);
  g_autofree char *key = g_strconcat (path, ".key", NULL);
  g_autofree char *request = g_strconcat (path, ".csr", NULL);
  g_autofree char *usage = g_strconcat (path, ".ext", NULL);
  g_autofree char *ca = at_pki ("staff-ca.crt");
  g_autofree char *ca_key = at_pki ("staff-ca.key");
  const char *const ask[]
      = { "openssl",
          "req",
          "-new",
          "-newkey",
          "ec",
          "-pkeyopt",
          "ec_paramgen_curve:P-256",
          "-nodes",
          "-keyout",
          key,
          "-out",
          request,
          "-subj",
          "/C=JP/O=Aozora Ward (demonstration)/OU=Staff/CN=" OFFICER "/serialNumber=" OFFICER,
          NULL };
  const char *const give[]
      = { "openssl", "x509", "-req", "-in",       request,   "-CA",      ca,    "-CAkey", ca_key,
          "-days",   days,   "-out", certificate, "-sha256", "-extfile", usage, NULL };

  g_assert_true (
      g_file_set_contents (usage, "keyUsage=critical,digitalSignature,nonRepudiation\n", -1, NULL));
  run (ask);
  run (give);
}

static char *
card_text (const char *name)
{
  g_autofree char *base = g_strdup_printf ("staff/%s-sign.crt", name);
  g_autofree char *path = at_pki (base);
  g_autoptr (MdCertificate) certificate = md_certificate_new_from_file (path, NULL);
  gsize size;
  const guint8 *der;

  g_assert_nonnull (certificate);
  der = g_bytes_get_data (md_certificate_get_der (certificate), &size);
  return g_base64_encode (der, size);
}

/* --- Policies --- */

/* What the next policy says of an officer. */
typedef struct
{
  const char *officer;
  const char *role;   /* instead of those they had */
  const char *second; /* and this one, or NULL */
  const char *card;   /* the name of another card, or NULL */
  gboolean gone;
} Change;

static void
change_officer (JsonArray *staff, guint index, const Change *change)
{
  JsonObject *object = json_array_get_object_element (staff, index);

  if (change->role != NULL)
    {
      JsonArray *roles = json_array_new ();

      json_array_add_string_element (roles, change->role);
      if (change->second != NULL)
        json_array_add_string_element (roles, change->second);
      json_object_set_array_member (object, "roles", roles);
    }
  if (change->card != NULL)
    {
      g_autofree char *text = card_text (change->card);

      json_object_set_string_member (json_object_get_object_member (object, "certificates"), "sign",
                                     text);
    }
  if (change->gone)
    json_array_remove_element (staff, index);
}

static guint
find_officer (JsonArray *staff, const char *officer)
{
  guint index = 0;

  while (!g_str_equal (
      json_object_get_string_member (json_array_get_object_element (staff, index), "id"), officer))
    index++;
  return index;
}

/* There is another supervisor in each, or nobody could approve. */
static void
put_policy (Fixture *f, guint version, const Change *change)
{
  const Change another = { .officer = "S0002", .role = "clerk", .second = "supervisor" };
  JsonObject *root;
  g_autoptr (JsonParser) parser = service_load_policy (version, LIFE_S, &root);
  JsonArray *staff = json_object_get_array_member (root, "staff");

  change_officer (staff, find_officer (staff, another.officer), &another);
  if (change != NULL)
    change_officer (staff, find_officer (staff, change->officer), change);
  service_put_policy (f, parser);
}

/* The file has its place from the start; from then on reading it again is enough. */
static void
begin_with (Fixture *f, const Change *change)
{
  put_policy (f, 2, change);
  service_restart (f, SIGTERM);
  service_login (f, "S0001");
}

static void
change_to (Fixture *f, guint version, const Change *change)
{
  put_policy (f, version, change);
  service_read_policy (f, version);
}

/* --- Held --- */

static MdReleaseFiles *
release (Fixture *f, const Held *held, const DeskReleaseFlaws *flaws)
{
  g_autoptr (GError) error = NULL;
  MdReleaseFiles *files = desk_release (f->desk, held->reservation, held->raised, flaws, &error);

  g_assert_no_error (error);
  return files;
}

static void
assert_refused (Fixture *f, const Held *held, const MdReleaseFiles *files, MdBusError code,
                const char *cause)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *detail = g_strconcat ("cause=", cause, NULL);

  g_assert_false (desk_send_release (f->desk, held->intake, files, &error));
  g_assert_error (error, MD_BUS_ERROR, (gint)code);
  service_assert_recorded (f, "release", "refused", detail);
}

static void
assert_not_taken (Fixture *f, const Held *held, const MdReleaseFiles *files, MdBusError code)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (held_submit (f, held, files, &error));
  g_assert_error (error, MD_BUS_ERROR, (gint)code);
  g_assert_cmpuint (service_queue_length (f), ==, 0);
}

/* What naming the same person for another intake raises. */
static void
assert_begun_anew (Fixture *f, const char *who, const char *kinds)
{
  const DeskPerson person = { .who = who, .shown = who };
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reservation = desk_reserve_only (f->desk, "pension.exemption", &error);
  g_autofree char *intake = NULL;
  g_autofree char *raised = NULL;

  g_assert_no_error (error);
  g_variant_lookup (reservation, "intake", "s", &intake);
  raised = desk_name (f->desk, intake, &person, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (raised, ==, kinds);
}

/* --- Who releases --- */

static const struct
{
  Change change;
  MdBusError code;
  const char *cause;
} losses[] = {
  { { .officer = OFFICER, .gone = TRUE }, MD_BUS_ERROR_NOT_PERMITTED, "not-permitted" },
  { { .officer = OFFICER, .role = "checker" }, MD_BUS_ERROR_NOT_PERMITTED, "not-permitted" },
  { { .officer = OFFICER, .role = "clerk" }, MD_BUS_ERROR_NOT_PERMITTED, "not-permitted" },
  /* The old card was lost; the new one does not make it good. */
  { { .officer = OFFICER, .card = "renewed" },
    MD_BUS_ERROR_SIGNATURE_INVALID,
    "foreign-signature" },
};

/* An officer who may not any more, under the policy that says so. */
static void
test_lost (Fixture *f, gconstpointer data)
{
  issue_card ("renewed", "30");
  begin_with (f, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (losses); i++)
    {
      g_auto (Held) held = { NULL };
      g_autoptr (MdReleaseFiles) files = NULL;

      g_test_message ("row %u", i);
      change_to (f, 3 + i, &losses[i].change);
      service_login (f, "S0001");
      held = held_new (f, NULL);
      files = release (f, &held, NULL);
      assert_refused (f, &held, files, losses[i].code, losses[i].cause);
      assert_not_taken (f, &held, files, MD_BUS_ERROR_HELD);
      held_abandon (f, &held);
    }
  /* With the card that the policy names. */
  {
    g_auto (Held) held = held_new (f, NULL);
    g_autoptr (MdReleaseFiles) files
        = release (f, &held, &(DeskReleaseFlaws){ .signer = "renewed" });
    g_autoptr (GError) error = NULL;

    desk_send_release (f->desk, held.intake, files, &error);
    g_assert_no_error (error);
  }
}

/* It was signed while they might, and comes when they may not; the intake was begun before, too. */
static void
test_lost_before_it_came (Fixture *f, gconstpointer data)
{
  issue_card ("renewed", "30");
  begin_with (f, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (losses); i++)
    {
      g_auto (Held) held = held_new (f, NULL);
      g_autoptr (MdReleaseFiles) files = release (f, &held, NULL);

      g_test_message ("row %u", i);
      change_to (f, 3 + i, &losses[i].change);
      assert_refused (f, &held, files, losses[i].code, losses[i].cause);
      assert_not_taken (f, &held, files, MD_BUS_ERROR_POLICY_CHANGED);
      held_abandon (f, &held);
      service_login (f, "S0001");
    }
}

/* The same release is answered as before, since it is stored: it changes nothing, and nothing is
 * recorded. Another is refused. */
static void
assert_stored (Fixture *f, const Held *held, const MdReleaseFiles *files)
{
  const guint recorded = service_count_recorded (f, "release", "done", "");
  g_autoptr (MdReleaseFiles) another = release (f, held, NULL);
  g_autoptr (GError) error = NULL;

  desk_send_release (f->desk, held->intake, files, &error);
  g_assert_no_error (error);
  g_assert_false (desk_send_release (f->desk, held->intake, another, &error));
  g_assert_nonnull (error);
  g_assert_cmpuint (service_count_recorded (f, "release", "done", ""), ==, recorded);
}

/* Released, and the officer loses the role before it is handed in: what was sealed under the old
 * rules is not taken, and begun anew the person is stopped again. Not by another card: with that
 * the officer still may. */
static void
test_lost_before_submission (Fixture *f, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (losses) - 1; i++)
    {
      g_auto (Held) held = { NULL };
      g_autoptr (MdReleaseFiles) files = NULL;
      g_autoptr (GError) error = NULL;
      g_autofree char *who = g_strdup_printf ("somebody %u", i);

      g_test_message ("row %u", i);
      if (i == 0)
        begin_with (f, NULL);
      else
        {
          change_to (f, 2 + 2 * i, NULL);
          service_login (f, "S0001");
        }
      held = held_new (f, who);
      files = release (f, &held, NULL);
      desk_send_release (f->desk, held.intake, files, &error);
      g_assert_no_error (error);
      assert_stored (f, &held, files);
      assert_begun_anew (f, who, "");
      change_to (f, 3 + 2 * i, &losses[i].change);
      assert_stored (f, &held, files); /* also where its answer is asked for this late */
      assert_not_taken (f, &held, files, MD_BUS_ERROR_POLICY_CHANGED);
      service_assert_recorded (f, "submit", "refused", "cause=policy-changed");
      service_login (f, "S0001");
      assert_not_taken (f, &held, files, MD_BUS_ERROR_POLICY_CHANGED);
      assert_begun_anew (f, who, "stopped-before");
    }
}

/* The policy still names the card, whose certificate is over. */
static void
test_card_is_over (Fixture *f, gconstpointer data)
{
  const Change over = { .officer = OFFICER, .card = "over" };
  g_auto (Held) held = { NULL };
  g_autoptr (MdReleaseFiles) files = NULL;

  issue_card ("over", "-1");
  begin_with (f, &over);
  held = held_new (f, NULL);
  files = release (f, &held, &(DeskReleaseFlaws){ .signer = "over" });
  assert_refused (f, &held, files, MD_BUS_ERROR_SIGNATURE_INVALID, "verification");
  assert_not_taken (f, &held, files, MD_BUS_ERROR_HELD);
}

/* The clerk is a supervisor, too, and has two cards: of another officer's intakes they may release
 * each, of their own none. */
static void
test_supervisor_at_the_window (Fixture *f, gconstpointer data)
{
  static const char *const roles[] = { "supervisor", "clerk-number" };
  const Change both = { .officer = "S0001", .role = "clerk-number", .second = "supervisor" };
  const Change too = { .officer = OFFICER, .role = "supervisor", .second = "clerk-number" };
  g_auto (Held) held = { NULL };
  g_autoptr (GError) error = NULL;

  begin_with (f, &both);
  held = held_new (f, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (roles); i++)
    {
      g_autoptr (MdReleaseFiles) files
          = release (f, &held, &(DeskReleaseFlaws){ .officer = "S0001", .role = roles[i] });

      assert_refused (f, &held, files, MD_BUS_ERROR_SAME_OFFICER, "same-officer");
    }
  assert_not_taken (f, &held, NULL, MD_BUS_ERROR_HELD);
  held_abandon (f, &held);
  held_clear (&held);
  /* The supervisor takes in: their own card releases nothing here, under whatever name. */
  change_to (f, 3, &too);
  service_login (f, OFFICER);
  held = held_new (f, NULL);
  {
    g_autoptr (MdReleaseFiles) own = release (f, &held, NULL);
    g_autoptr (MdReleaseFiles) other
        = release (f, &held, &(DeskReleaseFlaws){ .officer = "S0001", .signer = OFFICER });

    assert_refused (f, &held, own, MD_BUS_ERROR_SAME_OFFICER, "same-officer");
    assert_refused (f, &held, other, MD_BUS_ERROR_RELEASE_INVALID, "verification");
  }
  assert_not_taken (f, &held, NULL, MD_BUS_ERROR_HELD);
}

/* --- What ends --- */

/* The window is gone without a word: its intake ends with it, and the person stays stopped for the
 * next window. */
static void
test_window_killed (Fixture *f, gconstpointer data)
{
  g_auto (Held) held = { NULL };
  g_autoptr (MdReleaseFiles) files = NULL;
  gint64 end = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;

  service_login (f, "S0001");
  held = held_new (f, "somebody");
  files = release (f, &held, NULL);
  g_clear_pointer (&f->desk, desk_free);
  f->desk = desk_new (NULL);
  g_assert_nonnull (f->desk);
  while (service_count_recorded (f, "abandon", "done", "cause=vanished held=1") == 0)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      g_usleep (20000);
    }
  service_login (f, "S0001");
  assert_refused (f, &held, files, MD_BUS_ERROR_WRONG_STATE, "not-released");
  assert_not_taken (f, &held, files, MD_BUS_ERROR_HELD);
  assert_begun_anew (f, "somebody", "stopped-before");
}

/* Killed while it is told of another hold, before it has read that or somewhere in it: what was
 * held before is held afterwards. */
static void
test_service_killed (Fixture *f, gconstpointer data)
{
  const guint step_us = 700; /* a call takes a few of them */

  for (guint i = 0; i < 6; i++)
    {
      g_auto (Held) held = { NULL };
      g_autoptr (MdReleaseFiles) files = NULL;
      g_autofree char *again = desk_raised ((char)('0' + i));

      service_login (f, "S0001");
      held = held_new (f, NULL);
      files = release (f, &held, NULL);
      g_subprocess_send_signal (f->daemon, SIGSTOP);
      g_dbus_connection_call (f->desk->connection, MD_BUS_NAME, MD_BUS_PATH, MD_BUS_NAME,
                              "RaiseHold",
                              g_variant_new ("(sss)", f->desk->session, held.intake, again), NULL,
                              G_DBUS_CALL_FLAGS_NONE, G_MAXINT, NULL, NULL, NULL);
      g_dbus_connection_flush_sync (f->desk->connection, NULL, NULL);
      if (i % 2 == 1)
        {
          g_subprocess_send_signal (f->daemon, SIGCONT);
          g_usleep (i * step_us);
        }
      service_restart (f, SIGKILL);
      service_login (f, "S0001");
      assert_not_taken (f, &held, files, MD_BUS_ERROR_HELD);
      held_abandon (f, &held);
    }
}

/* Stopped and woken, as by a machine that slept: processes see no more of that. Who asks meanwhile
 * is told that the service is away. */
static void
test_asleep (Fixture *f, gconstpointer data)
{
  const int nap_ms = 1200; /* a timer of one second runs out in it */
  g_auto (Held) held = { NULL };
  g_autoptr (MdReleaseFiles) files = NULL;
  g_autoptr (GError) error = NULL;

  service_login (f, "S0001");
  held = held_new (f, NULL);
  g_subprocess_send_signal (f->daemon, SIGSTOP);
  g_dbus_proxy_set_default_timeout (G_DBUS_PROXY (f->desk->proxy), nap_ms);
  g_assert_cmpuint (desk_raise (f->desk, held.intake, held.raised, &error), ==, 0);
  g_assert_true (md_bus_error_is_absent (error));
  g_clear_error (&error);
  g_dbus_proxy_set_default_timeout (G_DBUS_PROXY (f->desk->proxy), -1);
  g_subprocess_send_signal (f->daemon, SIGCONT);
  assert_not_taken (f, &held, NULL, MD_BUS_ERROR_HELD);
  files = release (f, &held, NULL);
  desk_send_release (f->desk, held.intake, files, &error);
  g_assert_no_error (error);
  held_submit (f, &held, files, &error);
  g_assert_no_error (error);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, test)                                                                            \
  g_test_add ("/daemon/hold-officers/" path, Fixture, NULL, service_set_up, test, service_tear_down)
  ADD ("lost", test_lost);
  ADD ("lost-before-it-came", test_lost_before_it_came);
  ADD ("lost-before-submission", test_lost_before_submission);
  ADD ("card-is-over", test_card_is_over);
  ADD ("supervisor-at-the-window", test_supervisor_at_the_window);
  ADD ("window-killed", test_window_killed);
  ADD ("service-killed", test_service_killed);
  ADD ("asleep", test_asleep);
#undef ADD
  return service_run ();
}
