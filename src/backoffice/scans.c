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

static gboolean
is_for_vault (const MdManifestPart *part)
{
  return g_strcmp0 (part->readers, MD_SEAL_READERS_NUMBER) == 0;
}

/* Of what class it is: as the form says here, and as it was sealed. The class of a paper may have
 * been corrected since, or the forms of this desk be behind the terminal's; where the two differ,
 * the stricter holds. One of a form that is not known here may be of any class. A terminal of
 * before does not say how it sealed: every scan to the business system. */
static void
set_class (Scan *scan, const Case *self, const Desk *desk, const MdManifestPart *part)
{
  MdForm *form = desk_find_form (desk, md_container_get_manifest (self->container));
  const MdSensitivity by_form
      = form != NULL ? md_form_get_paper_class (form, scan->paper) : MD_CLASS_MY_NUMBER;

  scan->class_differs = part->readers != NULL && form != NULL
                        && (by_form == MD_CLASS_MY_NUMBER) != is_for_vault (part);
  scan->class = is_for_vault (part) ? MD_CLASS_MY_NUMBER : by_form;
}

/* Opens it with the key to which it was sealed, and holds it against what is said of it; one for
 * the vault stays closed where its key is not here. */
static gboolean
open_scan (const Case *self, const Desk *desk, const MdManifestPart *part, Scan *scan,
           GError **error)
{
  const gboolean vault = is_for_vault (part);

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
  set_class (scan, self, desk, part);
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
