// SPDX-License-Identifier: Apache-2.0
/* Questions about certificates that the window hands to the service: who may ask, what may be
 * asked, how often, and that nothing of it is kept. That an answer comes back is shown at the real
 * window (tests/window/revocation.py). Run by with-world, which sets MADOGUCHI_WORLD; no responder
 * runs. */
#include <string.h>
#include <gio/gio.h>

#include "service-fixture.h"

#define A_MINUTE 60

/* A question about tanaka's certificate, as openssl makes it. */
static GBytes *
make_question (Fixture *f)
{
  g_autofree char *issuer = g_build_filename (f->desk->world, "pki", "jpki-auth-ca.crt", NULL);
  g_autofree char *certificate
      = g_build_filename (f->desk->world, "pki", "residents", "tanaka-auth.crt", NULL);
  g_autofree char *path = g_build_filename (f->state, "question.der", NULL);
  g_autoptr (GSubprocess) openssl = NULL;
  g_autoptr (GError) error = NULL;
  char *contents;
  gsize size;

  openssl = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE,
                              &error, "openssl", "ocsp", "-issuer", issuer, "-cert", certificate,
                              "-reqout", path, NULL);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_wait_check (openssl, NULL, &error));
  g_assert_true (g_file_get_contents (path, &contents, &size, &error));
  return g_bytes_new_take (contents, size);
}

static void
assert_refused (Fixture *f, const char *session, GBytes *question, MdBusError code)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (md_bus_terminal1_call_ask_ocsp_sync (
      f->desk->proxy, session, g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, question, TRUE),
      NULL, NULL, &error));
  g_assert_error (error, MD_BUS_ERROR, (int)code);
}

static void
use_policy (Fixture *f, const char *name)
{
  g_autofree char *bundle = g_build_filename (f->desk->world, "policy", name, NULL);

  service_set_in_settings (f, "policy", "bundle", bundle);
  service_restart (f, SIGTERM);
}

static void
test_who_and_what (Fixture *f, gconstpointer data)
{
  g_autoptr (GBytes) question = make_question (f);
  g_autoptr (GBytes) cut = g_bytes_new_from_bytes (question, 0, g_bytes_get_size (question) - 1);
  g_autoptr (GBytes) request = g_bytes_new_static ("GET / HTTP/1.1\r\n\r\n", 18);
  g_autoptr (GBytes) nothing = g_bytes_new_static ("", 0);
  GBytes *const strange[] = { cut, request, nothing };

  use_policy (f, "policy-service.cms");
  assert_refused (f, "", question, MD_BUS_ERROR_NOT_LOGGED_IN);
  service_login (f, "S0001");
  assert_refused (f, "another", question, MD_BUS_ERROR_NOT_LOGGED_IN);
  for (gsize i = 0; i < G_N_ELEMENTS (strange); i++)
    assert_refused (f, f->desk->session, strange[i], MD_BUS_ERROR_INVALID);
  g_assert_cmpuint (service_count_recorded (f, "call", "refused", "cause=strange-question"), ==, 3);
  assert_refused (f, f->desk->session, question, MD_BUS_ERROR_NO_ANSWER);
}

static void
assert_refused_at (Fixture *f, const char *session, const char *url, GBytes *question,
                   MdBusError code)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (md_bus_terminal1_call_ask_ocsp_at_sync (
      f->desk->proxy, session, url,
      g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, question, TRUE), NULL, NULL, &error));
  g_assert_error (error, MD_BUS_ERROR, (int)code);
}

/* A certificate sends nobody anywhere that the policy does not allow; and where the policy names
 * one responder for all, to that one alone. */
static void
test_whom_a_certificate_names (Fixture *f, gconstpointer data)
{
  static const char *const strange[] = { "", "http://127.0.0.1:8888", "http://127.0.0.1:9/",
                                         "http://ocsp.example/", "/etc/passwd" };
  static const char allowed[] = "http://127.0.0.1:8888/", other[] = "http://127.0.0.1:8887/";
  g_autoptr (GBytes) question = make_question (f);
  g_autoptr (GBytes) cut = g_bytes_new_from_bytes (question, 0, g_bytes_get_size (question) - 1);

  assert_refused_at (f, "", allowed, question, MD_BUS_ERROR_NOT_LOGGED_IN);
  service_login (f, "S0001");
  for (gsize i = 0; i < G_N_ELEMENTS (strange); i++)
    assert_refused_at (f, f->desk->session, strange[i], question, MD_BUS_ERROR_NO_RESPONDER);
  assert_refused_at (f, f->desk->session, allowed, cut, MD_BUS_ERROR_INVALID);
  assert_refused_at (f, f->desk->session, allowed, question, MD_BUS_ERROR_NO_ANSWER);
  assert_refused_at (f, f->desk->session, other, question, MD_BUS_ERROR_NO_ANSWER);

  use_policy (f, "policy-service.cms");
  service_login (f, "S0001");
  assert_refused_at (f, f->desk->session, other, question, MD_BUS_ERROR_NO_RESPONDER);
  assert_refused_at (f, f->desk->session, allowed, question, MD_BUS_ERROR_NO_ANSWER);
}

/* Nobody did anything wrong then: whoever the certificate names may be asked. */
static void
test_nobody_named (Fixture *f, gconstpointer data)
{
  g_autoptr (GBytes) question = make_question (f);
  g_autoptr (GPtrArray) before = NULL;
  g_autoptr (GPtrArray) after = NULL;

  service_login (f, "S0001");
  before = service_read_log (f);
  assert_refused (f, f->desk->session, question, MD_BUS_ERROR_NO_RESPONDER);
  after = service_read_log (f);
  g_assert_cmpuint (after->len, ==, before->len);
}

static void
test_too_many (Fixture *f, gconstpointer data)
{
  g_autoptr (GBytes) question = make_question (f);
  g_autoptr (GPtrArray) log = NULL;
  guint served = 0;

  use_policy (f, "policy-service.cms");
  service_login (f, "S0001");
  for (guint i = 0; i < 2 * A_MINUTE; i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (md_bus_terminal1_call_ask_ocsp_sync (
          f->desk->proxy, f->desk->session,
          g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, question, TRUE), NULL, NULL,
          &error));
      if (g_error_matches (error, MD_BUS_ERROR, MD_BUS_ERROR_BUSY))
        break;
      g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_NO_ANSWER);
      served++;
    }
  /* a busy machine may need more than a minute for them, and then a new one has begun */
  g_assert_cmpuint (served, >=, A_MINUTE);
  if (served < 2 * A_MINUTE)
    g_assert_cmpuint (service_count_recorded (f, "call", "refused", "cause=too-many"), ==, 1);
}

#define ADD(name, function)                                                                        \
  g_test_add ("/daemon/ocsp/" name, Fixture, NULL, service_set_up, function, service_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("who-and-what", test_who_and_what);
  ADD ("whom-a-certificate-names", test_whom_a_certificate_names);
  ADD ("nobody-named", test_nobody_named);
  ADD ("too-many", test_too_many);
  return service_run ();
}
