// SPDX-License-Identifier: Apache-2.0
// Papers and their scans as they are sealed: what the application says of them, and what a draft
// keeps of them.
#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "md-form-data-private.h"

/* What a loaded application says of one of its scans. */
typedef struct
{
  MdAttachment *paper; /* of the data, which outlives this */
  MdScanKind kind;
  char *sha256, *scanner;
} ExpectedDocument;

static void
expected_free (gpointer data)
{
  ExpectedDocument *expected = data;

  g_free (expected->sha256);
  g_free (expected->scanner);
  g_free (expected);
}

MdAttachment *
_md_form_data_find_paper (MdFormData *self, const char *id)
{
  const guint n = g_list_model_get_n_items (G_LIST_MODEL (self->attachments));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (MdAttachment) paper = g_list_model_get_item (G_LIST_MODEL (self->attachments), i);

      if (g_strcmp0 (md_attachment_get_id (paper), id) == 0)
        return paper; /* the form keeps it */
    }
  return NULL;
}

/* What is not due is not sealed. */
static gboolean
counts (MdAttachment *paper)
{
  return md_attachment_get_due (paper) && md_attachment_get_handed_in (paper);
}

static gboolean
says_more (MdAttachment *paper)
{
  return counts (paper)
         && (md_attachment_get_how (paper) != MD_PAPER_KEPT
             || g_list_model_get_n_items (md_attachment_get_documents (paper)) > 0);
}

/* --- the application --- */

static MdRecord *
document_to_record (MdScanDocument *document, guint number)
{
  const MdScanFacts *facts = md_scan_document_get_facts (document);
  g_autofree char *part = g_strdup_printf ("%02u", number);
  MdRecord *object = md_record_new_object ();

  md_record_set_text (object, "part", part);
  md_record_set_text (object, "content_type", md_scan_kind_get_media_type (facts->kind));
  md_record_set_int (object, "pages", facts->pages);
  md_record_set_int (object, "size", (gint64)md_scan_document_get_size (document));
  md_record_set_text (object, "sha256", md_scan_document_get_sha256 (document));
  md_record_set_text (object, "scanner", md_scan_document_get_scanner (document));
  return object;
}

static MdRecord *
paper_to_record (MdAttachment *paper, guint *number)
{
  GListModel *documents = md_attachment_get_documents (paper);
  const guint n = g_list_model_get_n_items (documents);
  MdRecord *object = md_record_new_object (), *list = n > 0 ? md_record_new_list () : NULL;

  md_record_set_text (object, "paper", md_attachment_get_id (paper));
  md_record_set_text (object, "how", md_paper_how_to_id (md_attachment_get_how (paper)));
  if (md_attachment_get_how (paper) == MD_PAPER_WAIVED)
    md_record_set_text (object, "inquiry", md_attachment_get_inquiry (paper));
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (MdScanDocument) document = g_list_model_get_item (documents, i);

      md_record_append_take (list, document_to_record (document, ++*number));
    }
  if (list)
    md_record_take (object, "documents", list);
  return object;
}

MdRecord *
_md_form_data_papers_to_record (MdFormData *self)
{
  const guint n = g_list_model_get_n_items (G_LIST_MODEL (self->attachments));
  MdRecord *list = md_record_new_list ();
  gboolean more = FALSE;
  guint number = 0;

  for (guint i = 0; i < n && !more; i++)
    {
      g_autoptr (MdAttachment) paper = g_list_model_get_item (G_LIST_MODEL (self->attachments), i);

      more = says_more (paper);
    }
  for (guint i = 0; i < n && more; i++)
    {
      g_autoptr (MdAttachment) paper = g_list_model_get_item (G_LIST_MODEL (self->attachments), i);

      if (counts (paper))
        md_record_append_take (list, paper_to_record (paper, &number));
    }
  return list;
}

GPtrArray *
md_form_data_list_documents (MdFormData *self)
{
  GPtrArray *all = g_ptr_array_new_with_free_func (g_object_unref);
  const guint n = g_list_model_get_n_items (G_LIST_MODEL (self->attachments));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (MdAttachment) paper = g_list_model_get_item (G_LIST_MODEL (self->attachments), i);
      GListModel *documents = md_attachment_get_documents (paper);

      for (guint k = 0; counts (paper) && k < g_list_model_get_n_items (documents); k++)
        g_ptr_array_add (all, g_list_model_get_item (documents, k));
    }
  return all;
}

