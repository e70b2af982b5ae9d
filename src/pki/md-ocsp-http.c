// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <openssl/err.h>
#include <openssl/http.h>
#include <signal.h>
#include <time.h>
#include <md-base.h>
#include "md-ocsp-transport.h"
#include "md-openssl-private.h"

#define MAX_REQUEST 4096

typedef struct
{
  char *host;
  char *port;
  char *path;
} Place;

static void
place_clear (Place *place)
{
  OPENSSL_free (place->host);
  OPENSSL_free (place->port);
  OPENSSL_free (place->path);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Place, place_clear)

static gboolean
read_url (const char *url, Place *out_place)
{
  int tls = 0;
  const gboolean read = url != NULL
                        && OSSL_HTTP_parse_url (url, &tls, NULL, &out_place->host, &out_place->port,
                                                NULL, &out_place->path, NULL, NULL)
                               == 1;

  ERR_clear_error ();
  return read && tls == 0 && out_place->host[0] != '\0';
}

gboolean
md_ocsp_is_url (const char *url)
{
  g_auto (Place) place = { 0 };

  return read_url (url, &place);
}

gboolean
md_ocsp_is_request (GBytes *bytes)
{
  gsize size = 0;
  const unsigned char *data = g_bytes_get_data (bytes, &size);
  const unsigned char *at = data;
  g_autoptr (OCSP_REQUEST) request = NULL;

  if (size > 0 && size <= MAX_REQUEST)
    request = d2i_OCSP_REQUEST (NULL, &at, (long)size);
  ERR_clear_error ();
  return request != NULL && at == data + size && OCSP_request_onereq_count (request) == 1
         && OCSP_request_is_signed (request) == 0;
}

/* The same question about @issuer, by the same kind of digest. */
static gboolean
is_issuer (OCSP_CERTID *asked, X509 *issuer)
{
  ASN1_OBJECT *digest = NULL;
  ASN1_INTEGER *serial = NULL;
  const EVP_MD *md = NULL;
  OCSP_CERTID *own = NULL;
  gboolean same = FALSE;

  if (OCSP_id_get0_info (NULL, &digest, NULL, &serial, asked) == 1)
    md = EVP_get_digestbyobj (digest);
  if (md != NULL)
    own = OCSP_cert_id_new (md, X509_get_subject_name (issuer), X509_get0_pubkey_bitstr (issuer),
                            serial);
  same = own != NULL && OCSP_id_issuer_cmp (own, asked) == 0;
  OCSP_CERTID_free (own);
  return same;
}

gboolean
md_ocsp_is_about (GBytes *request, const MdCertificate *issuer)
{
  gsize size = 0;
  const unsigned char *at = g_bytes_get_data (request, &size);
  g_autoptr (OCSP_REQUEST) parsed = d2i_OCSP_REQUEST (NULL, &at, (long)size);
  OCSP_ONEREQ *one = parsed != NULL ? OCSP_request_onereq_get0 (parsed, 0) : NULL;
  const gboolean same
      = one != NULL && is_issuer (OCSP_onereq_get0_id (one), md_certificate_get_x509 (issuer));

  ERR_clear_error ();
  return same;
}

gboolean
md_ocsp_is_response (GBytes *bytes)
{
  gsize size = 0;
  const unsigned char *data = g_bytes_get_data (bytes, &size);
  const unsigned char *at = data;
  g_autoptr (OCSP_RESPONSE) response = NULL;

  if (size > 0 && size <= MD_LIMIT_OCSP_RESPONSE)
    response = d2i_OCSP_RESPONSE (NULL, &at, (long)size);
  ERR_clear_error ();
  return response != NULL && at == data + size;
}

/* libcrypto's own connect would try a refused connection again and again until the time is up; a
 * responder that is not there is known at once, and the person at the counter should not wait for
 * it. */
static BIO *
connect_to (const Place *place, time_t deadline)
{
  g_autoptr (BIO) bio = BIO_new_connect (place->host);

  if (bio == NULL || BIO_set_conn_port (bio, place->port) != 1)
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
  g_auto (Place) place = { 0 };
  const time_t deadline = time (NULL) + (time_t)timeout;
  GBytes *bytes = NULL;
  BIO *line = NULL;
  BIO *answer = NULL;

  if (read_url (url, &place))
    line = connect_to (&place, deadline);
  if (line != NULL)
    answer = OSSL_HTTP_transfer (NULL, place.host, place.port, place.path, 0, NULL, NULL, line,
                                 line, NULL, NULL, 0, NULL, "application/ocsp-request", body,
                                 "application/ocsp-response", 1, MD_LIMIT_OCSP_RESPONSE,
                                 (int)timeout, 0);
  if (answer != NULL)
    bytes = read_all (answer);
  BIO_free_all (answer);
  BIO_free_all (line);
  return bytes;
}

GBytes *
md_ocsp_ask_http (const char *url, GBytes *request, guint timeout_s, char **out_problem)
{
  g_autoptr (BIO) body = md_bio_new_bytes (request);
  GBytes *bytes = NULL;
  sigset_t pipe_set;
  sigset_t before;
  const struct timespec now = { 0 };

  /* libcrypto writes to the socket with write(): a responder that hangs up must not end the
   * program. */
  sigemptyset (&pipe_set);
  sigaddset (&pipe_set, SIGPIPE);
  pthread_sigmask (SIG_BLOCK, &pipe_set, &before);
  ERR_clear_error ();
  if (body != NULL)
    bytes = transfer (url, body, timeout_s);
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
