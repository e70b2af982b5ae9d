// SPDX-License-Identifier: Apache-2.0
// Scanned documents: taken in at the step of the contents, and looked at.
#include "config.h"

#include <glib/gi18n.h>

#include "md-intake-flow-private.h"
#include "md-intake-scans.h"

const MdScanSettings *
md_desk_get_scanning (MdDesk *self)
{
  return self->scanning;
}

/* --- what there is --- */

/* All that are attached, due or not: how many, and how large together. */
static guint
count_scans (MdFormData *data, gsize *out_size)
{
  GListModel *papers = md_form_data_get_attachments (data);
  guint n = 0;

  *out_size = 0;
  for (guint i = 0; i < g_list_model_get_n_items (papers); i++)
    {
      g_autoptr (MdAttachment) paper = g_list_model_get_item (papers, i);
      GListModel *documents = md_attachment_get_documents (paper);

      for (guint k = 0; k < g_list_model_get_n_items (documents); k++, n++)
        {
          g_autoptr (MdScanDocument) document = g_list_model_get_item (documents, k);

          *out_size += md_scan_document_get_size (document);
        }
    }
  return n;
}

char *
md_intake_describe_scans (MdIntake *self)
{
  gsize size = 0;
  const guint n = self->data ? count_scans (self->data, &size) : 0;
  MdPolicy *policy = self->desk ? md_desk_get_policy (self->desk) : NULL;
  const MdPolicyLimits *limits = policy ? md_policy_get_limits (policy) : NULL;
  g_autofree char *all = md_scan_describe_size (size);
  g_autofree char *most
      = md_scan_describe_size (limits ? (gsize)limits->attachments_bytes : (gsize)0);

  if (limits && limits->attachments == 0)
    return g_strdup (_ ("This office takes no scans."));
  if (n == 0)
    return g_strdup_printf (_ ("Scan in grey at 200 dots per inch: a page is about 300 KB then. "
                               "At most %u scans, together %s."),
                            limits ? limits->attachments : 0, most);
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE,
                                       "%u scan, %s. At most %u scans, together %s.",
                                       "%u scans, %s. At most %u scans, together %s.", n),
                          n, all, limits ? limits->attachments : 0, most);
}

/* --- what was in the scan folder --- */

/* What is being stored now: these, and not what is attached meanwhile, are safe then. */
void
_md_intake_note_scans (MdIntake *self)
{
  g_autoptr (GPtrArray) documents = NULL;

  g_clear_pointer (&self->storing, g_ptr_array_unref);
  if (!self->desk || !self->data || !self->desk->scanning->remove_kept)
    return;
  self->storing = g_ptr_array_new_with_free_func (g_object_unref);
  documents = md_form_data_list_documents (self->data);
  for (guint i = 0; i < documents->len; i++)
    if (md_scan_document_has_source (g_ptr_array_index (documents, i)))
      g_ptr_array_add (self->storing, g_object_ref (g_ptr_array_index (documents, i)));
}

void
_md_intake_scans_are_stored (MdIntake *self)
{
  g_autoptr (GPtrArray) stored = g_steal_pointer (&self->storing);
  g_autofree char *detail = NULL;
  guint removed = 0;

  for (guint i = 0; stored && i < stored->len; i++)
    removed += md_scan_document_remove_source (g_ptr_array_index (stored, i)) ? 1 : 0;
  if (removed == 0 || !self->desk)
    return;
  detail = g_strdup_printf ("action=remove-scan count=%u", removed);
  _md_desk_record_async (self->desk,
                         &(MdScreenEvent){ .event = "reference",
                                           .outcome = "done",
                                           .object = md_intake_get_id (self),
                                           .detail = detail },
                         NULL, NULL);
}

/* --- taking one in --- */

static void
record_refusal (MdIntake *self, const GError *error)
{
  static const char *const causes[]
      = { [MD_SCAN_ERROR_READ] = "unreadable",     [MD_SCAN_ERROR_SIZE] = "empty-file",
          [MD_SCAN_ERROR_KIND] = "other-kind",     [MD_SCAN_ERROR_DAMAGED] = "damaged",
          [MD_SCAN_ERROR_TOO_MUCH] = "too-much",   [MD_SCAN_ERROR_ENCRYPTED] = "encrypted",
          [MD_SCAN_ERROR_ACTIVE] = "active",       [MD_SCAN_ERROR_VIRUS] = "virus",
          [MD_SCAN_ERROR_CHECK] = "scanner-failed" };
  g_autofree char *detail = NULL;
  MdScreenEvent event = { .event = "refusal", .outcome = "refused" };

  if (!self->desk || error->domain != MD_SCAN_ERROR)
    return;
  detail = g_strdup_printf ("action=attach cause=%s", causes[error->code]);
  event.object = md_intake_get_id (self);
  event.detail = detail;
  _md_desk_record_async (self->desk, &event, NULL, NULL);
}

