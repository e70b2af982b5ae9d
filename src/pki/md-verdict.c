// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <glib/gi18n-lib.h>
#include <md-base.h>
#include "md-openssl-private.h"
#include "md-verdict-private.h"

G_DEFINE_BOXED_TYPE (MdVerdict, md_verdict, md_verdict_ref, md_verdict_unref)

static const struct
{
  const char *word;
  const char *message;
} statuses[] = {
  [MD_VERDICT_VALID] = { "valid", N_ ("The certificate is valid.") },
  [MD_VERDICT_EXPIRED]
  = { "expired", N_ ("The certificate has expired. Take the application on paper, and explain "
                     "how the certificate is renewed.") },
  [MD_VERDICT_NOT_YET_VALID]
  = { "not-yet-valid", N_ ("The certificate is not valid yet. Check this terminal's date and time; "
                           "if they are right, take the application on paper.") },
  [MD_VERDICT_REVOKED]
  = { "revoked", N_ ("The certificate has been revoked and cannot be used. Take the application on "
                     "paper, and explain how a new certificate is issued.") },
  [MD_VERDICT_SUSPENDED]
  = { "suspended", N_ ("The certificate is suspended, as after a loss report, and cannot be used "
                       "now. Call your supervisor, and take the application on paper.") },
  [MD_VERDICT_UNTRUSTED_ISSUER]
  = { "untrusted-issuer",
      N_ ("The certificate was issued by an authority that this office does not "
          "trust. Do not accept the card; call your supervisor.") },
  [MD_VERDICT_WRONG_PROFILE]
  = { "wrong-profile",
      N_ ("The certificate is not meant for this use. Check that the right card was "
          "placed on the reader, and call your supervisor if it was.") },
  [MD_VERDICT_TEST_CERTIFICATE]
  = { "test-certificate",
      N_ ("This is a test card. It cannot be used for real applications; use the real card.") },
  [MD_VERDICT_BAD_SIGNATURE]
  = { "bad-signature",
      N_ ("The certificate is damaged or forged. Do not accept the card; call your "
          "supervisor.") },
  [MD_VERDICT_REVOCATION_UNKNOWN]
  = { "revocation-unknown",
      N_ ("It cannot be settled whether the certificate has been revoked. Try "
          "again; if it stays so, take the application on paper.") },
  [MD_VERDICT_DEFERRED]
  = { "deferred",
      N_ ("The card is genuine, but the revocation service does not answer now. You can "
          "go on; the check is made up later.") },
};

MdVerdict *
md_verdict_new (MdVerdictStatus status, const MdCertificate *certificate,
                const MdCertificate *issuer, gint64 time, const char *detail)
{
  MdVerdict *self = g_atomic_rc_box_new0 (MdVerdict);

  self->status = status;
  self->certificate = md_certificate_ref (certificate);
  self->issuer = issuer != NULL ? md_certificate_ref (issuer) : NULL;
  self->time = time;
  self->detail = g_strdup (detail != NULL ? detail : statuses[status].word);
  self->reason = -1;
  self->algorithms = md_algorithms_all ();
  return self;
}

MdVerdict *
md_verdict_new_after (const MdVerdict *path, MdVerdictStatus status, gint64 time,
                      const char *detail)
{
  MdVerdict *self = md_verdict_new (status, path->certificate, path->issuer, time, detail);

  self->chain = path->chain != NULL ? g_ptr_array_ref (path->chain) : NULL;
  self->algorithms = path->algorithms;
  return self;
}

void
md_verdict_set_revoked (MdVerdict *self, int reason, gint64 time, const char *source_words)
{
  g_autofree char *when = md_time_format_rfc3339 (time * G_USEC_PER_SEC);

  self->status = reason == CRL_REASON_CERTIFICATE_HOLD ? MD_VERDICT_SUSPENDED : MD_VERDICT_REVOKED;
  self->reason = reason;
  self->revocation_time = time;
  g_free (self->detail);
  self->detail = g_strdup_printf (
      "%s since %s, %s (%s)", statuses[self->status].word, when,
      reason < 0 ? "no reason given" : md_revocation_reason_to_string (reason), source_words);
}

MdVerdict *
md_verdict_ref (const MdVerdict *self)
{
  gpointer box = md_unconst (self);

  return g_atomic_rc_box_acquire (box);
}

