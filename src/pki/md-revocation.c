// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <md-base.h>
#include "md-crl-index-private.h"
#include "md-crl-private.h"
#include "md-ocsp-private.h"
#include "md-revocation.h"

#define DEFAULT_TIMEOUT 5
#define HOUR (60 * 60)

struct _MdRevocation
{
  char *ocsp_url;
  gboolean ocsp_enabled;
  gboolean require_nonce;
  guint ocsp_timeout;
  gint64 ocsp_max_age;
  gint64 crl_max_age;
  MdCrlIndex *lists;
  MdOcspTransport transport;
  gpointer transport_data;
  GDestroyNotify transport_destroy;
};

G_DEFINE_BOXED_TYPE (MdRevocation, md_revocation, md_revocation_ref, md_revocation_unref)

static GBytes *
ask_http (const char *url, GBytes *request, guint timeout_s, char **out_problem, gpointer data)
{
  return md_ocsp_ask_http (url, request, timeout_s, out_problem);
}

static void
forget_transport (MdRevocation *self)
{
  if (self->transport_destroy != NULL)
    self->transport_destroy (self->transport_data);
  self->transport_destroy = NULL;
}

MdRevocation *
md_revocation_new (void)
{
  MdRevocation *self = g_atomic_rc_box_new0 (MdRevocation);

  self->ocsp_enabled = TRUE;
  self->require_nonce = TRUE;
  self->ocsp_timeout = DEFAULT_TIMEOUT;
  self->ocsp_max_age = 24 * HOUR;
  self->crl_max_age = 48 * HOUR;
  self->lists = md_crl_index_new ();
  self->transport = ask_http;
  return self;
}

MdRevocation *
md_revocation_ref (MdRevocation *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
revocation_clear (gpointer data)
{
  MdRevocation *self = data;

  g_clear_pointer (&self->ocsp_url, g_free);
  g_clear_pointer (&self->lists, md_crl_index_free);
  forget_transport (self);
}

void
md_revocation_unref (MdRevocation *self)
{
  if (self != NULL)
    g_atomic_rc_box_release_full (self, revocation_clear);
}

void
md_revocation_set_ocsp_url (MdRevocation *self, const char *url)
{
  g_free (self->ocsp_url);
  self->ocsp_url = g_strdup (url);
}

void
md_revocation_set_ocsp_enabled (MdRevocation *self, gboolean enabled)
{
  self->ocsp_enabled = enabled;
}

void
md_revocation_set_ocsp_timeout (MdRevocation *self, guint seconds)
{
  self->ocsp_timeout = CLAMP (seconds, 1, 60);
}

void
md_revocation_set_ocsp_max_age (MdRevocation *self, gint64 seconds)
{
  self->ocsp_max_age = seconds;
}

void
md_revocation_set_crl_max_age (MdRevocation *self, gint64 seconds)
{
  self->crl_max_age = seconds;
}

void
md_revocation_set_require_nonce (MdRevocation *self, gboolean require)
{
  self->require_nonce = require;
}

void
md_revocation_set_transport (MdRevocation *self, MdOcspTransport transport, gpointer user_data,
                             GDestroyNotify destroy)
{
  forget_transport (self);
  self->transport = transport != NULL ? transport : ask_http;
  self->transport_data = user_data;
  self->transport_destroy = destroy;
}

gboolean
md_revocation_add_crl (MdRevocation *self, GBytes *bytes, GError **error)
{
  MdCrl *crl = md_crl_new (bytes, error);

  return crl != NULL && md_crl_index_take (self->lists, crl, error);
}

guint
md_revocation_load_crl_dir (MdRevocation *self, const char *path, guint *out_skipped)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;
  guint taken = 0;
  guint skipped = 0;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *file = g_build_filename (path, name, NULL);
      g_autofree char *contents = NULL;
      g_autoptr (GBytes) bytes = NULL;
      gsize size = 0;

      if (!g_str_has_suffix (name, ".crl"))
        continue;
      if (g_file_get_contents (file, &contents, &size, NULL))
        bytes = g_bytes_new_take (g_steal_pointer (&contents), size);
      if (bytes != NULL && md_revocation_add_crl (self, bytes, NULL))
        taken++;
      else
        skipped++;
    }
  if (out_skipped != NULL)
    *out_skipped = skipped;
  return taken;
}

void
md_revocation_clear_crls (MdRevocation *self)
{
  md_crl_index_clear (self->lists);
}

static GBytes *
encode_request (OCSP_REQUEST *request)
{
  unsigned char *der = NULL;
  const int size = i2d_OCSP_REQUEST (request, &der);
  GBytes *bytes = size > 0 ? g_bytes_new (der, (gsize)size) : NULL;

  OPENSSL_free (der);
  return bytes;
}

static MdVerdict *
give_up (MdOcspTrouble *trouble, MdVerdictCause cause, const char *words)
{
  trouble->cause = cause;
  trouble->words = g_strdup (words);
  return NULL;
}

/* An authority may take its responder back, too. Nobody else is asked about that: a responder that
 * is asked about itself says what it likes. */
