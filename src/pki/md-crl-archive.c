// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "md-crl-archive.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <md-base.h>
#include <string.h>
#include <sys/stat.h>
#include "md-crl-private.h"

#define DIGEST_LENGTH 64

/* NULL for what is no digest: it comes out of evidence. (transfer full) */
static char *
make_name (const char *path, const char *sha256)
{
  g_autofree char *name = NULL;

  if (sha256 == NULL || strlen (sha256) != DIGEST_LENGTH
      || strspn (sha256, "0123456789abcdef") != DIGEST_LENGTH)
    return NULL;
  name = g_strconcat (sha256, ".crl", NULL);
  return g_build_filename (path, name, NULL);
}

static GBytes *
read_file (const char *name)
{
  GStatBuf status;
  char *contents = NULL;
  gsize size = 0;

  if (g_stat (name, &status) != 0 || !S_ISREG (status.st_mode)
      || (guint64)status.st_size > MD_LIMIT_CRL
      || !g_file_get_contents (name, &contents, &size, NULL))
    return NULL;
  return g_bytes_new_take (contents, size);
}

GBytes *
md_crl_archive_find (const char *path, const char *sha256)
{
  g_autofree char *name = make_name (path, sha256);
  g_autoptr (GBytes) list = name != NULL ? read_file (name) : NULL;
  g_autofree char *digest
      = list != NULL ? g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, list) : NULL;

  return g_strcmp0 (digest, sha256) == 0 ? g_steal_pointer (&list) : NULL;
}

static gboolean
is_signed_by_one (MdCrl *crl, const GPtrArray *issuers)
{
  for (guint i = 0; i < issuers->len; i++)
    if (md_crl_is_signed_by (crl, g_ptr_array_index (issuers, i)))
      return TRUE;
  return FALSE;
}

static gboolean
write_file (const char *path, const char *sha256, GBytes *der, GError **error)
{
  g_autofree char *name = make_name (path, sha256);
  gsize size = 0;
  const char *data = g_bytes_get_data (der, &size);

  if (g_mkdir_with_parents (path, 0755) != 0)
    {
      g_set_error (error, MD_PKI_ERROR, MD_PKI_ERROR_IO, "%s: %s", path, g_strerror (errno));
      return FALSE;
    }
  return g_file_set_contents_full (name, data, (gssize)size,
                                   G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                   0644, error);
}

gboolean
md_crl_archive_keep (const char *path, GBytes *list, const GPtrArray *issuers,
                     MdCrlOffer *out_offer, char **out_sha256, GError **error)
{
  g_autoptr (MdCrl) crl = md_crl_new (list, NULL);
  g_autoptr (GBytes) der = NULL;
  g_autoptr (GBytes) there = NULL;
  const char *sha256 = NULL;

  *out_offer = MD_CRL_OFFER_UNREADABLE;
  if (crl == NULL)
    return TRUE;
  *out_offer = MD_CRL_OFFER_FOREIGN;
  if (!is_signed_by_one (crl, issuers))
    return TRUE;
  *out_offer = MD_CRL_OFFER_UNFIT;
  if (!md_crl_is_whole (crl))
    return TRUE;
  sha256 = md_crl_get_facts (crl)->sha256;
  there = md_crl_archive_find (path, sha256);
  *out_offer = there != NULL ? MD_CRL_OFFER_SAME : MD_CRL_OFFER_TAKEN;
  der = md_crl_dup_der (crl);
  if (there == NULL && !write_file (path, sha256, der, error))
    return FALSE;
  if (out_sha256 != NULL)
    *out_sha256 = g_strdup (sha256);
  return TRUE;
}
