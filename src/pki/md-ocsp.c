// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <openssl/err.h>
#include <openssl/http.h>
#include <signal.h>
#include <time.h>
#include <md-base.h>
#include "md-ocsp-private.h"

#define CLOCK_SKEW 300

/* The identifier's hash names a certificate and protects nothing; SHA-1 is what every responder
 * must know (RFC 6960, 4.3). */
static OCSP_CERTID *
certificate_id (const MdVerdict *path)
{
  return OCSP_cert_to_id (EVP_sha1 (), md_certificate_get_x509 (path->certificate),
                          md_certificate_get_x509 (path->issuer));
}

OCSP_REQUEST *
md_ocsp_request_new (const MdVerdict *path)
{
  g_autoptr (OCSP_REQUEST) request = OCSP_REQUEST_new ();
  OCSP_CERTID *id = certificate_id (path);

  if (request == NULL || id == NULL || OCSP_request_add0_id (request, id) == NULL)
    {
      OCSP_CERTID_free (id);
      return NULL;
    }
  return OCSP_request_add1_nonce (request, NULL, 16) == 1 ? g_steal_pointer (&request) : NULL;
}

/* libcrypto's own connect would try a refused connection again and again until the time is up; a
 * responder that is not there is known at once, and the person at the counter should not wait for
 * it. */
static BIO *
connect_to (const char *host, const char *port, time_t deadline)
{
  g_autoptr (BIO) bio = BIO_new_connect (host);

  if (bio == NULL || BIO_set_conn_port (bio, port) != 1)
    return NULL;
  BIO_set_nbio (bio, 1);
  while (BIO_do_connect (bio) <= 0)
    if (!BIO_should_retry (bio) || BIO_wait (bio, deadline, 100) <= 0)
      return NULL;
  return g_steal_pointer (&bio);
}

static GBytes *
read_all (BIO *answer)
{
  g_autofree guint8 *data = g_malloc (MD_LIMIT_OCSP_RESPONSE);
  int size = 0;
  int got;

  while ((got = BIO_read (answer, data + size, (int)MD_LIMIT_OCSP_RESPONSE - size)) > 0)
    size += got;
  return size > 0 ? g_bytes_new (data, (gsize)size) : NULL;
}

static GBytes *
transfer (const char *url, BIO *body, guint timeout)
{
  char *host = NULL;
  char *port = NULL;
  char *path = NULL;
  int tls = 0;
  const time_t deadline = time (NULL) + (time_t)timeout;
  GBytes *bytes = NULL;
  BIO *line = NULL;
  BIO *answer = NULL;

  if (OSSL_HTTP_parse_url (url, &tls, NULL, &host, &port, NULL, &path, NULL, NULL) == 1 && tls == 0)
    line = connect_to (host, port, deadline);
  if (line != NULL)
    answer
        = OSSL_HTTP_transfer (NULL, host, port, path, 0, NULL, NULL, line, line, NULL, NULL, 0,
                              NULL, "application/ocsp-request", body, "application/ocsp-response",
                              1, MD_LIMIT_OCSP_RESPONSE, (int)timeout, 0);
  if (answer != NULL)
    bytes = read_all (answer);
  BIO_free_all (answer);
  BIO_free_all (line);
  OPENSSL_free (host);
  OPENSSL_free (port);
  OPENSSL_free (path);
  return bytes;
}

GBytes *
md_ocsp_ask (const char *url, OCSP_REQUEST *request, guint timeout, char **out_problem)
{
  g_autoptr (BIO) body = BIO_new (BIO_s_mem ());
  GBytes *bytes = NULL;
  sigset_t pipe_set;
  sigset_t before;
  const struct timespec now = { 0 };

  /* libcrypto writes to the socket with write(): a responder that hangs up must not end the
   * program. */
  sigemptyset (&pipe_set);
  sigaddset (&pipe_set, SIGPIPE);
  pthread_sigmask (SIG_BLOCK, &pipe_set, &before);
  if (body != NULL && ASN1_item_i2d_bio (ASN1_ITEM_rptr (OCSP_REQUEST), body, request) == 1)
    bytes = transfer (url, body, timeout);
  if (sigismember (&before, SIGPIPE) == 0)
    (void)sigtimedwait (&pipe_set, NULL, &now);
  pthread_sigmask (SIG_SETMASK, &before, NULL);
  if (bytes == NULL)
    {
      g_autofree char *reason = md_pki_take_reason ();
      *out_problem = g_strdup_printf ("no answer from the OCSP responder (%s)",
                                      reason != NULL ? reason : "empty");
    }
  ERR_clear_error ();
  return bytes;
}