static gboolean
is_taken_back (MdRevocation *self, const MdVerdict *path, const MdCertificate *signer, gint64 time)
{
  g_autoptr (MdVerdict) about = md_verdict_new (MD_VERDICT_VALID, signer, path->issuer, time, NULL);
  g_autoptr (MdVerdict) listed = NULL;
  g_autofree char *problem = NULL;

  about->algorithms = path->algorithms;
  listed = md_crl_index_ask (self->lists, about, time, self->crl_max_age, &problem);
  return listed != NULL && listed->status != MD_VERDICT_VALID;
}

/* What OCSP says: a verdict, or NULL with the reason why there is none. */
static MdVerdict *
ask_ocsp (MdRevocation *self, const MdVerdict *path, GBytes *nonce, gint64 time,
          MdOcspTrouble *trouble)
{
  const char *url
      = self->ocsp_url != NULL ? self->ocsp_url : md_certificate_get_ocsp_url (path->certificate);
  g_autoptr (OCSP_REQUEST) request = NULL;
  g_autoptr (GBytes) sent = NULL;
  g_autoptr (GBytes) response = NULL;
  g_autoptr (MdCertificate) signer = NULL;
  g_autoptr (MdVerdict) verdict = NULL;
  MdOcspQuestion question = { .path = path, .time = time, .max_age = self->ocsp_max_age };

  if (!self->ocsp_enabled || url == NULL)
    return give_up (trouble, MD_VERDICT_CAUSE_NO_ANSWER, "no OCSP responder to ask");
  request = md_ocsp_request_new (path, nonce);
  sent = request != NULL ? encode_request (request) : NULL;
  if (sent == NULL)
    return give_up (trouble, MD_VERDICT_CAUSE_NO_ANSWER, "no OCSP request can be made");
  response = self->transport (url, sent, self->ocsp_timeout, &trouble->words, self->transport_data);
  if (response == NULL)
    {
      trouble->cause = MD_VERDICT_CAUSE_NO_ANSWER;
      return NULL;
    }
  question.request = self->require_nonce ? request : NULL;
  verdict = md_ocsp_judge (&question, response, &signer, trouble);
  if (verdict != NULL && signer != NULL && is_taken_back (self, path, signer, time))
    return give_up (trouble, MD_VERDICT_CAUSE_BAD_ANSWER,
                    "the OCSP responder's certificate has been revoked");
  return g_steal_pointer (&verdict);
}

MdVerdict *
md_revocation_check (MdRevocation *self, const MdVerdict *path, GBytes *nonce, gint64 time)
{
  g_auto (MdOcspTrouble) trouble = { 0 };
  g_autofree char *problem = NULL;
  g_autofree char *detail = NULL;
  MdVerdict *verdict;

  if (path->status != MD_VERDICT_VALID || path->issuer == NULL)
    return md_verdict_ref (path);
  verdict = ask_ocsp (self, path, nonce, time, &trouble);
  if (verdict == NULL)
    verdict = md_crl_index_ask (self->lists, path, time, self->crl_max_age, &problem);
  if (verdict != NULL)
    return verdict;
  detail = g_strdup_printf ("%s; %s", trouble.words, problem);
  verdict = md_verdict_new_after (path, MD_VERDICT_DEFERRED, time, detail);
  verdict->cause = trouble.cause;
  return verdict;
}

MdVerdict *
md_revocation_check_evidence (const MdVerdict *path, GBytes *ocsp_response, GBytes *nonce,
                              gint64 time)
{
  MdOcspQuestion question = { .path = path, .time = time, .max_age = 24 * HOUR };
  g_autoptr (OCSP_REQUEST) request = NULL;
  g_auto (MdOcspTrouble) trouble = { 0 };
  MdVerdict *verdict = NULL;

  if (path->status != MD_VERDICT_VALID || path->issuer == NULL)
    return md_verdict_ref (path);
  request = nonce != NULL ? md_ocsp_request_new (path, nonce) : NULL;
  question.request = request;
  if (nonce == NULL || request != NULL)
    verdict = md_ocsp_judge (&question, ocsp_response, NULL, &trouble);
  if (verdict == NULL)
    {
      verdict = md_verdict_new_after (path, MD_VERDICT_REVOCATION_UNKNOWN, time, trouble.words);
      verdict->cause = MD_VERDICT_CAUSE_BAD_ANSWER;
    }
  return verdict;
}

MdVerdict *
md_revocation_check_crl_evidence (const MdVerdict *path, GBytes *bytes, gint64 time)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *problem = NULL;
  MdVerdict *verdict = NULL;
  g_autoptr (MdCrl) crl = NULL;

  if (path->status != MD_VERDICT_VALID || path->issuer == NULL)
    return md_verdict_ref (path);
  crl = md_crl_new (bytes, &error);
  if (crl != NULL)
    verdict = md_crl_judge (crl, path, time, 0, &problem);
  if (verdict == NULL)
    {
      verdict = md_verdict_new_after (path, MD_VERDICT_REVOCATION_UNKNOWN, time,
                                      problem != NULL ? problem : error->message);
      verdict->cause = MD_VERDICT_CAUSE_BAD_LIST;
    }
  return verdict;
}
