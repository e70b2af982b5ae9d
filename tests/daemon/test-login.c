// SPDX-License-Identifier: Apache-2.0
/* Who may log in, and what each failure leaves behind. Run by with-world, which sets
 * MADOGUCHI_WORLD. */
#include "service-fixture.h"

static void
test_login (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  service_login (f, "S0001");
  service_assert_recorded (f, "login", "done", "kind=login");
  g_assert_true (desk_logout (f->desk, &error));
  service_assert_recorded (f, "logout", "done", "cause=logout");
  g_assert_null (desk_reserve (f->desk, "pension.exemption", &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_NOT_LOGGED_IN);
}

static void
test_wrong_password (Fixture *f, gconstpointer data)
{
  g_autofree char *right = desk_password (f->desk, "S0001");

  for (guint i = 1; i <= 5; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *detail = g_strdup_printf ("cause=password try=%u", i);
      gint code = i < 5 ? MD_BUS_ERROR_PASSWORD_WRONG : MD_BUS_ERROR_LOCKED_OUT;

      g_assert_false (desk_login_as (f->desk, "S0001", "S0001", "not this one", &error));
      g_assert_error (error, MD_BUS_ERROR, code);
      service_assert_recorded (f, "login", "refused", detail);
    }
  {
    g_autoptr (GError) error = NULL;

    /* Locked, and a restart does not unlock. */
    service_restart (f, SIGTERM);
    g_assert_false (desk_login_as (f->desk, "S0001", "S0001", right, &error));
    g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_LOCKED_OUT);
    service_assert_recorded (f, "login", "refused", "cause=locked-out");
  }
  service_login (f, "S0101"); /* others can work */
}

static void
test_administrator_unlocks (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 5; i++)
    g_assert_false (desk_login_as (f->desk, "S0001", "S0001", "not this one", NULL));
  desk_set_password (f->desk, "S0001", "a new pass phrase", &error);
  g_assert_no_error (error);
  desk_login_as (f->desk, "S0001", "S0001", "a new pass phrase", &error);
  g_assert_no_error (error);
}

static void
test_wrong_card (Fixture *f, gconstpointer data)
{
  g_autofree char *password = desk_password (f->desk, "S0001");
  g_autoptr (GError) error = NULL;

  /* S0001's certificate, another card's key. */
  g_assert_false (desk_login_as (f->desk, "S0001", "S0101", password, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_CARD_MISMATCH);
  service_assert_recorded (f, "login", "refused", "cause=card-answer");
}

static void
test_card_of_a_and_password_of_b (Fixture *f, gconstpointer data)
{
  g_autofree char *password = desk_password (f->desk, "S0101");
  g_autoptr (GError) error = NULL;

  service_give_password (f, "S0101");
  g_assert_false (desk_login_as (f->desk, "S0001", "S0001", password, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_PASSWORD_WRONG);
}

static void
test_unknown_card (Fixture *f, gconstpointer data)
{
  g_autofree char *path = g_build_filename (f->desk->world, "pki", "terminal.crt", NULL);
  g_autoptr (MdCertificate) certificate = md_certificate_new_from_file (path, NULL);
  g_autoptr (GVariant) challenge = NULL;
  g_autofree char *id = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_false (md_bus_terminal1_call_begin_login_sync (
      f->desk->proxy,
      g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, md_certificate_get_der (certificate),
                                TRUE),
      &id, &challenge, NULL, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_CARD_UNKNOWN);
  service_assert_recorded (f, "login", "refused", "cause=unknown-card");
}

static void
test_weak_password (Fixture *f, gconstpointer data)
{
  const char *weak[] = { "short", "aaaaaaaaaa", "12345678", "hgfedcba", "" };

  for (gsize i = 0; i < G_N_ELEMENTS (weak); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (desk_set_password (f->desk, "S0001", weak[i], &error));
      g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_PASSWORD_WEAK);
    }
}

static void
test_one_officer_at_a_time (Fixture *f, gconstpointer data)
{
  g_autoptr (Desk) other = desk_new (NULL);
  g_autoptr (GError) error = NULL;

  service_give_password (f, "S0101");
  service_login (f, "S0001");
  g_assert_false (desk_login (other, "S0101", &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_BUSY);
  service_assert_recorded (f, "login", "refused", "cause=busy");
}

static void
test_session_belongs_to_its_connection (Fixture *f, gconstpointer data)
{
  g_autoptr (Desk) other = desk_new (NULL);
  g_autoptr (GError) error = NULL;

  service_login (f, "S0001");
  other->session = g_strdup (f->desk->session);
  g_assert_null (desk_reserve (other, "pension.exemption", &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_NOT_LOGGED_IN);
}

static void
test_session_ends_with_its_connection (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  gint64 end = g_get_monotonic_time () + 90 * G_USEC_PER_SEC;
  gboolean in = FALSE;
  Desk *gone = desk_new (NULL);

  service_give_password (f, "S0101");
  g_assert_true (desk_login (gone, "S0001", NULL));
  desk_free (gone);
  while (!in && g_get_monotonic_time () < end)
    in = desk_login (f->desk, "S0101", NULL);
  g_assert_true (in);
  service_assert_recorded (f, "logout", "done", "cause=vanished");
}

static void
test_lock_and_unlock (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *session = NULL;

  service_login (f, "S0001");
  session = g_strdup (f->desk->session);
  g_assert_true (
      md_bus_terminal1_call_lock_sync (f->desk->proxy, session, "card-removed", NULL, NULL));
  g_assert_null (desk_reserve (f->desk, "pension.exemption", &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_SESSION_LOCKED);
  service_login (f, "S0001");
  g_assert_cmpstr (session, ==, f->desk->session);
  g_assert_true (
      md_bus_terminal1_call_lock_sync (f->desk->proxy, session, "card-removed", NULL, NULL));
  service_login (f, "S0101");
  g_assert_cmpstr (session, !=, f->desk->session);
  service_assert_recorded (f, "logout", "done", "cause=replaced");
}

#define ADD(name, function)                                                                        \
  g_test_add ("/daemon/login/" name, Fixture, NULL, service_set_up, function, service_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("login", test_login);
  ADD ("wrong-password", test_wrong_password);
  ADD ("administrator-unlocks", test_administrator_unlocks);
  ADD ("wrong-card", test_wrong_card);
  ADD ("card-of-a-and-password-of-b", test_card_of_a_and_password_of_b);
  ADD ("unknown-card", test_unknown_card);
  ADD ("weak-password", test_weak_password);
  ADD ("one-officer-at-a-time", test_one_officer_at_a_time);
  ADD ("session-belongs-to-its-connection", test_session_belongs_to_its_connection);
  ADD ("session-ends-with-its-connection", test_session_ends_with_its_connection);
  ADD ("lock-and-unlock", test_lock_and_unlock);
  return service_run ();
}
