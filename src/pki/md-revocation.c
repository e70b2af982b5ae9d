// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <md-base.h>
#include "md-crl-private.h"
#include "md-ocsp-private.h"
#include "md-revocation.h"

#define DEFAULT_TIMEOUT 5
#define HOUR (60 * 60)
#define MAX_CRLS 4096

struct _MdRevocation
{
  char *ocsp_url;
  gboolean ocsp_enabled;
  gboolean require_nonce;
  guint ocsp_timeout;
  gint64 ocsp_max_age;
  gint64 crl_max_age;
  GPtrArray *crls; /* latest first */
};

G_DEFINE_BOXED_TYPE (MdRevocation, md_revocation, md_revocation_ref, md_revocation_unref)

MdRevocation *
md_revocation_new (void)
{
  MdRevocation *self = g_atomic_rc_box_new0 (MdRevocation);

  self->ocsp_enabled = TRUE;
  self->require_nonce = TRUE;
  self->ocsp_timeout = DEFAULT_TIMEOUT;
  self->ocsp_max_age = 24 * HOUR;
  self->crl_max_age = 48 * HOUR;
  self->crls = g_ptr_array_new_with_free_func ((GDestroyNotify)md_crl_free);
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
  g_clear_pointer (&self->crls, g_ptr_array_unref);
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

static int
compare_latest_first (gconstpointer a, gconstpointer b)
{
  const MdCrl *const *left = a;
  const MdCrl *const *right = b;
  const gint64 l = md_crl_get_this_update (*left);
  const gint64 r = md_crl_get_this_update (*right);

  return (l < r) - (l > r);
}

gboolean
md_revocation_add_crl (MdRevocation *self, GBytes *bytes, GError **error)
{
  MdCrl *crl = NULL;

  if (self->crls->len < MAX_CRLS)
    crl = md_crl_new (bytes, error);
  else
    g_set_error_literal (error, MD_PKI_ERROR, MD_PKI_ERROR_TOO_LARGE, "too many revocation lists");
  if (crl == NULL)
    return FALSE;
  g_ptr_array_add (self->crls, crl);
  g_ptr_array_sort (self->crls, compare_latest_first);
  return TRUE;
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
  g_ptr_array_set_size (self->crls, 0);
}

/* What OCSP says: a verdict, or NULL with the reason why there is none; @out_heard when anything
 * came at all. */
static MdVerdict *
ask_ocsp (MdRevocation *self, const MdVerdict *path, gint64 time, gboolean *out_heard,
          char **out_problem)
{
  const char *url
      = self->ocsp_url != NULL ? self->ocsp_url : md_certificate_get_ocsp_url (path->certificate);
  g_autoptr (OCSP_REQUEST) request = NULL;
  g_autoptr (GBytes) response = NULL;
  MdOcspQuestion question = { .path = path, .time = time, .max_age = self->ocsp_max_age };

  *out_heard = FALSE;
  if (!self->ocsp_enabled || url == NULL)
    {
      *out_problem = g_strdup ("no OCSP responder to ask");
      return NULL;
    }
  request = md_ocsp_request_new (path);
  if (request == NULL)
    {
      *out_problem = g_strdup ("no OCSP request can be made");
      return NULL;
    }
  response = md_ocsp_ask (url, request, self->ocsp_timeout, out_problem);
  if (response == NULL)
    return NULL;
  *out_heard = TRUE;
  question.request = self->require_nonce ? request : NULL;
  return md_ocsp_judge (&question, response, out_problem);
}

static MdVerdict *
ask_crls (MdRevocation *self, const MdVerdict *path, gint64 time, char **out_problem)
{
  *out_problem = NULL;
  for (guint i = 0; i < self->crls->len; i++)
    {
      g_autofree char *problem = NULL;
      MdVerdict *verdict = md_crl_judge (g_ptr_array_index (self->crls, i), path, time,
                                         self->crl_max_age, &problem);

      if (verdict != NULL)
        return verdict;
      if (*out_problem == NULL)
        *out_problem = g_steal_pointer (&problem);
    }
  if (*out_problem == NULL)
    *out_problem = g_strdup ("no revocation list");
  return NULL;
}

MdVerdict *
md_revocation_check (MdRevocation *self, const MdVerdict *path, gint64 time)
{
  g_autofree char *ocsp_problem = NULL;
  g_autofree char *crl_problem = NULL;
  g_autofree char *detail = NULL;
  gboolean heard = FALSE;
  MdVerdict *verdict;

  if (path->status != MD_VERDICT_VALID || path->issuer == NULL)
    return md_verdict_ref (path);
  verdict = ask_ocsp (self, path, time, &heard, &ocsp_problem);
  if (verdict != NULL)
    return verdict;
  verdict = ask_crls (self, path, time, &crl_problem);
  if (verdict != NULL)
    return verdict;
  detail = g_strdup_printf ("%s; %s", ocsp_problem, crl_problem);
  return md_verdict_new_after (path, heard ? MD_VERDICT_REVOCATION_UNKNOWN : MD_VERDICT_DEFERRED,
                               time, detail);
}

MdVerdict *
md_revocation_check_evidence (const MdVerdict *path, GBytes *ocsp_response, gint64 time)
{
  const MdOcspQuestion question = { .path = path, .time = time, .max_age = 24 * HOUR };
  g_autofree char *problem = NULL;
  MdVerdict *verdict;

  if (path->status != MD_VERDICT_VALID || path->issuer == NULL)
    return md_verdict_ref (path);
  verdict = md_ocsp_judge (&question, ocsp_response, &problem);
  if (verdict == NULL)
    verdict = md_verdict_new_after (path, MD_VERDICT_REVOCATION_UNKNOWN, time, problem);
  return verdict;
}

MdVerdict *
md_revocation_check_crl_evidence (const MdVerdict *path, GBytes *bytes, gint64 time)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *problem = NULL;
  MdVerdict *verdict = NULL;
  MdCrl *crl = NULL;

  if (path->status != MD_VERDICT_VALID || path->issuer == NULL)
    return md_verdict_ref (path);
  crl = md_crl_new (bytes, &error);
  if (crl != NULL)
    verdict = md_crl_judge (crl, path, time, 0, &problem);
  md_crl_free (crl);
  if (verdict == NULL)
    verdict = md_verdict_new_after (path, MD_VERDICT_REVOCATION_UNKNOWN, time,
                                    problem != NULL ? problem : error->message);
  return verdict;
}