/* Signed by the issuer itself, or by a certificate that the issuer made for OCSP. */
static gboolean
is_signed_for_issuer (OCSP_BASICRESP *basic, const MdOcspQuestion *question)
{
  X509 *issuer = md_certificate_get_x509 (question->path->issuer);
  g_autoptr (X509_STORE) store = X509_STORE_new ();
  g_autoptr (MdX509Stack) known = sk_X509_new_null ();
  const X509_ALGOR *algorithm = OCSP_resp_get0_tbs_sigalg (basic);
  const ASN1_OBJECT *object = NULL;
  int digest = NID_undef;
  X509_VERIFY_PARAM *param;

  X509_ALGOR_get0 (&object, NULL, NULL, algorithm);
  if (OBJ_find_sigid_algs (OBJ_obj2nid (object), &digest, NULL) != 1 || digest == NID_sha1
      || digest == NID_md5)
    return FALSE;
  if (store == NULL || known == NULL || X509_STORE_add_cert (store, issuer) != 1
      || X509_add_cert (known, issuer, X509_ADD_FLAG_UP_REF) != 1)
    return FALSE;
  param = X509_STORE_get0_param (store);
  X509_VERIFY_PARAM_set_time (param, (time_t)question->time);
  X509_VERIFY_PARAM_set_auth_level (param, 2);
  if (X509_VERIFY_PARAM_set_flags (param, X509_V_FLAG_PARTIAL_CHAIN) != 1)
    return FALSE;
  return OCSP_basic_verify (basic, known, store, 0) == 1;
}

static const char *
time_problem (const MdOcspQuestion *question, const ASN1_GENERALIZEDTIME *this_update,
              const ASN1_GENERALIZEDTIME *next_update)
{
  gint64 from = 0;
  gint64 until = 0;

  if (!md_asn1_time_to_unix (this_update, &from))
    return "the OCSP answer has no time";
  if (from > question->time + CLOCK_SKEW)
    return "the OCSP answer is from the future; check the clock";
  if (next_update == NULL)
    return question->time - from > question->max_age ? "the OCSP answer is too old" : NULL;
  if (!md_asn1_time_to_unix (next_update, &until) || until < from
      || question->time > until + CLOCK_SKEW)
    return "the OCSP answer is out of date";
  return NULL;
}

static MdVerdict *
new_verdict (const MdOcspQuestion *question, MdVerdictStatus status, const char *detail,
             GBytes *response)
{
  MdVerdict *verdict = md_verdict_new_after (question->path, status, question->time, detail);

  verdict->source = MD_REVOCATION_SOURCE_OCSP;
  verdict->ocsp_response = g_bytes_ref (response);
  return verdict;
}

static MdVerdict *
judge_basic (const MdOcspQuestion *question, OCSP_BASICRESP *basic, GBytes *response,
             const char **problem)
{
  g_autoptr (OCSP_CERTID) id = certificate_id (question->path);
  ASN1_GENERALIZEDTIME *revoked = NULL;
  ASN1_GENERALIZEDTIME *this_update = NULL;
  ASN1_GENERALIZEDTIME *next_update = NULL;
  int status = -1;
  int reason = -1;
  gint64 since = 0;
  MdVerdict *verdict;

  *problem = NULL;
  if (!is_signed_for_issuer (basic, question))
    *problem = "the OCSP answer is not signed by the issuer or its responder";
  else if (question->request != NULL && OCSP_check_nonce (question->request, basic) != 1)
    *problem = "the OCSP answer does not carry our nonce";
  else if (id == NULL
           || OCSP_resp_find_status (basic, id, &status, &reason, &revoked, &this_update,
                                     &next_update)
                  != 1)
    *problem = "the OCSP answer is about another certificate";
  else
    *problem = time_problem (question, this_update, next_update);
  if (*problem != NULL)
    return NULL;

  if (status == V_OCSP_CERTSTATUS_GOOD)
    return new_verdict (question, MD_VERDICT_VALID, "valid; not revoked by OCSP", response);
  if (status != V_OCSP_CERTSTATUS_REVOKED)
    return new_verdict (question, MD_VERDICT_REVOCATION_UNKNOWN,
                        "the OCSP responder does not know this certificate", response);
  verdict = new_verdict (question, MD_VERDICT_REVOKED, NULL, response);
  (void)md_asn1_time_to_unix (revoked, &since);
  md_verdict_set_revoked (verdict, reason, since, "by OCSP");
  return verdict;
}

MdVerdict *
md_ocsp_judge (const MdOcspQuestion *question, GBytes *bytes, char **out_problem)
{
  gsize size = 0;
  const unsigned char *data = g_bytes_get_data (bytes, &size);
  const unsigned char *at = data;
  g_autoptr (OCSP_RESPONSE) response = NULL;
  g_autoptr (OCSP_BASICRESP) basic = NULL;
  MdVerdict *verdict = NULL;
  const char *problem = "the OCSP answer cannot be read";
  int status;

  ERR_clear_error ();
  if (size > 0 && size <= MD_LIMIT_OCSP_RESPONSE)
    response = d2i_OCSP_RESPONSE (NULL, &at, (long)size);
  if (response != NULL && at == data + size)
    {
      status = OCSP_response_status (response);
      if (status != OCSP_RESPONSE_STATUS_SUCCESSFUL)
        problem = OCSP_response_status_str (status);
      else
        basic = OCSP_response_get1_basic (response);
    }
  if (basic != NULL)
    verdict = judge_basic (question, basic, bytes, &problem);
  if (verdict == NULL)
    *out_problem = g_strdup (problem);
  ERR_clear_error ();
  return verdict;
}
