// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <md-base.h>
#include <string.h>
#include "md-asic-private.h"
#include "md-container-builder.h"
#include "md-container-private.h"

struct _MdContainerBuilder
{
  MdManifest *manifest;
  GPtrArray *parts; /* MdZipEntry */
};

MdContainerBuilder *
md_container_builder_new (const MdManifest *manifest)
{
  MdContainerBuilder *self = g_new0 (MdContainerBuilder, 1);

  self->manifest = md_manifest_copy (manifest);
  g_ptr_array_set_size (self->manifest->parts, 0);
  self->parts = md_zip_entries_new ();
  return self;
}

void
md_container_builder_free (MdContainerBuilder *self)
{
  if (self == NULL)
    return;
  md_manifest_free (self->manifest);
  g_ptr_array_unref (self->parts);
  g_free (self);
}

static gboolean
check_name (const MdContainerBuilder *self, const char *name, GError **error)
{
  if (!md_seal_is_part_name (name) || md_zip_entries_find (self->parts, name) != NULL)
    {
      g_set_error (error, MD_SEAL_ERROR, MD_SEAL_ERROR_MALFORMED,
                   "%s is no name for a part, or there twice", name);
      return FALSE;
    }
  if (self->parts->len >= MD_SEAL_MAX_PARTS)
    {
      g_set_error_literal (error, MD_SEAL_ERROR, MD_SEAL_ERROR_LIMIT, "too many parts");
      return FALSE;
    }
  return TRUE;
}

gboolean
md_container_builder_add_sealed (MdContainerBuilder *self, const char *name, GBytes *sealed,
                                 GError **error)
{
  g_autofree char *sha256 = NULL;

  if (!check_name (self, name, error) || !md_cms_check_sealed (sealed, NULL, error))
    return FALSE;
  sha256 = md_seal_sha256 (sealed);
  md_zip_entries_add (self->parts, name, sealed);
  md_manifest_add_part (self->manifest, name, sha256, g_bytes_get_size (sealed));
  return TRUE;
}

gboolean
md_container_builder_add_part (MdContainerBuilder *self, const char *name, GBytes *data,
                               const GPtrArray *recipients, GError **error)
{
  g_autoptr (GBytes) sealed = NULL;
  gsize size = 0;
  const guint8 *clear = g_bytes_get_data (data, &size);

  if (!check_name (self, name, error))
    return FALSE;
  sealed = md_cms_seal (clear, size, recipients, error);
  return sealed != NULL && md_container_builder_add_sealed (self, name, sealed, error);
}

gboolean
md_container_builder_add_attachment (MdContainerBuilder *self, GBytes *data,
                                     const char *content_type, const char *readers,
                                     const GPtrArray *recipients, GError **error)
{
  const guint number = md_manifest_count_attachments (self->manifest, NULL, NULL) + 1;
  g_autofree char *name = NULL;
  MdManifestPart *part;

  if (number > MD_SEAL_MAX_ATTACHMENTS || !md_seal_is_content_type (content_type)
      || (readers != NULL && !md_seal_is_readers (readers)))
    {
      g_set_error_literal (error, MD_SEAL_ERROR, MD_SEAL_ERROR_LIMIT,
                           "too many attachments, or one of another kind");
      return FALSE;
    }
  name = md_seal_make_attachment_name (number);
  if (!md_container_builder_add_part (self, name, data, recipients, error))
    return FALSE;
  part = self->manifest->parts->pdata[self->manifest->parts->len - 1];
  part->content_type = g_strdup (content_type);
  part->readers = g_strdup (readers);
  return TRUE;
}

static void
add_text (GPtrArray *entries, const char *name, const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  md_zip_entries_add (entries, name, bytes);
}

/* The unsigned container: media type, manifest, parts. */
static GPtrArray *
build_entries (MdContainerBuilder *self, GError **error)
{
  g_autoptr (GPtrArray) entries = md_zip_entries_new ();
  g_autoptr (GBytes) manifest = md_manifest_encode (self->manifest, error);

  if (manifest == NULL)
    return NULL;
  add_text (entries, MD_SEAL_ENTRY_MIMETYPE, MD_SEAL_MEDIA_TYPE);
  md_zip_entries_add (entries, MD_SEAL_ENTRY_MANIFEST, manifest);
  for (guint i = 0; i < self->parts->len; i++)
    {
      const MdZipEntry *part = g_ptr_array_index (self->parts, i);

      md_zip_entries_add (entries, part->name, part->bytes);
    }
  return g_steal_pointer (&entries);
}

GBytes *
md_container_builder_sign (MdContainerBuilder *self, MdKey *key, const MdCertificate *certificate,
                           gint64 signing_time, GError **error)
{
  g_autoptr (GPtrArray) entries = NULL;
  g_autoptr (GPtrArray) covered = NULL;
  g_autoptr (GBytes) asic = NULL;
  g_autoptr (GBytes) signature = NULL;
  g_autofree char *asic_name = md_seal_name_make (MD_SEAL_NAME_ASIC_MANIFEST, 1);
  g_autofree char *signature_name = md_seal_name_make (MD_SEAL_NAME_SIGNATURE, 1);

  if (g_strcmp0 (md_certificate_get_subject_cn (certificate), self->manifest->clerk) != 0)
    {
      g_set_error_literal (error, MD_SEAL_ERROR, MD_SEAL_ERROR_MISMATCH,
                           "the certificate is not that of the clerk of this intake");
      return NULL;
    }
  g_free (self->manifest->signature_algorithm);
  self->manifest->signature_algorithm = g_strdup (md_seal_signature_algorithm (certificate));
  entries = build_entries (self, error);
  if (entries == NULL)
    return NULL;
  covered = md_container_entries_of_clerk (entries);
  asic = md_asic_write (1, covered, error);
  if (asic == NULL)
    return NULL;
  signature = md_cms_sign_detached (asic, key, certificate, NULL, signing_time, error);
  if (signature == NULL)
    return NULL;
  md_zip_entries_add (entries, asic_name, asic);
  md_zip_entries_add (entries, signature_name, signature);
  return md_zip_write (entries, error);
}
