// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <md-base.h>
#include <string.h>
#include "md-container-private.h"

G_DEFINE_BOXED_TYPE (MdContainer, md_container, md_container_ref, md_container_unref)

MdContainer *
md_container_ref (MdContainer *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
container_clear (gpointer data)
{
  MdContainer *self = data;

  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_clear_pointer (&self->sha256, g_free);
  g_clear_pointer (&self->entries, g_ptr_array_unref);
  g_clear_pointer (&self->manifest, md_manifest_free);
}

void
md_container_unref (MdContainer *self)
{
  if (self != NULL)
    g_atomic_rc_box_release_full (self, container_clear);
}

GBytes *
md_container_get_bytes (const MdContainer *self)
{
  return self->bytes;
}

const char *
md_container_get_sha256 (const MdContainer *self)
{
  return self->sha256;
}

const MdManifest *
md_container_get_manifest (const MdContainer *self)
{
  return self->manifest;
}

GBytes *
md_container_get_entry (const MdContainer *self, const char *name)
{
  return md_zip_entries_find (self->entries, name);
}

guint
md_container_get_last_signature (const MdContainer *self)
{
  return self->last_signature;
}

GBytes *
md_container_get_numbered (const MdContainer *self, MdSealName kind, guint number)
{
  g_autofree char *name = md_seal_name_make (kind, number);

  return md_container_get_entry (self, name);
}

static gboolean
malformed (GError **error, const char *message)
{
  g_set_error_literal (error, MD_SEAL_ERROR, MD_SEAL_ERROR_MALFORMED, message);
  return FALSE;
}

/* Only known names; what each of them may weigh was limited by the ZIP reader and is by its own
 * parser. */
static gboolean
check_names (MdContainer *self, GError **error)
{
  const MdZipEntry *first = self->entries->len > 0 ? g_ptr_array_index (self->entries, 0) : NULL;
  guint number = 0;

  if (first == NULL || strcmp (first->name, MD_SEAL_ENTRY_MIMETYPE) != 0
      || g_bytes_get_size (first->bytes) != strlen (MD_SEAL_MEDIA_TYPE)
      || memcmp (g_bytes_get_data (first->bytes, NULL), MD_SEAL_MEDIA_TYPE,
                 strlen (MD_SEAL_MEDIA_TYPE))
             != 0)
    return malformed (error, "the container does not begin with the media type of ASiC-E");
  for (guint i = 1; i < self->entries->len; i++)
    {
      const MdZipEntry *entry = g_ptr_array_index (self->entries, i);
      const MdSealName kind = md_seal_name_read (entry->name, &number);

      if (kind == MD_SEAL_NAME_UNKNOWN)
        return malformed (error, "the container has an entry that does not belong there");
      if (kind == MD_SEAL_NAME_SIGNATURE)
        self->last_signature = MAX (self->last_signature, number);
    }
  return TRUE;
}

/* 001 without a decision, then a decision for each number up to the last, and nothing beyond. */
static gboolean
check_numbers (const MdContainer *self, GError **error)
{
  guint numbered = 0;
  guint number = 0;
  gboolean complete = self->last_signature >= 1;

  for (guint n = 1; n <= self->last_signature; n++)
    if (md_container_get_numbered (self, MD_SEAL_NAME_ASIC_MANIFEST, n) == NULL
        || md_container_get_numbered (self, MD_SEAL_NAME_SIGNATURE, n) == NULL
        || (n > 1 && md_container_get_numbered (self, MD_SEAL_NAME_DECISION, n) == NULL))
      complete = FALSE;
  for (guint i = 0; i < self->entries->len; i++)
    {
      const MdZipEntry *entry = g_ptr_array_index (self->entries, i);

      (void)md_seal_name_read (entry->name, &number);
      numbered += number > 0 ? 1 : 0;
    }
  if (!complete || numbered != self->last_signature * 3 - 1)
    return malformed (error, "the container's signatures are not complete");
  return TRUE;
}

/* The parts in the container are those in the manifest, in its order; sizes are compared here,
 * digests by verify. */
static gboolean
check_parts (const MdContainer *self, GError **error)
{
  guint at = 0;
  guint number = 0;

  for (guint i = 0; i < self->entries->len; i++)
    {
      const MdZipEntry *entry = g_ptr_array_index (self->entries, i);
      const MdManifestPart *part
          = at < self->manifest->parts->len ? g_ptr_array_index (self->manifest->parts, at) : NULL;

      if (md_seal_name_read (entry->name, &number) != MD_SEAL_NAME_PART)
        continue;
      if (part == NULL || strcmp (part->name, entry->name) != 0
          || part->size != g_bytes_get_size (entry->bytes))
        return malformed (error, "the container's parts are not those of its manifest");
      at++;
    }
  if (at != self->manifest->parts->len)
    return malformed (error, "a part that the manifest names is missing");
  return TRUE;
}

MdContainer *
md_container_parse (GBytes *bytes, GError **error)
{
  g_autoptr (MdContainer) self = g_atomic_rc_box_new0 (MdContainer);
  GBytes *manifest;

  self->bytes = g_bytes_ref (bytes);
  self->entries = md_zip_read (bytes, error);
  if (self->entries == NULL || !check_names (self, error) || !check_numbers (self, error))
    return NULL;
  manifest = md_container_get_entry (self, MD_SEAL_ENTRY_MANIFEST);
  if (manifest == NULL)
    {
      malformed (error, "the container has no manifest");
      return NULL;
    }
  self->manifest = md_manifest_parse (manifest, error);
  if (self->manifest == NULL || !check_parts (self, error))
    return NULL;
  self->sha256 = md_seal_sha256 (bytes);
  return g_steal_pointer (&self);
}

GBytes *
md_container_open_part (const MdContainer *self, const char *name, MdKey *key,
                        const MdCertificate *certificate, GError **error)
{
  GBytes *sealed = md_seal_is_part_name (name) ? md_container_get_entry (self, name) : NULL;

  if (sealed == NULL)
    {
      g_set_error (error, MD_SEAL_ERROR, MD_SEAL_ERROR_NO_PART, "the container has no %s", name);
      return NULL;
    }
  return md_cms_open (sealed, key, certificate, error);
}

MdDecisionFiles *
md_container_dup_decision (const MdContainer *self, guint n)
{
  if (n < 2 || n > self->last_signature)
    return NULL;
  return md_decision_files_new (n, md_container_get_numbered (self, MD_SEAL_NAME_DECISION, n),
                                md_container_get_numbered (self, MD_SEAL_NAME_ASIC_MANIFEST, n),
                                md_container_get_numbered (self, MD_SEAL_NAME_SIGNATURE, n));
}

static void
append (GPtrArray *entries, MdSealName kind, guint number, GBytes *bytes)
{
  g_autofree char *name = md_seal_name_make (kind, number);

  md_zip_entries_add (entries, name, bytes);
}

GBytes *
md_container_append_decision (const MdContainer *self, const MdDecisionFiles *files, GError **error)
{
  g_autoptr (GPtrArray) entries = md_zip_entries_new ();

  if (files->n != self->last_signature + 1 || files->n > MD_SEAL_MAX_SIGNATURES)
    {
      malformed (error, "the decision is not the next one of this container");
      return NULL;
    }
  for (guint i = 0; i < self->entries->len; i++)
    {
      const MdZipEntry *entry = g_ptr_array_index (self->entries, i);

      md_zip_entries_add (entries, entry->name, entry->bytes);
    }
  append (entries, MD_SEAL_NAME_DECISION, files->n, files->decision);
  append (entries, MD_SEAL_NAME_ASIC_MANIFEST, files->n, files->manifest);
  append (entries, MD_SEAL_NAME_SIGNATURE, files->n, files->signature);
  return md_zip_write (entries, error);
}
