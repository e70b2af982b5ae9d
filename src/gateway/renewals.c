// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "renewals.h"

#include "tls.h"

#include <md-base.h>
#include <string.h>

#define PEM_LINE 64u

/* Whether the policy in force serves this terminal with this key. */
static gboolean
is_listed (const Office *office, const char *office_code, const char *terminal_id, const char *key)
{
  const MdPolicyTerminal *terminal
      = office->policy != NULL ? md_policy_get_terminal (office->policy, terminal_id) : NULL;

  return terminal != NULL && strcmp (office_code, md_policy_get_office (office->policy)) == 0
         && g_strv_contains (terminal->keys, key);
}

/* --- The terminal's side --- */

static MdProblem *
problem_from_request (const GError *error)
{
  if (g_error_matches (error, MD_PKI_ERROR, MD_PKI_ERROR_UNSUPPORTED)
      || g_error_matches (error, MD_PKI_ERROR, MD_PKI_ERROR_BAD_SIGNATURE))
    return md_problem_new (MD_PROBLEM_RENEWAL_KEY, error->message);
  return md_problem_new (MD_PROBLEM_MALFORMED_REQUEST, error->message);
}

static MdProblem *
problem_from_ledger (const GError *error)
{
  if (g_error_matches (error, MD_LEDGER_ERROR, MD_LEDGER_ERROR_TOO_OFTEN))
    return md_problem_new (MD_PROBLEM_RENEWALS_FULL, error->message);
  g_message ("the store failed: %s", error->message);
  return md_problem_new (MD_PROBLEM_STORE_FAILED, NULL);
}

static MdProblem *
check_request (const Peer *peer, const MdRequest *request, const char *key)
{
  g_autofree char *uri = peer_dup_uri (peer);

  if (strcmp (request->uri, uri) != 0)
    return md_problem_new (MD_PROBLEM_RENEWAL_FOREIGN, NULL);
  if (strcmp (key, peer->key) == 0)
    return md_problem_new (MD_PROBLEM_RENEWAL_KEY, "A renewal takes a new key.");
  return NULL;
}

static MdProblem *
take_down (const Office *office, const Peer *peer, const MdRequest *request, const char *key,
           GBytes **out_certificate)
{
  g_autoptr (MdLedgerRenewal) asked = g_new0 (MdLedgerRenewal, 1);
  const gboolean listed = is_listed (office, peer->office, peer->terminal, key);
  g_autoptr (GError) error = NULL;
  g_autoptr (MdLedgerRenewal) found = NULL;

  asked->office = g_strdup (peer->office);
  asked->terminal = g_strdup (peer->terminal);
  asked->key = g_strdup (key);
  asked->request = g_bytes_ref (request->der);
  found = md_ledger_ask_renewal (office->ledger, asked, listed, &error);
  if (found == NULL)
    return problem_from_ledger (error);
  if (found->state == MD_LEDGER_RENEWAL_DECLINED)
    return md_problem_new (MD_PROBLEM_RENEWAL_DECLINED, NULL);
  if (found->state == MD_LEDGER_RENEWAL_CERTIFIED && listed)
    *out_certificate = g_bytes_ref (found->certificate);
  return NULL;
}

MdProblem *
renewals_ask (const Office *office, const Peer *peer, GBytes *body, GBytes **out_certificate)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MdRequest) request = md_request_read (body, &error);
  g_autofree char *key = NULL;
  MdProblem *problem = NULL;

  if (request == NULL)
    return problem_from_request (error);
  key = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, request->spki);
  problem = check_request (peer, request, key);
  return problem != NULL ? problem : take_down (office, peer, request, key, out_certificate);
}

/* --- The administrator's side --- */

/* The one of this key that nobody has a certificate for yet; borrowed from @renewals. */
static const MdLedgerRenewal *
find_pending (const GPtrArray *renewals, const char *key, GError **error)
{
  for (guint i = 0; i < renewals->len; i++)
    {
      const MdLedgerRenewal *renewal = renewals->pdata[i];

      if (strcmp (renewal->key, key) == 0 && renewal->fetched == NULL)
        return renewal;
    }
  g_set_error (error, MD_LEDGER_ERROR, MD_LEDGER_ERROR_MISSING,
               "no terminal waits for a certificate of the key %s", key);
  return NULL;
}

