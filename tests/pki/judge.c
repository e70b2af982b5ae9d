// SPDX-License-Identifier: Apache-2.0
#include <glib.h>
#include <md-base.h>
#include <md-pki.h>

/* judge: path, profile and revocation of one certificate, for tests that drive real responders and
 * files. Prints one line: verdict, source of the revocation answer, reason code, detail. */

static char *anchor;
static char *oid;
static char *url;
static char *responder_answer;
static char **crls;
static gboolean sign;
static gboolean test;
static gboolean no_nonce;
static int timeout_s = 5;
static int later;

static const GOptionEntry entries[] = {
  { "anchor", 0, 0, G_OPTION_ARG_FILENAME, &anchor, "issuing authority", "FILE" },
  { "policy", 0, 0, G_OPTION_ARG_STRING, &oid, "certificate policy", "OID" },
  { "ocsp", 0, 0, G_OPTION_ARG_STRING, &url, "ask this responder", "URL" },
  { "crl", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &crls, "revocation list", "FILE" },
  { "sign", 0, 0, G_OPTION_ARG_NONE, &sign, "the signature line", NULL },
  { "test", 0, 0, G_OPTION_ARG_NONE, &test, "allow test certificates", NULL },
  { "no-nonce", 0, 0, G_OPTION_ARG_NONE, &no_nonce, "do not demand the nonce", NULL },
  { "timeout", 0, 0, G_OPTION_ARG_INT, &timeout_s, "for OCSP", "SECONDS" },
  { "later", 0, 0, G_OPTION_ARG_INT, &later, "judge this much after now", "SECONDS" },
  { "keep", 0, 0, G_OPTION_ARG_FILENAME, &responder_answer, "keep the OCSP answer", "FILE" },
  G_OPTION_ENTRY_NULL,
};

static gboolean
set_up (MdTrust *trust, MdRevocation *revocation, GError **error)
{
  g_autoptr (MdCertificate) issuer = md_certificate_new_from_file (anchor, error);

  if (issuer == NULL || !md_trust_add_policy (trust, oid, error))
    return FALSE;
  md_trust_add_anchor (trust, issuer);
  md_trust_set_allow_test (trust, test);
  md_revocation_set_ocsp_url (revocation, url);
  md_revocation_set_ocsp_timeout (revocation, (guint)timeout_s);
  md_revocation_set_require_nonce (revocation, !no_nonce);
  for (gsize i = 0; crls != NULL && crls[i] != NULL; i++)
    {
      g_autofree char *contents = NULL;
      g_autoptr (GBytes) bytes = NULL;
      gsize size = 0;

      if (!g_file_get_contents (crls[i], &contents, &size, error))
        return FALSE;
      bytes = g_bytes_new_take (g_steal_pointer (&contents), size);
      if (!md_revocation_add_crl (revocation, bytes, error))
        return FALSE;
    }
  return TRUE;
}

int
main (int argc, char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new ("CERTIFICATE");
  g_autoptr (GError) error = NULL;
  g_autoptr (MdRevocation) revocation = md_revocation_new ();
  g_autoptr (MdCertificate) certificate = NULL;
  g_autoptr (MdTrust) trust = NULL;
  g_autoptr (MdVerdict) path = NULL;
  g_autoptr (MdVerdict) verdict = NULL;
  const gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  GBytes *answer;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || argc != 2 || anchor == NULL
      || oid == NULL)
    {
      g_printerr ("judge: %s\n", error != NULL ? error->message : "what certificate?");
      return 2;
    }
  trust = md_trust_new (sign ? MD_TRUST_PROFILE_JPKI_SIGN : MD_TRUST_PROFILE_JPKI_AUTH);
  certificate = md_certificate_new_from_file (argv[1], &error);
  if (certificate == NULL || !set_up (trust, revocation, &error))
    {
      g_printerr ("judge: %s\n", error->message);
      return 2;
    }
  path = md_trust_check (trust, certificate, NULL, now + later);
  verdict = md_revocation_check (revocation, path, NULL, now + later);
  g_print ("%s %s %d %s\n", md_verdict_status_to_string (md_verdict_get_status (verdict)),
           md_revocation_source_to_string (md_verdict_get_revocation_source (verdict)),
           md_verdict_get_revocation_reason (verdict), md_verdict_get_detail (verdict));
  answer = md_verdict_get_ocsp_response (verdict);
  if (responder_answer != NULL && answer != NULL)
    return g_file_set_contents (responder_answer, g_bytes_get_data (answer, NULL),
                                (gssize)g_bytes_get_size (answer), NULL)
               ? 0
               : 1;
  return 0;
}