/* What one more scan may have; FALSE: nothing. */
static gboolean
find_room (MdIntake *self, gsize *out_bytes, GError **error)
{
  const MdPolicyLimits *limits = md_policy_get_limits (md_desk_get_policy (self->desk));
  gsize size;
  const guint n = count_scans (self->data, &size);

  *out_bytes = size < limits->attachments_bytes
                   ? (gsize)MIN (limits->attachment_bytes, limits->attachments_bytes - size)
                   : 0;
  if (n<limits->attachments && * out_bytes> 0)
    return TRUE;
  g_set_error_literal (error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_REFUSED,
                       _ ("No more scans can be attached to this application. Keep the paper "
                          "instead, or remove a scan that is not needed."));
  return FALSE;
}

static gboolean
can_attach (MdIntake *self)
{
  return self->desk && self->data && self->step == MD_STEP_OF_CONTENT && !self->container
         && md_desk_get_state (self->desk) == MD_DESK_WORKING && md_desk_get_policy (self->desk);
}

static void
taken_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  MdIntake *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (MdScanDocument) document = md_scan_take_finish (result, &error);
  gsize room = 0;

  if (!document)
    record_refusal (self, error);
  else if (!can_attach (self) || self->data != g_object_get_data (G_OBJECT (task), "data"))
    {
      /* The next person is here. */
      md_scan_document_wipe (document);
      g_set_error_literal (&error, G_IO_ERROR, G_IO_ERROR_CANCELLED,
                           _ ("The intake was given up."));
    }
  else if (find_room (self, &room, &error) && md_scan_document_get_size (document) <= room)
    {
      md_attachment_add_document (g_task_get_task_data (task), document);
      _md_intake_keep_now (self);
      g_task_return_boolean (task, TRUE);
      return;
    }
  else
    md_scan_document_wipe (document);
  if (!error)
    error = g_error_new_literal (MD_INTAKE_ERROR, MD_INTAKE_ERROR_REFUSED,
                                 _ ("No more scans can be attached to this application. Keep the "
                                    "paper instead, or remove a scan that is not needed."));
  g_task_return_error (task, error);
}

void
md_intake_attach_async (MdIntake *self, MdAttachment *paper, const char *path,
                        GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  GError *error = NULL;
  gsize room = 0;

  g_task_set_source_tag (task, md_intake_attach_async);
  g_task_set_task_data (task, g_object_ref (paper), g_object_unref);
  if (!can_attach (self))
    {
      g_task_return_new_error (task, MD_INTAKE_ERROR, MD_INTAKE_ERROR_WRONG_STEP, "%s",
                               _ ("A scan cannot be attached now."));
      return;
    }
  if (!find_room (self, &room, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  g_object_set_data_full (G_OBJECT (task), "data", g_object_ref (self->data), g_object_unref);
  if (!self->attaching)
    self->attaching = g_cancellable_new ();
  md_scan_take_async (path, room, self->desk->scanning, self->attaching, taken_cb,
                      g_object_ref (task));
}

gboolean
md_intake_attach_finish (MdIntake *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* --- looking at them --- */

static void
show_recorded_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;

  if (_md_desk_record_finish (MD_DESK (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
md_desk_show_scans_async (MdDesk *self, MdFormData *data, MdAttachment *paper, const char *reason,
                          GCancellable *cancellable, GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  const gboolean permitted = md_form_data_view_documents (data, paper, TRUE) >= MD_VIEW_READABLE;
  g_autofree char *detail = g_strdup_printf ("scan=%s", md_attachment_get_id (paper));
  MdScreenEvent event = { .event = "reveal",
                          .outcome = "done",
                          .object = _md_desk_object_in_hand (self),
                          .reason = reason,
                          .detail = detail };

  g_task_set_source_tag (task, md_desk_show_scans_async);
  if (md_form_data_view_documents (data, paper, FALSE) >= MD_VIEW_READABLE)
    g_task_return_boolean (task, TRUE);
  else if (permitted && _md_desk_is_reveal_reason (self, reason))
    _md_desk_record_async (self, &event, show_recorded_cb, g_object_ref (task));
  else
    {
      event.outcome = "refused";
      event.reason = NULL;
      _md_desk_record_async (self, &event, NULL, NULL);
      g_task_return_new_error (task, MD_INTAKE_ERROR, MD_INTAKE_ERROR_REFUSED, "%s",
                               permitted ? _ ("Choose a reason first.")
                                         : _ ("Your role may not see this in full."));
    }
}

gboolean
md_desk_show_scans_finish (MdDesk *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
