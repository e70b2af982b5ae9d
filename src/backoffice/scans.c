// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "case-private.h"
#include "scans.h"

#include <glib/gi18n.h>
#include <string.h>

#define NAME_MAX_LENGTH 64u

void
scan_free (Scan *self)
{
  if (self == NULL)
    return;
  if (self->document != NULL)
    md_scan_document_wipe (self->document);
  g_clear_object (&self->document);
  g_free (self);
}

static MdScanDocument *
open_document (const Case *self, const Desk *desk, guint number, gboolean vault, GError **error)
{
  g_autofree char *name = md_seal_make_attachment_name (number);
  g_autoptr (GError) local = NULL;
  g_autoptr (GBytes) plain = md_container_open_part (
      self->container, name, vault ? desk->vault_key : desk->business_key,
      vault ? desk->vault_certificate : desk->business_certificate, &local);
  g_autoptr (MdSecret) bytes = NULL;
  MdScanDocument *document;

  if (plain == NULL)
    {
      g_set_error (error, CASE_ERROR, CASE_ERROR_UNOPENED,
                   _ ("Intake %s: %s is not sealed to this desk's keys, or damaged (%s)."),
                   self->entry->intake, name, local->message);
      return NULL;
    }
  bytes = md_secret_new_from_data (g_bytes_get_data (plain, NULL), g_bytes_get_size (plain));
  document = md_scan_document_new_sealed (bytes, NULL, &local);
  if (document == NULL)
    (void)_case_forged (error, self->entry->intake, local->message);
  return document;
}

static gboolean
is_as_said (MdScanDocument *self, const MdManifestPart *part, const MdRecord *said)
{
  const char *type = md_scan_kind_get_media_type (md_scan_document_get_facts (self)->kind);
  gint64 size = 0;

  return g_strcmp0 (md_record_get_text (said, "sha256"), md_scan_document_get_sha256 (self)) == 0
         && g_strcmp0 (md_record_get_text (said, "content_type"), type) == 0
         && g_strcmp0 (part->content_type, type) == 0
         && md_record_as_int (md_record_get (said, "size"), &size)
         && (gsize)size == md_scan_document_get_size (self);
}

/* Names of the form and of an inquiry, and none that only looks like one when it is printed. */
static gboolean
is_name (const char *text)
{
  const gsize size = text != NULL ? strlen (text) : 0;

  return size > 0 && size <= NAME_MAX_LENGTH
         && strspn (text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_./:")
                == size;
}

static gboolean
is_paper (const MdRecord *paper)
{
  return is_name (md_record_get_text (paper, "paper"))
         && is_name (md_record_get_text (paper, "how"))
         && (md_record_get (paper, "inquiry") == NULL
             || is_name (md_record_get_text (paper, "inquiry")));
}

/* One of a form that is not known here may be of any. */
static MdSensitivity
class_of (const Case *self, const Desk *desk, const char *paper)
{
  MdForm *form = desk_find_form (desk, md_container_get_manifest (self->container));

  return form != NULL ? md_form_get_paper_class (form, paper) : MD_CLASS_MY_NUMBER;
}

/* The manifest says how it is sealed, and where the form is known here that is as the class of the
 * paper asks. A terminal of before does not say: it sealed every scan to the business system. */
static gboolean
is_sealed_by_class (const Case *self, const Desk *desk, const MdManifestPart *part,
                    MdSensitivity class)
{
  return part->readers == NULL
         || desk_find_form (desk, md_container_get_manifest (self->container)) == NULL
         || (class == MD_CLASS_MY_NUMBER) == g_str_equal (part->readers, MD_SEAL_READERS_NUMBER);
}

/* Opens it and holds it against what is said of it; one for the vault stays closed where its key is
 * not here. */
static gboolean
open_scan (const Case *self, const Desk *desk, const MdManifestPart *part, Scan *scan,
           GError **error)
{
  const gboolean vault = g_strcmp0 (part->readers, MD_SEAL_READERS_NUMBER) == 0;

  if (!is_sealed_by_class (self, desk, part, scan->class))
    return _case_forged (error, self->entry->intake,
                         "a scanned document is not sealed as the class of its paper asks");
  if (vault && desk->vault_key == NULL)
    return TRUE;
  scan->document = open_document (self, desk, scan->number, vault, error);
  if (scan->document == NULL)
    return FALSE;
  if (!is_as_said (scan->document, part, scan->said))
    return _case_forged (error, self->entry->intake,
                         "a scanned document is not the one that the application names");
  md_scan_document_set_scanner (scan->document, md_record_get_text (scan->said, "scanner"));
  return TRUE;
}

/* The next one, which is @said of @paper. */
static gboolean
add_scan (const Case *self, const Desk *desk, const MdRecord *paper, const MdRecord *said,
          GPtrArray *scans, GError **error)
{
  const guint number = scans->len + 1;
  g_autofree char *name
      = number <= MD_SEAL_MAX_ATTACHMENTS ? md_seal_make_attachment_name (number) : NULL;
  const MdManifestPart *part
      = name != NULL ? md_manifest_find_part (md_container_get_manifest (self->container), name)
                     : NULL;
  g_autoptr (Scan) scan = g_new0 (Scan, 1);

  if (part == NULL)
    return _case_forged (error, self->entry->intake,
                         "the application names a scanned document that is not there");
  scan->number = number;
  scan->paper = md_record_get_text (paper, "paper");
  scan->how = md_record_get_text (paper, "how");
  scan->class = class_of (self, desk, scan->paper);
  scan->said = said;
  if (!open_scan (self, desk, part, scan, error))
    return FALSE;
  g_ptr_array_add (scans, g_steal_pointer (&scan));
  return TRUE;
}

GPtrArray *
scans_open (const Case *self, const Desk *desk, GError **error)
{
  const MdManifest *manifest = md_container_get_manifest (self->container);
  g_autoptr (GPtrArray) scans = g_ptr_array_new_with_free_func ((GDestroyNotify)scan_free);

  for (gsize i = 0; i < md_record_get_size (self->papers); i++)
    {
      const MdRecord *paper = md_record_get_entry (self->papers, i);
      const MdRecord *documents = md_record_get (paper, "documents");

      if (!is_paper (paper))
        {
          (void)_case_forged (error, self->entry->intake,
                              "the application names a paper by what is no name");
          return NULL;
        }
      for (gsize k = 0; k < md_record_get_size (documents); k++)
        if (!add_scan (self, desk, paper, md_record_get_entry (documents, k), scans, error))
          return NULL;
    }
  if (scans->len == md_manifest_count_attachments (manifest, NULL, NULL))
    return g_steal_pointer (&scans);
  (void)_case_forged (error, self->entry->intake,
                      "it holds a scanned document that the application does not name");
  return NULL;
}