static void
print_pem (GBytes *request)
{
  g_autofree char *text = md_base64_encode (request);

  g_print ("-----BEGIN CERTIFICATE REQUEST-----\n");
  for (gsize at = 0; at < strlen (text); at += PEM_LINE)
    g_print ("%.*s\n", (int)PEM_LINE, text + at);
  g_print ("-----END CERTIFICATE REQUEST-----\n");
}

gboolean
renewals_print (const Office *office, const char *key, GError **error)
{
  g_autoptr (GPtrArray) renewals = md_ledger_list_renewals (office->ledger, error);
  const MdLedgerRenewal *one = NULL;

  if (renewals == NULL)
    return FALSE;
  if (key != NULL)
    {
      one = find_pending (renewals, key, error);
      if (one != NULL)
        print_pem (one->request);
      return one != NULL;
    }
  for (guint i = 0; i < renewals->len; i++)
    {
      const MdLedgerRenewal *renewal = renewals->pdata[i];
      const gboolean listed = is_listed (office, renewal->office, renewal->terminal, renewal->key);

      g_print ("%s\t%s\t%s\t%s\t%s\t%s\n", renewal->asked, renewal->terminal,
               renewal->fetched != NULL ? "fetched" : md_ledger_renewal_state_name (renewal->state),
               listed ? "listed" : "not-listed", renewal->decided != NULL ? renewal->decided : "-",
               renewal->key);
    }
  return TRUE;
}

/* What the terminal could not be served with is of no use to it. */
static gboolean
check_certificate (const Office *office, const MdCertificate *certificate,
                   const MdLedgerRenewal *renewal, GError **error)
{
  g_autoptr (MdTrust) trust = office_create_line_trust (office, error);
  g_autoptr (MdVerdict) verdict = NULL;
  const char *wrong = NULL;
  Peer peer;

  if (trust == NULL)
    return FALSE;
  verdict = md_trust_check (trust, certificate, NULL, g_get_real_time () / G_USEC_PER_SEC);
  if (!peer_from_certificate (certificate, &peer) || strcmp (peer.office, renewal->office) != 0
      || strcmp (peer.terminal, renewal->terminal) != 0)
    wrong = "it is not of the terminal that asked for it (subject alternative name)";
  else if (md_verdict_get_status (verdict) != MD_VERDICT_VALID)
    wrong = md_verdict_get_detail (verdict);
  else if (!tls_is_for_clients (certificate))
    wrong = "it may not be used by a client (extended key usage clientAuth)";
  if (wrong != NULL)
    g_set_error (error, MD_LEDGER_ERROR, MD_LEDGER_ERROR_FAILED, "the certificate is not taken: %s",
                 wrong);
  return wrong == NULL;
}

gboolean
renewals_certify (const Office *office, const char *path, GError **error)
{
  g_autoptr (MdCertificate) certificate = md_certificate_new_from_file (path, error);
  g_autoptr (GPtrArray) renewals = NULL;
  g_autofree char *key = NULL;
  const MdLedgerRenewal *renewal = NULL;

  if (certificate == NULL)
    return FALSE;
  key = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, md_certificate_get_spki (certificate));
  renewals = md_ledger_list_renewals (office->ledger, error);
  renewal = renewals != NULL ? find_pending (renewals, key, error) : NULL;
  if (renewal == NULL || !check_certificate (office, certificate, renewal, error)
      || !md_ledger_decide_renewal (office->ledger, renewal, md_certificate_get_der (certificate),
                                    error))
    return FALSE;
  g_print ("%s\t%s\t%s\n", renewal->terminal, key,
           is_listed (office, renewal->office, renewal->terminal, key) ? "listed" : "not-listed");
  return TRUE;
}

gboolean
renewals_decline (const Office *office, const char *key, GError **error)
{
  g_autoptr (GPtrArray) renewals = md_ledger_list_renewals (office->ledger, error);
  const MdLedgerRenewal *renewal = renewals != NULL ? find_pending (renewals, key, error) : NULL;

  return renewal != NULL && md_ledger_decide_renewal (office->ledger, renewal, NULL, error);
}