GArray *
md_form_data_list_document_classes (MdFormData *self)
{
  GArray *all = g_array_new (FALSE, FALSE, sizeof (MdSensitivity));
  const guint n = g_list_model_get_n_items (G_LIST_MODEL (self->attachments));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (MdAttachment) paper = g_list_model_get_item (G_LIST_MODEL (self->attachments), i);
      const MdSensitivity class = md_attachment_get_class (paper);
      GListModel *documents = md_attachment_get_documents (paper);

      for (guint k = 0; counts (paper) && k < g_list_model_get_n_items (documents); k++)
        g_array_append_val (all, class);
    }
  return all;
}

static gboolean
expect_document (MdFormData *self, MdAttachment *paper, const MdRecord *document)
{
  g_autofree char *part = g_strdup_printf ("%02u", self->expected->len + 1);
  const char *sha256 = md_record_get_text (document, "sha256");
  ExpectedDocument *expected;
  MdScanKind kind;

  if (g_strcmp0 (md_record_get_text (document, "part"), part) != 0 || !sha256
      || !md_scan_kind_look_up (md_record_get_text (document, "content_type"), &kind))
    return FALSE;
  expected = g_new0 (ExpectedDocument, 1);
  expected->paper = paper;
  expected->kind = kind;
  expected->sha256 = g_strdup (sha256);
  expected->scanner = g_strdup (md_record_get_text (document, "scanner"));
  g_ptr_array_add (self->expected, expected);
  return TRUE;
}

/* What was sealed is read as it was sealed: today's rules of what may be left out are for what is
 * entered. */
static gboolean
load_paper (MdFormData *self, const MdRecord *object)
{
  static const char *const members[] = { "paper", "how", "inquiry", "documents", NULL };
  MdAttachment *paper = _md_form_data_find_paper (self, md_record_get_text (object, "paper"));
  const MdRecord *documents = md_record_get (object, "documents");
  const char *inquiry = md_record_get_text (object, "inquiry");
  MdPaperHow how;

  if (!paper || !md_record_has_only (object, members)
      || !_md_paper_how_look_up (md_record_get_text (object, "how"), &how)
      || (documents && !md_record_is_list (documents)))
    return FALSE;
  for (gsize i = 0; i < md_record_get_size (documents); i++)
    if (!expect_document (self, paper, md_record_get_entry (documents, i)))
      return FALSE;
  if (how == MD_PAPER_WAIVED)
    {
      _md_attachment_put_waived (paper, inquiry);
      return inquiry && *inquiry != '\0' && md_record_get_size (documents) == 0;
    }
  md_attachment_set_inquiry (paper, inquiry);
  /* Its scans come later, and say the same. */
  if (how != MD_PAPER_SCANNED)
    md_attachment_set_how (paper, how);
  return how == MD_PAPER_SCANNED ? md_record_get_size (documents) > 0
                                 : md_attachment_get_handed_in (paper);
}

gboolean
_md_form_data_load_papers (MdFormData *self, const MdRecord *papers)
{
  g_clear_pointer (&self->expected, g_ptr_array_unref);
  self->expected = g_ptr_array_new_with_free_func (expected_free);
  if (papers && !md_record_is_list (papers))
    return FALSE;
  for (gsize i = 0; i < md_record_get_size (papers); i++)
    if (!load_paper (self, md_record_get_entry (papers, i)))
      return FALSE;
  return TRUE;
}

static gboolean
load_document (const ExpectedDocument *expected, MdScanDocument *document)
{
  /* It was sealed by the policy of its day, to which the service held it; these eyes may have been
   * given more since. */
  if (!document)
    {
      _md_attachment_add_closed (expected->paper);
      return TRUE;
    }
  if (md_scan_document_get_facts (document)->kind != expected->kind
      || !g_str_equal (md_scan_document_get_sha256 (document), expected->sha256))
    return FALSE;
  md_scan_document_set_scanner (document, expected->scanner);
  md_attachment_add_document (expected->paper, document);
  return TRUE;
}

gboolean
md_form_data_load_documents (MdFormData *self, const GPtrArray *documents, GError **error)
{
  gboolean fits = self->expected && self->expected->len == documents->len;

  for (guint i = 0; fits && i < documents->len; i++)
    fits = load_document (g_ptr_array_index (self->expected, i), g_ptr_array_index (documents, i));
  if (!fits)
    g_set_error_literal (error, MD_FORMS_ERROR, MD_FORMS_ERROR_DATA,
                         _ ("The attached documents are not those of the application. Do not "
                            "approve it."));
  return fits;
}

/* --- a draft --- */

