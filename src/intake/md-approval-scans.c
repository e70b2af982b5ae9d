// SPDX-License-Identifier: Apache-2.0
// The scanned documents of an application, for the approving officer.
#include "config.h"

#include <glib/gi18n.h>

#include "md-approval-private.h"

static void
document_free (gpointer document)
{
  if (document)
    g_object_unref (document);
}

gboolean
_md_approval_has_no_memory (GError **error)
{
  g_set_error_literal (error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_UNAVAILABLE,
                       _ ("This terminal has not enough memory to open the application. Close "
                          "other programs, or open it at another terminal."));
  return FALSE;
}

/* Nothing that a scan can be: not a limit of today's inspection. */
static gboolean
is_of_no_kind (const GError *error)
{
  return g_error_matches (error, MD_SCAN_ERROR, MD_SCAN_ERROR_KIND)
         || g_error_matches (error, MD_SCAN_ERROR, MD_SCAN_ERROR_SIZE);
}

gboolean
_md_approval_open_scans (MdContainer *container, MdKey *key, const MdCertificate *certificate,
                         GCancellable *cancellable, GPtrArray **out_scans, GError **error)
{
  const MdManifest *manifest = md_container_get_manifest (container);
  const guint n = md_manifest_count_attachments (manifest, NULL, NULL);
  g_autoptr (GPtrArray) scans = g_ptr_array_new_with_free_func (document_free);

  for (guint i = 1; i <= n && i <= MD_SEAL_MAX_ATTACHMENTS; i++)
    {
      g_autofree char *name = md_seal_make_attachment_name (i);
      GBytes *sealed = md_container_get_entry (container, name);
      const gboolean closed = sealed && !md_cms_is_recipient (sealed, certificate);
      g_autoptr (GBytes) bytes
          = closed ? NULL : md_container_open_part (container, name, key, certificate, error);
      gsize size;
      gconstpointer data = bytes ? g_bytes_get_data (bytes, &size) : NULL;
      g_autoptr (MdSecret) secret = data ? md_secret_new_from_data (data, size) : NULL;
      g_autoptr (GError) cause = NULL;
      MdScanDocument *document
          = secret ? md_scan_document_new_sealed (secret, cancellable, &cause) : NULL;

      if (!bytes && !closed)
        return FALSE;
      if (data && !secret)
        return _md_approval_has_no_memory (error);
      if (cause && !is_of_no_kind (cause))
        {
          g_propagate_error (error, g_steal_pointer (&cause));
          return FALSE;
        }
      if (!document && !closed) /* one too few: the application says more */
        break;
      g_ptr_array_add (scans, document);
    }
  *out_scans = g_steal_pointer (&scans);
  return TRUE;
}

/* What is left out for an inquiry has the id of its result, which the officer may look up. One
 * that was sealed under an older rule may have another: the officer decides, and is told. */
static void
add_waived (MdApproval *self)
{
  GListModel *papers = md_form_data_get_attachments (self->data);

  for (guint i = 0; i < g_list_model_get_n_items (papers); i++)
    {
      g_autoptr (MdAttachment) paper = g_list_model_get_item (papers, i);
      g_autofree char *label = NULL, *word = NULL;

      if (md_attachment_get_how (paper) != MD_PAPER_WAIVED)
        continue;
      g_object_get (paper, "label", &label, NULL);
      word = g_strdup_printf (
          md_attachment_takes_inquiry (paper, md_attachment_get_inquiry (paper))
              ? _ ("Left out; result of the inquiry: %s")
              : _ (
                  "Left out; \"%s\" is no number that stands for this paper today. Look the result "
                  "up, or return the application."),
          md_attachment_get_inquiry (paper));
      _md_approval_add_check (self, "waived", label, MD_CHECK_DEFERRED, word);
    }
}

/* That there is more than these eyes see, for those who approve it. */
static void
add_closed (MdApproval *self)
{
  GListModel *papers = md_form_data_get_attachments (self->data);
  g_autofree char *word = NULL;
  guint closed = 0;

  for (guint i = 0; i < g_list_model_get_n_items (papers); i++)
    {
      g_autoptr (MdAttachment) paper = g_list_model_get_item (papers, i);

      closed += md_attachment_get_closed (paper);
    }
  if (closed == 0)
    return;
  word = g_strdup_printf (
      g_dngettext (
          GETTEXT_PACKAGE, "%u not sealed to you: your role could not see it when it was handed in",
          "%u not sealed to you: your role could not see them when they were handed in", closed),
      closed);
  _md_approval_add_check (self, "scans-closed", _ ("Scanned documents"), MD_CHECK_DEFERRED, word);
}

/* What came in by an older inspection: the officer hears of it, and it is not drawn. */
static void
add_doubted (MdApproval *self, const GPtrArray *documents)
{
  g_autofree char *word = NULL;
  guint n = 0;

  for (guint i = 0; i < documents->len; i++)
    n += md_scan_document_get_passed (g_ptr_array_index (documents, i)) ? 0 : 1;
  if (n == 0)
    return;
  word = g_strdup_printf (
      g_dngettext (
          GETTEXT_PACKAGE,
          "%u is not shown: today's inspection does not pass it. Look at the paper itself, "
          "or return the application.",
          "%u are not shown: today's inspection does not pass them. Look at the papers "
          "themselves, or return the application.",
          n),
      n);
  _md_approval_add_check (self, "scans-doubted", _ ("Scanned documents"), MD_CHECK_DEFERRED, word);
}

gboolean
_md_approval_add_scans (MdApproval *self, const GPtrArray *scans, GError **error)
{
  g_autoptr (GPtrArray) documents = NULL;
  g_autofree char *word = NULL;
  guint checked = 0;

  if (!md_form_data_load_documents (self->data, scans, error))
    return FALSE;
  _md_approval_add_looks (self);
  add_waived (self);
  add_closed (self);
  documents = md_form_data_list_documents (self->data);
  if (documents->len == 0)
    return TRUE;
  add_doubted (self, documents);
  for (guint i = 0; i < documents->len; i++)
    checked += md_scan_document_get_scanner (g_ptr_array_index (documents, i)) ? 1 : 0;
  word = g_strdup_printf (checked == documents->len
                              ? g_dngettext (GETTEXT_PACKAGE, "%u, checked for viruses",
                                             "%u, checked for viruses", documents->len)
                              : g_dngettext (GETTEXT_PACKAGE, "%u, not checked for viruses",
                                             "%u, not checked for viruses", documents->len),
                          documents->len);
  _md_approval_add_check (self, "scans", _ ("Scanned documents"),
                          checked == documents->len ? MD_CHECK_PASSED : MD_CHECK_DEFERRED, word);
  return TRUE;
}