static void
verdict_clear (gpointer data)
{
  MdVerdict *self = data;

  g_clear_pointer (&self->certificate, md_certificate_unref);
  g_clear_pointer (&self->issuer, md_certificate_unref);
  g_clear_pointer (&self->concerned, md_certificate_unref);
  g_clear_pointer (&self->chain, g_ptr_array_unref);
  g_clear_pointer (&self->detail, g_free);
  g_clear_pointer (&self->ocsp_response, g_bytes_unref);
  g_clear_pointer (&self->crl_issuer, g_free);
  g_clear_pointer (&self->crl_number, g_free);
  g_clear_pointer (&self->crl, g_bytes_unref);
  g_clear_pointer (&self->crl_sha256, g_free);
}

void
md_verdict_unref (MdVerdict *self)
{
  if (self != NULL)
    g_atomic_rc_box_release_full (self, verdict_clear);
}

MdVerdictStatus
md_verdict_get_status (const MdVerdict *self)
{
  return self->status;
}

MdCertificate *
md_verdict_get_certificate (const MdVerdict *self)
{
  return self->certificate;
}

MdCertificate *
md_verdict_get_issuer (const MdVerdict *self)
{
  return self->issuer;
}

MdVerdictCause
md_verdict_get_cause (const MdVerdict *self)
{
  return self->cause;
}

MdCertificate *
md_verdict_get_concerned (const MdVerdict *self)
{
  return self->concerned != NULL ? self->concerned : self->certificate;
}

GPtrArray *
md_verdict_get_chain (const MdVerdict *self)
{
  return self->chain;
}

gint64
md_verdict_get_time (const MdVerdict *self)
{
  return self->time;
}

const char *
md_verdict_get_detail (const MdVerdict *self)
{
  return self->detail;
}

/* "Revoked on 2026-03-01: replaced by a newer certificate." */
static char *
dup_revocation_message (const MdVerdict *self)
{
  g_autofree char *day
      = md_time_format_tokyo (self->revocation_time * G_USEC_PER_SEC, MD_TIME_STYLE_ISO);

  return g_strdup_printf (g_dgettext (GETTEXT_PACKAGE, N_ ("Since %s: %s.")), day,
                          md_revocation_reason_get_label (self->reason));
}

char *
md_verdict_dup_message (const MdVerdict *self)
{
  const char *message = g_dgettext (GETTEXT_PACKAGE, statuses[self->status].message);
  const char *found = md_verdict_cause_get_message (self->cause);

  if (self->status == MD_VERDICT_REVOKED || self->status == MD_VERDICT_SUSPENDED)
    {
      g_autofree char *when = dup_revocation_message (self);

      return g_strdup_printf ("%s %s", message, when);
    }
  return found != NULL ? g_strdup_printf ("%s %s", found, message) : g_strdup (message);
}

MdRevocationSource
md_verdict_get_revocation_source (const MdVerdict *self)
{
  return self->source;
}

int
md_verdict_get_revocation_reason (const MdVerdict *self)
{
  return self->reason;
}

gint64
md_verdict_get_revocation_time (const MdVerdict *self)
{
  return self->revocation_time;
}

GBytes *
md_verdict_get_ocsp_response (const MdVerdict *self)
{
  return self->ocsp_response;
}

const char *
md_verdict_get_crl_issuer (const MdVerdict *self)
{
  return self->crl_issuer;
}

const char *
md_verdict_get_crl_number (const MdVerdict *self)
{
  return self->crl_number;
}

gint64
md_verdict_get_crl_this_update (const MdVerdict *self)
{
  return self->crl_this_update;
}

const char *
md_verdict_get_crl_sha256 (const MdVerdict *self)
{
  return self->crl_sha256;
}

GBytes *
md_verdict_get_crl (const MdVerdict *self)
{
  return self->crl;
}

const char *
md_verdict_status_to_string (MdVerdictStatus status)
{
  return (gsize)status < G_N_ELEMENTS (statuses) ? statuses[status].word : "unknown";
}

gboolean
md_verdict_status_from_string (const char *text, MdVerdictStatus *out_status)
{
  for (gsize i = 0; i < G_N_ELEMENTS (statuses); i++)
    if (g_strcmp0 (text, statuses[i].word) == 0)
      {
        *out_status = (MdVerdictStatus)i;
        return TRUE;
      }
  return FALSE;
}

const char *
md_revocation_source_to_string (MdRevocationSource source)
{
  static const char *const words[] = { "none", "ocsp", "crl" };

  return (gsize)source < G_N_ELEMENTS (words) ? words[source] : "none";
}