/* As base64, made and kept in the pages of a secret. */
static MdSecret *
encode (MdSecret *bytes)
{
  const gsize size = md_secret_get_size (bytes);
  g_autoptr (MdSecret) text = md_secret_new ((size / 3 + 2) * 4);
  char *out = (char *)md_secret_resize (text, (size / 3 + 2) * 4);
  int state = 0, save = 0;
  gsize n = g_base64_encode_step (md_secret_get_data (bytes), size, FALSE, out, &state, &save);

  n += g_base64_encode_close (FALSE, out + n, &state, &save);
  (void)md_secret_resize (text, n);
  return g_steal_pointer (&text);
}

static MdSecret *
decode (const char *base64)
{
  const gsize size = strlen (base64);
  g_autoptr (MdSecret) bytes = md_secret_new (size / 4 * 3 + 3);
  guint8 *out = md_secret_resize (bytes, size / 4 * 3 + 3);
  int state = 0;
  guint save = 0;
  const gsize n = g_base64_decode_step (base64, size, out, &state, &save);

  (void)md_secret_resize (bytes, n);
  return g_steal_pointer (&bytes);
}

void
_md_attachment_to_draft (MdAttachment *self, MdRecord *object)
{
  GListModel *documents = md_attachment_get_documents (self);
  MdRecord *list = md_record_new_list ();

  md_record_set_text (object, "how", md_paper_how_to_id (md_attachment_get_how (self)));
  if (md_attachment_get_inquiry (self))
    md_record_set_text (object, "inquiry", md_attachment_get_inquiry (self));
  for (guint i = 0; i < g_list_model_get_n_items (documents); i++)
    {
      g_autoptr (MdScanDocument) document = g_list_model_get_item (documents, i);
      g_autoptr (MdSecret) text = encode (md_scan_document_get_bytes (document));
      MdRecord *kept = md_record_new_object ();

      md_record_set_text (kept, "data", md_secret_get_text (text));
      md_record_set_text (kept, "scanner", md_scan_document_get_scanner (document));
      md_record_append_take (list, kept);
    }
  md_record_take (object, "documents", list);
}

MdScanDocument *
_md_attachment_read_kept (const MdRecord *kept, GCancellable *cancellable)
{
  const char *base64 = md_record_get_text (kept, "data");
  g_autoptr (MdSecret) bytes = base64 ? decode (base64) : NULL;
  MdScanDocument *document = bytes ? md_scan_document_new (bytes, cancellable, NULL) : NULL;

  if (document)
    md_scan_document_set_scanner (document, md_record_get_text (kept, "scanner"));
  return document;
}

static gboolean
take_document (MdAttachment *self, const MdRecord *kept, GHashTable *scans)
{
  MdScanDocument *known = scans ? g_hash_table_lookup (scans, kept) : NULL;
  g_autoptr (MdScanDocument) document = NULL;

  if (known)
    document = g_object_ref (known);
  else if (!scans)
    document = _md_attachment_read_kept (kept, NULL);
  if (!document)
    return FALSE;
  md_attachment_add_document (self, document);
  return TRUE;
}

gboolean
_md_attachment_take_draft (MdAttachment *self, const MdRecord *object, GHashTable *scans)
{
  const MdRecord *documents = md_record_get (object, "documents");
  const char *id = md_record_get_text (object, "how");
  MdPaperHow how = MD_PAPER_KEPT; /* what a draft of before says by naming the paper */
  gboolean whole = !id || _md_paper_how_look_up (id, &how);

  for (gsize i = 0; i < md_record_get_size (documents); i++)
    whole = take_document (self, md_record_get_entry (documents, i), scans) && whole;
  md_attachment_set_inquiry (self, md_record_get_text (object, "inquiry"));
  md_attachment_set_how (self, how);
  return whole;
}

/* --- who may see them --- */

static MdFilterQuestion
question_of (MdFormData *self, MdAttachment *paper, gboolean revealed)
{
  return (MdFilterQuestion){ .viewer = self->viewer,
                             .profile = self->form->profile,
                             .step = self->step,
                             .sensitivity = _md_attachment_get_paper (paper)->sensitivity,
                             .in_procedure = TRUE,
                             .writable = TRUE,
                             .filled = TRUE,
                             .revealed = revealed,
                             .covered = self->covered };
}

MdView
md_form_data_view_documents (MdFormData *self, MdAttachment *paper, gboolean revealed)
{
  const MdFilterQuestion question = question_of (self, paper, revealed);

  return md_filter (&question);
}
